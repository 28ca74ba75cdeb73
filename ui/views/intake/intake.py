"""`/intake`: a phone call, typed while it is spoken; and its end, with the reference and who could go."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from aiohttp import web
from multidict import MultiDict, MultiMapping

from node.appkeys import BOARD, DRAFTS, EMERGENCIES, INTAKE, MATCHING, OUT_OF_AREA, PRACTICE, REPEATING
from node.domain.actors import Actor
from node.domain.ids import NeedId, PersonId, spoken_reference
from node.domain.intake import items
from node.domain.intake.intake import KnownPerson
from node.domain.matching.matching import DEMANDING_TAGS
from node.domain.money import NOTHING
from node.domain.need import SHARED_LANGUAGES
from node.domain.permissions import Permission, may
from node.domain.person import PhoneKind
from node.domain.settings.questions import AskedAt
from node.errors import N_, Conflict, Invalid, Locked, NotFound
from ui.contexts.intake import IntakePage, PaperPage, TakenLine, TakenPage
from ui.forms.intake import IntakeForm
from ui.parts import calls, folding, neighbours, others, out_of_area, own_questions, places, repeating, spoken
from ui.views.intake import drafts
from ui.views.rounds import runs
from ui.web.site import LANGUAGE, catalogue_of, go, headings, render, say, today

FIELDS = {
    "categories": "kinds",
    "window": "last",
    "person_notes": "notes",
    "weekdays": "repeat_days",
}
"""Where a service's complaint is shown, when the page calls the field otherwise."""

PAST = N_("This day is past.")
FAR = N_("This day is more than a year away. Is the year right?")
FAR_DAYS = 366


async def show(request: web.Request, actor: Actor) -> web.StreamResponse:
    """An empty form, or one's own half-typed call as it was left."""
    if draft := request.query.get("draft", ""):
        held = MultiDict(await request.config_dict[DRAFTS].open(actor, draft))
        held["draft"] = draft
        return await _page(request, actor, make_form(request, held), kept=True)
    form = make_form(request)
    form.practice.data = "y" if request.query.get("practice") == "y" else ""
    return await _page(request, actor, form)


async def submit(request: web.Request, actor: Actor) -> web.StreamResponse:
    """Looks a number up, or saves the call."""
    data = _for_them(await request.post())
    form = make_form(request, data)
    form.take_numbers()
    # Enter on the way looks the number up; with a kind of help ticked, it means that the call is over.
    if "later" in data:
        await request.config_dict[DRAFTS].keep(actor, form.draft.data, drafts.fields_of(data))
        return go("/board", done="kept_call")
    if "look" in data or (
        "enter" in data and not form.kinds.data and (form.phone.data or form.screen.data or form.email.data)
    ):
        chosen = PersonId(form.known_person.data) if form.known_person.data else None
        return await _page(
            request, actor, form, known=await _known(request, actor, form, chosen), looked=True
        )
    if same := str(data.get("same", "")):
        return await _as_last_time(request, actor, form, PersonId(same))
    fine = form.validate()
    slips = {field: slip for field in ("first", "last") if (slip := _slip(today(request), form[field].data))}
    form.blame(slips)
    if not fine or slips:
        return await _page(request, actor, form, status=422)
    try:
        new = await calls.new_need(request, form, data)
        draft = form.draft.data
        if "anew" in data:  # another call, though its page was one of a call that is saved
            draft = form.draft.data = request.config_dict[DRAFTS].new_id()
        taken = await request.config_dict[REPEATING].take(actor, new, calls.repeated(form), draft)
    except Conflict as error:
        if error.code != "call_taken":
            raise
        return await _page(request, actor, form, status=409, saved_as=NeedId(error.values["need"]))
    except Invalid as error:
        form.blame({FIELDS.get(field, field): message for field, message in error.fields.items()})
        problem = "" if form.errors else say(request, error.message, **error.values)
        return await _page(request, actor, form, status=422, problem=problem)
    except NotFound as error:  # whoever was picked is gone meanwhile; nothing that was typed is lost
        form.known_person.data = ""
        return await _page(
            request, actor, form, status=422, problem=say(request, error.message, **error.values)
        )
    emergencies = request.config_dict[EMERGENCIES]
    where = {"need": ",".join(taken.need_ids), "script": form.script.data}
    if await emergencies.said_in(_typed(form)):
        for need_id in taken.need_ids[:1]:
            await emergencies.shown(actor, need_id)
        where["danger"] = "y"
    return go("/intake/taken", **where)


