"""Whom a node blames for what is missing: only who told the head and has what it counts."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from federation.ingest import Ingest
from federation.store import NeighbourhoodStore
from tests.unit.federation.groups import TODAY, Group, PeerList, StillClock

THREE_DAYS = 3 * 86_400


@pytest.fixture
async def ingest(tmp_path: Path) -> AsyncIterator[Ingest]:
    clock, peers = StillClock(), PeerList()
    for name in ("South", "Relay"):
        peers.put(Group(name).origin)
    store = await NeighbourhoodStore.open(tmp_path / "n.db", clock=clock)
    yield Ingest(store, peers, clock)
    await store.close()


async def test_a_group_that_began_anew_under_a_fast_clock_is_not_called_incomplete(ingest: Ingest) -> None:
    """A round is cut off after the first lines; before it goes on the group restores, its clock three days ahead."""
    south = Group("South")
    south.summary("a")
    first_head_and_nothing_more = south.everything()[:3]
    await ingest.lines(first_head_and_nothing_more, via=south.origin, end_of_round=False)
    south.next_epoch(by=THREE_DAYS)
    south.summary("b")
    report = await ingest.lines(south.everything(), via=south.origin, end_of_round=True)
    assert {refusal.code for refusal in report.refused} == {"epoch_too_far"}
    assert not report.incomplete


async def test_only_the_origin_can_say_that_a_head_is_over(ingest: Ingest) -> None:
    south, relay = Group("South"), Group("Relay")
    south.summary("a")
    *front, _ = south.everything()
    forged = Group("South")
    forged.op = relay.op
    forged.next_epoch(by=THREE_DAYS)
    report = await ingest.lines([*front, forged.head()], via=relay.origin, end_of_round=True)
    assert {refusal.code for refusal in report.refused} == {"bad_signature"}
    assert list(report.incomplete) == [(south.origin, "public")]


async def test_a_group_whose_clock_runs_ahead_is_not_called_incomplete(ingest: Ingest) -> None:
    """A round is cut off after the first lines; before it goes on the group's head is as of a day that has not come."""
    south = Group("South")
    south.summary("a")
    south.summary("b")
    await ingest.lines(south.everything()[:4], via=south.origin, end_of_round=False)
    south.withdrawal("b")
    later = [*south.everything()[:2], south.head(asof=TODAY + timedelta(days=3)), *south.held.values()]
    report = await ingest.lines(later, via=south.origin, end_of_round=True)
    assert {refusal.code for refusal in report.refused} == {"asof_too_far"}
    assert not report.incomplete
