"""The questions of consent on a form, in the group's own words, and which words they were."""

from collections.abc import Mapping
from typing import Any

from aiohttp import web

from node.appkeys import TEXTS
from node.domain.consents import Purpose
from node.domain.settings.texts import Said, fill
from ui.contexts.aloud import Aloud
from ui.forms import PageForm
from ui.web.site import LANGUAGE

WORDING = "wording:"
"""Before a purpose: the hidden field that says which words stood beside its box."""


async def worded(
    request: web.Request, form: PageForm, keys: Mapping[Purpose, str], *, language: str = ""
) -> None:
    """Puts each question in the group's words on its box (``form`` has a field of each purpose's name), in
    ``language`` or the reader's."""
    said = await request.config_dict[TEXTS].all(language or request[LANGUAGE].code)
    for purpose, key in keys.items():
        field = form[str(purpose)]
        field.label.text = said[key].text
        field.description = said[key].version


async def read_out(
    request: web.Request, data: Mapping[str, Any], keys: Mapping[Purpose, str]
) -> dict[Purpose, str]:
    """Which words each answer of a form that came back was given to."""
    claims = {purpose: str(data.get(f"{WORDING}{purpose}", "")) for purpose in keys}
    return await request.config_dict[TEXTS].read_out(claims, keys)


async def beside(request: web.Request, keys: Mapping[Purpose, str]) -> Said:
    """The words that stand beside a choice, in the reader's language."""
    [key] = keys.values()
    return await request.config_dict[TEXTS].said(key, request[LANGUAGE].code)


async def read_aloud(request: web.Request, keys: Mapping[Purpose, str], **places: str) -> Aloud:
    """The question that is read out before another group hears of somebody, with its places filled."""
    [key] = keys.values()
    said = await request.config_dict[TEXTS].said(key, request[LANGUAGE].code)
    return Aloud(words=fill(said.text, **places), language=said.language, version=said.version)


async def version_read(request: web.Request, data: Mapping[str, Any], keys: Mapping[Purpose, str]) -> str:
    """Which words that was, of the form that came back."""
    [version] = (await read_out(request, data, keys)).values()
    return version
