"""Reading a line and writing one."""

from dataclasses import fields, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol import codec
from protocol.envelope import sign
from protocol.errors import CODES, LocalProtocolError, RemoteProtocolError
from protocol.statements import Statement, Summary, Window

from .makers import (
    CELL,
    EPOCH,
    NOW,
    OP,
    STRANGER,
    TODAY,
    a_full_profile,
    a_full_summary,
    a_head,
    a_keys,
    a_profile,
    a_summary,
    a_withdrawal,
    signed,
)

ALL: list[Statement] = [
    a_keys(),
    a_profile(),
    a_full_profile(),
    a_summary(),
    a_full_summary(),
    a_withdrawal(),
    a_head(),
]


@pytest.mark.parametrize("statement", ALL, ids=lambda s: s.type)
def test_what_is_written_reads_as_itself(statement: Statement) -> None:
    line = codec.write(statement, OP)
    read = codec.read_line(line)
    assert read.statement == statement
    assert read.line == line
    assert len(read.sha) == 32
    codec.verify(read, OP.public)
    with pytest.raises(RemoteProtocolError) as caught:
        codec.verify(read, STRANGER.public)
    assert caught.value.code == "bad_signature"


@pytest.mark.parametrize("statement", ALL, ids=lambda s: s.type)
def test_no_optional_field_is_written_as_null_or_empty(statement: Statement) -> None:
    body = statement.body()
    optional = {f.name for f in fields(statement) if f.default in (None, ())}
    for name in optional:
        assert body.get(name, "absent") not in (None, [], "")
    assert body["type"] == statement.type
    assert body["v"] == statement.v


def test_fields_we_do_not_know_stay_in_the_line_and_out_of_the_value() -> None:
    read = signed(a_summary(), mood={"inner": ["anything", 1, None]})
    assert read.statement == a_summary()
    assert b'"mood":{"inner":["anything",1,null]}' in read.line
    codec.verify(read, OP.public)


def test_crit_names_what_must_be_understood() -> None:
    assert signed(a_summary(), crit=["mood"], mood=1).unknown_crit == ("mood",)
    assert signed(a_summary()).unknown_crit == ()


def test_a_keys_line_is_signed_by_the_root_that_it_names() -> None:
    codec.verify_keys(signed(a_keys()))
    for wrong in (signed(a_keys(), OP), signed(a_summary())):
        with pytest.raises(RemoteProtocolError) as caught:
            codec.verify_keys(wrong)
        assert caught.value.code == "bad_signature"


NOT_SUMMARIES: dict[str, tuple[dict[str, Any], str]] = {
    "an unknown type": ({"type": "rumour"}, "unknown_type"),
    "a type in capitals": ({"type": "Summary"}, "unknown_type"),
    "a later version": ({"v": 2}, "unknown_version"),
    "null for unknown": ({"effort": None}, "schema"),
    "an empty list": ({"tags": []}, "schema"),
    "a tag twice": ({"tags": ["heavy", "heavy"]}, "schema"),
    "three requirements": ({"requires": ["a", "b", "c"]}, "schema"),
    "another set": ({"set": "everybody"}, "schema"),
    "a list for a string": ({"category": ["groceries"]}, "schema"),
    "true for 1": ({"seq": True}, "schema"),
    "seq 0": ({"seq": 0}, "schema"),
    "an upper-case cell": ({"cell": CELL.upper()}, "schema"),
    "a cell with 0x": ({"cell": "0x" + CELL[:13]}, "schema"),
    "a cell with a blank": ({"cell": CELL[:14] + " "}, "schema"),
    "a full-width cell": ({"cell": "\uff18" + CELL[1:]}, "schema"),
    "no H3 cell": ({"cell": "000000000000000"}, "bad_cell"),
    "an H3 edge": ({"cell": "115194ad7ffffff"}, "bad_cell"),
    "a day that is none": ({"posted": "2026-02-30"}, "bad_day"),
    "month 13": ({"posted": "2026-13-01"}, "bad_day"),
    "year 0": ({"posted": "0000-01-01"}, "bad_day"),
    "a week date": ({"posted": "2026-W45-1"}, "schema"),
    "a day without dashes": ({"posted": "20261101"}, "schema"),
    "a day and a time": ({"posted": "2026-11-01T10:00:00Z"}, "schema"),
    "Arabic-Indic digits": ({"posted": "\u0662\u0660\u0662\u0666-11-01"}, "schema"),
    "a window backwards": ({"window": {"from": "2026-11-03", "to": "2026-11-02"}}, "window_reversed"),
    "half a window": ({"window": {"from": "2026-11-03"}}, "schema"),
    "expired when posted": ({"expires": "2026-10-31"}, "expires_before_posted"),
    "an origin that is no did:key": ({"origin": "did:web:helpers.example"}, "schema"),
    "an id of 21 characters": ({"id": "A" * 21}, "schema"),
    "an id with spare bits": ({"id": "A" * 21 + "B"}, "schema"),
    "crit that is empty": ({"crit": []}, "schema"),
}


