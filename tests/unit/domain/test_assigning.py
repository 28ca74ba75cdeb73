"""The optimum of sharing out, against trying everything; and the plan made of it."""

import itertools
import random
from collections import Counter
from collections.abc import Container, Sequence
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from node.domain.ids import PersonId
from node.domain.matching import assigning
from node.domain.matching.assigning import Row, assign
from node.domain.matching.plan import MOST_EACH, Asks, Takes, best, most_of
from node.domain.matching.scoring import WEIGHTS, Factor


def total(
    rows: Sequence[Row],
    columns: Sequence[Sequence[int]],
    given: Sequence[Sequence[int]],
    everywhere: Container[int] = (),
) -> int | None:
    """What it costs; None if it cannot be."""
    used = Counter(itertools.chain.from_iterable(given))
    if any(many > len(columns[column]) for column, many in used.items()):
        return None
    at = [(row.at, column) for row, each in zip(rows, given, strict=True) if row.at for column in each]
    if any(many > 1 and column not in everywhere for (_, column), many in Counter(at).items()):
        return None
    pairs = [{column: cost for cost, column in row.options} for row in rows]
    return (
        sum(cost[column] for cost, columns_ in zip(pairs, given, strict=True) for column in columns_)
        + sum(row.empty * (row.places - len(each)) for row, each in zip(rows, given, strict=True))
        + sum(sum(columns[column][:many]) for column, many in used.items())
    )


def by_trying(rows: Sequence[Row], columns: Sequence[Sequence[int]], everywhere: Container[int]) -> int:
    ways = [
        [
            way
            for many in range(row.places + 1)
            for way in itertools.combinations([column for _, column in row.options], many)
        ]
        for row in rows
    ]
    costs = (total(rows, columns, way, everywhere) for way in itertools.product(*ways))
    return min(cost for cost in costs if cost is not None)


@st.composite
def markets(draw: st.DrawFn) -> tuple[list[Row], list[list[int]], frozenset[int]]:
    columns = draw(st.lists(st.lists(st.integers(0, 6), max_size=3).map(sorted), max_size=4))
    rows = draw(
        st.lists(
            st.builds(
                lambda places, empty, at, costs: Row(
                    places=places,
                    empty=empty,
                    at=at,
                    options=[(cost, n) for n, cost in enumerate(costs[: len(columns)]) if cost is not None],
                ),
                st.integers(1, 2),
                st.sampled_from([0, 3, 10, 100]),
                st.sampled_from([None, "morning", "evening"]),
                st.lists(st.none() | st.integers(0, 12), min_size=4, max_size=4),
            ),
            min_size=1,
            max_size=4,
        )
    )
    return rows, columns, draw(st.frozensets(st.integers(0, 3)))


@settings(max_examples=300, deadline=None)
@given(markets())
def test_nothing_that_can_be_tried_is_better(
    market: tuple[list[Row], list[list[int]], frozenset[int]],
) -> None:
    rows, columns, everywhere = market
    given = assign(rows, columns, everywhere)
    assert all(len(set(each)) == len(each) <= row.places for each, row in zip(given, rows, strict=True))
    assert total(rows, columns, given, everywhere) == by_trying(rows, columns, everywhere)
    assert assign([replace(row, options=row.options[::-1]) for row in rows], columns, everywhere) == given


SHAPES = (
    "random",
    "distances",
    "in three places",
    "tied",
    "too few helpers",
    "half cannot",
    "at three times",
)


