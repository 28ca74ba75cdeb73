"""The independent checker names the line and the reason of every fault, and passes what is true."""

import importlib.util
import json
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import schemas
from protocol import b64, envelope, identity
from protocol.bundle import about_file
from tests.unit.protocol.makers import (
    EPOCH,
    NEXT_OP,
    OP,
    ROOT,
    STRANGER,
    TODAY,
    a_farewell,
    a_head,
    a_keys,
    a_profile,
    a_summary,
    a_vouch,
    a_withdrawal,
    ident,
    signed,
)

CHECKER = Path(__file__).parents[2] / "examples" / "verify_bundle.py"


def loaded() -> ModuleType:
    """The program as a module: a process for each of these bundles would take seconds."""
    spec = importlib.util.spec_from_file_location("verify_bundle", CHECKER)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


PROGRAM = loaded()


KEYS, PROFILE = signed(a_keys()).line, signed(a_profile()).line
ONE, TWO = signed(a_summary(seq=2)).line, signed(a_withdrawal(id=ident(2), seq=3)).line
VOUCH = signed(a_vouch(id=ident(3), seq=4)).line
PUBLIC, PEERS = signed(a_head(ONE, TWO, seq=5)).line, signed(a_head(VOUCH, seq=6, set="peers")).line
GOOD = [KEYS, PROFILE, PUBLIC, PEERS, ONE, TWO, VOUCH]


def odd(**changes: Any) -> bytes:
    """A summary that its origin signed, though no reader would take it."""
    body = a_summary(id=ident(9), seq=1).body() | changes
    raw = json.dumps(body, separators=(",", ":"), sort_keys=True, ensure_ascii=False).encode()
    pae = envelope.pae(envelope.media_type(body["type"], body["v"]), raw)
    return b'{"b":%s,"s":"%s"}' % (raw, b64.encode(OP.sign(pae)).encode())


