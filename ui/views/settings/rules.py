"""`/settings/rules`: how we work: one of three presets, and what is different with us."""

from collections.abc import Mapping

from aiohttp import web

from node.appkeys import RULES, SECOND_YES
from node.domain.actors import Actor
from node.domain.settings import presets
from node.domain.settings.presets import Value
from node.errors import Invalid
from ui.contexts.settings import RulesPage
from ui.web.site import go, render, say


async def show(request: web.Request, actor: Actor) -> web.StreamResponse:
    """The preset, and every rule with where its value comes from."""
    return await _page(request)


async def choose(request: web.Request, actor: Actor) -> web.StreamResponse:
    """Takes a preset."""
    data = await request.post()
    try:
        waits = await request.config_dict[SECOND_YES].preset(
            actor, str(data.get("preset", "")), keep_changes="reset" not in data
        )
    except Invalid as error:
        return await _page(request, status=422, problem=say(request, error.message))
    return go("/settings/rules", done="waits" if waits else "saved")


async def submit(request: web.Request, actor: Actor) -> web.StreamResponse:
    """Saves the rules; what is as in the preset goes on following it."""
    data = await request.post()
    typed = {key: str(data[key]).strip() for key in presets.RULES if key in data}
    try:
        waits = await request.config_dict[SECOND_YES].rules(
            actor, {key: _value(key, text) for key, text in typed.items()}
        )
    except Invalid as error:
        problem = say(request, error.message)
        return await _page(request, status=422, typed=typed, fields=error.fields, problem=problem)
    return go("/settings/rules", done="waits" if waits else "saved")


def _value(key: str, text: str) -> Value:
    return int(text) if not presets.RULES[key].choices and text.isdecimal() else text


async def _page(
    request: web.Request,
    *,
    status: int = 200,
    typed: Mapping[str, str] | None = None,
    fields: Mapping[str, str] | None = None,
    problem: str = "",
) -> web.Response:
    page = RulesPage(
        now=await request.config_dict[RULES].now(),
        table=presets.RULES,
        typed=typed or {},
        fields=fields or {},
        problem=problem,
    )
    return await render(request, "settings_rules.html", page, status=status)
