"""A device that holds passkeys, as far as a test needs one (https://www.w3.org/TR/webauthn-3/). It can lie."""

import base64
import hashlib
import json
from dataclasses import dataclass, field
from typing import Any

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

_PRESENT, _VERIFIED, _WITH_KEY = 0x01, 0x04, 0x40


def text(value: bytes) -> str:
    """Base64 as WebAuthn writes it."""
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


@dataclass
class Authenticator:
    """One passkey. ``counts``: whether it tells how often it was used."""

    host: str = "help.example"
    origin: str = "https://help.example"
    verifies: bool = True
    """Whether it asks for a fingerprint or a PIN."""
    counts: bool = True
    id: bytes = b"made-up credential"
    handle: bytes = b""
    used: int = 0
    _key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.derive_private_key(7, ec.SECP256R1()))

    def made(self, challenge: bytes, handle: bytes) -> str:
        """The answer to "make one"."""
        self.handle = handle
        numbers = self._key.public_key().public_numbers()
        cose = {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")}
        about = bytes(16) + len(self.id).to_bytes(2, "big") + self.id + cbor2.dumps(cose)
        data = self._data(_WITH_KEY) + about
        made = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        said = self._client("webauthn.create", challenge)
        return self._answer({"clientDataJSON": text(said), "attestationObject": text(made)})

    def came(self, challenge: bytes, *, handle: bytes | None = None) -> str:
        """The answer to "who are you"."""
        self.used += self.counts
        data, said = self._data(0), self._client("webauthn.get", challenge)
        signed = self._key.sign(data + hashlib.sha256(said).digest(), ec.ECDSA(hashes.SHA256()))
        return self._answer(
            {
                "clientDataJSON": text(said),
                "authenticatorData": text(data),
                "signature": text(signed),
                "userHandle": text(self.handle if handle is None else handle),
            }
        )

    def _data(self, flags: int) -> bytes:
        flags |= _PRESENT | (_VERIFIED if self.verifies else 0)
        return hashlib.sha256(self.host.encode()).digest() + bytes([flags]) + self.used.to_bytes(4, "big")

    def _client(self, type: str, challenge: bytes) -> bytes:
        return json.dumps({"type": type, "challenge": text(challenge), "origin": self.origin}).encode()

    def _answer(self, response: dict[str, Any]) -> str:
        return json.dumps(
            {"id": text(self.id), "rawId": text(self.id), "type": "public-key", "response": response}
        )
