"""The table of levels on the real pages: words that stand nowhere else appear exactly where the table says."""

from collections.abc import Mapping
from pathlib import Path

from node.domain.accounts.levels import Field, Level, TaskKind, sees
from node.domain.consents import Consents
from node.domain.intake.intake import NewNeed, NewPerson
from node.domain.need import CallerDetails, Item
from node.domain.people.newcomer import NewVolunteer
from node.domain.volunteer import Cleared
from tests.harness.neighbourhood import Neighbourhood
from tests.harness.street import HOME, Answer, Street, Visitor

WORDS: Mapping[Field, tuple[str, ...]] = {
    Field.FIRST_NAME: ("Zqfirst",),
    Field.FULL_NAME: ("Zqlast",),
    Field.PHONE: ("07700 900981", "zqsafe"),
    Field.ADDRESS: ("zqaddress",),
    Field.DOORSTEP_WORD: ("zqdoorstep",),
    Field.NOTES: ("zqnotes", "zqitem"),
    Field.EMAIL: ("zqemail",),
    Field.SECOND_PHONE: ("07700 900982",),
    Field.CALLER: ("zqcaller", "07700 900983", "zqtie"),
    Field.ABOUT: ("zqabout",),
}
"""What is typed into each field. ``PLACE`` is tried apart: it stands in the address's stead."""
LOOK_SHOWS = {Field.FIRST_NAME, Field.FULL_NAME, Field.PHONE, Field.EMAIL, Field.ADDRESS, Field.DOORSTEP_WORD,
              Field.NOTES, Field.CALLER}  # fmt: skip
"""What the page of a request shows after a look; the rest stands on the person's own page."""
KINDS = {
    "translation": TaskKind.FROM_HOME,
    "groceries": TaskKind.DOORSTEP,
    "tech_help": TaskKind.TOGETHER,
}
HELPERS_DEVICE = "her-own-telephone"


def call(category: str, *, remote: bool) -> NewNeed:
    """Somebody rang for somebody else, and told everything there is a field for."""
    return NewNeed(
        person=NewPerson(
            name="Zqfirst Zqlast",
            phone="07700 900981",
            screen="07700 900982",
            email="zqemail@example.org",
            address="1 zqaddress Road",
            safe_to_ring="zqsafe",
            notes="zqabout",
        ),
        for_self=False,
        caller=CallerDetails(name="zqcaller", phone="07700 900983", tie="zqtie", agrees=True),
        categories=(category,),
        point=HOME,
        notes="zqnotes",
        items=(Item(quantity=2, what="zqitem"),),
        doorstep_word="zqdoorstep",
        remote=remote,
        consents=Consents(help_you=True, groups_see=True, keep_details=True),
        start="open",
    )


def told(answer: Answer) -> set[Field]:
    """Fields of which at least one word stands on the page."""
    assert answer.status == 200, answer.text
    text = answer.text.casefold()
    return {field for field, words in WORDS.items() if any(word.casefold() in text for word in words)}


def at(level: Level, kind: TaskKind) -> set[Field]:
    """What the table lets that level see."""
    return {field for field in WORDS if sees(level, field, kind)}


async def test_every_page_tells_what_its_level_may_see_and_no_more(tmp_path: Path) -> None:
    async with Neighbourhood(tmp_path) as cast:
        street = await Street.built(cast)
        coordinator = Visitor(cookies={"seal": "s"})
        await street.sign_in(coordinator)
        for category, kind in KINDS.items():
            await _one_task(street, coordinator, category, kind)
        await _a_list_of_names_is_a_look_once_an_hour(street, coordinator)
        await street.close()


async def _one_task(street: Street, coordinator: Visitor, category: str, kind: TaskKind) -> None:
    desk, kim = street.north.services, street.north.staff
    volunteer = Visitor(cookies={"device": HELPERS_DEVICE})
    helper = await desk.people.add_volunteer(
        kim,
        NewVolunteer(
            person=NewPerson(name="Vera Invented", phone="07700 900124"),
            point=HOME,
            abilities=(category,),
            cleared=(Cleared(check="met"), Cleared(check="id")),
        ),
    )
    taken = await desk.intake.take(kim, call(category, remote=kind is TaskKind.FROM_HOME))
    near = await street.ask(Visitor(), "GET", "/near?place=51.4561,-2.5925&km=10")
    assert told(near) == at(Level.MAP, kind)

    task = await desk.dispatch.propose(kim, taken.need_id, helper)
    link = f"/t/{await desk.dispatch.task_link(kim, task)}"
    assert told(await street.ask(volunteer, "GET", link)) == at(Level.ASKED, kind)
    await desk.dispatch.approve(kim, task)
    await desk.tasks.confirm(link.removeprefix("/t/"), HELPERS_DEVICE)
    assert told(await street.ask(volunteer, "GET", link)) == at(Level.TASK, kind)
    assert told(await street.ask(Visitor(), "GET", link)) == set(), "on another device"

    page = f"/board/{taken.need_id}"
    before = looks(street, "look.request")
    for _ in range(2):
        assert told(await street.ask(coordinator, "GET", page)) == at(Level.BOARD, kind)
    assert looks(street, "look.request") == before + 1, "what was typed is a look too, once an hour"
    assert told(await street.ask(coordinator, "POST", f"{page}/name")) == LOOK_SHOWS


async def _a_list_of_names_is_a_look_once_an_hour(street: Street, coordinator: Visitor) -> None:
    street.cast.clock.advance(hours=1, seconds=1)
    before = looks(street, "look.list")
    for _ in range(2):
        assert "Vera Invented" in (await street.ask(coordinator, "GET", "/volunteers")).text
    assert looks(street, "look.list") == before + 1


def looks(street: Street, action: str) -> int:
    """How many of that kind were written down."""
    return sum(f"'{action}'" in row for row in street.dump()["audit"])
