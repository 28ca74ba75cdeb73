"""Seeing pages as somebody else sees them, before it is real: nothing can be done, and each page is written down.

Whoever looks keeps their own id and learns nothing new by it: another job may be tried on only if it opens no more
about people than the own ones do, and what hangs on an account (held records, "mine") stays that of who looks.
"""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Literal

from node.clock import Clock
from node.domain.actors import ANONYMOUS, Actor, ActorKind, Role
from node.domain.permissions import BY_ROLE, OPENS_NOBODY, Permission, permissions_of, require
from node.errors import N_, NotAllowed, NotFound
from node.services.accounts.access import actor_of
from node.store import audit, compartments, staff
from node.store.db import Database, looking_only

ANYBODY = "anybody"
Page = Literal["own", "asker", "captain"]
"""A volunteer's own page, the page of whoever asked, a street captain's list."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Somebody whose eyes can be lent. ``name``: a role or a sign-in name; empty for anybody at all."""

    code: str
    """``anybody``, ``role:<role>`` or ``staff:<id>``."""
    name: str
    allowed: bool
    """False: it would show the reader more about people than their own work does."""


class SeeAs:
    """Who may be seen as, and as whom somebody looks. Works while locked."""

    def __init__(self, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock

    async def choices(self, actor: Actor) -> Sequence[Choice]:
        """Anybody, every role, every other account that is not stopped."""
        require(actor, Permission.SEE_AS)
        found = [Choice(code=ANYBODY, name="", allowed=True)]
        for role in Role:
            found.append(Choice(code=f"role:{role}", name=role, allowed=_no_more(actor, frozenset({role}))))
        for row, roles in await self._accounts():
            if row != actor.id:
                found.append(Choice(code=f"staff:{row}", name=roles[0], allowed=_no_more(actor, roles[1])))
        return found

    async def begin(self, actor: Actor, code: str) -> Actor:
        """From now on pages are drawn for the one given back, in that browser. Raises ``NotFound``, ``NotAllowed``
        (``sees_more``)."""
        seen = await self.eyes(actor, code)
        async with self._db.write() as tx:
            await audit.append(tx, self._clock, actor, "see_as.begin", code)
        return seen

    async def eyes(self, actor: Actor, code: str) -> Actor:
        """Whom pages are drawn for; raises as ``begin``."""
        require(actor, Permission.SEE_AS)
        if code == ANYBODY:
            return ANONYMOUS
        kind, _, name = code.partition(":")
        roles = None
        if kind == "role" and name in set(Role):
            roles = frozenset({Role(name)})
        elif kind == "staff":
            roles = next((had for row, (_, had) in await self._accounts() if row == name), None)
        if roles is None:
            raise NotFound("no_eyes", N_("There is nobody like that to look as."))
        if not _no_more(actor, roles):
            raise NotAllowed(
                "sees_more",
                N_(
                    "That would show you more about people than your own work does. Ask one of them to show you."
                ),
                permission=str(Permission.READ_PERSON),
                roles=tuple(sorted(str(role) for role in roles)),
            )
        return Actor(kind=ActorKind.STAFF, id=actor.id, name=actor.name, roles=roles)

    async def note(self, actor: Actor, code: str, path: str) -> None:
        """One page, seen by ``actor`` with those eyes."""
        kind, _, rest = path.lstrip("/").partition("/")
        about = {"board": "need", "people": "person"}.get(kind, "page")
        object = f"{about}:{rest.partition('/')[0]}" if rest and about != "page" else f"page:/{kind}"
        async with self._db.write() as tx:
            await audit.append(tx, self._clock, actor, "look.as", object[:200], {"as": code})

    async def lend(self, actor: Actor, page: Page, object: str) -> None:
        """Notes that the desk looks at somebody's own page of a private kind (``object``: whose), before it is drawn
        inside ``nothing_is_done``. It tells the desk nothing that it could not read at that person or request.

        Raises ``NotAllowed``.
        """
        require(actor, Permission.READ_BOARD)
        require(actor, Permission.READ_PERSON)
        async with self._db.write() as tx:
            await audit.append(tx, self._clock, actor, f"look.as_{page}", object[:200])

    def nothing_is_done(self) -> AbstractContextManager[None]:
        """While it lasts, nothing that is called can change anything: every write is refused."""
        return looking_only()

    async def _accounts(self) -> list[tuple[str, tuple[str, frozenset[Role]]]]:
        async with self._db.read() as tx:
            return [
                (row.id, (row.handle, actor_of(row, await compartments.held_by(tx, row.id)).roles))
                for row in await staff.all_of(tx)
                if row.state == "active"
            ]


def _no_more(actor: Actor, roles: frozenset[Role]) -> bool:
    """Whether those roles open no more about people than the actor's own do."""
    theirs = frozenset().union(*(BY_ROLE[role] for role in roles))
    return theirs - OPENS_NOBODY <= permissions_of(actor)
