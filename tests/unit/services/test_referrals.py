"""A whole need given to another group, and bells at its desk: by two desks and a courier."""

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import pytest_asyncio

from node.domain.board.exchange_views import NoBell
from node.domain.board.watch import Waits
from node.domain.consents import Consents
from node.domain.exchange.referral import REVOKE_DAYS, WAIT_DAYS, State
from node.domain.ids import NeedId
from node.domain.need import PRIVATE_CATEGORY, CloseReason, NeedState, Share, Urgency
from node.domain.peer_offer import REVOKE_AGAIN_DAYS
from node.errors import Conflict, Invalid, Locked, NotFound
from node.services.exchange.referrals import HEARD_SECONDS
from node.services.exchange.rings import MOST_A_DAY
from node.services.rights.retention import Retention
from node.store import consents, needs, peers, persons, referrals, shares
from tests.harness.two_groups import NORTH, SOUTH, Two, peer, two_groups


@pytest_asyncio.fixture
async def two(tmp_path: Path) -> AsyncIterator[Two]:
    async with two_groups(tmp_path) as made:
        yield made


async def referred(two: Two) -> tuple[NeedId, str]:
    need = await two.north.office.need("groceries", notes="two bags\nof shopping")
    ref = await two.north.passed.refer(two.north.office.ana, need, SOUTH, agreed=True)
    await two.carry()
    return need, ref


async def test_accepted_published_there_done_and_closed_here(two: Two) -> None:
    need, ref = await referred(two)
    north, south = two.north.office, two.south.office
    assert await north.state(need) == "referred"
    (waiting,) = await two.south.passed.waiting(south.ana)
    assert (waiting.group, waiting.category, waiting.content) == ("North", "groceries", None)
    looked = await two.south.passed.look(south.ana, ref)
    assert looked.content is not None
    assert looked.content["person"]["name"].startswith("Winifred")
    taken = await two.south.passed.accept(south.ana, ref)
    await two.carry()
    view = await south.board.need(south.ana, taken, reveal=True)
    assert view.need.state is NeedState.OPEN
    assert view.details is not None
    assert view.person is not None
    assert view.details.notes == "two bags / of shopping"
    assert view.person.address == "1 Imaginary Row"
    async with south.db.read() as tx:
        said = {str(each.purpose): each.answer for each in await consents.of_need(tx, taken)}
        kept = await referrals.get(tx, ref)
    assert said == {"help_you": True, "groups_see": True, "keep_details": True}
    assert kept is not None
    assert kept.sealed is None
    await south.dispatch.close(south.ana, taken, CloseReason.COMPLETED)
    await two.carry()
    closed = (await north.board.need(north.ana, need)).need
    assert (closed.state, closed.close_reason) == (NeedState.CLOSED, CloseReason.COMPLETED)
    assert two.north.courier.kinds() == ["referral"]
    assert two.south.courier.kinds() == ["answer", "outcome"]


async def test_declined_it_is_back_on_the_board(two: Two) -> None:
    need, ref = await referred(two)
    await two.south.passed.decline(two.south.office.ana, ref)
    async with two.south.office.db.read() as tx:
        kept = await referrals.get(tx, ref)
    assert kept is not None
    assert kept.sealed is None
    await two.carry()
    assert await two.north.office.state(need) == "open"
    with pytest.raises(NotFound):
        await two.south.passed.accept(two.south.office.ana, ref)


async def test_nobody_could_help_there_either(two: Two) -> None:
    need, ref = await referred(two)
    taken = await two.south.passed.accept(two.south.office.ana, ref)
    await two.carry()
    await two.south.office.dispatch.close(two.south.office.ana, taken, CloseReason.COULD_NOT_COMPLETE)
    await two.carry()
    assert await two.north.office.state(need) == "open"


