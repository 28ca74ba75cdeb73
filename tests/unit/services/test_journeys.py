"""New volunteers: asking to help, what comes next, who answers for them, and goodbyes."""

from dataclasses import replace
from datetime import timedelta

import pytest

from node.domain.intake.intake import NewPerson
from node.domain.people.journey import JourneyMove, Standing, StopReason
from node.domain.people.newcomer import NewVolunteer
from node.domain.people.resemblance import Alike
from node.domain.volunteer import Cleared, Stage, VolunteerState
from node.errors import Conflict, Invalid, Locked, NotAllowed
from tests.harness.office import Office, on_disk, point

NEW = NewVolunteer(
    person=NewPerson(
        name="Nia Newcomer", phone="07700 900321", address="5 Canary Court", notes="whynotecanary"
    ),
    abilities=("groceries", "visit"),
    point=point(0.5),
    stage=Stage.ACTIVE,
    cleared=(Cleared(check="criminal_record"),),
)


async def test_who_applies_is_a_stranger_whatever_the_form_says_also_while_locked(office: Office) -> None:
    office.lock()
    nia = await office.journeys.apply(NEW, wording="en-1")
    with pytest.raises(Locked):
        await office.journeys.newcomers(office.ana)
    assert b"Newcomer" not in on_disk(office)
    assert b"whynotecanary" not in on_disk(office)
    await office.unlock()
    (row,) = await office.journeys.newcomers(office.ana)
    assert (row.person_id, row.name, row.standing) == (nia, "Nia Newcomer", Standing.APPLIED)
    assert (row.lacks, row.volunteer.cleared, row.known_number) == ("id", (), False)
    view = await office.people.person(office.ana, nia)
    assert view.keeps is True
    assert [(each.action, each.actor) for each in view.history][:1] == [("volunteer.applied", "anonymous")]
    with pytest.raises(Invalid) as refused:
        await office.journeys.apply(NewVolunteer(), wording="en-1")
    assert set(refused.value.fields) == {"name", "phone", "abilities"}


async def test_one_number_twice_is_said(office: Office) -> None:
    await office.call(phone="07700 900321")
    await office.journeys.apply(NEW, wording="en-1")
    (row,) = await office.journeys.newcomers(office.ana)
    assert row.known_number


async def test_the_way_to_us_step_by_step_and_who_may(office: Office) -> None:
    nia = await office.journeys.apply(NEW, wording="en-1")
    move = office.people.move
    for actor in (office.triage, office.admin, office.safety):
        with pytest.raises(NotAllowed):
            await move(actor, nia, JourneyMove.MEET)
    with pytest.raises(Conflict):
        await move(office.ana, nia, JourneyMove.WELCOME)
    assert await move(office.ana, nia, JourneyMove.MEET) is Standing.MET
    assert await move(office.safety, nia, JourneyMove.CHECK) is Standing.CHECKED
    await office.people.pause(office.ana, nia, office.desk.today + timedelta(days=3))
    assert await office.journeys.newcomers(office.ana) == []
    await office.people.resume(office.ana, nia)
    assert await move(office.ana, nia, JourneyMove.WELCOME) is Standing.ACTIVE
    assert await office.journeys.newcomers(office.ana) == []


async def test_leaving_gives_tasks_back_and_ends_links(office: Office) -> None:
    sam, need_id = await office.helper(), await office.need()
    task = await office.confirmed(need_id, sam)
    token = await office.dispatch.task_link(office.ana, task)
    await office.people.move(
        office.ana, sam, JourneyMove.LEAVE, reason=StopReason.MOVED_AWAY, why="to the sea"
    )
    assert await office.state(need_id) == "open"
    with pytest.raises(Exception, match="link"):
        await office.tasks.task_by_token(token, None)
    view = await office.people.person(office.ana, sam)
    assert view.standing is Standing.LEFT
    (left,) = [row for row in view.history if row.action == "volunteer.leave"]
    assert (left.codes["reason"], left.why) == ("moved_away", "to the sea")
    assert b"to the sea" not in on_disk(office)


async def test_a_suspension_is_left_by_who_may_bar_only(office: Office) -> None:
    sam = await office.helper()
    await office.people.move(office.safety, sam, JourneyMove.SUSPEND, reason=StopReason.LOOKING_INTO)
    with pytest.raises(NotAllowed):
        await office.people.move(office.safety, sam, JourneyMove.LEAVE)
    assert await office.people.move(office.ana, sam, JourneyMove.LIFT) is Standing.ACTIVE


async def test_who_answers_for_somebody_is_shown_and_is_no_check(office: Office) -> None:
    nia, sam = await office.journeys.apply(NEW, wording="en-1"), await office.helper("Sam Pretend")
    await office.journeys.vouch(office.ana, nia, sam, "sang in one choir for years")
    await office.journeys.vouch(office.ana, nia)
    view = await office.people.person(office.ana, nia)
    assert [(each.by, each.note) for each in view.vouches] == [
        ("Sam Pretend", "sang in one choir for years"),
        ("Ana-made-up", ""),
    ]
    assert (await office.journeys.newcomers(office.ana))[0].vouched == 2
    assert view.standing is Standing.APPLIED
    assert view.volunteer is not None
    assert view.volunteer.cleared == ()
    assert b"choir" not in on_disk(office)
    asked_only = (await office.call()).person_id
    suspended = await office.helper("Sus Pended")
    await office.people.suspend(office.safety, suspended, "")
    for who in (nia, asked_only, suspended):
        with pytest.raises(Invalid):
            await office.journeys.vouch(office.ana, nia, who)
    await office.people.erase(office.ana, sam)
    assert [each.by for each in (await office.people.person(office.ana, nia)).vouches] == ["Ana-made-up"]


async def test_a_newcomer_who_is_paused_stays_one(office: Office) -> None:
    nia = await office.journeys.apply(NEW, wording="en-1")
    await office.people.pause(office.ana, nia)
    await office.people.resume(office.ana, nia)
    view = await office.people.person(office.ana, nia)
    assert view.volunteer is not None
    assert (view.volunteer.stage, view.volunteer.state) == (Stage.APPLIED, VolunteerState.ACTIVE)


@pytest.mark.parametrize(
    ("again", "by"),
    [
        ({"phone": "+44 7700 900321"}, Alike.REACHED),
        ({"name": "newcomer, NÍA", "address": "5, canary court"}, Alike.NAME_AND_DOOR),
        ({"name": "Newcomer Nia"}, Alike.NAME),
        ({"address": "5 Canary Court"}, Alike.DOOR),
        ({"name": "Nia"}, None),
        ({"address": "Canary Court"}, None),
        ({}, None),
    ],
)
@pytest.mark.parametrize("how", ["barred", "suspended"])
async def test_whoever_we_keep_away_is_not_new_under_another_number(
    office: Office, how: str, again: dict[str, str], by: Alike | None
) -> None:
    """It is said that she looks like her, and by what; nothing is done to her by itself."""
    away = await office.journeys.apply(NEW, wording="en-1")
    if how == "barred":
        await office.people.bar(office.safety, away)
    else:
        await office.people.suspend(office.safety, away, "")
    person = NewPerson(**{"name": "Quite Different", "phone": "07700 900654", **again})
    back = await office.journeys.apply(replace(NEW, person=person), wording="en-1")
    (row,) = await office.journeys.newcomers(office.ana)
    assert (row.person_id, row.alike) == (back, by)
    assert row.looks_like == (away if by else None)
    assert row.moves, "a person decides"
