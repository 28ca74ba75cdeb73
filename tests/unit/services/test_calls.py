"""Lists of calls: from names and numbers to a day's calls, what comes of them, and who may read what."""

import random
from datetime import timedelta

import pytest

from node.domain.calls.call_list import WEEK, CallWord, EntryMove, Rhythm, TaskKind
from node.domain.calls.call_views import Added, CallStage, NewList, Pick
from node.domain.catalogue import CheckLevel
from node.domain.consents import Consents
from node.domain.dispatch.series import SeriesMove
from node.domain.ids import PersonId
from node.domain.intake.intake import NewNeed
from node.domain.volunteer import Cleared
from node.errors import Conflict, Invalid, Locked, MutualAidError, NotAllowed, NotFound
from node.services.people.copies import Copies
from node.services.people.merging import Merging
from node.services.rights.retention import Retention
from node.services.settings.agreements import Agreements
from node.store import audit, call_lists, call_words, consents, holds, leaving
from tests.harness.office import Office
from tests.harness.seeds import seeds

DAY = timedelta(days=1)
HERE, ELSEWHERE = "her telephone", "somebody else's"
STREET = (
    "Mary Example 07700 900101\n"
    "Hugh Made-up, 07700 900102, hard of hearing, let it ring\n"
    "Zora Pretend 07700 900103\n"
    "Otto Invented 07700 900104\n"
)


async def picks(office: Office, text: str = STREET) -> list[Pick]:
    return [Pick(line=each.line) for each in await office.call_lists.read(office.ana, text)]


async def begun(
    office: Office, *callers: str, text: str = STREET, agreed: bool = True, **rhythm: object
) -> Added:
    days = {"weekdays": WEEK, "first_day": office.desk.today} | rhythm
    new = NewList(
        name="Winter calls, Elm Street",
        note="say that it is the street group",
        rhythm=Rhythm(**days),  # type: ignore[arg-type]
        callers=callers,
        agreed=agreed,
    )
    return await office.call_lists.begin(office.ana, new, await picks(office, text))


async def linked(office: Office) -> tuple[str, str, PersonId]:
    """A list with one volunteer who opened her link: list, token, volunteer."""
    helper = await office.helper("Vera Pretend")
    made = await begun(office, f"v:{helper}")
    (caller,) = (await office.call_book.one(office.ana, made.list_id, reveal=True)).callers
    token = await office.callers.link(office.ana, made.list_id, caller.id)
    await office.call_links.open_here(token, HERE)
    return made.list_id, token, helper


async def test_calls_that_nobody_makes_are_somebodys_job(office: Office) -> None:
    made = await begun(office)
    first = office.desk.today

    async def missing() -> list[tuple[int, int, int, bool]]:
        return [
            ((each.missing.day - first).days, (each.missing.first - first).days, each.missing.many, each.red)
            for each in await office.call_days.not_rung(office.ana)
        ]

    assert await missing() == [], "today is not over"
    office.clock.advance(days=1)
    assert await missing() == [(0, 0, 4, False)], "nobody rings there at all, and it says so"
    office.lock()
    (line,) = await office.call_days.not_rung(office.ana)
    assert line.list_name == ""
    await office.unlock()
    entries = list((await names(office, made.list_id)).values())
    office.clock.advance(days=1)
    assert await missing() == [(1, 0, 4, True)]
    for entry in entries[:2]:
        await office.call_days.said(office.ana, made.list_id, entry, first, CallWord.FINE)
    assert await missing() == [(1, 0, 4, True)], "yesterday is missing, too"
    for entry in entries[:3]:
        await office.call_days.said(office.ana, made.list_id, entry, first + DAY, CallWord.NO_ANSWER)
    assert await missing() == [(1, 0, 1, True)]
    await office.call_entries.move(office.ana, made.list_id, entries[3], EntryMove.PAUSE)
    assert await missing() == []
    office.clock.advance(days=1)
    for entry in entries[:3]:
        await office.call_days.said(office.ana, made.list_id, entry, first + 2 * DAY, CallWord.FINE)
    await office.call_entries.move(office.ana, made.list_id, entries[3], EntryMove.RESUME)
    assert await missing() == [], "in the pause nobody was to ring"
    office.clock.advance(days=4)
    await office.call_lists.move(office.ana, made.list_id, SeriesMove.PAUSE)
    assert await missing() == []
    await office.call_lists.move(office.ana, made.list_id, SeriesMove.RESUME)
    assert await missing() == []
    office.clock.advance(days=8)
    await office.call_days.said(
        office.ana, made.list_id, entries[0], office.desk.today - 7 * DAY, CallWord.FINE
    )
    with pytest.raises(Conflict):
        await office.call_days.said(
            office.ana, made.list_id, entries[0], office.desk.today - 8 * DAY, CallWord.FINE
        )


