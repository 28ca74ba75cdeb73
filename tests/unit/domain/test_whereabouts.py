"""Where somebody pasted that something is: every common writing of one spot means that spot, and nothing else does."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from node.domain.intake import whereabouts

HERE = (51.4545, -2.5879)


@pytest.mark.parametrize(
    "text",
    [
        "51.4545, -2.5879",
        " 51.4545 -2.5879 ",
        "(51.4545; -2.5879)",
        "51,4545 -2,5879",
        "51,4545; -2,5879",
        "51.4545 N, 2.5879 W",
        "N 51.4545 W 2.5879",
        "51.4545°N 2.5879°W",
        "51°27'16.2\"N 2°35'16.44\"W",
        "51° 27′ 16.2″ N, 2° 35′ 16.44″ W",
        "geo:51.4545,-2.5879",
        "geo:51.4545,-2.5879;u=35",
        "GEO:51.4545,-2.5879,12?z=15",
        "https://www.openstreetmap.org/#map=15/51.4545/-2.5879",
        "https://www.openstreetmap.org/?mlat=51.4545&mlon=-2.5879#map=5/40.0/9.0",
        "https://www.google.com/maps/@51.4545,-2.5879,15z",
        "https://www.google.com/maps/place/Some+Hall/@40.0,9.0,17z/data=!3m1!4b1!4m6!3m5!1s0!8m2!3d51.4545!4d-2.5879",
        "https://www.google.de/maps?q=51.4545,-2.5879&z=12",
        "https://maps.google.com/?q=loc:51.4545,-2.5879",
        "https://www.google.com/maps/search/51.4545,+-2.5879",
        "https://www.google.com/maps/search/?api=1&query=51.4545%2C-2.5879",
        "https://maps.apple.com/?ll=51.4545,-2.5879&q=Pin",
        "https://maps.apple.com/place?coordinate=51.4545,-2.5879",
        "https://www.bing.com/maps?cp=51.4545~-2.5879&lvl=15",
        "HTTPS://bing.com/maps?cp=51.4545%7E-2.5879",
    ],
)
def test_one_spot_in_many_writings(text: str) -> None:
    assert whereabouts.read(text) == pytest.approx(HERE, abs=1e-6)


@pytest.mark.parametrize(
    ("code", "spot"),
    [  # of the project's own test data
        ("8FVC2222+22", (47.0000625, 8.0000625)),
        ("4VCPPQGP+Q9", (-41.2730625, 174.7859375)),
        ("7fg49qcj+2v", (20.3700625, 2.7821875)),
        ("7FG49QCJ+", (20.37125, 2.78125)),
    ],
)
def test_a_whole_plus_code_is_the_middle_of_its_field(code: str, spot: tuple[float, float]) -> None:
    assert whereabouts.read(code) == pytest.approx(spot, abs=1e-7)


@pytest.mark.parametrize(
    ("text", "what_to_do"),
    [
        ("", "Paste a link"),
        ("Bristol", "Paste a link"),
        ("12 Elm Street", "Paste a link"),
        ("51.4545", "Paste a link"),
        ("12/3", "Paste a link"),
        ("1, 2, 3", "Paste a link"),
        ("https://maps.app.goo.gl/AbC123", "short link"),
        ("https://goo.gl/maps/AbC123", "short link"),
        ("https://www.google.com/maps/place/Bristol", "no spot in this link"),
        ("https://[", "no spot in this link"),
        ("https://help.example/?q=food", "no spot in this link"),
        ("FC35+6X Bristol", "shortened"),
        ("91.0, 10.0", "nowhere on earth"),
        ("51.4545, 182.0", "nowhere on earth"),
    ],
)
def test_what_is_no_spot_is_told_what_to_do(text: str, what_to_do: str) -> None:
    assert whereabouts.read(text) is None
    assert what_to_do in whereabouts.trouble(text)


@given(st.floats(-90, 90), st.floats(-180, 180))
def test_two_numbers_as_a_machine_writes_them_come_back(lat: float, lon: float) -> None:
    written = f"{lat:.5f}, {lon:.5f}"
    for text in (written, f"geo:{lat:.5f},{lon:.5f}", f"https://osm.example/#map=9/{lat:.5f}/{lon:.5f}"):
        found = whereabouts.read(text)
        assert found is not None
        assert found == pytest.approx((lat, lon), abs=1e-5)


@given(
    st.text(max_size=80)
    | st.text("0123456789.,-+ NSWE°'\"/#?=&:@!", max_size=60).map("https://x.example/".__add__)
)
def test_whatever_is_pasted_is_a_spot_on_earth_or_gets_an_answer(text: str) -> None:
    found = whereabouts.read(text)
    if found is None:
        assert whereabouts.trouble(text)
    else:
        assert -90 <= found[0] <= 90
        assert -180 <= found[1] <= 180
