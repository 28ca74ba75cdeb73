"""Where what a neighbouring group handed over ends: a backup that brings it back, silence, and a need taken back."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from node.domain.actors import SYSTEM
from node.domain.assignment import AssignmentState
from node.domain.assignment_lifecycle import AssignmentMove
from node.domain.board.views import TaskStage
from node.domain.consents import Consent, Purpose
from node.domain.exchange.away_task import MOST_DAYS, UNDATED_DAYS, AwayTask, Held
from node.domain.ids import NeedId, PersonId
from node.domain.need import PRIVATE_CATEGORY, CloseReason, Share, Window
from node.domain.peer_offer import REVOKE_AGAIN_DAYS, Details
from node.domain.person import PersonState
from node.domain.volunteer import Volunteer
from node.errors import Conflict, NotFound
from node.store import (
    audit,
    away_tasks,
    consents,
    erasures,
    needs,
    outbox,
    peer_offers,
    peers,
    persons,
    referrals,
    shares,
    volunteers,
)
from node.store.db import Tx
from tests.harness.two_groups import NORTH, SOUTH, Two, peer, two_groups


@pytest_asyncio.fixture
async def two(tmp_path: Path) -> AsyncIterator[Two]:
    async with two_groups(tmp_path) as made:
        yield made


async def confirmed(two: Two, **changes: object) -> tuple[NeedId, str]:
    """South's Sam on a need of north's, with the details; her task at south."""
    office = two.north.office
    need = await office.need(**changes)
    public_id = await two.publish(need)
    sam = await two.south.office.helper("Sam Pretend")
    task = await two.south.away.offer(two.south.office.ana, NORTH, public_id, sam, agreed=True)
    await two.carry()
    on = (await office.board.need(office.ana, need)).assignments[0].id
    await two.north.offers.consent(office.ana, need, on, True)
    await two.north.offers.confirm(office.ana, need, on)
    await two.carry()
    return need, task


async def held(two: Two, task: str) -> AwayTask:
    async with two.south.office.db.read() as tx:
        found = await away_tasks.get(tx, task)
    assert found is not None
    return found


async def restored(two: Two, task: str) -> AwayTask:
    """South's row as a backup of a moment ago brings it back, whatever became of it."""
    async with two.south.office.db.write() as tx:
        await away_tasks.doubt(tx)
        await referrals.doubt(tx)
    return await held(two, task)


# --- a backup came back


async def test_details_that_a_backup_brought_back_stay_shut_until_the_need_s_group_has_answered(
    two: Two,
) -> None:
    _, task = await confirmed(two)
    ana = two.south.office.ana
    token = await two.south.away.link(ana, task)
    assert (await two.south.links.confirm(token, "her phone")).details is not None
    await restored(two, task)
    shut = await two.south.links.task_by_token(token, "her phone")
    assert (shut.stage, shut.details) == (TaskStage.WAITING, None)
    assert await two.south.exchange.ask_again(SYSTEM) == 1
    await two.carry()
    again = await two.south.links.task_by_token(token, "her phone")
    assert again.stage is TaskStage.OPEN
    assert again.details is not None


@pytest.mark.parametrize(
    "before", [AssignmentState.APPROVED, AssignmentState.CONTACTED, AssignmentState.DONE]
)
async def test_what_was_revoked_since_the_backup_is_deleted_once_the_group_says_so(
    two: Two, before: AssignmentState
) -> None:
    need, task = await confirmed(two)
    kept = await held(two, task)
    office = two.north.office
    on = (await office.board.need(office.ana, need)).assignments[0].id
    await office.dispatch.withdraw(office.ana, on)
    await two.carry()
    assert (await held(two, task)).held is Held.DELETED
    async with two.south.office.db.write() as tx:
        await away_tasks.update(tx, replace(kept, state=before))
    assert (await restored(two, task)).sealed is not None
    assert await two.south.exchange.ask_again(SYSTEM) == 1
    await two.carry()
    gone = await held(two, task)
    assert (gone.sealed, gone.held, gone.doubted) == (None, Held.DELETED, False)


async def test_a_group_that_knows_of_no_yes_ends_the_task(two: Two) -> None:
    """Its own backup may be older than its yes."""
    need, task = await confirmed(two)
    office = two.north.office
    on = (await office.board.need(office.ana, need)).assignments[0].id
    offer = next(each for _, each in two.south.courier.ever if each.kind == "offer")
    letter = replace(offer, id="A" * 22, kind="state", sender=NORTH)
    said = replace(letter, content={"helper": offer.content["helper"], "state": "no"})
    await restored(two, task)
    await two.south.courier.take(said)
    gone = await held(two, task)
    assert (gone.state, gone.sealed) == (AssignmentState.WITHDRAWN, None)
    assert on