SPARE = PUBLIC[:-3] + bytes([PUBLIC[-3] + 1]) + PUBLIC[-2:]
FAULTS: dict[str, tuple[list[bytes], int, str]] = {
    "nothing": ([], 1, "empty"),
    "one wrong byte": ([*GOOD[:5], TWO.replace(b'"seq":3', b'"seq":2'), VOUCH], 6, "signature"),
    "a wrong byte in a signature's spare bits": ([KEYS, PROFILE, SPARE, *GOOD[3:]], 3, "base64url"),
    "a signature with a foreign letter": (
        [*GOOD[:4], ONE.replace(b'"s":"', b'"s":"!'), TWO, VOUCH],
        5,
        "base64url",
    ),
    "a line left out": ([*GOOD[:4], TWO, VOUCH], 3, "counts 2 lines of set public, here are 1"),
    "another line in its place": (
        [*GOOD[:4], signed(a_summary(seq=2, urgency="today")).line, TWO, VOUCH],
        3,
        "here are 2 others",
    ),
    "a head left out": ([KEYS, PROFILE, PEERS, ONE, TWO, VOUCH], 4, "no head"),
    "the keys left out": (GOOD[1:], 1, "no keys line"),
    "the empty set's head of another day's lines": ([KEYS, signed(a_head(ONE, seq=5)).line], 2, "here are 0"),
    "a line of a lower epoch": (
        [signed(a_keys(epoch_floor=1)).line, *GOOD[1:], signed(a_summary(id=ident(4), epoch=EPOCH - 1)).line],
        8,
        "no head",
    ),
    "a line of a later epoch": ([*GOOD, signed(a_summary(id=ident(4), epoch=EPOCH + 1)).line], 8, "no head"),
    "two lines in one place": ([*GOOD, signed(a_summary(seq=2, urgency="today")).line], 8, "forked"),
    "two heads in one place": ([*GOOD, signed(a_head(seq=5)).line], 8, "forked"),
    "two profiles in one place": ([*GOOD, signed(a_profile(name="Another")).line], 8, "forked"),
    "two keys lines of one rev": ([*GOOD, signed(a_keys(op_key=NEXT_OP.did)).line], 8, "forked"),
    "another origin's line under this key": (
        [*GOOD, signed(a_summary(origin=STRANGER.did)).line],
        8,
        "no keys line",
    ),
    "signed by somebody else": (
        [*GOOD, signed(a_summary(id=ident(4), seq=3), STRANGER).line],
        8,
        "signature",
    ),
    "signed by the key before": (
        [signed(a_keys(rev=2, op_key=NEXT_OP.did)).line, *GOOD[1:]],
        2,
        "signature of this profile",
    ),
    "keys signed by the op key": ([signed(a_keys(), OP).line, *GOOD[1:]], 1, "signature of this keys"),
    "a weak op key": (
        [envelope.sign(a_keys(op_key=identity.did_of(bytes(32))).body(), ROOT), *GOOD[1:]],
        1,
        "weak",
    ),
    "a fraction": ([*GOOD, odd(mood=1.5)], 8, "53 bits"),
    "a large integer": ([*GOOD, odd(mood=2**53)], 8, "53 bits"),
    "a capital key": ([*GOOD, odd(Mood=1)], 8, "key"),
    "a text that is not NFC": ([*GOOD, odd(mood="e\u0301")], 8, "NFC"),
    "an override": ([*GOOD, odd(mood="\u202e")], 8, "forbidden"),
    "five containers": ([*GOOD, odd(mood=[[[1]]])], 8, "four containers"),
    "an unknown type": ([*GOOD, odd(type="song")], 8, "version 1"),
    "an unknown version": ([*GOOD, odd(v=2)], 8, "version 1"),
    "a register without an end": ([*GOOD, odd(expires=None)], 8, "expires"),
    "a third key in the envelope": ([*GOOD[:6], VOUCH[:-1] + b',"x":1}'], 7, "exactly"),
    "a key twice": ([*GOOD[:6], VOUCH.replace(b'"v":1}', b'"v":1,"v":1}')], 7, "canonical"),
    "a blank at the end": ([*GOOD[:6], VOUCH + b" "], 7, "canonical"),
    "a carriage return too many": ([line + b"\r\r" for line in GOOD], 1, "canonical"),
    "a type that is a list": (
        [*GOOD, ONE.replace(b'"type":"summary"', b'"type":["summary"]')],
        8,
        "version 1",
    ),
    "a page line of another shape": ([b'{"behind":5,"type":"page"}', *GOOD], 1, "exactly"),
    "an empty line": ([*GOOD[:2], b"", *GOOD[2:]], 3, "empty"),
    "a line that is too long": ([*GOOD, b"x" * 4097], 8, "longer"),
    "no JSON": ([*GOOD, b"something else"], 8, "not JSON"),
    "a tower": ([*GOOD, b"[" * 2000 + b"]" * 2000], 8, "line 8"),
    "Latin 1": ([*GOOD, b'{"b":{},"s":"\xe9"}'], 8, "not JSON"),
    "a line below the floor of its keys": (
        [signed(a_keys(rev=2, epoch_floor=EPOCH + 1)).line, *GOOD[1:]],
        2,
        "nothing below epoch",
    ),
    "a set after its farewell": ([*GOOD, signed(a_farewell()).line], 2, "farewell"),
    "keys without a floor": (
        [envelope.sign({k: v for k, v in a_keys().body().items() if k != "epoch_floor"}, ROOT), *GOOD[1:]],
        1,
        "epoch_floor",
    ),
    "a tower for a first line": ([b"[" * 200_000, *GOOD], 1, "longer"),
    "a page line that is not the first": ([*GOOD, about_file([ROOT.did])], 8, "exactly"),
}
GOOD_ONES: dict[str, tuple[list[bytes], str]] = {
    "both sets": (GOOD, "complete"),
    "nobody's lines": ([KEYS, PROFILE], "no list of what it should hold"),
    "line ends of another program": ([line + b"\r" for line in [about_file([ROOT.did]), *GOOD]], "complete"),
    "a set of nothing": ([KEYS, signed(a_head(seq=5)).line], "0 lines, complete"),
    "a line twice": ([*GOOD, ONE], "2 lines, complete"),
    "an older line under an id": ([*GOOD, signed(a_summary(seq=1)).line], "2 lines, complete"),
    "an older head": ([*GOOD, signed(a_head(seq=1)).line], "2 lines, complete"),
    "a line above the head": ([*GOOD, signed(a_summary(id=ident(4), seq=7)).line], "newer than its head"),
    "a line that had expired as of the head": (
        [*GOOD, signed(a_summary(id=ident(4), seq=1, expires=TODAY)).line],
        "2 lines, complete",
    ),
    "a farewell": ([KEYS, signed(a_farewell()).line], "said farewell"),
    "a head after a farewell": (
        [KEYS, signed(a_farewell()).line, signed(a_head(seq=1, epoch=EPOCH + 1)).line],
        "0 lines, complete",
    ),
    "what the writer says it lacks": (
        [about_file([ROOT.did]), *GOOD[:4], TWO, VOUCH],
        "its writer lacks more",
    ),
    "a head that the writer says it lacks": ([about_file([ROOT.did]), KEYS, ONE], ""),
}