async def names(office: Office, list_id: str) -> dict[str, str]:
    """Name -> entry."""
    return {
        each.name: each.entry.id
        for each in (await office.call_book.one(office.ana, list_id, reveal=True)).entries
    }


async def waits(office: Office) -> list[TaskKind]:
    return [line.task.kind for line in await office.call_days.to_see_to(office.ana)]


async def test_names_and_numbers_become_people_who_are_rung(office: Office) -> None:
    made = await begun(office, f"s:{office.ana.id}", text=STREET)
    assert (made.added, made.there) == (4, 0)
    view = await office.call_book.one(office.ana, made.list_id, reveal=True)
    assert [each.name for each in view.entries] == [
        "Mary Example",
        "Hugh Made-up",
        "Zora Pretend",
        "Otto Invented",
    ]
    assert view.entries[1].note == "hard of hearing, let it ring"
    assert all(each.caller == office.ana.name and each.entry.agreed for each in view.entries)
    sheet = await office.call_book.sheet(office.ana, made.list_id, reveal=True)
    assert [line.phone for line in sheet.lines] == [f"07700 90010{each}" for each in range(1, 5)]
    person = view.entries[0].entry.person_id
    async with office.db.read() as tx:
        (answer,) = await consents.of_person(tx, person)
        looks = [row.action for row in await audit.of_object(tx, f"person:{person}")]
    assert (answer.answer, answer.by_actor) == (True, office.ana.label)
    assert looks.count("look.calls") == 1, "one look an hour, not one a click"
    with pytest.raises(Invalid) as refused:
        await office.call_lists.begin(
            office.ana,
            NewList(name=" ", rhythm=Rhythm(weekdays=(), first_day=office.desk.today)),
            await picks(office),
        )
    assert set(refused.value.fields) == {"name", "weekdays"}
    with pytest.raises(Invalid):
        await begun(office, text="no number here")
    with pytest.raises(NotAllowed):
        await office.call_lists.read(office.triage, STREET)


async def test_a_known_number_is_offered_and_nobody_is_merged_unseen(office: Office) -> None:
    taken = await office.call(name="Mary Example", phone="07700 900101")
    readings = await office.call_lists.read(office.ana, STREET)
    (known,) = readings[0].known
    assert (known.person_id, known.same_name, readings[1].known) == (taken.person_id, True, ())
    fresh = await begun(office, text="Mary Example 07700 900101")
    view = await office.call_book.one(office.ana, fresh.list_id, reveal=True)
    assert view.entries[0].entry.person_id != taken.person_id, "nobody chose her"
    chosen = [Pick(line=readings[0].line, person_id=taken.person_id)]
    again = await office.call_lists.add(office.ana, fresh.list_id, chosen, agreed=False)
    assert (again.added, again.there) == (1, 0)
    assert (await office.call_lists.add(office.ana, fresh.list_id, chosen, agreed=False)).there == 1
    await office.people.bar(office.safety, taken.person_id)
    assert len((await office.call_book.sheet(office.ana, fresh.list_id, reveal=True)).lines) == 1, (
        "nobody rings whom we keep away"
    )


