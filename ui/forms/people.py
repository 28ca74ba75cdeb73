"""One person: how she is reached, and the steps that take a reason."""

from collections.abc import Sequence

from node.errors import N_
from ui import forms
from ui.words import people_words, words


class DetailsForm(forms.PageForm):
    """Everything that is held about how somebody is reached; what is emptied here is gone."""

    mostly_optional = True

    name = forms.line(N_("Name"))
    contact_name = forms.line(N_("Whom to ask for"))
    door = forms.line(N_("Phone"), limit=60)
    door_kind = forms.one_of(N_("Whose phone is it?"), words.PHONE_KIND)
    screen = forms.line(N_("Second number"), limit=60)
    email = forms.line(N_("E-mail"))
    address = forms.line(N_("Address"), limit=200)
    safe_to_ring = forms.line(N_("When and how is it safe to ring?"))
    contact_by = forms.one_of(N_("How do they like to be reached?"), people_words.CONTACT_BY)
    languages = forms.several(N_("Languages they speak"))
    about = forms.lines(N_("What do they do, and how much can they take?"))
    notes = forms.lines(N_("Notes"))
    why = forms.line(N_("Why is it changed?"))


class StepForm(forms.PageForm):
    """A reason from a short list, a note that is sealed, for a break the first day back."""

    reason = forms.one_of(N_("Why?"), people_words.REASON)
    note = forms.line(N_("A note for us"), limit=400)
    until = forms.day(N_("First day back"))

    def offer(self, reasons: Sequence[str]) -> None:
        """The reasons that there are for this step."""
        self.reason.choices = [(code, people_words.REASON[code]) for code in reasons] or [("", "–")]
        if not self.reason.raw_data or not reasons:
            self.reason.data = self.reason.choices[0][0]
