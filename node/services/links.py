"""A task's private link: 128 random bits, of which only a hash is kept; details open on one device."""

import base64
import hashlib
from dataclasses import dataclass, replace

from node.domain.assignment import Assignment
from node.domain.assignment_lifecycle import LIVE
from node.domain.dispatch.wave import THANKS_SECONDS
from node.domain.exchange.away_task import AwayTask
from node.domain.ids import Random
from node.errors import N_, Conflict, NotFound
from node.store import assignments, waves
from node.store.db import Tx


@dataclass(frozen=True, slots=True)
class OwnTask:
    """A task as its volunteer names it who is signed in: it is looked up by her and opens as by its link."""

    person_id: str
    assignment_id: str


TaskKey = str | OwnTask
"""How the helper's side of a task is reached: the token of its private link, or signed in."""

TOKEN_BYTES = 16
LIVE_DAYS = 21
"""How long a link stays open while its task is going on, from the last change."""
DAY = 24 * 3600


def new_token(random: Random) -> str:
    """22 base64url characters."""
    return base64.urlsafe_b64encode(random(TOKEN_BYTES)).rstrip(b"=").decode("ascii")


def token_hash(token: str) -> bytes:
    """What is kept of a link."""
    return hashlib.sha256(b"task-link\0" + token.encode()).digest()


def round_hash(token: str) -> bytes:
    """What is kept of the link of a round."""
    return hashlib.sha256(b"round-link\0" + token.encode()).digest()


def calls_hash(token: str) -> bytes:
    """What is kept of the link of somebody who rings people."""
    return hashlib.sha256(b"calls-link\0" + token.encode()).digest()


def patch_hash(token: str) -> bytes:
    """What is kept of the link of a street captain."""
    return hashlib.sha256(b"patch-link\0" + token.encode()).digest()


def asked_hash(token: str) -> bytes:
    """What is kept of the link of somebody who asked for help."""
    return hashlib.sha256(b"asked-link\0" + token.encode()).digest()


def gift_hash(token: str) -> bytes:
    """What is kept of the link of somebody who offered something."""
    return hashlib.sha256(b"gift-link\0" + token.encode()).digest()


def device_hash(device: str) -> bytes:
    """What is kept of a device's cookie."""
    return hashlib.sha256(b"task-device\0" + device.encode()).digest()


def sign_in_hash(token: str) -> bytes:
    """What is kept of a volunteer's one-time link to her own page."""
    return hashlib.sha256(b"own-link\0" + token.encode()).digest()


def session_hash(cookie: str) -> bytes:
    """What is kept of the cookie of a volunteer who is signed in."""
    return hashlib.sha256(b"own-session\0" + cookie.encode()).digest()


def calendar_hash(token: str) -> bytes:
    """What is kept of the address of a volunteer's calendar."""
    return hashlib.sha256(b"own-calendar\0" + token.encode()).digest()


def sent_hash(assignment_id: str, key: str) -> bytes:
    """What is kept of something that a device sent about a task, by the key it chose."""
    return hashlib.sha256(f"own-sent\0{assignment_id}\0{key}".encode()).digest()


async def assignment_by(tx: Tx, key: TaskKey, now: int) -> Assignment:
    """The task behind a link, or one of her own. Raises the same ``NotFound`` (``link_closed``) for unknown, replaced,
    closed, another's and run out; ``thanked`` for somebody who was asked among several and is not needed any more."""
    if isinstance(key, OwnTask):
        return await _own(tx, key, now)
    token = key
    found = await assignments.with_link(tx, token_hash(token)) if token else None
    if found is None or found.link_expires is None or found.link_expires <= now:
        if token and await waves.thanked_by(tx, token_hash(token), now - THANKS_SECONDS):
            raise NotFound(
                "thanked", N_("Thank you! Somebody else said yes to this, so you need not do anything.")
            )
        raise closed_link()
    return found


async def _own(tx: Tx, key: OwnTask, now: int) -> Assignment:
    """Hers while it goes on, and afterwards for as long as its link would be open."""
    found = await assignments.get(tx, key.assignment_id)
    if found is None or found.person_id != key.person_id:
        raise closed_link()
    if found.state not in LIVE and (found.link_expires is None or found.link_expires <= now):
        raise closed_link()
    return found


def is_behind(key: TaskKey, task: Assignment) -> bool:
    """Whether that key is, or was, the way to this task."""
    if isinstance(key, OwnTask):
        return (key.assignment_id, key.person_id) == (task.id, task.person_id)
    return bool(key) and task.link_hash == token_hash(key)


def closed_link() -> NotFound:
    """The one answer for a link that is unknown, replaced, run out, or of something that is over."""
    return NotFound(
        "link_closed", N_("This link is no longer open. Ask the group for a new one if you need it.")
    )


TASK_ELSEWHERE = N_("This task was confirmed on another device. Use that one, or ask us for a new link.")


def other_device(words: str = TASK_ELSEWHERE) -> Conflict:
    """What whoever holds the link alone is told."""
    return Conflict("other_device", words)


def is_here(bound: bytes | None, device: str | None) -> bool:
    """Whether what is behind a link was opened before, on this device. ``bound``: the hash that is kept."""
    return bound is not None and bool(device) and device_hash(device or "") == bound


def is_elsewhere(bound: bytes | None, device: str | None) -> bool:
    """Whether it was opened before, on another device."""
    return bound is not None and not is_here(bound, device)


def must_be_here(bound: bytes | None, device: str | None, words: str = TASK_ELSEWHERE) -> None:
    """Raises ``Conflict("other_device")`` unless it was opened on this device."""
    if not is_here(bound, device):
        raise other_device(words)


def tie(bound: bytes | None, device: str, words: str = TASK_ELSEWHERE) -> bytes | None:
    """The hash to keep from now on; None if it is kept already. Raises ``Conflict("other_device")`` for another device
    than the one it was opened on, and for none."""
    if bound is None and device:
        return device_hash(device)
    must_be_here(bound, device, words)
    return None


def with_nobodys_link(task: AwayTask, random: Random, now: int) -> AwayTask:
    """A task of another group's under a link that nobody holds: how long it stays open is counted by it."""
    return replace(task, link_hash=token_hash(new_token(random)), link_expires=now + LIVE_DAYS * DAY)


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


def closing(assignment: Assignment, now: int, days: int) -> Assignment:
    """After ``done``: so many days more."""
    if assignment.link_hash is None or assignment.link_expires is None:
        return replace(assignment, link_hash=None, link_expires=None, device_hash=None)
    return replace(assignment, link_expires=min(assignment.link_expires, now + days * DAY))


def closed(assignment: Assignment) -> Assignment:
    """On every other way out: at once."""
    return replace(assignment, link_hash=None, link_expires=None, device_hash=None)
