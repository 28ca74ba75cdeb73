"""What was typed is put right, with what it was, who and when; and nobody stays where she may not be."""

from dataclasses import replace
from datetime import timedelta

import pytest

from node.domain.answers import Answer
from node.domain.dispatch.correction import Corrected, answers_of
from node.domain.ids import NeedId
from node.domain.money import Money
from node.domain.need import PRIVATE_CATEGORY, Effort, Item, PartOfDay, People, Urgency, Window
from node.errors import Conflict, Invalid, Locked, NotAllowed
from node.store import settings
from tests.harness.office import Office, point


async def put_right(office: Office, need_id: NeedId, **changed: object) -> Corrected:
    said = replace(await office.corrections.now(office.ana, need_id), **changed)  # type: ignore[arg-type]
    await office.corrections.correct(office.ana, need_id, said, point(3.0))
    return said


async def test_what_it_was_who_and_when_stays(office: Office) -> None:
    need_id, today = await office.need(), office.desk.today
    office.clock.advance(minutes=5)
    window = Window(first=today + timedelta(days=1), last=today + timedelta(days=3))
    said = await put_right(
        office, need_id, window=window, part_of_day=PartOfDay.MORNING, notes="the bell works again"
    )
    view = await office.board.need(office.ana, need_id)
    assert (view.need.window, view.need.due_day, view.need.part_of_day) == (window, window.last, "morning")
    assert view.details is not None
    assert view.details.notes == "the bell works again"
    seen = await office.board.need(office.ana, need_id, reveal=True)
    assert seen.details is not None
    assert seen.details.doorstep_word == "marmalade", "what only a look shows is not touched"
    assert await office.corrections.now(office.ana, need_id) == said
    (line,) = await office.corrections.of_need(office.ben, need_id)
    assert (line.by, line.at, line.fields) == (
        "Ana-made-up",
        office.desk.now,
        ("window", "part_of_day", "notes"),
    )
    assert line.changes["notes"] == ("the bell is broken, knock loudly", "the bell works again")
    assert line.changes["window"] == ("", f"{window.first} {window.last}")
    office.lock()
    assert (await office.corrections.of_need(office.ben, need_id))[0].changes == {}
    with pytest.raises(Locked):
        await office.corrections.now(office.ana, need_id)


async def test_nothing_changed_leaves_nothing_behind(office: Office) -> None:
    need_id = await office.need()
    before = (await office.board.need(office.ana, need_id)).need
    await put_right(office, need_id)
    view = await office.board.need(office.ana, need_id)
    assert view.need == before
    assert view.history[-1].action == "need.taken"
    assert await office.corrections.of_need(office.ana, need_id) == ()


@pytest.mark.parametrize(
    ("becomes", "clear"),
    [("medication", PRIVATE_CATEGORY), ("medical_lift", "getting_around"), ("dog_walking", "dog_walking")],
)
async def test_another_kind_shows_no_more_on_disk_than_its_class_allows(
    office: Office, becomes: str, clear: str
) -> None:
    need_id = await office.need("groceries", requires=(), effort=None)
    await put_right(office, need_id, category=becomes)
    need = (await office.board.need(office.ana, need_id)).need
    assert need.category == clear
    assert (need.cell is None) is (clear == PRIVATE_CATEGORY)
    await put_right(office, need_id, category="groceries")
    need = (await office.board.need(office.ana, need_id)).need
    assert need.category == "groceries"
    assert need.cell is not None


async def test_another_place_is_another_area_and_none_is_home_again(office: Office) -> None:
    need_id = await office.need()
    home = (await office.board.need(office.ana, need_id)).need.cell
    await put_right(office, need_id, place_text="the church hall on Invented Hill")
    view = await office.board.need(office.ana, need_id)
    assert view.details is not None
    assert view.details.place_text == "the church hall on Invented Hill"
    assert view.need.cell == office.desk.label(office.desk.catalogue.klass("groceries"), point(3.0))
    said = replace(await office.corrections.now(office.ana, need_id), place_text="")
    await office.corrections.correct(office.ana, need_id, said, None)
    assert (await office.board.need(office.ana, need_id)).need.cell == home


async def test_who_was_told_is_told_anew_when_the_day_changes(office: Office) -> None:
    need_id = await office.need()
    await office.confirmed(need_id, await office.helper())
    await office.dispatch.told_by_phone(office.ana, need_id)
    await put_right(office, need_id, notes="knock twice")
    assert (await office.board.need(office.ana, need_id)).need.told_by_phone
    await put_right(office, need_id, urgency=Urgency.TODAY)
    assert not (await office.board.need(office.ana, need_id)).need.told_by_phone


