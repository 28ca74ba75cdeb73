"""Who must not meet is kept apart from whoever lives with the other, in what is live, what is done, and what stands."""

from datetime import timedelta

import pytest

from node.domain.assignment import AssignmentState
from node.domain.assignment_lifecycle import LIVE, AssignmentMove
from node.domain.dispatch.series import Every, HandMove
from node.domain.ids import AssignmentId, NeedId, PersonId
from node.domain.intake.intake import NewPerson
from node.domain.matching.matching import Gate
from node.errors import Conflict, Invalid, NotAllowed, NotFound
from node.services.people.merging import Merging
from node.store import apart, assignments
from node.vault import Compartment
from tests.harness.office import Office


async def _asker(office: Office, need_id: NeedId) -> PersonId:
    async with office.db.read() as tx:
        found = (await office.desk.need_row(tx, need_id)).need.person_id
    assert found is not None
    return found


async def _home(office: Office) -> tuple[NeedId, PersonId, PersonId]:
    """A need, whoever asked, and somebody who lives with them."""
    need = await office.need()
    asker = await _asker(office, need)
    mate = (await office.call(name="Mother Madeup")).person_id
    await office.households.join(office.ana, asker, mate)
    return need, asker, mate


async def _state(office: Office, task: AssignmentId) -> AssignmentState:
    async with office.db.read() as tx:
        found = await assignments.get(tx, task)
    assert found is not None
    return found.state


async def _done(office: Office, need: NeedId, helper: PersonId) -> str:
    """The token of a task that was opened on the device ``dev`` and is done."""
    token = await office.dispatch.task_link(office.ana, await office.confirmed(need, helper))
    await office.tasks.answer(token, "dev", AssignmentMove.CONTACT)
    await office.tasks.answer(token, "dev", AssignmentMove.DONE)
    assert (await office.tasks.task_by_token(token, "dev")).details is not None
    return token


async def test_a_live_task_for_the_household_is_taken_back(office: Office) -> None:
    need, _, mate = await _home(office)
    helper = await office.helper()
    task = await office.confirmed(need, helper)
    await office.people.keep_apart(office.ana, helper, mate)
    assert await _state(office, task) is AssignmentState.WITHDRAWN


async def test_a_live_task_of_whoever_lives_with_the_helper_is_taken_back(office: Office) -> None:
    need = await office.need()
    helper, mate = await office.helper(), await office.helper("Housemate Pretend")
    await office.households.join(office.ana, helper, mate)
    task = await office.confirmed(need, helper)
    await office.people.keep_apart(office.ana, mate, await _asker(office, need))
    assert await _state(office, task) is AssignmentState.WITHDRAWN
    assert helper not in {each.person_id for each in await office.matching.candidates(office.ana, need)}


async def test_joining_a_household_takes_back_what_it_forbids(office: Office) -> None:
    need = await office.need()
    helper, mate = await office.helper(), (await office.call(name="Mother Madeup")).person_id
    task = await office.confirmed(need, helper)
    await office.people.keep_apart(office.ana, helper, mate)
    assert await _state(office, task) in LIVE
    await office.households.join(office.ana, await _asker(office, need), mate)
    assert await _state(office, task) is AssignmentState.WITHDRAWN


async def test_the_link_of_a_done_task_opens_nothing_any_more(office: Office) -> None:
    need, asker, mate = await _home(office)
    first, second = await office.helper(), await office.helper("Kim Pretend")
    token = await _done(office, need, first)
    await office.people.keep_apart(office.ana, first, asker)
    with pytest.raises(NotFound):
        await office.tasks.task_by_token(token, "dev")
    other = (await office.call(known_person=asker, person=NewPerson())).need_id
    token = await _done(office, other, second)
    await office.people.keep_apart(office.ana, mate, second)
    with pytest.raises(NotFound):
        await office.tasks.task_by_token(token, "dev")


async def test_undo_brings_no_link_back(office: Office) -> None:
    need = await office.need(helpers=2)
    helper = await office.helper()
    token = await _done(office, need, helper)
    await office.dispatch.hold(office.ana, need, office.desk.today)
    await office.people.keep_apart(office.ana, helper, await _asker(office, need))
    with pytest.raises(Conflict):
        await office.undo.undo(office.ana, need)
    with pytest.raises(NotFound):
        await office.tasks.task_by_token(token, "dev")


