"""Giving a starter kit, looking at one, and taking one: all of it or nothing."""

import hashlib
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from node.clock import unix
from node.domain.actors import Actor
from node.domain.ids import new_id
from node.domain.permissions import Permission, may, require
from node.domain.settings import kit as rules
from node.domain.settings import kit_changes, kit_file
from node.domain.settings import texts as text_rules
from node.domain.settings.kit import Asked, Kit, Part
from node.domain.settings.kit_changes import Change
from node.domain.settings.presets import RULES
from node.errors import N_, Conflict, Invalid
from node.services.desk import Desk
from node.services.settings.kinds import Kinds
from node.store import demands, kinds, questions, settings, texts
from node.store.db import Tx

Ask = Callable[[Tx, Actor, Mapping[str, Asked]], Awaitable[None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """A kit beside how we work now. ``mark`` names exactly these changes: what is taken is what was looked at."""

    kit: Kit
    changes: tuple[Change, ...]
    mark: str

    def of(self, parts: Iterable[Part]) -> "Looked":
        """Only what belongs to those parts, under the same mark."""
        wanted = frozenset(parts)
        return replace(self, changes=tuple(each for each in self.changes if each.part in wanted))


class Kits:
    """Nothing here is personal; works locked."""

    def __init__(self, desk: Desk, kinds: Kinds, ask: Ask) -> None:
        """``ask``: from now on these kinds ask at least that, in the write that it is given (``Demands.take``)."""
        self._desk = desk
        self._kinds = kinds
        self._ask = ask

    async def ours(self, actor: Actor) -> Kit:
        """How we work, as it would be given: without people."""
        require(actor, Permission.SETTINGS)
        async with self._desk.db.read() as tx:
            return rules.without_people(await self._now(tx))

    async def give(self, actor: Actor, parts: Iterable[Part] = tuple(Part)) -> str:
        """The file with those parts."""
        kit, wanted = await self.ours(actor), frozenset(parts)
        kinds_too = Part.KINDS in wanted
        return kit_file.written(
            replace(
                kit,
                preset=kit.preset if Part.RULES in wanted else None,
                rules=kit.rules if Part.RULES in wanted else {},
                hidden=kit.hidden if kinds_too else frozenset(),
                names=kit.names if kinds_too else {},
                asks=kit.asks if Part.SAFETY in wanted else {},
                texts=kit.texts if Part.TEXTS in wanted else {},
                questions=kit.questions if Part.QUESTIONS in wanted else (),
            )
        )

    async def look(self, actor: Actor, content: bytes) -> Looked:
        """What a file would change; changes nothing. Also for whoever says the second yes. Raises ``Invalid``."""
        if not may(actor, Permission.APPROVE_PUBLIC):
            require(actor, Permission.SETTINGS)
        async with self._desk.db.read() as tx:
            return self._looked(await self._now(tx), kit_file.read(content, self._kinds.shared))

    async def take(
        self, actor: Actor, content: bytes, parts: Iterable[Part], *, mark: str = ""
    ) -> tuple[Change, ...]:
        """Takes those parts of a file in one write, and returns what changed.

        ``mark``: of the look before; raises ``Conflict`` if it would change something else by now. Raises ``Invalid``,
        and where kinds would ask more ``NotAllowed``, and ``Locked`` while somebody is confirmed for something.
        """
        require(actor, Permission.SETTINGS)
        kit, wanted = kit_file.read(content, self._kinds.shared), frozenset(parts)
        if Part.SAFETY in wanted and kit.asks:
            require(actor, Permission.SAFETY_RULES)
        async with self._desk.db.write() as tx:
            now = await self._now(tx)
            looked = self._looked(now, kit)
            if mark and mark != looked.mark:
                raise Conflict("kit_changed", N_("Something was changed in the meantime. Please look again."))
            after = kit_changes.after_taking(now, kit, wanted)
            if wrong := kit_changes.problem(after, self._kinds.shared):
                raise Invalid("kit_does_not_fit", wrong)
            done = looked.of(wanted).changes
            if done:
                await self._write(tx, now, after)
                more = {code: asks for code, asks in after.asks.items() if now.asks.get(code) != asks}
                if more:
                    await self._ask(tx, actor, more)
                await self._desk.record(
                    tx, actor, "kit.take", "group", parts=" ".join(sorted(wanted)), changes=len(done)
                )
        await self._kinds.load()
        return done

    def _looked(self, now: Kit, kit: Kit) -> Looked:
        found = kit_changes.changes(now, kit)
        return Looked(kit=kit, changes=found, mark=hashlib.sha256(repr(found).encode()).hexdigest()[:32])

    async def _now(self, tx: Tx) -> Kit:
        preset = await settings.get(tx, settings.PRESET)
        held = {key: await settings.get(tx, settings.rule(key)) for key in RULES}
        return Kit(
            group=await settings.get(tx, settings.GROUP_NAME),
            preset=preset,
            rules={key: value for key, value in held.items() if value != RULES[key].value(preset)},
            hidden=await kinds.hidden(tx),
            names=await kinds.names(tx),
            asks=rules.more_than_shared(await demands.all_of_them(tx), self._kinds.shared),
            texts=await texts.own(tx),
            questions=tuple(await questions.all_of(tx)),
        )

    async def _write(self, tx: Tx, now: Kit, after: Kit) -> None:
        if after.preset is not None:
            await settings.put(tx, settings.PRESET, after.preset)
            for key in RULES:
                if key in after.rules:
                    await settings.put(tx, settings.rule(key), after.rules[key])
                else:
                    await settings.take_out(tx, settings.rule(key))
        for code in now.hidden ^ after.hidden:
            await kinds.hide(tx, code, code in after.hidden)
        for (code, language), name in after.names.items():
            await kinds.put_name(tx, code, language, name)
        at = unix(self._desk.clock)
        for (key, language), text in after.texts.items():
            if now.texts.get((key, language)) != text:
                version = text_rules.version_of(key, language, text)
                await texts.put(tx, key, language, text, at)
                await texts.keep_wording(tx, version, key, language, text, at)
        await questions.put_all(
            tx, [each if each.id else replace(each, id=new_id(self._desk.random)) for each in after.questions]
        )
