"""A starter kit as a file: written, and read whole or not at all. docs/starter-kit.md has the format."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from node.domain.catalogue import MOST_IN_A_NAME, OTHER, Catalogue, CheckLevel, Going
from node.domain.settings import questions
from node.domain.settings.kit import Asked, Kit, more_than_shared, without_people
from node.domain.settings.presets import RULES, Preset, Value
from node.domain.settings.questions import AskedAt, Kind, Question
from node.domain.settings.texts import LANGUAGES, TEXTS, default, tidied
from node.errors import N_, Invalid

FORMAT = "mutualaid-kit/1"
MOST_BYTES = 150_000
"""Of a file: three times the texts of a group that writes everything in three languages."""


def written(kit: Kit) -> str:
    """The file. What should not be in it is left out here, whoever made the kit."""
    kit = without_people(kit)
    names: dict[str, dict[str, str]] = {}
    texts: dict[str, dict[str, str]] = {}
    for (code, language), name in sorted(kit.names.items()):
        names.setdefault(code, {})[language] = name
    for (key, language), text in sorted(kit.texts.items()):
        texts.setdefault(key, {})[language] = text
    document = {
        "format": FORMAT,
        "group": kit.group,
        "preset": kit.preset,
        "rules": dict(sorted(kit.rules.items())),
        "kinds": {"hidden": sorted(kit.hidden), "names": names},
        "safety": {
            code: {"check": str(check), "going": str(going)}
            for code, (check, going) in sorted(kit.asks.items())
        },
        "texts": texts,
        "questions": [
            {
                "id": each.id,
                "kind": each.kind,
                "asked": sorted(each.asked),
                "words": dict(each.words),
                "choices": {code: dict(words) for code, words in each.choices.items()},
            }
            for each in kit.questions
        ],
    }
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def read(content: bytes, catalogue: Catalogue) -> Kit:
    """The kit of a file: all of it fits, or it is no kit. Raises ``Invalid``.

    Kinds, rules, texts and languages that this version does not know are left out and named; so is what would reach
    somebody.
    """
    if len(content) > MOST_BYTES:
        raise Invalid("kit_too_long", N_("This file is too long for a starter kit."))
    try:
        document = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise _no_kit() from error
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise _no_kit()
    try:
        kit = _read(document, catalogue)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise _no_kit() from error
    return without_people(kit)


def _read(document: Mapping[str, Any], catalogue: Catalogue) -> Kit:
    out: list[str] = []
    preset = None if document.get("preset") is None else Preset(document["preset"])
    rules: dict[str, Value] = {}
    for key, value in _table(document.get("rules", {})).items():
        if key not in RULES:
            out.append(f"rules/{key}")
        elif preset is None or not RULES[key].fits(value):
            raise _wrong(f"rules/{key}")
        elif value != RULES[key].value(preset):
            rules[key] = value
    kinds = _table(document.get("kinds", {}))
    hidden: list[str] = []
    for code in kinds.get("hidden", []):
        (hidden if code in catalogue else out).append(code if code in catalogue else f"kinds/{code}")
    if OTHER in hidden:
        raise _wrong(f"kinds/{OTHER}")
    codes = {each.code for each in catalogue.categories}
    names = list(_worded(kinds.get("names", {}), "kinds", codes, out))
    texts = list(_worded(document.get("texts", {}), "texts", set(TEXTS), out))
    return Kit(
        group=_line(document.get("group", ""), "group"),
        preset=preset,
        rules=rules,
        hidden=frozenset(hidden),
        asks=_asks(document.get("safety", {}), catalogue, out),
        names={
            (code, language): line
            for (code, language), name in names
            if (line := _line(name, f"kinds/{code}/{language}"))
            and line != catalogue.category(code).names.get(language)
        },
        texts={
            (key, language): text
            for (key, language), typed in texts
            if (text := _text(key, language, typed)) and (text, language) != default(key, language)
        },
        questions=_questions(document.get("questions", [])),
        left_out=tuple(out),
    )


def _asks(value: Any, catalogue: Catalogue, out: list[str]) -> dict[str, Asked]:
    """Only what is more than everybody asks: a file of a version whose list asks less lowers nothing."""
    found: dict[str, Asked] = {}
    for code, row in _table(value).items():
        if code not in catalogue:
            out.append(f"safety/{code}")
            continue
        wanted = CheckLevel(_table(row)["check"]), Going(row["going"])
        found[code] = wanted
    return more_than_shared(found, catalogue)


def _table(value: Any) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise _no_kit()
    return value


def _worded(value: Any, part: str, known: set[str], out: list[str]) -> Iterator[tuple[tuple[str, str], str]]:
    for key, words in _table(value).items():
        if key not in known:
            out.append(f"{part}/{key}")
            continue
        for language, text in _table(words).items():
            if not isinstance(text, str):
                raise _wrong(f"{part}/{key}/{language}")
            if language in LANGUAGES:
                yield (key, language), text
            else:
                out.append(f"{part}/{key}/{language}")


def _line(value: Any, path: str) -> str:
    line = " ".join(value.split()) if isinstance(value, str) else None
    if line is None or not line.isprintable() or len(line) > (80 if path == "group" else MOST_IN_A_NAME):
        raise _wrong(path)
    return line


def _text(key: str, language: str, text: str) -> str:
    try:
        return tidied(text, TEXTS[key])
    except Invalid as error:
        raise _wrong(f"texts/{key}/{language}") from error


def _questions(value: Any) -> tuple[Question, ...]:
    found = []
    for at, each in enumerate(value if isinstance(value, list) else [None], 1):
        row = _table(each)
        question = Question(
            id=row["id"] if re.fullmatch(r"[A-Za-z0-9_-]{22}", row["id"]) else "",
            kind=Kind(row["kind"]),
            asked=frozenset(AskedAt(code) for code in row["asked"]),
            words=dict(_table(row["words"])),
            choices={code: dict(_table(words)) for code, words in _table(row.get("choices", {})).items()},
        )
        if not question.id or questions.problems(question):
            raise _wrong(f"questions/{at}")
        found.append(question)
    if len(found) > questions.MOST or len({each.id for each in found}) < len(found):
        raise _wrong("questions")
    return tuple(found)


def _wrong(path: str) -> Invalid:
    return Invalid(
        "kit_wrong",
        N_("One thing in this file does not fit, so nothing of it was taken: %(path)s"),
        path=path,
    )


def _no_kit() -> Invalid:
    return Invalid("no_kit", N_("This is no starter kit. Nothing was changed."))
