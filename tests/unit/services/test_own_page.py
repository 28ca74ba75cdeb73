"""A volunteer's own page: coming in without a password, what stands on it, and offering in two taps."""

from dataclasses import replace
from datetime import timedelta

import pytest

from node.domain.actors import Actor, volunteer_actor
from node.domain.assignment_lifecycle import AssignmentMove
from node.domain.hours import ALL_HOURS
from node.domain.ids import NeedId, PersonId
from node.domain.intake.intake import NewPerson
from node.domain.need import NeedState, Urgency
from node.errors import Conflict, Invalid, Locked, NotAllowed, NotFound
from node.services.links import DAY, OwnTask
from node.services.own.door import IDLE_DAYS, LINK_DAYS, MOST_ASKS
from node.services.own.times import Times
from node.store import own_page
from tests.harness.office import HOME, Office, point

HERE = "her telephone"


async def signed_in(office: Office, person: PersonId) -> str:
    return await office.own_door.sign_in(
        await office.own_door.make_link(office.ana, person), "firefox-android"
    )


async def somebody(office: Office, **more: object) -> tuple[PersonId, Actor]:
    person = await office.helper("Vera Pretend", **more)
    return person, volunteer_actor(person)


# --- coming in


async def test_a_link_works_once_and_says_who_comes(office: Office) -> None:
    person, _ = await somebody(office)
    token = await office.own_door.make_link(office.ana, person)
    await office.own_door.whose(token)
    cookie = await office.own_door.sign_in(token)
    actor = await office.own_door.who(cookie)
    assert actor is not None
    assert actor.id == person
    for again in (office.own_door.sign_in(token), office.own_door.whose(token)):
        with pytest.raises(NotFound):
            await again
    assert await office.own_door.who("made up") is None
    await office.own_door.sign_out(cookie)
    assert await office.own_door.who(cookie) is None


async def test_a_new_link_ends_the_one_before_and_each_runs_out(office: Office) -> None:
    person, _ = await somebody(office)
    first = await office.own_door.make_link(office.ana, person)
    second = await office.own_door.make_link(office.ana, person)
    with pytest.raises(NotFound):
        await office.own_door.sign_in(first)
    office.clock.advance(days=LINK_DAYS)
    with pytest.raises(NotFound):
        await office.own_door.sign_in(second)


async def test_a_session_lasts_while_it_is_used(office: Office) -> None:
    person, _ = await somebody(office)
    cookie = await signed_in(office, person)
    for _ in range(3):
        office.clock.advance(days=IDLE_DAYS - 1)
        assert await office.own_door.who(cookie) is not None
    office.clock.advance(days=IDLE_DAYS)
    assert await office.own_door.who(cookie) is None


async def test_whoever_is_stopped_is_out_at_once_and_gets_no_link(office: Office) -> None:
    person, _ = await somebody(office)
    cookie, waiting = await signed_in(office, person), await office.own_door.make_link(office.ana, person)
    await office.people.suspend(office.safety, person, "")
    assert await office.own_door.who(cookie) is None
    with pytest.raises(NotFound):
        await office.own_door.sign_in(waiting)
    with pytest.raises(Conflict):
        await office.own_door.make_link(office.ana, person)
    async with office.db.read() as tx:
        assert await own_page.sessions_of(tx, person, office.desk.now) == []


async def test_only_the_desk_makes_links_and_only_for_volunteers(office: Office) -> None:
    person, actor = await somebody(office)
    with pytest.raises(NotAllowed):
        await office.own_door.make_link(actor, person)
    asker = (await office.call()).person_id
    assert asker is not None
    with pytest.raises(Conflict):
        await office.own_door.make_link(office.ana, asker)


async def test_a_device_is_seen_and_ended_by_its_owner_alone(office: Office) -> None:
    one, other = (await somebody(office))[0], (await somebody(office))[0]
    cookie, second = await signed_in(office, one), await signed_in(office, one)
    theirs = (await office.own_door.devices(volunteer_actor(other), await signed_in(office, other)))[0]
    mine = await office.own_door.devices(volunteer_actor(one), cookie)
    assert [each.here for each in mine].count(True) == 1
    assert len(mine) == 2
    assert mine[0].browser == "firefox-android"
    with pytest.raises(NotFound):
        await office.own_door.end_device(volunteer_actor(one), theirs.id)
    await office.own_door.end_device(volunteer_actor(one), next(each.id for each in mine if not each.here))
    assert await office.own_door.who(second) is None
    assert await office.own_door.who(cookie) is not None


async def test_asking_for_a_link_tells_nobody_whether_we_know_them(office: Office) -> None:
    person, _ = await somebody(office, person=NewPerson(name="Vera Pretend", phone="07700 900111"))
    office.lock()
    await office.own_door.ask("07700 900 111")
    await office.own_door.ask("07700 900999")
    with pytest.raises(Invalid):
        await office.own_door.ask("me, please")
    with pytest.raises(Locked):
        await office.own_door.asks(office.ana)
    assert await office.own_door.how_many_ask(office.ana) == 2
    await office.unlock()
    known, unknown = await office.own_door.asks(office.ana)
    assert list(known.found) == [person]
    assert unknown.found == {}
    await office.own_door.drop_ask(office.ana, unknown.id)
    office.clock.advance(days=8)
    assert await office.own_door.asks(office.ana) == []


