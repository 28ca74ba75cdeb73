"""The command line. Every command works whether the node runs (over its control socket) or not (under its lock).

Exit codes: 0 done, 1 refused or failed (the reason on standard error), 2 wrong usage, 3 the data folder is in use,
4 done but with row errors or unreachable peers (details in the output).
"""

import click

from node.cli import (
    bringing,
    card,
    evidence,
    keeping,
    kit,
    letters,
    making,
    moving,
    peers,
    people,
    recovering,
    sharing,
)
from node.cli.options import Commands


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
def cli() -> None:
    """Mutual Aid Connect: the node of one mutual aid group."""


for _command in (
    making.init,
    making.run,
    making.status,
    making.token,
    making.trust_clock,
    making.audit,
    making.check,
    making.check_config,
    bringing.import_,
    moving.export,
    bringing.places,
    sharing.share,
    sharing.uniqueness,
    sharing.residents,
    peers.peers,
    card.card,
    kit.kit,
    letters.letters,
    evidence.evidence,
    sharing.publish,
    sharing.sync,
    sharing.bundle,
    keeping.backup,
    keeping.restore,
    keeping.rescue,
    people.staff,
    recovering.keys,
    recovering.erase_all,
):
    cli.add_command(_command)

__all__ = ["cli"]
