"""How something comes to wait for a second person's yes: whether it takes one, who asked, and what no longer waits."""

from collections.abc import Awaitable, Callable, Collection, Mapping
from typing import Any, Literal, TypeVar

from node.domain.actors import CONSOLE, Actor
from node.domain.ids import new_id
from node.domain.permissions import Permission, may
from node.domain.settings import widening
from node.domain.settings.questions import Question
from node.domain.settings.resources import Resource
from node.domain.settings.widening import Needs
from node.errors import N_, Invalid
from node.services.accounts.access import actor_of
from node.services.desk import Desk
from node.store import compartments, proposals, settings, staff
from node.store.db import Tx
from node.store.proposals import ProposalRow

_Entry = TypeVar("_Entry", Question, Resource)
"""An entry of a list that everybody reads."""


class Proposing:
    """The rows behind ``SecondYes``."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def replace(self, kind: proposals.Kind, contradicted: Callable[[ProposalRow], bool]) -> None:
        """What waits of that kind (or was done alone) and does not go with what was just decided, waits no more: a yes
        that comes later must not undo a taking back."""
        async with self._desk.db.write() as tx:
            for row in await proposals.waiting(tx):
                if row.kind == kind and contradicted(row):
                    await proposals.replace(tx, row.id)

    async def lessen(self, kind: proposals.Kind, left: Callable[[Any], Any]) -> None:
        """As ``replace``, where a value holds several things: ``left`` gives what of it still goes with what was just
        decided. Without any it waits no more."""
        async with self._desk.db.write() as tx:
            for row in await proposals.waiting(tx):
                if row.kind != kind or (rest := left(row.value)) == row.value:
                    continue
                if rest:
                    await proposals.amend(tx, row.id, rest)
                else:
                    await proposals.replace(tx, row.id)

    async def narrowed(self, kind: Literal["question", "place"], ids: Collection[str]) -> None:
        """Something was taken out of these entries, or they are gone: what waits for them would bring it back."""
        await self.replace(kind, lambda row: row.subject in ids)
        if kind == "place":
            await self.lessen("places", lambda value: _without(value, ids))

    async def entry(
        self,
        actor: Actor,
        kind: Literal["question", "place"],
        entry: _Entry,
        before: _Entry | None,
        at_once: _Entry | None,
        save: Callable[[Actor, _Entry], Awaitable[_Entry]],
        value: Callable[[_Entry], dict[str, Any]],
    ) -> bool:
        """One entry of a list that everybody reads: all of it, or ``at_once`` (None: nothing) and the rest waits.
        Whether something waits."""
        needs = Needs.ONE if at_once == entry else await self.needs(actor)
        if needs is not Needs.TWO:
            entry = await save(actor, entry)
        elif at_once is not None and at_once != before:
            await save(actor, at_once)
        if before is not None and at_once is not None and widening.says_less(before, at_once):
            await self.narrowed(kind, [entry.id])
        if needs is not Needs.ONE:
            told = {**value(entry), "new": before is None}
            await self.propose(actor, kind, entry.id or new_id(self._desk.random), told, needs)
        return needs is Needs.TWO

    async def ask(
        self,
        actor: Actor,
        kind: proposals.Kind,
        subject: str,
        value: Any,
        do: Callable[[], Awaitable[object]],
    ) -> bool:
        """Does it, or lets it wait. Whether it waits."""
        needs = await self.needs(actor)
        if needs is not Needs.TWO:
            await do()
        if needs is not Needs.ONE:
            await self.propose(actor, kind, subject, value, needs)
        return needs is Needs.TWO

    async def author(self, tx: Tx, row: ProposalRow) -> Actor | None:
        if row.by_staff is None:
            return CONSOLE
        account = await staff.get(tx, row.by_staff)
        if account is None or account.state != "active":
            return None
        return actor_of(account, await compartments.held_by(tx, account.id))

    async def propose(
        self, actor: Actor, kind: proposals.Kind, subject: str, value: Any, needs: Needs
    ) -> None:
        desk, alone = self._desk, needs is Needs.ALONE
        if actor.id is None and actor is not CONSOLE:
            raise Invalid("no_author", N_("Sign in to do this: somebody else has to say yes."))
        row = ProposalRow(
            id=new_id(desk.random),
            kind=kind,
            subject=subject,
            value=value,
            by_staff=actor.id,
            at=desk.now,
            alone=alone,
        )
        async with desk.db.write() as tx:
            await proposals.put(tx, row)
            await desk.record(
                tx, actor, "public.alone" if alone else "public.asked", object_of(kind, subject)
            )

    async def rule(self) -> str:
        async with self._desk.db.read() as tx:
            return await settings.get(tx, settings.PUBLIC_YES)

    async def needs(self, actor: Actor) -> Needs:
        async with self._desk.db.read() as tx:
            rule = await settings.get(tx, settings.PUBLIC_YES)
            others = [
                actor_of(each, await compartments.held_by(tx, each.id))
                for each in await staff.all_of(tx)
                if each.state == "active" and each.id != actor.id
            ]
        return widening.needs(rule, sum(may(each, Permission.APPROVE_PUBLIC) for each in others))


def object_of(kind: str, subject: str) -> str:
    """What it is about, as the audit names it."""
    return f"{kind}:{subject.replace(' ', ':')}"


def _without(file: Mapping[str, Any], ids: Collection[str]) -> dict[str, Any]:
    """A file of places that waits, less these; empty if nothing is left of it."""
    left = [each for each in file["places"] if each["id"] not in ids]
    return {"places": left} if left else {}
