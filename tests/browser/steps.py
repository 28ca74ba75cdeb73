"""What people do on the pages, step by step; made-up names and numbers from the ranges kept for fiction."""

import re

from tests.browser.visitor import Visitor
from tests.harness.neighbourhood import Member

PASSWORD = "correct horse battery staple"


async def set_up(desk: Visitor, member: Member) -> list[str]:
    """The starting code and five questions, the rescue cards, and the first sign-in.

    Returns words 5 to 8 of each card, as they stand on the paper.
    """
    code = await member.services.setup.starting_code()
    assert code
    await desk.go("/")
    await desk.look("set-up")
    await desk.fill(
        code=code,
        group_name=member.name,
        point=f"{member.at[0]}, {member.at[1]}",
        phone="+44 117 496 0123",
        hours="Monday to Friday, 9 to 5",
        handle="Mina",
        password=PASSWORD,
    )
    await desk.press("Set up and show the cards")
    await desk.look("rescue cards")
    cards = [
        " ".join((await card.inner_text()).split()[4:8])
        for card in await desk.page.query_selector_all(".card-words")
    ]
    await desk.press("I have them on paper: sign in")
    await desk.look("sign-in")
    await sign_in(desk)
    return cards


async def sign_in(desk: Visitor, password: str = PASSWORD) -> None:
    """Name and password."""
    await desk.fill(handle="Mina", password=password)
    await desk.press("Sign in", exact=True)


async def add_volunteer(desk: Visitor, name: str, *kinds: str, phone: str = "07700 900101") -> None:
    """Somebody who lives around the corner."""
    await desk.go("/volunteers/add")
    await desk.fill(name=name, phone=phone, address="3 Imaginary Row (51.4540, -2.5870)", radius="8")
    await desk.tick("kinds", *kinds)
    await desk.tick("transport", "car")
    await desk.press("Save", exact=True)


async def take_call(
    desk: Visitor, *kinds: str, name: str = "Edna Made-Up", phone: str = "07700 900202"
) -> None:
    """A call from first word to last."""
    await desk.go("/intake")
    await desk.page.click("summary:has-text('Safe to ring')")
    await desk.fill(
        screen=phone,
        name=name,
        address="7 Imaginary Row (51.4550, -2.5880)",
        notes="The bell is broken, knock twice",
        doorstep_word="marmalade",
        safe_to_ring="Mornings only",
    )
    await desk.tick("kinds", *kinds)
    await desk.tick("urgency", "today")
    await desk.tick("help_you", "y")
    await desk.tick("groups_see", "y")
    await desk.press("Save the call")


async def private_link(desk: Visitor) -> str:
    """The private link on the page, as somebody copies it."""
    return (await desk.page.inner_text("code.copy")).strip()


async def reference(desk: Visitor) -> str:
    """The nine digits, in groups of three."""
    text = await desk.page.inner_text(".reference")
    found = re.fullmatch(r"\s*(\d{3})\s+(\d{3})\s+(\d{3})\s*", text)
    assert found, text
    return " ".join(found.groups())


async def ask_up_to_the_address(visitor: Visitor) -> None:
    """Asks for the first kind of help, in English, and types where: that step is not sent yet."""
    await visitor.go("/ask")
    await visitor.press("English")
    await visitor.page.check("input[name=kinds] >> nth=0")
    await visitor.press("Go on")
    await visitor.press("Go on")
    await visitor.fill(address="3 Imaginary Row")