def bundle(lines: list[bytes]) -> bytes:
    return b"".join(line + b"\n" for line in lines)


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_told_with_its_line_and_reason(name: str) -> None:
    lines, number, reason = FAULTS[name]
    with pytest.raises(PROGRAM.Fault) as caught:
        PROGRAM.verify(bundle(lines))
    assert str(caught.value).startswith(f"line {number}: ")
    assert reason in str(caught.value)


@pytest.mark.parametrize("name", GOOD_ONES)
def test_what_is_true_passes(name: str) -> None:
    lines, said = GOOD_ONES[name]
    assert said in "\n".join(PROGRAM.verify(bundle(lines)) or [""])


def test_any_one_byte_of_it_matters() -> None:
    """Many bytes, one after another: whatever becomes of it, the bundle does not pass as it was."""
    good = bundle(GOOD)
    for place in range(0, len(good) - 1, 7):
        changed = bytearray(good)
        changed[place] ^= 1
        with pytest.raises(PROGRAM.Fault):
            PROGRAM.verify(bytes(changed))


LINES = schemas.vectors("lines.v1")
SEEN_BY_OTHERS = {
    "schema",
    "next_by_before_issued",
    "asof_too_old",
    "bad_cell",
    "bad_day",
    "window_reversed",
    "expires_before_posted",
}
"""Codes that need the schemas, or a look at fields that this program leaves alone."""


@pytest.mark.parametrize(
    "vector",
    [each for each in LINES["invalid"] if each["code"] not in SEEN_BY_OTHERS],
    ids=lambda v: v["name"],
)
def test_no_invalid_line_passes(vector: dict[str, str]) -> None:
    raw = bytes.fromhex(vector["hex"]) if "hex" in vector else vector["line"].encode()
    with pytest.raises(PROGRAM.Fault):
        PROGRAM.verify(bundle([KEYS, raw]))


@pytest.mark.parametrize(
    ("lines", "status"), [(GOOD, 0), (GOOD[1:], 1), ([about_file([ROOT.did])], 1), ([b"[" * 200_000], 1)]
)
def test_the_exit_status(lines: list[bytes], status: int, tmp_path: Path) -> None:
    (tmp_path / "it").write_bytes(bundle(lines))
    done = subprocess.run(
        [sys.executable, "-I", CHECKER, "it"], capture_output=True, text=True, cwd=tmp_path, check=False
    )
    assert done.returncode == status, done.stderr
    assert (done.stderr == "") == (status == 0)
    assert "Traceback" not in done.stderr


def test_without_the_library_nothing_is_judged(tmp_path: Path) -> None:
    """That nobody looked is not that it does not hold."""
    (tmp_path / "it").write_bytes(bundle(GOOD))
    done = subprocess.run(
        [sys.executable, "-I", "-S", CHECKER, "it"],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        check=False,
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert "needs PyNaCl" in done.stderr
    assert "Traceback" not in done.stderr


def test_no_such_file(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-I", CHECKER, tmp_path / "none"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert "cannot be read" in done.stderr
    assert "Traceback" not in done.stderr
