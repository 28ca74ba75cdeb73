"""Where this site is for others: which address may be printed and sent around, and which leads nowhere from outside."""

import ipaddress
from functools import lru_cache
from urllib.parse import urlsplit

_INSIDE = ("localhost", "local", "lan", "home", "internal", "intranet", "localdomain", "home.arpa")
"""Names, and ends of names, that only one machine or one network knows (RFC 6761, 6762, 8375, and usual routers)."""


@lru_cache(maxsize=64)
def reaches_far(url: str) -> bool:
    """Whether an address can lead here from anywhere: not this very machine, not a number of a network at home, not a
    name that only that network knows. An address that cannot be read does not. Whether somebody answers there is
    another question (``domain.safety.checks``)."""
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").rstrip(".")
    except ValueError:
        return False
    if parts.scheme not in ("http", "https") or not host:
        return False
    try:
        return ipaddress.ip_address(host).is_global
    except ValueError:
        return "." in host and not any(host == end or host.endswith(f".{end}") for end in _INSIDE)
