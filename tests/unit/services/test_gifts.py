"""What people have to give: by the page, by telephone, by the link, at the desk, and how long it is kept."""

from datetime import timedelta

import pytest

from node.domain.actors import SYSTEM
from node.domain.consents import Consents
from node.domain.gifts.gift import (
    LINK_DAYS,
    STANDS_DAYS,
    GiftDetails,
    GiftMove,
    GiftSort,
    GiftState,
    NewGift,
)
from node.domain.intake.intake import NewPerson
from node.domain.need import CloseReason
from node.domain.rights.retention import Kept
from node.errors import Conflict, Invalid, Locked, NotAllowed, NotFound
from node.services.gifts.gift_book import GiftBook
from node.services.gifts.giving import Giving
from node.services.rights.retention import Retention
from node.store import audit, consents, gifts, holds, persons
from tests.harness.office import HOME, Office, on_disk

COT = NewGift(
    person=NewPerson(name="Gil Secretname", phone="07700 900557", address="9 Secret Street"),
    point=HOME,
    details=GiftDetails(what="A cot with bars", much="one", kinds=("groceries",)),
)


@pytest.fixture
def giving(office: Office) -> Giving:
    return Giving(office.desk)


@pytest.fixture
def book(office: Office) -> GiftBook:
    return GiftBook(office.desk, office.roster)


async def test_it_comes_in_while_locked_sealed_with_the_words_agreed_to(
    office: Office, giving: Giving, book: GiftBook
) -> None:
    office.lock()
    token = await giving.offer(COT, wording="en-made-up")
    gift = await giving.behind(token)
    assert await book.waiting(office.ana) == 1
    with pytest.raises(Locked):
        await book.standing(office.ana)
    await giving.say(token, GiftMove.END)
    await giving.say(token, GiftMove.BACK)
    held = on_disk(office)
    for canary in ("Gil Secretname", "900557", "Secret Street", "A cot with bars", token):
        assert canary.encode() not in held
    async with office.db.read() as tx:
        (agreed,) = await consents.of_person(tx, gift.person_id)
    assert (agreed.wording, agreed.answer) == ("en-made-up", True)


async def test_the_desk_reads_what_it_is_and_a_name_by_a_look_of_its_own(
    office: Office, giving: Giving, book: GiftBook
) -> None:
    gift = await giving.behind(await giving.offer(COT, wording="en-1"))
    (row,) = await book.standing(office.ana)
    assert (row.details.what, row.gift.state, row.days) == ("A cot with bars", GiftState.NEW, 0)
    assert not hasattr(row, "name")
    person, details = await book.who(office.ana, gift.id)
    assert details.name == "Gil Secretname"
    async with office.db.read() as tx:
        looks = [each.action for each in await audit.of_object(tx, f"person:{person}")]
        lists = [each.action for each in await audit.of_object(tx, "gifts")]
    assert looks == ["person.offered", "look.card"]
    assert lists == ["look.gifts"], "one look an hour stands for the clicks after it"


async def test_moves_of_the_desk_and_of_the_link_meet(office: Office, giving: Giving, book: GiftBook) -> None:
    token = await giving.offer(COT, wording="en-1")
    gift = await giving.behind(token)
    await book.say(office.ana, gift.id, GiftMove.KEEP)
    assert await book.waiting(office.ana) == 0
    await book.say(office.ana, gift.id, GiftMove.GIVE)
    assert await book.standing(office.ana) == []
    assert [row.gift.id for row in await book.over(office.ana)] == [gift.id]
    with pytest.raises(Conflict):
        await giving.say(token, GiftMove.END)
    with pytest.raises(NotFound):
        await book.say(office.ana, "nobody", GiftMove.KEEP)


async def test_who_may_do_what(office: Office, giving: Giving, book: GiftBook) -> None:
    gift = await giving.behind(await giving.offer(COT, wording="en-1"))
    for act in (
        book.standing(office.admin),
        book.who(office.admin, gift.id),
        book.say(office.triage, gift.id, GiftMove.KEEP),
        book.note(office.safety, gift.id, "x"),
        giving.take_call(office.safety, COT, wording="en-1"),
    ):
        with pytest.raises(NotAllowed):
            await act
    await giving.take_call(office.triage, COT, wording="en-1")
    assert [row.gift.state for row in await book.standing(office.triage)].count(GiftState.OPEN) == 1


