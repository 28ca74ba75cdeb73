"""A node's view of one origin, made of nothing but the pure rules: what a store must do."""

from datetime import date

from protocol import codec, head, identity
from protocol.codec import Signed
from protocol.errors import RemoteProtocolError
from protocol.register import (
    Held,
    Judgement,
    OriginState,
    Verdict,
    ended,
    held_head_of,
    held_of,
    judge_farewell,
    judge_head,
    judge_keys,
    judge_profile,
    judge_register,
    with_contradiction,
    with_head,
    with_keys,
)
from protocol.statements import Head, Keys, Profile, Summary
from protocol.trust import Farewell


class Replica:
    """Receives lines of one origin in any order and holds what the rules leave."""

    def __init__(self, *, now: int, today: date) -> None:
        self.now = now
        self.today = today
        self.state: OriginState | None = None
        self.profile: tuple[Held, Signed] | None = None
        self.farewell: tuple[Held, Signed] | None = None
        self.heads: dict[str, Signed] = {}
        self.registers: dict[str, tuple[Held, Signed]] = {}

    def receive(self, line: bytes) -> Judgement | None:
        """The judgement on a line, or None if it was not signed by the key that speaks for the origin now."""
        incoming = codec.read_line(line)
        statement = incoming.statement
        try:
            if isinstance(statement, Keys):
                codec.verify_keys(incoming)
            elif self.state is None:
                return None
            else:
                codec.verify(incoming, identity.public_of(self.state.op_key))
        except RemoteProtocolError:
            return None
        judgement = self._judge(incoming)
        if judgement.verdict is Verdict.KEEP_HIDDEN and isinstance(statement, Head):
            return judgement  # what we cannot understand judges nothing
        if judgement.kept:
            self._keep(incoming, judgement)
        elif judgement.verdict is Verdict.FORKED and self.state is not None:
            self.state = with_contradiction(self.state, incoming)
        return judgement

    def _judge(self, incoming: Signed) -> Judgement:
        statement = incoming.statement
        if isinstance(statement, Keys):
            return judge_keys(self.state, incoming, now=self.now)
        assert self.state is not None
        goodbye = self.farewell and self.farewell[0]
        if isinstance(statement, Farewell):
            return judge_farewell(goodbye, incoming, state=self.state, now=self.now)
        if ended(goodbye, statement.epoch):
            return Judgement(verdict=Verdict.OLDER)
        if isinstance(statement, Profile):
            held = self.profile and self.profile[0]
            return judge_profile(held, incoming, state=self.state, now=self.now)
        of_set = self.heads.get(statement.set)
        if isinstance(statement, Head):
            held_head = of_set and held_head_of(of_set)
            return judge_head(held_head, incoming, state=self.state, now=self.now)
        place = self.registers.get(statement.id)
        asof = of_set.statement.asof if of_set and isinstance(of_set.statement, Head) else None
        return judge_register(
            place and place[0], incoming, epoch=self.state.epoch, today=self.today, asof=asof
        )

    def _keep(self, incoming: Signed, judgement: Judgement) -> None:
        statement = incoming.statement
        if isinstance(statement, Keys):
            self.state, falls = with_keys(self.state, incoming)
            self._drop_below(falls)
        elif isinstance(statement, Head):
            assert self.state is not None
            self.state, falls = with_head(self.state, incoming)
            self._drop_below(falls)
            self.heads[statement.set] = incoming
        elif isinstance(statement, Profile):
            self.profile = held_of(incoming, judgement), incoming
        elif isinstance(statement, Farewell):
            self._drop_below(statement.epoch + 1)
            self.farewell = held_of(incoming, judgement), incoming
        else:
            self.registers[statement.id] = held_of(incoming, judgement), incoming
        self._purge()

    def _drop_below(self, epoch: int | None) -> None:
        if epoch is None:
            return
        self.heads = {s: line for s, line in self.heads.items() if line.statement.epoch >= epoch}  # type: ignore[union-attr]
        self.registers = {i: kept for i, kept in self.registers.items() if kept[0].epoch >= epoch}
        if self.profile is not None and self.profile[0].epoch < epoch:
            self.profile = None
        if self.farewell is not None and self.farewell[0].epoch < epoch:
            self.farewell = None

    def _purge(self) -> None:
        """What has expired by today, and by the held head of its set, is held no longer."""
        for name, (held, line) in list(self.registers.items()):
            of_set = self.heads.get(held.set)
            asof = (
                of_set.statement.asof
                if of_set is not None and isinstance(of_set.statement, Head)
                else self.today
            )
            if line.statement.expires <= min(self.today, asof):  # type: ignore[union-attr]
                del self.registers[name]

    def holds(self) -> dict[str, object]:
        """All that two nodes must agree on."""
        state = self.state
        return {
            "keys": state and (state.keys_rev, state.keys_sha, state.epoch, state.epoch_floor, state.op_key),
            "profile": self.profile and self.profile[1].sha,
            "farewell": self.farewell and self.farewell[1].sha,
            "heads": {name: line.sha for name, line in self.heads.items()},
            "registers": {name: line.sha for name, (_, line) in self.registers.items()},
        }

    def lines(self) -> dict[bytes, str]:
        """Every line held but the keys line, with the reason that it is not shown for, if it is not."""
        kept = [each for each in (self.profile, self.farewell) if each is not None]
        told = {line.sha: held.reason for held, line in (*kept, *self.registers.values())}
        return told | {line.sha: "" for line in self.heads.values()}

    def shown(self) -> set[str]:
        """Ids of the summaries that a page would show."""
        return {
            name
            for name, (held, line) in self.registers.items()
            if isinstance(line.statement, Summary) and not held.reason
        }

    def state_of(self, name: str) -> str:
        """The word for how well the set ``name`` agrees with its head, at the end of a round."""
        line = self.heads.get(name)
        held = [head.entry_of(kept) for of, kept in self.registers.values() if of.set == name]
        of_head = line.statement if line is not None else None
        assert of_head is None or isinstance(of_head, Head)
        return head.state_of(of_head, held, now=self.now, round_over=True)
