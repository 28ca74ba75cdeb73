"""Pages speak the group's words: the catalogue is whole, no code word is in it, no text stands outside it."""

import gettext
import re
from io import BytesIO
from pathlib import Path

import pytest
from babel import Locale
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

import federation.errors
from node.domain.accounts import levels
from node.domain.actors import Role
from node.domain.assignment import AssignmentState
from node.domain.board.views import QueueFilter
from node.domain.hours import WEEKDAYS
from node.domain.need import CloseReason, Effort, NeedState, PartOfDay, People, Repeats, Share, Urgency
from node.domain.people import details
from node.domain.people.journey import ON_THE_WAY, Standing, StopReason
from node.domain.permissions import Permission
from node.domain.person import ContactBy, PhoneKind
from node.domain.settings import presets, texts
from node.domain.sharing import uniqueness
from node.domain.volunteer import Transport
from node.vault import Compartment
from protocol import direct
from protocol.trust import ADVICE_REASONS
from ui import i18n
from ui.catalogues import Catalogue
from ui.views.people import steps
from ui.words import people_words, rights_words, setting_words, words

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
    return _said_in("ui")


@pytest.fixture(scope="module")
def told() -> set[str]:
    """Every msgid that people read and that is not of the pages: faults, notices, what a rule says."""
    return _said_in("node")


def _said_in(room: str) -> set[str]:
    found = extract_from_dir(
        ROOT / room,
        METHODS,
        options_map={
            "templates/**.html": {"trimmed": "true", "extensions": "jinja2.ext.do", "silent": "false"}
        },
        keywords=KEYWORDS,
    )
    texts: set[str] = set()
    for _file, _line, message, _comments, _context in found:
        texts.update([message] if isinstance(message, str) else message)
    return texts


def test_no_code_word_is_on_a_page(messages: set[str]) -> None:
    spoken = {text: hit.group() for text in messages if (hit := CODE_WORDS.search(text))}
    assert not spoken


def test_the_template_catalogue_holds_every_message_and_no_other(messages: set[str], told: set[str]) -> None:
    with (ROOT / "ui" / "locales" / "messages.pot").open("rb") as file:
        catalogue = read_po(file)
    held = {part for each in catalogue for part in ([each.id] if isinstance(each.id, str) else each.id)}
    assert (messages | told) - held == set(), "run script/messages"
    assert held - messages - told - {""} == set(), "said nowhere any more: run script/messages"
    assert told - messages, "what stands in node alone was read"


@pytest.mark.parametrize("path", sorted(TEMPLATES.rglob("*.html")), ids=lambda path: path.name)
def test_no_text_stands_outside_gettext(path: Path) -> None:
    text = path.read_text("utf-8")
    text = re.sub(r"{#.*?#}", "", text, flags=re.DOTALL)
    text = re.sub(r"{% macro described.*?{%- endmacro %}", "", text, flags=re.DOTALL)  # attributes only
    text = re.sub(r"{% trans.*?{% endtrans %}", "", text, flags=re.DOTALL)
    text = re.sub(r"{{.*?}}|{%.*?%}", " ", text, flags=re.DOTALL)
    text = re.sub(
        r"<code\b.*?</code>|<strong>(SPF|DKIM|DMARC)</strong>", "", text, flags=re.DOTALL
    )  # no language's
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
        (federation.errors.CODES, words.TALK_ERROR),
        (ADVICE_REASONS, words.ADVICE),
        (direct.KINDS, words.LETTER),
        (uniqueness.FIELDS, words.TOLD_BY),
        (texts.TEXTS, setting_words.TEXT),
        (presets.Preset, setting_words.PRESET),
        (presets.Preset, setting_words.PRESET_ABOUT),
        (presets.RULES, setting_words.RULE),
        ({rule.unit for rule in presets.RULES.values() if rule.unit}, setting_words.UNIT),
        ({each for rule in presets.RULES.values() for each in rule.choices}, setting_words.RULE_CHOICE),
        (Standing, people_words.STANDING),
        (Standing, people_words.STANDING_TONE),
        (ON_THE_WAY, people_words.COMES_NEXT),
        (steps.STEPS, people_words.STEP),
        (StopReason, people_words.REASON),
        ({"", *ContactBy}, people_words.CONTACT_BY),
        (details.FIELDS, people_words.FIELD),
        (Permission, rights_words.PERMISSION),
        (levels.Field, rights_words.FIELD),
        (levels.Level, rights_words.LEVEL),
        (levels.TaskKind, rights_words.TASK_KIND),
        (Role, rights_words.ROLE_NAME),
        ({text.part for text in texts.TEXTS.values()}, setting_words.TEXT_PART),
    ],
)
def test_every_code_has_its_words(codes: object, table: dict[str, str]) -> None:
    assert set(table) == {str(code) for code in codes}  # type: ignore[attr-defined]


