"""HTTP Message Signatures (RFC 9421) in the one form this protocol allows.

Pure functions of bytes and values: time, nonce and the signing function are passed in. A verifier never
interprets what the other side says it covered. It *builds* the only acceptable ``Signature-Input`` from the
few values that may vary, compares the whole text, and then checks the signature over a base that it built
itself.

Request: components ``@method @authority @path @query content-digest``, parameters ``created; expires; nonce;
keyid; tag="mac-http/1"``. Response: ``@status content-digest`` and the request's ``signature;req``,
parameters ``created; keyid; tag="mac-http/1"``. The label is ``mac`` in both. ``keyid`` of a request is
``<origin>#<op key>``, both without ``did:key:``. In that of a response the op key's last six characters stand for it:
who asks holds the key, and learns so much as to tell a changed one from a false signature.
"""

import base64
import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from protocol.errors import LocalProtocolError, RemoteProtocolError
from protocol.identity import public_of, signature_fits

TAG = "mac-http/1"
LABEL = "mac"
WINDOW = 300
"""Seconds by which a request's times may differ from ours, and its longest life."""

Sign = Callable[[bytes], bytes]

CODES: dict[str, str] = {
    "not_signed": "no signature in the one form that this protocol allows",
    "wrong_digest": "Content-Digest is not the SHA-256 of the body",
    "out_of_time": "created too long ago, too far ahead, or valid for more than 300 seconds",
    "wrong_key": "signed, but by another key than the one held for that node",
    "bad_signature": "the signature does not fit the key",
    "bad_keyid": "a keyid that is not a pair of did:key (only when signing)",
    "bad_signature_parameters": "nonce or keyid outside the profile (only when signing)",
}
"""Every ``code`` that signing or verifying a message can end in."""

