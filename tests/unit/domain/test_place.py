"""Reading place files and what people type, with accuracy told honestly."""

import pytest

from node.domain.place import Place, code_key, codes_in, middle, name_key, names_in, outward, read_places
from node.errors import Invalid

HEADED = (
    "country_code,zipcode,place,state,state_code,province,province_code,community,community_code,latitude,longitude\n"
    "GB,BS3,Bristol,England,ENG,County of Bristol,11609016,,,51.4552,-2.5966\n"
    "GB,BS4,Knowle,England,ENG,County of Bristol,11609016,,,51.4355,-2.5633\n"
    "GB,BS4,Brislington,England,ENG,County of Bristol,11609016,,,51.4335,-2.5472\n"
    "GB,XX1,Nowhere,England,ENG,,,,,,\n"
    "GB,XX2,Null Island,England,ENG,,,,,0,0\n"
    "GB,XX3,Too far,England,ENG,,,,,91,0\n"
    "GB,,No code,England,ENG,,,,,51,0\n"
    "Kingdom,XX4,No country,England,ENG,,,,,51,0\n"
    "GB,XX5\n"
)
TABBED = (
    "GB\tBS3 1AA\tBristol\tEngland\tENG\tCounty of Bristol\t11609016\t\t\t51.4436\t-2.6009\t6\n"
    "GB\tBS3 1AB\tBristol\tEngland\tENG\tCounty of Bristol\t11609016\t\t\t51.4437\t-2.6010\t1\n"
    "US\t48933\tLansing\tMichigan\tMI\tIngham\t065\t\t\t42.7335\t-84.5571\t4\n"
    "US\t48912\tLansing\tMichigan\tMI\tIngham\t065\t\t\t42.7371\t-84.5244\t\n"
    "broken\tline\n"
)


def lines(text: str) -> list[Place]:
    return list(read_places(text.splitlines(keepends=True)))


def test_a_file_with_a_heading() -> None:
    found = lines("\ufeff" + HEADED)
    assert [(place.code, place.name) for place in found] == [
        ("BS3", "Bristol"),
        ("BS4", "Knowle"),
        ("BS4", "Brislington"),
    ]
    assert found[0].admin == "County of Bristol, England"
    assert all(place.accuracy_m == 5_000 and place.same_district for place in found)


def test_geonames_own_form() -> None:
    found = lines(TABBED)
    assert [(place.code, place.accuracy_m) for place in found] == [
        ("BS3 1AA", 200),
        ("BS3 1AB", 5_000),
        ("48933", 5_000),
        ("48912", 5_000),
    ]
    assert not found[0].same_district


def test_a_district_is_never_known_to_500_metres() -> None:
    row = "GB\tBS3\tBristol\tEngland\tENG\t\t\t\t\t51.4436\t-2.6009\t{}\n"
    for stated in ("1", "2", "3", "4", "5", "6", "", "9", "x"):
        (place,) = lines(row.format(stated))
        assert place.same_district


@pytest.mark.parametrize("text", ["", "a,b,c\n1,2,3\n", "hello\n", "country_code,zipcode\n", "\0\0\0"])
def test_what_is_no_place_file_is_said_so(text: str) -> None:
    with pytest.raises(Invalid, match="not a file of places"):
        lines(text)


@pytest.mark.parametrize(
    ("code", "district"),
    [
        ("BS3 1AA", "BS3"),
        ("bs31aa", "BS3"),
        ("SW1A 1AA", "SW1A"),
        ("M1 1AE", "M1"),
        ("BS3", None),
        ("48933", None),
    ],
)
def test_the_district_of_a_full_postcode(code: str, district: str | None) -> None:
    assert outward(code) == district


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("BS4", "BS4"),
        ("  bs4 ", "BS4"),
        ("BS4 2XX", "BS42XX"),
        ("BS4 2XX", "BS4"),
        ("12 Made-up Road, Knowle, Bristol BS4 2XX", "BS42XX"),
        ("12 Made-up Road, Knowle, Bristol BS4 2XX", "BS4"),
        ("100 Invented Street, Lansing, MI 48933", "48933"),
        ("48933", "48933"),
        ("ＢＳ４", "BS4"),
    ],
)
def test_codes_in_an_address(text: str, code: str) -> None:
    assert code in codes_in(text)


def test_a_house_number_is_no_code() -> None:
    assert "1012" not in codes_in("1012 Invented Street, Lansing")
    assert codes_in("") == []


def test_names_are_compared_without_accents_and_case() -> None:
    assert name_key("Saint-Étienne") == name_key("saint etienne")
    assert names_in("12 Made-up Road, KNOWLE, Bristol") == ["knowle", "bristol"]
    assert code_key("bs3-1aa") == "BS31AA"


def test_the_middle_of_a_code_says_how_far_it_spreads() -> None:
    _, knowle, brislington = lines(HEADED)
    both = middle([knowle, brislington])
    assert both.name == "Brislington, Knowle"
    assert 51.4335 < both.lat < 51.4355
    assert 5_400 < both.accuracy_m < 5_800
    assert middle([knowle]) == knowle
