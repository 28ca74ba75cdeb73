"""The plan of a morning: a proposal that is looked at, and looked at again when it is applied."""

import asyncio
import threading
from collections.abc import Sequence

import pytest

from node.domain.ids import NeedId, PersonId
from node.domain.matching.plan import Asks, LineState, Takes, Which, best
from node.domain.need import CloseReason, Urgency
from node.errors import Conflict, NotFound
from node.services.dispatch import plans
from node.services.dispatch.plans import PlanView
from node.store import assignments
from tests.harness.office import Office, point


async def shown(office: Office) -> PlanView:
    view = await office.plans.shown(office.ana)
    assert view is not None
    return view


async def asked(office: Office, need: NeedId) -> list[str]:
    async with office.db.read() as tx:
        return [task.person_id for task in await assignments.of_need(tx, need)]


async def test_the_whole_list_is_served_not_each_need_for_itself(office: Office) -> None:
    # The one who drives is nearest to both; only she can take the second.
    driver = await office.helper("Driver", point=point(0.1), abilities=("groceries", "lift"), max_per_week=1)
    walker = await office.helper("Walker", point=point(1.5), abilities=("groceries",))
    shopping, lift = await office.need("groceries"), await office.need("lift")
    assert (await office.matching.candidates(office.ana, shopping))[0].name == "Driver"
    await office.plans.make(office.ana, Which.ALL)
    view = await shown(office)
    assert {line.need.id: line.line.person_id for line in view.lines} == {shopping: walker, lift: driver}
    assert [await asked(office, need) for need in (shopping, lift)] == [[], []], "nobody is asked unseen"


async def test_only_the_lines_that_were_ticked_are_asked(office: Office) -> None:
    await office.helper("One")
    await office.helper("Two")
    needs = [await office.need(), await office.need()]
    plan = await office.plans.make(office.ana, Which.ALL)
    first, second = (await shown(office)).lines
    done = await office.plans.ask(office.ana, plan, [first.line.id])
    assert [each.need_id for each in done.messages] == [first.need.id]
    assert await asked(office, NeedId(first.need.id)) == [first.line.person_id]
    assert await asked(office, NeedId(second.need.id)) == []
    token = done.messages[0].token
    assert str((await office.tasks.task_by_token(token, None)).stage) == "asked"
    # The same button again asks nobody twice.
    assert (await office.plans.ask(office.ana, plan, [first.line.id])).messages == ()
    await office.plans.leave_out(office.ana, plan, [second.line.id, first.line.id])
    assert [line.line.state for line in (await shown(office)).lines] == [LineState.ASKED, LineState.LEFT_OUT]
    assert (await office.plans.ask(office.ana, plan, [second.line.id])).messages == ()
    assert len(needs) == 2


async def test_other_pages_are_answered_while_a_plan_is_made(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    await office.helper()
    need = await office.need()
    loop, answered = asyncio.get_running_loop(), list[object]()

    def slow(needs: Sequence[Asks], helpers: Sequence[Takes]) -> list[list[PersonId]]:
        assert threading.current_thread() is not threading.main_thread()
        page = asyncio.run_coroutine_threadsafe(office.matching.candidates(office.ana, need), loop)
        answered.append(page.result())
        return best(needs, helpers)

    monkeypatch.setattr(plans, "best", slow)
    await office.plans.make(office.ana, Which.ALL)
    assert len(answered) == 1
    assert len((await shown(office)).lines) == 1


@pytest.mark.parametrize("change", ["closed", "taken", "paused", "barred", "apart"])
async def test_a_line_that_no_longer_holds_asks_nobody(office: Office, change: str) -> None:
    sam, kim = await office.helper("Sam"), await office.helper("Kim", point=point(3))
    taken = await office.call()
    need = taken.need_id
    plan = await office.plans.make(office.ana, Which.ALL)
    (line,) = (await shown(office)).lines
    assert line.line.person_id == sam
    match change:
        case "closed":
            await office.dispatch.close(office.ben, need, CloseReason.NO_LONGER_NEEDED)
        case "taken":
            await office.confirmed(need, kim)
        case "paused":
            await office.people.pause(office.ana, sam)
        case "barred":
            await office.people.bar(office.safety, sam, "reasons")
        case "apart":
            await office.people.keep_apart(office.safety, sam, taken.person_id)
    before = await asked(office, need)
    (line,) = (await shown(office)).lines
    assert line.against is not None
    assert line.helper is None
    done = await office.plans.ask(office.ana, plan, [line.line.id])
    assert (done.messages, done.stale) == ((), 1)
    assert await asked(office, need) == before
    (line,) = (await shown(office)).lines
    assert line.line.state is LineState.STALE


async def test_a_newer_plan_ends_the_one_before(office: Office) -> None:
    await office.helper()
    await office.need()
    old = await office.plans.make(office.ana, Which.ALL)
    (line,) = (await shown(office)).lines
    await office.plans.make(office.ben, Which.ALL)
    with pytest.raises(Conflict) as over:
        await office.plans.ask(office.ana, old, [line.line.id])
    assert over.value.code == "plan_over"
    with pytest.raises(NotFound):
        await office.plans.ask(office.ana, "none", ["none"])


async def test_what_is_on_the_list(office: Office) -> None:
    await office.helper(max_per_week=1)
    today = await office.need(urgency=Urgency.TODAY)
    week = await office.need(urgency=Urgency.THIS_WEEK)
    whenever = await office.need(urgency=Urgency.WHENEVER)
    waiting = await office.need(start="new")
    office_lists = {}
    for which in Which:
        await office.plans.make(office.ana, which)
        office_lists[which] = [line.need.id for line in (await shown(office)).lines]
    assert office_lists == {
        Which.TODAY: [today],
        Which.WEEK: [today, week],
        Which.ALL: [today, week, whenever],
    }
    assert waiting not in office_lists[Which.ALL]
    helped = [line.need.id for line in (await shown(office)).lines if line.line.person_id]
    assert helped == [today], "her week has room for one"
    # Whoever was asked already is waited for.
    await office.waves.start(office.ana, today)
    await office.plans.make(office.ana, Which.TODAY)
    assert (await shown(office)).lines == ()
