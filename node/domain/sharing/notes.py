"""What we say of other groups: the difference between what is out and what should be. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from node.domain.sharing.publication import renewal_due


class Note(NamedTuple):
    """One thing that we say of one group."""

    kind: str
    """vouch or advice."""
    subject: str
    """Its id."""
    code: str
    """A vouch's role (member, hub), an advice's reason."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteOut:
    """One that is out."""

    note: Note
    public_id: str
    since: date
    """When it was first said."""
    expires: date
    max_expires: date


@dataclass(frozen=True, slots=True, kw_only=True)
class NotePlan:
    """What a slot has to sign."""

    withdraw: tuple[NoteOut, ...]
    renew: tuple[tuple[NoteOut, Note], ...]
    add: tuple[Note, ...]


def plan_notes(out: Iterable[NoteOut], wanted: Sequence[Note], today: date) -> NotePlan:
    """What is no longer wanted ends; what changed, or has half its life behind it, is said again under its id."""
    wants: Mapping[tuple[str, str], Note] = {(note.kind, note.subject): note for note in wanted}
    withdraw: list[NoteOut] = []
    renew: list[tuple[NoteOut, Note]] = []
    staying: set[tuple[str, str]] = set()
    for each in out:
        key = (each.note.kind, each.note.subject)
        want = wants.get(key)
        if want is None or key in staying:
            withdraw.append(each)
            continue
        staying.add(key)
        if want != each.note or renewal_due(each.expires, today):
            renew.append((each, want))
    return NotePlan(
        withdraw=tuple(withdraw),
        renew=tuple(renew),
        add=tuple(note for key, note in wants.items() if key not in staying),
    )
