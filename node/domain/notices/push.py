"""A push service as the browser's maker runs it (RFC 8030): what a browser gives us, what we say beside a message, and
what the answers mean.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric import ec

from node.domain.notices.answers import Outcome, Refusal, Stage, outcome
from node.domain.notices.notice import Kind
from protocol import b64
from protocol.errors import ProtocolError

LONGEST_ENDPOINT = 1000
PUBLIC_BYTES = 65
AUTH_BYTES = 16
PRESSING = frozenset(
    {
        Kind.URGENT,
        Kind.ASKED,
        Kind.CONFIRMED,
        Kind.CALLED_OFF,
        Kind.MOVED,
        Kind.HELD,
        Kind.STALE,
        Kind.RETURNED,
        Kind.WROTE,
    }
)
"""Shown at once, also on a telephone that sleeps; everything else may wait until it wakes."""
_HARM = (Outcome.LATER, Outcome.NEVER, Outcome.BOUNCED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """One browser that takes messages (RFC 8291, 2; W3C Push API). Who has all three can send to it: never shown."""

    endpoint: str = field(repr=False)
    """The address, which identifies the device."""
    public: bytes = field(repr=False)
    """Its P-256 key, an uncompressed point: 65 bytes."""
    auth: bytes = field(repr=False)
    """16 bytes that it shares with us."""

    @property
    def record(self) -> Mapping[str, str]:
        """As it is sealed."""
        return {"endpoint": self.endpoint, "public": self.public.hex(), "auth": self.auth.hex()}

    @property
    def hash(self) -> bytes:
        """By which the same browser is known again; its address cannot be guessed."""
        return sha256(b"push-endpoint\0" + self.endpoint.encode()).digest()

    @classmethod
    def of(cls, record: Mapping[str, Any]) -> "Subscription":
        """Of what was sealed."""
        return cls(
            endpoint=record["endpoint"],
            public=bytes.fromhex(record["public"]),
            auth=bytes.fromhex(record["auth"]),
        )


def read_subscription(endpoint: str, public: str, auth: str) -> Subscription | None:
    """What a browser gave us (the keys as base64url); None if no message could be sealed to it or brought there."""
    try:
        keys = {"public": b64.decode(public, PUBLIC_BYTES), "auth": b64.decode(auth, AUTH_BYTES)}
        found = Subscription(endpoint=endpoint, **keys)
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), found.public)
    except (ProtocolError, ValueError):
        return None
    return found if _is_endpoint(endpoint) else None


def origin_of(endpoint: str) -> str:
    """Whom the message is brought to: ``https://host``, with a port that is not the usual one."""
    parts = urlsplit(endpoint)
    return f"{parts.scheme}://{parts.netloc.lower().removesuffix(':443')}"


def told_beside(message_id: str, *, seconds: int, pressing: bool) -> Mapping[str, str]:
    """Headers of RFC 8030: how long it is worth keeping, whether it may wake a telephone, and a name by which a
    message that was sent twice takes the place of the first."""
    return {
        "TTL": str(max(0, seconds)),
        "Urgency": "high" if pressing else "normal",
        "Topic": message_id,
    }


def refused_with(status: int, said: str, wait: int = 0) -> Refusal:
    """An answer that was not yes, as a mail server would say it. ``status`` 0: none came.

    Never about all messages: a push service is chosen by a browser, so one that says no speaks for itself alone.
    """
    words = f"HTTP {status} {said}".strip() if status else said
    if status in (404, 410):
        return Refusal(stage=Stage.RECIPIENT, code=550, said=words)
    if status in (400, 413) or 300 <= status < 400:
        return Refusal(stage=Stage.CONTENT, code=554, said=words)
    return Refusal(stage=Stage.CONTENT, code=451, said=words, wait=wait)


def mildest(refusals: list[Refusal]) -> Refusal:
    """What several devices that all said no come to: tried again while one of them may still take it. Without any
    device the address is gone."""
    none = Refusal(stage=Stage.RECIPIENT, code=550, said="no device")
    return min(refusals, key=lambda each: _HARM.index(outcome(each)), default=none)


def _is_endpoint(url: str) -> bool:
    """Whether it is an ``https`` address; where it leads is looked at each time somebody goes there."""
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return False
    plain = url.isascii() and url.isprintable() and not set(url) & set(' \\"<>')
    return (
        plain
        and len(url) <= LONGEST_ENDPOINT
        and parts.scheme == "https"
        and bool(parts.hostname)
        and parts.username is None
        and not parts.fragment
    )