PLACES = re.compile(r"%\([a-z_0-9]+\)s|%%|\{[a-z_]+\}")
TAGS = re.compile(r"</?[a-z0-9]+")


@pytest.mark.parametrize("code", sorted(path.name for path in i18n.LOCALES.iterdir() if path.is_dir()))
def test_a_language_that_is_offered_says_everything(code: str) -> None:
    """Missing or stale translations fail the build, and so does one that lost a name or a tag on the way."""
    with (i18n.LOCALES / code / "LC_MESSAGES" / "messages.po").open("rb") as file:
        catalogue = read_po(file, locale=code)
    with (i18n.LOCALES / "messages.pot").open("rb") as file:
        template = {each.id for each in read_po(file) if each.id}
    said = {each.id: each for each in catalogue if each.id}
    if code != i18n.DEFAULT and code in i18n.WHOLE:
        assert template - set(said) == set(), "run script/messages, then translate what is empty"
        silent = [key for key, each in said.items() if not each.string or not all(each.string)]
        assert silent == []
    assert set(said) - template == set(), "stale: run script/messages"
    assert not [each.id for each in said.values() if each.fuzzy]
    for key, each in said.items():
        forms, most = (each.string, key[1]) if isinstance(key, tuple) else ((each.string,), key)
        for form in filter(None, forms):
            kept = sorted(PLACES.findall(form))
            lost = set(PLACES.findall(most)) - set(kept)
            assert lost <= ({"%(num)s"} if isinstance(key, tuple) else set()), (key, form)
            assert set(kept) <= set(PLACES.findall(most)), (key, form)
            if not isinstance(key, tuple):
                assert kept == sorted(PLACES.findall(key)), (key, form)
                assert sorted(TAGS.findall(form)) == sorted(TAGS.findall(key)), (key, form)


@pytest.mark.parametrize("code", i18n.WHOLE)
def test_a_catalogue_is_read_as_babel_reads_it(code: str) -> None:
    path, target = i18n.LOCALES / code / "LC_MESSAGES" / "messages.po", BytesIO()
    with path.open("rb") as file:
        template = read_po(file, abort_invalid=True)
    write_mo(target, template)
    target.seek(0)
    theirs, ours = gettext.GNUTranslations(target), Catalogue(path)
    for message in (each.id for each in template if each.id):
        one, many = message if isinstance(message, tuple) else (message, message)
        assert ours.gettext(one) == theirs.gettext(one)
        for number in (0, 1, 2, 3, 11, 100, 1234):
            assert ours.ngettext(one, many, number) == theirs.ngettext(one, many, number)
    assert ours.gettext("not there") == "not there"
    assert (ours.ngettext("%d x", "%d y", 1), ours.ngettext("%d x", "%d y", 2)) == ("%d x", "%d y")


def test_a_catalogue_with_something_else_in_it_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "messages.po"
    for text in ('msgid "a"\nmsgstr b\n', '"nothing before it"\n', 'msgctxt "x"\nmsgid "a"\nmsgstr "b"\n'):
        path.write_text(text, "utf-8")
        with pytest.raises(ValueError, match="not a line of a catalogue"):
            Catalogue(path)
    path.write_text(
        '#, fuzzy\nmsgid "a"\nmsgstr "b"\n\nmsgid "c"\nmsgstr ""\n"d\\n"\n#~ msgid "e"\n', "utf-8"
    )
    assert [Catalogue(path).gettext(each) for each in "ace"] == ["a", "d\n", "e"]


def test_what_is_said_of_every_language_is_what_the_cldr_says() -> None:
    for code in i18n.WHOLE:
        locale = Locale.parse(code)
        assert i18n.KNOWN[code] == (locale.get_display_name(locale), locale.text_direction)


def test_english_speaks_for_itself() -> None:
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
    languages = i18n.Languages.load(tmp_path, ("en", "ar"))
    assert languages.choose("ar-EG,en;q=0.5").direction == "rtl"
    assert languages.choose("ar").say("Welcome") == "مرحبا"
    assert languages.choose("ar", chosen="en").code == "en"
    assert languages.choose("xx;q=nonsense, *").code == "en"


def test_what_is_counted_is_collected_as_one_message() -> None:
    """``say_many(N_(...), N_(...))`` gives the catalogues two messages and no plural: then it is English everywhere."""
    found = [
        path.name
        for path in (ROOT / "ui").rglob("*.py")
        if re.search(r"say_many\(\s*N_", path.read_text("utf-8"))
    ]
    assert not found
