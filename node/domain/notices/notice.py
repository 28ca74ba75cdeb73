"""A notice: one message to one person, and the things that it tells. What was told once is never told again.

``Thing`` names what is told, whatever the message: a request that she was told of at once is in no digest, and the
other way round.
"""

from dataclasses import dataclass
from enum import StrEnum

from node.domain.ids import NeedId, PersonId

MINUTE, HOUR, DAY = 60, 3600, 24 * 3600


class Kind(StrEnum):
    """What a message is about."""

    URGENT = "urgent"
    """A request for today that fits."""
    DIGEST = "digest"
    """Once a day: everything else that fits."""
    ASKED = "asked"
    """We ask her about one request."""
    CONFIRMED = "confirmed"
    """A coordinator said yes: the task is hers."""
    CALLED_OFF = "called_off"
    """She need not go after all."""
    STALE = "stale"
    """Nothing was heard of her task: tomorrow it ends by itself."""
    RETURNED = "returned"
    """It ended so, and is no longer hers."""
    MOVED = "moved"
    """What is hers is on another day, or at another time."""
    HELD = "held"
    """She is not to go as things are: what her yes was given for fell away."""
    REMINDER = "reminder"
    """Her task is tomorrow."""
    WROTE = "wrote"
    """A coordinator wrote to her about her task."""
    SIGN_IN = "sign_in"
    """The link she asked for to come in."""
    FOUND = "found"
    """To whoever asked: somebody comes."""
    LOOKING = "looking"
    """To whoever asked: nobody comes any more, we look again."""
    NEW_DAY = "new_day"
    """To whoever asked: it has a day now, or another one."""
    ENDED = "ended"
    """To whoever asked: we do not go on with it."""
    HOW = "how"
    """To whoever asked: did it happen, and how was it?"""
    REPLY = "reply"
    """What we answer to a text of hers."""
    CHAT_CODE = "chat_code"
    """The digits by which she confirms her address in a chat."""


class Way(StrEnum):
    """How somebody is told."""

    EMAIL = "email"
    TEXT = "text"
    """A text message to her telephone."""
    PUSH = "push"
    """A notification on the devices where she turned that on (RFC 8030)."""
    CHAT = "chat"
    """In a chat, at an address of hers that she confirmed."""
    PHONE = "phone"
    """By a person: no message is written."""


class State(StrEnum):
    """Where a message stands."""

    WAITING = "waiting"
    SENT = "sent"
    """The mail server or the gateway took it."""
    FAILED = "failed"
    """It will never be taken: ``answer`` says why."""
    GIVEN_UP = "given_up"
    """Its time was over before it could go."""
    SUPPRESSED = "suppressed"
    """It was not to be sent after all: the thing is over, or she wants no messages."""


LASTS: dict[Kind, int] = {Kind.URGENT: DAY, Kind.DIGEST: DAY, Kind.ASKED: DAY, Kind.CONFIRMED: DAY,
                          Kind.CALLED_OFF: DAY, Kind.MOVED: DAY, Kind.STALE: DAY, Kind.RETURNED: DAY,
                          Kind.HELD: DAY, Kind.REMINDER: DAY, Kind.WROTE: DAY, Kind.SIGN_IN: HOUR // 2,
                          Kind.FOUND: 7 * DAY, Kind.LOOKING: 7 * DAY, Kind.NEW_DAY: 7 * DAY,
                          Kind.ENDED: 7 * DAY, Kind.HOW: 7 * DAY, Kind.REPLY: HOUR,
                          Kind.CHAT_CODE: HOUR}  # fmt: skip
"""So long, in seconds, a message is worth sending after it was due."""
BY_HER = frozenset({Kind.SIGN_IN, Kind.REPLY, Kind.CHAT_CODE})
"""What she asked for this minute: it asks for none of her choices."""
URGENT_AT_ONCE = 10
"""So many, the best fitting, are told of one urgent request at once."""
URGENT_AGAIN = HOUR
"""So long after those, in seconds, as many more are told if nobody said yes; the others find it in their digest
while it is open."""
DIGEST_MOST = 12
"""Requests in one digest: more than anybody reads. The others come tomorrow."""
DIGEST_HOUR = 8
"""Of the group's clock, from which the digest and the reminders of that day are made."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One message. Times are Unix seconds; the address is looked up when it is sent and stands nowhere here."""

    id: str
    """Also the left side of its Message-ID: whoever gets it twice sees it once."""
    person_id: PersonId
    kind: Kind
    way: Way
    state: State = State.WAITING
    due: int
    """Not before this: after quiet hours, and after a failure as long as the next wait."""
    ends: int
    """Not after this."""
    created_at: int
    tries: int = 0
    last_try: int | None = None
    answer: str = ""
    """A code: what the last try ended in, or why there is none."""


def need_thing(need_id: NeedId, round: int) -> str:
    """How a request is named as something that was told; reopened, it is another one."""
    return f"need:{need_id}:{round}"


def need_of(thing: str) -> tuple[NeedId, int] | None:
    """The request and its round that a thing names; None for any other."""
    kind, _, rest = thing.partition(":")
    need_id, _, round = rest.rpartition(":")
    return (NeedId(need_id), int(round)) if kind == "need" else None


def digest_thing(day: str) -> str:
    """One digest a day (``2026-05-04``)."""
    return f"digest:{day}"
