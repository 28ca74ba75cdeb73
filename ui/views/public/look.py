"""`/look`: how the pages look, as one page made of the very parts that all of them are made of.

Nothing is drawn here by hand: colours and sizes are those of ``tokens.css``, pictures the files themselves, fields and
notices come from ``parts/components.html``. Whoever changes one of them sees here what else changes, in every language
and in both themes.
"""

import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Final

from aiohttp import web

from node.errors import N_
from ui.contexts.common import LookPage
from ui.forms.near import LookForm
from ui.web.site import render

_UI: Final = Path(__file__).parents[2]
_COLOUR: Final = re.compile(r"^  (--[a-z0-9-]+): #", re.MULTILINE)
_SIZE: Final = re.compile(r"^  (--step-[a-z0-9-]+):", re.MULTILINE)
_ICON: Final = re.compile(r'<symbol id="([a-z-]+)"')


async def show(request: web.Request) -> web.StreamResponse:
    """The page, with one field as it looks when something is wrong."""
    form = LookForm()
    form.blame({"phone": N_("This does not look like a phone number.")})
    page = LookPage(form=form, colours=_colours(), sizes=_sizes(), icons=_icons(), pictures=_pictures())
    return await render(request, "look.html", page)


@cache
def _colours() -> Sequence[str]:
    return tuple(dict.fromkeys(_COLOUR.findall(_text("static/css/tokens.css"))))


@cache
def _sizes() -> Sequence[str]:
    """From the largest to the smallest."""
    return tuple(reversed(dict.fromkeys(_SIZE.findall(_text("static/css/tokens.css")))))


@cache
def _icons() -> Sequence[str]:
    return tuple(_ICON.findall(_text("static/icons.svg")))


@cache
def _pictures() -> Sequence[str]:
    return tuple(sorted(path.stem for path in (_UI / "templates" / "art").glob("*.svg")))


def _text(path: str) -> str:
    return (_UI / path).read_text("utf-8")
