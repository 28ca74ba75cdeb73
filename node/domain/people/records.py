"""The sealed parts as plain JSON values and back. Unknown keys are ignored, missing ones default."""

from collections.abc import Mapping
from typing import Any

from node.domain.answers import Answer
from node.domain.money import NOTHING, Money
from node.domain.need import CallerDetails, Effort, Item, NeedDetails, People, Point
from node.domain.person import PersonDetails, Phone, PhoneKind


def person_record(details: PersonDetails) -> dict[str, Any]:
    """What is sealed of a person; empty values are left out."""
    return _full(
        name=details.name,
        screen=_phone_record(details.screen),
        door=_phone_record(details.door),
        email=details.email,
        address=details.address,
        point=point_record(details.point),
        safe_to_ring=details.safe_to_ring,
        languages=list(details.languages),
        contact_by=details.contact_by,
        contact_name=details.contact_name,
        about=details.about,
        notes=details.notes,
        answers=_answers_record(details.answers),
    )


def person_from(record: Mapping[str, Any]) -> PersonDetails:
    """The person as sealed by ``person_record``."""
    return PersonDetails(
        name=record.get("name", ""),
        screen=_phone_from(record.get("screen")),
        door=_phone_from(record.get("door")),
        email=record.get("email", ""),
        address=record.get("address", ""),
        point=point_from(record.get("point")),
        safe_to_ring=record.get("safe_to_ring", ""),
        languages=tuple(record.get("languages", ())),
        contact_by=record.get("contact_by", ""),
        contact_name=record.get("contact_name", ""),
        about=record.get("about", ""),
        notes=record.get("notes", ""),
        answers=_answers_from(record),
    )


def need_record(details: NeedDetails) -> dict[str, Any]:
    """What is sealed of a need; empty values are left out."""
    caller, money = details.caller, details.money
    return _full(
        category=details.category,
        notes=details.notes,
        doorstep_word=details.doorstep_word,
        place_text=details.place_text,
        point=point_record(details.point),
        caller=None
        if caller is None
        else {"name": caller.name, "phone": caller.phone, "tie": caller.tie, "agrees": caller.agrees}
        | ({"safe": caller.safe} if caller.safe else {}),
        effort=str(details.effort) if details.effort else None,
        people=str(details.people) if details.people else None,
        requires=list(details.requires),
        languages=list(details.languages),
        tags=list(details.tags),
        items=[[item.quantity, item.what] for item in details.items],
        money=[money.asked, money.most, money.currency] if money.asked or money.most else None,
        leftovers=dict(details.leftovers),
        answers=_answers_record(details.answers),
    )


def need_from(record: Mapping[str, Any]) -> NeedDetails:
    """The need as sealed by ``need_record``."""
    caller = record.get("caller")
    return NeedDetails(
        category=record["category"],
        notes=record.get("notes", ""),
        doorstep_word=record.get("doorstep_word", ""),
        place_text=record.get("place_text", ""),
        point=point_from(record.get("point")),
        caller=CallerDetails(**caller) if caller else None,
        effort=Effort(record["effort"]) if record.get("effort") else None,
        people=People(record["people"]) if record.get("people") else None,
        requires=tuple(record.get("requires", ())),
        languages=tuple(record.get("languages", ())),
        tags=tuple(record.get("tags", ())),
        items=tuple(Item(quantity=quantity, what=what) for quantity, what in record.get("items", ())),
        money=_money_from(record.get("money")),
        leftovers=dict(record.get("leftovers", {})),
        answers=_answers_from(record),
    )


def _money_from(record: list[Any] | None) -> Money:
    return NOTHING if record is None else Money(asked=record[0], most=record[1], currency=record[2])


def _full(**values: Any) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value not in (None, "", [], {})}


def _answers_record(answers: tuple[Answer, ...]) -> list[list[str]]:
    return [[each.question, each.asked, each.code, each.said] for each in answers]


def _answers_from(record: Mapping[str, Any]) -> tuple[Answer, ...]:
    return tuple(
        Answer(question=question, asked=asked, code=code, said=said)
        for question, asked, code, said in record.get("answers", ())
    )


def _phone_record(phone: Phone | None) -> dict[str, Any] | None:
    return None if phone is None else {"number": phone.number, "kind": str(phone.kind)}


def _phone_from(record: Mapping[str, Any] | None) -> Phone | None:
    return None if record is None else Phone(number=record["number"], kind=PhoneKind(record["kind"]))


def point_record(point: Point | None) -> list[Any] | None:
    """Degrees as text: a sealed record is JSON without floats everywhere else, so it is here."""
    return None if point is None else [f"{point.lat:.6f}", f"{point.lon:.6f}", point.accuracy_m]


def point_from(record: list[Any] | None) -> Point | None:
    """The point as written by ``point_record``."""
    return None if record is None else Point(lat=float(record[0]), lon=float(record[1]), accuracy_m=record[2])
