"""What anybody takes from `/near` to their own reader, map, calendar or site: read by other people's programs."""

import itertools
import json
import re
from collections.abc import AsyncIterator
from datetime import date
from typing import Any
from xml.etree import ElementTree

import aiohttp
import feedparser
import pytest
import pytest_asyncio
import vobject

from node.domain.consents import Consents
from node.domain.intake.intake import NewNeed, NewPerson
from node.domain.need import Point, Window
from node.ports import SeenNeed
from node.services.sharing import neighbourhood
from protocol import cells
from tests.harness.neighbourhood import Member, Neighbourhood
from tests.unit.protocol.makers import a_summary
from ui.views.public import near

HOME = Point(lat=51.4561, lon=-2.5925, accuracy_m=50)
CANARIES = ("Wilhelmina", "0117 496 0321", "Nowhere Crescent", "invented chapel")
FORMATS = ("geojson", "atom", "kml", "ics")


pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def cast(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Neighbourhood]:
    """North asks for two things, one of them on certain days; south has never met her and shows both."""
    async with Neighbourhood(tmp_path_factory.mktemp("feeds")) as neighbourhood:
        north = await neighbourhood.add("north")
        south = await neighbourhood.add("south", at=(51.43, -2.58))
        await neighbourhood.befriend(north, south)
        await north.share_everything()
        today = neighbourhood.clock.now().date()
        for kind, window in (("groceries", Window(first=today, last=today)), ("dog_walking", None)):
            await north.services.intake.take(
                north.staff,
                NewNeed(
                    person=NewPerson(
                        name="Wilhelmina Madeup", phone="0117 496 0321", address="77 Nowhere Crescent"
                    ),
                    categories=(kind,),
                    point=HOME,
                    notes="behind the invented chapel",
                    window=window,
                    consents=Consents(help_you=True, groups_see=True, keep_details=True),
                    start="open",
                ),
            )
        await neighbourhood.publish(north)
        await neighbourhood.sync(south)
        yield neighbourhood


async def get(
    member: Member, path: str, **headers: str
) -> tuple[int, str, aiohttp.typedefs.CIMultiDict[str]]:
    """Status, body and headers of what a stranger's program reads."""
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"{member.url}{path}", headers=headers) as answer,
    ):
        return answer.status, await answer.text(), answer.headers.copy()  # type: ignore[return-value]


async def test_every_format_gives_the_same_needs_of_all_groups_and_nobodys_name(cast: Neighbourhood) -> None:
    south, north = cast.members["south"], cast.members["north"]
    found: dict[str, set[str]] = {}
    for name in FORMATS:
        status, body, headers = await get(south, f"/api/v1/needs.{name}?near=51.45,-2.59&km=10")
        assert status == 200, body
        assert headers["Access-Control-Allow-Origin"] == "*"
        assert not [canary for canary in CANARIES if canary in body], name
        found[name] = ids(name, body)
    assert len(found["geojson"]) == 2
    assert all(each.startswith(north.id) for each in found["geojson"])
    assert found["atom"] == found["kml"] == found["geojson"]
    assert len(found["ics"]) == 1, "a calendar has no place for what has no day"
    assert found["ics"] < found["geojson"]


def ids(name: str, body: str) -> set[str]:
    """Of the needs in it, as another library reads them."""
    if name == "geojson":
        return {each["id"] for each in json.loads(body)["features"]}
    if name == "atom":
        read = feedparser.parse(body)
        assert not read.bozo, read.get("bozo_exception")
        return {each.id for each in read.entries}
    if name == "ics":
        calendar = vobject.readOne(body)
        return {each.uid.value for each in calendar.vevent_list}
    data = "{http://www.opengis.net/kml/2.2}"
    return {
        each.findtext(f"{data}value") or ""
        for each in ElementTree.fromstring(body).iter(f"{data}Data")  # noqa: S314 - our own
        if each.get("name") == "id"
    }


