"""Web Push, against the vectors of its own standards: what is sealed, who signs it, and what answers mean."""

import json
from random import Random

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from hypothesis import given
from hypothesis import strategies as st

from node.domain.notices.answers import Outcome, outcome
from node.domain.notices.push import mildest, origin_of, read_subscription, refused_with
from node.domain.notices.push_sealing import CURVE, PADDED, new_key, point, record, sealed_for
from node.domain.notices.vapid import GOOD_FOR, authorization
from protocol import b64
from tests.harness.push_service import Phone

# RFC 8291, 5 and appendix A.
PUBLIC = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
AUTH = "BTBZMqHH6r4Tts7J_aSIgg"
ENDPOINT = "https://push.example.net/push/JzLQ3raZJfFBR0aqvOMsLrt54w4rJUsV"
SALT = b64.decode("DGv6ra1nlYgDCS1FRnbzlw", 16)
SENDER = ec.derive_private_key(
    int.from_bytes(b64.decode("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw", 32)), CURVE
)
BODY = (
    "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru"
    "3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
)


def test_the_example_of_rfc_8291() -> None:
    to = read_subscription(ENDPOINT, PUBLIC, AUTH)
    assert to is not None
    said = b"When I grow up, I want to be a watermelon"
    body = sealed_for(to, said, key=SENDER, salt=SALT, padded=len(said) + 1)
    assert b64.encode(body) == BODY


def test_the_example_of_rfc_8188() -> None:
    body = record(
        b64.decode("yqdlZ-tYemfogSmv7Ws5PQ", 16),
        b"I am the walrus",
        salt=b64.decode("I1BsxtFttlv3u_Oo94xnmw", 16),
        key_id=b"",
        padded=16,
    )
    assert b64.encode(body) == "I1BsxtFttlv3u_Oo94xnmwAAEAAA-NAVub2qFgBEuQKRapoZu-IxkIva3MEB1PD-ly8Thjg"


@given(st.binary(max_size=PADDED - 1), st.integers())
def test_whatever_it_says_it_has_one_size_and_only_that_phone_reads_it(said: bytes, seed: int) -> None:
    random = Random(seed)
    phone, other = Phone.new(ENDPOINT, random.randbytes), Phone.new(ENDPOINT, random.randbytes)
    body = sealed_for(phone.subscription, said, key=new_key(random.randbytes), salt=random.randbytes(16))
    assert len(body) == 16 + 4 + 1 + 65 + PADDED + 16 < 4096
    assert phone.read(body) == said
    with pytest.raises(InvalidTag):
        other.read(body)


def test_what_is_too_long_is_not_cut() -> None:
    to = read_subscription(ENDPOINT, PUBLIC, AUTH)
    assert to is not None
    with pytest.raises(ValueError, match="longer"):
        sealed_for(to, b"x" * PADDED, key=SENDER, salt=SALT)


def test_who_sends_is_signed_for_one_service_and_half_a_day() -> None:
    said = authorization(SENDER, "https://push.example.net", "https://knowle.example.org", 1_800_000_000)
    scheme, _, rest = said.partition(" ")
    token, key = (part.partition("=")[2] for part in rest.split(", "))
    assert scheme == "vapid"
    assert b64.decode(key, 65) == point(SENDER)
    signed, _, signature = token.rpartition(".")
    raw = b64.decode(signature, 64)
    SENDER.public_key().verify(
        encode_dss_signature(int.from_bytes(raw[:32]), int.from_bytes(raw[32:])),
        signed.encode(),
        ec.ECDSA(SHA256()),
    )
    head, claims = (json.loads(_decoded(part)) for part in signed.split("."))
    assert head == {"typ": "JWT", "alg": "ES256"}
    assert claims == {
        "aud": "https://push.example.net",
        "exp": 1_800_000_000 + GOOD_FOR,
        "sub": "https://knowle.example.org",
    }


def _decoded(text: str) -> bytes:
    return b64.decode(text, len(text) * 3 // 4)


@pytest.mark.parametrize(
    ("endpoint", "public", "auth"),
    [
        ("http://push.example.net/x", PUBLIC, AUTH),
        ("https://ana@push.example.net/x", PUBLIC, AUTH),
        ("https:///x", PUBLIC, AUTH),
        ("https://push.example.net:99999/x", PUBLIC, AUTH),
        ("https://push.example.net/a b", PUBLIC, AUTH),
        ("https://push.example.net/\r\nHost: x", PUBLIC, AUTH),
        ("https://push.example.net/" + "x" * 1000, PUBLIC, AUTH),
        ("javascript:alert(1)", PUBLIC, AUTH),
        ("", PUBLIC, AUTH),
        (ENDPOINT, PUBLIC[:-1], AUTH),
        (ENDPOINT, "B" + "A" * 86, AUTH),
        (ENDPOINT, PUBLIC, AUTH + "AA"),
        (ENDPOINT, PUBLIC, "!" * 22),
    ],
)
def test_what_no_browser_gives_is_refused(endpoint: str, public: str, auth: str) -> None:
    assert read_subscription(endpoint, public, auth) is None


def test_where_it_is_brought_to() -> None:
    assert origin_of("https://Push.Example.net:443/x?y") == "https://push.example.net"
    assert origin_of("https://push.example.net:8443/x") == "https://push.example.net:8443"


@pytest.mark.parametrize("status", [*range(300, 600), 0])
def test_one_service_that_says_no_never_holds_up_the_others(status: int) -> None:
    refusal = refused_with(status, "no", wait=30)
    became = outcome(refusal)
    assert became is not Outcome.ALL_LATER
    assert (became is Outcome.BOUNCED) == (status in (404, 410))
    assert refusal.wait in (0, 30)
    assert became is Outcome.LATER or refusal.wait == 0


def test_of_several_devices_the_one_that_may_still_take_it_decides() -> None:
    gone, busy, never = refused_with(410, ""), refused_with(429, ""), refused_with(413, "")
    assert mildest([gone, busy, never]) is busy
    assert mildest([gone, never]) is never
    assert outcome(mildest([])) is Outcome.BOUNCED
