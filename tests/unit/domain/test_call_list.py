"""Lists of calls: the days, who rings whom, and what words raise - whatever the order in which they come in."""

import itertools
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from node.domain.calls import call_list as rules
from node.domain.calls.call_lines import read
from node.domain.calls.call_list import (
    AFTER,
    ECHO_SECONDS,
    ENTRY_MOVES,
    WEIGHT,
    CallWord,
    Entry,
    EntryMove,
    EntryState,
    Rhythm,
    Said,
    Silence,
    TaskKind,
)
from node.domain.dispatch.series import OnHoliday
from node.domain.ids import PersonId

MONDAY = date(2026, 1, 5)
DAYS = st.integers(0, 400).map(lambda ahead: MONDAY + timedelta(days=ahead))
WEEKDAYS = st.sets(st.integers(0, 6), min_size=1).map(lambda days: tuple(sorted(days)))


def said(number: int, word: CallWord, *, day: int = 0, at: int | None = None) -> Said:
    when = number * 2 * ECHO_SECONDS if at is None else at
    return Said(
        id=f"s{number:03}", entry_id="e", day=MONDAY + timedelta(days=day), word=word, at=when, by_actor="a"
    )


def entry(number: int, caller: str | None = None) -> Entry:
    return Entry(
        id=f"e{number}", list_id="l", person_id=PersonId(f"p{number}"), caller_id=caller, since_day=MONDAY
    )


# --- the days


@given(WEEKDAYS, st.sets(DAYS, max_size=40), DAYS, st.sampled_from(OnHoliday))
def test_a_day_off_is_heeded_and_no_other_day_is_touched(
    weekdays: tuple[int, ...], holidays: set[date], day: date, on_holiday: OnHoliday
) -> None:
    rhythm = Rhythm(weekdays=weekdays, first_day=MONDAY, on_holiday=on_holiday)
    rings = rules.rings_on(rhythm, day, holidays)
    own = day.weekday() in weekdays
    if on_holiday is OnHoliday.SAME:
        assert rings == own
    elif day in holidays:
        assert not rings
    elif own:
        assert rings
    elif on_holiday is OnHoliday.SKIP:
        assert not rings
    elif rings:
        assert day + timedelta(days=1) in holidays, "brought forward from the days off right after it"


def test_before_a_holiday_everybody_is_rung_the_day_before() -> None:
    rhythm = Rhythm(weekdays=(4,), first_day=MONDAY, on_holiday=OnHoliday.BEFORE)
    friday, thursday = date(2026, 12, 25), date(2026, 12, 24)
    assert rules.rings_on(rhythm, thursday, {friday})
    assert not rules.rings_on(rhythm, friday, {friday})
    assert rules.rings_on(rhythm, thursday - timedelta(days=1), {friday, thursday})
    assert not rules.rings_on(rhythm, thursday, set())


def test_until_its_last_day() -> None:
    rhythm = Rhythm(weekdays=rules.WEEK, first_day=MONDAY, last_day=MONDAY + timedelta(days=2))
    assert rules.next_days(rhythm, MONDAY - timedelta(days=3), (), 10) == [
        MONDAY + timedelta(days=each) for each in range(3)
    ]


# --- who rings whom


@given(st.data())
def test_everybody_is_rung_by_one_who_is_there_and_fits(data: st.DataObject) -> None:
    callers = [f"c{each}" for each in range(data.draw(st.integers(0, 5)))]
    anybody = st.sampled_from([*callers, "gone", None])
    entries = [entry(each, data.draw(anybody)) for each in range(data.draw(st.integers(0, 12)))]
    pairs = [(each.id, caller) for each in entries for caller in callers]
    unfit = data.draw(st.sets(st.sampled_from(pairs))) if pairs else set()
    moved = {each.id: data.draw(st.sampled_from([*callers, "gone"])) for each in entries[:3]}
    found = rules.share_out(entries, callers, moved, unfit)
    assert set(found) == {each.id for each in entries}
    for each in entries:
        fits = [caller for caller in callers if (each.id, caller) not in unfit]
        wanted = [moved.get(each.id), each.caller_id]
        first = next((caller for caller in wanted if caller in fits), None)
        if first:
            assert found[each.id] == first, "for that day alone, else whom she knows"
        else:
            assert (found[each.id] in fits) if fits else found[each.id] is None


@given(st.integers(0, 30), st.integers(1, 6))
def test_shared_out_evenly_and_neighbours_stay_together(people: int, many: int) -> None:
    entries, callers = [entry(each) for each in range(people)], [f"c{each}" for each in range(many)]
    for found in (rules.share_out(entries, callers, {}, ()), rules.in_blocks(entries, callers)):
        load = [list(found.values()).count(caller) for caller in callers]
        assert sum(load) == people
        assert max(load) - min(load) <= 1
    blocks = list(rules.in_blocks(entries, callers).values())
    assert blocks == sorted(blocks)


