"""Help across groups: from a need that one group cannot meet to the end of every copy, by two desks and a courier."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from node.domain.actors import SYSTEM
from node.domain.assignment import AssignmentState
from node.domain.assignment_lifecycle import AssignmentMove
from node.domain.board.views import TaskStage
from node.domain.exchange.handover import KEEP_DAYS
from node.domain.ids import AssignmentId, NeedId, PersonId
from node.domain.need import CloseReason
from node.domain.peer_offer import MOST_OFFERS, Details
from node.errors import Conflict, Invalid, NotFound
from node.store import assignments, away_tasks, consents, peer_offers, peers, persons
from tests.harness.two_groups import NORTH, SOUTH, Two, peer, two_groups

CANARIES = ("Winifred", "Testcase", "Imaginary", "0117 496", "marmalade", "bell is broken", "before noon")


@pytest_asyncio.fixture
async def two(tmp_path: Path) -> AsyncIterator[Two]:
    async with two_groups(tmp_path) as made:
        yield made


async def offered(two: Two, kind: str = "groceries", **changes: object) -> tuple[NeedId, str, str, PersonId]:
    """A need of north's, out on the map, and south's Sam offered for it."""
    need = await two.north.office.need(kind, **changes)
    public_id = await two.publish(need)
    sam = await two.south.office.helper("Sam Pretend")
    task = await two.south.away.offer(two.south.office.ana, NORTH, public_id, sam, agreed=True)
    return need, public_id, task, sam


async def on_board(two: Two, need: NeedId) -> AssignmentId:
    """The one task on that need at north."""
    view = await two.north.office.board.need(two.north.office.ana, need)
    return view.assignments[0].id


async def confirmed(two: Two, need: NeedId) -> None:
    """Read to, agreed, confirmed, delivered."""
    office, task = two.north.office, await on_board(two, need)
    await two.north.offers.consent(office.ana, need, task, True)
    await two.north.offers.confirm(office.ana, need, task)
    await two.carry()


async def away_state(two: Two, task: str) -> str:
    async with two.south.office.db.read() as tx:
        found = await away_tasks.get(tx, task)
    assert found is not None
    return str(found.state)


def words_of(two: Two) -> str:
    """Everything that north ever wrote to anybody."""
    return json.dumps([letter.content for _, letter in two.north.courier.ever])


async def test_the_whole_story(two: Two) -> None:
    need, _, task, _ = await offered(two)
    await two.carry()
    office = two.north.office
    assert await office.state(need) == "offered"
    assert not [word for word in CANARIES if word in words_of(two)]
    view = await office.board.need(office.ana, need)
    offer = view.assignments[0].offer
    assert offer is not None
    assert (offer.group, offer.stated.since, offer.counts, offer.shut) == ("South", 2026, False, None)
    assert [each.check for each in offer.stated.checks] == ["criminal_record"]
    assert offer.span is not None

    with pytest.raises(Conflict) as refused:
        await two.north.offers.confirm(office.ana, need, view.assignments[0].id)
    assert refused.value.code == "no_consent"
    await confirmed(two, need)
    assert await office.state(need) == "assigned"
    assert await away_state(two, task) == "approved"
    asked = (await office.board.need(office.ana, need)).consents
    assert [(str(each.purpose), each.answer, each.wording) for each in asked][-1] == (
        "details_to_group",
        True,
        "handover-en-1",
    )

    token = await two.south.away.link(two.south.office.ana, task)
    assert (await two.south.links.task_by_token(token, None)).stage is TaskStage.CONFIRM_HERE
    seen = await two.south.links.confirm(token, "her phone")
    assert seen.details is not None
    assert (seen.details.first_name, seen.details.doorstep_word) == ("Winifred", "marmalade")
    assert (seen.group, seen.details.address) == ("North", "1 Imaginary Row")
    other = await two.south.links.task_by_token(token, "another phone")
    assert (other.stage, other.details) == (TaskStage.OTHER_DEVICE, None)

    await two.south.links.answer(token, "her phone", AssignmentMove.CONTACT)
    await two.carry()
    assert await office.state(need) == "in_progress"
    await two.south.links.answer(token, "her phone", AssignmentMove.DONE)
    await two.carry()
    assert await office.state(need) == "reported"
    await office.dispatch.close(office.ana, need, CloseReason.COMPLETED)
    assert await two.carry() == 0
    two.advance(days=KEEP_DAYS, seconds=1)
    await two.south.exchange.sweep()
    await two.carry()
    offer = (await office.board.need(office.ana, need)).assignments[0].offer
    assert offer is not None
    assert offer.details is Details.DELETED
    with pytest.raises(NotFound):
        await two.south.links.task_by_token(token, "her phone")
    async with two.south.office.db.read() as tx:
        kept = await away_tasks.get(tx, task)
    assert kept is not None
    assert kept.sealed is None
    assert two.south.courier.kinds() == ["offer", "receipt", "outcome", "outcome", "deleted"]
    assert two.north.courier.kinds() == ["answer", "handover"]


async def test_every_message_twice_changes_nothing(two: Two) -> None:
    need, _, task, _ = await offered(two)
    await two.carry(twice=True)
    await two.north.offers.consent(two.north.office.ana, need, await on_board(two, need), True)
    await two.north.offers.confirm(two.north.office.ana, need, await on_board(two, need))
    await two.carry(twice=True)
    await two.south.away.report(two.south.office.ana, task, AssignmentMove.DONE)
    await two.carry(twice=True)
    assert await two.north.office.state(need) == "reported"
    assert len((await two.north.office.board.need(two.north.office.ana, need)).assignments) == 1
    assert two.north.courier.kinds() == ["answer", "handover"]


async def test_only_the_fields_that_the_task_needs(two: Two) -> None:
    async with two.north.office.db.write() as tx:
        await peers.put(tx, peer(SOUTH, "South", checks_count=True))
    need, _, _, _ = await offered(two, "phone_call", remote=True)
    await two.carry()
    await confirmed(two, need)
    handover = next(letter.content for _, letter in two.north.courier.ever if letter.kind == "handover")
    assert handover["details"].keys() == {
        "category",
        "first_name",
        "safe_to_ring",
        "phone",
        "phone_kind",
        "notes",
    }


async def test_a_need_taken_meanwhile_is_answered_by_the_machine(two: Two) -> None:
    need, _, task, _ = await offered(two)
    tam = await two.north.office.helper("Tam Pretend")
    await two.north.office.confirmed(need, tam)
    await two.carry()
    assert await away_state(two, task) == "declined"
    assert [letter.content["answer"] for _, letter in two.north.courier.ever] == ["taken"]
    view = await two.north.office.board.need(two.north.office.ana, need)
    assert len(view.assignments) == 1


async def test_who_comes_second_is_told_at_once(two: Two) -> None:
    need, _, task, _ = await offered(two)
    await two.carry()
    tam = await two.north.office.helper("Tam Pretend")
    await two.north.office.confirmed(need, tam)
    await two.carry()
    assert await away_state(two, task) == "declined"
    assert next(letter.content for _, letter in two.north.courier.ever)["answer"] == "taken"


async def test_of_two_offers_confirmed_at_the_same_moment_one_wins(two: Two) -> None:
    need, public_id, _, _ = await offered(two)
    kim = await two.south.office.helper("Kim Pretend")
    await two.south.away.offer(two.south.office.ana, NORTH, public_id, kim, agreed=True)
    await two.carry()
    office = two.north.office
    tasks = [each.id for each in (await office.board.need(office.ana, need)).assignments]
    for task in tasks:
        await two.north.offers.consent(office.ana, need, task, True)
    results = await asyncio.gather(
        two.north.offers.confirm(office.ana, need, tasks[0]),
        two.north.offers.confirm(office.ben, need, tasks[1]),
        return_exceptions=True,
    )
    lost = [each for each in results if isinstance(each, Conflict)]
    assert [each.code for each in lost] == ["already_taken"]
    await two.carry()
    assert sorted(two.north.courier.kinds()) == ["answer", "answer", "handover"]
    async with two.south.office.db.read() as tx:
        states = sorted(str(each.state) for each in await away_tasks.of_need(tx, NORTH, public_id))
    assert states == ["approved", "declined"]


async def test_a_second_offer_of_the_same_helper_gets_the_same_answer(two: Two) -> None:
    need, public_id, _, sam = await offered(two)
    with pytest.raises(Conflict) as refused:
        await two.south.away.offer(two.south.office.ana, NORTH, public_id, sam, agreed=True)
    assert refused.value.code == "offered_already"
    first = two.south.courier.ever[0]
    await two.carry()
    await two.north.offers.consent(two.north.office.ana, need, await on_board(two, need), False)
    await two.carry()
    # Another program may send it again, as a new message.
    again = type(first[1])(**(first[1].__dict__ | {"id": "Z" * 21 + "A"}))
    two.south.courier.sent.append((NORTH, again))
    await two.carry()
    assert [letter.content["answer"] for _, letter in two.north.courier.ever] == ["no", "no"]
    assert len((await two.north.office.board.need(two.north.office.ana, need)).assignments) == 1


async def test_no_more_than_ten_for_one_need(two: Two) -> None:
    need = await two.north.office.need()
    public_id = await two.publish(need)
    ana = two.south.office.ana
    everybody = [await two.south.office.helper(f"Sam {n}") for n in range(MOST_OFFERS + 1)]
    for one in everybody[:MOST_OFFERS]:
        await two.south.away.offer(ana, NORTH, public_id, one, agreed=True)
    with pytest.raises(Conflict) as refused:
        await two.south.away.offer(ana, NORTH, public_id, everybody[-1], agreed=True)
    assert refused.value.code == "offered_enough"
    first = two.south.courier.ever[0][1]
    content = {**first.content, "helper": "H" * 21 + "A"}
    extra = type(first)(**(first.__dict__ | {"id": "Z" * 21 + "A", "content": content}))
    two.south.courier.sent.append((NORTH, extra))
    await two.carry()
    async with two.north.office.db.read() as tx:
        assert await peer_offers.held(tx, SOUTH, public_id) == MOST_OFFERS


async def test_a_helper_is_asked_before_she_is_offered(two: Two) -> None:
    need = await two.north.office.need()
    public_id = await two.publish(need)
    sam = await two.south.office.helper()
    with pytest.raises(Invalid):
        await two.south.away.offer(two.south.office.ana, NORTH, public_id, sam, agreed=False)
    assert two.south.courier.ever == []
    await two.south.away.offer(two.south.office.ana, NORTH, public_id, sam, agreed=True)
    async with two.south.office.db.read() as tx:
        said = await consents.of_person(tx, sam)
    assert [(each.answer, each.wording) for each in said] == [(True, "offer-en-1")]
    assert "Pretend" not in json.dumps([letter.content for _, letter in two.south.courier.ever])


async def test_a_no_to_the_hand_over_is_a_no_to_the_offer_and_nothing_more(two: Two) -> None:
    need, _, task, _ = await offered(two)
    await two.carry()
    await two.north.offers.consent(two.north.office.ana, need, await on_board(two, need), False)
    await two.carry()
    assert await two.north.office.state(need) == "open"
    assert await away_state(two, task) == "declined"
    assert not [word for word in CANARIES if word in words_of(two)]


async def test_taken_back_means_deleted_there(two: Two) -> None:
    need, _, task, _ = await offered(two)
    await two.carry()
    await confirmed(two, need)
    await two.north.office.dispatch.withdraw(two.north.office.ana, await on_board(two, need))
    await two.carry()
    assert await away_state(two, task) == "withdrawn"
    offer = (await two.north.office.board.need(two.north.office.ana, need)).assignments[0].offer
    assert offer is not None
    assert offer.details is Details.DELETED
    assert two.north.courier.kinds() == ["answer", "handover", "revoke"]


async def test_a_need_closed_otherwise_is_revoked_too(two: Two) -> None:
    need, _, task, _ = await offered(two)
    await two.carry()
    await confirmed(two, need)
    await two.north.office.dispatch.close(two.north.office.ana, need, CloseReason.NO_LONGER_NEEDED)
    await two.carry()
    assert await away_state(two, task) == "withdrawn"


async def test_given_back_opens_the_need_again_and_deletes_at_once(two: Two) -> None:
    need, _, task, _ = await offered(two)
    await two.carry()
    await confirmed(two, need)
    token = await two.south.away.link(two.south.office.ana, task)
    await two.south.links.answer(token, "her phone", AssignmentMove.RELEASE)
    async with two.south.office.db.read() as tx:
        kept = await away_tasks.get(tx, task)
    assert kept is not None
    assert kept.sealed is None
    await two.carry()
    assert await two.north.office.state(need) == "open"
    assert two.north.courier.kinds() == ["answer", "handover", "revoke"] or two.north.courier.kinds() == [
        "answer",
        "handover",
    ]


async def test_an_answer_that_was_lost_is_asked_for(two: Two) -> None:
    need, _, task, _ = await offered(two)
    await two.carry()
    await two.north.offers.consent(two.north.office.ana, need, await on_board(two, need), False)
    await two.north.exchange.tell()
    two.north.courier.sent.clear()  # lost for good
    assert await away_state(two, task) == "interested"
    assert await two.south.exchange.ask_again(SYSTEM) == 1
    await two.carry()
    assert await away_state(two, task) == "declined"


async def test_an_outcome_that_was_lost_is_asked_for(two: Two) -> None:
    need, _, task, _ = await offered(two)
    await two.carry()
    await confirmed(two, need)
    await two.south.away.report(two.south.office.ana, task, AssignmentMove.DONE)
    await two.south.exchange.tell()
    two.south.courier.sent.clear()
    await two.north.exchange.ask_again(SYSTEM)
    await two.carry()
    assert await two.north.office.state(need) == "reported"


async def test_a_group_that_cannot_be_written_to_is_told_later(two: Two) -> None:
    need, _, task, _ = await offered(two)
    await two.carry()
    await two.north.offers.consent(two.north.office.ana, need, await on_board(two, need), False)
    two.north.courier.unknown.add(SOUTH)
    assert await two.north.exchange.tell() == 0
    two.north.courier.unknown.clear()
    await two.carry()
    assert await away_state(two, task) == "declined"


@pytest.mark.parametrize("side", ["origin", "helper"])
async def test_people_who_must_not_meet_and_nobody_learns_why(two: Two, side: str) -> None:
    need, _public_id, task, sam = await offered(two)
    if side == "origin":
        await two.carry()
        await confirmed(two, need)
        await two.south.away.report(two.south.office.ana, task, AssignmentMove.DONE)
        await two.carry()
        async with two.north.office.db.read() as tx:
            known = await peer_offers.of_need(tx, need)
        asker = (await two.north.office.board.need(two.north.office.ana, need)).need.person_id
        assert asker is not None
        assert known[0].person_id is not None
        await two.north.office.people.keep_apart(two.north.office.ana, asker, known[0].person_id, "made up")
        again = await two.north.office.need(known_person=asker)
        second = await two.publish(again)
        task = await two.south.away.offer(two.south.office.ana, NORTH, second, sam, agreed=True)
        await two.carry()
        assert await away_state(two, task) == "interested"
        assert (await two.north.office.board.need(two.north.office.ana, again)).assignments == ()
    else:
        # South knows the same person by the same number, and that Sam must not meet her.
        there = (await two.south.office.call(phone="0117 496 0001")).person_id
        await two.south.office.people.keep_apart(two.south.office.ana, there, sam, "made up")
        await two.carry()
        await confirmed(two, need)
        assert await away_state(two, task) == "approved"
        await two.south.away.report(two.south.office.ana, task, AssignmentMove.RELEASE)
        await two.carry()
        assert await two.north.office.state(need) == "open"
    assert "made up" not in words_of(two)


@pytest.mark.parametrize(
    ("counts", "rang", "code"),
    [(False, "", "must_ring"), (False, "Ana rang Ben of South: saw the paper", ""), (True, "", "")],
)
async def test_whose_word_about_checks_counts(two: Two, counts: bool, rang: str, code: str) -> None:
    async with two.north.office.db.write() as tx:
        await peers.put(tx, peer(SOUTH, "South", checks_count=counts))
    need, _, task, _ = await offered(two, "childcare")
    await two.carry()
    office, on = two.north.office, await on_board(two, need)
    offer = (await office.board.need(office.ana, need)).assignments[0].offer
    assert offer is not None
    assert offer.shut == (None if counts else "must_ring")
    await two.north.offers.consent(office.ana, need, on, True)
    if code:
        with pytest.raises(Conflict) as refused:
            await two.north.offers.confirm(office.ana, need, on, rang)
        assert refused.value.code == code
        assert await away_state(two, task) == "interested"
        return
    await two.north.offers.confirm(office.ana, need, on, rang)
    history = (await office.board.need(office.ana, need)).history
    assert [row.why for row in history if row.action == "task.approve"] == [rang]


async def test_our_own_buttons_do_not_go_round_the_requester(two: Two) -> None:
    need, _, _, _ = await offered(two)
    await two.carry()
    office, task = two.north.office, await on_board(two, need)
    with pytest.raises(Conflict):
        await office.dispatch.approve(office.ana, task)
    with pytest.raises(Conflict):
        await office.dispatch.task_link(office.ana, task)


async def test_details_for_a_task_that_is_over_are_not_kept(two: Two) -> None:
    need, _, task, _ = await offered(two)
    await two.carry()
    office, on = two.north.office, await on_board(two, need)
    await two.north.offers.consent(office.ana, need, on, True)
    await two.north.offers.confirm(office.ana, need, on)
    await two.south.away.report(two.south.office.ana, task, AssignmentMove.RELEASE)
    await two.carry()
    async with two.south.office.db.read() as tx:
        kept = await away_tasks.get(tx, task)
    assert kept is not None
    assert (kept.sealed, kept.state) == (None, AssignmentState.RELEASED)
    assert await office.state(need) == "open"
    offer = (await office.board.need(office.ana, need)).assignments[0].offer
    assert offer is not None
    assert offer.details is Details.DELETED


async def test_an_erased_volunteer_is_given_back(two: Two) -> None:
    need, _, task, sam = await offered(two)
    await two.carry()
    await confirmed(two, need)
    await two.south.office.people.erase(two.south.office.ana, sam)
    await two.south.exchange.sweep()
    await two.carry()
    assert await two.north.office.state(need) == "open"
    assert await away_state(two, task) == "released"


async def test_an_offer_nobody_answers_runs_out(two: Two) -> None:
    _, _, task, _ = await offered(two)
    two.south.courier.sent.clear()
    two.advance(days=14, seconds=1)
    await two.south.exchange.sweep()
    assert await away_state(two, task) == "expired"


async def test_the_same_helper_is_the_same_row_at_her_second_need(two: Two) -> None:
    need, _, _, sam = await offered(two)
    await two.carry()
    other = await two.north.office.need("lift")
    second = await two.publish(other)
    await two.south.away.offer(two.south.office.ana, NORTH, second, sam, agreed=True)
    await two.carry()
    async with two.north.office.db.read() as tx:
        rows = [(await assignments.of_need(tx, each))[0].person_id for each in (need, other)]
        assert await persons.peer_of(tx, rows[0]) == SOUTH
    assert rows[0] == rows[1]


async def test_a_blocked_group_is_not_heard(two: Two) -> None:
    need, _, _, _ = await offered(two)
    async with two.north.office.db.write() as tx:
        await peers.set_state(tx, SOUTH, "blocked")
    await two.carry()
    assert await two.north.office.state(need) == "open"
    assert two.north.courier.ever == []


@pytest.mark.parametrize("when", ["before it is offered", "offered", "confirmed", "opened", "done"])
@pytest.mark.parametrize("side", ["the need's group", "the helper's group"])
async def test_whom_she_must_not_meet_holds_whenever_it_is_said(two: Two, when: str, side: str) -> None:
    """At either group, at any step: from then on nobody reads on by her link, and no reason is told to the other."""
    north, south = two.north.office, two.south.office
    need = await north.need(phone="0117 496 0991")
    public_id = await two.publish(need)
    sam = await south.helper("Sam Pretend")
    known = (await south.call(phone="0117 496 0991")).person_id
    asker = (await north.board.need(north.ana, need)).need.person_id
    assert asker is not None

    async def say() -> None:
        if side == "the helper's group":
            await south.people.keep_apart(south.ana, known, sam, "made up")
        else:
            theirs = (await north.board.need(north.ana, need)).assignments
            if theirs:
                await north.people.keep_apart(north.ana, asker, theirs[0].person_id, "made up")

    if when == "before it is offered":
        await say()
    task = await two.south.away.offer(south.ana, NORTH, public_id, sam, agreed=True)
    await two.carry()
    if when == "offered":
        await say()
    if (await north.board.need(north.ana, need)).assignments[0].state == "interested":
        await confirmed(two, need)
    if when == "confirmed":
        await say()
        await two.carry()
    try:
        token = await two.south.away.link(south.ana, task)
        details = (await two.south.links.confirm(token, "her phone")).details
    except (Conflict, NotFound):
        token, details = "", None
    late = when in ("opened", "done") or (when, side) == ("before it is offered", "the need's group")
    assert (details is not None) is late, "nobody could know yet" if late else "it was said in time"
    if when == "done":
        await two.south.links.answer(token, "her phone", AssignmentMove.DONE)
    if when in ("opened", "done"):
        await say()
        await two.carry()
        with contextlib.suppress(Conflict, NotFound):
            assert (await two.south.links.task_by_token(token, "her phone")).details is None
    assert "made up" not in words_of(two)