async def test_no_pair_of_buddies_with_the_household(office: Office) -> None:
    _, asker, mate = await _home(office)
    yes = {"person_said": True, "helper_said": True}
    stands, never = await office.helper(), await office.helper("Kim Pretend")
    await office.buddies.begin(office.ana, asker, stands, **yes)
    await office.people.keep_apart(office.ana, stands, mate)
    assert await office.buddies.of_person(office.ana, asker) == ()
    await office.people.keep_apart(office.ana, never, mate)
    with pytest.raises(Conflict, match="cannot be asked"):
        await office.buddies.begin(office.ana, asker, never, **yes)


async def test_nobody_takes_a_rule_over_for_the_household(office: Office) -> None:
    need, _, mate = await _home(office)
    rule = await office.repeating.begin(
        office.ana, need, every=Every.WEEK, first_day=office.desk.today + timedelta(days=7)
    )
    asked, never = await office.helper(), await office.helper("Kim Pretend")
    day = office.desk.today + timedelta(days=14)
    hand = await office.handing_on.ask(office.ana, rule, asked, day)
    await office.handing_on.answer(office.ana, hand, HandMove.AGREE)
    await office.people.keep_apart(office.ana, asked, mate)
    assert await office.handing_on.standing(office.ana, [rule]) == {}
    await office.people.keep_apart(office.ana, never, mate)
    with pytest.raises(Conflict, match="cannot be asked"):
        await office.handing_on.ask(office.ana, rule, never, day)


async def test_two_helpers_who_must_not_meet_are_not_sent_together(office: Office) -> None:
    need = await office.need(helpers=2)
    one, other = await office.helper(), await office.helper("Kim Pretend")
    first, second = await office.confirmed(need, one), await office.confirmed(need, other)
    await office.people.keep_apart(office.ana, one, other)
    assert [await _state(office, each) in LIVE for each in (first, second)] == [True, False]
    reason = await office.matching.why_not(office.ana, need, other)
    assert reason.code == Gate.NOT_SUITABLE


async def test_one_person_of_two_records_keeps_the_household_apart(office: Office) -> None:
    need, _, mate = await _home(office)
    helper = await office.helper()
    task = await office.confirmed(need, helper)
    token = await office.dispatch.task_link(office.ana, task)
    twin = (await office.call(name="Mother Madeup")).person_id
    await office.people.keep_apart(office.ana, helper, twin)
    assert await _state(office, task) in LIVE
    await Merging(office.desk, office.roster).merge(office.ana, mate, twin)
    assert await _state(office, task) is AssignmentState.WITHDRAWN
    with pytest.raises(NotFound):
        await office.tasks.task_by_token(token, "dev")


async def test_what_was_live_before_is_taken_back_when_the_records_open(office: Office) -> None:
    need = await office.need()
    helper, asker = await office.helper(), await _asker(office, need)
    task = await office.confirmed(need, helper)
    async with office.db.write() as tx:
        pair = {"a": helper, "b": asker, "why": ""}
        await apart.insert(tx, "x" * 22, office.vault.seal(Compartment.PEOPLE, "apart", "x" * 22, pair))
    office.lock()
    await office.unlock()
    assert await _state(office, task) is AssignmentState.WITHDRAWN


async def test_a_way_back_with_a_reason_that_tells_nothing(office: Office) -> None:
    need = await office.need()
    helper, asker = await office.helper(), await _asker(office, need)
    await office.people.keep_apart(office.ana, helper, asker)
    await office.people.keep_apart(office.ana, asker, helper)
    with pytest.raises(Invalid) as refused:
        await office.people.may_meet(office.ana, asker, helper, "  ")
    assert "why" in refused.value.fields
    await office.people.may_meet(office.ana, asker, helper, "the wrong Sam")
    assert (await office.matching.why_not(office.ana, need, helper)).code == "fits"
    # Once more, though there is no such pair: the same answer.
    await office.people.may_meet(office.ana, asker, helper, "the wrong Sam")
    with pytest.raises(NotAllowed):
        await office.people.may_meet(office.triage, asker, helper, "trying")
