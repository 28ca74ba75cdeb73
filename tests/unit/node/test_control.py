"""The control socket: the same answer as from the services, errors in words, a stale socket replaced."""

import asyncio
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from node import control
from node.errors import Conflict


async def handler(command: str, arguments: Mapping[str, Any]) -> Any:
    match command:
        case "echo":
            return dict(arguments)
        case "refuse":
            raise Conflict("already_taken", "%(who)s was quicker.", who="Kim", hint="look again")
        case _:
            raise RuntimeError("a name nobody should see")


async def test_asks_and_answers(tmp_path: Path) -> None:
    path = tmp_path / ("long" * 40) / "control.sock"
    path.parent.mkdir()
    path.touch()
    async with control.serve(path, handler):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
        assert await control.ask(path, "echo", {"a": "ü" * 100_000}) == {"a": "ü" * 100_000}
    assert not path.exists()


async def test_refusals_come_back_in_words(tmp_path: Path) -> None:
    path = tmp_path / "control.sock"
    async with control.serve(path, handler):
        with pytest.raises(control.RemoteFault) as caught:
            await control.ask(path, "refuse", {})
        assert (caught.value.code, caught.value.status) == ("already_taken", 409)
        assert str(caught.value) == "Kim was quicker. (look again)"
        with pytest.raises(control.RemoteFault) as caught:
            await control.ask(path, "burst", {})
        assert "nobody should see" not in str(caught.value)


async def test_nonsense_on_the_socket_hurts_nobody(tmp_path: Path) -> None:
    path = tmp_path / "control.sock"
    async with control.serve(path, handler):
        for nonsense in (b"\n", b"{}\n", b"[1]\n", b"\xff\n", b'{"command": 1'):
            reader, writer = await asyncio.open_unix_connection(path)
            writer.write(nonsense)
            writer.write_eof()
            await reader.read()
            writer.close()
        assert await control.ask(path, "echo", {"still": "here"}) == {"still": "here"}
