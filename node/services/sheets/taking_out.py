"""Who may take data out: a coordinator alone, or - where the group wants two people to decide - with another one's yes.

An ask lasts a day, is for one thing, and is used up by the file it was for.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from node.domain.actors import Actor
from node.domain.ids import new_id
from node.domain.permissions import Permission, require
from node.errors import N_, Conflict, Invalid, NotFound
from node.services.desk import Desk
from node.store import export_asks, settings
from node.store.db import Tx
from node.store.export_asks import AskRow

WHAT = ("everything", "needs", "volunteers", "matches")
LASTS_SECONDS = 86400


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """Somebody wants to take something out. ``state``: asked, agreed, refused."""

    id: str
    what: str
    by: str
    """A sign-in name."""
    at: int
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Asks:
    """What the page shows. ``two``: another coordinator has to agree."""

    two: bool
    mine: Sequence[Ask]
    others: Sequence[Ask]
    """Of others, to be decided."""

    def agreed(self, what: str) -> bool:
        """Whether it may be taken out now."""
        return not self.two or any(each.what == what and each.state == "agreed" for each in self.mine)


class TakingOut:
    """The asks."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def asks(self, actor: Actor) -> Asks:
        """Of the last day. Raises ``NotAllowed``."""
        require(actor, Permission.EXPORT)
        async with self._desk.db.read() as tx:
            two = await settings.get(tx, settings.EXPORT_YES) == "two"
            rows = await export_asks.since(tx, self._desk.now - LASTS_SECONDS)
            handles = await self._desk.handles(tx)
        shown = [
            (row, Ask(id=row.id, what=row.what, by=handles.get(row.by_staff, ""), at=row.at, state=row.state))
            for row in rows
            if row.state != "used"
        ]
        return Asks(
            two=two,
            mine=[ask for row, ask in shown if row.by_staff == actor.id],
            others=[ask for row, ask in shown if row.by_staff != actor.id and row.state == "asked"],
        )

    async def ask(self, actor: Actor, what: str) -> None:
        """Asks the others. Raises ``Invalid`` for what cannot be taken out."""
        require(actor, Permission.EXPORT)
        if what not in WHAT:
            raise Invalid(
                "what", N_("Please choose one of these."), fields={"what": N_("Please choose one of these.")}
            )
        desk = self._desk
        row = AskRow(id=new_id(desk.random), what=what, by_staff=actor.id or "", at=desk.now, state="asked")
        async with desk.db.write() as tx:
            await export_asks.insert(tx, row)
            await desk.record(tx, actor, "export.asked", f"ask:{row.id}", what=what)

    async def decide(self, actor: Actor, ask_id: str, *, yes: bool) -> None:
        """Another coordinator's answer. Raises ``NotFound``, ``Conflict`` (one's own, or decided already)."""
        require(actor, Permission.EXPORT)
        desk = self._desk
        async with desk.db.write() as tx:
            row = await export_asks.get(tx, ask_id)
            if row is None or row.at < desk.now - LASTS_SECONDS:
                raise NotFound("no_such_ask", N_("Nobody asks for that any more."))
            if row.by_staff == actor.id:
                raise Conflict("own_ask", N_("Somebody else has to agree."))
            if row.state != "asked":
                raise Conflict("decided", N_("Somebody has answered that already."))
            await export_asks.decide(tx, ask_id, "agreed" if yes else "refused", actor.id or "", desk.now)
            await desk.record(
                tx, actor, "export.agreed" if yes else "export.refused", f"ask:{ask_id}", what=row.what
            )


async def use(tx: Tx, desk: Desk, actor: Actor, what: str) -> None:
    """Inside the write that records the look: takes the yes that it needs. Raises ``Conflict`` (``second_yes``)."""
    require(actor, Permission.EXPORT)
    if await settings.get(tx, settings.EXPORT_YES) != "two":
        return
    for row in await export_asks.since(tx, desk.now - LASTS_SECONDS):
        if (row.by_staff, row.what, row.state) == (actor.id, what, "agreed"):
            await export_asks.decide(tx, row.id, "used", row.decided_by or "", row.decided_at or desk.now)
            return
    raise Conflict(
        "second_yes",
        N_(
            "Our group wants two people to decide. Ask on the page “Take our data out”, and let another one agree."
        ),
    )
