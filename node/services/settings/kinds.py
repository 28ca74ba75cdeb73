"""The kinds of help as this group calls and offers them. Groups rename and hide, never mint: codes are everybody's."""

from collections.abc import Mapping
from dataclasses import dataclass

from node.clock import Clock
from node.domain.actors import Actor
from node.domain.catalogue import MOST_IN_A_NAME, OTHER, Catalogue
from node.domain.permissions import Permission, require
from node.domain.settings import texts
from node.errors import N_, Invalid, NotFound
from node.store import audit, kinds
from node.store.db import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class KindChange:
    """What is wanted of one kind in one language; an empty name goes back to the shared one."""

    name: str
    hidden: bool


class Kinds:
    """Keeps the catalogue with the group's names in memory: every page draws with it."""

    def __init__(self, db: Database, clock: Clock, shared: Catalogue) -> None:
        self.shared = shared
        """As everybody calls them."""
        self.ours = shared
        """As this group does."""
        self._db = db
        self._clock = clock

    async def load(self) -> None:
        """At start, and after every change."""
        async with self._db.read() as tx:
            self.ours = self.shared.local(await kinds.names(tx), await kinds.hidden(tx))

    async def own_names(self) -> dict[tuple[str, str], str]:
        """(code, language) -> the group's own name."""
        async with self._db.read() as tx:
            return await kinds.names(tx)

    async def change(self, actor: Actor, language: str, changes: Mapping[str, KindChange]) -> None:
        """Names in one language, and what is hidden, all or nothing.

        Raises ``NotFound`` for an unknown kind or language, ``Invalid`` with the field ``name:<code>`` or
        ``hide:<code>``: a name that is too long or stands for another kind already, or hiding what has no other name.
        """
        require(actor, Permission.SETTINGS)
        await self.check(language, changes)
        own = await self.own_names()
        async with self._db.write() as tx:
            hidden_before = await kinds.hidden(tx)
            for code, change in changes.items():
                name = self._own(code, language, change.name)
                if name == own.get((code, language), "") and change.hidden == (code in hidden_before):
                    continue
                await kinds.put_name(tx, code, language, name)
                await kinds.hide(tx, code, change.hidden)
                await audit.append(
                    tx,
                    self._clock,
                    actor,
                    "category.set",
                    f"category:{code}",
                    {"language": language, "hidden": change.hidden},
                )
        await self.load()

    async def check(self, language: str, changes: Mapping[str, KindChange]) -> None:
        """Raises as ``change``, and changes nothing."""
        if language not in texts.LANGUAGES or any(code not in self.shared for code in changes):
            raise NotFound("no_category", N_("There is no such kind of help."))
        own = await self.own_names()
        wanted = {**own, **{(code, language): _tidy(change.name) for code, change in changes.items()}}
        hidden = {code for code, change in changes.items() if change.hidden}
        after = self.shared.local(wanted, hidden)
        if fields := _problems(after, language, changes):
            raise Invalid("kinds", N_("Some names need another look."), fields=fields)

    async def new_names(self, language: str, changes: Mapping[str, KindChange]) -> dict[str, str]:
        """Names of the group's own among them that it does not use yet."""
        own = await self.own_names()
        wanted = {code: self._own(code, language, change.name) for code, change in changes.items()}
        return {code: name for code, name in wanted.items() if name and name != own.get((code, language))}

    async def rename(self, actor: Actor, language: str, names: Mapping[str, str]) -> None:
        """Names only; what is hidden stays so. Raises as ``change``."""
        hidden, own = self.ours.hidden, await self.own_names()
        every = {
            each.code: KindChange(name=own.get((each.code, language), ""), hidden=each.code in hidden)
            for each in self.shared.categories
        }
        new = {code: KindChange(name=name, hidden=code in hidden) for code, name in names.items()}
        await self.change(actor, language, {**every, **new})

    def _own(self, code: str, language: str, name: str) -> str:
        """What is kept of it: a name that everybody uses is none of the group's own."""
        tidy = _tidy(name)
        return "" if tidy == self.shared.category(code).names.get(language) else tidy


def _tidy(name: str) -> str:
    return " ".join(name.split())


def _problems(after: Catalogue, language: str, changes: Mapping[str, KindChange]) -> dict[str, str]:
    fields: dict[str, str] = {}
    for first, second in after.named_alike(language):
        blamed = second if changes.get(second) and changes[second].name else first
        fields[f"name:{blamed}"] = N_("Another kind of help has this name already.")
    for code, change in changes.items():
        name = _tidy(change.name)
        if len(name) > MOST_IN_A_NAME or not name.isprintable():
            fields[f"name:{code}"] = N_("Please keep this shorter.")
    if OTHER in after.hidden:
        fields[f"hide:{OTHER}"] = N_("This one must stay: a call that fits nothing else needs a place.")
    return fields
