"""Correcting what was typed of a need: what may be changed, and what that changes."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from node.domain.answers import Answer
from node.domain.catalogue import Catalogue
from node.domain.dispatch import who_rang
from node.domain.intake.intake import MAX_LINE, MAX_TEXT
from node.domain.intake.intake_rules import NO_AMOUNT
from node.domain.intake.items import problem as items_problem
from node.domain.intake.items import text_of
from node.domain.money import CATEGORY, MOST_HUNDREDTHS, NOTHING, Money
from node.domain.need import (
    MAX_HELPERS,
    Channel,
    Effort,
    Item,
    Need,
    NeedDetails,
    PartOfDay,
    People,
    Repeats,
    Urgency,
    Window,
)
from node.errors import N_, Invalid


@dataclass(frozen=True, slots=True, kw_only=True)
class Corrected:
    """What a need should say from now on."""

    category: str
    channel: Channel
    urgency: Urgency
    window: Window | None
    part_of_day: PartOfDay | None
    helpers: int
    place_text: str
    notes: str
    items: tuple[Item, ...]
    money: Money
    effort: Effort | None = None
    people: People | None = None
    """How many live there."""
    requires: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    """Whoever helps must speak one of these, if there are any."""
    doorstep_word: str = ""
    """A new one; empty: it stays as it is."""
    repeats: Repeats | None = None
    """As it was said; where a rule makes its days, that is changed instead."""
    answers: tuple[Answer, ...] = ()
    """To the group's own questions."""


FIELDS = (
    "category", "channel", "urgency", "window", "part_of_day", "repeats", "effort", "helpers", "place_text", "people",
    "requires", "tags", "languages", "answers", "notes", "items", "money", "doorstep_word",
)  # fmt: skip
"""In the order of the page. Whatever a recorded look is for - name, number - is not among them; of the doorstep word it
is told only that there is a new one."""
GATED = frozenset({"requires", "tags", "languages"})
"""What whoever is confirmed already may not be able to do: somebody has to ask them."""

TELLS_NO_HELPER = frozenset({"channel", "repeats", "people", "answers"})
"""What nobody who comes was told: whoever is confirmed may stay, whatever becomes of it."""

TYPED = frozenset(
    {Channel.PHONE, Channel.IN_PERSON, Channel.EMAIL, Channel.SOCIAL, Channel.COUNCIL, Channel.PAPER}
)
"""How something that somebody of us typed came in; of the others the node itself knows how."""

WHEN = frozenset({"urgency", "window", "part_of_day"})
"""Once one of these changes, the one who asked has to be told anew who comes and when."""
TOLD_ANEW = WHEN | {"doorstep_word"}
"""Changed, whoever asked has to be told again: when it is, or what whoever comes says at the door."""
WHERE = frozenset({"place_text"})
"""Once this changes, whoever read where to go has to read it anew."""


def as_it_is(need: Need, details: NeedDetails) -> Corrected:
    """What it says now."""
    return Corrected(
        category=details.category,
        channel=need.channel,
        urgency=need.urgency,
        window=need.window,
        part_of_day=need.part_of_day,
        helpers=need.helpers,
        place_text=details.place_text,
        notes=details.notes,
        items=details.items,
        money=details.money,
        effort=details.effort,
        people=details.people,
        requires=details.requires,
        tags=details.tags,
        languages=details.languages,
        repeats=need.repeats,
        answers=details.answers,
    )


def changes(before: Corrected, after: Corrected) -> dict[str, tuple[str, str]]:
    """Field to what it was and what it became, as text; empty when nothing differs. Of ``answers`` only those that
    differ, as ``answers_of`` reads them."""
    was, becomes = texts_of(before), texts_of(after)
    was["answers"], becomes["answers"] = _other_answers(before, after), _other_answers(after, before)
    found = {field: (was[field], becomes[field]) for field in FIELDS if was[field] != becomes[field]}
    if "doorstep_word" in found:
        found["doorstep_word"] = ("", "")
    return found


def texts_of(said: Corrected) -> dict[str, str]:
    """Field to what it says, as ``changes`` writes it, but for ``answers``."""
    window = f"{said.window.first.isoformat()} {said.window.last.isoformat()}" if said.window else ""
    return {
        "category": said.category,
        "channel": str(said.channel),
        "repeats": str(said.repeats or ""),
        "urgency": str(said.urgency),
        "window": window,
        "part_of_day": str(said.part_of_day or ""),
        "helpers": str(said.helpers),
        "place_text": said.place_text,
        "notes": said.notes,
        "items": text_of(said.items),
        "money": replace(said.money, currency="").told,
        "effort": str(said.effort or ""),
        "people": str(said.people or ""),
        **{field: " ".join(sorted(getattr(said, field))) for field in sorted(GATED)},
        "doorstep_word": said.doorstep_word,
    }


