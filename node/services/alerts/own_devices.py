"""The browsers in which somebody who works here is told what waits: turned on there, listed and ended on the own page.

They belong to the account and not to a sign-in, which is over every night. What they show says kinds and numbers, and
whatever it leads to asks for a sign-in.
"""

from collections import defaultdict
from dataclasses import dataclass

from node.domain.ids import new_id
from node.domain.notices.push import Subscription
from node.errors import N_, NotFound
from node.services.desk import Desk
from node.services.notices.push_way import Device, PushLine, PushWay
from node.store import alert_devices
from node.store.alert_devices import AlertDevice
from node.store.db import Tx
from node.vault import Compartment

MOST = 5
"""Of one account, those that were turned on last."""
_TABLE = "alert_devices"


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnDevice:
    """One of them as its owner sees it. ``since``: Unix seconds."""

    id: str
    browser: str
    """``firefox-windows``: as it said of itself; empty where it said nothing."""
    since: int
    known_by: str
    """The start of the hash of its address, in hex: by it the browser knows itself (``push.js``)."""


class AlertDevices:
    """``way``: what brings messages to browsers."""

    def __init__(self, desk: Desk, way: PushWay) -> None:
        self._desk = desk
        self._way = way

    async def turn_on(self, tx: Tx, handle: str, given: Subscription, browser: str) -> None:
        """That browser takes them; of whoever had it on there before it takes none any more."""
        desk = self._desk
        device_id = new_id(desk.random)
        device = AlertDevice(
            id=device_id,
            handle=handle,
            endpoint_hash=given.hash,
            browser=browser,
            since=desk.now,
            sealed=desk.vault.seal(Compartment.PEOPLE, _TABLE, device_id, given.record),
        )
        await alert_devices.put(tx, device)
        for old in (await alert_devices.of(tx, handle))[MOST:]:
            await alert_devices.drop(tx, old.id)

    async def turn_off(self, tx: Tx, handle: str, device_id: str) -> None:
        """Raises ``NotFound`` for one that is another's, or gone."""
        if not await alert_devices.drop(tx, device_id, handle):
            raise NotFound("no_device", N_("That one shows nothing of ours any more."))

    async def of(self, tx: Tx, handle: str) -> tuple[OwnDevice, ...]:
        """The latest first."""
        return tuple(
            OwnDevice(id=row.id, browser=row.browser, since=row.since, known_by=row.endpoint_hash.hex()[:16])
            for row in await alert_devices.of(tx, handle)
        )

    async def public_key(self, tx: Tx) -> str:
        """What a browser subscribes under; empty before it is made."""
        return await self._way.public_key(tx)

    async def line(self, tx: Tx) -> PushLine | None:
        """To everybody's; None where nobody has one. Raises ``Locked``."""
        found: dict[str, list[Device]] = defaultdict(list)
        for row in await alert_devices.all_of_them(tx):
            record = self._desk.vault.open(Compartment.PEOPLE, _TABLE, row.id, row.sealed)
            found[row.handle].append(Device(row.id, Subscription.of(record)))
        return await self._way.line(tx, found, self._forget) if found else None

    async def _forget(self, device_id: str) -> None:
        async with self._desk.db.write() as tx:
            await alert_devices.drop(tx, device_id)
