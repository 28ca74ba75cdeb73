"""A message as it travels: headers that mail servers and mail programs go by (RFC 5322, 2369, 2919, 3834, 8058).

One recipient a message; nothing is fetched from anywhere when it is opened; sender, envelope, Message-ID and List-Id
carry one domain, so that SPF and DKIM align under DMARC (RFC 7489, 3.1).
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from node.domain.notices.mail import MailServer

POLICY = SMTP.clone(max_line_length=78, cte_type="7bit")
LONGEST_NAME = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What is inside. ``out``: the address at which one request (POST) ends all such messages; empty for a message
    that somebody asked for this minute."""

    language: str
    subject: str
    text: str
    html: str
    out: str = ""


def message_id(notice_id: str, domain: str) -> str:
    """The same at every try: if we are cut off between the server's yes and our note of it, the message goes twice and
    programs that fold doubles show it once."""
    return f"<{notice_id}@{domain}>"


def envelope(
    server: MailServer, group: str, to: str, content: Content, *, notice_id: str, created_at: int
) -> bytes:
    """The whole message, CRLF lines, 7 bits. ``created_at``: Unix seconds, the same at every try. Raises ``ValueError``
    for an address that is none: anybody can type one, and it must not stop the messages behind it."""
    message = EmailMessage(policy=POLICY)
    name = _one_line(group)[:LONGEST_NAME]
    message["From"] = Address(display_name=name, addr_spec=server.sender)
    message["To"] = _recipient(to)
    message["Subject"] = _one_line(content.subject)
    message["Date"] = format_datetime(datetime.fromtimestamp(created_at, UTC))
    message["Message-ID"] = message_id(notice_id, server.domain)
    if server.reply_to and server.reply_to != server.sender:
        message["Reply-To"] = Address(display_name=name, addr_spec=server.reply_to)
    message["Auto-Submitted"] = "auto-generated"
    if content.out:
        message["List-Id"] = f"<notices.{server.domain}>"
        message["List-Unsubscribe"] = f"<{content.out}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(content.text, cte="quoted-printable")
    message.add_alternative(content.html, subtype="html", cte="quoted-printable")
    # Last: what is set before the parts moves into the first of them.
    message["Content-Language"] = content.language
    message.set_boundary(f"=_{notice_id}")  # not a random one: every try is the same, byte for byte
    return message.as_bytes()


def _recipient(to: str) -> Address:
    try:
        return Address(addr_spec=to)
    except (MessageError, IndexError) as error:  # the parser's, for some of what it cannot read
        raise ValueError(str(error)) from error


def _one_line(text: str) -> str:
    """Without line ends or other signs that could begin a header of their own."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
