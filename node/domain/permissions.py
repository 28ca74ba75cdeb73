"""Who may do what, as two tables: by role for staff, by kind for everybody else."""

from enum import StrEnum

from node.domain.actors import Actor, ActorKind, Role
from node.errors import N_, NotAllowed


class Permission(StrEnum):
    """One thing that may be allowed; services name it, pages never decide by role."""

    READ_BOARD = "read_board"
    TAKE_CALL = "take_call"
    ASK = "ask"
    READ_PERSON = "read_person"
    TRIAGE = "triage"
    """Open, hold and sort needs."""
    DISPATCH = "dispatch"
    """Propose, confirm and withdraw helpers; close and reopen needs."""
    OFFER = "offer"
    """Answer and report on one's own task, through its link."""
    MANAGE_VOLUNTEERS = "manage_volunteers"
    KEEP_APART = "keep_apart"
    BAR = "bar"
    ERASE = "erase"
    IMPORT = "import"
    SHARE = "share"
    PUBLISH = "publish"
    PEERS = "peers"
    PLACES = "places"
    SETTINGS = "settings"
    STAFF = "staff"
    BACKUP = "backup"
    LOCK = "lock"
    READ_AUDIT = "read_audit"


_P = Permission

BY_ROLE: dict[Role, frozenset[Permission]] = {
    Role.ADMIN: frozenset(
        {_P.SETTINGS, _P.STAFF, _P.PEERS, _P.SHARE, _P.PUBLISH, _P.PLACES, _P.BACKUP, _P.LOCK, _P.READ_AUDIT}
    ),
    Role.COORDINATOR: frozenset(
        {
            _P.READ_BOARD, _P.TAKE_CALL, _P.READ_PERSON, _P.TRIAGE, _P.DISPATCH, _P.MANAGE_VOLUNTEERS,
            _P.KEEP_APART, _P.BAR, _P.ERASE, _P.IMPORT, _P.PUBLISH, _P.LOCK,
        }
    ),
    Role.TRIAGE: frozenset({_P.READ_BOARD, _P.TAKE_CALL, _P.READ_PERSON, _P.TRIAGE, _P.LOCK}),
    Role.SAFETY: frozenset(
        {_P.READ_BOARD, _P.READ_PERSON, _P.KEEP_APART, _P.BAR, _P.LOCK, _P.READ_AUDIT}
    ),
}  # fmt: skip

BY_KIND: dict[ActorKind, frozenset[Permission]] = {
    ActorKind.STAFF: frozenset(),
    ActorKind.CONSOLE: frozenset(
        {_P.SETTINGS, _P.PEERS, _P.SHARE, _P.PUBLISH, _P.PLACES, _P.BACKUP, _P.STAFF, _P.READ_AUDIT}
    ),
    ActorKind.VOLUNTEER: frozenset({_P.OFFER, _P.ASK}),
    ActorKind.ANONYMOUS: frozenset({_P.ASK}),
    ActorKind.SYSTEM: frozenset({_P.PUBLISH, _P.BACKUP, _P.PLACES}),
}

GRANTED_BY: dict[Permission, tuple[Role, ...]] = {
    permission: tuple(role for role in Role if permission in BY_ROLE[role]) for permission in Permission
}
"""For the "no permission" page: whose job it is."""


def permissions_of(actor: Actor) -> frozenset[Permission]:
    """Everything the actor may do."""
    allowed = BY_KIND[actor.kind]
    if actor.kind is ActorKind.STAFF:
        for role in actor.roles:
            allowed |= BY_ROLE[role]
    return allowed


def may(actor: Actor, permission: Permission) -> bool:
    """Whether the actor may do it."""
    return permission in permissions_of(actor)


def require(actor: Actor, permission: Permission) -> None:
    """Raises ``NotAllowed`` (its ``values["roles"]`` name who may) unless the actor may do it."""
    if not may(actor, permission):
        raise NotAllowed(
            "not_allowed",
            N_("Your account may not do this. Ask an admin of your group."),
            hint=f"{actor.label} lacks {permission}",
            permission=str(permission),
            roles=tuple(str(role) for role in GRANTED_BY[permission]),
        )
