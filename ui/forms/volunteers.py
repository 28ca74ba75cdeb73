"""Volunteers: what they can do, and who must not meet."""

from datetime import date

from wtforms import Field, ValidationError

from node.domain.hours import ALL_HOURS
from node.domain.volunteer import DEFAULT_RADIUS_KM, MAX_REST_DAYS
from node.errors import N_
from ui import forms
from ui.forms.own import REACH
from ui.words import people_words, words


class HelpsForm(forms.PageForm):
    """What they do, and how."""

    kinds = forms.several(N_("What do they like to do?"))
    takes = forms.several(N_("What can they manage?"))
    languages = forms.several(N_("Languages they speak"))
    transport = forms.one_of(N_("How do they get about?"), words.TRANSPORT)
    radius = forms.number(N_("How far will they go? (km)"), low=0.1, high=200, default=5)
    max_per_week = forms.number(N_("At most how many times a week?"), low=1, high=50, whole=True)
    hours = forms.several(N_("When can they?"), [(slot, slot) for slot in ALL_HOURS])
    days_off = forms.line(N_("Single days when they cannot"), limit=400)
    rest_days = forms.number(N_("Rest after a hard task (days)"), low=0, high=MAX_REST_DAYS, whole=True)

    def validate_kinds(self, field: Field) -> None:
        """At least one, or they are never asked."""
        if not field.data:
            raise ValidationError(N_("Choose at least one, or they are never asked."))

    def validate_hours(self, field: Field) -> None:
        """At least one, or they are never asked."""
        if not field.data:
            raise ValidationError(
                N_("Tick at least one time, or they are never asked. For a break there is a button.")
            )

    def validate_days_off(self, field: Field) -> None:
        """Dates, with blanks or commas between them."""
        try:
            days_in(field.data)
        except ValueError:
            raise ValidationError(N_("Write days like 2026-12-24, with a blank between them.")) from None


def days_in(text: str) -> tuple[str, ...]:
    """The days of a line like ``2026-12-24, 2026-12-25``, in order. Raises ``ValueError``."""
    return tuple(sorted({date.fromisoformat(each).isoformat() for each in text.replace(",", " ").split()}))


class VolunteerForm(HelpsForm):
    """Name, how to reach them, and what they do."""

    cleared = forms.several(N_("Safety checks that you have seen"), words.SAFETY_CHECK)
    name = forms.line(N_("Name"), required=True)
    phone = forms.line(N_("Phone"), limit=60)
    email = forms.line(N_("E-mail"))
    address = forms.line(N_("Address, or at least the part of town"))
    safe_to_ring = forms.line(N_("When and how is it safe to ring?"))

    stage = forms.one_of(
        N_("How well do we know them?"),
        {
            "active": N_("We know them"),
            "met": N_("We have met"),
            "applied": N_("New: nobody has met them yet"),
        },
    )


class KnownHelperForm(VolunteerForm):
    """The same for somebody we know already: name, number and address stand on their page."""

    name = forms.line(N_("Name"))


class OrganisationForm(VolunteerForm):
    """A food bank, a church with a van: it helps like a volunteer, through whoever answers its phone."""

    contact_name = forms.line(N_("Whom to ask for"))
    about = forms.lines(N_("What do they do, and how much can they take?"))
    contact_by = forms.one_of(N_("How do they like to be reached?"), people_words.CONTACT_BY)


class ApplyForm(HelpsForm):
    """ "I can help", on the public page: as little as we need to ring back."""

    mostly_optional = True

    kinds = forms.several(N_("What do you like to do?"))
    hours = forms.several(N_("When can you, in an ordinary week?"), [(slot, slot) for slot in ALL_HOURS])
    transport = forms.one_of(N_("How do you get about?"), words.TRANSPORT)
    radius = forms.one_of(N_("How far do you go, at most?"), REACH, default=f"{DEFAULT_RADIUS_KM:g}")
    languages = forms.several(N_("Languages you speak"))
    name = forms.line(N_("What is your name?"), required=True)
    phone = forms.line(N_("Your phone number"), limit=60)
    email = forms.line(N_("Or your e-mail address"))
    address = forms.line(N_("Your address, or at least your part of town"))
    notes = forms.lines(N_("Anything you would like to tell us?"), limit=2000)
    keep_details = forms.tick(N_("You may keep this to ring me about helping"))

    def validate_kinds(self, field: Field) -> None:
        """At least one, or nobody ever asks."""
        if not field.data:
            raise ValidationError(N_("Choose at least one. You can tell us of others later."))

    def validate_hours(self, field: Field) -> None:
        """At least one, or nobody ever asks."""
        if not field.data:
            raise ValidationError(N_("Tick at least one time."))

    def validate_phone(self, field: Field) -> None:
        """A number or an address, or nobody can ring back."""
        if not field.data and not self.email.data:
            raise ValidationError(N_("Write a phone number or an e-mail address, so that we can answer you."))

    def validate_keep_details(self, field: Field) -> None:
        """Without this yes nothing may be kept."""
        if not field.data:
            raise ValidationError(N_("Without this we may not keep what you wrote. You can always ring us."))
