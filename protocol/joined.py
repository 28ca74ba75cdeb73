"""Two tables of residents, one after the other: areas that are true under both.

A need keeps its area for life, but the next one from the same home is given the area of the newer table. Whoever knows
both as one home's would hold two areas against each other: people who share both may be far fewer than those who share
either (measured: docs/protocol.md, "Areas"). So when a table is replaced, areas of the old and the new one that share a
resident are made one, under the coarsest of their labels, until none overlap. Then the old area of a home lies within
its new one, and holding them against each other tells no more than the old one did.
"""

from collections.abc import Iterable, Mapping

import h3.api.basic_int as h3


def tops(pairs: Iterable[tuple[int, int]]) -> Mapping[int, int]:
    """For every label the one that stands for it: ``pairs`` are the labels of a cell under either table.

    Labels of one cell are ancestors of one another, so among labels that hang together one is above all others.
    """
    leader: dict[int, int] = {}

    def find(label: int) -> int:
        leader.setdefault(label, label)
        while leader[label] != label:
            leader[label] = leader[leader[label]]
            label = leader[label]
        return label

    for one, other in pairs:
        first, second = find(one), find(other)
        if first != second:
            above, below = sorted((first, second), key=lambda label: (h3.get_resolution(label), label))
            leader[below] = above
    return {label: find(label) for label in leader}
