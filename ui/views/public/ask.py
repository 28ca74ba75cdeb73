"""`/ask`: asking for help one thing a page, without an account or a script. Works while the records are closed."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

from aiohttp import web
from multidict import MultiDict

from node.appkeys import ASKING, CLOCK, EMERGENCIES, NOTICES, OUT_OF_AREA
from node.clock import unix
from node.domain.actors import ANONYMOUS
from node.domain.consents import Consents
from node.domain.exchange.referral import MayPassOn
from node.domain.intake.intake import Caller, NewNeed, NewPerson
from node.domain.need import Channel, PartOfDay, Point, Urgency, Window, how_soon
from node.domain.notices.notice import Way
from node.domain.person import ContactBy
from node.domain.settings.questions import AskedAt
from node.errors import N_, Invalid
from node.services.settings.emergency import Emergency
from node.services.settings.texts import PASSED_ON, WRITTEN
from ui.contexts.ask import AskPage, SentPage
from ui.contexts.intake import TakenLine
from ui.contexts.out_of_area import Elsewhere
from ui.contexts.steps import Step
from ui.forms.intake import AskForm
from ui.parts import consenting, others, out_of_area, own_questions, places, steps
from ui.parts.scope import privacy, scope
from ui.parts.steps import Turn
from ui.views.intake.intake import FIELDS
from ui.web import sessions
from ui.web.once import once
from ui.web.site import LANGUAGE, catalogue_of, headings, render, say, today, usual_language

OTHER = "other"
"""The page, and the answer, of whoever asks for somebody else."""
STEPS = (
    Step(name=steps.IN_LANGUAGE, title=N_("In which language?")),
    Step(name="what", title=N_("What would help?"), fields=("kinds",)),
    Step(name="when", title=N_("How soon?"), fields=("urgency", "day", "part_of_day")),
    Step(name="where", title=N_("Where should somebody come?"), fields=("address",)),
    Step(
        name="reach",
        title=N_("How do we reach you?"),
        fields=("whose", "name", "phone", "safe_to_ring", "told_by", "email"),
    ),
    Step(
        name=OTHER,
        title=N_("Whom do you ask for?"),
        fields=("their_name", "their_phone", "tie", "agrees"),
    ),
    Step(name="more", title=N_("Anything we should know?"), fields=("notes",), own=True),
    Step(
        name="check",
        title=N_("Is all of this right?"),
        fields=(*(str(purpose) for purpose in WRITTEN), "pass_on"),
    ),
)
FOR_ANOTHER = {
    "phone": "their_phone",
    "name": "their_name",
    "caller_phone": "phone",
    "caller_name": "name",
    "caller_tie": "tie",
    "caller_safe": "safe_to_ring",
}
"""Where a service's complaint is shown when who asks and who is helped are two."""


async def show(request: web.Request) -> web.StreamResponse:
    """The first page, or the one that is asked for."""
    # Nothing but this may be answered by an address: least of all what somebody says yes to.
    data = MultiDict({"whose": OTHER}) if request.query.get("whose") == OTHER else None
    form = await _form(request, data)
    return await _page(request, form, steps.opened(request, _steps(form)), data)


async def submit(request: web.Request) -> web.StreamResponse:
    """On to the next page, back, to one that is changed, or sent; nothing of it stands in the address."""
    data = await request.post()
    language = steps.speak(request, data)
    form = await _form(request, data)
    form.validate()
    form.blame_day(today(request))
    with suppress(Invalid):  # what is wrong stands on the form
        await own_questions.read(request, AskedAt.PAGE, form)
    turn = steps.pressed(data, _steps(form), form)
    if turn.send:
        return await _send(request)
    if turn.to == "check" and data.get(steps.AT) == "reach" and form.for_another and not form.their_name.data:
        # Only now she says that it is for another one: the page about her was never shown.
        turn = replace(turn, to=OTHER)
    response = await _page(request, form, turn, data, status=422 if turn.blame else 200)
    steps.remember(request, response, language)
    return steps.kept_for_the_way_back(response)


@once
async def _send(request: web.Request) -> web.StreamResponse:
    """Takes it in; the answer shows the reference."""
    data = await request.post()
    form = await _form(request, data)
    form.validate()
    try:
        new = await _new(request, form, data)
        sent = await request.config_dict[ASKING].ask(
            new,
            await _pass_on(request, form, new.point, data),
            language=request[LANGUAGE].code,
            told=_told(form),
        )
    except Invalid as error:
        turn = steps.refused(_steps(form), form, error, FIELDS | (FOR_ANOTHER if form.for_another else {}))
        problem = "" if form.errors else say(request, error.message, **error.values)
        return await _page(request, form, turn, data, status=422, problem=problem)
    danger = await _danger(request, form)
    base = "://".join(sessions.origin_of(request))
    lines = []
    for need_id, kind, reference in zip(
        sent.taken.need_ids, dict.fromkeys(form.kinds.data), sent.taken.references, strict=True
    ):
        if danger:
            await request.config_dict[EMERGENCIES].shown(ANONYMOUS, need_id)
        lines.append(
            TakenLine(
                need_id=need_id,
                kind=kind,
                reference=reference,
                candidates=(),
                runs=None,
                others=await others.see(request, need_id),
            )
        )
    page, private = SentPage(lines=lines, danger=danger, link=f"{base}/a/{sent.token}"), f"/a/{sent.token}"
    return steps.forgotten(await render(request, "ask_sent.html", page, back=private))


