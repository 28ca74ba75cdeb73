"""`/board/{need}/correct`: what was typed of a request, put right; what it was stays in its history."""

from typing import Any

from aiohttp import web

from node.appkeys import CORRECTIONS
from node.domain.actors import Actor
from node.domain.dispatch.correction import TYPED, Corrected
from node.domain.ids import NeedId
from node.domain.intake.items import parse as parse_items
from node.domain.intake.items import text_of
from node.domain.matching.matching import DEMANDING_TAGS
from node.domain.money import Money, parse, plain
from node.domain.need import SHARED_LANGUAGES, Channel, Effort, PartOfDay, People, Repeats, Urgency, Window
from node.errors import Invalid
from ui.contexts.common import CorrectPage
from ui.forms.follow_up import CorrectForm
from ui.parts import own_questions, places, repeating
from ui.views.intake.intake import tongues
from ui.web.site import LANGUAGE, catalogue_of, go, headings, render, say


async def show(request: web.Request, actor: Actor) -> web.StreamResponse:
    """The form, filled as it is now."""
    now = await _now(request, actor)
    return await _page(request, actor, _form(request, data=_as_it_is(now)), now)


async def _now(request: web.Request, actor: Actor) -> Corrected:
    return await request.config_dict[CORRECTIONS].now(actor, _need_id(request))


def _as_it_is(now: Corrected) -> dict[str, Any]:
    return {
        "category": now.category,
        "channel": str(now.channel),
        "repeats": str(now.repeats or ""),
        "urgency": str(now.urgency),
        "first": now.window.first if now.window else None,
        "last": now.window.last if now.window else None,
        "part_of_day": str(now.part_of_day or ""),
        "helpers": now.helpers,
        "place_text": now.place_text,
        "notes": now.notes,
        "effort": str(now.effort or ""),
        "people": str(now.people or ""),
        "takes": [*now.requires, *now.tags],
        "languages": list(now.languages),
        "doorstep_word": "",
        "items": text_of(now.items),
        "money": plain(now.money.asked) if now.money.asked else "",
        "money_most": plain(now.money.most) if now.money.most else "",
    }


async def _offered(request: web.Request, actor: Actor, typed: CorrectForm) -> web.StreamResponse:
    """What was typed once more for a call that is saved, in place of what it says: nothing is changed yet."""
    now = await _now(request, actor)
    data = _as_it_is(now)
    data |= {
        field.name: field.data for field in typed if field.name in data and field.data not in (None, "", [])
    }
    form = _form(request, data=data)
    form.own = typed.own
    return await _page(request, actor, form, now, offered=True)


async def submit(request: web.Request, actor: Actor) -> web.StreamResponse:
    """Changes what differs."""
    data = await request.post()
    form = _form(request, data)
    own_questions.typed_in(form, data)
    if "offer" in data:
        return await _offered(request, actor, form)
    before = await _now(request, actor)
    if not form.validate():
        return await _page(request, actor, form, before, status=422)
    first, last = form.first.data or form.last.data, form.last.data or form.first.data
    takes = set(form.takes.data or ())
    known = {code for code, _ in form.takes.choices}
    requires = {each.code for each in catalogue_of(request).requires}
    try:
        answers = await own_questions.put_right(request, form, before.answers)
    except Invalid as error:
        return await _page(request, actor, form, before, status=422, problem=say(request, error.message))
    said = Corrected(
        category=form.category.data,
        # Both are only on the page where they are a matter of words.
        channel=Channel(form.channel.data) if "channel" in data else before.channel,
        repeats=before.repeats if "repeats" not in data else _repeats(form),
        urgency=Urgency(form.urgency.data),
        window=Window(first=first, last=last) if first and last else None,
        part_of_day=PartOfDay(form.part_of_day.data) if form.part_of_day.data else None,
        helpers=form.helpers.data or 1,
        place_text=form.place_text.data,
        notes=form.notes.data,
        items=parse_items(form.items.data or ""),
        effort=Effort(form.effort.data) if form.effort.data else None,
        people=People(form.people.data) if form.people.data else None,
        requires=tuple(sorted(takes & requires)),
        # What the form does not ask stays: tags that say nothing to a helper, rarer languages of a sheet.
        tags=tuple(sorted((takes - requires) | {code for code in before.tags if code not in known})),
        languages=(
            *sorted(form.languages.data or ()),
            *(code for code in before.languages if code not in SHARED_LANGUAGES),
        ),
        doorstep_word=form.doorstep_word.data,
        answers=answers,
        money=Money(asked=parse(form.money.data or "") or 0, most=parse(form.money_most.data or "") or 0),
    )
    point = await places.locate(request, said.place_text) if said.place_text else None
    try:
        changed = await request.config_dict[CORRECTIONS].correct(actor, _need_id(request), said, point)
    except Invalid as error:
        form.blame({"last" if field == "window" else field: text for field, text in error.fields.items()})
        return await _page(request, actor, form, before, status=422)
    return go(f"/board/{_need_id(request)}", done="corrected" if changed else "as_it_was")


def _form(request: web.Request, formdata: Any = None, data: Any = None) -> CorrectForm:
    form = CorrectForm(formdata, data=data)
    catalogue, language = catalogue_of(request), request[LANGUAGE].code
    form.category.choices = [(each.code, each.name(language)) for each in catalogue.categories]
    takes = [*catalogue.requires, *(tag for tag in catalogue.tags if tag.code in DEMANDING_TAGS)]
    form.takes.choices = [(each.code, each.name(language)) for each in takes]
    form.languages.choices = tongues(request)
    return form


def _repeats(form: CorrectForm) -> Repeats | None:
    return Repeats(form.repeats.data) if form.repeats.data else None


def _need_id(request: web.Request) -> NeedId:
    return NeedId(request.match_info["need"])


async def _page(
    request: web.Request,
    actor: Actor,
    form: CorrectForm,
    now: Corrected,
    *,
    status: int = 200,
    offered: bool = False,
    problem: str = "",
) -> web.Response:
    page = CorrectPage(
        need_id=_need_id(request),
        form=form,
        headings=headings(catalogue_of(request)),
        questions=await own_questions.to_put_right(request, form, now.answers),
        typed=now.channel in TYPED,
        by_rule=await repeating.of_need(request, actor, _need_id(request)) is not None,
        offered=offered,
        problem=problem,
    )
    return await render(request, "correct.html", page, status=status)
