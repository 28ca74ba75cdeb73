"""The command line. Every command works whether the node runs (over its control socket) or not (under its lock).

Exit codes: 0 done, 1 refused or failed (the reason on standard error), 2 wrong usage, 3 the data folder is in use,
4 done but with row errors or unreachable peers (details in the output).
"""

import asyncio
import base64
import contextlib
import json
import secrets
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NoReturn, TypeVar

import click

from node import commands, config, control
from node.app import open_node, serve
from node.clock import SystemClock
from node.errors import MutualAidError
from node.lock import FolderLock

F = TypeVar("F", bound=Callable[..., Any])
PARTLY = 4
IN_USE = 3

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


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
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
@click.option("--population", type=click.Path(dir_okay=False, exists=True, path_type=Path), help="h3,population table.")
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
    """Make a new node in an empty data folder."""
    if recovery_file.exists():
        _fail(f"{recovery_file} exists already; rescue cards never overwrite a file.")
    if fault := config.check_url(public_url):
        _fail(fault)
    if (data / "group.db").exists():
        _fail(f"There is a node in {data} already.")
    data.mkdir(parents=True, exist_ok=True)
    data.chmod(0o700)
    settings = data / config.FILE
    if not settings.exists():
        settings.write_text(f'public_url = "{public_url}"\n', "utf-8")
    if population is not None:
        (data / "population.csv").write_bytes(population.read_bytes())
    answer = _run(
        data,
        "init",
        {
            "name": name,
            "at": at,
            "public_url": public_url,
            "admin": admin,
            "password": _first_line(password_file),
        },
    )
    cards = answer.pop("cards")
    _write_private(recovery_file, "\n\n".join(cards) + "\n")
    _show(answer | {"recovery_file": str(recovery_file)}, as_json)


@cli.command()
@_data
@click.option("--listen", metavar="HOST:PORT", help="Where to serve (else node.toml, else 127.0.0.1:8080).")
def run(data: Path, listen: str | None) -> None:
    """Serve the node until it is told to stop."""
    data.mkdir(parents=True, exist_ok=True)
    settings = _settings(data, listen=listen)
    with _held(data):
        asyncio.run(serve(settings, SystemClock(), secrets.token_bytes))


@cli.command()
@_data
@_json
def status(data: Path, as_json: bool) -> None:
    """Who this node is and how it does."""
    _show(_run(data, "status", {}), as_json)


@cli.command()
@_data
@_json
def token(data: Path, as_json: bool) -> None:
    """A fresh one-time starting code, while the node is not set up yet."""
    _show(_run(data, "token", {}), as_json)


@cli.group("import")
def import_() -> None:
    """Bring sheets of other tools in."""


@import_.command("needs")
@click.argument("file", type=click.Path(dir_okay=False, exists=True, path_type=Path))
@_data
@click.option("--mapping", type=click.Path(dir_okay=False, exists=True, path_type=Path), required=True)
@click.option("--open", "open_", is_flag=True, help="Recent rows arrive open for volunteers, not to be sorted first.")
@click.option("--consent", metavar="WHO", help="Who stated that the people agree to being seen, for the record.")
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
    answer = _run(
        data,
        "import_needs",
        {
            "file": _bytes(file),
            "mapping": mapping.read_text("utf-8"),
            "open": open_,
            "consent": consent,
            "dry_run": dry_run,
            "as": as_name,
            "password": _first_line(password_file),
        },
    )
    _show(answer, as_json, PARTLY if answer["errors"] else 0)


@cli.command()
@_data
@click.argument("choices", nargs=-1, required=True, metavar="CATEGORY|all=only_us|peers|public ...")
@_json
def share(data: Path, choices: tuple[str, ...], as_json: bool) -> None:
    """Set who may see which kinds of need: only_us, peers (groups we chose) or public (anyone)."""
    pairs = dict(choice.partition("=")[::2] for choice in choices)
    _show(_run(data, "share", {"choices": pairs}), as_json)


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
def peers_add(url: str, did: str | None, words: str | None, allow_private: bool, data: Path, as_json: bool) -> None:
    """Allow a neighbouring group. The other side adds us too."""
    if bool(did) == bool(words):
        raise click.UsageError("Give either --id or --words.")
    _show(
        _run(data, "peers_add", {"url": url, "id": did, "words": words, "allow_private": allow_private}), as_json
    )


@peers.command("list")
@_data
@_json
def peers_list(data: Path, as_json: bool) -> None:
    """Every neighbouring group, with its state."""
    _show(_run(data, "peers_list", {}), as_json)


@peers.command("set")
@click.argument("origin")
@click.argument("state", type=click.Choice(["active", "paused", "blocked"]))
@_data
@_json
def peers_set(origin: str, state: str, data: Path, as_json: bool) -> None:
    """Pause, block or take up a neighbouring group again."""
    _show(_run(data, "peers_set", {"origin": origin, "state": state}), as_json)


@cli.command()
@_data
@_json
def publish(data: Path, as_json: bool) -> None:
    """Publish what is shared and changed now, not at the slot."""
    _show(_run(data, "publish", {}), as_json)


@cli.command()
@_data
@_json
def sync(data: Path, as_json: bool) -> None:
    """Talk with every neighbouring group now."""
    answer = _run(data, "sync", {})
    _show(answer, as_json, 0 if all(each["ok"] for each in answer["rounds"]) else PARTLY)


@cli.group()
def bundle() -> None:
    """What travels between groups, as a file on a stick."""


