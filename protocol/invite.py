"""The invitation that one group's people hand to another's: a link whose secret never reaches a server's log.

``https://group.example/join#did:key:z6Mk...~<secret>``: where the inviting node is reached, who it is, and 128
random bits that are good once. What stands after ``#`` is not sent by a browser.
"""

from dataclasses import dataclass, field
from urllib.parse import urlsplit

from protocol import b64
from protocol.errors import RemoteProtocolError
from protocol.identity import public_of
from protocol.limits import INVITE_SECRET_BYTES

_PATH = "/join"


@dataclass(frozen=True, slots=True, kw_only=True)
class Invite:
    """One invitation as it travels. ``url`` has no slash at its end."""

    url: str
    origin: str
    """did:key of the inviting node's root key."""
    secret: str = field(repr=False)
    """22 characters of base64url."""

    def link(self) -> str:
        """As it is written down, or drawn as a QR code: at most about 300 characters."""
        return f"{self.url}{_PATH}#{self.origin}~{self.secret}"


def read(link: str) -> Invite | None:
    """The invitation that a pasted text is, blanks around it allowed; None if it is none.

    The origin is a usable key and the secret well-formed; whether anybody lives at the address is for the caller
    to find out, under its own rules of where it may connect to.
    """
    address, mark, rest = link.strip().partition("#")
    origin, tilde, secret = rest.partition("~")
    if not (mark and tilde and address.endswith(_PATH)) or len(link) > 500:
        return None
    url = address.removesuffix(_PATH)
    try:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.query:
            return None
        public_of(origin)
        b64.decode(secret, INVITE_SECRET_BYTES)
    except (RemoteProtocolError, ValueError):
        return None
    return Invite(url=url, origin=origin, secret=secret)
