"""Volunteers, recorded looks, barring; and what erasing leaves on disk."""

from datetime import timedelta
from pathlib import Path

import pytest

from node.domain.intake.intake import Caller, NewNeed, NewPerson
from node.domain.need import CloseReason
from node.domain.people.newcomer import NewVolunteer
from node.domain.volunteer import Cleared, VolunteerState
from node.errors import Conflict, Invalid, Locked, NotAllowed, NotFound
from node.services.rights.erasing import erase_again
from node.store import apart, audit, consents, erasures, needs, persons, sheet_drafts
from node.store.sheet_drafts import SheetDraftRow
from tests.harness.office import Office

NAME, STREET, PHONE = "Winifred Canaryname", "77 Canary Terrace", "0117 496 0777"


async def test_volunteers_by_name(office: Office) -> None:
    await office.helper("zoe pretend")
    sam = await office.helper("Sam Pretend")
    await office.confirmed(await office.need(), sam)
    rows = await office.people.list_volunteers(office.safety)
    assert [(row.name, row.this_week) for row in rows] == [("Sam Pretend", 1), ("zoe pretend", 0)]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"person": NewPerson(phone=PHONE)}, "name"),
        ({"person": NewPerson(name="x")}, "phone"),
        ({"abilities": ()}, "abilities"),
        ({"abilities": ("teleport",)}, "abilities"),
        ({"radius_km": 0.0}, "radius_km"),
        ({"max_per_week": 0}, "max_per_week"),
        ({"days_off": ("someday",)}, "days_off"),
        ({"cleared": (Cleared(check="angelic"),)}, "cleared"),
    ],
)
async def test_what_does_not_fit_is_said(office: Office, changes: dict[str, object], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        await office.helper(**changes)
    assert field in refused.value.fields


async def test_pausing_keeps_what_is_confirmed(office: Office) -> None:
    sam, need_id = await office.helper(), await office.need()
    await office.confirmed(need_id, sam)
    with pytest.raises(Invalid):
        await office.people.pause(office.ana, sam, office.desk.today)
    until = office.desk.today + timedelta(days=7)
    await office.people.pause(office.ana, sam, until, "holiday")
    view = await office.people.person(office.ana, sam)
    assert view.volunteer is not None
    assert (view.volunteer.state, view.volunteer.paused_until) == (VolunteerState.PAUSED, until)
    assert await office.state(need_id) == "assigned"


async def test_suspended_is_lifted_only_by_who_may_bar(office: Office) -> None:
    sam, need_id = await office.helper(), await office.need()
    await office.confirmed(need_id, sam)
    with pytest.raises(NotAllowed):
        await office.people.suspend(office.triage, sam, "a complaint")
    await office.people.suspend(office.ana, sam, "a complaint")
    assert await office.state(need_id) == "open"
    await office.people.resume(office.ana, sam, "cleared up")
    await office.confirmed(need_id, sam)


async def test_barring_ends_tasks_on_both_sides_at_once(office: Office) -> None:
    both = (await office.call()).person_id
    await office.people.add_volunteer(office.ana, NewVolunteer(known_person=both, abilities=("groceries",)))
    hers = (await office.people.person(office.ana, both)).needs[0].id
    other, sam = await office.need(), await office.helper()
    await office.confirmed(other, both)
    await office.confirmed(hers, sam)
    await office.people.bar(office.safety, both, "reasons")
    assert [await office.state(need) for need in (other, hers)] == ["open", "open"]
    with pytest.raises(Conflict):
        await office.dispatch.assign(office.ana, hers, sam)
    assert (await office.board.need(office.ana, hers)).barred


async def test_looking_at_a_person_is_recorded_with_why(office: Office) -> None:
    sam = await office.helper()
    await office.people.person(office.safety, sam, "checking her references")
    history = (await office.people.person(office.ana, sam)).history
    assert ("Saf-made-up", "look.person", "checking her references") in [
        (row.actor, row.action, row.why) for row in history
    ]
    with pytest.raises(NotAllowed):
        await office.people.person(office.admin, sam)
    office.lock()
    for verb in (office.people.person(office.ana, sam), office.people.list_volunteers(office.ana)):
        with pytest.raises(Locked):
            await verb


def on_disk(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.iterdir()) if path.is_file())


CANARIES = (NAME, "Canaryname", STREET, "Canary", "4960777", "496 0777", "496 0778", "Ursula", "dragonfruit",
            "safecanary", "knockcanary", "whycanary", "medication")  # fmt: skip


