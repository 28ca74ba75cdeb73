"""A volunteer feels unsafe: told from her task, on her device only, for those alone who look after safety."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from node.domain.exchange.away_task import Seen
from node.errors import Conflict, Invalid, NotFound
from node.services.links import OwnTask, device_hash, token_hash
from node.services.safety.helpers_unsafe import HelpersUnsafe
from node.store import alert_things
from tests.harness.alert_room import alert_room
from tests.harness.office import Office

HERE, ELSEWHERE = "the-volunteers-own-telephone", "somebody-elses"
WORDS = "He locked the door behind me"


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    async with alert_room(tmp_path) as room:
        yield room.office


async def told(office: Office) -> int:
    """How many wait for whoever looks after safety."""
    async with office.db.read() as tx:
        return len(await alert_things.unsafe(tx))


async def test_from_her_own_device_or_signed_in_and_from_nowhere_else(office: Office) -> None:
    unsafe = HelpersUnsafe(office.desk, office.incidents)
    sam = await office.helper()
    task = await office.confirmed(await office.need("groceries"), sam)
    token = await office.dispatch.task_link(office.ana, task)
    await office.tasks.confirm(token, HERE)
    for device in (ELSEWHERE, None):
        with pytest.raises(Conflict):
            await unsafe.tell(token, device, WORDS)
    for key in ("A" * 22, "", OwnTask("somebody", task)):
        with pytest.raises(NotFound):
            await unsafe.tell(key, HERE, WORDS)
    with pytest.raises(Invalid):
        await unsafe.tell(token, HERE, "  ")
    assert await told(office) == 0
    office.lock()
    await unsafe.may(token)
    await unsafe.tell(token, HERE, WORDS)
    await unsafe.tell(OwnTask(sam, task), None, WORDS)
    assert await told(office) == 2


async def test_on_a_task_for_another_group_too(office: Office) -> None:
    unsafe = HelpersUnsafe(office.desk, office.incidents)
    sam, token, now = await office.helper(), "B" * 22, office.desk.now
    link = {"link_hash": token_hash(token), "link_expires": now + 1000, "device_hash": device_hash(HERE)}
    away = await office.elsewhere(sam, Seen(category="groceries", cell="8719", urgency="this_week"), **link)
    with pytest.raises(Conflict):
        await unsafe.tell(token, ELSEWHERE, WORDS)
    await unsafe.tell(token, HERE, WORDS)
    await unsafe.tell(OwnTask(sam, away.id), None, WORDS)
    assert await told(office) == 2
    office.clock.advance(seconds=1001)
    with pytest.raises(NotFound):
        await unsafe.tell(token, HERE, WORDS)
