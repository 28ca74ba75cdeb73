"""What a neighbouring group waits for, read from what its letters left behind: two desks and a courier."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest_asyncio

from node.domain.ids import NeedId
from node.domain.notices.alerts import What
from node.services.alerts.things import waiting
from node.store import alert_things, peers, rings
from node.store.rings import Ring
from tests.harness.office import Office
from tests.harness.two_groups import NORTH, SOUTH, Two, two_groups


@pytest_asyncio.fixture
async def two(tmp_path: Path) -> AsyncIterator[Two]:
    async with two_groups(tmp_path) as made:
        yield made


async def waits(office: Office) -> list[What]:
    async with office.db.read() as tx:
        return [thing.what for thing in await alert_things.neighbours(tx)]


async def offered(two: Two) -> NeedId:
    need = await two.north.office.need("groceries")
    public_id = await two.publish(need)
    sam = await two.south.office.helper("Sam Pretend")
    await two.south.away.offer(two.south.office.ana, NORTH, public_id, sam, agreed=True)
    await two.carry()
    return need


async def test_their_volunteer_waits_until_we_say_yes(two: Two) -> None:
    need, north = await offered(two), two.north.office
    assert await waits(north) == [What.OFFER]
    task = (await north.board.need(north.ana, need)).assignments[0].id
    await two.north.offers.consent(north.ana, need, task, True)
    assert await waits(north) == [What.OFFER], "asking whoever needs help is no answer yet"
    await two.north.offers.confirm(north.ana, need, task)
    assert await waits(north) == []


async def test_a_request_that_they_hand_over_waits_until_we_decide(two: Two) -> None:
    north, south = two.north.office, two.south.office
    need = await north.need("groceries")
    ref = await two.north.passed.refer(north.ana, need, SOUTH, agreed=True)
    await two.carry()
    assert await waits(south) == [What.HANDED_OVER]
    assert await waits(north) == [], "ours is theirs to answer"
    async with south.db.read() as tx:
        (thing,) = await alert_things.neighbours(tx)
    assert thing.id == ref
    await two.south.passed.decline(south.ana, ref)
    assert await waits(south) == []


async def test_a_group_at_the_door_waits_until_it_is_let_in(two: Two) -> None:
    north = two.north.office
    async with north.db.write() as tx:
        await tx.execute("UPDATE peers SET state = 'asked'")
        await tx.execute(
            "INSERT INTO introductions(origin, invite_id, keys_line, at) SELECT origin, 'i', x'00', 7 FROM peers"
        )
    async with north.db.read() as tx:
        (thing,) = await alert_things.neighbours(tx)
    assert (thing.what, thing.id) == (What.DOOR, f"{SOUTH}:7")
    async with north.db.write() as tx:
        await peers.set_state(tx, SOUTH, "active")
    assert await waits(north) == []


async def test_a_bell_waits_until_somebody_looks(two: Two) -> None:
    north, south = two.north.office, two.south.office
    ring = Ring(id="R" * 22, way="in", peer=NORTH, public_id="P" * 22, at=south.desk.now)
    async with south.db.write() as tx:
        row = await peers.get(tx, NORTH)
        assert row is not None
        await peers.put(tx, replace(row, ask_now=True))
        await rings.insert(tx, ring)

    async def waits_now() -> list[tuple[What, int]]:
        async with south.db.read() as tx:
            return [(each.what, each.late) for each in await alert_things.bells(tx, south.desk.now)]

    assert await waits_now() == [(What.BELL, 0)]
    two.advance(minutes=31)
    assert await waits_now() == [(What.BELL, 31)]
    async with south.db.read() as tx:
        assert [each.what for each in await waiting(tx, south.desk)] == [What.BELL]
    async with north.db.read() as tx:
        assert await alert_things.bells(tx, north.desk.now) == []
    await two.south.bells.seen(south.ana, ring.id)
    assert await waits_now() == []
