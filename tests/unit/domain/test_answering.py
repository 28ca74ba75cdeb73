"""What a text is taken to say: a whole word of ours, and nothing that only begins like one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from node.domain.notices.answering import Word, word_of


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("YES", Word.YES),
        (" yes! ", Word.YES),
        ("Sí.", Word.YES),
        ("SI", Word.YES),
        ("نعم", Word.YES),
        ("نَعَمْ", Word.YES),
        ("No", Word.NO),
        ("لا", Word.NO),
        ("Done :)", Word.DONE),
        ("HECHO", Word.DONE),
        ("تم", Word.DONE),
        ("stop", Word.STOP),
        ("STOP ALL", Word.STOP),
        ("ALTO", Word.STOP),
        ("توقف", Word.STOP),
        ("No problem, I can", None),
        ("yes but not before five", None),
        ("I am done for today", None),
        ("", None),
        ("?", None),
    ],
)
def test_a_word_of_ours_in_any_language(text: str, word: Word | None) -> None:
    assert word_of(text) is word


@given(st.text(max_size=60))
def test_any_text_is_a_word_or_none(text: str) -> None:
    assert word_of(text) in {None, *Word}
    assert word_of(f"{text} perhaps") is None
