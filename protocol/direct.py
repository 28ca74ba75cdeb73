"""Direct messages: sealed to one group's box key, signed inside by the group that wrote them.

What travels is a small canonical object: a header in clear (for whom, which of its keys, until when, a random id)
and the sealed bytes. HPKE (RFC 9180, base mode; X25519, HKDF-SHA256, ChaCha20-Poly1305) binds the header as
``info``; the letter inside says its type, its writer and its time, and carries a signature by the writer's op key
over the header and all of itself. So nothing of it can be used for another recipient, header or type, and whoever
carries it learns neither the writer nor what it is about. The inside is padded to 1, 4 or 16 KiB.
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from protocol import b64, canonical, identity
from protocol.envelope import pae
from protocol.errors import LocalProtocolError, RemoteProtocolError
from protocol.identity import KeyPair, signature_fits
from protocol.limits import (
    ID_BYTES,
    LETTER_SIZES,
    MESSAGE_BYTES,
    SEALING_BYTES,
    SIGNATURE_BYTES,
)
from protocol.validate import explain, fast

VERSION = 1
SUITE: Final = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.CHACHA20_POLY1305)
SCHEMA = "direct.v1"
KINDS: Final = (
    "offer",
    "answer",
    "handover",
    "receipt",
    "outcome",
    "referral",
    "revoke",
    "deleted",
    "state?",
    "state",
    "rekey",
    "ring",
)
"""Types of letters that version 1 knows. Another type is read and verified all the same, and nothing is done."""
UNDERSTOOD: Final[frozenset[str]] = frozenset()
"""Names that ``crit`` may list and this version understands. So far none."""

CODES: Final = {
    "bad_message": "not exactly the keys box, expires, id, sealed, to and v, or one of them of the wrong form",
    "cannot_open": "the key does not fit, or the header or the sealed bytes were changed",
    "bad_padding": "the inside is not padded to the smallest size that holds it",
}
"""Codes of reading and opening beside those of a line (``protocol.errors.CODES``). docs/protocol.md has the same
table."""

_BOX_LABEL = b"mutual-aid-connect/v1/box\0"
_HEADER_TYPE = "application/vnd.mutual-aid-connect.direct-header.v1+json"
_LETTER_TYPE = "application/vnd.mutual-aid-connect.direct.v1+json"
_SEALED_SIZES = frozenset(size + SEALING_BYTES for size in LETTER_SIZES)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_FIELDS = frozenset({"box", "expires", "id", "sealed", "to", "v"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """What anybody on the way can read."""

    to: str
    """did:key of the recipient's root key."""
    box: str
    """Which of its box keys: see :func:`box_id`."""
    expires: date
    """The first day on which it no longer counts."""
    id: str
    """16 random bytes in base64url; the same when a letter is sealed again."""

    def body(self) -> dict[str, Any]:
        """As canonical JSON values."""
        return {
            "box": self.box,
            "expires": self.expires.isoformat(),
            "id": self.id,
            "to": self.to,
            "v": VERSION,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """What only the recipient reads."""

    type: str
    """One of :data:`KINDS`, or what a later version knows."""
    sender: str
    """did:key of the writer's root key (``from`` on the wire)."""
    time: int
    """When it was written by the writer's clock, Unix seconds."""
    content: Mapping[str, Any]
    """By type, see ``schemas/direct.v1.json``."""
    need: str | None = None
    """The public id of the need it is about."""
    crit: tuple[str, ...] = ()
    """Names of fields that a reader must understand to act on it."""

    def body(self) -> dict[str, Any]:
        """As canonical JSON values, without the signature."""
        body: dict[str, Any] = {
            "content": dict(self.content),
            "from": self.sender,
            "time": self.time,
            "type": self.type,
        }
        if self.need is not None:
            body["need"] = self.need
        if self.crit:
            body["crit"] = list(self.crit)
        return body

    @property
    def unknown_crit(self) -> tuple[str, ...]:
        """Names in ``crit`` that this version does not understand: nothing may be done with the letter."""
        return tuple(name for name in self.crit if name not in UNDERSTOOD)


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A message as it travels. Nothing of its inside is known."""

    header: Header
    sealed: bytes = field(repr=False)
    """Encapsulated key (32 bytes), then ciphertext with tag."""

    def line(self) -> bytes:
        """Its canonical bytes."""
        return canonical.encode(
            {**self.header.body(), "sealed": b64.encode(self.sealed)}, limit=MESSAGE_BYTES
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A letter taken out of its message. Its signature may or may not have been verified: :func:`verify`."""

    letter: Letter
    header: Header
    signature: bytes
    body: Mapping[str, Any] = field(repr=False)
    """All that was signed, with fields that this version does not know."""


def box_id(public: bytes) -> str:
    """How a header names the X25519 public key ``public`` (32 bytes): 16 bytes of a labelled SHA-256, base64url."""
    return b64.encode(hashlib.sha256(_BOX_LABEL + public).digest()[:ID_BYTES])


def seal(letter: Letter, *, to: str, box_key: bytes, expires: date, id: str, key: KeyPair) -> Message:
    """``letter`` signed by the op key ``key`` and sealed to the recipient's box key (32 bytes).

    Sealing draws randomness of its own: two calls give two messages. Raises :class:`LocalProtocolError` for what
    nobody could read: content outside the schema or the canonical profile, more than 16 KiB (``too_long``), or a
    box key that nobody can own (``bad_key_id``).
    """
    header = Header(to=to, box=box_id(box_key), expires=expires, id=id)
    body = letter.body()
    signature = key.sign(_signed(header, body))
    padded = _pad(
        canonical.encode({**body, "sig": b64.encode(signature)}, limit=LETTER_SIZES[-1]), LocalProtocolError
    )
    try:
        sealed = SUITE.encrypt(padded, X25519PublicKey.from_public_bytes(box_key), _info(header))
    except ValueError as error:
        raise LocalProtocolError("bad_key_id", "a box key that nobody can own") from error
    try:
        message = read(Message(header=header, sealed=sealed).line())
        _letter(padded)
    except RemoteProtocolError as fault:
        raise LocalProtocolError(fault.code, fault.detail) from fault
    return message


def read(data: bytes) -> Message:
    """The message that canonical ``data`` is, checked as far as it can be without a key.

    Raises :class:`RemoteProtocolError`: the codes of canonical JSON, ``unknown_version``, ``bad_key_id``,
    ``bad_day``, ``bad_message``.
    """
    value = canonical.decode(data, limit=MESSAGE_BYTES)
    if type(value) is not dict or type(value.get("v")) is not int:
        raise RemoteProtocolError("bad_message", "an object with v")
    if value["v"] != VERSION:
        raise RemoteProtocolError("unknown_version", "of a direct message")
    if value.keys() != _FIELDS or not all(type(value[name]) is str for name in _FIELDS - {"v"}):
        raise RemoteProtocolError("bad_message", "exactly box, expires, id, sealed, to and v")
    identity.public_of(value["to"])
    size = len(value["sealed"]) * 3 // 4
    if size not in _SEALED_SIZES:
        raise RemoteProtocolError("bad_message", "sealed is of none of the sizes there are")
    try:
        for name in ("box", "id"):
            b64.decode(value[name], ID_BYTES)
        sealed = b64.decode(value["sealed"], size)
    except RemoteProtocolError:
        raise RemoteProtocolError("bad_message", "not base64url") from None
    return Message(
        header=Header(to=value["to"], box=value["box"], expires=_day(value["expires"]), id=value["id"]),
        sealed=sealed,
    )


def open_(message: Message, private: bytes) -> Opened:
    """The letter inside, by the box key's private half (32 bytes). Its signature is not verified yet.

    Raises :class:`RemoteProtocolError`: ``cannot_open``, ``bad_padding``, the codes of canonical JSON, ``schema``,
    ``bad_key_id``. An unknown type and unknown names in ``crit`` are no error.
    """
    try:
        padded = SUITE.decrypt(
            message.sealed, X25519PrivateKey.from_private_bytes(private), _info(message.header)
        )
    except (InvalidTag, ValueError) as error:
        raise RemoteProtocolError("cannot_open") from error
    letter, body, signature = _letter(padded)
    return Opened(letter=letter, header=message.header, signature=signature, body=body)


def verify(opened: Opened, public: bytes) -> None:
    """Raises :class:`RemoteProtocolError` ``bad_signature`` unless the Ed25519 key ``public`` (32 bytes) - the op
    key of the letter's own ``sender`` - signed exactly this letter under exactly this header.
    """
    if not signature_fits(_signed(opened.header, opened.body), opened.signature, public):
        raise RemoteProtocolError("bad_signature")


def _info(header: Header) -> bytes:
    return pae(_HEADER_TYPE, canonical.encode(header.body()))


def _signed(header: Header, body: Mapping[str, Any]) -> bytes:
    """What the writer signs: no canonical JSON holds a newline, so the two halves cannot be cut otherwise."""
    inside = canonical.encode(dict(body), limit=LETTER_SIZES[-1])
    return pae(_LETTER_TYPE, canonical.encode(header.body()) + b"\n" + inside)


def _pad(data: bytes, error: type[LocalProtocolError | RemoteProtocolError]) -> bytes:
    """Zero bytes up to the smallest size: JSON ends with a brace, so they need no count."""
    for size in LETTER_SIZES:
        if len(data) <= size:
            return data.ljust(size, b"\0")
    raise error("too_long", f"{len(data)} of {LETTER_SIZES[-1]} bytes")


def _letter(padded: bytes) -> tuple[Letter, dict[str, Any], bytes]:
    """The letter, all that was signed of it, and the signature."""
    data = padded.rstrip(b"\0")
    if padded != _pad(data, RemoteProtocolError):
        raise RemoteProtocolError("bad_padding")
    body = canonical.decode(data, limit=LETTER_SIZES[-1])
    if not fast(SCHEMA).is_valid(body):
        raise RemoteProtocolError("schema", explain(SCHEMA, body))
    identity.public_of(body["from"])
    signature = b64.decode(body.pop("sig"), SIGNATURE_BYTES)
    letter = Letter(
        type=body["type"],
        sender=body["from"],
        time=body["time"],
        content=body["content"],
        need=body.get("need"),
        crit=tuple(body.get("crit", ())),
    )
    return letter, body, signature


def _day(text: str) -> date:
    try:
        if _DAY.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise RemoteProtocolError("bad_day", "expires")
