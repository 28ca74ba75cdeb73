"""A block takes another group's volunteers off our requests, and tells their node so although it is blocked."""

from dataclasses import replace

import pytest

from node.domain.actors import CONSOLE
from node.domain.board.views import QueueFilter
from node.domain.ids import AssignmentId
from node.domain.notices.notice import Kind
from node.domain.peer_offer import Details
from node.errors import Invalid
from node.store import away_tasks, settings
from node.store import peers as peers_rows
from protocol.identity import KeyPair, fingerprint_words
from tests.harness.street import Street, Visitor
from tests.scenario.test_help_across_groups import Pair, pair

__all__ = ["pair"]


async def kinds(pair: Pair) -> list[tuple[str, str]]:
    """Letters from north to south: kind and state, the first one first."""
    rows = await pair.north.services.letters.outbox(CONSOLE, peer=pair.south.id)
    return [(row.kind, row.state) for row in reversed(rows)]


async def test_a_confirmed_task_ends_and_the_details_close_there(pair: Pair) -> None:
    need, task = await pair.confirmed()
    token = await pair.south.services.exchange.away.link(pair.south.staff, task)
    at_stake = pair.north.services.exchange.blocking.at_stake
    assert (await at_stake(pair.north.staff, pair.south.id)).theirs == 1
    assert (await pair.south.services.exchange.blocking.at_stake(CONSOLE, pair.north.id)).ours == 1

    await pair.north.services.peering.set_state(CONSOLE, pair.south.id, "blocked", reason="unsafe")
    assert await pair.need_state(need) == "open", "it looks for somebody again, at once"
    await pair.carry()
    assert (await kinds(pair))[-1] == ("revoke", "delivered")
    assert await pair.away_state(task) == "withdrawn"
    assert not await pair.south.services.exchange.links.knows(token)
    assert await pair.details(need) is Details.DELETED, "of what they say, that alone is taken in"
    assert [kind for kind, _ in await kinds(pair)].count("revoke") == 1
    assert (await at_stake(pair.north.staff, pair.south.id)).theirs == 0


async def test_an_offer_that_waits_is_answered_with_silence(pair: Pair) -> None:
    need = await pair.call()
    task = await pair.offer(need)
    await pair.carry()
    await pair.north.services.peering.set_state(CONSOLE, pair.south.id, "blocked")
    await pair.carry()
    assert await kinds(pair) == []
    assert await pair.need_state(need) == "open"
    assert await pair.away_state(task) == "interested"
    # Taken back, they hear what became of it.
    await pair.north.services.peering.set_state(CONSOLE, pair.south.id, "active")
    await pair.carry()
    assert await pair.away_state(task) == "declined"


async def test_what_was_given_away_comes_back(pair: Pair) -> None:
    need, theirs = await pair.given_away()
    stake = await pair.north.services.exchange.blocking.at_stake(CONSOLE, pair.south.id)
    assert (stake.given, stake.theirs) == (1, 0)
    await pair.north.services.peering.set_state(CONSOLE, pair.south.id, "blocked")
    assert await pair.need_state(need) == "open"
    await pair.carry()
    closed = await pair.south.services.board.need(pair.south.staff, theirs)
    assert str(closed.need.state) == "closed"


async def test_what_they_asked_of_us_goes(pair: Pair) -> None:
    need = await pair.call()
    await pair.north.services.exchange.passed.refer(pair.north.staff, need, pair.south.id, agreed=True)
    await pair.carry()
    assert (await pair.south.services.exchange.blocking.at_stake(CONSOLE, pair.north.id)).waiting == 1
    await pair.south.services.peering.set_state(CONSOLE, pair.north.id, "blocked")
    assert await pair.south.services.exchange.passed.waiting(pair.south.staff) == []
    async with pair.south.node.network.on.db.read() as tx:
        assert (await peers_rows.get(tx, pair.north.id)).state == "blocked"  # type: ignore[union-attr]


