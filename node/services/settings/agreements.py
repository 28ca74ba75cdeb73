"""What somebody agreed to, each with the words that were read out; and taking it back, spoken or written."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass

from node.domain.actors import Actor
from node.domain.consents import Consent, Purpose
from node.domain.ids import NeedId, PersonId
from node.domain.need import NeedState
from node.domain.permissions import Permission, require
from node.errors import N_, Invalid, NotFound, moved_on
from node.services.desk import Desk, need_object, person_object
from node.services.settings.texts import RINGING, Texts
from node.store import consents, needs
from node.store.db import Tx

TAKEN_BACK = frozenset({Purpose.GROUPS_SEE, Purpose.DETAILS_TO_GROUP, Purpose.KEEP_DETAILS, Purpose.MESSAGES})
"""What can be taken back and help goes on. "Help me" ends by closing the request."""
HOW = ("spoken", "written")
Ends = Callable[[Tx, Actor, PersonId], Awaitable[None]]
"""What ends with a yes that is taken back, in the same write."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """One recorded answer. ``at`` in Unix seconds."""

    purpose: Purpose
    answer: bool
    at: int
    by: str
    """A handle, or the audit's label."""
    wording: str
    words: str
    """What was read out or ticked; empty where nothing of ours was."""
    counts: bool
    """The last word about it."""
    ring: bool = False
    """It was asked whether we may ring now and then: help too, and no word about any other."""


class Agreements:
    """The list on a person's page, and taking back. Works while locked."""

    def __init__(self, desk: Desk, texts: Texts, ends: Mapping[Purpose, Ends] | None = None) -> None:
        self._desk = desk
        self._texts = texts
        self._ends = ends or {}

    async def of_person(self, actor: Actor, person_id: PersonId) -> Sequence[Agreement]:
        """Every answer, the latest first. Raises ``NotFound``."""
        require(actor, Permission.RIGHTS)
        async with self._desk.db.read() as tx:
            person_id = (await self._desk.need_person(tx, person_id)).person.id
            held = list(reversed(await consents.of_person(tx, person_id)))
            handles = await self._desk.handles(tx)
        last: set[tuple[Purpose, bool]] = set()
        found = []
        for each in held:
            ring = await self._texts.key_of(each.wording) == RINGING[Purpose.HELP_YOU]
            found.append(
                Agreement(
                    purpose=each.purpose,
                    answer=each.answer,
                    at=each.at,
                    by=handles.get(each.by_actor.removeprefix("staff:"), each.by_actor),
                    wording=each.wording,
                    words=await self._words(each.wording),
                    counts=(each.purpose, ring) not in last,
                    ring=ring,
                )
            )
            last.add((each.purpose, ring))
        return found

    async def take_back(self, actor: Actor, person_id: PersonId, purpose: str, how: str) -> int:
        """From now on the answer is no: for the person, and for each of her requests that is not over. What others see
        of them goes at the next sending. Returns for how many requests.

        Raises ``Invalid`` for a purpose that is ended otherwise, ``NotFound``.
        """
        require(actor, Permission.RIGHTS)
        if purpose not in TAKEN_BACK or how not in HOW:
            raise Invalid("take_back", N_("That cannot be taken back here."))
        desk, touched = self._desk, 0
        no = Consent(
            purpose=Purpose(purpose),
            answer=False,
            wording=f"taken-back-{how}",
            at=desk.now,
            by_actor=actor.label,
        )
        async with desk.db.write() as tx:
            person_id = (await desk.need_person(tx, person_id)).person.id
            if no.purpose is not Purpose.KEEP_DETAILS:
                for row in await needs.of_person(tx, person_id):
                    open_yes = row.need.state is not NeedState.CLOSED and await consents.answer(
                        tx, row.need.id, no.purpose
                    )
                    if open_yes:
                        await consents.add(tx, no, person_id=person_id, need_id=row.need.id)
                        touched += 1
            if not touched:
                await consents.add(tx, no, person_id=person_id, need_id=None)
            if no.purpose in self._ends:
                await self._ends[no.purpose](tx, actor, person_id)
            await desk.record(
                tx, actor, "person.took_back", person_object(person_id), purpose=purpose, how=how
            )
        return touched

    async def others_may_see(self, actor: Actor, need_id: NeedId, wording: str) -> None:
        """Asked anew, whoever this request is for says yes to other groups seeing it; ``wording``: the version of the
        words that were read out. Each request is asked about by itself.

        Raises ``Conflict("moved_on")`` for one that is over, erased or made up for practice, ``NotFound``.
        """
        require(actor, Permission.TRIAGE)
        desk, purpose = self._desk, Purpose.GROUPS_SEE
        async with desk.db.write() as tx:
            need = (await desk.need_row(tx, need_id)).need
            if need.state is NeedState.CLOSED or need.person_id is None or need.practice:
                raise moved_on()
            if await consents.answer(tx, need_id, purpose):
                return
            yes = Consent(purpose=purpose, answer=True, wording=wording, at=desk.now, by_actor=actor.label)
            await consents.add(tx, yes, person_id=need.person_id, need_id=need_id)
            await desk.record(tx, actor, "need.others_may_see", need_object(need_id))

    async def _words(self, version: str) -> str:
        try:
            return await self._texts.wording(version)
        except NotFound:
            return ""
