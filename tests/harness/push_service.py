"""A browser that takes pushes, and a real push service on loopback over https, as browsers' makers run them."""

import json
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hmac import HMAC

from node.domain.notices.push import Subscription
from protocol import b64
from tests.harness.post_office import certificate

HOST = "push.example.net"


@dataclass(frozen=True, slots=True)
class Phone:
    """A browser's side: it alone can read what is sealed for it, with a derivation of its own (RFC 8291, 3.4, written
    with bare HMACs)."""

    endpoint: str
    key: ec.EllipticCurvePrivateKey
    auth: bytes

    @classmethod
    def new(cls, endpoint: str, random: Callable[[int], bytes]) -> "Phone":
        """One with fresh keys."""
        scalar = 1 + int.from_bytes(random(31))
        return cls(endpoint, ec.derive_private_key(scalar, ec.SECP256R1()), random(16))

    @property
    def public(self) -> bytes:
        """Its key as an uncompressed point."""
        numbers = self.key.public_key().public_numbers()
        return b"\x04" + numbers.x.to_bytes(32) + numbers.y.to_bytes(32)

    @property
    def subscription(self) -> Subscription:
        """As the node holds it."""
        return Subscription(endpoint=self.endpoint, public=self.public, auth=self.auth)

    @property
    def form(self) -> dict[str, str]:
        """As the page sends it."""
        return {
            "endpoint": self.endpoint,
            "p256dh": b64.encode(self.public),
            "auth": b64.encode(self.auth),
        }

    def read(self, body: bytes) -> bytes:
        """What a message says. Raises ``InvalidTag`` for another's."""
        salt, length = body[:16], body[20]
        sender = body[21 : 21 + length]
        theirs = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), sender)
        shared = _hmac(self.auth, self.key.exchange(ec.ECDH(), theirs))
        secret = _hmac(shared, b"WebPush: info\0" + self.public + sender + b"\x01")
        content = _hmac(salt, secret)
        key = _hmac(content, b"Content-Encoding: aes128gcm\0\x01")[:16]
        nonce = _hmac(content, b"Content-Encoding: nonce\0\x01")[:12]
        plain = AESGCM(key).decrypt(nonce, body[21 + length :], None).rstrip(b"\0")
        assert plain.endswith(b"\x02")
        return plain[:-1]


@dataclass(frozen=True, slots=True)
class Pushed:
    """One request as it came, with the claims of whoever sent it, checked."""

    path: str
    headers: dict[str, str]
    body: bytes
    claims: dict[str, Any]


@dataclass(slots=True)
class PushService:
    """``taken``: what it took, the oldest first. ``refuses`` maps the path of a device to a status; ``asked`` counts
    every request."""

    origin: str = ""
    trusts: ssl.SSLContext | None = None
    taken: list[Pushed] = field(default_factory=list)
    refuses: dict[str, int] = field(default_factory=dict)
    asked: int = 0

    def phone(self, name: str, random: Callable[[int], bytes]) -> Phone:
        """A browser of this maker."""
        return Phone.new(f"{self.origin}/{name}", random)

    def read(self, phone: Phone) -> list[dict[str, Any]]:
        """What came for that one, opened."""
        return [
            json.loads(phone.read(each.body)) for each in self.taken if phone.endpoint.endswith(each.path)
        ]

    async def take(self, request: web.Request) -> web.Response:
        """``POST /{device}`` (RFC 8030, 5)"""
        self.asked += 1
        status = self.refuses.get(request.path.strip("/"), 0)
        claims = _checked(request.headers["Authorization"], self.origin)
        if 300 <= status < 400:
            return web.Response(status=status, headers={"Location": f"{self.origin}/elsewhere"})
        if status:
            return web.Response(status=status, text="no", headers={"Retry-After": "7200"})
        body = await request.read()
        self.taken.append(Pushed(request.path, dict(request.headers), body, claims))
        return web.Response(status=201, headers={"Location": f"{self.origin}/m/1"})


def _checked(header: str, origin: str) -> dict[str, Any]:
    """The claims of a token whose signature holds (RFC 8292, 2 to 4)."""
    fields = dict(part.strip().split("=", 1) for part in header.removeprefix("vapid ").split(","))
    signed, _, signature = fields["t"].rpartition(".")
    raw = b64.decode(signature, 64)
    public = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), b64.decode(fields["k"], 65))
    public.verify(
        encode_dss_signature(int.from_bytes(raw[:32]), int.from_bytes(raw[32:])),
        signed.encode(),
        ec.ECDSA(SHA256()),
    )
    text = signed.split(".")[1]
    claims: dict[str, Any] = json.loads(b64.decode(text, len(text) * 3 // 4))
    assert claims["aud"] == origin
    return claims


def _hmac(key: bytes, data: bytes) -> bytes:
    made = HMAC(key, SHA256())
    made.update(data)
    return made.finalize()


@asynccontextmanager
async def push_service(folder: Path) -> AsyncIterator[PushService]:
    """One that listens on loopback, and is called ``HOST`` by its certificate."""
    service, app = PushService(), web.Application()
    app.router.add_post("/{device}", service.take)
    crt, key = certificate(folder, HOST)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(crt, key)
    server = TestServer(app)
    await server.start_server(ssl=context)
    try:
        service.origin = f"https://{HOST}:{server.port}"
        service.trusts = ssl.create_default_context(cafile=str(crt))
        yield service
    finally:
        await server.close()
