"""Looks whether everything works, from outside in; the same list for the page and the command."""

import shutil
from pathlib import Path
from urllib.parse import urlsplit

from node.clock import Clock, unix
from node.domain.actors import Actor, Role
from node.domain.notices.answers import Stage
from node.domain.permissions import Permission, require
from node.domain.safety.checks import DISK_LOW_MB, Found, backup_code
from node.domain.zone import Zone
from node.errors import Unreachable
from node.ports import Discovery
from node.services.notices.mail_settings import MailSettings
from node.services.settings.base_maps import BaseMaps
from node.services.sharing.timekeeping import Timekeeper
from node.store import audit, compartments, settings, staff
from node.store.db import Database, Tx

DAY = 86_400
_HERE = ("127.0.0.1", "::1", "localhost")


class Checks:
    """Each look is quick but two, which wait for an answer: from outside, and from the mail server."""

    def __init__(
        self,
        db: Database,
        clock: Clock,
        *,
        zone: Zone,
        folder: Path,
        discovery: Discovery,
        timekeeper: Timekeeper,
        base_maps: BaseMaps,
        mail: MailSettings,
    ) -> None:
        self._db = db
        self._clock = clock
        self._zone = zone
        self._folder = folder
        self._discovery = discovery
        self._timekeeper = timekeeper
        self._base_maps = base_maps
        self._mail = mail

    async def look(self, actor: Actor) -> list[Found]:
        """Everything, in the order in which it is put right best."""
        require(actor, Permission.SETTINGS)
        async with self._db.read() as tx:
            url, origin = await settings.get(tx, settings.PUBLIC_URL), await settings.get(tx, settings.ORIGIN)
            kept = [
                await self._backup(tx),
                Found(
                    code="cards.ok" if await settings.get(tx, settings.CARDS_CONFIRMED) else "cards.unchecked"
                ),
                await _holders(tx),
                await _second_yes(tx),
            ]
        return [
            await self._address(url, origin),
            _https(url),
            await self._time(),
            await self._letters(),
            self._disk(),
            await self._map(),
            *kept,
        ]

    async def _address(self, url: str, origin: str) -> Found:
        if not url:
            return Found(code="address.unset")
        try:
            # It is our own address: that it may lead to a private one (at home, behind a router) is no danger.
            answers = await self._discovery.ask(url, allow_private=True)
        except Unreachable:
            return Found(code="address.silent", values={"url": url})
        return Found(code="address.ok" if answers.origin == origin else "address.other", values={"url": url})

    async def _time(self) -> Found:
        values = {"now": f"{self._zone.moment(unix(self._clock)):%Y-%m-%d %H:%M}"}
        if not self._timekeeper.trusted():
            hands = await self._timekeeper.hands()
            if not hands.heard:
                return Found(code="clock.wrong", values=values)
            told = {"agree": str(hands.agree), "neighbours": str(hands.neighbours)}
            return Found(code="clock.doubted", values=values | told)
        return Found(code="clock.ok" if self._clock.synchronised() else "clock.alone", values=values)

    async def _letters(self) -> Found:
        asked = await self._mail.reached()
        if asked is None:
            return Found(code="mail.none")
        host, refusal = asked
        if refusal is None:
            return Found(code="mail.ok", values={"host": host})
        if refusal.stage is Stage.CONNECT:
            return Found(code="mail.silent", values={"host": host})
        return Found(code="mail.refused", values={"host": host, "said": refusal.said or refusal.answer})

    def _disk(self) -> Found:
        free = shutil.disk_usage(self._folder).free // 1_000_000
        if free < DISK_LOW_MB:
            return Found(code="disk.low", values={"free": str(free)})
        return Found(
            code="disk.ok", values={"free": f"{free / 1000:.1f}" if free < 10_000 else str(free // 1000)}
        )

    async def _map(self) -> Found:
        if fault := await self._base_maps.fault():
            return Found(code=f"map.{fault}")
        return Found(code="map.ok" if await self._base_maps.look() else "map.none")

    async def _backup(self, tx: Tx) -> Found:
        made = [row.at for row in await audit.of_object(tx, "backup") if row.action == "backup.make"]
        days = max(0, unix(self._clock) - max(made)) // DAY if made else None
        return Found(code=backup_code(days), values={} if days is None else {"days": str(days)})


def _https(url: str) -> Found:
    parts = urlsplit(url)
    if parts.scheme == "https":
        return Found(code="https.ok")
    return Found(code="https.home" if not url or parts.hostname in _HERE else "https.plain")


async def _holders(tx: Tx) -> Found:
    alone = any(len(who) == 1 for who in (await compartments.holders(tx)).values())
    return Found(code="holders.one" if alone else "holders.ok")


async def _second_yes(tx: Tx) -> Found:
    able = [row for row in await staff.all_of(tx) if row.state == "active" and Role.COORDINATOR in row.roles]
    needed = await settings.get(tx, settings.SECOND_YES) == "two"
    return Found(code="second_yes.alone" if needed and len(able) < 2 else "second_yes.ok")
