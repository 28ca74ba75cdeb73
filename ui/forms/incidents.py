"""What is written down about something that must not happen."""

from node.domain.safety.incidents import MOST_LETTERS
from node.errors import N_
from ui import forms
from ui.words import safety_words


class IncidentForm(forms.PageForm):
    """The first report."""

    mostly_optional = True

    kind = forms.one_of(N_("What is it about?"), safety_words.INCIDENT, default="other")
    text = forms.lines(N_("What happened? In your own words."), limit=MOST_LETTERS)
    day = forms.day(N_("On which day?"))
    volunteer = forms.one_of(N_("Is it about a volunteer?"), {"": "–"})
    staff = forms.one_of(N_("Is it about somebody who works here?"), {"": "–"})
