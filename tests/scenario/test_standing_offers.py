"""What a group offers whoever asks: from a tick on its page to a neighbour's map, and away again."""

from pathlib import Path

import pytest

from node.assembly.every_service import Services
from node.domain.actors import CONSOLE, Actor, Role
from node.domain.need import Share
from node.errors import Conflict, Invalid
from protocol.statements import Summary, Withdrawal
from tests.harness.neighbourhood import PASSWORD, Member, Neighbourhood
from tests.harness.street import Street, Visitor

TITLE = "Offered by groups, whenever somebody asks"


async def near(street: Street, member: Member) -> str:
    """The public map of that group, for whoever has no account."""
    found = await member.services.neighbourhood.near(None, kind="offer")
    assert all(each.seen.summary.kind == "offer" for each in found)
    needs = await member.services.neighbourhood.near(None)
    assert all(each.seen.summary.kind == "need" for each in needs)
    return " ".join(sorted(f"{each.seen.origin_name}:{each.seen.summary.category}" for each in found))


async def test_an_offer_of_the_group_travels_and_goes_again(tmp_path: Path) -> None:
    async with Neighbourhood(tmp_path) as cast:
        street = await Street.built(cast)
        north, south = street.north, street.south
        desk = Visitor(cookies={"seal": "a-seal"})
        await street.sign_in(desk)

        async def say(*codes: str, to: str) -> str:
            form = {"offers_share": to} | ({"offer": codes[0]} if codes else {})
            return (await street.ask(desk, "POST", "/settings/offers", form)).location

        async def round_trip() -> str:
            cast.clock.advance(hours=1)
            await cast.publish(north)
            await cast.sync(south)
            return await near(street, south)

        assert await say("groceries", to="public") == "/settings/sharing?done=saved"
        assert (await street.ask(desk, "POST", "/settings/offers", {"offer": "violence"})).status == 422
        assert "North:groceries" in await round_trip()
        (line,) = [
            each.statement
            for each in await north.services.given.lines(CONSOLE)
            if isinstance(each.statement, Summary) and each.statement.kind == "offer"
        ]
        profile = next(
            each.profile
            for each in await south.services.neighbourhood.groups()
            if each.origin == north.id and each.profile
        )
        assert line.cell in profile.area, "no place but the one that the profile names"
        page = (await street.ask(Visitor(), "GET", "/near")).text
        assert TITLE in page
        assert "We offer: " in (await street.ask(desk, "GET", f"/peers/{south.id}/document")).text

        # While the group has a break, and while another has blocked it, nothing of it stands there.
        await north.services.card.change(CONSOLE, state="resting")
        assert await round_trip() == ""
        await north.services.card.change(CONSOLE, state="open")
        again = await round_trip()
        assert "North:groceries" in again
        await south.services.peering.set_state(CONSOLE, north.id, "blocked")
        assert await near(street, south) == ""
        await south.services.peering.set_state(CONSOLE, north.id, "active")

        # Unticked, it is withdrawn without a word of what it was.
        assert await say(to="public") == "/settings/sharing?done=saved"
        assert await round_trip() == ""
        ended = [
            each.statement
            for each in await north.services.given.lines(CONSOLE)
            if isinstance(each.statement, Withdrawal)
        ]
        assert len(ended) == 2, "once for the break, once now: an id is never used again"
        assert line.id in {each.id for each in ended}
        assert TITLE not in (await street.ask(Visitor(), "GET", "/near")).text
        await street.close()


async def test_what_is_offered_to_chosen_groups_is_read_at_their_desks(tmp_path: Path) -> None:
    async with Neighbourhood(tmp_path) as cast:
        street = await Street.built(cast)
        north, south = street.north, street.south
        desk = Visitor(cookies={"seal": "a-seal"})
        await street.sign_in(desk)
        theirs = await south.services.offering.wanted(["gardening", "groceries"], Share.PEERS)
        await south.services.offering.offer(CONSOLE, theirs)
        cast.clock.advance(hours=1)
        await cast.publish(south)
        await cast.sync(north)
        for path, title in (
            ("/board/neighbours", TITLE),
            (f"/peers/{south.id}", "What they offer"),
            ("/intake", "They offer: "),
        ):
            page = (await street.ask(desk, "GET", path)).text
            assert title in page, path
            assert "Garden, leaves and snow" in page.partition(title)[2], path
        for path in ("/board/neighbours", f"/peers/{south.id}"):
            assert "they show it to groups that they chose" in (await street.ask(desk, "GET", path)).text
        for path in ("/near", "/help-nearby", "/api/v1/needs.geojson"):
            page = (await street.ask(Visitor(), "GET", path)).text
            assert TITLE not in page, "whoever is not of the group reads nothing of it"
            assert "They offer" not in page
        assert TITLE not in (await street.ask(desk, "GET", "/near")).text, (
            "the map is everybody's for the desk too"
        )
        await south.services.peering.set_state(CONSOLE, north.id, "paused")
        await north.services.peering.set_state(CONSOLE, south.id, "blocked")
        assert TITLE not in (await street.ask(desk, "GET", "/board/neighbours")).text
        await street.close()


