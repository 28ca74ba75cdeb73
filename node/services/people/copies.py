"""What is held about one person, for this person: everything that the law lets her have, by machine and by eye.

Left out, and said so: other people's names and numbers, whom she must not meet (that would tell of them), what is
noted for somebody's safety, and who of us looked (their names are theirs; when, why it was opened and in which job
is hers to know). What we noted in our own words may name others: somebody reads it first and leaves that out.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from node.domain.actors import Actor
from node.domain.dispatch.correction import said_before
from node.domain.dispatch.series import Series
from node.domain.ids import PersonId
from node.domain.notices.choices import Choices
from node.domain.people.records import need_record, person_record
from node.domain.permissions import Permission, require
from node.errors import NotFound
from node.services.calls.call_steps import opened_entry
from node.services.desk import Desk, need_object, person_object
from node.services.people.copied_help import buddies_of, said_of, standing_in, visits_of
from node.services.people.households import household_of
from node.services.people.street_teams import teams_of
from node.services.settings.texts import Texts
from node.store import (
    assignments,
    audit,
    call_lists,
    call_words,
    chats,
    consents,
    contacts,
    corrections,
    feedback,
    gifts,
    messages,
    needs,
    notice_choices,
    notices,
    own_passkeys,
    push_devices,
    receipts,
    series,
    settings,
    staff,
    volunteers,
    vouches,
)
from node.store.audit import Entry
from node.store.db import Tx
from node.store.gifts import GiftRow
from node.store.needs import NeedRow
from node.store.receipts import ReceiptRow
from node.vault import Compartment

FORMAT = "mutualaid-person/1"
"""Names the shape of the file for machines; docs/data-protection.md has its parts."""

Copy = Mapping[str, Any]
"""Section -> records (or one record): plain JSON values. Times are Unix seconds, days ``YYYY-MM-DD``."""

_OTHERS = ("caller", "point")
"""Of a request: who rang for her is somebody else; the exact point says no more than the address."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FreeNote:
    """What one of us noted in their own words about her, or a call with her."""

    id: str
    at: int
    """Unix seconds."""
    text: str


