"""Ninety people at the telephone and ten who send helpers, at once, against one node: a real server process, real HTTP
over loopback, a real file.

Whoever takes a call does what the page does for her: opens it, looks the number up, saves the draft every few seconds,
looks the place up, saves the call and reads the references out. The ten take the same top of the board, so that they
often want the same request, and one further down of their own. With a call of a minute that is the pace of people: a
page or a draft every three seconds from each who takes calls, one every ten from each who sends helpers. With calls of
no time (``--call-seconds 0``) everybody asks again as soon as there is an answer: not people, but how much goes
through. What was answered is compared with what the file holds before a time is printed.
"""

import asyncio
import json
import re
import sqlite3
import tempfile
from collections import defaultdict
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from statistics import quantiles

from tests.harness import desk_process
from tests.harness.desk_process import Answer, Browser, Desk, browsers, call, running

KINDS = ("groceries", "cooked_meal")
DRAFT_SECONDS = 3
"""How often the page saves what is typed."""
LOOK_SECONDS = 20
"""How long somebody at dispatch looks at one request."""
NOTHING_SECONDS = 0.2
"""Before somebody looks again at a board on which nothing was."""
HELPERS = 40
ASIDE = frozenset({"draft", "known"})
"""What the page asks beside what somebody waits for."""


@dataclass
class Day:
    """What everybody does, and what they were told."""

    calls: int
    call_seconds: float
    took: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    """Kind of page -> seconds of each."""
    needs: set[str] = field(default_factory=set)
    references: list[str] = field(default_factory=list)
    given: list[str] = field(default_factory=list)
    """Requests for which somebody was told: confirmed."""
    wanted: set[str] = field(default_factory=set)
    """Requests for which somebody began to send a helper."""
    too_late: int = 0
    """How often somebody was told that another was quicker."""
    over: asyncio.Event = field(default_factory=asyncio.Event)

    async def ask(self, kind: str, browser: Browser, path: str, form: object = None, *good: int) -> Answer:
        """One request; anything else than ``good`` (default 200) ends the run."""
        answer = await browser.ask(path, form)  # type: ignore[arg-type]
        if answer.status not in (good or (200,)):
            raise SystemExit(f"{kind}: {path} answered {answer.status}: {answer.text[:2000]}")
        self.took[kind].append(answer.seconds)
        return answer

    async def pause(self, seconds: float) -> None:
        """As long as people need; nothing where no time is to pass."""
        if self.call_seconds:
            await asyncio.sleep(seconds)


