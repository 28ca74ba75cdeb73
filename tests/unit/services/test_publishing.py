"""What leaves: only what three yeses allow, coarse, at the slot, and signed before anybody can see it."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import h3
import pytest

from federation import own
from federation.ingest import Ingest
from federation.ports import Peer
from federation.store import NeighbourhoodStore
from node.domain.actors import CONSOLE
from node.domain.catalogue import Klass
from node.domain.consents import Consents
from node.domain.need import CloseReason, Effort, People, Share, Urgency
from node.domain.sharing.publication import WhyNot
from node.errors import Conflict, Invalid, NotAllowed
from node.ports import Asked, OwnHeld, OwnStanding
from node.services.accounts.keyring import Keyring
from node.services.desk import Desk
from node.services.sharing.publishing import Publishing
from node.store import audit, needs, own_lines, published, settings
from node.store.own_lines import OwnLine
from protocol import codec
from protocol.cells import cell_of, partition_for
from protocol.identity import KeyPair
from protocol.population import PopulationTable
from protocol.statements import Head, Keys, Profile, Summary, Withdrawal
from tests.harness.office import HOME, Counted, Office

ROOT = KeyPair.from_seed(bytes(range(32)))
MORNING = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


class Nobody:
    async def list(self) -> Sequence[Peer]:
        return []

    async def get(self, origin: str) -> Peer | None:
        return None


@dataclass
class Street:
    """Our own lines' way into a real neighbourhood store, with a note of all that was handed over."""

    store: NeighbourhoodStore
    ingest: Ingest
    lines: list[bytes] = field(default_factory=list)
    broken: bool = False

    async def ingest_own(self, lines: Sequence[bytes]) -> None:
        if self.broken:
            raise OSError("the power is gone")
        self.lines += lines
        report = await self.ingest.lines(list(lines), via=None, end_of_round=True)
        assert not report.refused
        assert not report.forked

    async def fetch_back(self) -> Asked:
        """Nobody else lives in this street."""
        return Asked(asked=0, answered=0)

    async def own_standing(self) -> OwnStanding:
        return OwnStanding(
            position=await self.own_position(),
            keys_rev=(await self.store.origin(ROOT.did)).keys_rev,
            contradicted=await own.contradicted(self.store, ROOT.did),
        )

    async def own_held(self) -> OwnHeld:
        held = await own.held_of(self.store, ROOT.did)
        return OwnHeld(
            position=await self.own_position(), items=held.items, whole=held.whole, heard=held.heard
        )

    async def own_position(self) -> tuple[int, int] | None:
        return await self.store.own_position(ROOT.did)


@dataclass
class Shop:
    office: Office
    publishing: Publishing
    street: Street
    folder: Path

    async def seen(self, *sets: str) -> list[Summary]:
        """What the neighbourhood shows of us now."""
        found = await self.street.store.needs(
            sets=set(sets or ("public", "peers")), today=self.office.clock.now().date(), limit=1000
        )
        return [need.summary for need in found]

    async def states(self) -> set[str]:
        return {view.state for view in await self.street.store.origins()}

    async def shared(self, **choices: Share) -> None:
        await self.publishing.share(CONSOLE, choices)

    def again(self, **changes: Any) -> Publishing:
        """The service of a fresh process over the same files."""
        return Publishing(self.office.desk, Keyring(self.folder / "op.key"), self.street, **changes)


def crowd(people: int = 8_000) -> PopulationTable:
    """A made-up town where every cell holds the same number of people."""
    cells = h3.grid_disk(cell_of(HOME.lat, HOME.lon), 12)
    return PopulationTable.load("h3,population\n" + "".join(f"{cell},{people}\n" for cell in sorted(cells)))


def with_table(office: Office, table: PopulationTable) -> None:
    desk = office.desk
    office.desk = Desk(
        db=desk.db,
        vault=desk.vault,
        clock=desk.clock,
        random=desk.random,
        catalogue=desk.catalogue,
        partitions={Klass.A: partition_for("A", table), Klass.B: partition_for("B", table)},
    )
    office.intake._desk = office.desk


