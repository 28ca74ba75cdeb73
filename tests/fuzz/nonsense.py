"""Bodies that no node may take in, whoever signs them: what an allowed group could send with its own true key."""

from collections.abc import Callable
from typing import Any

from tests.unit.federation.groups import EPOCH

Change = Callable[[dict[str, Any]], dict[str, Any]]

OF_GROUPS = ("vouch", "advice")
REGISTERS = ("summary", "withdrawal", *OF_GROUPS)
IN_SETS = (*REGISTERS, "head")
NUMBERED = (*IN_SETS, "profile", "farewell")
"""All but keys, which have no sequence number: whoever may sign them may say in them what he likes of himself."""
SMALL_ORDER_DID = "did:key:z6MkeTG3bFFSLYVU7VqhgZxqr6YzpaGrQtFMh1uvqGy1vDnP"
"""The point 0 of Ed25519: a signature by it fits every message."""
_DEEP: Any = {"a": {"b": {"c": {"d": 1}}}}
_FAR = EPOCH + 30 * 86_400


def _with(**changes: Any) -> Change:
    return lambda body: {**body, **changes}


def _without(name: str) -> Change:
    return lambda body: {key: value for key, value in body.items() if key != name}


def _each(name: str, *values: Any) -> list[Change]:
    return [_with(**{name: value}) for value in values]


_TABLE: tuple[tuple[tuple[str, ...], list[Change]], ...] = (
    (NUMBERED, [_without(name) for name in ("origin", "epoch", "seq", "type", "v")]),
    (NUMBERED, _each("seq", 0, -1, 2**53, 2**63, 1.0, "1", None, True)),
    (NUMBERED, _each("epoch", 0, -1, 2**53, 1.5, "now", None, False)),
    (NUMBERED, _each("v", 0, 2, 99, -1, "1", 1.0, None)),
    (NUMBERED, _each("type", "oracle", "", "Summary", None, 1, "head ")),
    (NUMBERED, _each("origin", "", "did:key:z6Mk", "did:web:a.example", None, 1)),
    (NUMBERED, _each("crit", "all", [1], ["A"], {}, None)),
    (NUMBERED, _each("more", _DEEP, "x" * 5000, "e\u0301", "\u202egnissim", "a\x00b", "\x85", 2**53, 0.5)),
    (NUMBERED, [_with(Upper=1), _with(**{"k" * 33: 1}), _with(**{"": 1}), _with(**{"ключ": 1})]),
    (IN_SETS, _each("set", "secret", "", None, "public ", "PUBLIC", 1)),
    (REGISTERS, _each("id", "", "AA", "=" * 22, "A" * 21 + "B", "A" * 23, None, 7)),
    (
        REGISTERS,
        _each("expires", "2026-02-30", "2026-13-01", "２０２６-11-16", "16.11.2026", "2027-11-16", 1),
    ),
    (("summary",), _each("cell", "85194AD7FFFFFFF", "0x85194ad7fffff", "85194ad7ffffff\n", "f" * 15, "", 85)),
    (("summary",), _each("cell", "８5194ad7fffffff", "85194ad7fffffff ")),
    (("summary",), _each("urgency", "TODAY", "soon", "", None, ["today"])),
    (("summary",), _each("kind", "person", "", None, "need\u202e")),
    (("summary",), _each("category", "Groceries", "a" * 33, "", "a b", "gro\u0441eries", None)),
    (("summary",), _each("status", "closed", "", None, 1)),
    (("summary",), _each("remote", "false", 0, None, 1)),
    (("summary",), _each("window", {"from": "2026-11-09", "to": "2026-11-08"}, _DEEP, [], "today")),
    (("summary",), _each("window", {"from": "2026-11-31", "to": "2026-12-01"}, {"from": "2026-11-09"})),
    (("summary",), _each("tags", [], ["heavy"] * 7, "heavy", [None])),
    (("summary",), _each("languages", [], ["english please"], ["en"] * 5, "en")),
    (("summary",), [_with(posted="2026-11-20"), _with(posted="2026-11-3"), _with(helpers="3")]),
    (OF_GROUPS, [_without(name) for name in ("set", "id", "subject", "expires")]),
    (OF_GROUPS, _each("subject", "", "did:key:z6Mk", "did:web:a.example", SMALL_ORDER_DID, None, 1, ["x"])),
    (OF_GROUPS, _each("set", "public")),
    (("vouch",), _each("role", "owner", "", "Member", None, ["hub"])),
    (("vouch",), _each("since", "2026-02-30", "2026-13-01", "２０２６-11-02", "2.11.2026", "", None, 1)),
    (("advice",), _each("reason", "", "Flooding", "a" * 33, "a b", "fl\u043eoding", "<b>", None, 1)),
    (("farewell",), _each("day", "2026-02-30", "2026-13-01", "２０２６-11-02", "2.11.2026", "", None, 1)),
    (("farewell",), _each("to", "", "did:key:z6Mk", "https://a.example", SMALL_ORDER_DID, None, 1)),
    (("farewell",), [_without("day"), _with(epoch=_FAR), _with(crit=["mercy"])]),
    (("head",), _each("count", -1, 1.0, "1", None)),
    (("head",), _each("digest", "A" * 42, "A" * 44, "=" * 43, None)),
    (("head",), [_with(next_by=1), _with(asof="2026-11-00"), _with(epoch=_FAR), _with(keys_rev=0)]),
    (
        ("profile",),
        _each("urls", ["javascript:alert(1)"], ["https://user:pass@a.example"], ["https://a.example?q"]),
    ),
    (("profile",), _each("name", "", "North\u202e", "n" * 81, "a\nb", None)),
    (("profile",), _each("area", [], ["85194AD7FFFFFFF"], ["85194ad7fffffff"] * 65)),
    (("profile",), [_with(epoch=_FAR), _with(box_key="A" * 44), _with(state="gone"), _with(limits={})]),
)
NONSENSE: dict[str, list[Change]] = {
    kind: [change for kinds, changes in _TABLE if kind in kinds for change in changes] for kind in NUMBERED
}
"""By type of statement."""
