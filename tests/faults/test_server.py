"""The real server process, killed and cut from power in the middle of calls: whatever a page or a command was told is
done, is done after the restart, and nothing is there by half."""

import asyncio
import os
import random
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from node import control
from node.domain.ids import PersonId
from node.errors import Misconfigured
from node.store import audit, files
from node.store.db import Database
from tests.faults import disk
from tests.harness import desk_process
from tests.harness.desk_process import Browser, Desk, browsers, call, running

IMAGES = int(os.environ.get("SERVER_POWER_CUTS", "40"))
KILLS = int(os.environ.get("SERVER_KILLS", "3"))
CALLS = 10
"""Before the power goes; each is four answers: the call, two steps at the board, and a setting by command."""
KINDS = ("groceries", "lift")
CONSENTS = 3


@pytest.fixture
async def desk(tmp_path: Path) -> Desk:
    """A group that has been set up, with three people at the telephone and somebody who shops."""
    return await desk_process.set_up(tmp_path / "data", ("Ana", "Ben", "Cem"), helpers=1)


@dataclass(slots=True)
class Answered:
    """What people and commands were told is done."""

    needs: set[str] = field(default_factory=set)
    opened: set[str] = field(default_factory=set)
    given: set[str] = field(default_factory=set)
    """Requests for which a volunteer was confirmed."""
    shares: int = 0
    goal: int = 0
    reached: asyncio.Event = field(default_factory=asyncio.Event)
    """Set once so many requests were answered."""

    def took(self, needs: Iterable[str]) -> None:
        self.needs.update(needs)
        if len(self.needs) >= self.goal:
            self.reached.set()

    def copy(self) -> "Answered":
        return Answered(
            needs=set(self.needs), opened=set(self.opened), given=set(self.given), shares=self.shares
        )


async def take_calls(
    browser: Browser, helper: PersonId, numbers: Iterator[int], told: Answered, folder: Path
) -> None:
    """Calls until the server is gone: taken, opened, given to somebody; and now and then a setting."""
    try:
        for number in numbers:
            async for _ in steps(browser, helper, number, told, folder):
                pass
    except (aiohttp.ClientError, OSError, Misconfigured):
        return


async def steps(
    browser: Browser, helper: PersonId, number: int, told: Answered, folder: Path
) -> AsyncIterator[None]:
    """One call and what follows; yields whenever something was answered."""
    answer = await browser.ask("/intake", call(number, *KINDS))
    assert answer.status == 303, answer.text
    told.took(answer.needs)
    yield
    [shop, _lift] = answer.needs
    answer = await browser.ask(f"/board/{shop}/open", {})
    assert answer.status == 303, answer.text
    told.opened.add(shop)
    yield
    answer = await browser.ask(f"/board/{shop}/assign", {"person": helper})
    assert answer.status == 200, answer.text
    told.given.add(shop)
    yield
    choices = {"choices": {"groceries": ("peers", "only_us")[number % 2]}, "sure": True}
    await control.ask(folder / "control.sock", "share", choices)
    told.shares += 1
    yield


async def held(path: Path) -> Answered:
    """What the database knows. Its chain of records must be whole, and no call may be there by half."""
    db = await Database.open(path, create=False)
    try:
        async with db.read() as tx:
            assert (await audit.verify(tx)).whole
    finally:
        await db.close()
    with closing(files.connect(path, read_only=True)) as connection:

        def rows(sql: str) -> list[tuple[Any, ...]]:
            return [tuple(row) for row in connection.execute(sql)]

        calls = rows(
            "SELECT p.id, group_concat(n.id), count(DISTINCT n.reference), min(length(n.sealed)) FROM persons p "
            "LEFT JOIN needs n ON n.person_id = p.id WHERE p.id NOT IN (SELECT person_id FROM volunteers) GROUP BY p.id"
        )
        needs: set[str] = set()
        for person, ids, references, shortest in calls:
            assert ids, f"{person} was written down and what they asked for was not"
            assert references == len(KINDS), "half a call"
            assert shortest > 0
            needs.update(ids.split(","))
        consents = dict(rows("SELECT need_id, count(*) FROM consents GROUP BY need_id"))
        assert consents == dict.fromkeys(needs, CONSENTS), "a request without what was agreed"
        done: dict[str, set[str]] = {}
        for action, about in rows("SELECT action, object FROM audit"):
            done.setdefault(action, set()).add(about.partition(":")[2])
        assert done.get("need.taken", set()) == needs, "requests and the record of them differ"
        states = dict(rows("SELECT id, state FROM needs"))
        tasks = rows("SELECT need_id, id FROM assignments WHERE state = 'approved'")
        assert len({need for need, _ in tasks}) == len(tasks), "two people for one request"
        given = {need for need, _ in tasks}
        assert {need for need, state in states.items() if state == "assigned"} == given
        [(shares,)] = rows("SELECT count(*) FROM audit WHERE action LIKE 'share%'")
        opened = {need for need, state in states.items() if state != "new"}
        return Answered(needs=needs, opened=opened, given=given, shares=shares)


