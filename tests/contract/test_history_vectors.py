"""The public histories: under the pure rules, and as the one way in keeps them in a real store."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
import pytest

import schemas
from federation.ingest import Ingest, IngestReport
from federation.pieces import sha_of
from federation.store import NeighbourhoodStore
from tests.unit.federation.groups import PeerList, StillClock
from tests.unit.protocol import histories
from tests.unit.protocol.histories import History

VECTORS = schemas.vectors("histories.v1")
TOGETHER = {
    "older": "older",
    "lower_epoch": "older",
    "keep_hidden": "hidden",
    "waits": "waiting",
    "accept": "accepted",
}
"""Where a report counts a verdict, if not under its name."""


@pytest.mark.parametrize("history", histories.ALL, ids=lambda each: each.name)
def test_the_rules_end_so(history: History) -> None:
    node = history.run()
    assert node.state is not None
    place = {line.sha: number for number, (line, *_) in enumerate(history.steps)}
    told = node.lines()
    assert sorted([place[node.state.keys_sha], *(place[sha] for sha in told)]) == history.held
    assert {place[sha]: reason for sha, reason in told.items() if reason} == history.hidden
    names = {held.set for held, _ in node.registers.values()} | set(node.heads)
    assert {name: node.state_of(name) for name in names} == history.sets
    assert (node.state.epoch, node.state.forked) == (history.epoch, history.forked)


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[NeighbourhoodStore]:
    opened = await NeighbourhoodStore.open(tmp_path / "n.db", clock=_clock())
    yield opened
    await opened.close()


def _clock() -> StillClock:
    return StillClock(datetime.fromtimestamp(VECTORS["now"], UTC))


@pytest.mark.parametrize("vector", VECTORS["histories"], ids=lambda each: each["name"])
async def test_the_store_ends_so(store: NeighbourhoodStore, vector: dict[str, Any]) -> None:
    peers, origin = PeerList(), VECTORS["origin"]
    peers.put(origin)
    ingest = Ingest(store, peers, _clock())
    for step in vector["lines"]:
        report = await ingest.lines([step["line"].encode()], via=origin, end_of_round=False)
        assert _counted(report, step), (step, report)
    await ingest.lines([], via=origin, end_of_round=True)

    place = {sha_of(step["line"].encode()): number for number, step in enumerate(vector["lines"])}
    held = [sha_of(line) for line in await store.lines_of([origin], {"public", "peers"})]
    assert sorted(place[sha] for sha in held) == vector["held"]
    hidden = {
        str(place[sha_of(line)]): reason
        for reason in ("after_withdrawal", "expired_today")
        for _, line in await store.hidden(reason, origin=origin, limit=9)
    }
    assert hidden == vector["hidden"]
    state = (await store.origin(origin)).state
    assert state is not None
    assert (state.epoch, state.forked) == (vector["epoch"], vector["forked"])
    heads = {one.head.set: one.state for one in await store.heads_held([origin])}
    assert {name: heads.get(name, "catching_up") for name in vector["sets"]} == vector["sets"]
    assert heads.keys() <= vector["sets"].keys()


def _counted(report: IngestReport, step: dict[str, str]) -> bool:
    verdict = step["verdict"]
    if verdict == "refused":
        return [each.code for each in report.refused] == [step["reason"]]
    if verdict == "forked":
        return report.forked == (VECTORS["origin"],)
    return getattr(report, TOGETHER.get(verdict, verdict)) == 1


def test_they_show_every_verdict() -> None:
    told = {step["verdict"] for each in VECTORS["histories"] for step in each["lines"]}
    rows = schemas.vectors("judgements.v1")["cases"]
    assert told == {row["verdict"] for row in rows}
    kinds = {
        orjson.loads(step["line"])["b"]["type"] for each in VECTORS["histories"] for step in each["lines"]
    }
    assert kinds >= {"keys", "profile", "head", "summary", "withdrawal", "vouch", "farewell"}
