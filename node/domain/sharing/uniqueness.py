"""How far what would be shared tells one need from all others, before anything is shared. Pure.

A summary names nobody, but one that is the only one of its kind in its area can be known again by somebody who has
heard of it elsewhere. This counts, it does not judge: a group decides with the figures before it.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from node.domain.sharing.publication import Content

FIELDS = ("cell", "category", "requires", "languages", "people", "window")
"""What is compared: the label, the kind, what it takes, the languages, the household, the days."""
FEW = 5
"""Up to so many alike count as few."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Alike:
    """One need that would be shared, and how many of them say the same."""

    need_id: str
    content: Content
    alike: int
    """Itself included: 1 is the only one of its kind."""
    residents: int | None
    """Who live under its label; None where nobody counted them."""
    told_by: tuple[str, ...]
    """Fields without any one of which it would not be the only one; empty if it is not, or only several tell it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Uniqueness:
    """The report. Counts of needs."""

    needs: int
    unique: int
    """The only ones of their kind."""
    few: int
    """Of which at most four others are alike; the unique ones too."""
    by_field: tuple[tuple[str, int], ...]
    """For each field: how many needs would no longer be unique without it. Most telling first."""
    uncounted: int
    """Needs whose label nobody counted the residents of."""
    least_residents: int | None
    """The fewest residents that any of the labels stands for; None if nobody counted."""
    rows: tuple[Alike, ...]
    """The unique ones, fewest residents first."""


def report(shared: Sequence[tuple[str, Content, int | None]]) -> Uniqueness:
    """``shared``: (need id, what it says, residents of its label) of everything that would go out."""
    keys = [_key(content) for _, content, _ in shared]
    counted = Counter(keys)
    without = {name: Counter(_without(key, name) for key in keys) for name in FIELDS}
    rows = []
    saved: Counter[str] = Counter()
    for (need_id, content, residents), key in zip(shared, keys, strict=True):
        if counted[key] > 1:
            continue
        told_by = tuple(name for name in FIELDS if without[name][_without(key, name)] > 1)
        saved.update(told_by)
        rows.append(Alike(need_id=need_id, content=content, alike=1, residents=residents, told_by=told_by))
    known = [residents for _, _, residents in shared if residents is not None]
    return Uniqueness(
        needs=len(shared),
        unique=len(rows),
        few=sum(counted[key] <= FEW for key in keys),
        by_field=tuple(
            sorted(
                ((name, saved[name]) for name in FIELDS), key=lambda pair: (-pair[1], FIELDS.index(pair[0]))
            )
        ),
        uncounted=len(shared) - len(known),
        least_residents=min(known, default=None),
        rows=tuple(sorted(rows, key=lambda row: (row.residents or 0, row.need_id))),
    )


def _key(content: Content) -> tuple[object, ...]:
    return tuple(getattr(content, name) for name in FIELDS)


def _without(key: tuple[object, ...], name: str) -> tuple[object, ...]:
    at = FIELDS.index(name)
    return (*key[:at], *key[at + 1 :])
