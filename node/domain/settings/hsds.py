"""Places that help as HSDS (Human Services Data Specification 3.1, https://docs.openreferral.org): a small profile, out
and in. docs/places.md says which field is which.

Our ids are 16 random bytes, and so are theirs (a UUID): one is written as the other, so a file that comes back
changes the same place.
"""

import csv
import io
import json
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from node.domain.catalogue import Catalogue
from node.domain.need import SHARED_LANGUAGES
from node.domain.settings import hsds_hours
from node.domain.settings.resources import MOST_LETTERS, Read, Resource, as_text, problems
from node.errors import N_, Invalid
from protocol import b64

MOST_ROWS = 5000
COLUMNS = (
    "id", "name", "description", "url", "status", "assured_date", "phones.number", "schedules.description",
    "schedules.byday", "schedules.opens_at", "schedules.closes_at", "languages.code", "service_areas.name",
    "addresses.address_1", "attributes.taxonomy_term.code",
)  # fmt: skip
"""The flat sheet: fields of ``service`` by their names, and of what hangs on it with the name of its table. Several
schedules stand in one row, with ``;`` between them."""
_NOBODY_ANSWERS = frozenset({"fax", "pager", "modem", "data"})
"""Types of telephone that no voice answers."""
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def to_services(places: Iterable[Resource], *, country: str, catalogue: Catalogue) -> dict[str, Any]:
    """As the answer of an HSDS API to ``GET /services``: one page with all of them."""
    contents = [_service(place, country, catalogue) for place in places]
    return {
        "total_items": len(contents),
        "total_pages": 1,
        "page_number": 1,
        "size": len(contents),
        "first_page": True,
        "last_page": True,
        "empty": not contents,
        "contents": contents,
    }


def to_sheet(places: Iterable[Resource]) -> str:
    """The flat sheet as CSV; what a spreadsheet would take for a formula is defused."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for place in places:
        row = (
            _uuid(place.id), place.name, place.what, place.link, "active",
            place.checked_on.isoformat() if place.checked_on else "", place.phone, place.hours,
            *(";".join(each[key] for each in hsds_hours.out_of(place.week)) for key in hsds_hours.FIELDS),
            ",".join(place.languages), place.area, place.address, ",".join(place.kinds),
        )  # fmt: skip
        writer.writerow([f"'{cell}" if cell.startswith(_FORMULA) else cell for cell in row])
    return out.getvalue()


def read(content: bytes, catalogue: Catalogue, today: date) -> Read:
    """Places of a JSON or CSV file, with hours that hold ``today``. Raises ``Invalid`` where it is neither, or too
    long."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _unreadable() from error
    rows = list(_rows(text))
    if len(rows) > MOST_ROWS:
        raise Invalid(
            "too_many", N_("There are too many rows in this file: %(most)s at most."), most=MOST_ROWS
        )
    found, refused = {}, []
    for number, row in enumerate(rows, 1):
        if row.get("status", "active") not in ("active", ""):
            refused.append((number, N_("It is not open now.")))
            continue
        place = _place(row, catalogue, today)
        if wrong := problems(place, catalogue):
            refused.append((number, next(iter(wrong.values()))))
        elif place.id in found:
            refused.append((number, N_("This place is in the file twice; only the first one counts.")))
        else:
            found[place.id] = place
    return Read(found=tuple(found.values()), refused=tuple(refused))


def _rows(text: str) -> Iterator[Mapping[str, Any]]:
    if text.lstrip()[:1] in ("{", "["):
        try:
            data = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise _unreadable() from error
        if isinstance(data, dict):
            data = data.get("contents", data.get("services", [data]))
        if not isinstance(data, list) or not all(isinstance(each, dict) for each in data):
            raise _unreadable()
        yield from data
        return
    reader = csv.DictReader(io.StringIO(text, newline=""))
    if "name" not in (reader.fieldnames or ()):
        raise _unreadable()
    try:
        for row in reader:
            yield _nested({key: _plain(cell) for key, cell in row.items() if key and isinstance(cell, str)})
    except csv.Error as error:
        raise _unreadable() from error


