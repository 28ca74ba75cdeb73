"""Two groups become neighbours by an invitation: real nodes, real HTTP, and strangers who would like to."""

from pathlib import Path

import pytest

from node import commands
from node.domain.actors import ANONYMOUS, CONSOLE
from node.errors import Conflict, Invalid, NotAllowed, NotFound, Unreachable
from protocol import invite
from tests.harness.calls import foreign, need
from tests.harness.neighbourhood import Member, Neighbourhood


async def rounds(member: Member) -> list[bool]:
    return [each.ok for each in await member.services.peering.sync(CONSOLE)]


async def test_an_invitation_makes_neighbours_once_both_sides_agreed(tmp_path: Path) -> None:
    async with Neighbourhood(tmp_path) as town:
        north, south = await town.add("north"), await town.add("south")
        await need(north)
        await need(south)
        given = await commands.run(north.services, "peers_invite", {"role": "peer"})
        link = given["link"]
        assert link.startswith(f"{north.url}/join#{north.id}~")

        # South's people see who answers, and nothing happens yet.
        asking = {"link": link, "look": True, "role": "peer", "allow_private": True}
        seen = await commands.run(south.services, "peers_join", asking)
        assert (seen["id"], seen["words"], seen["name"]) == (north.id, north.words, "North")
        assert seen["retain_days"] == 61
        assert not await south.services.peering.list(CONSOLE)

        joined = await commands.run(south.services, "peers_join", asking | {"look": False})
        assert joined["answer"] == "asked"
        # North's people have not agreed: it neither brings nor gets anything.
        (asked,) = (await commands.run(north.services, "peers_asked", {}))["asked"]
        assert (asked["id"], asked["words"], asked["name"], asked["url"]) == (
            south.id,
            south.words,
            "South",
            south.url,
        )
        assert await rounds(south) == [False]
        assert await rounds(north) == []
        assert not await foreign(north)
        assert not await foreign(south)

        approval = {"origin": south.id, "decline": False, "role": None, "allow_private": True}
        done = await commands.run(north.services, "peers_approve", approval)
        assert (done["state"], done["role"]) == ("active", "peer")
        assert await rounds(south) == [True]
        assert await rounds(north) == [True]
        assert set(await foreign(north)) == {"South"}
        assert set(await foreign(south)) == {"North"}
        assert not await north.services.joining.asked(CONSOLE)
        # The same link again is no fault: the answer may have been lost.
        again = await commands.run(south.services, "peers_join", asking | {"look": False})
        assert again["answer"] == "active"
        held = b"".join(each.read_bytes() for each in (tmp_path / "north").glob("group.db*"))
        assert link.rpartition("~")[2].encode() not in held


async def test_an_invitation_is_good_once_and_for_seven_days(tmp_path: Path) -> None:
    async with Neighbourhood(tmp_path) as town:
        north, south, third = await town.add("north"), await town.add("south"), await town.add("third")
        joining = north.services.joining
        link = (await joining.invite(CONSOLE)).link
        with pytest.raises(Conflict, match="this group itself"):
            await joining.look(CONSOLE, link, allow_private=True)
        with pytest.raises(NotAllowed):
            await joining.invite(ANONYMOUS)
        second = (await joining.invite(CONSOLE, role="hub")).link
        for each in (link, second, link):
            assert (await south.services.joining.join(CONSOLE, each, allow_private=True))[1] == "asked"
        with pytest.raises(Conflict) as caught:
            await third.services.joining.join(CONSOLE, link, allow_private=True)
        assert caught.value.code == "invite_unknown"
        assert not await third.services.peering.list(CONSOLE)

        # Declined: nothing of it is kept, and the link does not open twice what was answered once.
        await joining.decline(CONSOLE, south.id)
        assert not await north.services.peering.list(CONSOLE)
        with pytest.raises(NotFound):
            await joining.approve(CONSOLE, south.id)
        for each in (link, second):
            with pytest.raises(Conflict):
                await south.services.joining.join(CONSOLE, each, allow_private=True)
        assert not await joining.asked(CONSOLE)

        late = (await joining.invite(CONSOLE)).link
        town.clock.advance(days=7)
        with pytest.raises(Conflict, match="over"):
            await third.services.joining.join(CONSOLE, late, allow_private=True)
        back = await joining.invite(CONSOLE)
        await joining.take_back(CONSOLE, back.id)
        with pytest.raises(Conflict, match="taken back"):
            await third.services.joining.join(CONSOLE, back.link, allow_private=True)
        with pytest.raises(Invalid):
            await third.services.joining.look(CONSOLE, north.url)
        elsewhere = invite.Invite(url=south.url, origin=north.id, secret="A" * 22)
        with pytest.raises(Invalid, match="Another group lives"):
            await third.services.joining.look(CONSOLE, elsewhere.link(), allow_private=True)


