"""Places that help, out as HSDS and in again: nothing lost, nothing twice, nothing of a hostile file kept."""

import json
import uuid
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from node.domain.catalogue import catalogue
from node.domain.need import SHARED_LANGUAGES
from node.domain.settings import hsds
from node.domain.settings.opening import Span, week_of
from node.domain.settings.resources import Resource, problems
from node.errors import Invalid
from node.services.settings.resources import Brought
from protocol import b64

TODAY = date(2026, 11, 2)
CODES = [each.code for each in catalogue().categories]
line = st.text(st.characters(blacklist_categories=("C", "Z")), max_size=30)
places = st.builds(
    Resource,
    id=st.binary(min_size=16, max_size=16).map(b64.encode),
    name=st.text(st.characters(blacklist_categories=("C", "Z")), min_size=1, max_size=30),
    what=line,
    kinds=st.lists(st.sampled_from(CODES), unique=True, max_size=3).map(tuple),
    address=line,
    area=line,
    hours=line,
    week=st.lists(
        st.builds(Span, weekday=st.integers(0, 6), opens=st.integers(0, 1439), closes=st.integers(0, 1439)),
        max_size=6,
    ).map(week_of),
    phone=st.sampled_from(["", "+44 7700 900123", "0117 496 0123"]),
    link=st.sampled_from(["", "https://bank.example/"]),
    languages=st.lists(st.sampled_from(sorted(SHARED_LANGUAGES)), unique=True, max_size=3).map(tuple),
    checked_on=st.none() | st.dates(date(2020, 1, 1), date(2030, 1, 1)),
)


def span(weekday: int, opens: int, closes: int) -> Span:
    return Span(weekday=weekday, opens=opens, closes=closes)


def out(*found: Resource) -> bytes:
    return json.dumps(hsds.to_services(found, country="GB", catalogue=catalogue())).encode()


@given(places)
def test_what_goes_out_as_json_comes_back_the_same(place: Resource) -> None:
    read = hsds.read(out(place), catalogue(), TODAY)
    assert (read.found, read.refused) == ((place,), ())


@given(places)
def test_what_goes_out_as_a_sheet_comes_back_the_same_and_is_no_formula(place: Resource) -> None:
    sheet = hsds.to_sheet([place])
    assert hsds.read(sheet.encode(), catalogue(), TODAY).found == (place,)
    assert not any(cell.startswith(("=", "+", "-", "@")) for cell in sheet.split(","))


def test_ids_are_uuids_and_required_fields_are_there() -> None:
    """As the schemas of HSDS 3.1 ask: service (id, name, status), organization (id, name, description), phone (id,
    number), schedule (id), location (id, location_type), address (all seven)."""
    place = Resource(id=b64.encode(bytes(range(16))), name="Food bank", address="1 Mill Lane", phone="0117 496 0123",
                     hours="Tuesdays", languages=("en",), area="Knowle", kinds=("groceries",))  # fmt: skip
    [service] = json.loads(out(place))["contents"]
    assert {"id", "name", "status"} <= set(service)
    assert {"id", "name", "description"} <= set(service["organization"])
    [at] = service["service_at_locations"]
    assert {"id", "location_type"} <= set(at["location"])
    assert set(at["location"]["addresses"][0]) == {
        "id", "address_1", "city", "state_province", "postal_code", "country", "address_type"
    }  # fmt: skip
    everywhere = [
        service,
        service["organization"],
        at,
        at["location"],
        *service["phones"],
        *service["schedules"],
    ]
    assert all(str(uuid.UUID(each["id"])) == each["id"] for each in everywhere)


def test_a_towns_own_file_is_read_as_far_as_it_goes() -> None:
    """Structured hours, an organisation of another name, an address in parts, a taxonomy of their own."""
    service = {
        "id": "ac148810-d857-441c-9679-408f346de14b",
        "name": "Tuesday table",
        "status": "active",
        "organization": {"id": "x", "name": "Made-up Parish"},
        "schedules": [{"byday": "TU,TH", "opens_at": "10:00:00", "closes_at": "12:30:00"}],
        "service_at_locations": [
            {
                "location": {
                    "addresses": [{"address_1": "1 Mill Lane", "city": "Millbrook", "postal_code": "MB1 1AA"}]
                }
            }
        ],
        "attributes": [
            {"taxonomy_term": {"name": catalogue().name("groceries")}},
            {"taxonomy_term": {"name": "?"}},
        ],
        "assured_date": "2026-10-01",
    }
    [place] = hsds.read(json.dumps([service]).encode(), catalogue(), TODAY).found
    assert place.name == "Tuesday table (Made-up Parish)"
    assert (place.hours, place.week) == ("", (span(1, 600, 750), span(3, 600, 750)))
    assert place.address == "1 Mill Lane, Millbrook, MB1 1AA"
    assert (place.kinds, place.checked_on) == (("groceries",), date(2026, 10, 1))


