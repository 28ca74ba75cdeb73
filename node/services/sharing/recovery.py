"""Before anything is signed: may this node go on with its counter, must it begin anew, or does it stop and ask?

After a backup came back, in this order: ask the neighbours what they hold of ours; put on hold what is over there and
list what only they know; only then a new epoch.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from node.domain.actors import SYSTEM, Actor
from node.domain.catalogue import Klass
from node.domain.need import NeedState
from node.domain.need_lifecycle import PUBLISHED_AS, NeedMove, PublishedAs
from node.domain.permissions import Permission, require
from node.domain.sharing import epochs
from node.domain.sharing.epochs import Decision, Facts, Stop, Why
from node.domain.sharing.publication import Content, content_of, klass_of
from node.domain.sharing.recovery import Here, There, compare
from node.domain.sharing.standing_offers import StandingOffers, offer_name
from node.errors import N_, Conflict, Misconfigured, NotFound
from node.ports import Asked, OwnHeld, OwnStatements
from node.services.accounts.keyring import Keyring
from node.services.accounts.team import Notice
from node.services.desk import Desk, need_object
from node.services.dispatch.moves import move_need
from node.store import audit, needs, own_lines, peers, published, settings
from node.store import recovery as store
from node.store.db import Tx
from node.store.published import PublishedRow
from node.store.recovery import ClosedSince, Lost
from protocol import codec
from protocol.statements import Keys, Summary, Withdrawal

_SEEN = {PublishedAs.OPEN, PublishedAs.TAKEN}
_STATES = tuple(state for state in NeedState if PUBLISHED_AS[state] in _SEEN)


@dataclass(frozen=True, slots=True, kw_only=True)
class LookedBack:
    """What the neighbours told of the time since the backup."""

    asked: int
    answered: int
    on_hold: tuple[ClosedSince, ...]
    """Everything that waits on hold for it, from before too."""
    lost: tuple[Lost, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What a person must know or do, if anything."""

    stop: Stop | None
    """Why nothing is signed."""
    since: int | None
    """Unix seconds."""
    on_hold: tuple[ClosedSince, ...]
    lost: tuple[Lost, ...]