async def take_calls(day: Day, browser: Browser, numbers: "count[int]", wait: float) -> None:
    """One call after the other."""
    await day.pause(wait)
    for _ in range(day.calls):
        number = next(numbers)
        page = await day.ask("call page", browser, "/intake")
        found = re.search(r'name="draft" value="([\w-]{22})"', page.text)
        assert found, "the page names no draft"
        typed = call(number, *KINDS)
        await day.pause(DRAFT_SECONDS)
        await day.ask("known", browser, "/intake/known", {"phone": dict(typed)["screen"]})
        saves = max(1, int(day.call_seconds / DRAFT_SECONDS) - 2)
        for save in range(saves):
            part = typed[: 1 + len(typed) * save // saves]
            await day.ask("draft", browser, "/intake/draft", [*part, ("draft", found[1])])
            await day.pause(DRAFT_SECONDS)
        await day.ask("known", browser, "/intake/known", {"place": dict(typed)["address"]})
        saved = await day.ask("save the call", browser, "/intake", [*typed, ("draft", found[1])], 303)
        day.needs.update(saved.needs)
        end = await day.ask("references to read out", browser, saved.location)
        read = re.findall(r'class="reference".*?</p>', end.text, re.S)
        day.references += ["".join(re.findall(r"<span>(\d{3})</span>", each)) for each in read]


async def send_helpers(day: Day, browser: Browser, helpers: Sequence[str], wait: float) -> None:
    """Takes the first requests of the board that nobody has, again and again, until all calls are over; where no
    time is to pass, until everybody has a helper."""
    await day.pause(wait)
    turns = count(round(wait))
    while not day.over.is_set() or (not day.call_seconds and not set(day.given) >= day.needs):
        page = await day.ask("board", browser, "/board?show=to_triage")
        listed = [
            each for each in re.findall(r'href="/board/([\w-]{22})[?"]', page.text) if each in day.needs
        ]
        if not listed:
            page = await day.ask("board", browser, "/board?show=unassigned")
            listed = [
                each for each in re.findall(r'href="/board/([\w-]{22})[?"]', page.text) if each in day.needs
            ]
        if not listed:
            if day.over.is_set():
                return
            await asyncio.sleep(LOOK_SECONDS / 2 if day.call_seconds else NOTHING_SECONDS)
            continue
        # The most urgent, which everybody wants, and one further down.
        for need in dict.fromkeys((listed[0], listed[next(turns) * 3 % len(listed)])):
            await day.ask("one request", browser, f"/board/{need}")
            await day.pause(LOOK_SECONDS / 2)
            await day.ask("open it", browser, f"/board/{need}/open", {}, 303, 409)
            helper = helpers[next(turns) % len(helpers)]
            rivals = need in day.wanted
            day.wanted.add(need)
            said = await day.ask("confirm", browser, f"/board/{need}/assign", {"person": helper}, 200, 409)
            if said.status == 200:
                day.given.append(need)
            elif rivals:
                day.too_late += 1
            else:
                raise SystemExit(f"{need} was refused, and nobody else had wanted it: {said.text[:2000]}")
            await day.pause(LOOK_SECONDS / 2)


async def whole_day(desk: Desk, intake: int, day: Day) -> None:
    """Everybody at once, before the real server."""
    numbers = count(1)
    with running(desk.folder) as (_, address):
        async with browsers(desk, address) as people:
            crowd = list(people.values())
            await crowd[0].ask("/board")  # the first click after a start opens the records
            apart = day.call_seconds / max(1, intake)
            takers = [
                asyncio.create_task(take_calls(day, each, numbers, apart * number))
                for number, each in enumerate(crowd[:intake])
            ]
            senders = [
                asyncio.create_task(
                    send_helpers(day, each, desk.helpers[number:] + desk.helpers[:number], number)
                )
                for number, each in enumerate(crowd[intake:])
            ]
            for task in asyncio.as_completed([*takers, *senders]):
                await task
                if all(each.done() for each in takers):
                    day.over.set()


def check(folder: Path, day: Day) -> None:
    """What was answered against what the file holds: every request once, every number once, one helper each."""
    with closing(sqlite3.connect(f"file:{folder / 'group.db'}?mode=ro", uri=True)) as db:
        held = dict(db.execute("SELECT id, reference FROM needs"))
        tasks = [need for (need,) in db.execute("SELECT need_id FROM assignments WHERE state = 'approved'")]
        [(people,)] = db.execute(
            "SELECT count(*) FROM persons WHERE id NOT IN (SELECT person_id FROM volunteers)"
        ).fetchall()
    assert set(held) == day.needs, "requests that were answered and requests that are there differ"
    assert len(set(held.values())) == len(held), "two requests share a number"
    assert sorted(day.references) == sorted(held.values()), "a number that was read out is another one's"
    assert len(set(tasks)) == len(tasks), "two helpers for one request"
    assert sorted(tasks) == sorted(day.given), (
        "somebody was told yes and it is not so, or the other way round"
    )
    assert people * len(KINDS) == len(held), "somebody was written down twice"


async def measured(folder: Path, intake: int, dispatch: int, calls: int, call_seconds: float) -> Day:
    """Sets the group up, lets everybody work, and checks what came of it."""
    handles = [f"taker{n}" for n in range(intake)] + [f"sender{n}" for n in range(dispatch)]
    desk = await desk_process.set_up(folder / "data", handles, helpers=HELPERS)
    day = Day(calls=calls, call_seconds=call_seconds)
    await whole_day(desk, intake, day)
    check(desk.folder, day)
    return day


def figures(day: Day) -> dict[str, dict[str, float]]:
    """Milliseconds by kind of page, and of all that somebody waits for."""
    groups = dict(day.took)
    groups["every page that somebody waits for"] = [
        each for kind, seconds in day.took.items() if kind not in ASIDE for each in seconds
    ]
    return {
        kind: {
            "n": len(seconds),
            "p50_ms": round(1000 * quantiles(seconds, n=100, method="inclusive")[49], 1),
            "p95_ms": round(1000 * quantiles(seconds, n=100, method="inclusive")[94], 1),
            "most_ms": round(1000 * max(seconds), 1),
        }
        for kind, seconds in groups.items()
        if len(seconds) > 1
    }


def machine() -> tuple[int, int]:
    """Ticks of all processors since the machine started, and how many of them its host took away (Linux, proc(5))."""
    ticks = [int(each) for each in Path("/proc/stat").read_text().splitlines()[0].split()[1:9]]
    return sum(ticks), ticks[7]


def main(intake: int, dispatch: int, calls: int, call_seconds: float, as_json: bool) -> None:
    """Prints it, once it is right."""
    with tempfile.TemporaryDirectory() as name:
        before = machine()
        day = asyncio.run(measured(Path(name), intake, dispatch, calls, call_seconds))
        total, stolen = (after - tick for after, tick in zip(machine(), before, strict=True))
    found = figures(day) | {"machine": {"taken_away_by_its_host_percent": round(100 * stolen / total, 1)}}
    if as_json:
        print(json.dumps(found))
        return
    print(f"{intake} take calls of {call_seconds:g} s, {dispatch} send helpers; {len(day.needs)} requests,")
    print(
        f"no number twice, {len(day.given)} confirmed once each, {day.too_late} told that another was quicker"
    )
    print(f"  {'milliseconds':38}{'n':>7}{'p50':>9}{'p95':>9}{'most':>9}")
    print(f"  its host took away {found.pop('machine')['taken_away_by_its_host_percent']} % of the machine")
    for kind, row in found.items():
        print(f"  {kind:38}{row['n']:7}{row['p50_ms']:9}{row['p95_ms']:9}{row['most_ms']:9}")
