"""Chats that groups use already: a service that an admin set up through Apprise, a person's own address on it, and the
room of the group. What people give as their address is a stranger's text: it never says where we connect to."""

import re
from dataclasses import dataclass, field
from urllib.parse import quote

from node.domain.notices.answers import Refusal, Stage

PLACE = "{to}"
"""Where a person's own address goes in that of the service."""
LONGEST_URL = 1000
LONGEST_NAME = 30
LONGEST_HINT = 200
CODE_LASTS, CODE_TRIES, MOST_CODES = 3600, 5, 5
"""Seconds; tries; digits that one person has sent in an hour: nobody fills a stranger's chat through this page."""
_HANDLE = re.compile(r"[A-Za-z0-9@+#!_][A-Za-z0-9@.:+#!_~=-]{0,199}\Z")
"""A number, a name, a user or a room: nothing that parts two of them, or ends a path."""
_SPOKEN = re.compile(r"\+[0-9() ./-]{6,30}\Z")
"""A telephone number as people write it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatService:
    """By which people are written to. ``url`` is never shown: keys stand in it."""

    name: str
    """As people call it: "Signal". Another name is another service: addresses on the one are none on the other."""
    hint: str = ""
    """What people write as their address there, in the group's own words."""
    url: str = field(repr=False)
    """An Apprise URL with ``PLACE`` once."""


def faults(service: ChatService) -> dict[str, str]:
    """Field -> a code of what is wrong with it; empty if it can be used. The place stands behind the host: so what
    somebody gives as her address never says which machine we speak to."""
    found = {}
    if not service.name or len(service.name) > LONGEST_NAME or not service.name.isprintable():
        found["name"] = "no_name"
    if len(service.hint) > LONGEST_HINT:
        found["hint"] = "long_hint"
    scheme, _, rest = service.url.partition("://")
    start = min((at for at in map(rest.find, "/?") if at >= 0), default=len(rest))
    if not scheme or service.url.count(PLACE) != 1 or PLACE not in rest[start:]:
        found["url"] = "no_place"
    elif not is_address(service.url):
        found["url"] = "not_known"
    return found


def is_address(url: str) -> bool:
    """Whether it can be an Apprise URL at all."""
    return "://" in url and len(url) <= LONGEST_URL and url.isprintable() and " " not in url


def handle_of(typed: str) -> str:
    """A person's address as it is kept: without spaces around; a telephone number without what only people need in it.
    Empty for what can be none."""
    found = typed.strip()
    if _SPOKEN.match(found):
        found = "+" + "".join(each for each in found if each.isdecimal())
    return found if _HANDLE.match(found) else ""


def addressed(service: ChatService, handle: str) -> str:
    """The URL of the service for that person."""
    return service.url.replace(PLACE, quote(handle, safe=""))


def refused_with(status: int, said: str) -> Refusal:
    """What a chat service answered (HTTP) as a mail server would say it. 400, 403, 404 and 410 are about the person:
    unknown there, gone, or she blocked us. Status 0: Apprise told none; only a line that broke is about us then, and
    anything else about this message, so that one strange address holds nobody up."""
    words = f"HTTP {status} {said}".strip() if status else said
    match status:
        case 400 | 403 | 404 | 410:
            return Refusal(stage=Stage.RECIPIENT, code=550, said=words)
        case 413 | 422:
            return Refusal(stage=Stage.CONTENT, code=554, said=words)
        case 408 | 429 | 500:
            return Refusal(stage=Stage.CONTENT, code=451, said=words)
        case 401:
            return Refusal(stage=Stage.SIGN_IN, said=words)
        case 0 if "connection" not in said.lower():
            return Refusal(stage=Stage.CONTENT, code=451, said=words)
        case _:
            return Refusal(stage=Stage.CONNECT, said=words)


def unknown_there() -> Refusal:
    """Apprise makes nothing of the address."""
    return Refusal(stage=Stage.RECIPIENT, code=550, said="no such address")
