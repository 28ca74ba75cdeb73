"""How a command reaches the node, and how its answer is shown.

If a node runs in the data folder the command goes over its control socket; else the same services are opened here,
under the folder's lock.
"""

import asyncio
import base64
import contextlib
import json
import secrets
import sqlite3
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NoReturn

import click

from node import commands, config, control, durable
from node.app import open_node
from node.clock import SystemClock
from node.errors import MutualAidError
from node.lock import FolderLock
from node.logs import set_level
from node.services.accounts import keyring

IN_USE = 3


def run_command(data: Path, command: str, arguments: Mapping[str, Any]) -> Any:
    """The answer of one command of ``node.commands``; its refusal in words, and the end of the process."""
    with errors_told():
        if not data.is_dir():
            fail(f"There is no data folder {data}.")
        if not has_node(data):
            fail(f"There is no node in {data}. Make one: mutualaid init, or mutualaid run.")
        return answer_of(data, command, arguments)
    raise AssertionError("unreachable")


def answer_of(data: Path, command: str, arguments: Mapping[str, Any]) -> Any:
    """The same, but raises the refusal; in a folder without a node it makes the files of one."""
    if is_running(data):
        return asyncio.run(control.ask(data / "control.sock", command, arguments))
    settings = settings_of(data)
    with held(data):
        return asyncio.run(_alone(settings, command, arguments))


async def answered_alone(data: Path, command: str, arguments: Mapping[str, Any]) -> Any:
    """The answer of one command in a folder that no process uses, for whoever is in a loop already."""
    settings = settings_of(data)
    with held(data):
        return await _alone(settings, command, arguments)


def has_node(data: Path) -> bool:
    """Whether a node was begun in this folder, set up or not."""
    return (data / "group.db").exists() or (data / keyring.FILE).exists()


async def _alone(settings: config.Config, command: str, arguments: Mapping[str, Any]) -> Any:
    async with open_node(settings, SystemClock(), secrets.token_bytes) as node:
        return await commands.run(node.services, command, arguments)


def is_running(data: Path) -> bool:
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
    except sqlite3.Error as error:
        fail(f"The data folder cannot be read or written: {error}. Is the disk full, or read-only?")
    except OSError as error:
        what = f"{error.filename}: " if error.filename else ""
        fail(what + (error.strerror or str(error)))


def settings_of(data: Path, **given: Any) -> config.Config:
    """The folder's settings, every fault told at once; from here on only what they ask for is logged."""
    with errors_told():
        settings = config.load(data, **given)
        set_level(settings.log_level)
        return settings
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
    """A password or passphrase: the first line of a file, blanks at its ends included."""
    line = text_of(path).split("\n", 1)[0].rstrip("\r")
    if not line:
        fail(f"{path} is empty.")
    return line


def text_of(path: Path) -> str:
    """A text file in UTF-8, with or without the mark that Windows puts before it."""
    try:
        return path.read_text("utf-8-sig")
    except UnicodeDecodeError:
        fail(f"{path} is not in UTF-8. Save it again as plain text in UTF-8.")


def as_base64(path: Path) -> str:
    """A file's content, fit for the control socket."""
    return base64.b64encode(path.read_bytes()).decode()


def write_private(path: Path, text: str) -> None:
    """A new file that only its owner may read, on the disk when this returns; nothing is left of a failed try."""
    write_private_bytes(path, text.encode())


def write_private_bytes(path: Path, content: bytes) -> None:
    """The same for a file that is no text."""
    durable.write_new(path, content)
