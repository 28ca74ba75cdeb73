"""The schemas and the public vectors: true to the code, and the same to two validators."""

import copy
from datetime import date
from typing import Any

import h3
import jsonschema
import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

import schemas
from protocol import codec, direct, head, identity, validate
from protocol.errors import CODES, RemoteProtocolError
from tests.unit.protocol import cases
from tests.unit.protocol.makers import (
    a_farewell,
    a_full_profile,
    a_full_summary,
    a_head,
    a_keys,
    a_vouch,
    a_withdrawal,
    an_advice,
)

from . import make_vectors

STATEMENTS = ["keys", "profile", "summary", "withdrawal", "vouch", "advice", "farewell", "head"]
SCHEMAS = ["envelope.v1", *(f"{name}.v1" for name in STATEMENTS)]
LINES = schemas.vectors("lines.v1")


def raw_of(vector: dict[str, str]) -> bytes:
    return bytes.fromhex(vector["hex"]) if "hex" in vector else vector["line"].encode()


@pytest.mark.parametrize("name", make_vectors.ALL)
def test_the_committed_vectors_are_what_the_code_says(name: str) -> None:
    assert (make_vectors.FOLDER / f"{name}.json").read_text("utf-8") == make_vectors.written(name)


@pytest.mark.parametrize("vector", LINES["valid"], ids=lambda v: v["name"])
def test_valid_lines_read_and_verify(vector: dict[str, str]) -> None:
    signed = codec.read_line(raw_of(vector))
    codec.verify(signed, identity.public_of(vector["signer"]))


@pytest.mark.parametrize("vector", LINES["invalid"], ids=lambda v: v["name"])
def test_invalid_lines_are_refused_for_their_reason(vector: dict[str, str]) -> None:
    with pytest.raises(RemoteProtocolError) as caught:
        codec.read_line(raw_of(vector))
    assert caught.value.code == vector["code"]


@pytest.mark.parametrize("vector", LINES["forged"], ids=lambda v: v["name"])
def test_forged_lines_read_and_do_not_verify(vector: dict[str, str]) -> None:
    signed = codec.read_line(raw_of(vector))
    with pytest.raises(RemoteProtocolError) as caught:
        codec.verify(signed, identity.public_of(vector["signer"]))
    assert caught.value.code == vector["code"]


def test_every_code_of_reading_has_a_vector() -> None:
    only_writing = {"lone_surrogate", "bad_type"}
    inside_others = {"bad_base64"}  # a signature with it is bad_envelope, an id fails its schema
    covered = {vector["code"] for vector in LINES["invalid"] + LINES["forged"]}
    assert covered == CODES.keys() - only_writing - inside_others


def test_the_digests_and_the_names_are_true_without_the_maker() -> None:
    for row in schemas.vectors("digests.v1")["sets"]:
        entries = [head.entry_of(codec.read_line(line.encode())) for line in row["lines"]]
        assert head.digest(entries, date.fromisoformat(row["asof"])) == (row["count"], row["digest"])
    for key in schemas.vectors("names.v1")["keys"]:
        assert identity.public_of(key["did"]).hex() == key["public"]
        assert identity.words_match(key["did"], key["words"])


MESSAGES = schemas.vectors("messages.v1")


@pytest.mark.parametrize("vector", MESSAGES["opening"], ids=lambda v: v["name"])
def test_messages_open_and_verify(vector: dict[str, Any]) -> None:
    message = direct.read(vector["message"].encode())
    opened = direct.open_(message, bytes.fromhex(MESSAGES["box_private"]))
    direct.verify(opened, identity.public_of(MESSAGES["op"]))
    assert opened.body == vector["letter"]
    assert len(message.sealed) == vector["size"] + 48


@pytest.mark.parametrize("vector", MESSAGES["refused"], ids=lambda v: v["name"])
def test_other_messages_are_refused_for_their_reason(vector: dict[str, Any]) -> None:
    def whole(raw: bytes) -> None:
        opened = direct.open_(direct.read(raw), bytes.fromhex(MESSAGES["box_private"]))
        direct.verify(opened, identity.public_of(MESSAGES["op"]))

    with pytest.raises(RemoteProtocolError) as caught:
        whole(vector["message"].encode())
    assert caught.value.code == vector["code"]


def test_the_judgements_are_the_whole_table() -> None:
    rows = schemas.vectors("judgements.v1")["cases"]
    assert [(row["name"], row["verdict"], row["reason"]) for row in rows] == [
        (case.name, case.verdict.value, case.reason) for case in cases.ALL
    ]


# two validators


