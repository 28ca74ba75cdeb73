"""What was kept of wrong lines can be read, and shown to others who check it themselves."""

import base64
from dataclasses import replace
from pathlib import Path

import pytest

from node import commands
from node.domain.actors import CONSOLE
from node.store import own_lines
from protocol import bundle, codec
from protocol.statements import Profile
from tests.contract.test_verify_bundle_faults import PROGRAM
from tests.harness.neighbourhood import Member, Neighbourhood


async def second_self(member: Member) -> bytes:
    """Another profile that the group signs for the place of the one it has."""
    async with member.node.network.on.db.read() as tx:
        held = await own_lines.get(tx, "profile")
    assert held is not None
    said = codec.read_line(held.line).statement
    assert isinstance(said, Profile)
    return codec.write(replace(said, name="Somebody else"), member.node.network.on.keyring.load())


async def test_a_contradiction_is_listed_and_proves_itself_elsewhere(tmp_path: Path) -> None:
    async with Neighbourhood(tmp_path) as town:
        north, south, east = [await town.add(name) for name in ("north", "south", "east")]
        await town.befriend(north, south, east)
        await town.publish(north, south, east)
        await town.sync(north, east)
        nothing = await commands.run(north.services, "evidence_proofs", {"origin": None})
        assert nothing == {"proofs": [], "content": ""}
        await north.services.carrier.take(bundle.write([await second_self(south)]))
        found = await commands.run(north.services, "evidence_proofs", {"origin": south.id})
        assert [(each["id"], each["name"]) for each in found["proofs"]] == [(south.id, "South")]
        assert (await commands.run(north.services, "evidence_proofs", {"origin": east.id}))["proofs"] == []
        # Anybody can check: a program that knows nothing of us, and another group's node.
        content = base64.b64decode(found["content"])
        assert [each.body["type"] for each in PROGRAM.lines_of(content)] == ["keys", "profile", "profile"]
        with pytest.raises(PROGRAM.Fault, match="forked"):
            PROGRAM.verify(content)
        await east.services.carrier.take(content)
        (south_at_east,) = [
            view.seen for view in await east.services.peering.list(CONSOLE) if view.peer.origin == south.id
        ]
        assert south_at_east is not None
        assert south_at_east.state == "forked"


async def test_refused_lines_are_listed_and_nothing_in_them_reaches_the_terminal(tmp_path: Path) -> None:
    async with Neighbourhood(tmp_path) as town:
        north = await town.add("north")
        await north.services.carrier.take(b'{"b":{"x":"\x1b[2J"},"s":"\xe2\x80\xaeodd"}\n')
        (line,) = (await commands.run(north.services, "evidence_refused", {"limit": 10}))["refused"]
        assert line["times"] == 1
        assert line["code"]
        assert line["begins"].isascii()
        assert "\x1b" not in line["begins"]
