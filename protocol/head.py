"""A set's digest, and what a signed head says about what we hold."""

import hashlib
from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from protocol import b64
from protocol.codec import Signed
from protocol.errors import LocalProtocolError
from protocol.limits import ID_BYTES
from protocol.statements import Head, Register


class Entry(NamedTuple):
    """One register of a set, as the digest sees it. Withdrawals and lines that are not shown count too. (A
    NamedTuple: a set may hold tens of thousands.)
    """

    id: bytes
    """16 bytes."""
    seq: int
    sha: bytes
    """SHA-256 of the line, 32 bytes."""
    expires: date


def entry_of(signed: Signed) -> Entry:
    """The entry of a register's line: summary, withdrawal, vouch or advice."""
    statement = signed.statement
    if not isinstance(statement, Register):
        raise LocalProtocolError("unknown_type", f"{statement.type} is in no set")
    return Entry(
        id=b64.decode(statement.id, ID_BYTES), seq=statement.seq, sha=signed.sha, expires=statement.expires
    )


def digest(entries: Iterable[Entry], asof: date) -> tuple[int, str]:
    """(count, digest) of the entries that expire after ``asof``.

    SHA-256 over id(16) | seq(8, big endian) | sha(32), sorted by id. A plain hash of the whole list: whoever
    wants two sets with one digest must break SHA-256. ``entries`` are of one origin, one epoch and one set,
    each id once.
    """
    counted = sorted((entry.id, entry.seq, entry.sha) for entry in entries if entry.expires > asof)
    return len(counted), digest_of(counted)


def digest_of(counted: Iterable[tuple[bytes, int, bytes]]) -> str:
    """The digest of these (id, seq, sha), sorted by id already: what a manifest must come to."""
    joined = b"".join(id + seq.to_bytes(8, "big") + sha for id, seq, sha in counted)
    return b64.encode(hashlib.sha256(joined).digest())


def make_head(
    entries: Iterable[Entry],
    *,
    origin: str,
    epoch: int,
    seq: int,
    set: str,
    asof: date,
    issued: int,
    next_by: int,
    keys_rev: int,
) -> Head:
    """The head of ``entries``; ``seq`` is the next one of the origin's counter, ``asof`` never below the
    last head's.
    """
    count, hashed = digest(entries, asof)
    return Head(
        origin=origin,
        epoch=epoch,
        seq=seq,
        set=set,
        count=count,
        digest=hashed,
        asof=asof,
        issued=issued,
        next_by=next_by,
        keys_rev=keys_rev,
    )


def state_of(head: Head | None, entries: Iterable[Entry], *, now: int, round_over: bool) -> str:
    """How well what we hold of one (origin, set) agrees with its head: a word that the pages show.

    ``entries`` are all registers held of that set at the head's epoch; ``now`` is in Unix seconds;
    ``round_over`` says that the peer had no more to send (before that nothing is judged).

    ======================================================  ==============
    no head yet, or the digest differs and more is to come  catching_up
    the digest differs, the round is over                   incomplete
    the head is past its ``next_by``                        stale
    something newer than the head is held                   pending
    the digest agrees                                       complete
    ======================================================  ==============

    Something newer may have replaced what the head counted, so with it the digest is not judged at all.
    """
    if head is None:
        return "catching_up"
    held = list(entries)
    newer = any(entry.seq > head.seq for entry in held)
    if not newer and digest(held, head.asof) != (head.count, head.digest):
        return "incomplete" if round_over else "catching_up"
    if now > head.next_by:
        return "stale"
    return "pending" if newer else "complete"
