"""Messages sealed for one browser (RFC 8291) in the ``aes128gcm`` coding (RFC 8188): the push service that carries one
reads nothing of it, not even how long it is.
"""

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from node.domain.ids import Random
from node.domain.notices.push import Subscription

CURVE = ec.SECP256R1()
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
"""Of the curve's group (FIPS 186-5)."""
RECORD = 4096
"""What the header says of the longest record; ours is one, and shorter."""
SALT_BYTES = 16
PADDED = 2048
"""Bytes of every message before it is sealed: well below the 4096 of RFC 8291 (4), whatever it says."""
LAST = b"\x02"
"""Marks the end of the last record; what follows is padding."""


def new_key(random: Random) -> ec.EllipticCurvePrivateKey:
    """A fresh pair, without a bias that counts (FIPS 186-5, A.2.1)."""
    return ec.derive_private_key(1 + int.from_bytes(random(40)) % (ORDER - 1), CURVE)


def point(key: ec.EllipticCurvePrivateKey) -> bytes:
    """Its public half, an uncompressed point: 65 bytes."""
    return key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def sealed_for(
    to: Subscription, content: bytes, *, key: ec.EllipticCurvePrivateKey, salt: bytes, padded: int = PADDED
) -> bytes:
    """The body of a request. ``key`` and ``salt`` (16 bytes) are for this message and never used again. Raises
    ``ValueError`` for what is longer than ``padded`` bytes leave room for."""
    theirs = ec.EllipticCurvePublicKey.from_encoded_point(CURVE, to.public)
    info = b"WebPush: info\0" + to.public + point(key)
    secret = _derived(to.auth, key.exchange(ec.ECDH(), theirs), info, 32)
    return record(secret, content, salt=salt, key_id=point(key), padded=padded)


def record(secret: bytes, content: bytes, *, salt: bytes, key_id: bytes, padded: int) -> bytes:
    """RFC 8188 in one record of ``padded`` bytes before sealing, the mark of the end among them. Raises
    ``ValueError``."""
    if len(content) >= padded:
        raise ValueError("longer than a message may be")
    filled = (content + LAST).ljust(padded, b"\0")
    cek = _derived(salt, secret, b"Content-Encoding: aes128gcm\0", 16)
    nonce = _derived(salt, secret, b"Content-Encoding: nonce\0", 12)
    head = salt + RECORD.to_bytes(4) + len(key_id).to_bytes(1) + key_id
    return head + AESGCM(cek).encrypt(nonce, filled, None)


def _derived(salt: bytes, secret: bytes, info: bytes, length: int) -> bytes:
    return HKDF(algorithm=SHA256(), length=length, salt=salt, info=info).derive(secret)
