"""`/settings/questions`: what the group asks beside what everybody is asked, and how often what was answered."""

from typing import Any

from aiohttp import web

from node.appkeys import QUESTIONS, SECOND_YES
from node.domain.actors import Actor
from node.domain.settings.questions import CHOICES, AskedAt, Kind, Question, in_language
from node.domain.settings.texts import LANGUAGES, language_of
from node.errors import N_, Conflict, Invalid, NotFound
from ui.contexts.settings import AnswersPage, CountRow, QuestionPage, QuestionsPage
from ui.forms.settings import QuestionForm
from ui.parts import own_questions
from ui.web.site import LANGUAGE, go, render, say


async def show(request: web.Request, actor: Actor) -> web.StreamResponse:
    """Every question, in the order in which they are asked."""
    return await _list(request)


async def edit(request: web.Request, actor: Actor) -> web.StreamResponse:
    """A new question, or one that is there, in one language."""
    held, language = (
        await _chosen(request),
        language_of(request.query.get("language", request[LANGUAGE].code)),
    )
    form = QuestionForm()
    if held is not None:
        form = QuestionForm(
            words=held.words.get(language, ""), kind=str(held.kind), asked=[*map(str, held.asked)]
        )
        form.choices_typed = {code: words.get(language, "") for code, words in held.choices.items()}
    return await _form_page(request, held, language, form)


async def save(request: web.Request, actor: Actor) -> web.StreamResponse:
    """Keeps it; what it says in other languages stays."""
    held, language = (
        await _chosen(request),
        language_of(request.query.get("language", request[LANGUAGE].code)),
    )
    data = await request.post()
    form = QuestionForm(data)
    form.choices_typed = {code: " ".join(str(data.get(f"choice:{code}", "")).split()) for code in CHOICES}
    if held is not None:
        form.kind.data = str(held.kind)
    if not form.validate():
        return await _form_page(request, held, language, form, status=422)
    kind = Kind(form.kind.data)
    choices: dict[str, dict[str, str]] = {}
    if kind is Kind.CHOICE:
        for code in CHOICES:
            before = held.choices.get(code, {}) if held else {}
            words = _with(before, language, form.choices_typed[code])
            if words:
                choices[code] = words
    question = Question(
        id=held.id if held else "",
        kind=kind,
        asked=frozenset(AskedAt(code) for code in form.asked.data),
        words=_with(held.words if held else {}, language, form.words.data),
        choices=choices,
    )
    try:
        waits = await request.config_dict[SECOND_YES].question(actor, question)
    except Invalid as error:
        form.blame(error.fields)
        problem = next((text for name, text in error.fields.items() if name not in form), "")
        return await _form_page(request, held, language, form, status=422, problem=problem)
    except Conflict as error:
        return await _form_page(request, held, language, form, status=409, problem=error.message)
    return go("/settings/questions", done="waits" if waits else "saved")


async def up(request: web.Request, actor: Actor) -> web.StreamResponse:
    """Asked one place earlier."""
    await request.config_dict[QUESTIONS].up(actor, str((await request.post()).get("id", "")))
    return go("/settings/questions", done="saved")


async def remove(request: web.Request, actor: Actor) -> web.StreamResponse:
    """Asked no more."""
    await request.config_dict[SECOND_YES].ask_no_more(actor, str((await request.post()).get("id", "")))
    return go("/settings/questions", done="saved")


async def answers(request: web.Request, actor: Actor) -> web.StreamResponse:
    """How often what was answered, without whose answer it was."""
    service = request.config_dict[QUESTIONS]
    held = {each.id: each for each in await service.all()}
    rows = []
    for each in await service.counted(actor):
        question = held.get(each.question)
        lines = [
            (
                own_questions.said(request, question, code, words) or say(request, N_("In their own words")),
                times,
            )
            for code, (words, times) in each.answers.items()
        ]
        words = question.say(request[LANGUAGE].code) if question else each.asked
        rows.append(CountRow(asked=words, times=each.times, lines=lines, gone=question is None))
    return await render(request, "settings_answers.html", AnswersPage(rows=rows))


def _with(words: Any, language: str, text: str) -> dict[str, str]:
    """The words with one language changed; an empty text takes it out."""
    return {code: said for code, said in {**words, language: text}.items() if said}


async def _chosen(request: web.Request) -> Question | None:
    id = request.query.get("id", "")
    if not id:
        return None
    for each in await request.config_dict[QUESTIONS].all():
        if each.id == id:
            return each
    raise NotFound("no_question", N_("There is no such question."))


async def _list(request: web.Request) -> web.Response:
    language = request[LANGUAGE].code
    rows = [
        (each, each.say(language), list(each.answers(language).values()))
        for each in await request.config_dict[QUESTIONS].all()
    ]
    return await render(request, "settings_questions.html", QuestionsPage(rows=rows))


async def _form_page(
    request: web.Request,
    held: Question | None,
    language: str,
    form: QuestionForm,
    *,
    status: int = 200,
    problem: str = "",
) -> web.Response:
    page = QuestionPage(
        id=held.id if held else "",
        form=form,
        language=language,
        languages=LANGUAGES,
        own_in=sorted(held.words) if held else (),
        elsewhere=held.say(language) if held and language not in held.words else "",
        choices=[
            (
                code,
                form.choices_typed.get(code, ""),
                in_language(held.choices.get(code, {}), language) if held else "",
            )
            for code in CHOICES
        ],
        problem=problem,
    )
    return await render(request, "settings_question.html", page, status=status)
