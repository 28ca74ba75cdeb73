"""docs/protocol.md says what the code does, wherever that can be compared."""

import ast
import re
from pathlib import Path

import pytest

import schemas
from federation import answering, transport
from federation.errors import LETTER_CODES
from federation.outcome import OWN_CODES
from federation.verbs import joining as introducing
from federation.verbs import pushing
from node.domain import peer_offer
from node.domain.exchange import away_task, letters, referral
from node.domain.exchange.letters import MOST_WAITING
from node.services.exchange import joining, rings
from protocol import direct, http_signature, limits
from protocol.errors import CODES
from protocol.register import REASONS, Verdict

from . import make_vectors

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


@pytest.mark.parametrize(
    "name", ["keys", "profile", "summary", "withdrawal", "vouch", "advice", "farewell", "head"]
)
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
        f"{limits.PUSH_LINES} lines, {limits.PAGE_BYTES} bytes",
        f"| {limits.SET_LIVE} |",
        f"| {limits.SET_WITHDRAWALS} |",
        f"| {limits.SET_CHANGES_PER_DAY} |",
        f"{limits.INVITE_SECRET_BYTES} bytes |",
        f"{limits.INVITE_SECONDS} seconds, one node",
        f"{limits.NEW_ORIGINS_A_DAY} a day |",
    ],
)
def test_the_limits_are_the_codes(number: str) -> None:
    assert number in section("Limits")


def test_direct_messages_are_as_the_code_has_them() -> None:
    codes = section("Codes of direct messages")
    for code, (status, meaning) in LETTER_CODES.items():
        assert f"| `{code}` | {status} | {meaning} |" in codes
    for code, meaning in direct.CODES.items():
        assert f"| `{code}` | {meaning} |" in codes
    assert set(re.findall(r"^\| `(\w+)` \|", codes, re.M)) == {*LETTER_CODES, *direct.CODES}
    assert all(f"`{kind}`" in section("The letter") for kind in direct.KINDS)
    fields = schemas.load("direct.v1")["properties"].keys()
    assert set(re.findall(r"^\| `(\w+)` \|", section("The letter"), re.M)) == fields
    assert f"at most {limits.MESSAGE_BYTES} bytes" in section("The message")
    assert ", ".join(str(size + limits.SEALING_BYTES) for size in limits.LETTER_SIZES[:2]) in section(
        "The message"
    )
    assert f"at most {limits.MESSAGE_DAYS} days ahead" in section("The message")
    assert f"more than {limits.MESSAGE_AHEAD_DAYS} days ahead" in section("The message")
    assert f"every {limits.BOX_KEY_DAYS} days" in section("Box keys")
    assert f"for {limits.BOX_KEY_KEPT_DAYS} days more" in section("Box keys")
    assert f"at most {limits.MAIL_PAGE}, the oldest of each sender in turn;" in section("Carrying")
    assert f"at most {limits.MAIL_PER_SENDER} messages from one" in section("Carrying")
    assert f"{limits.MAIL_PER_MEMBER} for a member" in section("Carrying")
    assert f"| {MOST_WAITING} messages of the same carrier" in section(
        "What becomes of a message that comes in"
    )


def test_its_examples_are_vectors() -> None:
    lines = {vector["line"] for vector in schemas.vectors("lines.v1")["valid"]}
    examples = [line for line in TEXT.splitlines() if line.startswith('{"b":{')]
    assert examples
    assert set(examples) <= lines
    root = schemas.vectors("names.v1")["keys"][0]
    assert re.search(rf"`{root['did']}`\s+says\s+\*{root['words']}\*", TEXT)


def test_every_file_of_vectors_has_its_row() -> None:
    rows = re.findall(r"^\| `(\w+\.v1)\.json` \|", TEXT, re.M)
    assert sorted(rows) == sorted(make_vectors.ALL)


