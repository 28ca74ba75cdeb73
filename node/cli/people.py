"""Who may sign in."""

from pathlib import Path

import click

from node.cli import options
from node.console import (
    first_line,
    run_command,
    show,
)


@click.group()
def staff() -> None:
    """Who may sign in."""


@staff.command("add")
@click.argument("name")
@click.option("--role", "roles", multiple=True, required=True, help="admin, coordinator, triage or safety.")
@click.option(
    "--new-password-file",
    type=options.existing_file,
    required=True,
    help="A file whose first line is the new account's first password.",
)
@options.data
@options.as_somebody
@options.json
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
@options.data
@options.json
def staff_list(data: Path, as_json: bool) -> None:
    """Everybody who may sign in, with roles."""
    show(run_command(data, "staff_list", {}), as_json)
