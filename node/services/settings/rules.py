"""Which preset the group chose, and which rules it changed."""

from collections.abc import Mapping
from dataclasses import dataclass

from node.clock import Clock
from node.domain.actors import Actor
from node.domain.permissions import Permission, require
from node.domain.settings import presets
from node.domain.settings.presets import RULES, Preset, Value
from node.errors import N_, Invalid
from node.store import audit, settings
from node.store.db import Database, Tx


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleNow:
    """One rule as it counts, and as it would by the preset alone."""

    key: str
    value: Value
    usual: Value

    @property
    def changed(self) -> bool:
        """Whether the group decided otherwise than its preset."""
        return self.value != self.usual


@dataclass(frozen=True, slots=True, kw_only=True)
class RulesNow:
    """All of them."""

    preset: Preset
    rules: Mapping[str, RuleNow]


class Rules:
    """Reads and sets them."""

    def __init__(self, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock

    async def now(self) -> RulesNow:
        """As they count."""
        async with self._db.read() as tx:
            return await _now(tx)

    async def choose(
        self,
        actor: Actor,
        preset: str,
        *,
        keep_changes: bool = True,
        holding: frozenset[str] = frozenset(),
    ) -> Mapping[str, Value]:
        """Takes a preset; rules that the group changed stay changed unless ``keep_changes`` is false.

        ``holding``: rules that stay as they are now; those that would not have, with what they would be, are given
        back. Raises ``Invalid``.
        """
        require(actor, Permission.SETTINGS)
        if preset not in set(Preset):
            raise Invalid("preset", N_("Please choose one of these."), fields={"preset": ""})
        async with self._db.write() as tx:
            before = await _now(tx)
            await settings.put(tx, settings.PRESET, Preset(preset))
            for rule in before.rules.values():
                # What was as in the old preset, or is as in the new one, is no change of the group's own.
                if (
                    not keep_changes
                    or not rule.changed
                    or rule.value == RULES[rule.key].value(Preset(preset))
                ):
                    await settings.take_out(tx, settings.rule(rule.key))
            after = await _now(tx)
            held = {
                key: after.rules[key].value
                for key in holding
                if after.rules[key].value != before.rules[key].value
            }
            for key in held:
                await settings.put(tx, settings.rule(key), before.rules[key].value)
            await audit.append(tx, self._clock, actor, "preset.set", "group", {"preset": preset})
        return held

    async def change(self, actor: Actor, values: Mapping[str, Value]) -> None:
        """Sets some rules, all or nothing; a value as in the preset is no change of the group's own.

        Raises ``NotFound`` and ``Invalid`` as ``domain.presets.checked``.
        """
        require(actor, Permission.SETTINGS)
        fields: dict[str, str] = {}
        for key, value in values.items():
            try:
                presets.checked(key, value)
            except Invalid as error:
                fields |= error.fields
        if fields:
            raise Invalid("rules", N_("Some answers need another look."), fields=fields)
        async with self._db.write() as tx:
            now = await _now(tx)
            for key, value in values.items():
                if now.rules[key].value == value:
                    continue
                if value == now.rules[key].usual:
                    await settings.take_out(tx, settings.rule(key))
                else:
                    await settings.put(tx, settings.rule(key), value)
                await audit.append(tx, self._clock, actor, "rule.set", f"rule:{key}", {"value": value})


async def _now(tx: Tx) -> RulesNow:
    preset = await settings.get(tx, settings.PRESET)
    return RulesNow(
        preset=preset,
        rules={
            key: RuleNow(key=key, value=await settings.get(tx, settings.rule(key)), usual=rule.value(preset))
            for key, rule in RULES.items()
        },
    )
