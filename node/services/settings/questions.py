"""The group's own questions: kept here, answered on the pages, counted after a look at the sealed records."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from node.domain.actors import Actor
from node.domain.answers import Answer
from node.domain.ids import new_id
from node.domain.permissions import Permission, require
from node.domain.settings import questions as rules
from node.domain.settings.questions import MOST, AskedAt, Counted, Question
from node.errors import N_, Conflict, Invalid, NotFound
from node.services.desk import Desk
from node.store import needs, persons, questions


class Questions:
    """The questions themselves are about nobody, so asking works locked; counting does not."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def all(self) -> list[Question]:
        """In the order in which they are asked."""
        async with self._desk.db.read() as tx:
            return await questions.all_of(tx)

    async def asked_at(self, where: AskedAt) -> list[Question]:
        """Those that are asked there."""
        return [each for each in await self.all() if where in each.asked]

    async def read(self, where: AskedAt, typed: Mapping[str, str], language: str) -> tuple[Answer, ...]:
        """The answers of a form, by question id. Raises ``Invalid`` with the fields ``own:<id>``."""
        return rules.read(await self.asked_at(where), typed, language)

    async def asked_anew(self, before: Sequence[Answer]) -> list[Question]:
        """What may be answered of a request that is put right. ``before``: what is held of it."""
        return rules.asked_anew(await self.all(), before)

    async def put_right(
        self, before: Sequence[Answer], typed: Mapping[str, str], language: str
    ) -> tuple[Answer, ...]:
        """What was answered of a request, after ``typed`` (question id -> what came; what is missing stays). Raises
        ``Invalid`` with the fields ``own:<id>``."""
        return rules.put_right(await self.all(), before, typed, language)

    async def save(self, actor: Actor, question: Question) -> Question:
        """Adds it at the end (an empty id) or changes it where it stands.

        Raises ``Invalid`` with the fields, ``NotFound``, ``Conflict`` if there are too many. How a question is
        answered never changes: answers are counted under it.
        """
        require(actor, Permission.SETTINGS)
        async with self._desk.db.write() as tx:
            held = await questions.all_of(tx)
            if _fits(held, question) is not None:
                now = [question if each.id == question.id else each for each in held]
            else:
                question = replace(question, id=new_id(self._desk.random))
                now = [*held, question]
            await questions.put_all(tx, now)
            await self._desk.record(tx, actor, "question.save", f"question:{question.id}")
        return question

    async def check(self, question: Question) -> Question | None:
        """The one that it would change, None if it would be new. Raises as ``save``."""
        return _fits(await self.all(), question)

    async def up(self, actor: Actor, id: str) -> None:
        """Asked one place earlier. Raises ``NotFound``."""
        require(actor, Permission.SETTINGS)
        async with self._desk.db.write() as tx:
            held = await questions.all_of(tx)
            at = held.index(_named(held, id))
            held.insert(max(at - 1, 0), held.pop(at))
            await questions.put_all(tx, held)
            await self._desk.record(tx, actor, "question.up", f"question:{id}")

    async def remove(self, actor: Actor, id: str) -> None:
        """Asked no more; what was answered stays with whom it was answered by. Raises ``NotFound``."""
        require(actor, Permission.SETTINGS)
        async with self._desk.db.write() as tx:
            held = await questions.all_of(tx)
            gone = _named(held, id)
            await questions.put_all(tx, [each for each in held if each is not gone])
            await self._desk.record(tx, actor, "question.remove", f"question:{id}")

    async def counted(self, actor: Actor) -> list[Counted]:
        """How often what was answered, over every request and everybody we hold; practice calls apart.

        Whose answer it was is not told. Raises ``Locked``.
        """
        require(actor, Permission.READ_BOARD)
        desk = self._desk
        desk.must_be_unlocked()
        found: list[Answer] = []
        async with desk.db.read() as tx:
            order = {each.id: at for at, each in enumerate(await questions.all_of(tx))}
            for id, sealed in await needs.sealed_of_all(tx):
                found += desk.open_sealed_need(id, sealed).answers
            for row in await persons.all_of_ours(tx):
                found += desk.open_person(row).answers
        found.sort(key=lambda each: order.get(each.question, len(order)))
        return rules.count(found)


def _fits(held: list[Question], question: Question) -> Question | None:
    """As ``Questions.check``."""
    if found := rules.problems(question):
        raise Invalid("question", N_("Some answers need another look."), fields=found)
    if question.id:
        before = _named(held, question.id)
        if before.kind is not question.kind:
            message = N_("How it is answered cannot change. Ask another question instead.")
            raise Invalid("question_kind", message, fields={"kind": message})
        return before
    if len(held) >= MOST:
        raise Conflict("too_many_questions", N_("More questions would make every call too long."))
    return None


def _named(held: list[Question], id: str) -> Question:
    for each in held:
        if each.id == id:
            return each
    raise NotFound("no_question", N_("There is no such question."))
