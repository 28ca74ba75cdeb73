"""Unusual looks: the table's rules, and that nothing is found that no look shows."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from node.domain.safety.looks import RULES, Limit, Look, Rule, fits, same_name, street, unusual

looks = st.builds(
    Look,
    staff=st.sampled_from(("ana", "ben")),
    person=st.integers(0, 9).map(str),
    at=st.integers(0, 10**6),
    hour=st.integers(0, 23),
    task=st.booleans(),
    same_name=st.booleans(),
    same_street=st.booleans(),
)
limits = st.fixed_dictionaries(
    {rule: st.builds(Limit, people=st.integers(1, 5), reason=st.just("")) for rule in Rule}
)


@given(st.lists(looks, max_size=40), limits)
def test_exactly_what_the_table_says_is_found(seen: list[Look], rules: dict[Rule, Limit]) -> None:
    found = {(each.staff, each.rule): set(each.people) for each in unusual(seen, rules)}
    for staff in ("ana", "ben"):
        for rule in Rule:
            people = {look.person for look in seen if look.staff == staff and fits(rule, look)}
            assert found.get((staff, rule), set()) == (people if len(people) >= rules[rule].people else set())


def _look(**changes: object) -> Look:
    usual = {"staff": "ana", "person": "p", "at": 1, "hour": 10, "task": True}
    return Look(**{**usual, "same_name": False, "same_street": False, **changes})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("look", "rule"),
    [
        (_look(hour=23), Rule.NIGHT),
        (_look(hour=5), Rule.NIGHT),
        (_look(same_name=True), Rule.SAME_NAME),
        (_look(same_street=True), Rule.SAME_STREET),
    ],
)
def test_one_look_is_enough_for_some_rules(look: Look, rule: Rule) -> None:
    assert [each.rule for each in unusual([look])] == [rule]


def test_an_ordinary_week_is_empty() -> None:
    week = [_look(person=str(number), hour=6 + number % 17) for number in range(70)]
    assert unusual(week) == []
    assert [each.rule for each in unusual([*week, *(_look(person=f"q{n}") for n in range(10))])] == [
        Rule.MANY
    ]
    assert set(RULES) == set(Rule)


@pytest.mark.parametrize(
    ("handle", "name", "same"),
    [
        ("Ana Quillfeather", "Bo Quillfeather", True),
        ("Ana Quillfeather", "Ana Maria", False),
        ("quillfeather", "Bo Quillfeather", True),
        ("ana", "Bo Ana", True),
        ("Li", "Bo Li", False),
        ("ana", "ana", False),
        ("", "Bo", False),
    ],
)
def test_the_same_family_name(handle: str, name: str, same: bool) -> None:
    assert same_name(handle, name) is same


@pytest.mark.parametrize(
    ("address", "name"),
    [("12 Elm Street, Knowle", "elm street"), ("Elm Street 12b", "elm street"), ("", ""), ("12", "")],
)
def test_the_street_of_an_address(address: str, name: str) -> None:
    assert street(address) == name
