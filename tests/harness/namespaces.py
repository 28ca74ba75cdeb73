"""A node in a network of its own, from which one address outside can be called and to which nobody can.

The kernel's network namespaces stand in for a home router: inside there is a loopback and nothing else. At the hub's
address in there listens a gateway that carries what comes to a socket file, and outside the test carries it from there
to the hub - so calls lead out, to this one place, and no way leads in. Needs Linux, ``unshare`` and ``nsenter``, and a
machine that gives namespaces to whoever runs the tests.
"""

import asyncio
import contextlib
import fcntl
import shutil
import socket
import struct
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Sequence
from pathlib import Path

from tests.harness.processes import ROOT, NodeProcess

OWN = ("unshare", "--user", "--map-root-user", "--net")
SIOCSIFFLAGS = 0x8914
UP_AND_RUNNING = 0x1 | 0x40


def why_not() -> str:
    """Why this machine cannot have them; empty if it can."""
    for program in ("unshare", "nsenter"):
        if shutil.which(program) is None:
            return f"this machine has no {program}"
    tried = subprocess.run([*OWN, "true"], capture_output=True, text=True, check=False)
    return "" if tried.returncode == 0 else f"no network namespaces here: {tried.stderr.strip()}"


class HiddenProcess(NodeProcess):
    """A node inside; its control socket is a file, and so within reach as ever."""

    def __init__(self, folder: Path, name: str, at: str, *, hub: NodeProcess) -> None:
        super().__init__(folder, name, at, reachable=False)
        self._hub = hub
        self._way_out = folder / f"{name}.way-out"
        self._gateway: subprocess.Popen[str] | None = None

    def command(self) -> Sequence[str]:
        """The node's, run where the gateway is."""
        assert self._gateway is not None
        inside = ("nsenter", "--preserve-credentials", "-U", "-n", "-t", str(self._gateway.pid))
        return (*inside, *super().command())

    @contextlib.asynccontextmanager
    async def network(self) -> AsyncIterator[None]:
        """The namespace, the gateway inside and the carrier outside, while the context lasts."""
        port = str(_port(self._hub.line.url))
        server = await asyncio.start_unix_server(self._carry, self._way_out)
        gateway = (sys.executable, "-m", "tests.harness.namespaces", port, str(self._way_out))
        self._gateway = subprocess.Popen(  # noqa: ASYNC220 - returns at once
            [*OWN, *gateway], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT
        )
        try:
            assert self._gateway.stdout is not None
            assert await asyncio.to_thread(self._gateway.stdout.readline) == "ready\n"
            yield
        finally:
            self._gateway.kill()
            await asyncio.to_thread(self._gateway.communicate)
            server.close()

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await _joined(reader, writer, asyncio.open_connection("127.0.0.1", _port(self._hub.line.url)))


def _port(url: str) -> int:
    return int(url.rpartition(":")[2])


async def _joined(
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
    opening: Awaitable[tuple[asyncio.StreamReader, asyncio.StreamWriter]],
) -> None:
    try:
        back, there = await opening
    except OSError:
        writer.close()
        return

    async def copy(one: asyncio.StreamReader, other: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while data := await one.read(65_536):
                other.write(data)
                await other.drain()
        other.close()

    await asyncio.gather(copy(reader, there), copy(back, writer))


async def _gateway(port: int, way_out: str) -> None:
    """Inside: the hub's port on this loopback, carried to the file; until killed."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        fcntl.ioctl(any_socket, SIOCSIFFLAGS, struct.pack("16sh14s", b"lo", UP_AND_RUNNING, b""))

    async def carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await _joined(reader, writer, asyncio.open_unix_connection(way_out))

    server = await asyncio.start_server(carry, "127.0.0.1", port)
    print("ready", flush=True)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_gateway(int(sys.argv[1]), sys.argv[2]))
