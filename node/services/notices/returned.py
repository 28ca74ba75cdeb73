"""Mail that came back to the group's own mailbox, where no program reads it: a coordinator says so by hand."""

from node.domain.actors import Actor
from node.domain.ids import PersonId
from node.domain.notices.notice import DAY, Way
from node.domain.permissions import Permission, require
from node.errors import N_, Conflict
from node.services.desk import Desk, person_object
from node.services.notices.choosing import Choosing
from node.store import notice_choices, notices
from node.store.db import Tx
from node.store.notice_choices import ChoicesRow

BACK_DAYS = 7
"""Mail older than that is not what came back now."""


class Returned:
    """Raises ``Locked`` wherever the address itself is meant, which is sealed."""

    def __init__(self, desk: Desk, choosing: Choosing) -> None:
        self._desk = desk
        self._choosing = choosing

    async def is_marked(self, person_id: PersonId) -> bool:
        """Whether her address, as we have it, is known not to work. Raises ``NotFound``."""
        async with self._desk.db.read() as tx:
            held = await self._desk.need_person(tx, person_id)
            row = await notice_choices.get(tx, held.person.id)
            return Way.EMAIL in self._choosing.failed(row, held)

    async def came_back(self, actor: Actor, person_id: PersonId) -> None:
        """Nothing more goes to her address, as if the mail server had refused it; and what went there in the last days
        did not arrive, so whoever has to know of a task is rung. Raises ``Conflict("no_address")``, ``NotFound``."""
        desk = self._desk
        async with desk.db.write() as tx:
            person_id = await desk.whole(tx, person_id)
            row, index = await self._meant(tx, actor, person_id)
            # Known already, it keeps its moment: "It works after all" is meant of all that is taken for lost since.
            at = row.bounced_at if row.bounced_index == index and row.bounced_at is not None else desk.now
            await notice_choices.bounced(tx, row.record, Way.EMAIL, index, at)
            since = desk.now - BACK_DAYS * DAY
            lost = await notices.did_not_arrive(tx, row.record, Way.EMAIL, since, at)
            await desk.record(tx, actor, "notices.came_back", person_object(person_id), messages=lost)

    async def works(self, actor: Actor, person_id: PersonId) -> None:
        """That was a mistake: mail goes there again from now on, and what was taken for lost did arrive. Raises
        ``NotFound``."""
        require(actor, Permission.TAKE_CALL)
        async with self._desk.db.write() as tx:
            held = await self._desk.need_person(tx, person_id)
            row = await self._choosing.ensure(tx, held.person.id)
            if row.bounced_at is not None:
                await notices.did_arrive(tx, row.record, Way.EMAIL, row.bounced_at)
            await notice_choices.works(tx, row.record)
            await self._desk.record(tx, actor, "notices.works", person_object(held.person.id))

    async def _meant(self, tx: Tx, actor: Actor, person_id: PersonId) -> tuple[ChoicesRow, bytes]:
        require(actor, Permission.TAKE_CALL)
        self._desk.must_be_unlocked()
        details = self._desk.open_person(await self._desk.need_person(tx, person_id))
        if not details.email:
            raise Conflict("no_address", N_("We have no e-mail address of theirs."))
        return await self._choosing.ensure(tx, person_id), self._desk.email_index(details)
