"""What makes more of a group be read by everybody, so that a second person looks at it first where the group decided
so (the rule ``public_yes``). Taking something back is never in here.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from enum import StrEnum

from node.domain.need import Share
from node.domain.settings.kit import Part
from node.domain.settings.kit_changes import Change
from node.domain.settings.questions import AskedAt, Question, Words, problems
from node.domain.settings.resources import MOST_LETTERS, Resource
from node.domain.settings.texts import TEXTS
from protocol.cells import CLASS_B_BOUND

RULE = "public_yes"
"""The rule itself: giving it up is a thing for two, or it would bind nobody."""
PUBLIC_PARTS = frozenset({"scope", "privacy"})
"""Parts of ``domain.texts`` that stand on pages for everybody."""
PUBLIC_TEXTS = frozenset(
    {
        "ask.help_you",
        "ask.groups_see",
        "ask.keep_details",
        "ask.pass_on",
        "volunteer.keep_details",
        "gift.keep_details",
    }
)
"""Single texts that do: on the pages where people ask for help, or offer it."""
PUBLIC_ASKING = frozenset({AskedAt.PAGE, AskedAt.HELPER})
"""Where a question of our own stands on a page for everybody; at a call only whom we ring hears it."""
_WIDE = (Share.ONLY_US, Share.PEERS, Share.PUBLIC)


class Needs(StrEnum):
    """How many people it takes now."""

    ONE = "one"
    TWO = "two"
    ALONE = "alone"
    """Two, but nobody else is there who could say yes: it is done, and looked at by the second as soon as there is
    one. A group that is being founded could do nothing else."""


def needs(rule: str, others: int) -> Needs:
    """``rule``: the value of ``public_yes``; ``others``: who may say yes beside whoever asks."""
    if rule != "two":
        return Needs.ONE
    return Needs.TWO if others else Needs.ALONE


def wider(now: Mapping[str, Share], wanted: Mapping[str, Share]) -> dict[str, Share]:
    """The choices by which more people see that help is wanted."""
    return {
        code: share
        for code, share in wanted.items()
        if _WIDE.index(share) > _WIDE.index(now.get(code, Share.ONLY_US))
    }


def goes_further(code: str, asked: Share, chosen: Mapping[str, Share]) -> bool:
    """Whether what was asked for that kind goes further than what is chosen for it now, if anything is."""
    return code in chosen and bool(wider(chosen, {code: asked}))


def opens_map(before: int | None, wanted: int | None) -> bool:
    """Whether a group that said how many people live where it helps, and was too small for a public map under its own
    name, would not be by this number. ``None``: it does not say."""
    return is_small(before) and not is_small(wanted)


def is_small(residents: int | None) -> bool:
    """Whether a group that says so is too small for a public map under its own name."""
    return residents is not None and residents < CLASS_B_BOUND


def is_public(key: str) -> bool:
    """Whether that text stands on a page for everybody."""
    return key in PUBLIC_TEXTS or (key in TEXTS and TEXTS[key].part in PUBLIC_PARTS)


def question_at_once(before: Question | None, wanted: Question) -> Question | None:
    """What of a question nobody has to say yes to: all of it where everybody never reads it, else what is taken out of
    the one before. Equal to ``wanted`` where nothing more is shown; None of a new one that everybody would read."""
    if not wanted.asked & PUBLIC_ASKING:
        return wanted
    if before is None:
        return None
    fewer = replace(before, asked=wanted.asked & (before.asked | {AskedAt.CALL}))
    kept = {
        code: _still(before.choices[code], words)
        for code, words in wanted.choices.items()
        if code in before.choices
    }
    part = replace(
        fewer,
        words=_still(before.words, wanted.words),
        choices={code: words for code, words in kept.items() if words},
    )
    return fewer if problems(part) else part


def place_at_once(before: Resource | None, wanted: Resource) -> Resource | None:
    """What of a place on the list of other help nobody has to say yes to: what is taken out of it. Equal to ``wanted``
    where nothing more is said. The day on which somebody looked goes with the words that were looked at."""
    if before is None:
        return None
    texts = {name: (getattr(before, name), getattr(wanted, name)) for name in MOST_LETTERS}
    part = replace(
        wanted,
        **{name: new if new in ("", old) else old for name, (old, new) in texts.items()},
        kinds=tuple(code for code in wanted.kinds if code in before.kinds),
        week=tuple(each for each in wanted.week if each in before.week),
        languages=tuple(code for code in wanted.languages if code in before.languages),
    )
    return part if part == wanted else replace(part, checked_on=before.checked_on)


def says_less(before: Question | Resource, now: Question | Resource) -> bool:
    """Whether something was taken out of an entry of which nothing was added: any difference, but for the day on which
    somebody looked at a place."""
    if isinstance(before, Resource) and isinstance(now, Resource):
        now = replace(now, checked_on=before.checked_on)
    return now != before


def _still(before: Words, wanted: Words) -> Words:
    return {language: words for language, words in wanted.items() if before.get(language) == words}


def shows(changes: Iterable[Change]) -> bool:
    """Whether changes of a starter kit put words before everybody, or give up ``RULE``."""
    return any(_shows(each) for each in changes)


def _shows(change: Change) -> bool:
    match change.part:
        case Part.RULES:
            return change.what == RULE and change.after == "one"
        case Part.KINDS:
            return bool(change.language)  # a name; what is only hidden or shown again has everybody's name
        case Part.TEXTS:
            return is_public(change.what)
        case Part.SAFETY:
            return False  # what is asked of helpers stands on no public page, and a file only asks more
    return True  # a question is asked on the page where everybody asks for help
