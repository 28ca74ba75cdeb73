"""The canonical profile: what is inside reads and writes as itself, what is outside is refused by name."""

import json
import re
from pathlib import Path
from typing import Any
from unicodedata import normalize

import orjson
import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from protocol import canonical
from protocol.errors import CODES, LocalProtocolError, ProtocolError, RemoteProtocolError

BIDI = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"


def _inside(text: str) -> bool:
    return normalize("NFC", text) == text and not set(text) & set(BIDI)


keys = st.from_regex(r"[a-z][a-z0-9_]{0,31}", fullmatch=True)
texts = st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=30).filter(_inside)
scalars = st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | texts


def nested(depth: int) -> st.SearchStrategy[Any]:
    if depth == 0:
        return scalars
    inner = nested(depth - 1)
    return scalars | st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=5)


values = nested(4)


@given(values)
def test_inside_the_profile_our_bytes_are_those_of_rfc_8785(value: Any) -> None:
    data = canonical.encode(value, limit=10**6)
    assert data == rfc8785.dumps(value)
    assert canonical.decode(data, limit=10**6) == value


OUTSIDE = {
    "a fraction": (b"[1.5]", "float"),
    "a whole float": (b"[1.0]", "float"),
    "an exponent": (b"1E2", "float"),
    "minus zero as a float": (b"-0.0", "float"),
    "an integer too large for any integer": (b"123456789012345678901234567890", "float"),
    "2^53": (b"9007199254740992", "integer_range"),
    "-2^53": (b"[-9007199254740992]", "integer_range"),
    "2^63": (b"9223372036854775808", "integer_range"),
    "minus zero": (b"-0", "not_canonical"),
    "a leading zero": (b"01", "not_json"),
    "not a number": (b"NaN", "not_json"),
    "an upper-case key": (b'{"A":1}', "bad_key"),
    "an empty key": (b'{"":1}', "bad_key"),
    "a key with a dash": (b'{"a-b":1}', "bad_key"),
    "a key of 33 characters": (b'{"' + b"a" * 33 + b'":1}', "bad_key"),
    "a key that ends in a newline": (b'{"a\\n":1}', "bad_key"),
    "a key with full-width digits": ('{"a\uff11":1}'.encode(), "bad_key"),
    "a key twice": (b'{"a":1,"a":1}', "duplicate_key"),
    "a key twice, deep": (b'{"a":[{"b":1,"b":2}]}', "duplicate_key"),
    "a key twice, once escaped": (b'{"a":1,"\\u0061":1}', "duplicate_key"),
    "keys out of order": (b'{"b":1,"a":1}', "not_canonical"),
    "a blank": (b'{"a": 1}', "not_canonical"),
    "a newline after": (b"1\n", "not_canonical"),
    "a blank before": (b" 1", "not_canonical"),
    "a needless escape": (b'"\\u0061"', "not_canonical"),
    "an escaped slash": (b'"\\/"', "not_canonical"),
    "upper-case hexadecimal": (b'"\\u001F"', "control_character"),
    "a tab": (b'"\\t"', "control_character"),
    "a raw tab": (b'"\t"', "not_json"),
    "NUL": (b'"\\u0000"', "control_character"),
    "DEL": (b'"\x7f"', "control_character"),
    "a C1 control": ('"\x85"'.encode(), "control_character"),
    "decomposed": ('"e\u0301"'.encode(), "not_nfc"),
    "a sign that NFC replaces": ('"\u212b"'.encode(), "not_nfc"),
    "a right-to-left override": ('"\u202e"'.encode(), "bidi_override"),
    "an isolate": ('"\u2067"'.encode(), "bidi_override"),
    "half a pair, escaped": (b'"\\ud800"', "not_json"),
    "half a pair, raw": (b'"\xed\xa0\x80"', "not_utf8"),
    "an overlong form": (b'"\xc0\xaf"', "not_utf8"),
    "Latin 1": (b'"\xe9"', "not_utf8"),
    "a byte-order mark": (b"\xef\xbb\xbf1", "not_json"),
    "UTF-16": ('{"a":1}'.encode("utf-16-le"), "not_json"),
    "nothing": (b"", "not_json"),
    "two values": (b"1 2", "not_json"),
    "a comment": (b"1//", "not_json"),
    "single quotes": (b"{'a':1}", "not_json"),
    "a comma too many": (b"[1,]", "not_json"),
    "five containers": (b"[[[[[]]]]]", "too_deep"),
    "five containers, mixed": (b'{"a":[{"a":[{}]}]}', "too_deep"),
    "300 containers, more than a writer writes": (b"[" * 300 + b"]" * 300, "too_deep"),
    "300 objects": (b'{"a":' * 300 + b"1" + b"}" * 300, "too_deep"),
    "a tower": (b"[" * 2000 + b"]" * 2000, "not_json"),
    "4097 bytes": (b'"' + b"a" * 4095 + b'"', "too_long"),
}


