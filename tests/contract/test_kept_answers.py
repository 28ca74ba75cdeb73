"""Every answer that a page is given of what is kept is compared with what the file says at that moment."""

from collections.abc import AsyncIterator, Awaitable, Callable, Hashable
from typing import Any

import pytest
import pytest_asyncio

from node.domain.actors import Role
from node.store.answers import Held
from node.store.connection import Connection
from node.vault import Compartment
from tests.harness.neighbourhood import Neighbourhood
from tests.harness.street import Street, Visitor

Compared = tuple[list[Hashable], list[Hashable]]
STATES = (
    "new", "open", "today", "proposed", "interested", "approved", "set off", "contacted", "done", "closed", "referred",
    "several asked", "neighbour's offer",
)  # fmt: skip


@pytest_asyncio.fixture(loop_scope="function")
async def street(tmp_path: Any) -> AsyncIterator[Street]:
    async with Neighbourhood(tmp_path) as cast:
        street = await Street.built(cast)
        await street.hire("one-coordinator", Role.COORDINATOR, grants=(Compartment.PEOPLE,))
        yield street
        await street.close()


@pytest.fixture
def compared(monkeypatch: pytest.MonkeyPatch) -> Compared:
    """What was given of what is kept. It is asked, or made, once more in the very view that it was
    given to; and what of it was not the same."""
    given: list[Hashable] = []
    stale: list[Hashable] = []
    held_of, made_of = Connection._held, Connection.made

    def held(self: Connection, key: Any) -> Held[Any] | None:
        before = (self._known or {}).get(key)
        found = held_of(self, key)
        if found is not None and before is None and isinstance(key, tuple) and isinstance(key[0], bool):
            whole, sql, values = key
            named = bool(values) and isinstance(values[0], tuple)
            _, rows = self._ask(whole, sql, dict(values) if named else values)
            if [tuple(row) for row in found.value] != [tuple(row) for row in rows]:
                stale.append(key)
            given.append(key)
        return found

    async def made(self: Connection, key: Hashable, make: Callable[[], Awaitable[Any]]) -> Any:
        found = await made_of(self, key, make)
        if found != await make():
            stale.append(key)
        given.append(key)
        return found

    monkeypatch.setattr(Connection, "_held", held)
    monkeypatch.setattr(Connection, "made", made)
    return given, stale


async def test_no_page_of_the_board_is_older_than_the_file(street: Street, compared: Compared) -> None:
    desk = Visitor(handle="one-coordinator", cookies={"seal": "a-seal"})
    await street.sign_in(desk)
    needs: list[str] = []
    for state in STATES:
        needs.append((await street.seed(state))["need"])
        street.cast.clock.advance(seconds=61)
        for _ in range(2):
            for path in ("/board", f"/board/{needs[0]}", f"/board/{needs[-1]}"):
                answer = await street.ask(desk, "GET", path)
                assert answer.status == 200, answer.text
        answer = await street.ask(
            desk, "POST", f"/board/{needs[0]}/keep", {"keep": "yes" if len(needs) % 2 else "no"}
        )
        assert answer.status == 303, answer.text
        if state == "set off":
            street.cast.clock.advance(days=1)
            await street.sign_in(desk)
    given, stale = compared
    assert not stale
    assert len(given) > 1_000
    on = street.north.services.board._desk
    assert on.db._answers._kept
    on.vault.lock()
    assert not on.db._answers._kept