def _other_answers(said: Corrected, beside: Corrected) -> str:
    there = {(each.question, each.code, each.code or each.said) for each in beside.answers}
    other = [each for each in said.answers if (each.question, each.code, each.code or each.said) not in there]
    return json.dumps([[each.question, each.asked, each.code, each.said] for each in other]) if other else ""


def answers_of(text: str) -> Sequence[Answer]:
    """Answers as ``changes`` wrote them."""
    return [
        Answer(question=question, asked=asked, code=code, said=said)
        for question, asked, code, said in json.loads(text or "[]")
    ]


def said_before(changes: Mapping[str, Sequence[str]]) -> list[str]:
    """What a correction replaced, as whoever asked reads it in a copy of all that is held about her. ``changes``: as
    they were sealed."""
    found = []
    for field, (before, _) in changes.items():
        if field in who_rang.FIELDS:
            continue  # somebody else's
        if field == "answers":
            found += [f"{each.asked} {each.said or each.code}" for each in answers_of(before)]
        elif before:
            found.append(str(before))
    return found


def days_of(text: str) -> tuple[date, date] | None:
    """A window as ``changes`` wrote it; None for none."""
    first, _, last = text.partition(" ")
    return (date.fromisoformat(first), date.fromisoformat(last)) if last else None


def fitted(said: Corrected, catalogue: Catalogue) -> Corrected:
    """The same with the requirements and tags that this kind of help knows, as on a call."""
    if said.category not in catalogue:
        return said
    kind = catalogue.category(said.category)
    return replace(
        said,
        requires=tuple(code for code in said.requires if code in kind.requires),
        tags=tuple(code for code in said.tags if code in kind.tags),
    )


def strange(now: Corrected, said: Corrected, catalogue: Catalogue) -> Mapping[str, str]:
    """What was newly ticked and this kind of help does not know, as ``problems`` says it: no gate would ask for it, so
    it is not dropped unsaid. What stood there for another kind goes with that kind."""
    if said.category not in catalogue:
        return {}
    new = {*said.requires, *said.tags} - {*now.requires, *now.tags}
    kind = catalogue.category(said.category)
    if new <= {*kind.requires, *kind.tags}:
        return {}
    return {
        "takes": N_(
            "This kind of help does not ask for that. Write it into the notes: whoever goes reads them."
        )
    }


def problems(said: Corrected, catalogue: Catalogue) -> Mapping[str, str]:
    """Every field that does not fit, with what to do about it (a msgid)."""
    found: dict[str, str] = {}
    if said.category not in catalogue:
        found["category"] = N_("Choose kinds of help from the list.")
    if said.window is not None and said.window.last < said.window.first:
        found["window"] = N_("The last day is before the first.")
    if not 1 <= said.helpers <= MAX_HELPERS:
        found["helpers"] = N_("Choose between 1 and 20 helpers.")
    too_long = N_("This is too long. Shorten it, please.")
    for field, text, limit in (
        ("place_text", said.place_text, MAX_LINE),
        ("notes", said.notes, MAX_TEXT),
        ("doorstep_word", said.doorstep_word, MAX_LINE),
    ):
        if len(text) > limit:
            found[field] = too_long
    if wrong := items_problem(said.items):
        found["items"] = wrong
    for field, amount in (("money", said.money.asked), ("money_most", said.money.most)):
        if not 0 <= amount <= MOST_HUNDREDTHS:
            found[field] = NO_AMOUNT
    return found


def money_after(before: Money, said: Money, category: str, cap: Money) -> Money:
    """What becomes of money that was put right. ``cap``: the most that the group gives now (0: no cap), and its
    currency; a limit that was agreed before stays possible. Raises ``Invalid`` (``money_most``) for a higher one."""
    if (said.asked, said.most) == (before.asked, before.most):
        return before
    if not said.asked and not said.most and category != CATEGORY:
        return NOTHING
    if cap.most and said.most > max(cap.most, before.most):
        message = N_("That is more than our group gives at once.")
        raise Invalid("money", message, fields={"money_most": message})
    return Money(asked=said.asked, most=said.most or cap.most, currency=before.currency or cap.currency)
