"""When a volunteer can, in the words of a sheet: "Mon-Wed mornings", "weekends", a grid with a column a weekday. Pure.

Only what can be read in one way is read; for everything else ("after 9", "usually", "weekends and evenings") the
answer is None, and somebody says what it means. English, Spanish, German and Arabic words.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Final

from node.domain.hours import ALL_HOURS, PARTS, WEEKDAYS, Hours, in_order
from node.domain.sheets.sheet_clock import parts_of, with_parts

_MARKS: Final = re.compile(r"[\u0300-\u036f\u0640\u064b-\u065f]")
_SAME: Final = str.maketrans(
    {"أ": "ا", "إ": "ا", "آ": "ا", "ى": "ي", "ة": "ه", "؛": ";", "،": ",", "–": "-", "—": "-"}
)
_SAID_IN_SEVERAL: Final[Mapping[str, str]] = {
    "any time": "always", "all the time": "always", "24/7": "always", "any day any time": "always",
    "every day": "daily", "each day": "daily", "any day": "daily", "all days": "daily", "7 days a week": "daily",
    "all day": "allday", "whole day": "allday", "any time of day": "allday",
    "not available": "never", "no time": "never",
    "week days": "weekdays", "week day": "weekdays", "week ends": "weekends",
    "cualquier momento": "always", "cualquier hora": "always", "todo el tiempo": "always",
    "todos los dias": "daily", "cada dia": "daily", "cualquier dia": "daily", "todo el dia": "allday",
    "entre semana": "weekdays", "dias laborables": "weekdays", "fin de semana": "weekends",
    "fines de semana": "weekends", "por la manana": "morning", "por las mananas": "morning",
    "de la manana": "morning", "por la tarde": "afternoon", "por las tardes": "afternoon",
    "por la noche": "evening", "por las noches": "evening",
    "jeden tag": "daily", "den ganzen tag": "allday", "ganzen tag": "allday", "unter der woche": "weekdays",
    "am wochenende": "weekends", "an wochenenden": "weekends", "am vormittag": "morning",
    "am nachmittag": "afternoon", "am abend": "evening",
    "كل يوم": "daily", "كل الايام": "daily", "طوال اليوم": "allday", "اي وقت": "always", "في اي وقت": "always",
    "بعد الظهر": "afternoon", "غير متاح": "never", "غير متاحه": "never",
}  # fmt: skip
"""Several words that are one."""
_DAY_WORDS: Final[Mapping[str, str]] = {
    "mon": "mon monday mondays montag montags lunes lun mo الاثنين اثنين",
    "tue": "tue tues tuesday tuesdays dienstag dienstags martes di الثلاثاء ثلاثاء",
    "wed": "wed weds wednesday wednesdays mittwoch mittwochs miercoles mie mi الاربعاء اربعاء",
    "thu": "thu thur thurs thursday thursdays donnerstag donnerstags jueves jue do الخميس خميس",
    "fri": "fri friday fridays freitag freitags viernes vie fr الجمعه جمعه",
    "sat": "sat saturday saturdays samstag samstags sonnabend sonnabends sabado sabados sab sa السبت",
    "sun": "sun sunday sundays sonntag sonntags domingo domingos dom so الاحد احد",
}
_SHORT: Final = frozenset({"mo", "di", "mi", "do", "fr", "sa", "so"})
"""German; each is a word of another language, too, so one of them alone says nothing."""
_PART_WORDS: Final[Mapping[str, str]] = {
    "morning": "morning mornings manana mananas vormittag vormittags morgens صباحا الصباح صباح",
    "afternoon": "pm afternoon afternoons tarde tardes nachmittag nachmittags",
    "evening": "evening evenings noche noches abend abends مساء المساء",
}
_DAYS: Final = {word: day for day, words in _DAY_WORDS.items() for word in words.split()}
_PARTS: Final = {word: part for part, words in _PART_WORDS.items() for word in words.split()}
_MANY_DAYS: Final[Mapping[str, tuple[str, ...]]] = {
    **dict.fromkeys(["weekdays", "weekday"], WEEKDAYS[:5]),
    **dict.fromkeys(["weekends", "weekend", "wochenende", "wochenenden"], WEEKDAYS[5:]),
    **dict.fromkeys(["daily", "everyday", "diario", "taglich", "يوميا"], WEEKDAYS),
}
_ALWAYS: Final = frozenset(
    [
        "always",
        "any",
        "anytime",
        "whenever",
        "flexible",
        "siempre",
        "cualquiera",
        "اي",
        "jederzeit",
        "immer",
        "دائما",
    ]
)
_NEVER: Final = frozenset(["never", "none", "nunca", "nie", "ابدا"])
_JOINS: Final = frozenset([",", "/", "&", "+", "and", "or", "y", "e", "o", "u", "und", "oder", "و", "او"])
_RANGES: Final = frozenset(["-", "to", "bis", "through", "thru", "a", "al", "الي", "حتي"])
_NOTHING: Final = frozenset(
    {
        "only", "on", "in", "the", "el", "los", "las", "la", "de", "en", "por", "del", "every", "each", "at", "solo",
        "nur", "an", "jeden", "jede", "في", "من", "ايام", "يوم", "ال",
    }
)  # fmt: skip
"""Words that say nothing about when."""
_YES: Final = frozenset(["yes", "y", "x", "true", "1", "si", "ja", "ok", "✓", "✔", "☑", "نعم"])
_NO: Final = frozenset(["no", "n", "false", "0", "nein", "-", "☐", "لا"])
_TOKEN: Final = re.compile(r"[^\W\d_]+|\d+|[;,/&+\-✓✔☑☐]|\S")


def read_hours(text: str) -> Hours | None:
    """The hours that a text says; None where it can be read in two ways, or not at all. Empty text: any time."""
    if not (said := _plain(text)):
        return ALL_HOURS
    if said in _ALWAYS:
        return ALL_HOURS
    if said in _NEVER:
        return ()
    found: set[str] = set()
    for clause in re.split(r"[;\n]+|\. ", said.strip(". ")):
        if not clause.strip():
            continue
        slots = _clause(_tokens(clause))
        if slots is None:
            return None
        found |= slots
    return in_order(found)


def read_cell(text: str, *, weekday: str = "", part: str = "") -> Hours | None:
    """The same for a cell of a grid, whose heading says the ``weekday`` or the ``part``: parts or days, a tick for all
    of them, nothing for none."""
    said = _plain(text)
    if not said or said in _NO or said in _NEVER:
        return ()
    allowed = {slot for slot in ALL_HOURS if weekday in slot.split(":") or part in slot.split(":")}
    if said in _YES or said in _ALWAYS:
        return in_order(allowed)
    slots = read_hours(text)
    if slots is None:
        return None
    tokens = [token for clause in re.split(r"[;\n]+", said) for token in _tokens(clause)]
    if weekday and any(token in _DAYS or token in _MANY_DAYS for token in tokens):
        return None
    if part and any(token in _PARTS for token in tokens):
        return None
    return in_order(allowed & set(slots))


def write_hours(hours: Iterable[str]) -> str:
    """Hours as a text that ``read_hours`` reads again: "Mon-Wed morning; Sat all day"."""
    held = set(hours)
    if held >= set(ALL_HOURS):
        return "any time"
    parts = [tuple(part for part in PARTS if f"{day}:{part}" in held) for day in WEEKDAYS]
    lines, at = [], 0
    while at < len(parts):
        end = at
        while end + 1 < len(parts) and parts[end + 1] == parts[at]:
            end += 1
        if parts[at]:
            days = WEEKDAYS[at].title() + (f"-{WEEKDAYS[end].title()}" if end > at else "")
            lines.append(
                f"{days} {'all day' if len(parts[at]) == len(PARTS) else ' and '.join(map(str, parts[at]))}"
            )
        at = end + 1
    return "; ".join(lines) or "never"


def _plain(text: str) -> str:
    parts = unicodedata.normalize("NFKD", text.casefold())
    said = _MARKS.sub("", parts).translate(_SAME)
    said = with_parts(said)
    said = re.sub(r"[^\S\n]+", " ", said.replace("(", " ").replace(")", " ").replace(":", " ")).strip()
    for words in sorted(_SAID_IN_SEVERAL, key=len, reverse=True):
        said = re.sub(rf"(?<!\w){re.escape(words)}(?!\w)", _SAID_IN_SEVERAL[words], said)
    return said


def _tokens(clause: str) -> list[str]:
    found = []
    for token in _TOKEN.findall(clause):
        joined = token.startswith("و") and token not in _DAYS and token not in _PARTS
        if joined and (token[1:] in _DAYS or token[1:] in _PARTS):  # Arabic writes its "and" to the word
            found += ["و", token[1:]]
        elif token not in _NOTHING:
            found.append(token)
    return _without_am(found)


def _without_am(tokens: list[str]) -> list[str]:
    """ "am" is the morning, but not where German says so of a day: "am Montag"."""
    found: list[str] = []
    for token, after in zip(tokens, [*tokens[1:], ""], strict=True):
        if token == "am" and "pm" not in tokens and (after in _DAYS or after in _MANY_DAYS):  # noqa: S105
            if found and found[-1] in _DAYS:
                found.append("?")  # "Mon am Tue": of which day?
            continue
        found.append("morning" if token == "am" else token)  # noqa: S105
    return found


def _clause(tokens: list[str]) -> set[str] | None:
    """Groups of days and parts: "Mon-Wed mornings, Fri". Days come first in each, or parts do in each."""
    if sum(token in _SHORT for token in tokens) == 1:
        return None
    if tokens in (["always"], ["daily", "always"]):
        return set(ALL_HOURS)
    items: list[
        tuple[str, tuple[str, ...], bool]
    ] = []  # day or part, which, and whether it was parted from the last
    parted, timed, at = False, False, 0
    while at < len(tokens):
        token = tokens[at]
        if token in _JOINS:
            parted, at = True, at + 1
            continue
        one = _one(token)
        if one is None:
            return None
        sort, which = one
        clock = parts_of(token) is not None
        if items and not parted and sort == items[-1][0] == "part" and (clock or timed):
            # "evenings after 6": both have to be so
            which = tuple(part for part in which if part in items[-1][1])
            if not which:
                return None
            items[-1], timed, at = ("part", which, items[-1][2]), True, at + 1
            continue
        if at + 2 < len(tokens) and tokens[at + 1] in _RANGES and len(which) == 1:
            last = _one(tokens[at + 2])
            if last is None or last[0] != sort or len(last[1]) != 1:
                return None
            which, at = _between(sort, which[0], last[1][0]), at + 2
        items.append((sort, which, parted))
        parted, timed, at = False, clock, at + 1
    return _grouped(items)


def _one(token: str) -> tuple[str, tuple[str, ...]] | None:
    if token in _DAYS:
        return "day", (_DAYS[token],)
    if (timed := parts_of(token)) is not None:
        return ("part", timed) if timed else None
    if token in _PARTS:
        return "part", (_PARTS[token],)
    if token in _MANY_DAYS:
        return "day", _MANY_DAYS[token]
    return ("part", tuple(PARTS)) if token == "allday" else None  # noqa: S105 - a word, no secret


def _between(sort: str, first: str, last: str) -> tuple[str, ...]:
    order = WEEKDAYS if sort == "day" else tuple(map(str, PARTS))
    start, end = order.index(first), order.index(last)
    return order[start : end + 1] if start <= end else (*order[start:], *order[: end + 1])


def _grouped(items: list[tuple[str, tuple[str, ...], bool]]) -> set[str] | None:
    if not items:
        return None
    first = items[0][0]
    groups: list[dict[str, set[str]]] = []
    before = ""
    for sort, which, parted in items:
        if sort != before and before and sort != first and parted:
            return None  # "weekends and evenings": of the weekend only, or all of both?
        if sort == first and before != first:
            groups.append({"day": set(), "part": set()})
        groups[-1][sort].update(which)
        before = sort
    if first == "part" and len(groups) > 1 and not groups[-1]["day"]:
        return None
    return {
        f"{day}:{part}"
        for group in groups
        for day in group["day"] or WEEKDAYS
        for part in group["part"] or PARTS
    }
