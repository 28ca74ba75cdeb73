"""What a sheet probably is, from headings as forms and people write them; always shown, never taken as true."""

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from node.domain.catalogue import catalogue
from node.domain.sheets.mapping import Sort, read_mapping
from node.domain.sheets.sheet_guess import as_toml, columns_of, fits, new_mapping, sort_of
from node.domain.sheets.sheets import Sheet, read_sheet

SHEETS = {
    "a Google form of requests": (
        Sort.NEEDS,
        {
            "Timestamp": "posted", "What is your name?": "name", "Phone number": "phone", "Email Address": "email",
            "What do you need? Check all that apply": "categories", "Is your need:": "urgency",
            "Add any details about your request:": "notes", "Number of people in household": "people",
            "Is your need recurring?": "repeats", "Status": "status", "Organizer": "",
        },
    ),
    "an Airtable of volunteers": (
        Sort.VOLUNTEERS,
        {
            "Full Name": "name", "Mobile": "phone", "E-mail": "email", "Neighborhood": "place", "Skills": "categories",
            "Do you have a car?": "transport", "How far can you travel?": "radius_km", "Created time": "posted",
        },
    ),
    "an Airtable of requests": (
        Sort.NEEDS,
        {
            "Record ID": "id", "Created": "posted", "First Name": "name", "Last Name": "family_name",
            "Phone Number": "phone", "Street Address": "address", "City": "town", "Zip Code": "postcode",
            "Help needed": "categories", "Status": "status", "Language": "languages",
        },
    ),
    "a spreadsheet of matches": (
        Sort.MATCHES,
        {
            "Date": "posted", "Recipient": "name", "Phone": "phone", "Task": "categories", "Volunteer": "helper",
            "Volunteer phone": "helper_phone", "Result": "status", "Comments": "notes",
        },
    ),
    "linked tables of matches": (
        Sort.MATCHES,
        {
            "Match ID": "id", "Request ID": "request", "Volunteer ID": "helper_number", "Date completed": "closed",
            "Task": "categories", "Outcome": "status",
        },
    ),
    "its own number, and who was assigned": (
        Sort.NEEDS,
        {
            "Request ID": "id", "Phone": "phone", "Help needed": "categories", "Assigned to": "",
        },
    ),
    "matches with names and numbers": (
        Sort.MATCHES,
        {"Request ID": "", "Recipient": "name", "Volunteer": "helper", "Date": "posted", "Task": "categories"},
    ),
    "un formulario": (
        Sort.NEEDS,
        {
            "Marca temporal": "posted", "Nombre": "name", "Teléfono": "phone", "Dirección": "address",
            "Urgencia": "urgency",
        },
    ),
}  # fmt: skip


def sheet(*headings: str) -> Sheet:
    return Sheet(headings=headings, rows=())


@pytest.mark.parametrize("name", SHEETS)
def test_headings_as_they_are_written(name: str) -> None:
    sort, wanted = SHEETS[name]
    found = sheet(*wanted)
    assert sort_of(found) is sort
    columns = columns_of(found, sort)
    got = {heading: columns.get(heading, "") for heading in wanted}
    assert {key: (got[key], field) for key, field in wanted.items() if got[key] not in (field, "")} == {}
    missed = [heading for heading, field in wanted.items() if field and not got[heading]]
    assert len(missed) <= 1, missed


@given(
    st.lists(st.text(min_size=1, max_size=30), min_size=1, max_size=12, unique=True), st.sampled_from(Sort)
)
def test_no_field_is_guessed_twice_whatever_the_headings(headings: list[str], sort: Sort) -> None:
    fields = list(columns_of(sheet(*headings), sort).values())
    assert len(fields) == len(set(fields))


@given(
    st.dictionaries(st.text(min_size=1, max_size=20), st.text(max_size=20), max_size=4),
    st.text(min_size=1, max_size=20),
)
def test_a_mapping_written_is_the_mapping_read(words: dict[str, str], name: str) -> None:
    draft = new_mapping(name, Sort.NEEDS, "dmy", {"What?": "categories", "State": "status"})
    draft["values"]["status"] = words
    draft["choices"] = {word: ["groceries"] for word in words}
    text = as_toml(draft)
    read = tomllib.loads(text)
    assert read["values"]["status"] == words
    assert (read["name"], read.get("choices", {})) == (name, draft["choices"])


def test_a_saved_mapping_fits_its_own_sheet_and_no_other() -> None:
    columns = {"Timestamp": "posted", "Your name": "name", "Needs": "categories", "Phone": "phone"}
    saved = read_mapping(as_toml(new_mapping("ours", Sort.NEEDS, "dmy", columns)), catalogue())
    assert saved.optional == set(columns.values()) - {"categories"}
    assert fits(saved, sheet(*columns))
    assert fits(saved, sheet("Timestamp", "Needs", "Your name", "One more"))
    assert not fits(saved, sheet("Needs", "Other", "Columns"))
    assert not fits(saved, sheet("Timestamp", "Your name", "Phone"))
    assert not fits(saved, sheet("Needs", "needs?", "Your name", "Phone"))


def test_a_sheet_read_from_bytes_is_guessed_the_same() -> None:
    data = "Marca temporal,Nombre,Teléfono,¿Qué necesita?\n1,2,3,4\n".encode()
    assert columns_of(read_sheet(data), Sort.NEEDS)["Nombre"] == "name"
