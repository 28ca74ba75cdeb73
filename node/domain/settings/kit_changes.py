"""What a starter kit would change for a group, and how the group works once it has taken it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from node.domain.catalogue import Catalogue
from node.domain.settings import questions
from node.domain.settings.kit import Kit, Part, stronger
from node.domain.settings.presets import RULES
from node.domain.settings.questions import Question
from node.errors import N_


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
