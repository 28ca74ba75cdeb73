"""HPKE base mode (RFC 9180) written out from the RFC alone: DHKEM(X25519, HKDF-SHA256), HKDF-SHA256,
ChaCha20-Poly1305. An oracle beside the library, slow and plain; held against the RFC's own vectors in test_hpke.py.
"""

import hmac

from nacl.bindings import (
    crypto_aead_chacha20poly1305_ietf_decrypt,
    crypto_aead_chacha20poly1305_ietf_encrypt,
    crypto_scalarmult,
    crypto_scalarmult_base,
)

KEM_SUITE = b"KEM" + (0x0020).to_bytes(2, "big")
SUITE = b"HPKE" + b"".join(number.to_bytes(2, "big") for number in (0x0020, 0x0001, 0x0003))
BASE_MODE = b"\x00"


def extract(salt: bytes, ikm: bytes) -> bytes:
    """HKDF-Extract (RFC 5869)."""
    return hmac.digest(salt or bytes(32), ikm, "sha256")


def expand(key: bytes, info: bytes, length: int) -> bytes:
    """HKDF-Expand (RFC 5869)."""
    out, block = b"", b""
    while len(out) < length:
        block = hmac.digest(key, block + info + bytes([len(out) // 32 + 1]), "sha256")
        out += block
    return out[:length]


def labeled_extract(suite: bytes, salt: bytes, label: bytes, ikm: bytes) -> bytes:
    """Section 4."""
    return extract(salt, b"HPKE-v1" + suite + label + ikm)


def labeled_expand(suite: bytes, key: bytes, label: bytes, info: bytes, length: int) -> bytes:
    """Section 4."""
    return expand(key, length.to_bytes(2, "big") + b"HPKE-v1" + suite + label + info, length)


def derive_key_pair(ikm: bytes) -> tuple[bytes, bytes]:
    """Section 7.1.3: (private, public)."""
    private = labeled_expand(KEM_SUITE, labeled_extract(KEM_SUITE, b"", b"dkp_prk", ikm), b"sk", b"", 32)
    return private, crypto_scalarmult_base(private)


def public_of(private: bytes) -> bytes:
    """The public half."""
    return crypto_scalarmult_base(private)


def shared_secret(dh: bytes, enc: bytes, public: bytes) -> bytes:
    """Section 4.1: ExtractAndExpand."""
    prk = labeled_extract(KEM_SUITE, b"", b"eae_prk", dh)
    return labeled_expand(KEM_SUITE, prk, b"shared_secret", enc + public, 32)


def key_schedule(secret: bytes, info: bytes) -> tuple[bytes, bytes, bytes]:
    """Section 5.1, base mode: (key, base nonce, exporter secret)."""
    context = BASE_MODE + labeled_extract(SUITE, b"", b"psk_id_hash", b"")
    context += labeled_extract(SUITE, b"", b"info_hash", info)
    mixed = labeled_extract(SUITE, secret, b"secret", b"")
    return (
        labeled_expand(SUITE, mixed, b"key", context, 32),
        labeled_expand(SUITE, mixed, b"base_nonce", context, 12),
        labeled_expand(SUITE, mixed, b"exp", context, 32),
    )


def nonce(base: bytes, seq: int) -> bytes:
    """Section 5.2."""
    return bytes(a ^ b for a, b in zip(base, seq.to_bytes(12, "big"), strict=True))


def seal(
    plain: bytes, public: bytes, info: bytes, *, ephemeral: bytes, aad: bytes = b"", seq: int = 0
) -> bytes:
    """encapsulated key | ciphertext | tag; ``ephemeral`` is the private half that is drawn at random otherwise."""
    enc = crypto_scalarmult_base(ephemeral)
    key, base, _ = key_schedule(shared_secret(crypto_scalarmult(ephemeral, public), enc, public), info)
    return enc + crypto_aead_chacha20poly1305_ietf_encrypt(plain, aad, nonce(base, seq), key)


def open_(sealed: bytes, private: bytes, info: bytes, *, aad: bytes = b"", seq: int = 0) -> bytes:
    """Reverses ``seal``; raises ``nacl.exceptions.CryptoError``."""
    enc, box = sealed[:32], sealed[32:]
    public = crypto_scalarmult_base(private)
    key, base, _ = key_schedule(shared_secret(crypto_scalarmult(private, enc), enc, public), info)
    return crypto_aead_chacha20poly1305_ietf_decrypt(box, aad, nonce(base, seq), key)
