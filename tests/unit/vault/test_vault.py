import pytest

from node.errors import Locked, Misconfigured
from node.vault import Compartment, Vault
from node.vault.keys import KeyPair
from node.vault.vault import open_granted

PEOPLE, VETTING = Compartment.PEOPLE, Compartment.VETTING


@pytest.fixture
def pairs():
    return {PEOPLE: KeyPair.new(), VETTING: KeyPair.new()}


@pytest.fixture
def vault(pairs):
    return Vault({name: pair.public for name, pair in pairs.items()}, region="GB")


async def test_a_locked_vault_seals_but_does_not_open(vault, pairs):
    blob = vault.seal(PEOPLE, "persons", "a", {"name": "x"})
    assert not vault.is_open(PEOPLE)
    with pytest.raises(Locked):
        vault.open(PEOPLE, "persons", "a", blob)
    with pytest.raises(Locked):
        vault.blind("phone", "07700 900123")
    assert await vault.unlock({PEOPLE: pairs[PEOPLE].private}) == (PEOPLE,)
    assert vault.open(PEOPLE, "persons", "a", blob) == {"name": "x"}
    assert vault.blind("phone", "07700 900123") == vault.blind("phone", "+44 7700 900123")


async def test_compartments_open_one_by_one(vault, pairs):
    await vault.unlock({PEOPLE: pairs[PEOPLE].private})
    with pytest.raises(Locked):
        vault.open(VETTING, "checks", "a", vault.seal(VETTING, "checks", "a", {}))
    vault.lock()
    assert not vault.is_open(PEOPLE)


async def test_callbacks_run_once_for_each_opening_and_each_closing(vault, pairs):
    seen: list[tuple[str, Compartment]] = []

    async def opened(compartment):
        assert vault.is_open(compartment)
        seen.append(("open", compartment))

    vault.on_unlock(opened)
    vault.on_lock(lambda compartment: seen.append(("shut", compartment)))
    privates = {name: pair.private for name, pair in pairs.items()}
    await vault.unlock(privates)
    assert await vault.unlock(privates) == ()
    vault.lock(VETTING)
    vault.lock()
    vault.lock()
    assert seen == [("open", PEOPLE), ("open", VETTING), ("shut", VETTING), ("shut", PEOPLE)]


async def test_a_key_of_another_compartment_is_refused(vault, pairs):
    with pytest.raises(Misconfigured, match="does not fit"):
        await vault.unlock({PEOPLE: pairs[VETTING].private})
    assert not vault.is_open(PEOPLE)


async def test_a_box_moved_to_another_row_is_damage(vault, pairs):
    await vault.unlock({PEOPLE: pairs[PEOPLE].private})
    with pytest.raises(Misconfigured, match="changed outside"):
        vault.open(PEOPLE, "persons", "b", vault.seal(PEOPLE, "persons", "a", {}))


async def test_a_grant_opens_for_its_receiver_only(vault, pairs):
    receiver = KeyPair.new()
    with pytest.raises(Locked):
        vault.grant(PEOPLE, receiver.public)
    await vault.unlock({PEOPLE: pairs[PEOPLE].private})
    box = vault.grant(PEOPLE, receiver.public)
    assert open_granted(receiver, {PEOPLE: box}) == {PEOPLE: pairs[PEOPLE].private}
    with pytest.raises(Misconfigured):
        open_granted(KeyPair.new(), {PEOPLE: box})


def test_before_set_up_nothing_can_be_sealed():
    with pytest.raises(Misconfigured, match="not been set up"):
        Vault().seal(PEOPLE, "persons", "a", {})


async def test_housekeeping_that_fails_keeps_nobody_out(vault, pairs):
    later: list[Compartment] = []

    async def fails(compartment):
        raise Misconfigured("record_damaged", "x")

    async def works(compartment):
        later.append(compartment)

    vault.on_unlock(fails)
    vault.on_unlock(works)
    assert await vault.unlock({PEOPLE: pairs[PEOPLE].private}) == (PEOPLE,)
    assert later == [PEOPLE]
    assert vault.is_open(PEOPLE)
