"""Four nodes as processes: one is killed, one cut off, one comes back from an old backup, one nobody can call. All end
equal."""

import asyncio
import signal
from datetime import UTC, datetime
from pathlib import Path

import orjson

from node import commands
from tests.harness.processes import NodeProcess, started

ROUNDS = 6
"""At most, after the last trouble: from one end to the other and back, twice."""


async def befriend(*nodes: NodeProcess) -> None:
    """Everybody allows everybody: by address, or by an invitation where there is none."""
    for one in nodes:
        for other in nodes:
            if one is not other and other.url and one.url:
                await one.ask("peers_add", url=other.url, id=other.id, words=None, allow_private=True)
            elif one is not other and other.url:
                link = (await other.ask("peers_invite", role="peer"))["link"]
                await one.ask("peers_join", link=link, look=False, role="peer", allow_private=True)
                await other.ask(
                    "peers_approve", origin=one.id, decline=False, role="peer", allow_private=True
                )


async def rounds_until_equal(*nodes: NodeProcess) -> int:
    """How many rounds of everybody with everybody it took."""
    for number in range(1, ROUNDS + 1):
        for node in nodes:
            await node.ask("publish", anew=False)
            await node.rounds()
        held = [await node.holds() for node in nodes]
        if all(each == held[0] for each in held):
            return number
    counts = {node.name: len(each) for node, each in zip(nodes, held, strict=True)}
    raise AssertionError(f"not equal after {ROUNDS} rounds: {counts}")


def epoch_of(node: NodeProcess, held: set[bytes]) -> int:
    """The highest that this node's heads name."""
    bodies = [orjson.loads(line)["b"] for line in held if b'"type":"head"' in line]
    return max(int(body["epoch"]) for body in bodies if body["origin"] == node.id)


async def test_one_killed_one_cut_off_one_restored_one_hidden(tmp_path: Path) -> None:
    today = datetime.now(UTC).strftime("%m/%d/%Y")
    north = NodeProcess(tmp_path, "north", "51.45,-2.58")
    south = NodeProcess(tmp_path, "south", "51.43,-2.58")
    west = NodeProcess(tmp_path, "west", "51.46,-2.62")
    cellar = NodeProcess(tmp_path, "cellar", "51.44,-2.60", reachable=False)
    everybody = (north, south, west, cellar)
    async with started(*everybody):
        await befriend(*everybody)
        for node in everybody:
            await node.needs(2, today)
        await south.ask("backup", file=str(tmp_path / "south.backup"), passphrase="made-up words")
        assert await rounds_until_equal(*everybody) <= 3

        # West is cut off while everybody else goes on.
        west.freeze()
        await north.needs(3, today)
        await cellar.needs(1, today)
        await south.needs(2, today)
        assert (await north.rounds())[west.id] is False
        assert (await south.rounds())[north.id] is True

        # North is killed in the middle of a round.
        south.line.used.clear()
        talking = asyncio.create_task(north.ask("sync"))
        await asyncio.wait_for(south.line.used.wait(), 120)
        north.end(signal.SIGKILL)
        await asyncio.gather(talking, return_exceptions=True)
        await north.start()
        await west.thaw()

        # South's machine breaks, and what there is of it is older than what the others hold.
        before = epoch_of(south, await south.holds())
        south.end()
        south.data.rename(tmp_path / "broken")
        await commands.restore(tmp_path / "south.backup", south.data, "made-up words", None)
        await south.start()

        await rounds_until_equal(*everybody)
        held = await north.holds()
        assert epoch_of(south, held) > before
        assert len([line for line in held if b'"type":"keys"' in line]) == 4
        assert all(node.id.encode() in b"".join(held) for node in everybody)
        for node in everybody:
            copies = {each["name"]: each["copy"] for each in (await node.ask("peers_list"))["peers"]}
            assert set(copies.values()) == {"complete"}, (node.name, copies)