async def two_to_agree(cast: Neighbourhood) -> tuple[Services, Actor, Actor]:
    """A group in which what everybody sees is a thing for two, and those two."""
    north = await cast.add("north")
    services, kim = north.services, north.staff
    await services.rules.change(kim, {"public_yes": "two"})
    await services.team.add_staff(kim, "ada", PASSWORD, [Role.ADMIN])
    return services, kim, (await services.access.sign_in("ada", PASSWORD)).actor


async def test_what_everybody_sees_of_it_is_a_thing_for_two(tmp_path: Path) -> None:
    async with Neighbourhood(tmp_path) as cast:
        services, kim, ada = await two_to_agree(cast)
        second, offering = services.second_yes, services.offering
        assert not await second.offers(kim, ["groceries"], Share.PEERS), "for groups we chose, one is enough"
        assert await second.offers(kim, ["groceries", "gardening"], Share.PUBLIC)
        assert (await offering.shown()).share is Share.PEERS
        (waiting,) = await second.waiting(ada)
        await second.decide(ada, waiting.id, True)
        now = await offering.shown()
        assert (now.share, set(now.since)) == (Share.PUBLIC, {"groceries", "gardening"})
        assert not await second.offers(kim, ["gardening"], Share.PUBLIC), "less never waits"
        assert await services.privacy.say_served(CONSOLE, 3_000), "too few live there for a public map"
        assert (await offering.shown()).share is Share.PEERS
        await services.publishing.erase_all(CONSOLE)
        assert not (await offering.shown()).since


async def test_a_second_yes_comes_too_late_for_a_group_that_is_too_small_by_then(tmp_path: Path) -> None:
    async with Neighbourhood(tmp_path) as cast:
        services, kim, ada = await two_to_agree(cast)
        second, offering = services.second_yes, services.offering
        assert await second.offers(kim, ["groceries"], Share.PUBLIC)
        (waiting,) = await second.waiting(ada)
        await services.privacy.say_served(kim, 3_000)
        with pytest.raises(Invalid) as refused:
            await second.decide(ada, waiting.id, True)
        assert refused.value.code == "small_area"
        assert not (await offering.shown()).since


