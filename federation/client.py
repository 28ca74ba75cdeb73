"""The verbs of the protocol, as one node asks them of another; federation.transport carries them."""

import base64
import secrets
import ssl
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import orjson

from federation.answering import KEYS_HEADER, PROFILE_HEADER
from federation.connections import Connections, Resolve, system_resolve
from federation.errors import PeerError
from federation.ports import Clock, Signer
from federation.problems import wait_told
from federation.store.pushing import HeldCopy, HeldSet
from federation.transport import Deadlines, Endpoint, TimeTold, Transport
from protocol import b64, bundle
from protocol.bundle import BadLine
from protocol.errors import ProtocolError
from protocol.limits import (
    DIGEST_BYTES,
    ID_BYTES,
    MAIL_PAGE,
    MANIFEST_ITEMS,
    MAX_INTEGER,
    MESSAGE_BYTES,
    PAGE_BYTES,
    PAGE_ITEMS,
)

NODE_CAP = 64 * 1024
PAGE_CAP = PAGE_BYTES + 64 * 1024
HEADS_CAP = 4 * PAGE_BYTES
ANSWER_CAP = 16 * 1024
MAIL_CAP = MAIL_PAGE * (MESSAGE_BYTES + 200) + 1024
SMALL_CAP = 16 * 1024
"""Bytes of an answer that is one object."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PullPage:
    """A page as received: nothing about its lines is checked yet."""

    lines: tuple[bytes | BadLine, ...]
    cursor: str
    """Empty where the lines were asked for by their ids."""
    more: bool
    behind: frozenset[str] = frozenset()
    """Origins in it of which the peer says that it does not hold all itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PushAnswer:
    """What became of a push, and what the peer holds of our own lines now."""

    accepted: int
    same: int
    refused: tuple[tuple[int, str], ...]
    """(line of the push, code), the first ones."""
    held: HeldCopy


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadsPage:
    """Where the peer stands, as received."""

    lines: tuple[bytes | BadLine, ...]
    cursor: str
    """A pull with it brings what changed since."""
    behind: frozenset[str] = frozenset()
    """As of a page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ManifestPage:
    """What the peer's copy of one set consists of, as received: the head that it names proves it, or nothing."""

    head: bytes | None
    """SHA-256 of the head line that the peer holds."""
    entries: tuple[tuple[bytes, int, bytes], ...]
    """(id, seq, SHA-256 of the line)."""
    more: bool


