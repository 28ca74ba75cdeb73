"""After a backup came back: what neighbours know of our needs that we do not. Pure.

What they hold of ours is the only witness of the days since the backup. A need that is open here but over there is
not published again before somebody asked; what is known there only was taken down after the backup, and is lost here.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from node.domain.sharing.publication import Content


class Closed(StrEnum):
    """How a need that is open here stands with the neighbours."""

    WITHDRAWN = "withdrawn"
    TAKEN = "taken"
    GONE = "gone"
    """No line of it is left, in a set that is held whole."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Here:
    """One need of ours that others may see, as the backup knows it."""

    need_id: str
    content: Content
    """What it says, or would say, now."""
    public_id: str | None = None
    """The id under which it was out; None if it was not out yet."""
    set_name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class There:
    """One line of ours as the neighbours hold it."""

    public_id: str
    set_name: str
    content: Content | None
    """None: a withdrawal."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """What the neighbours know better."""

    closed: tuple[tuple[str, Closed], ...]
    """(need, how), in the given order."""
    lost: tuple[There, ...]
    """What is open or taken there and of which nothing is known here."""


def compare(
    here: Sequence[Here],
    there: Sequence[There],
    *,
    known: Collection[str],
    same_epoch: bool,
    whole: Collection[str],
) -> Compared:
    """Holds both sides together.

    ``known``: every public id in our book, withdrawn ones too. ``same_epoch``: the ids of both sides mean the same;
    else only the contents can be compared. ``whole``: the sets of which the neighbours hold everything, so that what
    is not there is over.
    """
    by_id = {each.public_id: each for each in there}
    closed: dict[str, Closed] = {}
    rest: list[Here] = []
    met: set[str] = set()
    for one in here:
        match = by_id.get(one.public_id or "") if same_epoch else None
        if match is None:
            rest.append(one)
            continue
        met.add(match.public_id)
        _judge(one, match, closed)
    free = [
        each
        for each in there
        if each.content is not None and each.public_id not in met and each.public_id not in known
    ]
    for one in rest:
        if same_epoch and one.public_id is not None:
            match = None
        else:
            match = next((each for each in free if each.content and _alike(each.content, one.content)), None)
        if match is not None:
            free.remove(match)
            _judge(one, match, closed)
        elif one.public_id is not None and one.set_name in whole:
            closed[one.need_id] = Closed.GONE
    return Compared(
        closed=tuple((one.need_id, closed[one.need_id]) for one in here if one.need_id in closed),
        lost=tuple(free),
    )


def _judge(one: Here, match: There, closed: dict[str, Closed]) -> None:
    if match.content is None:
        closed[one.need_id] = Closed.WITHDRAWN
    elif match.content.status == "taken" and one.content.status == "open":
        closed[one.need_id] = Closed.TAKEN


def _alike(one: Content, other: Content) -> bool:
    """The same but for what changes while a need is open."""
    return replace(one, status="", urgency="") == replace(other, status="", urgency="")
