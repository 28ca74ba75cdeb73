"""A starter kit: how a group works, as one file without people, to give to another group or take from one.

What it holds is a closed list: the kinds of help by their codes and what they ask for safety, the rules of the preset,
texts by their keys, and the group's own questions. What is shared with whom is not in it: nobody shares anything
because of a file. A text that is true of one group only (``Text.ours_alone``), or that holds something by which
somebody can be reached, stays out, going and coming. docs/starter-kit.md has the format.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from node.domain.catalogue import MOST_IN_A_NAME, OTHER, Catalogue, CheckLevel, Going
from node.domain.settings import questions
from node.domain.settings.presets import RULES, Preset, Value
from node.domain.settings.questions import AskedAt, Kind, Question
from node.domain.settings.texts import LANGUAGES, TEXTS, default, tidied
from node.errors import N_, Invalid

FORMAT = "mutualaid-kit/1"
MOST_BYTES = 150_000
"""Of a file: three times the texts of a group that writes everything in three languages."""
_REACHED = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+|https?://|www\.|(?:\d[\s().\-/]*){7,}")
"""An e-mail address, a link, or seven digits in a row: a telephone number, but no emergency number."""


Asked = tuple[CheckLevel, Going]
"""The safety check that a kind takes, and how somebody goes."""


class Part(StrEnum):
    """What can be taken by itself."""

    RULES = "rules"
    KINDS = "kinds"
    SAFETY = "safety"
    """What kinds ask of whoever does them: a check, alone or two together."""
    TEXTS = "texts"
    QUESTIONS = "questions"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kit:
    """How a group works. ``rules`` are those that differ from the preset; ``names`` and ``texts`` only the group's
    own words; ``group``: whose kit it was."""

    group: str = ""
    preset: Preset | None = None
    rules: Mapping[str, Value] = field(default_factory=dict)
    hidden: frozenset[str] = frozenset()
    names: Mapping[tuple[str, str], str] = field(default_factory=dict)
    """(kind, language) -> name."""
    asks: Mapping[str, Asked] = field(default_factory=dict)
    """Kind -> what it asks; only kinds that ask more than the shared list."""
    texts: Mapping[tuple[str, str], str] = field(default_factory=dict)
    """(key, language) -> text."""
    questions: tuple[Question, ...] = ()
    left_out: tuple[str, ...] = ()
    """What stayed out because somebody can be reached by it, or because it is not known here: a path each, such as
    ``texts/script.closing/en``."""

    @property
    def parts(self) -> tuple[Part, ...]:
        """What there is in it."""
        full = {
            Part.RULES: self.preset is not None,
            Part.KINDS: bool(self.hidden or self.names),
            Part.SAFETY: bool(self.asks),
            Part.TEXTS: bool(self.texts),
            Part.QUESTIONS: bool(self.questions),
        }
        return tuple(part for part in Part if full[part])


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One thing that would change. ``what``: ``preset``, a rule, a kind, a text's key or a question's id;
    ``before`` and ``after``: values, names or texts, empty for none; hiding is ``shown`` and ``hidden``, what is asked
    ``<check>+<going>``, before it empty for what every group asks."""

    part: Part
    what: str
    language: str = ""
    before: str = ""
    after: str = ""


def reaches(text: str) -> bool:
    """Whether somebody could be reached by it."""
    return _REACHED.search(text) is not None


def without_people(kit: Kit) -> Kit:
    """The same without texts that are one group's alone, and without anything by which somebody can be reached."""
    out = list(kit.left_out)

    def fine(path: str, *texts: str) -> bool:
        if any(map(reaches, texts)):
            out.append(path)
            return False
        return True

    return Kit(
        group="" if reaches(kit.group) else kit.group,
        preset=kit.preset,
        rules=kit.rules,
        hidden=kit.hidden,
        asks=kit.asks,
        names={
            (code, language): name
            for (code, language), name in kit.names.items()
            if fine(f"kinds/{code}/{language}", name)
        },
        texts={
            (key, language): text
            for (key, language), text in kit.texts.items()
            if not TEXTS[key].ours_alone and fine(f"texts/{key}/{language}", text)
        },
        questions=tuple(
            each for each in kit.questions if fine(f"questions/{each.say('en')}", *_words_of(each))
        ),
        left_out=tuple(out),
    )


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


def more_than_shared(asks: Mapping[str, Asked], catalogue: Catalogue) -> dict[str, Asked]:
    """What these kinds ask with what every group asks, but for those that ask no more than that."""
    asking = catalogue.asking(asks)
    ours = {code: (asking.category(code).check, asking.category(code).going) for code in asks}
    return {
        code: each
        for code, each in ours.items()
        if each != (catalogue.category(code).check, catalogue.category(code).going)
    }


def stronger(now: Mapping[str, Asked], come: Mapping[str, Asked]) -> dict[str, Asked]:
    """Both: of two the one that asks more, in each respect. A file never lowers what a group asks."""
    checks, goings = tuple(CheckLevel), tuple(Going)
    return {
        **now,
        **{
            code: (
                max(check, now.get(code, (check, going))[0], key=checks.index),
                max(going, now.get(code, (check, going))[1], key=goings.index),
            )
            for code, (check, going) in come.items()
        },
    }


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


