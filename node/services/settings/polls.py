"""Short polls of needs: a coordinator asks, anybody answers, and only counts are kept. Works locked."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta

from node.domain.actors import Actor
from node.domain.ids import new_id
from node.domain.permissions import Permission, require
from node.domain.settings.polls import (
    Asked,
    Poll,
    Tally,
    for_everybody,
    for_the_desk,
    is_open,
    problems,
    words_problems,
)
from node.errors import N_, Invalid, NotFound, moved_on
from node.services.desk import Desk
from node.store import polls
from node.store.db import Tx


class Polls:
    """The verbs of `/polls` and `/poll/ID`."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def new(
        self,
        question: str,
        choices: tuple[str, ...],
        until: date,
        *,
        shown: bool,
        language: str = "",
        also: Mapping[str, Asked] | None = None,
    ) -> Poll:
        """One that is asked by nobody yet, as it is said in ``language``, and ``also`` in others (one that is empty is
        none). Raises ``Invalid`` with the fields (``domain.settings.polls.problems``)."""
        desk, first = self._desk, _tidy(Asked(question=question, choices=choices, language=language))
        others = {code: _tidy(each) for code, each in (also or {}).items() if code != language}
        others = {code: each for code, each in others.items() if each.question or each.choices}
        found = problems(first.question, first.choices, until, desk.today, others)
        if found:
            raise Invalid("poll", N_("Some answers need another look."), fields=found)
        return Poll(
            id=new_id(desk.random),
            question=first.question,
            choices=first.choices,
            language=language,
            also=others,
            begun=desk.today,
            until=until,
            shown=shown,
        )

    async def begin(self, actor: Actor, poll: Poll) -> None:
        """From now on everybody is asked."""
        require(actor, Permission.DISPATCH)
        async with self._desk.db.write() as tx:
            await polls.insert(tx, poll)
            await self._desk.record(tx, actor, "poll.begin", f"poll:{poll.id}")

    async def words(self, poll_id: str, words: Asked) -> tuple[Poll, Asked]:
        """The question that is asked now, and ``words`` as they would be kept. Raises ``NotFound``, ``Invalid`` with
        the fields (``domain.settings.polls.words_problems``), ``Conflict("moved_on")`` once it is over."""
        words = _tidy(words)
        async with self._desk.db.read() as tx:
            poll = await self._poll(tx, poll_id)
        self._fits(poll, words)
        return poll, words

    async def say(self, actor: Actor, poll_id: str, words: Asked) -> None:
        """Its words in that language from now on; empty ones of a language that was not the first are taken away. What
        was answered stays. Raises as ``words``."""
        require(actor, Permission.DISPATCH)
        words = _tidy(words)
        async with self._desk.db.write() as tx:
            poll = await self._poll(tx, poll_id)
            self._fits(poll, words)
            await polls.reword(tx, poll.saying(words))
            await self._desk.record(tx, actor, "poll.words", f"poll:{poll_id}", language=words.language)

    def _fits(self, poll: Poll, words: Asked) -> None:
        if not is_open(poll, self._desk.today):
            raise moved_on()
        gone = not words.question and not words.choices and words.language != poll.language
        found = {} if gone else words_problems(poll, words)
        if found:
            raise Invalid("poll", N_("Some answers need another look."), fields=found)

    async def end(self, actor: Actor, poll_id: str) -> None:
        """Nobody can answer any more; what came of it stays. Raises ``NotFound``."""
        require(actor, Permission.DISPATCH)
        yesterday = self._desk.today - timedelta(days=1)
        async with self._desk.db.write() as tx:
            poll = await self._poll(tx, poll_id)
            await polls.end(tx, poll_id, min(poll.until, yesterday))
            await self._desk.record(tx, actor, "poll.end", f"poll:{poll_id}")

    async def remove(self, actor: Actor, poll_id: str) -> None:
        """With what came of it. Raises ``NotFound``."""
        require(actor, Permission.DISPATCH)
        async with self._desk.db.write() as tx:
            if not await polls.take_out(tx, poll_id):
                raise _none()
            await self._desk.record(tx, actor, "poll.remove", f"poll:{poll_id}")

    async def results(self, actor: Actor, language: str = "") -> list[tuple[Poll, tuple[Tally, ...]]]:
        """Every poll with every count, for the desk; answers in ``language`` as far as they are."""
        require(actor, Permission.READ_BOARD)
        async with self._desk.db.read() as tx:
            return [
                (poll, for_the_desk(poll, await polls.counts(tx, poll.id), language))
                for poll in await polls.all_of(tx)
            ]

    async def open_now(self) -> list[Poll]:
        """What anybody can answer today."""
        async with self._desk.db.read() as tx:
            return [poll for poll in await polls.all_of(tx) if is_open(poll, self._desk.today)]

    async def one(self, poll_id: str, language: str = "") -> tuple[Poll, tuple[Tally, ...]]:
        """For everybody: the small counts hidden; none where the group shows them to nobody. Raises ``NotFound``."""
        async with self._desk.db.read() as tx:
            poll = await self._poll(tx, poll_id)
            counts = await polls.counts(tx, poll_id)
            return poll, for_everybody(poll, counts, language) if poll.shown else ()

    async def answer(self, poll_id: str, choice: int) -> None:
        """One more of that answer; who gave it is written nowhere. Raises ``NotFound``, ``Invalid``,
        ``Conflict("moved_on")`` once it is over."""
        async with self._desk.db.write() as tx:
            poll = await self._poll(tx, poll_id)
            if not is_open(poll, self._desk.today):
                raise moved_on()
            if not 0 <= choice < len(poll.choices):
                raise Invalid("poll", N_("Please choose one of these."))
            await polls.count_one(tx, poll_id, choice)

    async def _poll(self, tx: Tx, poll_id: str) -> Poll:
        found = await polls.get(tx, poll_id)
        if found is None:
            raise _none()
        return found


def _tidy(asked: Asked) -> Asked:
    lines = (each.strip() for each in asked.choices)
    return replace(asked, question=asked.question.strip(), choices=tuple(each for each in lines if each))


def _none() -> NotFound:
    return NotFound("no_poll", N_("That question is not asked any more."))
