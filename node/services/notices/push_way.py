"""Messages as notifications: sealed for each device of hers, brought to it by the service of its browser's maker."""

import asyncio
import json
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric import ec

from node.domain.notices.answers import Outcome, Refusal, outcome
from node.domain.notices.notice import Notice, Way
from node.domain.notices.push import (
    PRESSING,
    Subscription,
    mildest,
    origin_of,
    refused_with,
    told_beside,
)
from node.domain.notices.push_sealing import PADDED, SALT_BYTES, new_key, sealed_for
from node.domain.notices.vapid import authorization
from node.domain.person import PersonDetails
from node.ports import Misled, Outside
from node.services.desk import Desk
from node.services.notices.carrying import Line, Parcel, Refused
from node.services.notices.letter import Letter, Notification, Writer
from node.services.notices.push_devices import PushDevices
from node.store import push_devices, settings
from node.store.db import Tx
from protocol import b64

MOST_DEVICES = 5
"""Of one person, those that she turned on last."""


@dataclass(frozen=True, slots=True)
class Device:
    """One browser, as a message finds it."""

    id: str
    subscription: Subscription


class PushWay:
    """As ``carrying.Channel``."""

    way = Way.PUSH

    def __init__(self, desk: Desk, devices: PushDevices, outside: Outside) -> None:
        self._desk = desk
        self._devices = devices
        self._outside = outside

    async def opened(self, tx: Tx) -> "OpenedPush | None":
        """With the key and everybody's devices. Raises ``Locked``."""
        key = await self._devices.key(tx)
        if key is None:
            return None
        found: dict[str, list[Device]] = defaultdict(list)
        for person_id, row in await push_devices.of_persons(tx, self._desk.now):
            if len(found[person_id]) < MOST_DEVICES:
                found[person_id].append(Device(row.id, self._devices.subscription(row)))
        return OpenedPush(self._desk, await self._line(tx, key, found, self._forget))

    async def line(
        self, tx: Tx, devices: Mapping[str, list[Device]], forget: Callable[[str], Awaitable[None]]
    ) -> "PushLine | None":
        """To devices of others than volunteers; None before there is a key. Raises ``Locked``."""
        key = await self._devices.key(tx)
        return None if key is None else await self._line(tx, key, devices, forget)

    async def public_key(self, tx: Tx) -> str:
        """As ``PushDevices.public_key``."""
        held = await push_devices.key(tx)
        return b64.encode(held[0]) if held else ""

    async def _line(
        self,
        tx: Tx,
        key: ec.EllipticCurvePrivateKey,
        devices: Mapping[str, list[Device]],
        forget: Callable[[str], Awaitable[None]],
    ) -> "PushLine":
        base = await settings.get(tx, settings.PUBLIC_URL)
        contact = base if base.startswith("https://") else ""
        return PushLine(self._desk, self._outside, key, contact, devices, forget)

    async def _forget(self, device_id: str) -> None:
        async with self._desk.db.write() as tx:
            await push_devices.drop(tx, device_id)


@dataclass(frozen=True, slots=True)
class PushLine:
    """As ``carrying.Line``: each device has a server of its own, so none is held open."""

    desk: Desk
    outside: Outside
    key: ec.EllipticCurvePrivateKey
    contact: str
    """Where whoever runs a push service finds us."""
    devices: Mapping[str, list[Device]]
    """By whose they are, as the parcels name them."""
    forget: Callable[[str], Awaitable[None]]
    """What is done about a device that is gone."""

    @asynccontextmanager
    async def open(self) -> AsyncIterator[Line]:
        """Itself."""
        yield self

    async def send(self, parcel: Parcel) -> None:
        """To all of her devices at once; it went when one of them took it. A device that is gone is forgotten. Raises
        ``Refused``."""
        hers = self.devices[parcel.to]
        answers = await asyncio.gather(*(self._bring(device.subscription, parcel) for device in hers))
        refusals = [refusal for refusal in answers if refusal is not None]
        for device, refusal in zip(tuple(hers), answers, strict=True):
            if refusal is not None and outcome(refusal) is Outcome.BOUNCED:
                hers.remove(device)
                await self.forget(device.id)
        if len(refusals) == len(answers):
            raise Refused(mildest(refusals))

    async def _bring(self, to: Subscription, parcel: Parcel) -> Refusal | None:
        random, now = self.desk.random, self.desk.now
        body = sealed_for(to, parcel.content, key=new_key(random), salt=random(SALT_BYTES))
        headers = {
            **parcel.beside,
            "Content-Type": "application/octet-stream",
            "Content-Encoding": "aes128gcm",
            "Authorization": authorization(self.key, origin_of(to.endpoint), self.contact, now),
        }
        try:
            answer = await self.outside.post(to.endpoint, body, headers)
        except Misled as misled:
            # No push service lives there, so no browser gave us that.
            return refused_with(410, str(misled))
        if 200 <= answer.status < 300:
            return None
        return refused_with(answer.status, answer.said, answer.wait)


@dataclass(frozen=True, slots=True)
class OpenedPush:
    """As ``carrying.Opened``."""

    desk: Desk
    line: PushLine

    def parcel(self, notice: Notice, letter: Letter, details: PersonDetails, writer: Writer) -> Parcel | None:
        """What the telephone shows; None where she has no device, or for more than fits."""
        content = told_content(notice.id, writer.notification(letter))
        if notice.person_id not in self.line.devices or content is None:
            return None
        beside = told_beside(notice.id, seconds=notice.ends - self.desk.now, pressing=notice.kind in PRESSING)
        return Parcel(id=notice.id, to=notice.person_id, content=content, beside=beside)

    def open(self) -> AbstractAsyncContextManager[Line]:
        """Of all devices."""
        return self.line.open()


def told_content(message_id: str, said: Notification) -> bytes | None:
    """What the page's worker is told (``sw.js``); None for more than fits."""
    content = json.dumps(
        {
            "id": message_id,
            "lang": said.language,
            "dir": said.direction,
            "title": said.title,
            "body": said.body,
            "link": said.link,
            "fewer": {"title": said.fewer, "link": said.choices_link},
        },
        ensure_ascii=False,
    ).encode()
    return content if len(content) < PADDED else None