_DID = "did:key:"
_KEYID = re.compile(r"(z[1-9A-HJ-NP-Za-km-z]{40,60})#(z[1-9A-HJ-NP-Za-km-z]{40,60})")
_HINT = 6
_NONCE = re.compile(r"[A-Za-z0-9_-]{22}")
_SIGNATURE = re.compile(r"mac=:([A-Za-z0-9+/]{86}==):")
_REQUEST_INPUT = re.compile(
    r'mac=\("@method" "@authority" "@path" "@query" "content-digest"\)'
    r';created=([0-9]{1,11});expires=([0-9]{1,11});nonce="([A-Za-z0-9_-]{22})";keyid="([A-Za-z0-9#]{80,125})"'
    r';tag="mac-http/1"'
)
_RESPONSE_INPUT = re.compile(
    r'mac=\("@status" "content-digest" "signature";req\)'
    r';created=([0-9]{1,11});keyid="([A-Za-z0-9#]{40,70})";tag="mac-http/1"'
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What a request is addressed to, as both sides see it on the wire."""

    method: str
    """Upper case."""
    authority: str
    """Lower case host, with the port unless it is the scheme's own."""
    path: str
    """As sent, percent-encoding untouched; ``/`` when empty."""
    query: str = ""
    """Without the question mark."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What a request says about its signature, before anything was verified."""

    origin: str
    op_key: str
    """did:key of the op key it says it was signed with."""
    created: int
    expires: int
    nonce: str
    signature: bytes


def content_digest(body: bytes) -> str:
    """The Content-Digest header (RFC 9530) of these bytes, an empty body included."""
    return f"sha-256=:{base64.b64encode(hashlib.sha256(body).digest()).decode()}:"


def key_id(origin: str, op_key: str) -> str:
    """The ``keyid`` of a node's requests."""
    text = f"{origin.removeprefix(_DID)}#{op_key.removeprefix(_DID)}"
    if not _KEYID.fullmatch(text):
        raise LocalProtocolError("bad_keyid", f"not a pair of did:key: {text!r}")
    return text


def answer_key_id(origin: str, op_key: str) -> str:
    """The ``keyid`` of a node's answers."""
    return f"{origin.removeprefix(_DID)}#{op_key[-_HINT:]}"


def sign_request(
    target: Target, body: bytes, *, keyid: str, created: int, nonce: str, sign: Sign
) -> dict[str, str]:
    """The three headers that make a request ours. ``nonce``: 16 random bytes in base64url, 22 characters."""
    if not _NONCE.fullmatch(nonce) or not _KEYID.fullmatch(keyid):
        raise LocalProtocolError("bad_signature_parameters", "nonce or keyid is not in the profile")
    digest = content_digest(body)
    parameters = _request_parameters(created, created + WINDOW, nonce, keyid)
    signature = sign(_request_base(target, digest, parameters))
    return _headers(digest, parameters, signature)


def read_request(headers: Mapping[str, str]) -> Claim:
    """Reads the claim of a request; RemoteProtocolError ``not_signed`` (401) if it is not in the one form."""
    match = _REQUEST_INPUT.fullmatch(_header(headers, "signature-input"))
    if match is None:
        raise RemoteProtocolError(
            "not_signed", "Signature-Input is not in the profile mac-http/1", status=401
        )
    created, expires, nonce, keyid = match.groups()
    origin, op_key = _read_keyid(keyid)
    return Claim(
        origin=origin,
        op_key=op_key,
        created=int(created),
        expires=int(expires),
        nonce=nonce,
        signature=_read_signature(headers),
    )


def verify_request(
    target: Target, body: bytes, headers: Mapping[str, str], *, public: bytes, now: int
) -> Claim:
    """Checks digest, time window and signature; returns the claim, now proven.

    ``public``: the 32 bytes of the op key that the verifier holds for ``Claim.origin``. Whether the nonce was
    used before, and whether the claimed op key is the held one, is the caller's to check. Raises
    RemoteProtocolError with status 401: ``not_signed``, ``wrong_digest``, ``out_of_time``, ``bad_signature``.
    """
    claim = read_request(headers)
    digest = _checked_digest(headers, body)
    if not 0 < claim.expires - claim.created <= WINDOW:
        raise RemoteProtocolError("out_of_time", "a request may live 300 seconds at most", status=401)
    if abs(now - claim.created) > WINDOW or claim.expires < now:
        raise RemoteProtocolError("out_of_time", f"created {claim.created}, here it is {now}", status=401)
    keyid = key_id(claim.origin, claim.op_key)
    parameters = _request_parameters(claim.created, claim.expires, claim.nonce, keyid)
    _check(public, _request_base(target, digest, parameters), claim.signature)
    return claim


def sign_response(
    status: int, body: bytes, *, request_signature: str, keyid: str, created: int, sign: Sign
) -> dict[str, str]:
    """The headers that bind a response to the request whose ``Signature`` header is given. ``keyid``: see
    :func:`answer_key_id`."""
    digest = content_digest(body)
    parameters = _response_parameters(created, keyid)
    signature = sign(_response_base(status, digest, request_signature, parameters))
    return _headers(digest, parameters, signature)


def verify_response(
    status: int,
    body: bytes,
    headers: Mapping[str, str],
    *,
    request_signature: str,
    origin: str,
    op_key: str,
    now: int,
) -> None:
    """Checks that ``op_key`` (did:key) of this origin signed exactly this answer to exactly our request, now.

    Raises RemoteProtocolError: ``not_signed``, ``wrong_key`` (signed, but with another key than we hold),
    ``wrong_digest``, ``bad_signature``, ``out_of_time``.
    """
    created = answer_time(
        status, body, headers, request_signature=request_signature, origin=origin, op_key=op_key
    )
    if abs(now - created) > WINDOW:
        raise RemoteProtocolError("out_of_time", f"answer created {created}, here it is {now}")


def answer_time(
    status: int,
    body: bytes,
    headers: Mapping[str, str],
    *,
    request_signature: str,
    origin: str,
    op_key: str,
) -> int:
    """The Unix time that an answer's signer says it is, whatever it is here; its signature was checked, and binds it
    to our request, so it was said after that was made. Raises as :func:`verify_response`, but ``out_of_time``."""
    match = _RESPONSE_INPUT.fullmatch(_header(headers, "signature-input"))
    if match is None:
        raise RemoteProtocolError("not_signed", "the answer is not signed in the profile mac-http/1")
    created = int(match.group(1))
    keyid = answer_key_id(origin, op_key)
    if match.group(2) != keyid:
        raise RemoteProtocolError("wrong_key", f"signed by {match.group(2)}, expected {keyid}")
    digest = _checked_digest(headers, body)
    _check(
        public_of(op_key),
        _response_base(status, digest, request_signature, _response_parameters(created, keyid)),
        _read_signature(headers),
    )
    return created


def _request_parameters(created: int, expires: int, nonce: str, keyid: str) -> str:
    return (
        '("@method" "@authority" "@path" "@query" "content-digest")'
        f';created={created};expires={expires};nonce="{nonce}";keyid="{keyid}";tag="{TAG}"'
    )


def _response_parameters(created: int, keyid: str) -> str:
    return f'("@status" "content-digest" "signature";req);created={created};keyid="{keyid}";tag="{TAG}"'


def _request_base(target: Target, digest: str, parameters: str) -> bytes:
    return (
        f'"@method": {target.method}\n"@authority": {target.authority}\n"@path": {target.path}\n'
        f'"@query": ?{target.query}\n"content-digest": {digest}\n"@signature-params": {parameters}'
    ).encode()


def _response_base(status: int, digest: str, request_signature: str, parameters: str) -> bytes:
    return (
        f'"@status": {status}\n"content-digest": {digest}\n"signature";req: {request_signature}\n'
        f'"@signature-params": {parameters}'
    ).encode()


def _headers(digest: str, parameters: str, signature: bytes) -> dict[str, str]:
    return {
        "Content-Digest": digest,
        "Signature-Input": f"{LABEL}={parameters}",
        "Signature": f"{LABEL}=:{base64.b64encode(signature).decode()}:",
    }


def _header(headers: Mapping[str, str], name: str) -> str:
    """A header by its lower-case name in any mapping; empty if absent."""
    for key, value in headers.items():
        if key.lower() == name:
            return value
    return ""


def _read_keyid(keyid: str) -> tuple[str, str]:
    match = _KEYID.fullmatch(keyid)
    if match is None:
        raise RemoteProtocolError("not_signed", "keyid is not <origin>#<op key>", status=401)
    return _DID + match.group(1), _DID + match.group(2)


def _read_signature(headers: Mapping[str, str]) -> bytes:
    match = _SIGNATURE.fullmatch(_header(headers, "signature"))
    if match is None:
        raise RemoteProtocolError("not_signed", "Signature is not in the profile mac-http/1", status=401)
    text = match.group(1)
    raw = base64.b64decode(text)
    if base64.b64encode(raw).decode() != text:
        raise RemoteProtocolError("not_signed", "Signature is not canonical base64", status=401)
    return raw


def _checked_digest(headers: Mapping[str, str], body: bytes) -> str:
    digest = content_digest(body)
    if _header(headers, "content-digest") != digest:
        raise RemoteProtocolError("wrong_digest", "Content-Digest is not the SHA-256 of the body", status=401)
    return digest


def _check(public: bytes, base: bytes, signature: bytes) -> None:
    if not signature_fits(base, signature, public):
        raise RemoteProtocolError("bad_signature", "the HTTP signature is wrong", status=401)