def test_the_files_it_names_exist() -> None:
    for name in re.findall(r"`(\w+\.v1)\.json`", TEXT):
        assert schemas.vectors(name)["about"] if name in make_vectors.ALL else schemas.load(name)


def test_its_links_lead_somewhere() -> None:
    titles = re.findall(r"^#+ (.*)$", TEXT, re.M)
    anchors = {re.sub(r"[^a-z0-9 _-]", "", title.lower()).replace(" ", "-") for title in titles}
    assert set(re.findall(r"\]\(#([^)]*)\)", TEXT)) <= anchors


def refusals() -> set[tuple[int, str]]:
    """(status, code) of every refusal that the node's front door makes, read from its source."""
    found: set[tuple[int, str]] = set()
    for file in sorted((Path(schemas.__file__).parents[1] / "federation").rglob("*.py")):
        for call in ast.walk(ast.parse(file.read_text("utf-8"))):
            match call:
                case ast.Call(
                    func=ast.Name(id="Refusal"),
                    args=[ast.Constant(value=int() as status), ast.Constant(value=str() as code), *_],
                ):
                    found.add((status, code))
                case ast.Call(
                    func=ast.Name(id="BodyRefused"), args=[ast.Constant(value=int() as status), *_]
                ):
                    found.add((status, "body_refused"))
    return found


def test_every_refusal_of_a_request_is_in_the_table_with_its_status() -> None:
    table = section("Codes of a refused request")
    rows = {
        (int(status), code)
        for code, statuses in re.findall(r"^\| `(\w+)` \| ([0-9 ]+) \|", table, re.M)
        for status in statuses.split()
    }
    of_signatures = {"not_signed", "wrong_digest", "out_of_time", "bad_signature"}
    made = refusals() | {(401, code) for code in of_signatures} | {(403, "bad_url")}
    assert rows == made
    assert of_signatures <= http_signature.CODES.keys()
    assert all(f"`{code}`" in table for code in OWN_CODES)


def test_the_limits_of_the_other_rooms_are_in_the_same_table() -> None:
    table = section("Limits")
    for row in (
        f"| a request body | {answering.REQUEST_CAP} bytes; of `introduce` {answering.STRANGERS_CAP} bytes |",
        f"after `created` | {http_signature.WINDOW} seconds |",
        f"names | {pushing.REFUSED_TOLD} |",
        f"document | {transport.PROBLEM_CAP} bytes |",
        f"open at a time | {joining.OPEN_INVITES} |",
        f"within a minute | {introducing.MISSES_A_MINUTE} |",
        f"| a message | {limits.MESSAGE_BYTES} bytes |",
        "| a letter, padded | {}, {} or {} bytes |".format(*limits.LETTER_SIZES),
        f"day | {limits.MESSAGE_DAYS}, {limits.MESSAGE_AHEAD_DAYS} days |",
        f"clock | {letters.TIME_AHEAD_SECONDS} seconds |",
        f"that wait | {MOST_WAITING} |",
        f"for one member | {limits.MAIL_PER_SENDER}, {limits.MAIL_PER_MEMBER} |",
        f"told at once | {limits.MAIL_PAGE} |",
        f"after that | {limits.BOX_KEY_DAYS}, {limits.BOX_KEY_KEPT_DAYS} days |",
        f"for one need | {peer_offer.MOST_OFFERS} |",
        f"without an answer | {away_task.WAIT_DAYS} days |",
        "today, this week, whenever | {}, {}, {} hours |".format(*referral.WAIT_HOURS.values()),
        f"that wait | {referral.MOST_WAITING} |",
        f"in 24 hours | {rings.MOST_A_DAY} |",
    ):
        assert row in table
    assert away_task.WAIT_DAYS == referral.WAIT_DAYS


def test_the_signed_request_is_the_vectors() -> None:
    vector = schemas.vectors("http.v1")["requests"][0]
    example = section("Signatures on requests and answers")
    assert vector["base"] in example
    assert all(f"\n{name}: {value}\n" in example for name, value in vector["headers"].items())
