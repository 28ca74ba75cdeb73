"""What templates become: constants of a language, and parts that are made once and see only the page being drawn."""

import gettext
import re
from pathlib import Path
from types import SimpleNamespace

import pytest
from babel import Locale
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import DictLoader, StrictUndefined, UndefinedError, meta
from markupsafe import Markup, escape

from node.domain.zone import Zone
from tests.harness.clock import FakeClock
from ui.i18n import Language, Languages
from ui.web.assets import Assets
from ui.web.compiling import Compiling, Kept, told
from ui.web.templating import TEMPLATES, Templates


class Spoken(gettext.NullTranslations):
    """A catalogue of two messages, that counts how often it is asked."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[str] = []

    def gettext(self, message: str) -> str:
        self.asked.append(message)
        return {"Board": "Tablero &amp; más", "Ask %(name)s": "<b>Pregunta</b> a %(name)s"}.get(
            message, message
        )


def compiled(templates: dict[str, str], spoken: Spoken | None = None) -> tuple[Compiling, list[str]]:
    """An environment of these templates, and every name that a constant was asked for."""
    asked: list[str] = []
    language = Language("es", Locale.parse("es"), spoken or gettext.NullTranslations())

    def asset(name: str) -> str:
        asked.append(name)
        return f"/static/{name}?a&b"

    return Compiling(
        language, {"asset": asset}, loader=DictLoader(templates), undefined=StrictUndefined
    ), asked


def drawn(environment: Compiling, template: str, site: object = None, page: object = None) -> str:
    values = {"site": site, "page": page}
    with environment.drawing(values):
        return environment.get_template(template).render(values)


def test_words_are_looked_up_when_a_template_is_compiled() -> None:
    spoken = Spoken()
    environment, asked = compiled(
        {"a": "{{ _('Board') }}|{{ _('Ask %(name)s', name=page) }}|{{ asset('x') }}|{{ asset(page) }}"},
        spoken,
    )
    for name, escaped in (("<i>", "&lt;i&gt;"), ("&amp;", "&amp;amp;")):
        assert drawn(environment, "a", page=name) == (
            f"Tablero &amp; más|<b>Pregunta</b> a {escaped}|/static/x?a&amp;b|/static/{escaped}?a&amp;b"
        )
    assert asked == ["x", "<i>", "&amp;"], "a constant is asked once, what a page says each time"
    assert spoken.asked == ["Board", "Ask %(name)s"]


def test_a_constant_that_comes_with_the_components_is_one_too() -> None:
    environment, asked = compiled(
        {"c": "{% set asset = asset %}", "a": "{% import 'c' as c %}{{ c.asset('x') }}{{ c.asset(page) }}"}
    )
    for _ in range(2):
        assert drawn(environment, "a", page="y") == "/static/x?a&amp;b/static/y?a&amp;b"
    assert asked == ["x", "y", "y"]


def test_a_per_cent_sign_and_a_plural_stay_what_they_are() -> None:
    environment, _ = compiled(
        {"a": "{{ _('100%%') }} {% trans num=page %}One{% pluralize %}{{ num }} of them{% endtrans %}"}
    )
    assert drawn(environment, "a", page=1) == "100% One"
    assert drawn(environment, "a", page=3) == "100% 3 of them"


def test_imported_parts_see_the_page_that_is_drawn_and_no_other() -> None:
    environment, _ = compiled(
        {
            "part": "{% macro who() %}{{ site.name }}{% if page.form %} {{ page.form }}{% endif %}{% endmacro %}",
            "a": "{% import 'part' as p %}{{ p.who() }}",
        }
    )
    for name in ("one", "other"):
        assert drawn(environment, "a", SimpleNamespace(name=name), SimpleNamespace(form=f"f-{name}")) == (
            f"{name} f-{name}"
        )
    with pytest.raises(UndefinedError):  # nobody's page is left when it is drawn
        environment.get_template("a").render(site=SimpleNamespace(name="after"), page=None)
    with pytest.raises(UndefinedError):
        drawn(environment, "a", SimpleNamespace(), SimpleNamespace(form=""))


OWN = {"ended", "over"}
"""Names that a part sets itself, where Jinja does not see that."""


def parts() -> list[Path]:
    return sorted((TEMPLATES / "parts").glob("*.html"))


def test_parts_need_nothing_but_site_and_page() -> None:
    """They are made once, so what a page sets for itself is not there."""
    environment = Templates(Assets.load(), None, Zone(), FakeClock())._environment(Languages.load().get("en"))  # type: ignore[arg-type]
    included = {
        name
        for path in TEMPLATES.rglob("*.html")
        for name in re.findall(r'include "([^"]+)"', path.read_text())
    }
    for path in parts():
        if f"parts/{path.name}" in included:
            continue
        unknown = meta.find_undeclared_variables(environment.parse(path.read_text("utf-8"))) - OWN
        assert unknown <= {"site", "page", *environment.globals}, path.name


def test_no_import_is_made_anew_for_each_page() -> None:
    for path in TEMPLATES.rglob("*.html"):
        assert "with context" not in path.read_text("utf-8"), path.name


@given(st.text(alphabet=st.sampled_from("ab &<>\"'\u00e9")))
def test_what_is_told_is_what_escaping_makes_of_it(text: str) -> None:
    assert told(text) == str(escape(text))
    assert told(Markup(text)) == text  # noqa: S704 - what is marked already stays as it is


def test_a_page_escapes_whatever_has_a_sign_in_it() -> None:
    source = "{% macro m(x) %}[{{ x }}]{% endmacro %}{{ page }} {{ m(page) }} {{ m(3) }} {{ page|safe }}"
    environment, _ = compiled({"a": source})
    assert drawn(environment, "a", page="<b a=\"'&") == (
        "&lt;b a=&#34;&#39;&amp; [&lt;b a=&#34;&#39;&amp;] [3] <b a=\"'&"
    )


class _Row:
    """Something that a page draws."""


class _Macro:
    """As Jinja's: it has a name, and counts how often it was asked."""

    name = "inside"

    def __init__(self) -> None:
        self.drawn = 0

    def __call__(self, row: _Row, *rest: object) -> str:
        self.drawn += 1
        return f"{rest}"


def test_what_was_drawn_of_a_row_is_kept_until_the_row_is_let_go_of() -> None:
    kept, macro, row, other = Kept(), _Macro(), _Row(), _Row()
    assert [kept(row, macro, "food", 1) for _ in range(3)] == ["('food', 1)"] * 3
    assert macro.drawn == 1
    assert kept(row, macro, "food", 2) == "('food', 2)", "something else that it shows has changed"
    assert kept(other, macro, "food", 1) == "('food', 1)"
    assert macro.drawn == 3
    del row
    assert [dict(each) for each in kept._drawn.values()] == [{("inside", "food", 1): "('food', 1)"}]


def test_of_one_row_only_the_last_few_drawings_are_kept() -> None:
    kept, macro, row = Kept(), _Macro(), _Row()
    for day in range(10 * Kept.MOST):
        kept(row, macro, day)
        kept(row, macro, day)
    assert macro.drawn == 10 * Kept.MOST
    assert len(kept._drawn[row]) <= Kept.MOST