@pytest.mark.parametrize("name", NOT_SUMMARIES)
def test_lines_that_are_signed_and_canonical_and_still_wrong(name: str) -> None:
    changes, code = NOT_SUMMARIES[name]
    with pytest.raises(RemoteProtocolError) as caught:
        codec.read_line(sign(a_summary().body() | changes, OP))
    assert caught.value.code == code
    assert caught.value.code in CODES


@pytest.mark.parametrize("missing", sorted(a_summary().body().keys() - {"type", "v"}))
def test_no_required_field_may_be_missing(missing: str) -> None:
    body = a_summary().body()
    del body[missing]
    with pytest.raises(RemoteProtocolError) as caught:
        codec.read_line(sign(body, OP))
    assert caught.value.code == "schema"


@pytest.mark.parametrize(
    ("statement", "code"),
    [
        (a_keys(op_key="did:key:z6Mk" + "1" * 44), "bad_key_id"),
        (a_keys(origin="did:key:z6Mk" + "z" * 44), "bad_key_id"),
        (a_profile(area=("000000000000000",)), "bad_cell"),
        (a_profile(urls=("javascript:alert(1)",)), "schema"),
        (a_profile(urls=("https://user@helpers.example",)), "schema"),
        (a_profile(urls=("https://helpers.example/?q",)), "schema"),
        (a_profile(name=""), "schema"),
        (a_profile(name="x" * 81), "schema"),
        (a_profile(name="Help\u202eers"), "bidi_override"),
        (a_profile(area=()), "schema"),
        (a_head(next_by=1), "next_by_before_issued"),
        (a_head(asof=TODAY - timedelta(days=62)), "asof_too_old"),
        (a_head(epoch=0), "schema"),
    ],
)
def test_we_cannot_publish_what_nobody_could_read(statement: Statement, code: str) -> None:
    with pytest.raises(LocalProtocolError) as caught:
        codec.write(statement, OP)
    assert caught.value.code == code


@pytest.mark.parametrize(
    "statement",
    [
        a_summary(window=Window(from_=date(2026, 11, 3), to=date(2026, 11, 3))),
        a_summary(posted=date(2026, 11, 1), expires=date(2026, 11, 1)),
        a_head(issued=NOW, next_by=NOW),
    ],
)
def test_one_day_is_a_window_and_one_second_a_promise(statement: Statement) -> None:
    assert codec.read_line(codec.write(statement, OP)).statement == statement


class Loud(StrEnum):
    OPEN = "open"


@pytest.mark.parametrize(("field", "value"), [("tags", ["heavy"]), ("status", Loud.OPEN)])
def test_a_value_of_another_type_is_not_written_even_if_it_looks_the_same(field: str, value: Any) -> None:
    with pytest.raises(LocalProtocolError):
        codec.write(replace(a_summary(), **{field: value}), OP)


def test_an_error_says_where_and_never_quotes_what() -> None:
    body = a_summary().body() | {"category": "Mrs Example, 0117 496 0123"}
    with pytest.raises(RemoteProtocolError) as caught:
        codec.read_line(sign(body, OP))
    assert "category" in caught.value.detail
    assert "Example" not in str(caught.value)


def test_the_largest_summary_fits_into_a_line() -> None:
    code = "z" * 32
    widest = replace(
        a_full_summary(),
        epoch=253_402_300_799,
        seq=2**53 - 1,
        category=code,
        requires=("a" * 32, "b" * 32),
        languages=tuple(f"abc-{n}BCDEFGH-ABCDEFG" for n in range(4)),
        tags=tuple(f"{n}".rjust(32, "t") for n in range(6)),
    )
    assert len(codec.write(widest, OP)) < 2048