@pytest.fixture
async def shop(office: Office, tmp_path: Path) -> AsyncIterator[Shop]:
    office.clock.jump(seconds=(MORNING - office.clock.now()).total_seconds())
    keyring = Keyring(tmp_path / "op.key")
    op = keyring.create(Counted())
    line = codec.write(Keys(origin=ROOT.did, rev=1, epoch_floor=1, op_key=op.did), ROOT)
    async with office.db.write() as tx:
        await settings.put(tx, settings.ORIGIN, ROOT.did)
        await settings.put(tx, settings.GROUP_NAME, "Made-up Neighbours")
        await settings.put(tx, settings.PLACE, (HOME.lat, HOME.lon))
        await settings.put(tx, settings.PUBLIC_URL, "https://made-up.example")
        await own_lines.put(tx, OwnLine(name="keys", epoch=1, seq=1, line=line))
    store = await NeighbourhoodStore.open(
        tmp_path / "neighbourhood.db", clock=office.clock, own_origin=ROOT.did, random=Counted()
    )
    street = Street(store, Ingest(store, Nobody(), office.clock))
    yield Shop(office, Publishing(office.desk, keyring, street), street, tmp_path)
    await store.close()


async def test_a_new_group_shares_nothing(shop: Shop) -> None:
    await shop.office.need("groceries")
    report = await shop.publishing.publish(CONSOLE)
    assert (report.added, report.heads) == (0, 2)
    assert await shop.seen() == []
    assert await shop.states() == {"complete"}
    assert set((await shop.publishing.shared(CONSOLE)).values()) == {Share.ONLY_US}


@pytest.mark.parametrize("missing", ["setting", "need", "owner", "owner unknown", "nothing"])
async def test_three_yeses(shop: Shop, missing: str) -> None:
    await shop.shared(groceries=Share.ONLY_US if missing == "setting" else Share.PUBLIC)
    answer = {"owner": False, "owner unknown": None}.get(missing, True)
    need_id = await shop.office.need(
        "groceries", keep_here=missing == "need", consents=Consents(help_you=True, groups_see=answer)
    )
    await shop.publishing.publish(CONSOLE)
    assert len(await shop.seen()) == (1 if missing == "nothing" else 0)
    preview = await shop.publishing.preview(need_id)
    assert bool(preview.why_not) == (missing != "nothing")
    assert (preview.now is not None) == (missing == "nothing")


async def test_what_others_see_is_codes_only_and_the_preview_shows_exactly_that(shop: Shop) -> None:
    await shop.shared(all=Share.PUBLIC)
    need_id = await shop.office.need(
        "groceries",
        urgency=Urgency.THIS_WEEK,
        effort=Effort.ONE_HOUR,
        people=People.ONE,
        helpers=2,
        languages=("es",),
        requires=("car",),
        tags=("heavy",),
    )
    before = await shop.publishing.preview(need_id)
    assert before.now is None
    await shop.publishing.publish(CONSOLE)
    (seen,) = await shop.seen("public")
    after = await shop.publishing.preview(need_id)
    assert after.now == seen
    assert before.next == after.next
    assert (seen.category, seen.status, seen.helpers, seen.tags) == ("groceries", "open", "2+", ("heavy",))
    assert seen.cell == h3.cell_to_parent(cell_of(HOME.lat, HOME.lon), 5)
    assert (seen.languages, seen.requires) == ((), ())
    assert seen.id != need_id
    handed = b"".join(shop.street.lines)
    for word in (b"Winifred", b"Imaginary", b"0117 496", b"marmalade", b"bell", need_id.encode()):
        assert word not in handed


async def test_how_many_live_there_follows_when_it_is_put_right(shop: Shop) -> None:
    await shop.shared(groceries=Share.PEERS)
    need_id = await shop.office.need("groceries", people=People.FIVE_OR_MORE)
    await shop.publishing.publish(CONSOLE)
    (seen,) = await shop.seen("peers")
    assert seen.people == "5+"
    put_right = shop.office.corrections
    said = replace(await put_right.now(shop.office.ana, need_id), people=People.ONE)
    await put_right.correct(shop.office.ana, need_id, said, None)
    await shop.publishing.publish(CONSOLE)
    (seen,) = await shop.seen("peers")
    assert seen.people == "1"


