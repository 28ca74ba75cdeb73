"""The vectors of signed requests and answers."""

import copy
import hashlib
from typing import Any

from federation.transport import _authority, _url
from protocol import http_signature
from protocol.http_signature import Target
from protocol.identity import KeyPair
from tests.unit.protocol.makers import NOW, OP, ROOT, STRANGER, ident

SERVER = KeyPair.from_seed(hashlib.sha256(b"a made-up op key of a server").digest())
ASKER_ID = http_signature.key_id(ROOT.did, OP.did)
SERVER_ID = http_signature.answer_key_id(STRANGER.did, SERVER.did)
OTHER_ID = http_signature.answer_key_id(STRANGER.did, OP.did)
NONCE = ident(7)


def http() -> dict[str, Any]:
    """Signed requests and answers, and what a verifier says to those that were changed."""
    requests = [
        _request(name, url, verb, body)
        for name, url, verb, body in (
            ("a pull from the beginning", "https://group.example", "pull", '{"cursor":null}'),
            ("a port of its own", "https://group.example:8443", "heads", "{}"),
            ("under a path", "https://example.org/aid", "push", ""),
            (
                "an address in capitals, with the scheme's own port",
                "https://GROUP.example:443",
                "heads",
                "{}",
            ),
            ("an IPv6 address", "http://[2001:db8::1]:8080", "heads", "{}"),
        )
    ]
    answers = [
        _answer(name, status, body, requests[0]["headers"]["Signature"])
        for name, status, body in (
            ("a page", 200, '{"cursor":"c","more":false,"type":"page","v":1}\n'),
            ("nothing new", 204, ""),
            (
                "a refusal",
                410,
                '{"code":"cursor_lost","detail":"begin again","status":410,"time":1793611800}',
            ),
        )
    ]
    return {
        "about": "asker signs requests, server signs answers; both seeds are made up, never use them. base is what is "
        "signed, and Ed25519 gives exactly these headers. refused: the same message with something changed, "
        "verified at now; url, where there is one, is how the verifier sees the request.",
        "now": NOW,
        "asker": _who(ROOT.did, OP.did, ASKER_ID, b"a made-up op key"),
        "server": _who(STRANGER.did, SERVER.did, SERVER_ID, b"a made-up op key of a server"),
        "requests": requests,
        "refused_requests": _refused_requests(requests[0]),
        "answers": answers,
        "refused_answers": _refused_answers(answers[0], requests[1]["headers"]["Signature"]),
    }


def _who(origin: str, op_key: str, keyid: str, secret: bytes) -> dict[str, str]:
    return {"origin": origin, "op_key": op_key, "keyid": keyid, "seed": hashlib.sha256(secret).hexdigest()}


def _request(name: str, url: str, verb: str, body: str) -> dict[str, Any]:
    whole = _url(url, verb)
    target = Target(method="POST", authority=_authority(whole), path=whole.raw_path)
    bases: list[bytes] = []

    def sign(base: bytes) -> bytes:
        bases.append(base)
        return OP.sign(base)

    headers = http_signature.sign_request(
        target, body.encode(), keyid=ASKER_ID, created=NOW, nonce=NONCE, sign=sign
    )
    return {
        "name": name,
        "url": url,
        "method": "POST",
        "authority": target.authority,
        "path": target.path,
        "body": body,
        "created": NOW,
        "nonce": NONCE,
        "base": bases[0].decode(),
        "headers": headers,
    }


def _answer(name: str, status: int, body: str, to: str) -> dict[str, Any]:
    bases: list[bytes] = []

    def sign(base: bytes) -> bytes:
        bases.append(base)
        return SERVER.sign(base)

    headers = http_signature.sign_response(
        status, body.encode(), request_signature=to, keyid=SERVER_ID, created=NOW, sign=sign
    )
    return {
        "name": name,
        "status": status,
        "body": body,
        "request_signature": to,
        "created": NOW,
        "base": bases[0].decode(),
        "headers": headers,
    }


def _refused_requests(good: dict[str, Any]) -> list[dict[str, Any]]:
    entered = good["headers"]["Signature-Input"]
    rows: list[tuple[str, str, dict[str, Any]]] = [
        ("another path", "bad_signature", {"path": "/mac/v1/heads"}),
        ("another authority", "bad_signature", {"authority": "other.example"}),
        ("another method", "bad_signature", {"method": "PUT"}),
        ("another body", "wrong_digest", {"body": '{"cursor":"x"}'}),
        ("made 301 seconds ago", "out_of_time", {"now": NOW + 301}),
        ("made 301 seconds ahead", "out_of_time", {"now": NOW - 301}),
        *(
            (name, code, {"Signature-Input": entered.replace(old, new)})
            for name, code, old, new in (
                ("good for 301 seconds", "out_of_time", f"expires={NOW + 300}", f"expires={NOW + 301}"),
                ("expired as it was made", "out_of_time", f"expires={NOW + 300}", f"expires={NOW}"),
                ("a parameter more", "not_signed", ";tag=", ';alg="ed25519";tag='),
                ("a component less", "not_signed", '"@query" ', ""),
                ("two blanks", "not_signed", '"@path" ', '"@path"  '),
                ("another tag", "not_signed", "mac-http/1", "mac-http/2"),
                ("another label", "not_signed", "mac=", "sig1="),
                ("another nonce", "bad_signature", NONCE, ident(8)),
            )
        ),
        ("no signature", "not_signed", {"Signature": None}),
        ("no digest", "wrong_digest", {"Content-Digest": None}),
        ("a signature of nothing", "bad_signature", {"Signature": f"mac=:{'A' * 86}==:"}),
        ("a signature without padding", "not_signed", {"Signature": f"mac=:{'A' * 86}:"}),
    ]
    return [{"name": name, "code": code, **_changed(good, changes)} for name, code, changes in rows]


def _refused_answers(good: dict[str, Any], other: str) -> list[dict[str, Any]]:
    rows: list[tuple[str, str, dict[str, Any]]] = [
        ("an answer to another request", "bad_signature", {"request_signature": other}),
        ("another status", "bad_signature", {"status": 204}),
        ("another body", "wrong_digest", {"body": ""}),
        ("an old answer", "out_of_time", {"now": NOW + 301}),
        (
            "signed with another op key",
            "wrong_key",
            {"Signature-Input": good["headers"]["Signature-Input"].replace(SERVER_ID, OTHER_ID)},
        ),
        ("unsigned", "not_signed", {"Signature-Input": None}),
    ]
    return [{"name": name, "code": code, **_changed(good, changes)} for name, code, changes in rows]


def _changed(good: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    row = {
        name: copy.copy(value) for name, value in good.items() if name not in ("name", "base", "url", "nonce")
    }
    row["now"] = NOW
    for name, value in changes.items():
        where = row["headers"] if name in row["headers"] else row
        if value is None:
            del where[name]
        else:
            where[name] = value
    return row
