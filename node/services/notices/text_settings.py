"""Where the group's texts go out: set by an admin, tried at once with a text to herself."""

import asyncio
import hashlib
import hmac
from dataclasses import dataclass

from node.domain.actors import Actor
from node.domain.ids import new_id
from node.domain.notices.answers import Refusal
from node.domain.notices.gateway import Gateway, GatewayKind, addressed, faults
from node.domain.notices.texts import mobile
from node.domain.permissions import Permission, require
from node.errors import N_, Invalid
from node.services import links
from node.services.desk import Desk
from node.services.notices import gateways
from node.services.notices.carrying import Parcel, Refused
from node.store import settings, text_gateway
from node.store.db import Tx
from node.store.text_gateway import GatewayRow
from node.vault import Compartment

FAULTS = {
    "no_hook": N_(
        "A web hook is an https address. Without encryption only one on this machine or in your own network."
    ),
    "no_place_for_number": N_("This should be an Apprise address with {number} once, where the number goes."),
    "not_known": N_("Apprise does not understand this address. Compare it with its page about that service."),
    "no_url": N_("Write the address of the gateway."),
}
"""Code of ``domain.notices.gateway.faults`` -> what the page says."""
_TABLE = "text_gateway"
_SOME_NUMBER = "+447700900000"
"""From the range for films: to see whether an address with a number in it is understood."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GatewayView:
    """As it is set, without its keys."""

    kind: GatewayKind
    answers: bool
    inbound: str
    """The address that answers are sent to; empty while the records are closed, without answers, or without an address
    of this node."""


def inbound_hash(token: str) -> bytes:
    """What is kept of the secret in the address for answers."""
    return hashlib.sha256(b"texts-in\0" + token.encode()).digest()


class TextSettings:
    """Shown, changed and tried. All its addresses and keys lie sealed: while the records are closed no text goes."""

    def __init__(self, desk: Desk, carrier: gateways.TextCarrier) -> None:
        self._desk = desk
        self._carrier = carrier

    @property
    def region(self) -> str | None:
        """The country of numbers that are written without a code."""
        return self._desk.vault.region

    async def shown(self, actor: Actor) -> GatewayView | None:
        """As it is set."""
        require(actor, Permission.SETTINGS)
        async with self._desk.db.read() as tx:
            held = await text_gateway.get(tx)
            base = await settings.get(tx, settings.PUBLIC_URL)
        if held is None:
            return None
        inbound = ""
        if held.answers and base and self._desk.unlocked:
            inbound = f"{base}/api/v1/texts/{self._record(held)['inbound']}"
        return GatewayView(kind=held.kind, answers=held.answers, inbound=inbound)

    async def change(self, actor: Actor, gateway: Gateway) -> None:
        """Sets it. An empty address keeps the one that is set, with its secret; the address for answers stays as well.
        Raises ``Invalid``, ``Locked`` if something is kept."""
        require(actor, Permission.SETTINGS)
        desk = self._desk
        async with desk.db.read() as tx:
            held = await text_gateway.get(tx)
        before = self._record(held) if held is not None else {}
        url, secret = gateway.url, gateway.secret
        if not url and held is not None and held.kind is gateway.kind:
            url, secret = before["url"], secret or before["secret"]
        await _must_fit(Gateway(kind=gateway.kind, url=url, secret=secret))
        token = before.get("inbound") or links.new_token(desk.random)
        record = {"url": url, "secret": secret, "inbound": token}
        row = GatewayRow(
            kind=gateway.kind,
            answers=gateway.answers,
            inbound_hash=inbound_hash(token),
            sealed=desk.vault.seal(Compartment.PEOPLE, _TABLE, text_gateway.ROW, record),
        )
        async with desk.db.write() as tx:
            await text_gateway.put(tx, row)
            await desk.record(tx, actor, "texts.set", "group", kind=str(gateway.kind))

    async def take_out(self, actor: Actor) -> None:
        """No text goes any more, and none comes in."""
        require(actor, Permission.SETTINGS)
        async with self._desk.db.write() as tx:
            if await text_gateway.take_out(tx):
                await self._desk.record(tx, actor, "texts.off", "group")

    async def try_it(self, actor: Actor, to: str, text: str) -> Refusal | None:
        """Sends one text to that number, now; None when the gateway took it, else what it said. The number is not kept.
        Raises ``Invalid``, ``Locked``."""
        require(actor, Permission.SETTINGS)
        desk, number = self._desk, mobile(to, self.region)
        if not number:
            words = N_("No text can be sent to this number. Write a mobile number.")
            raise Invalid("text_to", words, fields={"to": words})
        async with desk.db.read() as tx:
            gateway = await self.opened(tx)
        if gateway is None:
            raise Invalid("text_gateway", N_("Set up the gateway first."))
        refusal = None
        try:
            async with self._carrier.open(gateway) as line:
                await line.send(Parcel(id=new_id(desk.random), to=number, content=text.encode()))
        except Refused as refused:
            refusal = refused.refusal
        async with desk.db.write() as tx:
            answer = refusal.answer if refusal else "taken"
            await desk.record(tx, actor, "texts.tried", "group", answer=answer)
        return refusal

    async def opened(self, tx: Tx) -> Gateway | None:
        """With its keys. Raises ``Locked``."""
        held = await text_gateway.get(tx)
        if held is None:
            return None
        record = self._record(held)
        return Gateway(kind=held.kind, url=record["url"], secret=record["secret"], answers=held.answers)

    async def is_inbound(self, token: str) -> bool:
        """Whether that is the secret in the address for answers, and they are wanted. Works while locked."""
        async with self._desk.db.read() as tx:
            held = await text_gateway.get(tx)
        kept = held.inbound_hash if held is not None and held.answers else b""
        return hmac.compare_digest(kept, inbound_hash(token))

    def _record(self, held: GatewayRow) -> dict[str, str]:
        return self._desk.vault.open(Compartment.PEOPLE, _TABLE, text_gateway.ROW, held.sealed)


async def _must_fit(gateway: Gateway) -> None:
    wrong = faults(gateway) if gateway.url else {"url": "no_url"}
    if not wrong and gateway.kind is GatewayKind.APPRISE:
        known = await asyncio.to_thread(gateways.speaks, addressed(gateway.url, _SOME_NUMBER))
        wrong = {} if known else {"url": "not_known"}
    if wrong:
        raise Invalid(
            "text_gateway",
            N_("Something here cannot be right."),
            fields={field: FAULTS[code] for field, code in wrong.items()},
        )
