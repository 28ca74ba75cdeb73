"""What a yes brings before everybody, done in the name of who asked for it, and taken back again where that can be."""

import base64
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any

from node.domain.actors import Actor
from node.domain.need import Share
from node.domain.settings.kit import Part
from node.domain.settings.opening import Span
from node.domain.settings.polls import poll_from, words_from
from node.domain.settings.questions import AskedAt, Kind, Question
from node.domain.settings.resources import Resource
from node.domain.settings.widening import opens_map
from node.domain.sharing.standing_offers import StandingOffers
from node.errors import N_, Conflict
from node.services.settings.card import Card
from node.services.settings.kinds import Kinds
from node.services.settings.kits import Kits, Looked
from node.services.settings.polls import Polls
from node.services.settings.questions import Questions
from node.services.settings.resources import Resources
from node.services.settings.rules import Rules
from node.services.settings.texts import Texts
from node.services.sharing.offering import Offering
from node.services.sharing.privacy import Privacy
from node.services.sharing.sharing import Sharing
from node.store.proposals import ProposalRow


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicChanges:
    """The services whose changes everybody can read."""

    publishing: Sharing
    texts: Texts
    kinds: Kinds
    kits: Kits
    rules: Rules
    card: Card
    questions: Questions
    resources: Resources
    polls: Polls
    privacy: Privacy
    offering: Offering

    async def do(self, author: Actor, row: ProposalRow, *, mark: str = "") -> None:
        """Raises as the change itself. ``mark``: of the look at a starter kit."""
        subject, _, language = row.subject.partition(" ")
        match row.kind:
            case "share":
                await self.publishing.share(author, {subject: Share(row.value)})
            case "text":
                await self.texts.change(author, subject, language, str(row.value))
            case "name":
                await self.kinds.rename(author, language, {subject: str(row.value)})
            case "rule":
                await self.rules.change(author, {subject: str(row.value)})
            case "card":
                await self.card.put(author, row.value)
            case "kit":
                content, parts = kit_of(row.value)
                await self.kits.take(author, content, parts, mark=mark)
            case "question":
                question = question_of(row.value)
                await self.questions.save(author, replace(question, id="") if row.value["new"] else question)
            case "place":
                place = place_of(row.value)
                await self.resources.save(author, replace(place, id="") if row.value["new"] else place)
            case "poll":
                await self.polls.begin(author, poll_from(row.value))
            case "poll_words":
                await self.polls.say(author, subject, words_from(language, row.value["now"]))
            case "residents":
                await self.privacy.say_served(author, row.value["now"])
            case "offers":
                offers = (await self.offering.shown()).adding(offers_asked(row))
                if offers is None:
                    message = N_("What is offered was changed in the meantime. Say no, and ask for it anew.")
                    raise Conflict("offers_changed", message)
                await self.offering.offer(author, offers)
            case "places":
                await self.resources.keep(author, [place_of(each) for each in row.value["places"]])

    async def take_back(self, author: Actor, row: ProposalRow) -> None:
        """For what was done while nobody else could say yes. Raises ``Conflict`` (``by_hand``) where only people know
        what should stand there instead."""
        subject, _, language = row.subject.partition(" ")
        match row.kind:
            case "share":
                await self.publishing.share(author, {subject: Share.ONLY_US})
            case "text":
                await self.texts.change(author, subject, language, "")
            case "name":
                await self.kinds.rename(author, language, {subject: ""})
            case "rule":
                await self.rules.change(author, {subject: "two"})
            case "question" if row.value["new"]:
                await self.questions.remove(author, subject)
            case "poll":
                await self.polls.remove(author, subject)
            case "poll_words":
                before = words_from(language, row.value["before"] or {"question": "", "choices": ()})
                await self.polls.say(author, subject, before)
            case "residents":
                if opens_map(
                    row.value["before"], await self.privacy.served()
                ):  # else a small number was said since
                    await self.privacy.say_served(author, row.value["before"])
            case "offers":
                offered = StandingOffers.of(row.value["before"])
                offers = (await self.offering.shown()).without(offers_asked(row), offered)
                await self.offering.offer(author, offers)
            case "place" if row.value["new"]:
                await self.resources.remove(author, subject)
            case _:
                raise Conflict("by_hand", N_("Change it on its own page: what should stand there instead?"))

    async def look(self, actor: Actor, value: Mapping[str, Any]) -> Looked:
        """What a starter kit that waits would change now."""
        content, parts = kit_of(value)
        return (await self.kits.look(actor, content)).of(parts)


def offers_asked(row: ProposalRow) -> StandingOffers:
    """What everybody is to see in addition, of a proposal of kind ``offers``: all that it says of them but what they
    saw before. (Until 2026-11 a proposal kept the whole of what was to stand.)"""
    return StandingOffers.of(row.value["now"]).opened(StandingOffers.of(row.value["before"]))


def kit_value(content: bytes, parts: frozenset[Part]) -> dict[str, Any]:
    """As it is kept while it waits."""
    return {"file": base64.b64encode(content).decode("ascii"), "parts": sorted(parts)}


def kit_of(value: Mapping[str, Any]) -> tuple[bytes, frozenset[Part]]:
    """The file, and what is to be taken of it."""
    return base64.b64decode(value["file"]), frozenset(Part(each) for each in value["parts"])


def question_value(question: Question) -> dict[str, Any]:
    """As it is kept while it waits."""
    return {**asdict(question), "asked": sorted(question.asked)}


def question_of(value: Mapping[str, Any]) -> Question:
    """The question."""
    return Question(
        id=value["id"],
        kind=Kind(value["kind"]),
        asked=frozenset(AskedAt(each) for each in value["asked"]),
        words=value["words"],
        choices=value["choices"],
    )


def place_value(place: Resource) -> dict[str, Any]:
    """As it is kept while it waits."""
    return {**asdict(place), "checked_on": place.checked_on.isoformat() if place.checked_on else None}


def place_of(value: Mapping[str, Any]) -> Resource:
    """The place on the list of other help."""
    return Resource(
        **{name: value[name] for name in ("id", "name", "what", "address", "area", "hours", "phone", "link")},
        kinds=tuple(value["kinds"]),
        languages=tuple(value["languages"]),
        checked_on=date.fromisoformat(value["checked_on"]) if value["checked_on"] else None,
        week=tuple(Span(**each) for each in value.get("week", ())),
    )
