"""Rows that name a request or a volunteer by the number it has in a list that came in before (``domain...LISTS``).

A number means something in its own list alone. Whose list it is, is said in the mapping, or clear because there is one;
what may stand for two is handed back, never guessed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from node.domain.ids import REFERENCE_DIGITS, NeedId, PersonId
from node.domain.need import Channel, NeedState
from node.domain.place import name_key
from node.domain.sheets.mapping import LISTS, SheetMapping, Sort
from node.domain.sheets.sheet_matches import MatchPlan
from node.domain.sheets.sheet_needs import NeedPlan
from node.domain.sheets.sheet_rows import Remark, RowPlan, SheetPlan, find_columns, number_key
from node.domain.sheets.sheet_volunteers import VolunteerPlan
from node.domain.sheets.sheets import Sheet
from node.errors import N_, Invalid
from node.services.desk import Desk, need_object
from node.services.intake.fingerprints import Fingerprints, fingerprints
from node.store import assignments, audit, imports, needs, past, persons
from node.store.db import Tx
from node.store.needs import NeedRow

NO_REQUEST = N_(
    "No request came in with this number. Bring in the sheet of requests first, with its column of numbers."
)
NO_VOLUNTEER = N_(
    "No volunteer came in with this number. Bring in the sheet of volunteers first, with its column of numbers."
)
SEVERAL = N_(
    "This number stands for more than one here. Write the names into columns of their own, or say which sheet is meant."
)
OTHER_NAME = N_(
    "Here, this number is of somebody with another name. Look at both, or empty the cell with the name."
)
DEALT_WITH = N_(
    "Somebody has dealt with this request since it came in. Close it here first, or leave the row out."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlierSheet:
    """A list that numbers may belong to: all that came in under a name, or one run of it where numbers came twice."""

    key: str
    """As a mapping names it."""
    name: str
    rows: int
    at: int | None = None
    """Of one run alone: when (Unix seconds)."""


async def earlier(tx: Tx) -> Mapping[str, Sequence[EarlierSheet]]:
    """``LISTS`` field -> the lists that its numbers may stand in, the latest first."""
    return {field: await _of_kind(tx, kind) for field, kind in LISTS.items()}


async def _of_kind(tx: Tx, kind: str) -> Sequence[EarlierSheet]:
    runs = await imports.runs_with_numbers(tx, kind)
    twice = await imports.names_with_number_twice(tx, kind)
    found = []
    for name in dict.fromkeys(run.name for run in runs):
        own = [run for run in runs if run.name == name]
        found.append(EarlierSheet(key=name, name=name, rows=sum(run.rows for run in own)))
        if name in twice and len(own) > 1:
            found += [EarlierSheet(key=run.id, name=name, rows=run.rows, at=run.at) for run in own]
    return found


async def came_with(tx: Tx, prints: Fingerprints, row: RowPlan) -> str | None:
    """With which run the row came in before, whatever became of it; None if it did not. Empty for what went out from
    here: such a sheet names requests by their references."""
    import_id = await imports.came_with(tx, prints.any_of(row.identity))
    if import_id is not None:
        return import_id
    number = row.number.replace(" ", "")
    ours = len(number) == REFERENCE_DIGITS and number.isdecimal() and not isinstance(row, VolunteerPlan)
    return "" if ours and await needs.with_reference(tx, number) is not None else None


async def note(tx: Tx, prints: Fingerprints, row: RowPlan) -> None:
    """Keeps the number of a row that is here, whether it came in now or before."""
    kind = {NeedPlan: "request", VolunteerPlan: "volunteer"}.get(type(row), "")
    if kind and row.number:
        key = prints.new(_numbered(kind, row.number))
        await imports.add_number(tx, number_key=key, kind=kind, row_keys=prints.any_of(row.identity))


async def resolved(desk: Desk, plan: SheetPlan[Any], sheet: Sheet, mapping: SheetMapping) -> SheetPlan[Any]:
    """The plan with what its numbers stand for here; a row whose number stands for nothing or for several is an error.

    Raises ``Invalid`` (``which_list``) where nobody said in which of several lists they stand; ``Locked``.
    """
    if mapping.sort is not Sort.MATCHES or not any(row.request or row.helper_number for row in plan.rows):
        return plan

    async def looked(tx: Tx) -> tuple[list[MatchPlan], list[Remark]]:
        columns = find_columns(sheet, mapping)
        lists = {field: await _list(tx, mapping, field) for field in LISTS if field in columns}
        look = _Looking(desk, tx, await fingerprints(tx, desk), columns, lists)
        rows, errors = [], list[Remark]()
        for row in plan.rows:
            here = await came_with(tx, look.prints, row) is not None
            found = row if here else await look.row(row, errors)
            rows += [] if found is None else [found]
        return rows, errors

    rows, errors = await desk.db.read_in_one_trip(looked)
    return replace(
        plan,
        rows=tuple(rows),
        errors=tuple(sorted((*plan.errors, *errors), key=lambda each: each.line)),
    )


async def _list(tx: Tx, mapping: SheetMapping, field: str) -> str:
    """Which list a column's numbers stand in; empty where there is one or none."""
    known = await _of_kind(tx, LISTS[field])
    said = mapping.lists.get(field, "")
    if said in {each.key for each in known}:
        return said
    names = dict.fromkeys(each.name for each in known)
    # What was said and is not here is not taken for another that is.
    if len(names) > 1 or (said and names):
        raise Invalid(
            "which_list",
            N_("Say in which of the earlier sheets these numbers stand: %(names)s"),
            fields={f"list-{field}": N_("Say in which earlier sheet these numbers stand.")},
            names="; ".join(names),
        )
    return ""


