import pytest

from node.domain.actors import ANONYMOUS, CONSOLE, Role
from node.errors import Conflict, Invalid, Locked, NotAllowed, NotFound
from node.vault import Compartment
from tests.harness.house import PASSWORD, house

PEOPLE, VETTING = Compartment.PEOPLE, Compartment.VETTING
OTHER = "another password"


@pytest.fixture
async def home(tmp_path):
    async with house(tmp_path) as opened:
        yield opened


async def notices(home):
    found = {notice.code: notice.values for notice in await home.team.notices()}
    assert all(notice.message % notice.values for notice in await home.team.notices())
    return found


async def test_a_holder_lets_another_read(home):
    mina = await home.first()
    assert await notices(home) == {"cards_unconfirmed": {}, "one_holder": {"holds": "people vetting"}}
    await home.team.add_staff(mina, "Ravi", OTHER, [Role.COORDINATOR], [PEOPLE])
    assert (await notices(home))["one_holder"] == {"holds": "vetting"}
    home.vault.lock()
    ravi = (await home.access.sign_in("Ravi", OTHER)).actor
    assert ravi.roles == {Role.COORDINATOR}
    assert home.vault.is_open(PEOPLE)
    assert not home.vault.is_open(VETTING)
    assert [(member.handle, sorted(member.holds)) for member in await home.team.members(ravi)] == [
        ("Mina", [PEOPLE, VETTING]),
        ("Ravi", [PEOPLE]),
    ]


async def test_the_admin_role_alone_opens_nothing(home):
    mina = await home.first()
    await home.team.add_staff(mina, "Admin", OTHER, [Role.ADMIN])
    admin = (await home.access.sign_in("Admin", OTHER)).actor
    home.vault.lock()
    admin = (await home.access.sign_in("Admin", OTHER)).actor
    assert not home.vault.is_open(PEOPLE)
    await home.access.sign_in("Mina", PASSWORD)  # now it is open in the process
    for grants in ([PEOPLE], [VETTING]):
        with pytest.raises(NotAllowed, match="may read these"):
            await home.team.add_staff(admin, "Friend", OTHER, [Role.COORDINATOR], grants)
    with pytest.raises(NotAllowed):
        await home.team.grant(admin, admin.id, PEOPLE)
    await home.team.add_staff(admin, "Friend", OTHER, [Role.ADMIN, Role.COORDINATOR])
    friend = (await home.access.sign_in("Friend", OTHER)).actor
    assert friend.roles == {Role.ADMIN}, "a reading role counts only with the compartment"
    await home.team.grant(mina, friend.id, PEOPLE)
    assert (await home.access.sign_in("Friend", OTHER)).actor.roles == {Role.ADMIN, Role.COORDINATOR}


async def test_granting_needs_the_compartment_open(home):
    mina = await home.first()
    home.vault.lock()
    with pytest.raises(Locked):
        await home.team.add_staff(mina, "Ravi", OTHER, [Role.COORDINATOR], [PEOPLE])
    assert [member.handle for member in await home.team.members(mina)] == ["Mina"]


async def test_who_may_not(home):
    mina = await home.first()
    await home.team.add_staff(mina, "Ravi", OTHER, [Role.COORDINATOR], [PEOPLE])
    ravi = (await home.access.sign_in("Ravi", OTHER)).actor
    with pytest.raises(NotAllowed):
        await home.team.add_staff(ravi, "X", OTHER, [Role.TRIAGE])
    with pytest.raises(NotAllowed):
        await home.team.suspend(ravi, mina.id)
    with pytest.raises(NotAllowed):
        await home.team.reset_password(ravi, mina.id, OTHER)
    with pytest.raises(NotAllowed):
        await home.team.members(ANONYMOUS)
    with pytest.raises(NotAllowed):
        await home.team.add_staff(CONSOLE, "X", OTHER, [Role.COORDINATOR], [PEOPLE])


async def test_names_are_taken_in_any_case(home):
    mina = await home.first()
    with pytest.raises(Conflict, match="signs in as MINA"):
        await home.team.add_staff(mina, "MINA", OTHER, [Role.TRIAGE])
    with pytest.raises(Invalid):
        await home.team.add_staff(mina, "X", OTHER, [])
    with pytest.raises(Invalid):
        await home.team.add_staff(mina, "X", "short", [Role.TRIAGE])


async def test_suspending_ends_everything_at_once(home):
    mina = await home.first()
    ravi_id = await home.team.add_staff(mina, "Ravi", OTHER, [Role.COORDINATOR], [PEOPLE])
    cookie = (await home.access.sign_in("Ravi", OTHER)).cookie
    await home.team.suspend(mina, ravi_id)
    assert await home.access.actor_for(cookie) is None
    with pytest.raises(NotAllowed, match="suspended"):
        await home.access.sign_in("Ravi", OTHER)
    with pytest.raises(Conflict):
        await home.team.grant(mina, ravi_id, PEOPLE)
    await home.team.take_up_again(mina, ravi_id)
    assert (await home.access.sign_in("Ravi", OTHER)).actor.roles == frozenset()
    await home.team.grant(mina, ravi_id, PEOPLE)
    assert (await home.access.sign_in("Ravi", OTHER)).actor.roles == {Role.COORDINATOR}


