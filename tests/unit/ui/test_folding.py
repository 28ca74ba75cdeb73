"""What stands open on the page of a call: the headings under which most is asked for."""

from hypothesis import given
from hypothesis import strategies as st

from node.domain.catalogue import Catalogue
from ui.contexts.common import Heading
from ui.parts import folding

CATALOGUE = Catalogue.load()
OFFERED = [
    Heading(heading=each, kinds=list(CATALOGUE.under(each.code)))
    for each in CATALOGUE.headings
    if CATALOGUE.under(each.code)
]
WIRES = sorted({kind.wire for part in OFFERED for kind in part.kinds if kind.wire})


def test_a_new_group_finds_the_first_one_open() -> None:
    assert folding.standing(OFFERED, {}) == {OFFERED[0].heading.code}
    assert folding.standing(OFFERED, {"no such kind": 9}) == {OFFERED[0].heading.code}
    assert folding.standing([], {}) == frozenset()


@given(st.dictionaries(st.sampled_from(WIRES), st.integers(1, 999), min_size=1))
def test_nothing_folded_is_asked_for_more_than_what_stands_open(asked: dict[str, int]) -> None:
    often = {
        part.heading.code: sum(asked.get(wire, 0) for wire in {kind.wire for kind in part.kinds if kind.wire})
        for part in OFFERED
    }
    standing = folding.standing(OFFERED, asked)
    assert 1 <= len(standing) <= folding.STAND_OPEN
    least = min(often[code] for code in standing)
    assert least > 0
    assert all(often[code] <= least for code in often if code not in standing)
