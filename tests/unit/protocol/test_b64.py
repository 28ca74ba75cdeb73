"""Unpadded base64url with one text for each value."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol import b64
from protocol.errors import RemoteProtocolError


@given(st.binary(max_size=80))
def test_what_is_encoded_decodes_to_itself(data: bytes) -> None:
    assert b64.decode(b64.encode(data), len(data)) == data


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("AA==", 1),
        ("AB", 1),  # spare bits set: would be a second name for one byte
        ("AA", 2),
        ("AAA", 1),
        ("A", 1),
        ("A+", 1),
        ("A/", 1),
        ("+w", 1),
        ("AA\n", 1),
        (" AA", 1),
        ("A\uff21", 1),
        ("AA!!", 1),
        ("", 1),
        ("AAAA", 2),
    ],
)
def test_other_texts_are_refused(text: str, length: int) -> None:
    with pytest.raises(RemoteProtocolError) as caught:
        b64.decode(text, length)
    assert caught.value.code == "bad_base64"


@given(st.text(max_size=30), st.integers(0, 22))
def test_no_text_is_repaired(text: str, length: int) -> None:
    try:
        data = b64.decode(text, length)
    except RemoteProtocolError:
        return
    assert b64.encode(data) == text
