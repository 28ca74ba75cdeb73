"""The table that commands enter themselves in, and how their answers become plain JSON values."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict, is_dataclass
from datetime import date
from enum import Enum
from pathlib import Path
from typing import Any

from node.assembly import Services

Arguments = Mapping[str, Any]
Command = Callable[[Services, Arguments], Awaitable[Mapping[str, Any]]]
TABLE: dict[str, Command] = {}
"""Every command by its name: that of its function."""


def command(function: Command) -> Command:
    """Enters a function in the table."""
    TABLE[function.__name__] = function
    return function


def plain(value: Any) -> Any:
    """Dataclasses, paths, days and codes as JSON values."""
    if is_dataclass(value) and not isinstance(value, type):
        return {key: plain(each) for key, each in asdict(value).items()}
    if isinstance(value, Mapping):
        return {str(key): plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(each) for each in value]
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Path):
        return str(value)
    return value