async def test_nobody_stays_on_a_need_that_she_may_not_do(office: Office) -> None:
    need_id = await office.need(helpers=2)
    task = await office.confirmed(need_id, await office.helper(cleared=()))
    await office.confirmed(need_id, await office.helper("Kim Pretend"))
    with pytest.raises(Conflict) as refused:
        await put_right(office, need_id, category="childcare")
    assert refused.value.code == "helper_not_suitable"
    with pytest.raises(Conflict) as refused:
        await put_right(office, need_id, helpers=1)
    assert refused.value.code == "too_many_helpers"
    assert await office.corrections.of_need(office.ana, need_id) == ()
    await put_right(office, need_id, helpers=3)
    assert await office.state(need_id) == "offered", "one place is free now"
    await office.dispatch.withdraw(office.ana, task)
    await put_right(office, need_id, category="childcare", helpers=1)
    assert await office.state(need_id) == "assigned"


async def test_what_does_not_fit_is_said_beside_the_field(office: Office) -> None:
    need_id, today = await office.need(), office.desk.today
    with pytest.raises(Invalid) as refused:
        await put_right(
            office,
            need_id,
            category="no such kind",
            helpers=0,
            notes="x" * 4001,
            window=Window(first=today, last=today - timedelta(days=1)),
        )
    assert set(refused.value.fields) == {"category", "helpers", "notes", "window"}
    with pytest.raises(NotAllowed):
        await office.corrections.now(office.safety, need_id)


async def test_what_was_erased_cannot_be_put_right_and_leaves_no_old_words(office: Office) -> None:
    taken = await office.call()
    await put_right(office, taken.need_id, notes="Mrs Testcase is deaf")
    await office.people.erase(office.ana, taken.person_id)
    assert await office.corrections.of_need(office.ana, taken.need_id) == ()
    with pytest.raises(Conflict):
        await put_right(office, taken.need_id, notes="anything")


async def test_things_and_money_are_put_right_within_what_the_group_gives(office: Office) -> None:
    async with office.db.write() as tx:
        await settings.put(tx, settings.MONEY_MOST, 50)
        await settings.put(tx, settings.REGION, "GB")
    need_id = await office.need(items=(Item(quantity=2, what="milk"),), money=Money(asked=2000, most=3000))
    right = (Item(quantity=12, what="milk"), Item(quantity=1, what="bread"))
    said = await put_right(office, need_id, items=right, money=Money(asked=4000, most=5000))
    now = await office.corrections.now(office.ana, need_id)
    assert (now.items, now.money) == (right, Money(asked=4000, most=5000, currency="GBP"))
    (line,) = await office.corrections.of_need(office.ana, need_id)
    assert line.fields == ("items", "money")
    assert line.changes["items"] == ("2 x milk", "12 x milk\n1 x bread")
    assert line.changes["money"] == ("20, max. 30", "40, max. 50")
    for wrong, field in (
        ({"money": Money(asked=4000, most=5001)}, "money_most"),
        ({"money": Money(asked=10**9)}, "money"),
        ({"items": (Item(quantity=1000, what="milk"),)}, "items"),
        ({"items": right * 16}, "items"),
    ):
        with pytest.raises(Invalid) as refused:
            await put_right(office, need_id, **wrong)
        assert field in refused.value.fields
    await put_right(office, need_id, money=Money())
    assert (await office.corrections.now(office.ana, need_id)).money == Money(), (
        "said by mistake: none at all"
    )
    await put_right(office, need_id, money=Money(asked=100))
    assert (await office.corrections.now(office.ana, need_id)).money.most == 5000, "as on a call"
    assert await put_right(office, need_id) != said


async def test_today_said_on_a_later_day_is_that_day(office: Office) -> None:
    need_id = await office.need(urgency=Urgency.WHENEVER, window=None)
    office.clock.advance(days=3)
    await put_right(office, need_id, urgency=Urgency.TODAY)
    assert (await office.board.need(office.ana, need_id)).need.due_day == office.desk.today
    office.clock.advance(days=1)
    yesterday = office.desk.today - timedelta(days=1)
    await put_right(office, need_id, notes="the bell works again")
    assert (await office.board.need(office.ana, need_id)).need.due_day == yesterday, "nobody said it anew"


