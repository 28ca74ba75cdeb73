"""What a sheet probably is and which column probably means what, from its headings: shown to somebody, never taken
as true. As Google Forms, Airtable and people name their columns, in English and Spanish.
"""

import json
from collections.abc import Mapping
from typing import Any

from node.domain.sheets.mapping import FIELDS, REQUIRED, SheetMapping, Sort, missing
from node.domain.sheets.sheets import Sheet, heading_key
from node.errors import Invalid

_WORDS: Mapping[str, tuple[str, ...]] = {
    "id": ("id", "record id", "row id", "number", "no", "ref", "reference", "case", "case number"),
    "posted": ("timestamp", "submitted", "date submitted", "date requested", "created", "created time", "date added",
               "date of request", "signed up", "posted", "marca temporal", "fecha"),
    "closed": ("closed", "date closed", "date completed", "completed on", "date done", "done on", "date delivered",
               "date of help", "delivered", "fecha de entrega"),
    "status": ("status", "state", "result", "outcome", "stage", "estado"),
    "name": ("name", "full name", "your name", "first name", "requester", "neighbor", "neighbour", "recipient",
             "who asked", "who was helped", "person", "client", "nombre"),
    "family_name": ("last name", "surname", "family name", "second name", "apellido", "apellidos"),
    "phone": ("phone", "phone number", "telephone", "mobile", "cell", "cell phone", "your phone", "tel",
              "contact number", "teléfono", "telefono"),
    "email": ("email", "e-mail", "email address", "your email", "correo", "correo electrónico"),
    "address": ("address", "street", "street address", "home address", "where do you live", "delivery address",
                "dirección", "direccion"),
    "postcode": ("postcode", "post code", "postal code", "zip", "zip code", "código postal", "codigo postal"),
    "town": ("town", "city", "city/town", "town or city", "ciudad", "localidad"),
    "place": ("area", "neighborhood", "neighbourhood", "district", "ward", "barrio"),
    "languages": ("language", "languages", "preferred language", "idioma"),
    "safe_to_ring": ("best time to call", "when can we call", "when to call", "safe to call", "best time to ring"),
    "people": ("household", "household size", "number of people", "people in household", "how many people"),
    "categories": ("what do you need", "need", "needs", "request", "type of help", "kind of help", "help needed",
                   "how can we help", "how can you help", "how would you like to", "what can you do", "offer", "offers",
                   "skills", "services", "support needed", "category", "categories", "what", "task", "tasks",
                   "qué necesita", "que necesitas"),
    "urgency": ("urgent", "urgency", "priority", "how soon", "when do you need", "is your need", "urgencia"),
    "repeats": ("recurring", "repeat", "repeats", "how often do you need", "ongoing"),
    "notes": ("notes", "details", "comments", "comment", "anything else", "more information", "description",
              "add any details", "notas", "comentarios"),
    "keep_here": ("anonymous", "confidential", "private", "keep private"),
    "groups_see": ("share with other groups", "may we share", "consent to share"),
    "transport": ("transport", "transportation", "vehicle", "do you have a car", "access to a car",
        "do you have access to a car", "do you drive", "transporte"),
    "radius_km": ("how far", "distance", "radius", "how far can you travel"),
    "hours": ("availability", "available", "when can you help", "when are you available", "when can you volunteer",
              "days and times", "days available", "hours", "disponibilidad", "horario", "cuándo puede ayudar",
              "verfügbarkeit"),
    **{f"hours_{day}": words for day, words in {
        "mon": ("monday", "mon", "lunes", "montag"), "tue": ("tuesday", "tue", "martes", "dienstag"),
        "wed": ("wednesday", "wed", "miércoles", "miercoles", "mittwoch"),
        "thu": ("thursday", "thu", "jueves", "donnerstag"), "fri": ("friday", "fri", "viernes", "freitag"),
        "sat": ("saturday", "sat", "sábado", "sabado", "samstag"),
        "sun": ("sunday", "sun", "domingo", "sonntag"),
        "morning": ("morning", "mornings", "por la mañana", "mañanas", "vormittags", "vormittag"),
        "afternoon": ("afternoon", "afternoons", "por la tarde", "tardes", "nachmittags", "nachmittag"),
        "evening": ("evening", "evenings", "por la noche", "noches", "abends", "abend"),
    }.items()},
    "max_per_week": ("per week", "how often", "times a week", "availability per week"),
    "helper": ("volunteer", "volunteer name", "helper", "helper name", "matched with", "assigned to", "assigned",
               "driver", "shopper", "who helped", "delivered by", "buddy", "voluntario", "voluntaria"),
    "helper_phone": ("volunteer phone", "helper phone", "volunteer phone number", "driver phone", "volunteer number"),
    "helper_email": ("volunteer email", "helper email", "volunteer email address", "driver email"),
    "request": ("request id", "request number", "request no", "request ref", "need id", "need number", "linked request",
                "linked need"),
    "helper_number": ("volunteer id", "volunteer no", "helper id", "helper number", "linked volunteer"),
}  # fmt: skip
_OWN_NUMBER: Mapping[Sort, tuple[str, ...]] = {
    Sort.NEEDS: _WORDS["request"],
    Sort.VOLUNTEERS: _WORDS["helper_number"],
    Sort.MATCHES: ("match id", "match number"),
}
"""What a table calls its own number, and a table that is linked to it the number over there."""
_OFFERS = (
    "volunteer",
    "offer",
    "how can you help",
    "skills",
    "availability",
    "how would you like to",
    "how far",
)

