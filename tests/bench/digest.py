"""The digest of a morning: what it costs, after it was checked who is told what.

Beside it stands the plainest reading of the rule: every request against every volunteer, by the gates alone, without
the index of matching. Told must be exactly what that finds - up to the most of one digest, the best - to each once, and
again nothing when the job runs again, or on the next day.
"""

import asyncio
import json
import random
import tempfile
import time
import tracemalloc
from collections import Counter, defaultdict
from dataclasses import replace
from pathlib import Path

from node.domain.hours import ALL_HOURS, in_order
from node.domain.ids import NeedId, PersonId
from node.domain.intake.intake import NewPerson
from node.domain.matching.matching import gate
from node.domain.matching.scoring import score
from node.domain.need import PRIVATE_CATEGORY, Urgency
from node.domain.notices.notice import DIGEST_MOST, URGENT_AT_ONCE, need_of
from node.services.notices.fitting import OPEN
from node.store import needs
from tests.harness.mailroom import Mailroom, mailroom, point

KINDS = ("groceries", "dog_walking", "phone_call", "lift", "childcare", "medication")
Told = dict[PersonId, set[NeedId]]


def main(volunteers: int, open_needs: int, as_json: bool) -> int:
    """Prints the figures; ``AssertionError`` if anybody is told what she should not be, or twice, or not at all."""
    with tempfile.TemporaryDirectory() as folder:
        found = asyncio.run(measured(Path(folder), volunteers, open_needs))
    if as_json:
        print(json.dumps(found))
        return 0
    print(f"digests of {volunteers} volunteers, {open_needs} open requests; CPU seconds of one run")
    for name, value in found.items():
        print(f"  {name:<44} {value:>10}")
    return 0


async def measured(folder: Path, volunteers: int, open_needs: int) -> dict[str, float | int]:
    """The figures, after the checks."""
    async with mailroom(folder) as room:
        await _filled(room, volunteers, open_needs)
        await room.office.roster.ready()
        chance = random.Random(1)
        for person in chance.sample(sorted(each.person_id for each in room.office.roster.all_of_them()), 5):
            held = await room.notices.choices(person)
            await room.notices.choose(room.office.ana, person, replace(held.choices, out=True))
        urgent = await room.notices._finding.urgent()
        at_once = await _told(room)
        expected, may = await _expected(room, at_once)
        before = time.process_time()
        digests = await room.notices._finding.digests()
        seconds = time.process_time() - before
        _check(at_once, await _told(room), expected, may)
        assert await room.notices.find() == 0, "the job told something twice"
        peak = await _memory(room)
        before = time.process_time()
        while await room.notices.deliver():
            pass
        sent = time.process_time() - before
        got = Counter(mail.to for mail in room.post.mails)
        assert all(len(to) == 1 for to in got)
        assert sum(got.values()) == urgent + digests
        room.office.clock.advance(days=1)
        # Tomorrow: what did not fit into twelve lines, and nothing again (``_told`` would say so).
        told = await _told(room)
        await room.notices.find()
        assert all(told[person] <= now for person, now in (await _told(room)).items() if person in told)
        return {
            "requests told at once (messages)": urgent,
            "digests": digests,
            "finding them, s": round(seconds, 2),
            "most memory at once while finding, MB": round(peak / 1e6, 1),
            "sending all, with the mail server, s": round(sent, 2),
        }


async def _filled(room: Mailroom, volunteers: int, open_needs: int) -> None:
    chance = random.Random(7)
    for number in range(volunteers):
        person = NewPerson(
            name=f"Sam Pretend{number}",
            phone=f"07700 900{number % 1000:03d}",
            email="" if number % 25 == 0 else f"made.up{number}@example.net",
            contact_by="phone" if number % 30 == 1 else "",
        )
        await room.office.helper(
            person=person,
            point=point(chance.gauss(0, 4), chance.gauss(0, 4)),
            abilities=tuple(chance.sample(KINDS, 3)),
            languages=("en",),
            hours=in_order(chance.sample(ALL_HOURS, 14)),
            radius_km=chance.choice([3.0, 5.0, 10.0]),
        )
    for number in range(open_needs):
        await room.office.need(
            chance.choice(KINDS),
            point=point(chance.gauss(0, 3), chance.gauss(0, 3)),
            urgency=Urgency.TODAY if number % 40 == 0 else Urgency.THIS_WEEK,
        )


async def _told(room: Mailroom) -> Told:
    """Who was told of which requests, from the rows."""
    found: Told = defaultdict(set)
    async with (
        room.office.db.read() as tx,
        tx.execute("SELECT person_id, thing FROM notice_things") as rows,
    ):
        for person, thing in await rows.fetchall():
            if (named := need_of(thing)) is not None:
                assert named[0] not in found[person], "told twice"
                found[person].add(named[0])
    return found


async def _expected(
    room: Mailroom, at_once: Told
) -> tuple[dict[PersonId, list[tuple[float, NeedId]]], set[PersonId]]:
    """By the gates alone: what fits whom beyond what they were told at once, and who can be written to."""
    office, fits = room.office, dict[PersonId, list[tuple[float, NeedId]]]()
    helpers = list(office.roster.all_of_them())
    may = set()
    for helper in helpers:
        view = await room.notices.choices(helper.person_id)
        if view.way == "email" and not view.choices.out:
            may.add(helper.person_id)
    async with office.db.read() as tx:
        for row in await needs.in_states(tx, OPEN):
            if row.need.category == PRIVATE_CATEGORY:
                continue
            wanted = await office.matching.wanted(tx, row)
            for helper in helpers:
                if row.need.id in at_once.get(helper.person_id, ()):
                    continue
                if gate(helper, wanted, office.desk.now) is None:
                    points = score(helper, wanted, office.desk.now)
                    fits.setdefault(helper.person_id, []).append((points, row.need.id))
    return fits, may


def _check(
    at_once: Told, told: Told, fits: dict[PersonId, list[tuple[float, NeedId]]], may: set[PersonId]
) -> None:
    for person, things in told.items():
        assert person in may or not things, "somebody was told who wants no mail"
    per_need = Counter(need for things in at_once.values() for need in things)
    assert all(many <= URGENT_AT_ONCE for many in per_need.values())
    for person in may:
        best = sorted(fits.get(person, ()), key=lambda each: (-each[0], each[1]))[:DIGEST_MOST]
        new = told.get(person, set()) - at_once.get(person, set())
        assert new == {need for _, need in best}, "not what fits, or not the best of it"


async def _memory(room: Mailroom) -> int:
    """The most that one run holds at once, in bytes, beyond what was there before: the same run once more."""
    async with room.office.db.write() as tx:
        for statement in (
            "DELETE FROM notice_things WHERE notice_id IN (SELECT id FROM notices WHERE kind = 'digest')",
            "DELETE FROM notices WHERE kind = 'digest'",
            "DELETE FROM settings WHERE key = 'digest_day'",
        ):
            await tx.execute(statement)
    tracemalloc.start()
    try:
        await room.notices._finding.digests()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
