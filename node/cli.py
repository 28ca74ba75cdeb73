"""The command line. Every command works whether the node runs (over its control socket) or not (under its lock).

Exit codes: 0 done, 1 refused or failed (the reason on standard error), 2 wrong usage, 3 the data folder is in use,
4 done but with row errors or unreachable peers (details in the output).
"""

import asyncio
import base64
import contextlib
import re
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from node import commands, config
from node.app import serve
from node.clock import SystemClock
from node.console import (
    answer_of,
    as_base64,
    errors_told,
    fail,
    first_line,
    has_node,
    held,
    is_running,
    run_command,
    settings_of,
    show,
    text_of,
    write_private,
)
from node.errors import MutualAidError
from protocol import rescue as rescue_cards
from protocol.errors import ProtocolError
from protocol.population import PopulationTable

F = TypeVar("F", bound=Callable[..., Any])
PARTLY = 4
REFUSED = 500
"""Statuses below say for sure that nothing was done."""


class _Commands(click.Group):
    """Whatever a command cannot do is told in words: never a page of the program's own."""

    def invoke(self, ctx: click.Context) -> Any:
        with errors_told():
            return super().invoke(ctx)


_data = click.option(
    "--data", type=click.Path(file_okay=False, path_type=Path), required=True, help="The node's data folder."
)
_json = click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")


def _as_somebody(command: F) -> F:
    for option in (
        click.option("--as", "as_name", required=True, metavar="NAME", help="Whose sign-in name to act as."),
        click.option(
            "--password-file",
            type=click.Path(dir_okay=False, exists=True, path_type=Path),
            required=True,
            help="A file whose first line is that person's password.",
        ),
    ):
        command = option(command)
    return command


@click.group(
    cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}
)
def cli() -> None:
    """Mutual Aid Connect: the node of one mutual aid group."""


@cli.command()
@_data
@click.option("--name", required=True, help="The group's name, as neighbours see it.")
@click.option("--at", required=True, metavar="LAT,LON", help="The middle of the group's area.")
@click.option("--public-url", required=True, help="How people and neighbouring groups reach this node.")
@click.option("--admin", required=True, metavar="NAME", help="Sign-in name of the first coordinator.")
@click.option("--password-file", type=click.Path(dir_okay=False, exists=True, path_type=Path), required=True)
@click.option(
    "--recovery-file",
    type=click.Path(dir_okay=False, path_type=Path),
    required=True,
    help="Where to write the three rescue cards (must not exist). Print it, give the cards to three people, delete it.",
)
@click.option(
    "--population", type=click.Path(dir_okay=False, exists=True, path_type=Path), help="h3,population table."
)
@_json
def init(
    data: Path,
    name: str,
    at: str,
    public_url: str,
    admin: str,
    password_file: Path,
    recovery_file: Path,
    population: Path | None,
    as_json: bool,
) -> None:
    """Make a new node in a data folder of its own."""
    if recovery_file.exists():
        fail(f"{recovery_file} exists already; rescue cards never overwrite a file.")
    if fault := config.check_url(public_url):
        fail(fault)
    password = first_line(password_file)
    table = None if population is None else _table(population)
    if has_node(data) and run_command(data, "status", {})["set_up"]:
        fail(f"There is a node in {data} already.")
    if table is not None and is_running(data):
        fail("A running node does not see a new population table. Stop it, then init.")
    data.mkdir(parents=True, exist_ok=True)
    data.chmod(0o700)
    said = settings_of(data).public_url
    if said and said != public_url.rstrip("/"):
        fail(f"The settings in {data} say another public_url, {said}. Mend one of them.")
    if not (data / config.FILE).exists():
        (data / config.FILE).write_text(f'public_url = "{public_url}"\n', "utf-8")
    if table is not None:
        (data / "population.csv").write_bytes(table)
    # The cards are on the disk before the node is made: there is never a node whose cards nobody has.
    cards = rescue_cards.split(secrets.token_bytes(rescue_cards.SEED_LENGTH))
    write_private(recovery_file, "\n\n".join(cards) + "\n")
    given = {"name": name, "at": at, "public_url": public_url, "admin": admin, "password": password}
    try:
        answer = answer_of(data, "init", given | {"cards": cards})
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
    show(answer | {"recovery_file": str(recovery_file)}, as_json)


def _table(path: Path) -> bytes:
    content = path.read_bytes()
    try:
        PopulationTable.load(content)
    except ProtocolError as error:
        fail(f"The population table cannot be used: {error.detail} ({path})")
    return content


@cli.command()
@_data
@click.option("--listen", metavar="HOST:PORT", help="Where to serve (else node.toml, else 127.0.0.1:8080).")
def run(data: Path, listen: str | None) -> None:
    """Serve the node until it is told to stop."""
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    settings = settings_of(data, listen=listen)
    with held(data):
        asyncio.run(serve(settings, SystemClock(), secrets.token_bytes))