async def test_no_answer_twice_is_a_task_and_an_answer_ends_it(office: Office) -> None:
    made = await begun(office, f"s:{office.ana.id}")
    mary = (await names(office, made.list_id))["Mary Example"]

    async def say(word: CallWord, note: str = "") -> str | None:
        return await office.call_days.said(office.triage, made.list_id, mary, office.desk.today, word, note)

    assert await say(CallWord.NO_ANSWER) is None
    assert await say(CallWord.NO_ANSWER) is None, "the same ring, ticked twice"
    assert await waits(office) == []
    office.clock.advance(days=1)
    task = await say(CallWord.NO_ANSWER, "curtains drawn")
    assert task is not None
    assert await waits(office) == [TaskKind.NO_ANSWER]
    (line,) = await office.call_days.to_see_to(office.ana)
    assert (line.list_name, line.keeper, line.taken) == ("Winter calls, Elm Street", office.ana.name, False)
    view = await office.call_days.task(office.ben, task, reveal=True)
    assert (view.name, view.phone, view.said[0].note) == ("Mary Example", "07700 900101", "curtains drawn")
    await office.call_days.take(office.ben, task)
    assert (await office.call_days.to_see_to(office.ana))[0].keeper == office.ben.name
    office.clock.advance(minutes=30)
    await say(CallWord.FINE)
    assert await waits(office) == []
    sheet = await office.call_book.sheet(office.ana, made.list_id, reveal=True)
    (slip,) = [said for said in sheet.lines[0].said if said.word is CallWord.FINE]
    await office.call_days.slip(office.triage, made.list_id, slip.id)
    assert await waits(office) == [TaskKind.NO_ANSWER], "it was a slip: the task stands again"
    await office.call_days.end(office.ben, task, "her sister answered")
    await office.call_days.end(office.ben, task)
    assert await waits(office) == []
    office.clock.advance(days=1)
    await say(CallWord.NO_ANSWER)
    assert await waits(office) == [TaskKind.NO_ANSWER], "still silent"


async def test_a_worry_and_a_wish_wait_for_a_coordinator_at_once(office: Office) -> None:
    list_id, token, _ = await linked(office)
    found = await names(office, list_id)
    following = await office.call_links.said(
        token, HERE, found["Mary Example"], CallWord.WANTS, "some shopping"
    )
    assert following == found["Hugh Made-up"]
    await office.call_links.said(token, HERE, found["Hugh Made-up"], CallWord.WORRIED, "sounded confused")
    assert await waits(office) == [TaskKind.WORRIED, TaskKind.WANTS], "worries first"
    mary = (
        await office.call_days.task(office.ana, (await office.call_days.to_see_to(office.ana))[1].task.id)
    ).person_id
    office.clock.advance(minutes=5)
    await office.intake.take(office.ana, _need_for(mary))
    assert await waits(office) == [TaskKind.WORRIED], "it became a request: nobody need say so"
    office.clock.advance(minutes=30)
    await office.call_links.said(token, HERE, found["Mary Example"], CallWord.WANTS, "and a lift")
    assert await waits(office) == [TaskKind.WORRIED, TaskKind.WANTS]


def _need_for(person: PersonId) -> NewNeed:
    return NewNeed(
        known_person=person, categories=("groceries",), consents=Consents(help_you=True), start="open"
    )


async def test_two_who_tick_the_same_lose_nothing(office: Office) -> None:
    list_id, token, _ = await linked(office)
    mary = (await names(office, list_id))["Mary Example"]
    today = office.desk.today
    await office.call_links.said(token, HERE, mary, CallWord.WORRIED, "she cried")
    await office.call_days.said(office.triage, list_id, mary, today, CallWord.FINE, "sounded well")
    await office.call_days.said(office.triage, list_id, mary, today, CallWord.FINE)
    line = (await office.call_book.sheet(office.ana, list_id, reveal=True)).lines[0]
    assert line.outcome is CallWord.WORRIED
    assert [(said.by, said.note) for said in line.said] == [
        ("Vera Pretend", "she cried"),
        (office.triage.name, "sounded well"),
    ]


