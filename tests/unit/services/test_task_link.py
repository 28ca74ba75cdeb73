"""The helper's private link: nothing acts on opening, details on one device only, closed on every way out."""

import pytest

from node.domain.assignment import AssignmentState
from node.domain.assignment_lifecycle import AssignmentMove
from node.domain.board.views import TaskStage
from node.domain.ids import AssignmentId, NeedId
from node.domain.need import CloseReason
from node.domain.settings.presets import RULES
from node.errors import Conflict, NotFound
from node.services.links import LIVE_DAYS, token_hash
from node.store import assignments, audit
from tests.harness.office import Office

PHONE, OTHER = "cookie-of-her-phone", "cookie-of-another"


async def asked(office: Office, *categories: str) -> tuple[NeedId, AssignmentId, str]:
    need_id = await office.need(*categories)
    task = await office.dispatch.propose(office.ana, need_id, await office.helper())
    return need_id, task, await office.dispatch.task_link(office.ana, task)


async def looks(office: Office, need_id: NeedId) -> int:
    async with office.db.read() as tx:
        return sum(entry.action == "look.task" for entry in await audit.of_object(tx, f"need:{need_id}"))


async def test_two_taps_then_the_yes_then_the_details(office: Office) -> None:
    need_id, task, token = await asked(office)
    assert len(token) == 22
    before = await office.tasks.task_by_token(token, PHONE)
    assert (before.stage, before.details) == (TaskStage.ASKED, None)
    assert before.moves == (AssignmentMove.INTEREST, AssignmentMove.DECLINE)
    waiting = await office.tasks.interest(token, PHONE)
    assert (waiting.stage, waiting.details) == (TaskStage.WAITING, None)
    assert (await office.tasks.interest(token, PHONE)).stage is TaskStage.WAITING
    assert await looks(office, need_id) == 0

    await office.dispatch.approve(office.ana, task)
    opened = await office.tasks.task_by_token(token, PHONE)
    assert opened.stage is TaskStage.OPEN
    details = opened.details
    assert details is not None
    assert details.first_name == "Winifred"
    assert details.safe_to_ring == "only before noon"
    assert details.doorstep_word == "marmalade"
    assert "Imaginary Row" in details.address
    assert details.phone.startswith("0117 496")
    assert await looks(office, need_id) == 1

    await office.tasks.answer(token, PHONE, AssignmentMove.CONTACT)
    done = await office.tasks.answer(token, PHONE, AssignmentMove.DONE)
    assert done is not None
    assert done.stage is TaskStage.DONE
    assert await office.state(need_id) == "reported"
    office.clock.advance(days=int(RULES["details_days"].phone_desk), seconds=1)
    with pytest.raises(NotFound):
        await office.tasks.task_by_token(token, PHONE)


async def test_opening_never_acts(office: Office) -> None:
    _, task, token = await asked(office)
    async with office.db.read() as tx:
        before = await assignments.get(tx, task)
    for device in (None, PHONE, OTHER):
        await office.tasks.task_by_token(token, device)
    async with office.db.read() as tx:
        assert await assignments.get(tx, task) == before


async def test_only_hashes_are_kept(office: Office) -> None:
    _, task, token = await asked(office)
    await office.tasks.interest(token, PHONE)
    async with office.db.read() as tx:
        held = await assignments.get(tx, task)
    assert held is not None
    assert held.link_hash == token_hash(token)
    assert held.device_hash is not None
    assert PHONE.encode() not in held.device_hash


async def test_another_device_sees_and_does_nothing(office: Office) -> None:
    need_id, task, token = await asked(office)
    await office.tasks.interest(token, PHONE)
    await office.dispatch.approve(office.ana, task)
    for device in (OTHER, None):
        view = await office.tasks.task_by_token(token, device)
        assert (view.stage, view.details, view.moves) == (TaskStage.OTHER_DEVICE, None, ())
    for move in (AssignmentMove.CONTACT, AssignmentMove.DONE, AssignmentMove.RELEASE):
        with pytest.raises(Conflict) as refused:
            await office.tasks.answer(token, OTHER, move)
        assert refused.value.code == "other_device"
    with pytest.raises(Conflict):
        await office.tasks.confirm(token, OTHER)
    assert await office.state(need_id) == "assigned"
    assert await looks(office, need_id) == 0


