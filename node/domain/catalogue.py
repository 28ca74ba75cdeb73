"""The shared list of kinds of help (``schemas/categories.v1.json``) with typed access.

Class A is published as its own code, class B as its broad group, class C never. ``other`` is class C on
purpose: until a person has said what is asked for, nothing about it leaves.
"""

import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache
from types import MappingProxyType
from typing import Any, Self

import schemas
from node.errors import N_, Invalid

LANGUAGES = ("en", "es", "ar")
"""The languages that every shared name exists in; the first one stands in for any other."""

MOST_IN_A_NAME = 60
"""Letters of the name that a group gives a kind."""
OTHER = "other"
"""The code for a kind of help that could not be told."""


class Klass(StrEnum):
    """How sensitive a kind of help is, and so how much of it may leave the node."""

    A = "A"
    B = "B"
    C = "C"


class CheckLevel(StrEnum):
    """What a volunteer must have shown before helping, weakest first."""

    NONE = "none"
    MET = "met"
    ID = "id"
    CRIMINAL_RECORD = "criminal_record"


class Going(StrEnum):
    """How somebody goes to a task of this kind, the least care first."""

    ALONE = "alone"
    TIMER = "timer"
    """Alone only if we know when to expect her back."""
    PAIR = "pair"
    """Two together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A code with its name in each of ``LANGUAGES``."""

    code: str
    names: Mapping[str, str]

    def name(self, language: str) -> str:
        """The name in ``language`` (``es-MX`` counts as ``es``), in English where there is none."""
        return self.names.get(language.partition("-")[0].lower(), self.names[LANGUAGES[0]])


@dataclass(frozen=True, slots=True, kw_only=True)
class Category(Named):
    """One kind of help."""

    heading: str
    klass: Klass
    wire: str | None
    """The code others see: its own (A), a broad group's (B), None (C)."""
    check: CheckLevel
    tags: tuple[str, ...]
    """The closed list of tags a need of this kind may carry."""
    requires: tuple[str, ...]
    """What such a task may take (a car, tools...)."""
    contactless: bool = False
    """Done from the doorstep or by phone: nobody has to be let in."""
    hard: bool = False
    """Takes it out of whoever does it; they may want a rest afterwards."""
    going: Going = Going.ALONE

    def outside(self, tags: Collection[str]) -> bool:
        """Whether a need of this kind with those tags is met without anybody being let in."""
        return self.contactless and "indoors" not in tags


