"""What is found in a message from a chat."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from node.domain.catalogue import catalogue
from node.domain.intake.pasted import MOST, read
from node.domain.intake.pasted_words import CHAT

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


@pytest.mark.parametrize(
    ("text", "region", "phones", "place", "kinds"),
    [
        (
            "Hola, vivo en la calle Mayor 12, 28013 Madrid y necesito la compra. Mi número es 600 123 456",
            "ES", ["600 123 456"], "calle Mayor 12, 28013 Madrid", ["groceries"],
        ),
        ("Avda. de la Constitución, nº 4, alguien para sacar a mi perro y medicinas", "ES", [],
         "Avda. de la Constitución, nº 4", ["dog_walking", "medication"]),
        ("C/ Luna 3, panales para el bebe", "MX", [], "C/ Luna 3", ["baby_supplies"]),
        (
            "السلام عليكم، أسكن في شارع الملك فهد 12 وأحتاج إلى الدواء والطعام، رقمي 050 123 4567",
            "SA", ["050 123 4567"], "شارع الملك فهد 12", ["medication", "food_parcel"],
        ),
        ("أحتاج حفاضات في حي النزهة", "SA", [], "النزهة", ["baby_supplies"]),
        ("Einkaufen bitte, Lindenstraße 12, 10969 Berlin", "DE", [], "Lindenstraße 12, 10969 Berlin", []),
        ("12 rue de la Paix, 75002 Paris", "FR", [], "12 rue de la Paix, 75002 Paris", []),
        ("14 Cotham Brow BS6 6AE", "GB", [], "14 Cotham Brow, BS6 6AE", []),
        ("Can somebody come in Kirkby? ring 600 123 456", "ES", ["600 123 456"], "Kirkby", []),
    ],
)  # fmt: skip
def test_in_the_languages_of_the_pages_and_as_the_country_writes(
    text: str, region: str, phones: list[str], place: str, kinds: list[str]
) -> None:
    found = read(text, ALIASES, region)
    assert list(found.phones) == phones
    assert found.places[0] == place
    assert list(found.kinds) == kinds


def test_words_of_a_chat_name_one_kind_each_that_there_is() -> None:
    said = [word for words in CHAT.values() for word in words]
    assert len(said) == len(set(said))
    assert set(CHAT) <= {each.code for each in catalogue().categories}


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
