"""Who learns what of a need and of the one it is for: one table, field x level x kind of task.

Every page, the private link of a helper and a hand-over to another group cover a need and a person by it, so that
nobody learns more than the task needs. A field of ``NeedDetails`` or ``PersonDetails`` that the table does not know
fails a test.
"""

from collections.abc import Mapping
from dataclasses import replace
from enum import StrEnum

from node.domain.board.views import TaskDetails
from node.domain.catalogue import Catalogue
from node.domain.need import Need, NeedDetails
from node.domain.person import PersonDetails, Phone, PhoneKind


class Level(StrEnum):
    """How near somebody is to a need, farthest first; each level sees what the one before it sees."""

    MAP = "map"
    """Anybody, on the map: what a summary carries, and nothing of it was typed."""
    ASKED = "asked"
    """A helper who was asked or offered, before a coordinator confirmed her."""
    TASK = "task"
    """The confirmed helper, on her own device."""
    BOARD = "board"
    """The desk, with the request before it."""
    LOOK = "look"
    """The desk, after a look that was written down for this one person."""


class TaskKind(StrEnum):
    """How the help is given."""

    FROM_HOME = "from_home"
    """By telephone or computer: nobody goes anywhere."""
    DOORSTEP = "doorstep"
    """Brought or fetched: as far as the door."""
    TOGETHER = "together"
    """Inside, or on the way together."""


class Field(StrEnum):
    """One thing that somebody may learn."""

    AREA = "area"
    """Roughly where, when, how long, what it takes: codes."""
    EXACT_KIND = "exact_kind"
    """The kind of help where others see only a broad name or nothing."""
    FIRST_NAME = "first_name"
    PHONE = "phone"
    """One number, the one she is best reached by, with how it is safe to ring."""
    ADDRESS = "address"
    """Her address, or the place that was said for this need."""
    DOORSTEP_WORD = "doorstep_word"
    NOTES = "notes"
    """Things wanted and what is good to know for this task."""
    LANGUAGES = "languages"
    PLACE = "place"
    """Where, as it was said for this need; empty where it is her own address."""
    FULL_NAME = "full_name"
    SECOND_PHONE = "second_phone"
    EMAIL = "email"
    CALLER = "caller"
    """Who rang for somebody else."""
    ANSWERS = "answers"
    """Columns of an imported sheet, and a person's answers to the group's own questions."""
    ASKED_BY_US = "asked_by_us"
    """Answers to the group's own questions about this need."""
    ABOUT = "about"
    """What is noted about the person as such."""
    REACHED_BY = "reached_by"
    """In which way she likes to be told things: whoever tells her who comes has to know."""
    POINT = "point"
    """The exact point, for distances."""


_ALL = frozenset(TaskKind)
_OUT = frozenset({TaskKind.DOORSTEP, TaskKind.TOGETHER})
_NONE: frozenset[TaskKind] = frozenset()

_L = Level

FROM_LEVEL: Mapping[Field, Mapping[Level, frozenset[TaskKind]]] = {
    Field.AREA: {_L.MAP: _ALL, _L.ASKED: _ALL, _L.TASK: _ALL, _L.BOARD: _ALL, _L.LOOK: _ALL},
    Field.EXACT_KIND: {_L.TASK: _ALL, _L.BOARD: _ALL, _L.LOOK: _ALL},
    Field.FIRST_NAME: {_L.TASK: _ALL, _L.LOOK: _ALL},
    Field.PHONE: {_L.TASK: _ALL, _L.LOOK: _ALL},
    Field.ADDRESS: {_L.TASK: _OUT, _L.LOOK: _ALL},
    Field.DOORSTEP_WORD: {_L.TASK: _OUT, _L.LOOK: _ALL},
    Field.NOTES: {_L.TASK: _ALL, _L.BOARD: _ALL, _L.LOOK: _ALL},
    Field.LANGUAGES: {_L.TASK: _ALL, _L.BOARD: _ALL, _L.LOOK: _ALL},
    Field.PLACE: {_L.TASK: _OUT, _L.BOARD: _ALL, _L.LOOK: _ALL},
    Field.FULL_NAME: {_L.LOOK: _ALL},
    Field.SECOND_PHONE: {_L.LOOK: _ALL},
    Field.EMAIL: {_L.LOOK: _ALL},
    Field.CALLER: {_L.LOOK: _ALL},
    Field.ANSWERS: {_L.LOOK: _ALL},
    Field.ASKED_BY_US: {_L.BOARD: _ALL, _L.LOOK: _ALL},
    Field.ABOUT: {_L.LOOK: _ALL},
    Field.REACHED_BY: {_L.BOARD: _ALL, _L.LOOK: _ALL},
    Field.POINT: {_L.LOOK: _ALL},
}  # fmt: skip
"""The table. A level that is not named sees nothing of the field."""

