"""Writes the public test vectors in schemas/vectors: ``python -m tests.contract.make_vectors``.

They are frozen: test_schema_vectors.py fails when the code would write others. Write them anew only when the
protocol itself was changed on purpose.
"""

import hashlib
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import schemas
from protocol import b64, canonical, direct, envelope, head, identity
from protocol.direct import Header, Letter, Message
from protocol.errors import LocalProtocolError
from protocol.identity import KeyPair
from protocol.statements import Keys, Statement
from tests.contract import http_vectors, wire_vectors
from tests.unit.protocol import cases, histories, hpke_oracle, makers
from tests.unit.protocol.makers import (
    EPOCH,
    NEXT_OP,
    NOW,
    OP,
    ROOT,
    STRANGER,
    TODAY,
    a_farewell,
    a_full_profile,
    a_full_summary,
    a_head,
    a_keys,
    a_profile,
    a_summary,
    a_vouch,
    a_withdrawal,
    an_advice,
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
    good("vouch", a_vouch())
    good("vouch for a hub", a_vouch(role="hub", seq=8))
    good("advice", an_advice())
    good("farewell", a_farewell())
    good("farewell that says who goes on", a_farewell(to=STRANGER.did))
    good(
        "head of what groups say of groups",
        a_head(signed(a_vouch()).line, signed(an_advice()).line, set="peers"),
    )
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
    plain: tuple[Statement, ...] = (
        *(a_keys(), a_profile(), a_summary(), a_withdrawal(), a_head()),
        *(a_vouch(), an_advice(), a_farewell()),
    )
    for statement in plain:
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
        ("vouch for a weak key", a_vouch(subject=identity.did_of(bytes(32))), "bad_key_id"),
        ("vouch in set public", a_vouch(set="public"), "schema"),
        ("vouch in a role that nobody knows", a_vouch(role="king"), "schema"),
        ("farewell to a weak key", a_farewell(to=identity.did_of(b"\x01" + bytes(31))), "bad_key_id"),
        ("head: its successor is promised for before", a_head(next_by=1), "next_by_before_issued"),
        (
            "head as of 62 days before it was issued",
            a_head(asof=TODAY - timedelta(days=62)),
            "asof_too_old",
        ),
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


def of_histories() -> dict[str, Any]:
    """Lines as they come, and what is held in the end."""
    return {
        "about": "lines of one origin as they come, each as a delivery of its own, with verdict and reason. held: "
        "places in lines (from 0) of what is held after the last, the later one where a line came twice; hidden: those "
        "of them that are not shown, and why; sets: how well what is held agrees with its heads at the end of a round "
        "(a set that is not named has nothing held). Where no keys line is held the reason is keys_missing, where the "
        "signature is of another key than the held one bad_signature.",
        "origin": ROOT.did,
        "now": NOW,
        "today": TODAY.isoformat(),
        "histories": [
            {
                "name": each.name,
                "lines": [
                    {"line": line.line.decode(), "verdict": verdict, "reason": reason}
                    for line, verdict, reason in each.steps
                ],
                "epoch": each.epoch,
                "forked": each.forked,
                "held": each.held,
                "hidden": {str(place): reason for place, reason in each.hidden.items()},
                "sets": each.sets,
            }
            for each in histories.ALL
        ],
    }


def digests() -> dict[str, Any]:
    """Sets and their digests."""
    one, two = signed(a_summary()), signed(a_full_summary(), mood=1)
    gone = signed(a_withdrawal(id=ident(2), seq=9))
    late = signed(a_summary(id=ident(3), seq=2**53 - 1, expires=makers.TODAY.replace(day=30)))
    ordered = [signed(a_summary(id=first + "A" * 21, seq=5)) for first in "-0AZaz_9"]
    rows = []
    for name, some, asof in (
        ("nothing", [], TODAY),
        ("one summary", [one], TODAY),
        ("the same place, other bytes", [two], TODAY),
        ("a summary, a withdrawal and the largest seq", [one, gone, late], TODAY),
        ("two of them have expired by then", [one, gone, late], TODAY.replace(day=15)),
        ("ids that text sorts otherwise than bytes", ordered, TODAY),
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


def messages() -> dict[str, Any]:
    """Direct messages under keys that are written beside them; the ephemeral key is derived from the name."""
    private, public = hpke_oracle.derive_key_pair(hashlib.sha256(b"a made-up box key").digest())
    other, _ = hpke_oracle.derive_key_pair(hashlib.sha256(b"another made-up box key").digest())
    header = Header(
        to=STRANGER.did, box=direct.box_id(public), expires=TODAY.replace(day=16), id=makers.ident(3)
    )
    answer = Letter(
        type="answer",
        sender=ROOT.did,
        time=NOW,
        need=makers.ident(1),
        content={"re": makers.ident(2), "helper": makers.ident(3), "answer": "yes"},
    )

    def inside(body: dict[str, Any], under: Header, key: KeyPair = OP) -> bytes:
        signature = key.sign(direct._signed(under, body))
        return canonical.encode({**body, "sig": b64.encode(signature)}, limit=16_384)

    def made(name: str, plain: bytes, under: Header, to: bytes = public) -> Message:
        ephemeral, _ = hpke_oracle.derive_key_pair(hashlib.sha256(name.encode()).digest())
        return Message(
            header=under, sealed=hpke_oracle.seal(plain, to, direct._info(under), ephemeral=ephemeral)
        )

    opening = []
    for name, body in (
        ("an answer", answer.body()),
        ("4 KiB", {**answer.body(), "content": {**answer.content, "text": "x" * 1500}}),
        ("16 KiB", {**answer.body(), "content": {**answer.content, "text": "\u00e9" * 3000}}),
        (
            "a type and a field of a later version",
            {**answer.body(), "type": "song", "tune": [1, {"b": None}]},
        ),
        ("crit with a name that version 1 does not know", {**answer.body(), "crit": ["tune"], "tune": 1}),
    ):
        plain = direct._pad(inside(body, header), LocalProtocolError)
        opening.append(
            {
                "name": name,
                "message": made(name, plain, header).line().decode(),
                "info": direct._info(header).decode(),
                "signed": direct._signed(header, body).decode(),
                "size": len(plain),
                "letter": body,
            }
        )
    good = direct._pad(inside(answer.body(), header), LocalProtocolError)
    moved = Header(to=header.to, box=header.box, expires=header.expires, id=makers.ident(4))
    refused = [
        {"name": name, "code": code, "message": message.line().decode()}
        for name, code, message in (
            (
                "another id over the same sealed bytes",
                "cannot_open",
                Message(header=moved, sealed=made("moved", good, header).sealed),
            ),
            (
                "sealed to another key",
                "cannot_open",
                made("other", good, header, hpke_oracle.public_of(other)),
            ),
            ("the same letter sealed again under another id", "bad_signature", made("again", good, moved)),
            (
                "signed by somebody else",
                "bad_signature",
                made("else", inside(answer.body(), header, STRANGER).ljust(1024, b"\0"), header),
            ),
            ("padded to 4 KiB without need", "bad_padding", made("pad", good.ljust(4096, b"\0"), header)),
            (
                "without a time",
                "schema",
                made("time", inside({"type": "answer"}, header).ljust(1024, b"\0"), header),
            ),
        )
    ]
    return {
        "about": "box_private (X25519, hex) opens every message of opening and gives letter, whose sig (not repeated "
        "here) is made by op over signed. info is what HPKE binds, both as text. A message of refused ends in its "
        "code. Every message is one line of canonical JSON. Made-up keys; never use them.",
        "box_private": private.hex(),
        "box_public": public.hex(),
        "op": OP.did,
        "opening": opening,
        "refused": refused,
    }


ALL = {
    "lines.v1": lines,
    "judgements.v1": judgements,
    "digests.v1": digests,
    "names.v1": names,
    "messages.v1": messages,
    "histories.v1": of_histories,
    "http.v1": http_vectors.http,
    **wire_vectors.ALL,
}


def written(name: str) -> str:
    """The text of one file of vectors."""
    return json.dumps(ALL[name](), indent=1, ensure_ascii=True) + "\n"


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for each in ALL:
        (FOLDER / f"{each}.json").write_text(written(each), "utf-8")
