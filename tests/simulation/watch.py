"""Looks at every honest node, and counts what must not be."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from federation.client import PullPage
from federation.ingest import IngestReport
from federation.sync import RoundReport
from protocol import head
from tests.simulation.hostile import Omits, body_of

if TYPE_CHECKING:
    from tests.simulation.member import Member

Place = tuple[str, str]
"""(origin, id)."""
EXAMPLES = 10


@dataclass(slots=True)
class Memory:
    """What one node held at its best: it may only go forward, except when its disk goes back."""

    epochs: dict[str, int] = field(default_factory=dict)
    places: dict[Place, tuple[int, int]] = field(default_factory=dict)
    over: set[Place] = field(default_factory=set)
    """Withdrawn ids."""
    heads: dict[str, tuple[int, int]] = field(default_factory=dict)

    def copy(self) -> "Memory":
        return Memory(dict(self.epochs), dict(self.places), set(self.over), dict(self.heads))


class Watch:
    """Counts violations (which must stay 0) and what was noticed (which must not)."""

    def __init__(self, *, any_bad: bool) -> None:
        self.any_bad = any_bad
        self.honest: set[str] = set()
        self.cloned: set[str] = set()
        """Honest origins of which two machines ran at once: they did contradict themselves."""
        self.genuine: defaultdict[str, set[bytes]] = defaultdict(set)
        """Every line that each origin itself signed."""
        self.violations: Counter[str] = Counter()
        self.examples: list[str] = []
        self.seen: Counter[str] = Counter()
        self._memory: defaultdict[str, Memory] = defaultdict(Memory)
        self._kept: dict[str, Memory] = {}
        self._told: defaultdict[tuple[str, str], dict[str, tuple[tuple[int, int], bytes]]] = defaultdict(dict)
        self._behind: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
        self._older_heads: Counter[tuple[str, str]] = Counter()
        self._read: dict[bytes, dict[str, Any]] = {}

    def violated(self, what: str, details: str) -> None:
        """Something that must never be."""
        self.violations[what] += 1
        if len(self.examples) < EXAMPLES:
            self.examples.append(f"{what}: {details}")

    # What the world tells

    def signed(self, member: "Member", lines: Iterable[bytes]) -> None:
        """The member's own desk handed these over."""
        self.genuine[member.origin].update(lines)

    def copied(self, member: "Member") -> None:
        """Its disk was copied: a later power cut may bring it back to this."""
        self._kept[member.name] = self._memory[member.name].copy()

    def went_back(self, member: "Member") -> None:
        """The older disk was put back."""
        self._memory[member.name] = self._kept[member.name].copy()

    def forgot(self, member: "Member", carrier: str) -> None:
        """That carrier began anew, and may hold less than what it told."""
        self._told.pop((member.name, carrier), None)
        self._behind.pop((member.name, carrier), None)

    def restarted(self, member: "Member") -> None:
        """Its process forgot which rounds it was at."""
        for pair in [pair for pair in self._told if pair[0] == member.name]:
            del self._told[pair]

    def began_anew(self, member: "Member") -> None:
        """It holds nothing any more."""
        self._memory[member.name] = Memory()

    def pulled(self, asker: "Member", server: "Member", page: PullPage) -> None:
        """A page went over the wire: notes heads below what the asker was seen to hold."""
        held, pair = self._memory[asker.name].heads, (asker.name, server.origin)
        self._behind[pair] |= page.behind
        for line in page.lines:
            body = self._body(line) if isinstance(line, bytes) else {}
            if (
                body.get("type") != "head"
                or body["set"] != "public"
                or line not in self.genuine[body["origin"]]
            ):
                continue
            at = (body["epoch"], body["seq"])
            # Whoever tells a newer one, be it too far ahead to be taken, says that this is over.
            told = (at, hashlib.sha256(line).digest())
            self._told[pair][body["origin"]] = max(told, self._told[pair].get(body["origin"], told))
            if at < held.get(body["origin"], (0, 0)):
                self._older_heads[pair] += 1

    def took(self, member: "Member", via: str, report: IngestReport) -> None:
        """A page was taken in: rolled-back heads must be among what was counted as older."""
        sent = self._older_heads.pop((member.name, via), 0)
        if sent > report.older:
            self.violated("rollback unnoticed", f"{member.name}: {sent} older heads, {report.older} counted")
        self.seen["older heads noticed"] += min(sent, report.older)
        self.seen["refused lines"] += len(report.refused)

    async def talked(self, member: "Member", server: "Member", report: RoundReport) -> None:
        """A round is over: every set that the member calls complete must be so."""
        if not report.ok:
            self.seen[f"failed: {report.code}"] += 1
            return
        false = [pair for pair in report.incomplete if pair[0] in self.honest - self.cloned]
        if false and not self.any_bad:
            self.violated(
                "false incomplete", f"{member.name} from {server.name}: {self._names(false, member)}"
            )
        told = {sha for _, sha in self._told.pop((member.name, server.origin), {}).values()}
        behind = self._behind.pop((member.name, server.origin), set())
        if not report.received:
            return
        pairs = {(origin, "public") for origin in self.honest - self.cloned}
        for one in await member.store.sets_held(pairs):
            held, entries = one.head, one.entries
            newer = any(entry.seq > held.head.seq for entry in entries)
            agrees = head.digest(entries, held.head.asof) == (held.head.count, held.head.digest)
            if agrees or newer:
                continue
            elsewhere = any(
                (held.origin, "public") in each.touched for each in member.ingest._rounds.values()
            )
            answers = held.sha in told and held.origin not in behind and not elsewhere
            if held.state == "complete" or (held.state == "catching_up" and answers):
                self.violated("omission unnoticed", f"{member.name} from {server.name}: {held.origin}")
            elif held.state == "incomplete" and isinstance(server.badness, Omits):
                self.seen["omissions noticed"] += 1

    async def look(self, member: "Member") -> None:
        """Everything this honest node holds and shows, after each round."""
        memory = self._memory[member.name]
        lines = await member.store.lines_of(sorted(self.honest), {"public", "peers"})
        bodies = []
        for line in lines:
            body = self._body(line)
            if body.get("set") == "peers" and not member.world.chosen(body["origin"], member):
                if self.any_bad:  # a group that one chose can pass on what it was given, if it is a bad one
                    self.seen["set peers passed on"] += 1
                else:
                    self.violated("set peers leaked", f"{member.name}: {line[:200]!r}")
            if line not in self.genuine[body["origin"]]:
                self.violated("forged accepted", f"{member.name}: {line[:200]!r}")
            bodies.append(body)
        for body in bodies:
            if body["type"] != "keys":
                self._no_step_back(member, memory, body)
        for need in await member.store.needs(sets={"public", "peers"}, limit=100_000):
            if (need.origin, need.id) in memory.over:
                self.violated("resurrected", f"{member.name} shows {need.id} again")
        for view in await member.store.origins():
            if view.origin in self.cloned:
                self.seen[f"clones {view.state}"] += 1
                continue
            if view.origin in self.honest and view.state == "forked":
                self.violated("false forked", f"{member.name} about {view.name}")
            if view.origin in self.honest and view.state == "incomplete":
                self.seen["rounds ended incomplete"] += 1
                if not self.any_bad:
                    self.violated(
                        "false incomplete", f"{member.name} about {view.name} at the end of a round"
                    )
            if view.origin not in self.honest and view.state in ("forked", "incomplete", "stale"):
                self.seen[f"bad origins {view.state}"] += 1

    def _no_step_back(self, member: "Member", memory: Memory, body: dict[str, Any]) -> None:
        origin, epoch, at = body["origin"], body["epoch"], (body["epoch"], body["seq"])
        if body["type"] != "profile":  # a profile may be ahead of its epoch's head
            if epoch < memory.epochs.get(origin, 0):
                self.violated("resurrected", f"{member.name}: a line of a lower epoch of {origin}")
            memory.epochs[origin] = max(epoch, memory.epochs.get(origin, 0))
        if body["type"] == "head":
            if at < memory.heads.get(origin, (0, 0)) and body["set"] == "public":
                self.violated("resurrected", f"{member.name}: an older head of {origin}")
            if body["set"] == "public":
                memory.heads[origin] = at
        elif body["type"] != "profile":
            place = (origin, body["id"])
            if at < memory.places.get(place, (0, 0)):
                self.violated("resurrected", f"{member.name}: an older version of {place}")
            memory.places[place] = at
            if body["type"] == "withdrawal":
                memory.over.add(place)

    def _body(self, line: bytes) -> dict[str, Any]:
        body = self._read.get(line)
        if body is None:
            body = self._read[line] = body_of(line)
        return body

    def _names(self, pairs: Sequence[Place], member: "Member") -> str:
        names = {each.origin: each.name for each in member.world.members}
        return ", ".join(names[origin] for origin, _ in pairs)
