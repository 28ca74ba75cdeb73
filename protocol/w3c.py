"""The same statement as a W3C Data Integrity document, for third parties with standard tools.

Cryptosuite ``eddsa-jcs-2022`` (W3C Recommendation "Data Integrity EdDSA Cryptosuites v1.0", section 3.3): Ed25519 over
SHA-256(JCS(proof options)) | SHA-256(JCS(document)). This is an export: nodes exchange the lines of
:mod:`protocol.envelope`, and only who holds the op key can write the proof.
"""

import hashlib
from collections.abc import Mapping
from typing import Any, Final

import orjson

from protocol import base58, identity
from protocol.codec import Signed
from protocol.errors import LocalProtocolError, RemoteProtocolError
from protocol.identity import KeyPair
from protocol.limits import MAX_INTEGER, SIGNATURE_BYTES

SUITE: Final = "eddsa-jcs-2022"
CONTEXT: Final = "https://www.w3.org/ns/credentials/v2"
_PROOF: Final = "proof"


def export(signed: Signed, key: KeyPair) -> dict[str, Any]:
    """The document of one of our own statements, with its proof by the op key.

    The body stands under ``statement``, untouched. The proof says no time: the line says none either. Raises
    :class:`LocalProtocolError` for a body outside what RFC 8785 and orjson write alike.
    """
    return sign({"@context": [CONTEXT], "statement": dict(signed.envelope.body)}, key)


def sign(document: Mapping[str, Any], key: KeyPair, *, created: str | None = None) -> dict[str, Any]:
    """``document`` with a proof. ``created`` is an XML Schema dateTimeStamp, or None for none."""
    if _PROOF in document:
        raise LocalProtocolError("schema", "the document has a proof already")
    options: dict[str, Any] = {
        "type": "DataIntegrityProof",
        "cryptosuite": SUITE,
        "verificationMethod": f"{key.did}#{key.did.removeprefix('did:key:')}",
        "proofPurpose": "assertionMethod",
    }
    if created is not None:
        options["created"] = created
    if "@context" in document:
        options["@context"] = document["@context"]
    signature = key.sign(hashed(document, options))
    return {**document, _PROOF: {**options, "proofValue": "z" + base58.encode(signature)}}


def verify(document: Mapping[str, Any]) -> str:
    """The did:key that signed ``document``. Whether it may speak for anybody is for the caller to know.

    Raises :class:`RemoteProtocolError`: ``schema`` for no such proof, ``bad_key_id``, ``bad_signature``.
    """
    proof = document.get(_PROOF)
    if (
        not isinstance(proof, dict)
        or proof.get("type") != "DataIntegrityProof"
        or proof.get("cryptosuite") != SUITE
    ):
        raise RemoteProtocolError("schema", f"no proof of the suite {SUITE}")
    options = {name: value for name, value in proof.items() if name != "proofValue"}
    bare = {name: value for name, value in document.items() if name != _PROOF}
    method, value = proof.get("verificationMethod"), proof.get("proofValue")
    if not isinstance(method, str) or not isinstance(value, str) or not value.startswith("z"):
        raise RemoteProtocolError("schema", "a proof without a key or a value")
    if options.get("@context", bare.get("@context")) != bare.get("@context"):
        raise RemoteProtocolError("schema", "the proof is of another context")
    did, _, fragment = method.partition("#")
    if did != f"did:key:{fragment}":
        raise RemoteProtocolError("bad_key_id", "the key is not the one that its name says")
    public = identity.public_of(did)
    try:
        signature = base58.decode(value[1:], SIGNATURE_BYTES)
        message = hashed(bare, options)
    except (ValueError, LocalProtocolError):
        raise RemoteProtocolError("bad_signature") from None
    if not identity.signature_fits(message, signature, public):
        raise RemoteProtocolError("bad_signature")
    return did


def hashed(document: Mapping[str, Any], options: Mapping[str, Any]) -> bytes:
    """The 64 bytes that are signed: the hash of the proof's options, then of the document."""
    return hashlib.sha256(_jcs(options)).digest() + hashlib.sha256(_jcs(document)).digest()


def _jcs(value: Mapping[str, Any]) -> bytes:
    """RFC 8785 for what orjson writes alike: no floats, integers that are exact, keys in plain ASCII."""
    _check(value)
    return orjson.dumps(dict(value), option=orjson.OPT_SORT_KEYS)


def _check(value: Any) -> None:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            if not isinstance(key, str) or not key.isascii():
                raise LocalProtocolError("bad_key", "a key that is not plain ASCII")
            _check(inner)
    elif isinstance(value, list):
        for inner in value:
            _check(inner)
    elif isinstance(value, float):
        raise LocalProtocolError("float")
    elif isinstance(value, int) and not isinstance(value, bool) and abs(value) > MAX_INTEGER:
        raise LocalProtocolError("integer_range")
