"""The world around the nodes, and one run of it: some days of trouble, then rounds until all agree."""

import hashlib
import random
import time
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from node.domain.actors import CONSOLE
from node.store.db import Database
from tests.simulation import disk
from tests.simulation.agreement import disagreements
from tests.simulation.hostile import KINDS
from tests.simulation.member import Member
from tests.simulation.watch import Watch
from tests.unit.federation.groups import StillClock

HOUR = 3600
STEPS = (600, HOUR, 6 * HOUR, 24 * HOUR, 48 * HOUR)
STEP_WEIGHTS = (3, 4, 3, 2, 1)
"""Seconds from one round of the troubled days to the next, and how likely each is."""
HEALING_STEP = 4 * HOUR
"""A head of a clock that ran ahead by three days is refused for two more: 25 of these are four days."""
HEALING_ROUNDS = 25


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What kind of world. Shares and chances lie in 0 to 1."""

    nodes: int = 10
    rounds: int = 15
    """Of trouble, before the world heals."""
    bad: float = 0.0
    peers: int = 6
    known: float = 0.6
    """Chance that a node allows an origin that it never talks with."""
    loss: float = 0.3
    """Of single messages; a request and its answer are two."""
    page: int = 0
    """Lines of a page at most, so that a round takes several; 0: as many as there are nodes, but 8 or more."""
    cut: float = 0.06
    """Chance of a power cut, for each node and round; the next four likewise."""
    restore: float = 0.03
    backup: float = 0.15
    copy: float = 0.3
    stick: float = 0.03
    """Of a file carried by hand to another node."""
    hidden: float = 0.1
    """Share of nodes that nobody can call."""
    clone: float = 0.003
    """Chance, for each honest node and round, that a second machine is started with a copy of its data."""

    @property
    def lines_of_a_page(self) -> int:
        """At most."""
        return self.page or max(8, self.nodes)


@dataclass(slots=True, kw_only=True)
class Result:
    """What one run came to. ``trace`` is a hash of everything that happened in it."""

    seed: int
    plan: Plan
    healed_after: int | None = None
    """Rounds after healing until all agreed; None: they did not within 25."""
    violations: Counter[str] = field(default_factory=Counter)
    examples: list[str] = field(default_factory=list)
    seen: Counter[str] = field(default_factory=Counter)
    trace: str = ""
    seconds: float = 0.0
    """Of processor time; no part of what a seed says."""

    @property
    def good(self) -> bool:
        """Agreement, and nothing that must not be."""
        return self.healed_after is not None and not self.violations


class World:
    """Everything but the nodes, drawn from one seed."""

    def __init__(self, plan: Plan, seed: int, folder: Path) -> None:
        self.plan = plan
        self.random = random.Random(f"world {seed}")
        self.clock = StillClock()
        self.folder = folder
        self.healed = False
        self.watch = Watch(any_bad=plan.bad > 0)
        self.members: list[Member] = []
        self.at: dict[str, Member] = {}
        self.trace = hashlib.sha256()
        self._callers: defaultdict[str, set[str]] = defaultdict(set)
        self.clones: dict[str, Member] = {}
        """By the name of the original: a second machine that runs."""
        self._sides: dict[str, int] = {}
        self._seed = seed

    @property
    def honest(self) -> list[Member]:
        """Members that do what they say."""
        return [member for member in self.members if member.badness is None]

    def loses(self) -> bool:
        """Whether the next message is lost."""
        return not self.healed and self.random.random() < self.plan.loss

    def found_at(self, url: str) -> Member:
        """Who answers there; of two with one address now one, now the other."""
        member = self.at[url]
        clone = self.clones.get(member.name)
        return clone if clone is not None and self.random.random() < 0.5 else member

    def chosen(self, origin: str, member: Member) -> bool:
        """Whether that origin talks with ``member`` itself, and so may give it its set ``peers``."""
        known = member.peers.peers.get(origin)
        asks = known is not None and known.url is not None
        return origin == member.origin or asks or origin in self._callers[member.name]

    def parted(self, one: Member, other: Member) -> bool:
        """Whether no message passes between these two."""
        return self._sides.get(one.name, 0) != self._sides.get(other.name, 0)

    async def build(self) -> None:
        """Nodes, who is bad, and who knows whom."""
        template = self.folder / "template.db"
        await (await Database.open(template)).close()
        for number in range(self.plan.nodes):
            name = f"n{number}"
            member = Member(self, name, self.folder / name, self._seed * 1000 + number)
            self.members.append(member)
            self.at[member.url] = member
        kinds = list(KINDS)
        self.random.shuffle(kinds)
        for number, member in enumerate(
            self.random.sample(self.members, round(self.plan.nodes * self.plan.bad))
        ):
            member.badness = kinds[number % len(kinds)](member, member.random)
        for member in self.honest:
            member.hidden = self.random.random() < self.plan.hidden
        self.watch.honest = {member.origin for member in self.honest}
        for member in self.members:
            await member.set_up(template)
        self._befriend()

    def _befriend(self) -> None:
        """A ring, so that nobody is alone by accident, and chance beyond it; friendship is mutual."""
        members = self.members[:]
        self.random.shuffle(members)
        pairs = {(at, (at + 1) % len(members)) for at in range(len(members))}
        wanted = len(members) * min(self.plan.peers, len(members) - 1) // 2
        while len(pairs) < wanted:
            one, other = self.random.sample(range(len(members)), 2)
            if (other, one) not in pairs:
                pairs.add((one, other))
        for one, other in sorted(pairs):
            for me, friend in ((members[one], members[other]), (members[other], members[one])):
                me.peers.put(friend.origin, None if friend.hidden else friend.url, name=friend.name)
        for me in self.members:
            told = (self.at[peer.url] for peer in me.peers.peers.values() if peer.url is not None)
            for server in told:
                self._callers[server.name].add(me.origin)
        for me in self.members:
            for other_member in self.members:
                known = self.random.random() < self.plan.known
                if other_member is not me and known and other_member.origin not in me.peers.peers:
                    me.peers.put(other_member.origin, None, name=other_member.name)

    # Troubled days

    def _weather(self) -> None:
        """Partitions come and go; clocks are wrong, most of them by little."""
        draw = self.random.random()
        if draw < 0.25:
            sides = self.random.choice((2, 2, 3))
            self._sides = {member.name: self.random.randrange(sides) for member in self.members}
        elif draw < 0.6:
            self._sides = {}
        for member in self.members:
            if self.random.random() < 0.1:
                far = self.random.random() < 0.15
                reach = 3 * 24 * HOUR if far else 140
                member.clock.skew = self.random.uniform(-reach, reach)

    async def _accidents(self, member: Member) -> None:
        plan, draw = self.plan, self.random
        if draw.random() < plan.copy:
            member.keep_copy()
            self.watch.copied(member)
        if draw.random() < plan.backup:
            await member.desk.back_up()
        if draw.random() < plan.cut:
            self.watch.seen["power cuts"] += 1
            self.watch.restarted(member)
            if await member.power_cut(older=draw.random() < 0.7):
                self.watch.seen["power cuts that lost commits"] += 1
                self.watch.went_back(member)
        if draw.random() < plan.restore:
            empty = draw.random() < 0.5
            if await member.restore(empty=empty):
                self.watch.seen["restores"] += 1
                if empty:
                    self.watch.restarted(member)
                    self.watch.began_anew(member)
        if draw.random() < plan.clone and member.badness is None and not member.hidden:
            await self._clone(member)
        elif member.name in self.clones and draw.random() < 0.3:
            await self._end_clone(member)
        if draw.random() < plan.stick:
            self.watch.seen["files carried"] += 1
            await member.carry_file_to(draw.choice([each for each in self.members if each is not member]))

    async def _clone(self, member: Member) -> None:
        if member.name not in self.clones:
            self.watch.seen["clones"] += 1
            self.watch.cloned.add(member.origin)
            number = self.watch.seen["clones"]
            self.clones[member.name] = await member.clone(
                f"{member.name}.{number}", self._seed * 1000 + 500 + number
            )

    async def _end_clone(self, member: Member) -> None:
        """Somebody noticed, and switches one of the two off."""
        clone = self.clones.pop(member.name)
        if self.random.random() < 0.5:
            self.watch.restarted(member)
            self.watch.began_anew(member)
            await member.replaced_by(clone)
        else:
            await clone.close()
        await member.desk.begin_anew()

    # Rounds

    async def round(self, *, troubled: bool) -> None:
        """Time passes; everybody publishes; everybody talks with every peer once, in any order."""
        step = self.random.choices(STEPS, STEP_WEIGHTS)[0] if troubled else HEALING_STEP
        self.clock.time += timedelta(seconds=step)
        if troubled:
            self._weather()
        for member in self.random.sample(self.members, len(self.members)):
            if troubled:
                await self._accidents(member)
                await member.desk.something_happens()
            stopped = await member.slot()
            if stopped:
                self.watch.seen[f"slots stopped: {stopped}"] += 1
            self._note(member.name, stopped)
        for clone in self.clones.values():
            await clone.desk.something_happens()
            self._note(clone.name, await clone.slot())
        talks = [
            (member, self.at[peer.url])
            for member in (*self.members, *self.clones.values())
            for peer in member.peers.peers.values()
            if peer.url is not None
        ]
        self.random.shuffle(talks)
        for member, other in talks:
            report = await member.talk(other)
            self._note(member.name, other.name, report.ok, report.code, report.received, report.accepted)
            self.watch.seen["talks"] += 1
            if member.badness is None and member in self.members:
                await self.watch.talked(member, other, report)
        for member in self.honest:
            await self.watch.look(member)

    async def heal(self) -> None:
        """No loss, no partition, right clocks, each looked at by its admin; who is bad stays bad."""
        self.healed = True
        self._sides = {}
        for member in self.members:
            if member.name in self.clones:
                await self._end_clone(member)
        for member in self.members:
            member.clock.skew = 0.0
            await member.desk.timekeeper.confirm(CONSOLE)

    def _note(self, *what: object) -> None:
        self.trace.update(repr(what).encode())

    async def live(self) -> Result:
        """The whole run."""
        result = Result(seed=self._seed, plan=self.plan)
        await self.build()
        for _ in range(self.plan.rounds):
            await self.round(troubled=True)
        await self.heal()
        apart: Iterable[str] = ()
        for number in range(1, HEALING_ROUNDS + 1):
            await self.round(troubled=False)
            apart = await disagreements(self)
            if not apart:
                result.healed_after = number
                break
        else:
            self.watch.examples += [f"no agreement: {each}" for each in list(apart)[:10]]
        for member in self.members:
            await member.close()
        result.violations, result.seen = self.watch.violations, self.watch.seen
        result.examples = self.watch.examples
        result.trace = self.trace.hexdigest()[:16]
        return result


def run(plan: Plan, seed: int) -> Result:
    """One world from its seed, in a folder in memory where the system has one."""
    memory = Path("/dev/shm")  # noqa: S108 - a fresh folder inside it
    began = time.process_time()
    with TemporaryDirectory(dir=memory if memory.is_dir() else None) as folder:
        result: Result = disk.run(World(plan, seed, Path(folder)).live)
    result.seconds = time.process_time() - began
    return result