async def test_it_is_thought_of_where_it_fits_and_nobody_kept_away_is(
    office: Office, giving: Giving, book: GiftBook
) -> None:
    gift = await giving.behind(await giving.offer(COT, wording="en-1"))
    assert [row.gift.id for row in await book.good_for(office.ana, "groceries", None)] == [gift.id]
    assert await book.good_for(office.ana, "lift", None) == []
    await office.people.bar(office.ana, gift.person_id, "made up")
    assert await book.good_for(office.ana, "groceries", None) == []
    assert [row.barred for row in await book.standing(office.ana)] == [True]


async def test_it_is_no_offer_to_whom_the_giver_must_not_meet(
    office: Office, giving: Giving, book: GiftBook
) -> None:
    gift = await giving.behind(await giving.offer(COT, wording="en-1"))
    one, other = (await office.call("groceries")).person_id, (await office.call("groceries")).person_id
    assert one is not None
    await office.people.keep_apart(office.safety, gift.person_id, one)
    assert await book.good_for(office.ana, "groceries", one) == []
    assert [row.gift.id for row in await book.good_for(office.ana, "groceries", other)] == [gift.id]


async def test_a_note_stays_with_it_and_nothing_wrong_is_kept(
    office: Office, giving: Giving, book: GiftBook
) -> None:
    gift = await giving.behind(await giving.offer(COT, wording="en-1"))
    await book.note(office.ana, gift.id, "needs two people to carry")
    (row,) = await book.standing(office.ana)
    assert row.details.note == "needs two people to carry"
    assert row.details.what == "A cot with bars"
    with pytest.raises(Invalid):
        await giving.offer(NewGift(person=COT.person), wording="en-1")


async def test_it_stands_until_its_last_day_and_the_link_some_days_longer(
    office: Office, giving: Giving, book: GiftBook
) -> None:
    token = await giving.offer(COT, wording="en-1")
    office.clock.advance(days=STANDS_DAYS[GiftSort.THING] + 1)
    assert await book.standing(office.ana) == []
    assert [row.over for row in await book.over(office.ana)] == [True]
    await giving.say(token, GiftMove.KEEP)
    assert len(await book.standing(office.ana)) == 1
    office.clock.advance(days=STANDS_DAYS[GiftSort.THING] + LINK_DAYS + 1)
    with pytest.raises(NotFound):
        await giving.behind(token)


async def test_whose_no_to_being_kept_waits_while_their_gift_stands(
    office: Office, giving: Giving, book: GiftBook
) -> None:
    taken = await office.call(consents=Consents(help_you=True, keep_details=False))
    await office.dispatch.close(office.ana, taken.need_id, CloseReason.NO_LONGER_NEEDED)
    gift = await giving.behind(await giving.offer(COT, wording="en-1"))
    async with office.db.write() as tx:
        await tx.execute("UPDATE gifts SET person_id = ? WHERE id = ?", (taken.person_id, gift.id))
    assert not await office.forgetting.waiting(office.ana)
    await book.say(office.ana, gift.id, GiftMove.END)
    assert [each.person_id for each in await office.forgetting.waiting(office.ana)] == [taken.person_id]


async def test_it_goes_by_itself_then_the_person_and_never_before(
    office: Office, giving: Giving, book: GiftBook
) -> None:
    keeping = Retention(office.desk, office.people)
    gift = await giving.behind(await giving.offer(COT, wording="en-1"))
    await keeping.sweep(SYSTEM)
    assert await keeping.due(office.ana) == []
    async with office.db.read() as tx:
        assert gift.person_id not in [person for _, person in await holds.idle_askers(tx, office.desk.today)]
    await book.say(office.ana, gift.id, GiftMove.END)
    (due,) = await keeping.due(office.ana)
    assert (due.kept, due.gift_id) == (Kept.GIFT, gift.id)
    office.clock.advance(days=(due.on - office.desk.today).days - 1)
    assert await keeping.sweep(SYSTEM) == 0
    office.clock.advance(days=1)
    assert await keeping.sweep(SYSTEM) == 1
    async with office.db.read() as tx:
        assert await gifts.get(tx, gift.id) is None
        assert await persons.get(tx, gift.person_id) is not None
    (due,) = await keeping.due(office.ana)
    assert (due.kept, due.person_id) == (Kept.ASKER, gift.person_id)
    assert due.on >= office.desk.today - timedelta(days=1)


async def test_erasing_her_takes_it_along(office: Office, giving: Giving) -> None:
    token = await giving.offer(COT, wording="en-1")
    gift = await giving.behind(token)
    await office.people.erase(office.ana, gift.person_id)
    with pytest.raises(NotFound):
        await giving.behind(token)
    async with office.db.read() as tx:
        assert await gifts.get(tx, gift.id) is None
