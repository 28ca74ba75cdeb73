"""docs/protocol.md says what the code does, wherever that can be compared."""

import re
from pathlib import Path

import pytest

import schemas
from protocol import limits
from protocol.errors import CODES
from protocol.register import REASONS, Verdict

TEXT = (Path(__file__).parents[2] / "docs" / "protocol.md").read_text("utf-8")


def section(title: str) -> str:
    """From a heading to the next one of any level."""
    return re.split(r"^#+ ", TEXT.split(f"# {title}\n", 1)[1], maxsplit=1, flags=re.M)[0]


@pytest.mark.parametrize("code", CODES)
def test_every_error_code_is_there_with_its_meaning(code: str) -> None:
    assert f"| `{code}` | {CODES[code]} |" in section("Error codes")


@pytest.mark.parametrize("reason", REASONS)
def test_every_reason_is_there_with_its_meaning(reason: str) -> None:
    assert f"| `{reason}` | {REASONS[reason]} |" in section("Merging")


def test_no_code_or_reason_is_there_that_does_not_exist() -> None:
    assert set(re.findall(r"^\| `(\w+)` \|", section("Error codes"), re.M)) == CODES.keys()
    assert set(re.findall(r"^\| `(\w+)` \|", section("Merging"), re.M)) == REASONS.keys()


def test_every_verdict_is_explained() -> None:
    assert all(re.search(rf"\b{verdict.value}\b", section("Merging")) for verdict in Verdict)


@pytest.mark.parametrize("name", ["keys", "profile", "summary", "withdrawal", "head"])
def test_every_field_is_in_its_table_and_optional_where_it_is(name: str) -> None:
    signer = "root" if name == "keys" else "op"
    table = section(f"{name} (signed by the {signer} key)")
    schema = schemas.load(f"{name}.v1")
    rows = [line for line in table.splitlines() if line.startswith("| `")]
    named = {field: row for row in rows for field in re.findall(r"`(\w+)`", row.split("|")[1])}
    assert named.keys() == schema["properties"].keys() - {"type", "v", "origin", "crit"}
    for field, row in named.items():
        assert ("optional" in row) == (field not in schema["required"]), row


def test_the_values_of_each_choice_are_there() -> None:
    for name in ("profile", "summary"):
        for field, rule in schemas.load(f"{name}.v1")["properties"].items():
            rows = section(f"{name} (signed by the op key)").splitlines()
            row = next((line for line in rows if line.startswith(f"| `{field}` |")), "")
            assert all(f"`{value}`" in row for value in rule.get("enum", [])), (name, row)


@pytest.mark.parametrize(
    "number",
    [
        f"{limits.MAX_LINE_BYTES} bytes",
        f"inside one another | {limits.MAX_DEPTH} |",
        f"{limits.MAX_KEY_CHARS} characters",
        f"{limits.EPOCH_AHEAD_SECONDS} seconds",
        f"{limits.EPOCH_FLOOR_AHEAD_SECONDS} seconds",
        f"{limits.EXPIRES_AHEAD_DAYS} days",
        f"{limits.POSTED_AHEAD_DAYS} day ",
        f"{limits.PAGE_ITEMS} items, {limits.PAGE_BYTES} bytes",
        f"| {limits.SET_LIVE} |",
        f"| {limits.SET_WITHDRAWALS} |",
        f"| {limits.SET_CHANGES_PER_DAY} |",
    ],
)
def test_the_limits_are_the_codes(number: str) -> None:
    assert number in section("Limits")


def test_its_examples_are_vectors() -> None:
    lines = {vector["line"] for vector in schemas.vectors("lines.v1")["valid"]}
    examples = [line for line in TEXT.splitlines() if line.startswith('{"b":{')]
    assert examples
    assert set(examples) <= lines
    root = schemas.vectors("names.v1")["keys"][0]
    assert re.search(rf"`{root['did']}`\s+says\s+\*{root['words']}\*", TEXT)


def test_the_files_it_names_exist() -> None:
    for name in re.findall(r"`(\w+\.v1)\.json`", TEXT):
        assert schemas.vectors(name)["about"]
