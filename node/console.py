"""How a command reaches the node, and how its answer is shown.

If a node runs in the data folder the command goes over its control socket; else the same services are opened here,
under the folder's lock.
"""

import asyncio
import base64
import contextlib
import json
import secrets
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NoReturn

import click

from node import commands, config, control
from node.app import open_node
from node.clock import SystemClock
from node.errors import MutualAidError
from node.lock import FolderLock

IN_USE = 3


def run_command(data: Path, command: str, arguments: Mapping[str, Any]) -> Any:
    """The answer of one command of ``node.commands``."""
    with errors_told():
        if not data.is_dir():
            fail(f"There is no data folder {data}.")
        if _answers(data):
            return asyncio.run(control.ask(data / "control.sock", command, arguments))
        settings = settings_of(data)
        with held(data):
            return asyncio.run(_alone(settings, command, arguments))
    raise AssertionError("unreachable")


async def _alone(settings: config.Config, command: str, arguments: Mapping[str, Any]) -> Any:
    async with open_node(settings, SystemClock(), secrets.token_bytes) as node:
        return await commands.run(node.services, command, arguments)


def _answers(data: Path) -> bool:
    """Whether a node runs here: its lock is held and its socket stands."""
    if not (data / "control.sock").exists():
        return False
    try:
        with FolderLock(data):
            return False
    except MutualAidError:
        return True


@contextlib.contextmanager
def held(data: Path) -> Iterator[None]:
    """Holds the folder's lock; ends the process with status 3 when another one does."""
    lock = FolderLock(data)
    try:
        lock.__enter__()
    except MutualAidError as error:
        click.echo(str(error), err=True)
        sys.exit(IN_USE)
    try:
        with errors_told():
            yield
    finally:
        lock.__exit__(None, None, None)


@contextlib.contextmanager
def errors_told() -> Iterator[None]:
    """Turns a refusal into its words on standard error and exit status 1."""
    try:
        yield
    except MutualAidError as error:
        fields = getattr(error, "fields", {})
        fail(str(error), *(f"  {name}: {message}" for name, message in fields.items()))


def settings_of(data: Path, **given: Any) -> config.Config:
    """The folder\'s settings, every fault told at once."""
    with errors_told():
        return config.load(data, **given)
    raise AssertionError("unreachable")


def fail(*lines: str) -> NoReturn:
    """Says why and ends with status 1."""
    for line in lines:
        click.echo(line, err=True)
    sys.exit(1)


def show(answer: Mapping[str, Any], as_json: bool, code: int = 0) -> None:
    """Prints the answer and ends with ``code``."""
    if as_json:
        click.echo(json.dumps(answer, ensure_ascii=False, indent=2))
    else:
        for line in _lines(answer, ""):
            click.echo(line)
    sys.exit(code)


def _lines(value: Any, indent: str) -> list[str]:
    if isinstance(value, Mapping):
        lines = []
        for key, each in value.items():
            if isinstance(each, Mapping | list) and each:
                lines += [f"{indent}{key}:", *_lines(each, indent + "  ")]
            else:
                lines.append(f"{indent}{key}: {_plain(each)}")
        return lines
    return [
        line if index else f"{indent}- {line.strip()}"
        for each in value
        for index, line in enumerate(
            _lines(each, indent + "  ") if isinstance(each, Mapping) else [_plain(each)]
        )
    ]


def _plain(value: Any) -> str:
    if value in (None, [], {}):
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


def first_line(path: Path) -> str:
    """A password or passphrase: the first line of a file."""
    line = path.read_text("utf-8").split("\n", 1)[0].rstrip("\r")
    if not line:
        fail(f"{path} is empty.")
    return line


def as_base64(path: Path) -> str:
    """A file\'s content, fit for the control socket."""
    return base64.b64encode(path.read_bytes()).decode()


def write_private(path: Path, text: str) -> None:
    """A new file that only its owner may read."""
    path.touch(mode=0o600, exist_ok=False)
    path.write_text(text, "utf-8")
