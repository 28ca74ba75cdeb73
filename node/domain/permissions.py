"""Who may do what, as two tables: by role for staff, by kind for everybody else."""

from enum import StrEnum
from functools import lru_cache

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
    CHECK = "check"
    """Say that a volunteer's safety checks were seen."""
    APPLY = "apply"
    """Ask to become a volunteer."""
    SAFETY_RULES = "safety_rules"
    """Say what each kind of help asks of whoever does it."""
    TELL_INCIDENT = "tell_incident"
    """Write down something that must not happen; reading it is for whoever holds those records."""
    SAFEGUARD = "safeguard"
    """Look after incidents and unusual looks; whoever does still needs the key of those records."""
    KEEP_APART = "keep_apart"
    BAR = "bar"
    ERASE = "erase"
    IMPORT = "import"
    EXPORT = "export"
    """Take everything, names included, out in one file: a look at everybody."""
    SHARE = "share"
    PUBLISH = "publish"
    PEERS = "peers"
    PLACES = "places"
    SETTINGS = "settings"
    STAFF = "staff"
    BACKUP = "backup"
    LOCK = "lock"
    READ_AUDIT = "read_audit"
    SEE_AS = "see_as"
    """Look at pages as somebody else sees them, without doing anything."""
    APPROVE_PUBLIC = "approve_public"
    """The yes after which something can be read by anybody."""
    RIGHTS = "rights"
    """Answer what the law gives people: a copy of what is held, a consent withdrawn, a record held back."""
    PRIVACY = "privacy"
    """What goes on which day, data that got out, and the papers about data; no names."""


_P = Permission

BY_ROLE: dict[Role, frozenset[Permission]] = {
    Role.ADMIN: frozenset(
        {_P.SETTINGS, _P.STAFF, _P.PEERS, _P.SHARE, _P.PUBLISH, _P.PLACES, _P.BACKUP, _P.LOCK, _P.READ_AUDIT,
            _P.SAFETY_RULES, _P.TELL_INCIDENT, _P.SEE_AS, _P.APPROVE_PUBLIC, _P.PRIVACY,
        }
    ),
    Role.COORDINATOR: frozenset(
        {
            _P.READ_BOARD, _P.TAKE_CALL, _P.READ_PERSON, _P.TRIAGE, _P.DISPATCH, _P.MANAGE_VOLUNTEERS,
            _P.CHECK, _P.KEEP_APART, _P.BAR, _P.ERASE, _P.IMPORT, _P.EXPORT, _P.PUBLISH, _P.LOCK,
            _P.TELL_INCIDENT, _P.SEE_AS, _P.APPROVE_PUBLIC, _P.RIGHTS, _P.PRIVACY,
        }
    ),
    Role.TRIAGE: frozenset({_P.READ_BOARD, _P.TAKE_CALL, _P.READ_PERSON, _P.TRIAGE, _P.LOCK, _P.TELL_INCIDENT}),
    Role.SAFETY: frozenset(
        {
            _P.READ_BOARD, _P.READ_PERSON, _P.CHECK, _P.KEEP_APART, _P.BAR, _P.LOCK, _P.READ_AUDIT,
            _P.SAFETY_RULES, _P.TELL_INCIDENT, _P.SAFEGUARD, _P.RIGHTS, _P.PRIVACY,
        }
    ),
}  # fmt: skip

BY_KIND: dict[ActorKind, frozenset[Permission]] = {
    ActorKind.STAFF: frozenset(),
    ActorKind.CONSOLE: frozenset(
        {_P.SETTINGS, _P.PEERS, _P.SHARE, _P.PUBLISH, _P.PLACES, _P.BACKUP, _P.STAFF, _P.READ_AUDIT}
    ),
    ActorKind.VOLUNTEER: frozenset({_P.OFFER, _P.ASK}),
    ActorKind.ANONYMOUS: frozenset({_P.ASK, _P.APPLY}),
    ActorKind.SYSTEM: frozenset({_P.PUBLISH, _P.BACKUP, _P.PLACES, _P.ERASE}),
}

OPENS_NOBODY = frozenset(
    {_P.SETTINGS, _P.STAFF, _P.PEERS, _P.SHARE, _P.PUBLISH, _P.PLACES, _P.BACKUP, _P.LOCK, _P.READ_AUDIT,
     _P.SEE_AS, _P.APPROVE_PUBLIC, _P.PRIVACY, _P.ASK, _P.APPLY, _P.TRIAGE, _P.DISPATCH, _P.CHECK, _P.KEEP_APART,
     _P.BAR, _P.ERASE, _P.RIGHTS, _P.SAFETY_RULES, _P.TELL_INCIDENT}
)  # fmt: skip
"""What alone shows nothing of a person: pages behind it ask for the others besides. Whatever is not named here may be
looked at with somebody else's eyes only by who may do it too."""

GRANTED_BY: dict[Permission, tuple[Role, ...]] = {
    permission: tuple(role for role in Role if permission in BY_ROLE[role]) for permission in Permission
}
"""For the "no permission" page: whose job it is."""


def permissions_of(actor: Actor) -> frozenset[Permission]:
    """Everything the actor may do."""
    return _allowed(actor.kind, frozenset(actor.roles) if actor.kind is ActorKind.STAFF else frozenset())


@lru_cache(maxsize=64)  # a page asks a hundred times
def _allowed(kind: ActorKind, roles: frozenset[Role]) -> frozenset[Permission]:
    return BY_KIND[kind].union(*(BY_ROLE[role] for role in roles))


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
