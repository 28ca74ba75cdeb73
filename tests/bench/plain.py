"""The same duties as our ingest, in straight-line code: what the neighbourhood store promises, and no more.

Beside what the bare pipeline does (``tests.bench.reference``), it walks through each value (a float, a control
character or a deep nesting survives the comparison with the canonical form), looks at the cell, asks what is held under
the id, keeps what the map and a reader's questions need (an index by place, counts by label), and holds the set's
digest against its signed head. One loop, one connection, one transaction per page: no rules for epochs, forks, quotas
or farewells, no quarantine, no second origin in a page, nothing that waits for anybody else.
"""

import hashlib
import sqlite3
from collections import Counter
from pathlib import Path
from typing import Any

import h3
import jsonschema_rs
import orjson
from nacl import bindings

from protocol import b64
from schemas import load
from tests.bench.reference import PAGE

_KIND = b"application/vnd.mutual-aid-connect.%b.v1+json"
_TABLES = (
    """CREATE TABLE lines (arrival INTEGER PRIMARY KEY, origin TEXT NOT NULL, id BLOB NOT NULL, seq INTEGER NOT NULL,
    sha BLOB NOT NULL, line BLOB NOT NULL, expires TEXT NOT NULL, place INTEGER NOT NULL, category TEXT NOT NULL,
    status TEXT NOT NULL, UNIQUE (origin, id)) STRICT""",
    "CREATE INDEX by_place ON lines (place)",
    """CREATE TABLE counts (place INTEGER NOT NULL, category TEXT NOT NULL, status TEXT NOT NULL, n INTEGER NOT NULL,
    PRIMARY KEY (place, category, status)) STRICT, WITHOUT ROWID""",
)
Count = tuple[str, str, str, int]
"""(cell, category, status, how many)."""


class Plain:
    """Takes the lines of one origin after another, each with its head last."""

    def __init__(self, path: Path) -> None:
        self._valid = {
            kind: jsonschema_rs.validator_for(load(f"{kind}.v1")).is_valid for kind in ("summary", "head")
        }
        self._db = sqlite3.connect(path, isolation_level=None)
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA synchronous = NORMAL")
        for table in _TABLES:
            self._db.execute(table)

    def take(self, lines: list[bytes], head: bytes, public: bytes) -> tuple[int, bool]:
        """How many lines were good, all of one op key; and whether what is held then is what the head counts."""
        taken = 0
        for start in range(0, len(lines), PAGE):
            taken += self._page(lines[start : start + PAGE], public)
        body = self._read(head, "head", public)
        return taken, body is not None and self._agrees(body)

    def _page(self, lines: list[bytes], public: bytes) -> int:
        rows: dict[tuple[str, bytes], tuple[Any, ...]] = {}
        for line in lines:
            if (body := self._read(line, "summary", public)) is None or not h3.is_valid_cell(body["cell"]):
                continue
            key = body["origin"], b64.decode(body["id"], 16)
            held = self._db.execute("SELECT seq FROM lines WHERE origin = ? AND id = ?", key).fetchone()
            if held is not None and held[0] >= body["seq"]:
                continue
            place = int(body["cell"], 16)
            rows[key] = (
                *key,
                body["seq"],
                hashlib.sha256(line).digest(),
                line,
                body["expires"],
                place,
                body["category"],
                body["status"],
            )
        self._db.execute("BEGIN IMMEDIATE")
        self._db.executemany(
            "INSERT OR REPLACE INTO lines VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?)", rows.values()
        )
        self._db.executemany(
            "INSERT INTO counts VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET n = n + excluded.n",
            [(*tally, n) for tally, n in Counter(row[6:9] for row in rows.values()).items()],
        )
        self._db.execute("COMMIT")
        return len(rows)

    def _read(self, line: bytes, kind: str, public: bytes) -> dict[str, Any] | None:
        value = orjson.loads(line)
        if orjson.dumps(value, option=orjson.OPT_SORT_KEYS) != line or not _inside(value, 4):
            return None
        body: dict[str, Any] = value["b"]
        if not self._valid[kind](body):
            return None
        payload = orjson.dumps(body, option=orjson.OPT_SORT_KEYS)
        media = _KIND % kind.encode()
        message = b"DSSEv1 %d %b %d %b" % (len(media), media, len(payload), payload)
        try:
            bindings.crypto_sign_open(b64.decode(value["s"], 64) + message, public)
        except Exception:
            return None
        return body

    def _agrees(self, head: dict[str, Any]) -> bool:
        rows = self._db.execute(
            "SELECT id, seq, sha FROM lines WHERE origin = ? AND expires > ? ORDER BY id",
            (head["origin"], head["asof"]),
        ).fetchall()
        joined = b"".join(id + seq.to_bytes(8, "big") + sha for id, seq, sha in rows)
        return (len(rows), b64.encode(hashlib.sha256(joined).digest())) == (head["count"], head["digest"])

    def held(self) -> set[bytes]:
        """Every line in the file."""
        return {row[0] for row in self._db.execute("SELECT line FROM lines")}

    def counts(self) -> set[Count]:
        """What the map would show."""
        rows = self._db.execute("SELECT place, category, status, n FROM counts")
        return {(h3.int_to_str(place), category, status, n) for place, category, status, n in rows}

    def close(self) -> None:
        """Closes the file."""
        self._db.close()


def _inside(value: Any, room: int) -> bool:
    """Whether what reads back as its own bytes is inside the canonical profile, as far as the bytes do not say."""
    if not room:
        return False
    for item in value.values() if type(value) is dict else value:
        kind = type(item)
        if kind is dict or kind is list:
            if not _inside(item, room - 1):
                return False
        elif kind is str:
            if not (item.isascii() and item.isprintable()):
                return False
        elif kind is not int and kind is not bool and item is not None:
            return False
    return True
