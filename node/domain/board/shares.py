"""A list that is longer than its page: who says a lot crowds nobody out."""

from collections import Counter
from collections.abc import Callable, Hashable, Sequence
from typing import TypeVar

_Entry = TypeVar("_Entry")


def fair_share(found: Sequence[_Entry], of: Callable[[_Entry], Hashable], most: int) -> list[_Entry]:
    """At most ``most`` of them, in their order. Where that leaves some out, the first of everybody (``of``) come before
    the second of anybody."""
    if len(found) <= most:
        return list(found)
    turns: Counter[Hashable] = Counter()
    ranked = []
    for at, each in enumerate(found):
        ranked.append((turns[of(each)], at))
        turns[of(each)] += 1
    return [found[at] for at in sorted(at for _, at in sorted(ranked)[:most])]
