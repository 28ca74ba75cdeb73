"""The wordings that a group begins with are there in each language, with every place for what is put in."""

import re

import pytest

from node.domain.settings.default_texts import ARABIC, ENGLISH, SPANISH
from node.domain.settings.texts import TEXTS

PLACE = re.compile(r"\{[a-z_]+\}")


@pytest.mark.parametrize("written", [SPANISH, ARABIC], ids=["es", "ar"])
def test_a_language_has_all_of_them_with_their_places(written: dict[str, str]) -> None:
    assert set(written) == set(ENGLISH)
    for code, text in written.items():
        assert text.strip() != "", code
        assert text != ENGLISH[code], code
        assert set(PLACE.findall(text)) == set(PLACE.findall(ENGLISH[code])), code


def test_each_is_a_text_that_there_is() -> None:
    assert set(ENGLISH) <= set(TEXTS)
