"""``POST introduce``: a node that our operators do not know brings the secret of an invitation they gave.

A stranger costs us one look-up: no signature is checked before the secret was found to be an open one, and what is
not open - unknown, used by another, over - has one answer. A secret is 128 random bits, so guessing is not slowed
down to be safe; misses are counted to keep a flood of them cheap.
"""

import binascii
from base64 import b64decode

import orjson
from aiohttp import web

from federation.answering import KEYS_HEADER, PROFILE_HEADER, Refusal, Stranger
from federation.errors import Refused
from federation.ports import Clock, Introductions
from protocol import codec
from protocol.errors import RemoteProtocolError
from protocol.identity import public_of
from protocol.limits import MAX_LINE_BYTES
from protocol.statements import Keys, Profile

MISSES_A_MINUTE = 30
"""Unknown secrets that get a signed answer; what comes above in the same minute is told to wait."""


class Joining:
    """The one verb for strangers."""

    def __init__(self, introductions: Introductions, clock: Clock) -> None:
        self._introductions = introductions
        self._clock = clock
        self._minute = 0
        self._misses = 0

    async def admits(self, stranger: Stranger) -> bytes:
        """The op key (32 bytes) to verify the request with; raises Refusal. Nothing is kept yet."""
        secret = stranger.body.get("secret")
        if type(secret) is not str or len(secret) > 100:
            raise Refusal(400, "bad_request", "secret is a string")
        if not await self._introductions.is_open(secret, stranger.origin):
            self._missed()
            raise Refusal(403, "invite_unknown", "no invitation with this secret is open")
        statement = _keys(stranger).statement
        assert isinstance(statement, Keys)
        return public_of(statement.op_key)

    async def introduce(self, stranger: Stranger) -> web.Response:
        """Takes note of a node whose request was verified: its operators and ours still have to agree."""
        keys = _keys(stranger)
        assert isinstance(keys.statement, Keys)
        url = stranger.body.get("url")
        if url is not None and type(url) is not str:
            raise Refusal(400, "bad_request", "url is a string")
        try:
            answer = await self._introductions.introduce(
                stranger.origin,
                secret=stranger.body["secret"],
                url=url,
                keys_line=keys.line,
                profile_line=_profile(stranger, keys.statement.op_key),
            )
        except Refused as refused:
            raise Refusal(403, refused.code, str(refused)) from refused
        return web.Response(body=orjson.dumps({"answer": answer}), content_type="application/json")

    def _missed(self) -> None:
        minute = int(self._clock.now().timestamp()) // 60
        self._misses = self._misses + 1 if minute == self._minute else 1
        self._minute = minute
        if self._misses > MISSES_A_MINUTE:
            raise Refusal(429, "too_many", "too many unknown invitations", retry_after=60)


def _keys(stranger: Stranger) -> codec.Signed:
    line = _line(stranger.headers.get(KEYS_HEADER), KEYS_HEADER)
    if line is None:
        raise Refusal(401, "keys_unknown", f"send your keys line in {KEYS_HEADER}")
    signed = codec.read_line(line)
    codec.verify_keys(signed)
    assert isinstance(signed.statement, Keys)
    if signed.statement.origin != stranger.origin or signed.statement.op_key != stranger.op_key:
        raise Refusal(401, "keys_unknown", "the keys line is another node's, or names another op key")
    return signed


def _profile(stranger: Stranger, op_key: str) -> bytes | None:
    """The profile line, if one that is the node's own came along: it is shown to our operators."""
    line = _line(stranger.headers.get(PROFILE_HEADER), PROFILE_HEADER)
    if line is None:
        return None
    signed = codec.read_line(line)
    if not isinstance(signed.statement, Profile) or signed.statement.origin != stranger.origin:
        raise RemoteProtocolError("schema", "not a profile of this node")
    codec.verify(signed, public_of(op_key))
    return line


def _line(header: str | None, name: str) -> bytes | None:
    if header is None:
        return None
    try:
        if len(header) > 2 * MAX_LINE_BYTES:
            raise ValueError
        return b64decode(header, validate=True)
    except (binascii.Error, ValueError):
        raise Refusal(400, "bad_request", f"{name} is not base64 of a line") from None