# --- what was said


def test_the_table_has_every_case() -> None:
    assert set(AFTER) == {(silence, word) for silence in Silence for word in CallWord}
    assert set(WEIGHT) == set(CallWord)
    assert {state for state, _ in ENTRY_MOVES} == set(EntryState)
    assert {move for _, move in ENTRY_MOVES} == set(EntryMove)


@given(st.permutations([said(each, word) for each, word in enumerate([*CallWord, *CallWord])]))
def test_of_several_words_the_heaviest_stands_whatever_came_first(words: list[Said]) -> None:
    assert rules.outcome(words) is CallWord.WORRIED
    assert rules.raised_by(words) == rules.raised_by(sorted(words, key=lambda each: each.at))
    fine = [each for each in words if each.word in (CallWord.FINE, CallWord.NO_ANSWER)]
    assert rules.outcome(fine) is CallWord.FINE
    assert rules.outcome([]) is None


@given(st.lists(st.sampled_from(CallWord), max_size=12))
def test_no_worry_is_lost_and_nobody_silent_for_two_days_is_overlooked(words: list[CallWord]) -> None:
    row = [said(each, word, day=each) for each, word in enumerate(words)]
    _, raised = rules.raised_by(row)
    assert [each.id for each, kind in raised if kind is TaskKind.WORRIED] == [
        each.id for each in row if each.word is CallWord.WORRIED
    ]
    assert [each.id for each, kind in raised if kind is TaskKind.WANTS] == [
        each.id for each in row if each.word is CallWord.WANTS
    ]
    silent = [
        later.id
        for before, later in itertools.pairwise(row)
        if before.word is later.word is CallWord.NO_ANSWER
    ]
    assert [each.id for each, kind in raised if kind is TaskKind.NO_ANSWER] == silent


@given(st.lists(st.sampled_from(CallWord), max_size=6), st.integers(1, ECHO_SECONDS - 1))
def test_a_tick_that_comes_in_twice_counts_once(words: list[CallWord], later: int) -> None:
    row = [said(each, word, day=each) for each, word in enumerate(words)]
    twice = [
        again
        for each in row
        for again in (each, Said(**{**_values(each), "id": f"{each.id}x", "at": each.at + later}))
    ]
    assert [(each.id, kind) for each, kind in rules.raised_by(twice)[1]] == [
        (each.id, kind) for each, kind in rules.raised_by(row)[1]
    ]
    assert rules.outcome(twice) is rules.outcome(row)


def _values(each: Said) -> dict[str, object]:
    return {name: getattr(each, name) for name in Said.__dataclass_fields__}


def test_rung_again_the_same_day_counts_as_twice() -> None:
    row = [said(0, CallWord.NO_ANSWER), said(1, CallWord.NO_ANSWER)]
    assert [kind for _, kind in rules.raised_by(row)[1]] == [TaskKind.NO_ANSWER]
    near = [said(0, CallWord.NO_ANSWER, at=0), said(1, CallWord.NO_ANSWER, at=60)]
    assert rules.raised_by(near) == (Silence.ONCE, ())
    typed_in_late = [said(0, CallWord.NO_ANSWER, day=1, at=0), said(1, CallWord.NO_ANSWER, day=0, at=60)]
    assert [each.id for each, _ in rules.raised_by(typed_in_late)[1]] == ["s000"]


# --- names and numbers


def test_lines_as_people_paste_them() -> None:
    text = (
        "Mary Example 07700 900101\n\nHugh Made-up, 07700 900102, hard of hearing, let it ring\n"
        "07700 900103 Zora Pretend\nMrs O’Invented: +44 7700 900104\nnobody at all\n07700 900105\n"
    )
    found = read(text)
    assert [(line.name, line.phone, line.note) for line in found[:4]] == [
        ("Mary Example", "07700 900101", ""),
        ("Hugh Made-up", "07700 900102", "hard of hearing, let it ring"),
        ("Zora Pretend", "07700 900103", ""),
        ("Mrs O’Invented", "+44 7700 900104", ""),
    ]
    assert [(line.number, bool(line.problem)) for line in found[4:]] == [(6, True), (7, True)]


