"""Whoever looks, in whichever language and with whatever rights: what is kept of others' pages changes nothing."""

import re
from collections.abc import AsyncIterator
from typing import Any

import pytest_asyncio

from node.domain.actors import Role
from node.vault import Compartment
from tests.harness.neighbourhood import Neighbourhood
from tests.harness.street import Street, Visitor

_OF_ITS_OWN = re.compile(r'(value|content)="[^"]{20,}"')
"""The seals of forms are new on each page."""


@pytest_asyncio.fixture(loop_scope="function")
async def street(tmp_path: Any) -> AsyncIterator[Street]:
    async with Neighbourhood(tmp_path) as cast:
        street = await Street.built(cast)
        yield street
        await street.close()


async def test_everybody_s_page_is_hers(street: Street) -> None:
    roles = {"ana": Role.COORDINATOR, "ben": Role.TRIAGE, "cas": Role.COORDINATOR, "ada": Role.ADMIN}
    staff = []
    for number, (handle, role) in enumerate(roles.items()):
        await street.hire(handle, role, grants=() if role is Role.ADMIN else (Compartment.PEOPLE,))
        visitor = Visitor(
            handle=handle, cookies={"seal": "a-seal", "language": ("en", "ar", "es")[number % 3]}
        )
        await street.sign_in(visitor)
        staff.append(visitor)
    needs = [(await street.seed(state))["need"] for state in ("new", "proposed", "set off", "closed")]
    languages = set[str]()
    board = street.north.services.board
    paths = ["/board", "/board?show=mine", "/board?show=closed", *(f"/board/{need}" for need in needs)]

    def cold() -> None:
        board._desk.db.let_go()
        board._forget()

    async def page(visitor: Visitor, path: str) -> tuple[int, str]:
        answer = await street.ask(visitor, "GET", path)
        return answer.status, _OF_ITS_OWN.sub("", answer.text)

    for path in paths:
        for visitor in staff:
            await page(visitor, path)  # each is told who else looks
        for visitor in staff:
            cold()
            alone = await page(visitor, path)
            for other in staff:
                await page(other, path)
            again = await page(visitor, path)
            assert again == alone, (visitor.handle, path)
            languages.add(alone[1][:60])
    assert len(languages) == 3
