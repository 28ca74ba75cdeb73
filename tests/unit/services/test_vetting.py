"""Safety checks over a real database: the sealed record and what matching reads change in one write."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import pytest_asyncio

from node.domain.actors import SYSTEM
from node.domain.catalogue import CheckLevel
from node.domain.ids import PersonId
from node.domain.safety.vetting import check_from, fold
from node.domain.volunteer import Cleared
from node.errors import Invalid, Locked, NotAllowed
from node.store import checks, volunteers
from node.vault import Compartment
from tests.harness.holding import let_hold
from tests.harness.office import Office, open_office


@pytest_asyncio.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    async with open_office(tmp_path) as office:
        await _hold(office, office.safety.id or "", Compartment.VETTING)
        yield office


async def _hold(office: Office, staff_id: str, compartment: Compartment) -> None:
    async with office.db.write() as tx:
        await let_hold(tx, compartment, staff_id)


async def _equal(office: Office, person_id: PersonId) -> tuple[Cleared, ...]:
    """What matching reads, after making sure that it is the sum of the sealed records."""
    async with office.db.read() as tx:
        volunteer = await volunteers.get(tx, person_id)
        rows = await checks.of_person(tx, person_id)
    assert volunteer is not None
    opened = [check_from(office.vault.open(Compartment.VETTING, "checks", *row)) for row in rows]
    assert volunteer.cleared == fold(opened)
    return volunteer.cleared


async def test_what_matching_reads_is_the_sum_of_the_records(office: Office) -> None:
    sam = await office.helper(cleared=(Cleared(check="met"),))
    assert await _equal(office, sam) == (Cleared(check="met"),)
    today = office.desk.today
    later = today + timedelta(days=90)
    await office.vetting.note(
        office.ana, sam, level="criminal_record", seen=today, decision="cleared", review=later
    )
    assert await _equal(office, sam) == (Cleared(check="met"), Cleared(check="criminal_record", until=later))
    need = await office.need("childcare")
    assert [each.person_id for each in await office.matching.candidates(office.ana, need)] == [sam]
    office.clock.advance(days=91)
    assert await office.matching.candidates(office.ana, need) == ()


async def test_changing_what_they_do_changes_no_check(office: Office) -> None:
    sam = await office.helper(cleared=(Cleared(check="id"),))
    await office.roster.ready()
    helper = office.roster.get(sam)
    assert helper is not None
    await office.people.change_volunteer(
        office.ana, replace(helper.volunteer, cleared=(Cleared(check="criminal_record"),))
    )
    assert await _equal(office, sam) == (Cleared(check="id"),)


async def test_a_check_that_was_not_enough_takes_back_the_tasks_that_need_it(office: Office) -> None:
    sam = await office.helper(cleared=(Cleared(check="criminal_record"),))
    minding, shopping = await office.need("childcare"), await office.need("groceries")
    for need in (minding, shopping):
        await office.confirmed(need, sam)
    await office.vetting.note(
        office.safety, sam, level="criminal_record", seen=office.desk.today, decision="not_cleared"
    )
    assert await _equal(office, sam) == ()
    assert await office.state(minding) == "open"
    assert await office.state(shopping) == "assigned"


async def test_records_are_for_holders_alone_and_each_look_is_written_down(office: Office) -> None:
    sam = await office.helper(cleared=(Cleared(check="id"),))
    with pytest.raises(NotAllowed) as refused:
        await office.vetting.records(office.ana, sam)
    assert refused.value.code == "not_a_holder"
    with pytest.raises(NotAllowed):
        await office.vetting.records(office.triage, sam)
    (row,) = await office.vetting.records(office.safety, sam)
    assert (row.check.level, row.by) == (CheckLevel.ID, office.ana.name)
    async with office.db.read() as tx:
        history = await office.desk.history(tx, f"person:{sam}")
    assert [each.action for each in history][-1] == "look.checks"
    # The words of the audit say that something was noted, never what came of it.
    noted = next(each for each in history if each.action == "check.noted")
    assert list(noted.codes) == ["check"]


async def test_locked_records_stay_shut_while_checks_can_be_noted(office: Office) -> None:
    sam = await office.helper(cleared=())
    office.vault.lock(Compartment.VETTING)
    await office.vetting.note(
        office.ana, sam, level="id", seen=office.desk.today, decision="cleared", review=None
    )
    held = await office.vetting.held(office.safety, sam)
    assert (held.cleared, held.may_open, held.open) == ((Cleared(check="id"),), True, False)
    with pytest.raises(Locked):
        await office.vetting.records(office.safety, sam)


async def test_who_needs_a_new_check_is_told_by_name_and_counted_while_locked(office: Office) -> None:
    today = office.desk.today
    for name, days in (
        ("Soon Pretend", 5),
        ("Later Pretend", 50),
        ("Over Pretend", -20),
        ("Far Pretend", 90),
    ):
        await office.helper(
            name, cleared=(Cleared(check="criminal_record", until=today + timedelta(days=days)),)
        )
    gone = await office.helper("Gone Pretend", cleared=(Cleared(check="id", until=today),))
    await office.people.leave(office.ana, gone)
    barred = await office.helper("Barred Pretend", cleared=(Cleared(check="id", until=today),))
    await office.people.bar(office.ana, barred, "no")
    rows = await office.vetting.to_renew(office.safety)
    assert [row.name for row in rows] == ["Over Pretend", "Soon Pretend", "Later Pretend"]
    office.lock()
    assert await office.vetting.remind(SYSTEM) == 3
    assert await office.vetting.to_see_to(office.safety) == 3
    with pytest.raises(Locked):
        await office.vetting.to_renew(office.safety)


async def test_reminders_come_once_at_sixty_thirty_and_seven_days(office: Office) -> None:
    until = office.desk.today + timedelta(days=70)
    sam = await office.helper(cleared=(Cleared(check="id", until=until),))
    came = []
    for day in range(80):
        fresh = await office.vetting.remind(SYSTEM)
        assert await office.vetting.remind(SYSTEM) == 0
        if fresh:
            came.append((until - office.desk.today).days)
            assert await office.vetting.to_see_to(office.safety) == 1
            if day % 2:
                await office.vetting.seen_to(office.safety, sam, "id")
                assert await office.vetting.to_see_to(office.safety) == 0
                (row,) = await office.vetting.to_renew(office.safety)
                assert row.seen_to is True
        office.clock.advance(days=1)
    assert came == [60, 30, 7, -1]
    later = office.desk.today + timedelta(days=900)
    await office.vetting.note(
        office.safety, sam, level="id", seen=office.desk.today, decision="cleared", review=later
    )
    assert await office.vetting.to_see_to(office.safety) == 0


async def test_a_check_that_is_over_stays_until_somebody_saw_to_it(office: Office) -> None:
    until = office.desk.today + timedelta(days=1)
    sam = await office.helper(cleared=(Cleared(check="id", until=until),))
    for _ in range(20):
        await office.vetting.remind(SYSTEM)
        office.clock.advance(days=10)
    assert await office.vetting.to_see_to(office.safety) == 1
    (row,) = await office.vetting.to_renew(office.safety)
    assert (row.renewal.days, row.renewal.urgent, row.seen_to) == (-199, True, False)
    await office.vetting.seen_to(office.safety, sam, "id")
    assert await office.vetting.remind(SYSTEM) == 0
    assert await office.vetting.to_see_to(office.safety) == 0
    assert await office.vetting.to_renew(office.safety) == []


async def test_a_volunteer_is_told_behind_her_link(office: Office) -> None:
    until = office.desk.today + timedelta(days=20)
    sam = await office.helper(cleared=(Cleared(check="id", until=until),))
    task = await office.confirmed(await office.need(), sam)
    token = await office.dispatch.task_link(office.ana, task)
    await office.tasks.confirm(token, "phone")
    office.lock()
    said = await office.vetting.hers(token, "phone")
    assert said is not None
    assert said.until == until
    assert await office.vetting.hers(token, "another phone") is None


async def test_what_does_not_fit_is_refused_and_writes_nothing(office: Office) -> None:
    sam = await office.helper(cleared=())
    with pytest.raises(Invalid) as refused:
        await office.vetting.note(office.ana, sam, level="none", seen=None, decision="cleared")
    assert set(refused.value.fields) == {"level", "seen"}
    assert await _equal(office, sam) == ()
