"""Who signs: Ed25519 keys, their did:key names, and six words to read out over the telephone.

A node's id (``origin``) is the did:key of its root key; ``op_key`` has the same form. Machines compare the
whole name; the words are for people, and only for checking a name that a machine already has.
"""

import hashlib
import re
from dataclasses import dataclass, field
from functools import cache, lru_cache

from mnemonic import Mnemonic
from nacl import bindings

from protocol import base58
from protocol.errors import LocalProtocolError, RemoteProtocolError
from protocol.limits import FINGERPRINT_WORDS, PUBLIC_KEY_BYTES, SEED_BYTES

_DID = re.compile(r"did:key:z(6Mk[1-9A-HJ-NP-Za-km-z]{44})")
_MULTICODEC_ED25519 = b"\xed\x01"
_WORDS_DOMAIN = b"mutual-aid-connect/v1/words\x00"


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyPair:
    """An Ed25519 key that can sign: the op key in daily life, the root key while rescue cards are joined."""

    did: str
    """``did:key:z6Mk...`` of the public half."""
    public: bytes
    """32 bytes."""
    _secret: bytes = field(repr=False, compare=False)

    @classmethod
    def from_seed(cls, seed: bytes) -> "KeyPair":
        """The pair of a 32-byte seed (the private key of RFC 8032)."""
        if len(seed) != SEED_BYTES:
            raise LocalProtocolError("bad_key_id", f"a seed has {SEED_BYTES} bytes")
        public, secret = bindings.crypto_sign_seed_keypair(seed)
        return cls(did=did_of(public), public=public, _secret=secret)

    def sign(self, message: bytes) -> bytes:
        """The 64-byte Ed25519 signature of ``message`` (deterministic, RFC 8032)."""
        return bindings.crypto_sign(message, self._secret)[: bindings.crypto_sign_BYTES]


def signature_fits(message: bytes, signature: bytes, public: bytes) -> bool:
    """Whether ``signature`` (64 bytes) over ``message`` was made by the key ``public`` (32 bytes). Never
    raises.
    """
    try:
        bindings.crypto_sign_open(signature + message, public)
    except Exception:  # wrong lengths and a false signature alike: PyNaCl has a type for each
        return False
    return len(signature) == bindings.crypto_sign_BYTES


def did_of(public: bytes) -> str:
    """The did:key of a 32-byte Ed25519 public key."""
    return f"did:key:z{base58.encode(_MULTICODEC_ED25519 + public)}"


@lru_cache(maxsize=4096)
def public_of(did: str) -> bytes:
    """The 32-byte Ed25519 public key that ``did`` names.

    Raises :class:`RemoteProtocolError` ``bad_key_id`` for any other text, for another kind of key, and for a
    point that nobody can own: off the curve, not canonical, of small order, or outside the prime-order group.
    """
    match = _DID.fullmatch(did)
    if match is None:
        raise RemoteProtocolError("bad_key_id", "not a did:key of an Ed25519 key")
    try:
        data = base58.decode(match[1], len(_MULTICODEC_ED25519) + PUBLIC_KEY_BYTES)
    except ValueError:
        raise RemoteProtocolError("bad_key_id", "not a did:key of an Ed25519 key") from None
    public = data[2:]
    if data[:2] != _MULTICODEC_ED25519:
        raise RemoteProtocolError("bad_key_id", "not a did:key of an Ed25519 key")
    if not bindings.crypto_core_ed25519_is_valid_point(public):
        raise RemoteProtocolError("bad_key_id", "a weak or impossible Ed25519 key")
    return public


@cache
def _words() -> tuple[str, ...]:
    return tuple(Mnemonic("english").wordlist)


def fingerprint_words(did: str) -> tuple[str, ...]:
    """Six words for a node's id: the first 66 bits of SHA-256 over a domain label and the did, 11 bits a
    word.

    The list is the English one of BIP-39 (2048 words, the first four letters unique).
    """
    hashed = hashlib.sha256(_WORDS_DOMAIN + did.encode("utf-8")).digest()
    bits = int.from_bytes(hashed, "big") >> (256 - 11 * FINGERPRINT_WORDS)
    words = _words()
    return tuple(words[bits >> (11 * place) & 2047] for place in reversed(range(FINGERPRINT_WORDS)))


def words_match(did: str, said: str) -> bool:
    """Whether ``said`` - as typed or read out: any case, blanks, commas, dashes, full stops - are the
    words of ``did``.
    """
    return tuple(re.findall(r"[a-z]+", said.lower())) == fingerprint_words(did)