async def test_the_end_of_the_talks_ends_tasks_too(pair: Pair) -> None:
    need, task = await pair.confirmed()
    token = await pair.south.services.exchange.away.link(pair.south.staff, task)
    await pair.north.services.terms.leave(CONSOLE, pair.south.id)
    assert await pair.need_state(need) == "open", "it looks for somebody again, at once"
    assert (await kinds(pair))[-1] == ("revoke", "waiting")
    await pair.carry()
    assert (await kinds(pair))[-1] == ("revoke", "delivered")
    assert await pair.away_state(task) == "withdrawn"
    assert not await pair.south.services.exchange.links.knows(token)
    assert (await pair.north.services.exchange.blocking.at_stake(CONSOLE, pair.south.id)).theirs == 0


@pytest.mark.parametrize("how", ["farewell", "leave"])
async def test_when_they_end_it_their_volunteer_is_taken_off_and_somebody_rings(pair: Pair, how: str) -> None:
    need, task = await pair.confirmed()
    token = await pair.south.services.exchange.away.link(pair.south.staff, task)
    if how == "farewell":
        await pair.south.services.publishing.farewell(CONSOLE)
    else:
        await pair.south.services.terms.leave(CONSOLE, pair.north.id)
    assert await pair.away_state(task) == "approved", (
        "their own volunteers stay until the need's group heard of it"
    )
    pair.cast.clock.advance(minutes=10)
    await pair.north.services.peering.sync(CONSOLE)
    (row,) = await pair.north.services.peering.list(CONSOLE)
    assert (row.peer.state, await pair.need_state(need)) == ("left", "open")
    (again,) = await pair.north.services.board.queue(pair.north.staff, QueueFilter.CALL_BACK)
    assert again.need_id == need, "a helper was promised: somebody rings today"
    view = await pair.north.services.board.need(pair.north.staff, need)
    assert "need.group_over" in [each.action for each in view.history]
    await pair.carry()
    assert (await kinds(pair))[-1] == ("revoke", "delivered")
    assert await pair.away_state(task) == "withdrawn"
    assert not await pair.south.services.exchange.links.knows(token)

    street = Street.before(pair.cast, pair.north)
    desk = Visitor(cookies={"seal": "a-seal"})
    await street.sign_in(desk)
    page = (await street.ask(desk, "GET", f"/board/{need}")).text
    assert "What went on with South has ended" in page
    await street.close()


async def test_a_new_key_that_is_accepted_ends_what_went_on_under_the_old_one(pair: Pair) -> None:
    need, task = await pair.confirmed()
    token = await pair.south.services.exchange.away.link(pair.south.staff, task)
    new = KeyPair.from_seed(b"q" * 32).did
    async with pair.north.node.network.on.db.write() as tx:
        await peers_rows.set_changed(tx, pair.south.id, new, 1)
    street = Street.before(pair.cast, pair.north)
    desk = Visitor(cookies={"seal": "a-seal"})
    await street.sign_in(desk)
    page = (await street.ask(desk, "GET", f"/peers/{pair.south.id}/compare")).text
    assert "1 volunteer of theirs is on a request of ours" in page
    await street.close()

    words = " ".join(fingerprint_words(new))
    with pytest.raises(Invalid):
        await pair.north.services.terms.accept_key(CONSOLE, pair.south.id, "made up words")
    assert await pair.need_state(need) == "assigned", "other words end nothing"
    await pair.north.services.terms.accept_key(CONSOLE, pair.south.id, words)
    assert await pair.need_state(need) == "open"
    (again,) = await pair.north.services.board.queue(pair.north.staff, QueueFilter.CALL_BACK)
    assert again.need_id == need
    await pair.carry()
    # Where the old key is still in use, as here, the last letter is taken.
    assert (await kinds(pair))[-1] == ("revoke", "delivered")
    assert await pair.away_state(task) == "withdrawn"
    assert not await pair.south.services.exchange.links.knows(token)


