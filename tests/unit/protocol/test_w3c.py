"""The export holds for others: W3C's own vectors, and a verifier that shares nothing with ours."""

import base64
import hashlib
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import rfc8785
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from protocol import base58, codec, w3c
from protocol.errors import LocalProtocolError, RemoteProtocolError
from protocol.identity import KeyPair
from protocol.statements import Withdrawal

KEY = KeyPair.from_seed(bytes(range(32)))


def vector(shared_data: Path, name: str) -> Any:
    text = (shared_data / "vectors" / "eddsa-jcs-2022" / name).read_text("utf-8")
    return json.loads(text) if name.endswith(".json") else text.strip()


def test_the_vectors_of_the_recommendation(shared_data: Path) -> None:
    signed = vector(shared_data, "signedJCS.json")
    options = vector(shared_data, "proofConfigJCS.json")
    unsigned = vector(shared_data, "unsigned.json")
    assert w3c.hashed(unsigned, options).hex() == vector(shared_data, "combinedHashJCS.txt")
    assert w3c.verify(signed) == "did:key:" + vector(shared_data, "keyPair.json")["publicKeyMultibase"]
    secret = base58.decode(vector(shared_data, "keyPair.json")["privateKeyMultibase"][1:], 34)
    assert w3c.sign(unsigned, KeyPair.from_seed(secret[2:]), created=options["created"]) == signed


def exported() -> dict[str, Any]:
    name = base64.urlsafe_b64encode(bytes(16)).rstrip(b"=").decode()
    gone = Withdrawal(
        origin=KEY.did, epoch=1_793_600_000, seq=7, set="public", id=name, expires=date(2026, 11, 30)
    )
    return w3c.export(codec.read_line(codec.write(gone, KEY)), KEY)


def test_an_independent_verifier_reads_an_exported_statement() -> None:
    document = json.loads(json.dumps(exported()))
    proof = document.pop("proof")
    value = base58.decode(proof.pop("proofValue")[1:], 64)
    public = base58.decode(proof["verificationMethod"].partition("#")[2][1:], 34)[2:]
    message = b"".join(hashlib.sha256(rfc8785.dumps(part)).digest() for part in (proof, document))
    Ed25519PublicKey.from_public_bytes(public).verify(value, message)
    assert document["statement"]["type"] == "withdrawal"


@pytest.mark.parametrize(
    ("path", "value", "code"),
    [
        (("statement", "seq"), 8, "bad_signature"),
        (("proof", "cryptosuite"), "eddsa-rdfc-2022", "schema"),
        (("proof", "proofPurpose"), "authentication", "bad_signature"),
        (("proof", "proofValue"), "z11", "bad_signature"),
        (("proof", "proofValue"), "zO0Il", "bad_signature"),
        (("proof", "@context"), ["https://example.org/other"], "schema"),
        (("proof", "verificationMethod"), KEY.did, "bad_key_id"),
        (("statement", "seq"), 7.0, "bad_signature"),
    ],
)
def test_whatever_is_changed_is_refused(path: tuple[str, str], value: Any, code: str) -> None:
    document = exported()
    document[path[0]][path[1]] = value
    with pytest.raises(RemoteProtocolError) as caught:
        w3c.verify(document)
    assert caught.value.code == code


def test_what_cannot_be_written_alike_is_not_signed() -> None:
    for bad in ({"a": 1.5}, {"a": 2**53}, {"ü": 1}, {"proof": {}}):
        with pytest.raises(LocalProtocolError):
            w3c.sign(bad, KEY)
