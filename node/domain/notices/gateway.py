"""What carries the group's text messages: a web hook of its own, or a service that Apprise speaks with."""

import ipaddress
from dataclasses import dataclass, field
from enum import StrEnum
from urllib.parse import quote, urlsplit

from node.domain.notices.answers import Refusal, Stage
from node.domain.notices.mail import HERE

NUMBER = "{number}"
"""Where the recipient's number goes in the address of a service."""
LONGEST_URL = 1000


class GatewayKind(StrEnum):
    """How it is spoken to."""

    HOOK = "hook"
    """``POST`` of ``{"id", "to", "text"}`` as JSON."""
    APPRISE = "apprise"
    """By an Apprise URL: https://github.com/caronc/apprise/wiki"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gateway:
    """Everything that is needed to send. ``url`` and ``secret`` are never shown: a URL of Apprise holds keys."""

    kind: GatewayKind
    url: str = field(repr=False)
    secret: str = field(default="", repr=False)
    """Sent to a web hook as ``Authorization: Bearer``; empty: none."""
    answers: bool = False
    """Whether it passes on what people answer."""


def faults(gateway: Gateway) -> dict[str, str]:
    """Field -> a code of what is wrong with it; empty if it can be used."""
    if gateway.kind is GatewayKind.HOOK:
        return {} if is_hook(gateway.url) else {"url": "no_hook"}
    found = {}
    if "://" not in gateway.url or gateway.url.count(NUMBER) != 1:
        found["url"] = "no_place_for_number"
    return found


def is_hook(url: str) -> bool:
    """Whether it is an ``https`` address, or ``http`` on this very machine or within the group's own network (a
    telephone on the shelf): by its number, so that nobody's name service can lead it elsewhere."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        _ = parts.port
    except ValueError:
        return False
    if not host or parts.username or not url.isprintable() or " " in url:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and _is_near(host))


def addressed(url: str, number: str) -> str:
    """The URL of a service with that number (E.164) in its place."""
    return url.replace(NUMBER, quote(number, safe=""))


def refused_with(status: int, said: str) -> Refusal:
    """A gateway's HTTP status as a mail server would say it, so that one table (``answers.outcome``) decides: 410 is
    about the number, 400, 413 and 422 about this text, 408, 429 and 500 about this moment, everything else about us."""
    words = f"HTTP {status} {said}".strip()
    match status:
        case 410:
            return Refusal(stage=Stage.RECIPIENT, code=550, said=words)
        case 400 | 413 | 422:
            return Refusal(stage=Stage.CONTENT, code=554, said=words)
        case 408 | 429 | 500:
            return Refusal(stage=Stage.CONTENT, code=451, said=words)
        case 401 | 403:
            return Refusal(stage=Stage.SIGN_IN, said=words)
        case _:
            return Refusal(stage=Stage.CONNECT, said=words)


def _is_near(host: str) -> bool:
    if host in HERE:
        return True
    try:
        return ipaddress.ip_address(host).is_private
    except ValueError:
        return False
