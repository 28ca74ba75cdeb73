"""The group's own questions on a form, and what was answered in the reader's words."""

from collections.abc import Mapping, Sequence
from typing import Any

from aiohttp import web

from node.appkeys import QUESTIONS
from node.domain.answers import Answer
from node.domain.settings.questions import AS_IT_WAS, FIELD, AskedAt, Kind, Question, in_language
from node.errors import N_, Invalid
from ui.contexts.questions import Asked, Told
from ui.forms import PageForm
from ui.web.site import LANGUAGE, say

YES_NO: Mapping[str, str] = {"yes": N_("Yes"), "no": N_("No")}


async def asked(
    request: web.Request, where: AskedAt, form: PageForm, languages: Sequence[str] = ()
) -> list[Asked]:
    """What is asked there, with what was typed. ``languages``: in which it may be read out, beside the page's own."""
    own = request[LANGUAGE].code
    return [
        Asked(
            field=FIELD + question.id,
            words={
                code: question.say(code) for code in dict.fromkeys((*languages, own) if languages else (own,))
            },
            choices=_choices(request, question),
            value=str(form.own.get(FIELD + question.id, "")),
            problem=form.own_wrong.get(FIELD + question.id, ""),
        )
        for question in await request.config_dict[QUESTIONS].asked_at(where)
    ]


async def read(
    request: web.Request, where: AskedAt, form: PageForm, language: str = ""
) -> tuple[Answer, ...]:
    """The answers of a form that came back. Raises ``Invalid``, with what is wrong left on the form."""
    try:
        return await request.config_dict[QUESTIONS].read(
            where, _typed(form), language or request[LANGUAGE].code
        )
    except Invalid as error:
        form.own_wrong = error.fields
        raise


async def to_put_right(request: web.Request, form: PageForm, before: Sequence[Answer]) -> list[Asked]:
    """What may be answered anew of a request, with what was typed, else with what is held (``before``). An answer to a
    question that is gone, or to a choice that is, can be left as it is or taken away."""
    language, held = request[LANGUAGE].code, {each.question: each for each in before}
    questions = await request.config_dict[QUESTIONS].asked_anew(before)
    found = []
    for question in questions:
        answer, choices = held.pop(question.id, None), _choices(request, question)
        value = (answer.code or answer.said) if answer else ""
        if answer and answer.code and answer.code not in dict(choices):
            choices = [*choices, (answer.code, answer.said)]
        found.append(_asked(form, question.id, question.say(language), choices, value, language))
    for answer in held.values():
        kept = [(AS_IT_WAS, said(request, None, answer.code, answer.said))]
        found.append(_asked(form, answer.question, answer.asked, kept, AS_IT_WAS, language))
    return found


def _asked(
    form: PageForm, id: str, words: str, choices: Sequence[tuple[str, str]], value: str, language: str
) -> Asked:
    return Asked(
        field=FIELD + id,
        words={language: words},
        choices=choices,
        value=form.own.get(FIELD + id, value),
        problem=form.own_wrong.get(FIELD + id, ""),
    )


async def put_right(request: web.Request, form: PageForm, before: Sequence[Answer]) -> tuple[Answer, ...]:
    """What is held from now on. Raises ``Invalid``, with what is wrong left on the form."""
    try:
        return await request.config_dict[QUESTIONS].put_right(before, _typed(form), request[LANGUAGE].code)
    except Invalid as error:
        form.own_wrong = error.fields
        raise


async def in_a_line(request: web.Request, answers: Sequence[Answer]) -> str:
    """Each with its question, in the reader's language."""
    return " · ".join(f"{each.asked} {each.said}" for each in await told(request, answers))


async def told(request: web.Request, answers: Sequence[Answer]) -> list[Told]:
    """The answers in the reader's language as far as the questions are still there, else as they were given."""
    if not answers:
        return []
    held = {each.id: each for each in await request.config_dict[QUESTIONS].all()}
    return [
        Told(
            asked=held[each.question].say(request[LANGUAGE].code) if each.question in held else each.asked,
            said=said(request, held.get(each.question), each.code, each.said),
        )
        for each in answers
    ]


def said(request: web.Request, question: Question | None, code: str, words: str) -> str:
    """One answer in words."""
    if code in YES_NO:
        return say(request, YES_NO[code])
    if question is not None and code in question.choices:
        return in_language(question.choices[code], request[LANGUAGE].code)
    return words


def _typed(form: PageForm) -> dict[str, str]:
    return {
        name.removeprefix(FIELD): str(value) for name, value in form.own.items() if name.startswith(FIELD)
    }


def _choices(request: web.Request, question: Question) -> list[tuple[str, str]]:
    match question.kind:
        case Kind.YES_NO:
            return [(code, say(request, words)) for code, words in YES_NO.items()]
        case Kind.CHOICE:
            return list(question.answers(request[LANGUAGE].code).items())
    return []


def typed_in(form: Any, data: Any) -> None:
    """Keeps on the form what came for the group's own questions."""
    form.own = {name: str(value) for name, value in (data or {}).items() if name.startswith(FIELD)}
