"""What leaves the group, and with whom it talks."""

import base64
from pathlib import Path

import click

from node.cli import options
from node.cli.options import PARTLY
from node.console import (
    as_base64,
    run_command,
    show,
)


@click.command()
@options.data
@click.argument("choices", nargs=-1, required=True, metavar="CATEGORY|all=only_us|peers|public ...")
@click.option("--dry-run", is_flag=True, help="Only count what would tell one request from all others.")
@click.option("--sure", is_flag=True, help="The first time: somebody has read that count.")
@options.json
def share(data: Path, choices: tuple[str, ...], dry_run: bool, sure: bool, as_json: bool) -> None:
    """Set who may see which kinds of need: only_us, peers (groups we chose) or public (anyone).

    The first time it only says how far what would go out tells one request from all others, and ends with code 1; with
    --sure it is shared.
    """
    pairs = dict(choice.partition("=")[::2] for choice in choices)
    answer = run_command(data, "share", {"choices": pairs, "dry_run": dry_run, "sure": sure})
    if answer.get("done", True):
        show(answer, as_json)
    click.echo("Nothing is shared yet. Read the count, then say the same again with --sure.", err=True)
    show(answer, as_json, 1)


@click.command()
@click.argument("choices", nargs=-1, metavar="[CATEGORY|all=only_us|peers|public ...]")
@options.data
@options.json
def uniqueness(data: Path, choices: tuple[str, ...], as_json: bool) -> None:
    """Count what would tell one request from all others, if everything were shared, or with these settings."""
    pairs = dict(choice.partition("=")[::2] for choice in choices)
    show(run_command(data, "uniqueness", {"choices": pairs}), as_json)


@click.command()
@click.argument("number", type=int, required=False)
@options.data
@options.json
def residents(number: int | None, data: Path, as_json: bool) -> None:
    """Say how many people live where the group helps. Under 20,000 nothing goes out publicly under its name."""
    show(run_command(data, "residents", {"number": number}), as_json)


@click.command()
@click.option(
    "--anew",
    is_flag=True,
    help="This node is the one that goes on (any other copy is off): begin a new epoch without asking further.",
)
@options.data
@options.json
def publish(anew: bool, data: Path, as_json: bool) -> None:
    """Publish what is shared and changed now, not at the slot."""
    show(run_command(data, "publish", {"anew": anew}), as_json)


@click.command()
@options.data
@options.json
def sync(data: Path, as_json: bool) -> None:
    """Talk with every neighbouring group now."""
    answer = run_command(data, "sync", {})
    show(answer, as_json, 0 if all(each["ok"] for each in answer["rounds"]) else PARTLY)


@click.group()
def bundle() -> None:
    """What travels between groups, as a file on a stick."""


@bundle.command("export")
@click.argument("file", type=options.new_file)
@click.option(
    "--set",
    "sets",
    type=click.Choice(["public", "peers"]),
    multiple=True,
    default=("public",),
    show_default=True,
)
@click.option("--for", "peer", metavar="PEER", help="For one neighbouring group: its id, name or address.")
@options.data
@options.json
def bundle_export(file: Path, sets: tuple[str, ...], peer: str | None, data: Path, as_json: bool) -> None:
    """Write every public line held, ours and our neighbours', to FILE; with --for, what that group may get."""
    if "peers" in sets and peer is None:
        raise click.UsageError("Set peers is for one of the groups we chose: say which with --for.")
    answer = run_command(data, "bundle_export", {"sets": list(sets), "for": peer})
    content = base64.b64decode(answer.pop("content"))
    file.write_bytes(content)
    show(answer | {"file": str(file), "bytes": len(content)}, as_json)


@bundle.command("w3c")
@click.argument("file", type=options.new_file)
@options.data
@options.json
def bundle_w3c(file: Path, data: Path, as_json: bool) -> None:
    """Write our own public statements to FILE as W3C documents (eddsa-jcs-2022), one a line, for tools that know
    nothing of this protocol."""
    answer = run_command(data, "bundle_w3c", {})
    content = base64.b64decode(answer.pop("content"))
    file.write_bytes(content)
    show(answer | {"file": str(file), "bytes": len(content)}, as_json)


@bundle.command("import")
@click.argument("file", type=options.existing_file)
@options.data
@options.json
def bundle_import(file: Path, data: Path, as_json: bool) -> None:
    """Take in a bundle; a second time changes nothing."""
    answer = run_command(data, "bundle_import", {"content": as_base64(file)})
    show(answer, as_json, PARTLY if answer["refused"] else 0)
