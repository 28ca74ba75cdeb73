"""A task's private link: 128 random bits, of which only a hash is kept; details open on one device."""

import base64
import hashlib
from dataclasses import replace

from node.domain.assignment import Assignment
from node.domain.ids import Random
from node.errors import N_, NotFound
from node.store import assignments
from node.store.db import Tx

TOKEN_BYTES = 16
LIVE_DAYS = 21
"""How long a link stays open while its task is going on, from the last change."""
DONE_DAYS = 3
"""How long details stay readable after the task is done."""
DAY = 24 * 3600


def new_token(random: Random) -> str:
    """22 base64url characters."""
    return base64.urlsafe_b64encode(random(TOKEN_BYTES)).rstrip(b"=").decode("ascii")


def token_hash(token: str) -> bytes:
    """What is kept of a link."""
    return hashlib.sha256(b"task-link\0" + token.encode()).digest()


def device_hash(device: str) -> bytes:
    """What is kept of a device's cookie."""
    return hashlib.sha256(b"task-device\0" + device.encode()).digest()


async def assignment_by(tx: Tx, token: str, now: int) -> Assignment:
    """The task behind a link. Raises the same ``NotFound`` for unknown, replaced, closed and run out."""
    found = await assignments.with_link(tx, token_hash(token)) if token else None
    if found is None or found.link_expires is None or found.link_expires <= now:
        raise NotFound(
            "link_closed", N_("This link is no longer open. Ask the group for a new one if you need it.")
        )
    return found


def bound_elsewhere(assignment: Assignment, device: str | None) -> bool:
    """Whether the task was confirmed on another device than this one."""
    if assignment.device_hash is None:
        return False
    return device is None or device_hash(device) != assignment.device_hash


def with_new_link(assignment: Assignment, token: str, now: int) -> Assignment:
    """The assignment under a fresh link; the old one and its device are forgotten."""
    return replace(
        assignment,
        link_hash=token_hash(token),
        link_expires=now + LIVE_DAYS * DAY,
        device_hash=None,
    )


def prolonged(assignment: Assignment, now: int) -> Assignment:
    """After a move while the task goes on."""
    return replace(
        assignment, link_expires=now + LIVE_DAYS * DAY if assignment.link_hash is not None else None
    )


def closing(assignment: Assignment, now: int) -> Assignment:
    """After ``done``: some days more."""
    if assignment.link_hash is None or assignment.link_expires is None:
        return replace(assignment, link_hash=None, link_expires=None, device_hash=None)
    return replace(assignment, link_expires=min(assignment.link_expires, now + DONE_DAYS * DAY))


def closed(assignment: Assignment) -> Assignment:
    """On every other way out: at once."""
    return replace(assignment, link_hash=None, link_expires=None, device_hash=None)
