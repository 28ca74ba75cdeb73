"""What the neighbourhood holds of our own lines, whoever brought them: the witness after a restore, and of a second
copy of this node.
"""

from dataclasses import dataclass

import orjson

from federation.store import NeighbourhoodStore
from protocol import codec
from protocol.statements import Summary, Withdrawal

_AGREES = ("complete", "pending")
SETS = ("public", "peers")


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """Everything that is held of one origin's registers."""

    items: tuple[Summary | Withdrawal, ...]
    whole: frozenset[str]
    """Sets that agree with their heads."""
    heard: int | None
    """When the newest head was issued."""


async def held_of(store: NeighbourhoodStore, origin: str) -> Held:
    """The registers of one origin, and of which sets they are all there is."""
    heads = [one.head for one in await store.sets_held({(origin, name) for name in SETS})]
    lines = await store.lines_of([origin], SETS)
    read = [codec.read_line(line).statement for line in lines]
    return Held(
        items=tuple(each for each in read if isinstance(each, Summary | Withdrawal)),
        whole=frozenset(held.head.set for held in heads if held.state in _AGREES),
        heard=max((held.head.issued for held in heads), default=None),
    )


async def contradicted(store: NeighbourhoodStore, origin: str) -> bool:
    """Whether two lines with one number were held of the origin, of the epoch that counts now."""
    epoch = (await store.origin(origin)).epoch
    return any(orjson.loads(proof.first)["b"].get("epoch") == epoch for proof in await store.proofs(origin))