def _for_them(data: MultiMapping[Any]) -> MultiMapping[Any]:
    """What was sent; whoever was picked because that number rang for them is somebody else than who rings now, and
    their record never takes the caller's number."""
    picked = data.get("same") or data.get("known_person")
    if not picked or picked not in data.getall("for_them", ()):
        return data
    said = MultiDict(data)
    said["whose"] = "other"
    return said


async def _as_last_time(
    request: web.Request, actor: Actor, form: IntakeForm, person: PersonId
) -> web.StreamResponse:
    """The kinds and the place of that person's last call; what they say yes to is asked anew."""
    found = await _known(request, actor, form, person)
    form.known_person.data = person
    for card in found:
        if card.person_id == person and not card.brief:
            _fill(form, _again(card))
    return await _page(request, actor, form, known=found, looked=True)


async def _known(
    request: web.Request, actor: Actor, form: IntakeForm, chosen: PersonId | None = None
) -> list[KnownPerson]:
    phone, _kind = calls.number(form.phone.data or form.screen.data or "", PhoneKind.OWN)
    reach, practice = phone or form.email.data or "", form.practice.data == "y"
    try:
        return await request.config_dict[INTAKE].find_known(actor, reach, practice=practice, chosen=chosen)
    except Locked:
        return []


async def known(request: web.Request, actor: Actor) -> web.StreamResponse:
    """What the page's script asks while somebody types: who has that number or e-mail address, more of whoever was
    ``chosen`` among several, which area that place is in. JSON."""
    data = await request.post()
    asked, chosen = (
        data.get("phone") or data.get("screen") or data.get("email"),
        PersonId(str(data.get("chosen", ""))),
    )
    found = await _known(request, actor, make_form(request, data), chosen or None) if asked else []
    area = await places.read_back(request, str(data.get("place", ""))[:200])
    return web.json_response(
        {
            "known": [
                {
                    "id": card.person_id,
                    "name": card.name or say(request, N_("(no name)")),
                    "line": line(request, card),
                    "again": None if card.brief else _again(card),
                    "asked": card.asked,
                    "careful": card.careful,
                    "speaks": [] if card.rung_for else list(card.languages),
                    "for_them": card.rung_for is not None,
                }
                for card in found
            ],
            "area": say(request, N_("That is: %(area)s"), area=area) if area else "",
        }
    )


async def taken(request: web.Request, actor: Actor) -> web.StreamResponse:
    """The references to read out, and the best volunteers for each."""
    board, matching = request.config_dict[BOARD], request.config_dict[MATCHING]
    book = await neighbours.book(request, actor)
    lines = []
    for text in request.query.get("need", "").split(",")[:10]:
        view = await board.need(actor, NeedId(text))
        found: Sequence[Any] = ()
        if not view.locked and may(actor, Permission.DISPATCH):
            found = await matching.candidates(actor, view.need.id)
        catalogue = catalogue_of(request)
        heading = catalogue.category(view.category).heading if view.category in catalogue else ""
        lines.append(
            TakenLine(
                need_id=view.need.id,
                kind=view.category,
                reference=view.need.reference,
                candidates=found,
                runs=await runs.beside(request, actor, view.need.id),
                others=await others.see(request, view.need.id),
                book=[each for each in book if each.takes_heading(heading)],
                closing=await spoken.closing(
                    request, request.query.get("script", ""), spoken_reference(view.need.reference)
                ),
                practice=view.need.practice,
                promised_at=view.need.promised_at,
                repeats=await repeating.of_need(request, actor, view.need.id),
                only_noted=view.need.repeats is not None,
                money=view.details.money if view.details else NOTHING,
                outside=await out_of_area.in_words(
                    request, await request.config_dict[OUT_OF_AREA].of_need(actor, view.need.id)
                ),
            )
        )
    emergencies = request.config_dict[EMERGENCIES]
    danger = await emergencies.rules() if request.query.get("danger") == "y" else None
    page = TakenPage(lines=lines, danger=danger, scripts=await spoken.scripts(request) if danger else ())
    return await render(request, "taken.html", page)