async def test_and_what_our_own_volunteers_do_for_whoever_has_a_new_key(pair: Pair) -> None:
    """North's node was lost, and a new one of theirs answers at its address: it knows of no task."""
    south, north = pair.south, pair.north
    offered = await pair.offer(await pair.call(notes=""))
    _, task = await pair.confirmed()
    ringing = south.services.notices.ringing
    await ringing.reached(south.staff, AssignmentId(task), Kind.CONFIRMED)
    token = await south.services.exchange.away.link(south.staff, task)
    new = await pair.cast.add("new")
    async with south.node.network.on.db.write() as tx:
        row = await peers_rows.get(tx, north.id)
        assert row is not None
        await peers_rows.put(tx, replace(row, url=new.url))
    await south.services.peering.sync(CONSOLE)
    street = Street.before(pair.cast, south)
    desk = Visitor(cookies={"seal": "a-seal"})
    await street.sign_in(desk)
    page = (await street.ask(desk, "GET", f"/peers/{north.id}/compare")).text
    assert "2 volunteers of ours are on requests of theirs. That ends now" in page
    assert "that letter still comes through" not in page
    await street.close()

    await south.services.terms.accept_key(CONSOLE, north.id, new.words)
    assert (await pair.away_state(task), await pair.away_state(offered)) == ("withdrawn", "withdrawn")
    assert not await south.services.exchange.links.knows(token)
    async with south.node.network.on.db.read() as tx:
        held = await away_tasks.get(tx, task)
        assert held is not None
        assert (str(held.held), held.sealed) == ("deleted", None)
        assert not await away_tasks.lies_here(tx, north.id)
    pair.cast.clock.advance(minutes=10)
    (line,) = (await south.services.notices.outbox(south.staff)).ring
    assert (line.task_id, line.kind) == (task, Kind.CALLED_OFF), "she was told that she goes"
    # Which group that is, is now another row: it begins from nothing, and the old id brings nothing.
    await pair.carry()
    assert (await pair.away_state(task), await pair.away_state(offered)) == ("withdrawn", "withdrawn")
    rows = {each.peer.origin: each.peer.state for each in await south.services.peering.list(CONSOLE)}
    assert rows == {north.id: "left", new.id: "active"}


async def test_who_waits_for_an_answer_hears_a_no_before_the_talks_are_over(pair: Pair) -> None:
    need = await pair.call()
    task = await pair.offer(need)
    await pair.carry()
    await pair.north.services.terms.leave(CONSOLE, pair.south.id)
    await pair.carry()
    assert await kinds(pair) == [("answer", "delivered")]
    assert await pair.away_state(task) == "declined"


async def test_and_so_do_requests_that_were_given_away(pair: Pair) -> None:
    need, theirs = await pair.given_away()
    await pair.north.services.terms.leave(CONSOLE, pair.south.id)
    assert await pair.need_state(need) == "open"
    await pair.carry()
    assert str((await pair.south.services.board.need(pair.south.staff, theirs)).need.state) == "closed"


async def test_the_page_before_says_what_ends(pair: Pair) -> None:
    need = await pair.call()
    await pair.offer(need)
    await pair.carry()
    street = Street.before(pair.cast, pair.north)
    desk = Visitor(cookies={"seal": "a-seal"})
    await street.sign_in(desk)
    page = (await street.ask(desk, "GET", f"/peers/{pair.south.id}/block")).text
    assert "1 volunteer of theirs is on a request of ours" in page
    assert "What goes on with them just now" in page
    assert "delete the details, close the private link" in page
    page = (await street.ask(desk, "GET", f"/peers/{pair.south.id}/leave")).text
    assert "1 volunteer of theirs is on a request of ours" in page
    assert "The next time their site asks, it is told so" in page
    async with pair.north.node.network.on.db.write() as tx:  # as behind a router
        await settings.put(tx, settings.PUBLIC_URL, "")
    page = (await street.ask(desk, "GET", f"/peers/{pair.south.id}/leave")).text
    assert "Their site cannot ask ours" in page
    assert "at most 14 days. Ring them" in page
    assert "The next time their site asks" not in page
    paused = (await street.ask(desk, "GET", f"/peers/{pair.south.id}/pause")).text
    assert "What goes on with them just now" not in paused
    await street.close()
