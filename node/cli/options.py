"""What the commands share: the group that tells faults in words, and the options that many of them have."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from node.console import errors_told

F = TypeVar("F", bound=Callable[..., Any])
PARTLY = 4
"""Done, but with row errors or unreachable peers: the exit code."""

existing_file = click.Path(dir_okay=False, exists=True, path_type=Path)
new_file = click.Path(dir_okay=False, path_type=Path)


class Commands(click.Group):
    """Whatever a command cannot do is told in words: never a page of the program's own."""

    def invoke(self, ctx: click.Context) -> Any:
        with errors_told():
            return super().invoke(ctx)


data = click.option(
    "--data", type=click.Path(file_okay=False, path_type=Path), required=True, help="The node's data folder."
)
json = click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")


def as_somebody(command: F) -> F:
    """``--as NAME --password-file F``: for what a person must answer for."""
    for option in (
        click.option("--as", "as_name", required=True, metavar="NAME", help="Whose sign-in name to act as."),
        click.option(
            "--password-file",
            type=existing_file,
            required=True,
            help="A file whose first line is that person's password.",
        ),
    ):
        command = option(command)
    return command
