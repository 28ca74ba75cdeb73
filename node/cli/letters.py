"""Sealed letters to neighbouring groups."""

from pathlib import Path

import click

from node.cli import options
from node.console import run_command, show


@click.group()
def letters() -> None:
    """Sealed letters to neighbouring groups."""


@letters.command("list")
@click.option("--peer", metavar="DID_KEY", help="Of this group only.")
@options.data
@options.json
def letters_list(peer: str | None, data: Path, as_json: bool) -> None:
    """What is on its way, and what came in and was set aside."""
    show(run_command(data, "letters_list", {"peer": peer}), as_json)


@letters.command("release")
@click.argument("letter_id", metavar="[ID]", required=False)
@options.data
@options.json
def letters_release(letter_id: str | None, data: Path, as_json: bool) -> None:
    """Send what a restored backup brought back: one letter, or all."""
    show(run_command(data, "letters_release", {"id": letter_id}), as_json)


@letters.command("drop")
@click.argument("letter_id", metavar="ID")
@options.data
@options.json
def letters_drop(letter_id: str, data: Path, as_json: bool) -> None:
    """Do not send a letter any more."""
    show(run_command(data, "letters_drop", {"id": letter_id}), as_json)