@cli.command()
@_data
@_json
def status(data: Path, as_json: bool) -> None:
    """Who this node is and how it does."""
    show(run_command(data, "status", {}), as_json)


@cli.command()
@_data
@_json
def token(data: Path, as_json: bool) -> None:
    """A fresh one-time starting code, while the node is not set up yet."""
    show(run_command(data, "token", {}), as_json)


@cli.group("import")
def import_() -> None:
    """Bring sheets of other tools in."""


@import_.command("needs")
@click.argument("file", type=click.Path(dir_okay=False, exists=True, path_type=Path))
@_data
@click.option("--mapping", type=click.Path(dir_okay=False, exists=True, path_type=Path), required=True)
@click.option(
    "--open", "open_", is_flag=True, help="Recent rows arrive open for volunteers, not to be sorted first."
)
@click.option(
    "--consent", metavar="WHO", help="Who stated that the people agree to being seen, for the record."
)
@click.option("--dry-run", is_flag=True, help="Only say what would happen.")
@_as_somebody
@_json
def import_needs(
    file: Path,
    data: Path,
    mapping: Path,
    open_: bool,
    consent: str | None,
    dry_run: bool,
    as_name: str,
    password_file: Path,
    as_json: bool,
) -> None:
    """Bring a sheet of needs in. Safe to run twice: rows already here are passed over."""
    answer = run_command(
        data,
        "import_needs",
        {
            "file": as_base64(file),
            "mapping": text_of(mapping),
            "open": open_,
            "consent": consent,
            "dry_run": dry_run,
            "as": as_name,
            "password": first_line(password_file),
        },
    )
    show(answer, as_json, PARTLY if answer["errors"] else 0)


@cli.command()
@_data
@click.argument("choices", nargs=-1, required=True, metavar="CATEGORY|all=only_us|peers|public ...")
@_json
def share(data: Path, choices: tuple[str, ...], as_json: bool) -> None:
    """Set who may see which kinds of need: only_us, peers (groups we chose) or public (anyone)."""
    pairs = dict(choice.partition("=")[::2] for choice in choices)
    show(run_command(data, "share", {"choices": pairs}), as_json)


@cli.group()
def peers() -> None:
    """Neighbouring groups."""


@peers.command("add")
@click.argument("url")
@click.option("--id", "did", metavar="DID_KEY", help="The node's id, from its own status.")
@click.option("--words", help="The six words its people read out to you.")
@click.option("--allow-private", is_flag=True, help="Its address may lie in a private network.")
@_data
@_json
def peers_add(
    url: str, did: str | None, words: str | None, allow_private: bool, data: Path, as_json: bool
) -> None:
    """Allow a neighbouring group. The other side adds us too."""
    if bool(did) == bool(words):
        raise click.UsageError("Give either --id or --words.")
    show(
        run_command(
            data, "peers_add", {"url": url, "id": did, "words": words, "allow_private": allow_private}
        ),
        as_json,
    )


@peers.command("list")
@_data
@_json
def peers_list(data: Path, as_json: bool) -> None:
    """Every neighbouring group, with its state."""
    show(run_command(data, "peers_list", {}), as_json)


@peers.command("set")
@click.argument("origin")
@click.argument("state", type=click.Choice(["active", "paused", "blocked"]))
@_data
@_json
def peers_set(origin: str, state: str, data: Path, as_json: bool) -> None:
    """Pause, block or take up a neighbouring group again."""
    show(run_command(data, "peers_set", {"origin": origin, "state": state}), as_json)


@cli.command()
@_data
@_json
def publish(data: Path, as_json: bool) -> None:
    """Publish what is shared and changed now, not at the slot."""
    show(run_command(data, "publish", {}), as_json)


@cli.command()
@_data
@_json
def sync(data: Path, as_json: bool) -> None:
    """Talk with every neighbouring group now."""
    answer = run_command(data, "sync", {})
    show(answer, as_json, 0 if all(each["ok"] for each in answer["rounds"]) else PARTLY)


@cli.command("trust-clock")
@_data
@_json
def trust_clock(data: Path, as_json: bool) -> None:
    """Say that this machine's time is right, after a jump of more than a day stopped the publishing."""
    show(run_command(data, "trust_clock", {}), as_json)


@cli.group()
def bundle() -> None:
    """What travels between groups, as a file on a stick."""


@bundle.command("export")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option(
    "--set", "sets", type=click.Choice(["public"]), multiple=True, default=("public",), show_default=True
)
@_data
@_json
def bundle_export(file: Path, sets: tuple[str, ...], data: Path, as_json: bool) -> None:
    """Write every public line held, ours and our neighbours', to FILE."""
    answer = run_command(data, "bundle_export", {"sets": list(sets)})
    content = base64.b64decode(answer.pop("content"))
    file.write_bytes(content)
    show(answer | {"file": str(file), "bytes": len(content)}, as_json)


