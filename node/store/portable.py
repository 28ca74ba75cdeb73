"""What of ``group.db`` can move to another node with other keys, and why the rest stays: two tables and their SQL.

Every table stands in one of them; a test fails on one that does not. A table that moves gives all its columns but
those named here, so a new clear column needs nothing; a new sealed one must say how it is opened.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from node.domain.settings.presets import RULES
from node.store.db import Tx

CompartmentName = Literal["people", "vetting", "safeguarding"]
Value = str | int | float | bytes | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealed:
    """How one sealed column is opened: its compartment, and the table and row its box is bound to."""

    compartment: CompartmentName = "people"
    table: str = ""
    """Empty: the table it lies in."""
    row: str = "id"
    """The column whose value is the row's name."""
    named: bool = False
    """Some boxes are for named readers: what of them opens moves (``services.sheets.moving_incidents``)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Moving:
    """One table of an export."""

    sealed: Mapping[str, Sealed] = field(default_factory=dict)
    hashes: frozenset[str] = frozenset()
    """Hashes that move as they are."""
    anew: Mapping[str, str] = field(default_factory=dict)
    """Columns that do not move, each with what becomes of it there."""
    group: bool = False
    """About the group alone: an empty node may have such rows, and they are replaced."""
    source: str = ""
    """Where its rows are read from, if not from the table alone."""
    where: str = "1"
    """Which rows move."""


_SEALED = {"sealed": Sealed()}
_NOTE = {"note_sealed": Sealed()}
_INDEX = "made again from the sealed record"

CARRIED_SETTINGS = (
    "group_name", "language", "place", "phone", "hours", "group_state", "state_until", "headings", "region",
    "zone", "not_for_us", "residents", "preset", "holidays", "node_kind", "spoken", "standing_offers", *RULES,
)  # fmt: skip
"""What the group decided."""
LEFT_SETTINGS: Mapping[str, str] = {
    "public_url": "the address of that machine",
    "set_up": "each node is set up by itself",
    "starting_code": "a secret of that node",
    "origin": "that node's own identity",
    "rescue_public": "that node's rescue cards",
    "safeguarding_rescue_public": "that node's rescue cards",
    "card_proofs": "that node's rescue cards",
    "cards_confirmed": "that node's rescue cards",
    "cards_opened_at": "that node's rescue cards",
    "kdf": "measured on that machine",
    "trusted_at": "that machine's clock",
    "restored_at": "that node's backup",
    "device_key": "a secret of that node",
    "rekey": "that node's keys",
    "digest_day": "what was told moves, so nothing is told twice",
    "alert_day": "what was told moves, so nothing is told twice",
    "retention_seen": "whoever moves in looks anew at what will go",
}
"""Setting -> why it stays behind."""


def _listed(names: Sequence[str]) -> str:
    return ", ".join(f"'{name}'" for name in names)


MOVING: Mapping[str, Moving] = {
    "settings": Moving(group=True, where=f"key IN ({_listed(CARRIED_SETTINGS)})"),
    "category_settings": Moving(group=True),
    "category_names": Moving(group=True),
    "texts": Moving(group=True),
    "wordings": Moving(group=True, hashes=frozenset({"version"})),
    "resources": Moving(group=True),
    "questions": Moving(group=True),
    "polls": Moving(group=True),
    "poll_counts": Moving(group=True),
    "sheet_mappings": Moving(group=True, sealed={"sealed": Sealed(row="name")}),
    "past_staff": Moving(
        group=True, source="(SELECT id, handle FROM past_staff UNION SELECT id, handle FROM staff)"
    ),
    "past_row_keys": Moving(group=True, sealed=_SEALED, hashes=frozenset({"id"})),
    "persons": Moving(
        sealed=_SEALED, anew={"phone_index": _INDEX, "email_index": _INDEX, "twin_index": _INDEX}
    ),
    "merges": Moving(sealed=_SEALED),
    "volunteers": Moving(),
    "vouches": Moving(sealed=_SEALED),
    "households": Moving(),
    "household_members": Moving(),
    "teams": Moving(
        sealed=_SEALED,
        anew=dict.fromkeys(("link_hash", "link_expires", "device_hash"), "private links are sent anew"),
    ),
    "team_members": Moving(),
    "checks": Moving(sealed={"sealed": Sealed(compartment="vetting")}),
    "apart": Moving(sealed=_SEALED),
    "incidents": Moving(),
    "incident_parts": Moving(sealed={"sealed": Sealed(compartment="safeguarding", named=True)}),
    "kind_demands": Moving(group=True),
    "check_reminders": Moving(),
    "needs": Moving(sealed=_SEALED, hashes=frozenset({"import_key"}), anew={"caller_index": _INDEX}),
    "household_needs": Moving(),
    # The way to somebody's own page, and of being told; good where the new node has the address of the old one.
    "asking_links": Moving(sealed={"sealed": Sealed(row="need_id")}, hashes=frozenset({"link_hash"})),
    "assignments": Moving(
        anew=dict.fromkeys(
            ("link_hash", "link_expires", "device_hash", "last_link", "last_device"),
            "private links are sent anew",
        )
    ),
    "buddies": Moving(),
    "series": Moving(sealed=_SEALED),
    "series_days": Moving(),
    "series_hands": Moving(),
    "runs": Moving(
        sealed=_SEALED, anew=dict.fromkeys(("link_hash", "device_hash"), "private links are sent anew")
    ),
    "run_stops": Moving(
        sealed={"sealed": Sealed(row="assignment_id"), "told_sealed": Sealed(row="assignment_id")}
    ),
    "call_lists": Moving(sealed=_SEALED),
    "call_callers": Moving(anew=dict.fromkeys(("link_hash", "device_hash"), "private links are sent anew")),
    "call_entries": Moving(sealed=_SEALED),
    "call_moved": Moving(),
    "call_words": Moving(sealed=_NOTE),
    "call_tasks": Moving(),
    "receipts": Moving(sealed=_SEALED | _NOTE),
    "notice_things": Moving(
        anew={"notice_id": "the messages stay; what was told is not told again"},
        where="notice_id IS NULL OR notice_id NOT IN (SELECT id FROM notices WHERE state = 'waiting')",
    ),
    "notice_choices": Moving(
        sealed={"sealed": Sealed(row="person_id")},
        hashes=frozenset({"link_hash"}),
        anew={
            "bounced_index": "found out again by the next message",
            "bounced_at": "goes with it",
            "text_bounced_index": "found out again by the next text",
            "text_bounced_at": "goes with it",
        },
    ),
    # As the group's own: whoever sets a new node up may have given an address already, and that is in nobody's way.
    "alert_choices": Moving(
        group=True,
        sealed={"sealed": Sealed(row="handle")},
        hashes=frozenset({"link_hash"}),
        anew={
            "code_hash": "asked for again there",
            "code_until": "goes with it",
            "bounced_at": "found out again by the next message",
            "orphan_since": "counted there, until an account has that name",
        },
    ),
    "alert_told": Moving(
        group=True,
        anew={"message_id": "the messages stay; what was told is not told again"},
        where="message_id IS NULL OR message_id NOT IN (SELECT id FROM alert_messages WHERE state = 'waiting')",
    ),
    "mail_server": Moving(group=True, sealed=_SEALED),
    "gifts": Moving(sealed=_SEALED, hashes=frozenset({"link_hash"})),
    "chat_service": Moving(group=True, sealed=_SEALED),
    "chat_addresses": Moving(
        sealed={"sealed": Sealed(row="person_id")},
        anew={
            "code_hash": "asked for again there",
            "code_until": "goes with it",
            "bounced_at": "found out again by the next message",
        },
    ),
    "chat_room": Moving(group=True, sealed=_SEALED),
    "room_posts": Moving(),
    "text_gateway": Moving(group=True, sealed=_SEALED, hashes=frozenset({"inbound_hash"})),
    "contact_log": Moving(sealed=_NOTE),
    "call_backs": Moving(sealed={"note_sealed": Sealed(row="need_id")}),
    "messages": Moving(sealed=_SEALED),
    "feedback": Moving(sealed=_NOTE),
    "corrections": Moving(sealed=_SEALED),
    "rota_moved": Moving(
        group=True,
        source="(SELECT day, part, handle FROM rota_moved UNION SELECT r.day, r.part, s.handle FROM rota AS r"
        " JOIN staff AS s ON s.id = r.staff_id)",
    ),
    "shift_notes": Moving(sealed=_SEALED),
    "shift_notes_read": Moving(),
    "holds": Moving(sealed=_SEALED),
    "breaches": Moving(sealed=_SEALED),
    "breach_people": Moving(),
    "consents": Moving(sealed={"note_sealed": Sealed(row="need_id")}),
    "erasures": Moving(),
    "imports": Moving(),
    "import_rows": Moving(hashes=frozenset({"row_key"})),
    "import_others": Moving(hashes=frozenset({"row_key"})),
    "import_numbers": Moving(hashes=frozenset({"number_key", "row_key"})),
    "past_audit": Moving(
        group=True,
        sealed={"note_sealed": Sealed(table="audit", row="object")},
        hashes=frozenset({"note_hash", "prev", "hash"}),
        source="(SELECT * FROM past_audit UNION ALL SELECT json_extract(s.value, '$') AS origin, seq, at, actor,"
        " action, object, codes, note_sealed, note_hash, prev, hash FROM audit, settings AS s WHERE s.key = 'origin')",
    ),
}
"""Table -> how it moves, in the order of the file."""

LEFT: Mapping[str, str] = {
    "staff": "accounts and passwords stay; their names move as past_staff",
    "compartments": "that node's keys",
    "compartment_members": "that node's keys",
    "incident_readers": "accounts of that node; whoever brings incidents in reads them here",
    "incident_ended": "accounts of that node, and what they were told there",
    "former_keys": "that node's keys; what lies under them is opened and sealed anew",
    "proposals": "waits for a yes in that node",
    "sessions": "who is signed in there",
    "own_links": "private links are sent anew",
    "own_sessions": "who is signed in there",
    "own_passkeys": "passkeys are of that node's address",
    "push_key": "made anew there: what browsers gave that node is good for its own key alone",
    "push_devices": "turned on anew: browsers give such an address to one site and one key",
    "alert_devices": "as the devices of volunteers",
    "own_asks": "who would like a link there, for some days",
    "own_feeds": "private links are sent anew",
    "own_sent": "what a telephone sent to that node, for some weeks",
    "visits": "who is out alone is a matter of hours: a move waits until everybody is back",
    "audit": "moves as past_audit; each node keeps a chain of its own",
    "drafts": "a half-typed call belongs to an account: save it or discard it first",
    "sheet_drafts": "sheets that are being brought in belong to an account: finish them first",
    "export_asks": "who wants to take data out there",
    "undos": "what can be undone within minutes",
    "rota": "names accounts, which do not move; it moves as rota_moved, by their names",
    "waves": "who is being asked just now: ask again",
    "waves_asked": "who is being asked just now: ask again",
    "plans": "a morning's plan, made anew in a minute",
    "plan_lines": "a morning's plan, made anew in a minute",
    "places": "a public file: bring it in again",
    "peers": "neighbouring groups must know the new node before they trust it: invite them",
    "invites": "invitations to that node",
    "introductions": "introductions to that node",
    "published": "signed by that node",
    "own_position": "signed by that node",
    "own_lines": "signed by that node",
    "lost": "about what that node published",
    "closed_since": "about what that node published",
    "peer_offers": "agreed with other groups under that node's keys",
    "away_asks": "about what that node reads of other groups",
    "away_tasks": "agreed with other groups under that node's keys",
    "may_pass_on": "a yes to that node's neighbours: asked anew, as each time",
    "referrals": "agreed with other groups under that node's keys",
    "rings": "agreed with other groups under that node's keys",
    "box_keys": "that node's keys",
    "texts_in": "what came in is seen to where it came in",
    "notices": "what waits is made again there, what went has arrived",
    "alert_messages": "what waits is made again there, what went has arrived",
    "alert_standby": "under a key of that machine",
    "outbox": "letters to other groups, under that node's keys",
    "inbox": "letters of other groups, under that node's keys",
    "mailbox": "letters of others that it carries",
}
"""Table -> why it stays."""


async def columns(tx: Tx, table: str) -> tuple[str, ...]:
    """The columns of a table that move, in its own order."""
    moving = MOVING[table]
    found = await tx.execute_fetchall("SELECT name FROM pragma_table_info(?)", (table,))
    return tuple(row["name"] for row in found if row["name"] not in moving.anew)


async def rows(tx: Tx, table: str) -> AsyncIterator[dict[str, Value]]:
    """Every row that moves, always in the same order."""
    moving, names = MOVING[table], await columns(tx, table)
    # Clear columns and hashes alone: a box is another one in each node, so it must not decide the order.
    order = ", ".join(f'"{name}"' for name in names if name not in moving.sealed)
    listed = ", ".join(f'"{name}"' for name in names)
    statement = f"SELECT {listed} FROM {moving.source or table} WHERE {moving.where} ORDER BY {order}"
    async with tx.execute(statement) as cursor:
        async for row in cursor:
            yield dict(row)


async def count(tx: Tx, table: str) -> int:
    """How many rows a table has. ``KeyError`` for one that stands in neither list."""
    if table not in MOVING and table not in LEFT:
        raise KeyError(table)
    return await _count(tx, f"SELECT count(*) AS many FROM {table}")


async def count_real(tx: Tx, table: str) -> int:
    """How many rows are in the way of an import: not those about the group alone, nor what was made up for practice."""
    if MOVING[table].group:
        return 0
    names = await columns(tx, table)
    if "practice" in names:
        return await _count(tx, f"SELECT count(*) AS many FROM {table} WHERE practice = 0")
    if "need_id" in names:
        return await _count(
            tx,
            f"SELECT count(*) AS many FROM {table} WHERE need_id IS NULL"
            " OR need_id NOT IN (SELECT id FROM needs WHERE practice = 1)",
        )
    return await _count(tx, f"SELECT count(*) AS many FROM {table}")


async def _count(tx: Tx, statement: str) -> int:
    return int(next(iter(await tx.execute_fetchall(statement)))["many"])


async def replace(tx: Tx, table: str) -> None:
    """Takes out the rows of a table about the group, before the file's come in."""
    moving = MOVING[table]
    if moving.group:
        await tx.execute(f"DELETE FROM {table} WHERE {moving.where}")


async def put(tx: Tx, table: str, row: Mapping[str, Any]) -> None:
    """Stores one row; columns that it lacks get the table's own default."""
    names = ", ".join(f'"{name}"' for name in row)
    marks = ", ".join("?" * len(row))
    await tx.execute(f"INSERT INTO {table}({names}) VALUES({marks})", tuple(row.values()))


async def any_order(tx: Tx) -> None:
    """Until this write ends a row may come before the one it points to."""
    await tx.execute("PRAGMA defer_foreign_keys = ON")
