"""Days as they stand in sheets. What can be read in two ways is asked, never guessed."""

import re
from collections.abc import Iterable
from datetime import date
from typing import Literal

from node.domain.sheets.xlsx import serial_day

DateOrder = Literal["mdy", "dmy", "ymd"]
FIRST_YEAR = 2000
_DATE = re.compile(r"([0-9]{1,4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,4})(?![0-9])")
_NAMED = re.compile(
    r"(?:[^\W\d_]+,? +)?(?:([0-9]{1,2})\.?(?: de)? +([^\W\d_]{3,})\.?|([^\W\d_]{3,})\.? +([0-9]{1,2}),?)"
    r"(?: de|,)? +([0-9]{4})\b"
)
_CLOCK = re.compile(r"([0-9]{1,2}):([0-9]{2})(?::([0-9]{2}))?(?:\s*([AaPp])\.?[Mm])?")
_SERIAL = re.compile(r"[0-9]{5}(?:\.[0-9]+)?")
_MONTHS = (
    ("jan", "ene"), ("feb",), ("mar",), ("apr", "abr"), ("may",), ("jun",),
    ("jul",), ("aug", "ago"), ("sep", "set"), ("oct",), ("nov",), ("dec", "dic"),
)  # fmt: skip


def read_date(text: str, order: DateOrder) -> date | None:
    """The calendar day at the beginning of a text, or None. ``2020-03-15``, ``15 March 2020`` and the number that a
    spreadsheet keeps for a day (43905) are understood in every order.
    """
    text = text.strip()
    if _SERIAL.fullmatch(text):
        moment = serial_day(float(text))
        return moment.date() if moment and moment.year >= FIRST_YEAR else None
    match = _DATE.match(text)
    if match is None:
        return _named(text)
    one, two, three = (int(part) for part in match.groups())
    if len(match[1]) == 4:
        year, month, day = one, two, three
    elif order == "ymd" or len(match[1]) == 3 or len(match[3]) in (1, 3):
        return None
    else:
        year = three if len(match[3]) == 4 else FIRST_YEAR + three
        month, day = (one, two) if order == "mdy" else (two, one)
    try:
        return date(year, month, day)
    except ValueError:
        return None


def moment_key(text: str, order: DateOrder) -> str:
    """The same text for the same moment, however a file spells it: day, then time of day if there is one; a text that
    is no date as it is.
    """
    day = read_date(text, order)
    if day is None:
        return text
    if _SERIAL.fullmatch(text.strip()):
        moment = serial_day(float(text))
        hours, minutes, seconds = (moment.hour, moment.minute, moment.second) if moment else (0, 0, 0)
    elif clock := _CLOCK.search(text):
        hours, minutes, seconds = int(clock[1]) % 24, int(clock[2]), int(clock[3] or 0)
        half = (clock[4] or "").lower()
        hours = hours % 12 + (12 if half == "p" else 0) if half else hours
    else:
        hours = minutes = seconds = 0
    if not (hours or minutes or seconds):
        return day.isoformat()
    return f"{day.isoformat()} {hours:02}:{minutes:02}:{seconds:02}"


def _named(text: str) -> date | None:
    match = _NAMED.match(text)
    if match is None:
        return None
    day, name, year = match[1] or match[4], (match[2] or match[3]).casefold(), match[5]
    month = next((number for number, words in enumerate(_MONTHS, 1) if name.startswith(words)), None)
    try:
        return date(int(year), month, int(day)) if month else None
    except ValueError:
        return None


def orders(texts: Iterable[str]) -> tuple[DateOrder, ...]:
    """In which orders of day and month these texts can be meant: one, where a day above 12 or nothing but clear
    dates tells it; two, where somebody must be asked. Texts that are no dates in any order do not count.
    """
    proven: set[DateOrder] = set()
    unclear = seen = False
    for text in texts:
        if read_date(text, "ymd") is not None:
            continue
        read: dict[DateOrder, date | None] = {order: read_date(text, order) for order in ("dmy", "mdy")}
        fits = [order for order, day in read.items() if day is not None]
        seen = seen or bool(fits)
        if len(fits) == 1:
            proven.add(fits[0])
        elif read["dmy"] != read["mdy"]:
            unclear = True
    # Where both are proven several hands wrote the sheet: that, too, is to be asked.
    if len(proven) == 1:
        return tuple(proven)
    if proven or unclear:
        return ("dmy", "mdy")
    return ("dmy",) if seen else ("ymd",)
