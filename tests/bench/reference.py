"""The least that anybody must do to take a signed line in: no merge rules, no heads, no counts, no feed.

Parse, compare with the canonical form, check the schema, verify the signature, insert. Straight-line code with the
same libraries, everything in one loop and one transaction per page.
"""

import sqlite3
from pathlib import Path

import jsonschema_rs
import orjson
from nacl import bindings

from protocol import b64
from schemas import load

PAGE = 500


class Reference:
    """Takes pages of summary lines."""

    def __init__(self, path: Path) -> None:
        self._validator = jsonschema_rs.validator_for(load("summary.v1"))
        self._db = sqlite3.connect(path, isolation_level=None)
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA synchronous = NORMAL")
        self._db.execute(
            "CREATE TABLE lines (origin TEXT, id TEXT, seq INTEGER, line BLOB, PRIMARY KEY (origin, id)) STRICT"
        )

    def take(self, lines: list[bytes], public: bytes) -> int:
        """How many lines were good, all of one op key."""
        taken = 0
        for start in range(0, len(lines), PAGE):
            rows = []
            for line in lines[start : start + PAGE]:
                value = orjson.loads(line)
                if orjson.dumps(value, option=orjson.OPT_SORT_KEYS) != line:
                    continue
                body = value["b"]
                if not self._validator.is_valid(body):
                    continue
                payload = orjson.dumps(body, option=orjson.OPT_SORT_KEYS)
                kind = b"application/vnd.mutual-aid-connect.summary.v1+json"
                message = b"DSSEv1 %d %b %d %b" % (len(kind), kind, len(payload), payload)
                try:
                    bindings.crypto_sign_open(b64.decode(value["s"], 64) + message, public)
                except Exception:  # noqa: S112 - as bare as it gets
                    continue
                rows.append((body["origin"], body["id"], body["seq"], line))
            self._db.execute("BEGIN IMMEDIATE")
            self._db.executemany("INSERT OR REPLACE INTO lines VALUES (?, ?, ?, ?)", rows)
            self._db.execute("COMMIT")
            taken += len(rows)
        return taken

    def held(self) -> set[bytes]:
        """Every line in the file."""
        return {row[0] for row in self._db.execute("SELECT line FROM lines")}

    def close(self) -> None:
        """Closes the file."""
        self._db.close()
