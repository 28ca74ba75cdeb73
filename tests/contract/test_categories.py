"""The shared list of kinds of help keeps its promises."""

import json
import re
import unicodedata
from pathlib import Path

import jsonschema
import pytest

from node.domain.catalogue import Catalogue, Klass, text_key

ROOM = Path(__file__).parents[2] / "schemas"
DATA = json.loads((ROOM / "categories.v1.json").read_text("utf-8"))
CATALOGUE = Catalogue.from_data(DATA)
ARABIC = re.compile(r"[\u0600-\u06ff /]+")


def test_it_fits_its_schema() -> None:
    schema = json.loads((ROOM / "categories.schema.v1.json").read_text("utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.Draft202012Validator(schema).validate(DATA)


def test_about_forty_kinds_under_ten_headings() -> None:
    assert len(CATALOGUE.headings) == 10
    assert 36 <= len(CATALOGUE.categories) <= 44
    assert {category.heading for category in CATALOGUE.categories} == {h.code for h in CATALOGUE.headings}


@pytest.mark.parametrize("part", ["headings", "categories", "groups", "tags", "requires"])
def test_names_in_three_languages_and_scripts(part: str) -> None:
    rows = DATA[part]
    assert len({row["code"] for row in rows}) == len(rows)
    for row in rows:
        names = row["names"]
        assert set(names) == {"en", "es", "ar"}
        assert names["en"].isascii()
        assert ARABIC.fullmatch(names["ar"]), row["code"]
        assert not ARABIC.search(names["es"].replace(" ", "").replace("/", "")), row["code"]
        assert all(name == unicodedata.normalize("NFC", name) for name in names.values())
    for language in ("en", "es", "ar"):
        assert len({row["names"][language] for row in rows}) == len(rows), language


def test_one_code_is_one_thing() -> None:
    codes = [row["code"] for part in ("categories", "groups") for row in DATA[part]]
    assert len(codes) == len(set(codes))
    assert "private" not in codes


@pytest.mark.parametrize(
    ("klass", "codes"),
    [
        (
            Klass.A,
            ["groceries", "food_parcel", "cooked_meal", "lift", "laundry", "cleaning", "household_goods"],
        ),
        (Klass.B, ["medical_lift", "childcare", "baby_supplies"]),
        (Klass.C, ["violence", "immigration", "medication", "mental_health", "other"]),
    ],
)
def test_sensitive_kinds_are_classed_as_designed(klass: Klass, codes: list[str]) -> None:
    assert {CATALOGUE.klass(code) for code in codes} == {klass}


def test_a_class_c_code_never_goes_on_the_wire_and_a_class_b_code_only_as_a_group() -> None:
    groups = {group.code for group in CATALOGUE.groups}
    for category in CATALOGUE.categories:
        expected = {Klass.A: {category.code}, Klass.B: groups, Klass.C: {None}}[category.klass]
        assert category.wire in expected, category.code


def test_a_broad_group_does_not_give_its_member_away() -> None:
    for group in CATALOGUE.groups:
        assert sum(category.wire == group.code for category in CATALOGUE.categories) >= 3, group.code


def test_tags_and_requirements_come_from_the_closed_lists() -> None:
    tags = {tag.code for tag in CATALOGUE.tags}
    requires = {entry.code for entry in CATALOGUE.requires}
    for category in CATALOGUE.categories:
        assert set(category.tags) <= tags
        assert set(category.requires) <= requires


def test_aliases_are_written_in_the_form_they_are_looked_up_in() -> None:
    codes = {category.code for category in CATALOGUE.categories}
    for text, meant in DATA["aliases"].items():
        assert text == " ".join(unicodedata.normalize("NFKC", text).casefold().split())
        assert set(meant) <= codes, text
        assert CATALOGUE.match_text(text) == tuple(meant), text
    keys = [text_key(text) for text in DATA["aliases"]]
    assert len(keys) == len(set(keys))
