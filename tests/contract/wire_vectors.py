"""The vectors of what is worked out - sets, areas - and of what travels besides lines: invitations, documents."""

import copy
import hashlib
import json
from typing import Any

import h3

from protocol import cells, head, invite, w3c
from protocol.cells import Partition
from protocol.codec import Signed
from protocol.invite import Invite
from protocol.population import PopulationTable
from tests.unit.protocol.makers import (
    NOW,
    OP,
    ROOT,
    STRANGER,
    TODAY,
    a_full_summary,
    a_head,
    a_summary,
    a_vouch,
    a_withdrawal,
    an_advice,
    ident,
    signed,
)


def invitations() -> dict[str, Any]:
    """Links of invitations, and texts that are none."""
    secret = ident(9)
    good = Invite(url="https://group.example", origin=ROOT.did, secret=secret)
    links = [
        {"link": each.link(), "url": each.url, "origin": each.origin, "secret": each.secret}
        for each in (good, Invite(url="http://[2001:db8::1]:8080/aid", origin=STRANGER.did, secret=secret))
    ]
    plain = good.link()
    refused = [
        {"name": name, "link": link}
        for name, link in (
            ("nothing", ""),
            ("no secret", plain.partition("~")[0]),
            ("a secret of 21 characters", plain[:-1]),
            ("a secret with spare bits", plain[:-1] + "B"),
            ("another path", plain.replace("/join#", "/#")),
            ("another scheme", plain.replace("https", "ftp")),
            ("a query", plain.replace("/join#", "?a=/join#")),
            ("a node that is no did:key", plain.replace("z6Mk", "z7Mk")),
            (
                "a weak key",
                plain.replace(ROOT.did, "did:key:z6MkeTG3bFFSLYVU7VqhgZxqr6YzpaGrQtFMh1uvqGy1vDnP"),
            ),
        )
    ]
    for row in refused:
        assert invite.read(row["link"]) is None, row
    return {
        "about": "links: what an invitation is made of. refused: no invitations. The secrets open nothing.",
        "links": links,
        "refused": refused,
    }


def sets() -> dict[str, Any]:
    """How well what is held of a set agrees with its head."""
    one, gone = signed(a_summary(seq=2)), signed(a_withdrawal(id=ident(2), seq=3))
    late = signed(a_summary(id=ident(3), seq=12))
    over = signed(a_summary(id=ident(4), seq=4, expires=TODAY))
    both = signed(a_head(one.line, gone.line, seq=9))
    next_by = json.loads(both.line)["b"]["next_by"]
    rows: list[tuple[str, Signed | None, list[Signed], int, bool]] = [
        ("no head, and more is to come", None, [one], NOW, False),
        ("no head at the end of a round", None, [one], NOW, True),
        ("all of it", both, [gone, one], NOW, True),
        ("all of it before the round is over", both, [one, gone], NOW, False),
        ("one line less, and more is to come", both, [one], NOW, False),
        ("one line less at the end of the round", both, [one], NOW, True),
        (
            "one line more, below the head",
            both,
            [one, gone, signed(a_summary(id=ident(5), seq=5))],
            NOW,
            True,
        ),
        ("one line more that expired as of the head", both, [one, gone, over], NOW, True),
        ("one line more above the head", both, [one, gone, late], NOW, True),
        ("a line above the head, and one less", both, [one, late], NOW, True),
        ("all of it, at next_by", both, [one, gone], next_by, True),
        ("all of it, past next_by", both, [one, gone], next_by + 1, True),
        ("one line more above the head, past next_by", both, [one, gone, late], next_by + 1, True),
        ("one line less, past next_by", both, [one], next_by + 1, True),
    ]
    return {
        "about": "held: all registers held of the head's origin, epoch and set; now is Unix time; round_over: whoever "
        "brought them has no more. state is how well they agree.",
        "cases": [
            {
                "name": name,
                "head": top and top.line.decode(),
                "held": [each.line.decode() for each in held],
                "now": now,
                "round_over": over_now,
                "state": head.state_of(
                    top and _head(top), [head.entry_of(each) for each in held], now=now, round_over=over_now
                ),
            }
            for name, top, held, now, over_now in rows
        ],
    }


