"""Pages speak the group's words: the catalogue is whole, no code word is in it, no text stands outside it."""

import re
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from node.domain.actors import Role
from node.domain.assignment import AssignmentState
from node.domain.need import CloseReason, Effort, NeedState, PartOfDay, People, Repeats, Share, Urgency
from node.domain.person import PhoneKind
from node.domain.views import QueueFilter
from node.domain.volunteer import WEEKDAYS, Transport
from node.vault import Compartment
from ui import i18n, words

ROOT = Path(__file__).parents[3]
TEMPLATES = ROOT / "ui" / "templates"

CODE_WORDS = re.compile(
    r"\b(nodes?|peers?|hubs?|assignments?|approv\w+|categor\w+|summar\w+|statements?|publish\w*|withdrawals?|cells?"
    r"|referrals?|hand-?overs?|H3|vault|compartments?|vetting|needs? to|the need|a need)\b",
    re.IGNORECASE,
)
METHODS = [("templates/**.html", "jinja2"), ("**.py", "python")]
KEYWORDS = {"_": None, "N_": None, "gettext": None, "ngettext": (1, 2), "say_many": (1, 2)}


@pytest.fixture(scope="module")
def messages() -> set[str]:
    """Every msgid of the pages."""
    found = extract_from_dir(
        ROOT / "ui",
        METHODS,
        options_map={"templates/**.html": {"trimmed": "true", "extensions": "jinja2.ext.i18n"}},
        keywords=KEYWORDS,
    )
    texts: set[str] = set()
    for _file, _line, message, _comments, _context in found:
        texts.update([message] if isinstance(message, str) else message)
    return texts


def test_no_code_word_is_on_a_page(messages: set[str]) -> None:
    spoken = {text: hit.group() for text in messages if (hit := CODE_WORDS.search(text))}
    assert not spoken


def test_every_message_is_in_the_template_catalogue(messages: set[str]) -> None:
    with (ROOT / "ui" / "locales" / "messages.pot").open("rb") as file:
        catalogue = read_po(file)
    held = {part for each in catalogue for part in ([each.id] if isinstance(each.id, str) else each.id)}
    assert messages - held == set(), "run script/messages"


@pytest.mark.parametrize("path", sorted(TEMPLATES.rglob("*.html")), ids=lambda path: path.name)
def test_no_text_stands_outside_gettext(path: Path) -> None:
    text = path.read_text("utf-8")
    text = re.sub(r"{#.*?#}", "", text, flags=re.DOTALL)
    text = re.sub(r"{% macro described.*?{%- endmacro %}", "", text, flags=re.DOTALL)  # attributes only
    text = re.sub(r"{% trans.*?{% endtrans %}", "", text, flags=re.DOTALL)
    text = re.sub(r"{{.*?}}|{%.*?%}", " ", text, flags=re.DOTALL)
    text = re.sub(r"<[^>]*>", " ", text)
    assert not re.findall(r"[A-Za-z]{2,}", text.replace("&nbsp;", " "))


@pytest.mark.parametrize(
    ("codes", "table"),
    [
        (NeedState, words.NEED_STATE),
        (NeedState, words.NEED_TONE),
        (AssignmentState, words.TASK_STATE),
        (CloseReason, words.CLOSE_REASON),
        (Urgency, words.URGENCY),
        (Effort, words.EFFORT),
        (PartOfDay, words.PART_OF_DAY),
        (People, words.PEOPLE),
        (Repeats, words.REPEATS),
        (PhoneKind, words.PHONE_KIND),
        (Share, words.SHARE),
        (Transport, words.TRANSPORT),
        (QueueFilter, words.FILTER),
        (WEEKDAYS, words.WEEKDAY),
        (Role, words.ROLE),
        (Compartment, words.RECORDS),
    ],
)
def test_every_code_has_its_words(codes: object, table: dict[str, str]) -> None:
    assert set(table) == {str(code) for code in codes}  # type: ignore[attr-defined]


def test_catalogues_are_compiled_at_start() -> None:
    languages = i18n.Languages.load()
    english = languages.get("en")
    assert english.direction == "ltr"
    assert english.say("%(num)s tasks this week", num=3) == "3 tasks this week"
    assert english.say_many("%(num)s task this week", "%(num)s tasks this week", 1) == "1 task this week"


def test_language_is_chosen_by_the_reader(tmp_path: Path) -> None:
    for code, text in (("en", ""), ("ar", "مرحبا")):
        folder = tmp_path / code / "LC_MESSAGES"
        folder.mkdir(parents=True)
        catalogue = Catalog(locale=code)
        catalogue.add("Welcome", text)
        target = BytesIO()
        write_po(target, catalogue)
        (folder / "messages.po").write_bytes(target.getvalue())
    languages = i18n.Languages.load(tmp_path)
    assert languages.choose("ar-EG,en;q=0.5").direction == "rtl"
    assert languages.choose("ar").say("Welcome") == "مرحبا"
    assert languages.choose("ar", chosen="en").code == "en"
    assert languages.choose("xx;q=nonsense, *").code == "en"
