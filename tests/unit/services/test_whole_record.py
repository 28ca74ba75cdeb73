"""What is decided about a record that was made one with another is decided about the whole, whichever verb it is."""

import ast
import json
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from node.domain.actors import SYSTEM
from node.domain.calls.call_lines import Line
from node.domain.calls.call_list import WEEK, Rhythm
from node.domain.calls.call_views import NewList, Pick
from node.domain.catalogue import CheckLevel
from node.domain.consents import Purpose
from node.domain.dispatch.series import Every
from node.domain.ids import MergeId, PersonId
from node.domain.intake.intake import NewPerson
from node.domain.notices.choices import Choices
from node.domain.people.journey import JourneyMove
from node.domain.people.newcomer import NewVolunteer
from node.domain.people.street_team import Patch
from node.domain.person import PersonDetails, PersonState
from node.domain.volunteer import Cleared
from node.errors import Conflict, MutualAidError
from node.services.notices.choosing import Choosing
from node.services.notices.returned import Returned
from node.services.people.copies import Copies
from node.services.people.merging import Merging
from node.services.rights.retention import Retention
from node.services.settings.agreements import Agreements
from node.store import apart, audit, consents, merges, persons, volunteers
from node.vault import Compartment
from tests.harness.office import Office
from tests.unit.services.test_rights import close, retention

Whole = SimpleNamespace
"""An office in which ``gone`` is part of ``keep``; both asked and both help."""


@pytest.fixture
async def whole(office: Office) -> Whole:
    there, more = await office.call(), await office.call()
    keep, gone = there.person_id, more.person_id
    for each in (keep, gone):
        helps = NewVolunteer(
            person=NewPerson(),
            known_person=each,
            abilities=("groceries", "phone_call"),
            cleared=(Cleared(check=CheckLevel.CRIMINAL_RECORD),),
        )
        await office.people.add_volunteer(office.ana, helps)
    zed, asker = await office.helper("Zed Invented"), await office.call(helpers=2)
    merge = await Merging(office.desk, office.roster).merge(office.ana, keep, gone)
    return Whole(office=office, keep=keep, gone=gone, zed=zed, asker=asker, need=there.need_id, merge=merge)


def choosing(w: Whole) -> Choosing:
    return Choosing(w.office.desk)


async def mail_came_back(w: Whole) -> None:
    details = PersonDetails(name="Whole Invented", email="whole@example.org")
    await w.office.details.change(w.office.ana, w.keep, details)
    await Returned(w.office.desk, choosing(w)).came_back(w.office.ana, w.gone)


def merging(w: Whole) -> Merging:
    return Merging(w.office.desk, w.office.roster)


def agreements(w: Whole) -> Agreements:
    return Agreements(w.office.desk, w.office.texts)


def keeping(w: Whole) -> Retention:
    return Retention(w.office.desk, w.office.people)


def later(w: Whole, days: int = 30) -> Any:
    return w.office.desk.today + timedelta(days=days)


async def hand_on(w: Whole) -> None:
    rule = await w.office.repeating.begin(
        w.office.ana, w.asker.need_id, every=Every.WEEK, first_day=later(w, 3)
    )
    await w.office.handing_on.ask(w.office.ana, rule, w.gone, later(w))


async def give_round(w: Whole) -> None:
    made = await w.office.runs.plan(
        w.office.ana, day=w.office.desk.today, driver=w.zed, needs=[w.asker.need_id]
    )
    await w.office.runs.give_to(w.office.ana, made.run_id, w.gone)


async def hand_buddy(w: Whole) -> None:
    pair = await w.office.buddies.begin(w.office.ana, w.asker.person_id, w.zed)
    await w.office.buddies.hand_on(w.office.ana, pair, w.gone)


async def on_a_list(w: Whole) -> None:
    new = NewList(name="Mornings", rhythm=Rhythm(weekdays=WEEK, first_day=later(w, 0)))
    made = await w.office.call_lists.begin(
        w.office.ana, new, [Pick(line=Line(number=1, name="", phone=""), person_id=w.gone)]
    )
    await w.office.callers.add(w.office.ana, made.list_id, f"v:{w.gone}")


