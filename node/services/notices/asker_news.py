"""What somebody who asked on the page is told: found from the rows, and looked at again when it goes."""

from collections.abc import Sequence
from dataclasses import dataclass

from node.domain.assignment_lifecycle import FILLS_A_PLACE
from node.domain.ids import PersonId
from node.domain.notices.asking import FRESH, Stands, Told, about, holds, news
from node.domain.notices.notice import State
from node.services.desk import Desk
from node.services.dispatch.its_day import on_its_round
from node.store import asking_links, assignments, feedback, needs, notices
from node.store.asking_links import AskingLink
from node.store.db import Tx
from node.vault import Compartment


@dataclass(frozen=True, slots=True, kw_only=True)
class PrivatePage:
    """Where she reads the rest, and in which language she asked."""

    path: str
    language: str


class AskerNews:
    """Looks at requests behind private links while a read lasts."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def due(self, tx: Tx) -> Sequence[tuple[PersonId, Told]]:
        """Everything that there is to tell anybody now; nothing of a request of which a message still waits. Works
        while locked."""
        now, found = self._desk.now, list[tuple[PersonId, Told]]()
        for link in await asking_links.changed_since(tx, now - FRESH, now):
            stands = await self._stands(tx, link)
            reader = link.told(stands.need.person_id) if stands else None
            if stands is None or reader is None or not stands.is_news(now):
                continue
            before = await notices.beginning_with(tx, about(link.need_id))
            if any(state is State.WAITING for _, state in before):
                continue
            known = Told.of(before[0][0]) if before else None
            if (told := news(stands, known)) is not None:
                found.append((reader, told))
        return found

    async def page(self, tx: Tx, things: Sequence[str]) -> PrivatePage | None:
        """Her private page, as long as that is how her request stands; else None. Raises ``Locked``."""
        told = Told.of(things[0]) if things else None
        link = await asking_links.of_need(tx, told.need_id, self._desk.now) if told else None
        if told is None or link is None or link.sealed is None:
            return None
        stands = await self._stands(tx, link)
        if stands is None or not holds(told, stands):
            return None
        held = self._desk.vault.open(Compartment.PEOPLE, "asking_links", link.need_id, link.sealed)
        return PrivatePage(path=f"/a/{held['token']}", language=str(held["language"]))

    async def _stands(self, tx: Tx, link: AskingLink) -> Stands | None:
        row = await needs.get(tx, link.need_id)
        if row is None:
            return None
        tasks = [each for each in await assignments.of_need(tx, link.need_id) if each.round == row.need.round]
        said = await feedback.of_need(tx, link.need_id)
        coming = [each for each in tasks if each.state in FILLS_A_PLACE]
        need, moved = await on_its_round(tx, row.need, coming[0]) if coming else (row.need, 0)
        return Stands(
            need=need,
            coming=tuple(each.id for each in coming),
            changed_at=max(row.need.changed_at, *(each.changed_at for each in tasks), moved),
            said=any(each.assignment_id is None for each in said),
            off_by_her=link.ended_at is not None,
        )
