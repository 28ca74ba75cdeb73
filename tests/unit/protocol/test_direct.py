"""Direct messages: what is sealed is read by the one it is for, as it was written, or not at all."""

import copy
from dataclasses import replace
from datetime import date
from typing import Any

import jsonschema
import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import schemas
from protocol import b64, canonical, direct, identity
from protocol.direct import Header, Letter, Message
from protocol.errors import LocalProtocolError, RemoteProtocolError
from protocol.limits import LETTER_SIZES, MESSAGE_BYTES
from protocol.validate import fast
from tests.unit.protocol import hpke_oracle as oracle
from tests.unit.protocol.makers import NEXT_OP, NOW, OP, ROOT, STRANGER, ident

BOX_PRIVATE, BOX_PUBLIC = oracle.derive_key_pair(b"a made-up box key" * 2)
OTHER_PRIVATE, OTHER_PUBLIC = oracle.derive_key_pair(b"another made-up box key" * 2)
EXPIRES = date(2026, 11, 16)
TO = STRANGER.did


def a_letter(**changes: Any) -> Letter:
    plain = Letter(
        type="answer",
        sender=ROOT.did,
        time=NOW,
        need=ident(1),
        content={"re": ident(2), "helper": ident(3), "answer": "yes"},
    )
    return replace(plain, **changes)


def sealed(letter: Letter | None = None, **changes: Any) -> Message:
    given: dict[str, Any] = {
        "to": TO,
        "box_key": BOX_PUBLIC,
        "expires": EXPIRES,
        "id": ident(3),
        "key": OP,
    }
    return direct.seal(letter or a_letter(), **(given | changes))


def forged(header: Header, inside: bytes) -> Message:
    """A message with any inside under any header, as somebody else's software could make it."""
    info = direct._info(header)
    return Message(header=header, sealed=oracle.seal(inside, BOX_PUBLIC, info, ephemeral=OTHER_PRIVATE))


def code_of(message: Message, public: bytes = OP.public) -> str:
    with pytest.raises(RemoteProtocolError) as caught:
        direct.verify(direct.open_(direct.read(message.line()), BOX_PRIVATE), public)
    return caught.value.code


def test_a_letter_comes_out_as_it_went_in() -> None:
    message = sealed(a_letter(crit=("mood",)))
    opened = direct.open_(direct.read(message.line()), BOX_PRIVATE)
    direct.verify(opened, OP.public)
    assert opened.letter == a_letter(crit=("mood",))
    assert opened.letter.unknown_crit == ("mood",)
    assert opened.header == message.header
    assert opened.header.id == ident(3)


def test_what_travels_says_for_whom_and_until_when_and_nothing_else() -> None:
    value = orjson.loads(sealed().line())
    assert value.keys() == {"box", "expires", "id", "sealed", "to", "v"}
    assert ROOT.did.encode() not in sealed().line()
    assert sealed().line() != sealed().line()


@pytest.mark.parametrize(
    ("length", "size"), [(0, 1024), (600, 1024), (900, 4096), (3500, 4096), (4000, 16384)]
)
def test_lengths_are_hidden_in_three_sizes(length: int, size: int) -> None:
    message = sealed(a_letter(type="song", content={"text": "x" * length}))
    assert len(message.sealed) == size + 48
    assert len(message.line()) <= MESSAGE_BYTES


def test_what_is_too_long_or_outside_the_profile_is_not_sent() -> None:
    for content, code in (
        ({"text": "x" * LETTER_SIZES[-1]}, "too_long"),
        ({"text": "half \ud800"}, "lone_surrogate"),
        ({"number": 1.5}, "float"),
        ({"re": "no id"}, "schema"),
    ):
        with pytest.raises(LocalProtocolError) as caught:
            sealed(a_letter(content=content))
        assert caught.value.code == code


def test_nothing_is_sealed_to_a_key_that_nobody_can_own() -> None:
    with pytest.raises(LocalProtocolError) as caught:
        sealed(box_key=bytes(32))
    assert caught.value.code == "bad_key_id"