def text_key(text: str) -> str:
    """The form in which texts are compared: NFKC, case-folded, single blanks, no closing punctuation."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return " ".join(folded.split()).strip(" .,;:!*-–—•")


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """All kinds of help under their headings. Build it with ``load()``."""

    version: int
    headings: tuple[Named, ...]
    categories: tuple[Category, ...]
    groups: tuple[Named, ...]
    tags: tuple[Named, ...]
    requires: tuple[Named, ...]
    aliases: Mapping[str, tuple[str, ...]]
    """``text_key`` of what groups write to the codes it asks for; an empty tuple: nothing was asked."""
    _by_code: Mapping[str, Category]
    _named: Mapping[str, Named]
    hidden: frozenset[str] = frozenset()
    """Kinds that the group does not offer on its forms; they keep their names and meaning."""

    @classmethod
    def load(cls) -> Self:
        """The list that ships with this version of the software."""
        return cls.from_data(schemas.categories())

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Self:
        """From the decoded JSON document, which must fit ``categories.schema.v1.json``."""
        categories = tuple(_category(row) for row in data["categories"])
        headings, groups, tags, requires = (
            tuple(_named(row) for row in data[part]) for part in ("headings", "groups", "tags", "requires")
        )
        aliases = {text_key(text): tuple(codes) for text, codes in data["aliases"].items()}
        for category in categories:
            for text in (category.code, category.code.replace("_", " "), *category.names.values()):
                aliases.setdefault(text_key(text), (category.code,))
        named = {entry.code: entry for entry in (*requires, *tags, *headings, *groups, *categories)}
        return cls(
            version=data["version"],
            headings=headings,
            categories=categories,
            groups=groups,
            tags=tags,
            requires=requires,
            aliases=MappingProxyType(aliases),
            _by_code=MappingProxyType({category.code: category for category in categories}),
            _named=MappingProxyType(named),
        )

    def __contains__(self, code: object) -> bool:
        return code in self._by_code

    def category(self, code: str) -> Category:
        """The kind of help with this code; ``KeyError`` where there is none."""
        return self._by_code[code]

    def klass(self, code: str) -> Klass:
        """Its class; ``KeyError`` for an unknown code."""
        return self._by_code[code].klass

    def wire_category(self, code: str) -> str | None:
        """What others may see of it: a code, or None for "nothing"."""
        return self._by_code[code].wire

    def is_wire_code(self, code: str) -> bool:
        """Whether ``code`` can stand in a summary: a class A category, or a broad group."""
        return any(category.wire == code for category in self.categories)

    def wire_codes(self, code: str) -> Sequence[str]:
        """The codes under which kinds go out: all of them for ``all``, else that of one kind or broad group. Raises
        ``Invalid`` for one that does not exist or never leaves."""
        if code == "all":
            return list(dict.fromkeys(each.wire for each in self.categories if each.wire))
        if self.is_wire_code(code):
            return [code]
        if code not in self:
            raise Invalid("no_category", N_("There is no such kind of help: %(kind)s"), kind=code[:40])
        wire = self.wire_category(code)
        if wire is None:
            raise Invalid(
                "never_shared",
                N_("%(name)s is never shown to other groups."),
                name=self.name(code),
            )
        return [wire]

    def under(self, heading: str) -> tuple[Category, ...]:
        """The kinds of help under one heading, in the shared order."""
        return tuple(category for category in self.categories if category.heading == heading)

    @property
    def offered(self) -> tuple[Category, ...]:
        """What stands on the group's forms."""
        return tuple(category for category in self.categories if category.code not in self.hidden)

    def local(self, names: Mapping[tuple[str, str], str], hidden: Iterable[str]) -> Self:
        """The same kinds as one group calls them. ``names``: (code, language) -> its own name; an empty one and an
        unknown code count for nothing. Codes, classes and what others see stay as they are.
        """
        own: dict[str, dict[str, str]] = {}
        for (code, language), name in names.items():
            if name and code in self:
                own.setdefault(code, {})[language] = name
        categories = tuple(
            replace(each, names=MappingProxyType({**each.names, **own.get(each.code, {})}))
            for each in self.categories
        )
        aliases = dict(self.aliases)
        for code, called in own.items():
            for name in called.values():
                aliases[text_key(name)] = (code,)
        return replace(
            self,
            categories=categories,
            aliases=MappingProxyType(aliases),
            _by_code=MappingProxyType({each.code: each for each in categories}),
            _named=MappingProxyType({**self._named, **{each.code: each for each in categories}}),
            hidden=frozenset(hidden) & {each.code for each in categories},
        )

    def named_alike(self, language: str) -> list[tuple[str, str]]:
        """Pairs of kinds on the forms that have one name in that language."""
        held: dict[str, str] = {}
        pairs = []
        for kind in self.categories:
            if kind.code not in self.hidden:
                first = held.setdefault(text_key(kind.name(language)), kind.code)
                if first != kind.code:
                    pairs.append((first, kind.code))
        return pairs

    def asking(self, more: Mapping[str, tuple[CheckLevel, Going]]) -> Self:
        """The same kinds with what a group asks of whoever does them beyond the shared list: more, never less. Unknown
        codes count for nothing."""
        if not more:
            return self
        categories = tuple(_asking(each, more.get(each.code)) for each in self.categories)
        by_code = {each.code: each for each in categories}
        return replace(
            self,
            categories=categories,
            _by_code=MappingProxyType(by_code),
            _named=MappingProxyType({**self._named, **by_code}),
        )

    def name(self, code: str, language: str = "en") -> str:
        """The shared name of a category, broad group or heading; the code itself where it is unknown.

        An unknown code is no error: a neighbouring group may run a newer list.
        """
        entry = self._by_code.get(code) or self._named.get(code)
        return entry.name(language) if entry else code

    def tag_name(self, code: str, language: str = "en") -> str:
        """The name of a tag, or the code itself."""
        return next((tag.name(language) for tag in self.tags if tag.code == code), code)

    @property
    def requires_codes(self) -> frozenset[str]:
        """Everything that a task can take."""
        return frozenset(entry.code for entry in self.requires)

    def requires_name(self, code: str, language: str = "en") -> str:
        """The name of something a task takes, or the code itself."""
        return next((entry.name(language) for entry in self.requires if entry.code == code), code)

    def match_text(self, text: str) -> tuple[str, ...] | None:
        """The codes that one choice, as a group writes it, asks for; None where it is not known.

        An empty tuple is a known text that asks for nothing ("none").
        """
        return self.aliases.get(text_key(text))


@cache
def catalogue() -> Catalogue:
    """The shipped list, built once: it is constant data."""
    return Catalogue.load()


def _named(row: Mapping[str, Any]) -> Named:
    return Named(code=row["code"], names=MappingProxyType(dict(row["names"])))


def _asking(kind: Category, more: tuple[CheckLevel, Going] | None) -> Category:
    if more is None:
        return kind
    levels, ways = tuple(CheckLevel), tuple(Going)
    return replace(
        kind,
        check=max(kind.check, more[0], key=levels.index),
        going=max(kind.going, more[1], key=ways.index),
    )


def _category(row: Mapping[str, Any]) -> Category:
    return Category(
        code=row["code"],
        names=MappingProxyType(dict(row["names"])),
        heading=row["heading"],
        klass=Klass(row["class"]),
        wire=row["wire"],
        check=CheckLevel(row["check"]),
        tags=tuple(row["tags"]),
        requires=tuple(row["requires"]),
        contactless=row.get("contactless", False),
        hard=row.get("hard", False),
        going=Going(row.get("going", "alone")),
    )
