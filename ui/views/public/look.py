"""`/look`: how the pages look, as one page made of the very parts that all of them are made of.

Nothing is drawn here by hand: colours and sizes are those of ``tokens.css``, pictures the files themselves, fields and
notices come from ``parts/components.html``, the map, the row of the board and the like from the very macros of those
pages, with people and requests that nobody ever met. Whoever changes one of them sees here what else changes, in every
language and in both themes.
"""

import re
from collections.abc import Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import Final

from aiohttp import web
from markupsafe import Markup

from node.appkeys import CLOCK
from node.clock import unix
from node.domain.board.views import Candidate, Part, QueueRow, Reason
from node.domain.dispatch.thread import MessageView, ThreadView
from node.domain.hours import ALL_HOURS
from node.domain.ids import AssignmentId, NeedId, PersonId
from node.domain.matching.scoring import Factor
from node.domain.need import NeedState, Urgency
from node.errors import N_
from protocol import cells
from ui.contexts.common import LookPage
from ui.contexts.steps import Step, Walk
from ui.drawing import qr, svg
from ui.forms.near import LookForm
from ui.web.site import render, say, today

_UI: Final = Path(__file__).parents[2]
_COLOUR: Final = re.compile(r"^  (--[a-z0-9-]+): #", re.MULTILINE)
_SIZE: Final = re.compile(r"^  (--step-[a-z0-9-]+):", re.MULTILINE)
_HERE: Final = (51.45, -2.59)
_REACH_KM: Final = 8.0
_NOBODY: Final = "A" * 22
"""Where something has an id: there is nothing behind it."""
_ICON: Final = re.compile(r'<symbol id="([a-z-]+)"')


async def show(request: web.Request) -> web.StreamResponse:
    """The page, with one field as it looks when something is wrong."""
    form = LookForm()
    form.blame({"phone": N_("This does not look like a phone number.")})
    day, one = today(request), LookForm(prefix="one-")
    one.hours.data = [slot for slot in ALL_HOURS if slot.endswith((":morning", ":evening"))]
    page = LookPage(
        form=form,
        colours=_colours(),
        sizes=_sizes(),
        icons=_icons(),
        pictures=_pictures(),
        one=one,
        walk=_walk(),
        map=_map(request),
        row=_row(day),
        candidate=_candidate(),
        thread=_thread(request),
        code=qr.drawing("https://example.org/look", say(request, N_("How our pages look"))),
        today=day,
    )
    return await render(request, "look.html", page)


def _walk() -> Walk:
    step = Step(name="name", title=N_("What is your name?"))
    return Walk(
        action="/look",
        step=step,
        number=2,
        of=3,
        first=False,
        last=False,
        checking=False,
        hidden=(),
        once="",
        steps=(step,),
    )


def _map(request: web.Request) -> Markup | None:
    areas = [
        svg.Area(
            cell,
            number + 1,
            svg.letters(number),
            say(request, N_("Area %(sign)s"), sign=svg.letters(number)),
        )
        for number, cell in enumerate(cells.cells_within(*_HERE, _REACH_KM)[:3])
    ]
    title = say(request, N_("Map: where help is wanted, roughly"))
    return svg.area_map(areas, title=title, reach_km=_REACH_KM, here=_HERE, links=False)


def _row(day: date) -> QueueRow:
    return QueueRow(
        need_id=NeedId(_NOBODY),
        reference="416128009",
        state=NeedState.ASSIGNED,
        category="groceries",
        cell=None,
        place="",
        urgency=Urgency.TODAY,
        due_day=day,
        overdue=False,
        posted_day=day,
        hold_until=None,
        helpers=2,
        filled=1,
        waiting=1,
        keep_here=False,
        to_check=False,
        told_by_phone=False,
        promised_at=None,
        late_call=False,
        practice=True,
        call_back=None,
        unread=1,
        changed_at=0,
    )


def _candidate() -> Candidate:
    reasons = (Reason(code="helped_before", args={"times": 2}), Reason(code="not_asked", args={"days": 12}))
    parts = (Part(factor=Factor.NEAR, points=25, most=30),)
    return Candidate(
        person_id=PersonId(_NOBODY),
        name="Sam Pretend",
        score=78,
        parts=parts,
        reasons=reasons,
        distance_km=None,
    )


def _thread(request: web.Request) -> ThreadView:
    now = unix(request.config_dict[CLOCK])
    said = say(request, N_("Kettle on, who is free on Thursday?"))
    lines = (
        MessageView(at=now, by="Winifred Pretend", text=said, new=False),
        MessageView(at=now, by=None, text=said, new=True),
    )
    return ThreadView(assignment_id=AssignmentId(_NOBODY), messages=lines, open=False, locked=False)


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
