"""Any order, repetition, loss and later repair of deliveries ends in the same state."""

from dataclasses import dataclass, field
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from protocol import codec, head
from protocol.identity import KeyPair
from protocol.statements import Statement, Summary, Withdrawal

from .makers import EPOCH, NEXT_OP, NOW, OP, ROOT, TODAY, a_keys, a_profile, a_summary, a_withdrawal, ident
from .replica import Replica

SETS = ("public", "peers")


@dataclass
class Origin:
    """A node that keeps its word, and everything it ever published, in order."""

    epoch: int = EPOCH
    seq: int = 0
    rev: int = 1
    op: KeyPair = OP
    live: dict[str, bytes] = field(default_factory=dict)
    now_true: dict[str, Statement] = field(default_factory=dict)
    heads: dict[str, bytes] = field(default_factory=dict)
    keys: bytes = b""
    profile: bytes = b""
    ever: list[bytes] = field(default_factory=list)

    def _next(self) -> int:
        self.seq += 1
        return self.seq

    def _out(self, line: bytes) -> bytes:
        self.ever.append(line)
        return line

    def start(self) -> None:
        self.announce()
        self.introduce()

    def announce(self) -> None:
        keys = a_keys(rev=self.rev, epoch_floor=self.epoch, op_key=self.op.did)
        self.keys = self._out(codec.write(keys, ROOT))

    def introduce(self) -> None:
        self.profile = self._out(codec.write(a_profile(epoch=self.epoch, seq=self._next()), self.op))

    def publish(self, number: int) -> None:
        """A new summary, or a new version of it; the set follows from the number and never changes."""
        before = self.now_true.get(ident(number))
        if isinstance(before, Withdrawal):
            return
        summary = a_summary(
            id=ident(number),
            set=SETS[number % 2],
            epoch=self.epoch,
            seq=self._next(),
            status="taken" if before else "open",
            expires=TODAY + timedelta(days=1 + number),
        )
        self.now_true[ident(number)] = summary
        self.live[ident(number)] = self._out(codec.write(summary, self.op))

    def withdraw(self, number: int) -> None:
        before = self.now_true.get(ident(number))
        if not isinstance(before, Summary):
            return
        gone = a_withdrawal(
            id=before.id, set=before.set, epoch=self.epoch, seq=self._next(), expires=before.expires
        )
        self.now_true[before.id] = gone
        self.live[before.id] = self._out(codec.write(gone, self.op))

    def count(self) -> None:
        """A head for each set."""
        for name in SETS:
            lines = [codec.read_line(line) for line in self.live.values()]
            of_set = [head.entry_of(line) for line in lines if getattr(line.statement, "set", "") == name]
            made = head.make_head(
                of_set,
                origin=ROOT.did,
                epoch=self.epoch,
                seq=self._next(),
                set=name,
                asof=TODAY,
                issued=NOW,
                next_by=NOW + 1000,
                keys_rev=self.rev,
            )
            self.heads[name] = self._out(codec.write(made, self.op))

    def raise_epoch(self) -> None:
        """Publishes what is still true, under a new epoch."""
        self.epoch += 1
        self._republish()

    def change_op_key(self) -> None:
        self.epoch += 1
        self.rev += 1
        self.op = NEXT_OP if self.op is OP else OP
        self.announce()
        self._republish()

    def _republish(self) -> None:
        self.seq = 0
        still = [number for number in range(6) if isinstance(self.now_true.get(ident(number)), Summary)]
        self.live.clear()
        self.now_true.clear()
        self.introduce()
        for number in still:
            self.publish(number)
        self.count()

    def bundle(self) -> list[bytes]:
        """What is true now, in the order of a bundle."""
        return [self.keys, self.profile, *self.heads.values(), *self.live.values()]


steps = st.lists(
    st.one_of(
        st.tuples(st.just("publish"), st.integers(0, 5)),
        st.tuples(st.just("withdraw"), st.integers(0, 5)),
        st.tuples(st.sampled_from(["count", "count", "introduce", "raise_epoch", "change_op_key"])),
    ),
    max_size=14,
)


def lived(history: list[tuple[str, ...]]) -> Origin:
    origin = Origin()
    origin.start()
    for verb, *numbers in history:
        getattr(origin, verb)(*numbers)
    origin.count()
    return origin


def fresh() -> Replica:
    return Replica(now=NOW, today=TODAY)


@given(steps, st.data())
@settings(max_examples=150)
def test_any_order_repetition_and_loss_is_repaired_to_the_truth(
    history: list[tuple[str, ...]], data: st.DataObject
) -> None:
    origin = lived(history)
    deliveries = st.lists(st.sampled_from(origin.ever), max_size=2 * len(origin.ever))
    truth = fresh()
    for line in origin.bundle():
        truth.receive(line)
    assert {name: truth.state_of(name) for name in SETS} == dict.fromkeys(SETS, "complete")
    assert truth.shown() == {i for i, s in origin.now_true.items() if isinstance(s, Summary)}

    other = fresh()
    for line in data.draw(deliveries):
        other.receive(line)
    for line in origin.bundle():
        other.receive(line)
    assert other.holds() == truth.holds()
    assert other.shown() == truth.shown()

    # Whatever comes again later, nothing of it moves: no lower epoch, no older version, no old key's line.
    for line in data.draw(deliveries):
        other.receive(line)
    assert other.holds() == truth.holds()
    assert other.state is not None
    assert not other.state.forked


