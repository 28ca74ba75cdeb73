"""When to talk to a peer again: pure functions of what happened last.

All times in seconds. ``random`` is a number in [0, 1) drawn by the caller, so that nodes do not all ring at
once and tests can repeat a run exactly.
"""

FIRST_RETRY = 60.0
LONGEST_RETRY = 6 * 3600.0
BUSY_INTERVAL = 5 * 60.0
QUIET_INTERVAL = 30 * 60.0
JITTER = 0.2
"""Every delay is spread over plus or minus this share of itself."""
LONGEST_WAIT = LONGEST_RETRY * (1.0 + JITTER)
"""Nobody is left alone for longer, whatever they ask."""
REST_AFTER = 4.0
"""So many times as long as a round took we wait at least: one who makes it long gets no more of our time by it."""


def jittered(seconds: float, random: float) -> float:
    """``seconds`` spread over +-20 %."""
    return seconds * (1.0 - JITTER + 2.0 * JITTER * random)


def after_failure(tries: int, random: float, *, asked: float | None = None) -> float:
    """Seconds to wait after the ``tries``-th failure in a row (1 or more): doubling, at most six hours.

    ``asked``: seconds for which the other side wants to be left alone (Retry-After). That much it gets, up to
    six hours, and up to a fifth more, so that all who were sent away do not come back at once.
    """
    doublings = min(max(tries, 1) - 1, 16)
    wait = jittered(min(FIRST_RETRY * 2.0**doublings, LONGEST_RETRY), random)
    if asked is None:
        return wait
    return max(wait, min(asked, LONGEST_RETRY) * (1.0 + JITTER * random))


def after_success(*, changed: bool, last_interval: float | None, random: float, took: float = 0.0) -> float:
    """Seconds to the next round: five minutes where things move, growing by half to thirty where nothing
    does; and four times as long as the round ``took``, at most six hours."""
    wait = BUSY_INTERVAL
    if not changed and last_interval is not None:
        wait = min(max(last_interval, BUSY_INTERVAL) * 1.5, QUIET_INTERVAL)
    return jittered(max(wait, min(took * REST_AFTER, LONGEST_RETRY)), random)
