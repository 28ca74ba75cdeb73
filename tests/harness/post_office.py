"""A real mail server on loopback (aiosmtpd): it keeps what comes, and says no when a test wants it to."""

import asyncio
import ssl
import warnings
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from node.domain.notices.mail import MailServer, Tls

USER, PASSWORD = "group@example.org", "a made-up mail password"
SENDER = "notices@example.org"


@dataclass(frozen=True, slots=True)
class Mail:
    """One message as it came."""

    sender: str
    to: tuple[str, ...]
    raw: bytes

    @property
    def message(self) -> EmailMessage:
        """Read as a mail program does."""
        read = message_from_bytes(self.raw, policy=default)
        assert isinstance(read, EmailMessage)
        return read

    def part(self, kind: str) -> str:
        """Its text: ``plain`` or ``html``."""
        body = self.message.get_body((kind,))
        assert body is not None
        return str(body.get_content())


@dataclass(slots=True)
class PostOffice:
    """Where it listens, what came, and what it says to whom: ``refuses`` maps an address to an SMTP answer."""

    port: int = 0
    mails: list[Mail] = field(default_factory=list)
    refuses: dict[str, str] = field(default_factory=dict)
    refuses_content: str = ""
    tls: Tls = Tls.NONE
    signed_in: list[str] = field(default_factory=list)
    secure: list[bool] = field(default_factory=list)
    """For each message, whether it came over TLS."""
    _server: asyncio.Server | None = None
    _made: Callable[[], SMTP] | None = None

    def to(self, address: str) -> list[Mail]:
        """What came for that address."""
        return [mail for mail in self.mails if address in mail.to]

    def server(self, **changes: Any) -> MailServer:
        """How a group writes it into its settings."""
        given: dict[str, Any] = {"host": "127.0.0.1", "port": self.port, "tls": self.tls, "sender": SENDER}
        return MailServer(**(given | changes))

    async def close(self) -> None:
        """Nobody answers any more."""
        if self._server is not None:
            self._server.close()
            self._server = None

    async def open(self) -> None:
        """Answers (again), on the same port."""
        assert self._made is not None
        loop = asyncio.get_running_loop()
        context = None
        if self.tls is Tls.TLS:
            context = self._context
        self._server = await loop.create_server(self._made, "127.0.0.1", self.port, ssl=context)
        self.port = self._server.sockets[0].getsockname()[1]

    _context: ssl.SSLContext | None = None

    # --- what aiosmtpd asks

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address in self.refuses:
            return self.refuses[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if self.refuses_content:
            return self.refuses_content
        assert isinstance(envelope.content, bytes)
        self.mails.append(Mail(envelope.mail_from or "", tuple(envelope.rcpt_tos), envelope.content))
        self.secure.append(session.ssl is not None or self.tls is Tls.TLS)
        return "250 taken"


@asynccontextmanager
async def post_office(
    folder: Path, *, tls: Tls = Tls.NONE, sign_in: bool = False
) -> AsyncIterator[tuple[PostOffice, Callable[[], ssl.SSLContext]]]:
    """A server, and what makes the TLS settings of somebody who trusts its certificate."""
    office = PostOffice(tls=tls)
    crt, key = certificate(folder)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(crt, key)
    office._context = context

    def authenticate(
        server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: object
    ) -> AuthResult:
        assert isinstance(data, LoginPassword)
        good = data.login.decode() == USER and data.password.decode() == PASSWORD
        if good:
            office.signed_in.append(data.login.decode())
        return AuthResult(success=good, handled=good)

    def made() -> SMTP:
        with warnings.catch_warnings():
            # TLS from the first byte is not seen by its check for TLS.
            warnings.simplefilter("ignore", UserWarning)
            return SMTP(
                office,
                hostname="mail.example.org",
                tls_context=context if tls is Tls.STARTTLS else None,
                require_starttls=tls is Tls.STARTTLS,
                auth_required=sign_in,
                auth_require_tls=tls is Tls.STARTTLS,
                authenticator=authenticate if sign_in else None,
            )

    office._made = made
    await office.open()
    try:
        yield office, lambda: ssl.create_default_context(cafile=str(crt))
    finally:
        await office.close()


def certificate(folder: Path, host: str = "127.0.0.1") -> tuple[Path, Path]:
    """For that name or address, signed by itself; certificate and key as files."""
    known = x509.IPAddress(ip_address(host)) if host[0].isdigit() else x509.DNSName(host)
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([known]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    public, private = folder / f"{host}.crt", folder / f"{host}.key"
    public.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return public, private
