"""Money laid out for somebody."""

from datetime import date

from node.domain.rounds.receipt import MAX_NOTE, MAX_NUMBER
from node.errors import N_
from ui import forms


class ReceiptForm(forms.PageForm):
    """How much, the number on the slip, and a few words."""

    mostly_optional = True
    twin: date | None = None
    """The day of a claim that may be the same receipt: then the form asks once more."""

    amount = forms.line(N_("How much was it?"), limit=20)
    number = forms.line(N_("Number on the receipt"), limit=MAX_NUMBER)
    note = forms.line(N_("What was it for?"), limit=MAX_NOTE)
    day = forms.day(N_("On which day?"))
    person = forms.line(N_("Who laid it out?"))
    stop = forms.line(N_("Which stop?"))
    again = forms.tick(N_("Yes, it is another receipt"))
    over = forms.tick(N_("It is more than we usually pay back, and I said yes"))
