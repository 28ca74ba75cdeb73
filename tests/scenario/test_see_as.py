"""With somebody else's eyes: what they would see, nothing done, everything written down, nothing learned by it."""

import re
from pathlib import Path

from node.domain.actors import Role
from node.domain.ids import NeedId
from node.vault import Compartment
from tests.harness.neighbourhood import Neighbourhood
from tests.harness.street import CANARIES, NAME, STREET, Street, Visitor

PEOPLE = (Compartment.PEOPLE,)
BANNER = "You see this as:"


async def test_eyes_are_lent_and_hands_are_not(tmp_path: Path) -> None:
    async with Neighbourhood(tmp_path) as cast:
        street = await Street.built(cast)
        await street.hire("tia-triage", Role.TRIAGE, grants=PEOPLE)
        await street.hire("ada-admin", Role.ADMIN)
        need = (await street.seed("open"))["need"]
        kim, ada = Visitor(cookies={"seal": "s"}), Visitor(handle="ada-admin", cookies={"seal": "s"})
        await street.sign_in(kim)
        await street.sign_in(ada)
        await _an_admin_learns_no_name(street, ada)
        await _a_coordinator_looks_as_triage(street, kim, need)
        await _a_coordinator_looks_as_anybody(street, kim)
        await _what_the_helper_would_see(street, kim, need)
        await _whose_pages_are_private(street, kim, need)
        await street.close()


async def _lend(street: Street, visitor: Visitor, code: str) -> int:
    answer = await street.ask(visitor, "POST", "/see-as", {"as": code})
    if answer.status == 303:
        visitor.cookies["eyes"] = answer.cookies["eyes"]
    return answer.status


async def _an_admin_learns_no_name(street: Street, ada: Visitor) -> None:
    for code in ("role:coordinator", "role:triage", "role:safety", f"staff:{street.north.staff.id}"):
        assert await _lend(street, ada, code) == 403
    ada.cookies["eyes"] = "role:coordinator"  # whoever writes the cookie herself gets no further
    page = await street.ask(ada, "GET", "/board")
    assert page.status == 403
    assert not [canary for canary in CANARIES if canary in page.text]
    del ada.cookies["eyes"]
    assert await _lend(street, ada, "anybody") == 303
    assert await _lend(street, ada, "role:nobody") == 403, "with borrowed eyes one borrows no others"
    del ada.cookies["eyes"]
    assert await _lend(street, ada, "role:nobody") == 404


async def _a_coordinator_looks_as_triage(street: Street, kim: Visitor, need: str) -> None:
    own = await street.ask(kim, "GET", f"/board/{need}")
    assert "Close it" in own.text
    assert BANNER not in own.text
    assert await _lend(street, kim, "role:triage") == 303
    before = street.dump("sessions", "audit")
    looks = _seen(street)
    page = await street.ask(kim, "GET", f"/board/{need}")
    assert BANNER in page.text
    body = page.text.partition(BANNER)[2].partition("</main>")[0]
    assert body.count("<form") == body.count("<form inert") + 1 > 2, "but for the way back"
    assert "/volunteers/add" not in (await street.ask(kim, "GET", "/volunteers")).text
    settings = await street.ask(kim, "GET", "/settings")
    assert settings.status == 403, "as triage has no settings"
    assert _seen(street) == looks + 3
    for path, form in (
        (f"/board/{need}/close", {"reason": "no_longer_needed"}),
        (f"/board/{need}/name", {}),
        ("/people", {"text": "Quirina"}),
        ("/intake", {"name": "Nora", "phone": "07700 900555", "kinds": "groceries", "help_you": "y"}),
        ("/team/password", {"old": "x", "new": "y"}),
        ("/see-as", {"as": "anybody"}),
    ):
        answer = await street.ask(kim, "POST", path, form)
        assert answer.status == 403, path
        assert not [canary for canary in CANARIES if canary in answer.text]
    assert street.dump("sessions", "audit") == before
    assert await street.need_state(need) == "open"


async def _a_coordinator_looks_as_anybody(street: Street, kim: Visitor) -> None:
    ended = await street.ask(kim, "POST", "/see-as/end")
    assert ended.status == 303
    assert ended.cookies["eyes"] == ""
    del kim.cookies["eyes"]
    assert BANNER not in (await street.ask(kim, "GET", "/board")).text
    assert await _lend(street, kim, "anybody") == 303
    front = await street.ask(kim, "GET", "/ask")
    assert BANNER in front.text
    assert "Signed in as" not in front.text
    board = await street.ask(kim, "GET", "/board")
    assert (board.status, board.location) == (303, "/sign-in?next=%2Fboard")
    asked = await street.ask(kim, "POST", "/ask", {"name": "Nora", "phone": "07700 900555"})
    assert asked.status == 403
    del kim.cookies["eyes"]


async def _what_the_helper_would_see(street: Street, kim: Visitor, need: str) -> None:
    before = street.dump("sessions", "audit")
    asked = await street.ask(kim, "POST", f"/board/{need}/as-helper", {"stage": "asked"})
    assert not [canary for canary in (*CANARIES, "marmalade") if canary in asked.text]
    confirmed = await street.ask(kim, "POST", f"/board/{need}/as-helper", {"stage": "confirmed"})
    assert STREET in confirmed.text
    assert "marmalade" in confirmed.text
    assert NAME not in confirmed.text, "the first name is enough"
    for page in (asked, confirmed):
        assert "You see this as the volunteer does." in page.text
        main = page.text.partition("<main")[2].partition("</main>")[0]
        assert main.count("<form") == main.count("<form inert")
    assert street.dump("sessions", "audit") == before
    view = await street.north.services.board.need(street.north.staff, NeedId(need))
    assert [row.action for row in view.history].count("look.as_helper") == 2
    assert view.assignments == ()


async def _whose_pages_are_private(street: Street, kim: Visitor, need: str) -> None:
    """A volunteer's own page, that of whoever asked, and a captain's list: as they are, nothing done, written down."""
    patch = await street.captain("a telephone")
    pages = {
        f"/people/{street.helper}/as-volunteer": ("You see this as the volunteer does.", "look.as_own"),
        f"/board/{need}/as-asker": ("You see this as whoever asked does.", "look.as_asker"),
        f"/street-teams/{patch['team']}/as-captain": (
            "You see this as the street captain does.",
            "look.as_captain",
        ),
    }
    for path, (banner, look) in pages.items():
        before, looks = street.dump("sessions", "audit"), street.dump()["audit"]
        page = await street.ask(kim, "POST", path)
        assert page.status == 200, path
        assert banner in page.text
        main = page.text.partition(banner)[2].partition("</main>")[0]
        assert main.count("<form") == main.count("<form inert")
        assert not re.findall(r'<a (?!inert)[^>]*href="(?:/my|/a/|/p/|/unsafe)', main)
        assert not [canary for canary in CANARIES if canary in main], "no more than they see themselves"
        assert street.dump("sessions", "audit") == before
        new = [row for row in street.dump()["audit"] if row not in looks]
        assert len(new) == 1
        assert f"'{look}'" in new[0]
    asked = await street.ask(kim, "POST", f"/board/{need}/as-asker")
    assert "How your request stands" in asked.text


def _seen(street: Street) -> int:
    return sum("'look.as'" in row for row in street.dump()["audit"])
