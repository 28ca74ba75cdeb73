"""From a phone call to help, and to the neighbours' maps and off them again: three real nodes, real HTTP."""

import json
from pathlib import Path

import aiohttp
import pytest

from node.domain.actors import CONSOLE
from node.domain.assignment_lifecycle import AssignmentMove
from node.domain.board.views import TaskStage
from node.domain.consents import Consents
from node.domain.intake.intake import NewNeed, NewPerson, Taken
from node.domain.need import CloseReason, NeedState, Point, Share
from node.domain.people.newcomer import NewVolunteer
from node.domain.volunteer import Transport
from node.services.sheets.imports import Handling
from tests.harness.neighbourhood import Member, Neighbourhood

HOME = Point(lat=51.4561, lon=-2.5925, accuracy_m=50)
CALLER = "Wilhelmina Madeup"
PHONE = "0117 496 0321"
STREET = "77 Nowhere Crescent"
NOTES = "the blue door behind the invented chapel"
CANARIES = (CALLER, "Wilhelmina", PHONE, "01174960321", "+441174960321", STREET, "Nowhere Crescent", NOTES)

SHEET = (
    b"When,Who,Phone,What,State\n"
    b"2026-11-01,Imported One,0117 496 0401,Gardening,new\n"
    b"2026-10-30,Imported Two,0117 496 0402,Groceries,done\n"
)
MAPPING = """
version = 1
name = "made-up"
dates = "ymd"
[columns]
posted = "When"
name = "Who"
phone = "Phone"
categories = "What"
status = "State"
[values.status]
"done" = "closed:completed"
"new" = "open"
"""


async def take_call(member: Member, *categories: str, agrees: bool | None = True) -> Taken:
    """A call as the intake page hands it over."""
    return await member.services.intake.take(
        member.staff,
        NewNeed(
            person=NewPerson(name=CALLER, phone=PHONE, address=STREET),
            categories=categories,
            point=HOME,
            notes=NOTES,
            doorstep_word="marmalade",
            consents=Consents(help_you=True, groups_see=agrees, keep_details=True),
            start="open",
        ),
    )


async def on_map(member: Member, **query: str) -> list[dict[str, object]]:
    """What anybody sees at that node's address."""
    async with aiohttp.ClientSession() as session:
        async with session.get(f"{member.url}/api/v1/needs.geojson", params=query) as answer:
            assert answer.status == 200, await answer.text()
            assert answer.content_type == "application/geo+json"
            return [feature["properties"] for feature in json.loads(await answer.text())["features"]]


@pytest.fixture
async def cast(tmp_path: Path):  # type: ignore[no-untyped-def]
    async with Neighbourhood(tmp_path) as neighbourhood:
        north = await neighbourhood.add("north")
        south = await neighbourhood.add("south", at=(51.43, -2.58))
        east = await neighbourhood.add("east", at=(51.46, -2.55), population=False)
        await neighbourhood.befriend(north, south)
        await neighbourhood.befriend(north, east)
        yield neighbourhood