def not_rfc_7946(document: Any) -> list[str]:
    """What of a FeatureCollection is not as RFC 7946 has it; the numbers are its sections."""
    faults = []
    if document.get("type") != "FeatureCollection" or not isinstance(document.get("features"), list):
        faults.append("3.3: a FeatureCollection has a list of features")
    if {"crs", "coordinates", "geometry", "properties"} & set(document):
        faults.append("4 and 7.1: no other reference system, no members of another type")
    ids = [feature.get("id") for feature in document["features"]]
    if len(set(ids)) != len(ids) or not all(isinstance(each, str) for each in ids):
        faults.append("3.2: an id is a string or a number, and here each its own")
    for feature in document["features"]:
        if feature.get("type") != "Feature" or not isinstance(feature.get("properties"), dict):
            faults.append("3.2: a Feature has properties")
        shape = feature["geometry"]
        polygons = [shape["coordinates"]] if shape["type"] == "Polygon" else shape["coordinates"]
        if shape["type"] not in ("Polygon", "MultiPolygon") or set(shape) != {"type", "coordinates"}:
            faults.append("3.1: a geometry is one of seven types, and nothing else is in it")
        for ring, *holes in polygons:
            turn = sum(a[0] * b[1] - b[0] * a[1] for a, b in itertools.pairwise(ring))
            lons = [lon for lon, _ in ring]
            faults += ["3.1.6: an area has no holes"] if holes else []
            faults += (
                ["3.1.6: a ring is closed, of four positions or more"]
                if ring[0] != ring[-1] or len(ring) < 4
                else []
            )
            faults += ["3.1.6: an outer ring runs anticlockwise"] if turn <= 0 else []
            faults += ["3.1.9: cut at the 180th meridian"] if max(lons) - min(lons) > 180 else []
            if not all(-180 <= lon <= 180 and -90 <= lat <= 90 for lon, lat in ring):
                faults.append("3.1.1: longitude first, then latitude, in degrees")
    return faults


async def test_areas_are_valid_for_maps(cast: Neighbourhood) -> None:
    south = cast.members["south"]
    _, body, headers = await get(south, "/api/v1/needs.geojson")
    assert headers["Content-Type"].startswith("application/geo+json")
    document = json.loads(body)
    assert len(document["features"]) == 2
    assert not_rfc_7946(document) == []
    lon, lat = document["features"][0]["geometry"]["coordinates"][0][0]
    assert (round(lon), round(lat)) == (-3, 51)
    _, body, _ = await get(south, "/api/v1/needs.atom")
    for entry in feedparser.parse(body).entries:
        assert entry.where["type"] == "Polygon"
        lon, lat = entry.where["coordinates"][0][0]
        assert (round(lon), round(lat)) == (-3, 51), "GeoRSS writes latitude first"


async def test_the_calendar_has_whole_days_and_leaves_what_somebody_does(cast: Neighbourhood) -> None:
    south = cast.members["south"]
    _, body, headers = await get(south, "/api/v1/needs.ics")
    assert headers["Content-Type"].startswith("text/calendar")
    (event,) = vobject.readOne(body).vevent_list
    today = cast.clock.now().date()
    assert event.dtstart.value == today
    assert (event.dtend.value - today).days == 1
    assert isinstance(event.dtstart.value, date)
    assert event.summary.value.startswith("Shopping · "), event.summary.value
    assert "This week" not in event.summary.value, "the day says more"


async def test_a_reader_that_asks_again_is_told_that_nothing_changed(cast: Neighbourhood) -> None:
    south = cast.members["south"]
    for name in FORMATS[1:]:
        _, body, headers = await get(south, f"/api/v1/needs.{name}")
        again, nothing, _ = await get(south, f"/api/v1/needs.{name}", **{"If-None-Match": headers["ETag"]})
        assert (again, nothing) == (304, "")
        _, later, _ = await get(south, f"/api/v1/needs.{name}", **{"If-None-Match": '"another"'})
        assert later == body


