"""Unpadded base64url with exactly one text for each value."""

from base64 import urlsafe_b64encode
from binascii import a2b_base64, b2a_base64

from protocol.errors import RemoteProtocolError

# To the alphabet that binascii knows; its own two extra characters become one that it does not.
_PADDING = (b"", b"===", b"==", b"=")
_TO_STANDARD = bytes.maketrans(b"-_+/=", b"+/!!!")


def encode(data: bytes) -> str:
    """The unpadded base64url text (RFC 4648 section 5) of ``data``."""
    return urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def decode(text: str, length: int) -> bytes:
    """The ``length`` bytes that ``text`` stands for.

    Padding, foreign characters, another length and unused bits that are not zero are refused
    (:class:`RemoteProtocolError` ``bad_base64``): two texts for one value would be two names for one thing.
    """
    try:
        padded = text.encode("ascii").translate(_TO_STANDARD) + _PADDING[len(text) % 4]
        data = a2b_base64(padded)
    except ValueError:  # binascii.Error and UnicodeEncodeError are ValueErrors
        raise RemoteProtocolError("bad_base64", "not base64url") from None
    # The decoder skips foreign characters and ignores spare bits; comparing with its own text does not.
    if len(data) != length or b2a_base64(data, newline=False) != padded:
        raise RemoteProtocolError("bad_base64", f"not the base64url form of {length} bytes")
    return data
