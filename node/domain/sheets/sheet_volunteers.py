"""What each row of a sheet of volunteers says: who they are, what they do, how far they came with us. Pure."""

import re
from dataclasses import dataclass
from datetime import date

from node.domain.catalogue import OTHER, Catalogue
from node.domain.hours import ALL_HOURS, Hours, in_order
from node.domain.intake.intake import MAX_TEXT
from node.domain.sheets.mapping import HOURS_BY_DAY, HOURS_BY_PART, SheetMapping
from node.domain.sheets.sheet_hours import read_cell, read_hours
from node.domain.sheets.sheet_rows import UNKNOWN_STATUS, Reader, RowPlan, SheetPlan
from node.domain.sheets.sheets import Row, Sheet
from node.domain.volunteer import DEFAULT_RADIUS_KM, MAX_RADIUS_KM, Stage, Transport, VolunteerState
from node.errors import N_

KM_PER_MILE = 1.609344
_MOST_A_WEEK = 50
UNCLEAR_HOURS = N_(
    "We cannot be sure when they can. Write it like: Mon-Wed mornings; Sat. Left empty it means any time."
)
ANY_HOURS = N_("We cannot be sure when they can: any time is taken, and the words are kept with the notes.")
_NUMBER = re.compile(
    r"([0-9]{1,4}(?:[.,][0-9]{1,2})?)\s*(km|kms|kilomet(?:er|re)s?|mi|miles?)?\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True, kw_only=True)
class VolunteerPlan(RowPlan):
    """What one row becomes. No safety check comes out of a sheet: somebody must have seen it."""

    state: VolunteerState
    stage: Stage
    transport: Transport
    radius_km: float
    max_per_week: int | None
    hours: Hours
    notes: str
    """With everything that has no field of its own."""

    @property
    def standing(self) -> str:
        """How she would stand, as a preview says it: of somebody whom nobody has met, that."""
        new = self.stage is Stage.APPLIED and self.state is VolunteerState.ACTIVE
        return "applied" if new else str(self.state)


def plan_volunteers(
    sheet: Sheet,
    mapping: SheetMapping,
    catalogue: Catalogue,
    *,
    today: date,
    known: bool = False,
    any_hours: bool = False,
) -> SheetPlan[VolunteerPlan]:
    """Every row's plan. ``known``: whoever imports says that these people are known to the group; else they begin
    as people whom nobody has met. ``any_hours``: where it is not clear when somebody can, any time is taken. Raises
    ``Invalid`` if a column that the mapping needs is missing.
    """
    return _Volunteers(sheet, mapping, catalogue, today, known, any_hours).sheet_plan()


class _Volunteers(Reader[VolunteerPlan]):
    def __init__(
        self,
        sheet: Sheet,
        mapping: SheetMapping,
        catalogue: Catalogue,
        today: date,
        known: bool,
        any_hours: bool,
    ) -> None:
        super().__init__(sheet, mapping, catalogue, today)
        self._known = known
        self._any_hours = any_hours

    def plan(self, row: Row) -> VolunteerPlan | None:
        before = len(self.errors)
        posted = self.day(row, "posted")
        kinds, unknown = self.kinds(row)
        abilities = tuple(kind for kind in kinds if kind != OTHER)
        leftovers = self.leftovers(row)
        person = self.person(row, leftovers)
        if not person.name:
            self.error(row, "name", N_("There is no name in this row."))
        elif not person.phone and not person.email:
            self.error(row, "phone", N_("There is no phone number and no e-mail address that can be used."))
        hours = self._hours(row)
        if len(self.errors) > before:
            return None
        if not abilities:
            self.remark(
                row, "categories", N_("It is not said what they do: say it, or they are never asked.")
            )
        state, stage = self._standing(row)
        return VolunteerPlan(
            line=row.line,
            number=self.text(row, "id"),
            identity=self.identity(row),
            posted=posted,
            categories=abilities,
            unknown=unknown,
            person=person,
            leftovers=leftovers,
            state=state,
            stage=stage,
            transport=self.chosen(row, "transport", Transport) or Transport.FOOT,
            radius_km=self._radius(row),
            max_per_week=self._per_week(row),
            hours=hours,
            notes=_notes(self.text(row, "notes"), leftovers),
        )

    def _standing(self, row: Row) -> tuple[VolunteerState, Stage]:
        meaning = self.status(row, "active" if self._known else "applied")
        if meaning is None:
            self.remark(row, "status", UNKNOWN_STATUS)
            meaning = "applied"
        known = Stage.ACTIVE if self._known and meaning != "applied" else Stage.APPLIED
        states = {"paused": VolunteerState.PAUSED, "left": VolunteerState.LEFT}
        return states.get(meaning, VolunteerState.ACTIVE), known

    def _hours(self, row: Row) -> Hours:
        """Of all columns that say when; any time where none of them says anything. What can be read in two ways is
        asked, each text once, and an error of the row until somebody says it: somebody who is sent at the wrong time
        does not come again."""
        found: set[str] = set()
        said = False
        if self.text(row, "hours"):
            said = True
            found.update(self._read(row, "hours", read_hours(self.text(row, "hours")), ALL_HOURS))
        for fields, of in ((HOURS_BY_DAY, "weekday"), (HOURS_BY_PART, "part")):
            for name, which in fields.items():
                if text := self.text(row, name):
                    said = True
                    all_of_it = tuple(slot for slot in ALL_HOURS if which in slot.split(":"))
                    found.update(self._read(row, name, read_cell(text, **{of: which}), all_of_it))
        return in_order(found) if said else ALL_HOURS

    def _read(self, row: Row, name: str, hours: Hours | None, all_of_it: Hours) -> Hours:
        """``all_of_it``: every slot that the column can speak of."""
        if hours is not None:
            return hours
        text = self.text(row, name)
        if (meaning := self.mapping.value(name, text)) is not None:
            return tuple(slot for slot in read_hours(meaning) or () if slot in all_of_it)
        if self._any_hours:
            self.remark(row, name, ANY_HOURS)
            return all_of_it
        self.not_known(name, text)
        self.error(row, name, UNCLEAR_HOURS)
        return ()

    def _radius(self, row: Row) -> float:
        match = _NUMBER.match(self.text(row, "radius_km"))
        if match is None:
            if self.text(row, "radius_km"):
                self.remark(row, "radius_km", N_("This is not a distance; it is kept with the notes."))
            return DEFAULT_RADIUS_KM
        number = float(match[1].replace(",", "."))
        km = number * KM_PER_MILE if (match[2] or "").lower().startswith("mi") else number
        return round(min(max(km, 0.1), MAX_RADIUS_KM), 1)

    def _per_week(self, row: Row) -> int | None:
        match = re.match(r"([0-9]{1,3})\b", self.text(row, "max_per_week"))
        if match is None or not 1 <= int(match[1]) <= _MOST_A_WEEK:
            if self.text(row, "max_per_week"):
                self.remark(
                    row, "max_per_week", N_("This is not a number of times; it is kept with the notes.")
                )
            return None
        return int(match[1])


def _notes(notes: str, leftovers: dict[str, str]) -> str:
    more = [f"{heading.strip()}: {text}" for heading, text in leftovers.items()]
    return "\n".join([*([notes] if notes else []), *more])[:MAX_TEXT]