async def test_blocked_groups_cannot_come_back_by_an_invitation_and_guesses_are_told_to_wait(
    tmp_path: Path,
) -> None:
    async with Neighbourhood(tmp_path) as town:
        north, south = await town.add("north"), await town.add("south")
        await town.befriend(north, south)
        await north.services.peering.set_state(CONSOLE, south.id, "blocked")
        link = (await north.services.joining.invite(CONSOLE)).link
        with pytest.raises(Conflict) as caught:
            await south.services.joining.join(CONSOLE, link, allow_private=True)
        assert caught.value.code == "invite_unknown"
        # Nobody is told whether a secret was ever given; a flood of guesses is told to wait.
        guess = invite.Invite(url=north.url, origin=north.id, secret="B" * 21 + "A")
        told = []
        for _ in range(31):
            with pytest.raises((Conflict, Unreachable)) as refused:
                await south.services.joining.join(CONSOLE, guess.link(), allow_private=True)
            told.append(str(refused.value))
        assert len(set(told[:30])) == 1
        assert "asked too much just now" in told[30]
        town.clock.advance(minutes=1)
        with pytest.raises(Conflict):
            await south.services.joining.join(CONSOLE, guess.link(), allow_private=True)


async def test_two_new_groups_know_each_other_by_name_at_once(tmp_path: Path) -> None:
    async with Neighbourhood(tmp_path) as cast:
        one, other = await cast.add("one"), await cast.add("other")
        link = (await one.services.joining.invite(one.staff)).link
        seen = await other.services.joining.look(other.staff, link, allow_private=True)
        assert (seen.name, seen.profile is not None) == ("One", True)
        await other.services.joining.join(other.staff, link, allow_private=True)
        (asks,) = await one.services.joining.asked(one.staff)
        assert (asks.name, asks.profile is not None) == ("Other", True)
        before = await one.services.publishing.publish(one.staff)
        await one.services.publishing.introduce()
        assert (await one.services.publishing.publish(one.staff)).seq == before.seq, "said once"


async def test_an_address_inside_that_somebody_introduces_itself_with_is_not_asked(tmp_path: Path) -> None:
    """A yes to a group is no yes to its address: what that hides is told, and others have their turn."""
    async with Neighbourhood(tmp_path) as town:
        north, south, third = [await town.add(name) for name in ("north", "south", "third")]
        await town.befriend(north, third)
        await need(third)
        link = (await north.services.joining.invite(CONSOLE)).link
        # Its node says of itself that it lives at 127.0.0.1.
        await south.services.joining.join(CONSOLE, link, allow_private=True)
        await north.services.joining.approve(CONSOLE, south.id, allow_private=False)
        told = {each.origin: each for each in await north.services.peering.sync(CONSOLE)}
        assert (told[south.id].ok, told[south.id].code) == (False, "bad_address")
        assert told[third.id].ok
        assert set(await foreign(north)) == {"Third"}
        seen = {view.peer.origin: view.seen for view in await north.services.peering.list(CONSOLE)}[south.id]
        assert seen is not None
        assert seen.error_code == "bad_address"
        assert seen.tries == 1
