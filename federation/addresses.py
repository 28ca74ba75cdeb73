"""Which network addresses a node may connect to on a peer's behalf: a table, and nothing else.

A peer's URL is somebody else's text. Without this guard it could make our node talk to the router, to a
cloud's metadata service or to ourselves. The table is our own because ``ipaddress.is_global`` says yes to
NAT64 and 6to4 forms of 127.0.0.1. Sources: IANA special-purpose address registries (RFC 6890 and successors).
"""

import re
from enum import Enum
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

Address = IPv4Address | IPv6Address


class Reach(Enum):
    """How far an address may be trusted to lead."""

    PUBLIC = "public"
    """Anybody's: connect."""
    PRIVATE = "private"
    """A local network: only where the operator allowed it for that peer."""
    NEVER = "never"
    """Not a place a peer can live: multicast, unspecified, link-local (metadata services),
    documentation..."""


_V4: tuple[tuple[IPv4Network, Reach], ...] = tuple(
    (IPv4Network(text), reach)
    for text, reach in (
        ("0.0.0.0/8", Reach.NEVER),
        ("10.0.0.0/8", Reach.PRIVATE),
        ("100.64.0.0/10", Reach.PRIVATE),  # carrier-grade NAT, and overlay networks
        ("127.0.0.0/8", Reach.PRIVATE),
        ("169.254.0.0/16", Reach.NEVER),  # link-local: cloud metadata lives here
        ("172.16.0.0/12", Reach.PRIVATE),
        ("192.0.0.0/24", Reach.NEVER),
        ("192.0.2.0/24", Reach.NEVER),  # documentation
        ("192.31.196.0/24", Reach.NEVER),
        ("192.52.193.0/24", Reach.NEVER),
        ("192.88.99.0/24", Reach.NEVER),  # 6to4 relays
        ("192.168.0.0/16", Reach.PRIVATE),
        ("192.175.48.0/24", Reach.NEVER),
        ("198.18.0.0/15", Reach.NEVER),  # benchmarking
        ("198.51.100.0/24", Reach.NEVER),
        ("203.0.113.0/24", Reach.NEVER),
        ("224.0.0.0/4", Reach.NEVER),  # multicast
        ("240.0.0.0/4", Reach.NEVER),  # reserved, broadcast
    )
)

# Only 2000::/3 is handed out; whatever is not named here and lies outside it is never a peer.
_V6: tuple[tuple[IPv6Network, Reach], ...] = tuple(
    (IPv6Network(text), reach)
    for text, reach in (
        ("::1/128", Reach.PRIVATE),
        ("fc00::/7", Reach.PRIVATE),
        ("2001::/23", Reach.NEVER),  # IETF assignments: Teredo, ORCHID, benchmarking
        ("2001:db8::/32", Reach.NEVER),
        ("2002::/16", Reach.NEVER),  # 6to4: carries any IPv4 address
        ("2620:4f:8000::/48", Reach.NEVER),
        ("3fff::/20", Reach.NEVER),
        ("2000::/3", Reach.PUBLIC),
    )
)

_NUMERIC_LABEL = re.compile(r"(?:[0-9]+|0[xX][0-9a-fA-F]*)")
_DOTTED_QUAD = re.compile(r"(?:(?:0|[1-9][0-9]{0,2})\.){3}(?:0|[1-9][0-9]{0,2})")


class OddAddress(ValueError):
    """A host written in a form that different programs read differently."""


def reach_of(address: Address) -> Reach:
    """Where this address leads. Mapped, NAT64, 6to4 and Teredo forms are never public, whatever they
    carry."""
    if isinstance(address, IPv4Address):
        for net4, reach in _V4:
            if address in net4:
                return reach
        return Reach.PUBLIC
    for net6, reach in _V6:
        if address in net6:
            return reach
    return Reach.NEVER


def may_connect(address: Address, *, allow_private: bool) -> bool:
    """True if a connection to this address is allowed."""
    reach = reach_of(address)
    return reach is Reach.PUBLIC or (allow_private and reach is Reach.PRIVATE)


def literal(host: str) -> Address | None:
    """The address that ``host`` spells out, or None if it is a name to be looked up.

    Raises OddAddress for every spelling but the plain one: ``2130706433``, ``0x7f.1``, ``0177.0.0.1``,
    ``127.1``, a zone (``fe80::1%eth0``). ``host`` may carry the square brackets of a URL.
    """
    text = host[1:-1] if host.startswith("[") and host.endswith("]") else host
    if ":" in text:
        if "%" in text:
            raise OddAddress(host)
        try:
            return IPv6Address(text)
        except ValueError as error:
            raise OddAddress(host) from error
    last_label = text.rstrip(".").rsplit(".", 1)[-1]
    if not last_label or _NUMERIC_LABEL.fullmatch(last_label):
        if not _DOTTED_QUAD.fullmatch(text):
            raise OddAddress(host)
        try:
            return IPv4Address(text)
        except ValueError as error:
            raise OddAddress(host) from error
    if not text.isascii() or not text.isprintable() or " " in text:
        raise OddAddress(host)
    return None
