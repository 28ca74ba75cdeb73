"""What can be done to one request on the board."""

from node.errors import N_
from ui import forms
from ui.words import words


class HoldForm(forms.PageForm):
    """On hold, always with a day."""

    until = forms.day(N_("Bring it back on"))
    why = forms.line(N_("Why?"))


class CloseForm(forms.PageForm):
    """Closed, always with a reason."""

    reason = forms.one_of(N_("How did it end?"), words.CLOSE_REASON)
    note = forms.line(N_("A note for us"))
    signpost = forms.line(N_("Where did you send them?"), limit=40)
    duplicate_of = forms.line(N_("If it was asked twice: which is the other one?"), limit=40)
    reference = forms.line(N_("Or type its number"), limit=20)
