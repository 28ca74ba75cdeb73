"""Every route times every actor: who comes through, who is turned away. A route that is missing here fails."""

from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web

from node.app import make_app
from node.domain.actors import Actor, Role
from node.domain.consents import Consents
from node.domain.intake import NewNeed, NewPerson
from node.domain.newcomer import NewVolunteer
from node.vault import Compartment
from tests.harness.clock import FakeClock
from tests.harness.neighbourhood import BRISTOL, PASSWORD, Member
from ui import csrf

ANYBODY = frozenset({"nobody", "expired", "admin only", "sorter", "safety", "coordinator"})
STAFF = ANYBODY - {"nobody", "expired"}
DESK = frozenset({"sorter", "safety", "coordinator"})
CALLS = frozenset({"sorter", "coordinator"})
LEADS = frozenset({"coordinator"})
ADMIN = frozenset({"admin only"})

WHO: dict[str, frozenset[str]] = {
    "healthz": ANYBODY,
    "needs_geojson": ANYBODY,
    "ui.front": ANYBODY,
    "ui.static": ANYBODY,
    "ui.setup": ANYBODY,
    "ui.setup.submit": ANYBODY,
    "ui.cards": ADMIN,
    "ui.cards.check": ADMIN,
    "ui.sign_in": ANYBODY,
    "ui.sign_in.submit": ANYBODY,
    "ui.sign_out": ANYBODY,
    "ui.lock": STAFF,
    "ui.board": DESK,
    "ui.board.need": DESK,
    "ui.board.name": DESK,
    "ui.board.ask": LEADS,
    "ui.board.assign": LEADS,
    "ui.board.open": CALLS,
    "ui.board.told": LEADS,
    "ui.board.hold": CALLS,
    "ui.board.close": LEADS,
    "ui.board.reopen": LEADS,
    "ui.board.task.confirm": LEADS,
    "ui.board.task.link": LEADS,
    "ui.board.task.step": LEADS,
    "ui.intake": CALLS,
    "ui.intake.submit": CALLS,
    "ui.intake.taken": DESK,
    "ui.volunteers": DESK,
    "ui.volunteers.form": LEADS,
    "ui.volunteers.add": LEADS,
    "ui.people": DESK,
    "ui.people.look": DESK,
    "ui.people.apart": frozenset({"safety", "coordinator"}),
    "ui.people.pause": LEADS,
    "ui.people.back": LEADS,
    "ui.task.thanks": ANYBODY,
    "ui.task": ANYBODY,
    "ui.task.open": ANYBODY,
    "ui.task.answer": ANYBODY,
    "ui.ask": ANYBODY,
    "ui.ask.submit": ANYBODY,
    "ui.near": ANYBODY,
    "ui.peers": STAFF,
    "ui.peers.add": ADMIN,
    "ui.peers.state": ADMIN,
    "ui.peers.fetch": STAFF,
    "ui.settings": ADMIN,
    "ui.settings.submit": ADMIN,
    "ui.settings.send": frozenset({"admin only", "coordinator"}),
}
"""Who comes through, by the name of the route. "expired" holds the cookie of a session that was ended."""

ROLES = {
    "admin only": Role.ADMIN,
    "sorter": Role.TRIAGE,
    "safety": Role.SAFETY,
    "coordinator": Role.COORDINATOR,
}


@pytest.fixture
async def member(tmp_path: Path) -> AsyncIterator[Member]:
    """One group with one member of staff of each role."""
    member = Member("Table Street", BRISTOL, tmp_path / "node", FakeClock(), seed=7)
    member.folder.mkdir()
    await member.start()
    await member.set_up()
    for handle, role in ROLES.items():
        grants = () if role is Role.ADMIN else (Compartment.PEOPLE,)
        await member.services.team.add_staff(member.staff, handle, PASSWORD, {role}, grants)
    yield member
    await member.stop()


async def _things(member: Member, staff: Actor) -> dict[str, str]:
    """A request, two people and a task with its link, fresh for each round."""
    services = member.services
    person = NewPerson(name="Made Up", phone="07700 900400", address="1 Imaginary Row")
    new = NewNeed(person=person, categories=("groceries",), consents=Consents(help_you=True))
    taken = await services.intake.take(staff, new)
    helper = await services.people.add_volunteer(staff, NewVolunteer(person=person, abilities=("groceries",)))
    task = await services.dispatch.propose(staff, taken.need_id, helper)
    token = await services.dispatch.task_link(staff, task)
    return {
        "need": taken.need_id,
        "task": task,
        "person": helper,
        "token": token,
        "name": "site.css",
        "step": "done",
        "answer": "help",
    }


def _routes(member: Member) -> list[web.AbstractRoute]:
    return [
        route
        for route in make_app(member.node).router.routes()
        if route.method != "HEAD" and not (route.resource and route.resource.canonical.startswith("/mac/v1"))
    ]


async def test_every_route_is_in_the_table(member: Member) -> None:
    assert {route.name for route in _routes(member)} == set(WHO)


@pytest.mark.parametrize("actor", sorted(ANYBODY))
async def test_who_comes_through(member: Member, actor: str) -> None:
    access, seal = member.services.access, "seal-of-the-test"
    wrong = {}
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session:
        for route in _routes(member):
            await member.sign_in()
            cookies = {"seal": seal}
            if actor in ROLES:
                cookies["desk"] = (await access.sign_in(actor, PASSWORD)).cookie
            elif actor == "expired":
                cookies["desk"] = (await access.sign_in("coordinator", PASSWORD)).cookie
                await access.sign_out(cookies["desk"])
            things = await _things(member, member.staff)
            resource = route.resource
            assert resource is not None
            names = resource.get_info().get("formatter", resource.canonical)
            path = names.format(**things)
            if route.name == "ui.intake.taken":
                path += f"?need={things['need']}"
            async with session.request(
                route.method,
                member.url + path,
                headers={"Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())},
                data={"seal": csrf.token(seal), "person": things["person"], "other": things["person"]}
                if route.method == "POST"
                else None,
                allow_redirects=False,
            ) as response:
                away = response.headers.get("Location", "").startswith("/sign-in?next=")
                through = response.status != 403 and not away
                if response.status >= 500 or through != (actor in WHO[str(route.name)]):
                    wrong[f"{route.method} {route.name}"] = response.status
    # Whoever guesses a password wrongly is answered like whoever may not.
    wrong.pop("POST ui.sign_in.submit", None)
    assert not wrong


async def test_without_the_seal_nothing_is_changed(member: Member) -> None:
    cookie = await member.sign_in()
    things = await _things(member, member.staff)
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session:
        for route in _routes(member):
            if route.method != "POST" or route.resource is None:
                continue
            path = route.resource.get_info().get("formatter", route.resource.canonical).format(**things)
            for headers in ({}, {"Origin": "https://elsewhere.example"}):
                headers = {"Cookie": f"desk={cookie}; seal=known", **headers}
                data = {"seal": csrf.token("known")} if "Origin" in headers else {"seal": "guessed"}
                async with session.post(member.url + path, headers=headers, data=data) as response:
                    assert response.status == 403, route.name