async def test_what_is_taken_back_goes_at_once_and_a_later_yes_brings_nothing_back(tmp_path: Path) -> None:
    async with Neighbourhood(tmp_path) as cast:
        services, kim, ada = await two_to_agree(cast)
        second, offering = services.second_yes, services.offering

        async def stands() -> tuple[str, set[str]]:
            now = await offering.shown()
            return str(now.share), set(now.since)

        async def waiting() -> list[set[str]]:
            return [set(each.value["now"]["since"]) for each in await second.waiting(ada)]

        async def yes() -> None:
            (one,) = await second.waiting(ada)
            await second.decide(ada, one.id, True)

        # Unticked and ticked in one go: what goes goes, and only what comes waits.
        assert await second.offers(kim, ["groceries", "tools"], Share.PUBLIC)
        await yes()
        assert await second.offers(kim, ["tools", "gardening"], Share.PUBLIC)
        assert await stands() == ("public", {"tools"})
        assert await waiting() == [{"gardening"}]

        # Another ask waits beside it; each yes adds to what stands by then.
        assert await second.offers(kim, ["tools", "pet_food"], Share.PUBLIC)
        assert sorted(await waiting(), key=sorted) == [{"gardening"}, {"pet_food"}]
        (first, *_) = [
            each for each in await second.waiting(ada) if "gardening" in each.value["now"]["since"]
        ]
        await second.decide(ada, first.id, True)
        assert await stands() == ("public", {"gardening", "tools"})
        assert not await second.offers(kim, ["gardening"], Share.PUBLIC)
        await yes()
        assert await stands() == ("public", {"gardening", "pet_food"}), "tools went, and stay away"

        # Everything taken back: what waited is void.
        assert await second.offers(kim, ["gardening", "pet_food", "tools"], Share.PUBLIC)
        assert not await second.offers(kim, [], Share.PUBLIC)
        assert (await stands())[1] == set()
        assert await waiting() == []

        # For chosen groups only: the same, but a kind more for them leaves what waits, which then says so.
        assert not await second.offers(kim, ["groceries", "tools"], Share.PEERS)
        assert await second.offers(kim, ["groceries"], Share.PUBLIC)
        assert await stands() == ("peers", {"groceries"}), "tools are taken back at once, groceries wait"
        assert not await second.offers(kim, ["groceries", "gardening"], Share.PEERS)
        (one,) = await second.waiting(ada)
        with pytest.raises(Conflict, match="changed in the meantime"):
            await second.decide(ada, one.id, True)
        assert not await second.offers(kim, ["gardening"], Share.PEERS)
        assert await waiting() == [], "groceries are taken back: nobody is asked about them"

        # Taking back all that was ever shared takes back what waits, kinds of requests too.
        assert await second.offers(kim, ["gardening"], Share.PUBLIC)
        assert await second.share(kim, {"groceries": Share.PUBLIC})
        await services.publishing.erase_all(kim)
        assert await second.waiting(ada) == []
        assert await second.share(kim, {"groceries": Share.PUBLIC, "tools": Share.PUBLIC})
        assert not await second.share(kim, {"groceries": Share.ONLY_US})
        (left,) = await second.waiting(ada)
        assert left.subject == "tools", "a yes would have made groceries public after all"


async def test_alone_only_what_was_added_is_taken_back_again(tmp_path: Path) -> None:
    async with Neighbourhood(tmp_path) as cast:
        north = await cast.add("north")
        services, kim = north.services, north.staff
        second, offering = services.second_yes, services.offering
        await services.rules.change(kim, {"public_yes": "two"})
        assert not await second.offers(kim, ["groceries"], Share.PEERS)
        assert not await second.offers(kim, ["groceries", "tools"], Share.PUBLIC)
        cast.clock.advance(hours=1)
        assert not await second.offers(kim, ["gardening", "groceries", "tools"], Share.PUBLIC)
        await services.team.add_staff(kim, "ada", PASSWORD, [Role.ADMIN])
        ada = (await services.access.sign_in("ada", PASSWORD)).actor
        first, later = await second.waiting(ada)
        assert not await second.offers(kim, ["gardening", "groceries"], Share.PUBLIC)
        assert len(await second.waiting(ada)) == 2, "groceries are before everybody still, and looked at"
        await second.decide(ada, later.id, False)
        assert (await offering.shown()).record()["since"].keys() == {"groceries"}
        await second.decide(ada, first.id, False)
        now = await offering.shown()
        assert (now.share, set(now.since)) == (Share.PEERS, {"groceries"}), "for whom it was before"


async def test_a_number_of_residents_that_waits_counts_for_what_waits_too(tmp_path: Path) -> None:
    async with Neighbourhood(tmp_path) as cast:
        services, kim, ada = await two_to_agree(cast)
        second = services.second_yes
        assert not await second.residents(kim, 3_000)
        for asks in (
            second.offers(kim, ["groceries"], Share.PUBLIC),
            second.share(kim, {"tools": Share.PUBLIC}),
        ):
            with pytest.raises(Invalid, match="So few people live"):
                await asks
        assert await second.residents(kim, 25_000)
        assert await second.offers(kim, ["groceries"], Share.PUBLIC)
        assert await second.share(kim, {"tools": Share.PUBLIC})
        number, *others = sorted(await second.waiting(ada), key=lambda each: each.kind != "residents")
        for each in others:
            with pytest.raises(Invalid, match="That yes comes first"):
                await second.decide(ada, each.id, True)
        await second.decide(ada, number.id, True)
        for each in others:
            await second.decide(ada, each.id, True)
        assert (await services.offering.shown()).share is Share.PUBLIC
        assert not await second.residents(kim, 4_000)
        assert await second.residents(kim, 30_000)
        assert not await second.residents(kim, 5_000)
        assert await second.waiting(ada) == [], "a smaller number was said since"
