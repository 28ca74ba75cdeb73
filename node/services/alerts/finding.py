"""What there is to tell to whom, read from the rows and written down. Cut off anywhere and run again it finds the rest,
and nothing twice."""

from collections import defaultdict
from collections.abc import Collection, Mapping

from node.domain.ids import new_id
from node.domain.notices.alerts import LASTS, Kind, Thing, When, goes_at, hears, kind_of, known_already
from node.domain.notices.notice import DIGEST_HOUR
from node.services.alerts.things import can_send, listeners, waiting
from node.services.board.shifts import present
from node.services.desk import Desk
from node.store import alert_choices, alert_messages, settings
from node.store.alert_messages import AlertMessage
from node.store.db import Tx


class Finding:
    """The job that writes messages down. Works while locked."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def find(self) -> int:
        """How many messages were begun, or got more to tell."""
        desk = self._desk
        async with desk.db.read() as tx:
            if not await alert_choices.anybody(tx) or not await can_send(tx):
                return 0
            daily = await self._new_day(tx)
            quiet = (
                await settings.get(tx, settings.QUIET_FROM),
                await settings.get(tx, settings.QUIET_UNTIL),
            )
            found = await self._found(tx, daily=daily)
        if not found and not daily:
            return 0

        async def work(tx: Tx) -> int:
            if daily:
                await settings.put(tx, settings.ALERT_DAY, desk.today.isoformat())
            return sum([await self._write(tx, handle, things, quiet) for handle, things in found.items()])

        return await desk.db.write_in_one_trip(work)

    async def _new_day(self, tx: Tx) -> bool:
        desk = self._desk
        if desk.zone.moment(desk.now).hour < DIGEST_HOUR:
            return False
        return await settings.get(tx, settings.ALERT_DAY) != desk.today.isoformat()

    async def _found(self, tx: Tx, *, daily: bool) -> Mapping[str, list[tuple[Thing, When]]]:
        """By sign-in name, what is new to that account, and how it is told."""
        found: dict[str, list[tuple[Thing, When]]] = defaultdict(list)
        everybody = await listeners(tx)
        if not everybody:
            return found
        known = {each.handle: await alert_messages.told(tx, each.handle) for each in everybody}
        on_now = await present(tx, self._desk)
        for thing in await waiting(tx, self._desk):
            for when in (When.AT_ONCE, When.DAILY) if daily else (When.AT_ONCE,):
                for each in hears(thing, everybody, on_now, when=when):
                    if not known_already(thing, known[each.handle]):
                        found[each.handle].append((thing, when))
        return found

    async def _write(
        self, tx: Tx, handle: str, found: Collection[tuple[Thing, When]], quiet: tuple[int, int]
    ) -> int:
        desk, many = self._desk, 0
        row = await alert_choices.get(tx, handle)
        known = await alert_messages.told(tx, handle)
        if row is None or not row.told:
            return 0  # meanwhile taken away
        for kind in (Kind.SAFETY, Kind.NEWS):
            told = [each for each in found if kind_of(each[0]) is kind and each[0].key not in known]
            if not told:
                continue
            bundle = all(when is When.AT_ONCE for _, when in told)
            due = goes_at([thing for thing, _ in told], desk.now, quiet, desk.zone, bundle=bundle)
            message = await alert_messages.open_news(tx, handle) if kind is Kind.NEWS else None
            if message is None:
                message = AlertMessage(
                    id=new_id(desk.random),
                    handle=row.handle,
                    kind=kind,
                    due=due,
                    ends=due + LASTS[kind],
                    created_at=desk.now,
                )
                await alert_messages.insert(tx, message)
            else:
                await alert_messages.sooner(tx, message.id, due)
            await alert_messages.tell(
                tx, row.handle, message.id, [thing.key for thing, _ in told], desk.today
            )
            many += 1
        return many
