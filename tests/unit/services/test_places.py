"""Postcodes and names out of public files, in a real database."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from node.domain.actors import ANONYMOUS, CONSOLE
from node.errors import Invalid, NotAllowed, NotFound
from node.services.intake.places import Places
from node.store import audit, settings
from node.store.db import Database
from protocol import cells
from tests.harness.clock import FakeClock

SHARED = Path(__file__).parents[4] / "shared" / "data" / "geonames" / "zipcodes.gb.csv"
_FAR = cells.cell_of(10.0, 10.0)
ROWS = (
    "country_code,zipcode,place,state,state_code,province,province_code,community,community_code,latitude,longitude\n"
    "GB,BS3,Bristol,England,ENG,County of Bristol,1,,,51.4552,-2.5966\n"
    "GB,BS4,Knowle,England,ENG,County of Bristol,1,,,51.4355,-2.5633\n"
    "GB,BS4,Brislington,England,ENG,County of Bristol,1,,,51.4335,-2.5472\n"
    "GB,B93,Knowle,England,ENG,West Midlands,2,,,52.3886,-1.7339\n"
    "GB,ZZ1,Farplace,Scotland,SCT,,,,,58.0,-5.0\n"
    "GB,ZZ2,Farplace,England,ENG,,,,,50.5,-4.7\n"
)


@pytest_asyncio.fixture
async def db(tmp_path: Path) -> AsyncIterator[Database]:
    database = await Database.open(tmp_path / "group.db")
    yield database
    await database.close()


@pytest_asyncio.fixture
async def places(db: Database, tmp_path: Path) -> Places:
    file = tmp_path / "places.csv"
    file.write_text(ROWS, "utf-8")
    async with db.write() as tx:
        await settings.put(tx, settings.PLACE, (51.44, -2.58))
    service = Places(db, FakeClock())
    assert (await service.import_file(file, actor=CONSOLE)).places == 6
    return service


async def test_one_code_can_be_several_places(places: Places) -> None:
    found = await places.find("bs4")
    assert [place.name for place in found] == ["Brislington, Knowle", "Knowle", "Brislington"]
    assert found[0].accuracy_m > found[1].accuracy_m
    assert all(place.same_district for place in found)


async def test_a_full_postcode_is_found_by_its_district(places: Places) -> None:
    point = await places.locate("7 Made-up Road, Bristol, BS3 9ZZ")
    assert point is not None
    assert (point.lat, point.lon, point.accuracy_m) == (51.4552, -2.5966, 5_000)


async def test_of_namesakes_the_one_near_the_group_counts(places: Places) -> None:
    assert [place.code for place in await places.find("knowle")] == ["BS4", "B93"]
    point = await places.locate("Knowle")
    assert point is not None
    assert round(point.lat, 4) == 51.4355
    assert await places.locate("Farplace") is None


async def test_what_is_not_known_finds_nothing(places: Places) -> None:
    assert await places.find("Atlantis") == []
    assert await places.find("  ") == []
    assert await places.locate("Atlantis") is None


async def test_the_same_file_again_replaces_itself(places: Places, db: Database, tmp_path: Path) -> None:
    (tmp_path / "places.csv").write_text(ROWS.replace("Farplace", "Newplace"), "utf-8")
    report = await places.import_file(tmp_path / "places.csv")
    assert (report.places, report.countries) == (6, ("GB",))
    assert await places.known() == 6
    assert await places.find("Farplace") == []
    async with db.read() as tx:
        assert [entry.action for entry in await audit.latest(tx)] == ["places.import", "places.import"]


async def test_a_bad_file_changes_nothing(places: Places, tmp_path: Path) -> None:
    (tmp_path / "places.csv").write_bytes(ROWS.encode() + b"\xff\xfe\x00")
    with pytest.raises(Invalid):
        await places.import_file(tmp_path / "places.csv")
    (tmp_path / "places.csv").write_text(ROWS.partition("\n")[0] + "\n", "utf-8")
    with pytest.raises(Invalid, match="no place"):
        await places.import_file(tmp_path / "places.csv")
    assert await places.known() == 6
    with pytest.raises(NotFound):
        await places.import_file(tmp_path / "absent.csv")
    with pytest.raises(NotAllowed):
        await places.import_file(tmp_path / "places.csv", actor=ANONYMOUS)


@pytest.mark.shared_data
@pytest.mark.skipif(not SHARED.exists(), reason="../shared/data/geonames is absent")
async def test_the_real_file(db: Database) -> None:
    async with db.write() as tx:
        await settings.put(tx, settings.PLACE, (51.44, -2.58))
    service = Places(db, FakeClock())
    assert (await service.import_file(SHARED)).places == 27_450
    found = await service.find("BS4 1ZZ")
    assert {"Knowle", "Brislington"} <= {place.name for place in found[1:]}
    assert found[0].same_district
    knowle = await service.locate("Knowle")
    assert knowle is not None
    assert abs(knowle.lat - 51.43) < 0.03


async def test_an_area_is_named_by_the_nearest_place(places: Places) -> None:
    """By the area alone: whoever lives where in it, the words are the same."""
    fine, coarse, far = (
        cells.cell_of(51.4355, -2.5633),
        cells.parent(cells.cell_of(51.4355, -2.5633), 5),
        _FAR,
    )
    named = await places.area_names([fine, coarse, far])
    assert named[fine].place == "Knowle"
    assert named[fine].within_km <= 2
    assert far not in named

    # What is said of a large area holds for each of its corners.
    (lat, lon) = {
        "Knowle": (51.4355, -2.5633),
        "Brislington": (51.4335, -2.5472),
        "Bristol": (51.4552, -2.5966),
    }[named[coarse].place]
    corners = [cells.distance_km((lat, lon), (north, east)) for east, north in cells.boundary(coarse)]
    assert max(corners) <= named[coarse].within_km < max(corners) + 12


async def test_names_are_found_again_after_an_import(db: Database, tmp_path: Path) -> None:
    area = cells.cell_of(51.4355, -2.5633)
    service = Places(db, FakeClock())
    assert await service.area_names([area]) == {}
    file = tmp_path / "places.csv"
    file.write_text(ROWS, "utf-8")
    await service.import_file(file, actor=CONSOLE)
    assert (await service.area_names([area]))[area].place == "Knowle"
    file.write_text(ROWS.replace("Knowle", "Newname (PO Boxes)"), "utf-8")
    await service.import_file(file, actor=CONSOLE)
    assert (await service.area_names([area]))[area].place == "Newname"
