"""When the machine's clock is believed."""

from datetime import UTC, datetime, timedelta

import pytest

from node.domain.sharing.trusted_clock import LastTrusted, is_trusted

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