def test_a_small_sheet_with_headings() -> None:
    text = 'Phone;Name;Street;Notes\n07700 900101;Mary Example;Elm Street;"slow; let it ring"\n;Hugh;Elm Street;\n'
    one, two = read(text)
    assert (one.name, one.phone, one.note, one.problem) == (
        "Mary Example",
        "07700 900101",
        "slow; let it ring",
        "",
    )
    assert two.problem
    assert [line.problem == "" for line in read("Name\tNotes\nx\ty\n")] == [False, False], (
        "no telephone column"
    )


def test_the_same_line_twice_is_told() -> None:
    first, second, other = read("Mary 07700 900101\nmary 07700-900101\nHugh 07700 900101")
    assert not first.problem
    assert second.problem
    assert not other.problem, "two people may share a telephone"


@given(st.text(max_size=300))
def test_nothing_that_is_pasted_breaks_it(text: str) -> None:
    for line in read(text):
        assert line.problem or (line.name and line.phone)
        assert line.number >= 1


def test_a_list_typed_with_arabic_commas_is_read() -> None:
    (line,) = read("مريم مثال، 07700 900123، سمعها ضعيف")
    assert (line.name, line.phone, line.note, line.problem) == ("مريم مثال", "07700 900123", "سمعها ضعيف", "")


STAMPED = [
    "2) 07700 900125 Jo Example",
    "1. Jo Example - 07700 900125",
    "3.- Jo Example tel: 07700 900125",
    "4 07700 900125 Jo Example",
    "٢) Jo Example 07700 900125",
    "7\tJo Example\t07700 900125",
    "[14:03, 23/11/2026] Kim: Jo Example 07700 900125",
    "\u200e[23/11/2026, 14:03:22] ~ Kim Lee: 2) Jo Example, 07700 900125",
    "11/23/26, 2:03 PM - +44 7700 900999: Jo Example 07700 900125",
]


@pytest.mark.parametrize("text", STAMPED)
@pytest.mark.parametrize("region", [None, "GB"])
def test_a_number_of_the_list_or_a_stamp_of_a_chat_is_no_part_of_anybody(
    text: str, region: str | None
) -> None:
    (line,) = read(text, region)
    assert (line.name, line.phone, line.note, line.problem, line.doubt) == (
        "Jo Example",
        "07700 900125",
        "",
        "",
        "",
    )


def test_days_clocks_and_house_numbers_are_no_telephone_number() -> None:
    kept = {
        "Jo 14/11/1938 0117 496 0005": ("Jo", "0117 496 0005", "14/11/1938"),
        "Jo 9.00-17.00 07700 900123": ("Jo", "07700 900123", "9.00-17.00"),
        "Jo, 12 High St BS1 1AA, 0117 496 0006": ("Jo", "0117 496 0006", "12 High St BS1 1AA"),
        "Jo 07700 900123 12 High St": ("Jo", "07700 900123", "12 High St"),
        "Zoé 01.23.45.67.89 ring 14.00": ("Zoé", "01.23.45.67.89", "ring 14.00"),
        "(020) 7946 0000 Jo": ("Jo", "(020) 7946 0000", ""),
        "Jo, born 14.11.1938, 0117 496 0005": ("Jo", "0117 496 0005", "born 14.11.1938"),
        "555 - 1234567 Jo": ("Jo", "555 - 1234567", ""),
    }
    for text, fields in kept.items():
        (line,) = read(text)
        assert (line.name, line.phone, line.note) == fields
        assert not line.problem
        assert not line.doubt
    assert all(line.problem for line in read("Jo 23/11/2026\n[14:03, 23/11/2026] Kim: hello\nJo 14:03"))


def test_what_is_doubtful_is_shown_as_doubtful() -> None:
    for text, region in (
        ("Jo 07700900123 / 0117 496 0000", None),
        ("Jo 0117 496 0000 / 07700 900123 / 07700 900124", None),
        ("Jo 07700 900123, Ann 07700 900124", None),
        ("3 Elm Road, Jo, 07700 900123", None),
        ("Flat 3 07700 900123 Jo", None),
        ("Jo 600 123 456 789 1", None),
        ("Jo 123 456 789 012", "GB"),
    ):
        (line,) = read(text, region)
        assert line.doubt, text
        assert not line.problem
    assert not any(line.doubt for line in read("Jo 600 123 456\nAnn +44 7700 900123", "ES"))


def test_a_column_of_numbers_is_read_as_carefully() -> None:
    day, two, one = read(
        "Name,Phone\nJo,23/11/2026\nAnn,07700 900123 or 0117 496 0000\nMia,tel 07700 900124\n"
    )
    assert day.problem
    assert two.doubt
    assert (two.phone, two.note) == ("07700 900123", "or 0117 496 0000")
    assert (one.phone, one.doubt) == ("07700 900124", "")
