"""Moving a whole group: everything out into one sealed file, and into an empty node."""

from pathlib import Path

import click

from node.cli import bringing, options
from node.cli.making import is_made, make_node
from node.console import answer_of, fail, first_line, run_command, show
from node.services.sheets.bringing_in import Looked, look

_passphrase = click.option(
    "--passphrase-file",
    type=options.existing_file,
    help="A file whose first line is the passphrase of FILE, if that is not the password.",
)


@click.group()
def export() -> None:
    """Take everything out, to move it elsewhere."""


@export.command("all")
@click.argument("file", type=options.new_file)
@options.data
@_passphrase
@options.as_somebody
@options.json
def export_all(
    file: Path, data: Path, passphrase_file: Path | None, as_name: str, password_file: Path, as_json: bool
) -> None:
    """Write people, requests, who helped, texts and the record to FILE, sealed.

    An empty node reads it again: mutualaid import all. What stays behind is told; to move a node with its keys and
    neighbours, take a backup instead. Whoever has FILE and the passphrase can read about everybody.
    """
    password = first_line(password_file)
    arguments = {
        "file": str(file.resolve()),
        "passphrase": first_line(passphrase_file) if passphrase_file else password,
        "as": as_name,
        "password": password,
    }
    show(run_command(data, "export_all", arguments), as_json)


@bringing.import_.command("all")
@click.argument("file", type=options.existing_file)
@options.data
@_passphrase
@click.option(
    "--recovery-file",
    type=options.new_file,
    help="Where to write the rescue cards, if the node is made now (else beside the data folder).",
)
@options.as_somebody
@options.json
def import_all(
    file: Path,
    data: Path,
    passphrase_file: Path | None,
    recovery_file: Path | None,
    as_name: str,
    password_file: Path,
    as_json: bool,
) -> None:
    """Bring the FILE of `mutualaid export all` into an empty node, whole or not at all.

    Without a node in the data folder one is made there first: with the group's name and place out of FILE, the given
    account as its first coordinator, and rescue cards of its own.
    """
    password = first_line(password_file)
    passphrase = first_line(passphrase_file) if passphrase_file else password
    made = {}
    if not is_made(data):
        # Looked through before a folder is made: a wrong passphrase leaves nothing behind.
        found = look(file, passphrase)
        cards = recovery_file or data.with_name(f"{data.resolve().name}-rescue-cards.txt")
        said = {"admin": as_name, "password": password, "zone": found.settings.get("zone") or ""}
        made = make_node(data, {**said, **_group(found)}, recovery_file=cards)
    elif recovery_file is not None:
        fail(f"There is a node in {data} already, with rescue cards of its own.")
    arguments = {"file": str(file.resolve()), "passphrase": passphrase, "as": as_name, "password": password}
    show(answer_of(data, "import_all", arguments) | made, as_json)


def _group(found: Looked) -> dict[str, str]:
    place = found.settings.get("place")
    if not place:
        fail("The file does not say where the group is. Make the node first: mutualaid init.")
    return {
        "name": str(found.settings.get("group_name") or "Our group"),
        "at": f"{place[0]},{place[1]}",
    }
