"""What a neighbouring group could try: details that outlive their end, and what silence or haste would give away."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import h3
import pytest
import pytest_asyncio

from node.domain.assignment_lifecycle import AssignmentMove
from node.domain.exchange.away_task import Held
from node.domain.ids import PersonId
from node.domain.need import CloseReason, NeedState
from node.domain.peer_offer import Word
from node.store import away_tasks, outbox, peer_offers
from node.store.outbox import OutboxRow
from protocol.cells import cell_distance_span
from tests.harness.two_groups import NORTH, SOUTH, Two, two_groups


@pytest_asyncio.fixture
async def two(tmp_path: Path) -> AsyncIterator[Two]:
    async with two_groups(tmp_path) as made:
        yield made


async def confirmed(two: Two, sam: PersonId | None = None, **changes: object) -> str:
    """South's Sam on a need of north's, with the details; her task at south."""
    office = two.north.office
    need = await office.need(**changes)
    public_id = await two.publish(need)
    sam = sam or await two.south.office.helper("Sam Pretend")
    task = await two.south.away.offer(two.south.office.ana, NORTH, public_id, sam, agreed=True)
    await two.carry()
    on = (await office.board.need(office.ana, need)).assignments[0].id
    await two.north.offers.consent(office.ana, need, on, True)
    await two.north.offers.confirm(office.ana, need, on)
    await two.carry()
    return task


async def test_details_sent_once_more_after_the_end_do_not_hide_those_that_came_first(two: Two) -> None:
    task = await confirmed(two)
    await two.south.away.report(two.south.office.ana, task, AssignmentMove.DONE)
    first = next(letter for _, letter in two.north.courier.ever if letter.kind == "handover")
    await two.south.courier.take(replace(first, id="A" * 22))
    async with two.south.office.db.read() as tx:
        kept = await away_tasks.get(tx, task)
    assert kept is not None
    assert (kept.held, kept.sealed) == (Held.DELETED, None)


async def test_haste_does_not_tell_who_must_not_meet_whom(two: Two) -> None:
    north, south = two.north.office, two.south.office
    first = await north.need()
    sam = await south.helper("Sam Pretend")
    await two.south.away.offer(south.ana, NORTH, await two.publish(first), sam, agreed=True)
    await two.carry()
    known = (await north.board.need(north.ana, first)).assignments[0].person_id
    asker = (await north.call(phone="0117 496 0077")).person_id
    await north.people.keep_apart(north.ana, asker, known, "made up")
    need = await north.need(known_person=asker)
    public_id = await two.publish(need)
    await two.south.away.offer(south.ana, NORTH, public_id, sam, agreed=True)
    told = len(two.north.courier.ever)
    await two.carry()
    assert len(two.north.courier.ever) == told  # silence, as while a coordinator thinks
    assert (await north.board.need(north.ana, need)).assignments == ()
    await two.south.exchange.ask_again(south.ana)
    await two.carry()
    said = [letter for _, letter in two.north.courier.ever if letter.need == public_id]
    assert [(letter.kind, letter.content["state"]) for letter in said] == [("state", "waiting")]
    await north.confirmed(need, await north.helper("Our Own"))
    await two.carry()
    assert two.north.courier.ever[-1][1].content["answer"] == "taken"


async def test_a_made_up_number_finds_out_nothing_before_a_person_has_decided(two: Two) -> None:
    """North hands details over with the number of somebody whom south's Sam must not meet, then with anybody's."""
    south = two.south.office
    known = (await south.call(phone="0117 496 0999")).person_id
    told, lengths = [], []
    for phone in ("0117 496 0999", "0117 496 0998"):
        before = len(two.south.courier.ever)
        sam = await south.helper("Sam Pretend")
        await south.people.keep_apart(south.ana, known, sam, "made up")
        task = await confirmed(two, sam, phone=phone, name="Winifred Testcase")
        await two.north.exchange.ask_again(south.ana)
        await two.carry()
        token = await two.south.away.link(south.ana, task)
        assert ((await two.south.links.confirm(token, "her phone")).details is None) == phone.endswith("999")
        two.advance(days=2)
        await two.south.exchange.sweep()
        await two.carry()
        said = [each for _, each in two.south.courier.ever[before:]]
        told.append([(each.kind, each.content.keys(), each.content.get("state")) for each in said])
        async with south.db.read() as tx:
            row = await away_tasks.get(tx, task)
        assert row is not None
        assert row.sealed is not None
        lengths.append(len(row.sealed))
        views = await two.south.exchange.board.going_on(south.ana)
        assert next(each.kept_back for each in views if each.id == task) == phone.endswith("999")
        # A person decides: what is told then is what is told of anybody who gives a task back.
        await two.south.away.report(south.ana, task, AssignmentMove.RELEASE)
        await two.carry()
    assert told[0] == told[1]
    assert [kind for kind, *_ in told[0]] == ["offer", "receipt", "state"]
    assert lengths[0] == lengths[1]


async def test_a_referral_that_comes_after_its_own_end_is_ended_once_more(two: Two) -> None:
    north, south = two.north.office, two.south.office
    need = await north.need()
    ref = await two.north.passed.refer(north.ana, need, SOUTH, agreed=True)
    _, late = two.north.courier.sent.pop()
    await two.north.passed.take_back(north.ana, need)
    await two.carry()
    await two.south.courier.take(late)  # a hub had kept it
    there = await two.south.passed.accept(south.ana, ref)
    await two.carry()
    closed = (await south.board.need(south.ana, there)).need
    assert (closed.state, closed.close_reason) == (NeedState.CLOSED, CloseReason.WITHDRAWN)
    assert await north.state(need) == "open"


@pytest.mark.parametrize("state", ["waiting", "held"])
async def test_details_that_are_not_on_their_way_stay_when_she_takes_her_yes_back(
    two: Two, state: str
) -> None:
    office = two.north.office
    await confirmed(two)
    handover = next(letter for _, letter in two.north.courier.ever if letter.kind == "handover")
    row = OutboxRow(
        id=handover.id,
        peer=SOUTH,
        kind="handover",
        need=handover.need,
        person_id=None,
        state=state,
        box="B" * 22,
        expires=office.desk.today + timedelta(days=14),
        message_sealed=b"as it travels",
        copy_sealed=b"our copy",
        created_at=office.desk.now,
        next_try=office.desk.now,
    )
    async with office.db.write() as tx:
        await outbox.insert(tx, row)
        (offer,) = [each for each in await peer_offers.unsettled(tx) if each.said is Word.YES]
    assert offer.assignment_id is not None
    two.advance(seconds=600)
    await office.dispatch.withdraw(office.ana, offer.assignment_id)
    await two.carry()
    async with office.db.read() as tx:
        left = await outbox.get(tx, handover.id)
    assert left is not None
    assert (left.state, left.message_sealed, left.copy_sealed) == ("ended", None, None)


async def test_nobody_asks_for_the_distance_from_several_places(two: Two) -> None:
    """One answer for a volunteer and a need: told by the origin, from the published area to where the first offer said
    that she is."""
    need = await two.north.office.need()
    public_id = await two.publish(need)
    sam = await two.south.office.helper("Sam Pretend")
    task = await two.south.away.offer(two.south.office.ana, NORTH, public_id, sam, agreed=True)
    first = two.south.courier.ever[0][1]
    await two.carry()

    async def offer_again(number: int, cell: str | None) -> None:
        """A program that sends it once more, as a new message."""
        content = {**first.content, "cell": cell}
        if cell is None:
            del content["cell"]
        two.south.courier.sent.append((NORTH, replace(first, id=f"{number:021}A", content=content)))
        await two.carry()

    published = next(seen.summary.cell for seen in two.south.map.found if seen.summary.id == public_id)
    elsewhere = h3.latlng_to_cell(51.9, -2.1, 5)
    right = cell_distance_span(published, first.content["cell"])
    assert cell_distance_span(published, elsewhere) != right, "or the test shows nothing"
    await offer_again(1, elsewhere)
    assert two.north.courier.kinds() == ["state"], "before a person has decided no distance is told at all"
    office = two.north.office
    board = await office.board.need(office.ana, need)
    on = board.assignments[0]
    assert (len(board.assignments), on.offer and on.offer.span) == (1, right)
    await two.north.offers.consent(office.ana, need, on.id, True)
    await two.north.offers.confirm(office.ana, need, on.id)
    await two.carry()
    for number, cell in enumerate(
        (elsewhere, h3.latlng_to_cell(52.4, -2.6, 5), first.content["cell"], None), 2
    ):
        await offer_again(number, cell)
    answers = [letter.content for _, letter in two.north.courier.ever if letter.kind == "answer"]
    told = {"helper": first.content["helper"], "answer": "yes", "span": list(right)}
    assert [{**each, "re": ""} for each in answers] == [{**told, "re": ""}] * 5
    assert sorted(two.north.courier.kinds()) == ["answer"] * 5 + ["handover", "state"]
    async with two.south.office.db.read() as tx:
        held = await away_tasks.get(tx, task)
    assert held is not None
    assert (held.answer, held.span) == ("yes", right)
