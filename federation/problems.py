"""What a signed refusal of a peer means, in words for our operator."""

import re
from collections.abc import Mapping

import orjson

from federation.errors import PeerError

LONGEST_WAIT = 6 * 3600
"""Seconds: nobody makes us wait longer, whatever it asks for."""
CLOCKS_APART = 60
"""Seconds from which on two clocks are called different."""

_WORDS = {
    "cursor_lost": ("cursor_lost", "%s does not know how far we had read; we begin again."),
    "keys_unknown": ("keys_unknown", "%s does not hold our keys yet."),
    "invite_unknown": (
        "invite_unknown",
        "%s does not know this invitation: it was used, is over, or never given.",
    ),
    "left": ("left", "The people of %s ended the talks with us."),
    "not_a_peer": ("refused", "%s has not approved us yet: ask its people to add our id."),
    "not_offered": ("not_offered", "%s does not offer this."),
    "reader": ("reader", "%s lets us read, and takes nothing from us."),
    "too_often": ("busy", "%s asks us to come less often; we wait as long as it says."),
    "too_many": ("busy", "%s is asked too much just now; we try again later."),
    "busy": ("busy", "%s is busy; we try again later."),
}


def problem_told(
    base: str, status: int, body: bytes, now: int, headers: Mapping[str, str] | None = None
) -> PeerError:
    """The error that a problem document makes. ``now``: our own Unix time, to see whose clock is wrong.
    ``headers``: by lower-case name."""
    wait = wait_told(status, headers or {})
    try:
        problem = orjson.loads(body)
        code, their_time = problem["code"], problem["time"]
        if type(code) is not str or type(their_time) is not int:
            raise ValueError
    except (KeyError, TypeError, ValueError):
        return PeerError("failed", f"{base} answered with status {status}.", retry_after=wait)
    if code in _WORDS:
        told, words = _WORDS[code]
        return PeerError(told, words % base, retry_after=wait)
    if code in ("out_of_time", "before_start") and abs(their_time - now) > CLOCKS_APART:
        return clocks_apart(base, their_time, now)
    return PeerError(
        "failed", f"{base} answered with status {status} ({code[:40]!r}).", said=code[:40], retry_after=wait
    )


def clocks_apart(base: str, their_time: int, now: int) -> PeerError:
    """By how much their clock (Unix seconds) and ours differ, in words. Whose is wrong is for a person to see."""
    ahead = "ahead of" if their_time > now else "behind"
    minutes = abs(their_time - now) // 60
    return PeerError(
        "clock", f"The clock of {base} is {minutes} minutes {ahead} ours: one of the two is wrong."
    )


def wait_told(status: int, headers: Mapping[str, str]) -> int | None:
    """The seconds of ``Retry-After``, at most six hours; None if it is not there, or a date: no clock of another
    is trusted with our plans. From a proxy before the node it is heard as well."""
    text = headers.get("retry-after", "")
    if status not in (429, 503) or not re.fullmatch(r"[0-9]{1,9}", text):
        return None
    return min(int(text), LONGEST_WAIT)