@pytest.mark.parametrize("accepted", [False, True])
async def test_taken_back_though_the_letter_that_says_so_got_lost(two: Two, accepted: bool) -> None:
    need, ref = await referred(two)
    south = two.south.office
    taken = await two.south.passed.accept(south.ana, ref) if accepted else None
    await two.carry()
    await two.north.passed.take_back(two.north.office.ana, need)
    await two.north.exchange.tell()
    assert [letter.kind for _, letter in two.north.courier.sent] == ["revoke"]
    two.north.courier.sent.clear()
    assert await two.carry() == 0, "not at every turn of the clock"
    two.advance(days=REVOKE_AGAIN_DAYS)
    await two.carry()
    async with south.db.read() as tx:
        there = await referrals.get(tx, ref)
    assert there is not None
    assert (there.state, there.sealed) == (State.TAKEN_BACK, None)
    assert await two.south.passed.waiting(south.ana) == []
    if taken is not None:
        assert await south.state(taken) == "closed"
    two.advance(days=REVOKE_AGAIN_DAYS)
    assert await two.carry() == 0, "they said that it is deleted"
    assert two.north.courier.kinds().count("revoke") == 2


@pytest.mark.parametrize("accepted", [True, False])
async def test_closed_here_it_goes_on_nowhere(two: Two, accepted: bool) -> None:
    need, ref = await referred(two)
    north, south = two.north.office, two.south.office
    taken = await two.south.passed.accept(south.ana, ref) if accepted else None
    await two.carry()
    await north.dispatch.close(north.ana, need, CloseReason.NO_LONGER_NEEDED)
    assert await north.undo.offered(north.ana, need) is None
    with pytest.raises(Conflict) as refused:
        await north.undo.undo(north.ana, need)
    assert refused.value.values["why"] == "elsewhere"
    await two.carry()
    assert two.north.courier.kinds() == ["referral", "revoke"]
    assert await two.south.passed.waiting(south.ana) == []
    if taken is not None:
        assert await south.state(taken) == "closed"
    closed = (await north.board.need(north.ana, need)).need
    assert (closed.state, closed.close_reason) == (NeedState.CLOSED, CloseReason.NO_LONGER_NEEDED)


async def test_what_never_arrived_there_is_not_taken_back_for_ever(two: Two) -> None:
    need = await two.north.office.need("groceries")
    await two.north.passed.refer(two.north.office.ana, need, SOUTH, agreed=True)
    two.north.courier.sent.clear()
    await two.north.passed.take_back(two.north.office.ana, need)
    for _ in range(40):
        await two.carry()
        two.advance(days=REVOKE_AGAIN_DAYS)
    assert two.north.courier.kinds().count("revoke") == REVOKE_DAYS // REVOKE_AGAIN_DAYS


async def test_a_group_where_it_waits_still_hears_the_revoke_at_once(two: Two) -> None:
    need, ref = await referred(two)
    await two.north.passed.take_back(two.north.office.ana, need)
    await two.north.exchange.tell()
    two.north.courier.sent.clear()
    async with two.north.office.db.write() as tx:
        row = await referrals.get(tx, ref)
        assert row is not None
        await two.north.passed.stands(tx, row, "waiting")
    await two.carry()
    assert await two.south.passed.waiting(two.south.office.ana) == []


@pytest.mark.parametrize("accepted", [False, True])
async def test_taken_back(two: Two, accepted: bool) -> None:
    need, ref = await referred(two)
    taken = await two.south.passed.accept(two.south.office.ana, ref) if accepted else None
    await two.carry()
    assert await two.north.passed.take_back(two.north.office.ana, need) is NeedState.OPEN
    await two.carry(twice=True)
    assert "deleted" in two.south.courier.kinds()
    assert two.north.courier.kinds() == ["referral", "revoke"]
    if taken is not None:
        there = (await two.south.office.board.need(two.south.office.ana, taken)).need
        assert (there.state, there.close_reason) == (NeedState.CLOSED, CloseReason.WITHDRAWN)
    assert await two.north.office.state(need) == "open"


