"""Bringing in what others wrote: sheets of needs, lists of places."""

import base64
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from node.cli import options
from node.cli.options import PARTLY
from node.console import (
    as_base64,
    fail,
    first_line,
    run_command,
    show,
    text_of,
    write_private_bytes,
)
from node.domain.sheets.sheets import ENCODINGS


@click.group("import")
def import_() -> None:
    """Bring sheets of other tools in."""


def _sheet(function: Callable[..., None]) -> Callable[..., None]:
    """The options of every sheet."""
    for option in (
        click.option("--mapping", type=options.existing_file, required=True),
        click.option(
            "--tab", default="", metavar="NAME", help="Which page of an .xlsx file (else the first one)."
        ),
        click.option(
            "--encoding",
            type=click.Choice([each for each in ENCODINGS if each]),
            help="What the letters of a CSV are, if not UTF-8 or UTF-16.",
        ),
        click.option(
            "--back",
            type=options.new_file,
            help="Write the rows that stay out, each with the reason, to this .csv or .xlsx file.",
        ),
        click.option("--dry-run", is_flag=True, help="Only say what would happen."),
    ):
        function = option(function)
    return function


def _bring(file: Path, data: Path, mapping: Path, **given: Any) -> None:
    back: Path | None = given.pop("back")
    as_json, password_file = given.pop("as_json"), given.pop("password_file")
    if back is not None and back.suffix.lower() not in (".csv", ".xlsx"):
        fail(f"{back} must end in .csv or .xlsx.")
    if back is not None and back.exists():
        fail(f"{back} exists already; it was left as it is.")
    answer = run_command(
        data,
        "import_sheet",
        {
            "file": as_base64(file),
            "mapping": text_of(mapping),
            "password": first_line(password_file),
            "back": back.suffix.lower()[1:] if back else "",
            **given,
        },
    )
    rows = answer.pop("back", None)
    if back is not None and rows and answer["errors"]:
        write_private_bytes(back, base64.b64decode(rows))
        answer["back"] = str(back)
    show(answer, as_json, PARTLY if answer["errors"] else 0)


@import_.command("needs")
@click.argument("file", type=options.existing_file)
@options.data
@_sheet
@click.option(
    "--open", "open_", is_flag=True, help="Recent rows arrive open for volunteers, not to be sorted first."
)
@click.option(
    "--consent", metavar="WHO", help="Who stated that the people agree to being seen, for the record."
)
@options.as_somebody
@options.json
def import_needs(file: Path, data: Path, mapping: Path, open_: bool, as_name: str, **given: Any) -> None:
    """Bring a sheet of needs in. Safe to run twice: rows already here are passed over."""
    _bring(file, data, mapping, open=open_, **{"as": as_name}, **given)


@import_.command("volunteers")
@click.argument("file", type=options.existing_file)
@options.data
@_sheet
@click.option("--known", is_flag=True, help="The group knows these people; else they begin as not met yet.")
@options.as_somebody
@options.json
def import_volunteers(file: Path, data: Path, mapping: Path, known: bool, as_name: str, **given: Any) -> None:
    """Bring a sheet of volunteers in. No safety check comes out of a sheet."""
    _bring(file, data, mapping, open=known, **{"as": as_name}, **given)


@import_.command("matches")
@click.argument("file", type=options.existing_file)
@options.data
@_sheet
@options.as_somebody
@options.json
def import_matches(file: Path, data: Path, mapping: Path, as_name: str, **given: Any) -> None:
    """Bring a sheet of help that happened in: who was helped, by whom, when."""
    _bring(file, data, mapping, open=False, **{"as": as_name}, **given)


@click.group()
def places() -> None:
    """Postcodes and place names, kept here so that nobody is asked over the network."""


@places.command("import")
@click.argument("file", type=options.existing_file)
@options.data
@options.json
def places_import(file: Path, data: Path, as_json: bool) -> None:
    """Bring in a public place file (GeoNames postal codes, tab or comma separated)."""
    show(run_command(data, "places_import", {"file": str(file.resolve())}), as_json)
