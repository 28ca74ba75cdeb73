"""Before anything can be read by everybody, a second person says yes - where the group decided so (``public_yes``).

Everything that puts words or requests before everybody comes through here: pages and the command line alike. What
narrows is done at once: taking something back never waits. What a proposal does is done in the name of who made it,
with the rights of that moment; the yes is recorded under the name of who gave it. Who is alone does it, and whoever
comes next is asked to look.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from node.domain.actors import Actor
from node.domain.need import Share
from node.domain.permissions import Permission, require
from node.domain.settings import texts as text_rules
from node.domain.settings import widening
from node.domain.settings.kit import Part
from node.domain.settings.polls import Asked, Poll, poll_record, words_record
from node.domain.settings.presets import Value
from node.domain.settings.questions import Question
from node.domain.settings.resources import Resource
from node.domain.settings.texts import TEXTS, tidied
from node.domain.settings.widening import Needs
from node.errors import N_, Conflict, Invalid, NotFound
from node.services.desk import Desk
from node.services.settings.kinds import KindChange
from node.services.settings.kits import Looked
from node.services.settings.resources import Brought
from node.services.sharing.proposing import Proposing, object_of
from node.services.sharing.public_changes import (
    PublicChanges,
    kit_value,
    offers_asked,
    place_value,
    question_value,
)
from node.store import proposals


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """One thing that waits. ``at`` in Unix seconds."""

    id: str
    kind: str
    subject: str
    """A kind's code, a text's or a rule's key, a poll's, a question's or a place's id, or empty."""
    language: str
    value: Any
    """A code of ``Share``, the words, or the fields of our line in the phone book, of a question or of a place; of a
    file of places all of them (``places``)."""
    by: str
    """Empty for the command line."""
    at: int
    own: bool
    """The reader asked for it, so somebody else decides."""
    alone: bool
    """It is done already, since nobody else was there to ask."""
    looked: Looked | None = None
    """What a starter kit would change now."""


class SecondYes:
    """Proposals and decisions. Works while locked. Verbs that return a bool say whether something waits now."""

    def __init__(self, desk: Desk, changes: PublicChanges) -> None:
        self._desk = desk
        self._changes = changes
        self._two = Proposing(desk)

    async def share(self, actor: Actor, choices: Mapping[str, Share]) -> bool:
        """As ``Publishing.share``; what widens waits if the group decided so. Raises ``Invalid`` as that does."""
        require(actor, Permission.SHARE)
        publishing = self._changes.publishing
        choices = publishing.by_wire(choices)
        wider = widening.wider(await publishing.shared(actor), choices)
        needs = await self._two.needs(actor) if wider else Needs.ONE
        if Share.PUBLIC in wider.values():
            await self._check_public(needs)
        at_once = {
            code: share for code, share in choices.items() if needs is not Needs.TWO or code not in wider
        }
        if at_once:
            await publishing.share(actor, at_once)
        await self._two.replace(
            "share", lambda row: widening.goes_further(row.subject, Share(row.value), choices)
        )
        if needs is not Needs.ONE:
            for code, share in wider.items():
                await self._two.propose(actor, "share", code, str(share), needs)
        return needs is Needs.TWO

    async def text(self, actor: Actor, key: str, language: str, text: str) -> bool:
        """As ``Texts.change``; a text for everybody waits if the group decided so."""
        require(actor, Permission.SETTINGS)
        if not widening.is_public(key) or not text.strip():
            await self._changes.texts.change(actor, key, language, text)
            await self._two.replace("text", lambda row: row.subject == f"{key} {language}")
            return False
        if language not in text_rules.LANGUAGES:
            raise NotFound("no_text", N_("There is no such text."))
        tidy = tidied(text, TEXTS[key])
        return await self._two.ask(
            actor,
            "text",
            f"{key} {language}",
            tidy,
            lambda: self._changes.texts.change(actor, key, language, tidy),
        )

    async def names(self, actor: Actor, language: str, changes: Mapping[str, KindChange]) -> bool:
        """As ``Kinds.change``; a name of the group's own waits if the group decided so."""
        require(actor, Permission.SETTINGS)
        kinds = self._changes.kinds
        await kinds.check(language, changes)
        new, own = await kinds.new_names(language, changes), await kinds.own_names()
        needs = await self._two.needs(actor) if new else Needs.ONE
        if needs is Needs.TWO:
            changes = {
                code: replace(change, name=own.get((code, language), "")) if code in new else change
                for code, change in changes.items()
            }
        await kinds.change(actor, language, changes)
        gone = own.keys() - (await kinds.own_names()).keys()
        await self._two.replace("name", lambda row: tuple(row.subject.split(" ")) in gone)
        if needs is not Needs.ONE:
            for code, name in new.items():
                await self._two.propose(actor, "name", f"{code} {language}", name, needs)
        return needs is Needs.TWO

    async def kit(self, actor: Actor, content: bytes, parts: Iterable[Part], *, mark: str = "") -> bool:
        """As ``Kits.take``; the whole of it waits if the group decided so and some of it is for everybody."""
        require(actor, Permission.SETTINGS)
        wanted = frozenset(parts)
        looked = await self._changes.kits.look(actor, content)
        if mark and mark != looked.mark:
            raise Conflict("kit_changed", N_("Something was changed in the meantime. Please look again."))
        if not widening.shows(looked.of(wanted).changes):
            await self._changes.kits.take(actor, content, wanted, mark=mark)
            return False
        return await self._two.ask(
            actor,
            "kit",
            "",
            kit_value(content, wanted),
            lambda: self._changes.kits.take(actor, content, wanted, mark=mark),
        )

    async def rules(self, actor: Actor, values: Mapping[str, Value]) -> bool:
        """As ``Rules.change``; that one person is enough from now on is for two to say."""
        require(actor, Permission.SETTINGS)
        gives_up = values.get(widening.RULE) == "one" and await self._two.rule() == "two"
        at_once = {key: value for key, value in values.items() if not gives_up or key != widening.RULE}
        await self._changes.rules.change(actor, at_once)
        return gives_up and await self._give_up(actor)

    async def preset(self, actor: Actor, preset: str, *, keep_changes: bool = True) -> bool:
        """As ``Rules.choose``; where that would give the second yes up, that part of it waits."""
        require(actor, Permission.SETTINGS)
        before = await self._two.rule()
        held = frozenset({widening.RULE}) if before == "two" else frozenset[str]()
        would = await self._changes.rules.choose(actor, preset, keep_changes=keep_changes, holding=held)
        return bool(would) and await self._give_up(actor)

    async def _give_up(self, actor: Actor) -> bool:
        return await self._two.ask(
            actor,
            "rule",
            widening.RULE,
            "one",
            lambda: self._changes.rules.change(actor, {widening.RULE: "one"}),
        )

    async def card(
        self,
        actor: Actor,
        *,
        name: str | None = None,
        phone: str | None = None,
        hours: str | None = None,
        state: str | None = None,
        until: date | None = None,
        headings: Any = None,
        kind: str | None = None,
        languages: Any = None,
    ) -> bool:
        """As ``Card.change``; new words of it wait if the group decided so, the rest is done."""
        require(actor, Permission.SETTINGS)
        card = self._changes.card
        card.check(
            name=name,
            phone=phone,
            hours=hours,
            state=state,
            until=until,
            headings=headings,
            kind=kind,
            languages=languages,
        )
        now = await card.shown()
        given = {"name": name, "phone": phone, "hours": hours}
        words = {
            field: text.strip()
            for field, text in given.items()
            if text is not None and text.strip() and text.strip() != getattr(now, field)
        }
        emptied = {field: "" for field, text in given.items() if text is not None and not text.strip()}
        await card.change(
            actor,
            phone=emptied.get("phone"),
            hours=emptied.get("hours"),
            state=state,
            until=until,
            headings=headings,
            kind=kind,
            languages=languages,
        )
        gone = {field for field in emptied if getattr(now, field)}
        await self._two.lessen(
            "card", lambda value: {field: text for field, text in value.items() if field not in gone}
        )
        return bool(words) and await self._two.ask(actor, "card", "", words, lambda: card.put(actor, words))

    async def question(self, actor: Actor, question: Question) -> bool:
        """As ``Questions.save``; what everybody would read of it waits if the group decided so."""
        require(actor, Permission.SETTINGS)
        questions = self._changes.questions
        before = await questions.check(question)
        at_once = widening.question_at_once(before, question)
        return await self._two.entry(
            actor, "question", question, before, at_once, questions.save, question_value
        )

    async def ask_no_more(self, actor: Actor, question_id: str) -> None:
        """As ``Questions.remove``; what waits for that question waits no more."""
        await self._changes.questions.remove(actor, question_id)
        await self._two.narrowed("question", [question_id])

    async def place(self, actor: Actor, place: Resource) -> bool:
        """As ``Resources.save``; what it would say more waits if the group decided so."""
        require(actor, Permission.DISPATCH)
        resources = self._changes.resources
        before = await resources.check(place)
        at_once = widening.place_at_once(before, place)
        return await self._two.entry(actor, "place", place, before, at_once, resources.save, place_value)

    async def take_off(self, actor: Actor, place_id: str) -> None:
        """As ``Resources.remove``; what waits for that place waits no more, and a file that waits goes without it."""
        await self._changes.resources.remove(actor, place_id)
        await self._two.narrowed("place", [place_id])

    async def places(self, actor: Actor, content: bytes) -> tuple[Brought, bool]:
        """As ``Resources.bring``; the whole file waits if the group decided so and some of it says more."""
        require(actor, Permission.DISPATCH)
        resources = self._changes.resources
        found, held = await resources.look(content), {each.id: each for each in await resources.all()}
        if all(widening.place_at_once(held.get(each.id), each) == each for each in found.places):
            await resources.keep(actor, found.places)
            less = [each.id for each in found.places if widening.says_less(held[each.id], each)]
            await self._two.narrowed("place", less)
            return found, False
        value = {"places": [place_value(each) for each in found.places]}
        return found, await self._two.ask(
            actor, "places", "", value, lambda: resources.keep(actor, found.places)
        )

    async def poll(self, actor: Actor, poll: Poll) -> bool:
        """As ``Polls.begin``; a question to everybody waits if the group decided so."""
        require(actor, Permission.DISPATCH)
        return await self._two.ask(
            actor, "poll", poll.id, poll_record(poll), lambda: self._changes.polls.begin(actor, poll)
        )

    async def poll_words(self, actor: Actor, poll_id: str, words: Asked) -> bool:
        """As ``Polls.say``; words that everybody would read wait if the group decided so, taking them away does not."""
        require(actor, Permission.DISPATCH)
        polls, subject = self._changes.polls, f"{poll_id} {words.language}"
        poll, words = await polls.words(poll_id, words)
        before = poll.written(words.language)
        if not words.question or words == before:
            await self._two.replace("poll_words", lambda row: row.subject == subject)
            if words != before and before is not None:
                await polls.say(actor, poll_id, words)
            return False
        value = {"now": words_record(words), "before": words_record(before) if before else None}
        return await self._two.ask(
            actor, "poll_words", subject, value, lambda: polls.say(actor, poll_id, words)
        )

    async def residents(self, actor: Actor, number: int | None) -> bool:
        """As ``Privacy.say_served``; a number by which the group is no longer too small for a public map waits if the
        group decided so. A smaller one counts at once: it only takes back."""
        require(actor, Permission.SHARE)
        privacy = self._changes.privacy
        privacy.check_served(number)
        before = await privacy.served()
        if not widening.opens_map(before, number):
            await privacy.say_served(actor, number)
            if widening.is_small(number):
                await self._two.replace("residents", lambda row: True)
            return False
        value = {"now": number, "before": before}
        return await self._two.ask(actor, "residents", "", value, lambda: privacy.say_served(actor, number))

    async def offers(self, actor: Actor, codes: Collection[str], share: Share) -> bool:
        """As ``Offering.offer``; what everybody would see of it waits if the group decided so, the rest is done. Raises
        as ``Offering.wanted`` and ``offer``."""
        require(actor, Permission.SHARE)
        offering = self._changes.offering
        before, wanted = await offering.shown(), await offering.wanted(codes, share)
        opened = wanted.opened(before)
        needs = await self._two.needs(actor) if opened.since else Needs.ONE
        if opened.since:
            await self._check_public(needs)
        at_once = wanted if needs is not Needs.TWO else before.kept(wanted)
        if at_once != before:
            await offering.offer(actor, at_once)
        await self._two.replace(
            "offers", lambda row: wanted.contradicts(before, offers_asked(row), done=row.alone)
        )
        if needs is not Needs.ONE:
            value = {"now": opened.record(), "before": before.record()}
            await self._two.propose(actor, "offers", "+".join(opened.since), value, needs)
        return needs is Needs.TWO

    async def _check_public(self, needs: Needs = Needs.ONE) -> None:
        """As ``Sharing.check_public``. A number of residents by which it could be, and which waits itself, counts for
        what is going to wait too; what is not is refused in those words."""
        try:
            await self._changes.publishing.check_public()
        except Invalid as error:
            async with self._desk.db.read() as tx:
                said = [
                    row for row in await proposals.waiting(tx) if row.kind == "residents" and not row.alone
                ]
            if not said or self._changes.publishing.small_by_table:
                raise
            if needs is not Needs.TWO:
                message = N_(
                    "How many people live where you help waits for a second person’s yes. That yes comes first:"
                    " before it, nothing can be for anyone."
                )
                raise Invalid(error.code, message, hint=error.hint) from error

    async def waiting(self, actor: Actor) -> list[Waiting]:
        """What nobody has decided, for whoever may; what was done alone stands among it."""
        require(actor, Permission.APPROVE_PUBLIC)
        async with self._desk.db.read() as tx:
            handles = await self._desk.handles(tx)
            rows = await proposals.waiting(tx)
        return [
            Waiting(
                id=row.id,
                kind=row.kind,
                subject=row.subject.partition(" ")[0],
                language=row.subject.partition(" ")[2],
                value="" if row.kind == "kit" else row.value,
                by=handles.get(row.by_staff or "", ""),
                at=row.at,
                own=row.by_staff is not None and row.by_staff == actor.id,
                alone=row.alone,
                looked=await self._changes.look(actor, row.value) if row.kind == "kit" else None,
            )
            for row in rows
        ]

    async def decide(self, actor: Actor, proposal_id: str, yes: bool, *, mark: str = "") -> None:
        """Yes: it is done (or stays). No, which its own author may say too: it is not (or is taken back).

        ``mark``: of the starter kit as it was looked at. Raises ``NotFound`` (decided already), ``Conflict``
        (``second_person``: the author says yes; ``no_rights``: the author may not do it any more; ``by_hand``: nothing
        knows what to put back), ``Invalid`` as the change itself; then it goes on waiting.
        """
        require(actor, Permission.APPROVE_PUBLIC)
        desk = self._desk
        async with desk.db.read() as tx:
            row = next((each for each in await proposals.waiting(tx) if each.id == proposal_id), None)
            author = await self._two.author(tx, row) if row and yes != row.alone else None
        if row is None:
            raise NotFound("no_proposal", N_("Somebody decided that already."))
        if yes and row.by_staff is not None and row.by_staff == actor.id:
            raise Conflict("second_person", N_("You asked for this yourself. Somebody else says yes."))
        if yes != row.alone:  # a yes to what waits, or a no to what was done: something happens
            if author is None:
                raise Conflict("no_rights", N_("Who asked for it may not do it any more. Ask for it anew."))
            if yes:
                if row.kind == "offers" or (row.kind == "share" and row.value == Share.PUBLIC):
                    await self._check_public()
                await self._changes.do(author, row, mark=mark)
            else:
                await self._changes.take_back(author, row)
        async with desk.db.write() as tx:
            state: proposals.State = "yes" if yes else "no"
            if await proposals.decide(tx, proposal_id, state, actor.id or "", desk.now) is not None:
                await desk.record(tx, actor, f"public.{state}", object_of(row.kind, row.subject))

    async def alone(self, actor: Actor) -> bool:
        """Whether two are needed and the actor has nobody to ask."""
        return await self._two.needs(actor) is Needs.ALONE
