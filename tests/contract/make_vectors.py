"""Writes the public test vectors in schemas/vectors: ``python -m tests.contract.make_vectors``.

They are frozen: test_schema_vectors.py fails when the code would write others. Write them anew only when the
protocol itself was changed on purpose.
"""

import json
from pathlib import Path
from typing import Any

import schemas
from protocol import envelope, head, identity
from protocol.identity import KeyPair
from protocol.statements import Keys, Statement
from tests.unit.protocol import cases, makers
from tests.unit.protocol.makers import (
    EPOCH,
    NEXT_OP,
    NOW,
    OP,
    ROOT,
    STRANGER,
    TODAY,
    a_full_profile,
    a_full_summary,
    a_head,
    a_keys,
    a_profile,
    a_summary,
    a_withdrawal,
    ident,
    signed,
)
from tests.unit.protocol.test_canonical import OUTSIDE
from tests.unit.protocol.test_codec import NOT_SUMMARIES
from tests.unit.protocol.test_envelope import BAD

FOLDER = Path(schemas.__file__).parent / "vectors"


def _text(line: bytes) -> dict[str, str]:
    """A line as text where it is text, else as hexadecimal."""
    try:
        return {"line": line.decode("utf-8")}
    except UnicodeDecodeError:
        return {"hex": line.hex()}


def _key(name: str, key: KeyPair) -> dict[str, str]:
    return {
        "name": name,
        "did": key.did,
        "public": key.public.hex(),
        "words": " ".join(identity.fingerprint_words(key.did)),
    }


def lines() -> dict[str, Any]:
    """Lines that must be read and verified, and lines that must not, each with the code of its refusal."""
    valid: list[dict[str, Any]] = []

    def good(name: str, statement: Statement, **extra: Any) -> None:
        signer = ROOT if isinstance(statement, Keys) else OP
        valid.append({"name": name, "signer": signer.did, **_text(signed(statement, **extra).line)})

    good("keys", a_keys())
    good("keys of a later rev", a_keys(rev=2, op_key=NEXT_OP.did, epoch_floor=EPOCH + 1))
    good("profile", a_profile())
    good("profile with everything in it", a_full_profile())
    good("summary", a_summary())
    good("summary with everything in it", a_full_summary())
    good("offer, for peers, taken", a_summary(kind="offer", set="peers", status="taken", remote=True, seq=7))
    good("withdrawal", a_withdrawal())
    good("head of nothing", a_head())
    good("head of two", a_head(signed(a_summary()).line, signed(a_withdrawal(id=ident(2))).line))
    good("a field that version 1 does not know", a_summary(), mood={"inner": ["kept", 1, None, True]})
    good("crit with a name that version 1 does not know", a_summary(), crit=["mood"], mood="x")

    summary = signed(a_summary())
    invalid: list[dict[str, Any]] = [
        {"name": name, "code": code, **_text(raw)} for name, (raw, code) in OUTSIDE.items()
    ]
    for name, value in BAD.items():
        raw = json.dumps(value, separators=(",", ":"), sort_keys=True, ensure_ascii=False).encode()
        invalid.append({"name": "envelope: " + name, "code": "bad_envelope", **_text(raw)})
    for name, (changes, code) in NOT_SUMMARIES.items():
        raw = envelope.sign(a_summary().body() | changes, OP)
        invalid.append({"name": "summary: " + name, "code": code, **_text(raw)})
    for statement in (a_keys(), a_profile(), a_summary(), a_withdrawal(), a_head()):
        for missing in sorted(statement.body().keys() - {"type", "v"}):
            body = statement.body()
            del body[missing]
            raw = envelope.sign(body, OP)
            invalid.append({"name": f"{statement.type} without {missing}", "code": "schema", **_text(raw)})
    for name, other, code in (
        ("keys that name a weak key", a_keys(op_key=identity.did_of(bytes(32))), "bad_key_id"),
        ("keys of a weak root", a_keys(origin=identity.did_of(b"\x01" + bytes(31))), "bad_key_id"),
        ("profile: no H3 cell in the area", a_profile(area=("000000000000000",)), "bad_cell"),
        ("profile: an address that runs", a_profile(urls=("javascript:alert(1)",)), "schema"),
        ("head: its successor is promised for before", a_head(next_by=1), "next_by_before_issued"),
    ):
        raw = envelope.sign(other.body(), OP)
        invalid.append({"name": name, "code": code, **_text(raw)})

    forged = [
        {"name": "signed by somebody else", "signer": OP.did, **_text(signed(a_summary(), STRANGER).line)},
        {
            "name": "a changed body under an old signature",
            "signer": OP.did,
            **_text(summary.line.replace(b'"urgency":"this_week"', b'"urgency":"today"')),
        },
        {
            "name": "a withdrawal under the signature of a head",
            "signer": OP.did,
            **_text(signed(a_withdrawal()).line[:-88] + signed(a_head()).line[-88:]),
        },
        {"name": "keys signed by the op key", "signer": ROOT.did, **_text(signed(a_keys(), OP).line)},
    ]
    return {
        "about": "valid: reads, and the signature fits signer. invalid: refused on reading with this code. "
        "forged: reads, and the signature does not fit signer.",
        "valid": valid,
        "invalid": invalid,
        "forged": [{"code": "bad_signature", **line} for line in forged],
    }