async def test_nothing_that_names_or_finds_anybody_is_readable_on_disk(
    office: Office, tmp_path: Path
) -> None:
    taken = await office.call(
        "groceries",
        "medication",
        name=NAME,
        phone=PHONE,
        address=STREET,
        notes="knockcanary twice",
        doorstep_word="dragonfruit",
        for_self=False,
        caller=Caller(name="Ursula Canary", phone="0117 496 0778", tie="Canary", agrees=True),
    )
    # What volunteers can do stands clear, by design; so it must not be the word that is looked for.
    shops = {"abilities": ("groceries",)}
    sam = await office.helper(person=NewPerson(name=NAME, phone=PHONE, address=STREET), **shops)
    kim = await office.helper("Kim Canaryname", **shops)
    task = await office.dispatch.propose(office.ana, taken.need_id, sam, "whycanary")
    token = await office.dispatch.task_link(office.ana, task)
    await office.tasks.interest(token, "device-canary")
    await office.dispatch.approve(office.ana, task)
    await office.people.keep_apart(office.ana, taken.person_id, kim)
    office.lock()
    await office.intake.ask(
        NewNeed(
            person=NewPerson(name=NAME, phone=PHONE, address=STREET, safe_to_ring="safecanary"),
            categories=("medication",),
        )
    )
    written = on_disk(tmp_path)
    assert b"groceries" in written, "the test must be able to find what is clear"
    for canary in (*CANARIES, token, "device-canary"):
        assert canary.encode() not in written, canary


async def test_erased_means_erased(office: Office, tmp_path: Path) -> None:
    taken = await office.call("groceries", "lift", name=NAME, phone=PHONE)
    open_need, closed_need = taken.need_ids
    await office.dispatch.close(office.ana, closed_need, CloseReason.COMPLETED, "a note about her")
    sam = await office.helper()
    task = await office.confirmed(open_need, sam)
    token = await office.dispatch.task_link(office.ana, task)
    await office.people.keep_apart(office.ana, taken.person_id, await office.helper("Kim Pretend"))
    async with office.db.read() as tx:
        before = await persons.get(tx, taken.person_id)
        sealed = [(await office.desk.need_row(tx, need)).sealed for need in taken.need_ids]
    assert before is not None
    assert before.phone_index
    assert before.sealed in on_disk(tmp_path)

    with pytest.raises(NotAllowed):
        await office.people.erase(office.safety, taken.person_id)
    await office.people.erase(office.ana, taken.person_id)

    written = on_disk(tmp_path)
    for gone in (before.sealed, before.phone_index, *sealed):
        assert gone not in written
    async with office.db.read() as tx:
        assert await persons.get(tx, taken.person_id) is None
        assert await needs.of_person(tx, taken.person_id) == []
        assert await consents.of_need(tx, open_need) == []
        assert [entry.id for entry in await erasures.all_of_them(tx)] == [taken.person_id]
        assert (await audit.verify(tx)).whole
        assert all(entry.note_sealed is None for entry in await audit.of_object(tx, f"need:{closed_need}"))
    view = await office.board.need(office.ana, open_need)
    assert (view.need.state, view.need.close_reason) == ("closed", CloseReason.REMOVED)
    assert view.need.person_id is None
    assert (await office.board.need(office.ana, closed_need)).need.close_reason is CloseReason.COMPLETED
    with pytest.raises(Conflict):
        await office.dispatch.reopen(office.ana, open_need)
    with pytest.raises(NotFound):
        await office.tasks.task_by_token(token, "x")
    assert await office.intake.find_known(office.ana, PHONE) == []
    assert await office.matching.candidates(office.ana, open_need) == ()


async def test_what_was_erased_since_a_backup_is_erased_again_while_locked(
    office: Office, tmp_path: Path
) -> None:
    taken, sam = await office.call(name=NAME), await office.helper()
    await office.people.keep_apart(office.ana, taken.person_id, sam)
    ledger = [
        erasures.Erasure(id=id, kind="person", at=office.desk.now) for id in (taken.person_id, "gone" * 5)
    ]
    async with office.db.write() as tx:
        row = SheetDraftRow(
            id="s",
            staff_id=office.ana.id or "",
            sheet_sealed=b"x",
            state_sealed=b"x",
            created_at=1,
            changed_at=1,
        )
        await sheet_drafts.insert(tx, row)
    office.lock()
    assert await erase_again(office.desk, ledger) == 1
    async with office.db.read() as tx:
        assert await sheet_drafts.get(tx, "s") is None, "it may hold her too, and nobody can look into it"
    assert await erase_again(office.desk, ledger) == 0
    await office.unlock()
    async with office.db.read() as tx:
        assert await apart.all_of_them(tx) == []
        assert {entry.id for entry in await erasures.all_of_them(tx)} == {entry.id for entry in ledger}
    assert await office.state(taken.need_id) == "closed"


async def test_erasing_a_volunteer_opens_her_tasks_again(office: Office) -> None:
    need_id, sam = await office.need(), await office.helper("Sam Canaryname")
    await office.confirmed(need_id, sam)
    await office.people.erase(office.ana, sam)
    assert await office.state(need_id) == "open"
    assert await office.people.list_volunteers(office.ana) == []
    with pytest.raises(NotFound):
        await office.people.person(office.ana, sam)
