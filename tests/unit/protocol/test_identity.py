"""Keys, their names, and the six words."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nacl import bindings

from protocol import identity
from protocol.errors import LocalProtocolError, RemoteProtocolError
from protocol.identity import KeyPair, fingerprint_words, public_of, signature_fits, words_match

from .makers import OP, ROOT

# Every point of small order, and their other spellings (the list that libsodium and others test against).
SMALL_ORDER = [
    "0000000000000000000000000000000000000000000000000000000000000000",
    "0100000000000000000000000000000000000000000000000000000000000000",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    "13e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "0000000000000000000000000000000000000000000000000000000000000080",
    "0100000000000000000000000000000000000000000000000000000000000080",
]


@given(st.binary(min_size=32, max_size=32))
def test_a_key_is_named_and_found_again(seed: bytes) -> None:
    key = KeyPair.from_seed(seed)
    assert len(key.did) == 56
    assert public_of(key.did) == key.public
    assert identity.did_of(key.public) == key.did


def test_the_name_is_the_one_that_did_key_tools_give(shared_data: Path) -> None:
    pair = json.loads((shared_data / "vectors" / "eddsa-jcs-2022" / "keyPair.json").read_text())
    did = "did:key:" + pair["publicKeyMultibase"]
    assert identity.did_of(public_of(did)) == did


@pytest.mark.parametrize("point", SMALL_ORDER)
def test_a_key_that_fits_every_message_is_refused(point: str) -> None:
    did = identity.did_of(bytes.fromhex(point))
    with pytest.raises(RemoteProtocolError) as caught:
        public_of(did)
    assert caught.value.code == "bad_key_id"
    assert not signature_fits(b"anything", bytes.fromhex(point) + bytes(32), bytes.fromhex(point))


def test_a_point_outside_the_prime_order_group_is_refused() -> None:
    minus_one = bytes.fromhex("ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f")
    mixed = bindings.crypto_core_ed25519_add(ROOT.public, minus_one)
    with pytest.raises(RemoteProtocolError):
        public_of(identity.did_of(mixed))


@pytest.mark.parametrize(
    "did",
    [
        "",
        "did:key:",
        "did:web:helpers.example",
        "did:key:zQ3shokFTS3brHcDQrn82RUDfCZESWL1ZdCEJwekUDPQiYBme",
        ROOT.did[:-1],
        ROOT.did + "1",
        ROOT.did + "\n",
        ROOT.did.replace("did:key", "DID:KEY"),
        ROOT.did[:-1] + "0",
        "did:key:z6Mk" + "z" * 44,
        "did:key:z6Mk" + "1" * 44,
    ],
)
def test_other_names_are_refused(did: str) -> None:
    with pytest.raises(RemoteProtocolError) as caught:
        public_of(did)
    assert caught.value.code == "bad_key_id"


@given(st.text("123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz", min_size=44, max_size=44))
def test_every_accepted_name_is_the_only_name_of_its_key(tail: str) -> None:
    did = "did:key:z6Mk" + tail
    try:
        public = public_of(did)
    except RemoteProtocolError:
        return
    assert identity.did_of(public) == did


def test_a_seed_has_32_bytes_and_a_key_does_not_print_its_secret() -> None:
    with pytest.raises(LocalProtocolError):
        KeyPair.from_seed(bytes(31))
    assert "secret" not in repr(ROOT)
    assert repr(ROOT._secret) not in repr(ROOT)


def test_six_words_of_one_list() -> None:
    words = fingerprint_words(ROOT.did)
    assert len(words) == 6
    assert words != fingerprint_words(OP.did)
    assert set(words) <= set(identity._words())
    assert len(set(identity._words())) == 2048


def test_words_are_taken_as_people_say_them() -> None:
    words = fingerprint_words(ROOT.did)
    for said in (" ".join(words), "-".join(words).upper(), ", ".join(words) + ".", "\n".join(words).title()):
        assert words_match(ROOT.did, said)
    for said in ("", " ".join(words[:5]), " ".join(reversed(words)), " ".join([*words, words[0]]), ROOT.did):
        assert not words_match(ROOT.did, said)
    assert not words_match(OP.did, " ".join(words))


@pytest.mark.shared_data
def test_rfc_8032(shared_data: Path) -> None:
    for case in json.loads((shared_data / "vectors" / "ed25519" / "rfc8032_7.1.json").read_text()):
        key = KeyPair.from_seed(bytes.fromhex(case["secret"]))
        message, signature = bytes.fromhex(case["message"]), bytes.fromhex(case["signature"])
        assert key.public.hex() == case["public"]
        assert key.sign(message) == signature
        assert signature_fits(message, signature, key.public)
        assert not signature_fits(message + b"x", signature, key.public)


@pytest.mark.shared_data
def test_the_original_sign_input(shared_data: Path) -> None:
    lines = (shared_data / "vectors" / "ed25519" / "ed25519_sign_input_first128.txt").read_text().splitlines()
    assert len(lines) == 128
    for line in lines:
        secret, public, message, signed = (bytes.fromhex(part) for part in line.split(":")[:4])
        key = KeyPair.from_seed(secret[:32])
        assert key.public == public
        assert key.sign(message) == signed[:64]
        assert signature_fits(message, signed[:64], public)


@pytest.mark.parametrize("length", [0, 1, 31, 63, 65, 128])
def test_a_signature_of_another_length_never_fits(length: int) -> None:
    assert not signature_fits(b"message", bytes(length), OP.public)
    assert not signature_fits(b"message", OP.sign(b"message"), OP.public[:-1])
    whole = OP.sign(b"message")
    assert not signature_fits(b"essage", whole + b"m", OP.public)
