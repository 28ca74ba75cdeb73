"""What the group decides: typed settings, each a JSON value under its key. None of them is personal data."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Generic, TypeVar

from node.domain.settings.presets import RULES, USUAL, Preset
from node.store.db import Tx, is_one_view, kept

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Setting(Generic[T]):
    """One setting: its key, how its stored JSON becomes a value, and what it is until somebody sets it."""

    key: str
    read: Callable[[Any], T]
    default: T


def _place(value: Any) -> tuple[float, float] | None:
    return None if value is None else (float(value[0]), float(value[1]))


def _maybe(value: Any) -> str | None:
    return None if value is None else str(value)


def _maybe_int(value: Any) -> int | None:
    return None if value is None else int(value)


GROUP_NAME: Setting[str] = Setting("group_name", str, "")
LANGUAGE: Setting[str] = Setting("language", str, "en")
PLACE: Setting[tuple[float, float] | None] = Setting("place", _place, None)
"""The middle of the group's area: latitude, longitude in degrees."""
PHONE: Setting[str] = Setting("phone", str, "")
"""The group's own telephone, for its public pages."""
HOURS: Setting[str] = Setting("hours", str, "")
GROUP_STATE: Setting[str] = Setting("group_state", str, "open")
"""open, full or resting: what neighbours read out."""
STATE_UNTIL: Setting[str | None] = Setting("state_until", _maybe, None)
"""Last day of that state, ``YYYY-MM-DD``; None until somebody changes it."""
HEADINGS: Setting[list[str]] = Setting("headings", list, [])
"""Headings of help that the group takes; empty: all."""
NODE_KIND: Setting[str] = Setting("node_kind", str, "group")
"""group, hub or council: what this node is, as its people say."""
SPOKEN: Setting[list[str]] = Setting("spoken", list, [])
"""Languages in which the group answers, beside its own."""
OFFERS: Setting[Mapping[str, Any]] = Setting("standing_offers", dict, {})
"""What the group offers whoever asks (``node.domain.sharing.standing_offers``)."""
PUBLIC_URL: Setting[str] = Setting("public_url", str, "")
REGION: Setting[str | None] = Setting("region", _maybe, None)
"""Two-letter country of telephone numbers written without a country code."""
DONE: Setting[bool] = Setting("set_up", bool, False)
STARTING_CODE: Setting[str | None] = Setting("starting_code", _maybe, None)
"""The hash of the one-time starting code, in hex; None when there is none."""
ORIGIN: Setting[str] = Setting("origin", str, "")
"""The node's id: the did:key of its root key."""
RESCUE_PUBLIC: Setting[str | None] = Setting("rescue_public", _maybe, None)
"""The public key that the rescue cards open, in hex."""
SAFEGUARDING_RESCUE_PUBLIC: Setting[str | None] = Setting("safeguarding_rescue_public", _maybe, None)
"""The same for the cards that open ``safeguarding``, printed by the first safety officer."""
CARD_PROOFS: Setting[list[str]] = Setting("card_proofs", list, [])
"""Slow hashes of four words of each rescue card, in hex, to check words that are typed back."""
CARDS_CONFIRMED: Setting[bool] = Setting("cards_confirmed", bool, False)
"""Whether somebody typed words of the printed rescue cards back."""
ZONE: Setting[str | None] = Setting("zone", _maybe, None)
"""IANA name of the zone in which the group's days begin and end; None: that of the machine."""
NOT_FOR_US: Setting[list[str]] = Setting("not_for_us", list, [])
"""What the group put aside of the list of what is left to set up (``domain.todo``)."""
RESIDENTS: Setting[int | None] = Setting("residents", _maybe_int, None)
"""How many people live where the group helps, as it said itself; None: it did not say."""
KDF: Setting[str] = Setting("kdf", str, "")
"""What one password costs on this machine (see ``node.vault.keys.Kdf``); measured at set-up."""
TRUSTED_AT: Setting[int | None] = Setting("trusted_at", _maybe_int, None)
"""Unix seconds of the last moment at which the clock was trusted."""
RESTORED_AT: Setting[int | None] = Setting("restored_at", _maybe_int, None)
"""Unix seconds of a restore whose new epoch has not been published yet; None otherwise."""
DEVICE_KEY: Setting[str] = Setting("device_key", str, "")
"""In hex: marks browsers that somebody signed in on before. Only guards the queue of the sign-in page."""
REKEY: Setting[list[str]] = Setting("rekey", list, [])
"""Compartments that get a new key as soon as they are open: somebody who held them has left."""
CARDS_OPENED_AT: Setting[int | None] = Setting("cards_opened_at", _maybe_int, None)
"""When rescue cards were last used, for the notice that every member of staff sees."""
HOLIDAYS: Setting[list[str]] = Setting("holidays", list, [])
"""Days on which the group does not work, ``YYYY-MM-DD``, in order."""
RETENTION_SEEN: Setting[dict[str, Any]] = Setting("retention_seen", dict, {})
"""By ``domain.retention.Kept``: the days of its rule when it was last looked at, and the day (``YYYY-MM-DD``) before
which nothing goes by it."""
PRESET: Setting[Preset] = Setting("preset", Preset, USUAL)
"""What kind of group it is: what is not set otherwise follows it."""