def test_only_the_right_key_opens_and_only_the_writers_key_verifies() -> None:
    with pytest.raises(RemoteProtocolError) as caught:
        direct.open_(sealed(), OTHER_PRIVATE)
    assert caught.value.code == "cannot_open"
    assert code_of(sealed(), NEXT_OP.public) == "bad_signature"


@pytest.mark.parametrize(
    "changes",
    [
        {"to": ROOT.did},
        {"box": direct.box_id(OTHER_PUBLIC)},
        {"expires": date(2026, 11, 17)},
        {"id": ident(4)},
    ],
    ids=["to", "box", "expires", "id"],
)
def test_no_field_of_the_header_can_be_changed(changes: dict[str, Any]) -> None:
    message = sealed()
    header = replace(message.header, **changes)
    assert code_of(Message(header=header, sealed=message.sealed)) == "cannot_open"
    # Not even by the recipient, who can seal the same inside again: the signature is over the header, too.
    inside = oracle.open_(message.sealed, BOX_PRIVATE, direct._info(message.header))
    assert code_of(forged(header, inside)) == "bad_signature"


@pytest.mark.parametrize(
    "changes",
    [
        {"type": "revoke"},
        {"need": ident(9)},
        {"time": NOW + 1},
        {"from": NEXT_OP.did},
        {"content": {"helper": ident(3), "answer": "no"}},
        {"extra": 1},
        {"crit": ["mood"]},
    ],
    ids=lambda changes: next(iter(changes)),
)
def test_no_field_of_the_letter_can_be_changed_by_who_opened_it(changes: dict[str, Any]) -> None:
    message = sealed()
    inside = oracle.open_(message.sealed, BOX_PRIVATE, direct._info(message.header)).rstrip(b"\0")
    body = orjson.loads(inside) | changes
    again = canonical.encode(body).ljust(1024, b"\0")
    assert code_of(forged(message.header, again)) == "bad_signature"


def test_a_signature_made_for_a_statement_is_none_for_a_letter() -> None:
    message = sealed()
    body = a_letter().body()
    signature = OP.sign(canonical.encode(body))
    inside = canonical.encode({**body, "sig": b64.encode(signature)}).ljust(1024, b"\0")
    assert code_of(forged(message.header, inside)) == "bad_signature"


def test_fields_and_types_of_later_versions_are_read_and_signed_for() -> None:
    header = sealed().header
    body = a_letter(type="song", content={"verses": 3}).body() | {"tune": "high"}
    signature = OP.sign(direct._signed(header, body))
    inside = canonical.encode({**body, "sig": b64.encode(signature)}).ljust(1024, b"\0")
    opened = direct.open_(forged(header, inside), BOX_PRIVATE)
    direct.verify(opened, OP.public)
    assert opened.letter.type == "song"
    assert opened.letter.type not in direct.KINDS


def test_padding_is_exactly_zero_bytes_to_the_smallest_size() -> None:
    message = sealed()
    inside = oracle.open_(message.sealed, BOX_PRIVATE, direct._info(message.header))
    bare = inside.rstrip(b"\0")
    for wrong in (bare.ljust(4096, b"\0"), bare.ljust(1023, b"\0") + b" ", bytes(1024)):
        assert code_of(forged(message.header, wrong)) in ("bad_padding", "not_json", "not_canonical")
    assert code_of(forged(message.header, bare.ljust(4096, b"\0"))) == "bad_padding"