def _plain(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(_FORMULA) else cell


def _nested(row: Mapping[str, str]) -> dict[str, Any]:
    """A row of the flat sheet in the shape of the JSON."""
    kinds = [
        {"taxonomy_term": {"code": code}} for code in _listed(row.get("attributes.taxonomy_term.code", ""))
    ]
    return {
        **{key: row.get(key, "") for key in ("id", "name", "description", "url", "status", "assured_date")},
        "phones": [{"number": row.get("phones.number", "")}],
        "schedules": hsds_hours.of_a_sheet(row),
        "languages": [{"code": code} for code in _listed(row.get("languages.code", ""))],
        "service_areas": [{"name": row.get("service_areas.name", "")}],
        "service_at_locations": [
            {"location": {"addresses": [{"address_1": row.get("addresses.address_1", "")}]}}
        ],
        "attributes": kinds,
    }


def _listed(text: str) -> list[str]:
    return [part for part in (each.strip() for each in text.split(",")) if part]


def _service(place: Resource, country: str, catalogue: Catalogue) -> dict[str, Any]:
    own = uuid.UUID(_uuid(place.id))

    def part(name: str) -> str:
        """An id that stays the same for the same part of the same place."""
        return str(uuid.uuid5(own, name))

    service: dict[str, Any] = {
        "id": str(own),
        "name": place.name,
        "description": place.what,
        "status": "active",
        "organization": {
            "id": part("organization"),
            "name": place.name,
            "description": place.what or place.name,
        },
    }
    if place.link:
        service["url"] = place.link
    if place.checked_on:
        service["assured_date"] = place.checked_on.isoformat()
    if place.phone:
        service["phones"] = [{"id": part("phone"), "number": place.phone}]
    if schedules := hsds_hours.schedules(place, part):
        service["schedules"] = schedules
    if place.languages:
        service["languages"] = [{"id": part(f"language:{code}"), "code": code} for code in place.languages]
    if place.area:
        service["service_areas"] = [{"id": part("area"), "name": place.area}]
    if place.address:
        address = {"id": part("address"), "address_1": place.address, "city": "", "state_province": "",
                   "postal_code": "", "country": country, "address_type": "physical"}  # fmt: skip
        location = {"id": part("location"), "location_type": "physical", "addresses": [address]}
        service["service_at_locations"] = [{"id": part("at"), "location": location}]
    if place.kinds:
        service["attributes"] = [
            {
                "id": part(f"kind:{code}"),
                "link_entity": "service",
                "taxonomy_term": {
                    "id": str(uuid.uuid5(uuid.NAMESPACE_URL, f"mutual-aid-connect:{code}")),
                    "code": code,
                    "name": catalogue.name(code),
                    "description": catalogue.name(code),
                },
            }
            for code in place.kinds
        ]
    return service


def _place(row: Mapping[str, Any], catalogue: Catalogue, today: date) -> Resource:
    at = _first(row, "service_at_locations")
    location = _first(at.get("location"))
    address = _first(location, "addresses")
    # Only what has a line of its own is kept of an address, in the order in which it is written on an envelope.
    parts = [
        as_text(address.get(key))
        for key in ("address_1", "address_2", "city", "state_province", "postal_code")
    ]
    organization = as_text(_first(row.get("organization")).get("name"))
    name = as_text(row.get("name"))
    if organization and organization.casefold() not in name.casefold():
        name = f"{name} ({organization})"
    link = as_text(row.get("url"))
    # What hangs on the place counts where the service itself has none: usual in files of whole towns.
    schedules = next(filter(None, (_many(each, "schedules") for each in (row, at, location))), [])
    hours, week = hsds_hours.read(schedules, today)
    address_line = ", ".join(filter(None, parts))
    spoken = (as_text(each.get("code")) for each in _many(row, "languages"))
    return Resource(
        id=_own_id(as_text(row.get("id")), name, address_line),
        name=name[: MOST_LETTERS["name"]],
        what=_words(row)[: MOST_LETTERS["what"]],
        kinds=_kinds(row, catalogue),
        address=address_line[: MOST_LETTERS["address"]],
        area=", ".join(filter(None, (as_text(each.get("name")) for each in _many(row, "service_areas")))),
        hours=hours,
        week=week,
        phone=_phone(row, at, location, _first(row.get("organization"))),
        link=link if link.startswith(("https://", "http://")) else "",
        languages=tuple(dict.fromkeys(code for code in spoken if code in SHARED_LANGUAGES)),
        checked_on=_day(as_text(row.get("assured_date"))),
    )


def _words(row: Mapping[str, Any]) -> str:
    """What stands in front of everything else ("closed until May"), what it gives, and for whom and how."""
    said = as_text(row.get("description"))
    alert = as_text(row.get("alert"))
    more = (
        as_text(row.get(key))
        for key in ("eligibility_description", "application_process", "fees_description")
    )
    return " · ".join(dict.fromkeys(filter(None, (alert if alert not in said else "", said, *more))))


def _phone(*of: Mapping[str, Any]) -> str:
    """The first number that somebody answers: of the service, its place, its organisation."""
    for each in of:
        for phone in _many(each, "phones"):
            number = as_text(phone.get("number"))
            if number and as_text(phone.get("type")).casefold() not in _NOBODY_ANSWERS:
                return number
    return ""


def _kinds(row: Mapping[str, Any], catalogue: Catalogue) -> tuple[str, ...]:
    found: list[str] = []
    for attribute in _many(row, "attributes"):
        term = _first(attribute.get("taxonomy_term"))
        code, name = as_text(term.get("code")), as_text(term.get("name"))
        found += [code] if code in catalogue else catalogue.match_text(name) or ()
    return tuple(dict.fromkeys(found))


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _many(row: Mapping[str, Any], key: str) -> Sequence[Mapping[str, Any]]:
    found = row.get(key)
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []


def _first(row: Any, key: str = "") -> Mapping[str, Any]:
    if key:
        return next(iter(_many(row, key)), {})
    return row if isinstance(row, dict) else {}


def _uuid(own: str) -> str:
    return str(uuid.UUID(bytes=b64.decode(own, 16)))


def _own_id(text: str, name: str, address: str) -> str:
    """Theirs if they have one; else of what it is called and where it is, for a town has more than one "Advice"."""
    try:
        found = uuid.UUID(text)
    except ValueError:
        found = uuid.uuid5(uuid.NAMESPACE_URL, text or (f"{name}\n{address}" if address else name))
    return b64.encode(found.bytes)


def _unreadable() -> Invalid:
    return Invalid(
        "not_hsds", N_("This is neither an HSDS file (JSON) nor a sheet (CSV) with a column “name”.")
    )
