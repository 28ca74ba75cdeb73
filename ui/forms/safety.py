"""What is typed about a safety check."""

from node.errors import N_
from ui import forms
from ui.words import safety_words, words


class CheckForm(forms.PageForm):
    """One check that was seen."""

    mostly_optional = True

    level = forms.one_of(N_("What did you see?"), words.SAFETY_CHECK)
    decision = forms.one_of(N_("What did you decide?"), safety_words.DECISION)
    seen = forms.day(N_("Seen on"))
    review = forms.day(N_("Look again by"))
