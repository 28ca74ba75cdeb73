"""Typed access to the kinds of help, and what groups' own words map to."""

import pytest

from node.domain.catalogue import Catalogue, CheckLevel, Klass, catalogue

CATALOGUE = Catalogue.load()


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("Housing", ("housing",)),
        ("Food", ("food_parcel",)),
        ("Transportation for essential travel", ("lift",)),
        ("Pet care - food, litter", ("pet_food",)),
        ("Clothing", ("clothing",)),
        ("Laundry access", ("laundry",)),
        ("clothing/laundry", ("clothing", "laundry")),
        ("pet care", ("pet_care",)),
        ("Shopping", ("groceries",)),
        ("Prescriptions", ("medication",)),
        ("Dog walking", ("dog_walking",)),
        ("Phone calls", ("phone_call",)),
        ("Friendly chat", ("phone_call",)),
        ("Lifts", ("lift",)),
        ("Baby supplies", ("baby_supplies",)),
        ("Diapers", ("baby_supplies",)),
        ("Tech help", ("tech_help",)),
        ("Translation", ("translation",)),
        ("Gardening", ("gardening",)),
        ("DIY", ("repairs",)),
        ("Rent/bills money", ("money",)),
        ("Childcare", ("childcare",)),
        ("Mental health", ("mental_health",)),
        ("  SHOPPING.  ", ("groceries",)),
        ("\N{NO-BREAK SPACE}Food\N{NO-BREAK SPACE}", ("food_parcel",)),
        ("Pasear perros", ("dog_walking",)),
        ("تسوق", ("groceries",)),
        ("Looking after a pet", ("pet_care",)),
        ("medical_lift", ("medical_lift",)),
        ("I do not have resources to share", ()),
    ],
)
def test_groups_own_words(text: str, codes: tuple[str, ...]) -> None:
    assert CATALOGUE.match_text(text) == codes


@pytest.mark.parametrize("text", ["", "sdf", "Shoppping", "food and a very long story"])
def test_unknown_words_are_said_to_be_unknown(text: str) -> None:
    assert CATALOGUE.match_text(text) is None


def test_class_check_and_wire() -> None:
    childcare = CATALOGUE.category("childcare")
    assert childcare.klass is Klass.B
    assert childcare.check is CheckLevel.CRIMINAL_RECORD
    assert CATALOGUE.wire_category("childcare") == "family_support"
    assert CATALOGUE.wire_category("groceries") == "groceries"
    assert CATALOGUE.wire_category("medication") is None
    with pytest.raises(KeyError):
        CATALOGUE.klass("time_travel")


@pytest.mark.parametrize(
    ("code", "is_one"),
    [
        ("groceries", True),
        ("family_support", True),
        ("childcare", False),
        ("medication", False),
        ("x", False),
    ],
)
def test_what_can_stand_in_a_summary(code: str, is_one: bool) -> None:
    assert CATALOGUE.is_wire_code(code) is is_one


def test_names_fall_back_to_english_and_unknown_codes_to_themselves() -> None:
    assert CATALOGUE.name("groceries", "es-MX") == "Hacer la compra"
    assert CATALOGUE.name("groceries", "fr") == "Shopping"
    assert CATALOGUE.name("family_support") == "Help for a family"
    assert CATALOGUE.name("a_newer_code", "ar") == "a_newer_code"
    assert CATALOGUE.name("tools") == "Borrow a tool"
    assert CATALOGUE.requires_name("tools") == "Tools"
    assert CATALOGUE.tag_name("stairs", "es") == "Escaleras"


def test_every_kind_is_under_a_heading_once() -> None:
    listed = [category.code for heading in CATALOGUE.headings for category in CATALOGUE.under(heading.code)]
    assert sorted(listed) == sorted(category.code for category in CATALOGUE.categories)


def test_the_shared_instance_is_built_once() -> None:
    assert catalogue() is catalogue()