class Recovery:
    """Decides before each signing; keeps what came to light."""

    def __init__(self, desk: Desk, keyring: Keyring, own: OwnStatements) -> None:
        self._desk = desk
        self._keyring = keyring
        self._own = own
        self._stop: Stop | None = None

    async def before_signing(self, actor: Actor, *, said: bool = False, erase: bool = False) -> Decision:
        """What the next signing does; whatever has to happen before a new epoch has happened when this returns.

        ``said``: a person wants a new epoch now; ``erase``: one in which nothing is shared. Raises ``Conflict`` with
        one of the codes of ``Stop``.
        """
        facts = await self._facts(said=said, erase=erase)
        if facts is None:
            return epochs.GO_ON
        decision = epochs.decide(facts)
        self._stop = decision.stop
        if decision.stop is not None:
            await self._note_stop(decision.stop, facts)
            raise Conflict(decision.stop, epochs.STOPS[decision.stop], hint=epochs.HINTS[decision.stop])
        if decision.begin in (Why.RESTORED, Why.BEHIND, Why.SAID):
            await self._compare(await self._own.own_held())
        return decision

    async def began(self, tx: Tx, actor: Actor, decision: Decision, epoch: int) -> None:
        """Inside the write that begins the epoch: what must be remembered of it."""
        now = self._desk.now
        by_itself = decision.begin in (Why.RESTORED, Why.BEHIND)
        if by_itself:
            await settings.put(tx, published.EPOCH_RAISED_AT, now)
        if decision.begin is Why.BEHIND:
            await settings.put(tx, store.BEHIND_AT, now)
        if await settings.get(tx, settings.RESTORED_AT) is not None:
            # Each is asked as soon as it can be written to: ``services.exchange``.
            every = [peer.origin for peer in await peers.all_of_them(tx) if peer.state == "active"]
            await settings.put(tx, store.STILL_TO_ASK, every)
        for done in (settings.RESTORED_AT, store.STOPPED_AT, store.WAITS_SINCE):
            await settings.take_out(tx, done)
        await audit.append(
            tx,
            self._desk.clock,
            actor,
            "publish.epoch",
            f"epoch:{epoch}",
            codes={"why": str(decision.begin), "restored": decision.begin is Why.RESTORED},
        )

    async def outdated(self) -> bool:
        """Whether our lines are signed under a keys line that counts no more: the neighbourhood holds a later one."""
        async with self._desk.db.read() as tx:
            row = await own_lines.get(tx, "keys")
        return row is not None and (await self._own.own_standing()).keys_rev > row.seq

    async def look_back(self) -> LookedBack:
        """Asks every neighbour what it holds of ours, and takes down what it knows better; signs nothing."""
        asked = await self._own.fetch_back()
        async with self._desk.db.read() as tx:
            restored = await settings.get(tx, settings.RESTORED_AT) is not None
        if restored:
            await self._compare(await self._own.own_held())
        standing = await self.standing()
        return LookedBack(
            asked=asked.asked, answered=asked.answered, on_hold=standing.on_hold, lost=standing.lost
        )

    async def standing(self) -> Standing:
        """What stands open; codes and days only, also while locked."""
        async with self._desk.db.read() as tx:
            stopped = await settings.get(tx, store.STOPPED_AT)
            waits = await settings.get(tx, store.WAITS_SINCE)
            on_hold, lost = tuple(await store.closed_since(tx)), tuple(await store.lost(tx))
        stop, since = self._stop, None
        if stopped is not None:
            stop, since = Stop.SECOND_COPY, stopped
        elif waits is not None:
            stop, since = Stop.RESTORE_WAITS, waits
        return Standing(stop=stop, since=since, on_hold=on_hold, lost=lost)

    async def notices(self) -> Sequence[Notice]:
        """What every member of staff should see until it is put right."""
        standing = await self.standing()
        found = []
        if standing.stop is not None:
            found.append(Notice(str(standing.stop), epochs.STOPS[standing.stop], {}))
        if standing.on_hold:
            found.append(
                Notice(
                    "closed_since",
                    N_("Closed since the backup? On hold until somebody has asked: %(count)s."),
                    {"count": str(len(standing.on_hold))},
                )
            )
        if standing.lost:
            found.append(
                Notice(
                    "lost",
                    N_("Lost with the old machine, but known to neighbouring groups: %(count)s."),
                    {"count": str(len(standing.lost))},
                )
            )
        return found

    async def settle(self, actor: Actor, public_id: str) -> None:
        """Somebody has found out about a lost request: taken down again, or over. Raises ``NotFound``."""
        require(actor, Permission.DISPATCH)
        async with self._desk.db.write() as tx:
            if not await store.settle_lost(tx, public_id, self._desk.now, actor.label):
                raise NotFound("no_such_lost", N_("This is off the list already."))
            await self._desk.record(tx, actor, "lost.settled", f"lost:{public_id}")

    # --- inside

    async def _facts(self, *, said: bool, erase: bool) -> Facts | None:
        async with self._desk.db.read() as tx:
            origin, row = await settings.get(tx, settings.ORIGIN), await own_lines.get(tx, "keys")
            if not origin or row is None:
                return None
            held = await published.position(tx)
            restored_at = await settings.get(tx, settings.RESTORED_AT)
            raised_at = await settings.get(tx, published.EPOCH_RAISED_AT)
            behind_at = await settings.get(tx, store.BEHIND_AT)
            stopped = await settings.get(tx, store.STOPPED_AT) is not None
        asked = Asked(asked=0, answered=0)
        if restored_at is not None:
            # What went out since the backup was made decides where the new epoch begins.
            asked = await self._own.fetch_back()
        seen = await self._own.own_standing()
        keys = codec.read_line(row.line).statement
        return Facts(
            now=self._desk.now,
            held=held,
            seen=seen.position,
            contradicted=seen.contradicted,
            floor=row.epoch,
            key_named=isinstance(keys, Keys) and keys.op_key == self._key_did(),
            keys_behind=seen.keys_rev > row.seq,
            restored_at=restored_at,
            peers_asked=asked.asked,
            peers_answered=asked.answered,
            raised_at=raised_at or None,
            behind_at=behind_at,
            stopped=stopped,
            said=said,
            erase=erase,
        )

    def _key_did(self) -> str:
        try:
            return self._keyring.load().did
        except Misconfigured:
            if self._keyring.exists():
                raise  # damaged, or readable by others: that has words of its own
            return ""

    async def _note_stop(self, stop: Stop, facts: Facts) -> None:
        setting = {Stop.SECOND_COPY: store.STOPPED_AT, Stop.RESTORE_WAITS: store.WAITS_SINCE}.get(stop)
        if setting is None:
            return
        async with self._desk.db.write() as tx:
            if await settings.get(tx, setting) is None:
                await settings.put(tx, setting, facts.now)
                await audit.append(
                    tx, self._desk.clock, SYSTEM, "publish.stop", "node", codes={"why": str(stop)}
                )

    async def _compare(self, held: OwnHeld) -> None:
        """Puts on hold what is over at the neighbours, lists what only they know."""
        desk = self._desk
        async with desk.db.write() as tx:
            position = await published.position(tx)
            if position is None or held.position is None or held.position <= position:
                return
            rows = await published.all_of(tx)
            out = {row.need_id: row for row in rows if row.kind == "summary"}
            home = await settings.get(tx, settings.PLACE)
            here = []
            for row in await needs.in_states(tx, _STATES):
                need = row.need
                partition = desk.partitions.get(klass_of(need, desk.catalogue))
                cell = need.cell or (partition.label(*home) if partition and home else None)
                if partition is None or cell is None or klass_of(need, desk.catalogue) is Klass.C:
                    continue
                was = out.get(need.id)
                here.append(
                    Here(
                        need_id=need.id,
                        content=content_of(need, cell=cell, residents=partition.residents(cell)),
                        public_id=was.public_id if was else None,
                        set_name=was.set_name if was else "",
                    )
                )
            found = compare(
                here,
                # An offer has no need behind it: below.
                [_there(each) for each in held.items if getattr(each, "kind", "need") == "need"],
                known={row.public_id for row in rows},
                same_epoch=held.position[0] == position[0],
                whole=held.whole,
            )
            await self._compare_offers(tx, out, held)
            heard = desk.zone.day(held.heard or desk.now)
            for need_id, how in found.closed:
                row = await desk.need_row(tx, need_id)
                await move_need(tx, desk, SYSTEM, row, NeedMove.HOLD, until=desk.today)
                since = ClosedSince(need_id=need_id, how=how, heard_day=heard, found_at=desk.now)
                await store.put_closed(tx, since)
                await desk.record(
                    tx, SYSTEM, "need.closed_since", need_object(need_id), how=str(how), day=heard.isoformat()
                )
            for lost in found.lost:
                if lost.content is not None:
                    await store.add_lost(
                        tx,
                        Lost(
                            public_id=lost.public_id,
                            set_name=lost.set_name,
                            content=lost.content,
                            found_at=desk.now,
                        ),
                    )

    async def _compare_offers(self, tx: Tx, out: Mapping[str, PublishedRow], held: OwnHeld) -> None:
        """What the group offered when the backup was made, and took back since, is not offered again."""
        offers = StandingOffers.of(await settings.get(tx, settings.OFFERS))
        seen: dict[str, set[str]] = {}
        for each in held.items:
            if isinstance(each, Summary) and each.kind == "offer":
                seen.setdefault(each.category, set()).add(each.set)
        ended = {each.id for each in held.items if isinstance(each, Withdrawal)}
        rows = {code: out[offer_name(code)] for code in offers.since if offer_name(code) in out}
        over = {code for code, row in rows.items() if row.public_id in ended or row.set_name in held.whole}
        left = offers.standing(seen, over)
        if left != offers:
            await settings.put(tx, settings.OFFERS, left.record())
            await self._desk.record(
                tx, SYSTEM, "share.offers", "group", share=str(left.share), kinds=len(left.since)
            )


def _there(statement: Summary | Withdrawal) -> There:
    content = Content.of(statement) if isinstance(statement, Summary) else None
    return There(public_id=statement.id, set_name=statement.set, content=content)