async def test_a_caller_reads_one_number_at_a_time_on_her_day_and_device(office: Office) -> None:
    helper = await office.helper("Vera Pretend")
    tomorrow = office.desk.today + timedelta(days=1)
    made = await begun(office, f"v:{helper}", f"s:{office.ana.id}", first_day=tomorrow)
    vera = next(
        c for c in (await office.call_book.one(office.ana, made.list_id, reveal=True)).callers if not c.staff
    )
    token = await office.callers.link(office.ana, made.list_id, vera.id)
    assert (await office.call_links.view(token, None)).stage is CallStage.OPEN_HERE
    await office.call_links.open_here(token, HERE)
    found = await names(office, made.list_id)
    early = await office.call_links.view(token, HERE)
    assert (early.stage, early.next, early.calls) == (CallStage.NOT_TODAY, tomorrow, ())
    with pytest.raises(Conflict):
        await office.call_links.call(token, HERE, found["Mary Example"])
    office.clock.advance(days=1)
    view = await office.call_links.view(token, HERE)
    assert [call.entry_id for call in view.calls] == [found["Mary Example"], found["Hugh Made-up"]]
    other = await office.call_links.view(token, ELSEWHERE)
    assert (other.stage, other.calls, other.name) == (CallStage.OTHER_DEVICE, (), "")
    for device in (ELSEWHERE, ""):
        with pytest.raises(Conflict, match="another device"):
            await office.call_links.call(token, device, found["Mary Example"])
        with pytest.raises(Conflict, match="another device"):
            await office.call_links.said(token, device, found["Mary Example"], CallWord.FINE)
    with pytest.raises(Conflict):
        await office.call_links.call(token, HERE, found["Zora Pretend"])
    mine = await office.call_links.call(token, HERE, found["Hugh Made-up"])
    assert (mine.first_name, mine.phone, mine.note) == (
        "Hugh",
        "07700 900102",
        "hard of hearing, let it ring",
    )
    async with office.db.read() as tx:
        entry = await call_lists.entry(tx, found["Hugh Made-up"])
        assert entry
        rows = await audit.of_object(tx, f"person:{entry[0].person_id}")
    assert [row.actor for row in rows if row.action == "look.call"] == [f"volunteer:{helper}"]
    await office.call_links.said(token, HERE, found["Hugh Made-up"], CallWord.NO_ANSWER)
    assert (await office.call_links.call(token, HERE, found["Hugh Made-up"])).tried == 1
    office.clock.advance(minutes=40)
    await office.call_links.said(token, HERE, found["Hugh Made-up"], CallWord.FINE)
    with pytest.raises(Conflict):
        await office.call_links.call(token, HERE, found["Hugh Made-up"])
    office.lock()
    assert (await office.call_links.call(token, HERE, found["Mary Example"])).locked
    await office.call_links.said(token, HERE, found["Mary Example"], CallWord.NO_ANSWER, "said while locked")
    with pytest.raises(Locked):
        await office.call_book.sheet(office.ana, made.list_id, reveal=True)
    await office.unlock()
    fresh = await office.callers.link(office.ana, made.list_id, vera.id)
    with pytest.raises(NotFound):
        await office.call_links.view(token, HERE)
    assert (await office.call_links.view(fresh, HERE)).stage is CallStage.OPEN_HERE
    await office.call_links.open_here(fresh, HERE)
    await office.people.suspend(office.safety, helper, "to be looked into")
    with pytest.raises(NotFound):
        await office.call_links.view(fresh, HERE)
    sheet = await office.call_book.sheet(office.ana, made.list_id, reveal=True)
    assert [share.caller.name for share in sheet.shares if share.caller] == [office.ana.name], (
        "she rings them all now"
    )


async def test_only_who_may_do_such_a_call_rings(office: Office) -> None:
    unchecked = await office.helper("Una Checkless", cleared=(Cleared(check=CheckLevel.MET),))
    with pytest.raises(Conflict):
        await begun(office, f"v:{unchecked}")
    vera = await office.helper("Vera Pretend")
    made = await begun(office, f"v:{vera}")
    mary = (await office.call_book.one(office.ana, made.list_id, reveal=True)).entries[0].entry.person_id
    await office.people.keep_apart(office.safety, vera, mary)
    sheet = await office.call_book.sheet(office.ana, made.list_id, reveal=True)
    assert [line.name for line in sheet.lines if line.caller_id is None] == ["Mary Example"]
    assert {each.name for each in await office.call_book.who_may_ring(office.ana)} >= {
        "Vera Pretend",
        office.ben.name,
    }
    assert "Una Checkless" not in {each.name for each in await office.call_book.who_may_ring(office.ana)}
    await office.people.pause(office.ana, vera)
    sheet = await office.call_book.sheet(office.ana, made.list_id, reveal=True)
    assert {line.caller_id for line in sheet.lines} == {None}


