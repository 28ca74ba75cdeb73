"""What sending takes while the records are closed, if an admin wants that.

Addresses and the password of the mail server lie sealed to ``people``, so after a restart nothing could go out until
somebody signs in. Where an admin said so, a copy of both lies ready under a secret made from the key file
beside: whoever has the whole machine can read it, whoever has ``group.db`` alone cannot. It is made again from the
sealed records while they are open, and used only where it still fits what stands in the rows.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from node.domain.actors import Actor
from node.domain.notices.chat import ChatService
from node.domain.notices.gateway import Gateway
from node.domain.notices.mail import MailServer
from node.domain.notices.notice import Way
from node.domain.permissions import Permission, require
from node.errors import Locked, Misconfigured
from node.services.alerts.roads import Roads
from node.services.desk import Desk
from node.services.notices.push_way import PushLine
from node.store import alert_choices, alert_devices, mail_server
from node.store.alert_choices import AlertRow
from node.store.db import Tx
from node.vault import Compartment
from node.vault.keys import WrongKey, unwrap, wrap

LABEL = "alerts"
CONTEXT = b"alert_standby|mail"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """Where one account's messages go, and the secret of the link at their foot."""

    address: str
    """Empty where she is told in browsers alone."""
    token: str
    way: Way = Way.EMAIL


@dataclass(frozen=True, slots=True, kw_only=True)
class Supplies:
    """All that one turn of sending takes."""

    server: MailServer | None
    gateway: Gateway | None
    """For texts."""
    chat: ChatService | None
    push: PushLine | None
    """To browsers."""
    people: Mapping[str, Reach]
    """By sign-in name; whoever is not in it cannot be written to now."""


class Standby:
    """``secret``: 32 bytes for a label (``Keyring.secret``); raises ``Misconfigured`` where there is no key file."""

    def __init__(self, desk: Desk, roads: Roads, secret: Callable[[str], bytes]) -> None:
        self._desk = desk
        self._roads = roads
        self._secret = secret

    async def wanted(self) -> bool:
        """Whether an admin wants messages to go while the records are closed."""
        async with self._desk.db.read() as tx:
            return await alert_choices.standby(tx) is not None

    async def want(self, actor: Actor, wanted: bool) -> None:
        """Says so, or no longer; then the copy is gone at once. Works while locked."""
        require(actor, Permission.SETTINGS)
        async with self._desk.db.write() as tx:
            if (await alert_choices.standby(tx) is not None) is wanted:
                return
            await alert_choices.put_standby(tx, b"" if wanted else None)
            await self._desk.record(tx, actor, "alerts.standby", "group", wanted=wanted)
        await self.keep()

    async def keep(self) -> None:
        """Brings the copy up to date, where there is to be one and the records are open."""
        desk = self._desk
        if not desk.unlocked:
            return
        async with desk.db.read() as tx:
            held = await alert_choices.standby(tx)
            if held is None:
                return
            present = await self._present(tx)
        if present is None or present == self._opened(held):
            return
        async with desk.db.write() as tx:
            if await alert_choices.standby(tx) is not None:
                await alert_choices.put_standby(tx, wrap(present, self._secret(LABEL), CONTEXT))

    async def supplies(self, tx: Tx) -> Supplies | None:
        """None where nothing is set that could carry a message. Raises ``Locked`` where the records are closed and no
        copy lies ready: there is one for mail alone."""
        desk, rows = self._desk, await alert_choices.all_of_them(tx)
        if desk.unlocked:
            server, gateway, chat = await self._roads.opened(tx)
            push = await self._roads.devices.line(tx)
            if server is None and gateway is None and chat is None and push is None:
                return None
            people = {row.handle: self.reach(row) for row in rows}
            return Supplies(server=server, gateway=gateway, chat=chat, push=push, people=people)
        held = await mail_server.get(tx)
        if held is None:
            if await self._roads.ways(tx) or await alert_devices.any_at_all(tx):
                raise Locked
            return None
        copy = self._opened(await alert_choices.standby(tx) or b"")
        if copy is None:
            raise Locked
        known = json.loads(copy)
        if known["server"][:2] != [held[0].host, held[0].user]:
            raise Locked  # another server was set meanwhile: that one is told no old secret
        return Supplies(
            server=replace(held[0], password=known["server"][2]),
            gateway=None,
            chat=None,
            push=None,
            # An address that was confirmed meanwhile, or is another one, is not the one of the copy.
            people={
                row.handle: Reach(
                    address=known["people"][row.handle][0], token=known["people"][row.handle][1]
                )
                for row in rows
                if row.confirmed_at is not None
                and known["people"].get(row.handle, ("", "", None))[2] == row.confirmed_at
            },
        )

    def reach(self, row: AlertRow) -> Reach:
        """Raises ``Locked``."""
        record = self._desk.vault.open(Compartment.PEOPLE, "alert_choices", row.handle, row.sealed)
        way = Way(record.get("way", Way.EMAIL))  # records of before step 0093 were all for mail
        return Reach(address=str(record["address"]), token=str(record["token"]), way=way)

    async def _present(self, tx: Tx) -> bytes | None:
        server = await self._roads.mail.opened(tx)
        if server is None:
            return None
        people = {}
        for row in await alert_choices.all_of_them(tx):
            if row.confirmed_at is not None:
                reach = self.reach(row)
                if reach.way is not Way.EMAIL:
                    continue
                people[row.handle] = [reach.address, reach.token, row.confirmed_at]
        known = {"server": [server.host, server.user, server.password], "people": people}
        return json.dumps(known, sort_keys=True).encode()

    def _opened(self, wrapped: bytes) -> bytes | None:
        """None for what is not there, or lies under a key file of before."""
        try:
            return unwrap(wrapped, self._secret(LABEL), CONTEXT) if wrapped else None
        except (WrongKey, Misconfigured):
            return None