@given(steps, st.permutations(range(60)))
@settings(max_examples=100)
def test_all_lines_in_any_order_thrice_are_as_good_as_a_bundle(
    history: list[tuple[str, ...]], order: list[int]
) -> None:
    """Nothing lost but the order: what had to wait comes again, and no bundle is needed."""
    origin = lived(history)
    shuffled = [origin.ever[place] for place in order if place < len(origin.ever)] + origin.ever[60:]
    one, two = fresh(), fresh()
    for line in origin.bundle():
        one.receive(line)
    for _ in range(3):
        for line in shuffled:
            two.receive(line)
    assert two.holds() == one.holds()


@given(st.lists(st.integers(0, 5), max_size=6), st.permutations(range(40)))
def test_a_higher_epoch_brings_nothing_back(numbers: list[int], order: list[int]) -> None:
    """ "Erase all" is a new epoch with nothing in it: no old line, in any order, ever shows again."""
    origin = Origin()
    origin.start()
    for number in numbers:
        origin.publish(number)
    origin.count()
    before = list(origin.ever)
    origin.now_true.clear()
    origin.raise_epoch()
    node = fresh()
    for line in before:
        node.receive(line)
    assert len(node.shown()) == len(set(numbers))
    for line in origin.bundle():
        node.receive(line)
    assert not node.registers
    for place in order:
        if place < len(before):
            node.receive(before[place])
    assert not node.registers
    assert {name: node.state_of(name) for name in SETS} == dict.fromkeys(SETS, "complete")


@st.composite
def anything_signed(draw: st.DrawFn) -> list[bytes]:
    """Lines of an origin that keeps two rules only: no two in one place, and no id's expires goes back."""
    places = draw(
        st.lists(st.tuples(st.integers(EPOCH, EPOCH + 2), st.integers(1, 30)), max_size=12, unique=True)
    )
    lines: list[tuple[int, bytes]] = []
    for epoch, seq in sorted(places):
        number = draw(st.integers(0, 2))
        name = draw(st.sampled_from(SETS))
        # Monotone in (epoch, seq): an id's expires never goes back.
        expires = TODAY + timedelta(days=-1 + (epoch - EPOCH) * 30 + seq)
        match draw(st.sampled_from(["summary", "withdrawal", "head"])):
            case "summary":
                posted = min(expires, TODAY + timedelta(days=draw(st.integers(-3, 3))))
                statement: Statement = a_summary(
                    epoch=epoch, seq=seq, id=ident(number), set=name, expires=expires, posted=posted
                )
            case "withdrawal":
                statement = a_withdrawal(epoch=epoch, seq=seq, id=ident(number), set=name, expires=expires)
            case _:
                statement = head.make_head(
                    [],
                    origin=ROOT.did,
                    epoch=epoch,
                    seq=seq,
                    set=name,
                    asof=TODAY + timedelta(days=draw(st.integers(-3, 1))),
                    issued=NOW,
                    next_by=NOW + 10,
                    keys_rev=1,
                )
        lines.append((0 if statement.type == "head" else 1, codec.write(statement, OP)))
    return [codec.write(a_keys(), ROOT), *(line for _, line in sorted(lines, key=lambda pair: pair[0]))]


@given(anything_signed(), st.data())
@settings(max_examples=200)
def test_even_an_origin_that_breaks_its_word_looks_the_same_everywhere(
    lines: list[bytes], data: st.DataObject
) -> None:
    truth, other = fresh(), fresh()
    for line in lines:
        truth.receive(line)
    for line in data.draw(st.lists(st.sampled_from(lines), max_size=2 * len(lines))):
        other.receive(line)
    for line in lines:
        other.receive(line)
    assert other.holds() == truth.holds()


@given(st.permutations([0, 1]), st.sampled_from(["register", "head", "keys"]))
def test_two_lines_in_one_place_are_seen_in_either_order(order: list[int], place: str) -> None:
    pairs = {
        "register": [codec.write(a_summary(status=s), OP) for s in ("open", "taken")],
        "head": [
            codec.write(
                head.make_head(
                    [],
                    origin=ROOT.did,
                    epoch=EPOCH,
                    seq=1,
                    set="public",
                    asof=TODAY,
                    issued=NOW,
                    next_by=NOW + extra,
                    keys_rev=1,
                ),
                OP,
            )
            for extra in (1, 2)
        ],
        "keys": [codec.write(a_keys(rev=2, epoch_floor=EPOCH + extra), ROOT) for extra in (0, 1)],
    }
    node = fresh()
    node.receive(codec.write(a_keys(), ROOT))
    for which in order:
        node.receive(pairs[place][which])
    assert node.state is not None
    assert node.state.forked
