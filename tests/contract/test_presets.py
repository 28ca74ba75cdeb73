"""A setting exists only if two presets differ in it or a law needs it, and only if something reads it."""

import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from node.domain.settings.presets import RULES, Preset, Rule
from node.store import migrations, settings
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


OUTSIDE = ("mail_server", "text_gateway", "chat_service", "chat_room", "alert_standby")
"""A row each about a service of somebody else's, or none: whether a group has one is a fact, not a way of working."""
BOUND_TO_IT = {
    "mail_server.port": "a fact",
    "text_gateway.answers": "whether that service hands on what is sent back to it: a fact of the contract with it",
    "chat_room.urgent": "a room read by volunteers alone may be told at once; who else reads it no preset knows",
}
"""Their figures and switches, and why no preset has them. The key in ``alert_standby`` is there or not; its cost is
said in the assessment (``Fact.NO_STANDBY``)."""


def test_a_service_of_somebody_elses_has_no_more_switches_than_it_needs() -> None:
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        migrations.apply(connection)
        columns = [
            f"{table}.{name}"
            for table in OUTSIDE
            for name, kind in connection.execute("SELECT name, type FROM pragma_table_info(?)", (table,))
            if kind == "INTEGER"
        ]
    assert sorted(columns) == sorted(BOUND_TO_IT)
