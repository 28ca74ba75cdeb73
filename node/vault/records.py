"""One sealed record: a random key sealed to the compartment, and the value under that key.

The layout is ``format(1) | record key sealed to the compartment (80) | nonce (24) | XChaCha20-Poly1305 box``.
The associated data names compartment, table, row and schema version, so that a box taken from one row opens
in no other. Values are padded to a multiple of 32 bytes, so that the length of a name does not show.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import orjson
from nacl import utils

from node.vault.compartments import Compartment
from node.vault.keys import KEY_BYTES, KeyPair, WrongKey, seal_to, unseal, unwrap, wrap

FORMAT = 1
_SEALED_KEY_BYTES = 80
_PAD = 32


def seal(public: bytes, compartment: Compartment, table: str, row_id: str, value: Mapping[str, Any]) -> bytes:
    """The box for one row; needs no private key. ``value`` is anything JSON can say."""
    key = utils.random(KEY_BYTES)
    plain = orjson.dumps(dict(value), option=orjson.OPT_SORT_KEYS)
    plain += b" " * (-len(plain) % _PAD)  # white space after JSON needs no un-padding
    return bytes([FORMAT]) + seal_to(public, key) + wrap(plain, key, _context(compartment, table, row_id))


def open_(pair: KeyPair, compartment: Compartment, table: str, row_id: str, blob: bytes) -> dict[str, Any]:
    """Reverses ``seal``; raises ``WrongKey`` if the bytes, the key or the row are not the same."""
    if blob[:1] != bytes([FORMAT]):
        raise WrongKey
    body = blob[1:]
    key = unseal(pair, body[:_SEALED_KEY_BYTES])
    plain = unwrap(body[_SEALED_KEY_BYTES:], key, _context(compartment, table, row_id))
    value: dict[str, Any] = orjson.loads(plain)
    return value


def resealed(public: bytes, former: Sequence[KeyPair], blob: bytes) -> bytes | None:
    """The same box with its record key sealed to ``public``, if one of the former pairs opens it; else None. The value
    itself, and what it is bound to, stay as they are.
    """
    if blob[:1] != bytes([FORMAT]):
        return None
    sealed_key = blob[1 : 1 + _SEALED_KEY_BYTES]
    for pair in former:
        try:
            key = unseal(pair, sealed_key)
        except WrongKey:
            continue
        return bytes([FORMAT]) + seal_to(public, key) + blob[1 + _SEALED_KEY_BYTES :]
    return None


def _context(compartment: Compartment, table: str, row_id: str) -> bytes:
    return orjson.dumps(["record", FORMAT, compartment.value, table, row_id])
