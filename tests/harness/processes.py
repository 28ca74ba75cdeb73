"""Whole nodes as processes of their own, with real clocks and real sockets: begun, asked, killed, cut off.

Nothing waits for a while: a node is ready when it says its address, and everything that it does is asked for over its
control socket.
"""

import asyncio
import base64
import contextlib
import os
import secrets
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any

from node import control
from protocol import rescue
from tests.harness.neighbourhood import PASSWORD

ROOT = Path(__file__).parents[2]
MAPPING = ROOT / "examples/mappings/lansing.toml"
SHEET = (
    "ID,Organizer,Status,Name,Timestamp,Address,email,telephone,"
    "Does your request need to remain anonymous? ,Number of people in household ,"
    '"Is a member of your household over the age of 50, or otherwise at elevated risk? ",'
    "What do you need? Check all that apply,Is your need:,Add any details about your request,"
    "Is your need recurring?,Organizer Results and Comments\n"
)


def free_port() -> int:
    """One that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class NodeProcess:
    """One data folder and, while it runs, the process that holds it."""

    def __init__(self, folder: Path, name: str, at: str, *, reachable: bool = True) -> None:
        self.name = name
        self.at = at
        self.data = folder / name
        self.port = free_port()
        self.line = Line(self.port)
        """What the others call; it can be cut."""
        self.url = self.line.url if reachable else ""
        self.id = ""
        self.process: subprocess.Popen[str] | None = None
        self._rows = 0

    async def start(self) -> None:
        """Until it answers."""
        self.data.mkdir(mode=0o700, exist_ok=True)
        if self.url:
            (self.data / "node.toml").write_text(f'public_url = "{self.url}"\n')
        self.process = subprocess.Popen(  # noqa: ASYNC220 - returns at once
            self.command(), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, cwd=ROOT
        )
        assert self.process.stdout is not None
        line = await asyncio.to_thread(self.process.stdout.readline)
        assert "http://127.0.0.1:" in line or await asyncio.to_thread(self._says_address), self.name

    def command(self) -> Sequence[str]:
        """What runs it."""
        listen = f"127.0.0.1:{self.port}"
        return [sys.executable, "-m", "node", "run", "--data", str(self.data), "--listen", listen]

    def _says_address(self) -> bool:
        assert self.process is not None
        assert self.process.stdout is not None
        return any("http://127.0.0.1:" in line for line in iter(self.process.stdout.readline, ""))

    def end(self, how: signal.Signals = signal.SIGTERM) -> None:
        """``SIGTERM`` as a service manager would, ``SIGKILL`` as a power cut of this process alone."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGCONT)
            self.process.send_signal(how)
            assert self.process.wait(120) == (0 if how is signal.SIGTERM else -how)
            assert self.process.stdout is not None
            self.process.stdout.close()
        self.process = None

    def freeze(self) -> None:
        """It neither calls nor answers from now on; who calls it is refused at once."""
        assert self.process is not None
        self.process.send_signal(signal.SIGSTOP)
        self.line.cut()

    async def thaw(self) -> None:
        """And here it is again."""
        assert self.process is not None
        self.process.send_signal(signal.SIGCONT)
        await self.line.open()

    async def ask(self, command: str, **arguments: Any) -> Any:
        """One command over the control socket, at most three minutes (on a busy machine)."""
        async with asyncio.timeout(180):
            return await control.ask(self.data / "control.sock", command, arguments)

    async def set_up(self) -> None:
        """As ``mutualaid init`` does; everything that may be shared is shared."""
        made = await self.ask(
            "init",
            name=self.name.title(),
            at=self.at,
            public_url=self.url,
            admin="kim",
            password=PASSWORD,
            cards=list(rescue.split(secrets.token_bytes(rescue.SEED_LENGTH))),
        )
        self.id = str(made["id"])
        await self.ask("share", choices={"all": "public"}, sure=True)

    async def needs(self, count: int, day: str) -> None:
        """``count`` people ask for food, and it goes out. ``day``: month/day/year."""
        rows = []
        for _ in range(count):
            self._rows += 1
            rows.append(
                f"{self._rows},Kim,,Invented {self._rows},{day} 9:15:00,{self._rows} Sample Street,,"
                f'+1517555{self._rows:04},No,2,No,Food,"Non urgent, I can wait a day or two",,One time need.,\n'
            )
        sheet = SHEET + "".join(rows)
        report = await self.ask(
            "import_sheet",
            **{"file": base64.b64encode(sheet.encode()).decode(), "mapping": MAPPING.read_text("utf-8")},
            **{
                "as": "kim",
                "password": PASSWORD,
                "dry_run": False,
                "open": True,
                "consent": "made-up steward",
            },
        )
        assert report["added"] == count, report
        await self.ask("publish", anew=False)

    async def rounds(self) -> dict[str, bool]:
        """One round with every neighbour: by name, whether it went well."""
        return {each["origin"]: each["ok"] for each in (await self.ask("sync"))["rounds"]}

    async def holds(self) -> set[bytes]:
        """Every line of set ``public``, byte for byte."""
        made = await self.ask("bundle_export", sets=["public"], **{"for": None})
        return set(base64.b64decode(made["content"]).splitlines())


class Line:
    """A wire to one port of this machine, under a port of its own, that can be cut."""

    def __init__(self, to: int) -> None:
        self._to = to
        self._port = free_port()
        self.url = f"http://127.0.0.1:{self._port}"
        self.used = asyncio.Event()
        """Set whenever somebody asks something over it."""
        self._server: asyncio.Server | None = None
        self._talks: set[asyncio.StreamWriter] = set()

    async def open(self) -> None:
        """From now on calls get through."""
        self._server = await asyncio.start_server(self._carry, "127.0.0.1", self._port)

    def cut(self) -> None:
        """No call gets through, and those under way break off."""
        if self._server is not None:
            self._server.close()
        self._server = None
        for writer in list(self._talks):
            if writer.transport is not None:
                writer.transport.abort()

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            there, back = await asyncio.open_connection("127.0.0.1", self._to)
        except OSError:
            writer.close()
            return
        self._talks |= {writer, back}
        try:
            await asyncio.gather(self._copy(reader, back), self._copy(there, writer))
        finally:
            self._talks -= {writer, back}

    async def _copy(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while data := await reader.read(65_536):
                self.used.set()
                writer.write(data)
                await writer.drain()
        writer.close()


@contextlib.asynccontextmanager
async def started(*nodes: NodeProcess) -> AsyncIterator[None]:
    """All of them, set up; whatever is left of them is ended by its process id."""
    try:
        for node in nodes:
            await node.line.open()
        await asyncio.gather(*(node.start() for node in nodes))
        await asyncio.gather(*(node.set_up() for node in nodes))
        yield
    finally:
        for node in nodes:
            if node.process is not None and node.process.poll() is None:
                os.kill(node.process.pid, signal.SIGCONT)
                node.process.kill()
                node.process.wait(120)
                assert node.process.stdout is not None
                node.process.stdout.close()
            node.line.cut()
