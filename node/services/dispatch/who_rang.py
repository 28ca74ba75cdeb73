"""Who rang for somebody else, put right: at this request, at what came of the same call, and wherever it was written
down alike for the same person, so that the next call is known by the right number and by no other.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from node.domain.actors import Actor
from node.domain.dispatch.who_rang import changes, problems
from node.domain.ids import NeedId
from node.domain.need import CallerDetails
from node.domain.permissions import Permission, require
from node.errors import N_, Invalid
from node.services.desk import Desk
from node.services.dispatch import series_records
from node.services.dispatch.corrections import held, keep
from node.services.intake import callers
from node.store import asking_links, needs, series
from node.store.db import Tx
from node.store.needs import NeedRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Rang:
    """As it is written down now. ``elsewhere``: other requests of the same person say the same."""

    caller: CallerDetails | None
    elsewhere: bool


class WhoRang:
    """One verb, and what it starts from. Both raise ``Conflict("erased")``, ``Locked``, ``NotAllowed``,
    ``NotFound``."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def now(self, actor: Actor, need_id: NeedId) -> Rang:
        """For whoever looked (``Board.need`` with ``reveal`` writes that down)."""
        _may(actor)
        async with self._desk.db.read() as tx:
            row = await held(tx, self._desk, need_id)
            caller = self._desk.open_need(row).caller
            return Rang(
                caller=caller, elsewhere=caller is not None and len(await self._alike(tx, row, caller)) > 1
            )

    async def change(
        self, actor: Actor, need_id: NeedId, said: CallerDetails | None, *, everywhere: bool = False
    ) -> Sequence[str]:
        """Who rang, or that nobody did (None); returns the fields that changed, which the history of each request
        names. It holds for all that came of that call; ``everywhere``: for whatever else says the same of the
        same person, and for what repeats.

        On whose private link somebody asked for another, is told by messages as far as that is so from now on: nobody
        but the person herself once nobody asked for her. Raises ``Invalid`` with the fields.
        """
        _may(actor)
        desk = self._desk
        if wrong := problems(said):
            raise Invalid("caller", N_("Some answers need another look."), fields=wrong)
        async with desk.db.write() as tx:
            row = await held(tx, self._desk, need_id)
            before = desk.open_need(row).caller
            found = changes(before, said)
            if not found:
                return ()
            # Of a person for whom nobody rang before, other calls were her own.
            everywhere = everywhere and before is not None
            for each in await self._alike(tx, row, before):
                if everywhere or each.need.created_at == row.need.created_at:
                    await self._put(tx, each, said)
                    await keep(tx, desk, actor, each.need.id, found)
            await self._in_what_repeats(tx, row, before, said, everywhere=everywhere)
        return tuple(found)

    async def _put(self, tx: Tx, row: NeedRow, said: CallerDetails | None) -> None:
        desk = self._desk
        details = replace(desk.open_need(row), caller=said)
        need = replace(row.need, changed_at=desk.now)
        row = replace(row, need=need, sealed=desk.seal_need(need.id, details))
        await needs.update(tx, row)
        await callers.note(tx, desk, row)
        await asking_links.asked_for(tx, need.id, other=said is not None)

    async def _in_what_repeats(
        self,
        tx: Tx,
        row: NeedRow,
        before: CallerDetails | None,
        said: CallerDetails | None,
        *,
        everywhere: bool,
    ) -> None:
        """What will be asked for on later days says the same."""
        desk, need = self._desk, row.need
        its_rule = await series.of_need(tx, need.id)
        for each, sealed in await series.of_person(tx, need.person_id or ""):
            if everywhere or (its_rule is not None and its_rule.id == each.id):
                put = series_records.with_caller(desk, each.id, sealed, before, said)
                if put is not None:
                    await series.put_sealed(tx, each.id, put)

    async def _alike(self, tx: Tx, row: NeedRow, caller: CallerDetails | None) -> list[NeedRow]:
        """Whatever is held of the same person, this request too, that names that caller."""
        found = await needs.of_person(tx, row.need.person_id) if row.need.person_id else [row]
        return [each for each in found if each.sealed and self._desk.open_need(each).caller == caller]


def _may(actor: Actor) -> None:
    require(actor, Permission.TRIAGE)
    require(actor, Permission.READ_PERSON)
