"""Public place files and what people type when asked where: pure reading and comparing.

Two forms of the GeoNames postal code data are read: its own (tab-separated, twelve columns, no heading) and
the comma-separated conversion with a heading (``country_code,zipcode,place,...``). How far off a place may
be is estimated from what the code is: a code of single streets is known to some hundred metres, a code of a
district to kilometres, whatever the number of decimals.
"""

import csv
import itertools
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from node.errors import N_, Invalid
from protocol.cells import distance_km

SAME_DISTRICT_M = 500
"""A place known no better than this is told as "same district", without a figure."""

MAX_TEXT = 120

_FINE_CODE = {
    "GB": re.compile(r"[A-Z]{1,2}[0-9][A-Z0-9]?[0-9][A-Z]{2}"),
    "NL": re.compile(r"[0-9]{4}[A-Z]{2}"),
    "CA": re.compile(r"[A-Z][0-9][A-Z][0-9][A-Z][0-9]"),
    "PT": re.compile(r"[0-9]{7}"),
    "JP": re.compile(r"[0-9]{7}"),
}
"""Codes that stand for a street or a few houses. Every other code is one of a district or a whole town."""

_FINE_M = {6: 200, 4: 1_500, 3: 2_000, 2: 3_000, 1: 5_000}
_COARSE_M = {6: 3_000, 4: 5_000, 3: 7_000, 2: 10_000, 1: 15_000}
"""By GeoNames' accuracy column: 6 centroid of addresses or of the shape, 4 a named place, 1 estimated."""
_UNSTATED = 4

