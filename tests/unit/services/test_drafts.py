"""Calls that are half typed: whose they are, how long they stay, and that a late save brings nothing back."""

from dataclasses import replace

import pytest

from node.domain.actors import ANONYMOUS
from node.domain.intake.intake import NewNeed, NewPerson
from node.errors import Conflict, Invalid, Locked, NotAllowed, NotFound
from node.services.intake.drafts import KEPT_SECONDS, LONGEST, MOST, Drafts
from tests.harness.office import Office

TYPED = [("name", "Winifred Testcase"), ("kinds", "groceries"), ("kinds", "lift")]


@pytest.fixture
def drafts(office: Office) -> Drafts:
    return Drafts(office.desk)


async def test_what_was_typed_is_there_again_for_the_one_who_typed_it(office: Office, drafts: Drafts) -> None:
    draft = drafts.new_id()
    assert await drafts.mine(office.ana) == []
    assert await drafts.keep(office.ana, draft, TYPED[:1])
    office.clock.advance(seconds=5)
    assert await drafts.keep(office.ana, draft, TYPED)
    assert await drafts.open(office.ana, draft) == TYPED
    (line,) = await drafts.mine(office.ana)
    assert (line.id, line.changed_at - line.created_at) == (draft, 5)
    # nobody else lists, opens, changes or throws it away
    assert await drafts.mine(office.ben) == []
    with pytest.raises(NotFound):
        await drafts.open(office.ben, draft)
    assert not await drafts.keep(office.ben, draft, [("name", "Somebody Else")])
    await drafts.drop(office.ben, draft)
    assert await drafts.open(office.ana, draft) == TYPED
    await drafts.drop(office.ana, draft)
    with pytest.raises(NotFound):
        await drafts.open(office.ana, draft)


async def test_it_is_sealed_and_saved_while_locked(office: Office, drafts: Drafts) -> None:
    draft = drafts.new_id()
    office.lock()
    await drafts.keep(office.ana, draft, TYPED)
    with pytest.raises(Locked):
        await drafts.open(office.ana, draft)
    assert await drafts.mine(office.ana), "that there is one is no secret"
    async with office.db.read() as tx:
        (row,) = await tx.execute_fetchall("SELECT * FROM drafts")
    assert b"Winifred" not in b"".join(v if isinstance(v, bytes) else str(v).encode() for v in row)
    await office.unlock()
    assert await drafts.open(office.ana, draft) == TYPED


async def test_it_goes_with_the_call_and_stays_gone(office: Office, drafts: Drafts) -> None:
    draft, other = drafts.new_id(), drafts.new_id()
    await drafts.keep(office.ana, draft, TYPED)
    call = NewNeed(person=NewPerson(phone="0117 496 0123"), categories=("lift",))
    await office.intake.take(office.ana, call, draft)
    await office.intake.take(office.ana, call, other)
    for taken in (draft, other):
        assert not await drafts.keep(office.ana, taken, TYPED), "a save that was on its way"
        with pytest.raises(NotFound):
            await drafts.open(office.ana, taken)
    assert await drafts.mine(office.ana) == []


async def test_after_a_day_it_is_gone(office: Office, drafts: Drafts) -> None:
    draft = drafts.new_id()
    await drafts.keep(office.ana, draft, TYPED)
    office.clock.advance(seconds=KEPT_SECONDS)
    assert await drafts.sweep() == 0
    assert await drafts.open(office.ana, draft) == TYPED
    office.clock.advance(seconds=1)
    assert await drafts.mine(office.ana) == []
    with pytest.raises(NotFound):
        await drafts.open(office.ana, draft)
    assert await drafts.sweep() == 1


async def test_limits(office: Office, drafts: Drafts) -> None:
    with pytest.raises(NotAllowed):
        await drafts.keep(ANONYMOUS, drafts.new_id(), TYPED)
    with pytest.raises(NotAllowed):
        await drafts.keep(office.safety, drafts.new_id(), TYPED)
    for wrong in ("", "x", "../../etc/passwd", "A" * 23):
        with pytest.raises(Invalid):
            await drafts.keep(office.ana, wrong, TYPED)
    with pytest.raises(Invalid):
        await drafts.keep(office.ana, drafts.new_id(), [("notes", "n" * LONGEST)])
    made = []
    for _ in range(MOST + 2):
        made.append(drafts.new_id())
        await drafts.keep(office.ana, made[-1], TYPED)
        office.clock.advance(seconds=1)
    assert [each.id for each in await drafts.mine(office.ana)] == made[:1:-1]


async def test_a_call_that_is_saved_again_leads_to_its_request_however_late(
    office: Office, drafts: Drafts
) -> None:
    draft = drafts.new_id()
    call = NewNeed(person=NewPerson(name="Nora Madeup", phone="07700 900881"), categories=("groceries",))
    first = await office.intake.take(office.ana, call, draft)
    again = replace(call, person=replace(call.person, name="Norah Madeup"))
    for days in (0, 2, 50):
        office.clock.advance(days=days)
        await drafts.sweep()
        with pytest.raises(Conflict) as refused:
            await office.intake.take(office.ana, again, draft)
        assert (refused.value.code, refused.value.values["need"]) == ("call_taken", first.need_id)
    async with office.db.read() as tx:
        rows = list(
            await tx.execute_fetchall("SELECT COUNT(*) FROM needs UNION ALL SELECT COUNT(*) FROM persons")
        )
    assert [row[0] for row in rows] == [1, 1]
    other = await office.intake.take(office.ben, again, draft)
    assert other.need_id != first.need_id, "whose draft it is not is not kept from a call of theirs"
    office.clock.advance(days=61)
    assert await drafts.sweep() >= 1
