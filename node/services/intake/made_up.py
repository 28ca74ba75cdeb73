"""The made-up neighbour with whom a new board opens: a practice call like any other, and gone like any other."""

from collections.abc import Mapping
from typing import Final

from node.domain.actors import Actor
from node.domain.consents import Consents
from node.domain.intake.intake import NewNeed, NewPerson
from node.domain.intake.items import parse
from node.services.desk import Desk
from node.services.intake.intake import Intake
from node.store import needs, persons

NAME: Final = "Winifred Pretend"
"""Nobody is called so; the page of practice calls has the same neighbour."""
TOLD: Final[Mapping[str, tuple[str, str]]] = {
    "en": (
        "I have hurt my wrist and cannot carry anything until Thursday. Could somebody get me a few things?",
        "2 x milk\nbread\ncat food",
    ),
    "es": (
        "Me he hecho daño en la muñeca y no puedo cargar nada hasta el jueves. ¿Podría alguien traerme unas cosas?",
        "2 x leche\npan\ncomida para el gato",
    ),
    "ar": (
        "آذيت معصمي ولا أستطيع حمل شيء حتى يوم الخميس. هل يستطيع أحد أن يحضر لي بعض الأشياء؟",
        "2 x حليب\nخبز\nطعام للقطة",
    ),
}
"""What she asks for, and which things, by language."""


class MadeUp:
    """Brings her to the board of a group that nobody has rung yet."""

    def __init__(self, desk: Desk, intake: Intake) -> None:
        self._desk = desk
        self._intake = intake

    async def welcome(self, actor: Actor, language: str) -> bool:
        """She is on the board, in that language or in English; not where there is anybody or anything already.

        For the step of set-up only: no right is asked for. Works while locked.
        """
        notes, things = TOLD.get(language, TOLD["en"])
        async with self._desk.db.write() as tx:
            if await needs.any_at_all(tx) or await persons.any_at_all(tx):
                return False
            new = NewNeed(
                person=NewPerson(name=NAME, phone="07700 900123", address="3 Imaginary Row"),
                categories=("groceries",),
                notes=notes,
                items=parse(things),
                consents=Consents(help_you=True, groups_see=False),
                keep_here=True,
                practice=True,
            )
            await self._intake.store(tx, actor, new)
        return True
