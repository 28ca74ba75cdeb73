"""Money laid out and paid back: by link, by round, by phone; within the cap; settled once."""

from datetime import timedelta

import pytest

from node.domain.ids import NeedId, PersonId
from node.domain.money import Money
from node.domain.rounds.receipt import How, ReceiptMove, ReceiptState
from node.domain.rounds.run import RunMove, StopWord
from node.errors import Conflict, Invalid, Locked, NotAllowed, NotFound
from node.store import settings
from tests.harness.office import Office, on_disk

HERE = "her telephone"


async def helped(office: Office) -> tuple[NeedId, PersonId, str]:
    """A task on its way, and its link."""
    need, helper = await office.need(), await office.helper("Dan Driver")
    task = await office.confirmed(need, helper)
    token = await office.dispatch.task_link(office.ana, task)
    await office.tasks.confirm(token, HERE)
    return need, helper, token


async def test_written_down_by_link_and_paid_back_once(office: Office) -> None:
    need, helper, token = await helped(office)
    await office.receipts.claim_by_link(token, HERE, 1250, "A-77", "bread for Winifred")
    for device in ("another", ""):
        with pytest.raises(Conflict):
            await office.receipts.claim_by_link(token, device, 1, "", "")
    (view,) = await office.receipts.of_need(office.ana, need)
    assert (view.slip.amount, view.slip.number, view.note, view.who) == (
        1250,
        "A-77",
        "bread for Winifred",
        "Dan Driver",
    )
    assert view.receipt.by_actor == f"volunteer:{helper}"
    await office.receipts.settle(office.ana, view.receipt.id, ReceiptMove.PAY, How.CASH)
    with pytest.raises(Conflict):
        await office.receipts.settle(office.ben, view.receipt.id, ReceiptMove.PAY, How.TRANSFER)
    ((settled,), (month,)) = await office.receipts.book(office.ben)
    assert (settled.receipt.state, settled.receipt.how, settled.settled_by) == (
        ReceiptState.PAID,
        How.CASH,
        "Ana-made-up",
    )
    assert (month.first, month.paid, month.claimed) == (office.desk.today.replace(day=1), 1250, 0)
    await office.receipts.settle(office.ben, view.receipt.id, ReceiptMove.TAKE_BACK)
    assert (await office.receipts.book(office.ben))[1][0].claimed == 1250
    assert b"bread for" not in on_disk(office)
    assert b"A-77" not in on_disk(office)


@pytest.mark.parametrize(("most", "fits"), [(1000, 1000), (9000, 9000), (0, 2000)])
async def test_what_was_agreed_for_this_request_is_its_cap(office: Office, most: int, fits: int) -> None:
    """Less or more than for any request; where nothing was agreed the group's rule counts."""
    async with office.db.write() as tx:
        await settings.put(tx, settings.RECEIPT_CAP, 20)
        await settings.put(tx, settings.MONEY_MOST, 0)
    need, helper = await office.need(money=Money(asked=800, most=most)), await office.helper("Dan Driver")
    await office.confirmed(need, helper)
    assert await office.receipts.cap(need) == fits
    with pytest.raises(Invalid, match="Ring us first"):
        await office.receipts.claim(office.ana, need, helper, fits + 1)
    await office.receipts.claim(office.ana, need, helper, fits)


async def test_the_cap_holds_for_all_receipts_of_a_request(office: Office) -> None:
    need, helper, token = await helped(office)
    async with office.db.write() as tx:
        await settings.put(tx, settings.RECEIPT_CAP, 20)
    first = await office.receipts.claim_by_link(token, HERE, 1500, "", "")
    with pytest.raises(Invalid, match="Ring us first"):
        await office.receipts.claim_by_link(token, HERE, 501, "", "")
    with pytest.raises(Invalid):
        await office.receipts.claim(office.ana, need, helper, 501)
    await office.receipts.claim(office.ana, need, helper, 501, over=True)
    await office.receipts.settle(office.ana, first, ReceiptMove.REFUSE)
    await office.receipts.claim_by_link(token, HERE, 1400, "", "refused ones do not count")
    async with office.db.write() as tx:
        await settings.put(tx, settings.RECEIPT_CAP, 0)
    await office.receipts.claim_by_link(token, HERE, 900_000, "", "")