async def test_the_last_holder_stays(home):
    mina = await home.first()
    await home.team.add_staff(mina, "Admin", OTHER, [Role.ADMIN])
    admin = (await home.access.sign_in("Admin", OTHER)).actor
    with pytest.raises(Conflict, match="hold them"):
        await home.team.suspend(admin, mina.id)
    with pytest.raises(Conflict, match="rescue cards"):
        await home.team.reset_password(admin, mina.id, OTHER)
    with pytest.raises(Conflict, match="yourself"):
        await home.team.suspend(mina, mina.id)
    with pytest.raises(NotFound):
        await home.team.suspend(mina, "nobody")


async def test_a_forgotten_password_is_reset_by_another_holder(home):
    mina = await home.first()
    ravi_id = await home.team.add_staff(mina, "Ravi", OTHER, [Role.COORDINATOR], [PEOPLE])
    await home.team.reset_password(mina, ravi_id, "a third password")
    home.vault.lock()
    with pytest.raises(NotAllowed):
        await home.access.sign_in("Ravi", OTHER)
    await home.access.sign_in("Ravi", "a third password")
    assert home.vault.is_open(PEOPLE)


async def test_an_admin_without_the_compartment_resets_to_an_account_that_reads_nothing(home):
    mina = await home.first()
    await home.team.add_staff(mina, "Ravi", OTHER, [Role.COORDINATOR], [PEOPLE])
    ravi_id = next(member.id for member in await home.team.members(mina) if member.handle == "Ravi")
    await home.team.add_staff(mina, "Admin", OTHER, [Role.ADMIN])
    admin = (await home.access.sign_in("Admin", OTHER)).actor
    await home.team.reset_password(admin, ravi_id, "a third password")
    assert (await home.access.sign_in("Ravi", "a third password")).actor.roles == frozenset()


async def test_safeguarding_is_begun_by_a_safety_officer_and_has_its_own_cards(home):
    mina = await home.first()
    with pytest.raises(NotAllowed, match="safety officer"):
        await home.team.begin_safeguarding(mina)
    await home.team.add_staff(mina, "Sol", OTHER, [Role.SAFETY], [PEOPLE])
    sol = (await home.access.sign_in("Sol", OTHER)).actor
    cards = await home.team.begin_safeguarding(sol)
    safeguarding = Compartment.SAFEGUARDING
    blob = home.vault.seal(safeguarding, "incidents", "a", {"text": "what happened"})
    with pytest.raises(Conflict):
        await home.team.begin_safeguarding(sol)
    with pytest.raises(NotAllowed):
        await home.team.grant(mina, mina.id, safeguarding)

    home.vault.lock()
    await home.access.sign_in("Mina", PASSWORD)
    assert home.vault.is_open(PEOPLE)
    assert not home.vault.is_open(safeguarding), "a coordinator does not read incidents"

    with pytest.raises(Conflict, match="another account"):
        await home.rescue.open(CONSOLE, cards[:2], "Mina", "a third password")
    assert await home.rescue.open(CONSOLE, cards[:2], "Sol", "a third password") == ["safeguarding"]
    assert (await notices(home))["cards_opened"] == {"day": "2026-11-02"}
    await home.access.sign_in("Sol", "a third password")
    assert home.vault.open(safeguarding, "incidents", "a", blob) == {"text": "what happened"}


async def test_the_other_holder_lets_a_safety_officer_in_again_after_a_reset(home):
    """The admin who resets holds no safeguarding records: so she gives none back, and whoever else holds them does."""
    mina, safeguarding = await home.first(), Compartment.SAFEGUARDING
    ids = {}
    for handle in ("Sol", "Tove"):
        ids[handle] = await home.team.add_staff(mina, handle, OTHER, [Role.SAFETY], [PEOPLE])
    sol = (await home.access.sign_in("Sol", OTHER)).actor
    await home.team.begin_safeguarding(sol)
    await home.team.grant(sol, ids["Tove"], safeguarding)
    blob = home.vault.seal(safeguarding, "incidents", "a", {"text": "what happened"})
    with pytest.raises(Conflict) as refused:
        await home.team.reset_password(mina, ids["Sol"], "a third password")
    assert refused.value.code == "perhaps_last_reader", "what is sealed to her alone, no page knows"
    await home.team.reset_password(mina, ids["Sol"], "a third password", anyway=True)
    home.vault.lock()
    sol = (await home.access.sign_in("Sol", "a third password")).actor
    assert home.vault.is_open(PEOPLE), "what the admin holds came back with the password"
    assert not home.vault.is_open(safeguarding)
    assert "safeguarding" in (await notices(home))["one_holder"]["holds"].split(), "and everybody is told so"
    with pytest.raises(NotAllowed, match="Only somebody who may read"):
        await home.team.grant(mina, ids["Sol"], safeguarding)
    tove = (await home.access.sign_in("Tove", OTHER)).actor
    await home.team.grant(tove, ids["Sol"], safeguarding)
    home.vault.lock()
    await home.access.sign_in("Sol", "a third password")
    assert home.vault.open(safeguarding, "incidents", "a", blob) == {"text": "what happened"}
    assert "safeguarding" not in (await notices(home))["one_holder"]["holds"].split()
