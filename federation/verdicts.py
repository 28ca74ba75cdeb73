"""Judging one page: what is held and what came in, to what is to be written. Pure, so it runs in a worker
thread.

Everything is read and verified here, before anything is written; one bad line costs that line and nothing
else. The order is keys, heads, profiles, registers, whatever the order in the page.
"""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, NamedTuple

import orjson

from federation.policy import REFUSALS, AllowList, Quota
from federation.store import rows
from federation.store.places import place_of
from federation.store.rows import Batch, HeldLine, HeldPage, Key, NewLine, Proof
from federation.store.schema import (
    HEAD,
    HEAD_SLOTS,
    KEYS,
    KEYS_SLOT,
    PROFILE,
    PROFILE_SLOT,
    STATUSES,
    SUMMARY,
    WITHDRAWAL,
)
from protocol import b64, codec, identity, register
from protocol.bundle import BadLine
from protocol.codec import Signed
from protocol.errors import CODES, RemoteProtocolError
from protocol.limits import ID_BYTES, MAX_LINE_BYTES
from protocol.register import REASONS, Held, Judgement, OriginState, Verdict
from protocol.statements import Head, Keys, Profile, Summary, Withdrawal

_KINDS = {SUMMARY: "summary", WITHDRAWAL: "withdrawal", PROFILE: "profile"}
_FRONT_SLOTS = {"keys": KEYS_SLOT, "profile": PROFILE_SLOT}
OWN_CODES = {
    "keys_missing": "no keys line of this origin is held",
    "over_quota": "the origin has more than we hold of one group",
    "unreadable": "the line could not be read for a reason of ours",
    "empty_line": "a line without bytes",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """One line that was not taken, and why."""

    line_no: int
    """From 1."""
    code: str
    detail: str


class Piece(NamedTuple):
    """One line of a page, not yet read. (A NamedTuple: one is made for every line, and it is cheaper.)"""

    number: int
    line: bytes
    key: Key | None
    """What it claims to be: good for looking up what is held, and for a line that was read."""
    value: Any = None
    """The line's JSON if it has a ``key``, so that nobody reads it a second time."""
    fault: str = ""
    """Set where the bundle itself was broken here."""


@dataclass(slots=True, kw_only=True)
class Outcome:
    """What one page comes to."""

    batch: Batch = field(default_factory=Batch)
    accepted: int = 0
    hidden: int = 0
    same: int = 0
    older: int = 0
    """Something newer is held, or their epoch is over."""
    expired: int = 0
    waiting: int = 0
    """Made under a head or keys line that has not come."""
    refused: list[Refusal] = field(default_factory=list)
    forked: set[str] = field(default_factory=set)
    touched: set[tuple[str, str]] = field(default_factory=set)
    """(origin, set) whose registers or head changed."""


def take_apart(lines: Iterable[tuple[int, bytes | BadLine]]) -> list[Piece]:
    """Finds out what each numbered line claims to be, cheaply: enough to look up what is held."""
    pieces = []
    for number, line in lines:
        if isinstance(line, BadLine):
            pieces.append(Piece(number, line.raw, None, fault=line.reason))
        else:
            pieces.append(_peek(number, line))
    return pieces


def _sha(line: bytes) -> bytes:
    return hashlib.sha256(line).digest()


def _peek(number: int, line: bytes) -> Piece:
    if len(line) > MAX_LINE_BYTES:
        return Piece(number, line, None)
    try:
        value = orjson.loads(line)
        body = value["b"]
        origin, kind = body["origin"], body["type"]
        if type(origin) is not str:
            return Piece(number, line, None)
        if kind in _FRONT_SLOTS:
            slot = _FRONT_SLOTS[kind]
        elif kind == "head":
            slot = HEAD_SLOTS[body["set"]]
        else:
            slot = b64.decode(body["id"], ID_BYTES)
        return Piece(number, line, (origin, slot), value)
    except Exception:  # whatever it is, the real reader will say what is wrong with it
        return Piece(number, line, None)


class PageJudge:
    """Judges the pieces of one page against what is held. Use once: ``PageJudge(...).run(pieces)``."""

    def __init__(self, held: HeldPage, allow: AllowList, *, now: datetime, quota: Quota, via: str) -> None:
        self._now = int(now.timestamp())
        self._today: date = now.date()
        self._quota = quota
        self._allow = allow
        self._via = via
        self._held = held
        self._lines: dict[Key, HeldLine] = dict(held.lines)
        self._heads = dict(held.heads)
        self._states: dict[str, OriginState | None] = {
            name: known.state for name, known in held.origins.items()
        }
        self._totals = {
            name: {"live": known.live, "withdrawn": known.withdrawn, "hidden": known.hidden}
            for name, known in held.origins.items()
        }
        self._new: dict[Key, NewLine] = {}
        self._new_heads: dict[tuple[str, str], rows.HeldHead] = {}
        self._changed: set[str] = set()
        self._out = Outcome()

    def run(self, pieces: Sequence[Piece]) -> Outcome:
        """The outcome; nothing was written yet."""
        judges = {
            Keys: self._keys,
            Head: self._head,
            Profile: self._profile,
            Summary: self._register,
            Withdrawal: self._register,
        }
        readable: dict[Callable[[Piece, Signed], None], list[tuple[Piece, Signed]]] = {
            judge: [] for judge in judges.values()
        }
        for piece in pieces:
            if (signed := self._read(piece)) is not None:
                readable[judges[type(signed.statement)]].append((piece, signed))
        for judge, mine in readable.items():
            for piece, signed in mine:
                self._guarded(judge, piece, signed)
        batch = self._out.batch
        batch.lines = list(self._new.values())
        batch.heads = list(self._new_heads.values())
        batch.origins = [state for name in sorted(self._changed) if (state := self._states[name]) is not None]
        return self._out

    def _guarded(self, judge: Callable[[Piece, Signed], None], piece: Piece, signed: Signed) -> None:
        try:
            judge(piece, signed)
        except RemoteProtocolError as fault:
            self._refuse(piece, fault.code, fault.detail)

    # Reading

    def _read(self, piece: Piece) -> Signed | None:
        if piece.fault:
            self._refuse(piece, piece.fault, "")
            return None
        if piece.key is not None:
            if code := self._allow.refusal(piece.key[0]):
                self._turn_away(piece, code)
                return None
            held = self._lines.get(piece.key)
            if held is not None and held.sha == _sha(piece.line):
                self._out.same += 1  # held byte for byte: it was read and verified when it came
                return None
        try:
            signed = codec.read_line(piece.line, piece.value)
        except RemoteProtocolError as fault:
            self._refuse(piece, fault.code, fault.detail)
            return None
        except Exception as error:  # nothing that a peer sends may stop a page
            self._refuse(piece, "unreadable", type(error).__name__)
            return None
        if piece.key is None or signed.statement.origin != piece.key[0]:
            # Reads well, yet was looked up as nothing or under another name: then nothing is known of it here.
            self._refuse(piece, "unreadable", "looked up under another name")
            return None
        return signed

    def _refuse(self, piece: Piece, code: str, detail: str) -> None:
        """Against the rules: kept in quarantine by its hash."""
        detail = detail or CODES.get(code) or REASONS.get(code) or OWN_CODES.get(code, "")
        self._out.refused.append(Refusal(line_no=piece.number, code=code, detail=detail))
        raw = piece.line[: MAX_LINE_BYTES + 1]
        self._out.batch.bad.append(
            rows.BadLine(sha=_sha(piece.line), raw=raw, code=code, detail=detail[:500], via=self._via)
        )

    def _turn_away(self, piece: Piece, code: str) -> None:
        """Nothing wrong with the line, but we do not take it: no quarantine."""
        detail = REFUSALS.get(code) or OWN_CODES.get(code, "")
        self._out.refused.append(Refusal(line_no=piece.number, code=code, detail=detail))

    # Judging, by type

    def _keys(self, piece: Piece, signed: Signed) -> None:
        statement = signed.statement
        assert isinstance(statement, Keys)
        codec.verify_keys(signed)
        origin = statement.origin
        state = self._states[origin]
        judgement = register.judge_keys(state, signed, now=self._now)
        key = (origin, KEYS_SLOT)
        if not self._count(piece, signed, key, judgement):
            return
        self._states[origin], falls = register.with_keys(state, signed)
        self._changed.add(origin)
        self._fall(origin, falls)
        self._keep(signed, key, KEYS, "", 0, statement.rev)

    def _head(self, piece: Piece, signed: Signed) -> None:
        statement = signed.statement
        assert isinstance(statement, Head)
        origin, name = statement.origin, statement.set
        state = self._verified(signed)
        held = self._heads.get((origin, name))
        judgement = register.judge_head(
            register.HeldHead(epoch=held.head.epoch, seq=held.head.seq, sha=held.sha, asof=held.head.asof)
            if held
            else None,
            signed,
            state=state,
            now=self._now,
        )
        key = (origin, HEAD_SLOTS[name])
        if judgement.verdict is Verdict.KEEP_HIDDEN:
            self._out.hidden += 1  # a head that we cannot understand judges nothing
            return
        if not self._count(piece, signed, key, judgement):
            return
        self._states[origin], falls = register.with_head(state, signed)
        if falls is not None:
            self._changed.add(origin)
            self._fall(origin, falls)
        made = rows.HeldHead(
            origin=origin, head=statement, sha=signed.sha, state="catching_up", repaired=False
        )
        self._heads[(origin, name)] = self._new_heads[(origin, name)] = made
        self._out.batch.heard.add(origin)
        self._out.touched.add((origin, name))
        self._keep(signed, key, HEAD, name, statement.epoch, statement.seq)

    def _profile(self, piece: Piece, signed: Signed) -> None:
        statement = signed.statement
        assert isinstance(statement, Profile)
        key = (statement.origin, PROFILE_SLOT)
        state = self._verified(signed)
        judgement = register.judge_profile(self._held_in(key), signed, state=state, now=self._now)
        if self._count(piece, signed, key, judgement):
            self._keep(signed, key, PROFILE, "", statement.epoch, statement.seq, hidden=judgement.reason)

    def _register(self, piece: Piece, signed: Signed) -> None:
        statement = signed.statement
        assert isinstance(statement, (Summary, Withdrawal))
        origin, name = statement.origin, statement.set
        state = self._states[origin]
        if state is None:
            raise RemoteProtocolError("keys_missing")
        key = piece.key
        assert key is not None
        pair = (origin, name)
        head = self._heads.get(pair)
        judgement = register.judge_register(
            self._held_in(key),
            signed,
            epoch=state.epoch,
            today=self._today,
            asof=head.head.asof if head else None,
        )
        if judgement.kept or judgement.verdict in (Verdict.FORKED, Verdict.REFUSED):
            self._verified(signed)  # all other verdicts keep nothing, forged or not
        if judgement.kept:
            judgement = self._within_quota(piece, key, statement, judgement)
        if not self._count(piece, signed, key, judgement):
            return
        kind = SUMMARY if isinstance(statement, Summary) else WITHDRAWAL
        self._out.touched.add(pair)
        self._keep(signed, key, kind, name, statement.epoch, statement.seq, hidden=judgement.reason)

    # Helpers

    def _verified(self, signed: Signed) -> OriginState:
        state = self._states[signed.statement.origin]
        if state is None:
            raise RemoteProtocolError("keys_missing")
        codec.verify(signed, identity.public_of(state.op_key))
        return state

    def _held_in(self, key: Key) -> Held | None:
        line = self._lines.get(key)
        if line is None:
            return None
        return Held(
            epoch=line.epoch,
            seq=line.seq,
            sha=line.sha,
            set=line.set,
            kind=_KINDS[line.kind],
            reason=line.hidden or "",
        )

    def _within_quota(
        self, piece: Piece, key: Key, statement: Summary | Withdrawal, judgement: Judgement
    ) -> Judgement:
        origin = statement.origin
        totals = self._totals[origin]
        held = self._lines.get(key)
        before = _total_of(held.kind, held.hidden) if held else None
        if before:
            totals[before] -= 1
        kind = "live" if isinstance(statement, Summary) else "withdrawn"
        if origin != self._allow.own:
            room = self._quota.live if kind == "live" else self._quota.withdrawals
            if judgement.verdict is Verdict.ACCEPT and totals[kind] >= room:
                judgement = Judgement(verdict=Verdict.KEEP_HIDDEN, reason="over_quota")
            # What replaces a held line takes no more room, and a withdrawal must never be lost to a quota.
            if judgement.reason and held is None and totals["hidden"] >= self._quota.hidden:
                return Judgement(verdict=Verdict.REFUSED, reason="over_quota")
        totals["hidden" if judgement.reason else kind] += 1
        return judgement

    def _count(self, piece: Piece, signed: Signed, key: Key, judgement: Judgement) -> bool:
        """Counts the verdict; True if the line is to be kept."""
        verdict, out = judgement.verdict, self._out
        if verdict is Verdict.ACCEPT:
            out.accepted += 1
            return True
        if verdict is Verdict.KEEP_HIDDEN:
            out.hidden += 1
        elif verdict is Verdict.SAME:
            out.same += 1
        elif verdict in (Verdict.OLDER, Verdict.LOWER_EPOCH):
            out.older += 1
        elif verdict is Verdict.EXPIRED:
            out.expired += 1
        elif verdict is Verdict.WAITS:
            out.waiting += 1
        elif verdict is Verdict.FORKED:
            self._fork(signed, key)
        elif judgement.reason == "over_quota":
            self._turn_away(piece, "over_quota")
        else:
            self._refuse(piece, judgement.reason, "")
        return judgement.kept

    def _fork(self, signed: Signed, key: Key) -> None:
        origin = key[0]
        mine = self._new.get(key)
        self._out.forked.add(origin)
        self._out.batch.proofs.append(
            Proof(origin=origin, slot=key[1], first=mine.line if mine else b"", second=signed.line)
        )
        state = self._states[origin]
        if state is not None and not state.forked:
            self._states[origin] = replace(state, forked=True)
            self._changed.add(origin)

    def _fall(self, origin: str, below: int | None) -> None:
        """A higher epoch or another op key: what it supersedes is held no more."""
        if below is None:
            return
        self._out.batch.drop_below[origin] = max(below, self._out.batch.drop_below.get(origin, 0))
        for key in [key for key in self._lines if key[0] == origin and key[1] != KEYS_SLOT]:
            if self._lines[key].epoch < below:
                del self._lines[key]
                self._new.pop(key, None)
        for name in [pair for pair in self._heads if pair[0] == origin]:
            if self._heads[name].head.epoch < below:
                del self._heads[name]
                self._new_heads.pop(name, None)
        self._totals[origin] = {"live": 0, "withdrawn": 0, "hidden": 0}

    def _keep(
        self, signed: Signed, key: Key, kind: int, name: str, epoch: int, seq: int, *, hidden: str = ""
    ) -> None:
        statement = signed.statement
        reason = hidden or None
        _, line, sha, _ = signed
        origin, slot = key
        replaces = key in self._held.lines
        self._lines[key] = HeldLine(kind, name, epoch, seq, sha, reason)
        if isinstance(statement, Summary):
            self._new[key] = NewLine(
                origin,
                slot,
                kind,
                name,
                epoch,
                seq,
                sha,
                line,
                replaces,
                reason,
                statement.expires.toordinal(),
                statement.kind == "need",
                place_of(statement.cell),
                statement.category,
                STATUSES[statement.status],
            )
        else:
            over = statement.expires.toordinal() if isinstance(statement, Withdrawal) else None
            self._new[key] = NewLine(origin, slot, kind, name, epoch, seq, sha, line, replaces, reason, over)


def _total_of(kind: int, hidden: str | None) -> str:
    if hidden is not None:
        return "hidden"
    return "live" if kind == SUMMARY else "withdrawn"
