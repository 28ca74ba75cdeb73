"""Signs what we say of other groups, at every slot: whom we vouch for as their hub, whom we advise against."""

import json
from datetime import date

from node.domain.ids import Random, new_id
from node.domain.sharing.notes import Note, NoteOut, plan_notes
from node.domain.sharing.outgoing import Out
from node.domain.sharing.publication import expiry
from node.services.sharing.signing import Book
from node.store import peers, published
from node.store.db import Tx

KINDS = ("vouch", "advice")


async def wanted_notes(tx: Tx) -> list[Note]:
    """By our operators' decisions: a vouch for each member whose hub we are, advice for each block that says so."""
    rows = await peers.all_of_them(tx)
    vouches = [
        Note("vouch", row.origin, "hub" if row.role == "hub" else "member")
        for row in rows
        if row.vouched and row.state == "active"
    ]
    return vouches + [
        Note("advice", row.origin, row.reason)
        for row in rows
        if row.state == "blocked" and row.advise and row.reason
    ]


async def sign_notes(tx: Tx, book: Book, *, today: date, random: Random) -> int:
    """Signs the difference inside the caller's write; returns how many statements that were."""
    out = [_out(row) for row in await published.all_of(tx) if row.kind in KINDS and row.max_expires > today]
    steps = plan_notes(out, await wanted_notes(tx), today)
    for each in steps.withdraw:
        await book.withdraw(
            Out(
                public_id=each.public_id,
                need_id=each.note.subject,
                set_name="peers",
                kind=each.note.kind,
                content=None,
                expires=each.expires,
                max_expires=each.max_expires,
            )
        )
    for each, note in steps.renew:
        await book.note(
            note, each.public_id, since=each.since, expires=expiry(today), before=each.max_expires
        )
    for note in steps.add:
        await book.note(note, new_id(random), since=today, expires=expiry(today), before=None)
    return len(steps.withdraw) + len(steps.renew) + len(steps.add)


def _out(row: published.PublishedRow) -> NoteOut:
    said = json.loads(row.content)
    return NoteOut(
        note=Note(row.kind, row.need_id, said["code"]),
        public_id=row.public_id,
        since=date.fromisoformat(said["since"]),
        expires=row.expires,
        max_expires=row.max_expires,
    )
