"""Every mapping that ships can be read, and fits the real group's form where that is at hand."""

import csv
from pathlib import Path

import pytest

from node.domain.catalogue import OTHER, Catalogue, text_key
from node.domain.sheets.mapping import read_mapping
from node.domain.sheets.sheets import heading_key, split_choices

ROOT = Path(__file__).parents[2]
CATALOGUE = Catalogue.load()
MAPPINGS = sorted((ROOT / "examples" / "mappings").glob("*.toml"))
FORM = ROOT.parent / "shared" / "data" / "lansing_google_form" / "custom_form_questions.csv"


@pytest.mark.parametrize("path", MAPPINGS, ids=lambda path: path.stem)
def test_it_can_be_read(path: Path) -> None:
    assert read_mapping(path.read_text("utf-8"), CATALOGUE).name


@pytest.mark.shared_data
@pytest.mark.skipif(not FORM.exists(), reason="../shared/data/lansing_google_form is absent")
def test_every_answer_of_the_real_form_has_a_meaning() -> None:
    mapping = read_mapping((ROOT / "examples" / "mappings" / "lansing.toml").read_text("utf-8"), CATALOGUE)
    fields = {heading_key(name): field for field, names in mapping.columns.items() for name in names}
    with FORM.open(encoding="utf-8", newline="") as file:
        asked = [row for row in csv.DictReader(file) if row["form_type"] == "ask_form" and row["options"]]
    seen = set()
    for row in asked:
        field = fields.get(heading_key(row["question_name"]))
        options = [option.strip(' "') for option in row["options"].split(";")]
        for option in options if field is not None else ():
            seen.add(field)
            if field == "categories":
                (choice,) = split_choices(option, mapping.choices)
                codes = mapping.choices[text_key(choice)]
                assert OTHER not in codes
            else:
                assert mapping.value(str(field), option) is not None, option
    assert seen == {"categories", "urgency", "repeats"}