async def test_what_others_would_see_of_what_nobody_has_looked_at_yet(shop: Shop) -> None:
    """So that whoever asks can be told before anything goes out; nothing is promised that something else forbids."""
    await shop.shared(groceries=Share.PEERS)
    waiting = await shop.office.need("groceries", start="new")
    preview = await shop.publishing.preview(waiting)
    assert (preview.now, preview.next, preview.why_not) == (None, None, (WhyNot.STATE,))
    assert preview.would is not None
    assert (preview.would.status, preview.set_name) == ("open", "peers")
    opened = await shop.office.need("groceries")
    assert (await shop.publishing.preview(opened)).next == preview.would
    private = await shop.office.need(
        "groceries", start="new", consents=Consents(help_you=True, groups_see=False)
    )
    assert (await shop.publishing.preview(private)).would is None


async def test_languages_and_requirements_only_from_crowded_labels(shop: Shop) -> None:
    with_table(shop.office, crowd(8_000))
    shop.publishing = shop.again(table=crowd(8_000))
    await shop.shared(groceries=Share.PUBLIC, childcare=Share.PUBLIC)
    await shop.office.need("groceries", languages=("es", "xx"), requires=("car",))
    await shop.office.need("childcare", languages=("es",))
    await shop.publishing.publish(CONSOLE)
    seen = {summary.category: summary for summary in await shop.seen()}
    assert (seen["groceries"].languages, seen["groceries"].requires) == ((), ())
    assert seen["family_support"].languages == ("es",)
    assert seen["family_support"].cell != seen["groceries"].cell
    (profile,) = [view.profile for view in await shop.street.store.origins()]
    assert profile is not None
    assert profile.table == crowd(8_000).version


async def test_classes_b_and_c(shop: Shop) -> None:
    await shop.shared(all=Share.PUBLIC)
    await shop.office.call("medical_lift", "violence", "other")
    await shop.publishing.publish(CONSOLE)
    (seen,) = await shop.seen()
    assert seen.category == "getting_around"
    assert seen.cell == h3.cell_to_parent(cell_of(HOME.lat, HOME.lon), 4)
    with pytest.raises(Invalid, match="never shown"):
        await shop.shared(violence=Share.PEERS)
    with pytest.raises(Invalid):
        await shop.shared(time_travel=Share.PEERS)
    with pytest.raises(NotAllowed):
        await shop.publishing.share(shop.office.triage, {"groceries": Share.PUBLIC})
    assert (await shop.publishing.preview(await shop.office.need("violence"))).why_not == (WhyNot.SENSITIVE,)


async def test_a_need_without_a_known_place_goes_out_at_the_groups_own_area(shop: Shop) -> None:
    await shop.shared(all=Share.PUBLIC)
    await shop.office.call("groceries", "childcare", point=None)
    await shop.publishing.publish(CONSOLE)
    home = cell_of(HOME.lat, HOME.lon)
    assert {summary.cell for summary in await shop.seen()} == {
        h3.cell_to_parent(home, 5),
        h3.cell_to_parent(home, 4),
    }


async def test_a_small_area_shares_with_chosen_groups_only(shop: Shop) -> None:
    with_table(shop.office, crowd(10))
    shop.publishing = shop.again(table=crowd(10))
    with pytest.raises(Invalid, match="So few people"):
        await shop.shared(all=Share.PUBLIC)
    await shop.shared(all=Share.PEERS)
    await shop.office.need("groceries")
    await shop.publishing.publish(CONSOLE)
    assert len(await shop.seen("peers")) == 1
    assert await shop.seen("public") == []


async def test_slots_urgent_every_ten_minutes_the_rest_by_the_hour(shop: Shop) -> None:
    await shop.shared(all=Share.PUBLIC)
    clock = shop.office.clock
    await shop.publishing.slot()
    clock.advance(minutes=10)
    calm = await shop.office.need("groceries", urgency=Urgency.WHENEVER)
    await shop.office.need("lift", urgency=Urgency.TODAY)
    await shop.publishing.slot()
    assert [summary.category for summary in await shop.seen()] == ["lift"]
    clock.advance(minutes=40)
    await shop.publishing.slot()
    assert len(await shop.seen()) == 1
    clock.advance(minutes=10)
    await shop.publishing.slot()
    assert len(await shop.seen()) == 2
    clock.advance(minutes=10)
    await shop.office.dispatch.close(shop.office.ana, calm, CloseReason.COMPLETED)
    await shop.publishing.slot()
    assert [summary.category for summary in await shop.seen()] == ["lift"]


