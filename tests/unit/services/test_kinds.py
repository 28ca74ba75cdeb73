"""Kinds of help under the group's own names: shown everywhere here, and nowhere else."""

import pytest

from node.domain.catalogue import OTHER, catalogue
from node.domain.need import Share
from node.errors import Invalid, NotAllowed, NotFound
from node.services.settings.kinds import KindChange, Kinds
from node.store import audit, kinds, shares
from tests.harness.office import Office


@pytest.fixture
def service(office: Office) -> Kinds:
    return Kinds(office.db, office.clock, catalogue())


def named(name: str, *, hidden: bool = False) -> KindChange:
    return KindChange(name=name, hidden=hidden)


async def test_own_names_by_language_and_back_again(office: Office, service: Kinds) -> None:
    await service.change(office.admin, "en", {"groceries": named("  Shopping   bag ")})
    assert service.ours.name("groceries", "en") == "Shopping bag"
    assert service.ours.name("groceries", "es") == catalogue().name("groceries", "es"), (
        "its Spanish name stays"
    )
    await service.change(office.admin, "so", {"groceries": named("Cunto")})
    assert service.ours.name("groceries", "so") == "Cunto"
    assert service.shared.name("groceries", "so") == catalogue().name("groceries", "en")
    await service.change(office.admin, "en", {"groceries": named("")})
    assert service.ours.name("groceries", "en") == catalogue().name("groceries", "en")
    assert await service.own_names() == {("groceries", "so"): "Cunto"}


async def test_codes_and_what_leaves_stay_as_they_are(office: Office, service: Kinds) -> None:
    before = {each.code: (each.klass, each.wire, each.check) for each in catalogue().categories}
    await service.change(
        office.admin, "en", {"groceries": named("Shopping bag"), "repairs": named("", hidden=True)}
    )
    assert {each.code: (each.klass, each.wire, each.check) for each in service.ours.categories} == before
    assert service.ours.match_text("shopping BAG.") == ("groceries",), "sheets may use the group's names"


async def test_what_is_hidden_is_not_offered_and_keeps_its_name_and_setting(
    office: Office, service: Kinds
) -> None:
    async with office.db.write() as tx:
        await shares.put(tx, "repairs", Share.PUBLIC)
    await service.change(office.admin, "en", {"repairs": named("", hidden=True)})
    assert "repairs" not in {each.code for each in service.ours.offered}
    assert service.ours.name("repairs", "en") == catalogue().name("repairs", "en")
    async with office.db.read() as tx:
        assert (await shares.all_of(tx))["repairs"] is Share.PUBLIC
    await service.change(office.admin, "en", {"repairs": named("")})
    assert "repairs" in {each.code for each in service.ours.offered}


@pytest.mark.parametrize(
    ("code", "change", "field"),
    [
        ("repairs", named("Groceries"), "name:repairs"),
        ("repairs", named("x" * 61), "name:repairs"),
        ("repairs", named("bell\x07"), "name:repairs"),
        (OTHER, named("", hidden=True), f"hide:{OTHER}"),
    ],
)
async def test_what_would_confuse_is_refused_whole(
    office: Office, service: Kinds, code: str, change: KindChange, field: str
) -> None:
    taken = catalogue().name("groceries", "en")
    if change.name == "Groceries":
        change = named(taken.upper())
    with pytest.raises(Invalid) as refused:
        await service.change(office.admin, "en", {"childcare": named("Minding"), code: change})
    assert field in refused.value.fields
    assert await service.own_names() == {}
    assert service.ours.name("childcare", "en") != "Minding"


async def test_only_an_admin_and_only_kinds_that_there_are(office: Office, service: Kinds) -> None:
    with pytest.raises(NotAllowed):
        await service.change(office.ana, "en", {"groceries": named("Mine")})
    with pytest.raises(NotFound):
        await service.change(office.admin, "en", {"free_beer": named("Beer")})
    with pytest.raises(NotFound):
        await service.change(office.admin, "tlh", {"groceries": named("nuq")})


async def test_only_what_changed_is_written_down(office: Office, service: Kinds) -> None:
    everything = {each.code: named("") for each in catalogue().categories}
    await service.change(office.admin, "en", everything | {"groceries": named("Shopping bag")})
    await service.change(office.admin, "en", everything | {"groceries": named("Shopping bag")})
    async with office.db.read() as tx:
        assert len(await audit.of_object(tx, "category:groceries")) == 1
        assert not await audit.of_object(tx, "category:childcare")
        assert await kinds.hidden(tx) == frozenset()