async def test_a_frame_of_the_map_and_what_it_takes_narrow_every_feed_and_the_page(
    cast: Neighbourhood,
) -> None:
    south = cast.members["south"]
    here, far = "bbox=-2.7,51.4,-2.5,51.5", "bbox=10,51.4,11,51.5"
    for name in FORMATS:
        _, whole, _ = await get(south, f"/api/v1/needs.{name}?lang=en")
        for query, same in ((here, True), (far, False), ("takes=van", False)):
            status, body, _ = await get(south, f"/api/v1/needs.{name}?lang=en&{query}")
            assert status == 200
            assert (cast.members["north"].id in body) is (same and cast.members["north"].id in whole), (
                name,
                query,
            )
    _, page, _ = await get(south, "/near?takes=van")
    assert "/api/v1/needs.atom?takes=van" in page
    _, frame, _ = await get(south, "/embed?takes=van")
    assert "/near?takes=van" in frame


async def test_the_page_says_how_many_there_are_and_not_how_many_rows(
    cast: Neighbourhood, monkeypatch: pytest.MonkeyPatch
) -> None:
    south = cast.members["south"]
    _, whole, _ = await get(south, "/near")
    [said] = re.findall(r'role="status">(\d+) requests for help', whole)
    monkeypatch.setattr(near, "MOST_ROWS", 1)
    _, cut, _ = await get(south, "/near")
    assert f'role="status">{said} requests for help' in cut
    assert "not shown here" in cut
    assert "not shown here" not in whole.partition("<table")[2]


async def test_what_does_not_fit_is_said_as_a_problem(cast: Neighbourhood) -> None:
    south = cast.members["south"]
    for name in FORMATS:
        for query, code in (
            ("near=here", "bad_near"),
            ("near=nan,nan", "bad_near"),
            ("near=51,-2&km=900", "bad_near"),
            ("near=51,-2&km=1_0", "bad_near"),
            ("km=many", "bad_near"),
            ("category=cats", "bad_category"),
            ("takes=rocket", "bad_takes"),
            ("bbox=1,2,3", "bad_bbox"),
        ):
            status, body, headers = await get(south, f"/api/v1/needs.{name}?{query}")
            assert status == 422, (name, query)
            assert headers["Content-Type"].startswith("application/problem+json")
            assert json.loads(body)["code"] == code


async def test_another_site_may_frame_the_small_map_and_no_other_page(cast: Neighbourhood) -> None:
    south = cast.members["south"]
    status, body, headers = await get(south, "/embed?near=51.45,-2.59&km=10")
    assert status == 200
    assert "frame-ancestors *" in headers["Content-Security-Policy"]
    assert "X-Frame-Options" not in headers
    assert "Set-Cookie" not in headers
    assert "<svg" in body
    assert "<form" not in body
    for wrong in ("near=foo", "lang=english", "category=cats"):
        status, refused, _ = await get(south, f"/embed?{wrong}")
        assert status == 422
        assert not [each for each in ("<form", "<nav", "/sign-in", "<header") if each in refused], wrong
    assert not [canary for canary in CANARIES if canary in body]
    assert "/near?place=51.45%2C+-2.59&amp;km=10" in body
    _, near, headers = await get(south, "/near?place=51.45,-2.59&km=10&category=groceries")
    assert headers["X-Frame-Options"] == "DENY"
    assert "/api/v1/needs.atom?near=51.45,-2.59&amp;km=10&amp;category=groceries" in near
    assert "&lt;iframe src=" in near


async def test_an_area_across_the_180th_meridian_is_cut_there() -> None:
    """Fiji: half of what is wanted there lies at the other edge of the map."""
    cell = cells.parent(cells.cell_of(-16.8, 180.0), 4)
    seen = SeenNeed(
        origin="did:key:made-up",
        origin_name="Taveuni",
        own=False,
        summary=a_summary(cell=cell),
        origin_state="complete",
        last_heard=1,
    )
    feature = neighbourhood._feature(seen)
    assert feature["geometry"]["type"] == "MultiPolygon"
    assert not_rfc_7946({"type": "FeatureCollection", "features": [feature]}) == []
    feature["geometry"]["coordinates"][0][0].reverse()
    assert not_rfc_7946({"type": "FeatureCollection", "features": [feature]}) == [
        "3.1.6: an outer ring runs anticlockwise"
    ]
