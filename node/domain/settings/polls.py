"""A short poll of needs: one question of the group, a few answers, until a day. Only counts are ever kept."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any, Self

from node.domain.settings.texts import FALLBACK, LANGUAGES
from node.errors import N_

LEAST_CHOICES = 2
MOST_CHOICES = 6
MAX_QUESTION = 160
MAX_CHOICE = 80
USUAL_DAYS = 7
"""So long it is asked where nobody said until when."""
FARTHEST_DAYS = 60
"""What was asked longer ago is another question."""
HIDDEN_BELOW = 5
"""A smaller count is shown to nobody but the desk: in a small street it would point at somebody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The question and its answers in one language."""

    question: str
    choices: tuple[str, ...]
    language: str = ""
    """A code; empty where nobody said which it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Poll:
    """One question. ``until``: the last day on which it can be answered."""

    id: str
    question: str
    choices: tuple[str, ...]
    language: str = ""
    """In which these are; empty for questions from before that was noted."""
    also: Mapping[str, Asked] = field(default_factory=dict)
    """The same in other languages, each with as many answers, in the same order."""
    begun: date
    until: date
    shown: bool
    """Whether everybody sees what came of it."""

    def say(self, language: str) -> Asked:
        """In that language, else in English, else as it was written first."""
        first = Asked(question=self.question, choices=self.choices, language=self.language)
        if language == self.language:
            return first
        return self.also.get(language) or (self.also.get(FALLBACK) or first)

    def written(self, language: str) -> Asked | None:
        """Its words in that language; None where nobody wrote them."""
        first = Asked(question=self.question, choices=self.choices, language=self.language)
        return first if language == self.language else self.also.get(language)

    def saying(self, words: Asked) -> Self:
        """The same question with these words of one language; without them where they are empty (never the first)."""
        if words.language == self.language:
            return replace(self, question=words.question, choices=words.choices)
        others = {code: each for code, each in self.also.items() if code != words.language}
        return replace(self, also=others | ({words.language: words} if words.question else {}))

    def missing(self, languages: Iterable[str]) -> tuple[str, ...]:
        """The codes of ``languages`` in which it is not written; none where nobody noted in which it was."""
        return tuple(each for each in languages if self.language and self.written(each) is None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """One answer and how many gave it; ``count`` None: fewer than ``HIDDEN_BELOW``."""

    choice: str
    count: int | None


def problems(
    question: str,
    choices: tuple[str, ...],
    until: date,
    today: date,
    also: Mapping[str, Asked] | None = None,
) -> dict[str, str]:
    """Every field that does not fit, with what to do about it (a msgid); empty when all is well. The fields of ``also``
    are ``question:<language>`` and ``choices:<language>``."""
    found: dict[str, str] = {}
    if not question.strip():
        found["question"] = N_("Write the question.")
    elif len(question) > MAX_QUESTION:
        found["question"] = N_("This is too long. Shorten it, please.")
    if not LEAST_CHOICES <= len(choices) <= MOST_CHOICES:
        found["choices"] = N_("Write two to six answers, a line each.")
    elif len(set(choices)) < len(choices):
        found["choices"] = N_("One answer stands there twice.")
    elif any(len(each) > MAX_CHOICE for each in choices):
        found["choices"] = N_("This is too long. Shorten it, please.")
    for code, asked in (also or {}).items():
        if not asked.question.strip() or code not in LANGUAGES:
            found[f"question:{code}"] = N_("Write the question.")
        elif len(asked.question) > MAX_QUESTION:
            found[f"question:{code}"] = N_("This is too long. Shorten it, please.")
        if len(asked.choices) != len(choices) or "" in asked.choices:
            found[f"choices:{code}"] = N_(
                "Write as many answers as in the first language, in the same order."
            )
        elif len(set(asked.choices)) < len(asked.choices):
            found[f"choices:{code}"] = N_("One answer stands there twice.")
        elif any(len(each) > MAX_CHOICE for each in asked.choices):
            found[f"choices:{code}"] = N_("This is too long. Shorten it, please.")
    if not today <= until <= today + timedelta(days=FARTHEST_DAYS):
        found["until"] = N_("Choose a day within two months from now.")
    return found


def words_problems(poll: Poll, words: Asked) -> dict[str, str]:
    """As ``problems``, of the words of one language written later: fields ``question`` and ``choices``. There are as
    many answers as before, because those that were given count for the answer of that number."""
    changed = poll.saying(words)
    found = problems(changed.question, changed.choices, poll.until, poll.until, {words.language: words})
    wrong = {name.partition(":")[0]: text for name, text in sorted(found.items())}
    if len(words.choices) != len(poll.choices):
        wrong["choices"] = N_("Write as many answers as there were, in the same order.")
    return {name: wrong[name] for name in ("question", "choices") if name in wrong}


def is_open(poll: Poll, today: date) -> bool:
    """Whether it can be answered."""
    return today <= poll.until


def for_the_desk(poll: Poll, counts: Mapping[int, int], language: str = "") -> tuple[Tally, ...]:
    """Every count, in the words of ``Poll.say``. ``counts``: number of the answer, from 0, to how many gave it."""
    said = poll.say(language).choices
    return tuple(Tally(choice=each, count=counts.get(at, 0)) for at, each in enumerate(said))


def for_everybody(poll: Poll, counts: Mapping[int, int], language: str = "") -> tuple[Tally, ...]:
    """Without the small ones. How many answered at all is told nowhere, or one that is hidden could be worked out."""
    return tuple(
        Tally(choice=each.choice, count=each.count if (each.count or 0) >= HIDDEN_BELOW else None)
        for each in for_the_desk(poll, counts, language)
    )


def poll_record(poll: Poll) -> dict[str, Any]:
    """As it is kept while it waits for a second yes."""
    return {
        "id": poll.id,
        "question": poll.question,
        "choices": list(poll.choices),
        "language": poll.language,
        "also": also_record(poll.also),
        "begun": poll.begun.isoformat(),
        "until": poll.until.isoformat(),
        "shown": poll.shown,
    }


def poll_from(record: Mapping[str, Any]) -> Poll:
    """``poll_record`` read back."""
    return Poll(
        id=record["id"],
        question=record["question"],
        choices=tuple(record["choices"]),
        language=record.get("language", ""),
        also=also_from(record.get("also", {})),
        begun=date.fromisoformat(record["begun"]),
        until=date.fromisoformat(record["until"]),
        shown=bool(record["shown"]),
    )


def also_record(also: Mapping[str, Asked]) -> dict[str, Any]:
    """Language -> question and answers, as it is kept."""
    return {
        code: {"question": each.question, "choices": list(each.choices)}
        for code, each in sorted(also.items())
    }


def also_from(record: Mapping[str, Any]) -> dict[str, Asked]:
    """``also_record`` read back."""
    return {
        code: Asked(question=each["question"], choices=tuple(each["choices"]), language=code)
        for code, each in record.items()
    }


def words_record(words: Asked) -> dict[str, Any]:
    """The words of one language, as they are kept while they wait for a second yes."""
    return {"question": words.question, "choices": list(words.choices)}


def words_from(language: str, record: Mapping[str, Any]) -> Asked:
    """``words_record`` read back."""
    return Asked(question=record["question"], choices=tuple(record["choices"]), language=language)
