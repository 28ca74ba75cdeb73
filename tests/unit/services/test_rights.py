"""What people may ask of us: a copy, a no, to be forgotten in time - and why somebody may have to stay."""

import json
from datetime import timedelta

import pytest

from node.domain.actors import SYSTEM
from node.domain.assignment_lifecycle import AssignmentMove
from node.domain.calls.call_list import WEEK, Rhythm
from node.domain.calls.call_views import NewList, Pick
from node.domain.consents import Consents, Purpose
from node.domain.dispatch.follow_up import ContactKind
from node.domain.dispatch.series import EndedBy
from node.domain.ids import NeedId, PersonId
from node.domain.need import CallerDetails, CloseReason
from node.domain.person import PersonKind
from node.domain.rights.breach import BreachKind, Risk
from node.domain.rights.retention import NOTICE_DAYS, Kept
from node.errors import Conflict, Invalid, Locked, NotAllowed
from node.services.people.copies import Copies
from node.services.people.merging import Merging
from node.services.rights.breaches import Breaches
from node.services.rights.forgetting import MOST_AT_ONCE
from node.services.rights.retention import Retention
from node.services.settings.agreements import Agreements
from node.services.settings.rules import Rules
from node.services.settings.texts import Texts
from node.store import consents, erasures, persons, settings
from tests.harness.office import Office


async def person_of(office: Office, need_id: NeedId) -> PersonId:
    async with office.db.read() as tx:
        found = (await office.desk.need_row(tx, need_id)).need.person_id
    assert found
    return found


def copies(office: Office) -> Copies:
    return Copies(office.desk, Texts(office.db, office.clock))


async def retention(office: Office) -> Retention:
    """Its rules have been here for longer than anybody needs notice of them."""
    keeping = Retention(office.desk, office.people)
    await keeping.sweep(SYSTEM)
    office.clock.advance(days=NOTICE_DAYS)
    return keeping


async def close(office: Office, need_id: NeedId) -> None:
    await office.dispatch.close(office.ana, need_id, CloseReason.NO_LONGER_NEEDED)


# --- a copy


async def test_a_copy_holds_what_is_hers_and_nothing_of_others(office: Office) -> None:
    taken = await office.call(
        name="Zqfirst Zqlast",
        address="1 zqaddress Road",
        for_self=False,
        caller=CallerDetails(name="zqcaller", phone="07700 900444", tie="zqtie", agrees=True),
    )
    helper = await office.helper()
    task = await office.dispatch.propose(office.ana, taken.need_id, helper)
    await office.dispatch.approve(office.ana, task)
    await office.follow_up.log(office.ana, taken.need_id, ContactKind.SPOKE, "zqcallnote")
    await office.board.need(office.ben, taken.need_id, reveal=True)
    await office.people.keep_apart(office.ana, taken.person_id, helper, "zqapart")
    copy = await copies(office).make(office.safety, taken.person_id)
    told = json.dumps(copy)
    for word in ("Zqfirst Zqlast", "zqaddress", "knock loudly", "marmalade", "zqcallnote", "groceries"):
        assert word in told, word
    for word in (
        "zqcaller",
        "zqtie",
        "07700 900444",
        "zqapart",
        "Helper",
        "Ana-made-up",
        "Ben-made-up",
        helper,
    ):
        assert word not in told, word
    assert copy["requests"][0]["somebody_rang_for_them"]
    assert [each["purpose"] for each in copy["answers"]] == ["help_you", "groups_see"]
    assert {"look.need", "look.person"} <= {each["what"] for each in copy["looks"]}
    assert all(each["by"] for each in copy["looks"])
    again = await copies(office).make(office.ana, taken.person_id)
    assert again["looks"][-1]["what"] == "look.copy", "a copy is a look"


async def test_whom_a_copy_is_not_given_to(office: Office) -> None:
    person = await person_of(office, await office.need())
    for actor in (office.triage, office.admin):
        with pytest.raises(NotAllowed):
            await copies(office).make(actor, person)
    office.lock()
    with pytest.raises(Locked):
        await copies(office).make(office.ana, person)


