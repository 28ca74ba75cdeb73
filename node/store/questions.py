"""The group's own questions, a row each; the answers are sealed with requests and people."""

import json
from collections.abc import Sequence

from node.domain.settings.questions import AskedAt, Kind, Question
from node.store.db import Tx, kept


@kept
async def all_of(tx: Tx) -> list[Question]:
    """In the order in which they are asked."""
    async with tx.execute(
        "SELECT id, kind, asked, words, choices FROM questions ORDER BY position, id"
    ) as cursor:
        return [
            Question(
                id=row["id"],
                kind=Kind(row["kind"]),
                asked=frozenset(AskedAt(code) for code in json.loads(row["asked"])),
                words=json.loads(row["words"]),
                choices=json.loads(row["choices"]),
            )
            for row in await cursor.fetchall()
        ]


async def put_all(tx: Tx, questions: Sequence[Question]) -> None:
    """Exactly these, in this order."""
    await tx.execute("DELETE FROM questions")
    for position, question in enumerate(questions):
        await tx.execute(
            "INSERT INTO questions(id, position, kind, asked, words, choices) VALUES(?, ?, ?, ?, ?, ?)",
            (
                question.id,
                position,
                question.kind,
                json.dumps(sorted(question.asked)),
                json.dumps(dict(question.words), ensure_ascii=False),
                json.dumps(
                    {code: dict(words) for code, words in question.choices.items()}, ensure_ascii=False
                ),
            ),
        )