class Copies:
    """The copy of one person's data. A recorded look."""

    def __init__(self, desk: Desk, texts: Texts) -> None:
        self._desk = desk
        self._texts = texts

    async def notes(self, actor: Actor, person_id: PersonId) -> Sequence[FreeNote]:
        """Our own words that ``make`` would give her, the oldest first: they may name somebody else. Belongs to the
        look of ``make``. Raises ``Locked``, ``NotAllowed``."""
        require(actor, Permission.RIGHTS)
        require(actor, Permission.READ_PERSON)
        self._desk.must_be_unlocked()
        async with self._desk.db.read() as tx:
            return await self._free_notes(tx, person_id)

    async def _free_notes(self, tx: Tx, person_id: PersonId) -> list[FreeNote]:
        desk, found = self._desk, list[FreeNote]()
        for row in await needs.of_person(tx, person_id):
            for each in await contacts.of_need(tx, row.need.id):
                note = desk.open_note("contact_log", each.id, each.note_sealed)
                found.append(FreeNote(id=each.id, at=each.at, text=note))
        for entry, _ in await call_lists.entries_of(tx, person_id):
            for said, sealed in await call_words.of_entry(tx, entry.id):
                note = "" if said.taken_back else desk.open_note("call_words", said.id, sealed)
                found.append(FreeNote(id=said.id, at=said.at, text=note))
        return sorted((each for each in found if each.text), key=lambda each: (each.at, each.id))

    async def make(self, actor: Actor, person_id: PersonId, *, without: Collection[str] = ()) -> Copy:
        """Everything, in the order in which it is read, but the notes of ours (ids) that name somebody else.

        Raises ``Conflict`` (``one_record``: the record is part of another, and the copy is made there), ``Locked``,
        ``NotFound``, ``NotAllowed``."""
        require(actor, Permission.RIGHTS)
        require(actor, Permission.READ_PERSON)
        desk = self._desk
        desk.must_be_unlocked()
        async with desk.db.write() as tx:
            row = await desk.need_as_shown(tx, person_id)
            without = {each.id for each in await self._free_notes(tx, person_id)} & set(without)
            looks = await self._looks(tx, person_id)
            await desk.record(tx, actor, "look.copy", person_object(person_id))
            asked = await needs.of_person(tx, person_id)
            person = _told(person_record(desk.open_person(row)))
            return {
                "format": FORMAT,
                "group": await settings.get(tx, settings.GROUP_NAME),
                "made_at": desk.now,
                "person": {
                    **person,
                    "kind_of_record": str(row.person.kind),
                    "kept_away": row.person.state != "active",
                    "since": row.person.created_day.isoformat(),
                    "changed": row.person.updated_day.isoformat(),
                    "lives_with": len(await household_of(tx, desk, person_id)),
                },
                "helps": await self._helps(tx, person_id),
                "notes_left_out": len(without),
                "requests": [await self._request(tx, need, without) for need in asked],
                "repeats": [
                    self._repeats(each, sealed) for each, sealed in await series.ever_of_person(tx, person_id)
                ],
                "tasks": await self._tasks(tx, person_id),
                "buddies": await buddies_of(tx, person_id),
                "standing_in": await standing_in(tx, person_id),
                "offered": [self._gift(each) for each in await gifts.of_person(tx, person_id)],
                "receipts": [self._receipt(each) for each in await receipts.of_person(tx, person_id)],
                "calls": await self._calls(tx, person_id, without),
                "notices": await self._notices(tx, person_id),
                "answers": await self._answers(tx, person_id),
                "said_about": [
                    {
                        "at": each.at,
                        "note": desk.vault.open(Compartment.PEOPLE, "vouches", each.id, each.sealed)["note"],
                    }
                    for each in await vouches.of_person(tx, person_id)
                ],
                "street_teams": sorted((await teams_of(tx, desk, person_id)).values()),
                "changes": await self._changes(tx, person_id),
                "looks": looks,
            }

    async def _helps(self, tx: Tx, person_id: PersonId) -> dict[str, Any]:
        held = await volunteers.get(tx, person_id)
        if held is None:
            return {}
        return {
            "state": str(held.state),
            "stage": str(held.stage),
            "kinds": list(held.abilities),
            "takes": list(held.takes),
            "languages": list(held.languages),
            "transport": str(held.transport),
            "radius_km": held.radius_km,
            "max_per_week": held.max_per_week,
            "paused_until": held.paused_until.isoformat() if held.paused_until else None,
            "rest_days": held.rest_days or None,
            "hours": list(held.hours),
            "days_off": list(held.days_off),
            "checks": [
                {"check": each.check, "until": each.until.isoformat() if each.until else None}
                for each in held.cleared
            ],
            "passkeys": [
                {"made_at": each.made_at, "last_used": each.last_used}
                for each in await own_passkeys.of_person(tx, person_id)
            ],
        }

    async def _request(self, tx: Tx, row: NeedRow, without: Collection[str]) -> dict[str, Any]:
        desk, need = self._desk, row.need
        record = need_record(desk.open_need(row))
        return {
            "reference": need.reference,
            "state": str(need.state),
            "on": need.posted_day.isoformat(),
            "closed": need.closed_day.isoformat() if need.closed_day else None,
            "came_by": str(need.channel),
            "somebody_rang_for_them": bool(record.get("caller")),
            **_told(record),
            "call_back": await self._call_back(tx, need.id),
            "calls": [
                {
                    "at": each.at,
                    "how": str(each.kind),
                    "note": ""
                    if each.id in without
                    else desk.open_note("contact_log", each.id, each.note_sealed),
                }
                for each in await contacts.of_need(tx, need.id)
            ],
            "how_it_went": [
                {
                    "at": each.at,
                    "answer": str(each.answer),
                    "note": desk.open_note("feedback", each.id, each.note_sealed),
                }
                for each in await feedback.of_need(tx, need.id)
                if each.assignment_id is None  # what a helper said is the helper's
            ],
            "put_right": [
                {
                    "at": each.at,
                    "fields": list(each.fields),
                    "before": said_before(
                        desk.vault.open(Compartment.PEOPLE, "corrections", each.id, each.sealed)
                    ),
                }
                for each in await corrections.of_need(tx, need.id)
            ],
            "helpers": len([each for each in await assignments.of_need(tx, need.id) if each.approved_by]),
        }

    async def _call_back(self, tx: Tx, need_id: str) -> list[dict[str, Any]]:
        promised = await contacts.call_back(tx, need_id)
        if promised is None:
            return []
        note = self._desk.open_note("call_backs", need_id, promised.note_sealed)
        return [{"day": (promised.promised or promised.day).isoformat(), "note": note}]

    def _repeats(self, each: Series, sealed: bytes) -> dict[str, Any]:
        held = self._desk.vault.open(Compartment.PEOPLE, "series", each.id, sealed)
        return {
            "state": str(each.state),
            "every": str(each.rule.every),
            "weekdays": list(each.rule.weekdays_on(self._desk.today)),
            **_told(held["need"]),
        }

    def _gift(self, row: GiftRow) -> dict[str, Any]:
        gift = row.gift
        said = self._desk.vault.open(Compartment.PEOPLE, "gifts", gift.id, row.sealed)
        return {
            "sort": str(gift.sort),
            "how_far": str(gift.state),
            "told": gift.told_day.isoformat(),
            "until": gift.until.isoformat(),
            "gets_there": said.pop("way"),
            **said,
        }

    def _receipt(self, row: ReceiptRow) -> dict[str, Any]:
        desk, receipt = self._desk, row.receipt
        slip = desk.vault.open(Compartment.PEOPLE, "receipts", receipt.id, row.sealed)
        return {
            "day": receipt.day.isoformat(),
            "state": str(receipt.state),
            "amount": f"{slip['amount'] / 100:.2f}",
            "number": slip["number"],
            "note": desk.open_note("receipts", receipt.id, row.note_sealed),
        }

    async def _tasks(self, tx: Tx, person_id: PersonId) -> list[dict[str, Any]]:
        found = []
        for task in await assignments.of_person(tx, person_id):
            need = await _kind_of(tx, self._desk, task.need_id)
            found.append(
                {
                    "category": need,
                    "state": str(task.state),
                    "at": task.created_at,
                    "changed_at": task.changed_at,
                    "how_it_went": await said_of(tx, self._desk, task.id),
                    "visits": await visits_of(tx, task.need_id, task.id),
                    "messages": [
                        {
                            "at": each.at,
                            "by_us": each.by_staff is not None,
                            "text": self._desk.open_note("messages", each.id, each.sealed),
                        }
                        for each in await messages.of_task(tx, task.id)
                    ],
                }
            )
        return found

    async def _calls(self, tx: Tx, person_id: PersonId, without: Collection[str]) -> list[dict[str, Any]]:
        """The lists on which she is rung, and what came of each call."""
        return [
            {
                "state": str(entry.state),
                "since": entry.since_day.isoformat(),
                "said_yes": entry.agreed,
                "note": opened_entry(self._desk, entry.id, sealed),
                "rung": [
                    {
                        "day": said.day.isoformat(),
                        "at": said.at,
                        "what": str(said.word),
                        "note": ""
                        if said.id in without
                        else self._desk.open_note("call_words", said.id, note),
                    }
                    for said, note in await call_words.of_entry(tx, entry.id)
                    if not said.taken_back
                ],
            }
            for entry, sealed in await call_lists.entries_of(tx, person_id)
        ]

    async def _notices(self, tx: Tx, person_id: PersonId) -> dict[str, Any]:
        """What she wants to be told, and what went to her by itself."""
        row, sent = await notice_choices.get(tx, person_id), await notices.of_person(tx, person_id)
        if row is None and not sent:
            return {}
        chosen = row.choices if row else Choices(person_id=person_id)
        return {
            "no_messages": chosen.out,
            "urgent": chosen.urgent,
            "digest": chosen.digest,
            "way": str(chosen.way or ""),
            "chat_address": await self._chat_address(tx, person_id),
            "devices_told_since": await push_devices.since(tx, person_id),
            "sent": [
                {
                    "at": each.notice.created_at,
                    "message": str(each.notice.kind),
                    "state": str(each.notice.state),
                }
                for each in sent
            ],
        }

    async def _chat_address(self, tx: Tx, person_id: PersonId) -> str:
        row = await chats.get(tx, person_id)
        if row is None:
            return ""
        record = self._desk.vault.open(Compartment.PEOPLE, "chat_addresses", row.record, row.sealed)
        return str(record["address"])

    async def _answers(self, tx: Tx, person_id: PersonId) -> list[dict[str, Any]]:
        return [
            {
                "purpose": str(each.purpose),
                "answer": each.answer,
                "at": each.at,
                "wording": each.wording,
                "words": await self._words(each.wording),
            }
            for each in await consents.of_person(tx, person_id)
        ]

    async def _words(self, version: str) -> str:
        try:
            return await self._texts.wording(version)
        except NotFound:
            return ""  # where an answer came from, if nothing of ours was read out

    async def _changes(self, tx: Tx, person_id: PersonId) -> list[dict[str, Any]]:
        return [
            {"at": each.at, "what": each.action}
            for each in await audit.of_object(tx, person_object(person_id))
            if not each.action.startswith("look.")
        ]

    async def _looks(self, tx: Tx, person_id: PersonId) -> list[dict[str, Any]]:
        """Every look at her and at her requests: when, and in which job it was done."""
        jobs = {f"staff:{row.id}": sorted(map(str, row.roles)) for row in await staff.all_of(tx)}
        objects = [person_object(person_id)]
        objects += [need_object(row.need.id) for row in await needs.of_person(tx, person_id)]
        seen: list[Entry] = []
        for object in objects:
            seen += [each for each in await audit.of_object(tx, object) if each.action.startswith("look.")]
        return [
            {"at": each.at, "what": each.action, "by": _by(each.actor, jobs)}
            for each in sorted(seen, key=lambda each: each.seq)
        ]


def _told(record: Mapping[str, Any]) -> dict[str, Any]:
    """A sealed record as its owner reads it; answers to our own questions with what was asked."""
    told = {name: value for name, value in record.items() if name not in _OTHERS}
    if "answers" in told:
        told["answers"] = [
            {"asked": asked, "answer": said or code} for _, asked, code, said in told["answers"]
        ]
    return told


async def _kind_of(tx: Tx, desk: Desk, need_id: str) -> str:
    """The exact kind of help: of a task, that is all which is the helper's."""
    return desk.open_need(await desk.need_row(tx, need_id)).category


def _by(actor: str, jobs: Mapping[str, list[str]]) -> list[str]:
    return [str(role) for role in jobs.get(actor, [])] or [actor.partition(":")[0]]