async def ask_again(w: Whole) -> None:
    await w.office.call(known_person=w.gone, person=NewPerson())


async def change_volunteer(w: Whole) -> None:
    async with w.office.db.read() as tx:
        held = await volunteers.get(tx, w.gone)
    assert held is not None
    await w.office.people.change_volunteer(w.office.ana, held)


async def receipt(w: Whole) -> None:
    await w.office.dispatch.assign(w.office.ana, w.asker.need_id, w.gone)
    await w.office.receipts.claim(w.office.ana, w.asker.need_id, w.gone, 500)


VERBS: dict[str, Callable[[Whole], Awaitable[Any]]] = {
    "Agreements.take_back": lambda w: agreements(w).take_back(w.office.ana, w.gone, "groups_see", "spoken"),
    "Buddies.begin": lambda w: w.office.buddies.begin(w.office.ana, w.gone, w.zed),
    "Buddies.begin, helping": lambda w: w.office.buddies.begin(w.office.ana, w.asker.person_id, w.gone),
    "Buddies.hand_on": hand_buddy,
    "CallLists.begin": on_a_list,
    "Choosing.choose": lambda w: choosing(w).choose(
        w.office.ana, w.gone, Choices(person_id=w.gone, out=True)
    ),
    "Dispatch.assign": lambda w: w.office.dispatch.assign(w.office.ana, w.asker.need_id, w.gone),
    "Dispatch.offered": lambda w: w.office.dispatch.offered(w.office.ana, w.asker.need_id, w.gone),
    "Dispatch.propose": lambda w: w.office.dispatch.propose(w.office.ana, w.asker.need_id, w.gone),
    "Forgetting.keep": lambda w: w.office.forgetting.keep(w.office.ana, w.gone, False, wording="w"),
    "HandingOn.ask": hand_on,
    "Households.join": lambda w: w.office.households.join(w.office.ana, w.gone, w.zed),
    "Households.join, other": lambda w: w.office.households.join(w.office.ana, w.zed, w.gone),
    "Households.leave": lambda w: w.office.households.leave(w.office.ana, w.gone),
    "Intake.take": ask_again,
    "Journeys.vouch": lambda w: w.office.journeys.vouch(w.office.ana, w.gone, w.zed),
    "Journeys.vouch, by": lambda w: w.office.journeys.vouch(w.office.ana, w.zed, w.gone),
    "Merging.are_two": lambda w: merging(w).are_two(w.office.ana, w.gone, w.zed),
    "OwnDoor.make_link": lambda w: w.office.own_door.make_link(w.office.ana, w.gone),
    "People.bar": lambda w: w.office.people.bar(w.office.safety, w.gone, "why"),
    "People.keep_apart": lambda w: w.office.people.keep_apart(w.office.ana, w.gone, w.zed),
    "People.keep_apart, other": lambda w: w.office.people.keep_apart(w.office.ana, w.zed, w.gone),
    "People.leave": lambda w: w.office.people.leave(w.office.ana, w.gone),
    "People.move": lambda w: w.office.people.move(w.office.safety, w.gone, JourneyMove.SUSPEND),
    "People.pause": lambda w: w.office.people.pause(w.office.ana, w.gone),
    "People.person": lambda w: w.office.people.person(w.office.ana, w.gone),
    "People.unbar": lambda w: w.office.people.unbar(w.office.safety, w.gone),
    "Receipts.claim": receipt,
    "Returned.came_back": mail_came_back,
    "Returned.works": lambda w: Returned(w.office.desk, choosing(w)).works(w.office.ana, w.gone),
    "Retention.hold": lambda w: keeping(w).hold(w.office.ana, w.gone, later(w), "why"),
    "Runs.give_to": give_round,
    "Runs.plan": lambda w: w.office.runs.plan(
        w.office.ana, day=w.office.desk.today, driver=w.gone, needs=[w.asker.need_id]
    ),
    "StreetTeams.save": lambda w: w.office.street_teams.save(
        w.office.ana, None, name="Row", patch=Patch(streets=("Row",)), captain_person=w.gone, members=[w.gone]
    ),
    "Vetting.note": lambda w: w.office.vetting.note(
        w.office.safety, w.gone, level="met", seen=w.office.desk.today, decision="cleared"
    ),
    "Waves.start": lambda w: w.office.waves.start(w.office.ana, w.asker.need_id, [w.gone]),
}
REFUSED: dict[str, Callable[[Whole], Awaitable[Any]]] = {
    "Copies.make": lambda w: Copies(w.office.desk, w.office.texts).make(w.office.ana, w.gone),
    "Details.change": lambda w: w.office.details.change(w.office.ana, w.gone, PersonDetails(name="Other")),
    "Merging.merge": lambda w: merging(w).merge(w.office.ana, w.zed, w.gone),
    "People.add_volunteer": lambda w: w.office.people.add_volunteer(
        w.office.ana, NewVolunteer(person=NewPerson(), known_person=w.gone, abilities=("lift",))
    ),
    "People.change_volunteer": change_volunteer,
    "People.erase": lambda w: w.office.people.erase(w.office.ana, w.gone),
}
"""What rests on a page that showed all of a record: it says no, in words."""
OTHERWISE = {
    "Choosing.out": "of whoever a number was found for, which finds the whole",
    "Journeys.apply": "knows nobody",
    "Merging.of_person": "a look, at what the whole may be one with",
    "Notices.sign_in_link": "of whoever an address was found for, which finds the whole",
    "OwnDoor.first_link": "of a record made in the same request",
    "People.may_meet": "below",
    "Tasks.answer_by_text": "of whoever a number was found for, which finds the whole",
    "Vetting.records": "a look, at what the whole has; only holders of that compartment",
    "Vetting.seen_to": "a reminder is found by whose it is, and was moved",
}


