"""Forms of the settings pages."""

from collections.abc import Mapping
from typing import Any

import wtforms
from wtforms import ValidationError

from node.domain.settings import opening
from node.domain.settings.questions import MOST_LETTERS as MOST_OF_A_QUESTION
from node.domain.settings.resources import MOST_LETTERS as MOST
from node.domain.settings.texts import MOST_LETTERS
from node.errors import N_
from ui import forms
from ui.words import setting_words
from ui.words.words import WEEKDAY


class ZoneForm(forms.PageForm):
    """Where the group's clocks stand."""

    zone = forms.line(N_("A city that has your time"), required=True, limit=60)


def _hours_of_a_day(weekday: str) -> Any:
    """Opening times of one weekday (its code), as people type them."""

    def understood(form: Any, field: Any) -> None:
        if opening.typed(0, field.data or "") is None:
            raise ValidationError(
                N_("Write times like 10:00-12:30 or 14-17, with a comma between two of them.")
            )

    return wtforms.StringField(WEEKDAY[weekday], [forms.shorter_than(60), understood])


class PlaceForm(forms.PageForm):
    """A place that helps."""

    mostly_optional = True
    DAYS = tuple(f"open_{weekday}" for weekday in WEEKDAY)
    """The fields of the opening times, Monday first."""

    name = forms.line(N_("What is it called?"), required=True, limit=MOST["name"])
    what = forms.lines(N_("What does it give?"), limit=MOST["what"])
    kinds = forms.several(N_("Kinds of help"))
    address = forms.line(N_("Address"), limit=MOST["address"])
    area = forms.line(N_("For whom"), limit=MOST["area"])
    hours = forms.line(N_("When is it open?"), limit=MOST["hours"])
    phone = forms.line(N_("Phone"), limit=MOST["phone"])
    link = forms.line(N_("Link"), limit=MOST["link"])
    languages = forms.several(N_("Languages spoken there"))
    checked_on = forms.day(N_("Checked on"))
    open_mon = _hours_of_a_day("mon")
    open_tue = _hours_of_a_day("tue")
    open_wed = _hours_of_a_day("wed")
    open_thu = _hours_of_a_day("thu")
    open_fri = _hours_of_a_day("fri")
    open_sat = _hours_of_a_day("sat")
    open_sun = _hours_of_a_day("sun")

    @property
    def days(self) -> list[Any]:
        """The fields of the opening times."""
        return [self[name] for name in self.DAYS]

    def week(self) -> opening.Week:
        """What they say together."""
        spans = (opening.typed(at, field.data or "") or () for at, field in enumerate(self.days))
        return opening.week_of(each for day in spans for each in day)


class QuestionForm(forms.PageForm):
    """One of the group's own questions, in one language."""

    mostly_optional = True

    words = forms.line(N_("The question, as you would say it"), limit=MOST_OF_A_QUESTION)
    kind = forms.one_of(N_("How is it answered?"), setting_words.QUESTION_KIND)
    asked = forms.several(N_("Where is it asked?"), setting_words.ASKED_AT)
    choices_typed: Mapping[str, str] = {}
    """Code of a choice -> its words."""


class TextForm(forms.PageForm):
    """One text in one language; empty goes back to ours."""

    mostly_optional = True

    text = forms.lines(N_("Our words"), limit=MOST_LETTERS)