def large(shape: str, n: int = 240) -> tuple[list[Row], list[list[int]]]:
    """A market with many more pairs than are looked at first (``NEAREST`` is 48, a test makes it smaller)."""
    chance = random.Random(shape)
    spots = [(0.1, 0.1), (0.8, 0.3), (0.4, 0.9)] if shape == "in three places" else [(0.0, 0.0)]
    wide = 0.05 if len(spots) > 1 else 1.0

    def place() -> tuple[float, float]:
        x, y = chance.choice(spots)
        return x + chance.random() * wide, y + chance.random() * wide

    helpers = [place() for _ in range(n * 2 // 3 if shape == "too few helpers" else n)]
    rows = []
    for number in range(n):
        x, y = place()
        costs = [round(10_000 * ((x - u) ** 2 + (y - v) ** 2) ** 0.5) for u, v in helpers]
        if shape in ("random", "tied"):
            costs = [chance.randrange(10_000 if shape == "random" else 4) for _ in helpers]
        able = [each for each in range(len(helpers)) if shape != "half cannot" or each % 2 == number % 2 == 0]
        rows.append(
            Row(
                at=number % 4 or None if shape == "at three times" else None,
                places=1 + (number % 40 == 7),
                empty=(n - number) << 30,
                options=[(costs[each], each) for each in able],
            )
        )
    several = 1 if shape == "at three times" else 30
    return rows, [[0, 300] if each % several == 5 % several else [0] for each in range(len(helpers))]


@pytest.mark.parametrize("shape", SHAPES)
def test_what_is_not_looked_at_costs_little_and_leaves_no_place_empty(
    shape: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows, columns = large(shape)
    monkeypatch.setattr(assigning, "PAIRS", 1 << 40)
    exact = assign(rows, columns)
    monkeypatch.setattr(assigning, "PAIRS", 0)
    monkeypatch.setattr(assigning, "NEAREST", 6)
    quick = assign(rows, columns)
    assert [len(each) for each in quick] == [len(each) for each in exact]
    there = [pair for each, row in zip(exact, rows, strict=True) for pair in row.options if pair[1] in each]
    within = sum(cost for cost, _ in there) // assigning.TOLERANCE
    least, found = total(rows, columns, exact), total(rows, columns, quick)
    assert least is not None
    assert found is not None
    assert least <= found <= least + within + 1


def test_pairs_are_looked_at_until_the_plan_is_good_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    """Everybody likes the same six best, and each could also go to somebody whom nobody likes."""
    n = 30
    rows = [
        Row(places=1, empty=10**9, options=[(1 if each < 6 else 100 + each, each) for each in range(n)])
        for _ in range(n)
    ]
    monkeypatch.setattr(assigning, "PAIRS", 0)
    monkeypatch.setattr(assigning, "NEAREST", 6)
    assert sorted(itertools.chain.from_iterable(assign(rows, [(0,)] * n))) == list(range(n))


def people(*takes: int, week: int = 0) -> list[Takes]:
    return [
        Takes(person_id=PersonId(f"helper {n}"), room=room, this_week=week) for n, room in enumerate(takes)
    ]


def fits(**points: float) -> list[tuple[float, PersonId]]:
    return [(each, PersonId(name.replace("_", " "))) for name, each in points.items()]


def test_a_helper_goes_where_she_is_needed_and_not_where_she_shines() -> None:
    asks = [
        Asks(places=1, fits=fits(helper_0=90, helper_1=80)),
        Asks(places=1, fits=fits(helper_0=95)),
    ]
    assert best(asks, people(1, 1)) == [["helper 1"], ["helper 0"]]


def test_where_not_everybody_can_be_served_the_top_of_the_board_is() -> None:
    asks = [Asks(places=1, fits=fits(helper_0=1)), Asks(places=1, fits=fits(helper_0=100))]
    assert best(asks, people(1)) == [["helper 0"], []]


def test_the_work_is_shared_out_and_nobody_gets_more_than_a_morning() -> None:
    asks = [Asks(places=1, fits=fits(helper_0=60, helper_1=58)) for _ in range(6)]
    given = best(asks, people(9, 9))
    assert Counter(itertools.chain.from_iterable(given)) == {"helper 0": MOST_EACH, "helper 1": MOST_EACH}
    assert given[4:] == [[], []]


def test_two_places_of_one_need_are_two_people() -> None:
    assert best([Asks(places=2, fits=fits(helper_0=60))], people(2)) == [["helper 0"]]


def test_nobody_is_in_two_places_at_one_time() -> None:
    both = fits(helper_0=90, helper_1=60)
    morning, evening = (date(2026, 11, 4), "morning"), (date(2026, 11, 4), "evening")
    asks = [Asks(places=1, fits=both, when=morning), Asks(places=1, fits=both, when=morning)]
    assert best(asks, people(2, 0)) == [["helper 0"], []], "who stands higher on the board is served"
    assert best(asks, people(2, 2)) == [["helper 0"], ["helper 1"]]
    apart = [replace(asks[0], when=evening), asks[1], replace(asks[0], when=None)]
    assert best(apart, people(3, 0)) == [["helper 0"], ["helper 0"], []], "an evening is no morning"
    assert best([asks[0], replace(asks[0], when=None)], people(2, 0)) == [["helper 0"], ["helper 0"]]


def test_who_alone_can_do_one_thing_is_not_sent_to_another_at_that_time() -> None:
    morning = (date(2026, 11, 4), "morning")
    asks = [
        Asks(places=1, fits=fits(helper_0=90, helper_1=80), when=morning),
        Asks(places=1, fits=fits(helper_0=85), when=morning),
    ]
    assert best(asks, people(2, 2)) == [["helper 1"], ["helper 0"]]


Worth = tuple[int, tuple[int, ...], int]


def worth(asks: Sequence[Asks], helpers: Sequence[Takes], plan: Sequence[Sequence[PersonId]]) -> Worth | None:
    """Places filled, which, and the points in tenths; None if the plan cannot be."""
    many, points = Counter(itertools.chain.from_iterable(plan)), 0
    for each in helpers:
        at = Counter(ask.when for ask, people in zip(asks, plan, strict=True) if each.person_id in people)
        at.pop(None, 0)
        if many[each.person_id] > min(each.room, most_of(each.several)):
            return None
        if not each.several and any(times > 1 for times in at.values()):
            return None
        free = [1 / (1 + each.this_week + more) for more in range(many[each.person_id])]
        points -= sum(round(10 * WEIGHTS[Factor.FREE] * (free[0] - then)) for then in free)
    for ask, people in zip(asks, plan, strict=True):
        of = {person: points for points, person in ask.fits}
        points += sum(round(10 * of[person]) for person in people)
    filled = tuple(map(len, plan))
    return sum(filled), filled, points


def test_with_times_the_plan_is_the_best_that_trying_everything_finds() -> None:
    chance = random.Random(1)
    names = [PersonId(f"helper {n}") for n in range(4)]
    times = [None, *((date(2026, 11, 24), part) for part in ("morning", "afternoon"))]
    for turn in range(300):
        steps = chance.choice([1, 20])
        asks = [
            Asks(
                places=chance.choice([1, 1, 2]),
                fits=[
                    (steps * chance.randint(30 // steps, 95 // steps), n)
                    for n in names
                    if chance.random() < 0.5
                ],
                when=chance.choice(times),
            )
            for _ in range(5)
        ]
        helpers = [
            Takes(
                person_id=name, room=chance.randint(1, 3), this_week=chance.randrange(3), several=not number
            )
            for number, name in enumerate(names)
        ]
        ways = [
            [
                people
                for many in range(ask.places + 1)
                for people in itertools.combinations([who for _, who in ask.fits], many)
            ]
            for ask in asks
        ]
        most = max(each for plan in itertools.product(*ways) if (each := worth(asks, helpers, plan)))
        assert worth(asks, helpers, best(asks, helpers)) == most, turn


@pytest.mark.parametrize("tied", [False, True])
def test_as_many_are_served_as_there_is_room_for(tied: bool) -> None:
    """A morning with far too few helpers for two times of day: each of them goes once at each time."""
    chance = random.Random(9)
    names = [PersonId(f"helper {n}") for n in range(30)]
    times = [(date(2026, 11, 24), part) for part in ("morning", "afternoon")]
    asks = [
        Asks(
            places=1,
            fits=[(60.0 if tied else chance.uniform(30, 95), name) for name in names],
            when=times[n % 2],
        )
        for n in range(90)
    ]
    helpers = [Takes(person_id=name, room=2, this_week=chance.randrange(3)) for name in names]
    found = worth(asks, helpers, best(asks, helpers))
    assert found is not None
    assert found[:2] == (60, (1,) * 60 + (0,) * 30), "whoever stands highest on the board"


def test_no_plan_has_anybody_twice_at_one_time() -> None:
    chance = random.Random(11)
    names = [PersonId(f"helper {n}") for n in range(9)]
    times = [None, *((date(2026, 11, day), part) for day in (4, 5) for part in ("morning", "evening"))]
    for _ in range(20):
        asks = [
            Asks(
                places=chance.choice([1, 2]),
                fits=[(chance.random() * 100, n) for n in names],
                when=chance.choice(times),
            )
            for _ in range(14)
        ]
        given = best(asks, [Takes(person_id=name, room=2, this_week=0) for name in names])
        at = [(ask.when, one) for ask, people in zip(asks, given, strict=True) for one in people if ask.when]
        assert len(at) == len(set(at))


def test_an_organisation_takes_a_whole_mornings_list() -> None:
    """A church with a van and helpers of its own: four parcels at one time, which no one person could bring."""
    church, sam = PersonId("church"), PersonId("sam")
    morning = (date(2026, 11, 24), "morning")
    asks = [Asks(places=1, fits=[(60.0, church), (50.0, sam)], when=morning) for _ in range(5)]
    helpers = [
        Takes(person_id=church, room=4, this_week=0, several=True),
        Takes(person_id=sam, room=2, this_week=0),
    ]
    given = Counter(itertools.chain.from_iterable(best(asks, helpers)))
    assert given == {church: 4, sam: 1}


def test_the_same_list_makes_the_same_plan() -> None:
    chance = random.Random(5)
    names = [PersonId(f"helper {n}") for n in range(12)]
    asks = [Asks(places=1, fits=[(chance.choice([50.0, 60.0]), n) for n in names]) for _ in range(15)]
    helpers = [Takes(person_id=name, room=2, this_week=0) for name in names]
    first = best(asks, helpers)
    for _ in range(3):
        chance.shuffle(helpers)
        assert best(asks, helpers) == first
