"""What was kept of wrong lines."""

import base64
from pathlib import Path

import click

from node.cli import options
from node.console import run_command, show


@click.group()
def evidence() -> None:
    """What was kept of groups that contradict themselves, and of lines that were refused."""


@evidence.command("proofs")
@click.option("--of", "origin", metavar="DID_KEY", help="Of this group only.")
@click.option("--save", "file", type=options.new_file, help="Write them to FILE, for another group to check.")
@options.data
@options.json
def evidence_proofs(origin: str | None, file: Path | None, data: Path, as_json: bool) -> None:
    """Pairs of lines that one key signed for one place: both cannot be true. Whoever gets the file need not believe us:
    examples/verify_bundle.py says "forked", and a node that takes it in marks the group by itself."""
    answer = run_command(data, "evidence_proofs", {"origin": origin})
    content = base64.b64decode(answer.pop("content"))
    if file is not None:
        file.write_bytes(content)
        answer |= {"file": str(file), "bytes": len(content)}
    show(answer, as_json)


@evidence.command("refused")
@click.option("--limit", type=click.IntRange(1, 1000), default=50, show_default=True)
@options.data
@options.json
def evidence_refused(limit: int, data: Path, as_json: bool) -> None:
    """The quarantine: the newest lines that were against the rules, each with its code and who brought it."""
    show(run_command(data, "evidence_refused", {"limit": limit}), as_json)