_HEADING = ("country_code", "zipcode", "place", "state", "province", "community", "latitude", "longitude")
_GEONAMES_COLUMNS = 12
_GB_FULL = re.compile(r"\b([A-Z]{1,2}[0-9][A-Z0-9]?) ?([0-9][A-Z]{2})\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A named place with one code. ``accuracy_m`` is how far off, in metres, the point may honestly be."""

    country: str
    code: str
    name: str
    admin: str
    """The larger areas around it, for telling namesakes apart."""
    lat: float
    lon: float
    accuracy_m: int

    @property
    def same_district(self) -> bool:
        """Whether distances from here may not be told as a figure."""
        return self.accuracy_m > SAME_DISTRICT_M


def code_key(text: str) -> str:
    """A code as it is compared: upper case, letters and digits only."""
    folded = unicodedata.normalize("NFKC", text).upper()
    return "".join(character for character in folded if character.isalnum())


def name_key(text: str) -> str:
    """A name as it is compared: folded, without accents, single blanks."""
    parts = unicodedata.normalize("NFKD", text).casefold()
    bare = "".join(character for character in parts if not unicodedata.combining(character))
    return " ".join(re.sub(r"[^\w]+", " ", bare).split())


def outward(code: str) -> str | None:
    """The district part of a full UK postcode ("BS3 1AA" -> "BS3"), None for anything else."""
    key = code_key(code)
    return key[:-3] if _FINE_CODE["GB"].fullmatch(key) else None


def codes_in(text: str) -> list[str]:
    """Comparable codes that an address as typed may hold, the likeliest first.

    The whole text, then a full UK postcode anywhere in it, then the last words that hold a digit. A number
    that opens the text is a house number, not a code.
    """
    found = [code_key(text)]
    found += [code_key("".join(match)) for match in _GB_FULL.findall(text.upper())]
    words = re.split(r"[\s,;]+", text.strip())
    for end in range(len(words), 1, -1):
        for start in (end - 2, end - 1):
            part = code_key("".join(words[start:end])) if start >= 1 else ""
            if len(part) >= 3 and any(character.isdigit() for character in part):
                found.append(part)
    districts = [district for code in found if (district := outward(code))]
    return [code for code in dict.fromkeys([*found, *districts]) if code]


def names_in(text: str) -> list[str]:
    """Comparable names that an address as typed may hold: the whole text, then each part between commas."""
    parts = [name_key(part) for part in (text, *text.split(",")) if not any(c.isdigit() for c in part)]
    return [part for part in dict.fromkeys(parts) if part]


def middle(places: Sequence[Place]) -> Place:
    """One place that stands for all of them (which share a code): the centre, honest about how far they
    spread.
    """
    if len(places) == 1:
        return places[0]
    lat = sum(place.lat for place in places) / len(places)
    lon = sum(place.lon for place in places) / len(places)
    spread = max(
        distance_km((lat, lon), (place.lat, place.lon)) * 1000 + place.accuracy_m for place in places
    )
    names = sorted({place.name for place in places})
    return Place(
        country=places[0].country,
        code=places[0].code,
        name=", ".join(names[:3]) + (", ..." if len(names) > 3 else ""),
        admin=places[0].admin,
        lat=lat,
        lon=lon,
        accuracy_m=round(spread),
    )


def read_places(lines: Iterable[str]) -> Iterator[Place]:
    """Every usable row of a place file, given line by line; rows without a code or with impossible degrees
    are left out.

    Raises ``Invalid``, at the first line or later, if it is not a place file.
    """
    rest = iter(lines)
    try:
        first = next(rest, "").removeprefix("\ufeff")
        whole = itertools.chain([first], rest)
        if first.count("\t") >= _GEONAMES_COLUMNS - 2:
            yield from _tabbed(whole)
            return
        reader = csv.DictReader(whole)
        reader.fieldnames = [name.strip().lower() for name in reader.fieldnames or ()]
        if not set(_HEADING) <= set(reader.fieldnames):
            raise _not_a_place_file()
        yield from _headed(reader)
    except (UnicodeDecodeError, csv.Error) as error:
        raise _not_a_place_file() from error


def _not_a_place_file() -> Invalid:
    return Invalid(
        "not_a_place_file",
        N_("This is not a file of places that we can read."),
        hint="expected GeoNames postal codes: tab-separated, or comma-separated with a heading",
    )


def _tabbed(lines: Iterable[str]) -> Iterator[Place]:
    for line in lines:
        cells = line.rstrip("\r\n").split("\t")
        if len(cells) >= _GEONAMES_COLUMNS - 1:
            accuracy = cells[11].strip() if len(cells) > 11 else ""
            admin = ", ".join(dict.fromkeys(part for part in (cells[7], cells[5], cells[3]) if part))
            yield from _place(cells[0], cells[1], cells[2], admin, cells[9], cells[10], accuracy)


def _headed(reader: Iterable[Mapping[str, str | None]]) -> Iterator[Place]:
    for row in reader:
        admin = ", ".join(
            dict.fromkeys(part for key in ("community", "province", "state") if (part := row.get(key) or ""))
        )
        yield from _place(
            row.get("country_code") or "",
            row.get("zipcode") or "",
            row.get("place") or "",
            admin,
            row.get("latitude") or "",
            row.get("longitude") or "",
            row.get("accuracy") or "",
        )


def _place(
    country: str, code: str, name: str, admin: str, lat: str, lon: str, accuracy: str
) -> Iterator[Place]:
    try:
        degrees = float(lat), float(lon)
    except ValueError:
        return
    country = country.strip().upper()
    known = -90 <= degrees[0] <= 90 and -180 <= degrees[1] <= 180 and degrees != (0.0, 0.0)
    if not known or not code_key(code) or not re.fullmatch("[A-Z]{2}", country):
        return
    fine = country in _FINE_CODE and _FINE_CODE[country].fullmatch(code_key(code)) is not None
    stated = int(accuracy) if accuracy in {"1", "2", "3", "4", "6"} else _UNSTATED
    yield Place(
        country=country,
        code=code.strip()[:20],
        name=(name.strip() or code.strip())[:MAX_TEXT],
        admin=admin.strip()[:MAX_TEXT],
        lat=degrees[0],
        lon=degrees[1],
        accuracy_m=(_FINE_M if fine else _COARSE_M)[stated],
    )