def lost(told: Answered, found: Answered) -> int:
    """How many answers were not true."""
    return (
        len(told.needs - found.needs)
        + len(told.opened - found.opened)
        + len(told.given - found.given)
        + max(0, told.shares - found.shares)
    )


async def test_kills_in_the_middle_of_calls_lose_nothing_that_was_answered(desk: Desk) -> None:
    rng, numbers, told = random.Random(3), count(1), Answered()
    for _ in range(KILLS):
        told.goal = len(told.needs) + 2 * rng.randint(1, 6)
        told.reached.clear()
        with running(desk.folder) as (process, address):
            async with browsers(desk, address) as people:
                busy = [
                    asyncio.create_task(take_calls(each, desk.helpers[0], numbers, told, desk.folder))
                    for each in people.values()
                ]
                reached = asyncio.create_task(told.reached.wait())
                await asyncio.wait([reached, *busy], return_when=asyncio.FIRST_COMPLETED)
                process.kill()
                await asyncio.gather(*busy)
                assert reached.done()
        assert (desk.folder / "group.db-wal").exists(), "it was not closed cleanly"
        found = await held(desk.folder / "group.db")
        assert lost(told, found) == 0
        told.shares = found.shares
    assert len(told.needs) >= 2 * KILLS
    with running(desk.folder) as (_, address):
        async with browsers(desk, address) as people:
            need = sorted(told.given)[-1]
            page = await people["Ana"].ask(f"/board/{need}/name", {})
            assert "Caller Invented" in page.text, "it opens with the key of whoever signs in"


async def losses(desk: Desk, folder: Path, program: tuple[str, ...], images: int) -> tuple[int, int, int]:
    """The power goes at many moments of the same calls: how many answers were not true, how many cuts came late, how
    often the log was synced."""
    shim = disk.build_shim(folder)
    start = {"group.db": (desk.folder / "group.db").read_bytes()}
    log, answers, snapshots = folder / "log", [], []
    environment = {"LD_PRELOAD": str(shim), "WITNESS_DIR": f"{desk.folder}/", "WITNESS_LOG": str(log)}
    told = Answered()
    with running(desk.folder, *program, **environment) as (_, address):
        async with browsers(desk, address) as people:
            for number in range(CALLS):
                async for _ in steps(people["Ana"], desk.helpers[0], number, told, desk.folder):
                    answers.append(log.stat().st_size)
                    snapshots.append(told.copy())
    events = disk.read_log(log, answers)
    ours = [event for event in events if event.file in ("group.db", "group.db-wal", disk.ANSWERS)]
    syncs = [event.file for event in ours if event.kind == "S"].count("group.db-wal")
    made = disk.images(ours, start, acks=disk.ANSWERS, ignore=frozenset(), count=images, seed=11)
    not_true = cut_late = 0
    for number, image in enumerate(made):
        there = folder / f"image-{number}"
        image.write(there)
        files.prepare(there / "group.db", create=False)
        before = snapshots[len(image.acknowledged) - 1] if image.acknowledged else Answered()
        not_true += lost(before, await held(there / "group.db"))
        cut_late += len(image.acknowledged) > len(answers) // 2
    return not_true, cut_late, syncs


async def test_power_cuts_lose_nothing_that_was_answered(desk: Desk, tmp_path: Path) -> None:
    not_true, cut_late, syncs = await losses(desk, tmp_path, (), IMAGES)
    assert not_true == 0
    assert cut_late > 0
    assert syncs >= 4 * CALLS


async def test_a_server_that_does_not_wait_for_the_disk_loses_answers(desk: Desk, tmp_path: Path) -> None:
    """If this one finds no loss, the test above proves nothing."""
    not_true, _, syncs = await losses(desk, tmp_path, ("-m", "tests.faults.careless"), max(IMAGES // 4, 10))
    assert not_true > 0
    assert syncs < 4 * CALLS
