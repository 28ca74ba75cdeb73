"""Who rang for somebody else is put right: the next call is known by the right number, and what it was stays."""

from dataclasses import replace
from datetime import timedelta

import pytest

from node.domain.actors import SYSTEM
from node.domain.dispatch.correction import said_before
from node.domain.dispatch.series import Every
from node.domain.ids import NeedId
from node.domain.intake.intake import Caller, KnownPerson, NewPerson
from node.errors import Conflict, Invalid, Locked, NotAllowed
from node.services.people.merging import Merging
from tests.harness.office import Office

DORA = Caller(name="Dora Pretend", phone="07700 900777", tie="daughter", agrees=True)
RIGHT = replace(DORA, name="Dora Pretence", phone="07700 900778")


async def asked(office: Office, *kinds: str, caller: Caller | None = DORA, **more: object) -> NeedId:
    return await office.need(*kinds, for_self=caller is None, caller=caller, **more)


async def held(office: Office, need_id: NeedId) -> Caller | None:
    view = await office.board.need(office.ana, need_id, reveal=True)
    assert view.details is not None
    return view.details.caller


async def known(office: Office, number: str) -> list[KnownPerson]:
    return await office.intake.find_known(office.ana, number)


async def test_the_next_call_is_known_by_the_right_number_and_by_no_other(office: Office) -> None:
    need_id = await asked(office)
    office.clock.advance(minutes=5)
    assert await office.who_rang.change(office.ana, need_id, RIGHT) == ("caller_name", "caller_phone")
    assert await held(office, need_id) == RIGHT
    (card,) = await known(office, RIGHT.phone)
    assert card.rung_for == RIGHT
    assert await known(office, DORA.phone) == []
    (line,) = await office.corrections.of_need(office.ana, need_id, looked=True)
    assert (line.by, line.at) == ("Ana-made-up", office.desk.now)
    assert line.changes == {
        "caller_name": (DORA.name, RIGHT.name),
        "caller_phone": (DORA.phone, RIGHT.phone),
    }
    (line,) = await office.corrections.of_need(office.ben, need_id)
    assert (line.fields, line.changes) == (("caller_name", "caller_phone"), {}), "names take a look"
    with pytest.raises(NotAllowed):
        await office.corrections.of_need(office.admin, need_id, looked=True)
    assert await office.who_rang.change(office.ana, need_id, RIGHT) == ()
    assert len(await office.corrections.of_need(office.ana, need_id)) == 1


async def test_nobody_rang_after_all_or_somebody_did(office: Office) -> None:
    need_id = await asked(office)
    assert await office.who_rang.change(office.ana, need_id, None) == (
        "caller", "caller_name", "caller_phone", "caller_tie", "caller_agrees",
    )  # fmt: skip
    assert await held(office, need_id) is None
    assert await known(office, DORA.phone) == []
    await office.who_rang.change(office.ana, need_id, RIGHT)
    assert await held(office, need_id) == RIGHT
    assert len(await known(office, RIGHT.phone)) == 1
    both = await office.corrections.of_need(office.ana, need_id, looked=True)
    assert {line.changes["caller"] for line in both} == {("yes", "no"), ("no", "yes")}
    assert said_before({field: list(pair) for field, pair in both[0].changes.items()}) == [], (
        "she is no caller"
    )


async def test_it_holds_for_the_whole_call_and_where_it_says_the_same_if_that_is_wanted(
    office: Office,
) -> None:
    first = await asked(office)
    office.clock.advance(days=1)
    person = (await office.board.need(office.ana, first)).need.person_id
    again = {"known_person": person, "person": NewPerson()}
    call = await office.call("lift", "groceries", for_self=False, caller=DORA, **again)
    one, other = call.need_ids
    office.clock.advance(days=1)
    by_herself = await asked(office, caller=None, **again)
    assert (await office.who_rang.now(office.ana, one)).elsewhere
    await office.who_rang.change(office.ana, one, RIGHT)
    assert [await held(office, each) for each in (first, one, other)] == [DORA, RIGHT, RIGHT]
    (card,) = await known(office, DORA.phone)
    assert card.person_id == person, "another call came from there"
    await office.who_rang.change(office.ana, first, RIGHT)
    await office.who_rang.change(office.ana, other, None, everywhere=True)
    assert [await held(office, each) for each in (first, one, other)] == [None] * 3
    assert await known(office, RIGHT.phone) == []
    await office.who_rang.change(office.ana, other, DORA, everywhere=True)
    assert [await held(office, each) for each in (first, one, other, by_herself)] == [
        None,
        DORA,
        DORA,
        None,
    ], "her other calls were her own"


async def test_what_repeats_says_it_on_its_later_days(office: Office) -> None:
    need_id = await asked(office)
    first = office.desk.today + timedelta(days=3)
    await office.repeating.begin(office.ana, need_id, every=Every.WEEK, first_day=first)
    await office.who_rang.change(office.ana, need_id, RIGHT, everywhere=True)
    office.clock.advance(days=6)
    await office.repeating.sweep(SYSTEM)
    callers = set()
    async with office.db.read() as tx:
        rows = await tx.execute_fetchall("SELECT id FROM needs")
    for row in rows:
        callers.add(await held(office, NeedId(row[0])))
    assert (len(list(rows)) > 1, callers) == (True, {RIGHT})


async def test_of_one_record_out_of_two_it_is_put_right_for_the_whole(office: Office) -> None:
    keep, gone = await asked(office), await asked(office, caller=replace(DORA))
    people = [(await office.board.need(office.ana, each)).need.person_id for each in (keep, gone)]
    await Merging(office.desk, office.roster).merge(office.ana, *people)
    await office.who_rang.change(office.ana, keep, RIGHT, everywhere=True)
    assert [await held(office, each) for each in (keep, gone)] == [RIGHT, RIGHT]
    assert await known(office, DORA.phone) == []


async def test_what_does_not_fit_or_may_not_be_is_refused(office: Office) -> None:
    call = await office.call(for_self=False, caller=DORA)
    with pytest.raises(Invalid) as refused:
        await office.who_rang.change(
            office.ana, call.need_id, Caller(name="x" * 201, phone="12", tie="y" * 201, safe="z" * 201)
        )
    assert set(refused.value.fields) == {"caller_name", "caller_phone", "caller_tie", "caller_safe"}
    for nobody in (office.safety, office.admin):
        with pytest.raises(NotAllowed):
            await office.who_rang.change(nobody, call.need_id, None)
    office.lock()
    with pytest.raises(Locked):
        await office.who_rang.change(office.ana, call.need_id, None)
    await office.unlock()
    assert await office.corrections.of_need(office.ana, call.need_id) == ()
    await office.people.erase(office.ana, call.person_id)
    with pytest.raises(Conflict):
        await office.who_rang.change(office.ana, call.need_id, None)
