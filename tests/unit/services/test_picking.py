"""Picking unasked: only what needs nothing, only by who has a task of ours, and never twice."""

import pytest

from node.domain.assignment_lifecycle import AssignmentMove
from node.domain.ids import PersonId
from node.domain.need import NeedState
from node.errors import Conflict, NotFound
from node.store import assignments, settings
from tests.harness.office import Office, point

HERE = "her telephone"


async def on_the_way(office: Office, **more: object) -> tuple[str, PersonId]:
    """A volunteer with a task, opened on her telephone: its token."""
    helper = await office.helper("Vera Pretend", **more)
    task = await office.confirmed(await office.need(), helper)
    token = await office.dispatch.task_link(office.ana, task)
    await office.tasks.confirm(token, HERE)
    return token, helper


async def test_what_needs_nothing_is_picked_and_the_rest_is_not_shown(office: Office) -> None:
    token, helper = await on_the_way(office)
    plain = await office.need()
    await office.need("lift")
    await office.need("medication")
    await office.need(tags=("heavy",))
    await office.need(point=point(60))
    found = (await office.picking.near(token, HERE)).found
    assert [(each.need_id, each.posted_day, each.where.code) for each in found] == [
        (plain, office.desk.today, "span")
    ], "what tells one from another of the same kind"
    fresh = await office.picking.pick(token, HERE, plain)
    assert await office.state(plain) == NeedState.OFFERED, (
        "a coordinator says yes, unless the group decided otherwise"
    )
    view = await office.tasks.task_by_token(fresh, HERE)
    assert (view.stage, view.details) == ("waiting", None)
    assert (await office.picking.near(token, HERE)).found == ()
    with pytest.raises(Conflict):
        await office.picking.pick(token, HERE, plain)
    async with office.db.read() as tx:
        assert [each.person_id for each in await assignments.of_need(tx, plain)] == [helper]


async def test_where_her_own_yes_is_enough_it_is_confirmed_at_once_and_once(office: Office) -> None:
    async with office.db.write() as tx:
        await settings.put(tx, settings.CLAIMS, "helper")
    token, _ = await on_the_way(office)
    plain = await office.need()
    assert (await office.picking.near(token, HERE)).at_once
    fresh = await office.picking.pick(token, HERE, plain)
    assert await office.state(plain) == NeedState.ASSIGNED
    view = await office.tasks.task_by_token(fresh, HERE)
    assert view.details is not None
    other, _ = await on_the_way(office)
    with pytest.raises(Conflict):
        await office.picking.pick(other, HERE, plain)


async def test_only_on_her_device_and_while_the_link_is_open(office: Office) -> None:
    token, _ = await on_the_way(office)
    plain = await office.need()
    for device in ("somebody else's", ""):
        with pytest.raises(Conflict, match="another device"):
            await office.picking.near(token, device)
        with pytest.raises(Conflict, match="another device"):
            await office.picking.pick(token, device, plain)
    with pytest.raises(NotFound):
        await office.picking.near("no such link", HERE)
    lift = await office.need("lift")
    with pytest.raises(Conflict, match="quicker"):
        await office.picking.pick(token, HERE, lift)
    office.lock()
    assert (await office.picking.near(token, HERE)).locked
    await office.unlock()
    await office.tasks.answer(token, HERE, AssignmentMove.RELEASE)
    with pytest.raises(NotFound):
        await office.picking.pick(token, HERE, plain)
