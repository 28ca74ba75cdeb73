"""A sheet of many requests, volunteers or past matches, as CSV and as .xlsx: read, previewed, brought in, brought in
again; then everything out and into an empty node. CPU seconds (a busy machine has no part in them) and the most memory
of the process of each step.
"""

import asyncio
import json
import os
import random
import resource
import tempfile
import time
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

from node.domain.catalogue import catalogue
from node.domain.sheets.mapping import Sort
from node.domain.sheets.sheet_guess import as_toml, columns_of, new_mapping
from node.domain.sheets.sheet_table import FileKind, Table, written
from node.domain.sheets.sheets import read_sheet
from node.services.accounts.passwords import Passwords
from node.services.desk import Desk
from node.services.intake.intake import Intake
from node.services.intake.places import Places
from node.services.matching.roster import Roster
from node.services.sheets.bringing_in import BringingIn
from node.services.sheets.exporting import Export
from node.services.sheets.imports import Imports
from node.vault.keys import QUICK
from tests.harness.house import house

_KINDS = ("Shopping", "Lifts", "Shopping, Lifts", "Gardening", "Somebody to talk to")
_HEADINGS: Mapping[Sort, tuple[str, ...]] = {
    Sort.NEEDS: (
        "Timestamp", "Your name", "Phone number", "Street address", "What do you need?", "How urgent?", "Status",
        "Anything else we should know?", "Favourite colour",
    ),
    Sort.VOLUNTEERS: (
        "Timestamp", "Your name", "Phone number", "Email", "Street address", "How can you help?",
        "Do you have a car?", "How far?", "Times a week", "Notes",
    ),
    Sort.MATCHES: (
        "Timestamp", "Name", "Phone number", "What do you need?", "Volunteer", "Volunteer phone", "Date completed",
        "Result", "Notes",
    ),
}  # fmt: skip


def sheet(rows: int, sort: Sort = Sort.NEEDS, seed: int = 1) -> Table:
    """Made-up requests, volunteers or past matches, as a form collects them."""
    draw = random.Random(seed)
    return Table(headings=_HEADINGS[sort], rows=[_row(draw, sort, number) for number in range(rows)])


def _row(draw: random.Random, sort: Sort, number: int) -> tuple[str, ...]:
    when = (
        f"{draw.randint(1, 12)}/{draw.randint(13, 28)}/2025 {draw.randint(8, 20)}:{draw.randint(10, 59)}:00"
    )
    name, phone = f"Made Up {number}", f"07700 900{number % 1000:03d}"
    street, notes = f"{number} Imaginary Row", "ring twice " * draw.randint(0, 6)
    kinds = draw.choice(_KINDS)
    match sort:
        case Sort.VOLUNTEERS:
            email, far = f"made-up-{number}@example.org", draw.choice(["3 miles", "5 km", "", "anywhere"])
            return (
                when,
                name,
                phone,
                email,
                street,
                kinds,
                draw.choice(["Car", "Bike", "", "No"]),
                far,
                "2",
                notes,
            )
        case Sort.MATCHES:
            # A tenth as many who help as are helped: most of them are known from an earlier row.
            helper = number % max(1, number // 10 + 1)
            rang = f"07700 900{helper % 1000:03d}"
            done = when.split()[0]
            return (
                when,
                name,
                phone,
                kinds,
                f"Helper {helper}",
                rang,
                done,
                draw.choice(["", "Done"]),
                notes,
            )
        case _:
            urgent, state = draw.choice(["urgent", "this week", "whenever"]), draw.choice(["", "Done", "New"])
            return (when, name, phone, street, kinds, urgent, state, notes, "blue")


async def measured(rows: int, kind: str, sort: Sort = Sort.NEEDS) -> dict[str, dict[str, float]]:
    """Step -> ``cpu`` seconds and ``mb``, the peak of the process so far."""
    found: dict[str, dict[str, float]] = {}

    async def step(name: str, work: Callable[[], Awaitable[Any]]) -> Any:
        begin = time.process_time()
        done = await work()
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        found[name] = {"cpu": round(time.process_time() - begin, 2), "mb": round(peak, 1)}
        return done

    data = written(sheet(rows, sort), FileKind(kind))
    text = ""
    with tempfile.TemporaryDirectory() as folder:
        async with house(Path(folder) / "old") as old, house(Path(folder) / "new", seed="new") as new:
            actor, other = await old.first(), await new.first()
            desks = [
                Desk(
                    db=at.db,
                    vault=at.vault,
                    clock=at.clock,
                    random=os.urandom,
                    catalogue=catalogue(),
                    partitions={},
                )
                for at in (old, new)
            ]
            roster = Roster(desks[0])
            imports = Imports(desks[0], Intake(desks[0], roster), roster, Places(old.db, old.clock))

            async def read() -> str:
                found = await asyncio.to_thread(read_sheet, data)
                return as_toml(new_mapping("bench", sort, "mdy", columns_of(found, sort)))

            text = await step("read", read)
            preview = await step("preview", lambda: imports.preview(actor, data, text))
            report = await step("bring in", lambda: imports.run(actor, data, text))
            again = await step("bring in again", lambda: imports.run(actor, data, text))
            assert (len(preview.rows), report.rows, again.added) == (rows, rows, 0)
            file = Path(folder) / "all"
            out = Export(desks[0], Passwords(QUICK))
            await step("export all", lambda: out.run(actor, file, "eight small words"))
            brought = await step(
                "import all", lambda: BringingIn(desks[1]).run(other, file, "eight small words")
            )
            assert brought.rows["persons"] >= rows
    return found


def main(rows: int, as_json: bool) -> None:
    """Prints it; each file in a process of its own, so that the peaks are its own."""
    told = {f"{sort} {kind}": _apart(rows, kind, sort) for sort in Sort for kind in FileKind}
    if as_json:
        print(json.dumps(told))
        return
    print(f"{rows} rows each; CPU seconds, and MB at the peak so far")
    for name, steps in told.items():
        for step, each in steps.items():
            print(f"{name:15} {step:15} {each['cpu']:7.2f} s {each['mb']:7.1f} MB")


def _apart(rows: int, kind: FileKind, sort: Sort) -> dict[str, dict[str, float]]:
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(writing, json.dumps(asyncio.run(measured(rows, kind, sort))).encode())
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as answer:
        found: dict[str, dict[str, float]] = json.loads(answer.read())
    os.waitpid(child, 0)
    return found
