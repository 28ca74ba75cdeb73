"""The sealing beneath direct messages: RFC 9180, appendix A.2 (X25519, HKDF-SHA256, ChaCha20Poly1305), base mode.

The library offers no way to fix the ephemeral key or to give associated data, so the RFC's ciphertexts are held
against an oracle of our own (hpke_oracle.py), and the oracle against the library in both directions.
"""

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from hypothesis import given, settings
from hypothesis import strategies as st
from nacl.bindings import crypto_scalarmult

from protocol.direct import SUITE
from tests.unit.protocol import hpke_oracle as oracle

RFC = {
    name: bytes.fromhex(text)
    for name, text in {
        "info": "4f6465206f6e2061204772656369616e2055726e",
        "ikmE": "909a9b35d3dc4713a5e72a4da274b55d3d3821a37e5d099e74a647db583a904b",
        "pkEm": "1afa08d3dec047a643885163f1180476fa7ddb54c6a8029ea33f95796bf2ac4a",
        "skEm": "f4ec9b33b792c372c1d2c2063507b684ef925b8c75a42dbcbf57d63ccd381600",
        "ikmR": "1ac01f181fdf9f352797655161c58b75c656a6cc2716dcb66372da835542e1df",
        "pkRm": "4310ee97d88cc1f088a5576c77ab0cf5c3ac797f3d95139c6c84b5429c59662a",
        "skRm": "8057991eef8f1f1af18f4a9491d16a1ce333f695d4db8e38da75975c4478e0fb",
        "shared_secret": "0bbe78490412b4bbea4812666f7916932b828bba79942424abb65244930d69a7",
        "key": "ad2744de8e17f4ebba575b3f5f5a8fa1f69c2a07f6e7500bc60ca6e3e3ec1c91",
        "base_nonce": "5c4d98150661b848853b547f",
        "exporter_secret": "a3b010d4994890e2c6968a36f64470d3c824c8f5029942feb11e7a74b2921922",
        "pt": "4265617574792069732074727574682c20747275746820626561757479",
    }.items()
}
"""A.2.1, as published."""
CIPHERTEXTS = {
    0: "1c5250d8034ec2b784ba2cfd69dbdb8af406cfe3ff938e131f0def8c8b60b4db21993c62ce81883d2dd1b51a28",
    1: "6b53c051e4199c518de79594e1c4ab18b96f081549d45ce015be002090bb119e85285337cc95ba5f59992dc98c",
    2: "71146bd6795ccc9c49ce25dda112a48f202ad220559502cef1f34271e0cb4b02b4f10ecac6f48c32f878fae86b",
    4: "63357a2aa291f5a4e5f27db6baa2af8cf77427c7c1a909e0b37214dd47db122bb153495ff0b02e9e54a50dbe16",
    255: "18ab939d63ddec9f6ac2b60d61d36a7375d2070c9b683861110757062c52b8880a5f6b3936da9cd6c23ef2a95c",
    256: "7a4a13e9ef23978e2c520fd4d2e757514ae160cd0cd05e556ef692370ca53076214c0c40d4c728d6ed9e727a5b",
}
"""A.2.1.1 by sequence number; the associated data is ``Count-`` and the number."""


def test_the_keys_of_the_rfc_are_derived() -> None:
    assert oracle.derive_key_pair(RFC["ikmE"]) == (RFC["skEm"], RFC["pkEm"])
    assert oracle.derive_key_pair(RFC["ikmR"]) == (RFC["skRm"], RFC["pkRm"])


def test_the_secrets_of_the_rfc_are_scheduled() -> None:
    dh = crypto_scalarmult(RFC["skEm"], RFC["pkRm"])
    secret = oracle.shared_secret(dh, RFC["pkEm"], RFC["pkRm"])
    assert secret == RFC["shared_secret"]
    assert oracle.key_schedule(secret, RFC["info"]) == (RFC["key"], RFC["base_nonce"], RFC["exporter_secret"])


@pytest.mark.parametrize("seq", CIPHERTEXTS)
def test_the_ciphertexts_of_the_rfc_are_made_and_opened(seq: int) -> None:
    aad = b"Count-%d" % seq
    sealed = oracle.seal(RFC["pt"], RFC["pkRm"], RFC["info"], ephemeral=RFC["skEm"], aad=aad, seq=seq)
    assert sealed == RFC["pkEm"] + bytes.fromhex(CIPHERTEXTS[seq])
    assert oracle.open_(sealed, RFC["skRm"], RFC["info"], aad=aad, seq=seq) == RFC["pt"]


@given(st.binary(max_size=200), st.binary(max_size=100), st.binary(min_size=32, max_size=32))
@settings(max_examples=50, deadline=None)
def test_the_library_and_the_oracle_open_each_other(plain: bytes, info: bytes, ikm: bytes) -> None:
    private, public = oracle.derive_key_pair(ikm)
    ephemeral, _ = oracle.derive_key_pair(ikm + b"e")
    held = X25519PrivateKey.from_private_bytes(private)
    assert SUITE.decrypt(oracle.seal(plain, public, info, ephemeral=ephemeral), held, info) == plain
    sealed = SUITE.encrypt(plain, X25519PublicKey.from_public_bytes(public), info)
    assert oracle.open_(sealed, private, info) == plain
    with pytest.raises(InvalidTag):
        SUITE.decrypt(sealed, held, info + b"!")