# --- what was agreed to


async def test_an_answer_is_taken_back_for_everything_that_is_open(office: Office) -> None:
    agreements = Agreements(office.desk, Texts(office.db, office.clock))
    taken = await office.call("groceries", "laundry", consents=Consents(help_you=True, groups_see=True))
    before = await agreements.of_person(office.ana, taken.person_id)
    assert {each.purpose for each in before if each.answer} == {Purpose.HELP_YOU, Purpose.GROUPS_SEE}
    assert await agreements.take_back(office.ana, taken.person_id, "groups_see", "spoken") == 2
    async with office.db.read() as tx:
        for need_id in taken.need_ids:
            assert not await consents.answer(tx, need_id, Purpose.GROUPS_SEE)
            assert await consents.answer(tx, need_id, Purpose.HELP_YOU), "refusing that never refuses help"
    after = await agreements.of_person(office.ana, taken.person_id)
    assert len(after) == len(before) + 2, "what was said before is never overwritten"
    last = next(each for each in after if each.purpose is Purpose.GROUPS_SEE)
    assert (last.answer, last.counts, last.by, last.wording) == (
        False,
        True,
        "Ana-made-up",
        "taken-back-spoken",
    )
    for purpose, how in (("help_you", "spoken"), ("groups_see", "by pigeon"), ("nonsense", "spoken")):
        with pytest.raises(Invalid):
            await agreements.take_back(office.ana, taken.person_id, purpose, how)


# --- what goes, and what stays


async def test_everything_goes_on_the_day_that_was_shown(office: Office) -> None:
    keeping = await retention(office)
    need_id = await office.need()
    person = await person_of(office, need_id)
    assert await keeping.due(office.admin) == [], "what is open stays"
    await close(office, need_id)
    shown = {each.kept: each for each in await keeping.due(office.admin)}
    assert set(shown) == {Kept.REQUEST, Kept.ASKER}
    async with office.db.read() as tx:
        assert shown[Kept.REQUEST].on == office.desk.today + timedelta(
            days=await settings.get(tx, settings.KEEP_REQUESTS_DAYS) + 1
        )
    while office.desk.today < shown[Kept.REQUEST].on - timedelta(days=1):
        office.clock.advance(days=1)
    assert await keeping.sweep(SYSTEM) == 0, "not a day too early"
    office.clock.advance(days=1)
    assert await keeping.sweep(SYSTEM) == 1
    view = await office.board.need(office.ana, need_id)
    assert (view.details, view.need.state) != (None, "open")
    assert view.details is not None
    assert view.details.notes == ""
    assert view.need.close_reason == CloseReason.NO_LONGER_NEEDED, "that there was one is still counted"
    while office.desk.today < shown[Kept.ASKER].on:
        office.clock.advance(days=10)
    assert await keeping.sweep(SYSTEM) == 1
    async with office.db.read() as tx:
        assert {(each.kind, each.id) for each in await erasures.all_of_them(tx)} == {
            (erasures.NEED, need_id),
            (erasures.PERSON, person),
        }
    assert await keeping.due(office.admin) == []


async def test_whom_somebody_holds_stays_until_somebody_ends_it(office: Office) -> None:
    keeping = await retention(office)
    need_id = await office.need()
    person = await person_of(office, need_id)
    await close(office, need_id)
    for day, reason in ((office.desk.today, "why"), (office.desk.today + timedelta(days=9), " ")):
        with pytest.raises(Invalid):
            await keeping.hold(office.safety, person, day, reason)
    hold = await keeping.hold(office.safety, person, office.desk.today + timedelta(days=30), "zqcomplaint")
    office.clock.advance(days=5000)
    assert await keeping.sweep(SYSTEM) == 0
    assert all(each.held for each in await keeping.due(office.ana))
    for erase in (office.people.erase(office.ana, person), office.people.erase(SYSTEM, person)):
        with pytest.raises(Conflict, match="holds this record"):
            await erase
    assert [(each.reason, each.to_review) for each in await keeping.holds(office.ana)] == [
        ("zqcomplaint", True)
    ]
    assert [each.reason for each in await keeping.holds(office.admin)] == [""], (
        "an admin learns that, not why"
    )
    await keeping.end_hold(office.ana, hold)
    assert await keeping.sweep(SYSTEM) == 2
    assert await keeping.due(office.ana) == []