async def paper(request: web.Request, actor: Actor) -> web.StreamResponse:
    """The form for paper, in the order of the page; nobody's data is on it."""
    scripts = await spoken.scripts(request)
    wanted = request.query.get("script", "")
    script = next((each for each in scripts if each.code == wanted), scripts[0])
    page = PaperPage(
        form=make_form(request),
        money_cap=await request.config_dict[INTAKE].money_cap(),
        headings=headings(catalogue_of(request)),
        scripts=scripts,
        script=script,
        questions=await own_questions.asked(request, AskedAt.CALL, IntakeForm(), [script.code]),
    )
    return await render(request, "intake_paper.html", page)


async def end_practice(request: web.Request, actor: Actor) -> web.StreamResponse:
    """Every practice call goes."""
    await request.config_dict[PRACTICE].remove_all(actor)
    return go("/board" if (await request.post()).get("back") == "board" else "/intake", done="practice_over")


def _typed(form: IntakeForm) -> str:
    """What was told, in whatever field: a word that means danger counts everywhere. Names and streets tell nothing."""
    texts = (form.notes, form.safe_to_ring, form.items, form.caller_tie)
    return "\n".join(text for text in (*(each.data for each in texts), *form.own.values()) if text)


def _typed_again(form: IntakeForm) -> dict[str, str]:
    """What was typed, by the names of the fields on the page that puts a request right."""
    alike = ("first", "last", "part_of_day", "helpers", "place_text", "notes", "items", "money", "money_most")
    found = {name: str(form[name].data) for name in alike if form[name].data}
    found["urgency"] = "today" if form.urgency.data == "now" else form.urgency.data
    if len(form.kinds.data) == 1:
        found["category"] = form.kinds.data[0]
    return found | {name: value for name, value in form.own.items() if value}


def _slip(now: date, day: date | None) -> str:
    """What is wrong with a day for help, most often a slip of the hand: it is over, or years away."""
    if day is None or now <= day <= now + timedelta(days=FAR_DAYS):
        return ""
    return PAST if day < now else FAR


def _again(card: KnownPerson) -> dict[str, Any]:
    """Name of a field -> what it held last time; a list where several are ticked."""
    last, caller = card.last, card.rung_for
    return {
        **({"caller_name": caller.name, "caller_tie": caller.tie} if caller else {}),
        "kinds": list(last.categories),
        "takes": list(last.takes),
        "place_text": last.place,
        "items": items.text_of(last.items),
        "notes": last.notes,
        "doorstep_word": last.doorstep_word,
    }


def _fill(form: IntakeForm, again: Mapping[str, Any]) -> None:
    """What was typed on this call stays; empty fields are as they were last time."""
    for name, value in again.items():
        form[name].data = form[name].data or value


