"""Killed before any one statement of what a coordinator does - closing, undoing, making two people one and parting
them, a plan, a round, somebody leaving with new keys - it is done wholly or not at all, and can be done after the
restart.

A few statements of each in the tests; all of them by ``KILL_POINTS=all``.
"""

import os
import re
import shutil
import sqlite3
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import pytest_asyncio

from node.app import open_node
from node.clock import SystemClock
from node.config import Config
from node.services.accounts.passwords import Passwords
from node.store import audit
from node.store.db import Database
from node.vault.keys import QUICK
from tests.harness import desk_process
from tests.harness.desk_process import PASSWORD, Browser, Desk, browsers, call, running

pytestmark = pytest.mark.asyncio(loop_scope="module")

EVERY = os.environ.get("KILL_POINTS") == "all"
MOST = 200
NAME = "Caller Invented 0"
NOISE = {"audit", "sessions", "settings", "once"}
"""What other things write to as well while the server runs."""

Send = Callable[[Browser, Mapping[str, str]], Awaitable[int]]
Shape = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Verb:
    """One thing that is done. ``in_steps``: several writes, which are gone on with when it is done again."""

    send: Send
    points: Sequence[int] = (2,)
    in_steps: bool = False


def posts(path: str, **form: str) -> Send:
    """One form; places in braces are filled from what was made before."""

    async def send(browser: Browser, made: Mapping[str, str]) -> int:
        filled = {name: value.format(**made) for name, value in form.items()}
        return (await browser.ask(path.format(**made), filled)).status

    return send


async def ask_by_plan(browser: Browser, made: Mapping[str, str]) -> int:
    """Ticks all lines of the plan that was made."""
    page = (await browser.ask("/board/plan")).text
    found = re.search(r'action="/board/plan/([\w-]+)"', page)
    lines = re.findall(r'name="line" value="([\w-]+)"', page)
    if found is None or not lines:
        return 404
    return (
        await browser.ask(f"/board/plan/{found[1]}", [("do", "ask"), *(("line", line) for line in lines)])
    ).status


