"""The commands, as a table of functions on the services: the same in a running node and under the folder's lock.

Arguments and answers are plain JSON values, because they may cross the control socket. Files travel as base64, so
that the running node needs no right to read what whoever types the command can read.
"""

from collections.abc import Mapping
from typing import Any

from node.assembly import Services
from node.commands import (
    bringing,
    card,
    carrying,
    evidence,
    joining,
    keeping,
    kit,
    letters,
    making,
    moving,
    peers,
    people,
    privacy,
    recovering,
    sharing,
)
from node.commands.keeping import restore
from node.commands.table import TABLE, Arguments, plain
from node.errors import N_, Invalid

ROOMS = (
    making,
    bringing,
    moving,
    sharing,
    carrying,
    evidence,
    peers,
    joining,
    card,
    letters,
    keeping,
    kit,
    people,
    recovering,
    privacy,
)
"""Importing them fills the table."""


async def run(services: Services, command: str, arguments: Arguments) -> Mapping[str, Any]:
    """One command by its name; raises what the services raise, ``Invalid`` for a name that is none."""
    function = TABLE.get(command)
    if function is None:
        raise Invalid("no_command", N_("There is no command %(name)s."), name=command)
    answer: Mapping[str, Any] = plain(await function(services, arguments))
    return answer


__all__ = ["ROOMS", "restore", "run"]