async def _pass_on(request: web.Request, form: AskForm, point: Point | None, data: Any) -> MayPassOn | None:
    """The group that she lets us give it to: the one that was named on the page, if it still can be."""
    found = await request.config_dict[OUT_OF_AREA].at(point)
    if not form.pass_on.data or found is None or found.takes is None:
        return None
    if found.takes.origin != data.get("pass_on_to"):
        return None
    wording = await consenting.version_read(request, data, PASSED_ON)
    return MayPassOn(peer=found.takes.origin, wording=wording, at=unix(request.config_dict[CLOCK]))


async def _outside(request: web.Request, form: AskForm) -> Elsewhere | None:
    point = await places.locate(request, form.address.data or "")
    return await out_of_area.in_words(request, await request.config_dict[OUT_OF_AREA].at(point))


async def _new(request: web.Request, form: AskForm, data: Any) -> NewNeed:
    day = form.on
    return NewNeed(
        channel=Channel.PAGE,
        for_self=not form.for_another,
        caller=_asker(form),
        person=await _helped(request, form),
        categories=tuple(form.kinds.data),
        urgency=how_soon(day, today(request)) if day else Urgency(form.urgency.data),
        window=Window(first=day, last=day) if day else None,
        part_of_day=PartOfDay(form.part_of_day.data) if form.part_of_day.data else None,
        point=await places.locate(request, form.address.data),
        notes=form.notes.data,
        answers=await own_questions.read(request, AskedAt.PAGE, form),
        consents=Consents(
            help_you=form.help_you.data,
            groups_see=form.groups_see.data,
            keep_details=form.keep_details.data,
            wordings=await consenting.read_out(request, data, WRITTEN),
        ),
    )


async def _helped(request: web.Request, form: AskForm) -> NewPerson:
    """The person help is for. Of whoever asks for another nothing stands here: her number, her language and the way
    to tell her are her own, in a record of her own (``_told``)."""
    if form.for_another:
        return NewPerson(name=form.their_name.data, phone=form.their_phone.data, address=form.address.data)
    told_by, email = _written_to(form)
    # Whoever asks in another language than everybody here is understood by some helpers, and not by others.
    spoken = request[LANGUAGE].code
    return NewPerson(
        name=form.name.data,
        phone=form.phone.data,
        address=form.address.data,
        safe_to_ring=form.safe_to_ring.data,
        contact_by=told_by,
        email=email,
        languages=() if spoken == await usual_language(request) else (spoken,),
    )


def _told(form: AskForm) -> NewPerson | None:
    """Whoever asks for another and wants to be written to, as she is written to; the other one never is."""
    told_by, email = _written_to(form)
    if not form.for_another or told_by not in (ContactBy.EMAIL, ContactBy.TEXT):
        return None
    return NewPerson(
        name=form.name.data,
        phone=form.phone.data,
        email=email,
        safe_to_ring=form.safe_to_ring.data,
        contact_by=told_by,
    )


def _asker(form: AskForm) -> Caller | None:
    if not form.for_another:
        return None
    return Caller(
        name=form.name.data,
        phone=form.phone.data,
        tie=form.tie.data,
        safe=form.safe_to_ring.data,
        agrees=form.agrees.data,
    )


def _steps(form: AskForm) -> Sequence[Step]:
    """The pages there are: whoever asks for herself is not asked for whom."""
    return [step for step in STEPS if step.name != OTHER or form.for_another]


def _written_to(form: AskForm) -> tuple[str, str]:
    """How she wants to hear of it, and her e-mail address if it is so; nothing where there is no way but the telephone,
    and nobody asked her."""
    wanted = form.told_by.data if len(form.told_by.choices) > 1 else ""
    return wanted, form.email.data if wanted == ContactBy.EMAIL else ""


async def _form(request: web.Request, data: Any = None) -> AskForm:
    form, ways = AskForm(data), await request.config_dict[NOTICES].ways()
    form.told_by.choices = [each for each in form.told_by.choices if each[0] in ways or each[0] == Way.PHONE]
    own_questions.typed_in(form, data)
    language = request[LANGUAGE].code
    form.kinds.choices = [(each.code, each.name(language)) for each in catalogue_of(request).offered]
    return form


async def _danger(request: web.Request, form: AskForm) -> Emergency | None:
    """The panel, if a word that means danger stands in anything that was typed."""
    texts = (form.notes, form.address, form.name, form.safe_to_ring, form.their_name, form.tie)
    typed = (*(each.data for each in texts), *form.own.values())
    return await request.config_dict[EMERGENCIES].said_in("\n".join(text for text in typed if text))


async def _page(
    request: web.Request, form: AskForm, turn: Turn, data: Any, *, status: int = 200, problem: str = ""
) -> web.Response:
    await consenting.worded(request, form, WRITTEN)
    page = AskPage(
        form=form,
        walk=steps.walk("/ask", _steps(form), turn, form, data),
        headings=headings(catalogue_of(request)),
        problem=problem,
        questions=await own_questions.asked(request, AskedAt.PAGE, form),
        privacy=await privacy(request),
        scope=await scope(request),
        area=await places.read_back(request, form.address.data or "") if turn.to == "check" else "",
        outside=await _outside(request, form) if turn.to in ("reach", "check") else None,
        danger=await _danger(request, form),
        rules=await request.config_dict[EMERGENCIES].rules(),
    )
    return await render(request, "ask.html", page, status=status)