@pytest.mark.parametrize("name", OUTSIDE)
def test_outside_the_profile_is_refused_by_name(name: str) -> None:
    data, code = OUTSIDE[name]
    with pytest.raises(RemoteProtocolError) as caught:
        canonical.decode(data)
    assert caught.value.code == code
    assert caught.value.code in CODES
    assert caught.value.status == 400


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (1.0, "float"),
        (float("nan"), "float"),
        (2**53, "integer_range"),
        (-(2**70), "integer_range"),
        ({1: 2}, "bad_key"),
        ({"A": 2}, "bad_key"),
        ("\ud800", "lone_surrogate"),
        ("e\u0301", "not_nfc"),
        ("\u202e", "bidi_override"),
        ("\n", "control_character"),
        ((1,), "bad_type"),
        (b"", "bad_type"),
        ([[[[[]]]]], "too_deep"),
        ("a" * 4096, "too_long"),
    ],
)
def test_we_do_not_write_outside_the_profile(value: Any, code: str) -> None:
    with pytest.raises(LocalProtocolError) as caught:
        canonical.encode(value)
    assert (caught.value.code, caught.value.status) == (code, 500)


def test_the_limits_themselves_are_inside() -> None:
    for data in (
        b"[[[[]]]]",
        b'{"' + b"a" * 32 + b'":1}',
        b"9007199254740991",
        b"-9007199254740991",
        b'"' + b"a" * 4094 + b'"',
        b'"\\"\\\\"',
        '"\u2028\u00e9\U0001f600"'.encode(),
    ):
        assert canonical.encode(canonical.decode(data)) == data


def test_the_keys_that_skip_the_pattern_match_it() -> None:
    assert all(re.fullmatch(r"[a-z][a-z0-9_]{0,31}", key) for key in canonical._COMMON_KEYS)


def _is_inside(value: Any, room: int = 4) -> bool:
    """The profile written a second time, as plainly as it goes."""
    if isinstance(value, dict):
        return (
            room > 0
            and all(re.fullmatch("[a-z][a-z0-9_]{0,31}", key) for key in value)
            and all(_is_inside(inner, room - 1) for inner in value.values())
        )
    if isinstance(value, list):
        return room > 0 and all(_is_inside(inner, room - 1) for inner in value)
    if isinstance(value, str):
        controls = [c for c in value if ord(c) < 32 or 127 <= ord(c) < 160 or c in BIDI]
        return not controls and normalize("NFC", value) == value
    if isinstance(value, bool) or value is None:
        return True
    return isinstance(value, int) and abs(value) < 2**53


@given(values, st.data())
def test_no_changed_byte_gets_in_unless_it_makes_another_canonical_value(
    value: Any, data: st.DataObject
) -> None:
    raw = bytearray(canonical.encode(value, limit=10**6))
    for _ in range(data.draw(st.integers(1, 3))):
        place = data.draw(st.integers(0, len(raw)))
        what = data.draw(st.sampled_from(["set", "insert", "delete"]))
        byte = data.draw(st.sampled_from(list(b' \t\n"\\,:{}[]0159.eE-aA_\x00\x7f\x80\xc2\xed\xa0\xff')))
        if what == "insert":
            raw.insert(place, byte)
        elif place < len(raw) and what == "set":
            raw[place] = byte
        elif place < len(raw):
            del raw[place]
    changed = bytes(raw)
    try:
        read = canonical.decode(changed, limit=10**6)
    except RemoteProtocolError:
        return
    assert _is_inside(read)
    assert rfc8785.dumps(read) == changed
    assert json.loads(changed) == read


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
        max_leaves=12,
    )
)
def test_any_json_is_either_inside_or_refused(value: Any) -> None:
    """Structures from far outside: accepted exactly when the plain rules say so."""
    try:
        data = orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
    except (TypeError, orjson.JSONEncodeError):
        return
    read = orjson.loads(data)  # what orjson made of NaN and the like
    try:
        assert canonical.decode(data, limit=10**6) == read
    except ProtocolError:
        assert not _is_inside(json.loads(data))
    else:
        assert _is_inside(json.loads(data))


@given(st.binary(max_size=60))
def test_noise_never_does_more_than_be_refused(data: bytes) -> None:
    try:
        value = canonical.decode(data)
    except RemoteProtocolError:
        return
    assert canonical.encode(value) == data


JCS = ["arrays", "french", "structures", "unicode", "values", "weird"]


@pytest.mark.shared_data
@pytest.mark.parametrize("name", JCS)
def test_the_public_jcs_vectors(shared_data: Path, name: str) -> None:
    """The oracle agrees with RFC 8785's own cases; we read those in our profile, and refuse the others."""
    folder = shared_data / "vectors" / "jcs"
    source = json.loads((folder / "input" / f"{name}.json").read_text("utf-8"))
    expected = (folder / "output" / f"{name}.json").read_bytes().rstrip(b"\n")
    assert rfc8785.dumps(source) == expected
    if _is_inside(source):
        assert canonical.encode(canonical.decode(expected)) == expected
    else:
        with pytest.raises(RemoteProtocolError):
            canonical.decode(expected)
