"""A verifier of W3C documents as somebody else would write it, from the recommendation alone (eddsa-jcs-2022, did:key,
multibase): nothing of ours is imported here.
"""

import hashlib
from collections.abc import Mapping
from typing import Any

import rfc8785
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

_LETTERS = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"


def from_multibase(text: str, length: int) -> bytes:
    """The ``length`` bytes that a ``z`` and base58 write; ValueError, or OverflowError if they are more."""
    if not text.startswith("z"):
        raise ValueError("not base58")
    number = 0
    for letter in text[1:]:
        number = number * 58 + _LETTERS.index(letter)
    return number.to_bytes(length, "big")


def verified(document: Mapping[str, Any]) -> dict[str, Any]:
    """The document without its proof. Raises ``InvalidSignature`` unless the key that the proof names signed it."""
    unsigned = {name: value for name, value in document.items() if name != "proof"}
    options = dict(document["proof"])
    signature = from_multibase(options.pop("proofValue"), 64)
    key = from_multibase(options["verificationMethod"].partition("#")[2], 34)
    if key[:2] != b"\xed\x01":
        raise ValueError("not a key of Ed25519")
    message = b"".join(hashlib.sha256(rfc8785.dumps(part)).digest() for part in (options, unsigned))
    Ed25519PublicKey.from_public_bytes(key[2:]).verify(signature, message)
    return unsigned
