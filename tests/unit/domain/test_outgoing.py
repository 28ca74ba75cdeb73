"""The difference between what is out and what should be: table of cases."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from node.domain.sharing.outgoing import Out, Plan, Wanted, plan
from node.domain.sharing.publication import Content, shuffled

TODAY = date(2026, 11, 2)


def content(urgency: str = "whenever", status: str = "open", posted: str = "2026-11-01") -> Content:
    return Content(
        category="groceries",
        cell="85194ad3fffffff",
        urgency=urgency,
        helpers="1",
        remote=False,
        status=status,
        posted=posted,
    )


def out(
    need: str = "n", *, kind: str = "summary", left: int = 14, set_name: str = "public", **said: str
) -> Out:
    return Out(
        public_id=f"public-{need}",
        need_id=need,
        set_name=set_name,
        kind=kind,
        content=content(**said) if kind == "summary" else None,
        expires=TODAY + timedelta(days=left),
        max_expires=TODAY + timedelta(days=left),
    )


def want(need: str = "n", set_name: str = "public", **said: str) -> Wanted:
    return Wanted(need_id=need, set_name=set_name, content=content(**said))


def made(outs: list[Out], wants: list[Wanted], *, everything: bool = True, most: int = 500) -> Plan:
    return plan(outs, {each.need_id: each for each in wants}, today=TODAY, everything=everything, most=most)


@pytest.mark.parametrize("everything", [True, False])
@pytest.mark.parametrize(
    ("outs", "wants", "always", "hourly"),
    [
        ([], [], "", ""),
        ([], [want()], "", "add"),
        ([], [want(urgency="today")], "add", ""),
        ([out()], [want()], "", ""),
        ([out()], [], "withdraw", ""),
        ([out()], [want(status="taken")], "", "renew"),
        ([out(urgency="today")], [want(urgency="today", status="taken")], "renew", ""),
        ([out(left=8)], [want()], "", ""),
        ([out(left=7)], [want()], "", "renew"),
        ([out(left=7, status="taken")], [want(status="taken")], "", ""),
        ([out()], [want(set_name="peers")], "withdraw", "add"),
        ([out(left=0)], [], "forget", ""),
        ([out(left=-3)], [want()], "", "renew"),
        ([out(kind="withdrawal")], [], "", ""),
        ([out(kind="withdrawal")], [want()], "", "add"),
        ([out(kind="withdrawal", left=0)], [], "forget", ""),
        ([out(kind="withdrawal", left=0)], [want()], "forget", "add"),
    ],
)
def test_cases(outs: list[Out], wants: list[Wanted], always: str, hourly: str, everything: bool) -> None:
    steps = made(outs, wants, everything=everything)
    expected = {always, hourly if everything else ""} - {""}
    assert {name for name in ("withdraw", "renew", "add", "forget") if getattr(steps, name)} == expected


def test_a_set_holds_no_more_than_it_may_and_the_most_urgent_come_first() -> None:
    wants = [want("late"), want("old", posted="2026-10-01"), want("now", urgency="today"), want("held")]
    steps = made([out("held")], wants, most=3)
    assert [each.need_id for each in steps.add] == ["now", "old"]
    assert steps.crowded_out == 1


@given(st.lists(st.integers()), st.binary(min_size=8, max_size=8))
def test_shuffling_loses_nothing(items: list[int], draw: bytes) -> None:
    assert sorted(shuffled(items, lambda count: draw[:count])) == sorted(items)


def test_content_comes_back_from_its_text() -> None:
    full = Content(
        category="lift",
        cell="85194ad3fffffff",
        urgency="today",
        helpers="2+",
        remote=True,
        status="taken",
        posted="2026-11-01",
        window=("2026-11-02", "2026-11-03"),
        tags=("heavy", "stairs"),
        languages=("es",),
    )
    assert Content.from_json(full.to_json()) == full