async def test_a_call_becomes_help_and_open_needs_stand_on_the_neighbours_maps(cast: Neighbourhood) -> None:
    north, south, east = cast.members.values()
    await north.share_everything()
    desk = north.services
    how = Handling(open_=True, consent="a made-up steward")
    imported = await desk.imports.run(north.staff, SHEET, MAPPING, how)
    assert (imported.added, imported.closed, imported.errors) == (2, 1, ())
    helper = await desk.people.add_volunteer(
        north.staff,
        NewVolunteer(
            person=NewPerson(name="Volunteer Invented", phone="07700 900123"),
            point=Point(lat=51.458, lon=-2.59, accuracy_m=50),
            abilities=("groceries",),
            transport=Transport.BIKE,
        ),
    )
    taken = await take_call(north, "groceries", "dog_walking", "violence")
    shopping, dog, private = taken.need_ids

    await cast.publish(north)
    await cast.sync(south, east)
    for member in (north, south, east):
        seen = await on_map(member)
        assert {(each["category"], each["status"], each["origin"]) for each in seen} == {
            ("gardening", "open", north.id),
            ("groceries", "open", north.id),
            ("dog_walking", "open", north.id),
        }
        assert all(each["origin_state"] in ("complete", "pending") for each in seen)

    # matched, asked, answered by private link, confirmed, done
    best = (await desk.matching.candidates(north.staff, shopping))[0]
    assert best.person_id == helper
    assert best.reasons
    assignment = await desk.dispatch.propose(north.staff, shopping, helper)
    link = await desk.dispatch.task_link(north.staff, assignment)
    before = await desk.tasks.task_by_token(link, None)
    assert before.stage is TaskStage.ASKED
    assert before.details is None
    await desk.tasks.interest(link, "this-telephone")
    assert await desk.dispatch.approve(north.staff, assignment) is NeedState.ASSIGNED
    task = await desk.tasks.task_by_token(link, "this-telephone")
    assert task.details is not None
    assert (task.details.address, task.details.doorstep_word) == (STREET, "marmalade")
    assert (await desk.tasks.task_by_token(link, "another-telephone")).details is None

    await cast.publish(north)
    await cast.sync(south)
    assert {each["category"]: each["status"] for each in await on_map(south)} == {
        "gardening": "open",
        "groceries": "taken",
        "dog_walking": "open",
    }
    await desk.tasks.answer(link, "this-telephone", AssignmentMove.CONTACT)
    await desk.tasks.answer(link, "this-telephone", AssignmentMove.DONE)
    await desk.dispatch.close(north.staff, shopping, CloseReason.COMPLETED)

    # met: withdrawn everywhere within one slot and one sync
    cast.clock.advance(minutes=10)
    await desk.publishing.slot()
    await cast.sync(south, east)
    for member in (north, south, east):
        assert {each["category"] for each in await on_map(member)} == {"dog_walking", "gardening"}
    view = await desk.board.need(north.staff, shopping)
    assert view.need.state is NeedState.CLOSED
    assert view.history[0].action == "need.taken"
    assert (await desk.board.need(north.staff, private)).need.category == "private"
    assert dog


async def test_nothing_leaves_without_three_yeses(cast: Neighbourhood) -> None:
    north, south, _ = cast.members.values()
    await take_call(north, "groceries")
    await cast.publish(north)
    await cast.sync(south)
    assert await on_map(south) == []  # a new group shares nothing

    await north.share_everything()
    for agrees in (False, None):
        await take_call(north, "gardening", agrees=agrees)
    kept = await take_call(north, "repairs")
    await north.services.dispatch.keep_here(north.staff, kept.need_id, True)
    await cast.publish(north)
    await cast.sync(south)
    assert [each["category"] for each in await on_map(south)] == ["groceries"]

    # "groups we chose": to the neighbour, not to the anonymous map
    await north.services.publishing.share(CONSOLE, {"all": Share.PEERS})
    await cast.publish(north)
    await cast.sync(south)
    assert await on_map(south) == []
    near = await south.services.neighbourhood.near(None, sets={"public", "peers"})
    assert [each.seen.summary.category for each in near] == ["groceries"]

    # withdrawing the consent of the kind takes everything back
    await north.services.publishing.share(CONSOLE, {"all": Share.ONLY_US})
    await cast.publish(north)
    await cast.sync(south)
    assert await south.services.neighbourhood.near(None, sets={"public", "peers"}) == []


async def test_a_blocked_group_disappears_at_once(cast: Neighbourhood) -> None:
    north, south, _ = cast.members.values()
    await north.share_everything()
    await take_call(north, "groceries")
    await cast.publish(north)
    await cast.sync(south)
    assert await on_map(south)
    await south.services.peering.set_state(CONSOLE, north.id, "blocked")
    assert await on_map(south) == []
    await south.services.peering.set_state(CONSOLE, north.id, "active")
    await cast.sync(south)
    assert len(await on_map(south)) == 1


