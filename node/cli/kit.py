"""The starter kit: how the group works, as one file without people."""

from pathlib import Path

import click

from node.cli import options
from node.console import as_base64, run_command, show

_parts = click.option(
    "--part",
    "parts",
    type=click.Choice(["rules", "kinds", "safety", "texts", "questions"]),
    multiple=True,
    help="Only this part; may be given several times.",
)


@click.group()
def kit() -> None:
    """How the group works as one file without people: kinds and what they ask, rules, scripts, texts and questions."""


@kit.command("export")
@click.argument("file", type=options.new_file)
@_parts
@options.data
@options.json
def kit_export(file: Path, parts: tuple[str, ...], data: Path, as_json: bool) -> None:
    """Write ours to FILE. The answer names what stayed out because somebody could be reached by it."""
    answer = run_command(data, "kit_export", {"parts": list(parts)})
    file.write_text(answer.pop("content"), "utf-8")
    show(answer | {"file": str(file)}, as_json)


@kit.command("import")
@click.argument("file", type=options.existing_file)
@_parts
@click.option("--take", is_flag=True, help="Change it. Without this, only what would change is shown.")
@options.data
@options.json
def kit_import(file: Path, parts: tuple[str, ...], take: bool, data: Path, as_json: bool) -> None:
    """Show what a starter kit would change here; with --take, change it. A bad file changes nothing."""
    given = {"content": as_base64(file), "parts": list(parts), "take": take}
    show(run_command(data, "kit_import", given), as_json)