async def test_in_hospital_says_no_and_handed_to_another(office: Office) -> None:
    vera, bob = await office.helper("Vera Pretend"), await office.helper("Bob Pretend")
    made = await begun(office, f"v:{vera}", agreed=False)
    found = await names(office, made.list_id)
    back = office.desk.today + timedelta(days=3)
    await office.call_entries.move(office.triage, made.list_id, found["Mary Example"], EntryMove.PAUSE, back)
    await office.call_entries.said_yes(office.triage, made.list_id, found["Hugh Made-up"], yes=False)
    asked = await office.texts.said("consent.ring", "en")
    async with office.db.read() as tx:
        hugh = await call_lists.entry(tx, found["Hugh Made-up"])
        assert hugh is not None
        (said,) = await consents.of_person(tx, hugh[0].person_id)
    assert (said.answer, said.wording) == (False, asked.version), "the words of that question, no other's"
    (agreed,) = await Agreements(office.desk, office.texts).of_person(office.ana, hugh[0].person_id)
    assert (agreed.ring, agreed.words) == (True, asked.text)
    sheet = await office.call_book.sheet(office.ana, made.list_id, reveal=True)
    assert [line.name for line in sheet.lines] == ["Zora Pretend", "Otto Invented"]
    assert [line.agreed for line in sheet.lines] == [False, False]
    assert len((await office.call_book.sheet(office.ana, made.list_id, back, reveal=True)).lines) == 3
    with pytest.raises(Conflict):
        await office.call_days.said(
            office.triage, made.list_id, found["Mary Example"], office.desk.today, CallWord.FINE
        )
    await office.callers.add(office.ana, made.list_id, f"v:{bob}")
    callers = {
        c.name: c.id for c in (await office.call_book.one(office.ana, made.list_id, reveal=True)).callers
    }
    await office.call_days.give(
        office.triage, made.list_id, found["Zora Pretend"], office.desk.today, callers["Bob Pretend"]
    )
    sheet = await office.call_book.sheet(office.ana, made.list_id, reveal=True)
    assert {
        share.caller.name: [line.name for line in share.lines] for share in sheet.shares if share.caller
    } == {
        "Vera Pretend": ["Otto Invented"],
        "Bob Pretend": ["Zora Pretend"],
    }
    await office.callers.drop(office.ana, made.list_id, callers["Vera Pretend"], callers["Bob Pretend"])
    view = await office.call_book.one(office.ana, made.list_id, reveal=True)
    assert {each.caller for each in view.entries} == {"Bob Pretend"}
    await office.call_lists.move(office.ana, made.list_id, SeriesMove.END)
    assert not (await office.call_book.sheet(office.ana, made.list_id, reveal=True)).rings
    assert (await office.call_book.over(office.ana))[0][1] == "Winter calls, Elm Street"


async def test_whoever_is_rung_is_not_forgotten_and_can_be_erased_and_copied(office: Office) -> None:
    made = await begun(office, f"s:{office.ana.id}")
    view = await office.call_book.one(office.ana, made.list_id, reveal=True)
    mary = view.entries[0].entry
    await office.call_days.said(
        office.triage, made.list_id, mary.id, office.desk.today, CallWord.FINE, "likes football"
    )
    copy = await Copies(office.desk, office.texts).make(office.safety, mary.person_id)
    assert copy["calls"][0]["rung"][0]["note"] == "likes football"
    async with office.db.read() as tx:
        assert mary.person_id not in [person for _, person in await holds.idle_askers(tx, office.desk.today)]
    await office.call_entries.move(office.triage, made.list_id, mary.id, EntryMove.TAKE_OFF)
    async with office.db.read() as tx:
        assert mary.person_id in [person for _, person in await holds.idle_askers(tx, office.desk.today)]
    await office.people.erase(office.ana, mary.person_id)
    async with office.db.read() as tx:
        assert await call_lists.entry(tx, mary.id) is None
        assert await call_words.of_entry(tx, mary.id) == []


async def test_two_records_made_one_are_rung_once(office: Office) -> None:
    made = await begun(office, f"s:{office.ana.id}", text="Mary Example 07700 900101\nMary E. 07700 900102")
    one, two = (await office.call_book.one(office.ana, made.list_id, reveal=True)).entries
    await Merging(office.desk, office.roster).merge(office.ana, one.entry.person_id, two.entry.person_id)
    assert [
        line.name for line in (await office.call_book.sheet(office.ana, made.list_id, reveal=True)).lines
    ] == ["Mary Example"]


async def test_words_long_past_go(office: Office) -> None:
    made = await begun(office, f"s:{office.ana.id}")
    mary = (await names(office, made.list_id))["Mary Example"]
    await office.call_days.said(office.triage, made.list_id, mary, office.desk.today, CallWord.FINE)
    office.clock.advance(days=90)
    assert await office.call_days.tidy() == 0
    office.clock.advance(days=1)
    assert await office.call_days.tidy() == 1