@pytest.mark.parametrize("held", ["helper", "asker"])
async def test_taken_back_it_stays_while_a_record_is_held_that_it_is_about(two: Two, held: str) -> None:
    """Closed, nobody's to open, and not said to be deleted before it is: that follows by itself when the hold ends."""
    need, ref = await referred(two)
    south = two.south.office
    taken = await two.south.passed.accept(south.ana, ref)
    helper = await south.helper("Accused Pretend")
    await south.confirmed(taken, helper)
    await two.carry()
    async with south.db.read() as tx:
        asker = (await south.desk.need_row(tx, taken)).need.person_id
    keeping = Retention(south.desk, south.people)
    whose = helper if held == "helper" else asker
    assert whose is not None
    hold = await keeping.hold(south.ana, whose, south.desk.today + timedelta(days=30), "a complaint")
    await two.north.passed.take_back(two.north.office.ana, need)
    await two.carry(twice=True)
    await two.south.exchange.sweep()
    assert await south.state(taken) == "closed"
    async with south.db.read() as tx:
        assert (await south.desk.need_row(tx, taken)).sealed
    assert "deleted" not in two.south.courier.kinds()
    with pytest.raises(Conflict) as refused:
        await south.dispatch.reopen(south.ana, taken)
    assert refused.value.code == "taken_back"
    # Said again from there it is the same; and it goes by itself, with the person, once it is held no more.
    two.advance(days=REVOKE_AGAIN_DAYS)
    await two.carry(twice=True)
    assert "deleted" not in two.south.courier.kinds()
    await keeping.end_hold(south.ana, hold)
    await two.south.exchange.sweep()
    await two.carry(twice=True)
    async with south.db.read() as tx:
        assert not (await south.desk.need_row(tx, taken)).sealed
        assert await persons.get(tx, asker or "") is None
    assert two.south.courier.kinds().count("deleted") == 1


async def test_nothing_goes_without_her_yes(two: Two) -> None:
    need = await two.north.office.need()
    with pytest.raises(Invalid):
        await two.north.passed.refer(two.north.office.ana, need, SOUTH, agreed=False)
    assert two.north.courier.ever == []
    assert await two.north.office.state(need) == "open"
    view = await two.north.office.board.need(two.north.office.ana, need)
    assert [(each.answer, each.wording) for each in view.consents][-1] == (False, "referral-en-1")


async def test_locked_it_waits(two: Two) -> None:
    need = await two.north.office.need()
    two.north.office.lock()
    with pytest.raises(Locked):
        await two.north.passed.refer(two.north.office.ana, need, SOUTH, agreed=True)


async def test_a_group_we_do_not_know_gets_nothing(two: Two) -> None:
    need = await two.north.office.need()
    async with two.north.office.db.write() as tx:
        await peers.set_state(tx, SOUTH, "paused")
    with pytest.raises(NotFound):
        await two.north.passed.refer(two.north.office.ana, need, SOUTH, agreed=True)
    assert two.north.courier.ever == []


async def test_what_nobody_decides_goes_back(two: Two) -> None:
    need, _ = await referred(two)
    two.advance(days=WAIT_DAYS, seconds=1)
    assert await two.south.passed.sweep() == 1
    await two.carry()
    assert await two.north.office.state(need) == "open"


@pytest.mark.parametrize(
    ("urgency", "shown", "home"),
    [(Urgency.TODAY, 1, 4), (Urgency.THIS_WEEK, 24, 48), (Urgency.WHENEVER, 24, 336)],
)
async def test_handed_on_to_a_group_that_does_not_look(
    two: Two, urgency: Urgency, shown: int, home: int
) -> None:
    north, south = two.north.office, two.south.office
    need = await north.need("groceries", urgency=urgency)
    ref = await two.north.passed.refer(north.ana, need, SOUTH, agreed=True)
    await two.carry()

    async def raised() -> list[list[tuple[str, Waits]]]:
        return [[(each.id, each.waits) for each in await of.watch.raised(of.ana)] for of in (north, south)]

    two.advance(seconds=shown * 3600 - 60)
    assert await raised() == [[], []]
    two.advance(seconds=120)
    assert await raised() == [[(need, Waits.HANDED_ON)], [(ref, Waits.TAKE_OVER)]]
    two.advance(seconds=(home - shown) * 3600)
    assert await two.north.passed.sweep() == 1, "also where nobody there is up to say no"
    assert await north.state(need) == "open"
    assert await two.north.passed.sweep() == 0
    await two.carry()
    assert await raised() == [[(need, Waits.CAME_HOME)], []]
    assert await two.south.passed.waiting(south.ana) == []
    async with south.db.read() as tx:
        kept = await referrals.get(tx, ref)
    assert kept is not None
    assert (kept.state, kept.sealed) == (State.TAKEN_BACK, None)
    await north.dispatch.propose(north.ana, need, await north.helper())
    assert await raised() == [[], []]


async def test_whom_we_promised_to_ring_is_rung_also_when_it_is_handed_on(two: Two) -> None:
    north = two.north.office
    need = await north.need("groceries", promised_at=north.desk.now + 3600)
    await two.north.passed.refer(north.ana, need, SOUTH, agreed=True)
    two.advance(seconds=2 * 3600)
    assert Waits.PROMISE in {each.waits for each in await north.watch.raised(north.ana)}


