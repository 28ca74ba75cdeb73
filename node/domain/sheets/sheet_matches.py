"""What each row of a sheet of past matches says: who was helped, by whom, with what, and when. Pure."""

from dataclasses import dataclass
from datetime import date

from node.domain.catalogue import OTHER, Catalogue
from node.domain.ids import NeedId, PersonId
from node.domain.intake.intake import MAX_TEXT, NewPerson
from node.domain.need import CloseReason
from node.domain.reach import is_email, is_phone
from node.domain.sheets.mapping import LISTS, SheetMapping
from node.domain.sheets.sheet_needs import with_unknown
from node.domain.sheets.sheet_rows import Reader, RowPlan, SheetPlan
from node.domain.sheets.sheets import Row, Sheet
from node.errors import N_


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchPlan(RowPlan):
    """What one row becomes: a request that is over, for each kind, and that this helper was on it."""

    helper: NewPerson
    request: str = ""
    """The number of the request in a list that came in before; empty: the row says by name who was helped."""
    helper_number: str = ""
    """The same of whoever helped."""
    need_ids: tuple[NeedId, ...] = ()
    """What that number stands for here, once that was looked up (``services.sheets.old_numbers``)."""
    helper_id: PersonId | None = None
    reason: CloseReason
    done: date
    place_text: str
    notes: str


def plan_matches(
    sheet: Sheet, mapping: SheetMapping, catalogue: Catalogue, *, today: date
) -> SheetPlan[MatchPlan]:
    """Every row's plan. Raises ``Invalid`` if a column that the mapping needs is missing."""
    return _Matches(sheet, mapping, catalogue, today).sheet_plan()


class _Matches(Reader[MatchPlan]):
    def plan(self, row: Row) -> MatchPlan | None:
        before = len(self.errors)
        posted, closed = self.day(row, "posted"), self.day(row, "closed")
        kinds, unknown = self.kinds(row)
        leftovers = self.leftovers(row)
        person = self.person(row, leftovers)
        helper = NewPerson(
            name=self.one_line(row, "helper", leftovers),
            phone=self.one_line(row, "helper_phone", leftovers, is_phone),
            email=self.one_line(row, "helper_email", leftovers, is_email),
        )
        request, number = self.text(row, "request"), self.text(row, "helper_number")
        if not person.name and not person.phone and not request:
            column = "name" if "name" in self.columns else "request"
            self.error(row, column, N_("This row does not say who was helped."))
        if not helper.name and not number:
            column = "helper" if "helper" in self.columns else "helper_number"
            self.error(row, column, N_("This row does not say who helped."))
        day = closed or posted
        if day is None and len(self.errors) == before:
            self.error(row, "closed" if "closed" in self.columns else "posted", N_("This row has no date."))
        meaning = self.status(row, f"closed:{CloseReason.COMPLETED}")
        if meaning is None:
            self.error(
                row, "status", N_("Nobody knows what this status means. Say it, or leave the row out.")
            )
        if day is None or meaning is None or len(self.errors) > before:
            return None
        return MatchPlan(
            line=row.line,
            number=self.text(row, "id"),
            # Numbers only where there are any: rows that came in before they could be are still known again.
            identity=self.identity(
                row, "closed", "helper", "categories", *(name for name in LISTS if self.text(row, name))
            ),
            posted=posted or day,
            categories=kinds or (OTHER,),
            unknown=unknown,
            person=person,
            leftovers=leftovers,
            helper=helper,
            request=request,
            helper_number=number,
            reason=CloseReason(meaning.removeprefix("closed:")),
            done=day,
            place_text=self.one_line(row, "place", leftovers),
            notes=with_unknown(self.text(row, "notes")[:MAX_TEXT], unknown),
        )
