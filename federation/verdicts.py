"""Judging one page: what is held and what came in, to what is to be written. Pure, so it runs in a worker
thread.

Everything is read and verified here, before anything is written; one bad line costs that line and nothing
else. The order is keys, heads, profiles, registers, whatever the order in the page. Registers that are a whole set
under its head are vouched for by the head's signature (``federation.wholes``).
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime

from federation.allowances import Allowances
from federation.keeping import held_of, new_line
from federation.outcome import OWN_CODES, Outcome, Refusal
from federation.pieces import Piece
from federation.policy import REFUSALS, AllowList, Quota
from federation.store import rows
from federation.store.rows import HeldLine, HeldPage, Key, NewLine, Proof
from federation.store.schema import (
    ADVICE,
    FAREWELL,
    FAREWELL_SLOT,
    HEAD,
    HEAD_SLOTS,
    KEYS,
    KEYS_SLOT,
    PROFILE,
    PROFILE_SLOT,
    SUMMARY,
    VOUCH,
    WITHDRAWAL,
)
from federation.wholes import Whole, whole_sets
from protocol import codec, identity, register
from protocol.codec import Signed
from protocol.errors import CODES, RemoteProtocolError
from protocol.limits import MAX_LINE_BYTES
from protocol.register import REASONS, Held, Judgement, OriginState, Verdict
from protocol.statements import Head, Keys, Profile, Register, Summary, Withdrawal
from protocol.trust import Advice, Farewell, Vouch

_KEYS_ALONE = ("origin_reader", "origin_paused", "origin_blocked", "origin_left")
_REGISTERS = {Summary: SUMMARY, Withdrawal: WITHDRAWAL, Vouch: VOUCH, Advice: ADVICE}


class PageJudge:
    """Judges the pieces of one page against what is held. Use once: ``PageJudge(...).run(pieces)``."""

    def __init__(self, held: HeldPage, allow: AllowList, *, now: datetime, quota: Quota, via: str) -> None:
        self._now = int(now.timestamp())
        self._today: date = now.date()
        self._allow = allow
        self._via = via
        self._held = held
        self._lines: dict[Key, HeldLine] = dict(held.lines)
        self._heads = dict(held.heads)
        self._states: dict[str, OriginState | None] = {
            name: known.state for name, known in held.origins.items()
        }
        self._allowances = Allowances(held, quota, allow.own, today=self._today.toordinal())
        self._new: dict[Key, NewLine] = {}
        self._new_heads: dict[tuple[str, str], rows.HeldHead] = {}
        self._changed: set[str] = set()
        self._vouched: set[bytes] = set()
        """SHA-256 of the lines that a head of theirs vouches for."""
        self._turned: dict[str, str | None] = {}
        """Origin -> why nothing of it comes in now: asked once a page, not once a line."""
        self._over: dict[str, Held | None] = {}
        """Origin -> its farewell, as far as it was asked for since the last one came."""
        self._out = Outcome()

    def run(self, pieces: Sequence[Piece]) -> Outcome:
        """The outcome; nothing was written yet."""
        judges = {
            Keys: self._keys,
            Head: self._head,
            Farewell: self._farewell,
            Profile: self._profile,
            **dict.fromkeys(_REGISTERS, self._register),
        }
        readable: dict[Callable[[Piece, Signed], None], list[tuple[Piece, Signed]]] = {
            judge: [] for judge in judges.values()
        }
        for piece in pieces:
            if (signed := self._read(piece)) is not None:
                readable[judges[type(signed.statement)]].append((piece, signed))
        wholes: list[Whole] = []
        for judge, mine in readable.items():
            if judge == self._register and mine:
                wholes = self._wholes(mine)
            for piece, signed in mine:
                self._guarded(judge, piece, signed)
        for whole in wholes:
            self._settle(whole)
        batch = self._out.batch
        batch.lines = list(self._new.values())
        batch.heads = list(self._new_heads.values())
        batch.allowances = self._allowances.changed
        batch.origins = [state for name in sorted(self._changed) if (state := self._states[name]) is not None]
        return self._out

    def _guarded(self, judge: Callable[[Piece, Signed], None], piece: Piece, signed: Signed) -> None:
        try:
            judge(piece, signed)
        except RemoteProtocolError as fault:
            self._refuse(piece, fault.code, fault.detail)

    # Whole sets

    def _wholes(self, registers: Sequence[tuple[Piece, Signed]]) -> list[Whole]:
        fallen = self._out.batch.drop_below
        wholes = whole_sets(
            [(piece.key, signed) for piece, signed in registers if piece.key is not None],
            {pair: () if pair[0] in fallen else held for pair, held in self._held.sets.items()},
            self._heads,
            self._states,
        )
        for whole in wholes:
            self._vouched.update(entry.sha for entry in whole.entries.values())
        return wholes

    def _settle(self, whole: Whole) -> None:
        """Nothing more needs to be looked at if all that the head counts is held now, and nothing beside it."""
        origin, name = whole.head.origin, whole.head.head.set
        now = {key[1]: new.sha for key, new in self._new.items() if key[0] == origin and new.set == name}
        now.pop(HEAD_SLOTS[name], None)
        before = {entry.id: entry.sha for entry in self._held.sets.get((origin, name), ())}
        if origin in self._out.batch.drop_below:
            before = {}
        if all(now.get(id, before.get(id)) == entry.sha for id, entry in whole.entries.items()) and not (
            now.keys() - whole.entries.keys()
        ):
            self._new_heads[(origin, name)] = replace(whole.head, state="complete")
            self._out.whole.add((origin, name))

    # Reading

    def _read(self, piece: Piece) -> Signed | None:
        if piece.fault:
            self._refuse(piece, piece.fault, "")
            return None
        if piece.key is not None:
            origin = piece.key[0]
            if origin not in self._turned:
                self._turned[origin] = self._allow.refusal(origin)
            code = self._turned[origin]
            if code is not None and not self._keys_alone(piece.key, code):
                self._turn_away(piece, code)
                return None
            held = self._lines.get(piece.key)
            if held is not None and held.sha == piece.sha:
                self._out.same += 1  # held byte for byte: it was read and verified when it came
                return None
        try:
            signed = codec.read_line(piece.line, piece.value, piece.sha)
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

    def _keys_alone(self, key: Key, code: str) -> bool:
        """Whether this may be the one line that comes in of an origin of which nothing else does: keys that it brings
        itself, or that follow those held. They prove who asks, and who takes details back."""
        origin, slot = key
        known = origin == self._via or self._states[origin] is not None
        return slot == KEYS_SLOT and code in _KEYS_ALONE and known

    def _refuse(self, piece: Piece, code: str, detail: str) -> None:
        """Against the rules: kept in quarantine by its hash."""
        detail = detail or CODES.get(code) or REASONS.get(code) or OWN_CODES.get(code, "")
        self._out.refused.append(Refusal(line_no=piece.number, code=code, detail=detail))
        raw = piece.line[: MAX_LINE_BYTES + 1]
        self._out.batch.bad.append(
            rows.BadLine(sha=piece.sha, raw=raw, code=code, detail=detail[:500], via=self._via)
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
        if self._ended(origin, statement.epoch):
            return
        held = self._heads.get((origin, name))
        judgement = register.judge_head(
            register.HeldHead(epoch=held.head.epoch, seq=held.head.seq, sha=held.sha, asof=held.head.asof)
            if held
            else None,
            signed,
            state=state,
            now=self._now,
        )
        if judgement.reason == "rolled_back":
            self._out.rolled_back.append((origin, name))
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
            origin=origin, head=statement, sha=signed.sha, state="catching_up", beyond_repair=False
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
        if self._ended(statement.origin, statement.epoch):
            return
        judgement = register.judge_profile(self._held_in(key), signed, state=state, now=self._now)
        if self._count(piece, signed, key, judgement):
            self._keep(signed, key, PROFILE, "", statement.epoch, statement.seq, hidden=judgement.reason)

    def _register(self, piece: Piece, signed: Signed) -> None:
        statement = signed.statement
        assert isinstance(statement, Register)
        origin, name = statement.origin, statement.set
        state = self._states[origin]
        if state is None:
            raise RemoteProtocolError("keys_missing")
        if self._ended(origin, statement.epoch):
            return
        key = piece.key
        assert key is not None
        pair = (origin, name)
        head = self._heads.get(pair)
        before = self._lines.get(key)
        judgement = register.judge_register(
            held_of(before) if before is not None else None,
            signed,
            epoch=state.epoch,
            today=self._today,
            asof=head.head.asof if head else None,
        )
        checked = signed.sha not in self._vouched or judgement.verdict is Verdict.FORKED
        if checked and (judgement.kept or judgement.verdict in (Verdict.FORKED, Verdict.REFUSED)):
            self._verified(signed)  # all other verdicts keep nothing, forged or not
        kind = _REGISTERS[type(statement)]
        if judgement.kept:
            judgement = self._allowances.judge(pair, kind, before, judgement)
        if not self._count(piece, signed, key, judgement):
            return
        self._out.touched.add(pair)
        if before is not None and before.set:
            self._out.touched.add((origin, before.set))  # which may be another set, and lacks it now
        # What our own head counts was read back when we signed it.
        checked = checked or origin == self._allow.own
        self._keep(
            signed, key, kind, name, statement.epoch, statement.seq, hidden=judgement.reason, checked=checked
        )

    def _farewell(self, piece: Piece, signed: Signed) -> None:
        statement = signed.statement
        assert isinstance(statement, Farewell)
        origin, key = statement.origin, (statement.origin, FAREWELL_SLOT)
        state = self._verified(signed)
        judgement = register.judge_farewell(self._held_in(key), signed, state=state, now=self._now)
        if self._count(piece, signed, key, judgement):
            self._fall(origin, statement.epoch + 1)
            self._out.touched -= {pair for pair in self._out.touched if pair[0] == origin}
            self._keep(signed, key, FAREWELL, "", statement.epoch, statement.seq)

    # Helpers

    def _ended(self, origin: str, epoch: int) -> bool:
        """Whether a farewell stands above; such a line is counted as older."""
        if origin not in self._over:
            self._over[origin] = self._held_in((origin, FAREWELL_SLOT))
        over = register.ended(self._over[origin], epoch)
        self._out.older += over
        return over

    def _verified(self, signed: Signed) -> OriginState:
        state = self._states[signed.statement.origin]
        if state is None:
            raise RemoteProtocolError("keys_missing")
        codec.verify(signed, identity.public_of(state.op_key))
        return state

    def _held_in(self, key: Key) -> Held | None:
        line = self._lines.get(key)
        return held_of(line) if line is not None else None

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
        if state is not None:
            self._states[origin] = register.with_contradiction(state, signed)
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
        self._allowances.fell(origin)
        self._over.pop(origin, None)

    def _keep(
        self,
        signed: Signed,
        key: Key,
        kind: int,
        name: str,
        epoch: int,
        seq: int,
        *,
        hidden: str = "",
        checked: bool = True,
    ) -> None:
        reason = hidden or None
        if key[1] == FAREWELL_SLOT:
            self._over.pop(key[0], None)
        self._lines[key] = HeldLine(kind, name, epoch, seq, signed.sha, reason)
        self._new[key] = new_line(
            signed,
            key,
            kind,
            name,
            epoch,
            seq,
            replaces=key in self._held.lines,
            hidden=reason,
            checked=checked,
        )
