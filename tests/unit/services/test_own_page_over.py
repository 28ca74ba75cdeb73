"""What her page says of offers that come to nothing: never silence, and never why."""

from collections.abc import Awaitable, Callable

import pytest

from node.domain.actors import Actor, volunteer_actor
from node.domain.assignment_lifecycle import AssignmentMove
from node.domain.ids import AssignmentId, NeedId, PersonId
from node.domain.need import CloseReason
from node.domain.own.over import TOLD_SECONDS, Over
from node.services.links import OwnTask
from tests.harness.office import Office

HERE = "her telephone"
End = Callable[[Office, NeedId, AssignmentId], Awaitable[None]]


async def _no(office: Office, need: NeedId, task: AssignmentId) -> None:
    await office.dispatch.decline(office.ana, task)


async def _back(office: Office, need: NeedId, task: AssignmentId) -> None:
    await office.dispatch.withdraw(office.ana, task)


async def _closed(office: Office, need: NeedId, task: AssignmentId) -> None:
    await office.dispatch.close(office.ana, need, CloseReason.NO_LONGER_NEEDED)


async def told(office: Office, actor: Actor) -> list[tuple[str, Over | None]]:
    view = await office.own_page.view(actor, HERE)
    assert view.tasks == []
    return [(row.id, row.over) for row in view.over]


async def helper(office: Office) -> tuple[PersonId, Actor]:
    person = await office.helper("Vera Pretend")
    return person, volunteer_actor(person)


@pytest.mark.parametrize("end", [_no, _back, _closed])
async def test_our_no_stands_there_for_a_week_however_it_was_said(office: Office, end: End) -> None:
    _, actor = await helper(office)
    need = await office.need()
    task = await office.own_offers.offer(actor, need, HERE)
    await end(office, need, task)
    assert await told(office, actor) == [(task, Over.NOT_NEEDED)]
    office.lock()
    assert await told(office, actor) == [(task, Over.NOT_NEEDED)]
    office.clock.advance(seconds=TOLD_SECONDS)
    assert await told(office, actor) == []


async def test_her_own_no_is_no_news_to_her_whoever_wrote_it_down(office: Office) -> None:
    person, actor = await helper(office)
    offered = await office.own_offers.offer(actor, await office.need(), HERE)
    await office.tasks.answer(OwnTask(person, offered), HERE, AssignmentMove.DECLINE)
    rung = await office.dispatch.propose(office.ana, await office.need(), person)
    await office.dispatch.decline(office.ana, rung)
    given = await office.confirmed(await office.need(), person)
    await office.tasks.answer(OwnTask(person, given), HERE, AssignmentMove.RELEASE)
    assert await told(office, actor) == []


async def test_asked_again_for_the_same_nothing_is_over(office: Office) -> None:
    person, actor = await helper(office)
    need = await office.need()
    await office.dispatch.withdraw(office.ana, await office.own_offers.offer(actor, need, HERE))
    again = await office.dispatch.propose(office.ana, need, person)
    view = await office.own_page.view(actor, HERE)
    assert ([row.id for row in view.tasks], view.over) == ([again], [])


async def test_while_she_waits_and_another_goes_she_reads_so(office: Office) -> None:
    person, actor = await helper(office)
    other, _ = await helper(office)
    need = await office.need()
    task = await office.own_offers.offer(actor, need, HERE)
    key = OwnTask(person, task)
    assert not (await office.tasks.task_by_token(key, HERE)).others_go
    theirs = await office.dispatch.assign(office.ana, need, other)
    [row] = (await office.own_page.view(actor, HERE)).tasks
    assert row.others_go
    assert (await office.tasks.task_by_token(key, HERE)).others_go
    [row] = (await office.own_page.view(volunteer_actor(other), HERE)).tasks
    assert not row.others_go
    await office.dispatch.withdraw(office.ana, theirs)
    [row] = (await office.own_page.view(actor, HERE)).tasks
    assert not row.others_go
