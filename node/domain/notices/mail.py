"""The group's mail server: where it is, how it is reached, and who the mail comes from."""

import re
from dataclasses import dataclass, field
from enum import StrEnum

from node.domain.reach import is_email

HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.:-]{0,251}[A-Za-z0-9])?\Z")
HERE = frozenset({"localhost", "127.0.0.1", "::1"})


class Tls(StrEnum):
    """How the way to the server is closed to others."""

    STARTTLS = "starttls"
    """Begins in the clear and is closed before anything is said; usually port 587."""
    TLS = "tls"
    """Closed from the first byte; usually port 465."""
    NONE = "none"
    """Only for a server on this very machine."""


PORTS = {Tls.STARTTLS: 587, Tls.TLS: 465, Tls.NONE: 25}


@dataclass(frozen=True, slots=True, kw_only=True)
class MailServer:
    """Everything that is needed to send. ``password`` is never shown."""

    host: str
    port: int
    tls: Tls
    user: str = ""
    password: str = field(default="", repr=False)
    sender: str
    """The address that mail comes from: envelope, From, Message-ID and List-Id all carry its domain."""
    reply_to: str = ""
    """Where answers go; empty: to the sender."""

    @property
    def domain(self) -> str:
        """Of the sender: what SPF, DKIM and DMARC are looked up for."""
        return self.sender.rpartition("@")[2].lower()


def faults(server: MailServer) -> dict[str, str]:
    """Field -> a code of what is wrong with it; empty if it can be used."""
    found = {}
    if not HOST.match(server.host):
        found["host"] = "no_host"
    if not 1 <= server.port <= 65535:
        found["port"] = "no_port"
    if server.tls is Tls.NONE and server.host not in HERE:
        found["tls"] = "open_way"
    if server.password and not server.user:
        found["user"] = "no_user"
    if not _plain_address(server.sender):
        found["sender"] = "no_address"
    if server.reply_to and not _plain_address(server.reply_to):
        found["reply_to"] = "no_address"
    return found


def _plain_address(text: str) -> bool:
    return is_email(text) and text.isascii() and text.isprintable() and not set(text) & set('<>",;:()[]\\')