async def test_a_request_to_take_over_that_a_backup_brought_back_stays_shut(two: Two) -> None:
    north, south = two.north.office, two.south.office
    need = await north.need()
    ref = await two.north.passed.refer(north.ana, need, SOUTH, agreed=True)
    await two.carry()
    async with south.db.write() as tx:
        await referrals.doubt(tx)
    for attempt in (two.south.passed.look, two.south.passed.accept):
        with pytest.raises(Conflict) as refused:
            await attempt(south.ana, ref)
        assert refused.value.code == "in_doubt"
    assert await two.south.exchange.ask_again(SYSTEM) == 1
    await two.carry()
    assert (await two.south.passed.look(south.ana, ref)).content is not None


async def test_a_request_taken_back_since_the_backup_is_deleted(two: Two) -> None:
    north, south = two.north.office, two.south.office
    need = await north.need()
    ref = await two.north.passed.refer(north.ana, need, SOUTH, agreed=True)
    await two.carry()
    async with south.db.read() as tx:
        kept = await referrals.get(tx, ref)
    assert kept is not None
    await two.north.passed.take_back(north.ana, need)
    await two.carry()
    async with south.db.write() as tx:
        await referrals.update(tx, kept)
        await referrals.doubt(tx)
    await two.south.exchange.ask_again(SYSTEM)
    await two.carry()
    async with south.db.read() as tx:
        gone = await referrals.get(tx, ref)
    assert gone is not None
    assert (str(gone.state), gone.sealed) == ("taken_back", None)
    with pytest.raises(NotFound):
        await two.south.passed.look(south.ana, ref)


async def test_the_need_s_group_asks_too_how_what_it_gave_away_stands(two: Two) -> None:
    north, south = two.north.office, two.south.office
    need = await north.need()
    ref = await two.north.passed.refer(north.ana, need, SOUTH, agreed=True)
    await two.carry()
    await two.south.passed.decline(south.ana, ref)
    await two.south.exchange.tell()
    two.south.courier.sent.clear()  # lost for good
    assert await two.north.exchange.ask_again(SYSTEM) == 1
    await two.carry()
    assert await north.state(need) == "open"


# --- silence


@pytest.mark.parametrize("heard", [True, False])
async def test_details_of_a_silent_group_go_though_nobody_reports(two: Two, heard: bool) -> None:
    _, task = await confirmed(two)
    if not heard:
        async with two.south.office.db.write() as tx:
            await peers.set_state(tx, NORTH, "blocked")
    two.advance(days=UNDATED_DAYS, seconds=-1)
    await two.south.exchange.sweep()
    assert (await held(two, task)).held is Held.HELD
    two.advance(seconds=1)
    assert await two.south.exchange.sweep() == 1
    gone = await held(two, task)
    assert (gone.state, gone.held, gone.sealed) == (AssignmentState.EXPIRED, Held.DELETED, None)
    async with two.south.office.db.read() as tx:
        rows = await audit.of_object(tx, f"away:{task}")
    assert [row.action for row in rows][-2:] == ["task.expire", "away.deleted"]


