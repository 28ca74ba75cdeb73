"""Between statements and the rows that are written for them."""

from federation.store.places import place_of
from federation.store.rows import HeldLine, Key, NewLine
from federation.store.schema import ADVICE, FAREWELL, PROFILE, STATUSES, SUMMARY, VOUCH, WITHDRAWAL
from protocol.codec import Signed
from protocol.register import Held
from protocol.statements import Register, Summary

_KINDS = {
    SUMMARY: "summary",
    WITHDRAWAL: "withdrawal",
    VOUCH: "vouch",
    ADVICE: "advice",
    PROFILE: "profile",
    FAREWELL: "farewell",
}


def held_of(line: HeldLine) -> Held:
    """A held row as the merge rules see it."""
    return Held(
        epoch=line.epoch,
        seq=line.seq,
        sha=line.sha,
        set=line.set,
        kind=_KINDS[line.kind],
        reason=line.hidden or "",
    )


def new_line(
    signed: Signed,
    key: Key,
    kind: int,
    name: str,
    epoch: int,
    seq: int,
    *,
    replaces: bool,
    hidden: str | None,
    checked: bool,
) -> NewLine:
    """The row. ``kind`` is one of ``schema``'s, ``name`` the set's, empty for what is in none; ``hidden`` says why
    it is not shown, ``checked`` whether its own signature was verified."""
    statement, line, sha, _ = signed
    origin, slot = key
    if isinstance(statement, Summary):
        return NewLine(
            origin,
            slot,
            kind,
            name,
            epoch,
            seq,
            sha,
            line,
            replaces,
            hidden,
            statement.expires.toordinal(),
            statement.kind == "need",
            place_of(statement.cell),
            statement.category,
            STATUSES[statement.status],
            checked,
        )
    over = statement.expires.toordinal() if isinstance(statement, Register) else None
    return NewLine(origin, slot, kind, name, epoch, seq, sha, line, replaces, hidden, over, checked=checked)
