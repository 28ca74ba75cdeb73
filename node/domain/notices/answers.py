"""What a mail server's answer means for the message, the address and everything else that waits: one table.

Reply codes are those of RFC 5321 (4.2): 2xx taken, 4xx not now, 5xx never. Which part of the talk it answered decides
whose fault it is: a 5xx to the recipient's address is about that address alone, one to the sign-in is about us.
"""

from dataclasses import dataclass
from enum import StrEnum

FIRST_RETRY = 60
LONGEST_RETRY = 4 * 3600


class Stage(StrEnum):
    """What was being said when the answer came."""

    CONNECT = "connect"
    """Reaching it, TLS and greeting: nobody answered as a mail server."""
    SIGN_IN = "sign_in"
    SENDER = "sender"
    RECIPIENT = "recipient"
    CONTENT = "content"


class Outcome(StrEnum):
    """What becomes of the message."""

    LATER = "later"
    """It waits and is tried again."""
    ALL_LATER = "all_later"
    """So does everything else: the fault is between us and the server."""
    NEVER = "never"
    """Not this message."""
    BOUNCED = "bounced"
    """Not this address."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """An answer that was not yes. ``code``: SMTP's three digits, 0 where none came."""

    stage: Stage
    code: int = 0
    said: str = ""
    """The server's own words; they may name an address, so they are kept sealed."""
    wait: int = 0
    """Seconds that it would have us wait before the next try."""

    @property
    def never(self) -> bool:
        """Whether the server says that trying again is in vain."""
        return 500 <= self.code <= 599

    @property
    def answer(self) -> str:
        """A code for the row: ``recipient_550``, ``connect``."""
        return f"{self.stage}_{self.code}" if self.code else str(self.stage)


def outcome(refusal: Refusal) -> Outcome:
    """What it means. A full mailbox (452, 552 to the recipient) is no wrong address: 552 is only this message's end."""
    match refusal.stage:
        case Stage.CONNECT | Stage.SIGN_IN | Stage.SENDER:
            return Outcome.ALL_LATER
        case Stage.RECIPIENT if refusal.never:
            return Outcome.NEVER if refusal.code == 552 else Outcome.BOUNCED
        case _:
            return Outcome.NEVER if refusal.never else Outcome.LATER


def next_try(now: int, tries: int, random: float) -> int:
    """When to try again after the ``tries``-th failure (1 or more): doubling from a minute to four hours, spread by a
    fifth either way (``random`` in [0, 1))."""
    doubled = min(FIRST_RETRY * 2 ** min(max(tries, 1) - 1, 12), LONGEST_RETRY)
    return now + max(1, int(doubled * (0.8 + 0.4 * random)))