USUAL_VALUES: Mapping[Sort, Mapping[str, Mapping[str, str]]] = {
    Sort.NEEDS: {
        "status": {
            "new*": "new", "open*": "open", "to do*": "new", "todo*": "new", "waiting*": "new", "in progress*": "open",
            "pending*": "new", "assigned*": "open", "complete*": "closed:completed", "done*": "closed:completed",
            "closed*": "closed:completed", "delivered*": "closed:completed", "fulfilled*": "closed:completed",
            "partly*": "closed:partly_completed", "partially*": "closed:partly_completed",
            "no longer need*": "closed:no_longer_needed", "cancel*": "closed:withdrawn",
            "withdrawn*": "closed:withdrawn", "duplicate*": "closed:duplicate", "no response*": "closed:unreachable",
            "unable to reach*": "closed:unreachable", "referred*": "closed:signposted",
        },
        "urgency": {
            "urgent*": "today", "today*": "today", "asap*": "today", "high*": "today", "this week*": "this_week",
            "medium*": "this_week", "normal*": "this_week", "low*": "whenever", "whenever*": "whenever",
            "not urgent*": "this_week", "non urgent*": "this_week", "non-urgent*": "this_week",
        },
        "repeats": {"no*": "none", "one time*": "none", "once*": "none", "weekly*": "weekly", "monthly*": "monthly"},
    },
    Sort.VOLUNTEERS: {
        "status": {
            "active*": "active", "approved*": "active", "available*": "active", "new*": "applied",
            "applied*": "applied", "pending*": "applied", "paused*": "paused", "on a break*": "paused",
            "inactive*": "paused", "left*": "left", "former*": "left",
        },
        "transport": {
            "car*": "car", "yes*": "car", "no*": "foot", "van*": "van", "bike*": "bike", "bicycle*": "bike",
            "bus*": "public", "public*": "public", "foot*": "foot", "walk*": "foot", "none*": "foot",
        },
    },
    Sort.MATCHES: {
        "status": {
            "done*": "closed:completed", "complete*": "closed:completed", "delivered*": "closed:completed",
            "yes*": "closed:completed", "partly*": "closed:partly_completed",
            "cancel*": "closed:withdrawn", "no response*": "closed:unreachable", "not home*": "closed:unreachable",
        },
    },
}  # fmt: skip
"""What common words mean; whoever brings the sheet in may say otherwise."""

Draft = dict[str, Any]
"""A mapping as a TOML document: see ``domain.mapping``."""


