"""Taking the last move on a need back: how it was before, and when that is still true enough to go back to."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from enum import StrEnum
from typing import Any

from node.domain.assignment import Assignment, AssignmentState
from node.domain.assignment_lifecycle import LIVE, SHOWS_DETAILS
from node.domain.ids import AssignmentId, NeedId, PersonId
from node.domain.need import CloseReason, Need, NeedState

UNDO_SECONDS = 600
"""Long enough to notice a mis-tap, too short for anybody to have put on a coat."""

HARMLESS = (
    "look.request",
    "look.as_helper",
    "look.as_asker",
    "look.as",
    "look.need",
    "look.person",
    "look.name",
    "look.card",
    "need.ring",
)
"""What may have happened since: a coordinator looked, or rang a bell elsewhere. Nothing of the need changed."""

SLIP_SECONDS = 30
"""So long a volunteer's own "On my way", "Done", giving back or no can be taken back: a slip of the finger, a slow
line."""
HERS = "hers:"
"""Begins the name of a move that a volunteer made; her task's id follows."""
_BY_HER = frozenset({"look.task", "task.device", "volunteer.calendar"})

MOVES_ON_TASKS = frozenset({"ask", "offered", "assign"})
"""Moves that began a task. Undoing them ends its private link, so a link made since stands in no way."""


class WhyNot(StrEnum):
    """Why a move stays."""

    NOTHING = "nothing"
    """There is no move to take back."""
    TOO_LATE = "too_late"
    MOVED_ON = "moved_on"
    """Something else happened since."""
    TOLD = "told"
    """A helper has been told of it by a message, and nothing calls that back."""
    ELSEWHERE = "elsewhere"
    """Another group has been told."""
    HELPER = "helper"
    """Somebody who would be on the need again may not be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Before:
    """A need as it was before a move: the fields that moves change, and its tasks."""

    state: NeedState
    hold_until: date | None
    close_reason: CloseReason | None
    duplicate_of: NeedId | None
    closed_day: date | None
    told_by_phone: bool
    to_check: bool
    round: int
    tasks: tuple[Assignment, ...]

    @classmethod
    def of(cls, need: Need, tasks: Iterable[Assignment]) -> "Before":
        """How it stands now."""
        return cls(
            **{field.name: getattr(need, field.name) for field in fields(cls) if field.name != "tasks"},
            tasks=tuple(tasks),
        )

    def put_back(self, need: Need, now: int) -> Need:
        """The need with those fields as they were."""
        names = (field.name for field in fields(self) if field.name != "tasks")
        return replace(need, changed_at=now, **{name: getattr(self, name) for name in names})

    def returning(self, present: Iterable[Assignment]) -> tuple[PersonId, ...]:
        """Whoever would be on the need, or read its details, and is not or does not now."""
        states = {task.id: task.state for task in present}
        return tuple(
            task.person_id
            for task in self.tasks
            if (task.state in LIVE and states.get(task.id) not in LIVE)
            or (task.state in SHOWS_DETAILS and states.get(task.id) not in SHOWS_DETAILS)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class LastMove:
    """A move that may still be taken back. ``audit_seq``: its last line in the audit."""

    need_id: NeedId
    move: str
    by_staff: str
    at: int
    audit_seq: int
    before: Before


def too_late(move: LastMove, now: int) -> bool:
    """Whether the time for it is over; a clock that was set back counts as over, too."""
    return not move.at <= now <= move.at + UNDO_SECONDS


def may_slip_back(move: LastMove, task_id: str, since: Iterable[str], now: int) -> bool:
    """Whether that task's volunteer can still take her own last word back: hers it was, just now, and nothing since."""
    hers = move.move == f"{HERS}{task_id}" and 0 <= now - move.at <= SLIP_SECONDS
    return hers and not any(action not in {*HARMLESS, *_BY_HER} for action in since)


def stands_in_the_way(move: LastMove, since: Iterable[str]) -> bool:
    """Whether something that was recorded about the need after the move (``since``: audit actions) changed it."""
    harmless = {*HARMLESS, "task.link"} if move.move in MOVES_ON_TASKS else set(HARMLESS)
    return any(action not in harmless for action in since)


def before_record(before: Before) -> dict[str, Any]:
    """As plain JSON: ids, states, days, and hashes in hex."""
    return {
        "state": str(before.state),
        "hold_until": before.hold_until.isoformat() if before.hold_until else None,
        "close_reason": str(before.close_reason) if before.close_reason else None,
        "duplicate_of": before.duplicate_of,
        "closed_day": before.closed_day.isoformat() if before.closed_day else None,
        "told_by_phone": before.told_by_phone,
        "to_check": before.to_check,
        "round": before.round,
        "tasks": [_task_record(task) for task in before.tasks],
    }


def before_from(record: Mapping[str, Any]) -> Before:
    """The reverse."""
    reason = record["close_reason"]
    return Before(
        state=NeedState(record["state"]),
        hold_until=_day(record["hold_until"]),
        close_reason=CloseReason(reason) if reason else None,
        duplicate_of=record["duplicate_of"],
        closed_day=_day(record["closed_day"]),
        told_by_phone=record["told_by_phone"],
        to_check=record["to_check"],
        round=record["round"],
        tasks=tuple(_task_from(task) for task in record["tasks"]),
    )


def _task_record(task: Assignment) -> dict[str, Any]:
    found = {field.name: getattr(task, field.name) for field in fields(task)}
    return {name: value.hex() if isinstance(value, bytes) else value for name, value in found.items()}


def _task_from(record: Mapping[str, Any]) -> Assignment:
    known: dict[str, Any] = dict(record)
    for name in ("link_hash", "device_hash"):
        known[name] = bytes.fromhex(known[name]) if known[name] is not None else None
    known["state"] = AssignmentState(known["state"])
    known["id"], known["need_id"] = AssignmentId(known["id"]), NeedId(known["need_id"])
    return Assignment(**known)


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)