def judgements() -> dict[str, Any]:
    """The table of cases of the merge rules."""
    rows: list[dict[str, Any]] = []
    for case in cases.ALL:
        state = case.state()
        rows.append(
            {
                "name": case.name,
                "state": state
                and {
                    "origin": state.origin,
                    "keys_rev": state.keys_rev,
                    "keys_line": (case.keys or signed(a_keys())).line.decode(),
                    "epoch_floor": state.epoch_floor,
                    "epoch": state.epoch,
                },
                "held": case.held and case.held.line.decode(),
                "held_reason": case.held_reason,
                "asof": case.asof and case.asof.isoformat(),
                "incoming": case.incoming.line.decode(),
                "verdict": case.verdict.value,
                "reason": case.reason,
            }
        )
    return {
        "about": "state and held are what is known before incoming comes; held stands in the same place; "
        "asof is of the held head of the set. Signatures are taken as verified.",
        "now": NOW,
        "today": TODAY.isoformat(),
        "cases": rows,
    }


def digests() -> dict[str, Any]:
    """Sets and their digests."""
    one, two = signed(a_summary()), signed(a_full_summary(), mood=1)
    gone = signed(a_withdrawal(id=ident(2), seq=9))
    late = signed(a_summary(id=ident(3), seq=2**53 - 1, expires=makers.TODAY.replace(day=30)))
    rows = []
    for name, some, asof in (
        ("nothing", [], TODAY),
        ("one summary", [one], TODAY),
        ("the same place, other bytes", [two], TODAY),
        ("a summary, a withdrawal and the largest seq", [one, gone, late], TODAY),
        ("two of them have expired by then", [one, gone, late], TODAY.replace(day=15)),
    ):
        count, hashed = head.digest([head.entry_of(line) for line in some], asof)
        rows.append(
            {
                "name": name,
                "asof": asof.isoformat(),
                "lines": [line.line.decode() for line in some],
                "count": count,
                "digest": hashed,
            }
        )
    return {"about": "count and digest of the lines of one set that expire after asof.", "sets": rows}


def names() -> dict[str, Any]:
    """Keys, their did:key and their six words."""
    keys = [_key("root", ROOT), _key("op", OP), _key("next op", NEXT_OP), _key("stranger", STRANGER)]
    return {"about": "Ed25519 public keys, their names and words. Made up; never use them.", "keys": keys}


ALL = {"lines.v1": lines, "judgements.v1": judgements, "digests.v1": digests, "names.v1": names}


def written(name: str) -> str:
    """The text of one file of vectors."""
    return json.dumps(ALL[name](), indent=1, ensure_ascii=True) + "\n"


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for each in ALL:
        (FOLDER / f"{each}.json").write_text(written(each), "utf-8")