VERBS: Mapping[str, Verb] = {
    # First: a move may be taken back for ten minutes, and the clock of a server goes on.
    "undo": Verb(send=posts("/board/{task_need}/undo")),
    "close": Verb(send=posts("/board/{task_need}/close", reason="completed"), points=(1, 5)),
    "merge": Verb(send=posts("/people/twice/one", keep="{one}", gone="{two}")),
    "part": Verb(send=posts("/people/{merged}/twice/{merge}/part")),
    "plan": Verb(send=posts("/board/plan", which="all")),
    "asked by the plan": Verb(send=ask_by_plan, in_steps=True),
    "round": Verb(send=posts("/rounds/plan", day="{day}", driver="{helper}", needs="{open_need}")),
    "leaving": Verb(send=posts("/team/{ben}/leaving"), points=(4,), in_steps=True),
}
CASES = [
    pytest.param(name, point, id=f"{name}, {point}")
    for name, verb in VERBS.items()
    for point in (range(1, MOST) if EVERY else verb.points)
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Before:
    """A group with something of everything, and what a verb makes of it when nothing goes wrong."""

    desk: Desk
    made: Mapping[str, str]
    after: dict[str, Shape]
    ends: dict[str, int]
    """Verb -> a statement that it does not come to; filled as that is found out."""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def before(tmp_path_factory: pytest.TempPathFactory) -> Before:
    folder = tmp_path_factory.mktemp("killed") / "data"
    desk = await desk_process.set_up(folder, ("Ana", "Ben"), helpers=2)
    config = Config(data=folder, listen="127.0.0.1:0", public_url="")
    async with open_node(config, SystemClock(), os.urandom, passwords=Passwords(QUICK)) as node:
        cookie = (await node.services.access.sign_in("kim", PASSWORD)).cookie
    desk = replace(desk, cookies={**desk.cookies, "kim": cookie})
    made = {"helper": str(desk.helpers[0]), "day": (datetime.now(UTC) + timedelta(days=1)).date().isoformat()}
    with running(folder) as (_, address):
        async with browsers(desk, address) as people:
            ana = people["Ana"]
            needs = [(await ana.ask("/intake", call(number))).needs[0] for number in range(4)]
            for need in needs:
                await ana.ask(f"/board/{need}/open", {})
            await ana.ask(f"/board/{needs[0]}/assign", {"person": str(desk.helpers[1])})
            made |= {"task_need": needs[0], "open_need": needs[1]}
            found = persons_of(folder, needs)
            made |= {"one": found[0], "two": found[1], "merged": found[2]}
            await ana.ask("/people/twice/one", {"keep": found[2], "gone": found[3]})
            await ana.ask("/board/plan", {"which": "all"})
    with closing(sqlite3.connect(folder / "group.db")) as db:
        made["merge"] = db.execute("SELECT id FROM merges").fetchone()[0]
        made["ben"] = db.execute("SELECT id FROM staff WHERE handle = 'Ben'").fetchone()[0]
    return Before(desk=desk, made=made, after={}, ends={})


def persons_of(folder: Path, needs: Sequence[str]) -> list[str]:
    """Who asked for each."""
    with closing(sqlite3.connect(folder / "group.db")) as db:
        return [
            db.execute("SELECT person_id FROM needs WHERE id = ?", (need,)).fetchone()[0] for need in needs
        ]


def shape(folder: Path) -> Shape:
    """How many rows each table has, and in which states; who asks for each need; which links are open."""
    with closing(sqlite3.connect(folder / "group.db")) as db:
        assert db.execute("PRAGMA quick_check").fetchone()[0] == "ok"
        tables = [
            row[0] for row in db.execute("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")
        ]
        found: Shape = {}
        for table in tables:
            if table in NOISE or table.startswith(("sqlite", "_sqlite")):
                continue
            columns = {row[1] for row in db.execute(f"PRAGMA table_info({table})")}
            what = "state" if "state" in columns else "1"
            found[table] = Counter(row[0] for row in db.execute(f"SELECT {what} FROM {table}"))
        found["asked by"] = db.execute("SELECT id, person_id, state FROM needs ORDER BY id").fetchall()
        found["links"] = db.execute("SELECT COUNT(*) FROM assignments WHERE link_hash IS NOT NULL").fetchone()
    return found


async def done(
    desk: Desk, folder: Path, verb: Verb, made: Mapping[str, str], *, name: str, sure: bool = False
) -> None:
    """The verb, by a server that nothing happens to; and the records open."""
    with running(folder) as (_, address):
        async with browsers(desk, address) as people:
            who = people["kim" if name == "leaving" else "Ana"]
            status = await verb.send(who, made)
            assert status < 400 or not sure, (name, status)
            shown = await people["Ana"].ask(f"/board/{made['task_need']}/name", {})
            assert NAME in shown.text


@pytest.mark.parametrize(("name", "point"), CASES)
async def test_wholly_or_not_at_all(before: Before, tmp_path: Path, name: str, point: int) -> None:
    verb, desk, made = VERBS[name], before.desk, before.made
    if point >= before.ends.get(name, MOST):
        pytest.skip("it has not so many statements")
    folder, armed = tmp_path / "data", tmp_path / "armed"
    if name not in before.after:
        shutil.copytree(desk.folder, folder, ignore=shutil.ignore_patterns("*.sock", "*.lock"))
        await done(desk, folder, verb, made, name=name, sure=True)
        before.after[name] = shape(folder)
        shutil.rmtree(folder)
        assert before.after[name] != shape(desk.folder), "else nothing is shown"
    shutil.copytree(desk.folder, folder, ignore=shutil.ignore_patterns("*.sock", "*.lock"))
    untouched, wanted = shape(folder), before.after[name]
    answered = False
    program = ("-m", "tests.faults.killed_at")
    with running(folder, *program, KILL_AT=str(point), KILL_ARMED=str(armed)) as (process, address):
        async with browsers(desk, address) as people:
            armed.touch()
            try:
                answered = await verb.send(people["kim" if name == "leaving" else "Ana"], made) < 400
            except aiohttp.ClientError:
                process.wait()
    if answered:
        assert EVERY, "it was to be killed"
        before.ends[name] = point
        pytest.skip("it has not so many statements")
    db = await Database.open(folder / "group.db", create=False)
    try:
        async with db.read() as tx:
            assert (await audit.verify(tx)).whole
    finally:
        await db.close()
    found = shape(folder)
    assert verb.in_steps or found in (untouched, wanted)
    if found != wanted:
        await done(desk, folder, verb, made, name=name)
        assert shape(folder) == wanted