async def test_words_stay_while_a_record_is_held_for_which_they_matter(office: Office) -> None:
    made = await begun(office, f"s:{office.ana.id}")
    found = (await office.call_book.one(office.ana, made.list_id, reveal=True)).entries
    for each in found[:2]:
        await office.call_days.said(
            office.triage, made.list_id, each.entry.id, office.desk.today, CallWord.FINE
        )
    keeping = Retention(office.desk, office.people)
    await keeping.hold(office.safety, found[0].entry.person_id, office.desk.today + 300 * DAY, "a complaint")
    office.clock.advance(days=91)
    assert await office.call_days.tidy() == 1


async def test_a_new_rhythm_misses_no_call_of_before_it(office: Office) -> None:
    made = await begun(office)
    today = office.desk.today
    other = {(today + 2 * DAY).weekday()}
    rhythm = Rhythm(weekdays=tuple(other), first_day=today)
    await office.call_lists.change(office.ana, made.list_id, name="W", note="", rhythm=rhythm, language="")
    office.clock.advance(days=2)
    every = Rhythm(weekdays=WEEK, first_day=today)
    await office.call_lists.change(office.ana, made.list_id, name="W", note="", rhythm=every, language="")
    assert await office.call_days.not_rung(office.ana) == ()
    office.clock.advance(days=1)
    assert [each.missing.many for each in await office.call_days.not_rung(office.ana)] == [4]


@pytest.mark.parametrize("seed", seeds(0, 1, 2))
async def test_in_any_order_nobody_is_rung_twice_and_no_worry_is_lost(office: Office, seed: int) -> None:
    """Random verbs; afterwards each one due is given to one caller at most, and every worry is a task or was one."""
    dice = random.Random(seed)
    helpers = [await office.helper(f"Helper Pretend{each}") for each in range(3)]
    made = await begun(office, f"v:{helpers[0]}")
    worried = 0
    for _ in range(40):
        view = await office.call_book.one(office.ana, made.list_id, reveal=True)
        entry = dice.choice(view.entries).entry
        caller = dice.choice(view.callers).id if view.callers else ""
        try:
            match dice.randrange(8):
                case 0:
                    await office.callers.add(office.ana, made.list_id, f"v:{dice.choice(helpers)}")
                case 1 if caller:
                    await office.callers.drop(office.ana, made.list_id, caller, dice.choice(["", caller]))
                case 2:
                    await office.call_entries.move(
                        office.ana, made.list_id, entry.id, dice.choice(list(EntryMove))
                    )
                case 3:
                    await office.callers.share_out(office.ana, made.list_id)
                case 4 if caller:
                    await office.call_days.give(office.ana, made.list_id, entry.id, office.desk.today, caller)
                case 5:
                    office.clock.advance(hours=dice.choice([1, 30]))
                case 6:
                    await office.call_days.said(
                        office.ana, made.list_id, entry.id, office.desk.today, dice.choice(list(CallWord)[:3])
                    )
                case 7:
                    await office.call_days.said(
                        office.ana, made.list_id, entry.id, office.desk.today, CallWord.WORRIED
                    )
                    worried += 1
        except MutualAidError:
            pass
        sheet = await office.call_book.sheet(office.ana, made.list_id, reveal=True)
        rung = [line.entry_id for line in sheet.lines]
        assert len(rung) == len(set(rung))
        on = [
            e
            for e in (await office.call_book.one(office.ana, made.list_id, reveal=True)).entries
            if e.entry.state == "on"
        ]
        assert len(rung) == len(on)
        heavy = {line.entry_id for line in sheet.lines if line.outcome is CallWord.WORRIED}
        waiting = {line.task.entry_id for line in await office.call_days.to_see_to(office.ana)}
        assert heavy <= waiting, "nobody has ended one"


async def test_whoever_leaves_hands_on_the_calls_they_make(office: Office) -> None:
    ana, ben, day = str(office.ana.id), str(office.ben.id), office.desk.today
    alone, both = await begun(office, f"s:{ben}"), await begun(office, f"s:{ben}", f"s:{ana}")
    async with office.db.write() as tx:
        assert (await leaving.work_of(tx, ben, day)).call_lists == 2
        await leaving.reassign(tx, ben, ana, day)
        assert not (await leaving.work_of(tx, ben, day)).any
        for made in (alone, both):
            (caller,) = await call_lists.callers(tx, made.list_id)
            assert caller.staff_id == ana
            assert {entry.caller_id for entry, _ in await call_lists.entries(tx, made.list_id)} == {caller.id}
        await leaving.reassign(tx, ana, None, day)
        assert not await call_lists.callers(tx, alone.list_id)