async def test_asking_does_not_fill_the_disk(office: Office) -> None:
    for _ in range(MOST_ASKS + 5):
        await office.own_door.ask("07700 900999")
    assert await office.own_door.how_many_ask(office.ana) == MOST_ASKS


# --- what stands there


async def test_near_her_stands_what_every_gate_lets_through_nearest_first(office: Office) -> None:
    person, actor = await somebody(office, point=HOME, abilities=("groceries", "childcare"))
    far, near = await office.need(point=point(3)), await office.need(point=point(0.5))
    rough = await office.need(point=point(1, accuracy_m=1000))
    today = await office.need(point=point(4), urgency=Urgency.TODAY)
    await office.need("lift")
    await office.need(tags=("heavy",))
    await office.need(point=point(60))
    kept_apart = (await office.call()).person_id
    assert kept_apart is not None
    await office.people.keep_apart(office.safety, person, kept_apart, "")
    view = await office.own_page.view(actor, HERE)
    assert view.near is not None
    assert [row.need_id for row in view.near] == [today, near, rough, far]
    assert [row.where.code for row in view.near] == ["span", "span", "same_district", "span"]
    assert [row.where.args.get("far") for row in view.near] == [5, 1, None, 5]
    assert view.name == "Vera"


async def test_while_locked_states_and_days_are_all_there_is(office: Office) -> None:
    person, actor = await somebody(office)
    await office.confirmed(await office.need(), person)
    await office.need()
    office.lock()
    view = await office.own_page.view(actor, HERE)
    assert (view.locked, view.name, view.near) == (True, "", None)
    assert [(row.state, row.category) for row in view.tasks] == [("approved", "groceries")]
    with pytest.raises(Locked):
        await office.own_offers.offer(actor, NeedId("x"), HERE)


async def test_two_taps_and_it_waits_for_a_coordinator(office: Office) -> None:
    _, actor = await somebody(office)
    need = await office.need()
    await office.own_page.one(actor, need)
    task = await office.own_offers.offer(actor, need, HERE)
    assert await office.state(need) == NeedState.OFFERED
    view = await office.own_page.view(actor, HERE)
    assert [row.id for row in view.tasks] == [task]
    assert view.near == []
    with pytest.raises(NotFound):
        await office.own_offers.offer(actor, need, HERE)
    await office.dispatch.approve(office.ana, task)
    opened = await office.tasks.task_by_token(OwnTask(actor.id or "", task), HERE)
    assert opened.details is not None
    elsewhere = await office.tasks.task_by_token(OwnTask(actor.id or "", task), "another telephone")
    assert elsewhere.details is None


async def test_undone_within_seconds_it_is_as_if_she_had_never_offered(office: Office) -> None:
    _, actor = await somebody(office)
    need = await office.need()
    task = await office.own_offers.offer(actor, need, HERE)
    await office.own_offers.undo(actor, task)
    assert await office.state(need) == NeedState.OPEN
    view = await office.own_page.view(actor, HERE)
    assert view.near is not None
    assert [row.need_id for row in view.near] == [need]
    task = await office.own_offers.offer(actor, need, HERE)
    office.clock.advance(seconds=60)
    with pytest.raises(Conflict):
        await office.own_offers.undo(actor, task)


async def test_nothing_is_undone_that_a_coordinator_began_or_answered(office: Office) -> None:
    person, actor = await somebody(office)
    asked = await office.dispatch.propose(office.ana, await office.need(), person)
    await office.tasks.answer(OwnTask(person, asked), HERE, AssignmentMove.INTEREST)
    offered = await office.own_offers.offer(actor, await office.need(), HERE)
    await office.dispatch.approve(office.ana, offered)
    for task in (asked, offered):
        with pytest.raises(Conflict):
            await office.own_offers.undo(actor, task)


async def test_anothers_task_opens_for_nobody_else(office: Office) -> None:
    one, _ = await somebody(office)
    _, other = await somebody(office)
    task = await office.confirmed(await office.need(), one)
    key = OwnTask(other.id or "", task)
    with pytest.raises(NotFound):
        await office.tasks.task_by_token(key, HERE)
    with pytest.raises(NotFound):
        await office.tasks.answer(key, HERE, AssignmentMove.RELEASE)
    with pytest.raises(NotFound):
        await office.own_offers.undo(other, task)


