"""Presets and the rules a group changed; and that each rule really rules."""

import pytest

from node.domain.consents import Consents
from node.domain.settings.presets import RULES, Preset, Value
from node.domain.volunteer import Stage
from node.errors import Conflict, Invalid, NotAllowed, NotFound
from node.services.settings.rules import Rules
from node.store import audit, settings
from tests.harness.office import Office


@pytest.fixture
def rules(office: Office) -> Rules:
    return Rules(office.db, office.clock)


async def value(office: Office, key: str) -> Value:
    async with office.db.read() as tx:
        found: Value = await settings.get(tx, settings.rule(key))
        return found


@pytest.mark.parametrize("preset", Preset)
async def test_a_preset_sets_what_was_not_changed(office: Office, rules: Rules, preset: Preset) -> None:
    await rules.choose(office.admin, preset)
    for key, rule in RULES.items():
        assert await value(office, key) == rule.value(preset)


async def test_what_the_group_changed_stays_changed_until_it_is_forgotten(
    office: Office, rules: Rules
) -> None:
    await rules.change(office.admin, {"decide_hours": 7})
    await rules.choose(office.admin, "street")
    now = await rules.now()
    assert (now.rules["decide_hours"].value, now.rules["decide_hours"].changed) == (7, True)
    assert [key for key, rule in now.rules.items() if rule.changed] == ["decide_hours"]
    await rules.choose(office.admin, "street", keep_changes=False)
    assert await value(office, "decide_hours") == RULES["decide_hours"].street


async def test_back_to_the_preset_follows_the_next_preset(office: Office, rules: Rules) -> None:
    """A value typed as in the preset is no change; nor is one that the next preset has too."""
    await rules.change(office.admin, {"decide_hours": 9})
    await rules.change(office.admin, {"decide_hours": int(RULES["decide_hours"].phone_desk)})
    await rules.choose(office.admin, "checked")
    assert await value(office, "decide_hours") == RULES["decide_hours"].checked
    await rules.change(office.admin, {"decide_hours": int(RULES["decide_hours"].street)})
    await rules.choose(office.admin, "street")
    await rules.choose(office.admin, "phone_desk")
    assert await value(office, "decide_hours") == RULES["decide_hours"].phone_desk


@pytest.mark.parametrize(
    ("key", "wrong"),
    [("decide_hours", 0), ("decide_hours", "4"), ("decide_hours", True), ("second_yes", "three")],
)
async def test_a_value_that_does_not_fit_changes_nothing(
    office: Office, rules: Rules, key: str, wrong: Value
) -> None:
    with pytest.raises(Invalid) as refused:
        await rules.change(office.admin, {"details_days": 2, key: wrong})
    assert set(refused.value.fields) == {key}
    assert not any(rule.changed for rule in (await rules.now()).rules.values())


async def test_only_an_admin_sets_rules_and_only_those_there_are(office: Office, rules: Rules) -> None:
    with pytest.raises(NotAllowed):
        await rules.change(office.ana, {"decide_hours": 2})
    with pytest.raises(NotAllowed):
        await rules.choose(office.ana, "street")
    with pytest.raises(NotFound):
        await rules.change(office.admin, {"free_beer": 1})
    with pytest.raises(Invalid):
        await rules.choose(office.admin, "commune")
    async with office.db.read() as tx:
        assert not await audit.of_object(tx, "group")


# --- each rule rules


async def test_second_yes_two_people_decide_where_a_check_is_needed(office: Office, rules: Rules) -> None:
    helper = await office.helper()
    childcare = await office.need("childcare")
    await rules.change(office.admin, {"second_yes": "two"})
    task = await office.dispatch.propose(office.ana, childcare, helper)
    with pytest.raises(Conflict, match="two people"):
        await office.dispatch.approve(office.ana, task)
    with pytest.raises(Conflict, match="two people"):
        await office.dispatch.assign(office.ana, childcare, helper)
    await office.dispatch.approve(office.ben, task)
    assert await office.state(childcare) == "assigned"


async def test_second_yes_one_is_enough_where_none_is_needed(office: Office, rules: Rules) -> None:
    helper = await office.helper()
    await rules.change(office.admin, {"second_yes": "two"})
    phone_call = next(each.code for each in office.desk.catalogue.categories if each.check == "none")
    other = await office.helper("Other", abilities=(phone_call,))
    assert helper != other
    await office.dispatch.assign(office.ana, await office.need(phone_call), other)
    await rules.change(office.admin, {"second_yes": "one"})
    await office.dispatch.assign(office.ana, await office.need("childcare"), helper)


async def test_a_service_with_one_coordinator_is_told_so(office: Office, rules: Rules) -> None:
    """Whoever took the request and a volunteer who came by herself: still a second pair of eyes."""
    await rules.choose(office.admin, "checked")
    childcare = await office.need("childcare", consents=Consents(help_you=True))
    task = await office.dispatch.offered(office.ana, childcare, await office.helper())
    with pytest.raises(Conflict, match="two people"):
        await office.dispatch.approve(office.ana, task)


async def test_newcomers_wait_until_somebody_has_met_them(office: Office, rules: Rules) -> None:
    """Shopping, left at the door, is something a newcomer may do alone, unless the group wants to meet her first."""
    need = await office.need("groceries")
    helper = await office.helper(stage=Stage.APPLIED, cleared=())
    assert (await office.matching.why_not(office.ana, need, helper)).code == "fits"
    await rules.change(office.admin, {"newcomers": "met"})
    assert (await office.matching.why_not(office.ana, need, helper)).code == "newcomer"


async def test_details_stay_readable_for_as_many_days_as_set(office: Office, rules: Rules) -> None:
    await rules.change(office.admin, {"details_days": 1})
    need = await office.need()
    task = await office.confirmed(need, await office.helper())
    token = await office.dispatch.task_link(office.ana, task)
    await office.tasks.confirm(token, "her phone")
    await office.dispatch.report_done(office.ana, task)
    office.clock.advance(hours=23)
    await office.tasks.task_by_token(token, "her phone")
    office.clock.advance(hours=1, seconds=1)
    with pytest.raises(NotFound):
        await office.tasks.task_by_token(token, "her phone")
