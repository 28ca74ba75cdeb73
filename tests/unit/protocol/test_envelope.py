"""The envelope: what is signed, and that nothing else gets under the signature."""

import json
from pathlib import Path
from typing import Any

import pytest

from protocol import b64, canonical, envelope
from protocol.errors import LocalProtocolError, RemoteProtocolError

from .makers import OP, STRANGER

BODY: dict[str, Any] = {"type": "note", "v": 1, "text": "a\u0144y", "b": {"s": "x"}}


@pytest.mark.shared_data
def test_the_public_pae_vector(shared_data: Path) -> None:
    for case in json.loads((shared_data / "vectors" / "dsse" / "pae.json").read_text())["cases"]:
        assert envelope.pae(case["payload_type"], case["body"].encode()) == case["pae"].encode()


def test_pae_counts_bytes_not_characters() -> None:
    assert envelope.pae("t\u00e9", "\u00e9".encode()) == "DSSEv1 3 t\u00e9 2 \u00e9".encode()
    assert envelope.pae("", b"") == b"DSSEv1 0  0 "


def test_a_signed_body_comes_back_whole() -> None:
    line = envelope.sign(BODY, OP)
    opened = envelope.parse(line)
    assert opened.body == BODY
    assert opened.payload == canonical.encode(BODY)
    assert (opened.type, opened.v, len(opened.signature)) == ("note", 1, 64)
    assert envelope.verify(opened, OP.public)
    assert not envelope.verify(opened, STRANGER.public)
    assert line == b'{"b":' + opened.payload + b',"s":"' + b64.encode(opened.signature).encode() + b'"}'


def test_the_type_and_version_are_under_the_signature() -> None:
    payload = canonical.encode(BODY)
    for media in (envelope.media_type("note", 2), envelope.media_type("other", 1)):
        line = canonical.encode({"b": BODY, "s": b64.encode(OP.sign(envelope.pae(media, payload)))})
        assert not envelope.verify(envelope.parse(line), OP.public)
    bare = canonical.encode({"b": BODY, "s": b64.encode(OP.sign(payload))})
    assert not envelope.verify(envelope.parse(bare), OP.public)


def test_no_single_changed_character_keeps_the_signature() -> None:
    line = envelope.sign(BODY, OP)
    for place in range(len(line)):
        for byte in (line[place] ^ 1, line[place] ^ 0x20, ord("0"), ord("A")):
            changed = line[:place] + bytes([byte]) + line[place + 1 :]
            if changed == line:
                continue
            try:
                opened = envelope.parse(changed)
            except RemoteProtocolError:
                continue
            assert not envelope.verify(opened, OP.public)


SIGNATURE = "A" * 86
BAD: dict[str, Any] = {
    "an array": [],
    "a number": 1,
    "null": None,
    "no signature": {"b": BODY},
    "no body": {"s": SIGNATURE},
    "a third key": {"a": 1, "b": BODY, "s": SIGNATURE},
    "another key": {"b": BODY, "t": SIGNATURE},
    "a body that is a string": {"b": "x", "s": SIGNATURE},
    "a body that is an array": {"b": [], "s": SIGNATURE},
    "a signature that is null": {"b": BODY, "s": None},
    "a signature that is an array": {"b": BODY, "s": [SIGNATURE]},
    "a short signature": {"b": BODY, "s": "A" * 85},
    "a long signature": {"b": BODY, "s": "A" * 87},
    "a padded signature": {"b": BODY, "s": SIGNATURE + "=="},
    "a signature with spare bits": {"b": BODY, "s": "A" * 85 + "B"},
    "a signature in the other alphabet": {"b": BODY, "s": "+" + "A" * 85},
    "no type": {"b": {"v": 1}, "s": SIGNATURE},
    "an empty type": {"b": {"type": "", "v": 1}, "s": SIGNATURE},
    "a type that is a number": {"b": {"type": 1, "v": 1}, "s": SIGNATURE},
    "no version": {"b": {"type": "note"}, "s": SIGNATURE},
    "version true": {"b": {"type": "note", "v": True}, "s": SIGNATURE},
    "version 0": {"b": {"type": "note", "v": 0}, "s": SIGNATURE},
    "version as a string": {"b": {"type": "note", "v": "1"}, "s": SIGNATURE},
}


@pytest.mark.parametrize("name", BAD)
def test_another_shape_is_refused(name: str) -> None:
    with pytest.raises(RemoteProtocolError) as caught:
        envelope.parse(canonical.encode(BAD[name]))
    assert caught.value.code == "bad_envelope"


def test_we_do_not_sign_outside_the_profile() -> None:
    with pytest.raises(LocalProtocolError):
        envelope.sign(BODY | {"weight": 1.5}, OP)
    with pytest.raises(LocalProtocolError) as caught:
        envelope.sign(BODY | {"text": "a" * 4000}, OP)
    assert caught.value.code == "too_long"