@bundle.command("import")
@click.argument("file", type=click.Path(dir_okay=False, exists=True, path_type=Path))
@_data
@_json
def bundle_import(file: Path, data: Path, as_json: bool) -> None:
    """Take in a bundle; a second time changes nothing."""
    answer = run_command(data, "bundle_import", {"content": as_base64(file)})
    show(answer, as_json, PARTLY if answer["refused"] else 0)


@cli.group()
def places() -> None:
    """Postcodes and place names, kept here so that nobody is asked over the network."""


@places.command("import")
@click.argument("file", type=click.Path(dir_okay=False, exists=True, path_type=Path))
@_data
@_json
def places_import(file: Path, data: Path, as_json: bool) -> None:
    """Bring in a public place file (GeoNames postal codes, tab or comma separated)."""
    show(run_command(data, "places_import", {"file": str(file.resolve())}), as_json)


@cli.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@_data
@click.option(
    "--passphrase-file", type=click.Path(dir_okay=False, exists=True, path_type=Path), required=True
)
@_json
def backup(file: Path, data: Path, passphrase_file: Path, as_json: bool) -> None:
    """Write a verified, sealed copy of everything to FILE."""
    arguments = {"file": str(file.resolve()), "passphrase": first_line(passphrase_file)}
    show(run_command(data, "backup", arguments), as_json)


@cli.command()
@click.argument("file", type=click.Path(dir_okay=False, exists=True, path_type=Path))
@_data
@click.option(
    "--passphrase-file", type=click.Path(dir_okay=False, exists=True, path_type=Path), required=True
)
@click.option(
    "--ledger-of",
    type=click.Path(file_okay=False, exists=True, path_type=Path),
    help="The old data folder, if it can still be read: who was erased since the backup is erased again.",
)
@_json
def restore(file: Path, data: Path, passphrase_file: Path, ledger_of: Path | None, as_json: bool) -> None:
    """Bring a backup back, into a new data folder. Stop the old node first, and never start it again."""
    with held(ledger_of) if ledger_of else contextlib.nullcontext():
        show(asyncio.run(commands.restore(file, data, first_line(passphrase_file), ledger_of)), as_json)


@cli.command()
@_data
@click.option("--as", "as_name", required=True, metavar="NAME", help="Whose account gets the new password.")
@click.option(
    "--cards-file",
    type=click.Path(dir_okay=False, exists=True, path_type=Path),
    required=True,
    help="A file with two or three of the rescue cards, an empty line between them.",
)
@click.option(
    "--password-file",
    type=click.Path(dir_okay=False, exists=True, path_type=Path),
    required=True,
    help="A file whose first line is the new password.",
)
@_json
def rescue(data: Path, as_name: str, cards_file: Path, password_file: Path, as_json: bool) -> None:
    """Open the records again by two rescue cards, when every password is lost."""
    cards = [card for card in re.split(r"\n\s*\n", text_of(cards_file)) if card.strip()]
    arguments = {"as": as_name, "cards": cards, "password": first_line(password_file)}
    show(run_command(data, "rescue", arguments), as_json)


@cli.command()
@_data
@_json
def audit(data: Path, as_json: bool) -> None:
    """Check the record of who did what: each row is chained to the one before."""
    answer = run_command(data, "audit", {})
    show(answer, as_json, 0 if answer["holds"] else PARTLY)


@cli.group()
def staff() -> None:
    """Who may sign in."""


@staff.command("add")
@click.argument("name")
@click.option("--role", "roles", multiple=True, required=True, help="admin, coordinator, triage or safety.")
@click.option(
    "--new-password-file",
    type=click.Path(dir_okay=False, exists=True, path_type=Path),
    required=True,
    help="A file whose first line is the new account's first password.",
)
@_data
@_as_somebody
@_json
def staff_add(
    name: str,
    roles: tuple[str, ...],
    new_password_file: Path,
    data: Path,
    as_name: str,
    password_file: Path,
    as_json: bool,
) -> None:
    """Let another person sign in as NAME."""
    answer = run_command(
        data,
        "staff_add",
        {
            "name": name,
            "roles": list(roles),
            "new_password": first_line(new_password_file),
            "as": as_name,
            "password": first_line(password_file),
        },
    )
    show(answer, as_json)


@staff.command("list")
@_data
@_json
def staff_list(data: Path, as_json: bool) -> None:
    """Everybody who may sign in, with roles."""
    show(run_command(data, "staff_list", {}), as_json)


@cli.command("check-config")
@click.option(
    "--data",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path(),
    help="The folder that node.toml lies in (default: this one).",
)
@_json
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
        },
        as_json,
    )