@pytest.mark.parametrize("held", ["helper", "asker"])
async def test_a_hold_holds_the_requests_it_is_about_and_who_else_was_on_them(
    office: Office, held: str
) -> None:
    keeping = await retention(office)
    taken = await office.call()
    helper, asked_only = await office.helper(), await office.helper("Only Asked")
    await office.dispatch.propose(office.ana, taken.need_id, asked_only)
    token = await office.dispatch.task_link(office.ana, await office.confirmed(taken.need_id, helper))
    await office.tasks.answer(token, "phone", AssignmentMove.DONE)
    await close(office, taken.need_id)
    other = await office.need()
    await close(office, other)
    for each in (helper, asked_only):
        await office.people.leave(office.ana, each)
    ids = {"helper": helper, "asker": taken.person_id}
    far = office.desk.today + timedelta(days=2000)
    hold = await keeping.hold(office.ana, ids[held], far, "zqaccused")
    (shown,) = await keeping.holds(office.ana)
    (with_it,) = shown.with_it
    the_other = ids["asker" if held == "helper" else "helper"]
    assert (with_it.need_id, with_it.person_id) == (taken.need_id, the_other)
    assert list(await keeping.held_with(office.ana, the_other)) == [ids[held]]
    office.clock.advance(days=900)
    await keeping.sweep(office.ana, all_of_them=True)
    async with office.db.read() as tx:
        assert (await office.desk.need_row(tx, taken.need_id)).sealed
        assert not (await office.desk.need_row(tx, other)).sealed, "nobody else's"
        assert await persons.get(tx, asked_only) is None, "who was only asked goes as all others"
        assert [await persons.get(tx, each) is not None for each in ids.values()] == [True, True]
    stays = {(each.kept, each.need_id, each.person_id) for each in await keeping.due(office.ana) if each.held}
    assert stays == {
        (Kept.REQUEST, taken.need_id, taken.person_id),
        (Kept.ASKER, None, taken.person_id),
        (Kept.LEFT, None, helper),
    }
    with pytest.raises(Conflict, match="helped, or was helped by"):
        await office.people.erase(office.ana, the_other)
    await keeping.end_hold(office.ana, hold)
    assert await keeping.sweep(office.ana, all_of_them=True) == 3
    async with office.db.read() as tx:
        assert not (await office.desk.need_row(tx, taken.need_id)).sealed


async def test_who_said_no_to_being_kept_stays_while_a_complaint_about_their_helper_does(
    office: Office,
) -> None:
    keeping = await retention(office)
    taken = await office.call(consents=Consents(help_you=True, keep_details=False))
    helper = await office.helper()
    await office.confirmed(taken.need_id, helper)
    await close(office, taken.need_id)
    assert await office.forgetting.waiting(office.ana)
    hold = await keeping.hold(office.ana, helper, office.desk.today + timedelta(days=100), "a complaint")
    assert not await office.forgetting.waiting(office.ana)
    await keeping.end_hold(office.ana, hold)
    assert await office.forgetting.waiting(office.ana)


async def test_who_said_no_to_being_kept_is_shown_on_the_page_of_removals_with_the_right_day(
    office: Office,
) -> None:
    keeping = await retention(office)
    taken = await office.call(consents=Consents(help_you=True, keep_details=False))
    await close(office, taken.need_id)
    (due,) = await keeping.due(office.ana)
    assert (due.kept, due.person_id) == (Kept.NOT_KEPT, taken.person_id), (
        "nothing by a rule that would come later"
    )
    office.clock.advance(days=(due.on - office.desk.today).days - 1)
    assert await office.forgetting.sweep(SYSTEM) == 0
    office.clock.advance(days=1)
    assert await keeping.sweep(SYSTEM) == 0, "the other job lets her go"
    assert await office.forgetting.sweep(SYSTEM) == 1
    assert await keeping.due(office.ana) == []


