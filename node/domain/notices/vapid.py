"""Who sends it, told to a push service (RFC 8292): a token signed with the key that the browser subscribed under, so
that nobody else can send there.
"""

import json

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from node.domain.notices.push_sealing import point
from protocol import b64

GOOD_FOR = 12 * 3600
"""Seconds; RFC 8292 (2) allows a day, and clocks differ."""


def authorization(key: ec.EllipticCurvePrivateKey, audience: str, contact: str, now: int) -> str:
    """The header ``Authorization``. ``audience``: the service's origin; ``contact``: an ``https`` or ``mailto`` address
    where whoever runs it finds us, empty for none; ``now``: Unix seconds."""
    claims: dict[str, str | int] = {"aud": audience, "exp": now + GOOD_FOR}
    if contact:
        claims["sub"] = contact
    signed = ".".join(
        b64.encode(json.dumps(part).encode()) for part in ({"typ": "JWT", "alg": "ES256"}, claims)
    )
    r, s = decode_dss_signature(key.sign(signed.encode(), ec.ECDSA(SHA256())))
    token = f"{signed}.{b64.encode(r.to_bytes(32) + s.to_bytes(32))}"
    return f"vapid t={token}, k={b64.encode(point(key))}"