async def test_confirmed_by_phone_opens_on_the_device_that_confirms_first(office: Office) -> None:
    need_id = await office.need()
    task = await office.confirmed(need_id, await office.helper())
    token = await office.dispatch.task_link(office.ana, task)
    assert (await office.tasks.task_by_token(token, PHONE)).stage is TaskStage.CONFIRM_HERE
    assert (await office.tasks.confirm(token, PHONE)).stage is TaskStage.OPEN
    assert (await office.tasks.confirm(token, PHONE)).stage is TaskStage.OPEN
    assert (await office.tasks.task_by_token(token, OTHER)).stage is TaskStage.OTHER_DEVICE


async def test_a_new_link_replaces_the_old_one_and_its_device(office: Office) -> None:
    _, task, token = await asked(office)
    await office.tasks.interest(token, PHONE)
    fresh = await office.dispatch.task_link(office.ana, task)
    with pytest.raises(NotFound):
        await office.tasks.task_by_token(token, PHONE)
    assert (await office.tasks.interest(fresh, OTHER)).stage is TaskStage.WAITING


@pytest.mark.parametrize("way", ["decline", "release", "withdraw", "close", "bar", "pass over"])
async def test_every_way_out_shuts_the_link(office: Office, way: str) -> None:
    need_id = await office.need()
    sam = await office.helper()
    task = await office.dispatch.propose(office.ana, need_id, sam)
    token = await office.dispatch.task_link(office.ana, task)
    if way in ("decline", "pass over"):
        await office.tasks.interest(token, PHONE)
    else:
        await office.dispatch.approve(office.ana, task)
        await office.tasks.confirm(token, PHONE)
    match way:
        case "decline":
            assert await office.tasks.answer(token, PHONE, AssignmentMove.DECLINE) is None
        case "release":
            assert await office.tasks.answer(token, PHONE, AssignmentMove.RELEASE, "my back") is None
        case "withdraw":
            await office.dispatch.withdraw(office.ana, task)
        case "close":
            await office.dispatch.close(office.ana, need_id, CloseReason.NO_LONGER_NEEDED)
        case "bar":
            await office.people.bar(office.safety, sam, "reasons")
        case "pass over":
            await office.dispatch.decline(office.ana, task)
    with pytest.raises(NotFound) as closed:
        await office.tasks.task_by_token(token, PHONE)
    assert closed.value.code == "link_closed"
    with pytest.raises(NotFound):
        await office.tasks.answer(token, PHONE, AssignmentMove.CONTACT)


async def test_run_out_unknown_and_empty_links_say_the_same(office: Office) -> None:
    _, _, token = await asked(office)
    office.clock.advance(days=LIVE_DAYS, seconds=1)
    codes = set()
    for link in (token, "A" * 22, ""):
        with pytest.raises(NotFound) as refused:
            await office.tasks.task_by_token(link, PHONE)
        codes.add(refused.value.code)
    assert codes == {"link_closed"}


async def test_a_helper_cannot_make_the_coordinators_moves(office: Office) -> None:
    _, task, token = await asked(office)
    for move in (AssignmentMove.APPROVE, AssignmentMove.WITHDRAW, AssignmentMove.EXPIRE):
        with pytest.raises(ValueError, match="not the helper's move"):
            await office.tasks.answer(token, PHONE, move)
    with pytest.raises(Conflict):
        await office.tasks.answer(token, PHONE, AssignmentMove.CONTACT)
    async with office.db.read() as tx:
        held = await assignments.get(tx, task)
    assert held is not None
    assert held.state is AssignmentState.PROPOSED


async def test_sensitive_kinds_show_before_the_yes_only_what_a_map_could(office: Office) -> None:
    _, task, token = await asked(office, "medication")
    view = await office.tasks.task_by_token(token, PHONE)
    assert (view.category, view.cell, view.tags) == ("private", None, ())
    await office.dispatch.approve(office.ana, task)
    assert (await office.tasks.confirm(token, PHONE)).category == "medication"


async def test_locked_links_take_answers_and_hold_the_details_back(office: Office) -> None:
    need_id, task, token = await asked(office)
    await office.tasks.interest(token, PHONE)
    await office.dispatch.approve(office.ana, task)
    office.lock()
    view = await office.tasks.task_by_token(token, PHONE)
    assert (view.stage, view.details, view.locked) == (TaskStage.OPEN, None, True)
    await office.tasks.answer(token, PHONE, AssignmentMove.DONE, "left it with the neighbour")
    assert await office.state(need_id) == "reported"
    await office.unlock()
    notes = [row.why for row in (await office.board.need(office.ana, need_id)).history]
    assert "left it with the neighbour" in notes
