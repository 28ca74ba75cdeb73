"""The process's own settings: a short TOML file in the data folder, and environment variables of the same names.

Everything a group decides (its name, what it shares, texts) is set in its pages and lives in ``group.db``; this
file says only how the process runs. Every key has a type, a default and an example in ``examples/node.toml``.
"""

import difflib
import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from node.errors import Misconfigured

FILE = "node.toml"
ENV_PREFIX = "MUTUALAID_"


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """How one process runs. Made by :func:`load`; tests build it directly."""

    data: Path
    """The data folder: one node, one folder, one process."""
    listen: str = "127.0.0.1:8080"
    """``HOST:PORT``; IPv6 hosts in square brackets; port 0 lets the system choose."""
    public_url: str = ""
    """How people and neighbouring nodes reach this node, without a trailing slash; empty: the listen address."""
    log_level: str = "info"
    """debug, info, warning or error."""
    map_file: str = "map.pmtiles"
    """A map of streets, a PMTiles archive of pictures; a path from the data folder. It need not be there."""

    @property
    def host(self) -> str:
        return self.listen.rpartition(":")[0].strip("[]")

    @property
    def port(self) -> int:
        return int(self.listen.rpartition(":")[2])

    @property
    def group_db(self) -> Path:
        return self.data / "group.db"

    @property
    def neighbourhood_db(self) -> Path:
        return self.data / "neighbourhood.db"

    @property
    def control_socket(self) -> Path:
        return self.data / "control.sock"

    @property
    def population_table(self) -> Path:
        return self.data / "population.csv"

    @property
    def base_map(self) -> Path:
        return self.data / self.map_file


KEYS = ("listen", "public_url", "log_level", "map_file")
"""Every setting; each is a text."""
LEVELS = ("debug", "info", "warning", "error")


def load(data: Path, *, environ: Mapping[str, str] | None = None, **given: Any) -> Config:
    """Reads ``data/node.toml`` (if there is one), then the environment, then ``given``; later ones win.

    Raises :class:`Misconfigured` naming *every* fault at once: an unknown key with the nearest known one, a wrong
    type, an address that cannot be listened on.
    """
    faults: list[str] = []
    values: dict[str, Any] = {}
    path = data / FILE
    if path.exists():
        try:
            values.update(tomllib.loads(path.read_text("utf-8")))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            faults.append(f"{path.name} cannot be read: {error}")
    for key in KEYS:
        if (text := (os.environ if environ is None else environ).get(ENV_PREFIX + key.upper())) is not None:
            values[key] = text
    values.update({key: value for key, value in given.items() if value is not None})
    faults += [_unknown(key) for key in values if key not in KEYS]
    faults += _faults({key: value for key, value in values.items() if key in KEYS})
    if faults:
        raise Misconfigured(
            "bad_config", "The settings of this node need mending: %(faults)s", faults="; ".join(faults)
        )
    if "public_url" in values:
        values["public_url"] = values["public_url"].rstrip("/")
    return Config(data=data, **values)


def check_listen(text: str) -> str | None:
    """Why ``HOST:PORT`` cannot be listened on, or None."""
    host, colon, port = text.rpartition(":")
    if not colon or not host or not port.isascii() or not port.isdigit() or int(port) > 65535:
        return f"listen should look like 127.0.0.1:8080, not {text!r}"
    return None


def check_url(text: str) -> str | None:
    """Why this is no address for people and neighbours, or None."""
    try:
        parts = urlsplit(text)
        fine = parts.scheme in ("http", "https") and parts.hostname and parts.port is not False
        fine = fine and text.isprintable() and not set(text) & set(" @<>\"'\\")
    except ValueError:
        fine = False
    if not fine or parts.query or parts.fragment or parts.path.strip("/"):
        return f"public_url should look like https://help.example.org, not {text!r}"
    return None


def _unknown(key: str) -> str:
    near = difflib.get_close_matches(key, KEYS, n=1)
    return f"unknown setting {key!r}" + (f" (did you mean {near[0]!r}?)" if near else "")


def _faults(values: Mapping[str, Any]) -> list[str]:
    faults = [f"{key} should be a text" for key, value in values.items() if not isinstance(value, str)]
    if faults:
        return faults
    if (level := values.get("log_level")) is not None and level not in LEVELS:
        faults.append(f"log_level should be one of {', '.join(LEVELS)}, not {level!r}")
    if "map_file" in values and (not values["map_file"].strip() or not values["map_file"].isprintable()):
        faults.append("map_file should name a file, or be left out")
    if "listen" in values and (fault := check_listen(values["listen"])):
        faults.append(fault)
    if values.get("public_url") and (fault := check_url(values["public_url"])):
        faults.append(fault)
    return faults
