"""A form shown one thing a page, without an account, a draft on our side or a script.

What was answered on the other pages travels along in hidden fields, so nothing is kept before it is sent, the records
may be closed meanwhile, and the browser's own way back works. ``turn`` is the rule of where a button leads; the last
step is the one that shows all answers and sends them. A form that comes without naming its step is one long form: it is
sent if nothing is wrong with it, else it goes on at the first page that has a mistake.

A page of this kind has a tuple of ``Step``, a ``PageForm`` with all their fields, a template with
``parts/steps.html``, and a view that follows ``Turn.send`` (see ``ui/views/public/ask.py``).
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from node.domain.settings.questions import FIELD
from node.errors import Invalid
from ui.contexts.steps import Step, Walk
from ui.forms import PageForm
from ui.web import sessions
from ui.web.once import FIELD as FORMS_OWN
from ui.web.site import LANGUAGE, LANGUAGES

AT, GO, CHECKING = "step", "go", "checking"
"""Hidden fields and the buttons' name: the page a form stood on, what was pressed, whether all was answered once."""
IN_LANGUAGE = "language"
"""The name of the step that asks in which language, where a walk has one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """Where a button leads."""

    to: str
    """A step's name."""
    blame: bool = False
    """Whether what is wrong there is said."""
    checking: bool = False
    """Whether the way on leads back to the last step."""
    language: str = ""
    """The code of a language that was asked for."""
    send: bool = False


def turn(steps: Sequence[Step], *, at: str, go: str, wrong: Collection[str], checking: bool) -> Turn:
    """The rule. ``at``: the step that the form stood on; ``go``: ``next``, ``back``, ``to:<step>``, ``lang:<code>``,
    anything else sends; ``wrong``: names of the steps that have a mistake in them.
    """
    names = [step.name for step in steps]
    here = names.index(at) if at in names else len(names) - 1
    word, _, what = go.partition(":")
    if word == "lang":
        return Turn(
            to=names[here + (names[here] == IN_LANGUAGE and here + 1 < len(names))],
            checking=checking,
            language=what,
        )
    if word == "to" and what in names:
        return Turn(to=what, checking=True)
    if word == "back":
        return Turn(to=names[-1] if checking and here + 1 < len(names) else names[max(0, here - 1)])
    if word == "next" and here + 1 < len(names):
        if names[here] in wrong:
            return Turn(to=names[here], blame=True, checking=checking)
        return Turn(to=names[-1] if checking else names[here + 1], checking=checking)
    for name in names:
        if name in wrong:
            return Turn(to=name, blame=True, checking=True)
    return Turn(to=names[-1], send=True)


def mistaken(steps: Sequence[Step], form: PageForm) -> frozenset[str]:
    """Which steps have a mistake in them; what no step asks for counts for the last."""
    found = {step.name for step in steps if step.own and form.own_wrong}
    for name, errors in form.errors.items():
        if errors:
            found.add(next((step.name for step in steps if name in step.fields), steps[-1].name))
    return frozenset(found)


def walk(
    action: str, steps: Sequence[Step], to: Turn, form: PageForm, data: Mapping[str, Any] | None
) -> Walk:
    """The frame of the step that ``to`` leads to; leaves on the form only the mistakes that are said there."""
    here = next(number for number, step in enumerate(steps) if step.name == to.to)
    step = steps[here]
    for name in form.errors:
        if not to.blame or (name not in step.fields and here + 1 < len(steps)):
            form[name].errors = []
    if not (to.blame and step.own):
        form.own_wrong = {}
    asking = [each for each in steps if each.name != IN_LANGUAGE]
    return Walk(
        action=action,
        step=step,
        number=asking.index(step) + 1 if step in asking else 0,
        of=len(asking),
        first=here == 0,
        last=here + 1 == len(steps),
        checking=to.checking,
        hidden=_carried(steps, step, data),
        once=str((data or {}).get(FORMS_OWN, ""))[:64],
        steps=[each for each in asking if each.fields or each.own],
    )


def _carried(steps: Sequence[Step], shown: Step, data: Mapping[str, Any] | None) -> list[tuple[str, str]]:
    known = {name for step in steps if step is not shown for name in step.fields}
    own = any(step.own for step in steps if step is not shown)
    return [
        (name, str(value))
        for name, value in (data or {}).items()
        if name in known or (own and name.startswith(FIELD))
    ]


def opened(request: web.Request, steps: Sequence[Step]) -> Turn:
    """To the page that the address names (``?step=``), else to the first."""
    at = request.query.get("step", "")
    return Turn(to=at) if at in {step.name for step in steps} else begin(request, steps)


def refused(steps: Sequence[Step], form: PageForm, error: Invalid, fields: Mapping[str, str]) -> Turn:
    """Back to the page where what a service found wrong can be put right; it stands at its field. ``fields``: the
    service's names of fields in the form's."""
    form.blame({fields.get(field, field): message for field, message in error.fields.items()})
    wrong = mistaken(steps, form) or {steps[-1].name}
    return turn(steps, at=steps[-1].name, go="send", wrong=wrong, checking=True)


def begin(request: web.Request, steps: Sequence[Step]) -> Turn:
    """The first page; whoever chose a language on this device before is not asked for it again."""
    chosen = steps[0].name == IN_LANGUAGE and sessions.read(request, sessions.LANGUAGE)
    return Turn(to=steps[1 if chosen else 0].name)


def pressed(data: Mapping[str, Any], steps: Sequence[Step], form: PageForm) -> Turn:
    """The turn of a form that came back, with its mistakes found already."""
    return turn(
        steps,
        at=str(data.get(AT, "")),
        go=str(data.get(GO, "")),
        wrong=mistaken(steps, form),
        checking=data.get(CHECKING) == "y",
    )


def speak(request: web.Request, data: Mapping[str, Any]) -> str:
    """From here on in the language that was pressed, if it is one of ours. Its code, or empty."""
    word, _, code = str(data.get(GO, "")).partition(":")
    if word != "lang" or code not in {language.code for language in request.config_dict[LANGUAGES]}:
        return ""
    request[LANGUAGE] = request.config_dict[LANGUAGES].get(code)
    return code


def remember(request: web.Request, response: web.StreamResponse, code: str) -> None:
    """Keeps the language on this device, as the switch on every page does."""
    if code:
        sessions.write(request, response, sessions.LANGUAGE, code, max_age=sessions.LONG)


def kept_for_the_way_back(response: web.Response) -> web.Response:
    """One page of a walk. A browser that may not keep the answer to a form asks on the way back whether to send it
    anew, which few dare; so it may, until ``forgotten``."""
    response.headers["Cache-Control"] = "private, no-cache"
    return response


def forgotten(response: web.Response) -> web.Response:
    """What follows the last page: the browser drops what it kept of the others."""
    response.headers["Clear-Site-Data"] = '"cache"'
    return response