async def test_a_buddy_stays_though_not_to_be_kept_as_long_as_the_pair_lasts(office: Office) -> None:
    keeping = await retention(office)
    taken = await office.call(consents=Consents(help_you=True, keep_details=False))
    helper = await office.helper()
    pair = await office.buddies.begin(office.ana, taken.person_id, helper, person_said=True, helper_said=True)
    await close(office, taken.need_id)
    office.clock.advance(days=30)
    assert not await office.forgetting.waiting(office.ana)
    assert {each.kept for each in await keeping.due(office.ana)} == {Kept.REQUEST}
    await office.buddies.end(office.ana, pair, EndedBy.PERSON)
    assert [each.person_id for each in await office.forgetting.waiting(office.ana)] == [taken.person_id]


async def test_who_never_began_and_who_left_go_too_and_who_helps_stays(office: Office) -> None:
    keeping = await retention(office)
    helper, left = await office.helper(), await office.helper()
    await office.people.leave(office.ana, left)
    office.clock.advance(days=400)
    due = await keeping.due(office.ana)
    assert [(each.kept, each.person_id) for each in due] == [(Kept.LEFT, left)]
    assert await keeping.sweep(SYSTEM) == 1
    assert [row.person_id for row in await office.people.list_volunteers(office.ana)] == [helper]


async def test_an_organisation_goes_once_it_left_and_stays_while_it_may_help(office: Office) -> None:
    """Its record names a person; that nobody met it first is no reason to forget it."""
    kind = {"kind": PersonKind.ORGANISATION, "contact_name": "Rev Invented"}
    left, stays = await office.helper("Old Church", **kind), await office.helper("Made-up Bank", **kind)
    await office.people.leave(office.ana, left, "closed")
    keeping = await retention(office)
    for _ in range(2):
        office.clock.advance(days=800)
        await keeping.sweep(SYSTEM)
    async with office.db.read() as tx:
        assert await persons.get(tx, left) is None
        assert await persons.get(tx, stays) is not None


