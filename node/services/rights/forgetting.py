""" "May we keep your details?" - "No": whoever said so is erased once her requests are closed and nobody has to ask
any more how it went. By the usual road of erasing, with a list beforehand, and only by a clock that is believed.
"""

from collections.abc import Awaitable, Callable, Sequence
from datetime import date, timedelta
from typing import Protocol, TypeVar

from node.domain.actors import Actor
from node.domain.consents import Consent, Purpose
from node.domain.ids import PersonId
from node.domain.people.portraits import Removal
from node.domain.permissions import Permission, require
from node.domain.rights.retention import Due
from node.errors import Locked, MutualAidError
from node.logs import logger
from node.services.desk import Desk, person_object
from node.store import consents
from node.store.db import Tx

log = logger("retention")

_Due = TypeVar("_Due", Removal, Due)

FOLLOW_UP_DAYS = 14
"""So long after her last request was closed somebody may have to ask how it went, or to open it again."""
MOST_AT_ONCE = 20
"""More than this at once is no ordinary day: a person looks at it first."""


async def one_by_one(due: Sequence[_Due], let_go: Callable[[_Due], Awaitable[None]]) -> tuple[int, int]:
    """Lets each of them go; one that cannot go keeps no other back, is in the log, and is tried again with the next
    sweep. (how many could not, how many went). Raises ``Locked``."""
    stuck = 0
    for each in due:
        try:
            await let_go(each)
        except Locked:
            raise
        except MutualAidError as error:
            stuck += 1
            log.warning("cannot_go", person=each.person_id, code=error.code)
        except Exception:
            stuck += 1
            log.exception("cannot_go", person=each.person_id)
    return stuck, len(due) - stuck


class Eraser(Protocol):
    """The usual road (``People``)."""

    async def erase(self, actor: Actor, person_id: PersonId) -> None:
        """Erases one person for good."""


class Forgetting:
    """Who will go, and the job that lets them go."""

    def __init__(self, desk: Desk, eraser: Eraser) -> None:
        self._desk = desk
        self._eraser = eraser
        self._stuck = 0

    def stuck(self, actor: Actor) -> int:
        """How many could not be erased when the job tried last."""
        require(actor, Permission.PRIVACY)
        return self._stuck

    async def waiting(self, actor: Actor) -> list[Removal]:
        """Everybody who will be erased by herself, the next ones first; works while locked."""
        require(actor, Permission.READ_BOARD)
        async with self._desk.db.read() as tx:
            return await removals(tx, self._desk.today)

    async def sweep(self, actor: Actor, *, all_of_them: bool = False) -> int:
        """Erases whose day has come; the job of each hour, with a trusted clock only. Returns how many.

        More than ``MOST_AT_ONCE`` wait until somebody who may erase says ``all_of_them``. Raises ``Locked``: who
        must not meet whom is cleaned up with them.
        """
        require(actor, Permission.ERASE)
        async with self._desk.db.read() as tx:
            due = [each for each in await removals(tx, self._desk.today) if each.on <= self._desk.today]
        if len(due) > MOST_AT_ONCE and not all_of_them:
            return 0
        self._stuck, gone = await one_by_one(due, lambda each: self._eraser.erase(actor, each.person_id))
        return gone

    async def keep(self, actor: Actor, person_id: PersonId, answer: bool, *, wording: str) -> None:
        """She changed her mind about being kept, and told us. ``wording``: the words that were read out to her.

        Raises ``NotFound``.
        """
        require(actor, Permission.TAKE_CALL)
        desk = self._desk
        async with desk.db.write() as tx:
            person_id = (await desk.need_person(tx, person_id)).person.id
            said = Consent(
                purpose=Purpose.KEEP_DETAILS,
                answer=answer,
                wording=wording,
                at=desk.now,
                by_actor=actor.label,
            )
            await consents.add(tx, said, person_id=person_id, need_id=None)
            await desk.record(tx, actor, "person.keep", person_object(person_id), answer=int(answer))


async def removal_day(tx: Tx, person_id: PersonId, today: date) -> date | None:
    """The day on which that person is erased by herself; None: she stays."""
    return next((each.on for each in await removals(tx, today) if each.person_id == person_id), None)


async def removals(tx: Tx, today: date) -> list[Removal]:
    """Everybody who will be erased by herself, the next ones first."""
    return [
        Removal(person_id=person_id, on=closed + timedelta(days=FOLLOW_UP_DAYS + 1))
        for person_id, closed in await consents.not_to_be_kept(tx, today)
    ]