async def test_a_missed_hour_is_made_up_for(shop: Shop) -> None:
    await shop.shared(all=Share.PUBLIC)
    await shop.publishing.slot()
    await shop.office.need("groceries", urgency=Urgency.WHENEVER)
    shop.office.clock.advance(minutes=90)
    await shop.again().slot()
    assert len(await shop.seen()) == 1


async def test_taken_then_withdrawn_and_an_id_never_comes_back(shop: Shop) -> None:
    office = shop.office
    await shop.shared(all=Share.PUBLIC)
    need_id = await office.need("groceries")
    await shop.publishing.publish(CONSOLE)
    (first,) = await shop.seen()
    await office.confirmed(need_id, await office.helper())
    await shop.publishing.publish(CONSOLE)
    (taken,) = await shop.seen()
    assert (taken.id, taken.status) == (first.id, "taken")
    await office.dispatch.close(office.ana, need_id, CloseReason.COMPLETED)
    report = await shop.publishing.publish(CONSOLE)
    assert report.withdrawn == 1
    assert await shop.seen() == []
    last = codec.read_line(shop.street.lines[-1]).statement
    assert isinstance(last, Withdrawal)
    assert set(last.body()) == {"type", "v", "origin", "epoch", "seq", "set", "id", "expires"}
    assert last.expires == taken.expires
    await office.dispatch.reopen(office.ana, need_id)
    await shop.publishing.publish(CONSOLE)
    (again,) = await shop.seen()
    assert again.id != first.id
    assert await shop.states() == {"complete"}


async def test_shared_differently_is_a_new_id(shop: Shop) -> None:
    await shop.shared(groceries=Share.PUBLIC)
    await shop.office.need("groceries")
    await shop.publishing.publish(CONSOLE)
    (public,) = await shop.seen("public")
    await shop.shared(groceries=Share.PEERS)
    await shop.publishing.publish(CONSOLE)
    (peers,) = await shop.seen("peers")
    assert await shop.seen("public") == []
    assert peers.id != public.id


async def test_consent_taken_back_withdraws_at_the_next_slot(shop: Shop) -> None:
    await shop.shared(all=Share.PUBLIC)
    need_id = await shop.office.need("groceries")
    await shop.publishing.publish(CONSOLE)
    async with shop.office.db.write() as tx:
        row = await needs.get(tx, need_id)
        assert row is not None
        await tx.execute(
            "INSERT INTO consents(person_id, need_id, purpose, answer, wording, at, by_actor)"
            " VALUES(?, ?, 'groups_see', 0, 'en-1', 0, 'x')",
            (row.need.person_id, need_id),
        )
    shop.office.clock.advance(minutes=10)
    await shop.publishing.slot()
    assert await shop.seen() == []


async def test_renewed_at_half_life_while_open_and_forgotten_when_over(shop: Shop) -> None:
    await shop.shared(all=Share.PUBLIC)
    need_id = await shop.office.need("groceries", urgency=Urgency.WHENEVER)
    await shop.publishing.publish(CONSOLE)
    (first,) = await shop.seen()
    shop.office.clock.advance(days=6)
    assert (await shop.publishing.publish(CONSOLE)).changed == 0
    shop.office.clock.advance(days=1)
    assert (await shop.publishing.publish(CONSOLE)).changed == 1
    (renewed,) = await shop.seen()
    assert renewed.id == first.id
    assert renewed.expires == first.expires + timedelta(days=7)
    await shop.office.dispatch.close(shop.office.ana, need_id, CloseReason.COMPLETED)
    await shop.publishing.publish(CONSOLE)
    shop.office.clock.advance(days=15)
    await shop.publishing.publish(CONSOLE)
    async with shop.office.db.read() as tx:
        assert await published.all_of(tx) == []
    assert await shop.states() == {"complete"}