def test_each_verb_that_takes_somebodys_id_and_writes_is_asked_here() -> None:
    found = set()
    for path in Path("node/services").rglob("*.py"):
        for each in ast.walk(ast.parse(path.read_text())):
            if not isinstance(each, ast.ClassDef) or each.name.startswith("_"):
                continue
            for verb in each.body:
                if isinstance(verb, ast.AsyncFunctionDef) and not verb.name.startswith("_"):
                    asked = [*verb.args.args, *verb.args.kwonlyargs]
                    said = " ".join(ast.unparse(arg.annotation) for arg in asked if arg.annotation)
                    whose = ("PersonId", "NewVolunteer", "Volunteer")
                    if any(name in said for name in whose) and ".write(" in ast.unparse(verb):
                        found.add(f"{each.name}.{verb.name}")
    known = {name.partition(",")[0] for name in (*VERBS, *REFUSED)}
    assert found - known - set(OTHERWISE) == set(), (
        "say here what it does of a record that is part of another"
    )
    assert set(OTHERWISE) <= found


async def of_the_part(w: Whole) -> dict[str, Any]:
    """Everything that is held under the id of the part."""
    found: dict[str, Any] = {}
    async with w.office.db.read() as tx:
        for table, column, _ in await merges._references(tx):
            rows = await tx.execute_fetchall(f"SELECT * FROM {table} WHERE {column} = ?", (w.gone,))
            found[f"{table}.{column}"] = [dict(row) for row in rows]
        for table in ("persons", "notice_choices"):
            key = "id" if table == "persons" else "person_id"
            rows = await tx.execute_fetchall(f"SELECT * FROM {table} WHERE {key} = ?", (w.gone,))
            found[table] = [dict(row) for row in rows]
        found["merges"] = []  # that they are one, and with whom they are not
        pairs = [
            w.office.vault.open(Compartment.PEOPLE, "apart", row_id, sealed)
            for row_id, sealed in await apart.all_of_them(tx)
        ]
        found["apart"] = [pair for pair in pairs if w.gone in pair.values()]
        found["said"] = [
            (entry.action, entry.codes)
            for entry in await _history(tx)
            if w.gone in entry.object or w.gone in json.dumps(entry.codes or {})
        ]
    return found


