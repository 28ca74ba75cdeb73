#!/usr/bin/env python3
"""Checks a bundle with nothing of Mutual Aid Connect imported: it follows docs/protocol.md.

    python examples/verify_bundle.py FILE

Needs Python 3.11 and PyNaCl. Every line must be canonical JSON of a statement that version 1 knows, signed by the key
that speaks for its origin; every origin must bring its keys line, signed by the root key that its name is; every set
of which a line is here must bring its head, and agree with it, unless the file's first line says that its writer
lacks lines of that origin. What fell by its origin's own word - below the floor of its keys line, or by a farewell -
does not hold. Not looked at: whether fields are as in schemas/, and what a clock would say - what was true once stays
so. Line ends that a mail or a text program made into CR LF are read as they were. Exit 0 and a line for each head, and
for each origin without one; or 1, with the first line that does not hold and the reason; or 2, where nothing was
looked at.
"""

import base64
import hashlib
import json
import re
import sys
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

try:
    from nacl.bindings import crypto_core_ed25519_is_valid_point
    from nacl.exceptions import BadSignatureError
    from nacl.signing import VerifyKey
except ImportError:
    print(
        "Nothing was looked at: this needs PyNaCl (python3 -m pip install pynacl, or your system's python3-nacl).",
        file=sys.stderr,
    )
    raise SystemExit(2) from None

MAX_LINE, MAX_DEPTH, MAX_INTEGER = 4096, 4, 2**53 - 1
BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
ED25519 = b"\xed\x01"
REGISTERS = ("summary", "withdrawal", "vouch", "advice")
PLACED = {"epoch": int, "seq": int}
NEEDED: dict[str, dict[str, type]] = {
    "keys": {"rev": int, "op_key": str, "epoch_floor": int},
    "profile": PLACED,
    "farewell": PLACED,
    "head": {**PLACED, "set": str, "count": int, "digest": str, "asof": str},
    **{name: {**PLACED, "set": str, "id": str, "expires": str} for name in REGISTERS},
}
"""What this program looks at, beside ``origin``."""
KEY = re.compile(r"[a-z][a-z0-9_]{0,31}")
FORBIDDEN = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class Fault(Exception):
    """A line that does not hold: its number from 1 (0: the bundle as a whole) and why."""

    def __init__(self, number: int, reason: str) -> None:
        super().__init__(f"line {number}: {reason}" if number else reason)


class Line(NamedTuple):
    """One signed line, as it stands in the file."""

    number: int
    raw: bytes
    body: dict[str, Any]
    signature: bytes


class Item(NamedTuple):
    """One register, as a digest sees it."""

    id: bytes
    seq: int
    sha: bytes
    expires: str
    number: int


