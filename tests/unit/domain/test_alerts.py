"""Who hears what, when: as tables."""

from datetime import UTC, datetime

import pytest

from node.domain.actors import Actor, ActorKind, Role
from node.domain.notices.alerts import (
    BUNDLE,
    EVERYBODY_MINUTES,
    LASTS,
    NOT_ONES_OWN,
    NOTHING,
    RULES,
    WHENS,
    AlertChoices,
    Kind,
    Listener,
    Matter,
    Thing,
    What,
    When,
    counted,
    goes_at,
    hears,
    kind_of,
    known_already,
    urgent_minutes,
)
from node.domain.permissions import permissions_of
from node.domain.zone import Zone

ALL_AT_ONCE = AlertChoices(calls=When.AT_ONCE, neighbours=When.AT_ONCE)


def listener(name: str, *roles: Role, choices: AlertChoices = ALL_AT_ONCE, reads: bool = False) -> Listener:
    actor = Actor(kind=ActorKind.STAFF, id=name, name=name, roles=frozenset(roles))
    return Listener(
        handle=name, staff_id=name, may=permissions_of(actor), reads_safety=reads, choices=choices
    )


ANA, BEN = listener("ana", Role.COORDINATOR), listener("ben", Role.COORDINATOR)
TRI = listener("tri", Role.TRIAGE)
SAF = listener("saf", Role.SAFETY, reads=True)
ADM = listener("adm", Role.ADMIN)
NIL = listener("nil", Role.COORDINATOR, choices=NOTHING)
EVERYBODY = (ANA, BEN, TRI, SAF, ADM, NIL)


def names(thing: Thing, *on: str, when: When = When.AT_ONCE) -> str:
    return " ".join(each.handle for each in hears(thing, EVERYBODY, on, when=when))


@pytest.mark.parametrize(
    ("what", "on", "late", "by", "told"),
    [
        # without a rota everybody who could attend to it
        (What.FIRST_LOOK, "", 0, None, "ana ben tri"),
        (What.NOBODY_ASKED, "", 0, None, "ana ben"),
        (What.YES, "", 0, None, "ana ben"),
        (What.CALL_BACK, "", 0, None, "ana ben tri"),
        (What.OFFER, "", 0, None, "ana ben"),
        (What.HANDED_OVER, "", 0, None, "ana ben"),
        (What.DOOR, "", 0, None, "adm"),
        (What.VISIT, "", 0, None, "ana ben tri saf"),
        (What.UNSAFE, "", 0, None, "saf"),
        # who is on, first
        (What.FIRST_LOOK, "ben", 0, None, "ben"),
        (What.FIRST_LOOK, "ben", 59, None, "ben"),
        (What.FIRST_LOOK, "ben", 60, None, "ana ben tri"),
        (What.CALL_BACK, "tri", 500, None, "tri"),
        (What.OFFER, "ana ben", 0, None, "ana ben"),
        (What.BELL, "ben", 29, None, "ben"),
        (What.BELL, "ben", 30, None, "ana ben"),
        # on, but it is nothing for them, or they want to hear of nothing
        (What.NOBODY_ASKED, "tri", 0, None, "ana ben"),
        (What.FIRST_LOOK, "nil", 0, None, "ana ben tri"),
        # whoever is not back: who is on and who looks after safety at once, everybody soon after
        (What.VISIT, "ben", 0, None, "ben saf"),
        (What.VISIT, "ben", 14, None, "ben saf"),
        (What.VISIT, "ben", 15, None, "ana ben tri saf"),
        # "I feel unsafe": whoever can read it, on or not, and nobody else
        (What.UNSAFE, "ana", 0, None, "saf"),
        # a promise is for whoever made it, if they listen and still may
        (What.CALL_BACK, "ana ben", 0, "ana", "ana"),
        (What.CALL_BACK, "ben", 0, "ana", "ana ben"),
        (What.CALL_BACK, "", 0, "ana", "ana"),
        (What.PROMISE, "ana", 29, "ana", "ana"),
        (What.PROMISE, "ana", 30, "ana", "ana ben tri"),
        (What.RING, "tri", 0, "gone", "tri"),
        # a second yes is anybody's but one's own
        (What.SECOND_YES, "", 0, "ana", "ben adm"),
        (What.EXPORT_YES, "ana", 0, "ana", "ben"),
        (What.RECEIPT, "", 0, None, "ana ben"),
        (What.CALL_BACK, "ben", 0, "nil", "ben"),
        (What.CALL_BACK, "ben", 0, "gone", "ben"),
        (What.CALL_BACK, "", 0, "saf", "ana ben tri"),
    ],
)
def test_who_hears_at_once(what: What, on: str, late: int, by: str | None, told: str) -> None:
    assert names(Thing(what=what, id="x", late=late, by=by), *on.split()) == told


