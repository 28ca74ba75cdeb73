"""What hangs on one account, over all tables, and how it goes to somebody else."""

from dataclasses import dataclass
from datetime import date

from node.domain.accounts.leaving import LinkTo, MadeLinks, OpenWork, Relink
from node.domain.ids import NeedId
from node.store.db import Tx

_MINE = "state != 'closed' AND by_staff = :staff"
"""Whoever asked a helper or said yes does not have the request by that: it is everybody's, or somebody else's."""
_AWAY = "by_staff = :staff AND state IN ('proposed','interested','approved','contacted')"

_BOTH = (
    "FROM call_callers c JOIN call_callers other ON other.list_id = c.list_id AND other.staff_id = :to "
    "WHERE c.staff_id = :staff"
)
"""Lists on which both ring."""


async def work_of(tx: Tx, staff_id: str, today: date) -> OpenWork:
    """What that account has in hand."""
    bound = {"staff": staff_id, "today": today.isoformat()}
    async with tx.execute(
        f"SELECT id, reference FROM needs WHERE {_MINE} AND practice = 0 ORDER BY due_day IS NULL, due_day, id",
        bound,
    ) as cursor:
        needs = tuple((NeedId(row[0]), str(row[1])) for row in await cursor.fetchall())

    async def count(sql: str) -> int:
        async with tx.execute(sql, bound) as cursor:
            row = await cursor.fetchone()
        return int(row[0]) if row else 0

    return OpenWork(
        needs=needs,
        call_backs=await count("SELECT COUNT(*) FROM call_backs WHERE by_staff = :staff"),
        away_tasks=await count(f"SELECT COUNT(*) FROM away_tasks WHERE {_AWAY}"),
        street_teams=await count("SELECT COUNT(*) FROM teams WHERE captain_staff = :staff"),
        call_lists=await count(
            "SELECT COUNT(*) FROM call_callers c JOIN call_lists l ON l.id = c.list_id "
            "WHERE c.staff_id = :staff AND l.state <> 'ended'"
        ),
        shifts=await count("SELECT COUNT(*) FROM rota WHERE staff_id = :staff AND day >= :today"),
        sheets=await count("SELECT COUNT(*) FROM sheet_drafts WHERE staff_id = :staff"),
    )


async def reassign(tx: Tx, staff_id: str, to: str | None, today: date) -> None:
    """All of it goes to that account, or, with None, back to everybody: on the board it is then nobody's own."""
    bound = {"staff": staff_id, "to": to, "today": today.isoformat()}
    for statement in (
        f"UPDATE needs SET by_staff = :to WHERE {_MINE}",
        "UPDATE call_backs SET by_staff = coalesce(:to, '') WHERE by_staff = :staff",
        f"UPDATE away_tasks SET by_staff = :to WHERE {_AWAY}",
        "UPDATE teams SET captain_staff = :to WHERE captain_staff = :staff",
        # Their people go along; on a list where both ring already, to the other; with nobody, among those who are left.
        f"UPDATE call_entries SET caller_id = (SELECT other.id {_BOTH} AND c.id = call_entries.caller_id) "
        f"WHERE caller_id IN (SELECT c.id {_BOTH})",
        "UPDATE call_callers SET staff_id = :to WHERE staff_id = :staff AND :to IS NOT NULL "
        "AND list_id NOT IN (SELECT list_id FROM call_callers WHERE staff_id = :to)",
        "DELETE FROM call_callers WHERE staff_id = :staff",
        "INSERT OR IGNORE INTO rota(day, part, staff_id) SELECT day, part, :to FROM rota "
        "WHERE staff_id = :staff AND day >= :today AND :to IS NOT NULL",
        "DELETE FROM rota WHERE staff_id = :staff AND day >= :today",
    ):
        await tx.execute(statement, bound)


async def unused_invites(tx: Tx, label: str, now: int) -> int:
    """How many invitations to other groups by that actor are open."""
    async with tx.execute(
        "SELECT COUNT(*) FROM invites WHERE by_actor = ? AND used_at IS NULL AND expires_at > ?", (label, now)
    ) as cursor:
        row = await cursor.fetchone()
    return int(row[0]) if row else 0


async def take_back_invites(tx: Tx, label: str) -> None:
    """Those open nothing any more."""
    await tx.execute("DELETE FROM invites WHERE by_actor = ? AND used_at IS NULL", (label,))


async def drafts_of(tx: Tx, staff_id: str) -> int:
    """How many calls somebody has half typed."""
    async with tx.execute(
        "SELECT COUNT(*) FROM drafts WHERE staff_id = ? AND sealed <> x''", (staff_id,)
    ) as cursor:
        row = await cursor.fetchone()
    return int(row[0]) if row else 0


async def delete_drafts(tx: Tx, staff_id: str) -> None:
    """Gone, also the notes that a call was taken."""
    await tx.execute("DELETE FROM drafts WHERE staff_id = ?", (staff_id,))


# --- links that nobody has opened


