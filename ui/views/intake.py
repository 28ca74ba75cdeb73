"""`/intake`: a phone call, typed while it is spoken; and its end, with the reference and who could go."""

from collections.abc import Sequence
from typing import Any

from aiohttp import web

from node.appkeys import BOARD, INTAKE, MATCHING
from node.domain.actors import Actor
from node.domain.consents import Consents
from node.domain.ids import NeedId, PersonId
from node.domain.intake import Caller, NewNeed, NewPerson
from node.domain.matching import DEMANDING_TAGS
from node.domain.need import SHARED_LANGUAGES, Effort, PartOfDay, Repeats, Urgency, Window
from node.domain.permissions import Permission, may
from node.domain.person import PhoneKind
from node.errors import Invalid, Locked
from ui import places
from ui.contexts import IntakePage, TakenLine, TakenPage
from ui.forms.intake import IntakeForm
from ui.site import LANGUAGE, catalogue_of, go, headings, render, say

FIELDS = {"categories": "kinds", "window": "last", "email": "notes", "person_notes": "notes"}
"""Where a service's complaint is shown, when the page calls the field otherwise."""


async def show(request: web.Request, actor: Actor) -> web.StreamResponse:
    """An empty form."""
    return await _page(request, make_form(request))


async def submit(request: web.Request, actor: Actor) -> web.StreamResponse:
    """Looks a number up, or saves the call."""
    data = await request.post()
    form = make_form(request, data)
    intake = request.config_dict[INTAKE]
    # Enter on the way looks the number up; with a kind of help ticked, it means that the call is over.
    if "look" in data or ("enter" in data and not form.kinds.data and (form.phone.data or form.screen.data)):
        try:
            known = await intake.find_known(actor, form.phone.data or form.screen.data or "")
        except Locked:
            known = []
        return await _page(request, form, known=known, looked=True)
    if not form.validate():
        return await _page(request, form, status=422)
    try:
        taken = await intake.take(actor, await _new_need(request, form))
    except Invalid as error:
        form.blame({FIELDS.get(field, field): message for field, message in error.fields.items()})
        problem = "" if form.errors else say(request, error.message, **error.values)
        return await _page(request, form, status=422, problem=problem)
    return go("/intake/taken", need=",".join(taken.need_ids))


async def taken(request: web.Request, actor: Actor) -> web.StreamResponse:
    """The references to read out, and the best volunteers for each."""
    board, matching = request.config_dict[BOARD], request.config_dict[MATCHING]
    lines = []
    for text in request.query.get("need", "").split(",")[:10]:
        view = await board.need(actor, NeedId(text))
        found: Sequence[Any] = ()
        if not view.locked and may(actor, Permission.DISPATCH):
            found = await matching.candidates(actor, view.need.id)
        lines.append(
            TakenLine(
                need_id=view.need.id, kind=view.category, reference=view.need.reference, candidates=found
            )
        )
    return await render(request, "taken.html", TakenPage(lines=lines))


def make_form(request: web.Request, data: Any = None) -> IntakeForm:
    """The form with the kinds of help and languages there are."""
    catalogue, language = catalogue_of(request), request[LANGUAGE]
    form = IntakeForm(data)
    form.kinds.choices = [(each.code, each.name(language.code)) for each in catalogue.categories]
    takes = [*catalogue.requires, *(tag for tag in catalogue.tags if tag.code in DEMANDING_TAGS)]
    form.takes.choices = [(each.code, each.name(language.code)) for each in takes]
    form.language.choices = [("", "–"), *tongues(request)]
    return form


def tongues(request: web.Request) -> list[tuple[str, str]]:
    """Languages people may speak, by name."""
    names = request[LANGUAGE].locale.languages
    return sorted(((code, str(names.get(code, code))) for code in SHARED_LANGUAGES), key=lambda pair: pair[1])


async def _new_need(request: web.Request, form: IntakeForm) -> NewNeed:
    first, last = form.first.data or form.last.data, form.last.data or form.first.data
    takes = set(form.takes.data or ())
    requires = {each.code for each in catalogue_of(request).requires}
    caller = None
    if form.whose.data == "other":
        caller = Caller(
            name=form.caller_name.data,
            phone=form.caller_phone.data,
            tie=form.caller_tie.data,
            agrees=form.caller_agrees.data,
        )
    kind = PhoneKind(form.phone_kind.data)
    return NewNeed(
        for_self=caller is None,
        caller=caller,
        known_person=PersonId(form.known_person.data) if form.known_person.data else None,
        person=NewPerson(
            name=form.name.data,
            phone=form.phone.data,
            phone_kind=kind,
            screen=form.screen.data,
            screen_kind=kind if not form.phone.data else PhoneKind.OWN,
            address=form.address.data,
            safe_to_ring=form.safe_to_ring.data,
            languages=(form.language.data,) if form.language.data else (),
        ),
        categories=tuple(form.kinds.data),
        urgency=Urgency(form.urgency.data),
        window=Window(first=first, last=last) if first and last else None,
        part_of_day=PartOfDay(form.part_of_day.data) if form.part_of_day.data else None,
        effort=Effort(form.effort.data) if form.effort.data else None,
        repeats=Repeats(form.repeats.data) if form.repeats.data else None,
        helpers=form.helpers.data or 1,
        requires=tuple(sorted(takes & requires)),
        tags=tuple(sorted(takes - requires)),
        place_text=form.place_text.data,
        point=await places.locate(request, form.place_text.data, form.address.data),
        notes=form.notes.data,
        doorstep_word=form.doorstep_word.data,
        consents=Consents(
            help_you=form.help_you.data, groups_see=form.groups_see.data, keep_details=form.keep_details.data
        ),
        keep_here=form.keep_here.data,
    )


async def _page(
    request: web.Request,
    form: IntakeForm,
    *,
    status: int = 200,
    known: Sequence[Any] = (),
    looked: bool = False,
    problem: str = "",
) -> web.Response:
    where = form.place_text.data or form.address.data or ""
    page = IntakePage(
        form=form,
        headings=headings(catalogue_of(request)),
        known=known,
        looked=looked,
        area=await places.read_back(request, where),
        problem=problem,
    )
    return await render(request, "intake.html", page, status=status)
