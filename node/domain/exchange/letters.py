"""Sealed letters between groups: what a handler is given, and the rules of when to try again. Pure functions."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

FIRST_RETRY = 30
LONGEST_RETRY = 3600
PAUSED_RETRY = 3600
"""Seconds until a letter to a paused group is looked at again."""
LATER = 600
"""Seconds until a letter that cannot be opened yet is looked at again."""
UNSURE_SECONDS = 86_400
"""For that long a signature that does not fit may be one of a newer key that we have not heard of yet."""
MOST_WAITING = 1_000
"""Sealed letters that wait here from one carrier."""
SHUT = ("paused", "blocked", "left", "reader")
"""States of a group that we decided not to listen to."""
DELETES = "revoke"
"""The one kind that is always acted on from whom we do not listen to: somebody takes her details back, and a quarrel of
groups must not stand in the way. It only ever deletes."""
RECEIPT = "deleted"
"""The answer to it, heard from whom we do not listen to while we wait for it: it changes nothing but what we know."""
MOST_SHUT = 20
"""Sealed letters that wait here from a carrier that we do not listen to."""
MOST_OF_WRITER = 100
"""Opened letters of one writer, by one carrier, that go on waiting: as many as a hub keeps of one for us."""
MOST_ASIDE = 1_000
"""Letters of one carrier that were set aside and of which only the memory is kept. What is forgotten is opened once
more if it comes again, and nothing else."""
MOST_REKEYS = 10
"""Times a day that we ask one group to seal letters again."""
MOST_FAULTS = 5
"""Times that a handler may fail on one letter before it is set aside."""
TIME_AHEAD_SECONDS = 86_400
"""A letter written later than that by our clock is not acted on."""

FINAL = frozenset(
    {
        "not_for_us",
        "expired",
        "expires_too_far",
        "too_large",
        "unreadable",
        "not_a_member",
    }
)
"""Answers after which sending the same letter again makes no sense."""
BLOCKED = "sender_blocked"
KEPT = frozenset({"unknown_kind", "unknown_crit", "handler_failed", "too_many", BLOCKED})
"""Reasons that another time, a block's end, or the next version may know how to deal with: the sealed letter is kept
until its day, and looked at again after each start."""
MOST_KEPT = 100
"""Letters of one group that are kept so; of any more only the memory is, so that nobody fills our disk."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """One opened letter, its signature verified; ``content`` fits its type's schema (``schemas/direct.v1.json``)."""

    id: str
    kind: str
    sender: str
    """did:key of the group that wrote it."""
    need: str | None
    """Public id of the need it is about."""
    time: int
    """When it was written by the writer's clock, Unix seconds: to be shown, not to be trusted."""
    content: Mapping[str, Any]


def next_try(now: int, tries: int, random: float, *, retry_after: float | None = None) -> int:
    """When to try again after the ``tries``-th failure (1 or more): doubling from half a minute to an hour, spread
    by a fifth either way (``random`` in [0, 1)), and never before the other side wants to be asked again (up to
    six hours)."""
    doubled = min(FIRST_RETRY * 2 ** min(max(tries, 1) - 1, 12), LONGEST_RETRY)
    wait = doubled * (0.8 + 0.4 * random)
    if retry_after is not None:
        wait = max(wait, min(retry_after, 6 * 3600))
    return now + max(1, int(wait))
