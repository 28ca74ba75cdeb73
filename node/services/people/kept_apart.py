"""Who must not meet, once more, over everything that goes on: whenever a pair, a household or a record changes.

The gates (``matching.apart``) keep two people apart from then on. What is live already, and what can still be read, has
to be taken back in the same write, by the same rule: a pair holds for whoever lives with either of both.
"""

from collections.abc import Collection
from itertools import product

from node.domain.actors import Actor
from node.domain.ids import PersonId
from node.services.desk import Desk
from node.services.dispatch.moves import withdraw_beside, withdraw_between
from node.services.exchange.away_tasks import keep_back
from node.services.matching.apart import circle
from node.services.people.keeping_away import end_hand, part_buddies
from node.store import apart, series, series_hands
from node.store.db import Tx
from node.vault import Compartment


async def pairs_of(tx: Tx, desk: Desk) -> dict[str, tuple[PersonId, PersonId]]:
    """Row id -> the two of every pair. Raises ``Locked``."""
    vault = desk.vault
    opened = {
        row_id: vault.open(Compartment.PEOPLE, "apart", row_id, sealed)
        for row_id, sealed in await apart.all_of_them(tx)
    }
    return {row_id: (PersonId(pair["a"]), PersonId(pair["b"])) for row_id, pair in opened.items()}


async def point_at_the_whole(tx: Tx, desk: Desk) -> None:
    """A pair that names a part of somebody's record, noted on its page before that led to the whole, names the whole.
    Raises ``Locked``."""
    for row_id, pair in (await pairs_of(tx, desk)).items():
        one, other = [await desk.whole(tx, each) for each in pair]
        if (one, other) == pair:
            continue
        sealed = desk.vault.open(
            Compartment.PEOPLE, "apart", row_id, dict(await apart.all_of_them(tx))[row_id]
        )
        await apart.delete(tx, row_id)
        if one != other:
            named = sealed | {"a": one, "b": other}
            await apart.insert(tx, row_id, desk.vault.seal(Compartment.PEOPLE, "apart", row_id, named))


async def bring_apart(
    tx: Tx, desk: Desk, actor: Actor, around: Collection[PersonId] | None = None
) -> set[PersonId]:
    """Ends whatever brings together two who must not meet: live tasks of the one for the other, tasks of both on one
    need, links of tasks that are done, standing pairs, repeats that one took over for the other, what was handed over
    by another group.

    ``around``: only pairs that concern one of these or whoever lives with them; None: every pair. Raises ``Locked``.
    Returns whose tasks may have changed, for ``Roster.refresh``.
    """
    near: set[PersonId] | None = None
    touched: set[PersonId] = set()
    for one, other in (await pairs_of(tx, desk)).values():
        if around is not None and near is None:
            near = {each for person_id in around for each in await circle(tx, person_id)}
        ones, others = await circle(tx, one), await circle(tx, other)
        if near is not None and near.isdisjoint(ones | others):
            continue
        for a, b in _meeting(ones, others):
            await part_buddies(tx, desk, actor, a, b)
            touched |= await withdraw_beside(tx, desk, actor, a, b)
            for helper, asked_by in ((a, b), (b, a)):
                if await withdraw_between(tx, desk, actor, helper, asked_by):
                    touched.add(helper)
                await _end_hands(tx, desk, actor, helper, asked_by)
                await keep_back(tx, desk, helper, asked_by)
    return touched


def _meeting(ones: Collection[PersonId], others: Collection[PersonId]) -> list[tuple[PersonId, PersonId]]:
    """Each two of them once, in a fixed order."""
    return sorted({(min(a, b), max(a, b)) for a, b in product(ones, others) if a != b})


async def _end_hands(tx: Tx, desk: Desk, actor: Actor, helper: PersonId, asked_by: PersonId) -> None:
    for each, _ in await series.of_person(tx, asked_by):
        for hand in await series_hands.of_series(tx, each.id):
            if hand.helper_id == helper:
                await end_hand(tx, desk, actor, hand)