@pytest.mark.parametrize("what", list(What))
@pytest.mark.parametrize("when", list(When))
def test_nobody_hears_otherwise_than_they_chose(what: What, when: When) -> None:
    matter = RULES[what].matter
    chosen = AlertChoices(**{**{each.value: When.OFF for each in Matter}, matter.value: when})
    one = listener("one", *Role, choices=chosen, reads=True)
    for asked in When:
        by = "two" if what in NOT_ONES_OWN else "one"
        told = hears(Thing(what=what, id="x", by=by, late=999), [one], ["one"], when=asked)
        assert told == ([one] if asked is when else [])


def test_once_a_day_the_rota_does_not_count() -> None:
    daily = AlertChoices(calls=When.DAILY)
    both = [listener("a", Role.COORDINATOR, choices=daily), listener("b", Role.TRIAGE, choices=daily)]
    thing = Thing(what=What.CALL_BACK, id="x", by="a")
    assert hears(thing, both, ["b"], when=When.DAILY) == both
    assert hears(thing, both, ["b"]) == []


def test_each_role_is_offered_what_may_be_theirs() -> None:
    assert {each.handle: each.matters for each in EVERYBODY[:5]} == {
        "ana": tuple(Matter),
        "ben": tuple(Matter),
        "tri": (Matter.URGENT, Matter.CALLS, Matter.SAFETY),
        "saf": (Matter.SAFETY,),
        "adm": (Matter.CALLS, Matter.NEIGHBOURS),
    }
    assert listener("keyless").matters == ()


def test_four_choices_and_safety_is_nothing_for_tomorrow() -> None:
    assert len(Matter) == 4
    assert set(WHENS) == set(Matter)
    assert When.DAILY not in WHENS[Matter.SAFETY]
    assert AlertChoices().fits
    assert not AlertChoices(safety=When.DAILY).fits


def at(hour: int, minute: int = 0) -> int:
    return int(datetime(2026, 11, 2, hour, minute, tzinfo=UTC).timestamp())


def morning(hour: int) -> int:
    return int(datetime(2026, 11, 3, hour, tzinfo=UTC).timestamp())


@pytest.mark.parametrize(
    ("kinds", "now", "goes"),
    [
        ((What.CALL_BACK,), at(12), at(12) + BUNDLE),
        ((What.OFFER, What.DOOR), at(12), at(12) + BUNDLE),
        ((What.CALL_BACK, What.YES), at(12), at(12)),
        ((What.FIRST_LOOK,), at(12), at(12)),
        # quiet from 21 to 8: nothing but safety
        ((What.FIRST_LOOK,), at(22), morning(8)),
        ((What.CALL_BACK,), at(20, 57), morning(8)),
        ((What.CALL_BACK,), at(3), at(8)),
        ((What.VISIT,), at(22), at(22)),
        ((What.UNSAFE,), at(3), at(3)),
    ],
)
def test_when_it_goes(kinds: tuple[What, ...], now: int, goes: int) -> None:
    assert goes_at([Thing(what=what, id="x") for what in kinds], now, (21, 8), Zone()) == goes


def test_what_is_told_once_a_day_waits_for_no_company() -> None:
    assert goes_at([Thing(what=What.DOOR, id="x")], at(12), (21, 8), Zone(), bundle=False) == at(12)


@pytest.mark.parametrize(("decide_hours", "minutes"), [(1, 60), (4, 60), (24, 60)])
def test_the_limit_is_the_boards_own(decide_hours: int, minutes: int) -> None:
    assert urgent_minutes(decide_hours) == minutes


def test_every_kind_of_thing_has_its_place() -> None:
    assert set(RULES) == set(What)
    assert {kind_of(Thing(what=what, id="x")) for what in What} == {Kind.SAFETY, Kind.NEWS}
    assert set(LASTS) == set(Kind)
    assert {RULES[what].matter for what in EVERYBODY_MINUTES} == {Matter.URGENT, Matter.SAFETY, Matter.CALLS}


@pytest.mark.parametrize(
    ("what", "told", "known"),
    [
        (What.YES, {"yes:need:1"}, True),
        (What.YES, {"yes:need:2"}, False),
        # whoever was told that a neighbour's volunteer waits is not told of it once more as something for today
        (What.YES, {"offer:need:1:o"}, True),
        (What.YES, {"offer:need:2:o", "offer:other:1:o"}, False),
        (What.NOBODY_ASKED, {"offer:need:1:o"}, False),
        (What.OFFER, {"yes:need:1"}, False),
    ],
)
def test_what_is_known_already(what: What, told: set[str], known: bool) -> None:
    assert known_already(Thing(what=what, id="need:1"), told) is known


def test_a_message_counts_and_names_nothing() -> None:
    things = [Thing(what=What.DOOR, id="a"), Thing(what=What.YES, id="b"), Thing(what=What.DOOR, id="c")]
    assert counted(things) == [(What.YES, 1), (What.DOOR, 2)]
