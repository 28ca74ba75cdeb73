"""Correcting a need: what it was, what it became, who and when. What others see follows at the next slot."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from node.domain.actors import Actor
from node.domain.assignment_lifecycle import FILLS_A_PLACE, LIVE, SHOWS_DETAILS
from node.domain.dispatch import who_rang
from node.domain.dispatch.correction import (
    TELLS_NO_HELPER,
    TOLD_ANEW,
    TYPED,
    Corrected,
    as_it_is,
    changes,
    fitted,
    money_after,
    problems,
    strange,
)
from node.domain.dispatch.follow_up import Correction, CorrectionView
from node.domain.ids import NeedId, new_id
from node.domain.intake.intake_rules import show_clear
from node.domain.money import Money, currency_of
from node.domain.need import Need, NeedDetails, Point
from node.domain.permissions import Permission, require
from node.errors import N_, Conflict, Invalid
from node.services.desk import Desk, need_object
from node.services.dispatch.moves import follow
from node.services.matching.matching import Matching
from node.services.matching.roster import Roster
from node.store import assignments, corrections, needs, persons, series, settings
from node.store.db import Tx
from node.store.needs import NeedRow
from node.vault import Compartment


class Corrections:
    """One verb, and its history."""

    def __init__(self, desk: Desk, roster: Roster, matching: Matching) -> None:
        self._desk = desk
        self._roster = roster
        self._matching = matching

    async def now(self, actor: Actor, need_id: NeedId) -> Corrected:
        """What can be changed, as it is. Raises ``Locked``, ``NotFound``, ``Conflict("erased")``."""
        require(actor, Permission.TRIAGE)
        async with self._desk.db.read() as tx:
            row = await held(tx, self._desk, need_id)
            return as_it_is(row.need, self._desk.open_need(row))

    async def of_need(
        self, actor: Actor, need_id: NeedId, *, looked: bool = False
    ) -> tuple[CorrectionView, ...]:
        """Every correction, newest first. What was said of whoever rang is told only after a look at the person was
        written down (``looked``)."""
        require(actor, Permission.READ_BOARD)
        if looked:
            require(actor, Permission.READ_PERSON)
        async with self._desk.db.read() as tx:
            handles = await self._desk.handles(tx)
            return tuple(
                CorrectionView(
                    at=each.at,
                    by=handles.get(each.by_staff, ""),
                    fields=each.fields,
                    changes=self._opened(each, looked=looked),
                )
                for each in await corrections.of_need(tx, need_id)
            )

    async def correct(
        self, actor: Actor, need_id: NeedId, said: Corrected, point: Point | None
    ) -> Sequence[str]:
        """Changes what differs, and returns those fields. ``point``: where ``said.place_text`` is, None if that is not
        known; it counts only when the place changed.

        Raises ``Invalid``, ``Locked``, ``NotFound``; ``Conflict``: ``erased``, ``too_many_helpers`` (more are confirmed
        than asked for), ``helper_not_suitable`` (a confirmed helper may not do the new kind),
        ``told_elsewhere`` (a neighbouring group's volunteer was told how it is, and no letter would tell her anew).
        """
        require(actor, Permission.TRIAGE)
        desk = self._desk
        _refuse(problems(said, desk.catalogue))
        await self._roster.ready()
        async with desk.db.write() as tx:
            row = await held(tx, self._desk, need_id)
            details = desk.open_need(row)
            now = as_it_is(row.need, details)
            _refuse(strange(now, said, desk.catalogue))
            said = fitted(said, desk.catalogue)
            found = changes(now, said)
            if not found:
                return ()
            await self._refuse_what_is_known(tx, row.need, said, found)
            await needs.update(tx, await self._changed(tx, row, details, said, point, found))
            if not found.keys() <= TELLS_NO_HELPER:
                await self._refuse_misfits(tx, need_id)
            await keep(tx, desk, actor, need_id, found)
            await follow(tx, desk, actor, need_id)
        return tuple(found)

    async def _changed(
        self,
        tx: Tx,
        row: NeedRow,
        details: NeedDetails,
        said: Corrected,
        point: Point | None,
        found: dict[str, tuple[str, str]],
    ) -> NeedRow:
        desk, kind = self._desk, self._desk.catalogue.category(said.category)
        if "place_text" in found:
            details = replace(details, point=point or await self._home(tx, row.need, said))
        details = replace(
            details,
            category=said.category,
            place_text=said.place_text,
            notes=said.notes,
            items=said.items,
            money=money_after(details.money, said.money, said.category, await self._cap(tx)),
            effort=said.effort,
            people=said.people,
            requires=said.requires,
            tags=said.tags,
            languages=said.languages,
            doorstep_word=said.doorstep_word or details.doorstep_word,
            answers=said.answers,
        )
        need = replace(
            row.need,
            urgency=said.urgency,
            window=said.window,
            part_of_day=said.part_of_day,
            channel=said.channel,
            repeats=said.repeats,
            helpers=said.helpers,
            due_day=row.need.due_if(said.urgency, said.window, desk.today),
            told_by_phone=row.need.told_by_phone and not TOLD_ANEW & set(found),
            changed_at=desk.now,
        )
        cell = row.need.cell
        if {"place_text", "category"} & set(found):
            cell = desk.label(kind.klass, details.point)
        return replace(
            row,
            need=show_clear(need, details, desk.catalogue, cell),
            sealed=desk.seal_need(need.id, details),
        )

    async def _refuse_what_is_known(
        self, tx: Tx, need: Need, said: Corrected, found: Mapping[str, tuple[str, str]]
    ) -> None:
        """How it came in, and how it repeats, is not a matter of words where the node itself knows."""
        if "channel" in found and not {need.channel, said.channel} <= TYPED:
            message = N_("That does not fit here.")
            raise Invalid("correct", message, fields={"channel": message})
        if "repeats" in found and await series.of_need(tx, need.id) is not None:
            raise Conflict("by_rule", N_("A rule makes its days. Change that under “What repeats”."))

    async def _cap(self, tx: Tx) -> Money:
        """The most that the group gives at once, as on a call."""
        most = await settings.get(tx, settings.MONEY_MOST)
        return Money(most=100 * most, currency=currency_of(await settings.get(tx, settings.REGION)))

    async def _home(self, tx: Tx, need: Need, said: Corrected) -> Point | None:
        """Without another place it is where she lives; an unknown place is nowhere."""
        if said.place_text or need.person_id is None:
            return None
        held = await persons.get(tx, need.person_id)
        return self._desk.open_person(held).point if held else None

    async def _refuse_misfits(self, tx: Tx, need_id: NeedId) -> None:
        """Nobody stays on a need that she may not do, and no place is given twice."""
        row = await self._desk.need_row(tx, need_id)
        present = [task for task in await assignments.of_need(tx, need_id) if task.round == row.need.round]
        if sum(task.state in FILLS_A_PLACE for task in present) > row.need.helpers:
            raise Conflict(
                "too_many_helpers", N_("More helpers are confirmed than that. Take one back first.")
            )
        for task in present:
            if task.state in LIVE & SHOWS_DETAILS and await persons.peer_of(tx, task.person_id):
                raise Conflict(
                    "told_elsewhere",
                    N_(
                        "A volunteer of a neighbouring group comes, and was told how it is. Take them back first, "
                        "then put it right and let them offer again."
                    ),
                )
            if task.state in LIVE & SHOWS_DETAILS and await self._matching.must_not(
                tx, row, task.person_id, asking=False
            ):
                raise Conflict(
                    "helper_not_suitable",
                    N_("A helper who is confirmed may not do this kind of help. Take them back first."),
                )

    def _opened(self, each: Correction, *, looked: bool) -> dict[str, tuple[str, str]]:
        if not self._desk.unlocked:
            return {}
        held = self._desk.vault.open(Compartment.PEOPLE, "corrections", each.id, each.sealed)
        return {
            field: (str(pair[0]), str(pair[1]))
            for field, pair in held.items()
            if looked or field not in who_rang.FIELDS
        }


async def keep(
    tx: Tx, desk: Desk, actor: Actor, need_id: NeedId, found: Mapping[str, tuple[str, str]]
) -> None:
    """Into the history of a need, inside the write that changes it. ``found``: field to what it was and became, of
    which only the names stand clear. Raises ``Locked``."""
    row_id = new_id(desk.random)
    sealed = desk.vault.seal(
        Compartment.PEOPLE, "corrections", row_id, {field: list(pair) for field, pair in found.items()}
    )
    await corrections.insert(
        tx,
        Correction(
            id=row_id,
            need_id=need_id,
            at=desk.now,
            by_staff=actor.id or "",
            fields=tuple(found),
            sealed=sealed,
        ),
    )
    await desk.record(tx, actor, "need.corrected", need_object(need_id), fields=" ".join(found))


async def held(tx: Tx, desk: Desk, need_id: NeedId) -> NeedRow:
    """A need of which there is anything left to put right. Raises ``Conflict("erased")``, ``Locked``, ``NotFound``."""
    desk.must_be_unlocked()
    row = await desk.need_row(tx, need_id)
    if not row.sealed:
        raise Conflict("erased", N_("What was asked has been erased. Take it as a new call."))
    return row


def _refuse(wrong: Mapping[str, str]) -> None:
    if wrong:
        raise Invalid("correct", N_("Some answers need another look."), fields=wrong)
