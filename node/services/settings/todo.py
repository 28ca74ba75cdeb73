"""What is left to set up: read from what is there, so nothing has to be ticked off."""

from collections.abc import Sequence

from node.clock import Clock
from node.domain.actors import Actor
from node.domain.need import Share
from node.domain.permissions import Permission, may, require
from node.domain.settings import todo
from node.errors import N_, NotFound
from node.store import audit, compartments, kinds, mail_server, peers, settings, shares, texts, volunteers
from node.store.db import Database, Tx


class Todo:
    """The list on the board. Works while locked."""

    def __init__(self, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock

    async def left(self, actor: Actor) -> Sequence[str]:
        """Codes of ``domain.todo``, for whoever may do these things; nothing for others."""
        if not may(actor, Permission.SETTINGS):
            return ()
        async with self._db.read() as tx:
            aside = await settings.get(tx, settings.NOT_FOR_US)
            return todo.left(await _done(tx), frozenset(aside))

    async def put_aside(self, actor: Actor, code: str) -> None:
        """ "Not for us". Raises ``NotFound`` for what is not on the list or has to be done."""
        require(actor, Permission.SETTINGS)
        if code not in todo.TODO or todo.TODO[code].must:
            raise NotFound("no_task", N_("That is not on the list, or has to be done."))
        async with self._db.write() as tx:
            aside = {*await settings.get(tx, settings.NOT_FOR_US), code}
            await settings.put(tx, settings.NOT_FOR_US, sorted(aside))
            await audit.append(tx, self._clock, actor, "todo.aside", f"todo:{code}")


async def _done(tx: Tx) -> frozenset[str]:
    own = await texts.own(tx)
    said = {key for key, _ in own}
    holders = (await compartments.holders(tx)).values()
    facts = {
        "cards": await settings.get(tx, settings.CARDS_CONFIRMED),
        "holder": all(len(who) != 1 for who in holders),
        "backup": any(row.action == "backup.make" for row in await audit.of_object(tx, "backup")),
        "privacy": "privacy.contact" in said,
        "volunteers": await volunteers.any_at_all(tx),
        "scope": "scope.do" in said,
        "kinds": bool(await kinds.hidden(tx) or await kinds.names(tx)),
        "mail": await mail_server.get(tx) is not None,
        "neighbours": bool(await peers.all_of_them(tx)),
        "sharing": any(share is not Share.ONLY_US for share in (await shares.all_of(tx)).values()),
    }
    return frozenset(code for code, done in facts.items() if done)
