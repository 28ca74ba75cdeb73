"""Makes lines out of genuine ones that no node may take in: cut and bent bytes, bodies changed under an old signature,
bodies signed by somebody else, and nonsense that an allowed group signed with its own true key.

Every kind of change is wrong whatever it hits; a mutant that came out genuine is not given out.
"""

import random
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import orjson

from protocol import b64
from protocol.envelope import media_type, pae
from protocol.identity import KeyPair
from tests.fuzz.nonsense import NONSENSE
from tests.unit.federation.groups import Group, ident

_ORDER = 2**252 + 27742317777372353535851937790883648493
"""Of the prime-order group: a signature with this added fits a careless verifier just as well."""
_SMALL_POINTS = tuple(
    map(
        bytes.fromhex,
        (
            "00" * 32,
            "01" + "00" * 31,
            "ec" + "ff" * 30 + "7f",
            "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
            "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
        ),
    )
)
_TOKENS = tuple(
    text.encode("utf-8", "surrogatepass")
    for text in (
        *("\x00", "\\u0000", "\u202e", "\u2066", "\ufeff", "\uff11", "\u0661", "e\u0301", "\x85", "\x7f"),
        *(".0", "e0", "-0", "NaN", "1e999", "9007199254740993", "null", "true", "{}", "[]", "[" * 300, "\\"),
        *("\\ud800", "\ud800", '"b":{},', '"s":"",', '"crit":["x"],', '"type":"keys",', "\r", "\n", " ", '"'),
    )
)