def _head(line: Signed) -> Any:
    return line.statement


def data_integrity() -> dict[str, Any]:
    """Statements as W3C Data Integrity documents."""
    lines = [
        signed(a_full_summary()),
        signed(a_withdrawal()),
        signed(a_head()),
        signed(a_vouch()),
        signed(an_advice()),
    ]
    documents = [{"line": each.line.decode(), "document": w3c.export(each, OP)} for each in lines]
    good = documents[1]["document"]
    refused = []
    for name, code, path, value in (
        ("another seq", "bad_signature", ("statement", "seq"), 8),
        ("another suite", "schema", ("proof", "cryptosuite"), "eddsa-rdfc-2022"),
        ("another purpose", "bad_signature", ("proof", "proofPurpose"), "authentication"),
        ("another key than its name says", "bad_key_id", ("proof", "verificationMethod"), OP.did),
        ("a proof of another context", "schema", ("proof", "@context"), ["https://example.org/other"]),
        ("a value that is no base58", "bad_signature", ("proof", "proofValue"), "zO0Il"),
    ):
        document = copy.deepcopy(good)
        assert isinstance(document, dict)
        document[path[0]][path[1]] = value
        refused.append({"name": name, "code": code, "document": document})
    return {
        "about": "document is the W3C Data Integrity document of the statement in line, with a proof of the suite "
        f"eddsa-jcs-2022 by {OP.did}. refused: a changed one of them, and the code that a verifier gives.",
        "documents": documents,
        "refused": refused,
    }


def areas() -> dict[str, Any]:
    """Population tables, and the labels of places under them."""
    middle, small, far = (
        h3.latlng_to_cell(lat, lon, 8) for lat, lon in ((51.45, -2.58), (51.2, -2.2), (28.1, -15.4))
    )

    def town(around: str, rings: int, least: int, most: int) -> dict[str, int]:
        spread = {}
        for cell in h3.grid_disk(around, rings):
            drawn = int.from_bytes(hashlib.sha256(cell.encode()).digest()[:4], "big")
            if drawn % 5:
                spread[cell] = least + drawn % (most - least)
        return dict(sorted(spread.items()))

    city = town(middle, 4, 200, 9000) | {small: 300}
    island = {far: 900}
    outside = [
        h3.latlng_to_cell(lat, lon, 8)
        for lat, lon in ((51.48, -2.5), (51.6, -3.0), (55.9, -3.2), (27.9, -15.6))
    ]
    changed = {cell: people // (1 + place % 3) for place, (cell, people) in enumerate(city.items())}
    tables = [
        _table("a town, a hamlet and an island", city | island, outside),
        _table("fewer people than the bounds", {small: 300, middle: 4000}, outside),
        _table("no table", {}, outside),
        _table("the table of a town replaced", changed | island, outside, before=city | island),
    ]
    return {
        "about": "residents by H3 cell of resolution 8, and the labels that places in such cells have: a is class A "
        f"(bound {cells.CLASS_A_BOUND}), b is class B ({cells.CLASS_B_BOUND}). before: the table that was used until "
        "then, where there was one. Made-up people.",
        "tables": tables,
    }


def _table(
    name: str, residents: dict[str, int], outside: list[str], before: dict[str, int] | None = None
) -> dict[str, Any]:
    known, older = _load(residents), _load(before or {})
    a, b = (cells.partition_for(klass, known, older) for klass in ("A", "B"))
    places = sorted({*residents, *outside})
    row: dict[str, Any] = {"name": name, "residents": residents}
    if before is not None:
        row["before"] = before
    return row | {"places": [_place(cell, a, b) for cell in places]}


def _place(cell: str, a: Partition, b: Partition) -> dict[str, str]:
    return {"cell": cell, "a": a.label_of_cell(cell), "b": b.label_of_cell(cell)}


def _load(residents: dict[str, int]) -> PopulationTable | None:
    if not residents:
        return None
    return PopulationTable.load("h3,population\n" + "".join(f"{cell},{n}\n" for cell, n in residents.items()))


ALL = {
    "invitations.v1": invitations,
    "sets.v1": sets,
    "data_integrity.v1": data_integrity,
    "areas.v1": areas,
}
