"""The statements by which groups speak of groups: whom a hub vouches for, whom we advise against, goodbye.

A vouch and an advice are registers of our set ``peers``: named by (origin, id), counted in its head, ended by a
withdrawal. A farewell is one line for each origin. Who reads them decides what they change; by themselves they
change nothing.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar, Final, Self

VOUCH_ROLES: Final = ("member", "hub")
"""What a vouch says that its subject is to the hub. Either way it reaches no further: depth 1."""
ADVICE_REASONS: Final = {
    "false_needs": "publishes needs that nobody has",
    "flooding": "publishes far more than it can mean",
    "impersonation": "says it is a group that it is not",
    "unsafe": "people came to harm, or nearly, and nothing changed",
    "leaks": "passes on what it was told in confidence",
    "other": "ask us",
}
"""Codes of an advice, with their meanings."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Vouch:
    """A hub knows this group and answers for it. Signed by the op key."""

    type: ClassVar[str] = "vouch"
    v: ClassVar[int] = 1

    origin: str
    epoch: int
    seq: int
    set: str
    """Always peers."""
    id: str
    subject: str
    """did:key of the other group's root key."""
    role: str
    """One of VOUCH_ROLES."""
    since: date
    """Day on which the hub began to vouch for it."""
    expires: date
    """First day on which it no longer counts."""

    def body(self) -> dict[str, Any]:
        """The object that is signed."""
        return {
            "type": "vouch",
            "v": 1,
            "origin": self.origin,
            "epoch": self.epoch,
            "seq": self.seq,
            "set": self.set,
            "id": self.id,
            "subject": self.subject,
            "role": self.role,
            "since": self.since.isoformat(),
            "expires": self.expires.isoformat(),
        }

    @classmethod
    def from_body(cls, body: dict[str, Any]) -> Self:
        """From a body that passed ``vouch.v1``; ``ValueError`` for a day that does not exist."""
        return cls(
            origin=body["origin"],
            epoch=body["epoch"],
            seq=body["seq"],
            set=body["set"],
            id=body["id"],
            subject=body["subject"],
            role=body["role"],
            since=date.fromisoformat(body["since"]),
            expires=date.fromisoformat(body["expires"]),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """We blocked this group, and why: for other groups' people to read, never applied by itself. Signed by the op
    key."""

    type: ClassVar[str] = "advice"
    v: ClassVar[int] = 1

    origin: str
    epoch: int
    seq: int
    set: str
    """Always peers."""
    id: str
    subject: str
    reason: str
    """A key of ADVICE_REASONS; another one reads as ``other``."""
    expires: date

    def body(self) -> dict[str, Any]:
        """The object that is signed."""
        return {
            "type": "advice",
            "v": 1,
            "origin": self.origin,
            "epoch": self.epoch,
            "seq": self.seq,
            "set": self.set,
            "id": self.id,
            "subject": self.subject,
            "reason": self.reason,
            "expires": self.expires.isoformat(),
        }

    @classmethod
    def from_body(cls, body: dict[str, Any]) -> Self:
        """From a body that passed ``advice.v1``; ``ValueError`` for a day that does not exist."""
        return cls(
            origin=body["origin"],
            epoch=body["epoch"],
            seq=body["seq"],
            set=body["set"],
            id=body["id"],
            subject=body["subject"],
            reason=body["reason"],
            expires=date.fromisoformat(body["expires"]),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Farewell:
    """The origin closes: from this epoch and all before it nothing of it counts any more, but its keys and this
    line. Signed by the op key."""

    type: ClassVar[str] = "farewell"
    v: ClassVar[int] = 1

    origin: str
    epoch: int
    seq: int
    day: date
    """When it was said."""
    to: str | None = None
    """did:key of the node that goes on in its place, if one does: shown to people, followed by nobody."""

    def body(self) -> dict[str, Any]:
        """The object that is signed."""
        body = {
            "type": "farewell",
            "v": 1,
            "origin": self.origin,
            "epoch": self.epoch,
            "seq": self.seq,
            "day": self.day.isoformat(),
        }
        return body if self.to is None else {**body, "to": self.to}

    @classmethod
    def from_body(cls, body: dict[str, Any]) -> Self:
        """From a body that passed ``farewell.v1``; ``ValueError`` for a day that does not exist."""
        return cls(
            origin=body["origin"],
            epoch=body["epoch"],
            seq=body["seq"],
            day=date.fromisoformat(body["day"]),
            to=body.get("to"),
        )
