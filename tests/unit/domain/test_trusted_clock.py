"""When the machine's clock is believed."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from node.domain.sharing.trusted_clock import LastTrusted, TimeSaid, hands, is_trusted

NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)
LAST = LastTrusted(at=NOON, monotonic=1_000.0)


@pytest.mark.parametrize(
    ("off", "ran", "trusted"),
    [
        (timedelta(0), 0, True),
        (timedelta(hours=23), 0, True),
        (timedelta(hours=25), 0, False),
        (timedelta(hours=-25), 0, False),
        (timedelta(days=30), 30 * 86_400, True),
        (timedelta(days=30), 3_600, False),
        (timedelta(days=-20_000), 60, False),
        (timedelta(days=400), 60, False),
    ],
)
def test_within_a_day_of_what_is_expected(off: timedelta, ran: float, trusted: bool) -> None:
    assert is_trusted(LAST, now=NOON + off, monotonic=1_000.0 + ran) is trusted


def test_the_system_or_an_admin_can_vouch() -> None:
    far = NOON + timedelta(days=400)
    assert is_trusted(LAST, now=far, monotonic=1_000.0, synchronised=True)
    assert is_trusted(None, now=far, monotonic=0.0, synchronised=True)
    assert not is_trusted(None, now=far, monotonic=0.0)


NAMES = [f"did:key:z{number}" for number in range(12)]
SECONDS = int(NOON.timestamp())


def words(*at: int, ago: float = 0.0) -> dict[str, TimeSaid]:
    """What the first of them said, one time each; heard ``ago`` seconds of the running clock ago."""
    return {name: TimeSaid(at=each, monotonic=5_000.0 - ago) for name, each in zip(NAMES, at, strict=False)}


@pytest.mark.parametrize(
    ("said", "neighbours", "vouch"),
    [
        (words(SECONDS, SECONDS + 3, SECONDS - 200), 3, True),
        (words(SECONDS, SECONDS), 2, False),  # too few
        (words(SECONDS, SECONDS, SECONDS), 5, True),
        (words(SECONDS, SECONDS, SECONDS), 6, False),  # half is not most; who is silent does not agree
        (words(SECONDS, SECONDS, SECONDS, SECONDS + 86_400), 4, True),
        (words(SECONDS, SECONDS, SECONDS + 4_000), 3, False),
        (words(SECONDS, SECONDS, SECONDS), 0, False),  # strangers
        (words(SECONDS - 60, SECONDS - 60, SECONDS - 60, ago=60.0), 3, True),
        (words(SECONDS - 90_000, SECONDS - 90_000, SECONDS - 90_000, ago=90_000.0), 3, False),  # too old
        (words(1, 253402300799, SECONDS, SECONDS, SECONDS), 5, True),
        ({}, 5, False),
    ],
)
def test_three_that_agree_and_are_most_of_us(said: dict[str, TimeSaid], neighbours: int, vouch: bool) -> None:
    assert hands(said, NAMES[:neighbours], now=NOON, monotonic=5_000.0).vouch is vouch


@given(
    honest=st.integers(0, 6),
    lies=st.lists(st.integers(1, 253402300799), max_size=6),
    silent=st.integers(0, 3),
    off=st.integers(2 * 3_600, 400 * 86_400),
    sign=st.sampled_from([-1, 1]),
    drift=st.integers(-300, 300),
)
def test_a_minority_of_liars_moves_nothing(
    honest: int, lies: list[int], silent: int, off: int, sign: int, drift: int
) -> None:
    """Whatever they say, and whoever is kept from us: a wrong clock is not believed, and a right one is no less."""
    true = [SECONDS + drift] * honest
    asked = honest + len(lies) + silent
    wrong = NOON + timedelta(seconds=sign * off)
    told = words(*true, *lies)
    right = hands(told, NAMES[:asked], now=NOON, monotonic=5_000.0) if asked <= len(NAMES) else None
    if right is not None and len(lies) + silent < honest and honest >= 3:
        assert right.vouch
    if 2 * len(lies) <= asked <= len(NAMES):
        assert not hands(told, NAMES[:asked], now=wrong, monotonic=5_000.0).vouch
        aimed = words(*true, *[int(wrong.timestamp())] * len(lies))
        assert not hands(aimed, NAMES[:asked], now=wrong, monotonic=5_000.0).vouch