def sort_of(sheet: Sheet) -> Sort:
    """What its rows probably are."""
    columns = columns_of(sheet, Sort.MATCHES)
    found = set(columns.values())
    linked = (
        "request" in found
        and found & {"helper", "helper_number"}
        and not found & {"phone", "email", "address"}
    )
    if {"name", "helper"} <= found or linked:
        return Sort.MATCHES
    headings = " | ".join(heading_key(each) for each in sheet.headings)
    return Sort.VOLUNTEERS if any(word in headings for word in _OFFERS) else Sort.NEEDS


def columns_of(sheet: Sheet, sort: Sort) -> dict[str, str]:
    """Heading -> the field it probably means; each field at most once."""
    found: list[tuple[int, int, str, str]] = []
    for at, heading in enumerate(sheet.headings):
        key = heading_key(heading)
        for field in FIELDS[sort]:
            words = _WORDS[field] + (_OWN_NUMBER[sort] if field == "id" else ())
            if score := max((_fit(key, word) for word in words), default=0):
                found.append((-score, at, heading, field))
    columns: dict[str, str] = {}
    for _, _, heading, field in sorted(found):
        if heading not in columns and field not in columns.values():
            columns[heading] = field
    # Where the name stands in the row, a number beside it is most often the row's own.
    beside = {number for name, number in REQUIRED[Sort.MATCHES] if name in columns.values()}
    return {heading: field for heading, field in columns.items() if field not in beside}


def _fit(key: str, word: str) -> int:
    if key == word:
        return 1000 + len(word)
    if key.endswith(f"[{word}]"):  # a row of a grid, as Google Forms calls its columns
        return 900 + len(word)
    padded = f" {''.join(c if c.isalnum() or c == '-' else ' ' for c in key)} "
    if len(word) < 3 or f" {word} " not in " ".join(padded.split()).join("  "):
        return 0
    return 500 + len(word) if key.startswith(word) else len(word)


def new_mapping(name: str, sort: Sort, dates: str, columns: Mapping[str, str]) -> Draft:
    """A mapping with the usual words. ``columns``: heading -> field."""
    headings: dict[str, list[str]] = {}
    for heading, field in columns.items():
        headings.setdefault(field, []).append(heading)
    values = {field: dict(words) for field, words in USUAL_VALUES[sort].items() if field in headings}
    return {
        "version": 1,
        "name": name,
        "sort": str(sort),
        "dates": dates,
        "optional": sorted(set(headings) - _needed(sort, headings)),
        "columns": headings,
        "values": values,
        "choices": {},
    }


def _needed(sort: Sort, fields: Mapping[str, Any]) -> set[str]:
    """Columns that a sheet like this one has to have; of two that do as well as each other, neither by itself."""
    chosen = [set(wanted) & set(fields) for wanted in REQUIRED[sort]]
    return {field for found in chosen if len(found) == 1 for field in found}


def fits(saved: SheetMapping, sheet: Sheet) -> bool:
    """Whether a saved mapping was made for sheets like this one: most of its columns are there."""
    try:
        there = [field for field, names in saved.columns.items() if sheet.heading(names) is not None]
    except Invalid:
        return False
    return not missing(saved.sort, there) and 3 * len(there) >= 2 * len(saved.columns)


def as_toml(draft: Draft) -> str:
    """The document's text; ``tomllib`` reads it back to the same values."""
    lines = [f"{key} = {_value(value)}" for key, value in draft.items() if not isinstance(value, dict)]
    for table in ("columns", "lists", "choices"):
        if draft.get(table):
            lines += ["", f"[{table}]", *_pairs(draft[table])]
    for field, words in draft.get("values", {}).items():
        lines += ["", f"[values.{field}]", *_pairs(words)]
    return "\n".join(lines) + "\n"


def _pairs(table: Mapping[str, Any]) -> list[str]:
    return [f"{_value(key)} = {_value(value)}" for key, value in table.items()]


def _value(value: Any) -> str:
    # A JSON string is a TOML string but for the one letter that JSON leaves as it is.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
