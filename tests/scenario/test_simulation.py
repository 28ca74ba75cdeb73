"""A few seeds of ``script/simulate``; and that its checks see what they are for, and nothing else."""

import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from federation import ingest
from federation.client import PullPage
from federation.policy import AllowList
from federation.store import NeighbourhoodStore
from federation.tally import RoundReport
from protocol import codec, register
from protocol.codec import Signed
from protocol.register import Judgement, Verdict
from protocol.statements import Keys
from tests.simulation import command, hostile
from tests.simulation.watch import Watch
from tests.simulation.world import Plan, Result, run
from tests.unit.federation.groups import Group, PeerList, StillClock

HONEST = Plan(nodes=6, rounds=5, peers=3)
BAD = Plan(nodes=6, rounds=5, peers=3, bad=0.34)


def test_runs_are_kept_and_go_on_where_they_stopped(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    ran: list[int] = []

    def made(plan: Plan, seed: int) -> Result:
        ran.append(seed)
        after = None if seed == 8 else 2
        return Result(seed=seed, plan=plan, healed_after=after, seen=Counter({"talks": seed}), trace="abc")

    monkeypatch.setattr(command, "run", made)
    asked = ["--nodes", "3", "--from", "7", "--log", str(tmp_path / "runs"), "--json"]
    assert command.main([*asked, "--seeds", "1"]) == 0
    capsys.readouterr()
    assert command.main([*asked, "--seeds", "3"]) == 1
    assert ran == [7, 8, 9]
    total = json.loads(capsys.readouterr().out)["total"]
    assert (total["runs"], total["agreed"], total["bad_seeds"]) == (3, 2, [8])
    assert total["seen"] == {"talks": 24}
    assert command.main([*asked, "--bad", "0.5", "--seeds", "1"]) == 0
    assert ran[3:] == [7], "another plan is another run"


@pytest.mark.parametrize("seed", [1, 2])
def test_honest_groups_agree_and_nobody_is_blamed(seed: int) -> None:
    result = run(HONEST, seed)
    assert result.good, (result.healed_after, result.examples)
    assert result.seen["failed: deadline"] > 0


@pytest.mark.parametrize("seed", [1, 3, 4])
def test_bad_peers_change_nothing_and_are_noticed(seed: int) -> None:
    result = run(BAD, seed)
    assert result.good, (result.healed_after, result.examples)


def test_a_seed_says_everything() -> None:
    plan = Plan(nodes=3, rounds=3, bad=0.34)
    one, other = run(plan, 7), run(plan, 7)
    assert (one.trace, one.seen, one.healed_after) == (other.trace, other.seen, other.healed_after)
    assert run(plan, 8).trace != one.trace


def _believes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every signature but those of keys fits."""
    check = codec.verify

    def believe(signed: Signed, public: bytes) -> None:
        if isinstance(signed.statement, Keys):
            check(signed, public)

    monkeypatch.setattr(codec, "verify", believe)


def _takes_whatever_comes_last(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is older replaces what is held."""
    monkeypatch.setattr(register, "_place", lambda *_: Verdict.ACCEPT)


def _counts_no_older_heads(monkeypatch: pytest.MonkeyPatch) -> None:
    judge = register.judge_head

    def blind(*args: Any, **more: Any) -> Judgement:
        judged = judge(*args, **more)
        return Judgement(verdict=Verdict.SAME) if judged.reason == "rolled_back" else judged

    monkeypatch.setattr(register, "judge_head", blind)


def _marks_what_is_older(monkeypatch: pytest.MonkeyPatch) -> None:
    """What came late is held for a contradiction."""
    place = register._place

    def suspicious(*args: Any) -> Verdict:
        found = place(*args)
        return Verdict.FORKED if found is Verdict.OLDER else found

    monkeypatch.setattr(register, "_place", suspicious)


def _calls_all_complete(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ingest.head, "state_of", lambda *_, **__: "complete")


def _blames_whoever_it_talks_with(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ingest._Round, "tells", lambda *_: True)


def _gives_everybody_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(AllowList, "sets_for", lambda self, _: (self.served, self.served))


@pytest.mark.parametrize(
    ("broken", "kind", "seen"),
    [
        (_believes, hostile.Forges, "forged accepted"),
        (_takes_whatever_comes_last, hostile.Replays, "resurrected"),
        (_counts_no_older_heads, hostile.RollsBack, "rollback unnoticed"),
        (_calls_all_complete, hostile.Omits, "omission unnoticed"),
        (_marks_what_is_older, None, "false forked"),
        (_blames_whoever_it_talks_with, None, "false incomplete"),
        (_gives_everybody_everything, None, "set peers leaked"),
    ],
    ids=lambda each: getattr(each, "__name__", str(each)),
)
def test_each_check_sees_what_it_is_for(
    broken: Callable[[pytest.MonkeyPatch], None],
    kind: type[hostile.Badness] | None,
    seen: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    broken(monkeypatch)
    monkeypatch.setattr("tests.simulation.world.KINDS", (kind,))
    monkeypatch.setattr("tests.simulation.world.HEALING_ROUNDS", 1)
    result = run(BAD if kind else HONEST, 1)
    assert result.violations[seen] > 0, dict(result.violations)


@pytest.mark.parametrize("over", [False, True])
async def test_nobody_is_held_to_a_head_that_they_said_is_over(tmp_path: Path, over: bool) -> None:
    """A round breaks off behind a head; before it goes on the group begins anew, its clock three days ahead. Nobody can
    bring what the older head counts, and the newer one cannot be taken yet."""
    south, clock, peers, watch = Group("South"), StillClock(), PeerList(), Watch(any_bad=True)
    peers.put(south.origin)
    store = await NeighbourhoodStore.open(tmp_path / "n.db", clock=clock)
    taken = ingest.Ingest(store, peers, clock)
    reader: Any = SimpleNamespace(name="reader", store=store, ingest=taken)
    server: Any = SimpleNamespace(name="south", origin=south.origin, badness=None)

    async def told(lines: list[bytes], *, end_of_round: bool) -> None:
        watch.signed(server, lines)
        watch.pulled(reader, server, PullPage(lines=tuple(lines), cursor="c", more=not end_of_round))
        # It is not told apart here from one that is behind: what the check looks for.
        await taken.lines(lines, via=server.origin, end_of_round=end_of_round, behind={south.origin})

    watch.honest = {south.origin}
    south.summary("a")
    await told(south.everything()[:3], end_of_round=not over)
    if over:
        south.next_epoch(by=3 * 86_400)
        await told([south.head()], end_of_round=True)
    await watch.talked(reader, server, RoundReport(origin=south.origin, name="south", ok=True, received=3))
    await store.close()
    assert watch.violations["omission unnoticed"] == (0 if over else 1)
