"""`/poll/ID`: one short question, answered without an account, once on each device."""

from aiohttp import web

from node.appkeys import POLLS
from node.domain.settings.polls import is_open
from node.errors import Conflict, Invalid
from ui.contexts.polls import PollPage
from ui.web import sessions
from ui.web.site import LANGUAGE, go, render, say, today

REMEMBERED = 12
"""So many polls a device remembers that it answered."""


async def show(request: web.Request) -> web.StreamResponse:
    """The question; after the answer, what came of it so far, where the group shows that."""
    return await _page(request)


async def answer(request: web.Request) -> web.StreamResponse:
    """Counts it. The device keeps that it answered, and not what."""
    poll_id, said = request.match_info["poll"], str((await request.post()).get("choice", ""))
    answered = _answered(request)
    if poll_id in answered:
        return go(f"/poll/{poll_id}")
    try:
        await request.config_dict[POLLS].answer(
            poll_id, int(said) if said.isdecimal() and len(said) < 3 else -1
        )
    except (Conflict, Invalid) as error:
        return await _page(request, status=error.status, problem=say(request, error.message, **error.values))
    response = go(f"/poll/{poll_id}", done="poll_answered")
    kept = ".".join([*answered, poll_id][-REMEMBERED:])
    sessions.write(request, response, sessions.POLLS, kept, max_age=sessions.LONG)
    return response


def _answered(request: web.Request) -> list[str]:
    return [each for each in sessions.read(request, sessions.POLLS).split(".") if each]


async def _page(request: web.Request, *, status: int = 200, problem: str = "") -> web.Response:
    language = request[LANGUAGE].code
    poll, tallies = await request.config_dict[POLLS].one(request.match_info["poll"], language)
    answered, still_open = poll.id in _answered(request), is_open(poll, today(request))
    page = PollPage(
        poll=poll,
        said=poll.say(language),
        open=still_open,
        answered=answered,
        tallies=tallies if answered or not still_open else (),
        problem=problem,
    )
    return await render(request, "poll.html", page, status=status)
