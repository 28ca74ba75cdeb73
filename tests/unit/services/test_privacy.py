"""When something goes out and under which number says nothing of when it came in; ids say nothing at all; a small
group is not public under its own name.
"""

from collections import Counter

import pytest

from node.domain.actors import CONSOLE, SYSTEM
from node.domain.need import CloseReason, People, Share, Urgency
from node.errors import Invalid, NotAllowed
from node.services.sharing.privacy import Privacy
from node.store import published
from protocol import codec
from protocol.statements import Summary
from tests.unit.services.test_publishing import Shop, crowd, shop, with_table

__all__ = ["shop"]


async def out(shop: Shop) -> dict[str, Summary]:
    """What is out, by need."""
    async with shop.office.db.read() as tx:
        rows = await published.all_of(tx)
    found = {row.need_id: codec.read_line(row.line).statement for row in rows if row.kind == "summary"}
    return {need: each for need, each in found.items() if isinstance(each, Summary)}


async def test_the_slot_is_the_clock_s_and_not_the_caller_s(shop: Shop) -> None:
    await shop.shared(all=Share.PUBLIC)
    await shop.publishing.slot()
    appeared: dict[str, set[int]] = {"urgent": set(), "other": set()}
    taken: dict[str, tuple[str, int]] = {}
    seen: set[str] = set()
    start = shop.office.clock.now()
    for minute in range(1, 121):
        shop.office.clock.advance(minutes=1)
        if minute % 7 == 0:
            need = await shop.office.need("groceries")
            taken[need] = ("other", minute)
        if minute % 11 == 0:
            need = await shop.office.need("groceries", urgency=Urgency.TODAY)
            taken[need] = ("urgent", minute)
        if shop.office.clock.now().minute % 10 == 0:
            await shop.publishing.slot()
            for need in set(await out(shop)) - seen:
                seen.add(need)
                kind, came = taken[need]
                appeared[kind].add(minute)
                # the first slot of its kind after it came, whatever the minute
                step = 60 if kind == "other" else 10
                assert minute == -(-came // step) * step or minute % 60 == 0
    assert start.minute == 0
    assert appeared["other"] <= {60, 120}
    assert all(minute % 10 == 0 for minute in appeared["urgent"])
    assert len(seen) == len(taken)
    # The signed line holds days only, and nothing that a clock could be read from.
    for statement in (await out(shop)).values():
        assert not [value for value in statement.body().values() if type(value) is int and value > 10_000_000
                    and value != statement.epoch]  # fmt: skip


async def test_numbers_are_given_in_no_order(shop: Shop) -> None:
    await shop.shared(all=Share.PUBLIC)
    order = [await shop.office.need("groceries") for _ in range(60)]
    await shop.publishing.publish(CONSOLE)
    found = await out(shop)
    ranks = sorted(order, key=lambda need: found[need].seq)
    count = len(order)
    # Neither by when they came nor by our own numbers: of 60 in chance order outside that once in fifty, else 1.
    for sorting in (order, sorted(order)):
        moved = sum((sorting.index(need) - place) ** 2 for place, need in enumerate(ranks))
        assert abs(1 - 6 * moved / (count * (count**2 - 1))) < 0.3


async def test_ids_cannot_be_linked(shop: Shop) -> None:
    await shop.shared(all=Share.PUBLIC)
    needs = [await shop.office.need("groceries") for _ in range(40)]
    await shop.publishing.publish(CONSOLE)
    first = await out(shop)
    for need in needs[:20]:
        await shop.office.dispatch.close(shop.office.ana, need, CloseReason.COMPLETED)
    shop.office.clock.advance(hours=1)
    await shop.publishing.publish(CONSOLE)
    for need in needs[:20]:
        await shop.office.dispatch.reopen(shop.office.ana, need)
    shop.office.clock.advance(hours=1)
    await shop.publishing.publish(CONSOLE)
    second = await out(shop)
    await shop.publishing.publish(CONSOLE, anew=True)
    third = await out(shop)
    ids = {each.id for part in (first, second, third) for each in part.values()}
    assert len(ids) == 40 + 20 + 40, "reopened or in a new epoch: another id, every time"
    # Neither our own number of the need nor a shared beginning stands in them.
    assert not {need for need in needs for public in ids if need in public or public in need}
    beginnings = Counter(public[:3] for public in ids)
    assert max(beginnings.values()) <= 2
    async with shop.office.db.read() as tx:
        lines = b"".join(row.line for row in await published.all_of(tx))
    for need in needs:
        reference = (await shop.office.board.need(shop.office.ana, need)).need.reference
        assert need.encode() not in lines
        assert reference.encode() not in lines


async def test_a_small_group_is_not_public_under_its_own_name(shop: Shop) -> None:
    with_table(shop.office, crowd())
    shop.publishing = shop.again()
    privacy = Privacy(shop.office.desk)
    assert await privacy.served() is None
    await shop.shared(groceries=Share.PUBLIC, gardening=Share.PEERS)
    need = await shop.office.need("groceries")
    await shop.publishing.publish(CONSOLE)
    assert len(await shop.seen("public")) == 1

    assert await privacy.say_served(CONSOLE, 3_000)
    assert not await privacy.say_served(CONSOLE, 3_000)
    assert await privacy.served() == 3_000
    with pytest.raises(Invalid, match="hub of your district"):
        await shop.shared(all=Share.PUBLIC)
    shop.office.clock.advance(hours=1)
    await shop.publishing.publish(CONSOLE)
    assert await shop.seen("public") == []
    assert [each.set for each in await shop.seen("peers")] == ["peers"]
    assert (await out(shop))[need].set == "peers"
    assert not await privacy.say_served(CONSOLE, 20_000)
    await shop.shared(all=Share.PUBLIC)
    for wrong in (0, -1, 10**9):
        with pytest.raises(Invalid):
            await privacy.say_served(CONSOLE, wrong)
    with pytest.raises(NotAllowed):
        await privacy.say_served(SYSTEM, 5)


async def test_the_report_is_of_what_would_go_out_and_comes_first(shop: Shop) -> None:
    with_table(shop.office, crowd())
    privacy = Privacy(shop.office.desk)
    assert await privacy.first_time()
    for _ in range(3):
        await shop.office.need("groceries")
    alone = await shop.office.need("groceries", people=People.FIVE_OR_MORE)
    await shop.office.need("gardening")
    await shop.office.need("medication")  # never leaves
    kept = await shop.office.need("gardening")
    await shop.office.dispatch.keep_here(shop.office.ana, kept, True)
    everything = await privacy.uniqueness(CONSOLE)
    assert (everything.needs, everything.unique) == (5, 2)
    assert everything.least_residents is not None
    assert everything.least_residents >= 5_000
    nothing = await privacy.uniqueness(CONSOLE, {})
    assert nothing.needs == 0
    only = await privacy.uniqueness(CONSOLE, shop.publishing.by_wire({"groceries": Share.PEERS}))
    assert [(row.need_id, row.told_by) for row in only.rows] == [(alone, ("people",))]
    await shop.shared(groceries=Share.PUBLIC)
    assert not await privacy.first_time()
