"""`/privacy` for everybody, and the group's own papers about data: filled in from what is set now, to be printed."""

from aiohttp import web

from node.appkeys import PAPERS, STANDING, TEXTS
from node.domain.actors import Actor
from node.domain.rights.dangers import DANGERS, FACT_WORDS, likelihood
from node.domain.rights.papers import ACTIVITIES
from ui.contexts.rights import NoticePage, PapersPage
from ui.web import sessions
from ui.web.site import LANGUAGE, render, today


async def notice(request: web.Request) -> web.StreamResponse:
    """What we hold, why, how long, and what anybody may ask for."""
    texts = await request.config_dict[TEXTS].all(request[LANGUAGE].code)
    page = NoticePage(
        facts=await request.config_dict[PAPERS].notice(),
        why=texts["privacy.why"],
        contact=texts["privacy.contact"],
        day=today(request),
    )
    return await render(request, "privacy.html", page)


async def record(request: web.Request, actor: Actor) -> web.StreamResponse:
    """What is done with data: the record that the law asks for."""
    return await _paper(request, actor, "privacy_record.html")


async def assessment(request: web.Request, actor: Actor) -> web.StreamResponse:
    """What may go wrong, what is done about it, and whether that stands today."""
    return await _paper(request, actor, "privacy_assessment.html")


async def agreement(request: web.Request, actor: Actor) -> web.StreamResponse:
    """For whoever looks after the machine for the group, to be signed."""
    return await _paper(request, actor, "privacy_agreement.html")


async def _paper(request: web.Request, actor: Actor, template: str) -> web.Response:
    texts = await request.config_dict[TEXTS].all(request[LANGUAGE].code)
    about = await request.config_dict[STANDING].about()
    facts = await request.config_dict[PAPERS].facts(
        actor,
        https=sessions.origin_of(request)[0] == "https" or about.public_url.startswith("https://"),
        contact=bool(texts["privacy.contact"].text),
    )
    page = PapersPage(
        facts=facts,
        contact=texts["privacy.contact"],
        activities=ACTIVITIES,
        dangers=[
            (each, likelihood(each, facts.facts))
            for each in DANGERS
            if facts.notice.carried or not each.where_carried
        ],
        fact_words=FACT_WORDS,
        day=today(request),
    )
    return await render(request, template, page)
