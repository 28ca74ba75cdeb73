"""Calls that members of a cast take, and what they see of each other's."""

from node.domain.actors import CONSOLE
from node.domain.consents import Consents
from node.domain.intake.intake import NewNeed, NewPerson
from node.domain.need import Point, Share
from tests.harness.neighbourhood import Member

HOME = Point(lat=51.4561, lon=-2.5925, accuracy_m=50)


async def need(member: Member, category: str = "groceries", *, share: str = "public") -> None:
    """One call for help, shared as said, and published."""
    await member.services.publishing.share(CONSOLE, {category: Share(share)})
    await member.services.intake.take(
        member.staff,
        NewNeed(
            person=NewPerson(name="Wilhelmina Madeup", phone="0117 496 0321", address="77 Nowhere Crescent"),
            categories=(category,),
            point=HOME,
            notes="",
            doorstep_word="",
            consents=Consents(help_you=True, groups_see=True, keep_details=True),
            start="open",
        ),
    )
    await member.services.publishing.publish(CONSOLE)


async def foreign(member: Member) -> dict[str, set[str]]:
    """The kinds of help that a member's staff sees asked for by other groups, by the group's name."""
    seen: dict[str, set[str]] = {}
    for each in await member.services.neighbourhood.near(None, sets={"public", "peers"}):
        if not each.seen.own:
            seen.setdefault(each.seen.origin_name, set()).add(each.seen.summary.category)
    return seen
