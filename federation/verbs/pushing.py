"""``POST push``: a node that nobody can reach brings its lines itself."""

from typing import Any

from aiohttp import web

from federation.answering import Asked, Refusal, said
from federation.ingest import Ingest
from federation.policy import REFUSALS
from federation.store import NeighbourhoodStore
from protocol import bundle
from protocol.limits import PUSH_LINES

REFUSED_TOLD = 20
"""Refused lines that an answer names; the rest is only counted by what is missing."""


class Pushing:
    """Takes a bundle in as one would from any carrier, and says what is held of the carrier's own lines."""

    def __init__(self, store: NeighbourhoodStore, ingest: Ingest) -> None:
        self._store = store
        self._ingest = ingest

    async def push(self, asked: Asked) -> web.Response:
        """Lines prove themselves: whose they are does not matter, nor that this peer brought them. An empty
        bundle asks what is held."""
        allow = await self._ingest.follow_policy()
        if asked.origin in allow.readers:
            raise Refusal(403, "reader", "this node reads here, and brings nothing")
        lines = list(bundle.iter_lines(asked.raw))
        if len(lines) > PUSH_LINES:
            raise Refusal(413, "too_many_lines", f"a push has at most {PUSH_LINES} lines")
        accepted = same = 0
        refused: list[dict[str, Any]] = []
        if lines:
            report = await self._ingest.lines(
                lines,
                via=asked.origin,
                end_of_round=True,
                # One page of several, and of others what it chose to bring: that something is missing yet is
                # nobody's fault.
                behind=allow.served,
                apart=True,  # we may just be reading from it: what it told there is not all yet
            )
            accepted, same = report.accepted + report.hidden, report.same
            refused = [
                {"code": _told(each.code), "line_no": each.line_no} for each in report.refused[:REFUSED_TOLD]
            ]
        held = await self._store.held_of(asked.origin)
        return said(
            {
                "accepted": accepted,
                "held": {
                    "keys": held.keys_rev,
                    "profile": {"epoch": held.profile[0], "seq": held.profile[1]},
                    **{
                        name: {"epoch": one.epoch, "seq": one.seq, "state": one.state}
                        for name, one in held.sets.items()
                    },
                },
                "refused": refused,
                "same": same,
            }
        )


def _told(code: str) -> str:
    """What our operators decided about another origin is theirs to tell."""
    return "origin_unknown" if code in REFUSALS else code
