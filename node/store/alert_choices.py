"""What members of staff want to be told, by sign-in name: one row each, address and link sealed."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from node.domain.notices.alerts import AlertChoices, When
from node.store.db import Tx

_NAMES = (
    "handle", "urgent", "calls", "neighbours", "safety", "stopped", "language", "confirmed_at", "code_hash",
    "code_until", "code_tries", "link_hash", "bounced_at", "orphan_since", "changed_at", "sealed",
)  # fmt: skip
_COLUMNS = ", ".join(_NAMES)
STANDBY = "mail"


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertRow:
    """One account's. Times are Unix seconds."""

    handle: str
    choices: AlertChoices
    stopped: bool = False
    """By the link at the foot: what was chosen before stands, should she come back."""
    language: str
    """A code: how her messages are worded."""
    confirmed_at: int | None = None
    """When the address was proven hers; nothing but a code goes there before."""
    code_hash: bytes | None = None
    code_until: int | None = None
    code_tries: int = 0
    link_hash: bytes
    bounced_at: int | None = None
    """When that address was refused for good."""
    orphan_since: int | None = None
    """Since when no account has that name; None while one does."""
    changed_at: int
    devices: int = 0
    """In how many browsers she is told; kept with those."""
    sealed: bytes

    @property
    def has_address(self) -> bool:
        """Whether she gave one; without, she is told in browsers alone."""
        return self.confirmed_at is not None or self.code_until is not None

    @property
    def by_address(self) -> bool:
        """Whether messages may go to that address."""
        return self.confirmed_at is not None and self.bounced_at is None

    @property
    def told(self) -> bool:
        """Whether messages may go anywhere."""
        return (self.by_address or self.devices > 0) and not self.stopped


async def get(tx: Tx, handle: str) -> AlertRow | None:
    """That account's, or None."""
    found = await _select(tx, "handle = ?", handle)
    return found[0] if found else None


async def with_link(tx: Tx, link_hash: bytes) -> AlertRow | None:
    """Of whoever has that link."""
    found = await _select(tx, "link_hash = ?", link_hash)
    return found[0] if found else None


async def all_of_them(tx: Tx) -> Sequence[AlertRow]:
    """Everybody's, by sign-in name."""
    return await _select(tx, "1 ORDER BY handle")


async def anybody(tx: Tx) -> bool:
    """Whether somebody can be told at all."""
    async with tx.execute(
        "SELECT 1 WHERE EXISTS(SELECT 1 FROM alert_choices WHERE confirmed_at IS NOT NULL) "
        "OR EXISTS(SELECT 1 FROM alert_devices)"
    ) as cursor:
        return await cursor.fetchone() is not None


async def put(tx: Tx, row: AlertRow) -> None:
    """So from now on."""
    marks = ", ".join("?" for _ in _NAMES)
    pairs = ", ".join(f"{name} = excluded.{name}" for name in _NAMES if name != "handle")
    choices = row.choices
    await tx.execute(
        f"INSERT INTO alert_choices({_COLUMNS}) VALUES({marks}) ON CONFLICT(handle) DO UPDATE SET {pairs}",
        (
            row.handle,
            choices.urgent,
            choices.calls,
            choices.neighbours,
            choices.safety,
            int(row.stopped),
            row.language,
            row.confirmed_at,
            row.code_hash,
            row.code_until,
            row.code_tries,
            row.link_hash,
            row.bounced_at,
            row.orphan_since,
            row.changed_at,
            row.sealed,
        ),
    )


async def bounced(tx: Tx, handle: str, at: int) -> None:
    """The address does not work."""
    await tx.execute("UPDATE alert_choices SET bounced_at = ? WHERE handle = ?", (at, handle))


async def delete(tx: Tx, handle: str) -> bool:
    """The address, the choices, what waits and what was told; whether there was a row."""
    return (await tx.execute("DELETE FROM alert_choices WHERE handle = ?", (handle,))).rowcount == 1


async def delete_of(tx: Tx, staff_id: str) -> None:
    """The same of that account, with the readable copy of all; the others' is made again."""
    await tx.execute(
        "DELETE FROM alert_choices WHERE handle = (SELECT handle FROM staff WHERE id = ?)", (staff_id,)
    )
    await tx.execute("UPDATE alert_standby SET wrapped = x''")


async def tidy(tx: Tx, now: int, before: int) -> None:
    """Rows of no account are marked, and go when they were marked before then; a mark goes where there is one."""
    none = "NOT EXISTS(SELECT 1 FROM staff s WHERE s.handle = alert_choices.handle)"
    await tx.execute(f"DELETE FROM alert_choices WHERE {none} AND orphan_since < ?", (before,))
    await tx.execute(
        f"UPDATE alert_choices SET orphan_since = ? WHERE {none} AND orphan_since IS NULL", (now,)
    )
    await tx.execute(
        f"UPDATE alert_choices SET orphan_since = NULL WHERE NOT {none} AND orphan_since IS NOT NULL"
    )


async def standby(tx: Tx) -> bytes | None:
    """What lies ready for while the records are closed: None where no admin wants that, empty before it is filled."""
    async with tx.execute("SELECT wrapped FROM alert_standby WHERE id = ?", (STANDBY,)) as cursor:
        row = await cursor.fetchone()
    return None if row is None else bytes(row[0])


async def put_standby(tx: Tx, wrapped: bytes | None) -> None:
    """In place of what lay there; None: an admin does not want it any more."""
    await tx.execute("DELETE FROM alert_standby")
    if wrapped is not None:
        await tx.execute("INSERT INTO alert_standby(id, wrapped) VALUES(?, ?)", (STANDBY, wrapped))


async def _select(tx: Tx, condition: str, *values: Any) -> Sequence[AlertRow]:
    async with tx.execute(
        f"SELECT {_COLUMNS}, (SELECT count(*) FROM alert_devices d WHERE d.handle = alert_choices.handle) AS devices "
        f"FROM alert_choices WHERE {condition}",
        values,
    ) as cursor:
        return [_row(row) for row in await cursor.fetchall()]


def _row(row: Any) -> AlertRow:
    return AlertRow(
        handle=row["handle"],
        choices=AlertChoices(
            urgent=When(row["urgent"]),
            calls=When(row["calls"]),
            neighbours=When(row["neighbours"]),
            safety=When(row["safety"]),
        ),
        stopped=bool(row["stopped"]),
        language=row["language"],
        confirmed_at=row["confirmed_at"],
        code_hash=row["code_hash"],
        code_until=row["code_until"],
        code_tries=row["code_tries"],
        link_hash=row["link_hash"],
        bounced_at=row["bounced_at"],
        orphan_since=row["orphan_since"],
        changed_at=row["changed_at"],
        devices=row["devices"],
        sealed=row["sealed"],
    )