async def test_details_sent_again_and_again_do_not_live_longer(two: Two) -> None:
    day = two.south.office.desk.today + timedelta(days=200)
    _, task = await confirmed(two, window=Window(first=day, last=day))
    first = next(each for _, each in two.north.courier.ever if each.kind == "handover")
    for number in range(2):
        two.advance(days=MOST_DAYS // 2, seconds=-1)
        await two.south.courier.take(replace(first, id=f"{number}" * 21 + "A"))
    await two.south.exchange.sweep()
    assert (await held(two, task)).held is Held.HELD
    two.advance(seconds=2)
    await two.south.exchange.sweep()
    assert (await held(two, task)).held is Held.DELETED


async def test_a_group_may_want_them_deleted_earlier(two: Two) -> None:
    _, task = await confirmed(two)
    first = next(each for _, each in two.north.courier.ever if each.kind == "handover")
    sooner = replace(first, id="A" * 22, content={**first.content, "keep_days": 1})
    await two.south.courier.take(sooner)
    await two.south.away.report(two.south.office.ana, task, AssignmentMove.DONE)
    two.advance(days=1)
    await two.south.exchange.sweep()
    assert (await held(two, task)).held is Held.DELETED


# --- one letter answers another


async def test_whatever_answers_a_letter_names_it(two: Two) -> None:
    _, task = await confirmed(two)
    await two.south.away.report(two.south.office.ana, task, AssignmentMove.DONE)
    await two.south.exchange.tell()
    await two.north.exchange.ask_again(SYSTEM)
    await two.carry()
    said = {each.kind: each for group in (two.north, two.south) for _, each in group.courier.ever}
    named = {kind: each.content.get("re") for kind, each in said.items()}
    assert named["answer"] == named["handover"] == said["offer"].id
    assert named["receipt"] == named["outcome"] == said["handover"].id
    assert named["state"] == said["state?"].id


async def test_whatever_answers_a_need_that_was_passed_on_names_it(two: Two) -> None:
    north, south = two.north.office, two.south.office
    need = await north.need()
    ref = await two.north.passed.refer(north.ana, need, SOUTH, agreed=True)
    await two.carry()
    await two.south.passed.accept(south.ana, ref)
    await two.carry()
    await two.north.passed.take_back(north.ana, need)
    await two.carry()
    said = {each.kind: each for group in (two.north, two.south) for _, each in group.courier.ever}
    assert said["answer"].content["re"] == said["referral"].id
    assert said["revoke"].content["re"] == said["answer"].id
    assert said["deleted"].content["re"] == said["revoke"].id


# --- taken back after it was taken over


async def taken_over(two: Two, **changes: object) -> tuple[NeedId, NeedId, PersonId]:
    """North's need that south took over: there, here, and who it is here."""
    need = await two.north.office.need(**changes)
    ref = await two.north.passed.refer(two.north.office.ana, need, SOUTH, agreed=True)
    await two.carry()
    there = await two.south.passed.accept(two.south.office.ana, ref)
    await two.carry()
    person = (await two.south.office.board.need(two.south.office.ana, there)).need.person_id
    assert person is not None
    return need, there, person


async def test_a_person_whose_need_is_taken_back_is_erased_here(two: Two) -> None:
    need, there, person = await taken_over(two)
    south = two.south.office
    await south.confirmed(there, await south.helper("Sam Pretend"))
    await two.north.passed.take_back(two.north.office.ana, need)
    await two.carry()
    async with south.db.read() as tx:
        assert await persons.get(tx, person) is None
        row = await needs.get(tx, there)
        assert row is not None
        assert (row.sealed, row.need.person_id, row.need.close_reason) == (b"", None, CloseReason.WITHDRAWN)
        assert person in {each.id for each in await erasures.all_of_them(tx)}
        assert [each.action for each in await audit.of_object(tx, f"person:{person}")][-1] == "person.erased"
    assert two.south.courier.kinds()[-1] == "deleted"
    await south.db.fold()
    assert b"Testcase" not in b"".join(each.read_bytes() for each in sorted(south.db.path.parent.glob("*")))


@pytest.mark.parametrize("why", ["another need", "volunteer", "barred", "apart"])
async def test_unless_she_is_held_for_something_else(two: Two, why: str) -> None:
    need, there, person = await taken_over(two)
    south = two.south.office
    match why:
        case "another need":
            await south.need(known_person=person)
        case "volunteer":
            async with south.db.write() as tx:
                await volunteers.put(tx, Volunteer(person_id=person, radius_km=5.0))
        case "barred":
            async with south.db.write() as tx:
                await persons.set_state(tx, person, PersonState.BARRED, south.desk.today)
        case _:
            await south.people.keep_apart(south.ana, person, await south.helper("Tam Pretend"), "made up")
    await two.north.passed.take_back(two.north.office.ana, need)
    await two.carry()
    async with south.db.read() as tx:
        assert await persons.get(tx, person) is not None
        row = await needs.get(tx, there)
    assert row is not None
    assert (row.sealed, row.need.person_id) == (b"", None)


# --- the yes looks once more


@pytest.mark.parametrize("why", ["kind", "consent", "kept_here", "sensitive", "given"])
async def test_a_yes_is_refused_once_the_need_is_not_for_that_group_any_more(two: Two, why: str) -> None:
    office = two.north.office
    need = await office.need()
    public_id = await two.publish(need)
    sam = await two.south.office.helper("Sam Pretend")
    await two.south.away.offer(two.south.office.ana, NORTH, public_id, sam, agreed=True)
    await two.carry()
    on = (await office.board.need(office.ana, need)).assignments[0].id
    await two.north.offers.consent(office.ana, need, on, True)

    async def changed(tx: Tx) -> None:
        row = await office.desk.need_row(tx, need)
        match why:
            case "kind":
                await shares.put(tx, row.need.category, Share.ONLY_US)
            case "consent":
                said = Consent(
                    purpose=Purpose.GROUPS_SEE, answer=False, wording="w", at=office.desk.now, by_actor="Ana"
                )
                await consents.add(tx, said, person_id=row.need.person_id, need_id=need)
            case "kept_here":
                await needs.update(tx, replace(row, need=replace(row.need, keep_here=True)))
            case "sensitive":
                await needs.update(tx, replace(row, need=replace(row.need, category=PRIVATE_CATEGORY)))
            case _:
                await peers.put(tx, peer(SOUTH, "South", gives="nothing"))

    # In the last moment, between the first look and the write of the yes.
    prepare = two.north.courier.prepare

    async def meanwhile(*args: Any, **kwargs: Any) -> Any:
        if args[1] == "handover":
            async with office.db.write() as tx:
                await changed(tx)
        return await prepare(*args, **kwargs)

    two.north.courier.prepare = meanwhile  # type: ignore[method-assign]
    with pytest.raises(Conflict) as refused:
        await two.north.offers.confirm(office.ana, need, on)
    assert refused.value.code == "not_shared"
    assert two.north.courier.kinds() == []
    offer = (await office.board.need(office.ana, need)).assignments[0].offer
    assert offer is not None
    assert offer.shut == "not_shared"


# --- a revoke that got lost


async def taken_back_and_lost(two: Two) -> tuple[NeedId, str]:
    """Confirmed, taken back here, and the letter that says so never came there."""
    need, task = await confirmed(two)
    office = two.north.office
    on = (await office.board.need(office.ana, need)).assignments[0].id
    await office.dispatch.withdraw(office.ana, on)
    await two.north.exchange.tell()
    assert [letter.kind for _, letter in two.north.courier.sent] == ["revoke"]
    two.north.courier.sent.clear()
    return need, task


async def test_a_revoke_that_got_lost_is_said_again_until_it_is_deleted_there(two: Two) -> None:
    _, task = await taken_back_and_lost(two)
    assert await two.carry() == 0, "not at every turn of the clock"
    two.advance(days=REVOKE_AGAIN_DAYS)
    await two.carry()
    row = await held(two, task)
    assert (row.state, row.held, row.sealed) == (AssignmentState.WITHDRAWN, Held.DELETED, None)
    two.advance(days=REVOKE_AGAIN_DAYS)
    assert await two.carry() == 0
    assert two.north.courier.kinds().count("revoke") == 2


async def test_a_revoke_that_is_on_its_way_is_not_said_twice_and_none_after_the_details_are_gone(
    two: Two,
) -> None:
    await taken_back_and_lost(two)
    two.advance(days=REVOKE_AGAIN_DAYS)
    desk = two.north.office.desk
    async with desk.db.write() as tx:
        (offer,) = await peer_offers.unsettled(tx)
        row = outbox.OutboxRow(
            id="made-up",
            peer=SOUTH,
            kind="revoke",
            need=offer.public_id,
            person_id=None,
            state="at_hub",
            box="b",
            expires=desk.today + timedelta(days=9),
            message_sealed=None,
            copy_sealed=None,
            created_at=desk.now,
            next_try=desk.now,
        )
        await outbox.insert(tx, row)
    assert await two.north.exchange.tell() == 0
    two.advance(days=MOST_DAYS)
    async with desk.db.write() as tx:
        await outbox.end(tx, "made-up", state="ended", answer="unconfirmed")
    assert await two.north.exchange.tell() == 0, "gone there by now, whatever they heard"


async def test_a_group_that_says_it_goes_on_hears_the_revoke_at_once(two: Two) -> None:
    need, task = await taken_back_and_lost(two)
    office = two.north.office
    on = (await office.board.need(office.ana, need)).assignments[0].id
    await two.north.exchange.ask_of_need(office.ana, need, on)
    await two.carry()
    row = await held(two, task)
    assert (row.state, row.held) == (AssignmentState.WITHDRAWN, Held.DELETED)
    offer = (await office.board.need(office.ana, need)).assignments[0].offer
    assert offer is not None
    assert offer.details is Details.DELETED
    assert two.north.courier.kinds().count("revoke") == 2