@pytest.mark.parametrize(
    ("number", "amount", "days_ago", "asked"),
    [
        ("a 17", 500, 3, True),
        ("A-18", 500, 0, False),
        ("A-17", 501, 0, False),
        ("", 500, 0, True),
        ("", 500, 3, False),
    ],
)
async def test_the_same_slip_again_asks_once_more(
    office: Office, number: str, amount: int, days_ago: int, asked: bool
) -> None:
    """She wrote it down by her link, and tells it on the phone."""
    need, helper, token = await helped(office)
    first = await office.receipts.claim_by_link(token, HERE, 500, "A-17", "milk")
    day = office.desk.today - timedelta(days=days_ago)
    if asked:
        with pytest.raises(Invalid, match="written down for this request already") as refused:
            await office.receipts.claim(office.ana, need, helper, amount, number=number, day=day)
        assert refused.value.values["twin"] == office.desk.today
        assert set(refused.value.fields) == {"again"}
    await office.receipts.claim(office.ana, need, helper, amount, number=number, day=day, again=asked)
    assert len(await office.receipts.of_need(office.ana, need)) == 2
    if asked:
        with pytest.raises(Invalid):
            await office.receipts.claim_by_link(token, HERE, 500, "A-17", "")
        await office.receipts.claim_by_link(token, HERE, 500, "A-17", "", again=True)
        await office.receipts.settle(office.ana, first, ReceiptMove.REFUSE)


async def test_who_may_and_what_fits(office: Office) -> None:
    need, helper, token = await helped(office)
    stranger = await office.helper("Nobody Here")
    for amount in (None, 0, -1, 1_000_001):
        with pytest.raises(Invalid):
            await office.receipts.claim(office.ana, need, helper, amount)
    with pytest.raises(Invalid):
        await office.receipts.claim(office.ana, need, stranger, 100)
    tomorrow = office.desk.today + timedelta(days=1)
    with pytest.raises(Invalid):
        await office.receipts.claim(office.ana, need, helper, 100, day=tomorrow)
    for verb in (office.receipts.of_need(office.triage, need), office.receipts.book(office.safety)):
        with pytest.raises(NotAllowed):
            await verb
    with pytest.raises(NotFound):
        await office.receipts.settle(office.ana, "nothing", ReceiptMove.PAY)
    assert list(await office.receipts.payers(office.ana, need)) == [helper]
    office.lock()
    with pytest.raises(Locked):
        await office.receipts.claim_by_link(token, HERE, 100, "", "")


async def test_on_a_round_also_where_nobody_was_at_home(office: Office) -> None:
    need, driver = await office.need(), await office.helper("Dan Driver")
    run = await office.runs.plan(office.ana, day=office.desk.today, driver=driver, needs=[need])
    token = await office.runs.link(office.ana, run.run_id)
    await office.run_links.open_here(token, HERE)
    await office.run_links.step(token, HERE, RunMove.START)
    task = (await office.run_book.one(office.ana, run.run_id)).stops[0].task
    await office.run_links.said(token, HERE, task, StopWord.NOBODY_HOME)
    with pytest.raises(Conflict):
        await office.receipts.claim_by_round(token, "another", task, 300, "", "milk")
    await office.receipts.claim_by_round(token, HERE, task, 300, "", "milk")
    assert [view.slip.amount for view in await office.receipts.of_need(office.ana, need)] == [300]


async def test_books_stay_and_names_go(office: Office) -> None:
    need, helper, token = await helped(office)
    await office.receipts.claim_by_link(token, HERE, 1250, "A-77", "bread for Winifred")
    owner = (await office.board.need(office.ana, need)).need.person_id
    assert owner is not None
    await office.people.erase(office.ana, owner)
    ((view,), _) = await office.receipts.book(office.ana)
    assert (view.slip.amount, view.note, view.who) == (1250, "", "Dan Driver")
    await office.people.erase(office.ana, helper)
    ((view,), months) = await office.receipts.book(office.ana)
    assert (view.slip.amount, view.who, months[0].claimed) == (1250, "", 1250)