@dataclass(frozen=True, slots=True)
class _Kind:
    """Where links of one kind lie, and the line of the audit that says who made the last one."""

    table: str
    object: str
    action: str
    code: str = ""
    to: LinkTo | None = None
    named: str = "t.id"
    """How ``Relink`` names it."""
    live: str = "1"
    """That it still takes a link."""

    @property
    def ended(self) -> str:
        """The line of the audit that one was ended because its maker left."""
        return f"{self.action}_ended"


_KINDS = (
    _Kind("assignments", "'need:' || t.need_id", "task.link", "task"),
    _Kind(
        "away_tasks", "'away:' || t.id", "task.link", to=LinkTo.AWAY,
        named="t.peer || '/' || t.public_id", live="t.state IN ('proposed','interested','approved','contacted')",
    ),
    _Kind("runs", "'run:' || t.id", "run.link", to=LinkTo.RUN, live="t.state IN ('planned','under_way')"),
    _Kind("teams", "'street_team:' || t.id", "street_team.link", to=LinkTo.STREET_TEAM),
    _Kind(
        "call_callers", "'calls:' || t.list_id", "calls.link", "caller", LinkTo.CALLS, named="t.list_id",
        live="t.list_id IN (SELECT id FROM call_lists WHERE state <> 'ended')",
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Unopened:
    """One of them. ``object``: how the audit names what it is for; ``task``: of a task of ours, its id; ``ended``: the
    action to record."""

    table: str
    id: str
    object: str
    task: str
    ended: str


async def unopened(tx: Tx, staff_id: str, label: str, now: int) -> tuple[int, list[Unopened]]:
    """Unused links to own pages that this account made (how many), and its other links that no device has opened."""
    rows = await tx.execute_fetchall(
        "SELECT COUNT(*) FROM own_links WHERE by_staff = ? AND expires_at > ?", (staff_id, now)
    )
    found = []
    for kind in _KINDS:
        same = f" AND json_extract(l.codes, '$.{kind.code}') = t.id" if kind.code else ""
        made = (
            f"SELECT l.actor FROM audit l WHERE l.object = {kind.object} AND l.action = '{kind.action}'{same} "
            "ORDER BY l.seq DESC LIMIT 1"
        )
        for row in await tx.execute_fetchall(
            f"SELECT t.id, {kind.object} FROM {kind.table} t "
            f"WHERE t.link_hash IS NOT NULL AND t.device_hash IS NULL AND ({made}) = ? ORDER BY t.id",
            (label,),
        ):
            task = row[0] if kind.table == "assignments" else ""
            found.append(Unopened(kind.table, str(row[0]), str(row[1]), str(task), kind.ended))
    return int(next(iter(rows))[0]), found


async def end_links(tx: Tx, staff_id: str, others: list[Unopened]) -> None:
    """None of them opens anything any more."""
    await tx.execute("DELETE FROM own_links WHERE by_staff = ?", (staff_id,))
    for each in others:
        await tx.execute(f"UPDATE {each.table} SET link_hash = NULL WHERE id = ?", (each.id,))


async def to_link_again(tx: Tx, staff_id: str) -> list[tuple[NeedId, str]]:
    """Requests with a helper whose link was ended when that account left, and who has no new one: (id, reference)."""
    rows = await tx.execute_fetchall(
        "SELECT DISTINCT n.id, n.reference FROM audit l JOIN needs n ON l.object = 'need:' || n.id "
        "JOIN assignments a ON a.id = json_extract(l.codes, '$.task') AND a.link_hash IS NULL "
        "AND a.state IN ('proposed','interested','approved','contacted') "
        "WHERE l.action = 'task.link_ended' AND json_extract(l.codes, '$.left') = ? ORDER BY n.reference",
        (staff_id,),
    )
    return [(NeedId(row[0]), str(row[1])) for row in rows]


async def others_to_link_again(tx: Tx, staff_id: str) -> list[Relink]:
    """What else lost its link when that account left, is not over, and has no new one."""
    found = set()
    for kind in _KINDS:
        if kind.to is None:
            continue
        rows = await tx.execute_fetchall(
            f"SELECT DISTINCT {kind.named} FROM audit l JOIN {kind.table} t ON t.id = json_extract(l.codes, '$.row') "
            f"AND l.object = {kind.object} AND t.link_hash IS NULL AND {kind.live} "
            f"WHERE l.action = '{kind.ended}' AND json_extract(l.codes, '$.left') = ?",
            (staff_id,),
        )
        found |= {Relink(kind.to, str(row[0])) for row in rows}
    return sorted(found)


async def ended_links(tx: Tx, staff_id: str) -> MadeLinks:
    """How many were ended when that account left, each time its page was pressed."""
    rows = await tx.execute_fetchall(
        "SELECT COALESCE(SUM(json_extract(codes, '$.own_links')), 0), "
        "COALESCE(SUM(json_extract(codes, '$.links')), 0) FROM audit WHERE object = ? AND action = 'staff.left'",
        (f"staff:{staff_id}",),
    )
    own_pages, others = next(iter(rows))
    return MadeLinks(own_pages=int(own_pages), others=int(others))