async def _history(tx: Any) -> list[Any]:
    rows = await tx.execute_fetchall("SELECT DISTINCT object FROM audit")
    return [entry for row in rows for entry in await audit.of_object(tx, row[0])]


@pytest.mark.parametrize("verb", VERBS)
async def test_it_is_done_about_the_whole_and_nothing_about_the_part(whole: Whole, verb: str) -> None:
    before = await of_the_part(whole)
    async with whole.office.db.read() as tx:
        said = len(await _history(tx))
    await VERBS[verb](whole)
    assert await of_the_part(whole) == before
    async with whole.office.db.read() as tx:
        assert len(await _history(tx)) > said


@pytest.mark.parametrize("verb", REFUSED)
async def test_or_nothing_is_done_and_that_is_said(whole: Whole, verb: str) -> None:
    before = await of_the_part(whole)
    with pytest.raises(Conflict):
        await REFUSED[verb](whole)
    assert await of_the_part(whole) == before


async def test_who_must_not_meet_her_does_not(whole: Whole) -> None:
    office = whole.office
    await office.people.keep_apart(office.ana, whole.gone, whole.zed)
    with pytest.raises(Conflict):
        await office.dispatch.assign(office.ana, whole.need, whole.zed)
    await office.people.may_meet(office.ana, whole.gone, whole.zed, "noted by mistake")
    await office.dispatch.assign(office.ana, whole.need, whole.zed)


async def test_a_pair_noted_of_a_part_counts_from_the_next_sign_in_on(whole: Whole) -> None:
    office = whole.office
    async with office.db.write() as tx:
        pair = {"a": whole.zed, "b": whole.gone, "why": "noted before that page led to the whole"}
        await apart.insert(tx, "pair", office.vault.seal(Compartment.PEOPLE, "apart", "pair", pair))
    await office.dispatch.assign(office.ana, whole.need, whole.zed)
    office.lock()
    await office.unlock()
    with pytest.raises(Conflict):
        await office.dispatch.assign(office.ana, whole.need, whole.zed)
    async with office.db.read() as tx:
        ((row_id, sealed),) = await apart.all_of_them(tx)
    assert office.vault.open(Compartment.PEOPLE, "apart", row_id, sealed) == pair | {"b": whole.keep}


async def test_whoever_is_kept_away_is_and_comes_back(whole: Whole) -> None:
    office = whole.office
    await office.people.bar(office.safety, whole.gone)
    async with office.db.read() as tx:
        assert (await office.desk.need_person(tx, whole.keep)).person.state is PersonState.BARRED
    await office.people.unbar(office.safety, whole.gone)
    await office.people.suspend(office.safety, whole.gone, "looking into it")
    assert whole.keep in [row.person_id for row in await office.people.kept_away(office.safety)]
    await office.people.resume(office.safety, whole.gone)
    assert await office.people.kept_away(office.safety) == []


async def test_they_can_still_be_parted_and_each_stands_alone(whole: Whole) -> None:
    office = whole.office
    assert [each.id for each in await merging(whole).joined(office.ana, whole.gone)] == [MergeId(whole.merge)]
    with pytest.raises(Conflict, match="parted"):
        await merging(whole).are_two(office.ana, whole.keep, whole.gone)
    await office.people.keep_apart(office.ana, whole.gone, whole.zed)
    await merging(whole).part(office.ana, whole.merge)
    await office.people.bar(office.safety, whole.gone)
    async with office.db.read() as tx:
        assert (await office.desk.need_person(tx, whole.keep)).person.state is PersonState.ACTIVE
        pairs = [
            office.vault.open(Compartment.PEOPLE, "apart", row_id, sealed)
            for row_id, sealed in await apart.all_of_them(tx)
        ]
    assert sorted(pair["a"] for pair in pairs) == sorted([whole.keep, whole.gone])


