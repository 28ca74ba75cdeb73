"""The commands, as a table of functions on the services: the same in a running node and under the folder's lock.

Arguments and answers are plain JSON values, because they may cross the control socket. Files travel as base64, so
that the running node needs no right to read what whoever types the command can read.
"""

import base64
import os
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict, is_dataclass, replace
from datetime import date
from enum import Enum
from pathlib import Path
from typing import Any

from node import assembly
from node.assembly import Services
from node.clock import SystemClock
from node.domain.actors import CONSOLE, Role
from node.domain.need import Share
from node.errors import N_, Conflict, Invalid, Misconfigured
from node.services import backup as backups
from node.services.neighbourhood import parse_area
from node.services.setup import SetupAnswers
from node.services.standing import as_json
from node.store.db import Database
from node.vault import Compartment
from protocol.identity import fingerprint_words

Arguments = Mapping[str, Any]
Command = Callable[[Services, Arguments], Awaitable[Mapping[str, Any]]]
_TABLE: dict[str, Command] = {}
SHOWN_ROWS = 500
"""Rows of a dry run that are told one by one; the counts are of all."""


async def run(services: Services, command: str, arguments: Arguments) -> Mapping[str, Any]:
    """One command by its name; raises what the services raise, ``Invalid`` for a name that is none."""
    function = _TABLE.get(command)
    if function is None:
        raise Invalid("no_command", N_("There is no command %(name)s."), name=command)
    answer: Mapping[str, Any] = _plain(await function(services, arguments))
    return answer


def _command(function: Command) -> Command:
    _TABLE[function.__name__] = function
    return function


@_command
async def init(services: Services, given: Arguments) -> Mapping[str, Any]:
    """Sets the node up, as ``/setup`` does. ``cards``: rescue cards that whoever asks has kept already."""
    area = parse_area(given["at"], None)
    code = await _starting_code(services)
    if area is None:
        raise Invalid("no_place", N_("Say where the group is, as latitude, comma, longitude: 51.44,-2.58"))
    made = await services.setup.complete(
        SetupAnswers(
            code=code,
            language="en",
            group_name=given["name"],
            place=(area.lat, area.lon),
            handle=given["admin"],
            password=given["password"],
            public_url=given["public_url"],
        ),
        cards=given["cards"],
    )
    return {"id": made.origin, "words": " ".join(made.words), "name": given["name"]}


@_command
async def token(services: Services, given: Arguments) -> Mapping[str, Any]:
    """A new starting code."""
    return {"starting_code": await _starting_code(services)}


async def _starting_code(services: Services) -> str:
    code = await services.setup.starting_code()
    if code is None:
        raise Conflict("already_set_up", N_("This node has been set up already. Please sign in."))
    return code


@_command
async def status(services: Services, given: Arguments) -> Mapping[str, Any]:
    """Who this node is and how it does."""
    return as_json(await services.standing.status())


@_command
async def import_needs(services: Services, given: Arguments) -> Mapping[str, Any]:
    """A sheet of needs, as somebody."""
    data = base64.b64decode(given["file"])
    async with services.access.acting_as(given["as"], given["password"]) as actor:
        if given["dry_run"]:
            preview = await services.imports.preview(
                actor, data, given["mapping"], open_=given["open"], consent=given["consent"]
            )
            shown = replace(preview, rows=preview.rows[:SHOWN_ROWS])
            return {
                "dry_run": True,
                "needs": preview.needs,
                "rows_in_all": len(preview.rows),
                **_plain(shown),
            }
        report = await services.imports.run(
            actor, data, given["mapping"], open_=given["open"], consent=given["consent"]
        )
        return {"dry_run": False, **_plain(report)}


@_command
async def share(services: Services, given: Arguments) -> Mapping[str, Any]:
    """Who may see which kinds."""
    choices: dict[str, Share] = {}
    for category, level in given["choices"].items():
        try:
            choices[category] = Share(level)
        except ValueError as error:
            raise Invalid(
                "bad_share",
                N_("%(category)s: write only_us, peers or public, not %(level)s."),
                category=category,
                level=level or "nothing",
            ) from error
    await services.publishing.share(CONSOLE, choices)
    return {"shared": await services.publishing.shared(CONSOLE)}


@_command
async def peers_add(services: Services, given: Arguments) -> Mapping[str, Any]:
    """Allows a peer."""
    peer = await services.peering.add(
        CONSOLE, given["url"], did=given["id"], words=given["words"], allow_private=given["allow_private"]
    )
    return {
        "id": peer.origin,
        "words": " ".join(fingerprint_words(peer.origin)),
        "name": peer.name,
        "url": peer.url,
    }


@_command
async def peers_list(services: Services, given: Arguments) -> Mapping[str, Any]:
    """Every peer."""
    return {
        "peers": [
            {
                "id": view.peer.origin,
                "words": " ".join(view.words),
                "name": view.peer.name,
                "url": view.peer.url,
                "state": view.peer.state,
                "copy": view.seen.state if view.seen else "unknown",
                "live": view.seen.live if view.seen else 0,
                "last_success": view.seen.last_success if view.seen else None,
                "last_error": view.seen.last_error if view.seen else None,
            }
            for view in await services.peering.list(CONSOLE)
        ]
    }


