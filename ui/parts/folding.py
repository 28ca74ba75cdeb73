"""Which headings of a long list of kinds of help stand open, where the others are folded."""

from collections.abc import Mapping, Sequence

from ui.contexts.common import Heading

STAND_OPEN = 2
"""More, and on a phone the rest of the call is out of sight."""


def standing(headings: Sequence[Heading], asked: Mapping[str, int]) -> frozenset[str]:
    """Codes of the headings under which most is asked for, the first one where nothing is. ``asked``: how often, by
    the code of a kind as all groups call it."""
    often = {
        each.heading.code: sum(asked.get(wire, 0) for wire in {kind.wire for kind in each.kinds if kind.wire})
        for each in headings
    }
    most = sorted((code for code in often if often[code]), key=lambda code: -often[code])
    return frozenset(most[:STAND_OPEN] or list(often)[:1])
