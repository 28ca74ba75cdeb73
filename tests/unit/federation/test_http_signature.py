"""The HTTP signature profile, checked against an independent implementation of RFC 9421 and its own
vectors."""

import base64
import json
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from protocol import http_signature as sig
from protocol.errors import LocalProtocolError, RemoteProtocolError
from protocol.identity import KeyPair, signature_fits

NOW = 1_800_000_000
NONCE = "abcdefghijklmnopqrstuA"
ROOT = KeyPair.from_seed(bytes(range(32)))
OP = KeyPair.from_seed(bytes(range(1, 33)))
KEYID = sig.key_id(ROOT.did, OP.did)
ANSWER = sig.answer_key_id(ROOT.did, OP.did)
TARGET = sig.Target(method="POST", authority="north.example:8443", path="/mac/v1/pull", query="")
BODY = b'{"cursor":null}'
VECTORS = Path(__file__).resolve().parents[4] / "shared/data/vectors/rfc9421/appendix_b_ed25519_hmac.json"


def signed(target: sig.Target = TARGET, body: bytes = BODY) -> dict[str, str]:
    return sig.sign_request(target, body, keyid=KEYID, created=NOW, nonce=NONCE, sign=OP.sign)


def test_a_signed_request_verifies_and_says_who_asks() -> None:
    claim = sig.verify_request(TARGET, BODY, signed(), public=OP.public, now=NOW + 5)
    assert (claim.origin, claim.op_key, claim.nonce, claim.created) == (ROOT.did, OP.did, NONCE, NOW)


@pytest.mark.parametrize(
    "target",
    [
        sig.Target(method="PUT", authority="north.example:8443", path="/mac/v1/pull"),
        sig.Target(method="POST", authority="south.example", path="/mac/v1/pull"),
        sig.Target(method="POST", authority="north.example:8443", path="/mac/v1/heads"),
        sig.Target(method="POST", authority="north.example:8443", path="/mac/v1/pull", query="a=1"),
    ],
)
def test_a_request_sent_elsewhere_is_refused(target: sig.Target) -> None:
    with pytest.raises(RemoteProtocolError, match="bad_signature"):
        sig.verify_request(target, BODY, signed(), public=OP.public, now=NOW)


def test_another_body_is_refused() -> None:
    with pytest.raises(RemoteProtocolError, match="wrong_digest"):
        sig.verify_request(TARGET, BODY + b" ", signed(), public=OP.public, now=NOW)


def test_another_key_is_refused() -> None:
    with pytest.raises(RemoteProtocolError, match="bad_signature"):
        sig.verify_request(TARGET, BODY, signed(), public=ROOT.public, now=NOW)


@pytest.mark.parametrize("now", [NOW - 301, NOW + 301])
def test_the_window_is_three_hundred_seconds(now: int) -> None:
    with pytest.raises(RemoteProtocolError, match="out_of_time") as caught:
        sig.verify_request(TARGET, BODY, signed(), public=OP.public, now=now)
    assert caught.value.status == 401


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (f"expires={NOW + 300}", f"expires={NOW + 301}"),
        (f"expires={NOW + 300}", f"expires={NOW}"),
    ],
)
def test_a_life_longer_than_the_window_is_refused(old: str, new: str) -> None:
    headers = signed()
    headers["Signature-Input"] = headers["Signature-Input"].replace(old, new)
    with pytest.raises(RemoteProtocolError, match=r"out_of_time"):
        sig.verify_request(TARGET, BODY, headers, public=OP.public, now=NOW)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"@method" ', ""),
        ('"@query" ', '"@query"  '),
        (";tag=", ';alg="ed25519";tag='),
        ("mac-http/1", "mac-http/2"),
        ("mac=(", "sig1=("),
        (";nonce=", ';nonce="x";nonce='),
        ('"z6Mk', '"did:key:z6Mk'),
        ("created=1", "created=+1"),
        ("mac=(", " mac=("),
    ],
)
def test_any_other_form_of_signature_input_is_refused_unread(old: str, new: str) -> None:
    headers = signed()
    assert old in headers["Signature-Input"]
    headers["Signature-Input"] = headers["Signature-Input"].replace(old, new, 1)
    with pytest.raises(RemoteProtocolError, match="not_signed"):
        sig.verify_request(TARGET, BODY, headers, public=OP.public, now=NOW)


