from ipaddress import ip_address

import pytest

from federation.addresses import OddAddress, Reach, literal, may_connect, reach_of


@pytest.mark.parametrize(
    "text",
    [
        "8.8.8.8",
        "1.1.1.1",
        "172.15.255.255",
        "172.32.0.0",
        "100.63.255.255",
        "100.128.0.0",
        "193.0.0.1",
        "2606:4700:4700::1111",
        "2a00:1450::1",
    ],
)
def test_public_addresses_may_be_connected_to(text: str) -> None:
    assert may_connect(ip_address(text), allow_private=False)


@pytest.mark.parametrize(
    "text",
    [
        "10.0.0.1",
        "127.0.0.1",
        "127.255.255.254",
        "192.168.1.1",
        "172.16.0.1",
        "172.31.255.255",
        "100.64.0.1",
        "::1",
        "fd00::1",
        "fc00::1",
    ],
)
def test_private_addresses_need_the_operators_leave(text: str) -> None:
    assert reach_of(ip_address(text)) is Reach.PRIVATE
    assert not may_connect(ip_address(text), allow_private=False)
    assert may_connect(ip_address(text), allow_private=True)


@pytest.mark.parametrize(
    "text",
    [
        "0.0.0.0",
        "0.1.2.3",
        "169.254.169.254",
        "192.0.0.8",
        "192.0.2.1",
        "198.18.0.1",
        "203.0.113.7",
        "224.0.0.1",
        "239.255.255.255",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::ffff:127.0.0.1",
        "::ffff:8.8.8.8",
        "::127.0.0.1",
        "64:ff9b::7f00:1",
        "64:ff9b::808:808",
        "64:ff9b:1::1",
        "2002:7f00:1::",
        "2002:808:808::",
        "2001:0:4136:e378:8000:63bf:3fff:fdd2",
        "2001:db8::1",
        "3fff::1",
        "fe80::1",
        "fec0::1",
        "ff02::1",
        "100::1",
        "5f00::1",
    ],
)
def test_no_leave_opens_what_is_no_place_for_a_peer(text: str) -> None:
    assert reach_of(ip_address(text)) is Reach.NEVER
    assert not may_connect(ip_address(text), allow_private=True)


@pytest.mark.parametrize(
    "host",
    [
        "2130706433",
        "0x7f000001",
        "0x7f.1",
        "127.1",
        "127.0.1",
        "0177.0.0.1",
        "127.0.0.01",
        "127.0.0.1.",
        "127.0.0.0x1",
        "1.2.3.4.5",
        "256.1.1.1",
        "0x",
        "",
        ".",
        "fe80::1%eth0",
        "[::1%25lo]",
        "[::zz]",
        "１２７.0.0.1",
        "bücher.example",
        "a b.example",
    ],
)
def test_odd_spellings_are_refused(host: str) -> None:
    with pytest.raises(OddAddress):
        literal(host)


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("127.0.0.1", "127.0.0.1"),
        ("[::1]", "::1"),
        ("::1", "::1"),
        ("north.example", None),
        ("4you.example", None),
    ],
)
def test_plain_literals_and_names(host: str, address: str | None) -> None:
    found = literal(host)
    assert (None if found is None else str(found)) == address
