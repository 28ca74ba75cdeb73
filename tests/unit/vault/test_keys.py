import pytest
from nacl.exceptions import CryptoError

from node.vault.keys import (
    QUICK,
    Kdf,
    KeyPair,
    WrongKey,
    calibrate,
    derive,
    seal_to,
    unseal,
    unwrap,
    unwrap_with_password,
    wrap,
    wrap_with_password,
)


def test_a_password_gives_the_private_key_back_and_a_wrong_one_does_not():
    pair = KeyPair.new()
    wrapped = wrap_with_password(pair.private, "correct horse", QUICK, b"staff|a")
    assert unwrap_with_password(wrapped, "correct horse", QUICK, b"staff|a") == pair.private
    for password, context in (("correct horsf", b"staff|a"), ("correct horse", b"staff|b")):
        with pytest.raises(WrongKey):
            unwrap_with_password(wrapped, password, QUICK, context)


@pytest.mark.parametrize("place", [0, 16, 30, 60, -1])
def test_a_changed_byte_opens_nothing(place):
    wrapped = bytearray(wrap_with_password(bytes(32), "correct horse", QUICK, b""))
    wrapped[place] ^= 1
    with pytest.raises(WrongKey):
        unwrap_with_password(bytes(wrapped), "correct horse", QUICK, b"")


@pytest.mark.parametrize("length", [0, 1, 16, 24, 40, 55])
def test_a_truncated_box_is_a_wrong_key_not_a_crash(length):
    wrapped = wrap_with_password(bytes(32), "correct horse", QUICK, b"")
    with pytest.raises(WrongKey):
        unwrap_with_password(wrapped[: 16 + length], "correct horse", QUICK, b"")
    with pytest.raises(WrongKey):
        unwrap(wrap(bytes(32), bytes(32), b"")[:length], bytes(32), b"")


def test_sealing_needs_only_the_public_half():
    pair = KeyPair.new()
    sealed = seal_to(pair.public, b"secret")
    assert b"secret" not in sealed
    assert unseal(pair, sealed) == b"secret"
    for wrong in (KeyPair.new(), KeyPair.of(bytes(31) + b"\x01")):
        with pytest.raises(WrongKey):
            unseal(wrong, sealed)
    with pytest.raises(WrongKey):
        unseal(pair, sealed[:20])


def test_the_private_half_does_not_print():
    pair = KeyPair.new()
    assert repr(pair) == f"KeyPair(public={pair.public.hex()})"
    assert pair.private.hex() not in f"{pair!r} {pair!s}"


def test_the_cost_survives_being_stored_and_other_algorithms_are_refused():
    assert Kdf.from_json(QUICK.to_json()) == QUICK
    with pytest.raises(ValueError):
        Kdf.from_json('{"name":"md5","ops":1,"memory":8192}')


def test_calibration_stays_within_its_bounds():
    assert calibrate(0.0, memory=8192) == Kdf(ops=2, memory=8192)
    assert calibrate(1000.0, memory=8192) == Kdf(ops=12, memory=8192)


def test_derivation_is_hkdf_sha256_with_an_empty_salt():
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    other = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"mutual-aid-connect/v1/session")
    assert derive(bytes(range(32)), "session") == other.derive(bytes(range(32)))
    assert derive(bytes(32), "session") != derive(bytes(32), "blind/phone")


def test_impossible_parameters_fail_loudly():
    with pytest.raises((CryptoError, ValueError)):
        Kdf(ops=0, memory=1).derive("x", bytes(16))
