"""Whoever asked for help takes her details back, though the helper's group does not listen to hers any more: that one
letter passes, only deletes, and nothing else of that group comes in.
"""

from pathlib import Path
from typing import Any

import pytest

from node import commands
from node.domain.actors import CONSOLE
from node.domain.exchange.letters import MOST_SHUT
from node.domain.ids import new_id
from node.domain.peer_offer import Details
from node.ports import NotTaken
from node.store import away_tasks, inbox
from tests.harness.neighbourhood import Member
from tests.scenario.test_help_across_groups import Pair, pair
from tests.scenario.test_signing_keys import signed_offline

__all__ = ["pair"]
SHUT = ("paused", "blocked", "left", "reader")


async def shut_out(who: Member, other: Member, state: str) -> None:
    """``who`` decides so about ``other``."""
    services = who.services
    if state == "left":
        await services.terms.leave(CONSOLE, other.id)
    elif state == "reader":
        await services.terms.change(CONSOLE, other.id, role="reader")
    else:
        await services.peering.set_state(CONSOLE, other.id, state)


async def at_south(pair: Pair, task: str) -> tuple[str, str, bool]:
    """State, whether details are held, and whether a sealed record of them is there."""
    async with pair.south.node.network.on.db.read() as tx:
        found = await away_tasks.get(tx, task)
    assert found is not None
    return str(found.state), str(found.held), found.sealed is not None


async def rows(pair: Pair) -> list[tuple[Any, ...]]:
    """Everything at south that a letter could change, but for which letter came last."""
    async with pair.south.node.network.on.db.read() as tx:
        found = []
        for table, columns in (
            ("away_tasks", "id, state, answer, held, told_state, asked, doubted"),
            ("peer_offers", "id"),
            ("referrals", "id, state"),
            ("rings", "*"),
            ("needs", "id, state"),
            ("persons", "id"),
        ):
            found += [(table, *row) for row in await tx.execute_fetchall(f"SELECT {columns} FROM {table}")]
        return found


async def take_back(pair: Pair, need: Any) -> None:
    await pair.north.services.dispatch.withdraw(pair.north.staff, await pair.task_of(need))


@pytest.mark.parametrize("state", SHUT)
async def test_the_details_are_deleted(pair: Pair, state: str) -> None:
    need, task = await pair.confirmed()
    await shut_out(pair.south, pair.north, state)
    assert await at_south(pair, task) == ("approved", "held", True), (
        "our volunteer goes on: people decide that"
    )
    await take_back(pair, need)
    await pair.carry()
    assert await at_south(pair, task) == ("withdrawn", "deleted", False)
    if state in ("blocked", "reader"):
        assert await pair.details(need) is Details.DELETED, "and that is said back"


@pytest.mark.parametrize("state", SHUT)
async def test_also_under_a_signing_key_that_the_root_key_names_since(
    pair: Pair, state: str, tmp_path: Path
) -> None:
    need, task = await pair.confirmed()
    await shut_out(pair.south, pair.north, state)
    north, store = pair.north, pair.south.node.network.store
    asked = await commands.run(north.services, "keys_new", {"stolen": False})
    line = signed_offline(tmp_path, asked["request"], north.cards[:2])
    await commands.run(north.services, "keys_paste", {"line": line})
    await take_back(pair, need)
    await pair.carry()
    assert (await store.origin(north.id)).op_key == asked["op_key"]
    assert await at_south(pair, task) == ("withdrawn", "deleted", False)
    assert await store.needs(sets={"public", "peers"}, limit=10) == [], "the new key brings nothing else"


async def test_it_goes_at_once_to_a_group_that_we_paused_ourselves(pair: Pair) -> None:
    need, task = await pair.confirmed()
    north = pair.north
    await north.services.peering.set_state(CONSOLE, pair.south.id, "paused")
    waits = await north.services.letters.prepare(pair.south.id, "ring", need=None, content={})
    async with north.node.network.on.db.write() as tx:
        await north.services.letters.put(tx, waits)
    await take_back(pair, need)
    await pair.carry()
    assert await at_south(pair, task) == ("withdrawn", "deleted", False)
    sent = {each.kind: each for each in await north.services.letters.outbox(CONSOLE, peer=pair.south.id)}
    assert (sent["revoke"].state, sent["ring"].state) == ("delivered", "waiting")


