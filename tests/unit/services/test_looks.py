"""The weekly page over a real record: what is unusual, seen by few, and written down itself."""

import pytest

from node.domain.safety.looks import Rule
from node.errors import Locked, NotAllowed
from tests.harness.office import Office


async def test_looks_without_a_task_at_night_and_at_ones_own_street(office: Office) -> None:
    taken = await office.call(address="9 Elm Street")
    await office.people.person(office.ana, taken.person_id)  # she took the call
    strangers = [(await office.call(name=f"Nora Stranger{number}")).person_id for number in range(5)]
    for person in strangers:
        await office.people.person(office.ben, person)
    await office.call(name="Tri-made-up", address="2 Elm Street")
    await office.people.person(office.triage, taken.person_id)
    week = await office.looks.week(office.safety)
    found = {(row.who, row.rule): row.people for row in week.findings}
    assert set(found[office.ben.name, Rule.NO_TASK]) == set(strangers)
    assert found[office.triage.name, Rule.SAME_STREET] == (taken.person_id,)
    assert not any(who == office.ana.name for who, _ in found)
    assert week.looks == {office.ana.name: 1, office.ben.name: 5, office.triage.name: 1}
    # The week after, nothing of it counts; and looking was itself written down, twice.
    office.clock.advance(days=7)
    assert (await office.looks.week(office.safety)).findings == ()
    assert (await office.looks.week(office.safety, 1)).findings == week.findings
    async with office.db.read() as tx:
        lines = await office.desk.history(tx, f"week:{week.monday.isoformat()}")
    assert [(line.action, line.actor) for line in lines] == [("look.looks", office.safety.name)] * 2


async def test_it_is_for_whoever_looks_after_safety_alone(office: Office) -> None:
    for actor in (office.ana, office.triage, office.admin):
        with pytest.raises(NotAllowed):
            await office.looks.week(actor)
    office.lock()
    with pytest.raises(Locked):
        await office.looks.week(office.safety)
