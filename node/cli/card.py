"""Our line in the neighbours' phone book."""

from pathlib import Path
from typing import Any

import click

from node.cli import options
from node.console import run_command, show


@click.command()
@click.option("--name", help="The group's name.")
@click.option("--phone", help="The group's own telephone.")
@click.option("--hours", help="When it is answered, in words.")
@click.option("--state", type=click.Choice(["open", "full", "resting"]), help="How it stands.")
@click.option("--until", metavar="DAY", help="Last day of full or resting, YYYY-MM-DD.")
@click.option("--headings", metavar="all|CODE,...", help="Headings of help that the group takes.")
@click.option("--kind", type=click.Choice(["group", "hub", "council"]), help="What this node is.")
@click.option("--languages", metavar="CODE,...", help="Languages in which the group answers, beside its own.")
@options.data
@options.json
def card(headings: str | None, languages: str | None, data: Path, as_json: bool, **given: Any) -> None:
    """Show or change what neighbouring groups read out about us."""
    spoken = None if languages is None else [code for code in languages.split(",") if code]
    codes = headings if headings in (None, "all") else [code for code in headings.split(",") if code]
    show(run_command(data, "card", {**given, "headings": codes, "languages": spoken}), as_json)