async def test_more_than_usual_waits_for_a_person(office: Office) -> None:
    keeping = await retention(office)
    for _ in range(MOST_AT_ONCE // 2 + 1):
        await close(office, await office.need())
    office.clock.advance(days=5000)
    assert await keeping.sweep(SYSTEM) == 0
    with pytest.raises(NotAllowed):
        await keeping.sweep(office.admin, all_of_them=True)
    assert await keeping.sweep(office.ana, all_of_them=True) == 2 * (MOST_AT_ONCE // 2 + 1)


@pytest.mark.parametrize("how", ["new here", "stricter", "a preset"])
async def test_a_new_rule_shows_for_a_week_what_it_will_take(office: Office, how: str) -> None:
    """An upgrade, or a slip of the keyboard, is the end of nobody's record before somebody could look."""
    rules = Rules(office.db, office.clock)
    keeping = Retention(office.desk, office.people) if how == "new here" else await retention(office)
    if how != "new here":
        await rules.change(office.admin, {"keep_requests_days": 200, "keep_askers_days": 2000})
        await keeping.sweep(SYSTEM)
    else:
        await rules.change(office.admin, {"keep_askers_days": 2000})
    first, second = await office.need(), await office.need()
    await close(office, first)
    office.clock.advance(days=190)
    if how == "stricter":
        await rules.change(office.admin, {"keep_requests_days": 100})
    elif how == "a preset":
        await rules.choose(office.admin, "street", keep_changes=False)
        await rules.change(office.admin, {"keep_askers_days": 2000})
    day = office.desk.today + timedelta(days=NOTICE_DAYS)
    assert await keeping.waits_until(office.admin) == day
    assert [each.on for each in await keeping.due(office.ana) if each.kept is Kept.REQUEST] == [day]
    for _ in range(NOTICE_DAYS):
        assert await keeping.sweep(SYSTEM) == 0, "a preview, and nothing more"
        assert await keeping.waits_until(office.admin) == day, "looking does not put it off"
        office.clock.advance(days=1)
    assert await keeping.waits_until(office.admin) is None
    assert await keeping.sweep(SYSTEM) == 1
    await close(office, second)
    await rules.change(office.admin, {"keep_requests_days": 300})
    assert await keeping.waits_until(office.admin) is None, "what keeps for longer takes nothing"


async def test_whoever_looked_need_not_wait(office: Office) -> None:
    keeping = Retention(office.desk, office.people)
    await close(office, await office.need())
    office.clock.advance(days=200)
    assert await keeping.sweep(SYSTEM) == 0
    with pytest.raises(NotAllowed):
        await keeping.sweep(office.admin, all_of_them=True)
    assert await keeping.sweep(office.ana, all_of_them=True) == 1
    await close(office, await office.need())
    office.clock.advance(days=200)
    assert await keeping.sweep(SYSTEM) == 2, "the rules were seen: a request, and who asked for the first one"


# --- data that got out


async def test_whose_data_it_was_follows_from_the_record(office: Office) -> None:
    log = Breaches(office.desk)
    seen, not_seen = await office.need(), await office.need()
    before = office.desk.now
    await office.board.need(office.ben, not_seen, reveal=True)
    office.clock.advance(hours=1)
    since = office.desk.now
    await office.board.need(office.ana, seen, reveal=True)
    office.clock.advance(minutes=5)
    until = office.desk.now
    office.clock.advance(hours=1)
    await office.board.need(office.ana, not_seen, reveal=True)
    one, other = await person_of(office, seen), await person_of(office, not_seen)

    lost = await log.affected(
        office.admin, BreachKind.LOST_DEVICE, staff_id=office.ana.id, from_at=since, until_at=until
    )
    assert lost.seen == (one,), "not what another saw, nor what was seen before or after"
    reference = (await office.board.need(office.ana, not_seen)).need.reference
    paper = await log.affected(
        office.admin,
        BreachKind.WRONG_HANDS,
        staff_id=None,
        from_at=before,
        until_at=until,
        references=(reference,),
    )
    assert (paper.seen, paper.could) == ((other,), ())
    for wrong in ({"staff_id": None}, {"staff_id": "nobody"}, {"from_at": until, "until_at": since}):
        given = {"staff_id": office.ana.id, "from_at": since, "until_at": until} | wrong
        with pytest.raises(Invalid):
            await log.affected(office.admin, BreachKind.ACCOUNT, **given)  # type: ignore[arg-type]


async def test_on_a_lost_sheet_stands_who_was_to_come_too_and_nobody_twice_or_made_up(office: Office) -> None:
    log, since = Breaches(office.desk), office.desk.now
    one, again, practice = await office.call(), await office.call(), await office.call(practice=True)
    helper, asked = await office.helper("Vera Pretend"), await office.helper("Una Pretend")
    await office.confirmed(one.need_id, helper)
    await office.dispatch.propose(office.ana, again.need_id, asked)
    views = [
        await office.board.need(office.ana, each.need_id, reveal=True) for each in (one, again, practice)
    ]
    await Merging(office.desk, office.roster).merge(office.ana, one.person_id, again.person_id)
    span = {"from_at": since, "until_at": office.desk.now}
    lost = await log.affected(office.admin, BreachKind.ACCOUNT, staff_id=office.ana.id, **span)  # type: ignore[arg-type]
    assert lost.seen == (one.person_id,), "one person with two records, and nobody made up"
    assert again.person_id not in lost.could
    paper = await log.affected(
        office.admin,
        BreachKind.WRONG_HANDS,
        staff_id=None,
        references=[each.need.reference for each in views],
        **span,  # type: ignore[arg-type]
    )
    assert set(paper.seen) == {one.person_id, helper}, "not who was only asked"


async def test_whom_a_volunteer_s_lost_phone_concerns(office: Office) -> None:
    log, vera = Breaches(office.desk), await office.helper("Vera Pretend")
    opened, not_opened, given_back, of_another = [await office.need() for _ in range(4)]
    tokens = {}
    for need in (opened, not_opened, given_back):
        tokens[need] = await office.dispatch.task_link(office.ana, await office.confirmed(need, vera))
    await office.confirmed(of_another, await office.helper("Una Pretend"))
    new = NewList(
        name="Winter calls",
        rhythm=Rhythm(weekdays=WEEK, first_day=office.desk.today),
        callers=(f"v:{vera}",),
        agreed=True,
    )
    picks = [
        Pick(line=each.line) for each in await office.call_lists.read(office.ana, "Mary Example 07700 900101")
    ]
    listed = await office.call_lists.begin(office.ana, new, picks)
    (rung,) = (await office.call_book.one(office.ana, listed.list_id, reveal=True)).entries
    await office.tasks.confirm(tokens[given_back], "her phone")
    await office.tasks.answer(tokens[given_back], "her phone", AssignmentMove.RELEASE)
    office.clock.advance(hours=1)
    since = office.desk.now
    await office.tasks.confirm(tokens[opened], "her phone")
    office.clock.advance(minutes=5)
    until = office.desk.now
    span = {"staff_id": None, "from_at": since, "until_at": until}
    lost = await log.affected(office.admin, BreachKind.HELPER_DEVICE, helper_id=vera, **span)  # type: ignore[arg-type]
    people = {need: await person_of(office, need) for need in (opened, not_opened, given_back, of_another)}
    assert lost.seen == (people[opened],)
    could = {people[not_opened], rung.entry.person_id}
    assert set(lost.could) == could, (
        "a door that was not opened, and whom she rings; not what was over before"
    )
    for wrong in (None, "nobody", people[opened]):
        with pytest.raises(Invalid) as refused:
            await log.affected(office.admin, BreachKind.HELPER_DEVICE, helper_id=wrong, **span)  # type: ignore[arg-type]
        assert set(refused.value.fields) == {"helper_id"}
    await office.people.suspend(office.ana, vera, "her phone is gone")
    assert vera in dict(await log.helpers(office.ana)), "also who was stopped just now"
    stopped = await log.affected(office.admin, BreachKind.HELPER_DEVICE, helper_id=vera, **span)  # type: ignore[arg-type]
    assert (stopped.seen, set(stopped.could)) == (lost.seen, could), "stopping her first hides nobody"
    assert await log.helpers(office.admin) == [], "the admin's job alone reads no names"
    await log.write(
        office.ana,
        BreachKind.HELPER_DEVICE,
        found_at=until,
        risk=Risk.SOME,
        what="left on a bus",
        done="",
        helper_id=vera,
        **span,  # type: ignore[arg-type]
    )
    (entry,) = await log.all_of_them(office.ana)
    assert (entry.seen, entry.could, entry.helper_id) == ((people[opened],), 2, vera)
    office.lock()
    assert (await log.all_of_them(office.ana))[0].helper_id is None


async def test_until_when_somebody_must_be_told(office: Office) -> None:
    log, now = Breaches(office.desk), office.desk.now
    entry = await log.write(
        office.admin,
        BreachKind.DISK,
        staff_id=None,
        found_at=now,
        from_at=now,
        until_at=now,
        risk=Risk.HIGH,
        what="zqcard",
        done="",
    )
    (shown,) = await log.all_of_them(office.safety)
    assert (shown.authority_by, shown.people_wait, shown.what) == (now + 72 * 3600, True, "zqcard")
    assert await log.waiting(office.ana) == 1
    office.clock.advance(hours=2)
    await log.told(office.admin, entry, "authority")
    office.clock.advance(hours=2)
    await log.told(office.admin, entry, "authority")
    (shown,) = await log.all_of_them(office.admin)
    assert shown.authority_at == now + 2 * 3600, "the first time counts"
    assert await log.waiting(office.ana) == 1, "the people do not know yet"
    await log.told(office.admin, entry, "people")
    assert await log.waiting(office.ana) == 0
    office.lock()
    assert (await log.all_of_them(office.admin))[0].what == ""
    with pytest.raises(NotAllowed):
        await log.all_of_them(office.triage)
