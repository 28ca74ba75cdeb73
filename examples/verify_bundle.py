#!/usr/bin/env python3
"""Checks a bundle with nothing of Mutual Aid Connect imported: it follows docs/protocol.md.

    python examples/verify_bundle.py FILE

Needs Python 3.11 and PyNaCl. Every line must be canonical JSON signed by the key that speaks for its origin, every
origin must bring its keys line, signed by the root key that its name is, and every head must agree with the lines of
its set. Exit 0 and a line for each origin; or 1, with the first line that does not hold and the reason.
"""

import base64
import hashlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from nacl.exceptions import BadSignatureError
from nacl.signing import VerifyKey

MAX_LINE = 4096
BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
ED25519 = b"\xed\x01"


class Fault(Exception):
    """A line that does not hold: its number from 1 (0: the bundle as a whole) and why."""

    def __init__(self, number: int, reason: str) -> None:
        super().__init__(f"line {number}: {reason}" if number else reason)


def key_of(did: str, number: int) -> VerifyKey:
    """The Ed25519 key that a did:key names."""
    if not did.startswith("did:key:z"):
        raise Fault(number, f"{did[:60]!r} is no did:key")
    value = 0
    for letter in did.removeprefix("did:key:z"):
        if letter not in BASE58:
            raise Fault(number, "a did:key with a letter that is not base58")
        value = value * 58 + BASE58.index(letter)
    raw = value.to_bytes((value.bit_length() + 7) // 8, "big")
    if len(raw) != 34 or raw[:2] != ED25519:
        raise Fault(number, "a did:key that is not Ed25519")
    return VerifyKey(raw[2:])


def bytes_of(text: str) -> bytes:
    """Unpadded base64url."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def canonical(value: Any) -> bytes:
    """The one spelling of a value of the profile."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()


def lines_of(data: bytes) -> Iterator[tuple[int, bytes, dict[str, Any], bytes]]:
    """(number, line, body, signature) of every line."""
    for number, line in enumerate(data.removesuffix(b"\n").split(b"\n"), start=1):
        if not 0 < len(line) <= MAX_LINE:
            raise Fault(number, "empty, or longer than 4096 bytes")
        try:
            envelope = json.loads(line)
            body, signature = envelope["b"], bytes_of(envelope["s"])
            same = canonical(envelope) == line
        except (ValueError, TypeError, KeyError) as error:
            raise Fault(number, f"not a signed line ({type(error).__name__})") from error
        if not same:
            raise Fault(number, "not canonical: it reads back as other bytes")
        yield number, line, body, signature


def check_signature(number: int, body: dict[str, Any], signature: bytes, did: str) -> None:
    """Ed25519 over DSSE's pre-authentication encoding, with the type inside what is signed."""
    kind = f"application/vnd.mutual-aid-connect.{body['type']}.v{body['v']}+json".encode()
    payload = canonical(body)
    encoded = b" ".join((b"DSSEv1", str(len(kind)).encode(), kind, str(len(payload)).encode(), payload))
    try:
        key_of(did, number).verify(encoded, signature)
    except (BadSignatureError, ValueError) as error:
        raise Fault(number, f"the signature of this {body['type']} is not by {did}") from error


def digest_of(items: list[tuple[bytes, int, bytes, str]], asof: str) -> tuple[int, str]:
    """Count and digest of the items that expire after ``asof``."""
    counted = sorted(item[:3] for item in items if item[3] > asof)
    joined = b"".join(name + seq.to_bytes(8, "big") + sha for name, seq, sha in counted)
    return len(counted), base64.urlsafe_b64encode(hashlib.sha256(joined).digest()).rstrip(b"=").decode()


def verify(data: bytes) -> list[str]:
    """A sentence for each origin. Raises :class:`Fault`."""
    lines = list(lines_of(data))
    op_keys: dict[str, tuple[int, str]] = {}
    for number, _, body, signature in lines:
        if body.get("type") == "keys":
            check_signature(number, body, signature, body["origin"])
            op_keys[body["origin"]] = max(op_keys.get(body["origin"], (0, "")), (body["rev"], body["op_key"]))
    heads: list[tuple[int, dict[str, Any]]] = []
    sets: dict[tuple[str, int, str], dict[str, tuple[bytes, int, bytes, str]]] = {}
    for number, line, body, signature in lines:
        if body.get("type") == "keys":
            continue
        if body.get("origin") not in op_keys:
            raise Fault(number, f"no keys line for {body.get('origin')!r}")
        check_signature(number, body, signature, op_keys[body["origin"]][1])
        if body["type"] == "head":
            heads.append((number, body))
        elif body["type"] in ("summary", "withdrawal"):
            item = (bytes_of(body["id"]), body["seq"], hashlib.sha256(line).digest(), body["expires"])
            held = sets.setdefault((body["origin"], body["epoch"], body["set"]), {})
            if body["id"] in held and held[body["id"]][1] == item[1] and held[body["id"]] != item:
                raise Fault(number, "the origin signed two lines with one number: it is forked")
            held[body["id"]] = max(held.get(body["id"], item), item, key=lambda each: each[1])
    told = []
    for number, head in heads:
        items = list(sets.get((head["origin"], head["epoch"], head["set"]), {}).values())
        if any(item[1] > head["seq"] for item in items):
            told.append(f"{head['origin']} {head['set']}: newer than its head, not judged")
            continue
        count, digest = digest_of(items, head["asof"])
        if (count, digest) != (head["count"], head["digest"]):
            raise Fault(
                number, f"the head counts {head['count']} lines of set {head['set']}, here are {count} others"
            )
        told.append(f"{head['origin']} {head['set']}: {count} lines, complete")
    return told


def main() -> int:
    """The command."""
    if len(sys.argv) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    try:
        for sentence in verify(Path(sys.argv[1]).read_bytes()):
            print(sentence)
    except Fault as fault:
        print(fault, file=sys.stderr)
        return 1
    except (KeyError, TypeError, ValueError) as error:
        print(f"not a bundle of this protocol ({type(error).__name__}: {error})", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
