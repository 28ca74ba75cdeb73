"""What counts when volunteers are put in order: each factor for itself, whatever the others say."""

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as some

from node.domain.catalogue import CheckLevel
from node.domain.hours import ALL_HOURS, slots_wanted
from node.domain.ids import PersonId
from node.domain.matching.matching import MONTH_SECONDS, Helper, Wanted, helper_of
from node.domain.matching.scoring import DAY_SECONDS, WEIGHTS, parts, reasons, score
from node.domain.need import PartOfDay, Point
from node.domain.volunteer import Volunteer
from ui.words import matching_words

NOW = 1_700_000_000
MONDAY = date(2026, 11, 2)
SAM = PersonId("sam")
HERE = Point(lat=51.44, lon=-2.59, accuracy_m=50)
SLOTS = some.sets(some.sampled_from(ALL_HOURS), min_size=1)
TAKEN = some.lists(some.integers(NOW - MONTH_SECONDS - 9, NOW), max_size=6).map(tuple)


def north(km: float) -> Point:
    return Point(lat=HERE.lat + km / 111.195, lon=HERE.lon, accuracy_m=50)


@some.composite
def helpers(draw: some.DrawFn) -> Helper:
    hours = draw(SLOTS)
    return helper_of(
        Volunteer(
            person_id=SAM,
            languages=tuple(draw(some.sets(some.sampled_from(["en", "es", "ar"])))),
            hours=tuple(hours),
            days_off=tuple(draw(some.sets(some.sampled_from(["2026-11-02", "2026-11-04"])))),
        ),
        name="Sam",
        barred=False,
        point=draw(some.none() | some.floats(0, 50).map(north)),
        taken=draw(TAKEN),
        asked_at=draw(some.none() | some.integers(NOW - 90 * DAY_SECONDS, NOW)),
    )


@some.composite
def needs(draw: some.DrawFn) -> Wanted:
    days = tuple(MONDAY + timedelta(days=each) for each in range(draw(some.integers(1, 7))))
    part = draw(some.none() | some.sampled_from(PartOfDay))
    return Wanted(
        category="groceries",
        check=CheckLevel.NONE,
        needs=frozenset(),
        languages=frozenset(),
        soft_languages=frozenset(draw(some.sets(some.sampled_from(["es", "ar"])))),
        point=draw(some.none() | some.just(HERE)),
        remote=draw(some.booleans()),
        day=days[0],
        days=days,
        part=part,
        slots=slots_wanted(days, part),
        contactless=True,
        paired=False,
        requester=None,
        not_with=frozenset(),
        helped_before=draw(some.sampled_from([{}, {SAM: 2}])),
        usual=draw(some.floats(0, 5)),
    )


@given(helpers(), needs())
def test_a_score_is_the_sum_of_its_parts_and_lies_between_0_and_100(helper: Helper, wanted: Wanted) -> None:
    points = score(helper, wanted, NOW)
    assert 0 <= points <= 100.000001
    found = parts(helper, wanted, NOW)
    assert abs(sum(part.points for part in found) - points) <= len(found) / 2
    assert all(0 <= part.points <= part.most for part in found)
    assert reasons(helper, wanted, NOW)


@given(helpers(), needs(), some.floats(0, 40), some.floats(0, 40))
def test_more_distance_never_scores_higher(helper: Helper, wanted: Wanted, km: float, further: float) -> None:
    near, far = replace(helper, point=north(km)), replace(helper, point=north(km + further))
    assert score(near, wanted, NOW) >= score(far, wanted, NOW) - 1e-9


@given(helpers(), needs(), some.integers(NOW - MONTH_SECONDS - 9, NOW))
def test_one_more_task_never_scores_higher(helper: Helper, wanted: Wanted, at: int) -> None:
    busier = replace(helper, taken=(*helper.taken, at))
    assert score(busier, wanted, NOW) <= score(helper, wanted, NOW)


@given(helpers(), needs(), some.integers(0, 90 * DAY_SECONDS), some.integers(0, 90 * DAY_SECONDS))
def test_whoever_waits_longer_never_scores_lower(
    helper: Helper, wanted: Wanted, ago: int, longer: int
) -> None:
    lately, long_ago = replace(helper, asked_at=NOW - ago), replace(helper, asked_at=NOW - ago - longer)
    assert score(long_ago, wanted, NOW) >= score(lately, wanted, NOW)
    assert score(replace(helper, asked_at=None), wanted, NOW) >= score(long_ago, wanted, NOW)


@given(helpers(), needs(), SLOTS)
def test_more_free_time_never_scores_lower(helper: Helper, wanted: Wanted, more: set[str]) -> None:
    freer = replace(helper, hours=helper.hours | more)
    assert score(freer, wanted, NOW) >= score(helper, wanted, NOW)


@given(helpers(), needs())
def test_a_face_they_know_and_their_language_never_score_lower(helper: Helper, wanted: Wanted) -> None:
    known, stranger = replace(wanted, helped_before={SAM: 1}), replace(wanted, helped_before={})
    assert score(helper, known, NOW) > score(helper, stranger, NOW)
    speaks = replace(helper, languages=helper.languages | wanted.soft_languages)
    assert score(speaks, wanted, NOW) >= score(helper, wanted, NOW)


@given(helpers(), needs(), some.floats(0, 5), some.floats(0, 5))
def test_what_is_usual_never_makes_the_busy_look_idle(
    helper: Helper, wanted: Wanted, usual: float, more: float
) -> None:
    quiet, busy = replace(wanted, usual=usual), replace(wanted, usual=usual + more)
    assert score(helper, quiet, NOW) <= score(helper, busy, NOW) + 1e-9
    idle = replace(helper, taken=())
    assert score(idle, quiet, NOW) == score(idle, busy, NOW)


def test_weights_add_up_and_stand_in_words_in_their_order() -> None:
    assert sum(WEIGHTS.values()) == 100
    assert list(WEIGHTS.values()) == sorted(WEIGHTS.values(), reverse=True)
    assert [factor for factor, _ in matching_words.ORDER] == list(WEIGHTS)
    assert set(matching_words.FACTOR) == set(WEIGHTS)
    assert [much for _, much in matching_words.ORDER].count("most") == 1
    ranks = [list(matching_words.HOW_MUCH).index(much) for _, much in matching_words.ORDER]
    assert ranks == sorted(ranks)
    assert matching_words.ORDER[0] == ("near", "most")
