"""Neighbouring groups: whom we talk with."""

from pathlib import Path
from typing import Any

import click

from node.cli import options
from node.console import run_command, show

ROLES = click.Choice(["peer", "hub", "reader"])


@click.group()
def peers() -> None:
    """Neighbouring groups."""


@peers.command("add")
@click.argument("url")
@click.option("--id", "did", metavar="DID_KEY", help="The node's id, from its own status.")
@click.option("--words", help="The six words its people read out to you.")
@click.option("--allow-private", is_flag=True, help="Its address may lie in a private network.")
@options.data
@options.json
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


@peers.command("invite")
@click.option("--role", type=ROLES, default="peer", show_default=True, help="What they are to be to us.")
@options.data
@options.json
def peers_invite(role: str, data: Path, as_json: bool) -> None:
    """A link for one other group: good once, for 7 days."""
    show(run_command(data, "peers_invite", {"role": role}), as_json)


@peers.command("join")
@click.argument("link")
@click.option("--look", is_flag=True, help="Only say who answers there; ask nothing.")
@click.option("--role", type=ROLES, default="peer", show_default=True, help="What they are to be to us.")
@click.option("--allow-private", is_flag=True, help="Its address may lie in a private network.")
@options.data
@options.json
def peers_join(link: str, look: bool, role: str, allow_private: bool, data: Path, as_json: bool) -> None:
    """Agree to the group that gave us LINK, and ask it to agree to us."""
    given = {"link": link, "look": look, "role": role, "allow_private": allow_private}
    show(run_command(data, "peers_join", given), as_json)


@peers.command("asked")
@options.data
@options.json
def peers_asked(data: Path, as_json: bool) -> None:
    """Groups that used an invitation of ours and wait for our answer."""
    show(run_command(data, "peers_asked", {}), as_json)


@peers.command("approve")
@click.argument("origin", metavar="ID")
@click.option("--decline", is_flag=True, help="Say no; nothing of it is kept.")
@click.option("--role", type=ROLES, help="What it is to be to us, instead of what its invitation says.")
@click.option("--allow-private", is_flag=True, help="Its address may lie in a private network.")
@options.data
@options.json
def peers_approve(
    origin: str, decline: bool, role: str | None, allow_private: bool, data: Path, as_json: bool
) -> None:
    """Agree to a group that asked to join."""
    given = {"origin": origin, "decline": decline, "role": role, "allow_private": allow_private}
    show(run_command(data, "peers_approve", given), as_json)


@peers.command("list")
@options.data
@options.json
def peers_list(data: Path, as_json: bool) -> None:
    """Every neighbouring group, with its state."""
    show(run_command(data, "peers_list", {}), as_json)


@peers.command("set")
@click.argument("origin", metavar="ID")
@click.argument("state", type=click.Choice(["active", "paused", "blocked"]), required=False)
@click.option("--role", type=ROLES, help="What it is to us: a hub's members are allowed too.")
@click.option("--member/--no-member", "vouched", default=None, help="We are its hub, and vouch for it.")
@click.option("--gives", type=click.Choice(["both", "public", "nothing"]), help="Which of our sets it gets.")
@click.option("--takes", metavar="all|CODE,...", help="Kinds of theirs that we show and accept offers for.")
@click.option("--checks-count/--no-checks-count", default=None, help="Its word about checks counts here.")
@click.option("--ask-now/--no-ask-now", default=None, help="It may ring our people on duty.")
@click.option("--reason", help="With blocked: why, as a code.")
@click.option("--advise", is_flag=True, help="With blocked and a reason: our other peers may read it.")
@options.data
@options.json
def peers_set(
    origin: str, state: str | None, takes: str | None, data: Path, as_json: bool, **terms: Any
) -> None:
    """Pause, block or take up a neighbouring group again; change what we agreed on with it."""
    codes = takes if takes in (None, "all") else [code for code in takes.split(",") if code]
    show(run_command(data, "peers_set", {"origin": origin, "state": state, "takes": codes, **terms}), as_json)


@peers.command("leave")
@click.argument("origin", metavar="ID", required=False)
@click.option(
    "--everybody", is_flag=True, help="Close this node for good: every copy of what we shared goes."
)
@click.option("--to", metavar="DID_KEY", help="With --everybody: the node that goes on in its place.")
@options.data
@options.json
def peers_leave(origin: str | None, everybody: bool, to: str | None, data: Path, as_json: bool) -> None:
    """End the talks with a neighbouring group; its node is told when it asks next.

    A node without an address is never asked: ring that group, so that it ends the talks, too.
    """
    if bool(origin) == everybody or (to and not everybody):
        raise click.UsageError("Give an id, or --everybody (with --to if another node goes on).")
    show(run_command(data, "peers_leave", {"origin": origin, "everybody": everybody, "to": to}), as_json)


@peers.command("key")
@click.argument("origin", metavar="ID")
@click.option("--words", help="The six words of the new key, as its people read them out: accept it.")
@click.option("--keep", is_flag=True, help="Whoever answers there is not that group: keep the old key.")
@options.data
@options.json
def peers_key(origin: str, words: str | None, keep: bool, data: Path, as_json: bool) -> None:
    """Settle that another root key answers at a group's address."""
    if bool(words) == keep:
        raise click.UsageError("Give either --words or --keep.")
    show(run_command(data, "peers_key", {"origin": origin, "words": words}), as_json)