def _words_of(question: Question) -> Iterator[str]:
    for words in (question.words, *question.choices.values()):
        yield from words.values()


def matched(held: Sequence[Question], come: Sequence[Question]) -> list[tuple[Question | None, Question]]:
    """For each question that comes, the one of ours that it is: of the same id, or said with the same words."""
    free = list(held)
    pairs: list[tuple[Question | None, Question]] = []
    for each in come:
        ours = next((one for one in free if one.id == each.id and one.kind is each.kind), None)
        if ours is None:
            said = set(each.words.items())
            ours = next(
                (one for one in free if one.kind is each.kind and said & set(one.words.items())), None
            )
        if ours is not None:
            free.remove(ours)
        pairs.append((ours, each))
    return pairs


def changes(now: Kit, kit: Kit) -> tuple[Change, ...]:
    """What taking ``kit`` would change for a group that works as ``now``: nothing else does."""
    found: list[Change] = []
    if kit.preset is not None and now.preset is not None:
        if kit.preset is not now.preset:
            found.append(Change(part=Part.RULES, what="preset", before=now.preset, after=kit.preset))
        for key, rule in RULES.items():
            before = now.rules.get(key, rule.value(now.preset))
            after = kit.rules.get(key, rule.value(kit.preset))
            if before != after:
                found.append(Change(part=Part.RULES, what=key, before=str(before), after=str(after)))
    if Part.KINDS in kit.parts:
        found += [
            Change(part=Part.KINDS, what=code, before=_sight(code, now), after=_sight(code, kit))
            for code in sorted(now.hidden ^ kit.hidden)
        ]
        found += _changed(Part.KINDS, now.names, kit.names)
    for code, after_ in sorted(stronger(now.asks, kit.asks).items()):
        if now.asks.get(code) != after_:
            before = "+".join(now.asks.get(code, ()))
            found.append(Change(part=Part.SAFETY, what=code, before=before, after="+".join(after_)))
    found += _changed(Part.TEXTS, now.texts, kit.texts)
    for ours, theirs in matched(now.questions, kit.questions):
        before, after = _told(ours) if ours else "", _told(theirs)
        if before != after:
            found.append(Change(part=Part.QUESTIONS, what=theirs.id, before=before, after=after))
    return tuple(found)


def _sight(code: str, kit: Kit) -> str:
    return "hidden" if code in kit.hidden else "shown"


def _changed(
    part: Part, now: Mapping[tuple[str, str], str], come: Mapping[tuple[str, str], str]
) -> Iterator[Change]:
    for (what, language), after in sorted(come.items()):
        if (before := now.get((what, language), "")) != after:
            yield Change(part=part, what=what, language=language, before=before, after=after)


def _told(question: Question) -> str:
    """A question with everything that could differ, a line each."""
    lines = [f"{language}: {words}" for language, words in sorted(question.words.items())]
    lines += [
        f"{code} ({language}): {words}"
        for code, choice in sorted(question.choices.items())
        for language, words in sorted(choice.items())
    ]
    return "\n".join([*lines, ", ".join(sorted(question.asked))])


def after_taking(now: Kit, kit: Kit, parts: frozenset[Part]) -> Kit:
    """How the group works once it has taken those parts."""
    rules = Part.RULES in parts and kit.preset is not None
    return Kit(
        preset=kit.preset if rules else now.preset,
        rules=kit.rules if rules else now.rules,
        hidden=kit.hidden if Part.KINDS in parts and Part.KINDS in kit.parts else now.hidden,
        names={**now.names, **(kit.names if Part.KINDS in parts else {})},
        asks=stronger(now.asks, kit.asks if Part.SAFETY in parts else {}),
        texts={**now.texts, **(kit.texts if Part.TEXTS in parts else {})},
        questions=_joined(now.questions, kit.questions) if Part.QUESTIONS in parts else now.questions,
    )


def _joined(held: Sequence[Question], come: Sequence[Question]) -> tuple[Question, ...]:
    pairs = matched(held, come)
    renewed = {ours.id: theirs for ours, theirs in pairs if ours is not None}
    taken = {each.id for each in held}
    return (
        *(_as(renewed[each.id], each.id) if each.id in renewed else each for each in held),
        # An id of ours that another question has already is not given twice: an empty one gets a new one.
        *(_as(theirs, "" if theirs.id in taken else theirs.id) for ours, theirs in pairs if ours is None),
    )


def _as(question: Question, id: str) -> Question:
    return Question(
        id=id, kind=question.kind, asked=question.asked, words=question.words, choices=question.choices
    )


def problem(after: Kit, catalogue: Catalogue) -> str:
    """Why a group could not work like that (a msgid), or nothing."""
    if len(after.questions) > questions.MOST:
        return N_("More questions would make every call too long.")
    ours = catalogue.local(after.names, after.hidden)
    if any(ours.named_alike(language) for language in {language for _code, language in after.names}):
        return N_("Two kinds of help would have the same name.")
    return ""


def _wrong(path: str) -> Invalid:
    return Invalid(
        "kit_wrong",
        N_("One thing in this file does not fit, so nothing of it was taken: %(path)s"),
        path=path,
    )


def _no_kit() -> Invalid:
    return Invalid("no_kit", N_("This is no starter kit. Nothing was changed."))
