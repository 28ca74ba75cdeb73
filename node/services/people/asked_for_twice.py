"""Somebody for whom another asked on the page, and asked again: she may have no number of her own there, and an address
in other words, so she is known by who asked for her. Offered to be made one; nothing is made one by itself."""

from itertools import combinations

from node.domain.ids import NeedId, PersonId
from node.domain.intake.intake_rules import same_name
from node.services.desk import Desk
from node.store import merges, needs, persons
from node.store.db import Tx


async def pairs(tx: Tx, desk: Desk, of: PersonId | None = None) -> list[tuple[PersonId, PersonId]]:
    """Records for whom the same number asked, under what may be one name; not those that somebody said are two people.
    ``of``: only pairs with that one in them. Raises ``Locked``."""
    by_asker: dict[bytes, dict[PersonId, str]] = {}
    for need_id, person_id in await merges.asked_for_others(tx):
        asker = await _asker(tx, desk, need_id)
        row = await persons.get(tx, person_id)
        name = desk.open_person(row).name.strip() if row else ""
        if asker and name:
            by_asker.setdefault(asker, {})[person_id] = name
    found = []
    for names in by_asker.values():
        for one, other in combinations(sorted(names), 2):
            if of is not None and of not in (one, other):
                continue
            if same_name(names[one], names[other]) and not await merges.told_two(tx, one, other):
                found.append((one, other))
    return sorted(set(found))


async def _asker(tx: Tx, desk: Desk, need_id: NeedId) -> bytes:
    """The number of whoever asked, as it is looked up; empty for none."""
    row = await needs.get(tx, need_id)
    if row is None or not row.sealed:
        return b""
    caller = desk.open_need(row).caller
    return desk.vault.blind("phone", caller.phone) if caller is not None and caller.phone.strip() else b""