async def test_what_it_takes_can_be_put_right_and_whoever_cannot_do_it_is_named(office: Office) -> None:
    """ "Oh, and there is a big dog": matching knows it, the history says it, and nobody is taken back by itself."""
    need_id, sam = await office.need("groceries", requires=()), await office.helper(takes=())
    task = await office.confirmed(need_id, sam)
    assert await office.matching.misfits(office.ana, need_id) == {}
    office.clock.advance(minutes=1)
    await put_right(
        office, need_id, tags=("heavy",), effort=Effort.DAY, languages=("es",), doorstep_word="fig"
    )
    (line,) = await office.corrections.of_need(office.ben, need_id)
    assert set(line.fields) >= {"effort", "tags", "languages", "doorstep_word"}
    assert line.changes["tags"] == ("", "heavy")
    assert line.changes["doorstep_word"] == ("", ""), "only a look shows it"
    seen = await office.board.need(office.ana, need_id, reveal=True)
    assert seen.details is not None
    assert (seen.details.doorstep_word, seen.details.effort, seen.need.effort) == ("fig", "day", "day")
    assert (await office.matching.misfits(office.ana, need_id))[task].code == "lacks"
    assert await office.state(need_id) == "assigned"
    kim = await office.helper("Kim Pretend", takes=("heavy",), languages=("es",))
    await office.dispatch.withdraw(office.ana, task)
    assert [each.person_id for each in await office.matching.candidates(office.ana, need_id)] == [kim]
    await put_right(office, need_id, category="phone_call")
    assert (await office.corrections.of_need(office.ben, need_id))[0].changes["tags"] == ("heavy", "")


async def test_an_answer_to_our_own_question_is_put_right_and_only_that_one_is_named(office: Office) -> None:
    here = Answer(question="q1", asked="How did you hear of us?", code="1", said="A neighbour")
    park = Answer(question="q2", asked="May we park there?", code="yes", said="")
    need_id = await office.need(answers=(here, park))
    await office.confirmed(need_id, await office.helper())
    no = replace(park, code="no")
    await put_right(office, need_id, answers=(here, no))
    view = await office.board.need(office.ben, need_id)
    assert view.details is not None
    assert view.details.answers == (here, no)
    (line,) = await office.corrections.of_need(office.ben, need_id)
    assert line.fields == ("answers",)
    assert [answers_of(text) for text in line.changes["answers"]] == [[park], [no]]
    same = replace(here, asked="¿Cómo nos conoció?", said="Por una vecina")
    await put_right(office, need_id, answers=(same, no))
    assert len(await office.corrections.of_need(office.ben, need_id)) == 1, "the same in another language"
    await put_right(office, need_id, answers=())
    assert (await office.corrections.of_need(office.ben, need_id))[0].changes["answers"][1] == ""


async def test_how_many_live_there_is_put_right_as_far_as_others_may_see_it(office: Office) -> None:
    need_id = await office.need("groceries", people=People.FIVE_OR_MORE)
    await office.confirmed(need_id, await office.helper())
    await put_right(office, need_id, people=People.ONE)
    view = await office.board.need(office.ben, need_id)
    assert view.details is not None
    assert (view.details.people, view.need.people) == ("1", "1"), "the clear one is what a summary takes"
    (line,) = await office.corrections.of_need(office.ben, need_id)
    assert line.changes == {"people": ("5+", "1")}
    await put_right(office, need_id, people=None)
    assert (await office.board.need(office.ana, need_id)).need.people is None
    private = await office.need("medication")
    await put_right(office, private, people=People.ONE)
    view = await office.board.need(office.ana, private)
    assert view.details is not None
    assert (view.details.people, view.need.people) == ("1", None), (
        "of this kind nobody sees more than that it is"
    )


async def test_a_new_word_for_the_door_is_to_be_told_again(office: Office) -> None:
    """Whoever waits at home would not open to somebody who says another word."""
    need_id = await office.need()
    await office.confirmed(need_id, await office.helper())
    await office.dispatch.told_by_phone(office.ana, need_id)
    await put_right(office, need_id, notes="the bell works again")
    assert (await office.board.need(office.ana, need_id)).need.told_by_phone
    await put_right(office, need_id, doorstep_word="turnip")
    assert not (await office.board.need(office.ana, need_id)).need.told_by_phone


async def test_what_no_gate_would_ask_for_is_not_dropped_unsaid(office: Office) -> None:
    need_id = await office.need("groceries")
    with pytest.raises(Invalid) as wrong:
        await put_right(office, need_id, tags=("large_dog",))
    assert "notes" in wrong.value.fields["takes"]
    await put_right(office, need_id, tags=("heavy", "stairs"))
    said = await put_right(office, need_id, category="gardening")
    assert said.tags == ("heavy", "stairs")
    assert (await office.corrections.now(office.ana, need_id)).tags == ("heavy",), (
        "what stood there goes with its kind"
    )