def rule(key: str) -> Setting[Any]:
    """A rule of ``domain.presets``: what the group set, else what its preset says. ``KeyError`` for an unknown one."""
    return Setting(key, type(RULES[key].value(USUAL)), RULES[key].value(USUAL))


DECIDE_HOURS: Setting[int] = rule("decide_hours")
"""Whole hours that a first look or a yes may wait before every coordinator sees it; today's requests: one hour."""
SECOND_YES: Setting[str] = rule("second_yes")
"""``two``: for kinds that need a safety check, whoever asked the volunteer does not confirm her too."""
EXPORT_YES: Setting[str] = rule("export_yes")
"""``two``: whoever takes data out needs another coordinator's yes."""
NEWCOMERS: Setting[str] = rule("newcomers")
"""``pairs``: until somebody has met her, from the doorstep or beside somebody whom we know; ``met``: not before."""
PUBLIC_YES: Setting[str] = rule("public_yes")
"""``two``: somebody else than who asked for it says yes before anything is shown to everybody."""
KEEP_REQUESTS_DAYS: Setting[int] = rule("keep_requests_days")
"""Days after its closing for which what was said about a request is held."""
KEEP_ASKERS_DAYS: Setting[int] = rule("keep_askers_days")
"""Days for which somebody is held for whom nothing is open any more."""
KEEP_LEFT_DAYS: Setting[int] = rule("keep_left_days")
"""Days for which somebody is held who left, or never began to help."""
AREA_KM: Setting[int] = rule("area_km")
"""Whole kilometres around our place: beyond, whoever asks is told which neighbouring group answers there."""
MONEY_MOST: Setting[int] = rule("money_most")
"""What the group gives at once, in whole units of its country's money; 0: no cap."""
DETAILS_DAYS: Setting[int] = rule("details_days")
"""Days for which the helper can still read the details after she reported it done."""

DIGEST_DAY: Setting[str] = Setting("digest_day", str, "")
"""The day, ``YYYY-MM-DD``, whose digests are made."""
ALERT_DAY: Setting[str] = Setting("alert_day", str, "")
"""The same for what members of staff are told once a day."""
WAVE_MINUTES: Setting[int] = rule("wave_minutes")
"""So long whoever was asked has time to answer before the next ones are asked."""
QUIET_FROM: Setting[int] = rule("quiet_from")
"""The hour of the group's clock from which nobody is asked by itself (24: midnight)."""
QUIET_UNTIL: Setting[int] = rule("quiet_until")
"""The hour at which that ends."""
CLAIMS: Setting[str] = rule("claims")
"""``helper``: for a kind of help with no requirement the helper's own yes is enough; ``coordinator``: never."""

RECEIPT_CAP: Setting[int] = rule("receipt_cap")
"""At most so much, in whole units of money, is paid back for one request without a coordinator's yes; 0: no cap."""


async def get(tx: Tx, setting: Setting[T]) -> T:
    """The stored value, or the default: of a rule, that of the group's preset. A page that asks for many within one
    view reads all of them once."""
    if is_one_view(tx):
        return (await held(tx)).get(setting)
    rows = list(await tx.execute_fetchall("SELECT value FROM settings WHERE key = ?", (setting.key,)))
    if rows:
        return setting.read(json.loads(rows[0]["value"]))
    if setting.key in RULES:
        return setting.read(RULES[setting.key].value(await get(tx, PRESET)))
    return setting.default


@dataclass(frozen=True, slots=True)
class Held:
    """All settings as they stood at one moment, for who needs many at once."""

    _stored: Mapping[str, str]
    _read: dict[str, Any] = field(default_factory=dict, compare=False)
    """What was asked for so far, out of its JSON."""

    def get(self, setting: Setting[T]) -> T:
        """As the function of that name."""
        if setting.key in self._stored:
            if setting.key not in self._read:
                self._read[setting.key] = json.loads(self._stored[setting.key])
            return setting.read(self._read[setting.key])
        if setting.key in RULES:
            return setting.read(RULES[setting.key].value(self.get(PRESET)))
        return setting.default


@kept
async def held(tx: Tx) -> Held:
    """In one statement."""
    rows = await tx.execute_fetchall("SELECT key, value FROM settings")
    return Held({row["key"]: row["value"] for row in rows})


async def holidays(tx: Tx) -> frozenset[date]:
    """The group's days off."""
    return frozenset(date.fromisoformat(day) for day in await get(tx, HOLIDAYS))


async def put(tx: Tx, setting: Setting[T], value: T) -> None:
    """Stores a value in place of the one before."""
    await tx.execute(
        "INSERT INTO settings(key, value) VALUES (?, ?)"
        " ON CONFLICT(key) DO UPDATE SET value = excluded.value",
        (setting.key, json.dumps(value)),
    )


async def take_out(tx: Tx, setting: Setting[T]) -> None:
    """Back to the default."""
    await tx.execute("DELETE FROM settings WHERE key = ?", (setting.key,))
