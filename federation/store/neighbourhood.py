"""The neighbourhood store: one interface over ``neighbourhood.db``. Its verbs are all that the other rooms
see.

Ingest is ``held(keys)`` -> pure verdicts -> ``apply(batch)``; a very large aggregator can put another
database behind the same verbs. Nothing in here is precious: a lost file, or lost last commits, are made good
by the next rounds.
"""

import secrets
from collections.abc import Callable, Collection, Iterable, Sequence
from pathlib import Path

from federation.ports import Clock
from federation.store import counting, groups, judging, talks, writing
from federation.store.database import Database, Tx
from federation.store.outgoing import Outgoing
from federation.store.rows import (
    Allowance,
    Batch,
    HeldHead,
    HeldOrigin,
    HeldPage,
    Key,
    PeerTalk,
    Proof,
    Quarantined,
    SetHeld,
)
from federation.store.schema import SETS
from federation.store.shown import Shown
from protocol.head import Entry
from protocol.trust import Advice, Farewell, Vouch


class NeighbourhoodStore(Outgoing, Shown):
    """Made by :meth:`open`."""

    @classmethod
    async def open(
        cls,
        path: Path,
        *,
        clock: Clock,
        own_origin: str | None = None,
        random: Callable[[int], bytes] = secrets.token_bytes,
    ) -> "NeighbourhoodStore":
        """Opens or creates the file.

        A new incarnation is drawn unless the file was closed cleanly: after a power cut the last arrival
        numbers may be handed out a second time, and a peer that holds such a cursor must be told that it is
        lost.
        """
        db = await Database.open(path)
        async with db.write(durable=True) as tx:
            found = await tx.execute_fetchall("SELECT name, value FROM meta")
            meta: dict[str, str] = {row[0]: row[1] for row in found}
            incarnation = meta.get("incarnation") if meta.get("clean") == "1" else None
            incarnation = incarnation or random(8).hex()
            rows = {"incarnation": incarnation, "clean": "0", "newest": meta.get("newest", "0")}
            await tx.executemany("INSERT OR REPLACE INTO meta (name, value) VALUES (?, ?)", rows.items())
        return cls(db, clock, own_origin, incarnation)

    async def close(self) -> None:
        """Marks the file as cleanly closed and closes it."""
        async with self._db.write(durable=True) as tx:
            await tx.execute("UPDATE meta SET value = '1' WHERE name = 'clean'")
        await self._db.close()

    @property
    def started_anew(self) -> bool:
        """True if a broken or outdated file was thrown away at :meth:`open`."""
        return self._db.started_anew

    # What comes in

    async def held(self, keys: Collection[Key]) -> HeldPage:
        """Everything that judging these (origin, slot) needs, from one snapshot."""
        return await self._db.read_in_one_trip(lambda tx: judging.held(tx, keys))

    async def registers(self, wanted: Collection[tuple[str, str]]) -> dict[tuple[str, str], Sequence[Entry]]:
        """What is held of these (origin, set)."""
        found = await self._db.read_in_one_trip(lambda tx: judging.entries_of(tx, wanted))
        return dict[tuple[str, str], Sequence[Entry]](found)

    async def apply(self, batch: Batch) -> None:
        """One page's outcome, all of it or nothing; counts and arrival numbers change only here."""
        if not batch:
            return
        now, today = self._now(), self._today().toordinal()
        await self._db.write_in_one_trip(lambda tx: writing.apply(tx, batch, now=now, today=today))

    async def to_judge(
        self,
        touched: Collection[tuple[str, str]],
        *,
        told: Collection[tuple[str, str]],
        others: Collection[tuple[str, str]],
    ) -> list[SetHeld]:
        """Heads and digest entries of the (origin, set) that are to be held against their heads now: those that were
        ``touched``, what nobody judged yet, ``others`` excepted, and of ``told`` whatever was found to lack something.
        """

        async def asked(tx: Tx) -> list[SetHeld]:
            left = await judging.unjudged(tx) - set(others)
            lacking = await judging.incomplete(tx) & set(told)
            return await judging.sets_of(tx, {*touched, *left, *lacking})

        return await self._db.read_in_one_trip(asked)

    async def sets_held(self, wanted: Collection[tuple[str, str]]) -> list[SetHeld]:
        """Heads and digest entries of these (origin, set)."""
        return await self._db.read_in_one_trip(lambda tx: judging.sets_of(tx, wanted))

    async def heads_held(self, origins: Collection[str]) -> list[HeldHead]:
        """The heads of these origins."""
        async with self._db.read() as tx:
            return await judging.heads_of(tx, origins)

    async def holds_others(self) -> bool:
        """Whether a head of anybody but ourselves is held."""
        async with self._db.read() as tx:
            rows = await tx.execute_fetchall(
                "SELECT 1 FROM heads h JOIN origins o ON o.n = h.origin WHERE o.origin IS NOT ? LIMIT 1",
                (self.own_origin,),
            )
            return bool(list(rows))

    async def judged(self, heads: Iterable[HeldHead]) -> None:
        """Stores what was found about these sets, unless a newer head came in between."""
        rows = [
            (each.state, each.sha if each.beyond_repair else None, each.sha, SETS[each.head.set], each.origin)
            for each in heads
        ]
        if rows:
            await self._db.write_in_one_trip(lambda tx: writing.judged(tx, rows))

    async def hidden(self, reason: str, *, origin: str, limit: int) -> list[tuple[int, bytes]]:
        """(arrival number, line) of registers of one origin hidden for this reason, oldest first."""
        async with self._db.read() as tx:
            rows = await tx.execute_fetchall(
                "SELECT arrival, line FROM lines WHERE hidden = ? AND origin = "
                "(SELECT n FROM origins WHERE origin = ?) ORDER BY arrival LIMIT ?",
                (reason, origin, limit),
            )
            return [(row[0], row[1]) for row in rows]

    async def unhide(self, arrivals: Sequence[int], allowances: Collection[Allowance] = ()) -> None:
        """These hidden registers may be shown from now on, and that is what it takes off allowances."""
        async with self._db.write() as tx:
            await writing.put_allowances(tx, allowances)
            await writing.unhide(tx, arrivals, today=self._today().toordinal())

    async def hide_as(self, reason: str, arrivals: Sequence[int]) -> None:
        """These hidden registers are hidden for another reason from now on."""
        async with self._db.write() as tx:
            await tx.executemany(
                "UPDATE lines SET hidden = ? WHERE arrival = ? AND hidden IS NOT NULL",
                [(reason, arrival) for arrival in arrivals],
            )

    async def allowances(self, origins: Collection[str]) -> dict[tuple[str, str], Allowance]:
        """What these origins may still change, by (origin, set); nothing of a set that brought no summary yet."""
        async with self._db.read() as tx:
            return await judging.allowances_of(tx, origins)

    async def waiting(self, reason: str) -> set[str]:
        """Origins of which something is hidden for this reason."""
        async with self._db.read() as tx:
            rows = await tx.execute_fetchall(
                "SELECT DISTINCT o.origin FROM lines l JOIN origins o ON o.n = l.origin WHERE l.hidden = ?",
                (reason,),
            )
            return {row[0] for row in rows}

    async def show_only(self, origins: Collection[str]) -> None:
        """Shows what is held of exactly these origins, and hides everything of all others, at once."""
        async with self._db.write() as tx:
            rows = await tx.execute_fetchall("SELECT origin FROM origins")
            others = {row[0] for row in rows} - set(origins)
            await writing.block(tx, others, today=self._today().toordinal())

    async def drop(self, origins: Collection[str]) -> int:
        """Deletes everything of these origins but their keys and farewells; returns how many lines."""
        async with self._db.write() as tx:
            return await groups.drop(tx, origins)

    async def hiding(self, origins: Collection[str]) -> set[str]:
        """Those of these origins of which something is kept hidden."""
        known = await self._db.read_in_one_trip(lambda tx: judging.origins_of(tx, origins))
        return {name for name, held in known.items() if held.hides}

    # What groups say of groups

    async def vouches(self, hubs: Collection[str]) -> tuple[list[Vouch], list[groups.Admission]]:
        """Vouches of these origins that count today, oldest first, and which vouches were counted in. Anybody
        may publish thousands: those of others are not looked at."""
        async with self._db.read() as tx:
            return await groups.vouches(tx, hubs, today=self._today()), await groups.admitted(tx)

    async def admit(self, new: Iterable[groups.Admission], gone: Iterable[groups.Admission]) -> None:
        """Counts vouches in, and forgets those that are over."""
        async with self._db.write() as tx:
            await groups.admit(tx, new, gone)

    async def advice(self) -> list[Advice]:
        """What others advise against, as far as it counts today."""
        async with self._db.read() as tx:
            return await groups.advice(tx, today=self._today())

    async def farewells(self) -> list[Farewell]:
        """Of every origin that said goodbye and did not come back."""
        async with self._db.read() as tx:
            return await groups.farewells(tx)

    async def expire(self) -> int:
        """Takes out of sight what is over by today; returns how many lines were deleted. Run daily, and at
        start."""
        async with self._db.write() as tx:
            return await writing.expire(tx, today=self._today().toordinal())

    async def origin(self, origin: str) -> HeldOrigin:
        """What is known of one origin: its op key, epoch, totals."""
        async with self._db.read() as tx:
            return (await judging.origins_of(tx, [origin]))[origin]

    async def own_position(self, origin: str) -> tuple[int, int] | None:
        """The highest (epoch, seq) held of that origin; None if nothing is."""
        async with self._db.read() as tx:
            rows = list(
                await tx.execute_fetchall(
                    "SELECT l.epoch, max(l.seq) FROM lines l JOIN origins o ON o.n = l.origin "
                    "WHERE o.origin = ? AND l.kind > 0 GROUP BY 1 ORDER BY 1 DESC LIMIT 1",
                    (origin,),
                )
            )
            return (rows[0][0], rows[0][1]) if rows else None

    # Talks

    async def cursor(self, peer: str, allowed: str) -> str | None:
        """How far we read this peer's feed with this list of allowed origins."""
        async with self._db.read() as tx:
            return await talks.cursor(tx, peer, allowed)

    async def forget_cursor(self, peer: str) -> None:
        """The next round with this peer begins at the beginning."""
        async with self._db.write() as tx:
            await talks.forget_cursor(tx, peer)

    async def peer_states(self) -> list[PeerTalk]:
        """What became of the talks with each peer."""
        async with self._db.read() as tx:
            return await talks.states(tx)

    async def peer_state(self, peer: str) -> PeerTalk:
        """What became of the talks with this one; as good as nothing if there was none."""
        async with self._db.read() as tx:
            return next(iter(await talks.states(tx, peer)), PeerTalk(peer=peer))

    async def put_peer_state(self, talk: PeerTalk) -> None:
        """Remembers how a talk went."""
        async with self._db.write() as tx:
            await talks.put_state(tx, talk)

    async def quarantined(self, limit: int = 100) -> list[Quarantined]:
        """The newest refused lines, each with its reason."""
        async with self._db.read() as tx:
            return await talks.quarantined(tx, limit)

    async def proofs(self, origin: str | None = None) -> list[Proof]:
        """Pairs of lines by which an origin contradicts itself."""
        async with self._db.read() as tx:
            return await talks.proofs(tx, origin)

    async def count_faults(self) -> list[tuple[object, ...]]:
        """Counts that differ from their lines; empty unless something is broken."""
        async with self._db.read() as tx:
            return await counting.faults(tx)
