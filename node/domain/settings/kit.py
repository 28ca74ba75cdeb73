"""A starter kit: how a group works, as one file without people, to give to another group or take from one.

What it holds is a closed list: the kinds of help by their codes and what they ask for safety, the rules of the preset,
texts by their keys, and the group's own questions. What is shared with whom is not in it: nobody shares anything
because of a file. A text that is true of one group only (``Text.ours_alone``), or that holds something by which
somebody can be reached, stays out, going and coming. docs/starter-kit.md has the format.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from node.domain.catalogue import Catalogue, CheckLevel, Going
from node.domain.settings.presets import Preset, Value
from node.domain.settings.questions import Question
from node.domain.settings.texts import TEXTS

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


def _words_of(question: Question) -> Iterator[str]:
    for words in (question.words, *question.choices.values()):
        yield from words.values()


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