class PeerClient:
    """What may be asked of a peer. Raises PeerError and nothing else for whatever the other side does."""

    def __init__(
        self,
        connections: Connections,
        signer: Signer,
        clock: Clock,
        *,
        resolve: Resolve = system_resolve,
        deadlines: Deadlines | None = None,
        random: Callable[[int], bytes] = secrets.token_bytes,
        tls: ssl.SSLContext | None = None,
        time_told: TimeTold | None = None,
    ) -> None:
        self._signer = signer
        self._transport = Transport(
            connections,
            signer,
            clock,
            resolve=resolve,
            deadlines=deadlines,
            random=random,
            tls=tls,
            time_told=time_told,
        )

    async def node(self, url: str, *, allow_private: bool = False) -> tuple[bytes | BadLine, ...]:
        """The lines of ``GET node``: keys and profile, not checked yet."""
        status, headers, body = await self._transport.ask(
            "GET", url, "node", b"", {}, NODE_CAP, allow_private
        )
        if status != 200:
            raise PeerError(
                "failed",
                f"{url} answered with status {status} instead of saying who it is.",
                retry_after=wait_told(status, headers),
            )
        return tuple(bundle.iter_lines(body))

    async def pull(
        self,
        peer: Endpoint,
        *,
        cursor: str | None,
        limit: int = PAGE_ITEMS,
        origins: Sequence[str] | None = None,
        kind_set: str | None = None,
        ids: Sequence[bytes] | None = None,
    ) -> PullPage:
        """One page of the peer's changes feed; PeerError ``cursor_lost`` asks to begin again.

        ``ids``: these registers of one origin instead, at most 500 of them.
        """
        asked: dict[str, Any] = {"cursor": cursor}
        if limit != PAGE_ITEMS:
            asked["limit"] = limit
        if origins is not None:
            asked["origins"] = list(origins)
        if kind_set is not None:
            asked["set"] = kind_set
        if ids is not None:
            asked["ids"] = [b64.encode(id) for id in ids]
        answer = await self._transport.post(peer, "pull", asked, PAGE_CAP)
        if not answer and cursor is not None:
            return PullPage(lines=(), cursor=cursor, more=False)
        about, lines = _told(peer, answer, "page")
        with _sense(peer):
            more = about["more"]
            if type(more) is not bool:
                raise ValueError("no page line")
            return PullPage(
                lines=lines,
                cursor="" if ids is not None else _cursor(about),
                more=more,
                behind=_behind(about),
            )

    async def introduce(self, peer: Endpoint, *, secret: str, url: str | None) -> str:
        """Brings an invitation's secret and says who we are; ``asked`` or ``active``. PeerError
        ``invite_unknown``: it is not open (any more)."""
        asked = {"secret": secret} if url is None else {"secret": secret, "url": url}
        names = (KEYS_HEADER, PROFILE_HEADER)
        lines = await self._signer.own_keys_lines()
        told = {name: base64.b64encode(line).decode() for name, line in zip(names, lines, strict=False)}
        body = await self._transport.post(peer, "introduce", asked, NODE_CAP, told)
        try:
            answer = orjson.loads(body)["answer"]
            if answer not in ("asked", "active"):
                raise ValueError
        except (KeyError, TypeError, ValueError) as error:
            raise PeerError(
                "nonsense", f"{peer.url} answered something that we do not understand."
            ) from error
        return str(answer)

    async def heads(self, peer: Endpoint, *, origins: Sequence[str] | None = None) -> HeadsPage:
        """Keys, profiles and heads that the peer would serve, without the items."""
        asked = {} if origins is None else {"origins": list(origins)}
        about, lines = _told(peer, await self._transport.post(peer, "heads", asked, HEADS_CAP), "heads")
        with _sense(peer):
            return HeadsPage(lines=lines, cursor=_cursor(about), behind=_behind(about))

    async def manifest(
        self, peer: Endpoint, *, origin: str, kind_set: str, after: bytes | None = None
    ) -> ManifestPage:
        """What the peer's copy of this set consists of, by id, beginning after one."""
        asked: dict[str, Any] = {"origin": origin, "set": kind_set}
        if after is not None:
            asked["after"] = b64.encode(after)
        answer = await self._transport.post(peer, "manifest", asked, PAGE_CAP)
        about, lines = _told(peer, answer, "manifest")
        with _sense(peer):
            head, more = about["head"], about["more"]
            if type(more) is not bool or len(lines) > MANIFEST_ITEMS:
                raise ValueError("no manifest")
            return ManifestPage(
                head=None if head is None else b64.decode(head, DIGEST_BYTES),
                entries=tuple(_entry(line) for line in lines),
                more=more,
            )

    async def push(self, peer: Endpoint, lines: Sequence[bytes]) -> PushAnswer:
        """Brings lines (at most 1,000, 1 MiB); none at all asks what the peer holds of ours."""
        body = await self._transport.post_lines(peer, "push", bundle.write(lines), SMALL_CAP)
        try:
            return _push_answer(orjson.loads(body))
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise PeerError("nonsense", f"{peer.url} answered a push with something else.") from error

    async def message(self, peer: Endpoint, message: bytes) -> str:
        """Brings a direct message to whom it is for: ``taken`` or ``seen``."""
        return await self._answer(peer, "message", {"message": orjson.loads(message)})

    async def mailbox_put(self, hub: Endpoint, message: bytes) -> str:
        """Leaves a direct message at a hub for one of its members: ``taken`` or ``seen``."""
        return await self._answer(hub, "mailbox", {"put": orjson.loads(message)})

    async def mailbox_take(self, hub: Endpoint, limit: int) -> Sequence[tuple[str, bytes]]:
        """What a hub keeps for us: (who left it, message); the messages are not checked yet."""
        body = await self._transport.post(hub, "mailbox", {"take": limit}, MAIL_CAP)
        try:
            mail = orjson.loads(body)["mail"]
            if type(mail) is not list or len(mail) > limit:
                raise ValueError("no mail")
            return [
                (str(each["from"]), orjson.dumps(each["message"], option=orjson.OPT_SORT_KEYS))
                for each in mail
            ]
        except (KeyError, TypeError, ValueError) as error:
            raise PeerError("nonsense", f"{hub.url} answered something that is not mail.") from error

    async def mailbox_done(self, hub: Endpoint, ids: Sequence[str]) -> None:
        """Tells a hub what we have: it forgets that."""
        await self._transport.post(hub, "mailbox", {"done": list(ids)}, ANSWER_CAP)

    async def _answer(self, peer: Endpoint, verb: str, asked: dict[str, Any]) -> str:
        body = await self._transport.post(peer, verb, asked, ANSWER_CAP)
        try:
            answer = orjson.loads(body)["answer"]
            if answer not in ("taken", "seen"):
                raise ValueError("no answer")
        except (KeyError, TypeError, ValueError) as error:
            raise PeerError("nonsense", f"{peer.url} answered something else than was asked.") from error
        return str(answer)


