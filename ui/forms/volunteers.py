"""Volunteers: what they can do, and who must not meet."""

from wtforms import Field, ValidationError

from node.errors import N_
from ui import forms, words


class HelpsForm(forms.PageForm):
    """What they do, and how."""

    kinds = forms.several(N_("What do they like to do?"))
    takes = forms.several(N_("What can they manage?"))
    languages = forms.several(N_("Languages they speak"))
    transport = forms.one_of(N_("How do they get about?"), words.TRANSPORT)
    radius = forms.number(N_("How far will they go? (km)"), low=0.1, high=200, default=5)
    max_per_week = forms.number(N_("At most how many times a week?"), low=1, high=50, whole=True)
    days_off = forms.several(N_("Which days are no good?"), words.WEEKDAY)
    cleared = forms.several(N_("Safety checks that you have seen"), words.SAFETY_CHECK)

    def validate_kinds(self, field: Field) -> None:
        """At least one, or they are never asked."""
        if not field.data:
            raise ValidationError(N_("Choose at least one, or they are never asked."))


class VolunteerForm(HelpsForm):
    """Name, how to reach them, and what they do."""

    name = forms.line(N_("Name"), required=True)
    phone = forms.line(N_("Phone"), limit=60)
    email = forms.line(N_("E-mail"))
    address = forms.line(N_("Address, or at least the part of town"))
    safe_to_ring = forms.line(N_("When and how is it safe to ring?"))
