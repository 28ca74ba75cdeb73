"""`/c/<token>`: a volunteer's calls by a private link, one at a time. Opening it changes nothing."""

from aiohttp import web

from node.appkeys import CALL_LINKS, EMERGENCIES
from node.domain.calls.call_list import CallWord
from node.errors import Conflict
from node.services.settings.texts import RINGING
from ui.contexts.calls import CallingPage, OneCallPage
from ui.forms.calls import WordForm
from ui.parts import consenting
from ui.web import sessions
from ui.web.site import LANGUAGE, go, render, say
from ui.words import call_words


async def show(request: web.Request) -> web.StreamResponse:
    """Today's calls, on this device."""
    return await _page(request)


async def open_here(request: web.Request) -> web.StreamResponse:
    """Ties the link to this device."""
    device = _device(request) or sessions.fresh()
    await request.config_dict[CALL_LINKS].open_here(_token(request), device)
    response = go(f"/c/{_token(request)}")
    sessions.write(request, response, sessions.DEVICE, device, max_age=sessions.LONG)
    return response


async def call(request: web.Request) -> web.StreamResponse:
    """Whom to ring now. Where there is nobody to ring any more, back to the list."""
    try:
        return await _call(request)
    except Conflict:
        return go(f"/c/{_token(request)}")


async def said(request: web.Request) -> web.StreamResponse:
    """What came of it; then the next one. A worry, or a wish, first says what happens now."""
    filled = WordForm(await request.post())
    if not filled.validate():
        wrong = next((say(request, errors[0]) for errors in filled.errors.values() if errors), "")
        return await _call(request, status=422, problem=wrong)
    word = CallWord(filled.word.data)
    try:
        following = await request.config_dict[CALL_LINKS].said(
            _token(request), _device(request), _entry(request), word, filled.note.data
        )
    except Conflict as error:
        return await _refused(request, error)
    if following and word in (CallWord.FINE, CallWord.NO_ANSWER):
        return go(f"/c/{_token(request)}/call/{following}")
    return go(f"/c/{_token(request)}", just=str(word))


async def may(request: web.Request) -> web.StreamResponse:
    """She was asked whether we may ring her."""
    data = await request.post()
    yes, wording = data.get("answer") == "yes", await consenting.version_read(request, data, RINGING)
    try:
        await request.config_dict[CALL_LINKS].said_yes(
            _token(request), _device(request), _entry(request), yes=yes, wording=wording
        )
    except Conflict as error:
        return await _refused(request, error)
    return go(f"/c/{_token(request)}/call/{_entry(request)}" if yes else f"/c/{_token(request)}")


def _token(request: web.Request) -> str:
    return request.match_info["token"]


def _entry(request: web.Request) -> str:
    return request.match_info["entry"]


def _device(request: web.Request) -> str:
    return sessions.read(request, sessions.DEVICE) or ""


async def _number(request: web.Request) -> str:
    return (await request.config_dict[EMERGENCIES].rules()).number


async def _refused(request: web.Request, error: Conflict) -> web.StreamResponse:
    if error.code == "other_device":
        raise error
    return await _page(request, status=409, problem=request[LANGUAGE].explain(error))


async def _call(request: web.Request, *, status: int = 200, problem: str = "") -> web.Response:
    one = await request.config_dict[CALL_LINKS].call(_token(request), _device(request), _entry(request))
    asks = await consenting.read_aloud(request, RINGING)
    page = OneCallPage(
        token=_token(request), call=one, asks=asks, number=await _number(request), problem=problem
    )
    return await render(request, "calling_one.html", page, status=status)


async def _page(request: web.Request, *, status: int = 200, problem: str = "") -> web.Response:
    view = await request.config_dict[CALL_LINKS].view(_token(request), _device(request))
    just = request.query.get("just", "")
    page = CallingPage(
        token=_token(request),
        view=view,
        just=just if just in call_words.WORD else "",
        number=await _number(request),
        problem=problem,
    )
    return await render(request, "calling.html", page, status=status)
