"""A group's own questions: what it wants to know beside what everybody is asked, at a call, on a form, at sign-up.

What was answered is sealed with the request or the person, together with the words that were asked: so it can be
read when the question is long gone. A neighbouring group never gets any of it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from node.domain.answers import Answer
from node.domain.settings.texts import FALLBACK, LANGUAGES
from node.errors import N_, Invalid

MOST = 20
"""Questions of one group: whoever answers the phone asks them all."""
MOST_LETTERS = 160
"""Of a question, and of a choice."""
MOST_ANSWER = 300
"""Letters of an answer in one's own words."""
CHOICES = ("1", "2", "3", "4", "5", "6", "7", "8")
"""Codes of the choices: a choice keeps its code when its words change."""
FIELD = "own:"
"""Before a question's id: its field on a form."""


class Kind(StrEnum):
    """How it is answered."""

    YES_NO = "yes_no"
    CHOICE = "choice"
    TEXT = "text"


class AskedAt(StrEnum):
    """Where it is asked."""

    CALL = "call"
    """On the phone, while a call is typed."""
    PAGE = "page"
    """On the public form of somebody who asks for help."""
    HELPER = "helper"
    """Whoever would like to help, on the public page and when a volunteer is typed in."""


OF_A_REQUEST = frozenset({AskedAt.CALL, AskedAt.PAGE})
AS_IT_WAS = "as_it_was"
"""What comes for an answer that stays, to a question that is asked no more."""

Words = Mapping[str, str]
"""Language -> words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question. ``choices``: code -> its words, only where ``kind`` is ``choice``."""

    id: str
    kind: Kind
    asked: frozenset[AskedAt]
    words: Words
    choices: Mapping[str, Words]

    def say(self, language: str) -> str:
        """The question in that language, else in English, else in the first one it was written in."""
        return in_language(self.words, language)

    def answers(self, language: str) -> dict[str, str]:
        """Code -> words of everything that can be chosen, but yes and no: those are the page's own words."""
        return {code: in_language(words, language) for code, words in self.choices.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """How often a question was answered, and how: code -> (words, times), most first.

    Answers in people's own words are counted together under an empty code.
    """

    question: str
    asked: str
    times: int
    answers: Mapping[str, tuple[str, int]]


def in_language(words: Words, language: str) -> str:
    """The words in that language, else in English, else in the first there are."""
    return words.get(language) or words.get(FALLBACK) or next(iter(words.values()), "")


def problems(question: Question) -> dict[str, str]:
    """Field -> what does not fit (a msgid): ``words``, ``kind``, ``choices`` or ``choice:<code>``."""
    found: dict[str, str] = {}
    if not question.words:
        found["words"] = N_("Please fill this in.")
    if wrong := _wrong(question.words):
        found["words"] = wrong
    if question.kind is Kind.CHOICE and len(question.choices) < 2:
        found["choices"] = N_("Write at least two answers to choose from.")
    if question.kind is not Kind.CHOICE and question.choices:
        found["choices"] = N_("Only a question with answers to choose from has any.")
    for code, words in question.choices.items():
        if code not in CHOICES:
            found["choices"] = N_("That does not fit here.")
        elif wrong := _wrong(words):
            found[f"choice:{code}"] = wrong
    for language in {
        language for words in (question.words, *question.choices.values()) for language in words
    }:
        said = [in_language(words, language).casefold() for words in question.choices.values()]
        if len(set(said)) < len(said):
            found["choices"] = N_("Two of the answers say the same.")
    return found


def _wrong(words: Words) -> str:
    for language, text in words.items():
        if language not in LANGUAGES or not text.strip():
            return N_("That does not fit here.")
        if len(text) > MOST_LETTERS:
            return N_("Please keep this shorter.")
        if not text.isprintable():
            return N_("There is a letter in it that cannot be shown. Please type it anew.")
    return ""


def read(questions: Iterable[Question], typed: Mapping[str, str], language: str) -> tuple[Answer, ...]:
    """The answers of a form, in the order of the questions; what was left empty is no answer.

    ``typed``: question id -> what came. Raises ``Invalid`` with the fields ``own:<id>``.
    """
    found: list[Answer] = []
    wrong: dict[str, str] = {}
    for question in questions:
        text = " ".join(typed.get(question.id, "").split())
        if not text:
            continue
        offered = {Kind.YES_NO: {"yes": "", "no": ""}, Kind.CHOICE: question.answers(language)}.get(
            question.kind
        )
        code, said = (text, offered.get(text, "")) if offered is not None else ("", text)
        if offered is not None and text not in offered:
            wrong[FIELD + question.id] = N_("Please choose one of these.")
        elif len(said) > MOST_ANSWER:
            wrong[FIELD + question.id] = N_("Please keep this shorter.")
        elif not said.isprintable():
            wrong[FIELD + question.id] = N_(
                "There is a letter in it that cannot be shown. Please type it anew."
            )
        else:
            found.append(Answer(question=question.id, asked=question.say(language), code=code, said=said))
    if wrong:
        raise Invalid("own_questions", N_("Some answers need another look."), fields=wrong)
    return tuple(found)


def asked_anew(questions: Iterable[Question], before: Sequence[Answer]) -> list[Question]:
    """What may be answered of a request when it is put right: whatever is asked of one, and was answered of this."""
    answered = {each.question for each in before}
    return [each for each in questions if OF_A_REQUEST & each.asked or each.id in answered]


def put_right(
    questions: Iterable[Question], before: Sequence[Answer], typed: Mapping[str, str], language: str
) -> tuple[Answer, ...]:
    """What was answered of a request, after ``typed`` (question id -> what came): as it was where nothing came, or the
    very same; gone where it came empty. What was answered to a question that is gone can only stay or go.

    Raises ``Invalid`` with the fields ``own:<id>``.
    """
    held = {each.question: each for each in before}
    asked = asked_anew(questions, before)
    stay = {
        id: each
        for id, each in held.items()
        if id not in typed or typed[id].strip() == (each.code or each.said)
    }
    gone = held.keys() - {each.id for each in asked}
    stay |= {id: held[id] for id in gone if typed.get(id, AS_IT_WAS).strip() == AS_IT_WAS}
    now = {
        each.question: each for each in read((each for each in asked if each.id not in stay), typed, language)
    }
    order = [*(each.id for each in asked), *(id for id in held if id in gone)]
    return tuple(stay.get(id) or now[id] for id in order if id in stay or id in now)


def count(answers: Iterable[Answer]) -> list[Counted]:
    """How often what was answered, a question each, in the words in which it was asked last."""
    asked: dict[str, str] = {}
    found: dict[str, dict[str, tuple[str, int]]] = {}
    for each in answers:
        asked[each.question] = each.asked
        of_one = found.setdefault(each.question, {})
        said = each.said if each.code else ""
        of_one[each.code] = (said, of_one.get(each.code, ("", 0))[1] + 1)
    return [
        Counted(
            question=question,
            asked=asked[question],
            times=sum(times for _, times in of_one.values()),
            answers=dict(sorted(of_one.items(), key=lambda pair: (-pair[1][1], pair[0]))),
        )
        for question, of_one in found.items()
    ]