async def test_a_head_only_when_the_set_changed_or_half_its_time_is_over(shop: Shop) -> None:
    assert (await shop.publishing.publish(CONSOLE)).heads == 2
    shop.office.clock.advance(hours=23)
    quiet = await shop.publishing.publish(CONSOLE)
    assert (quiet.heads, quiet.added) == (0, 0)
    shop.office.clock.advance(hours=1)
    assert (await shop.publishing.publish(CONSOLE)).heads == 2
    await shop.shared(groceries=Share.PUBLIC)
    await shop.office.need("groceries")
    assert (await shop.publishing.publish(CONSOLE)).heads == 1


async def test_heads_signed_under_a_clock_that_ran_ahead_are_signed_again_when_others_can_take_them(
    shop: Shop,
) -> None:
    shop.office.clock.jump(seconds=3 * 86_400)
    assert (await shop.publishing.publish(CONSOLE)).heads == 2
    shop.office.clock.jump(seconds=-3 * 86_400)
    told = []
    for _ in range(5):
        told.append((await shop.publishing.publish(CONSOLE)).heads)
        shop.office.clock.advance(hours=12)
    assert told == [0, 0, 0, 0, 2], "the epoch is less than a day ahead after two"
    assert (await shop.publishing.publish(CONSOLE)).heads == 0, "once"


async def test_every_line_has_a_seq_of_its_own_and_their_order_says_nothing(shop: Shop) -> None:
    await shop.shared(all=Share.PUBLIC)
    order = [await shop.office.need("groceries") for _ in range(12)]
    report = await shop.publishing.publish(CONSOLE)
    numbers = []
    for line in shop.street.lines:
        statement = codec.read_line(line).statement
        if not isinstance(statement, Keys):
            numbers.append(statement.seq)
        if isinstance(statement, Head):
            assert statement.seq > 12
        assert isinstance(statement, Keys | Profile | Summary | Head)
    assert sorted(numbers) == list(range(1, report.seq + 1))
    async with shop.office.db.read() as tx:
        rows = sorted(await published.all_of(tx), key=lambda row: row.seq)
    assert [row.need_id for row in rows] != order


async def test_publishing_works_while_the_vault_is_locked(shop: Shop) -> None:
    await shop.shared(all=Share.PUBLIC)
    await shop.office.need("groceries")
    shop.office.lock()
    assert (await shop.publishing.publish()).added == 1
    assert len(await shop.seen()) == 1


async def test_what_was_signed_before_the_power_went_is_handed_over_at_start(shop: Shop) -> None:
    await shop.shared(all=Share.PUBLIC)
    await shop.office.need("groceries")
    shop.street.broken = True
    with pytest.raises(OSError, match="power"):
        await shop.publishing.publish(CONSOLE)
    assert await shop.seen() == []
    shop.street.broken = False
    fresh = shop.again()
    await fresh.catch_up()
    assert len(await shop.seen()) == 1
    assert (await fresh.publish(CONSOLE)).added == 0
    assert await shop.states() == {"complete"}


async def test_after_a_restore_everything_is_said_anew_in_a_higher_epoch(shop: Shop) -> None:
    await shop.shared(all=Share.PUBLIC)
    await shop.office.need("groceries")
    first = await shop.publishing.publish(CONSOLE)
    (before,) = await shop.seen()
    shop.office.clock.advance(days=2)
    async with shop.office.db.write() as tx:
        await settings.put(tx, settings.RESTORED_AT, 1)
    restored = await shop.publishing.publish(CONSOLE)
    assert restored.epoch > first.epoch
    (after,) = await shop.seen()
    assert after.id != before.id
    assert await shop.states() == {"complete"}
    assert (await shop.publishing.publish(CONSOLE)).epoch == restored.epoch
    async with shop.office.db.write() as tx:
        await settings.put(tx, settings.RESTORED_AT, 1)
    with pytest.raises(Conflict, match="begun anew"):
        await shop.publishing.publish(CONSOLE)


