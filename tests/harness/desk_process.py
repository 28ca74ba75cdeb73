"""A group's desk as a process of its own, with real files, clock and sockets, and people with browsers before it."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

import aiohttp

from node import commands
from node.app import open_node
from node.clock import SystemClock
from node.config import Config
from node.domain.actors import Role
from node.domain.ids import PersonId
from node.domain.intake.intake import NewPerson
from node.domain.need import Point
from node.domain.people.newcomer import NewVolunteer
from node.services.accounts.passwords import Passwords
from node.vault import Compartment
from node.vault.keys import QUICK
from protocol import rescue
from ui.web import csrf

ROOT = Path(__file__).parents[2]
PASSWORD = "made-up password"
HOME = (51.4561, -2.5925)
SEAL = "a-made-up-seal-of-a-browser"


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """A group that was set up: where its data lies, whose cookies are good, and who helps."""

    folder: Path
    cookies: Mapping[str, str]
    """Handle -> the cookie of a sign-in. It opens the records again after a restart."""
    helpers: Sequence[PersonId]


async def set_up(folder: Path, handles: Sequence[str], *, helpers: int = 0) -> Desk:
    """A new group with these coordinators, all signed in, and so many volunteers who shop and cook."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    config = Config(data=folder, listen="127.0.0.1:0", public_url="")
    async with open_node(config, SystemClock(), os.urandom, passwords=Passwords(QUICK)) as node:
        given = {"name": "Desk", "at": f"{HOME[0]},{HOME[1]}", "public_url": "", "admin": "kim"}
        cards = rescue.split(os.urandom(rescue.SEED_LENGTH))
        await commands.run(node.services, "init", {**given, "password": PASSWORD, "cards": cards})
        services = node.services
        kim = (await services.access.sign_in("kim", PASSWORD)).actor
        cookies = {}
        for handle in handles:
            await services.team.add_staff(kim, handle, PASSWORD, [Role.COORDINATOR], [Compartment.PEOPLE])
            cookies[handle] = (await services.access.sign_in(handle, PASSWORD)).cookie
        people = [
            await services.people.add_volunteer(
                kim,
                NewVolunteer(
                    person=NewPerson(name=f"Helper Invented {number}", phone="07700 900123"),
                    point=Point(lat=HOME[0], lon=HOME[1], accuracy_m=50),
                    abilities=("groceries", "cooked_meal"),
                    max_per_week=50,
                ),
            )
            for number in range(helpers)
        ]
    return Desk(folder=folder, cookies=cookies, helpers=people)


@contextmanager
def running(folder: Path, *program: str, **environment: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The server and its address; killed without warning at the end. ``program``: what to run instead of the node."""
    process = subprocess.Popen(
        [
            sys.executable,
            *(program or ("-m", "node")),
            "run",
            "--data",
            str(folder),
            "--listen",
            "127.0.0.1:0",
        ],
        cwd=ROOT,
        env=os.environ | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdout is not None
    try:
        line = process.stdout.readline()
        assert line.startswith("Address: "), line
        yield process, line.split()[1]
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.send_signal(signal.SIGKILL)
        process.wait()
        process.stdout.close()


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came back, and after how many seconds."""

    status: int
    location: str
    text: str
    seconds: float

    @property
    def needs(self) -> tuple[str, ...]:
        """After a call: the requests that it became."""
        return tuple(parse_qs(urlsplit(self.location).query).get("need", [""])[0].split(","))


class Browser:
    """One member of staff before the running server."""

    def __init__(self, session: aiohttp.ClientSession, address: str, cookie: str) -> None:
        self._session = session
        self._address = address
        self._headers = {"Cookie": f"desk={cookie}; seal={SEAL}", "Origin": address}

    async def ask(
        self, path: str, form: Mapping[str, str] | Sequence[tuple[str, str]] | None = None
    ) -> Answer:
        """A page, or a form that is sent. Redirects are not followed."""
        body = None
        headers = dict(self._headers)
        if form is not None:
            fields = list(form.items()) if isinstance(form, Mapping) else list(form)
            body = urlencode([*fields, (csrf.FIELD, csrf.token(SEAL))]).encode()
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        begin = time.perf_counter()
        method = "GET" if form is None else "POST"
        async with self._session.request(
            method, self._address + path, data=body, headers=headers, allow_redirects=False
        ) as response:
            text = await response.text()
            return Answer(
                status=response.status,
                location=response.headers.get("Location", ""),
                text=text,
                seconds=time.perf_counter() - begin,
            )


@asynccontextmanager
async def browsers(desk: Desk, address: str) -> AsyncIterator[dict[str, Browser]]:
    """One for each who is signed in; every one has a connection of its own."""
    connector = aiohttp.TCPConnector(limit=0)
    timeout = aiohttp.ClientTimeout(total=300)
    async with aiohttp.ClientSession(
        connector=connector, cookie_jar=aiohttp.DummyCookieJar(), timeout=timeout
    ) as session:
        yield {handle: Browser(session, address, cookie) for handle, cookie in desk.cookies.items()}


def call(number: int, *kinds: str) -> list[tuple[str, str]]:
    """A whole call of somebody made up, unlike every other; what the form sends, filled in by hand."""
    return [
        ("whose", "self"),
        ("screen", f"07700 900{number % 1000:03}"),
        ("name", f"Caller Invented {number}"),
        ("address", f"{number} Imaginary Row ({HOME[0]:.4f}, {HOME[1]:.4f})"),
        ("notes", "Knock twice, the bell is broken"),
        ("doorstep_word", "marmalade"),
        ("urgency", "today"),
        *(("kinds", kind) for kind in kinds or ("groceries",)),
        ("help_you", "y"),
        ("keep_details", "y"),
    ]
