"""Attacks on what is shared, carried out rather than argued about: with everything that an observer could keep."""

import random
from collections import Counter

import h3.api.basic_int as h3
import pytest

from node.domain.sharing.publication import Content
from node.domain.sharing.uniqueness import report
from protocol.cells import CLASS_A_BOUND, CLASS_B_BOUND, Partition, partition_for
from protocol.population import PopulationTable
from tests.harness.neighbourhood import made_up_population

HOMES, NEEDS = 1000, 50


def tables(seed: int, drift: float) -> tuple[PopulationTable, PopulationTable]:
    """A made-up city at two censuses: every cell's residents changed by up to ``drift``, some moved in or out."""
    source = random.Random(seed)
    old = made_up_population(rings=20, seed=seed).splitlines()
    new = old[:1]
    for line in old[1:]:
        cell, people = line.split(",")
        changed = int(int(people) * (1 + source.uniform(-drift, drift)))
        if source.random() < 0.97:
            new.append(f"{cell},{changed}")
    return PopulationTable.load("\n".join(old) + "\n"), PopulationTable.load("\n".join(new) + "\n")


def least_together(table: PopulationTable, *partitions: Partition) -> int:
    """The attack: for 1,000 homes with 50 needs each, of either class and under either table, the fewest residents
    whom all areas that were ever told of one home leave over.
    """
    source = random.Random(7)
    labels = {cell: tuple(each.label_of_cell(f"{cell:x}") for each in partitions) for cell in table.cells}
    homes = source.choices(list(table.cells), weights=list(table.cells.values()), k=HOMES)
    least = table.total
    crowds: dict[frozenset[int], Counter[tuple[str, ...]]] = {}
    for home in homes:
        told = frozenset(source.randrange(len(partitions)) for _ in range(NEEDS))
        if told not in crowds:
            crowds[told] = Counter()
            for cell, people in table.cells.items():
                crowds[told][tuple(labels[cell][one] for one in sorted(told))] += people
        least = min(least, crowds[told][tuple(labels[home][one] for one in sorted(told))])
    return least


def test_both_classes_of_one_home_tell_no_more_than_one() -> None:
    for seed in (1, 2):
        table, _ = tables(seed, 0.0)
        a, b = partition_for("A", table), partition_for("B", table)
        assert least_together(table, a, b) >= CLASS_A_BOUND
        assert least_together(table, b) >= CLASS_B_BOUND


@pytest.mark.parametrize("drift", [0.05, 0.3])
def test_two_tables_one_after_the_other_tell_no_more_than_the_first(drift: float) -> None:
    broken = 0
    for seed in (1, 2):
        old, new = tables(seed, drift)
        before = [partition_for(klass, old) for klass in ("A", "B")]
        bare = [partition_for(klass, new) for klass in ("A", "B")]
        broken += least_together(old, *before, *bare) < CLASS_A_BOUND
        joined = [partition_for(klass, new, old) for klass in ("A", "B")]
        # Counted by the old table, since the areas of that time stand for its residents.
        assert least_together(old, *before, *joined) >= CLASS_A_BOUND
        # and by the new one for whatever is asked for from now on
        counts = [Counter[str](), Counter[str]()]
        for cell, people in new.cells.items():
            for count, each in zip(counts, joined, strict=True):
                count[each.label_of_cell(f"{cell:x}")] += people
        for count, each, bound in zip(counts, joined, (CLASS_A_BOUND, CLASS_B_BOUND), strict=True):
            assert min(count.values()) >= bound
            assert {label: each.residents(label) for label in count} == count
        # A label is still a cell in which its residents live, and class A still refines class B.
        for cell in new.cells:
            fine, coarse = (each.label_of_cell(f"{cell:x}") for each in joined)
            resolutions = [h3.get_resolution(h3.str_to_int(label)) for label in (fine, coarse)]
            assert resolutions[0] >= resolutions[1]
            assert h3.cell_to_parent(cell, resolutions[0]) == h3.str_to_int(fine)
        # It does not cost the city: nearly all areas are as small as before.
        assert len(joined[0].labels()) > 0.7 * len(bare[0].labels())
    assert broken, "without joining them the attack succeeds, or this test proves nothing"


def test_a_table_that_did_not_change_joins_nothing() -> None:
    table, _ = tables(3, 0.0)
    for klass in ("A", "B"):
        bare, joined = partition_for(klass, table), partition_for(klass, table, table)
        assert joined.labels() == bare.labels()
        assert all(joined.label_of_cell(f"{c:x}") == bare.label_of_cell(f"{c:x}") for c in table.cells)


# --- what tells one need from all others


def content(**changes: object) -> Content:
    said: dict[str, object] = {
        "category": "groceries",
        "cell": "85194ad7fffffff",
        "urgency": "this_week",
        "helpers": "1",
        "remote": False,
        "status": "open",
        "posted": "2026-11-02",
    }
    return Content(**(said | changes))  # type: ignore[arg-type]


def test_the_report_counts_who_is_the_only_one_and_by_what() -> None:
    shared = [
        ("a", content(), 9_000),
        ("b", content(urgency="today", posted="2026-11-01"), 9_000),  # alike: neither is compared
        ("c", content(people="5+"), 9_000),
        ("d", content(languages=("pl",), cell="85194ac7fffffff"), 30_000),
        ("e", content(cell="85194ac7fffffff"), None),
    ]
    found = report(shared)
    assert (found.needs, found.unique, found.few, found.uncounted) == (5, 3, 5, 1)
    assert found.least_residents == 9_000
    told = {row.need_id: row.told_by for row in found.rows}
    assert told == {"c": ("people",), "d": ("languages",), "e": ("cell", "languages")}
    assert dict(found.by_field) == {
        "languages": 2, "cell": 1, "people": 1, "category": 0, "requires": 0, "window": 0,
    }  # fmt: skip
    empty = report([])
    assert (empty.needs, empty.unique, empty.least_residents, empty.rows) == (0, 0, None, ())


def test_the_report_sees_no_need_alone_in_a_crowd() -> None:
    many = [(str(number), content(), 9_000) for number in range(6)]
    assert (report(many).unique, report(many).few) == (0, 0)
