"""What the group says in its own words: scripts, consents, rules, messages. Each has a wording to begin with.

A text is named by a key of ``TEXTS``. The group writes its own over our wording, a language at a time; an empty
text means "back to ours". ``version_of`` names exactly the words that were read out, so that a recorded consent
can say which they were. Groups add no keys: what says nothing anywhere would only be a page of its own.
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from node.domain.need import SHARED_LANGUAGES
from node.domain.settings.default_texts import ARABIC, ENGLISH, SPANISH
from node.errors import N_, Invalid

FALLBACK = "en"
MOST_LETTERS = 3000
MOST_IN_A_LINE = 300
_VERSION_DIGITS = 12
_PLACE = re.compile(r"{([a-z]+)}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """One thing the group says."""

    key: str
    part: str
    """The heading it stands under: ``scope``, ``script``, ``consent``, ``rules``, ``message`` or ``privacy``."""
    lines: bool = False
    """Whether it may run over several lines."""
    places: tuple[str, ...] = ()
    """What may stand in it as ``{name}`` and is filled in when it is used."""
    optional: bool = False
    """Nothing is said until the group writes something: ours is empty."""
    ours_alone: bool = False
    """True of this one group only: it stands in no starter kit."""


def _texts(*texts: Text) -> dict[str, Text]:
    return {text.key: text for text in texts}


TEXTS: Mapping[str, Text] = _texts(
    Text(key="scope.do", part="scope", lines=True, optional=True),
    Text(key="scope.do_not", part="scope", lines=True, optional=True),
    Text(key="scope.where", part="scope", lines=True, optional=True, ours_alone=True),
    Text(key="scope.when", part="scope", lines=True, optional=True, ours_alone=True),
    Text(key="scope.safety", part="scope", lines=True, optional=True),
    Text(key="scope.liability", part="scope", lines=True, optional=True),
    Text(key="script.greeting", part="script", places=("group",)),
    Text(key="script.intake", part="script", lines=True, places=("group",)),
    Text(key="script.closing", part="script", lines=True, places=("reference",)),
    Text(key="script.no_help", part="script", lines=True),
    Text(key="consent.help_you", part="consent"),
    Text(key="consent.groups_see", part="consent"),
    Text(key="consent.keep_details", part="consent"),
    Text(key="consent.details_to_group", part="consent", lines=True, places=("group",)),
    Text(key="consent.refer", part="consent", lines=True),
    Text(key="consent.ring", part="consent", lines=True),
    Text(key="consent.messages", part="consent"),
    Text(key="volunteer.offered", part="consent", lines=True, places=("group",)),
    Text(key="ask.help_you", part="consent"),
    Text(key="ask.groups_see", part="consent"),
    Text(key="ask.keep_details", part="consent"),
    Text(key="ask.pass_on", part="consent", places=("group",)),
    Text(key="volunteer.keep_details", part="consent"),
    Text(key="gift.keep_details", part="consent"),
    Text(key="triage.urgent", part="rules", lines=True),
    Text(key="triage.decides", part="rules", lines=True),
    Text(key="emergency.words", part="rules", lines=True),
    Text(key="emergency.say", part="rules", lines=True),
    Text(key="visit.alone", part="rules", lines=True),
    Text(
        key="message.ask_volunteer",
        part="message",
        lines=True,
        places=("name", "kind", "area", "when", "link", "group"),
    ),
    Text(
        key="message.ask_organisation",
        part="message",
        lines=True,
        places=("name", "kind", "area", "when", "reference", "phone", "group"),
    ),
    Text(
        key="message.group_chat",
        part="message",
        lines=True,
        places=("kind", "area", "when", "group", "phone"),
    ),
    Text(
        key="message.confirmed", part="message", lines=True, places=("name", "kind", "when", "link", "group")
    ),
    Text(key="message.told", part="message", lines=True, places=("helper", "when", "word")),
    Text(key="privacy.contact", part="privacy", lines=True, optional=True, ours_alone=True),
    Text(key="privacy.why", part="privacy", lines=True),
)
"""Every text there is, in the order of the settings page."""

DEFAULTS: Mapping[str, Mapping[str, str]] = {"en": ENGLISH, "es": SPANISH, "ar": ARABIC}
"""Language -> key -> our wording. Any other language begins with the English one."""

LANGUAGES: tuple[str, ...] = ("en", "es", "ar", *sorted(SHARED_LANGUAGES - {"en", "es", "ar"}))
"""Every language in which a group may write its texts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A text as it is said now."""

    key: str
    language: str
    """The language it is really in: English stands in where nothing was written."""
    text: str
    own: bool
    """Whether the group wrote it."""
    version: str


def language_of(code: str) -> str:
    """The language whose texts are meant: ``es-MX`` counts as ``es``; English for one that has no texts."""
    short = code.partition("-")[0].lower()
    return short if short in LANGUAGES else FALLBACK


def default(key: str, language: str) -> tuple[str, str]:
    """Our own wording and the language it is in. ``KeyError`` for a key that there is not."""
    text = TEXTS[key]
    held = DEFAULTS.get(language, {})
    if key in held or text.optional:
        return held.get(key, ""), language
    return DEFAULTS[FALLBACK][key], FALLBACK


@lru_cache(maxsize=512)
def version_of(key: str, language: str, text: str) -> str:
    """The name of exactly these words: the language and twelve hexadecimal digits of a SHA-256 over key, language
    and text. Other words have another name; the same words have the same name in every group."""
    told = "\x1f".join((key, language, text))
    return f"{language}-{hashlib.sha256(told.encode()).hexdigest()[:_VERSION_DIGITS]}"


def said(key: str, language: str, own: Mapping[tuple[str, str], str]) -> Said:
    """What is said in that language: the group's own wording, else ours; else the same in English.

    ``own``: (key, language) -> the group's wording.
    """
    language = language_of(language)
    for code in dict.fromkeys((language, FALLBACK)):
        if (key, code) in own:
            text = own[key, code]
            return Said(key=key, language=code, text=text, own=True, version=version_of(key, code, text))
        text, found_in = default(key, code)
        if found_in == code and (text or code == FALLBACK):
            break
    return Said(key=key, language=found_in, text=text, own=False, version=version_of(key, found_in, text))


def unknown_places(key: str, text: str) -> list[str]:
    """What stands in curly brackets and would never be filled in."""
    return sorted(set(_PLACE.findall(text)) - set(TEXTS[key].places))


def tidied(text: str, kind: Text) -> str:
    """One spelling for a text as it was typed. Raises ``Invalid``."""
    text = "\n".join(line.rstrip() for line in text.replace("\r\n", "\n").strip().split("\n"))
    problem = ""
    if len(text) > (MOST_LETTERS if kind.lines else MOST_IN_A_LINE):
        problem = N_("Please keep this shorter.")
    elif "\n" in text and not kind.lines:
        problem = N_("This must fit on one line.")
    elif any(not letter.isprintable() and letter != "\n" for letter in text):
        problem = N_("There is a letter in it that cannot be shown. Please type it anew.")
    elif unknown_places(kind.key, text):
        problem = N_("Nothing would fill a word in curly brackets here. Use only those that stand below.")
    if problem:
        raise Invalid("text", problem, fields={"text": problem})
    return text


def fill(text: str, **values: str) -> str:
    """The text with its ``{places}`` filled; a place without a value stays as it is written."""
    return _PLACE.sub(lambda found: values.get(found[1], found[0]), text)


def words_in(text: str) -> tuple[str, ...]:
    """A list that was written with commas (Latin or Arabic) or one a line."""
    return tuple(filter(None, (word.strip() for word in re.split(r"[,،;\n]", text))))
