"""What is sent to whoever was asked: a ready message with the private link, or for an organisation without one; and
who of the confirmed would go alone though nobody has met them."""

from collections.abc import Mapping

from aiohttp import web
from babel.dates import format_date

from node.appkeys import MATCHING, PEOPLE, STANDING, TEXTS
from node.domain.actors import Actor
from node.domain.assignment import AssignmentState
from node.domain.board.views import NeedView
from node.domain.catalogue import Catalogue
from node.domain.ids import PersonId, spoken_reference
from node.domain.need import PRIVATE_CATEGORY, Need
from node.domain.settings.texts import DEFAULTS, fill
from node.errors import N_, Locked
from ui.i18n import Language
from ui.parts import places
from ui.web.site import LANGUAGE, LANGUAGES, catalogue_of
from ui.web.templating import as_one
from ui.words import words
from ui.words.reasons import in_words

COMES = (AssignmentState.APPROVED, AssignmentState.CONTACTED)
"""Who is confirmed and has not been there yet."""


async def takes_a_message(request: web.Request, actor: Actor, person: PersonId) -> bool:
    """Whether that helper is an organisation: a message goes to whoever answers there, and no link."""
    rows = await request.config_dict[PEOPLE].list_volunteers(actor)
    return any(row.person_id == person and row.organisation for row in rows)


async def message(
    request: web.Request,
    view: NeedView,
    helper: str,
    link: str = "",
    language: str = "",
    *,
    confirmed: bool = False,
) -> str:
    """The group's own words with what may be said before anybody agreed: codes, days and a rough area. In
    ``language`` if the group's texts and our words have it, else in the reader's. ``confirmed``: she is."""
    need, about = view.need, await request.config_dict[STANDING].about()
    area = (await places.areas(request, [need.cell])).get(need.cell or "", "")
    said = await request.config_dict[TEXTS].said(
        "message.ask_organisation"
        if not link
        else "message.confirmed"
        if confirmed
        else "message.ask_volunteer",
        language or request[LANGUAGE].code,
    )
    spoken = request.config_dict[LANGUAGES].get(said.language)
    return fill(
        said.text,
        name=helper,
        kind=_kind(spoken, need, catalogue_of(request)),
        area=area or spoken.say(N_("the neighbourhood")),
        when=_when(spoken, need),
        link=link,
        reference=as_one(spoken_reference(need.reference), spoken.direction),
        phone=as_one(about.phone, spoken.direction),
        group=about.name,
    )


async def told(request: web.Request, view: NeedView | None) -> str:
    """What the person is told once somebody is confirmed: who comes, when, and the doorstep word. In the first of
    her languages that we have words for, else in the reader's."""
    if view is None or view.locked or view.need.told_by_phone:
        return ""
    helpers = [each.name for each in view.assignments if each.state in COMES and each.name]
    if not helpers:
        return ""
    texts = request.config_dict[TEXTS]
    ours = {*DEFAULTS, *(await texts.own_languages())["message.told"]}
    spoken_by_her = next((code for code in view.speaks if code in ours), request[LANGUAGE].code)
    said = await texts.said("message.told", spoken_by_her)
    spoken = request.config_dict[LANGUAGES].get(said.language)
    word = view.details.doorstep_word if view.details else ""
    # Where our own words are not written in her language yet a day is, and a sentence of two languages is none.
    when = _when(spoken, view.need) if spoken.code == said.language else _day(said.language, view.need)
    return fill(said.text, helper=spoken.listed(helpers), when=when, word=word or "…")


async def misfits(request: web.Request, actor: Actor, view: NeedView | None) -> Mapping[str, str]:
    """Of confirmed tasks whose helper no longer has what it takes, the reason in words."""
    if view is None or view.locked:
        return {}
    try:
        found = await request.config_dict[MATCHING].misfits(actor, view.need.id)
    except Locked:
        return {}
    language, catalogue = request[LANGUAGE], catalogue_of(request)
    return {task: in_words(reason, language, catalogue) for task, reason in found.items()}


async def alone(request: web.Request, actor: Actor, view: NeedView | None) -> tuple[str, ...]:
    """Who is confirmed, whom nobody has met, and who would stand at the door alone."""
    if view is None or view.locked:
        return ()
    try:
        return await request.config_dict[MATCHING].new_and_alone(actor, view.need.id)
    except Locked:
        return ()


def _kind(language: Language, need: Need, catalogue: Catalogue) -> str:
    if need.category == PRIVATE_CATEGORY:
        return language.say(N_("Something private"))
    return catalogue.name(need.category, language.code)


def _day(code: str, need: Need) -> str:
    """The last day on which it is to happen, as people write it who speak that language; a dash for no day."""
    return format_date(need.due_day, "EEE d MMM", locale=code) if need.due_day else "–"


def _when(language: Language, need: Need) -> str:
    said = language.say(words.URGENCY[need.urgency])
    if need.window:
        first, last = (
            format_date(day, "EEE d MMM", locale=language.locale)
            for day in (need.window.first, need.window.last)
        )
        said = first if first == last else f"{first} – {last}"
    return f"{said}, {language.say(words.PART_OF_DAY[need.part_of_day])}" if need.part_of_day else said
