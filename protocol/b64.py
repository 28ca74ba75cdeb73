"""Unpadded base64url with exactly one text for each value."""

from base64 import urlsafe_b64decode, urlsafe_b64encode

from protocol.errors import RemoteProtocolError


def encode(data: bytes) -> str:
    """The unpadded base64url text (RFC 4648 section 5) of ``data``."""
    return urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def decode(text: str, length: int) -> bytes:
    """The ``length`` bytes that ``text`` stands for.

    Padding, foreign characters, another length and unused bits that are not zero are refused
    (:class:`RemoteProtocolError` ``bad_base64``): two texts for one value would be two names for one thing.
    """
    try:
        raw = text.encode("ascii")
        data = urlsafe_b64decode(raw + b"=" * (-len(raw) % 4))
    except ValueError:  # binascii.Error and UnicodeEncodeError are ValueErrors
        raise RemoteProtocolError("bad_base64", "not base64url") from None
    # Python's decoder skips foreign characters and ignores spare bits; comparing with our own text does not.
    if len(data) != length or urlsafe_b64encode(data).rstrip(b"=") != raw:
        raise RemoteProtocolError("bad_base64", f"not the base64url form of {length} bytes")
    return data