OF_NEED: Mapping[str, Field] = {
    "category": Field.EXACT_KIND,
    "notes": Field.NOTES,
    "items": Field.NOTES,
    "money": Field.NOTES,
    "doorstep_word": Field.DOORSTEP_WORD,
    "place_text": Field.PLACE,
    "point": Field.POINT,
    "caller": Field.CALLER,
    "leftovers": Field.ANSWERS,
    "answers": Field.ASKED_BY_US,
    "languages": Field.LANGUAGES,
    "effort": Field.AREA,
    "people": Field.AREA,
    "requires": Field.EXACT_KIND,
    "tags": Field.EXACT_KIND,
}
"""Every field of ``NeedDetails``. ``effort`` and ``people`` are codes that a summary may carry too."""

OF_PERSON: Mapping[str, Field] = {
    "name": Field.FULL_NAME,
    "contact_name": Field.FULL_NAME,
    "door": Field.PHONE,
    "screen": Field.SECOND_PHONE,
    "email": Field.EMAIL,
    "address": Field.ADDRESS,
    "point": Field.POINT,
    "safe_to_ring": Field.PHONE,
    "languages": Field.LANGUAGES,
    "contact_by": Field.REACHED_BY,
    "answers": Field.ANSWERS,
    "about": Field.ABOUT,
    "notes": Field.ABOUT,
}
"""Every field of ``PersonDetails``. The first name is made of ``name`` where only that may be seen."""


def sees(level: Level, field: Field, kind: TaskKind) -> bool:
    """Whether somebody at that level learns the field of a task of that kind."""
    return kind in FROM_LEVEL[field].get(level, _NONE)


def kind_of(need: Need, details: NeedDetails, catalogue: Catalogue) -> TaskKind:
    """How the help is given: from home where the need says so, at the door where its kind of help can be."""
    if need.remote:
        return TaskKind.FROM_HOME
    fine = details.category in catalogue and catalogue.category(details.category).contactless
    return TaskKind.DOORSTEP if fine else TaskKind.TOGETHER


def covered_need(details: NeedDetails, level: Level, kind: TaskKind) -> NeedDetails:
    """The details with everything emptied that this level may not see. ``category`` stays: whoever may not know it is
    given the need's clear one instead."""
    blank = NeedDetails(category=details.category)
    hidden = {
        name: getattr(blank, name) for name, field in OF_NEED.items() if not sees(level, field, kind)
    } | {"category": details.category}
    return replace(details, **hidden)


def covered_person(person: PersonDetails, level: Level, kind: TaskKind) -> PersonDetails:
    """The person with everything emptied that this level may not see; the name cut to the first name where that is
    what may be seen."""
    blank = PersonDetails()
    hidden = {name: getattr(blank, name) for name, field in OF_PERSON.items() if not sees(level, field, kind)}
    if "name" in hidden and sees(level, Field.FIRST_NAME, kind):
        hidden["name"] = person.first_name
    if "screen" in hidden and "door" not in hidden:
        hidden["door"] = best_number(person)
    return replace(person, **hidden)


def best_number(person: PersonDetails) -> Phone | None:
    """The number she is best reached by: that of the door, else the one the call came from."""
    return person.door if person.door and person.door.number else person.screen


def helper_sees(details: NeedDetails, person: PersonDetails, kind: TaskKind) -> TaskDetails:
    """What the confirmed helper is told."""
    details, person = (
        covered_need(details, Level.TASK, kind),
        covered_person(person, Level.TASK, kind),
    )
    return TaskDetails(
        first_name=person.name,
        safe_to_ring=person.safe_to_ring,
        phone=person.door.number if person.door else "",
        phone_kind=str(person.door.kind if person.door else PhoneKind.NONE),
        address=details.place_text or person.address,
        doorstep_word=details.doorstep_word,
        notes=details.told,
        languages=details.languages or person.languages,
        things=details.things,
        beside_things=details.beside_things,
    )
