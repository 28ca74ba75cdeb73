"""Texts as the network counts them, and the numbers that take them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from node.domain.notices.gateway import Gateway, GatewayKind, addressed, faults
from node.domain.notices.texts import MOST_SEGMENTS, fitted, mobile, plainer, segments


@pytest.mark.parametrize(
    ("text", "many"),
    [
        ("", 0),
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("€" * 80, 1),
        ("€" * 81, 2),
        ("ñ" * 160, 1),
        ("ع" * 70, 1),
        ("ع" * 71, 2),
        ("ع" * 134, 2),
        ("ع" * 135, 3),
        ("😀" * 35, 1),
        ("😀" * 36, 2),
    ],
)
def test_a_text_is_counted_as_the_network_counts_it(text: str, many: int) -> None:
    assert segments(text) == many


def test_accents_go_where_they_would_double_the_price_and_no_script_is_touched() -> None:
    assert plainer("¿Mañana? «Sí», está aquí – él") == '¿Mañana? "Si", esta aqui - él'
    assert plainer("هل تستطيع؟ «نعم»") == "هل تستطيع؟ «نعم»"


@given(st.text(max_size=200), st.lists(st.text(min_size=1, max_size=120), max_size=4))
def test_what_is_beside_never_makes_it_longer_than_it_may_be(needed: str, wanted: list[str]) -> None:
    text = fitted([needed], wanted)
    assert segments(text) <= max(MOST_SEGMENTS, segments(plainer(needed)), segments(needed))


def test_what_weighs_more_stays() -> None:
    assert fitted(["a" * 290], ["b" * 20, "c" * 10]) == "a" * 290 + "\n" + "c" * 10


@pytest.mark.parametrize(
    ("number", "region", "found"),
    [
        ("07700 900123", "GB", "+447700900123"),
        ("+44 7700 900123", None, "+447700900123"),
        ("0117 496 0123", "GB", ""),
        ("07700 900123", None, ""),
        ("ring the neighbour", "GB", ""),
        ("", "GB", ""),
    ],
)
def test_only_a_number_that_can_take_a_text_is_sent_one(number: str, region: str | None, found: str) -> None:
    assert mobile(number, region) == found


@pytest.mark.parametrize(
    ("kind", "url", "wrong"),
    [
        ("hook", "https://sms.example.org/send", ""),
        ("hook", "http://192.168.1.20:8080/send", ""),
        ("hook", "http://127.0.0.1:9/send", ""),
        ("hook", "http://sms.example.org/send", "no_hook"),
        ("hook", "http://8.8.8.8/send", "no_hook"),
        ("hook", "https://user:pass@sms.example.org", "no_hook"),
        ("hook", "https://sms.example.org:port/", "no_hook"),
        ("hook", "file:///etc/passwd", "no_hook"),
        ("apprise", "twilio://a:b@+447700900001/{number}", ""),
        ("apprise", "twilio://a:b@+447700900001/", "no_place_for_number"),
        ("apprise", "{number}", "no_place_for_number"),
    ],
)
def test_what_a_gateway_may_be(kind: str, url: str, wrong: str) -> None:
    assert faults(Gateway(kind=GatewayKind(kind), url=url)).get("url", "") == wrong


def test_a_number_goes_into_an_address_as_one_piece() -> None:
    assert addressed("x://k/{number}?a=b", "+447700900123") == "x://k/%2B447700900123?a=b"