GOOD = orjson.loads(sealed().line())
BAD: dict[str, tuple[dict[str, Any], str]] = {
    "a field more": ({"from": ROOT.did}, "bad_message"),
    "no version": ({"v": None}, "bad_message"),
    "a later version": ({"v": 2}, "unknown_version"),
    "a key of small order": ({"to": identity.did_of(bytes(32))}, "bad_key_id"),
    "no key": ({"to": "did:web:group.example"}, "bad_key_id"),
    "a box of other length": ({"box": "AAAA"}, "bad_message"),
    "an id with spare bits": ({"id": "A" * 21 + "B"}, "bad_message"),
    "a number for an id": ({"id": 7}, "bad_message"),
    "a week for a day": ({"expires": "2026-W47-1"}, "bad_day"),
    "a day that is not": ({"expires": "2026-02-30"}, "bad_day"),
    "sealed in another size": ({"sealed": GOOD["sealed"][:-4]}, "bad_message"),
    "sealed in another alphabet": ({"sealed": "+" + GOOD["sealed"][1:]}, "bad_message"),
    "padded base64": ({"sealed": GOOD["sealed"][:-1] + "="}, "bad_message"),
}


@pytest.mark.parametrize("name", BAD)
def test_messages_are_read_strictly(name: str) -> None:
    changes, code = BAD[name]
    with pytest.raises(RemoteProtocolError) as caught:
        direct.read(canonical.encode({**GOOD, **changes}, limit=MESSAGE_BYTES))
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b" " + sealed().line(), "not_canonical"),
        (b"[]", "bad_message"),
        (b"7", "bad_message"),
        (b"x" * (MESSAGE_BYTES + 1), "too_long"),
        (b'{"v":1,"v":1}', "duplicate_key"),
        (b'{"v":1.0}', "float"),
    ],
)
def test_other_bytes_are_refused(raw: bytes, code: str) -> None:
    with pytest.raises(RemoteProtocolError) as caught:
        direct.read(raw)
    assert caught.value.code == code


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_any_flipped_bit_is_refused(data: st.DataObject) -> None:
    line = bytearray(sealed().line())
    place = data.draw(st.integers(0, len(line) * 8 - 1))
    line[place // 8] ^= 1 << place % 8
    with pytest.raises(RemoteProtocolError):
        direct.verify(direct.open_(direct.read(bytes(line)), BOX_PRIVATE), OP.public)


@given(st.binary(max_size=300), st.booleans())
@settings(max_examples=100, deadline=None)
def test_any_inside_ends_in_a_code(inside: bytes, braced: bool) -> None:
    body = b'{"content":{' + inside + b"}}" if braced else inside
    code_of(forged(sealed().header, body[:1024].ljust(1024, b"\0")))


@given(
    st.dictionaries(
        st.from_regex(r"[a-z][a-z0-9_]{0,5}", fullmatch=True),
        st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text("abc é漢", max_size=20),
        max_size=6,
    )
)
@settings(max_examples=50, deadline=None)
def test_any_content_comes_out_as_it_went_in(content: dict[str, Any]) -> None:
    letter = a_letter(type="song", content=content)
    opened = direct.open_(direct.read(sealed(letter).line()), BOX_PRIVATE)
    direct.verify(opened, OP.public)
    assert opened.letter == letter


def test_every_type_has_its_schema_and_both_validators_agree() -> None:
    schema = schemas.load("direct.v1")
    jsonschema.Draft202012Validator.check_schema(schema)
    assert tuple(rule["if"]["properties"]["type"]["const"] for rule in schema["allOf"]) == direct.KINDS
    slow = jsonschema.Draft202012Validator(schema)
    good = {**a_letter().body(), "sig": b64.encode(bytes(64))}
    mutants: list[dict[str, Any]] = [good]
    for key in good:
        mutants += [{k: v for k, v in good.items() if k != key}, good | {key: 7}, good | {key: "x" * 90}]
    for kind in (*direct.KINDS, "song", "Song", "so?ng"):
        mutants += [good | {"type": kind, "content": content} for content in ({}, {"re": 1}, {"ids": []})]
    rekey = {"ids": [ident(1)], "box_key": b64.encode(BOX_PUBLIC)}
    mutants += [good | {"type": "rekey", "content": content} for content in (rekey, rekey | {"ids": []})]
    answers = [fast("direct.v1").is_valid(copy.deepcopy(value)) for value in mutants]
    assert answers == [slow.is_valid(value) for value in mutants]
    assert answers[0]
    assert answers[-2:] == [True, False]
    assert answers.count(False) > 20
