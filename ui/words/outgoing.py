"""What goes out, in words: a signed line as a title and a few facts that anybody can read."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from babel.dates import format_date

from node.domain.catalogue import Catalogue
from node.domain.sharing.publication import Content
from node.errors import N_
from protocol.statements import Head, Profile, Statement, Summary, Withdrawal
from ui.i18n import Language
from ui.words import words

Fact = tuple[str, str]
"""A label and what stands beside it, both in the reader's language."""

STATUS: Mapping[str, str] = {
    "open": N_("Somebody is wanted"),
    "taken": N_("Somebody is helping already"),
}
HELPERS: Mapping[str, str] = {"1": N_("One person"), "2+": N_("Two or more people")}


LINES: Mapping[str, tuple[str, str]] = {
    "keys": ("key", N_("How they know that a line is ours")),
    "profile": ("houses", N_("What we say about our group")),
    "head": ("check", N_("The count, so that no line can go missing unseen")),
    "summary": ("hand", ""),
    "withdrawal": ("cross", N_("Taken off everyone's map")),
    "vouch": ("people", N_("A group that we speak for")),
    "advice": ("warn", N_("A group that we warn of")),
    "farewell": ("out", N_("We say goodbye")),
}
"""Icon and title by the type of a line."""
OTHER_LINE = ("note", N_("Another line of ours"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One line as a reader understands it."""

    title: str
    facts: tuple[Fact, ...]
    symbol: str
    """The icon beside it."""


class Teller:
    """Puts lines into the words of one language."""

    def __init__(self, language: Language, catalogue: Catalogue, areas: Mapping[str, str]) -> None:
        """``areas``: where areas are, in words, as far as that is known."""
        self._language = language
        self._catalogue = catalogue
        self._areas = areas

    def told(self, statement: Statement) -> Told:
        """Any line of ours."""
        symbol, title = LINES.get(statement.type, OTHER_LINE)
        if isinstance(statement, Summary):
            name = self._catalogue.name(statement.category, self._language.code)
            if statement.kind == "offer":
                name = self._language.say(N_("We offer: %(kind)s"), kind=name)
            return Told(title=name, facts=tuple(self._wanted(statement))[1:], symbol=symbol)
        return Told(title=self._language.say(title), facts=tuple(self._facts(statement)), symbol=symbol)

    def _facts(self, statement: Statement) -> Iterator[Fact]:
        say = self._language.say
        if isinstance(statement, Withdrawal):
            yield say(N_("Forgotten everywhere by")), self._day(statement.expires)
        elif isinstance(statement, Head):
            yield say(N_("Who gets them")), say(words.SHARE[statement.set])
            yield say(N_("Lines")), str(statement.count)
        elif isinstance(statement, Profile):
            yield from self._group(statement)

    def wanted(self, what: Summary | Content) -> tuple[Fact, ...]:
        """Everything that a request says to others, and not a word more."""
        if isinstance(what, Content):
            day = date.fromisoformat(what.posted)
            what = what.summary(origin="", epoch=1, seq=1, set="public", id="", expires=day)
            return tuple(self._wanted(what, ends=False))
        return tuple(self._wanted(what))

    def _wanted(self, summary: Summary, *, ends: bool = True) -> Iterator[Fact]:
        say, catalogue, code = self._language.say, self._catalogue, self._language.code
        yield say(N_("What")), catalogue.name(summary.category, code)
        if summary.kind == "need":
            yield say(N_("How it stands")), say(STATUS[summary.status])
            yield say(N_("How soon")), say(words.URGENCY[summary.urgency])
        if summary.window:
            days = dict.fromkeys((summary.window.from_, summary.window.to))
            yield say(N_("When")), " – ".join(map(self._day, days))
        if summary.part_of_day:
            yield say(N_("Time of day")), say(words.PART_OF_DAY[summary.part_of_day])
        if summary.repeats:
            yield say(N_("How often")), say(words.REPEATS[summary.repeats])
        yield say(N_("Roughly where")), self._areas.get(summary.cell) or say(N_("an area of many streets"))
        if summary.effort:
            yield say(N_("How long")), say(words.EFFORT[summary.effort])
        if summary.people:
            yield say(N_("Who lives there")), say(words.PEOPLE[summary.people])
        if summary.helpers != "1":
            yield say(N_("Helpers")), say(HELPERS[summary.helpers])
        if takes := [
            *(catalogue.requires_name(each, code) for each in summary.requires),
            *(catalogue.tag_name(each, code) for each in summary.tags),
        ]:
            yield say(N_("What it takes")), self._language.listed(takes)
        if summary.languages:
            named = self._language.locale.languages
            spoken = (named.get(each, each) for each in summary.languages)
            yield say(N_("Languages")), self._language.listed(spoken)
        yield say(N_("Since")), self._day(summary.posted)
        if ends:
            yield say(N_("Forgotten everywhere by")), self._day(summary.expires)

    def _group(self, profile: Profile) -> Iterator[Fact]:
        say = self._language.say
        yield say(N_("Name")), profile.name
        for label, text in ((N_("Phone"), profile.phone), (N_("Hours"), profile.hours)):
            if text:
                yield say(label), text
        yield say(N_("Web address")), self._language.listed(profile.urls) or say(N_("none"))
        yield say(N_("Takes requests")), say(words.BOOK_STATE[profile.state])

    def _day(self, value: Any) -> str:
        return str(format_date(value, "EEE d MMM", locale=self._language.locale))