@_command
async def peers_set(services: Services, given: Arguments) -> Mapping[str, Any]:
    """Pauses, blocks or takes up a peer."""
    await services.peering.set_state(CONSOLE, given["origin"], given["state"])
    return {"id": given["origin"], "state": given["state"]}


@_command
async def publish(services: Services, given: Arguments) -> Mapping[str, Any]:
    """Now, not at the slot."""
    if not await services.setup.is_done():
        raise Misconfigured(
            "not_set_up", N_("This node has not been set up yet."), hint="mutualaid init, or open /setup"
        )
    report: Mapping[str, Any] = _plain(await services.publishing.publish(CONSOLE))
    return report


@_command
async def sync(services: Services, given: Arguments) -> Mapping[str, Any]:
    """One round with every active peer."""
    return {"rounds": _plain(await services.peering.sync(CONSOLE))}


@_command
async def trust_clock(services: Services, given: Arguments) -> Mapping[str, Any]:
    """Somebody looked at the time and says that it is right."""
    return {"time": (await services.timekeeper.confirm(CONSOLE)).isoformat(timespec="seconds")}


@_command
async def audit(services: Services, given: Arguments) -> Mapping[str, Any]:
    """Whether the record of who did what still holds, row by row."""
    checked = await services.standing.record(CONSOLE)
    return {"holds": checked.broken_at is None, "rows": checked.rows, "broken_at": checked.broken_at}


@_command
async def bundle_export(services: Services, given: Arguments) -> Mapping[str, Any]:
    """Everything held of these sets."""
    content = await services.carrier.export(given["sets"])
    return {"lines": content.count(b"\n"), "content": base64.b64encode(content).decode()}


@_command
async def bundle_import(services: Services, given: Arguments) -> Mapping[str, Any]:
    """Takes a bundle in."""
    report: Mapping[str, Any] = _plain(await services.carrier.take(base64.b64decode(given["content"])))
    return report


@_command
async def places_import(services: Services, given: Arguments) -> Mapping[str, Any]:
    """A public place file; read where the node runs."""
    report: Mapping[str, Any] = _plain(await services.places.import_file(Path(given["file"]), actor=CONSOLE))
    return report


@_command
async def backup(services: Services, given: Arguments) -> Mapping[str, Any]:
    """A sealed copy; written by the node, so that it never leaves its hands unsealed."""
    report: Mapping[str, Any] = _plain(
        await services.backup.backup(CONSOLE, Path(given["file"]), given["passphrase"])
    )
    return report


@_command
async def staff_list(services: Services, given: Arguments) -> Mapping[str, Any]:
    """Everybody who may sign in."""
    return {"staff": _plain(await services.team.members(CONSOLE))}


@_command
async def staff_add(services: Services, given: Arguments) -> Mapping[str, Any]:
    """Another account; who adds it hands on the records that its roles need and they hold."""
    roles = frozenset(_role(name) for name in given["roles"])
    async with services.access.acting_as(given["as"], given["password"]) as actor:
        wanted = {Compartment.PEOPLE, Compartment.VETTING} if roles - {Role.ADMIN} else set()
        added = await services.team.add_staff(actor, given["name"], given["new_password"], roles, wanted)
    return {"id": added, "name": given["name"], "roles": sorted(roles), "holds": sorted(wanted)}


def _role(name: str) -> Role:
    try:
        return Role(name)
    except ValueError as error:
        raise Invalid(
            "no_role",
            N_("There is no role %(name)s: write admin, coordinator, triage or safety."),
            name=name,
        ) from error


@_command
async def rescue(services: Services, given: Arguments) -> Mapping[str, Any]:
    """A new password for an account, by two rescue cards; recorded, and announced to all staff."""
    opened = await services.rescue.open(CONSOLE, given["cards"], given["as"], given["password"])
    return {"account": given["as"], "opened": list(opened)}


async def restore(file: Path, target: Path, passphrase: str, ledger_of: Path | None) -> Mapping[str, Any]:
    """Into a new folder; there is no node to ask yet.

    ``ledger_of``: the old data folder, if it can still be read. Who was erased there since the backup was made is
    erased again before the new folder gets its name.
    """
    ledger = await assembly.erased_in(ledger_of) if ledger_of else ()
    again = 0

    async def replay(db: Database) -> None:
        nonlocal again
        again = await assembly.erase_again(db, ledger, SystemClock(), os.urandom)

    report = _plain(await backups.restore(file, target, passphrase, SystemClock(), replay=replay))
    return {**report, "erased_again": again}


def _plain(value: Any) -> Any:
    """Dataclasses, paths, days and codes as JSON values."""
    if is_dataclass(value) and not isinstance(value, type):
        return {key: _plain(each) for key, each in asdict(value).items()}
    if isinstance(value, Mapping):
        return {str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(each) for each in value]
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Path):
        return str(value)
    return value
