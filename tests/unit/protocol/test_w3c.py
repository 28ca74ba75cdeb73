"""The export holds for others: W3C's own vectors, and a verifier that shares nothing with ours."""

import ast
import base64
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from cryptography.exceptions import InvalidSignature

from protocol import base58, codec, w3c
from protocol.errors import LocalProtocolError, RemoteProtocolError
from protocol.identity import KeyPair
from protocol.statements import Withdrawal
from tests.harness import others_verifier
from tests.harness.others_verifier import from_multibase, verified

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
    secret = from_multibase(vector(shared_data, "keyPair.json")["privateKeyMultibase"], 34)
    assert w3c.sign(unsigned, KeyPair.from_seed(secret[2:]), created=options["created"]) == signed


def exported() -> dict[str, Any]:
    name = base64.urlsafe_b64encode(bytes(16)).rstrip(b"=").decode()
    gone = Withdrawal(
        origin=KEY.did, epoch=1_793_600_000, seq=7, set="public", id=name, expires=date(2026, 11, 30)
    )
    return w3c.export(codec.read_line(codec.write(gone, KEY)), KEY)


def test_an_independent_verifier_reads_an_exported_statement() -> None:
    document = json.loads(json.dumps(exported()))
    assert verified(document)["statement"]["type"] == "withdrawal"
    document["statement"]["seq"] += 1
    with pytest.raises(InvalidSignature):
        verified(document)


def test_that_verifier_shares_nothing_with_ours(shared_data: Path) -> None:
    tree = ast.parse(Path(others_verifier.__file__).read_text("utf-8"))
    names = {each.module for each in ast.walk(tree) if isinstance(each, ast.ImportFrom)}
    names |= {alias.name for each in ast.walk(tree) if isinstance(each, ast.Import) for alias in each.names}
    ours = {each.name for each in Path(__file__).parents[3].iterdir() if each.is_dir()}
    assert {str(name).partition(".")[0] for name in names} & ours == set()
    assert verified(vector(shared_data, "signedJCS.json")) == vector(shared_data, "unsigned.json")


@pytest.mark.parametrize("data", [bytes(64), b"\0\0" + b"\xff" * 62, b"\x01" * 64, bytes(range(64))])
def test_both_read_the_same_bytes_out_of_base58(data: bytes) -> None:
    assert from_multibase("z" + base58.encode(data), 64) == base58.decode(base58.encode(data), 64) == data


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
