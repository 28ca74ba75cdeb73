"""Members of a list are parted as the reader's language does it, in one place."""

import re
from pathlib import Path

import pytest

from ui.i18n import Language
from ui.web.compiling import Compiling

UI = Path(__file__).parents[3] / "ui"
BY_HAND = re.compile(r"""join\(\s*["'],\s*["']|["'],\s["'] if |["'],\s["']\.join""")
NO_WORDS = {"ui/views/board/listing.py", "ui/web/assets.py"}
"""Join what a header or a style sheet says, not words."""


@pytest.mark.parametrize(("code", "said"), [("en", "a, b"), ("es", "a, b"), ("ar", "a، b")])
def test_each_language_has_its_comma(code: str, said: str) -> None:
    language = Language(code)
    assert language.listed(["a", "", "b"]) == said
    page = Compiling(language, {})
    page.filters["listed"] = language.listed
    drawn = page.from_string(
        '{{ x|listed }} {{ a }}, {{ b }} {% if a %}, {{ b }}{% endif %} {{ comma }}<i title="1, 2">'
    )
    comma = said[1:-1]
    assert drawn.render(x=["a", "b"], a="a", b="b") == f'{said} {said} {comma}b {comma}<i title="1, 2">'


@pytest.mark.parametrize("kind", ["*.html", "*.py"])
def test_nothing_of_the_pages_is_joined_by_hand(kind: str) -> None:
    found = {
        str(path.relative_to(UI.parent)) for path in UI.rglob(kind) if BY_HAND.search(path.read_text("utf-8"))
    }
    assert found - NO_WORDS == set()
