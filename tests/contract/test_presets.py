"""A setting exists only if two presets differ in it or a law needs it, and only if something reads it."""

import re
from pathlib import Path

import pytest

from node.domain.settings.presets import RULES, Preset, Rule
from node.store import settings
from node.store.settings import Setting

ROOT = Path(__file__).parents[2]

FACTS = frozenset({
    # who and where the group is
    "group_name", "language", "place", "phone", "hours", "group_state", "state_until", "headings", "public_url",
    "node_kind", "spoken", "standing_offers",
    "region", "zone", "residents", "preset", "not_for_us", "holidays",
    # since when a rule about keeping holds: noted by the sweep
    "retention_seen",
    # keys, cards, and where the node stands: nobody chooses these
    "set_up", "starting_code", "origin", "rescue_public", "safeguarding_rescue_public", "card_proofs", "rekey",
    "cards_confirmed", "kdf", "trusted_at", "restored_at", "device_key", "cards_opened_at",
    # which day's messages were written: noted by the job that writes them
    "digest_day", "alert_day",
})  # fmt: skip
"""Stored under settings and no choice of how to work: every other one must stand in the table of rules."""


@pytest.mark.parametrize("rule", RULES.values(), ids=lambda rule: rule.key)
def test_every_rule_differs_in_two_presets_or_names_its_law(rule: Rule) -> None:
    values = [rule.value(preset) for preset in Preset]
    assert len(set(values)) > 1 or rule.law
    assert all(rule.fits(value) for value in values)
    assert bool(rule.choices) != bool(rule.unit)


@pytest.mark.parametrize("key", sorted(RULES))
def test_no_rule_is_dead(key: str) -> None:
    """Each has a name in ``store/settings`` by which code outside of the settings pages reads it."""
    names = [
        name for name, value in vars(settings).items() if isinstance(value, Setting) and value.key == key
    ]
    assert len(names) == 1, f"node/store/settings.py should name {key} once"
    readers = [
        path
        for path in (ROOT / "node").rglob("*.py")
        if path.name != "settings.py" and re.search(rf"\bsettings\.{names[0]}\b", path.read_text("utf-8"))
    ]
    assert readers, f"nothing reads {key}"


def test_every_setting_is_a_rule_or_a_fact() -> None:
    held = {value.key for value in vars(settings).values() if isinstance(value, Setting)}
    assert held - set(RULES) - FACTS == set(), (
        "a choice belongs into node/domain/settings/presets.py, a fact into FACTS here"
    )