def line(request: web.Request, card: KnownPerson) -> str:
    """What the card of somebody we know says beside the name."""
    catalogue, language = catalogue_of(request), request[LANGUAGE]
    what = language.listed(catalogue.name(code, language.code) for code in card.last.categories)
    still = language.listed(catalogue.name(code, language.code) for code in card.open_needs)
    caller = card.rung_for
    parts = [
        say(request, N_("Do not send anybody before a safety officer has looked at this."))
        if card.barred
        else "",
        say(
            request,
            N_("Tell whoever rings nothing about them before a safety officer has looked at this."),
        )
        if card.careful
        else "",
        say(request, N_("this number rang for them")) if caller else "",
        ""
        if card.brief
        else f"{caller.name} ({caller.tie})"
        if caller and caller.tie
        else caller.name
        if caller
        else "",
        say(request, N_("helps, too")) if card.helps else "",
        say(request, N_("open: %(what)s"), what=still) if still else "",
        card.address,
        say(request, N_("Safe to ring: %(how)s"), how=card.safe_to_ring) if card.safe_to_ring else "",
        say(request, N_("last time: %(what)s"), what=what) if what else "",
    ]
    return " · ".join(part for part in parts if part)


def make_form(request: web.Request, data: Any = None) -> IntakeForm:
    """The form with the kinds of help and languages there are."""
    catalogue, language = catalogue_of(request), request[LANGUAGE]
    form = IntakeForm(data)
    own_questions.typed_in(form, data)
    form.kinds.choices = [(each.code, each.name(language.code)) for each in catalogue.offered]
    takes = [*catalogue.requires, *(tag for tag in catalogue.tags if tag.code in DEMANDING_TAGS)]
    form.takes.choices = [(each.code, each.name(language.code)) for each in takes]
    form.language.choices = [("", "–"), *tongues(request)]
    return form


def tongues(request: web.Request) -> list[tuple[str, str]]:
    """Languages people may speak, by name."""
    names = request[LANGUAGE].locale.languages
    return sorted(((code, str(names.get(code, code))) for code in SHARED_LANGUAGES), key=lambda pair: pair[1])


def _picked(form: IntakeForm, known: Sequence[KnownPerson]) -> KnownPerson | None:
    """The card that is ticked: the first, unless somebody chose."""
    chosen = form.known_person.data
    return next((each for each in known if not chosen or each.person_id == chosen), None)


async def _page(
    request: web.Request,
    actor: Actor,
    form: IntakeForm,
    *,
    status: int = 200,
    known: Sequence[KnownPerson] = (),
    looked: bool = False,
    problem: str = "",
    kept: bool = False,
    saved_as: NeedId | None = None,
) -> web.Response:
    if not drafts.is_id(form.draft.data):
        form.draft.data = request.config_dict[DRAFTS].new_id()
    emergencies = request.config_dict[EMERGENCIES]
    where = form.place_text.data or form.address.data or ""
    scripts = await spoken.scripts(request)
    for purpose, question in scripts[0].consents.items():
        form[purpose].label.text = question
    mine = [card for card in known if card.rung_for is None]
    if looked and form.script.data in ("", None, scripts[0].code) and (picked := _picked(form, mine)):
        # Whoever rings again is spoken to in her own language, before anybody asks.
        read = {each.code for each in scripts}
        form.script.data = next((code for code in picked.languages if code in read), form.script.data)
    offered = headings(catalogue_of(request))
    page = IntakePage(
        form=form,
        headings=offered,
        standing=folding.standing(offered, await request.config_dict[INTAKE].asked_for(actor)),
        known=known,
        lines=[line(request, card) for card in known],
        looked=looked,
        area=await places.read_back(request, where),
        book=await neighbours.book(request, actor),
        problem=problem,
        money_cap=await request.config_dict[INTAKE].money_cap(),
        practice=form.practice.data == "y",
        scripts=scripts,
        danger=await emergencies.rules(),
        in_danger=await emergencies.said_in(_typed(form)) is not None,
        kept=kept,
        typed_again=_typed_again(form) if saved_as else {},
        saved=(await request.config_dict[BOARD].need(actor, saved_as)).need if saved_as else None,
        questions=await own_questions.asked(request, AskedAt.CALL, form, [each.code for each in scripts]),
        drafts=await request.config_dict[DRAFTS].mine(actor) if status == 200 and not looked else (),
    )
    return await render(request, "intake.html", page, status=status)