def test_what_hangs_on_the_place_comes_along_and_nothing_is_lost_without_a_word() -> None:
    def at(street: str, **more: object) -> list[dict[str, object]]:
        return [{"location": {"addresses": [{"address_1": street}], **more}}]

    times = [{"byday": "MO", "opens_at": "09:00", "closes_at": "12:00"}]
    rows = [
        {"name": "Advice", "service_at_locations": at("1 Mill Lane")},
        {"name": "Advice", "service_at_locations": at("2 Elm Road", phones=[{"number": "0117 496 0100"}])},
        {"name": "Table", "service_at_locations": at("3 Row", schedules=times), "alert": "CLOSED until May",
         "description": "Hot food", "eligibility_description": "everybody", "fees_description": "nothing",
         "phones": [{"number": "0117 496 0199", "type": "Fax"}, {"number": "0117 496 0101", "type": "voice"}]},
        {"name": "Table", "service_at_locations": at("3 Row")},
        {"name": "Line", "organization": {"name": "Line", "phones": [{"number": "0117 496 0102"}]}},
    ]  # fmt: skip
    read = hsds.read(json.dumps(rows).encode(), catalogue(), TODAY)
    one, two, table, on_phone = read.found
    assert one.id != two.id, "two places of one name"
    assert (one.phone, two.phone, table.phone) == ("", "0117 496 0100", "0117 496 0101")
    assert table.what == "CLOSED until May · Hot food · everybody · nothing"
    assert table.week == (span(0, 540, 720),)
    assert on_phone.phone == "0117 496 0102"
    assert [number for number, _ in read.refused] == [4]
    brought = Brought(added=4, changed=0, refused=read.refused, places=read.found)
    assert brought.unreached == 1


def test_what_is_closed_or_has_no_name_is_left_out_with_its_row() -> None:
    rows = [{"name": "Gone", "status": "defunct"}, {"name": " "}, {"name": "Here", "status": "active"}]
    read = hsds.read(json.dumps({"services": rows}).encode(), catalogue(), TODAY)
    assert [each.name for each in read.found] == ["Here"]
    assert [number for number, _ in read.refused] == [1, 2]


@pytest.mark.parametrize(
    "content",
    [b"", b"\xff\xfe", b"[1, 2]", b'{"contents": 3}', b"[" * 100_000, b"a,b\r\n1,2", b'{"name":', b"null"],
)
def test_what_is_no_such_file_is_refused_in_plain_words(content: bytes) -> None:
    with pytest.raises(Invalid, match="neither an HSDS file"):
        hsds.read(content, catalogue(), TODAY)


def test_too_many_rows_are_refused_whole() -> None:
    with pytest.raises(Invalid, match="too many rows"):
        hsds.read(json.dumps([{"name": "x"}] * (hsds.MOST_ROWS + 1)).encode(), catalogue(), TODAY)


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(max_size=5), lambda each: st.lists(each,
       max_size=3) | st.dictionaries(st.sampled_from(["phones", "name", "location", "addresses", "attributes"]), each,
       max_size=3), max_leaves=10))  # fmt: skip
def test_no_shape_of_a_row_breaks_it(value: object) -> None:
    row = {"name": "x", "phones": value, "service_at_locations": value, "attributes": value, "languages": value,
           "organization": value, "schedules": value, "description": value, "id": value}  # fmt: skip
    for place in hsds.read(json.dumps([row]).encode(), catalogue(), TODAY).found:
        assert not problems(place, catalogue())


PLAIN = {"byday": "TU", "opens_at": "10:00", "closes_at": "12:30"}


@pytest.mark.parametrize(
    "more",
    [
        {"freq": "MONTHLY"},
        {"byday": "1TU"},
        {"byday": ""},
        {"interval": 2},
        {"until": "2027-01-01"},
        {"valid_to": "2026-12-31"},
        {"valid_from": "2026-11-03"},
        {"dtstart": "soon"},
        {"closes_at": ""},
        {"opens_at": "10:00Z"},
    ],
)
def test_hours_that_are_no_plain_week_stay_words(more: dict[str, object]) -> None:
    """Half of what is said would be a promise: so the plain one beside it is not taken for times either."""
    row = {"name": "Table", "schedules": [PLAIN | more, PLAIN]}
    [place] = hsds.read(json.dumps([row]).encode(), catalogue(), TODAY).found
    assert place.week == ()
    assert place.hours.endswith("TU 10:00–12:30")


def test_a_week_that_has_begun_is_times_and_what_is_said_beside_it_stays() -> None:
    rule = PLAIN | {
        "freq": "WEEKLY",
        "interval": 1,
        "valid_from": "2026-11-02",
        "description": "Ring the side door",
    }
    row = {"name": "Table", "schedules": [rule, PLAIN | {"byday": "SA,SU", "closes_at": "24:00"}]}
    [place] = hsds.read(json.dumps([row]).encode(), catalogue(), TODAY).found
    assert place.week == (span(1, 600, 750), span(5, 600, 0), span(6, 600, 0))
    assert place.hours == "Ring the side door"


def test_a_line_of_words_beside_times_keeps_the_times_from_being_believed() -> None:
    row = {"name": "Table", "schedules": [PLAIN, {"description": "Not in August"}]}
    [place] = hsds.read(json.dumps([row]).encode(), catalogue(), TODAY).found
    assert (place.week, place.hours) == ((), "TU 10:00–12:30; Not in August")
