"""Neighbouring groups."""

from collections.abc import Mapping
from typing import Any

from node.assembly import Services
from node.commands.table import Arguments, command
from node.domain.actors import CONSOLE
from node.store.peers import PeerRow
from protocol.identity import fingerprint_words

TERMS = ("role", "vouched", "checks_count", "ask_now", "gives", "takes")


@command
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


@command
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
                "role": view.peer.role,
                "member": view.peer.vouched,
                "changed_words": " ".join(view.changed_words) or None,
                "copy": view.seen.state if view.seen else "unknown",
                "live": view.seen.live if view.seen else 0,
                "last_success": view.seen.last_success if view.seen else None,
                "last_error": view.seen.last_error if view.seen else None,
                "rollbacks": view.seen.rollbacks if view.seen else 0,
                "omissions": view.seen.omissions if view.seen else 0,
                "contradictions": view.seen.contradictions if view.seen else 0,
            }
            for view in await services.peering.list(CONSOLE)
        ]
    }


@command
async def peers_set(services: Services, given: Arguments) -> Mapping[str, Any]:
    """Pauses, blocks or takes up a peer, and changes what we agreed on with it."""
    origin = given["origin"]
    if given["state"] is not None:
        await services.peering.set_state(
            CONSOLE, origin, given["state"], reason=given.get("reason"), advise=bool(given.get("advise"))
        )
    terms = {name: given.get(name) for name in TERMS if given.get(name) is not None}
    if terms:
        await services.terms.change(CONSOLE, origin, **terms)
    row = next(
        (view.peer for view in await services.peering.list(CONSOLE) if view.peer.origin == origin), None
    )
    return {"id": origin, "state": row.state if row else "unknown", **_terms(row)}


@command
async def peers_leave(services: Services, given: Arguments) -> Mapping[str, Any]:
    """Ends the talks with one group, or (``everybody``) closes this node for good."""
    if given["everybody"]:
        report = await services.publishing.farewell(CONSOLE, to=given["to"])
        rounds = await services.peering.sync(CONSOLE)
        return {"farewell": True, "seq": report.seq, "reached": sum(each.ok for each in rounds)}
    await services.terms.leave(CONSOLE, given["origin"])
    return {"id": given["origin"], "state": "left"}


@command
async def peers_key(services: Services, given: Arguments) -> Mapping[str, Any]:
    """Another root key answers at a group's address: accept it by its words, or keep the old one."""
    if given["words"]:
        row = await services.terms.accept_key(CONSOLE, given["origin"], given["words"])
        return {"id": row.origin, "was": given["origin"], "state": row.state}
    await services.terms.keep_key(CONSOLE, given["origin"])
    return {"id": given["origin"], "kept": True}


def _terms(row: PeerRow | None) -> dict[str, Any]:
    if row is None:
        return {}
    return {**{name: getattr(row, name) for name in TERMS}, "takes": row.takes or "all"}
