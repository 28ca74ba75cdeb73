"""The control socket: how a command reaches the node that is running in the same data folder.

A Unix stream socket, mode 0600, in the data folder: whoever may read the folder may speak. One request a
connection, one line of JSON each way: ``{"command": str, "arguments": {...}}`` and ``{"ok": ...}`` or
``{"error": {"code", "message", "hint", "status"}}``.
"""

import asyncio
import contextlib
import json
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

from node.errors import Misconfigured, MutualAidError
from node.logs import logger

MAX_REQUEST = 192 * 1024 * 1024
Handler = Callable[[str, Mapping[str, Any]], Awaitable[Any]]
log = logger("control")


class RemoteFault(MutualAidError):
    """An error that the running node answered with; already in words."""

    def __init__(self, fault: Mapping[str, Any]) -> None:
        super().__init__(str(fault["code"]), "%(text)s", hint=str(fault["hint"]), text=fault["message"])
        self.status = int(fault["status"])


@contextlib.asynccontextmanager
async def serve(path: Path, handler: Handler) -> AsyncIterator[None]:
    """Answers commands on ``path`` until the context ends; a socket left over from a crash is replaced."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            request = json.loads(await reader.readline())
            reply = await _reply(handler, request["command"], request["arguments"])
            writer.write(json.dumps(reply).encode() + b"\n")
            await writer.drain()
        except (ValueError, KeyError, TypeError, ConnectionError) as error:
            log.warning("bad_control_request", error=type(error).__name__)
        finally:
            writer.close()

    # Long data folders exceed the 107 bytes of a socket address: go through the folder's descriptor.
    path.unlink(missing_ok=True)
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    umask = os.umask(0o177)
    try:
        server = await asyncio.start_unix_server(
            answer, f"/proc/self/fd/{folder}/{path.name}", limit=MAX_REQUEST
        )
    finally:
        os.umask(umask)
        os.close(folder)
    try:
        yield
    finally:
        server.close()
        path.unlink(missing_ok=True)


async def _reply(handler: Handler, command: str, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
    try:
        return {"ok": await handler(command, arguments)}
    except MutualAidError as error:
        text = error.message % error.values if error.values else error.message
        return {"error": {"code": error.code, "message": text, "hint": error.hint, "status": error.status}}
    except Exception as error:
        log.exception("command_failed", command=command)
        return {
            "error": {
                "code": "internal",
                "message": "That went wrong inside the node; nothing was changed half-way. Its log says more.",
                "hint": type(error).__name__,
                "status": 500,
            }
        }


async def ask(path: Path, command: str, arguments: Mapping[str, Any]) -> Any:
    """Sends one command to the running node. Raises :class:`RemoteFault` with its refusal."""
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        reader, writer = await asyncio.open_unix_connection(
            f"/proc/self/fd/{folder}/{path.name}", limit=MAX_REQUEST
        )
    finally:
        os.close(folder)
    try:
        writer.write(json.dumps({"command": command, "arguments": dict(arguments)}).encode() + b"\n")
        await writer.drain()
        line = await reader.readline()
    finally:
        writer.close()
    if not line:
        raise Misconfigured("no_answer", "The running node did not answer. It may be stopping; try again.")
    reply = json.loads(line)
    if "error" in reply:
        raise RemoteFault(reply["error"])
    return reply["ok"]
