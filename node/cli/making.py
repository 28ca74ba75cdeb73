"""Making, running and asking a node."""

import asyncio
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from node import config
from node.app import serve
from node.cli import options
from node.cli.options import PARTLY
from node.clock import SystemClock
from node.console import (
    answer_of,
    fail,
    first_line,
    has_node,
    held,
    is_running,
    run_command,
    settings_of,
    show,
    write_private,
)
from node.errors import MutualAidError
from protocol import rescue as rescue_cards
from protocol.errors import ProtocolError
from protocol.population import PopulationTable

REFUSED = 500
"""Statuses below say for sure that nothing was done."""


@click.command()
@options.data
@click.option("--name", required=True, help="The group's name, as neighbours see it.")
@click.option("--at", required=True, metavar="LAT,LON", help="The middle of the group's area.")
@click.option(
    "--public-url",
    default="",
    help="How people and neighbouring groups reach this node; left out if they cannot, as behind a home router.",
)
@click.option("--admin", required=True, metavar="NAME", help="Sign-in name of the first coordinator.")
@click.option("--password-file", type=options.existing_file, required=True)
@click.option(
    "--recovery-file",
    type=options.new_file,
    required=True,
    help="Where to write the three rescue cards (must not exist). Print it, give the cards to three people, delete it.",
)
@click.option(
    "--zone", default="", help="Time zone, like Europe/London; that of the machine if it is not given."
)
@click.option("--population", type=options.existing_file, help="h3,population table.")
@options.json
def init(
    data: Path,
    name: str,
    at: str,
    public_url: str,
    admin: str,
    password_file: Path,
    recovery_file: Path,
    zone: str,
    population: Path | None,
    as_json: bool,
) -> None:
    """Make a new node in a data folder of its own."""
    password = first_line(password_file)
    table = None if population is None else _table(population)
    answer = make_node(
        data,
        {"name": name, "at": at, "admin": admin, "password": password, "zone": zone},
        public_url=public_url,
        recovery_file=recovery_file,
        table=table,
    )
    show(answer, as_json)


def make_node(
    data: Path,
    said: Mapping[str, str],
    *,
    recovery_file: Path,
    public_url: str = "",
    table: bytes | None = None,
) -> dict[str, Any]:
    """Makes a node with the rescue cards in ``recovery_file``; whatever is in the way ends the process in words.

    ``said``: ``name``, ``at``, ``admin``, ``password``, ``zone``. Returns the command's answer.
    """
    if recovery_file.exists():
        fail(f"{recovery_file} exists already; rescue cards never overwrite a file.")
    if public_url and (fault := config.check_url(public_url)):
        fail(fault)
    if is_made(data):
        fail(f"There is a node in {data} already.")
    if table is not None and is_running(data):
        fail("A running node does not see a new population table. Stop it, then init.")
    data.mkdir(parents=True, exist_ok=True)
    data.chmod(0o700)
    written = settings_of(data).public_url
    if written and public_url and written != public_url.rstrip("/"):
        fail(f"The settings in {data} say another public_url, {written}. Mend one of them.")
    if public_url and not (data / config.FILE).exists():
        (data / config.FILE).write_text(f'public_url = "{public_url}"\n', "utf-8")
    if table is not None:
        (data / "population.csv").write_bytes(table)
    # The cards are on the disk before the node is made: there is never a node whose cards nobody has.
    cards = rescue_cards.split(secrets.token_bytes(rescue_cards.SEED_LENGTH))
    write_private(recovery_file, "\n\n".join(cards) + "\n")
    given = {**said, "public_url": public_url or written, "cards": cards, "made_up": True}
    try:
        answer: dict[str, Any] = answer_of(data, "init", given)
    except SystemExit:
        recovery_file.unlink()
        raise
    except Exception as error:
        if isinstance(error, MutualAidError) and error.status < REFUSED:
            recovery_file.unlink()
        else:
            click.echo(
                f"The node may have been made: keep {recovery_file} unless `mutualaid status` says no.",
                err=True,
            )
        raise
    return answer | {"recovery_file": str(recovery_file)}


def is_made(data: Path) -> bool:
    """Whether there is a node in this folder that was set up."""
    return has_node(data) and bool(run_command(data, "status", {})["set_up"])


def _table(path: Path) -> bytes:
    content = path.read_bytes()
    try:
        PopulationTable.load(content)
    except ProtocolError as error:
        fail(f"The population table cannot be used: {error.detail} ({path})")
    return content


@click.command()
@options.data
@click.option("--listen", metavar="HOST:PORT", help="Where to serve (else node.toml, else 127.0.0.1:8080).")
def run(data: Path, listen: str | None) -> None:
    """Serve the node until it is told to stop."""
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    settings = settings_of(data, listen=listen)
    with held(data):
        asyncio.run(serve(settings, SystemClock(), secrets.token_bytes))


@click.command()
@options.data
@options.json
def status(data: Path, as_json: bool) -> None:
    """Who this node is and how it does."""
    show(run_command(data, "status", {}), as_json)


@click.command()
@options.data
@options.json
def token(data: Path, as_json: bool) -> None:
    """A fresh one-time starting code, while the node is not set up yet."""
    show(run_command(data, "token", {}), as_json)


@click.command("trust-clock")
@options.data
@options.json
def trust_clock(data: Path, as_json: bool) -> None:
    """Say that this machine's time is right, after a jump of more than a day stopped the publishing."""
    show(run_command(data, "trust_clock", {}), as_json)


@click.command()
@options.data
@options.json
def audit(data: Path, as_json: bool) -> None:
    """Check the record of who did what: each row is chained to the one before."""
    answer = run_command(data, "audit", {})
    show(answer, as_json, 0 if answer["holds"] else PARTLY)


@click.command()
@options.data
@options.json
def check(data: Path, as_json: bool) -> None:
    """Look whether everything works, from outside in; each fault says what to do."""
    answer = run_command(data, "check", {})
    show(answer, as_json, PARTLY if answer["worst"] == "wrong" else 0)


@click.command("check-config")
@click.option(
    "--data",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path(),
    help="The folder that node.toml lies in (default: this one).",
)
@options.json
def check_config(data: Path, as_json: bool) -> None:
    """Read the settings and say every fault at once."""
    if not data.is_dir():
        fail(f"There is no folder {data}.")
    settings = settings_of(data)
    show(
        {
            "file": str(data / config.FILE) if (data / config.FILE).exists() else None,
            "listen": settings.listen,
            "public_url": settings.public_url,
            "log_level": settings.log_level,
            "map_file": str(settings.base_map),
        },
        as_json,
    )
