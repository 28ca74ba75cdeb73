"""Looks of one day are one line of a history, and everything else stays as it was."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from node.domain.board.history import folded
from node.domain.board.views import HistoryRow

DAY = 86400


def day(at: int) -> date:
    return datetime.fromtimestamp(at, UTC).date()


def row(at: int, action: str, actor: str = "ana", why: str = "") -> HistoryRow:
    return HistoryRow(at=at, actor=actor, action=action, codes={}, why=why)


def lines(*rows: HistoryRow) -> list[tuple[int, str, str, int]]:
    return [(each.at, each.actor, each.action, times) for each, times in folded(rows, day, says_more)]


def says_more(row: HistoryRow) -> bool:
    return bool(row.why or row.codes)


CASES = {
    "looks of one day": (
        [row(1, "look.need"), row(2, "look.need"), row(3, "look.need")],
        [(3, "ana", "look.need", 3)],
    ),
    "two people by turns": (
        [row(1, "look.need"), row(2, "look.need", "ben"), row(3, "look.need"), row(4, "look.need", "ben")],
        [(3, "ana", "look.need", 2), (4, "ben", "look.need", 2)],
    ),
    "another day": (
        [row(1, "look.need"), row(DAY + 1, "look.need")],
        [(1, "ana", "look.need", 1), (DAY + 1, "ana", "look.need", 1)],
    ),
    "another sort of look": (
        [row(1, "look.need"), row(2, "look.task"), row(3, "look.need")],
        [(2, "ana", "look.task", 1), (3, "ana", "look.need", 2)],
    ),
    "something done in between": (
        [row(1, "look.need"), row(2, "need.open"), row(3, "look.need"), row(4, "look.need")],
        [(1, "ana", "look.need", 1), (2, "ana", "need.open", 1), (4, "ana", "look.need", 2)],
    ),
    "done twice is two lines": (
        [row(1, "need.hold"), row(2, "need.hold")],
        [(1, "ana", "need.hold", 1), (2, "ana", "need.hold", 1)],
    ),
    "a look with a reason stands alone": (
        [row(1, "look.need", why="made up"), row(2, "look.need"), row(3, "look.need", why="also")],
        [(1, "ana", "look.need", 1), (2, "ana", "look.need", 1), (3, "ana", "look.need", 1)],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_looks_are_folded(name: str) -> None:
    rows, expected = CASES[name]
    assert lines(*rows) == expected


ROWS = st.lists(
    st.builds(
        row,
        st.integers(0, 3 * DAY),
        st.sampled_from(["look.need", "look.task", "need.open"]),
        st.sampled_from(["ana", "ben"]),
    )
).map(lambda rows: sorted(rows, key=lambda each: each.at))


@given(ROWS)
def test_no_look_is_lost_and_the_order_stays(rows: list[HistoryRow]) -> None:
    counted = folded(rows, day, says_more)
    told = [each for each, _ in counted]
    assert sum(times for _, times in counted) == len(rows)
    assert [each.at for each in told] == sorted(each.at for each in told)
    assert [each for each in told if each.action == "need.open"] == [
        each for each in rows if each.action == "need.open"
    ]
    assert folded(told, day, says_more) == tuple((each, 1) for each in told)
