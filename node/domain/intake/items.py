"""Things that are wanted, as people say them: a line each, with how many in front."""

import re
from collections.abc import Sequence

from node.domain.intake.intake import MAX_LINE
from node.domain.need import Item
from node.errors import N_

MAX_ITEMS = 30
MAX_QUANTITY = 999

_COUNTED = re.compile(r"(?P<number>[0-9]{1,3})\s*(?:[x×*]\s*|\s)(?P<what>\S.*)", re.IGNORECASE)
_COUNTED_AFTER = re.compile(r"(?P<what>.*\S)\s*[x×*]\s*(?P<number>[0-9]{1,3})", re.IGNORECASE)


def parse(text: str) -> tuple[Item, ...]:
    """``2 x nappies size 4`` and ``milk x 3``, one a line or with semicolons between; what has no number is one.

    A number further inside ("nappies size 4") is part of the thing, and so is a 0 in front. Nothing is left out:
    ``node.domain.intake.intake_rules`` refuses what is too much.
    """
    lines = (line.strip(" \t-•*,") for line in re.split(r"[\n;]", text))
    return tuple(_item(line) for line in lines if line)


def _item(line: str) -> Item:
    for pattern in (_COUNTED, _COUNTED_AFTER):
        found = pattern.fullmatch(line)
        if found and int(found["number"]) > 0:
            return Item(quantity=int(found["number"]), what=" ".join(found["what"].split()))
    return Item(quantity=1, what=" ".join(line.split()))


def problem(items: Sequence[Item]) -> str:
    """What does not fit (a msgid), or nothing."""
    if len(items) > MAX_ITEMS or any(not 1 <= item.quantity <= MAX_QUANTITY for item in items):
        return N_("Write at most 30 things, and of each at most 999.")
    if any(len(item.what) > MAX_LINE for item in items):
        return N_("This is too long. Shorten it, please.")
    return ""


def text_of(items: Sequence[Item]) -> str:
    """As they are typed again: ``parse(text_of(items)) == items`` for whatever ``parse`` gave."""
    return "\n".join(f"{item.quantity} x {item.what}" for item in items)