async def test_restarted_nodes_are_locked_and_go_on_publishing(cast: Neighbourhood) -> None:
    north, south, _ = cast.members.values()
    await north.share_everything()
    taken = await take_call(north, "groceries")
    cookie = await north.sign_in()
    await north.stop()
    await north.start()
    assert (await north.services.standing.health())["locked"]
    cast.clock.advance(minutes=10)
    await north.services.publishing.slot()
    await cast.publish(north)
    await cast.sync(south)
    assert [each["category"] for each in await on_map(south)] == ["groceries"]
    # the next click on a board left open opens the records
    actor = await north.services.access.actor_for(cookie)
    assert actor is not None
    assert not (await north.services.standing.health())["locked"]
    view = await north.services.board.need(actor, taken.need_id, reveal=True)
    assert view.person_name == CALLER


async def test_a_power_cut_of_the_neighbourhood_store_is_repaired(cast: Neighbourhood) -> None:
    """Its last commits are gone: at home they come back from group.db, at a neighbour by the next round."""
    north, south, _ = cast.members.values()
    await north.share_everything()
    await take_call(north, "groceries")
    await cast.publish(north)
    await cast.sync(south)
    saved: dict[str, bytes] = {}
    for member in (north, south):
        await member.stop()
        saved[member.name] = (member.folder / "neighbourhood.db").read_bytes()
        await member.start()
    await north.sign_in()
    await take_call(north, "dog_walking")
    await cast.publish(north)
    await cast.sync(south)
    assert len(await on_map(south)) == 2
    for member in (north, south):
        await member.stop()
        for beside in member.folder.glob("neighbourhood.db-*"):
            beside.unlink()
        (member.folder / "neighbourhood.db").write_bytes(saved[member.name])
        await member.start()
    assert {each["category"] for each in await on_map(north)} == {"groceries", "dog_walking"}
    await cast.sync(south)
    assert {(each["category"], each["origin_state"]) for each in await on_map(south)} == {
        ("groceries", "complete"),
        ("dog_walking", "complete"),
    }


async def test_no_canary_anywhere_it_should_not_be(
    cast: Neighbourhood, capfd: pytest.CaptureFixture[str]
) -> None:
    """A caller's name, phone, street and words: in no log, bundle, peer's file - nor readable in her own node's."""
    north, south, east = cast.members.values()
    await north.share_everything()
    taken = await take_call(north, "groceries", "medical_lift")
    await north.services.board.need(north.staff, taken.need_id, reveal=True)
    assert await north.services.intake.find_known(north.staff, PHONE)
    await cast.publish(north)
    await cast.sync(south, east)
    bundle = await north.services.carrier.export(["public"])
    assert b'"summary"' in bundle
    backup = north.folder.parent / "north.backup"
    await north.services.backup.backup(CONSOLE, backup, "made-up passphrase")
    spoken = capfd.readouterr()
    texts = [spoken.out.encode(), spoken.err.encode(), bundle]
    files = [path for member in cast.members.values() for path in member.folder.rglob("*") if path.is_file()]
    assert any(path.name == "group.db-wal" for path in files)
    texts += [path.read_bytes() for path in (*files, backup)]
    for canary in CANARIES:
        for text in texts:
            assert canary.encode() not in text
            assert canary.encode("utf-16-le") not in text
            assert canary.casefold().encode() not in text.lower()


async def test_a_bundle_on_a_stick_is_the_same_as_a_pull(cast: Neighbourhood) -> None:
    north, south, _ = cast.members.values()
    await north.share_everything()
    await take_call(north, "groceries")
    await cast.publish(north)
    bundle = await north.services.carrier.export(["public"])
    first = await south.services.carrier.take(bundle)
    assert first.received
    assert not first.refused
    assert [each["category"] for each in await on_map(south)] == ["groceries"]
    assert (await south.services.carrier.take(bundle)).received == 0


async def test_bad_questions_to_the_map_get_words(cast: Neighbourhood) -> None:
    north = cast.members["north"]
    async with aiohttp.ClientSession() as session:
        for query in (
            "near=1",
            "near=91,0",
            "near=1,2&km=x",
            "near=1,2&km=nan",
            "category=free_beer",
            "near=a,b",
        ):
            async with session.get(f"{north.url}/api/v1/needs.geojson?{query}") as answer:
                assert answer.status == 422, query
                assert answer.content_type == "application/problem+json"
        async with session.get(f"{north.url}/healthz") as answer:
            assert (answer.status, (await answer.json())["status"]) == (200, "ok")
