"""Notifications on a volunteer's own devices: turned on and off there, and the key under which browsers let us."""

from cryptography.hazmat.primitives.asymmetric import ec

from node.domain.actors import Actor
from node.domain.consents import AS_CHOSEN
from node.domain.ids import PersonId, new_id
from node.domain.notices.notice import Way
from node.domain.notices.push import Subscription
from node.domain.notices.push_sealing import CURVE, new_key, point
from node.domain.permissions import Permission, require
from node.errors import N_, NotAllowed
from node.services import links
from node.services.desk import Desk, person_object
from node.services.notices.choosing import Choosing
from node.store import notice_choices, own_page, push_devices
from node.store.db import Tx
from node.store.push_devices import PushDevice
from node.vault import Compartment
from protocol import b64

_KEY_TABLE, _TABLE = "push_key", "push_devices"


class PushDevices:
    """A device is a browser in which she is signed in: where that ends, it shows nothing more. Works while locked; what
    is sent waits, as mail does, because addresses are closed."""

    def __init__(self, desk: Desk, choosing: Choosing) -> None:
        self._desk = desk
        self._choosing = choosing
        self._has_key = False

    # --- the node's key

    async def make_key(self) -> None:
        """Once for all; nothing where there is one."""
        if self._has_key:
            return
        desk = self._desk
        async with desk.db.read() as tx:
            self._has_key = await push_devices.key(tx) is not None
        if self._has_key:
            return
        pair = new_key(desk.random)
        record = {"private": f"{pair.private_numbers().private_value:064x}"}
        sealed = desk.vault.seal(Compartment.PEOPLE, _KEY_TABLE, push_devices.KEY_ROW, record)
        async with desk.db.write() as tx:
            await push_devices.put_key(tx, point(pair), sealed)

    async def public_key(self) -> str:
        """What a browser subscribes under: an uncompressed point as base64url; empty before it is made."""
        async with self._desk.db.read() as tx:
            held = await push_devices.key(tx)
        return b64.encode(held[0]) if held else ""

    async def key(self, tx: Tx) -> ec.EllipticCurvePrivateKey | None:
        """With the private half; None before it is made. Raises ``Locked``."""
        held = await push_devices.key(tx)
        if held is None:
            return None
        record = self._desk.vault.open(Compartment.PEOPLE, _KEY_TABLE, push_devices.KEY_ROW, held[1])
        return ec.derive_private_key(int(record["private"], 16), CURVE)

    # --- a device

    async def offered(self, actor: Actor, cookie: str) -> str:
        """The public key where her own page is to offer it in that browser, else empty. Whoever chose another way, or
        no messages, finds it among her choices."""
        require(actor, Permission.OFFER)
        async with self._desk.db.read() as tx:
            row = await notice_choices.get(tx, actor.id or "")
        chosen = row.choices if row else None
        if chosen is not None and (chosen.out or chosen.way not in (None, Way.PUSH)):
            return ""
        return "" if await self.is_on(cookie) else await self.public_key()

    async def is_on(self, cookie: str) -> bool:
        """Whether the browser with that cookie of her session shows them."""
        async with self._desk.db.read() as tx:
            session = await own_page.session(tx, links.session_hash(cookie))
            return session is not None and session.id in await push_devices.sessions_of(tx, session.person_id)

    async def turn_on(self, actor: Actor, cookie: str, given: Subscription, wording: str = AS_CHOSEN) -> None:
        """She is told there from now on, in place of any other way; whoever had it on in that very browser before is
        not told there any more. ``wording`` as for ``Choosing.choose``. Raises ``NotAllowed``."""
        desk = self._desk
        device_id = new_id(desk.random)
        async with desk.db.write() as tx:
            person, session = await self._session(tx, actor, cookie)
            device = PushDevice(
                id=device_id,
                session_id=session,
                endpoint_hash=given.hash,
                since=desk.now,
                sealed=desk.vault.seal(Compartment.PEOPLE, _TABLE, device_id, given.record),
            )
            await push_devices.put(tx, device)
            await self._choosing.by_push(tx, actor, person, wording)
            await desk.record(tx, actor, "notices.push_on", person_object(person))

    async def turn_off(self, actor: Actor, cookie: str) -> None:
        """Not there any more; asked twice it is the same. Raises ``NotAllowed``."""
        async with self._desk.db.write() as tx:
            person, session = await self._session(tx, actor, cookie)
            if await push_devices.drop_of_session(tx, session):
                await self._desk.record(tx, actor, "notices.push_off", person_object(person))

    async def _session(self, tx: Tx, actor: Actor, cookie: str) -> tuple[PersonId, bytes]:
        require(actor, Permission.OFFER)
        session = await own_page.session(tx, links.session_hash(cookie))
        if session is None or session.person_id != actor.id:
            raise NotAllowed("own_sign_in", N_("You are not signed in here any more. Ask us for a new link."))
        return session.person_id, session.id

    # --- for sending

    def subscription(self, device: PushDevice) -> Subscription:
        """Where a message for it goes. Raises ``Locked``."""
        record = self._desk.vault.open(Compartment.PEOPLE, _TABLE, device.id, device.sealed)
        return Subscription.of(record)