async def today(two: Two) -> tuple[NeedId, str]:
    need = await two.north.office.need(urgency=Urgency.TODAY)
    return need, await two.publish(need)


async def test_a_bell_at_the_neighbours_desk(two: Two) -> None:
    need, _ = await today(two)
    ana = two.north.office.ana
    assert [each.name for each in await two.north.bells.askable(ana, need)] == ["South"]
    assert await two.north.bells.ring(ana, need, [SOUTH]) == 1
    await two.carry(twice=True)
    (rung,) = await two.south.bells.heard(two.south.office.ana)
    assert (rung.group, rung.seen.summary.category) == ("North", "groceries")
    with pytest.raises(Conflict):
        await two.north.bells.ring(ana, need, [SOUTH])
    await two.south.bells.seen(two.south.office.triage, rung.id)
    assert await two.south.bells.heard(two.south.office.ana) == ()
    assert json.dumps([letter.content for _, letter in two.north.courier.ever]) == "[{}]"


async def test_only_whom_we_let_ring_and_only_for_today(two: Two) -> None:
    async with two.south.office.db.write() as tx:
        await peers.put(tx, peer(NORTH, "North", ask_now=False))
    need, _ = await today(two)
    await two.north.bells.ring(two.north.office.ana, need, [SOUTH])
    await two.carry()
    assert await two.south.bells.heard(two.south.office.ana) == ()
    later = await two.north.office.need()
    await two.publish(later)
    with pytest.raises(Conflict):
        await two.north.bells.ring(two.north.office.ana, later, [SOUTH])


async def test_not_more_than_five_a_day(two: Two) -> None:
    for _ in range(MOST_A_DAY):
        need, _ = await today(two)
        await two.north.bells.ring(two.north.office.ana, need, [SOUTH])
    need, _ = await today(two)
    with pytest.raises(Conflict) as refused:
        await two.north.bells.ring(two.north.office.ana, need, [SOUTH])
    assert refused.value.code == "rung_enough"
    two.advance(hours=24, seconds=1)
    assert await two.north.bells.ring(two.north.office.ana, need, [SOUTH]) == 1


@pytest.mark.parametrize("why", [None, *NoBell])
async def test_why_nobody_can_be_asked_now(two: Two, why: NoBell | None) -> None:
    north = two.north.office
    need = await north.need(
        urgency=Urgency.THIS_WEEK if why is NoBell.LATER else Urgency.TODAY,
        consents=Consents(help_you=True, groups_see=why is not NoBell.NO_CONSENT),
        keep_here=why is NoBell.KEPT_HERE,
    )
    async with north.db.write() as tx:
        await shares.put(tx, "groceries", Share.ONLY_US if why is NoBell.ONLY_US else Share.PUBLIC)
        if why is NoBell.NO_NEIGHBOURS:
            await peers.set_state(tx, SOUTH, "paused")
        if why is NoBell.NOT_GIVEN:
            known = await peers.get(tx, SOUTH)
            assert known is not None
            await peers.put(tx, replace(known, gives="nothing"))
        if why is NoBell.SENSITIVE:
            row = await north.desk.need_row(tx, need)
            await needs.update(tx, replace(row, need=replace(row.need, category=PRIVATE_CATEGORY)))
    if why in (None, NoBell.RUNG, NoBell.NOT_GIVEN):
        await two.publish(need)
    if why is NoBell.RUNG:
        await two.north.bells.ring(north.ana, need, [SOUTH])
    assert await two.north.bells.why_nobody(north.ana, need) is why


async def test_who_was_away_hears_answers_before_it_takes_back(two: Two) -> None:
    """Down for days, or back at an old copy: what the other group accepted meanwhile is still on its way to us."""
    north = two.north.office
    need = await north.need("groceries", urgency=Urgency.TODAY)
    await two.north.passed.refer(north.ana, need, SOUTH, agreed=True)
    north.lock()
    two.advance(days=3)
    assert await two.north.passed.sweep() == 0, "closed: nobody can read what came"
    await north.unlock()
    assert await two.north.passed.sweep() == 0, "what waits elsewhere may come yet"
    two.advance(seconds=HEARD_SECONDS)
    assert await two.north.passed.sweep() == 1
    assert await north.state(need) == "open"
