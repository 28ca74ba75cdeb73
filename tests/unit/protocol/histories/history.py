"""One history: lines of one origin as they come, and what is held after the last of them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from protocol.codec import Signed
from protocol.identity import KeyPair
from protocol.statements import Keys
from tests.unit.protocol.makers import (
    EPOCH,
    NEXT_OP,
    NOW,
    TODAY,
    a_farewell,
    a_head,
    a_keys,
    a_profile,
    a_summary,
    a_vouch,
    a_withdrawal,
    ident,
    signed,
)
from tests.unit.protocol.replica import Replica

LATER = EPOCH + 50
"""A higher epoch."""


def head_of(*lines: Signed, key: KeyPair | None = None, **changes: object) -> Signed:
    """The head of these."""
    return signed(a_head(*(line.line for line in lines), **changes), key)


KEYS = signed(a_keys())
OTHER_KEY = signed(a_keys(rev=2, op_key=NEXT_OP.did, epoch_floor=EPOCH + 10))
PROFILE = signed(a_profile())
ONE, TWO = signed(a_summary(seq=2)), signed(a_summary(id=ident(2), seq=3))
HEAD = head_of(ONE, TWO, seq=4)
TAKEN = signed(a_summary(seq=5, status="taken"))
GONE = signed(a_withdrawal(seq=5))
VOUCH = signed(a_vouch(seq=6))
BYE = signed(a_farewell(seq=9))
NEW = signed(a_summary(epoch=LATER, seq=1, id=ident(3)))
NEW_HEAD = head_of(NEW, epoch=LATER, seq=2)
NEW_PROFILE = signed(a_profile(epoch=LATER, seq=1))

Step = tuple[Signed, str, str]
"""A line that comes in, its verdict and reason."""
ACCEPT, SAME, OLDER, FORKED, LOWER = (
    (verdict, "") for verdict in ("accept", "same", "older", "forked", "lower_epoch")
)
EPOCH_AHEAD, KEYS_AHEAD = ("waits", "epoch_ahead"), ("waits", "keys_ahead")
UNSIGNED, NO_KEYS = ("refused", "bad_signature"), ("refused", "keys_missing")


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """``held`` are places in ``steps`` of what is held after the last, the later one where a line came twice."""

    name: str
    steps: Sequence[Step]
    held: Sequence[int]
    epoch: int = EPOCH
    forked: bool = False
    hidden: dict[int, str] = field(default_factory=dict)
    """Those of the held that are not shown, with the reason."""
    sets: dict[str, str] = field(default_factory=dict)
    """How well each set of which something is held agrees with its head."""

    def run(self) -> Replica:
        """Under the pure rules; raises AssertionError at another verdict."""
        node = Replica(now=NOW, today=TODAY)
        for line, *expected in self.steps:
            unverified = UNSIGNED if node.state or isinstance(line.statement, Keys) else NO_KEYS
            judged = node.receive(line.line)
            told = (judged.verdict.value, judged.reason) if judged else unverified
            assert told == tuple(expected), (self.name, line.line, told)
        return node


def history(name: str, *told: Signed | tuple[Signed, tuple[str, str]], **more: Any) -> History:
    """A bare line is one that is accepted."""
    both = [(each, ACCEPT) if isinstance(each, Signed) else each for each in told]
    return History(name=name, steps=[(line, *verdict) for line, verdict in both], **more)


def sets(public: str | None = None, peers: str | None = None) -> dict[str, str]:
    """Those given."""
    return {name: state for name, state in (("public", public), ("peers", peers)) if state}
