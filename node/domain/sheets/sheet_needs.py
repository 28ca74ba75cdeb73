"""What each row of a sheet of requests asks for: a plan that can be shown first and carried out later. Pure."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from node.domain.catalogue import OTHER, Catalogue
from node.domain.intake.intake import MAX_TEXT
from node.domain.need import CloseReason, NeedState, People, Repeats, Urgency
from node.domain.sheets.mapping import SheetMapping
from node.domain.sheets.sheet_rows import UNKNOWN_STATUS, Reader, RowPlan, SheetPlan
from node.domain.sheets.sheets import Row, Sheet
from node.errors import N_

FRESH_DAYS = 14
"""A row older than this arrives "to check": whoever asked may have found help since."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NeedPlan(RowPlan):
    """What one row becomes: one need for each of ``categories``."""

    state: NeedState
    """new, open or closed."""
    close_reason: CloseReason | None
    closed: date | None
    to_check: bool
    urgency: Urgency
    people: People | None
    repeats: Repeats | None
    keep_here: bool
    groups_see: bool | None
    """The owner's answer if the sheet has one, or as stated by whoever imports; None = not asked = no."""
    place_text: str
    notes: str


def plan_needs(
    sheet: Sheet,
    mapping: SheetMapping,
    catalogue: Catalogue,
    *,
    today: date,
    open_: bool = False,
    stated: bool = False,
) -> SheetPlan[NeedPlan]:
    """Every row's plan. ``open_``: recent rows arrive open; ``stated``: somebody vouches for the owners'
    consent.

    Raises ``Invalid`` if a column that the mapping needs is missing.
    """
    return _Needs(sheet, mapping, catalogue, today, open_, stated).sheet_plan()


class _Needs(Reader[NeedPlan]):
    def __init__(
        self,
        sheet: Sheet,
        mapping: SheetMapping,
        catalogue: Catalogue,
        today: date,
        open_: bool,
        stated: bool,
    ) -> None:
        super().__init__(sheet, mapping, catalogue, today)
        self._open = open_
        self._stated = stated

    def plan(self, row: Row) -> NeedPlan | None:
        before = len(self.errors)
        posted = self.day(row, "posted")
        closed = self.day(row, "closed")
        kinds, unknown = self.kinds(row)
        if not kinds and any(self.text(row, name) for name in ("notes", "name", "address", "phone", "email")):
            kinds = (OTHER,)
            self.remark(row, "categories", N_("Nothing was chosen; somebody must sort it."))
        if not kinds:
            self.error(row, "categories", N_("This row does not ask for anything."))
        if len(self.errors) > before:
            return None
        leftovers = self.leftovers(row)
        person = self.person(row, leftovers)
        place_text = self.one_line(row, "place", leftovers)
        if not any((person.phone, person.email, person.address, place_text)):
            self.remark(row, "", N_("There is no phone, e-mail or address: this person cannot be found."))
        notes = self.text(row, "notes")
        if len(notes) > MAX_TEXT:
            leftovers[self.columns["notes"]], notes = notes, notes[:MAX_TEXT]
            self.remark(row, "notes", N_("This text is very long; the board shows its beginning."))
        state, reason, known = self._state(row)
        to_check = state is not NeedState.CLOSED and (
            not known or posted is None or posted < self.today - timedelta(days=FRESH_DAYS)
        )
        if to_check:
            state = NeedState.NEW
        keep_here = self._keep_here(row)
        return NeedPlan(
            line=row.line,
            number=self.text(row, "id"),
            categories=kinds,
            unknown=unknown,
            state=state,
            close_reason=reason,
            posted=posted,
            closed=(closed or posted) if state is NeedState.CLOSED else None,
            to_check=to_check,
            urgency=self.chosen(row, "urgency", Urgency) or Urgency.THIS_WEEK,
            people=self._people(row),
            repeats=self.chosen(row, "repeats", Repeats),
            keep_here=keep_here,
            groups_see=self._groups_see(row, keep_here),
            person=person,
            place_text=place_text,
            notes=with_unknown(notes, unknown),
            leftovers=leftovers,
            identity=self.identity(row),
        )

    def _state(self, row: Row) -> tuple[NeedState, CloseReason | None, bool]:
        """(state, reason, whether the sheet's word was known)"""
        meaning = self.status(row, "new")
        if meaning is None:
            self.remark(row, "status", UNKNOWN_STATUS)
            return NeedState.NEW, None, False
        if meaning.startswith("closed:"):
            return NeedState.CLOSED, CloseReason(meaning.removeprefix("closed:")), True
        return (NeedState.OPEN if self._open else NeedState.NEW), None, True

    def _people(self, row: Row) -> People | None:
        text = self.text(row, "people")
        match = re.fullmatch(r"([0-9]{1,2})(?:\.0)?", text)
        if match is None or int(match[1]) < 1:
            if text:
                self.remark(row, "people", N_("This is not a number of people; it is kept with the notes."))
            return None
        number = int(match[1])
        if number == 1:
            return People.ONE
        return People.TWO_TO_FOUR if number <= 4 else People.FIVE_OR_MORE

    def _keep_here(self, row: Row) -> bool:
        """Anything but a plain no keeps the need here, where the sheet asks the question at all."""
        return (
            "keep_here" in self.columns
            and self.mapping.value("keep_here", self.text(row, "keep_here")) != "no"
        )

    def _groups_see(self, row: Row, keep_here: bool) -> bool | None:
        if "groups_see" in self.columns:
            answer = self.mapping.value("groups_see", self.text(row, "groups_see"))
            return None if answer is None else answer == "yes" and not keep_here
        return True if self._stated and not keep_here else None


def with_unknown(notes: str, unknown: tuple[str, ...]) -> str:
    """The notes below what was asked for in words that nobody knows."""
    if not unknown:
        return notes
    asked = "\n".join(f"“{choice}”" for choice in unknown)
    return f"{asked}\n{notes}".strip()[:MAX_TEXT]
