"""How a group works, as one table: what differs between a street, a group with a telephone desk and a checked service.

A setting exists only if two presets differ in it, or a law needs it; everything else is decided once, in code. The
group chooses a preset and may change single rules; what it did not change follows the preset.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from node.errors import N_, Invalid, NotFound


class Preset(StrEnum):
    """What kind of group it is."""

    STREET = "street"
    """Neighbours who know each other."""
    PHONE_DESK = "phone_desk"
    """People ring a number; coordinators send somebody whom the caller does not know."""
    CHECKED = "checked"
    """A service with safety checks, often for a council or a charity."""


USUAL = Preset.PHONE_DESK
"""Until somebody chooses."""

Value = int | str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One setting with its value in each preset: a whole number from ``low`` to ``high``, or one of ``choices``."""

    key: str
    street: Value
    phone_desk: Value
    checked: Value
    low: int = 0
    high: int = 0
    unit: str = ""
    """hours, days, minutes, money (whole units) or clock (an hour of the day), for numbers."""
    choices: tuple[str, ...] = ()
    law: str = ""
    """The law that needs it, where no two presets differ."""

    def value(self, preset: Preset) -> Value:
        """What it is in that preset."""
        return {Preset.STREET: self.street, Preset.PHONE_DESK: self.phone_desk, Preset.CHECKED: self.checked}[
            preset
        ]

    def fits(self, value: Any) -> bool:
        """Whether it can be set to this."""
        if self.choices:
            return value in self.choices
        return isinstance(value, int) and not isinstance(value, bool) and self.low <= value <= self.high


def _rules(*rules: Rule) -> dict[str, Rule]:
    return {rule.key: rule for rule in rules}


RULES: Mapping[str, Rule] = _rules(
    # Where everybody knows everybody a late look hurts less than an evening of reminders.
    Rule(key="decide_hours", street=24, phone_desk=4, checked=2, low=1, high=72, unit="hours"),
    # A service that must show who sent whom, and why, has two people decide where checks matter.
    Rule(key="second_yes", street="one", phone_desk="one", checked="two", choices=("one", "two")),
    # One file with everybody in it is the worst that can be lost.
    Rule(key="export_yes", street="one", phone_desk="one", checked="two", choices=("one", "two")),
    Rule(key="newcomers", street="pairs", phone_desk="pairs", checked="met", choices=("pairs", "met")),
    # Between neighbours who lend each other twenty a lost note is no matter; a fund with books can give more.
    Rule(key="money_most", street=20, phone_desk=50, checked=100, low=0, high=10_000, unit="money"),
    # Data minimisation: the less the helper and the person know each other, the sooner it shuts.
    # What anybody can read is not easily taken back: a service shows it to a second person first.
    Rule(key="public_yes", street="one", phone_desk="one", checked="two", choices=("one", "two")),
    # Storage limitation: a checked service is asked for its record for longer than a street is.
    Rule(
        key="keep_requests_days",
        street=90,
        phone_desk=180,
        checked=365,
        low=14,
        high=2200,
        unit="days",
        law="GDPR 5(1)(e)",
    ),
    Rule(
        key="keep_askers_days",
        street=180,
        phone_desk=365,
        checked=730,
        low=14,
        high=2200,
        unit="days",
        law="GDPR 5(1)(e)",
    ),
    Rule(
        key="keep_left_days",
        street=30,
        phone_desk=90,
        checked=365,
        low=14,
        high=2200,
        unit="days",
        law="GDPR 5(1)(e)",
    ),
    Rule(key="details_days", street=7, phone_desk=3, checked=1, low=1, high=14, unit="days"),
    # Neighbours answer after work; a desk that promised to ring back needs to know sooner.
    Rule(key="wave_minutes", street=120, phone_desk=45, checked=30, low=5, high=1440, unit="minutes"),
    # Where people know each other, a message late in the evening is no trouble; from a service it is.
    Rule(key="quiet_from", street=22, phone_desk=21, checked=20, low=17, high=24, unit="clock"),
    Rule(key="quiet_until", street=7, phone_desk=8, checked=9, low=5, high=12, unit="clock"),
    # Among neighbours the first yes to a bag of shopping needs nobody's second look.
    Rule(
        key="claims",
        street="helper",
        phone_desk="coordinator",
        checked="coordinator",
        choices=("coordinator", "helper"),
    ),
    # A street goes as far as one walks; whoever answers a town's telephone sends people by bus and car.
    Rule(key="area_km", street=5, phone_desk=15, checked=30, low=1, high=200, unit="km"),
    # A service reckons its till to the pound; among neighbours a week's shopping is laid out without asking.
    Rule(key="receipt_cap", street=50, phone_desk=40, checked=20, low=0, high=1000, unit="money"),
)
"""Every rule that a group may set. Each is read by code (``settings.rule``); a test looks for the one that is not."""


def checked(key: str, value: Any) -> Value:
    """The value. Raises ``NotFound`` for a rule that there is not, ``Invalid`` (field of its key) for a value that
    does not fit."""
    if key not in RULES:
        raise NotFound("no_rule", N_("There is no such setting."))
    if not RULES[key].fits(value):
        message = N_("That does not fit here.")
        raise Invalid("rule", message, fields={key: message})
    return value  # type: ignore[no-any-return]
