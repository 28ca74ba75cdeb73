"""What a volunteer says of herself."""

from collections.abc import Iterable
from datetime import date, timedelta

from wtforms import Field, ValidationError

from node.domain.hours import ALL_HOURS
from node.domain.own.distance import STEPS_KM
from node.domain.volunteer import MAX_REST_DAYS
from node.errors import N_
from ui import forms

REACH = {f"{km:g}": "" for km in STEPS_KM}
"""How far somebody may say that she goes, in kilometres; ``parts/reach.html`` has the words."""
MOST_AT_ONCE = 31
"""So many days can be added in one go."""


class TimesForm(forms.PageForm):
    """When, how far, and how much."""

    mostly_optional = True

    hours = forms.several(N_("When can you, in an ordinary week?"), [(slot, slot) for slot in ALL_HOURS])
    radius = forms.one_of(N_("How far do you go, at most?"), REACH)
    max_per_week = forms.number(N_("At most how many times a week?"), low=1, high=50, whole=True)
    rest_days = forms.number(N_("Rest after a hard task (days)"), low=0, high=MAX_REST_DAYS, whole=True)
    days_off = forms.several(N_("Single days when you cannot"))
    off_from = forms.day(N_("One more day, or the first of several"))
    off_until = forms.day(N_("Up to this day"))

    def validate_hours(self, field: Field) -> None:
        """At least one, or nobody ever asks."""
        if not field.data:
            raise ValidationError(N_("Tick at least one time. For a break there is a button."))

    def know(self, days: Iterable[str], km: float) -> None:
        """Offers these days (ISO 8601) to be kept, and those that came ticked; and beside the steps what stands of how
        far she goes (kilometres)."""
        self.radius.choices = [(each, "") for each in sorted({*REACH, f"{km:g}"}, key=float)]
        ticked = [day for day in self.days_off.data if _is_day(day)]
        self.days_off.choices = [(day, day) for day in sorted({*days, *ticked})]

    def blame_days(self, today: date) -> None:
        """Says what is wrong with the days that are to be added."""
        first, last = self.off_from.data, self.off_until.data
        if first is None or self.off_from.errors or self.off_until.errors:
            if last is not None and not self.off_from.errors:
                self.blame({"off_from": N_("Which is the first of these days?")})
        elif first < today:
            self.blame({"off_from": N_("This day is past.")})
        elif last is not None and last < first:
            self.blame({"off_until": N_("The last day is before the first.")})
        elif last is not None and (last - first).days >= MOST_AT_ONCE:
            self.blame({"off_until": N_("For so long there is a break: see the top of this page.")})

    def all_off(self) -> tuple[str, ...]:
        """The days that stay, and those that are added, in order."""
        first, last = self.off_from.data, self.off_until.data
        several = ((last or first) - first).days + 1 if first else 0
        added = ((first + timedelta(days=number)).isoformat() for number in range(several))
        return tuple(sorted({*self.days_off.data, *added}))


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


class BreakForm(forms.PageForm):
    """A break, until a day or until further notice."""

    mostly_optional = True

    until = forms.day(N_("Back on"))