def _push_answer(said: dict[str, Any]) -> PushAnswer:
    held = said["held"]
    refused = [(_count(each["line_no"]), str(each["code"])[:40]) for each in said["refused"][:20]]
    return PushAnswer(
        accepted=_count(said["accepted"]),
        same=_count(said["same"]),
        refused=tuple(refused),
        held=HeldCopy(
            keys_rev=_count(held["keys"]),
            profile=(_count(held["profile"]["epoch"]), _count(held["profile"]["seq"])),
            sets={
                name: HeldSet(
                    epoch=_count(held[name]["epoch"]),
                    seq=_count(held[name]["seq"]),
                    state=str(held[name]["state"])[:20],
                )
                for name in ("public", "peers")
                if name in held
            },
        ),
    )


def _count(value: object) -> int:
    if type(value) is not int or value < 0:
        raise ValueError("no count")
    return value


def _told(peer: Endpoint, answer: bytes, kind: str) -> tuple[dict[str, Any], tuple[bytes | BadLine, ...]]:
    """(the first line of an answer, the others)."""
    lines = list(bundle.iter_lines(answer))
    with _sense(peer):
        first = lines[0]
        if isinstance(first, BadLine):
            raise ValueError("no first line")
        about = orjson.loads(first)
        if type(about) is not dict or about["type"] != kind:
            raise ValueError("another answer")
        return about, tuple(lines[1:])


@contextmanager
def _sense(peer: Endpoint) -> Iterator[None]:
    """Whatever cannot be read in here is the peer's nonsense."""
    try:
        yield
    except (IndexError, KeyError, TypeError, ValueError, ProtocolError) as error:
        raise PeerError(
            "nonsense", f"{peer.url} answered something that is not a page of statements."
        ) from error


def _behind(about: dict[str, Any]) -> frozenset[str]:
    behind = about.get("behind", ())
    if type(behind) not in (list, tuple):
        raise ValueError("no list of origins")
    return frozenset(map(str, behind))


def _cursor(about: dict[str, Any]) -> str:
    cursor = about["cursor"]
    if type(cursor) is not str or len(cursor) > 100 or not cursor.isascii():
        raise ValueError("no cursor")
    return cursor


def _entry(line: bytes | BadLine) -> tuple[bytes, int, bytes]:
    if isinstance(line, BadLine):
        raise ValueError("no entry")
    id, seq, sha = orjson.loads(line)
    if type(seq) is not int or not 0 <= seq <= MAX_INTEGER:
        raise ValueError("no number")
    return b64.decode(id, ID_BYTES), seq, b64.decode(sha, DIGEST_BYTES)
