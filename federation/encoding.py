"""Answers in fewer bytes: gzip, and never more out of it than an answer may have."""

import zlib

GZIP = "gzip"
LEAST = 1024
"""Bytes of a body up to which compressing it is not worth a header."""
_WINDOW = 15 + 16  # zlib's way to say: with a gzip header and check sum


class BadEncoding(Exception):
    """Not one whole gzip stream."""


class TooLarge(Exception):
    """More would come out than may."""


def takes_gzip(accepted: str) -> bool:
    """Whether an ``Accept-Encoding`` header names gzip plainly; with weights it is not our client, and gets the
    plain body, which is always right."""
    return GZIP in (token.strip().lower() for token in accepted.split(","))


def deflated(body: bytes) -> bytes:
    """One gzip stream, the same for the same body (no time, no name in its header)."""
    packer = zlib.compressobj(6, zlib.DEFLATED, _WINDOW)
    return packer.compress(body) + packer.flush()


def inflated(data: bytes, *, cap: int) -> bytes:
    """What ``data`` holds, if that is at most ``cap`` bytes; raises TooLarge or BadEncoding. Never makes more
    than ``cap`` bytes, whatever the stream promises."""
    unpacker = zlib.decompressobj(_WINDOW)
    try:
        body = unpacker.decompress(data, cap + 1)
    except zlib.error as error:
        raise BadEncoding(str(error)) from error
    if len(body) > cap:
        raise TooLarge
    if not unpacker.eof or unpacker.unused_data:
        raise BadEncoding("cut off, or followed by something else")
    return body
