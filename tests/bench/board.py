"""The board beside a minimal Django + SQLite app of the same two pages (``board_side``), sign-in and audit on.

Both show the same requests, and the same facts of one, before a time is printed. Django is installed into an
environment of its own for the run. Both are asked over loopback, a connection a look, by Python's own client in the
same process, so both figures hold the client's work; Django stands behind Python's own server. Ours is a whole node
with a vault. Nothing is packed on either side, and both pages of one request have the list beside it.
"""

import asyncio
import json
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from http.client import HTTPConnection
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlencode

from yarl import URL

from node.__main__ import tune_collector
from node.domain.actors import Role
from node.domain.board.views import QueueFilter
from node.domain.ids import spoken_reference
from node.vault import Compartment
from tests.harness.neighbourhood import Neighbourhood
from tests.harness.street import NAME, Street, Visitor

DJANGO = "Django>=5.1,<6"
TURNS = 8
NOTES = "the bell is broken"
SIDE = Path(__file__).with_name("board_side.py")


def main(many: int, rounds: int, as_json: bool) -> int:
    """Prints both pages; 1 where Django cannot be installed."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        python = _django(folder)
        pages = asyncio.run(_both(folder, python, many, rounds))
    if as_json:
        print(json.dumps(pages))
        return 0 if python else 1
    print(
        f"{many} open requests, {rounds} looks at each page; CPU milliseconds, medians, and of the ratios of turns"
    )
    for page, words in (("list", "the list of the board"), ("one", "one request, the look written down")):
        print(f"  {words:38} ours {pages[page]['ours']:7.2f}", end="")
        if python:
            print(f"   Django {pages[page]['django']:7.2f}   ", end="")
            print(f"ours is {pages[page]['times']:.2f} x as fast (limit 1.5)")
        else:
            print()
    if not python:
        print(f"{DJANGO} could not be installed here, so nothing was compared.", file=sys.stderr)
    return 0 if python else 1


def compare(facts: Sequence[Mapping[str, Any]], shown: Sequence[str], page: str) -> None:
    """``AssertionError`` unless theirs lists what ours does, and its page of the first says of it what ours says."""
    assert list(shown) == [each["reference"] for each in facts], "the two boards show different requests"
    for fact in _said(facts[0]):
        assert fact in page, f"their page of one request lacks {fact!r}"


def _said(need: Mapping[str, Any]) -> list[str]:
    """What both pages say of one request, in the same words."""
    return [need["reference"], need["name"], need["notes"], *need["asked"]]


async def _both(folder: Path, python: Path | None, many: int, rounds: int) -> dict[str, dict[str, float]]:
    """The figures of both pages, measured in turns: a shared machine is twice as fast one minute as the next."""
    (folder / "ours").mkdir()
    async with Neighbourhood(folder / "ours") as north_and_south:
        street = await Street.built(north_and_south)
        await street.hire("one-coordinator", Role.COORDINATOR, grants=(Compartment.PEOPLE,))
        visitor = Visitor(handle="one-coordinator", cookies={"seal": "a-seal"})
        await street.sign_in(visitor)
        need = (await street.seed("proposed"))["need"]
        for _ in range(many - 1):
            await street.seed("open")
        asked = {"list": ("GET", "/board"), "one": ("POST", f"/board/{need}/name")}
        tune_collector()  # as ``mutualaid run`` does
        shown = {page: (await _measured(street, visitor, *how, 5))[1] for page, how in asked.items()}
        facts = await _facts(street, need)
        _hold(facts, shown["list"], shown["one"])
        (folder / "needs.json").write_text(json.dumps(facts), "utf-8")
        theirs = _Theirs(python, folder) if python else None
        if theirs:
            compare(facts, *theirs.pages())
        found = {}
        for page, how in asked.items():
            turns = []
            for _ in range(TURNS):
                ours = (await _measured(street, visitor, *how, max(5, rounds // TURNS)))[0]
                turns.append((ours, await asyncio.to_thread(theirs.measured, page) if theirs else 0.0))
            found[page] = {
                "ours": statistics.median(ours for ours, _ in turns),
                "django": statistics.median(django for _, django in turns),
                "times": statistics.median(django / ours for ours, django in turns),
            }
        if theirs:
            theirs.end()
        await street.close()
    return found


async def _facts(street: Street, need: str) -> list[dict[str, Any]]:
    """What our board holds, the request that is looked at first; the other side is filled with it."""
    held = await street.north.services.board.queue(street.north.staff, QueueFilter.ALL_OPEN)
    return [
        {
            "reference": row.reference,
            "category": row.category,
            "state": row.state,
            "urgency": row.urgency,
            "place": row.place,
            "due_day": row.due_day.isoformat() if row.due_day else None,
            "name": NAME,
            "notes": NOTES,
            "asked": ["Vera Invented"] if row.need_id == need else [],
        }
        for row in sorted(held, key=lambda row: row.need_id != need)
    ]


def _hold(facts: Sequence[Mapping[str, Any]], board_page: str, need_page: str) -> None:
    """``AssertionError`` unless our pages show these facts."""
    listed = re.findall(r'class="figures">(\d{3} \d{3} \d{3})<', board_page)
    shown = {each.replace(" ", "") for each in listed}
    assert shown == {each["reference"] for each in facts}, "our board does not show what it holds"
    assert len(shown) == len(facts), "it is not as long as was asked for"
    spoken = need_page.replace(spoken_reference(facts[0]["reference"]), facts[0]["reference"])
    for fact in _said(facts[0]):
        assert fact in spoken, f"our page of one request lacks {fact!r}"


async def _measured(
    street: Street, visitor: Visitor, method: str, path: str, rounds: int
) -> tuple[float, str]:
    def browse() -> tuple[list[float], str]:
        """The same client as on the other side, with a connection for each look."""
        times, page = [], ""
        browser = HTTPConnection(cast(str, url.host), url.port)
        cookie = "; ".join(f"{name}={value}" for name, value in visitor.cookies.items())
        headers = {"Cookie": cookie, "Origin": street.north.url, "Connection": "close"}
        body = urlencode(street.sealed(visitor, {})) if method == "POST" else None
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        for _ in range(rounds + 5):
            street.cast.clock.advance(
                seconds=1
            )  # no two looks are of one second: what says when is worked out anew
            before = time.process_time()
            browser.request(method, path, body, headers)
            answer = browser.getresponse()
            page = answer.read().decode()
            times.append(time.process_time() - before)
            assert answer.status == 200, (path, answer.status)
        browser.close()
        return times, page

    url = URL(street.north.url)
    times, page = await asyncio.to_thread(browse)
    return statistics.median(times[5:]) * 1000, page


def _django(folder: Path) -> Path | None:
    """The Python of an environment with Django in it; None where it cannot be installed."""
    venv = folder / "venv"
    python = venv / "bin" / "python"
    made = subprocess.run([sys.executable, "-m", "venv", venv], capture_output=True, check=False)
    pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", DJANGO]
    if made.returncode or subprocess.run(pip, capture_output=True, check=False).returncode:
        return None
    return python


class _Theirs:
    """The other side, in a process of its own: a line says what to measure, a line of JSON is the answer."""

    def __init__(self, python: Path, folder: Path) -> None:
        self._process = subprocess.Popen(
            [python, SIDE, folder], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def pages(self) -> tuple[list[str], str]:
        """The references on its list, and its page of one request."""
        said = self._asked("shown")
        return said["shown"], said["page"]

    def measured(self, page: str) -> float:
        """CPU milliseconds of a look, the median of some."""
        return float(self._asked(page)["milliseconds"])

    def end(self) -> None:
        """It ends when nothing more is asked."""
        self._process.communicate()

    def _asked(self, what: str) -> dict[str, Any]:
        assert self._process.stdin
        assert self._process.stdout
        print(what, file=self._process.stdin, flush=True)
        said: dict[str, Any] = json.loads(self._process.stdout.readline())
        return said