days = st.dates(date(2026, 1, 1), date(2027, 12, 31))
codes = st.from_regex(r"[a-z][a-z0-9_]{0,31}", fullmatch=True)


@st.composite
def summaries(draw: st.DrawFn) -> Summary:
    posted, expires = sorted((draw(days), draw(days)))
    first, last = sorted((draw(days), draw(days)))
    return a_summary(
        epoch=draw(st.integers(1, EPOCH * 2)),
        seq=draw(st.integers(1, 2**53 - 1)),
        set=draw(st.sampled_from(["public", "peers"])),
        kind=draw(st.sampled_from(["need", "offer"])),
        category=draw(codes),
        urgency=draw(st.sampled_from(["today", "this_week", "whenever"])),
        helpers=draw(st.sampled_from(["1", "2+"])),
        remote=draw(st.booleans()),
        status=draw(st.sampled_from(["open", "taken"])),
        posted=posted,
        expires=expires,
        window=draw(st.none() | st.just(Window(from_=first, to=last))),
        part_of_day=draw(st.sampled_from([None, "morning", "afternoon", "evening"])),
        effort=draw(st.sampled_from([None, "under_30m", "1h", "2h", "half_day", "day"])),
        people=draw(st.sampled_from([None, "1", "2-4", "5+"])),
        requires=tuple(draw(st.lists(codes, max_size=2, unique=True))),
        languages=tuple(
            draw(st.lists(st.sampled_from(["en", "es", "ar", "pt-BR"]), max_size=4, unique=True))
        ),
        tags=tuple(draw(st.lists(codes, max_size=6, unique=True))),
        repeats=draw(st.sampled_from([None, "weekly", "monthly", "other"])),
    )


@given(summaries())
def test_every_summary_that_the_types_allow_survives(summary: Summary) -> None:
    assert codec.read_line(codec.write(summary, OP)).statement == summary


@given(summaries(), st.data())
def test_no_changed_line_is_both_read_and_verified(summary: Summary, data: st.DataObject) -> None:
    """Bytes changed, cut, doubled or moved: refused on reading, or by the signature."""
    line = codec.write(summary, OP)
    raw = bytearray(line)
    for _ in range(data.draw(st.integers(1, 3))):
        place = data.draw(st.integers(0, len(raw) - 1))
        match data.draw(st.sampled_from(["flip", "set", "delete", "double", "move"])):
            case "flip":
                raw[place] ^= 1 << data.draw(st.integers(0, 7))
            case "set":
                raw[place] = data.draw(st.integers(0, 255))
            case "delete":
                del raw[place]
            case "double":
                raw.insert(place, raw[place])
            case _:
                other = data.draw(st.integers(0, len(raw) - 1))
                raw[place], raw[other] = raw[other], raw[place]
        if not raw:
            return
    if bytes(raw) == line:
        return
    with pytest.raises(RemoteProtocolError):
        codec.verify(codec.read_line(bytes(raw)), OP.public)


junk = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(codes, inner, max_size=2),
    max_leaves=4,
)


@given(st.sampled_from(ALL), st.data())
def test_no_changed_structure_reads_as_anything_but_its_own_value(
    statement: Statement, data: st.DataObject
) -> None:
    """A validly signed body with any field replaced: refused, or read as exactly what it says."""
    body = statement.body()
    name = data.draw(st.sampled_from(sorted(body)))
    body[name] = data.draw(junk)
    try:
        line = sign(body, OP)
        read = codec.read_line(line)
    except (LocalProtocolError, RemoteProtocolError):
        return
    assert read.statement.body() == body


anything = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text('ab\u00e9"\\', max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(codes, inner, max_size=4),
    max_leaves=8,
)
types = st.sampled_from([*(s.type for s in ALL), "rumour"]) | anything


@given(
    st.dictionaries(codes, anything, max_size=3),
    types,
    st.integers(0, 3) | anything,
    st.text("AQ", max_size=90),
)
def test_no_shape_of_body_does_more_than_be_refused(
    body: dict[str, Any], kind: Any, v: Any, text: str
) -> None:
    value = {"b": body | {"type": kind, "v": v}, "s": text.ljust(86, "A")[:86]}
    line = orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
    with pytest.raises(RemoteProtocolError) as caught:
        codec.read_line(line)
    assert caught.value.code in CODES