async def test_a_hold_on_the_part_is_one_on_the_whole(office: Office) -> None:
    """And nobody else who is due stays because of it."""
    retaining = await retention(office)
    one, two, late = await office.call(), await office.call(), await office.call()
    for each in (one, two, late):
        await close(office, each.need_id)
    await Merging(office.desk, office.roster).merge(office.ana, one.person_id, two.person_id)
    await retaining.hold(office.ana, two.person_id, office.desk.today + timedelta(days=3000), "why")
    office.clock.advance(days=900)
    assert any(each.held for each in await retaining.due(office.ana))
    for _ in range(2):
        await retaining.sweep(SYSTEM, all_of_them=True)
    async with office.db.read() as tx:
        assert await persons.get(tx, one.person_id) is not None
        assert await persons.get(tx, late.person_id) is None
    assert retaining.stuck(office.admin) == 0


async def test_one_that_cannot_go_keeps_no_other_back(office: Office) -> None:
    class Stubborn:
        """Cannot erase one of them, for ``error``."""

        error: Exception

        async def erase(self, actor: Any, person_id: PersonId) -> None:
            if person_id == stays:
                raise self.error
            await office.people.erase(actor, person_id)

    retaining = await retention(office)
    taken = [await office.call() for _ in range(3)]
    for each in taken:
        await close(office, each.need_id)
    stays, eraser = taken[1].person_id, Stubborn()
    stubborn = Retention(office.desk, eraser)
    office.clock.advance(days=900)
    for eraser.error in (MutualAidError("held", "no"), ValueError("what lies there cannot be opened")):
        await stubborn.sweep(SYSTEM, all_of_them=True)
        async with office.db.read() as tx:
            there = [await persons.get(tx, each.person_id) is not None for each in taken]
        assert there == [False, True, False]
        assert stubborn.stuck(office.admin) == 1
    await retaining.sweep(SYSTEM, all_of_them=True)
    assert retaining.stuck(office.admin) == 0


@pytest.mark.parametrize("told", ["by_the_record", "by_the_time"])
async def test_a_hold_and_a_no_since_are_of_both_when_they_are_parted(whole: Whole, told: str) -> None:
    """Nobody knows which was meant: so neither is removed by itself, and neither is kept against a no."""
    w, office = whole, whole.office
    if told == "by_the_time":  # made one by an earlier version
        async with office.db.write() as tx:
            row = await merges.get(tx, w.merge)
            assert row is not None
            record = office.vault.open(Compartment.PEOPLE, "merges", row.id, row.sealed or b"")
            older = {
                key: value for key, value in record.items() if key not in ("known_holds", "last_consent")
            }
            sealed = office.vault.seal(Compartment.PEOPLE, "merges", row.id, older)
            await tx.execute("UPDATE merges SET sealed = ? WHERE id = ?", (sealed, row.id))
    office.clock.advance(minutes=1)
    await keeping(w).hold(office.safety, w.gone, later(w, 60), "the police asked")
    await office.forgetting.keep(office.ana, w.keep, False, wording="en-1")
    await merging(w).part(office.ana, w.merge)
    for each in (w.keep, w.gone):
        assert [hold.reason for hold in await keeping(w).holds(office.safety, each)] == ["the police asked"]
        async with office.db.read() as tx:
            assert await consents.last_word(tx, each, Purpose.KEEP_DETAILS) is False
    ended = await keeping(w).holds(office.safety, w.keep)
    await keeping(w).end_hold(office.safety, ended[0].id)
    assert len(await keeping(w).holds(office.safety, w.gone)) == 1, "each is looked at by itself"


async def test_a_hold_and_a_no_from_before_stay_where_they_were(office: Office) -> None:
    one, other = (await office.call()).person_id, (await office.call()).person_id
    kept = Retention(office.desk, office.people)
    await kept.hold(office.safety, one, office.desk.today + timedelta(days=60), "the police asked")
    await office.forgetting.keep(office.ana, one, False, wording="en-1")
    both = Merging(office.desk, office.roster)
    for keep, gone in ((one, other), (other, one)):
        await both.part(office.ana, await both.merge(office.ana, keep, gone))
        assert await kept.holds(office.safety, other) == []
        assert len(await kept.holds(office.safety, one)) == 1
        async with office.db.read() as tx:
            assert await consents.last_word(tx, other, Purpose.KEEP_DETAILS) is not False
