"""What a volunteer says of herself."""

from wtforms import Field, ValidationError

from node.domain.hours import ALL_HOURS
from node.domain.volunteer import MAX_REST_DAYS
from node.errors import N_
from ui import forms
from ui.forms.volunteers import days_in


class TimesForm(forms.PageForm):
    """When, and how much."""

    mostly_optional = True

    hours = forms.several(N_("When can you, in an ordinary week?"), [(slot, slot) for slot in ALL_HOURS])
    max_per_week = forms.number(N_("At most how many times a week?"), low=1, high=50, whole=True)
    rest_days = forms.number(N_("Rest after a hard task (days)"), low=0, high=MAX_REST_DAYS, whole=True)
    days_off = forms.line(N_("Single days when you cannot"), limit=400)

    def validate_hours(self, field: Field) -> None:
        """At least one, or nobody ever asks."""
        if not field.data:
            raise ValidationError(N_("Tick at least one time. For a break there is a button."))

    def validate_days_off(self, field: Field) -> None:
        """Dates, with blanks or commas between them."""
        try:
            days_in(field.data or "")
        except ValueError:
            raise ValidationError(N_("Write days like 2026-12-24, with a blank between them.")) from None


class BreakForm(forms.PageForm):
    """A break, until a day or until further notice."""

    mostly_optional = True

    until = forms.day(N_("Back on"))
