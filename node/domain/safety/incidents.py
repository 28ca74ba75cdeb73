"""Something that must not happen: what is written down about it, and who may read that.

An incident is a first report and later notes. Which of us it is about, who told of it and who may read it are
part of the sealed record; on the disk there is an id and whether it is still looked into.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from node.errors import N_

MOST_LETTERS = 8_000
KEPT_AT_LEAST = 365 * 86400
"""Seconds after the last word about a closed one: who looks back in anger or in fear removes nothing. How much longer
it is wanted is for whoever advises the group on safeguarding to say, so nothing of it goes by itself."""


class Kind(StrEnum):
    """What it is about, the heaviest first."""

    HURT = "hurt"
    THREAT = "threat"
    CHILD = "child"
    MONEY = "money"
    CROSSED = "crossed"
    """A line was crossed: words, visits, presents that nobody wanted."""
    PLACE = "place"
    TOLD = "told"
    """Something told that should not have been."""
    OTHER = "other"


class Teller(StrEnum):
    """Who told something on a private link."""

    ASKER = "asker"
    HELPER = "helper"


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Who told it on a private link, and which task it was."""

    teller: Teller
    person: str | None
    """Whoever told it; None where nobody of ours is behind the link any more."""
    requests: tuple[tuple[str, str], ...] = ()
    """Need id and reference of each of ours that it was."""
    group: str = ""
    """The name of the group that a helper of ours did it for; empty for ourselves."""
    category: str = ""
    """What that was, as that group had published it; empty for our own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What somebody writes down. ``about``: people; ``staff``: the staff id of a colleague it is about, or None;
    ``source``: None where a member of staff tells it."""

    kind: str
    text: str
    day: date | None
    about: tuple[str, ...] = ()
    staff: str | None = None
    source: Source | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One sealed part, opened. ``readers``: staff ids it was sealed for, None for everybody who holds the
    compartment; ``at``: Unix seconds."""

    what: str
    """``report`` or ``note``."""
    text: str
    by: str | None
    """A staff id; None for what came by a private link."""
    at: int
    readers: tuple[str, ...] | None
    kind: Kind = Kind.OTHER
    day: date | None = None
    about: tuple[str, ...] = ()
    """People. Who told it is not among them where there is a ``source``; what came by a private link before there was
    one may name either side."""
    staff: str | None = None
    source: Source | None = None

    @property
    def to_stop(self) -> tuple[str, ...]:
        """Whom it is about for certain."""
        return self.about if self.by is not None or self.source is not None else ()


def problems(report: Report, today: date) -> dict[str, str]:
    """Every field that does not fit, with what to do about it (a msgid)."""
    found: dict[str, str] = {}
    if report.kind not in set(Kind):
        found["kind"] = N_("Please choose one of these.")
    if not report.text.strip():
        found["text"] = N_("Write what happened, in your own words.")
    elif len(report.text) > MOST_LETTERS:
        found["text"] = N_("Please keep this shorter.")
    if report.day is not None and report.day > today:
        found["day"] = N_("This day has not come yet.")
    return found


def readers(
    about: str | None, *, holders: Sequence[str], officers: Sequence[str], admins: Sequence[str]
) -> tuple[str, ...]:
    """Who reads what is told of a colleague: whoever looks after safety but that one; if nobody is left, the admins.

    ``holders``: of the compartment; ``officers``, ``admins``: active members of staff with that role. Empty: nobody.
    """
    for those in (holders, officers, admins):
        left = tuple(dict.fromkeys(each for each in those if each != about))
        if left:
            return left
    return ()


def part_record(part: Part) -> dict[str, Any]:
    """As it is sealed."""
    return {
        "what": part.what,
        "text": part.text,
        "by": part.by,
        "at": part.at,
        "readers": list(part.readers) if part.readers is not None else None,
        "kind": str(part.kind),
        "day": part.day.isoformat() if part.day else None,
        "about": list(part.about),
        "staff": part.staff,
        "source": _source_record(part.source),
    }


def _source_record(source: Source | None) -> dict[str, Any] | None:
    if source is None:
        return None
    return {
        "teller": str(source.teller),
        "person": source.person,
        "requests": [list(each) for each in source.requests],
        "group": source.group,
        "category": source.category,
    }


def _source_from(value: Mapping[str, Any] | None) -> Source | None:
    if value is None:
        return None
    return Source(
        teller=Teller(value["teller"]),
        person=value["person"],
        requests=tuple((need, reference) for need, reference in value["requests"]),
        group=value["group"],
        category=value["category"],
    )


def part_from(value: Mapping[str, Any]) -> Part:
    """The part again."""
    return Part(
        what=value["what"],
        text=value["text"],
        by=value["by"],
        at=value["at"],
        readers=tuple(value["readers"]) if value["readers"] is not None else None,
        kind=Kind(value["kind"]),
        day=date.fromisoformat(value["day"]) if value["day"] else None,
        about=tuple(value["about"]),
        staff=value["staff"],
        source=_source_from(value.get("source")),
    )


def in_order(parts: Iterable[Part]) -> list[Part]:
    """The report first, then the notes as they came; the same words sealed for several readers count once."""
    once = {(part.what, part.at, part.by, part.text): part for part in parts}
    return sorted(once.values(), key=lambda part: (part.what != "report", part.at))


def ending_for(
    report: Part, holders: Collection[str], active: Mapping[str, str]
) -> tuple[tuple[str, str], ...]:
    """(staff id, handle) of who is named to read it, works here, and holds none of the closed records: their copies end
    when it is taken in."""
    return tuple(
        (each, active[each]) for each in report.readers or () if each in active and each not in holders
    )


def read_by_one(report: Part, active: Collection[str]) -> bool:
    """Whether it is sealed to named people, of whom only one still works here."""
    return report.readers is not None and sum(each in active for each in report.readers) == 1


def is_about(report: Part, staff_id: str, handle: str, handles: Mapping[str, str]) -> bool:
    """Whether it is about that account, also by the sign-in name that she had on the machine before this one."""
    if report.staff is None:
        return False
    return staff_id == report.staff or handles.get(report.staff, "").casefold() == handle.casefold()


def may_be_taken_in(report: Part) -> bool:
    """Whether it may go into the closed records: not what is there, nor what is about somebody who works here and may
    hold them."""
    return report.readers is not None and report.staff is None