@bundle.command("export")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--set", "sets", type=click.Choice(["public"]), multiple=True, default=("public",), show_default=True)
@_data
@_json
def bundle_export(file: Path, sets: tuple[str, ...], data: Path, as_json: bool) -> None:
    """Write every public line held, ours and our neighbours', to FILE."""
    answer = _run(data, "bundle_export", {"sets": list(sets)})
    content = base64.b64decode(answer.pop("content"))
    file.write_bytes(content)
    _show(answer | {"file": str(file), "bytes": len(content)}, as_json)


@bundle.command("import")
@click.argument("file", type=click.Path(dir_okay=False, exists=True, path_type=Path))
@_data
@_json
def bundle_import(file: Path, data: Path, as_json: bool) -> None:
    """Take in a bundle; a second time changes nothing."""
    answer = _run(data, "bundle_import", {"content": _bytes(file)})
    _show(answer, as_json, PARTLY if answer["refused"] else 0)


@cli.group()
def places() -> None:
    """Postcodes and place names, kept here so that nobody is asked over the network."""


@places.command("import")
@click.argument("file", type=click.Path(dir_okay=False, exists=True, path_type=Path))
@_data
@_json
def places_import(file: Path, data: Path, as_json: bool) -> None:
    """Bring in a public place file (GeoNames postal codes, tab or comma separated)."""
    _show(_run(data, "places_import", {"file": str(file.resolve())}), as_json)


@cli.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@_data
@click.option("--passphrase-file", type=click.Path(dir_okay=False, exists=True, path_type=Path), required=True)
@_json
def backup(file: Path, data: Path, passphrase_file: Path, as_json: bool) -> None:
    """Write a verified, sealed copy of everything to FILE."""
    arguments = {"file": str(file.resolve()), "passphrase": _first_line(passphrase_file)}
    _show(_run(data, "backup", arguments), as_json)


@cli.command()
@click.argument("file", type=click.Path(dir_okay=False, exists=True, path_type=Path))
@_data
@click.option("--passphrase-file", type=click.Path(dir_okay=False, exists=True, path_type=Path), required=True)
@_json
def restore(file: Path, data: Path, passphrase_file: Path, as_json: bool) -> None:
    """Bring a backup back, into a new data folder."""
    with _errors():
        answer = asyncio.run(commands.restore(file, data, _first_line(passphrase_file)))
        _show(answer, as_json)


@cli.command("check-config")
@_data
@_json
def check_config(data: Path, as_json: bool) -> None:
    """Read the settings and say every fault at once."""
    settings = _settings(data)
    _show(
        {
            "listen": settings.listen,
            "public_url": settings.public_url,
            "trusted_proxies": list(settings.trusted_proxies),
            "log_level": settings.log_level,
        },
        as_json,
    )


# --- how a command reaches the node -------------------------------------------------------------------------------


def _run(data: Path, command: str, arguments: Mapping[str, Any]) -> Any:
    with _errors():
        if not data.is_dir():
            _fail(f"There is no data folder {data}.")
        if _answers(data):
            return asyncio.run(control.ask(data / "control.sock", command, arguments))
        settings = _settings(data)
        with _held(data):
            return asyncio.run(_alone(settings, command, arguments))
    raise AssertionError("unreachable")


async def _alone(settings: config.Config, command: str, arguments: Mapping[str, Any]) -> Any:
    async with open_node(settings, SystemClock(), secrets.token_bytes) as node:
        return await commands.run(node.services, command, arguments)


def _answers(data: Path) -> bool:
    """Whether a node runs here: its lock is held and its socket stands."""
    if not (data / "control.sock").exists():
        return False
    try:
        with FolderLock(data):
            return False
    except MutualAidError:
        return True


@contextlib.contextmanager
def _held(data: Path):  # type: ignore[no-untyped-def]
    lock = FolderLock(data)
    try:
        lock.__enter__()
    except MutualAidError as error:
        click.echo(str(error), err=True)
        sys.exit(IN_USE)
    try:
        with _errors():
            yield
    finally:
        lock.__exit__(None, None, None)


@contextlib.contextmanager
def _errors():  # type: ignore[no-untyped-def]
    try:
        yield
    except MutualAidError as error:
        fields = getattr(error, "fields", {})
        _fail(str(error), *(f"  {name}: {message}" for name, message in fields.items()))


def _settings(data: Path, **given: Any) -> config.Config:
    with _errors():
        return config.load(data, **given)
    raise AssertionError("unreachable")


def _fail(*lines: str) -> NoReturn:
    for line in lines:
        click.echo(line, err=True)
    sys.exit(1)


def _show(answer: Mapping[str, Any], as_json: bool, code: int = 0) -> None:
    if as_json:
        click.echo(json.dumps(answer, ensure_ascii=False, indent=2))
    else:
        for line in _lines(answer, ""):
            click.echo(line)
    sys.exit(code)


def _lines(value: Any, indent: str) -> list[str]:
    if isinstance(value, Mapping):
        lines = []
        for key, each in value.items():
            if isinstance(each, Mapping | list) and each:
                lines += [f"{indent}{key}:", *_lines(each, indent + "  ")]
            else:
                lines.append(f"{indent}{key}: {_plain(each)}")
        return lines
    return [
        line if index else f"{indent}- {line.strip()}"
        for each in value
        for index, line in enumerate(_lines(each, indent + "  ") if isinstance(each, Mapping) else [_plain(each)])
    ]


def _plain(value: Any) -> str:
    if value in (None, [], {}):
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


def _first_line(path: Path) -> str:
    line = path.read_text("utf-8").split("\n", 1)[0].rstrip("\r")
    if not line:
        _fail(f"{path} is empty.")
    return line


def _bytes(path: Path) -> str:
    return base64.b64encode(path.read_bytes()).decode()


def _write_private(path: Path, text: str) -> None:
    path.touch(mode=0o600, exist_ok=False)
    path.write_text(text, "utf-8")