class Mutants:
    """Of everything that ``victim``, ``attacker`` and ``gone`` published, each sort equally often. All three are
    allowed. Endless, and the same each time."""

    def __init__(self, victim: Group, attacker: Group, gone: Group, genuine: list[bytes], seed: int) -> None:
        self._random = random.Random(f"fuzz {seed}")
        self._victim = victim
        self._attacker = attacker
        self._groups = {group.origin: group for group in (victim, attacker, gone)}
        self._known = frozenset(genuine)
        self._sorts: dict[str, list[bytes]] = {}
        for line in genuine:
            self._sorts.setdefault(sort_of(orjson.loads(line)["b"]), []).append(line)
        self._names = sorted(self._sorts)
        self._nonsensical = [name for name in self._names if name.partition(" ")[0] in NONSENSE]
        self._drawn = ""
        self.made: Counter[tuple[str, str]] = Counter()
        """(kind of change, sort of line that was changed) -> how many were given out."""
        self._keys = (attacker.op, attacker.root, KeyPair.from_seed(bytes(31) + b"\x07"))
        self._kinds: tuple[Callable[[], bytes], ...] = (
            *(self._bent, self._bent, self._spliced, self._cut, self._dressed),
            *(self._unsigned, self._wrong_signer, self._borrowed, self._malleable, self._nonsense),
        )

    def __iter__(self) -> Iterator[bytes]:
        while True:
            kind = self._random.choice(self._kinds)
            line = kind()
            if line not in self._known:
                self.made[(kind.__name__.removeprefix("_"), self._drawn)] += 1
                yield line

    # Bytes

    def _line(self, names: list[str] | None = None) -> bytes:
        """A genuine line of any sort, or of one of these."""
        self._drawn = self._random.choice(names or self._names)
        return self._random.choice(self._sorts[self._drawn])

    def _value(self, names: list[str] | None = None) -> dict[str, Any]:
        value: dict[str, Any] = orjson.loads(self._line(names))
        return value

    def _bent(self) -> bytes:
        """A few bytes changed, put in or taken out."""
        draw, line = self._random, bytearray(self._line())
        for _ in range(draw.choice((1, 1, 1, 2, 3, 8))):
            at = draw.randrange(len(line))
            what = draw.randrange(4)
            if what == 0:
                line[at] ^= 1 << draw.randrange(8)
            elif what == 1:
                line[at] = draw.randrange(256)
            elif what == 2:
                line[at:at] = draw.choice(_TOKENS)
            elif len(line) > 1:
                del line[at : at + draw.choice((1, 1, 2, 9))]
            if not line:
                return b"{"
        return bytes(line)

    def _spliced(self) -> bytes:
        other, one = self._line(), self._line()
        return one[: self._random.randrange(len(one))] + other[self._random.randrange(len(other)) :]

    def _cut(self) -> bytes:
        line = self._line()
        at = self._random.randrange(len(line))
        return line[:at] if self._random.random() < 0.5 else line[at:] + line[:at]

    def _dressed(self) -> bytes:
        """The same value in another form."""
        draw, value = self._random, self._value()
        what = draw.randrange(5)
        if what == 0:
            return orjson.dumps(value, option=orjson.OPT_INDENT_2)
        if what == 1:
            return b"\xef\xbb\xbf" + orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
        if what == 2:
            shuffled = list(value["b"].items())
            draw.shuffle(shuffled)
            return orjson.dumps({"b": dict(shuffled), "s": value["s"]})
        if what == 3:
            line = orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
            at = draw.choice([number for number, byte in enumerate(line) if chr(byte).isalpha()])
            return line[:at] + b"\\u%04x" % line[at] + line[at + 1 :]
        return orjson.dumps({**value, "t": draw.choice((1, None, "x", {}))}, option=orjson.OPT_SORT_KEYS)

    # Meaning

    def _changed(self) -> dict[str, Any]:
        """A body that its origin never signed, but might have."""
        draw = self._random
        body = dict(self._value()["b"])
        what = draw.randrange(6)
        if what == 0 and "seq" in body:
            body["seq"] += draw.choice((1, 7, 1000))
        elif what == 1 and "epoch" in body:
            body["epoch"] += draw.choice((1, 3600, 80_000))
        elif what == 2:
            body["origin"] = draw.choice((self._victim.origin, self._attacker.origin))
            body["seq"] = body.get("seq", 1) + 500
        elif what == 3 and body["type"] == "summary":
            kept = ("origin", "epoch", "seq", "set", "id", "expires", "v")
            body = {name: body[name] for name in kept} | {"type": "withdrawal", "seq": body["seq"] + 1}
        elif what == 4 and body["type"] == "keys":
            body |= {"rev": body["rev"] + 1, "op_key": self._attacker.did}
        elif what == 3 and "subject" in body:
            body["subject"] = draw.choice((self._victim.origin, self._attacker.origin))
            body["seq"] += 1
        elif "id" in body:
            body["id"] = ident(f"{draw.random()}")
        else:
            body["more"] = draw.randrange(1000)
        return body

    def _unsigned(self) -> bytes:
        """Under the signature of something else that the same key signed."""
        signature = self._value()["s"]
        return line_of(self._changed(), signature)

    def _borrowed(self) -> bytes:
        """A genuine body under the genuine signature of another type or version."""
        body = dict(self._value()["b"])
        kind = self._random.choice(("keys", *NONSENSE))
        group = self._groups[body["origin"]]
        key = group.root if body["type"] == "keys" else group.op
        body["more"] = self._random.randrange(1000)
        payload = orjson.dumps(body, option=orjson.OPT_SORT_KEYS)
        version = body["v"] if kind != body["type"] else body["v"] + 1
        return line_of(body, b64.encode(key.sign(pae(media_type(kind, version), payload))))

    def _wrong_signer(self) -> bytes:
        """In the victim's name, by a key that is not the victim's."""
        body = self._changed()
        if body["origin"] == self._attacker.origin:
            body["origin"] = self._victim.origin
        return signed(body, self._random.choice(self._keys))

    def _malleable(self) -> bytes:
        """A signature that is as good in theory, or one that fits a weak key."""
        value, draw = self._value(), self._random
        signature = b64.decode(value["s"], 64)
        if draw.random() < 0.5:
            scalar = int.from_bytes(signature[32:], "little") + _ORDER * draw.choice((1, 2, 4))
            signature = signature[:32] + scalar.to_bytes(32, "little")
        else:
            signature = draw.choice(_SMALL_POINTS) + draw.choice((bytes(32), signature[32:]))
        return line_of(value["b"], b64.encode(signature))

    def _nonsense(self) -> bytes:
        """Truly signed by an allowed group."""
        value = self._value(self._nonsensical)
        body = {**value["b"], "origin": self._attacker.origin, "seq": 100_000 + self._random.randrange(1000)}
        if "id" in body:
            body["id"] = ident(f"{self._random.random()}")
        change = self._random.choice(NONSENSE[body["type"]])
        return signed(change(body), self._attacker.op)


def sort_of(body: dict[str, Any]) -> str:
    """The type of a statement, and its set if it is in one: "vouch peers"."""
    return " ".join(body[name] for name in ("type", "set") if name in body)


def line_of(body: dict[str, Any], signature: str) -> bytes:
    """A line of any body under any signature."""
    return orjson.dumps({"b": body, "s": signature}, option=orjson.OPT_SORT_KEYS)


def signed(body: dict[str, Any], key: KeyPair) -> bytes:
    """As ``protocol.envelope.sign``, but of anything at all."""
    payload = orjson.dumps(body, option=orjson.OPT_SORT_KEYS)
    kind, version = str(body.get("type", "summary")), body.get("v", 1)
    message = pae(media_type(kind, version if isinstance(version, int) else 1), payload)
    return line_of(body, b64.encode(key.sign(message)))
