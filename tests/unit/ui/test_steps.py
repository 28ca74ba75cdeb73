"""One thing a page: where each button leads, and that nothing which was answered is lost on the way."""

from hypothesis import given
from hypothesis import strategies as st
from multidict import MultiDict

from ui import forms
from ui.contexts.steps import Step
from ui.parts import steps
from ui.parts.steps import Turn

STEPS = (
    Step(name=steps.IN_LANGUAGE, title="Language?"),
    Step(name="what", title="What?", fields=("kinds",)),
    Step(name="reach", title="How?", fields=("name", "phone"), own=True),
    Step(name="check", title="Right?", fields=("agree",)),
)
NAMES = [step.name for step in STEPS]


class Form(forms.PageForm):
    kinds = forms.several("", [("a", "A"), ("b", "B")])
    name = forms.line("", limit=5)
    phone = forms.line("", required=True)
    agree = forms.tick("")


def pressed(at: str, go: str, *wrong: str, checking: bool = False) -> Turn:
    return steps.turn(STEPS, at=at, go=go, wrong=wrong, checking=checking)


def test_on_and_back_and_not_past_a_mistake() -> None:
    assert pressed("what", "next").to == "reach"
    assert pressed("what", "back").to == steps.IN_LANGUAGE
    assert pressed("reach", "next", "reach") == Turn(to="reach", blame=True)
    assert pressed("reach", "next", "check") == Turn(to="check"), "what comes later is not blamed now"
    assert pressed("reach", "back", "reach") == Turn(to="what"), "the way back is never shut"


def test_what_is_changed_leads_back_to_the_answers() -> None:
    assert pressed("check", "to:what") == Turn(to="what", checking=True)
    assert pressed("what", "next", checking=True) == Turn(to="check", checking=True)
    assert pressed("what", "back", checking=True).to == "check"
    assert pressed("check", "to:nowhere").send


def test_another_language_keeps_the_page_but_for_the_page_that_asks_for_it() -> None:
    assert pressed("reach", "lang:es", "reach") == Turn(to="reach", language="es")
    assert pressed(steps.IN_LANGUAGE, "lang:ar") == Turn(to="what", language="ar")


@given(
    st.sampled_from([*NAMES, "", "?"]), st.sampled_from(["send", "", "x"]), st.sets(st.sampled_from(NAMES))
)
def test_it_is_sent_only_when_nothing_is_wrong(at: str, go: str, wrong: set[str]) -> None:
    to = pressed(at, go, *wrong)
    assert to.send == (not wrong)
    if wrong:
        assert to == Turn(to=min(wrong, key=NAMES.index), blame=True, checking=True)


@given(st.sampled_from(NAMES), st.booleans())
def test_whoever_makes_no_mistake_arrives(at: str, checking: bool) -> None:
    to = Turn(to=at, checking=checking)
    for _ in NAMES:
        if to.to != "check":
            to = pressed(to.to, "next", checking=to.checking)
    assert to.to == "check"


def data(**more: str) -> MultiDict[str]:
    found = MultiDict([("seal", "s"), ("step", "reach"), ("go", "next"), ("kinds", "a"), ("kinds", "b")])
    found.update({"name": "Nora Invented", "phone": "", "agree": "y", "own:q": "yes", "foreign": "x", **more})
    return found


def test_every_answer_of_the_other_pages_travels_along_and_nothing_else() -> None:
    form = Form(data())
    form.validate()
    assert steps.mistaken(STEPS, form) == {"reach"}
    walk = steps.walk("/ask", STEPS, Turn(to="reach", blame=True), form, data())
    assert walk.hidden == [("kinds", "a"), ("kinds", "b"), ("agree", "y")]
    assert (walk.number, walk.of, walk.first, walk.last) == (2, 3, False, False)
    assert form.name.errors
    assert form.phone.errors
    later = steps.walk("/ask", STEPS, Turn(to="check"), form, data())
    assert later.hidden == [
        ("kinds", "a"),
        ("kinds", "b"),
        ("name", "Nora Invented"),
        ("phone", ""),
        ("own:q", "yes"),
    ]
    assert not form.errors, "what is wrong elsewhere is not said here"