@pytest.mark.parametrize(
    "signature", ["", "mac=::", "mac=:AAAA:", "other=:" + "A" * 86 + "==:", "mac=:" + "A" * 85 + "B==:"]
)
def test_a_misshapen_signature_is_refused(signature: str) -> None:
    with pytest.raises(RemoteProtocolError, match="not_signed"):
        sig.verify_request(TARGET, BODY, signed() | {"Signature": signature}, public=OP.public, now=NOW)


def test_an_answer_is_bound_to_its_request() -> None:
    request = signed()["Signature"]
    headers = sig.sign_response(
        200, b"lines", request_signature=request, keyid=ANSWER, created=NOW, sign=OP.sign
    )

    def check(
        status: int = 200,
        body: bytes = b"lines",
        asked: str = request,
        origin: str = ROOT.did,
        op_key: str = OP.did,
        now: int = NOW,
    ) -> None:
        sig.verify_response(
            status, body, headers, request_signature=asked, origin=origin, op_key=op_key, now=now
        )

    check()
    for code, wrong in (
        ("bad_signature", {"status": 403}),
        ("wrong_digest", {"body": b"other"}),
        ("bad_signature", {"asked": "mac=:" + "B" * 86 + "==:"}),
        ("wrong_key", {"op_key": ROOT.did}),
        ("wrong_key", {"origin": OP.did}),
        ("out_of_time", {"now": NOW + 400}),
    ):
        with pytest.raises(RemoteProtocolError, match=code):
            check(**wrong)  # type: ignore[arg-type]


def test_our_own_mistakes_are_ours() -> None:
    with pytest.raises(LocalProtocolError):
        sig.key_id("did:web:north.example", OP.did)
    with pytest.raises(LocalProtocolError):
        sig.sign_request(TARGET, BODY, keyid=KEYID, created=NOW, nonce='"', sign=OP.sign)


def test_another_implementation_accepts_our_request_and_our_response() -> None:
    hms = pytest.importorskip(
        "http_message_signatures", reason="the package http-message-signatures is not installed"
    )
    now = int(datetime.now(UTC).timestamp())  # the other implementation knows no clock but the machine's

    class Keys(hms.HTTPSignatureKeyResolver):  # type: ignore[name-defined,misc]
        def resolve_public_key(self, key_id: str) -> Ed25519PublicKey:
            assert key_id in (KEYID, ANSWER)
            return Ed25519PublicKey.from_public_bytes(OP.public)

    request_headers = sig.sign_request(TARGET, BODY, keyid=KEYID, created=now, nonce=NONCE, sign=OP.sign)
    request = SimpleNamespace(
        method="POST", url="https://north.example:8443/mac/v1/pull", headers=request_headers
    )
    response_headers = sig.sign_response(
        200,
        b"lines",
        request_signature=request_headers["Signature"],
        keyid=ANSWER,
        created=now,
        sign=OP.sign,
    )
    response = SimpleNamespace(status_code=200, request=request, headers=response_headers)
    verifier = hms.HTTPMessageVerifier(signature_algorithm=hms.algorithms.ED25519, key_resolver=Keys())
    for message, body, name in ((request, BODY, KEYID), (response, b"lines", ANSWER)):
        (result,) = verifier.verify(message, expect_tag=sig.TAG, body=body)
        assert result.parameters["keyid"] == name
        with pytest.raises(hms.InvalidSignature):
            verifier.verify(message, expect_tag=sig.TAG, body=body + b"x")


@pytest.mark.shared_data
def test_the_rfcs_own_ed25519_vectors_verify_with_our_primitive() -> None:
    if not VECTORS.exists():
        pytest.skip("../shared/data/vectors is not here")
    data = json.loads(VECTORS.read_text())
    text = data["keys"]["test-key-ed25519"]["x"]
    public = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    cases = [case for case in data["cases"] if case["alg"] == "ed25519"]
    assert cases
    for case in cases:
        raw = base64.b64decode(case["signature"].split("=:", 1)[1].removesuffix(":"))
        assert signature_fits(case["signature_base"].encode(), raw, public), case["id"]