async def test_a_task_opened_without_any_link_closes_after_it_was_done(office: Office) -> None:
    person, _ = await somebody(office)
    task = await office.confirmed(await office.need(), person)
    key = OwnTask(person, task)
    assert (await office.tasks.confirm(key, HERE)).details is not None
    await office.tasks.answer(key, HERE, AssignmentMove.DONE)
    assert (await office.tasks.task_by_token(key, HERE)).details is not None
    office.clock.advance(days=30)
    with pytest.raises(NotFound):
        await office.tasks.task_by_token(key, HERE)


async def test_what_a_device_sends_twice_is_done_once(office: Office) -> None:
    """Sent from a cellar, sent again upstairs: by then a coordinator has moved it."""
    person, _ = await somebody(office)
    task = await office.confirmed(await office.need(), person)
    key = OwnTask(person, task)
    await office.tasks.confirm(key, HERE)
    await office.tasks.answer(key, HERE, AssignmentMove.CONTACT, sent="a key of the device")
    view = await office.tasks.answer(key, HERE, AssignmentMove.DONE, sent="a key of the device")
    assert view is not None
    assert view.state == "contacted", "that key was used: nothing more is done with it"
    view = await office.tasks.answer(key, HERE, AssignmentMove.DONE, sent="another key")
    assert view is not None
    assert view.state == "done"


async def test_how_soon_is_told_from_what_was_answered(office: Office) -> None:
    assert await office.own_page.usually() is None
    for number in range(5):
        _, actor = await somebody(office)
        task = await office.own_offers.offer(actor, await office.need(), HERE)
        office.clock.advance(seconds=3600 + number * 600)
        await office.dispatch.approve(office.ana, task)
    assert await office.own_page.usually() == (2, "Ana-made-up")
    office.clock.advance(seconds=61 * DAY)
    assert await office.own_page.usually() is None


# --- when she can


async def test_she_says_when_she_can_and_matching_heeds_it_at_once(office: Office) -> None:
    _, actor = await somebody(office)
    await office.need()
    said = Times(hours=("mon:morning",), max_per_week=2, rest_days=1, days_off=("2000-01-01", "2999-01-01"))
    office.lock()
    await office.own_times.change(actor, said)
    await office.unlock()
    held = await office.own_times.held(actor)
    assert (held.hours, held.max_per_week, held.rest_days) == (("mon:morning",), 2, 1)
    assert held.days_off == ("2999-01-01",), "days that are over are nobody's concern"
    with pytest.raises(Invalid):
        await office.own_times.change(actor, replace(said, hours=()))
    with pytest.raises(Invalid):
        await office.own_times.change(actor, replace(said, max_per_week=0))


async def test_how_far_she_goes_she_says_in_steps_that_no_door_can_be_felt_out_with(office: Office) -> None:
    _, actor = await somebody(office, point=HOME)
    need = await office.need(point=point(8))
    said = Times(hours=ALL_HOURS, max_per_week=None, rest_days=0, days_off=())
    await office.own_times.change(actor, said)
    assert (await office.own_times.held(actor)).radius_km == 5, "as it stood"
    assert (await office.own_page.view(actor, HERE)).near == []
    await office.own_times.change(actor, replace(said, radius_km=10))
    view = await office.own_page.view(actor, HERE)
    assert view.near is not None
    assert [row.need_id for row in view.near] == [need]
    for between in (7.9, 200.0, 0.0):
        with pytest.raises(Invalid):
            await office.own_times.change(actor, replace(said, radius_km=between))


async def test_on_a_break_nothing_is_shown_and_it_ends_by_itself(office: Office) -> None:
    _, actor = await somebody(office)
    need = await office.need()
    today = office.desk.today
    for day in (today, today + timedelta(days=400)):
        with pytest.raises(Invalid):
            await office.own_times.rest(actor, day)
    await office.own_times.rest(actor, today + timedelta(days=2))
    view = await office.own_page.view(actor, HERE)
    assert view.paused
    assert view.near == []
    office.clock.advance(days=2)
    view = await office.own_page.view(actor, HERE)
    assert not view.paused
    assert view.near is not None
    assert [row.need_id for row in view.near] == [need]
    await office.own_times.rest(actor, None)
    office.clock.advance(days=300)
    assert (await office.own_page.view(actor, HERE)).paused
    await office.own_times.back(actor)
    assert not (await office.own_page.view(actor, HERE)).paused


async def test_the_calendar_has_what_is_confirmed_under_an_address_that_ends(office: Office) -> None:
    person, actor = await somebody(office)
    await office.confirmed(await office.need(urgency=Urgency.TODAY), person)
    await office.dispatch.propose(office.ana, await office.need(), person)
    token = await office.own_calendar.make(actor)
    assert [row.state for row in await office.own_calendar.tasks(token)] == ["approved"]
    second = await office.own_calendar.make(actor)
    with pytest.raises(NotFound):
        await office.own_calendar.tasks(token)
    await office.own_calendar.end(actor)
    with pytest.raises(NotFound):
        await office.own_calendar.tasks(second)
    third = await office.own_calendar.make(actor)
    await office.people.suspend(office.safety, person, "")
    with pytest.raises(NotFound):
        await office.own_calendar.tasks(third)
