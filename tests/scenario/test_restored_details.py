"""A backup brings back what other groups had handed over: it stays shut until they say that it is still for us."""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from node.domain.actors import CONSOLE
from node.errors import Conflict
from node.services.dispatch.tasks import TaskStage
from node.services.sheets import backup as backups
from node.store import away_tasks
from tests.harness.neighbourhood import Neighbourhood
from tests.scenario.test_help_across_groups import Pair, tick

PHRASE = "made-up passphrase"
DEVICE = "her own phone"


@pytest_asyncio.fixture
async def pair(tmp_path: Path) -> AsyncIterator[Pair]:
    async with Neighbourhood(tmp_path) as cast:
        pair = Pair(cast, await cast.add("north"), await cast.add("south", at=(51.43, -2.58)))
        await pair.begin()
        yield pair


async def test_details_stay_shut_until_the_group_that_gave_them_has_answered(
    pair: Pair, tmp_path: Path
) -> None:
    north, south = pair.north, pair.south
    kept, taken_back = await pair.call(), await pair.call()
    tasks = {need: await pair.offer(need) for need in (kept, taken_back)}
    await pair.carry()
    for need in tasks:
        await pair.yes(need)
    passed_on = await pair.call()
    await north.services.exchange.passed.refer(north.staff, passed_on, south.id, agreed=True)
    await pair.carry()
    links = {need: await south.services.exchange.away.link(south.staff, tasks[need]) for need in tasks}
    for token in links.values():
        assert (await south.services.exchange.links.confirm(token, DEVICE)).details is not None
    (waiting,) = await south.services.exchange.passed.waiting(south.staff)
    assert (await south.services.exchange.passed.look(south.staff, waiting.id)).content
    copy = tmp_path / "copy"
    await south.services.backup.backup(CONSOLE, copy, PHRASE)

    view = await north.services.board.need(north.staff, taken_back)
    await north.services.dispatch.withdraw(north.staff, view.assignments[-1].id)
    await pair.carry()
    assert await pair.away_state(tasks[taken_back]) == "withdrawn"

    await south.stop()
    shutil.rmtree(south.folder)
    await backups.restore(copy, south.folder, PHRASE, pair.cast.clock)
    await south.start()
    await south.sign_in()
    exchange = south.services.exchange
    assert await pair.away_state(tasks[taken_back]) == "approved", "as the backup has it"
    for _ in range(2):  # nobody was asked yet: time alone opens nothing
        for token in links.values():
            shut = await exchange.links.task_by_token(token, DEVICE)
            assert (shut.stage, shut.details, shut.locked) == (TaskStage.WAITING, None, False)
        with pytest.raises(Conflict) as doubt:
            await exchange.passed.look(south.staff, waiting.id)
        assert doubt.value.code == "in_doubt"
        with pytest.raises(Conflict):
            await exchange.passed.accept(south.staff, waiting.id)
        await tick(south)
        pair.cast.clock.advance(hours=1)

    await pair.news()
    await pair.carry()
    open_again = await exchange.links.task_by_token(links[kept], DEVICE)
    assert open_again.stage is TaskStage.OPEN
    assert open_again.details is not None
    assert open_again.details.first_name == "Wilhelmina"
    assert (await exchange.passed.look(south.staff, waiting.id)).content
    assert await pair.away_state(tasks[taken_back]) == "withdrawn"
    assert not await exchange.links.knows(links[taken_back])
    async with south.node.network.on.db.read() as tx:
        gone = await away_tasks.get(tx, tasks[taken_back])
    assert gone is not None
    assert (gone.sealed, gone.doubted) == (None, False)
