"""Bad peers: nodes that work like all others, but whose answers are not what they hold."""

import random
from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any

import orjson

from federation.errors import PeerError
from protocol.bundle import BadLine
from protocol.envelope import sign
from protocol.identity import KeyPair

if TYPE_CHECKING:
    from tests.simulation.member import Member

Line = bytes | BadLine


class Badness(ABC):
    """What one bad node makes of its pages."""

    def __init__(self, me: "Member", source: random.Random) -> None:
        self.me = me
        self.random = source

    @abstractmethod
    async def lines(self, asker: "Member", lines: list[Line]) -> list[Line]:
        """What ``asker`` is told in place of these statements; may raise PeerError."""

    async def page(self, asker: "Member", about: dict[str, Any], lines: list[Line]) -> list[Line]:
        """The same for a page of the feed, and what it says ``about`` itself may be changed."""
        return await self.lines(asker, lines)

    async def manifest(self, asker: "Member", entries: list[Line]) -> list[Line]:
        """The same for what a set consists of; a list of ids, numbers and hashes."""
        return entries


class Silent(Badness):
    """Takes the call and says nothing."""

    async def lines(self, asker: "Member", lines: list[Line]) -> list[Line]:
        raise PeerError("deadline", f"{self.me.name} did not answer in time.")

    async def manifest(self, asker: "Member", entries: list[Line]) -> list[Line]:
        return await self.lines(asker, entries)


class Replays(Badness):
    """Sends pages of long ago again, under a cursor of now."""

    def __init__(self, me: "Member", source: random.Random) -> None:
        super().__init__(me, source)
        self._kept: list[list[Line]] = []

    async def lines(self, asker: "Member", lines: list[Line]) -> list[Line]:
        if lines:
            self._kept.append(lines)
        if self._kept and self.random.random() < 0.6:
            return [*self.random.choice(self._kept), *lines]
        return lines


class Equivocates(Badness):
    """Signs two lines with one number, and tells each half of the world one of them."""

    def __init__(self, me: "Member", source: random.Random) -> None:
        super().__init__(me, source)
        self._twins: dict[Line, bytes] = {}

    async def lines(self, asker: "Member", lines: list[Line]) -> list[Line]:
        if int.from_bytes(asker.origin.encode()[-2:], "big") % 2:
            return lines
        return [self._twin(line) for line in lines]

    def _twin(self, line: Line) -> Line:
        body = body_of(line)
        if body.get("origin") != self.me.origin or body["type"] not in ("summary", "head"):
            return line
        if line not in self._twins:
            if body["type"] == "head":
                body["next_by"] += 1
            else:
                body["urgency"] = "today" if body["urgency"] != "today" else "whenever"
            self._twins[line] = sign(body, self.me.desk.keyring.load())
        return self._twins[line]


class Forges(Badness):
    """Speaks for others: with its own key, with changed bytes, with another root."""

    async def lines(self, asker: "Member", lines: list[Line]) -> list[Line]:
        world = self.me.world
        made: list[Line] = []
        for _ in range(self.random.randrange(1, 5)):
            victim = self.random.choice(world.members)
            genuine = sorted(world.watch.genuine[victim.origin])
            if victim is not self.me and genuine:
                made.append(self._forged(self.random.choice(genuine)))
        mixed = [*lines, *made]
        self.random.shuffle(mixed)
        return mixed

    async def manifest(self, asker: "Member", entries: list[Line]) -> list[Line]:
        """Right in number, wrong in one hash."""
        return [*entries[1:], orjson.dumps(["A" * 22, 7, "A" * 43])] if entries else entries

    def _forged(self, line: bytes) -> bytes:
        body, own = body_of(line), self.me.desk.keyring.load()
        if self.random.random() < 0.3:
            return line.replace(b'"seq":', b'"seq":9') if b'"seq":' in line else line[:-4] + b'AA"}'
        if body["type"] == "keys":
            body |= {"rev": body["rev"] + 1, "op_key": own.did}
            return sign(body, self.me.desk.root)
        body["seq"] += self.random.choice((0, 1, 1000))
        body["epoch"] += self.random.choice((0, 0, 3600))
        if body["type"] == "summary" and self.random.random() < 0.5:
            kept = ("origin", "epoch", "seq", "set", "id", "expires", "v")
            body = {name: body[name] for name in kept} | {"type": "withdrawal"}
        elif body["type"] == "head":
            body["count"] = 0
        return sign(body, own)