@pytest.mark.parametrize("state", SHUT)
async def test_we_hear_that_it_is_deleted_from_whom_we_shut_out_ourselves(pair: Pair, state: str) -> None:
    """And nothing else of them, nor before we asked for it, nor twice."""
    north, south = pair.north, pair.south
    need, task = await pair.confirmed()
    async with south.node.network.on.db.read() as tx:
        mine = await away_tasks.get(tx, task)
    assert mine is not None
    other = await pair.at_south(await pair.call(notes=""))
    letters, on = south.services.letters, south.node.network.on

    async def brings(kind: str, need: str, **content: Any) -> None:
        prepared = await letters.prepare(
            north.id, kind, need=need, content={"helper": mine.helper, **content}
        )
        async with on.db.write() as tx:
            await letters.put(tx, prepared)

    await brings("deleted", other)
    await brings("outcome", mine.public_id, state="done")
    await shut_out(north, south, state)
    if state in ("paused", "reader"):
        assert not await north.services.letters.still_heard(south.id)
        await take_back(pair, need)
    await pair.carry()
    assert await at_south(pair, task) == ("withdrawn", "deleted", False)
    assert await pair.details(need) is Details.DELETED
    came = await north.services.letters.came(CONSOLE, south.id)
    assert [each.kind for each in came if each.state == "done"].count("deleted") == 1
    assert "outcome" not in [each.kind for each in came if each.state == "done"]
    assert await pair.need_state(need) == "open"
    assert not await north.services.letters.still_heard(south.id)
    prepared = await letters.prepare(
        north.id, "deleted", need=mine.public_id, content={"helper": mine.helper}
    )
    with pytest.raises(NotTaken):
        await south.node.network.post.send(north.id, prepared.message)


async def test_though_that_group_ended_the_talks_itself(pair: Pair) -> None:
    _, task = await pair.confirmed()
    await pair.north.services.terms.leave(CONSOLE, pair.south.id)
    await pair.south.services.peering.sync(CONSOLE)
    (row,) = await pair.south.services.peering.list(CONSOLE)
    assert row.peer.state == "left", "south heard of it before the letter came"
    await pair.carry()
    assert await at_south(pair, task) == ("withdrawn", "deleted", False)


@pytest.mark.parametrize("state", SHUT)
async def test_nothing_else_comes_in(pair: Pair, state: str) -> None:
    """Every other kind, and a revoke of what is not that group's."""
    _, task = await pair.confirmed()
    other = await pair.call(notes="")
    there = await pair.at_south(other)
    async with pair.south.node.network.on.db.read() as tx:
        mine = await away_tasks.get(tx, task)
    assert mine is not None
    await shut_out(pair.south, pair.north, state)
    letters, on = pair.north.services.letters, pair.north.node.network.on
    helper = {"helper": mine.helper}
    hostile: list[tuple[str, str | None, dict[str, Any]]] = [
        ("offer", there, {"helper": new_id(on.random)}),
        ("answer", mine.public_id, {**helper, "answer": "no"}),
        ("outcome", mine.public_id, {**helper, "state": "done"}),
        ("state?", mine.public_id, helper),
        ("state", mine.public_id, {**helper, "state": "no"}),
        ("deleted", mine.public_id, helper),
        ("ring", there, {}),
        ("revoke", mine.public_id, {"helper": new_id(on.random)}),
        ("revoke", there, helper),
        ("revoke", None, {"ref": new_id(on.random)}),
    ]
    for kind, need, content in hostile:
        prepared = await letters.prepare(pair.south.id, kind, need=need, content=content)
        async with on.db.write() as tx:
            await letters.put(tx, prepared)
    before = await rows(pair)
    await pair.carry()
    assert await at_south(pair, task) == ("approved", "held", True)
    assert await rows(pair) == before
    came = await pair.south.services.letters.came(CONSOLE, pair.north.id)
    done = [each.kind for each in came[: len(hostile)] if each.state == "done"]
    assert done == ["revoke"] * 3, "heard, and of nothing that is here"


async def test_nor_from_whom_nothing_lies_here_and_few_wait(pair: Pair) -> None:
    need, task = await pair.confirmed()
    await shut_out(pair.south, pair.north, "blocked")
    letters, post = pair.north.services.letters, pair.north.node.network.post
    sealed = []
    for _ in range(MOST_SHUT + 1):
        prepared = await letters.prepare(pair.south.id, "ring", need=None, content={})
        sealed.append(prepared.message)
    for each in sealed[:-1]:
        assert await post.send(pair.south.id, each) == "taken"
    with pytest.raises(NotTaken, match="full"):
        await post.send(pair.south.id, sealed[-1])
    await pair.south.services.letters.open_waiting()
    async with pair.south.node.network.on.db.read() as tx:
        assert await inbox.waiting(tx) == []
    await take_back(pair, need)
    await pair.carry()
    assert (await at_south(pair, task))[1] == "deleted"
    with pytest.raises(NotTaken, match="refused"):
        await post.send(pair.south.id, sealed[-1])


async def test_what_came_during_a_block_is_read_once_it_is_taken_back(pair: Pair) -> None:
    """The writer was told "taken" and sends none of it again."""
    await pair.confirmed()
    other = await pair.call(notes="")
    there = await pair.at_south(other)
    await shut_out(pair.south, pair.north, "blocked")
    letters, on = pair.north.services.letters, pair.north.node.network.on
    prepared = await letters.prepare(pair.south.id, "ring", need=there, content={})
    async with on.db.write() as tx:
        await letters.put(tx, prepared)
    await pair.carry()
    came = await pair.south.services.letters.came(CONSOLE, pair.north.id)
    assert [each.state for each in came if each.kind == "ring"] == ["aside"]
    await pair.south.services.peering.set_state(CONSOLE, pair.north.id, "active")
    await pair.south.services.letters.open_waiting()
    came = await pair.south.services.letters.came(CONSOLE, pair.north.id)
    assert [each.state for each in came if each.kind == "ring"] == ["done"]
