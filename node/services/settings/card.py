"""Our line in the neighbours' phone book: shown, and changed by whoever may change settings."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Literal

from node.clock import Clock, unix
from node.domain.actors import Actor
from node.domain.need import SHARED_LANGUAGES
from node.domain.permissions import Permission, require
from node.domain.settings.card import KINDS, STATES, GroupCard, answered_in, standing_today
from node.domain.zone import Zone
from node.errors import N_, Invalid
from node.store import audit, settings
from node.store.db import Database, Tx

_LONGEST = {"name": 80, "phone": 40, "hours": 120}


class Card:
    """``heading``: whether a code is one of the shared list's headings."""

    def __init__(
        self, db: Database, clock: Clock, *, heading: Callable[[str], bool], zone: Zone | None = None
    ) -> None:
        self._db = db
        self._clock = clock
        self._heading = heading
        self._zone = zone or Zone()

    @property
    def _today(self) -> date:
        return self._zone.day(unix(self._clock))

    async def shown(self) -> GroupCard:
        """As it stands today; what was set with a last day that is over is open again."""
        async with self._db.read() as tx:
            return await self._shown(tx)

    async def change(
        self,
        actor: Actor,
        *,
        name: str | None = None,
        phone: str | None = None,
        hours: str | None = None,
        state: str | None = None,
        until: date | None = None,
        headings: Sequence[str] | Literal["all"] | None = None,
        kind: str | None = None,
        languages: Sequence[str] | None = None,
    ) -> GroupCard:
        """Sets what is given; None leaves it. ``until`` goes with ``state``: without it, until somebody changes it.
        ``languages``: in which the group answers; its own is always among them.

        Goes out at the next slot. Raises ``Invalid`` (too long, an empty name, no such state, kind, language or
        heading, a day that is over).
        """
        require(actor, Permission.SETTINGS)
        self.check(
            name=name,
            phone=phone,
            hours=hours,
            state=state,
            until=until,
            headings=headings,
            kind=kind,
            languages=languages,
        )
        texts = {"name": name, "phone": phone, "hours": hours}
        wanted = _headings(headings)
        keys = {"name": settings.GROUP_NAME, "phone": settings.PHONE, "hours": settings.HOURS}
        async with self._db.write() as tx:
            for field, text in texts.items():
                if text is not None:
                    await settings.put(tx, keys[field], text.strip())
            if state is not None:
                await settings.put(tx, settings.GROUP_STATE, state)
                await settings.put(tx, settings.STATE_UNTIL, until.isoformat() if until else None)
            if headings is not None:
                await settings.put(tx, settings.HEADINGS, wanted)
            if kind is not None:
                await settings.put(tx, settings.NODE_KIND, kind)
            if languages is not None:
                await settings.put(tx, settings.SPOKEN, sorted(set(languages)))
            await audit.append(tx, self._clock, actor, "group.card", "group", codes={"state": state or ""})
        return await self.shown()

    async def put(self, actor: Actor, words: Mapping[str, str]) -> None:
        """The name, the phone and the hours, those of them that are given. Raises as ``change``."""
        await self.change(actor, name=words.get("name"), phone=words.get("phone"), hours=words.get("hours"))

    def check(
        self,
        *,
        name: str | None,
        phone: str | None,
        hours: str | None,
        state: str | None,
        until: date | None,
        headings: Sequence[str] | Literal["all"] | None,
        kind: str | None = None,
        languages: Sequence[str] | None = None,
    ) -> None:
        """Raises as ``change``, and changes nothing."""
        texts = {"name": name, "phone": phone, "hours": hours}
        for field, text in texts.items():
            if text is not None and (len(text.strip()) > _LONGEST[field] or not text.isprintable()):
                raise Invalid(
                    "too_long",
                    N_("That is too long, or has signs in it that cannot be read out."),
                    fields={field: ""},
                )
        if name is not None and not name.strip():
            raise Invalid("no_name", N_("The group needs a name."), fields={"name": ""})
        if state is not None and state not in STATES:
            raise Invalid("bad_state", N_("A group is open, full or resting."), fields={"state": ""})
        if kind is not None and kind not in KINDS:
            raise Invalid("bad_kind", N_("A node is a group, a hub or a council."), fields={"kind": ""})
        if languages is not None and not set(languages) <= SHARED_LANGUAGES:
            raise Invalid("bad_language", N_("Choose languages from the list."), fields={"languages": ""})
        if until is not None and (state in (None, "open") or until < self._today):
            raise Invalid(
                "bad_until",
                N_("A last day belongs to full or resting, and is not over yet."),
                fields={"until": ""},
            )
        wanted = _headings(headings)
        if len(wanted) > 10 or any(not self._heading(code) for code in wanted):
            raise Invalid("bad_heading", N_("There is no such heading of help."), fields={"headings": ""})

    async def _shown(self, tx: Tx) -> GroupCard:
        state, until = standing_today(
            await settings.get(tx, settings.GROUP_STATE),
            await settings.get(tx, settings.STATE_UNTIL),
            self._today,
        )
        headings = await settings.get(tx, settings.HEADINGS)
        spoken = await settings.get(tx, settings.SPOKEN)
        return GroupCard(
            name=await settings.get(tx, settings.GROUP_NAME),
            phone=await settings.get(tx, settings.PHONE),
            hours=await settings.get(tx, settings.HOURS),
            state=state,
            until=until,
            headings=tuple(headings),
            kind=await settings.get(tx, settings.NODE_KIND),
            languages=answered_in(await settings.get(tx, settings.LANGUAGE), spoken),
        )


def _headings(given: Sequence[str] | Literal["all"] | None) -> list[str]:
    return [] if given is None or given == "all" else list(dict.fromkeys(given))