async def test_a_database_older_than_what_is_out_begins_a_new_epoch(shop: Shop) -> None:
    await shop.shared(all=Share.PUBLIC)
    await shop.publishing.publish(CONSOLE)
    async with shop.office.db.read() as tx:
        old = await published.position(tx)
    assert old is not None
    await shop.office.need("groceries")
    out = await shop.publishing.publish(CONSOLE)
    async with shop.office.db.write() as tx:
        await published.delete_all(tx)
        await published.set_position(tx, *old)
    shop.office.clock.advance(minutes=1)
    again = await shop.publishing.publish(CONSOLE)
    assert again.epoch > out.epoch
    assert len(await shop.seen()) == 1


async def test_an_untrusted_clock_signs_nothing(shop: Shop) -> None:
    trusted = [False]
    service = shop.again(trusted=lambda: trusted[0])
    with pytest.raises(Conflict, match="clock"):
        await service.publish(CONSOLE)
    assert shop.street.lines == []
    trusted[0] = True
    assert (await service.publish(CONSOLE)).heads == 2


async def test_before_set_up_nothing_happens(office: Office, shop: Shop) -> None:
    async with office.db.write() as tx:
        await settings.take_out(tx, settings.ORIGIN)
    assert await shop.publishing.slot() is None
    await shop.publishing.catch_up()
    with pytest.raises(Conflict):
        await shop.publishing.publish(CONSOLE)


async def test_publishing_is_audited_by_counts_only(shop: Shop) -> None:
    await shop.shared(all=Share.PUBLIC)
    await shop.office.need("groceries")
    await shop.publishing.publish(shop.office.ana)
    async with shop.office.db.read() as tx:
        (entry,) = [entry for entry in await audit.latest(tx) if entry.action == "publish"]
    assert entry.codes == {"added": 1, "changed": 0, "withdrawn": 0}


@pytest.mark.parametrize(
    ("zone", "moment"),
    [("Pacific/Auckland", "2026-11-02T12:30"), ("America/Los_Angeles", "2026-11-03T04:30")],
)
async def test_days_of_what_is_signed_are_those_of_greenwich(shop: Shop, zone: str, moment: str) -> None:
    """Half past one at night in Auckland, half past eight in the evening in Los Angeles: others read the UTC day of
    the call, and the same one on the day after."""
    office = shop.office
    office.desk.zone.set(zone)
    at = datetime.fromisoformat(moment).replace(tzinfo=UTC)
    office.clock.jump(seconds=(at - office.clock.now()).total_seconds())
    await shop.shared(groceries=Share.PUBLIC)
    need = await office.need("groceries")
    assert (await office.board.need(office.ana, need)).need.posted_day != at.date()
    await shop.publishing.publish(CONSOLE)
    assert [seen.posted for seen in await shop.seen()] == [at.date()]
    office.clock.advance(days=1)
    assert (await shop.publishing.publish(CONSOLE)).changed == 0


async def test_one_row_that_cannot_be_written_stops_nothing_else(shop: Shop) -> None:
    office = shop.office
    await shop.publishing.share(CONSOLE, {"all": Share.PUBLIC})
    bad, over, fine = [await office.need("groceries") for _ in range(3)]
    await shop.publishing.publish()
    assert len(await shop.seen()) == 3
    async with office.db.write() as tx:
        await tx.execute("UPDATE needs SET cell = '85194AD7FFFFFFF' WHERE id = ?", (bad,))
    await office.dispatch.close(office.ana, over, CloseReason.COMPLETED)
    new = await office.need("groceries")
    before = (await shop.publishing.preview(fine)).now
    office.clock.advance(hours=1)
    for _ in range(2):
        assert await shop.publishing.slot() is not None
        office.clock.advance(minutes=60)
    out = {each.id for each in await shop.seen()}
    assert out == {
        said.id for need in (fine, new) if (said := (await shop.publishing.preview(need)).now) is not None
    }
    assert before is not None
    assert before.id in out
    assert [need for need, _ in await shop.publishing.unwritable(office.ana)] == [bad]
    async with office.db.read() as tx:
        entries = await audit.latest(tx, 500)
    assert [each.action for each in entries].count("publish.unwritable") == 1, "told of once"

    async with office.db.write() as tx:
        await tx.execute(
            "UPDATE needs SET cell = (SELECT cell FROM needs WHERE id = ?) WHERE id = ?", (fine, bad)
        )
    await shop.publishing.publish()
    assert len(await shop.seen()) == 3
    assert not await shop.publishing.unwritable(office.ana)
