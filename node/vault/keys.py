"""Key pairs and the two ways a private key is put away: under a password, or sealed to somebody's public
key."""

import time
from dataclasses import dataclass
from hashlib import sha256
from hmac import digest as hmac_digest
from typing import Self

import orjson
from nacl import bindings, pwhash, utils
from nacl.bindings import (
    crypto_aead_xchacha20poly1305_ietf_decrypt,
    crypto_aead_xchacha20poly1305_ietf_encrypt,
    crypto_box_seal,
    crypto_box_seal_open,
    crypto_scalarmult_base,
)
from nacl.exceptions import CryptoError

KEY_BYTES = 32
NONCE_BYTES = bindings.crypto_aead_xchacha20poly1305_ietf_NPUBBYTES


class WrongKey(Exception):
    """The key, password or context does not fit, or the bytes were changed: one answer for all of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyPair:
    """An X25519 pair, 32 bytes each half. The private half never appears in a ``repr``."""

    public: bytes
    _private: bytes

    @classmethod
    def new(cls) -> Self:
        """A fresh random pair."""
        return cls.of(utils.random(KEY_BYTES))

    @classmethod
    def of(cls, private: bytes) -> Self:
        """The pair with this private half."""
        return cls(public=crypto_scalarmult_base(private), _private=private)

    @property
    def private(self) -> bytes:
        return self._private

    def __repr__(self) -> str:
        return f"KeyPair(public={self.public.hex()})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kdf:
    """What one Argon2id derivation costs: passes over memory, and memory in bytes (at least 8 KiB)."""

    ops: int
    memory: int

    def to_json(self) -> str:
        """As stored beside a wrapped key, so that the cost may be raised later for new passwords."""
        return orjson.dumps({"name": "argon2id13", "ops": self.ops, "memory": self.memory}).decode()

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Reverses ``to_json``; ``ValueError`` for another algorithm."""
        value = orjson.loads(text)
        if value.get("name") != "argon2id13":
            raise ValueError("unknown key derivation")
        return cls(ops=int(value["ops"]), memory=int(value["memory"]))

    def derive(self, password: str, salt: bytes) -> bytes:
        """32 bytes from a password; slow on purpose, so call it in a thread and one at a time."""
        return pwhash.argon2id.kdf(
            KEY_BYTES, password.encode(), salt, opslimit=self.ops, memlimit=self.memory
        )


QUICK = Kdf(ops=pwhash.argon2id.OPSLIMIT_MIN, memory=pwhash.argon2id.MEMLIMIT_MIN)
"""The cheapest the library allows: for tests and made-up data, never for people."""
SALT_BYTES = pwhash.argon2id.SALTBYTES


def calibrate(target_seconds: float = 0.5, memory: int = 64 * 1024 * 1024) -> Kdf:
    """The cost at which this machine takes about ``target_seconds`` for one password.

    Memory stays at 64 MiB (RFC 9106's second recommendation, fit for small boards); passes go from 2 to 12.
    Measured on the machine the node is installed on.
    """
    started = time.perf_counter()
    Kdf(ops=2, memory=memory).derive("calibration", bytes(SALT_BYTES))
    per_pass = (time.perf_counter() - started) / 2
    return Kdf(ops=max(2, min(12, round(target_seconds / max(per_pass, 1e-6)))), memory=memory)


def wrap(private: bytes, key: bytes, context: bytes) -> bytes:
    """``private`` under a symmetric key; ``context`` must be the same again when it is taken out."""
    nonce = utils.random(NONCE_BYTES)
    return nonce + crypto_aead_xchacha20poly1305_ietf_encrypt(private, context, nonce, key)


def unwrap(wrapped: bytes, key: bytes, context: bytes) -> bytes:
    """Reverses ``wrap``; raises ``WrongKey``."""
    nonce, box = wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:]
    try:
        return crypto_aead_xchacha20poly1305_ietf_decrypt(box, context, nonce, key)
    except (CryptoError, ValueError, TypeError) as error:
        raise WrongKey from error


def wrap_with_password(private: bytes, password: str, kdf: Kdf, context: bytes) -> bytes:
    """salt | nonce | box. Slow on purpose."""
    salt = utils.random(SALT_BYTES)
    return salt + wrap(private, kdf.derive(password, salt), context)


def unwrap_with_password(wrapped: bytes, password: str, kdf: Kdf, context: bytes) -> bytes:
    """Reverses ``wrap_with_password``; slow on purpose; raises ``WrongKey``."""
    return unwrap(wrapped[SALT_BYTES:], kdf.derive(password, wrapped[:SALT_BYTES]), context)


def seal_to(public: bytes, secret: bytes) -> bytes:
    """``secret`` for the holder of the private half only; anonymous."""
    return crypto_box_seal(secret, public)


def unseal(pair: KeyPair, sealed: bytes) -> bytes:
    """Reverses ``seal_to``; raises ``WrongKey``."""
    try:
        return crypto_box_seal_open(sealed, pair.public, pair.private)
    except (CryptoError, ValueError, TypeError) as error:
        raise WrongKey from error


def derive(secret: bytes, label: str) -> bytes:
    """32 bytes bound to ``label`` from a uniformly random secret: HKDF-SHA256 (RFC 5869), empty salt, one
    block."""
    extracted = hmac_digest(bytes(sha256().digest_size), secret, "sha256")
    return hmac_digest(extracted, b"mutual-aid-connect/v1/" + label.encode() + b"\x01", "sha256")
