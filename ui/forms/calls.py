"""Lists of calls."""

from node.domain.calls.call_lines import MAX_TEXT
from node.domain.calls.call_list import MAX_NAME, MAX_NOTE, WEEK
from node.errors import N_
from ui import forms
from ui.words import call_words


class RhythmForm(forms.PageForm):
    """What a list is called, on which days, in which language."""

    mostly_optional = True

    name = forms.line(N_("What is the list called?"), limit=MAX_NAME)
    weekdays = forms.several(N_("On which days?"), call_words.WEEKDAYS)
    first_day = forms.day(N_("From"))
    last_day = forms.day(N_("Until"))
    on_holiday = forms.one_of(N_("On our days off"), call_words.ON_HOLIDAY, default="same")
    language = forms.one_of(N_("In which language?"), [("", "–")])
    note = forms.lines(N_("What should every caller know?"), limit=MAX_NOTE)

    @property
    def days(self) -> tuple[int, ...]:
        """The weekdays that were ticked, 0 Monday."""
        return tuple(day for day in WEEK if str(day) in (self.weekdays.data or ()))


class PeopleForm(forms.PageForm):
    """Names and numbers, a line a person."""

    mostly_optional = True

    people = forms.lines(N_("Names and telephone numbers"), limit=MAX_TEXT)
    agreed = forms.tick(N_("They all said yes to being rung"))


class NewListForm(RhythmForm, PeopleForm):
    """A new list, with people and callers."""

    mostly_optional = True

    callers = forms.several(N_("Who rings?"))


class WordForm(forms.PageForm):
    """What came of one call."""

    mostly_optional = True

    word = forms.one_of(N_("What came of it?"), call_words.WORD)
    note = forms.line(N_("Anything we should know?"), limit=MAX_NOTE)
    day = forms.day(N_("Which day?"))


class EntryForm(forms.PageForm):
    """A note about one person, who usually rings, a first day back."""

    mostly_optional = True

    note = forms.line(N_("What helps on the telephone?"), limit=MAX_NOTE)
    until = forms.day(N_("First day again"))
