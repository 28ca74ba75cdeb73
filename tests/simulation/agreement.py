"""Whether every honest node holds and shows what every honest origin it can hear of has out."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from protocol import codec
from protocol.statements import Summary, Withdrawal

if TYPE_CHECKING:
    from tests.simulation.member import Member
    from tests.simulation.world import World


def peers_of(world: "World", origin: "Member") -> list["Member"]:
    """Honest nodes that talk with ``origin`` themselves: they ask it, or it brings its lines."""
    calls = {peer.url for peer in origin.peers.peers.values()} if origin.hidden else set()
    found = []
    for member in world.honest:
        known = member.peers.peers.get(origin.origin)
        if member is not origin and known is not None and (known.url is not None or member.url in calls):
            found.append(member)
    return found


def hears_of(world: "World", origin: "Member") -> list["Member"]:
    """Honest nodes that allow ``origin`` and reach it over honest nodes that allow it and pass it on."""
    honest = world.honest
    reached = {member.name: member for member in (origin, *peers_of(world, origin))}
    edge = list(reached.values())
    while edge:
        server = edge.pop()
        for member in honest:
            known = member.peers.peers
            talks = server.origin in known and known[server.origin].url is not None
            if member.name not in reached and talks and origin.origin in known:
                reached[member.name] = member
                edge.append(member)
    return [member for name, member in reached.items() if name != origin.name]


@dataclass
class _Holding:
    """What one node holds and shows, by origin."""

    registers: defaultdict[str, set[bytes]] = field(default_factory=lambda: defaultdict(set))
    shown: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    states: dict[str, str] = field(default_factory=dict)


async def _holding(member: "Member", origins: list[str], today: date) -> _Holding:
    found = _Holding()
    for line in await member.store.lines_of(origins, {"public", "peers"}):
        statement = codec.read_line(line).statement
        if not isinstance(statement, Summary | Withdrawal) or statement.expires <= today:
            continue
        # What a bad node passed on of a set that it was chosen for is watched, and is no matter of agreement.
        if statement.set == "public" or member.world.chosen(statement.origin, member):
            found.registers[statement.origin].add(line)
    for need in await member.store.needs(sets={"public", "peers"}, limit=1_000_000):
        if need.set == "public" or member.world.chosen(need.origin, member):
            found.shown[need.origin].add(need.id)
    found.states = {view.origin: view.state for view in await member.store.origins()}
    return found


async def _agrees(world: "World", member: "Member", origin: "Member", state: str) -> bool:
    """Whether the worst state of this origin's sets is as it should be in the end."""
    if state in ("complete", "pending"):
        return True
    if state == "forked":
        return origin.origin in world.watch.cloned
    if world.chosen(origin.origin, member):
        return False
    # It may hold of set ``peers`` what a bad node passed on.
    public = await member.store.sets_held({(origin.origin, "public")})
    return [one.head.state for one in public] in (["complete"], ["pending"])


async def disagreements(world: "World") -> list[str]:
    """Every difference, in words; empty when all agree.

    Compared are the registers that still count, byte for byte, and what is shown of them; the held head
    must be of the origin's epoch and agree with what is held (states ``complete`` and ``pending``).
    """
    found = []
    today = world.clock.now().date()
    origins = [member.origin for member in world.honest]
    holding = {member.name: await _holding(member, origins, today) for member in world.honest}
    for origin in world.honest:
        rows = await origin.desk.out(today)
        direct = {member.name for member in (origin, *peers_of(world, origin))}
        for member in [*hears_of(world, origin), origin]:
            out = {row.line for row in rows if row.set_name == "public" or member.name in direct}
            shown = {made.id for line in out if isinstance(made := codec.read_line(line).statement, Summary)}
            mine = holding[member.name]
            held, state = mine.registers[origin.origin], mine.states.get(origin.origin, "unknown")
            where = f"{member.name} about {origin.name}"
            if held != out:
                found.append(f"{where}: {len(out - held)} lines missing, {len(held - out)} too many, {state}")
            elif mine.shown[origin.origin] != shown:
                found.append(f"{where}: holds the same, shows something else")
            elif not await _agrees(world, member, origin, state):
                found.append(f"{where}: {state}")
    return found
