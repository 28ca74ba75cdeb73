"""Backups, restoring, and the rescue cards."""

import asyncio
import contextlib
import re
from pathlib import Path

import click

from node import commands
from node.cli import options
from node.console import (
    answered_alone,
    first_line,
    held,
    run_command,
    show,
    text_of,
)


@click.command()
@click.argument("file", type=options.new_file)
@options.data
@click.option("--passphrase-file", type=options.existing_file, required=True)
@options.json
def backup(file: Path, data: Path, passphrase_file: Path, as_json: bool) -> None:
    """Write a verified, sealed copy of everything to FILE."""
    arguments = {"file": str(file.resolve()), "passphrase": first_line(passphrase_file)}
    show(run_command(data, "backup", arguments), as_json)


@click.command()
@click.argument("file", type=options.existing_file)
@options.data
@click.option("--passphrase-file", type=options.existing_file, required=True)
@click.option(
    "--ledger-of",
    type=click.Path(file_okay=False, exists=True, path_type=Path),
    help="The old data folder, if it can still be read: who was erased since the backup is erased again.",
)
@click.option(
    "--offline", is_flag=True, help="Ask no neighbour now; the node does so before it sends anything."
)
@options.json
def restore(
    file: Path, data: Path, passphrase_file: Path, ledger_of: Path | None, offline: bool, as_json: bool
) -> None:
    """Bring a backup back, into a new data folder. Stop the old node first, and never start it again.

    Then ask the neighbouring groups what happened since: what is over there goes on hold here, and what only they
    know is listed as lost.
    """
    phrase = first_line(passphrase_file)
    alone = None if offline else answered_alone
    with held(ledger_of) if ledger_of else contextlib.nullcontext():
        show(asyncio.run(commands.restore(file, data, phrase, ledger_of, alone=alone)), as_json)


@click.command()
@options.data
@click.option("--as", "as_name", required=True, metavar="NAME", help="Whose account gets the new password.")
@click.option(
    "--cards-file",
    type=options.existing_file,
    required=True,
    help="A file with two or three of the rescue cards, an empty line between them.",
)
@click.option(
    "--password-file",
    type=options.existing_file,
    required=True,
    help="A file whose first line is the new password.",
)
@click.option(
    "--anyway", is_flag=True, help="Give up reports about safety that only this account could read."
)
@options.json
def rescue(
    data: Path, as_name: str, cards_file: Path, password_file: Path, anyway: bool, as_json: bool
) -> None:
    """Open the records again by two rescue cards, when every password is lost."""
    cards = [card for card in re.split(r"\n\s*\n", text_of(cards_file)) if card.strip()]
    arguments = {"as": as_name, "cards": cards, "password": first_line(password_file), "anyway": anyway}
    show(run_command(data, "rescue", arguments), as_json)
