"""What is found in a message from a chat."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from node.domain.catalogue import catalogue
from node.domain.intake.pasted import MOST, read

ALIASES = catalogue().aliases


@pytest.mark.parametrize(
    ("text", "phones", "places", "kinds"),
    [
        (
            "Hi all, my mum at 12 Imaginary Road, BS3 1AA needs someone to walk the dog and some shopping."
            " Ring her on 07700 900123 please!",
            ["07700 900123"],
            ["12 Imaginary Road, BS3 1AA", "BS3 1AA"],
            ["dog_walking", "groceries"],
        ),
        (
            "Necesito pañales, vivo cerca de Knowle. +44 7700 900456",
            ["+44 7700 900456"],
            ["Knowle"],
            ["baby_supplies"],
        ),
        ("can anybody help with WINTER COATS??", [], [], ["clothing"]),
        ("thanks, all sorted!", [], [], []),
    ],
)
def test_phone_place_and_kinds(text: str, phones: list[str], places: list[str], kinds: list[str]) -> None:
    found = read(text, ALIASES, "GB")
    assert list(found.phones) == phones
    assert list(found.places[: len(places)]) == places
    assert list(found.kinds) == kinds


def test_of_names_within_each_other_the_longest_counts() -> None:
    assert read("a hot meal", ALIASES, "GB").kinds == ("cooked_meal",)
    assert read("food bank", ALIASES, "GB").kinds == ("food_parcel",)


@given(st.text(max_size=400), st.sampled_from(["GB", "US", None]))
def test_it_invents_nothing_and_never_fails(text: str, region: str | None) -> None:
    found = read(text, ALIASES, region)
    assert found.text == text.strip()
    for phone in found.phones:
        assert phone in text
    assert all(kind in catalogue() for kind in found.kinds)
    assert all(len(each) <= MOST for each in (found.phones, found.places, found.kinds))
