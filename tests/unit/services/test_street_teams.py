"""Street teams: what is in a patch, and lists that name nobody."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from node.domain.ids import PersonId
from node.domain.people.street_team import Finder, Patch, made_ready, street_lines
from node.errors import Conflict, Invalid, Locked, NotAllowed, NotFound
from node.store import audit
from tests.harness.office import Office, on_disk


def in_patch(patch: Patch, cell: str | None, address: str) -> bool:
    return Finder(patch).has(cell, made_ready(address))


ELM = Patch(streets=("Elm Street", "BS4"))


@pytest.mark.parametrize(
    ("address", "there"),
    [
        ("7 Elm Street", True),
        ("7 ÉLM  street, Knowle", True),
        ("Flat 2, High Road, BS4 1AA", True),
        ("BS41 9AA", False),
        ("7 Elmstreet", False),
        ("Elm Close, Street", False),
        ("", False),
    ],
)
def test_streets_are_whole_words_side_by_side(address: str, there: bool) -> None:
    assert in_patch(ELM, None, address) is there


@given(st.lists(st.text(max_size=12), max_size=8), st.text(max_size=30))
def test_a_patch_of_streets_holds_each_of_them_and_nothing_of_an_empty_line(
    streets: list[str], rest: str
) -> None:
    lines = street_lines("\n".join(streets))
    assert street_lines("\n".join(lines)) == lines
    for line in lines:
        assert in_patch(Patch(streets=lines), None, f"7 {line} {rest}")
    assert not in_patch(Patch(streets=("", " ")), None, rest)


async def team(office: Office, **changes: object) -> str:
    given: dict[str, object] = {"name": "Canary Street team", "patch": ELM}
    return await office.street_teams.save(office.ana, None, **(given | changes))  # type: ignore[arg-type]


async def test_a_patch_is_streets_and_areas(office: Office) -> None:
    here = await office.call(address="7 Elm Street")
    there = await office.call(address="9 Other Road")
    elsewhere = await office.call("lift", address="9 Other Road", place_text="The clinic, Elm Street")
    closed = await office.call(address="8 Elm Street")
    await office.dispatch.close(office.ana, closed.need_id, "withdrawn")  # type: ignore[arg-type]
    elm = await team(office)
    assert await office.street_teams.needs_in(office.ana, elm) == {here.need_id, elsewhere.need_id}
    cell = (await office.board.need(office.ana, there.need_id)).need.cell
    area = await team(office, patch=Patch(cells=(cell,)))
    assert there.need_id in await office.street_teams.needs_in(office.ana, area)


async def test_the_captains_list_names_nobody(office: Office) -> None:
    sam = await office.helper("Sam Captain")
    taken = await office.call("medication", "groceries", name="Winifred Canaryname", address="77 Elm Street")
    elm = await team(office, captain_person=sam, members=(sam,))
    lines = await office.street_teams.captains_list(office.triage, elm)
    assert [line.category for line in lines] == ["groceries"], "what is delicate stands on no list"
    assert {line.reference for line in lines} < set(taken.references)
    for word in ("Canary", "Winifred", "Elm", "0117", "medication"):
        assert word not in repr(lines)
    view = await office.street_teams.one(office.ana, elm)
    assert (view.captain, view.members, view.waiting) == ("Sam Captain", ((sam, "Sam Captain"),), 2)
    await office.confirmed(taken.need_ids[1], sam)
    assert (await office.street_teams.one(office.ana, elm)).waiting == 1
    assert list((await office.people.person(office.ana, sam)).teams.values()) == ["Canary Street team"]
    assert b"Canary Street" not in on_disk(office)
    await office.people.erase(office.ana, sam)
    assert (await office.street_teams.one(office.ana, elm)).captain == ""


async def test_who_may_and_what_must_fit(office: Office) -> None:
    asker = (await office.call()).person_id
    for changes in (
        {"name": " "},
        {"patch": Patch()},
        {"members": (asker,)},
        {"captain_staff": "nobody"},
        {"captain_person": PersonId("x"), "captain_staff": office.ben.id},
    ):
        with pytest.raises(Invalid):
            await team(office, **changes)
    elm = await team(office, captain_staff=office.ben.id)
    assert list(await office.street_teams.names(office.ben)) == [elm]
    with pytest.raises(NotAllowed):
        await office.street_teams.delete(office.triage, elm)
    with pytest.raises(NotFound):
        await office.street_teams.one(office.ana, "nothing")
    await office.street_teams.delete(office.ana, elm)
    assert await office.street_teams.all_of_them(office.ana) == []
    office.lock()
    with pytest.raises(Locked):
        await office.street_teams.names(office.ana)


PHONE = "her own telephone"


async def test_a_captain_sees_her_patch_by_link_on_one_device_and_each_look_is_recorded(
    office: Office,
) -> None:
    """Kinds and days of her own streets: no name, no number, no address; nothing delicate, and nothing that nobody has
    looked at."""
    captain = await office.helper("Cap Invented")
    here = await office.call(address="7 Elm Street", name="Winifred Canary")
    delicate = await office.call("medication", address="8 Elm Street")
    await office.call(address="6 Elm Street", start="new")
    await office.call(address="9 Other Road")
    elm = await team(office, captain_person=captain)
    token = await office.patch_links.link(office.ana, elm)
    closed = await office.patch_links.view(token, PHONE)
    assert (closed.stage, closed.name, closed.lines) == ("open_here", "", ()), (
        "opening it shows and does nothing"
    )
    await office.patch_links.open_here(token, PHONE)
    for other in ("another", "", None):
        shut = await office.patch_links.view(token, other)
        assert (shut.stage, shut.name, shut.lines) == ("other_device", "", ())
        with pytest.raises(Conflict):
            await office.patch_links.open_here(token, other or "")
    seen = await office.patch_links.view(token, PHONE)
    assert {line.reference for line in seen.lines} == {*here.references}
    assert not {line.reference for line in seen.lines} & {*delicate.references}
    for word in (
        "Winifred",
        "Canary Canary",
        "7 Elm",
        "0117",
        "knock",
        "marmalade",
        "medication",
        here.person_id,
    ):
        assert word not in repr(seen.lines), word
    async with office.db.read() as tx:
        looks = [row for row in await audit.of_object(tx, f"street_team:{elm}") if row.action == "look.patch"]
    assert [row.actor for row in looks] == [f"volunteer:{captain}"]
    office.lock()
    locked = await office.patch_links.view(token, PHONE)
    assert (locked.locked, locked.name, locked.lines) == (True, "", ())


@pytest.mark.parametrize("who", ["the one who asks", "somebody who lives there", "she asks herself"])
async def test_whom_a_captain_must_not_meet_is_not_on_her_page(office: Office, who: str) -> None:
    captain = await office.helper("Cap Invented")
    fine, gone = await office.call(address="7 Elm Street"), await office.call(address="8 Elm Street")
    elm = await team(office, captain_person=captain)
    token = await office.patch_links.link(office.ana, elm)
    await office.patch_links.open_here(token, PHONE)
    assert len((await office.patch_links.view(token, PHONE)).lines) == 2
    other = gone.person_id
    if who == "somebody who lives there":
        other = (await office.call(address="9 Other Road")).person_id
        await office.households.join(office.ana, gone.person_id, other)
    if who == "she asks herself":
        await office.need(known_person=captain, place_text="9 Elm Street")
        await office.people.keep_apart(office.safety, captain, gone.person_id)
    else:
        await office.people.keep_apart(office.safety, captain, other)
    assert [line.reference for line in (await office.patch_links.view(token, PHONE)).lines] == [
        *fine.references
    ]


@pytest.mark.parametrize(
    "how", ["replaced", "run out", "barred", "suspended", "left", "another captain", "no team"]
)
async def test_a_captains_link_closes_with_whatever_ends_it(office: Office, how: str) -> None:
    captain, other = await office.helper("Cap Invented"), await office.helper("Other Invented")
    elm = await team(office, captain_person=captain)
    token = await office.patch_links.link(office.ana, elm)
    await office.patch_links.open_here(token, PHONE)
    match how:
        case "replaced":
            await office.patch_links.link(office.ana, elm)
        case "run out":
            office.clock.advance(days=91)
        case "barred":
            await office.people.bar(office.safety, captain)
        case "suspended":
            await office.people.suspend(office.safety, captain, "")
        case "left":
            await office.people.leave(office.ana, captain)
        case "another captain":
            await office.street_teams.save(office.ana, elm, name="Elm", patch=ELM, captain_person=other)
        case _:
            await office.street_teams.delete(office.ana, elm)
    for verb in (office.patch_links.view(token, PHONE), office.patch_links.open_here(token, PHONE)):
        with pytest.raises(NotFound, match="no longer open"):
            await verb


async def test_who_makes_the_link_and_for_whom(office: Office) -> None:
    elm = await team(office, captain_staff=office.ben.id)
    with pytest.raises(Conflict, match="No volunteer leads"):
        await office.patch_links.link(office.ana, elm)
    for actor in (office.triage, office.admin, office.safety):
        with pytest.raises(NotAllowed):
            await office.patch_links.link(actor, elm)
    captain = await office.helper("Cap Invented")
    await office.street_teams.save(office.ana, elm, name="Elm", patch=ELM, captain_person=captain)
    token = await office.patch_links.link(office.ana, elm)
    await office.patch_links.open_here(token, PHONE)
    await office.street_teams.save(office.ana, elm, name="Elm and Oak", patch=ELM, captain_person=captain)
    assert (await office.patch_links.view(token, PHONE)).name == "Elm and Oak", (
        "the same captain keeps her link"
    )
