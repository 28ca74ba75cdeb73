"""The public vectors of the wire and of what is worked out, read as another implementation would read them."""

import hashlib
import json
from typing import Any

import pytest
import rfc8785
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

import schemas
from protocol import cells, codec, head, http_signature, identity, invite, w3c
from protocol.errors import RemoteProtocolError
from protocol.http_signature import Target
from protocol.population import PopulationTable
from protocol.statements import Head

HTTP = schemas.vectors("http.v1")
INVITATIONS = schemas.vectors("invitations.v1")
DOCUMENTS = schemas.vectors("data_integrity.v1")


def target_of(vector: dict[str, Any]) -> Target:
    return Target(method=vector["method"], authority=vector["authority"], path=vector["path"])


@pytest.mark.parametrize("vector", HTTP["requests"], ids=lambda v: v["name"])
def test_a_request_is_signed_so_and_verifies(vector: dict[str, Any]) -> None:
    key = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(HTTP["asker"]["seed"]))
    body, bases = vector["body"].encode(), []

    def sign(base: bytes) -> bytes:
        bases.append(base.decode())
        return key.sign(base)

    headers = http_signature.sign_request(
        target_of(vector),
        body,
        keyid=HTTP["asker"]["keyid"],
        created=vector["created"],
        nonce=vector["nonce"],
        sign=sign,
    )
    assert bases == [vector["base"]]
    assert headers == vector["headers"]
    http_signature.verify_request(
        target_of(vector), body, headers, public=identity.public_of(HTTP["asker"]["op_key"]), now=HTTP["now"]
    )


@pytest.mark.parametrize("vector", HTTP["refused_requests"], ids=lambda v: v["name"])
def test_a_changed_request_is_refused(vector: dict[str, Any]) -> None:
    with pytest.raises(RemoteProtocolError) as caught:
        http_signature.verify_request(
            target_of(vector),
            vector["body"].encode(),
            vector["headers"],
            public=identity.public_of(HTTP["asker"]["op_key"]),
            now=vector["now"],
        )
    assert caught.value.code == vector["code"]


def verify_answer(vector: dict[str, Any], now: int) -> None:
    http_signature.verify_response(
        vector["status"],
        vector["body"].encode(),
        vector["headers"],
        request_signature=vector["request_signature"],
        origin=HTTP["server"]["origin"],
        op_key=HTTP["server"]["op_key"],
        now=now,
    )


@pytest.mark.parametrize("vector", HTTP["answers"], ids=lambda v: v["name"])
def test_an_answer_verifies(vector: dict[str, Any]) -> None:
    verify_answer(vector, HTTP["now"])


@pytest.mark.parametrize("vector", HTTP["refused_answers"], ids=lambda v: v["name"])
def test_a_changed_answer_is_refused(vector: dict[str, Any]) -> None:
    with pytest.raises(RemoteProtocolError) as caught:
        verify_answer(vector, vector["now"])
    assert caught.value.code == vector["code"]


def test_every_code_of_a_verifier_is_among_them() -> None:
    told = {each["code"] for each in (*HTTP["refused_requests"], *HTTP["refused_answers"])}
    assert told == {
        code for code, meaning in http_signature.CODES.items() if "only when signing" not in meaning
    }


@pytest.mark.parametrize("vector", INVITATIONS["links"], ids=lambda v: v["url"])
def test_an_invitation_is_read(vector: dict[str, str]) -> None:
    read = invite.read(vector["link"])
    assert read is not None
    assert (read.url, read.origin, read.secret) == (vector["url"], vector["origin"], vector["secret"])


@pytest.mark.parametrize("vector", INVITATIONS["refused"], ids=lambda v: v["name"])
def test_what_is_no_invitation_is_not_read(vector: dict[str, str]) -> None:
    assert invite.read(vector["link"]) is None


@pytest.mark.parametrize("vector", schemas.vectors("sets.v1")["cases"], ids=lambda v: v["name"])
def test_a_set_agrees_with_its_head_so_well(vector: dict[str, Any]) -> None:
    top = codec.read_line(vector["head"].encode()).statement if vector["head"] else None
    assert top is None or isinstance(top, Head)
    held = [head.entry_of(codec.read_line(line.encode())) for line in vector["held"]]
    state = head.state_of(top, held, now=vector["now"], round_over=vector["round_over"])
    assert state == vector["state"]


@pytest.mark.parametrize("vector", DOCUMENTS["documents"], ids=lambda v: v["document"]["statement"]["type"])
def test_a_document_is_the_statement_of_its_line(vector: dict[str, Any]) -> None:
    line, document = json.loads(vector["line"]), vector["document"]
    assert document["statement"] == line["b"]
    signer = w3c.verify(document)
    codec.verify(codec.read_line(vector["line"].encode()), identity.public_of(signer))
    proof = {name: value for name, value in document["proof"].items() if name != "proofValue"}
    bare = {name: value for name, value in document.items() if name != "proof"}
    expected = b"".join(hashlib.sha256(rfc8785.dumps(part)).digest() for part in (proof, bare))
    assert w3c.hashed(bare, proof) == expected


@pytest.mark.parametrize("vector", DOCUMENTS["refused"], ids=lambda v: v["name"])
def test_a_changed_document_is_refused(vector: dict[str, Any]) -> None:
    with pytest.raises(RemoteProtocolError) as caught:
        w3c.verify(vector["document"])
    assert caught.value.code == vector["code"]


def table_of(residents: dict[str, int]) -> PopulationTable | None:
    rows = "".join(f"{cell},{people}\n" for cell, people in residents.items())
    return PopulationTable.load(f"h3,population\n{rows}") if residents else None


@pytest.mark.parametrize("vector", schemas.vectors("areas.v1")["tables"], ids=lambda v: v["name"])
def test_a_place_has_these_labels(vector: dict[str, Any]) -> None:
    known, before = table_of(vector["residents"]), table_of(vector.get("before", {}))
    a, b = (cells.partition_for(klass, known, before) for klass in ("A", "B"))  # type: ignore[arg-type]
    told = [(place["cell"], place["a"], place["b"]) for place in vector["places"]]
    assert told == [(cell, a.label_of_cell(cell), b.label_of_cell(cell)) for cell, _, _ in told]
    assert len({label for _, label, _ in told}) > 1 or "fewer" in vector["name"]


def test_the_replaced_table_is_not_what_the_new_one_alone_would_say() -> None:
    (replaced,) = (each for each in schemas.vectors("areas.v1")["tables"] if "before" in each)
    alone = cells.partition_for("A", table_of(replaced["residents"]))
    assert any(alone.label_of_cell(place["cell"]) != place["a"] for place in replaced["places"])
