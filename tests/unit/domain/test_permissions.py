"""Who may do what."""

import pytest

from node.domain.actors import ANONYMOUS, CONSOLE, SYSTEM, Actor, ActorKind, Role, volunteer_actor
from node.domain.permissions import BY_KIND, BY_ROLE, GRANTED_BY, Permission, may, permissions_of, require
from node.errors import NotAllowed

PERSONAL = {
    Permission.READ_BOARD,
    Permission.READ_PERSON,
    Permission.TAKE_CALL,
    Permission.DISPATCH,
    Permission.MANAGE_VOLUNTEERS,
    Permission.IMPORT,
    Permission.ERASE,
}


def staff(*roles: Role) -> Actor:
    return Actor(kind=ActorKind.STAFF, id="someone", name="someone", roles=frozenset(roles))


def test_tables_name_every_role_and_kind() -> None:
    assert set(BY_ROLE) == set(Role)
    assert set(BY_KIND) == set(ActorKind)
    assert set(GRANTED_BY) == set(Permission)


def test_every_permission_is_somebodys() -> None:
    held = set().union(*BY_ROLE.values(), *BY_KIND.values())
    assert held == set(Permission)


@pytest.mark.parametrize("actor", [staff(Role.ADMIN), CONSOLE, ANONYMOUS, volunteer_actor("v"), staff()])
def test_admin_alone_console_and_strangers_reach_no_personal_data(actor: Actor) -> None:
    assert not permissions_of(actor) & PERSONAL


def test_the_clock_lets_people_go_and_reads_nothing() -> None:
    assert permissions_of(SYSTEM) & PERSONAL == {Permission.ERASE}


def test_roles_add_up() -> None:
    both = staff(Role.ADMIN, Role.COORDINATOR)
    assert permissions_of(both) == BY_ROLE[Role.ADMIN] | BY_ROLE[Role.COORDINATOR]


def test_roles_count_for_staff_only() -> None:
    impostor = Actor(kind=ActorKind.ANONYMOUS, roles=frozenset(Role))
    assert permissions_of(impostor) == {Permission.ASK, Permission.APPLY}


def test_refusal_says_who_may() -> None:
    require(staff(Role.SAFETY), Permission.BAR)
    assert not may(staff(Role.TRIAGE), Permission.BAR)
    with pytest.raises(NotAllowed) as refused:
        require(staff(Role.TRIAGE), Permission.BAR)
    assert refused.value.values["roles"] == ("coordinator", "safety")
