"""Whether every honest node holds and shows what every honest origin it can hear of has out."""

from typing import TYPE_CHECKING

from protocol import codec
from protocol.statements import Summary, Withdrawal

if TYPE_CHECKING:
    from tests.simulation.member import Member
    from tests.simulation.world import World


def hears_of(world: "World", origin: "Member") -> list["Member"]:
    """Honest nodes that allow ``origin`` and reach it over honest nodes that allow it and pass it on."""
    honest = world.honest
    reached = {origin.name: origin}
    edge = [origin]
    while edge:
        server = edge.pop()
        for member in honest:
            known = member.peers.peers
            talks = server.origin in known and known[server.origin].url is not None
            if member.name not in reached and talks and origin.origin in known:
                reached[member.name] = member
                edge.append(member)
    return [member for name, member in reached.items() if name != origin.name]


async def disagreements(world: "World") -> list[str]:
    """Every difference, in words; empty when all agree.

    Compared are the registers that still count, byte for byte, and what is shown of them; the held head
    must be of the origin's epoch and agree with what is held (states ``complete`` and ``pending``).
    """
    found = []
    today = world.clock.now().date()
    for origin in world.honest:
        out = {row.line for row in await origin.desk.out(today)}
        shown = {
            statement.id for line in out if isinstance(statement := codec.read_line(line).statement, Summary)
        }
        for member in [*hears_of(world, origin), origin]:
            held = set()
            for line in await member.store.lines_of([origin.origin], {"public"}):
                statement = codec.read_line(line).statement
                if isinstance(statement, Summary | Withdrawal) and statement.expires > today:
                    held.add(line)
            needs = await member.store.needs(sets={"public"}, origins={origin.origin}, limit=100_000)
            states = [one.head.state for one in await member.store.sets_held({(origin.origin, "public")})]
            where = f"{member.name} about {origin.name}"
            if held != out:
                found.append(
                    f"{where}: {len(out - held)} lines missing, {len(held - out)} too many, {states}"
                )
            elif {need.id for need in needs} != shown:
                found.append(f"{where}: holds the same, shows something else")
            elif states not in (["complete"], ["pending"]):
                found.append(f"{where}: {states}")
    return found
