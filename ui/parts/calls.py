"""The form of a call as what the services take."""

import re
from collections.abc import Mapping
from typing import Any

from aiohttp import web

from node.appkeys import CLOCK
from node.clock import unix
from node.domain.consents import Consents
from node.domain.dispatch.series import Every, Said
from node.domain.ids import PersonId
from node.domain.intake import items
from node.domain.intake.intake import Caller, NewNeed, NewPerson
from node.domain.money import Money, parse
from node.domain.need import Channel, Effort, PartOfDay, Repeats, Urgency, Window
from node.domain.person import PersonKind, PhoneKind
from node.domain.settings.questions import AskedAt
from ui.forms.intake import IntakeForm
from ui.parts import own_questions, places, spoken
from ui.web.site import TEMPLATES, catalogue_of
from ui.words import call_words

RING_BACK_SECONDS = 3600
"""Who needs somebody now is rung within the hour."""
_NEIGHBOUR = re.compile(r"[nN]\s*(?=[+0-9(])")


def number(text: str, kind: PhoneKind) -> tuple[str, PhoneKind]:
    """A number field with its one-key answers: ``w`` withheld, ``-`` no phone, ``n`` before a neighbour's."""
    match text.strip().lower():
        case "w":
            return "", PhoneKind.WITHHELD
        case "-":
            return "", PhoneKind.NONE
    if found := _NEIGHBOUR.match(text.strip()):
        return text.strip()[found.end() :], PhoneKind.NEIGHBOUR
    return text.strip(), kind


async def new_need(request: web.Request, form: IntakeForm, data: Mapping[str, Any]) -> NewNeed:
    """What was typed, as a call."""
    first, last = form.first.data or form.last.data, form.last.data or form.first.data
    takes = set(form.takes.data or ())
    requires = {each.code for each in catalogue_of(request).requires}
    practice = form.practice.data == "y"
    return NewNeed(
        channel=Channel(form.channel.data),
        for_self=form.whose.data != "other",
        caller=_caller(form),
        known_person=PersonId(form.known_person.data) if form.known_person.data else None,
        renamed=form.renamed.data,
        person=_person(form),
        categories=tuple(form.kinds.data),
        urgency=Urgency.TODAY if form.urgency.data == "now" else Urgency(form.urgency.data),
        window=Window(first=first, last=last) if first and last else None,
        part_of_day=PartOfDay(form.part_of_day.data) if form.part_of_day.data else None,
        effort=Effort(form.effort.data) if form.effort.data else None,
        repeats=Repeats.OTHER if form.repeats.data == Repeats.OTHER else None,
        helpers=form.helpers.data or 1,
        requires=tuple(sorted(takes & requires)),
        tags=tuple(sorted(takes - requires)),
        place_text=form.place_text.data,
        point=await places.locate(request, form.place_text.data, form.address.data),
        notes=form.notes.data,
        items=items.parse(form.items.data or ""),
        money=Money(asked=parse(form.money.data or "") or 0, most=parse(form.money_most.data or "") or 0),
        answers=await own_questions.read(request, AskedAt.CALL, form, form.script.data),
        doorstep_word=form.doorstep_word.data,
        promised_at=promised_at(request, form),
        consents=Consents(
            help_you=form.help_you.data,
            groups_see=form.groups_see.data and not practice,
            keep_details=form.keep_details.data,
            wordings=await spoken.read_out(request, data),
        ),
        keep_here=form.keep_here.data or practice,
        practice=practice,
    )


_EVERY = {"weekly": Every.WEEK, "fortnight": Every.FORTNIGHT, "monthly": Every.MONTH}


def repeated(form: IntakeForm) -> Said | None:
    """How it comes again, if days were said; days of the week alone mean every week."""
    weekdays = tuple(int(day) for day in call_words.WEEKDAYS if day in (form.repeat_days.data or ()))
    every = _EVERY.get(form.repeats.data, Every.WEEK if weekdays else None)
    return None if every is None else Said(every=every, weekdays=weekdays)


def promised_at(request: web.Request, form: IntakeForm) -> int | None:
    """Until when somebody rings back: the time that was said, or within the hour for "now"."""
    now = unix(request.config_dict[CLOCK])
    if form.promise.data is not None:
        return request.config_dict[TEMPLATES].next_time(form.promise.data, now)
    return now + RING_BACK_SECONDS if form.urgency.data == "now" else None


def _caller(form: IntakeForm) -> Caller | None:
    if form.whose.data != "other":
        return None
    return Caller(
        name=form.caller_name.data,
        phone=form.caller_phone.data or number(form.screen.data, PhoneKind.OWN)[0],
        tie=form.caller_tie.data,
        agrees=form.caller_agrees.data,
    )


def _person(form: IntakeForm) -> NewPerson:
    kind = PhoneKind(form.phone_kind.data)
    door, door_kind = number(form.phone.data, kind)
    # Who rings for somebody else shows her own number, not the one that reaches the person.
    rings = form.screen.data if form.whose.data != "other" else ""
    screen, screen_kind = number(rings, kind if not form.phone.data else PhoneKind.OWN)
    organisation = form.whose.data == "organisation"
    return NewPerson(
        name=form.name.data,
        kind=PersonKind.ORGANISATION if organisation else PersonKind.PERSON,
        contact_name=form.contact_name.data if organisation else "",
        phone=door,
        phone_kind=door_kind,
        screen=screen,
        screen_kind=screen_kind,
        email=form.email.data,
        address=form.address.data,
        safe_to_ring=form.safe_to_ring.data,
        languages=(form.language.data,) if form.language.data else (),
    )