def key_of(did: Any, number: int) -> VerifyKey:
    """The Ed25519 key that a did:key names."""
    if not isinstance(did, str) or not did.startswith("did:key:z") or len(did) != 56:
        raise Fault(number, f"{str(did)[:60]!r} is no did:key")
    value = 0
    for letter in did.removeprefix("did:key:z"):
        if letter not in BASE58:
            raise Fault(number, "a did:key with a letter that is not base58")
        value = value * 58 + BASE58.index(letter)
    raw = value.to_bytes((value.bit_length() + 7) // 8, "big")
    if len(raw) != 34 or raw[:2] != ED25519:
        raise Fault(number, "a did:key that is not Ed25519")
    if not crypto_core_ed25519_is_valid_point(raw[2:]):
        raise Fault(number, "a did:key of a weak or impossible key")
    return VerifyKey(raw[2:])


def bytes_of(text: Any, length: int, number: int) -> bytes:
    """Unpadded base64url in its one spelling."""
    try:
        raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        if len(raw) == length and base64.urlsafe_b64encode(raw).rstrip(b"=").decode() == text:
            return raw
    except (TypeError, ValueError):
        pass
    raise Fault(number, f"not {length} bytes in base64url")


def canonical(value: Any) -> bytes:
    """The one spelling of a value of the profile."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode(
        "utf-8", "surrogatepass"
    )


def check_profile(number: int, value: Any, room: int = MAX_DEPTH) -> None:
    """What a comparison with the one spelling does not show: numbers, keys, texts and depth."""
    if isinstance(value, dict | list):
        if not room:
            raise Fault(number, "more than four containers inside one another")
        if isinstance(value, dict) and not all(KEY.fullmatch(key) for key in value):
            raise Fault(number, "a key that no object may have")
        for inner in value.values() if isinstance(value, dict) else value:
            check_profile(number, inner, room - 1)
    elif isinstance(value, str):
        if FORBIDDEN.search(value) or not unicodedata.is_normalized("NFC", value):
            raise Fault(number, "a text with a forbidden character, or not in form NFC")
    elif isinstance(value, float) or (isinstance(value, int) and abs(value) > MAX_INTEGER):
        raise Fault(number, "a number that is no integer of 53 bits")


def behind_of(first: bytes) -> set[str] | None:
    """Origins of which a page's own first line - no statement, signed by nobody - says that its writer lacks something:
    their heads cannot be held against it. None if this is no such line."""
    try:
        page = json.loads(first)
        return {str(each) for each in page.get("behind", [])} if page.get("type") == "page" else None
    except (AttributeError, RecursionError, TypeError, ValueError):
        return None


def lines_of(data: bytes) -> Iterator[Line]:
    """Every line, if its form is right."""
    for number, raw in enumerate(data.removesuffix(b"\n").split(b"\n"), start=1):
        if number == 1 and behind_of(raw) is not None:
            continue
        if not 0 < len(raw) <= MAX_LINE:
            raise Fault(number, "empty, or longer than 4096 bytes")
        try:
            envelope = json.loads(raw.decode("utf-8"))
            same = canonical(envelope) == raw
        except (ValueError, RecursionError) as error:
            raise Fault(number, f"not JSON ({type(error).__name__})") from error
        if (
            not isinstance(envelope, dict)
            or envelope.keys() != {"b", "s"}
            or not isinstance(envelope["b"], dict)
        ):
            raise Fault(number, "not a signed line: exactly a body b and a signature s")
        if not same:
            raise Fault(number, "not canonical: it reads back as other bytes")
        check_profile(number, envelope)
        body = envelope["b"]
        if (
            type(body.get("type")) is not str
            or body["type"] not in NEEDED
            or body.get("v") != 1
            or body["v"] is True
        ):
            raise Fault(number, f"no statement of version 1: {str(body.get('type'))[:40]!r}")
        for name, kind in {"origin": str, **NEEDED[body["type"]]}.items():
            if type(body.get(name)) is not kind:
                raise Fault(number, f"a {body['type']} without a {name} as it should be")
        for name in ("op_key", "subject", "to"):
            if name in body:
                key_of(body[name], number)
        yield Line(number, raw, body, bytes_of(envelope["s"], 64, number))


def check_signature(line: Line, did: str) -> None:
    """Ed25519 over DSSE's pre-authentication encoding, with the type inside what is signed."""
    kind = f"application/vnd.mutual-aid-connect.{line.body['type']}.v{line.body['v']}+json".encode()
    payload = canonical(line.body)
    encoded = b" ".join((b"DSSEv1", str(len(kind)).encode(), kind, str(len(payload)).encode(), payload))
    try:
        key_of(did, line.number).verify(encoded, line.signature)
    except (BadSignatureError, ValueError) as error:
        raise Fault(line.number, f"the signature of this {line.body['type']} is not by {did}") from error


def op_keys_of(lines: list[Line]) -> dict[str, str]:
    """The op key of each origin, by its latest keys line."""
    latest: dict[str, Line] = {}
    for line in lines:
        if line.body["type"] != "keys":
            continue
        origin, rev = line.body["origin"], line.body["rev"]
        check_signature(line, origin)
        held = latest.setdefault(origin, line)
        if held.body["rev"] == rev and held.raw != line.raw:
            raise Fault(line.number, "the origin signed two keys lines with one number: it is forked")
        if rev > held.body["rev"]:
            latest[origin] = line
    return {origin: line.body["op_key"] for origin, line in latest.items()}


Place = tuple[str, int, str]
"""origin, epoch, set."""


def item_of(line: Line) -> Item:
    """A register's entry."""
    body = line.body
    if not DAY.fullmatch(body["expires"]) or body["seq"] < 1:
        raise Fault(line.number, "a register without a day or a number")
    sha = hashlib.sha256(line.raw).digest()
    return Item(bytes_of(body["id"], 16, line.number), body["seq"], sha, body["expires"], line.number)


def sort_out(lines: list[Line]) -> tuple[dict[tuple[str, str], Line], dict[Place, dict[bytes, Item]]]:
    """(the head of each origin and set, the newest register under each id); every signature is checked on the way."""
    op_keys = op_keys_of(lines)
    heads: dict[tuple[str, str], Line] = {}
    sets: dict[Place, dict[bytes, Item]] = {}
    single: dict[tuple[str, str, int, int], bytes] = {}
    for line in lines:
        body = line.body
        if body["type"] == "keys":
            continue
        if body["origin"] not in op_keys:
            raise Fault(line.number, f"no keys line for {body['origin']!r}")
        check_signature(line, op_keys[body["origin"]])
        if body["type"] == "head":
            held = heads.setdefault((body["origin"], body["set"]), line)
            number, other = ((each.body["epoch"], each.body["seq"]) for each in (line, held))
            if number == other and line.raw != held.raw:
                raise Fault(line.number, "the origin signed two heads with one number: it is forked")
            if number > other:
                heads[body["origin"], body["set"]] = line
        elif body["type"] in REGISTERS:
            item = item_of(line)
            under = sets.setdefault((body["origin"], body["epoch"], body["set"]), {})
            before = under.setdefault(item.id, item)
            if before.seq == item.seq and before.sha != item.sha:
                raise Fault(line.number, "the origin signed two lines with one number: it is forked")
            if item.seq > before.seq:
                under[item.id] = item
        elif (
            single.setdefault((body["origin"], body["type"], body["epoch"], body["seq"]), line.raw)
            != line.raw
        ):
            raise Fault(line.number, f"the origin signed two {body['type']}s with one number: it is forked")
    return heads, sets


def refuse_fallen(lines: list[Line]) -> None:
    """Whether every line still counts by what its own origin says. Raises :class:`Fault`."""
    keys: dict[str, dict[str, Any]] = {}
    over: dict[str, int] = {}
    back: dict[str, int] = {}
    for line in lines:
        body = line.body
        origin = body["origin"]
        if body["type"] == "keys":
            keys[origin] = max(keys.get(origin, body), body, key=lambda each: each["rev"])
        elif body["type"] in ("farewell", "head"):
            which = over if body["type"] == "farewell" else back
            which[origin] = max(which.get(origin, 0), body["epoch"])
    for line in lines:
        body = line.body
        if body["type"] == "keys":
            continue
        floor, end = keys[body["origin"]]["epoch_floor"], over.get(body["origin"], -1)
        if body["epoch"] < floor:
            raise Fault(line.number, f"its origin's keys line says that nothing below epoch {floor} counts")
        if body["type"] != "farewell" and body["epoch"] <= end and back.get(body["origin"], 0) <= end:
            raise Fault(line.number, "its origin said farewell in that epoch: nothing of it counts")


def digest_of(items: list[Item], asof: str) -> tuple[int, str]:
    """Count and digest of the items that expire after ``asof``."""
    counted = sorted(item[:3] for item in items if item.expires > asof)
    joined = b"".join(name + seq.to_bytes(8, "big") + sha for name, seq, sha in counted)
    return len(counted), base64.urlsafe_b64encode(hashlib.sha256(joined).digest()).rstrip(b"=").decode()


def verify(data: bytes) -> list[str]:
    """A sentence for each head, and for each origin without one. Raises :class:`Fault`."""
    data = data.replace(b"\r\n", b"\n")
    behind, lines = behind_of(data.partition(b"\n")[0]) or set(), list(lines_of(data))
    if not lines:
        raise Fault(0, "no signed line")
    heads, sets = sort_out(lines)
    refuse_fallen(lines)
    counted = {(origin, line.body["epoch"], name) for (origin, name), line in heads.items()}
    for place, items in sets.items():
        if place not in counted and place[0] not in behind:
            first = min(item.number for item in items.values())
            raise Fault(first, f"no head here counts this line of set {place[2]}, epoch {place[1]}")
    said = [judged(line, list(sets.get(place_of(line), {}).values()), behind) for line in heads.values()]
    ended = {line.body["origin"] for line in lines if line.body["type"] == "farewell"}
    for origin in dict.fromkeys(line.body["origin"] for line in lines):
        if not any(origin == each for each, _ in heads):
            said.append(
                f"{origin}: {'said farewell' if origin in ended else 'no head: no list of what it should hold'}"
            )
    return said


def place_of(head: Line) -> Place:
    """The set that a head counts."""
    return head.body["origin"], head.body["epoch"], head.body["set"]


def judged(line: Line, items: list[Item], behind: set[str]) -> str:
    """How a head agrees with the lines that came. Raises :class:`Fault` if it does not."""
    head = line.body
    name = f"{head['origin']} {head['set']}"
    if any(item.seq > head["seq"] for item in items):
        return f"{name}: newer than its head, not judged"
    count, digest = digest_of(items, head["asof"])
    if (count, digest) == (head["count"], head["digest"]):
        return f"{name}: {count} lines, complete"
    if head["origin"] in behind:
        return f"{name}: {count} of {head['count']} lines, its writer lacks more"
    what = f"{count}" if count != head["count"] else f"{count} others"
    raise Fault(line.number, f"the head counts {head['count']} lines of set {head['set']}, here are {what}")


def main() -> int:
    """The command."""
    if len(sys.argv) != 2 or sys.argv[1] in ("-h", "--help"):
        print(__doc__, file=sys.stderr)
        return 2
    try:
        for sentence in verify(Path(sys.argv[1]).read_bytes()):
            print(sentence)
    except Fault as fault:
        print(fault, file=sys.stderr)
        return 1
    except OSError as error:
        print(f"{sys.argv[1]} cannot be read: {error.strerror}", file=sys.stderr)
        return 1
    except (TypeError, ValueError) as error:
        print(f"not a bundle of this protocol ({type(error).__name__}: {error})", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