def corpus() -> list[tuple[str, Any]]:
    """Everything JSON in the vectors: each line against the envelope, each body against every schema."""
    found: list[tuple[str, Any]] = []
    for vector in LINES["valid"] + LINES["invalid"] + LINES["forged"]:
        if vector.get("code") == "too_deep":
            continue  # no schema ever sees it, and one of the two gives up before the end
        try:
            value = orjson.loads(raw_of(vector))
        except orjson.JSONDecodeError:
            continue
        found.append(("envelope.v1", value))
        body = value.get("b") if isinstance(value, dict) else value
        found += [(name, body) for name in SCHEMAS]
    return found


def test_the_fast_validator_agrees_with_the_reference_on_the_whole_corpus() -> None:
    answers = {True: 0, False: 0}
    for name, value in corpus():
        fast = validate.fast(name).is_valid(value)
        assert fast == validate.slow(name).is_valid(value), (name, value)
        assert (validate.explain(name, value) == "") == fast
        answers[fast] += 1
    assert answers[True] > 50
    assert answers[False] > 500


BODIES = [
    statement.body()
    for statement in (
        *(a_keys(), a_full_profile(), a_full_summary(), a_withdrawal(), a_head()),
        *(a_vouch(), an_advice(), a_farewell(to=a_keys().op_key)),
    )
]
junk = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**60), 2**60),
    st.text(max_size=6),
    st.sampled_from(["2026-11-02\n", "85194ad7fffffff\n", "\u0668", "x" * 300, "0", "A" * 22]),
    st.lists(st.integers(0, 2) | st.text(max_size=2), max_size=3),
    st.dictionaries(st.sampled_from(["from", "to", "live", "onward"]), st.integers(0, 3), max_size=2),
)


@given(st.sampled_from(BODIES), st.data())
def test_they_agree_on_bodies_with_something_changed(plain: dict[str, Any], data: st.DataObject) -> None:
    body = copy.deepcopy(plain)
    for _ in range(data.draw(st.integers(1, 2))):
        name = data.draw(st.sampled_from(sorted(body)))
        value = body[name]
        match data.draw(st.sampled_from(["replace", "remove", "stretch", "inside"])):
            case "remove" if len(body) > 1:
                del body[name]
            case "stretch" if isinstance(value, str):
                body[name] = value + data.draw(st.text(max_size=2))
            case "stretch" if isinstance(value, list):
                body[name] = [*value, data.draw(junk)]
            case "inside" if isinstance(value, dict) and value:
                value[data.draw(st.sampled_from(sorted(value)))] = data.draw(junk)
            case "inside" if isinstance(value, list) and value:
                value[data.draw(st.integers(0, len(value) - 1))] = data.draw(junk)
            case _:
                body[name] = data.draw(junk)
    schema = f"{plain['type']}.v1"
    assert validate.fast(schema).is_valid(body) == validate.slow(schema).is_valid(body)


# the schemas themselves


@pytest.mark.parametrize("name", SCHEMAS)
def test_each_schema_is_a_schema_and_says_what_it_is(name: str) -> None:
    schema = schemas.load(name)
    jsonschema.Draft202012Validator.check_schema(schema)
    assert schema["$id"] == f"urn:mutual-aid-connect:schema:{name}"
    assert schema["title"]
    assert schema["description"]


def _each(value: Any) -> list[dict[str, Any]]:
    if isinstance(value, dict):
        return [value, *(found for inner in value.values() for found in _each(inner))]
    if isinstance(value, list):
        return [found for inner in value for found in _each(inner)]
    return []


@pytest.mark.parametrize("name", SCHEMAS)
def test_every_patterned_string_has_a_longest_form_and_every_list_an_end(name: str) -> None:
    for part in _each(schemas.load(name)):
        pattern = part.get("pattern")
        if isinstance(pattern, str):
            assert pattern.startswith("^")
            assert pattern.endswith("$")
            assert "\\d" not in pattern
            assert "\\w" not in pattern
            assert isinstance(part["maxLength"], int)
        if part.get("type") == "array":
            assert "maxItems" in part
            assert part["uniqueItems"]
        if part.get("type") == "integer" and name != "envelope.v1":
            assert part.keys() & {"maximum", "$ref"}


def test_what_has_one_name_means_one_thing_in_all_schemas() -> None:
    meaning: dict[str, Any] = {}
    for name in SCHEMAS:
        for key, definition in schemas.load(name).get("$defs", {}).items():
            assert meaning.setdefault(key, definition) == definition


@pytest.mark.parametrize("name", STATEMENTS)
def test_a_schema_and_its_dataclass_name_the_same_fields(name: str) -> None:
    schema = schemas.load(f"{name}.v1")
    bodies = {body["type"]: body for body in BODIES}
    assert schema["properties"].keys() - {"crit"} == bodies[name].keys()


def test_h3_takes_more_spellings_than_we_do() -> None:
    """Why the pattern comes first: should h3 become strict one day, this says so."""
    assert h3.is_valid_cell("85194AD7FFFFFFF")
    assert not validate.fast("summary.v1").is_valid(a_full_summary().body() | {"cell": "85194AD7FFFFFFF"})
