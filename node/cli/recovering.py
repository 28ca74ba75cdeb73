"""A new signing key by the rescue cards, and taking everything back."""

import re
import sys
from pathlib import Path

import click

from node.cli import options
from node.console import fail, run_command, show, text_of
from protocol import keys_request, rescue
from protocol.identity import fingerprint_words


@click.group()
def keys() -> None:
    """The key that signs what the group publishes, and naming another one with the rescue cards."""


@keys.command("new")
@click.option("--stolen", is_flag=True, help="The present key may be in other hands.")
@options.data
@options.json
def keys_new(stolen: bool, data: Path, as_json: bool) -> None:
    """Make the next signing key, and print the line that `mutualaid keys sign` asks for."""
    answer = run_command(data, "keys_new", {"stolen": stolen})
    if as_json:
        show(answer, as_json)
    click.echo(answer["request"])


@keys.command("sign")
@click.argument("request", required=False)
@click.option(
    "--request-file",
    type=options.existing_file,
    help="A file with the line that `mutualaid keys new` printed.",
)
@click.option(
    "--cards-file",
    type=options.existing_file,
    help="A file with two or three of the rescue cards, an empty line between them; else they are typed.",
)
@options.json
def keys_sign(request: str | None, request_file: Path | None, cards_file: Path | None, as_json: bool) -> None:
    """Sign a new key with two rescue cards, on any machine but the node's: no network, no data folder.

    Prints one line, to be pasted with `mutualaid keys paste`.
    """
    if bool(request) == bool(request_file):
        raise click.UsageError("Give the line that `mutualaid keys new` printed, or --request-file.")
    try:
        keys = keys_request.read_request(request or text_of(request_file or Path()))
    except keys_request.RequestError as error:
        fail(str(error))
    click.echo(f"For the group: {' '.join(fingerprint_words(keys.origin))}", err=True)
    click.echo(f"New key:       {' '.join(fingerprint_words(keys.op_key))} ({keys.op_key})", err=True)
    click.echo(f"Number {keys.rev}, nothing from before {keys.epoch_floor} counts.", err=True)
    try:
        line = keys_request.answer(keys, keys_request.root_of(_cards(cards_file)))
    except (rescue.RescueError, keys_request.RequestError) as error:
        fail(str(error))
    if as_json:
        show({"line": line, "rev": keys.rev, "op_key": keys.op_key, "epoch_floor": keys.epoch_floor}, as_json)
    click.echo(line)


def _cards(file: Path | None) -> list[str]:
    if file is not None:
        return [card for card in re.split(r"\n\s*\n", text_of(file)) if card.strip()]
    return [
        click.prompt(f"The 20 words of card {number}", hide_input=True, err=True)
        for number in range(1, rescue.CARDS_NEEDED + 1)
    ]


@keys.command("paste")
@click.argument("line", required=False)
@options.data
@options.json
def keys_paste(line: str | None, data: Path, as_json: bool) -> None:
    """Take the signed LINE (or standard input): everything that the old key signed falls everywhere."""
    show(run_command(data, "keys_paste", {"line": line or sys.stdin.readline()}), as_json)


@click.command("erase-all")
@click.option("--yes", is_flag=True, help="Yes, take back everything that was ever shared.")
@options.data
@options.json
def erase_all(yes: bool, data: Path, as_json: bool) -> None:
    """Take back everything that this group ever shared, everywhere; nothing is shared from now on."""
    if not yes:
        fail("Nothing was done. Add --yes to take back everything that was ever shared.")
    show(run_command(data, "erase_all", {}), as_json)
