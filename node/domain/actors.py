"""Who does something: every verb of the services takes one first, and the audit names it."""

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What a member of staff sits down to do; one person may hold several."""

    ADMIN = "admin"
    COORDINATOR = "coordinator"
    TRIAGE = "triage"
    SAFETY = "safety"


class ActorKind(StrEnum):
    """How an actor came in."""

    STAFF = "staff"
    CONSOLE = "console"
    """The command line without ``--as``: whoever holds the machine, without anybody's key."""
    VOLUNTEER = "volunteer"
    """Somebody who holds a task's private link."""
    ANONYMOUS = "anonymous"
    SYSTEM = "system"
    """The node's own jobs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """One actor. ``id`` is a staff id, or a volunteer's person id, else None; ``name`` is a staff handle."""

    kind: ActorKind
    id: str | None = None
    name: str = ""
    roles: frozenset[Role] = frozenset()

    @property
    def label(self) -> str:
        """What the audit keeps: the kind and the random id, never a volunteer's name."""
        return f"{self.kind}:{self.id}" if self.id else str(self.kind)


CONSOLE = Actor(kind=ActorKind.CONSOLE, name="console")
SYSTEM = Actor(kind=ActorKind.SYSTEM, name="system")
ANONYMOUS = Actor(kind=ActorKind.ANONYMOUS)


def volunteer_actor(person_id: str) -> Actor:
    """The holder of that person's private link."""
    return Actor(kind=ActorKind.VOLUNTEER, id=person_id)
