"""The envelope: ``{"b": body, "s": signature}``, signed over its type as well as its content.

The signature is Ed25519 over DSSE's pre-authentication encoding (PAE) of the media type and the canonical
body, so a signature for one type of statement is never one for another. The line's bytes *are* the
statement: fields we do not know are kept and passed on because the line is.
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from protocol import b64, canonical
from protocol.errors import LocalProtocolError, RemoteProtocolError
from protocol.identity import KeyPair, signature_fits
from protocol.limits import SIGNATURE_BYTES

_HEAD = b'{"b":'
_MIDDLE = b',"s":"'
_TAIL_BYTES = len(_MIDDLE) + 86 + len(b'"}')


class Envelope(NamedTuple):
    """A canonical line taken apart; nothing here says that its signature is good. (A NamedTuple: one is made
    for every line that is read, and a frozen dataclass costs four times as much.)
    """

    line: bytes
    body: dict[str, Any]
    signature: bytes
    """64 bytes."""
    payload: bytes
    """The canonical bytes of the body: a slice of the line."""
    type: str
    v: int


@lru_cache(maxsize=256)
def media_type(type: str, v: int) -> str:
    """The payload type inside the signature, such as
    ``application/vnd.mutual-aid-connect.summary.v1+json``.
    """
    return f"application/vnd.mutual-aid-connect.{type}.v{v}+json"


def pae(type: str, payload: bytes) -> bytes:
    """DSSE v1 pre-authentication encoding of ``payload`` under the media type ``type``."""
    kind = type.encode("utf-8")
    return b"DSSEv1 %d %b %d %b" % (len(kind), kind, len(payload), payload)


@lru_cache(maxsize=256)
def _front(type: str, v: int) -> bytes:
    """What stands before the payload's length for a statement of that type."""
    kind = media_type(type, v).encode("utf-8")
    return b"DSSEv1 %d %b " % (len(kind), kind)


def sign(body: Mapping[str, Any], key: KeyPair) -> bytes:
    """The canonical line of ``body`` signed by ``key``. ``body`` must hold ``type`` (str) and ``v`` (int).

    Raises :class:`~protocol.errors.LocalProtocolError` for a body outside the canonical profile.
    """
    plain = dict(body)
    if type(plain.get("type")) is not str or type(plain.get("v")) is not int:
        raise LocalProtocolError("bad_envelope", 'a body has "type" (string) and "v" (integer from 1)')
    payload = canonical.encode(plain)
    signature = key.sign(pae(media_type(plain["type"], plain["v"]), payload))
    return canonical.encode({"b": plain, "s": b64.encode(signature)})


def parse(line: bytes, value: Any = None) -> Envelope:
    """Takes a line apart after the canonical check. Raises :class:`RemoteProtocolError`.

    ``value`` spares reading the JSON twice: see :func:`protocol.canonical.check`.
    """
    if value is None:
        value = canonical.decode(line)
    else:
        canonical.check(line, value)
    if type(value) is not dict or len(value) != 2 or "b" not in value or "s" not in value:
        raise RemoteProtocolError("bad_envelope", 'exactly the keys "b" and "s"')
    body, text = value["b"], value["s"]
    if type(body) is not dict or type(text) is not str:
        raise RemoteProtocolError("bad_envelope", '"b" is an object and "s" a string')
    kind, version = body.get("type"), body.get("v")
    if type(kind) is not str or type(version) is not int or not (kind and version >= 1):
        raise RemoteProtocolError("bad_envelope", 'a body has "type" (string) and "v" (integer from 1)')
    try:
        signature = b64.decode(text, SIGNATURE_BYTES)
    except RemoteProtocolError:
        raise RemoteProtocolError("bad_envelope", '"s" is 64 bytes in base64url') from None
    # Canonical bytes with exactly these two keys: the body's own bytes are what lies between them.
    payload = line[len(_HEAD) : -_TAIL_BYTES]
    return Envelope(line, body, signature, payload, kind, version)


def verify(envelope: Envelope, public: bytes) -> bool:
    """Whether the envelope was signed by the Ed25519 key ``public`` (32 bytes)."""
    _, _, signature, payload, kind, version = envelope
    return signature_fits(b"%b%d %b" % (_front(kind, version), len(payload), payload), signature, public)
