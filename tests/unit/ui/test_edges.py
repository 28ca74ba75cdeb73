"""What comes in from outside: form seals, ways back, places as typed; and the map that goes out."""

import re
from xml.etree import ElementTree

import h3
import pytest

from ui.drawing import svg
from ui.parts.places import degrees
from ui.web import csrf
from ui.web.site import own_path


def test_the_token_belongs_to_one_seal() -> None:
    assert csrf.fits("one", csrf.token("one"))
    assert not csrf.fits("other", csrf.token("one"))
    assert csrf.token("one") != csrf.token("one"), (
        "the length of a packed page would tell it letter by letter"
    )


@pytest.mark.parametrize("given", ["", "a", "é", "AAAA", "=" * 64, "A" * 64, "A" * 63 + "\n"])
def test_what_is_no_token_fits_nothing(given: str) -> None:
    assert not csrf.fits("one", given)


@pytest.mark.parametrize(
    "text",
    [
        "//evil.example",
        "/\\evil.example",
        "https://evil.example",
        "",
        "board",
        "/a\r\nSet-Cookie: x",
        "/a\\b",
    ],
)
def test_no_way_leads_out(text: str) -> None:
    assert own_path(text, "/board") == "/board"


def test_own_paths_are_followed() -> None:
    assert own_path("/board/x?show=mine", "/") == "/board/x?show=mine"


@pytest.mark.parametrize(
    ("text", "point"),
    [
        ("51.44, -2.58", (51.44, -2.58)),
        (" 51.44;-2.58 ", (51.44, -2.58)),
        ("7 Imaginary Row (51.4550, -2.5880)", (51.455, -2.588)),
        ("7 Imaginary Row", None),
        ("91, 0", None),
        ("51.44", None),
        ("12, 14 Imaginary Row", None),
    ],
)
def test_degrees_as_people_type_them(text: str, point: tuple[float, float] | None) -> None:
    assert degrees(text) == point


def test_the_map_is_plain_and_escaped() -> None:
    cell = h3.latlng_to_cell(51.44, -2.58, 5)
    drawn = svg.area_map(
        [svg.Area(cell, 3, "A", 'Area A: 3 <b>"requests"</b>')],
        title="<script>",
        here=(51.44, -2.58),
        reach_km=10,
        here_words="<img>",
    )
    assert drawn is not None
    root = ElementTree.fromstring(drawn)  # noqa: S314 - our own drawing
    assert {element.tag for element in root.iter()} <= {"svg", "path", "a", "text", "circle", "title"}
    assert "style=" not in drawn
    assert not re.search(r"<script|<img|<b>", drawn)
    assert drawn.count("<a ") == 1


def test_there_is_no_map_of_nothing() -> None:
    assert svg.area_map([], title="x") is None


def test_letters_go_on_after_z() -> None:
    assert [svg.letters(number) for number in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]