class Floods(Badness):
    """Far more lines than anybody holds of one group, most of them nonsense."""

    def __init__(self, me: "Member", source: random.Random) -> None:
        super().__init__(me, source)
        self._own: list[Line] = []

    async def lines(self, asker: "Member", lines: list[Line]) -> list[Line]:
        nonsense = [self.random.randbytes(40) for _ in range(60)]
        if not self._own:
            self._own = self._many()
        return [*lines, *self._own, *nonsense, b"", b"[" * 50]

    def _many(self) -> list[Line]:
        mine = sorted(self.me.world.watch.genuine[self.me.origin])
        model = next((body for line in mine if (body := body_of(line))["type"] == "summary"), None)
        if model is None:
            return []
        key: KeyPair = self.me.desk.keyring.load()
        ids = (self.random.randbytes(15).hex()[:21] + "A" for _ in range(150))
        return [sign(model | {"id": each, "seq": 10_000 + at}, key) for at, each in enumerate(ids)]


class Omits(Badness):
    """Passes heads on, and leaves out half of what they count."""

    async def lines(self, asker: "Member", lines: list[Line]) -> list[Line]:
        return [line for line in lines if not self._leaves_out(line)]

    async def manifest(self, asker: "Member", entries: list[Line]) -> list[Line]:
        return [entry for entry in entries if self.random.random() < 0.5]

    def _leaves_out(self, line: Line) -> bool:
        body = body_of(line)
        if body["type"] not in ("summary", "withdrawal") or body["origin"] == self.me.origin:
            return False
        return self.random.random() < 0.5


class RollsBack(Badness):
    """Sends what it first held of a place instead of what it holds now."""

    def __init__(self, me: "Member", source: random.Random) -> None:
        super().__init__(me, source)
        self._first: dict[tuple[str, ...], Line] = {}

    async def lines(self, asker: "Member", lines: list[Line]) -> list[Line]:
        told = []
        for line in lines:
            body = body_of(line)
            place = (body["origin"], body["type"], body.get("set", ""), body.get("id", ""))
            told.append(self._first.setdefault(place, line))
        return told


class Freezes(Badness):
    """Honest at first; from some day on nothing is ever new."""

    def __init__(self, me: "Member", source: random.Random) -> None:
        super().__init__(me, source)
        self._answers = 0

    async def lines(self, asker: "Member", lines: list[Line]) -> list[Line]:
        self._answers += 1
        return lines if self._answers < 30 else []

    async def page(self, asker: "Member", about: dict[str, Any], lines: list[Line]) -> list[Line]:
        told = await self.lines(asker, lines)
        if "more" in about:
            about["more"] = about["more"] and bool(told)
        return told

    async def manifest(self, asker: "Member", entries: list[Line]) -> list[Line]:
        return []


KINDS: tuple[type[Badness], ...] = (
    Omits,
    RollsBack,
    Forges,
    Equivocates,
    Replays,
    Floods,
    Freezes,
    Silent,
)


def body_of(line: Line) -> dict[str, Any]:
    """The statement in a line; a made-up one for what is none."""
    try:
        body: dict[str, Any] = orjson.loads(line if isinstance(line, bytes) else b"")["b"]
    except (orjson.JSONDecodeError, KeyError, TypeError):
        return {"type": "", "origin": ""}
    return body
