"""Where the group's mail goes out: set by an admin, tried at once with a message to herself."""

from dataclasses import replace

from node.clock import unix
from node.domain.actors import Actor
from node.domain.ids import new_id
from node.domain.notices.answers import Refusal
from node.domain.notices.envelope import Content, envelope
from node.domain.notices.mail import MailServer, faults
from node.domain.permissions import Permission, require
from node.domain.reach import is_email
from node.errors import N_, Invalid
from node.services.desk import Desk
from node.services.notices.carrying import Parcel, Refused
from node.services.notices.smtp import Carrier
from node.store import mail_server, settings
from node.store.db import Tx
from node.vault import Compartment

FAULTS = {
    "no_host": N_("This should look like mail.example.org."),
    "no_port": N_("A port is a number from 1 to 65535."),
    "open_way": N_("Without encryption only a mail server on this very machine can be used."),
    "no_user": N_("A password needs a user name."),
    "no_address": N_("This is no e-mail address."),
}
"""Code of ``domain.notices.mail.faults`` -> what the page says."""


class MailSettings:
    """Shown, changed and tried. The password lies sealed: while the records are closed no mail goes, because addresses
    are closed as well."""

    def __init__(self, desk: Desk, carrier: Carrier) -> None:
        self._desk = desk
        self._carrier = carrier

    async def shown(self, actor: Actor) -> MailServer | None:
        """As it is set, without the password."""
        require(actor, Permission.SETTINGS)
        async with self._desk.db.read() as tx:
            held = await mail_server.get(tx)
        return held[0] if held else None

    async def has_address(self) -> bool:
        """Whether this node knows its own address: without it a message can hold no link."""
        async with self._desk.db.read() as tx:
            url = await settings.get(tx, settings.PUBLIC_URL)
        return bool(url)

    async def change(self, actor: Actor, server: MailServer, *, keep_password: bool = False) -> None:
        """Sets it. ``keep_password``: the one that was set before stays, if it is for the same server and user. Raises
        ``Invalid``. Works while locked."""
        require(actor, Permission.SETTINGS)
        if wrong := {field: FAULTS[code] for field, code in faults(server).items()}:
            raise Invalid("mail_server", N_("Something here cannot be right."), fields=wrong)
        desk = self._desk
        async with desk.db.write() as tx:
            held = await mail_server.get(tx)
            # The same box again, unopened; but not for another server: that one is told no old secret.
            same = held is not None and held[0].host == server.host and held[0].user == server.user
            if keep_password and held is not None and same:
                sealed = held[1]
            else:
                record = {"password": server.password}
                sealed = desk.vault.seal(Compartment.PEOPLE, "mail_server", mail_server.ROW, record)
            await mail_server.put(tx, server, sealed)
            await desk.record(tx, actor, "mail.set", "group")

    async def take_out(self, actor: Actor) -> None:
        """No mail goes any more."""
        require(actor, Permission.SETTINGS)
        async with self._desk.db.write() as tx:
            if await mail_server.take_out(tx):
                await self._desk.record(tx, actor, "mail.off", "group")

    async def try_it(self, actor: Actor, to: str, content: Content) -> Refusal | None:
        """Sends one message to that address, now; None when the server took it, else what it said. The address is not
        kept. Raises ``Invalid``, ``Locked``."""
        require(actor, Permission.SETTINGS)
        if not is_email(to):
            raise Invalid("mail_to", N_("This is no e-mail address."), fields={"to": FAULTS["no_address"]})
        desk = self._desk
        async with desk.db.read() as tx:
            server = await self.opened(tx)
            group = await settings.get(tx, settings.GROUP_NAME)
        if server is None:
            raise Invalid("mail_server", N_("Set up the mail server first."))
        id = new_id(desk.random)
        message = envelope(server, group, to, content, notice_id=id, created_at=unix(desk.clock))
        refusal = None
        try:
            async with self._carrier.open(server) as line:
                await line.send(Parcel(id=id, to=to, content=message))
        except Refused as refused:
            refusal = refused.refusal
        async with desk.db.write() as tx:
            await desk.record(tx, actor, "mail.tried", "group", answer=refusal.answer if refusal else "taken")
        return refusal

    async def reached(self) -> tuple[str, Refusal | None] | None:
        """The server's name, and what it said when it was asked just now, without a message; None when none is set.
        While the records are closed nobody signs in: then only whether it answers is known."""
        desk = self._desk
        async with desk.db.read() as tx:
            held = await mail_server.get(tx)
            if held is None:
                return None
            opened = await self.opened(tx) if desk.vault.is_open(Compartment.PEOPLE) else None
        try:
            async with self._carrier.open(opened or replace(held[0], user="")):
                return held[0].host, None
        except Refused as refused:
            return held[0].host, refused.refusal

    async def opened(self, tx: Tx) -> MailServer | None:
        """With the password. Raises ``Locked``."""
        held = await mail_server.get(tx)
        if held is None:
            return None
        record = self._desk.vault.open(Compartment.PEOPLE, "mail_server", mail_server.ROW, held[1])
        return replace(held[0], password=str(record["password"]))