class _Looking:
    """Looks up the numbers of rows, inside one read."""

    def __init__(
        self, desk: Desk, tx: Tx, prints: Fingerprints, columns: Mapping[str, str], lists: Mapping[str, str]
    ) -> None:
        self.prints = prints
        self._desk = desk
        self._tx = tx
        self._columns = columns
        self._lists = lists

    async def row(self, row: MatchPlan, errors: list[Remark]) -> MatchPlan | None:
        """None after an error."""
        before = len(errors)
        if row.request:
            row = await self._request(row, errors)
        if row.helper_number:
            row = await self._helper(row, errors)
        return row if len(errors) == before else None

    async def _request(self, row: MatchPlan, errors: list[Remark]) -> MatchPlan:
        found = await self._rows("request", row.request)
        rows = [held for key in found[:1] for held in await _needs_of(self._tx, key)]
        if len(found) != 1 or not rows:
            return self._wrong(row, "request", SEVERAL if len(found) > 1 else NO_REQUEST, errors)
        kinds = {held.need.id: self._desk.open_need(held).category for held in rows}
        # The number says more than a word: where the kinds are others it was for all that was asked.
        asked = [held for held in rows if kinds[held.need.id] in row.categories] or rows
        owner = asked[0].need.person_id
        if owner is not None and not await self._named(owner, row.person.name):
            return self._wrong(row, "request", OTHER_NAME, errors, "name")
        for held in asked:
            if held.need.state is not NeedState.CLOSED and not await untouched(self._tx, held):
                return self._wrong(row, "request", DEALT_WITH, errors)
        ids = tuple(held.need.id for held in asked)
        return replace(row, need_ids=ids, categories=tuple(kinds[each] for each in ids))

    async def _helper(self, row: MatchPlan, errors: list[Remark]) -> MatchPlan:
        found = await self._rows("helper_number", row.helper_number)
        ids = set()
        for key in found:
            person_id = await imports.volunteer_of_row(self._tx, key)
            held = None if person_id is None else await persons.get(self._tx, person_id)
            if held is not None:
                ids.add(PersonId(held.person.merged_into or held.person.id))
        if len(ids) != 1:
            return self._wrong(row, "helper_number", SEVERAL if ids else NO_VOLUNTEER, errors)
        (helper,) = ids
        if not await self._named(helper, row.helper.name):
            return self._wrong(row, "helper_number", OTHER_NAME, errors, "helper")
        return replace(row, helper_id=helper)

    async def _rows(self, field: str, number: str) -> Sequence[bytes]:
        keys = self.prints.any_of(_numbered(LISTS[field], number))
        return await imports.rows_with_number(self._tx, keys, self._lists.get(field, ""))

    async def _named(self, person_id: str, name: str) -> bool:
        if not name:
            return True
        held = await self._desk.need_person(self._tx, person_id)
        return name_key(self._desk.open_person(held).name) == name_key(name)

    def _wrong(self, row: MatchPlan, field: str, message: str, errors: list[Remark], *also: str) -> MatchPlan:
        for name in (field, *also):
            errors.append(Remark(line=row.line, column=self._columns.get(name, ""), message=message))
        return row


async def untouched(tx: Tx, row: NeedRow) -> bool:
    """Whether nobody has done anything about a request since it came in from a sheet but look at it: then a sheet may
    say that it was over long ago, and else nothing is replaced."""
    need = row.need
    if need.channel is not Channel.IMPORT or need.state not in (NeedState.NEW, NeedState.OPEN):
        return False
    of = need_object(need.id)
    # What was done on the machine before this one counts as well.
    done = [each.action for each in (*await past.of_object(tx, of), *await audit.of_object(tx, of))]
    others = [action for action in done if action != "need.imported" and not action.startswith("look.")]
    return not others and not await assignments.of_need(tx, need.id)


async def _needs_of(tx: Tx, row_key: bytes) -> list[NeedRow]:
    found = []
    for need_id in await imports.needs_of_row(tx, row_key):
        row = await needs.get(tx, NeedId(need_id))
        if row is not None:
            found.append(row)
    return found


def _numbered(kind: str, number: str) -> str:
    return f"number\x1f{kind}\x1f{number_key(number)}"
