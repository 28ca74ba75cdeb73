"""`/polls`: short questions to everybody, and what came of them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from aiohttp import web

from node.appkeys import POLLS, SECOND_YES
from node.domain.actors import Actor
from node.domain.settings.polls import USUAL_DAYS, Asked, Poll, is_open
from node.errors import N_, Invalid, NotFound
from ui.contexts.polls import PollsPage, PollWordsPage, TypedPoll
from ui.forms.polls import PollForm
from ui.web.site import LANGUAGE, LANGUAGES, go, render, say, today


async def show(request: web.Request, actor: Actor) -> web.StreamResponse:
    """Every poll with every count, and the form for a new one."""
    return await _page(request, actor, PollForm())


async def begin(request: web.Request, actor: Actor) -> web.StreamResponse:
    """Asks everybody, or waits for a second yes."""
    data = await request.post()
    form, typed = PollForm(data), _typed(request, data)
    if not form.validate():
        return await _page(request, actor, form, typed, status=422)
    try:
        poll = request.config_dict[POLLS].new(
            form.question.data,
            tuple(form.choices.data.splitlines()),
            form.until.data or today(request) + timedelta(days=USUAL_DAYS),
            shown=form.shown.data,
            language=request[LANGUAGE].code,
            also={
                each.language: Asked(
                    question=each.question, choices=tuple(each.choices.splitlines()), language=each.language
                )
                for each in typed
            },
        )
        waits = await request.config_dict[SECOND_YES].poll(actor, poll)
    except Invalid as error:
        form.blame(error.fields)
        typed = [_blamed(request, each, error.fields) for each in typed]
        others = next((text for name, text in error.fields.items() if ":" in name), "")
        shown = others or ("" if error.fields else error.message)
        problem = say(request, shown, **error.values) if shown else ""
        return await _page(request, actor, form, typed, status=422, problem=problem)
    return go("/polls", done="waits" if waits else "poll_begun")


async def words(request: web.Request, actor: Actor) -> web.StreamResponse:
    """The words of one question in every language, to be added or corrected."""
    return await _words_page(request, actor)


async def say_words(request: web.Request, actor: Actor) -> web.StreamResponse:
    """Keeps those of one language, or lets them wait for a second yes."""
    data = await request.post()
    typed = TypedPoll(
        language=str(data.get("language", "")),
        question=str(data.get("question", "")).strip(),
        choices=str(data.get("choices", "")).strip(),
    )
    words = Asked(question=typed.question, choices=tuple(typed.choices.splitlines()), language=typed.language)
    poll_id = request.match_info["poll"]
    try:
        waits = await request.config_dict[SECOND_YES].poll_words(actor, poll_id, words)
    except Invalid as error:
        fields = {f"{name}:{typed.language}": text for name, text in error.fields.items()}
        wrong = _blamed(request, typed, fields)
        problem = next(iter(error.fields.values()), error.message)
        return await _words_page(request, actor, wrong, status=422, problem=say(request, problem))
    return go(f"/polls/{poll_id}/words", done="waits" if waits else "poll_words")


async def end(request: web.Request, actor: Actor) -> web.StreamResponse:
    """Nobody can answer any more."""
    await request.config_dict[POLLS].end(actor, request.match_info["poll"])
    return go("/polls", done="poll_ended")


async def remove(request: web.Request, actor: Actor) -> web.StreamResponse:
    """With what came of it."""
    await request.config_dict[POLLS].remove(actor, request.match_info["poll"])
    return go("/polls", done="removed")


def _typed(request: web.Request, data: Mapping[str, Any]) -> list[TypedPoll]:
    """What was typed in every language of the site but the page's own, which is the first one."""
    return [
        TypedPoll(
            language=each.code,
            question=str(data.get(f"question:{each.code}", "")).strip(),
            choices=str(data.get(f"choices:{each.code}", "")).strip(),
        )
        for each in request.config_dict[LANGUAGES]
        if each.code != request[LANGUAGE].code
    ]


def _blamed(request: web.Request, typed: TypedPoll, fields: Mapping[str, str]) -> TypedPoll:
    question, choices = (fields.get(f"{name}:{typed.language}", "") for name in ("question", "choices"))
    return replace(
        typed,
        wrong_question=say(request, question) if question else "",
        wrong_choices=say(request, choices) if choices else "",
    )


async def _page(
    request: web.Request,
    actor: Actor,
    form: PollForm,
    typed: Sequence[TypedPoll] | None = None,
    *,
    status: int = 200,
    problem: str = "",
) -> web.Response:
    rows = await request.config_dict[POLLS].results(actor, request[LANGUAGE].code)
    page = PollsPage(
        rows=rows,
        languages=[each.code for each in request.config_dict[LANGUAGES]],
        form=form,
        typed=_typed(request, {}) if typed is None else typed,
        today=today(request),
        problem=problem,
    )
    return await render(request, "polls.html", page, status=status)


async def _words_page(
    request: web.Request,
    actor: Actor,
    wrong: TypedPoll | None = None,
    *,
    status: int = 200,
    problem: str = "",
) -> web.Response:
    rows = await request.config_dict[POLLS].results(actor)
    poll = next((poll for poll, _ in rows if poll.id == request.match_info["poll"]), None)
    if poll is None or not is_open(poll, today(request)):
        raise NotFound("no_poll", N_("That question is not asked any more."))
    codes = sorted(
        (each.code for each in request.config_dict[LANGUAGES]), key=lambda code: code != poll.language
    )
    page = PollWordsPage(
        poll=poll,
        typed=[wrong if wrong and wrong.language == code else _as_kept(poll, code) for code in codes],
        missing=frozenset(poll.missing(codes)),
        problem=problem,
    )
    return await render(request, "poll_words.html", page, status=status)


def _as_kept(poll: Poll, code: str) -> TypedPoll:
    said = poll.written(code)
    if said is None:
        return TypedPoll(language=code)
    return TypedPoll(language=code, question=said.question, choices="\n".join(said.choices))
