"""Rounds of deliveries."""

from node.domain.rounds.run import MAX_NOTE
from node.errors import N_
from ui import forms
from ui.words import run_words


class PlanForm(forms.PageForm):
    """Day, driver, where it begins, and what goes along."""

    mostly_optional = True

    day = forms.day(N_("Which day?"))
    driver = forms.one_of(N_("Who drives?"), [("", "–")])
    start = forms.line(N_("Where does it begin?"))
    note = forms.lines(N_("What should they know before?"), limit=MAX_NOTE)
    needs = forms.several(N_("What goes along?"))
    why = forms.line(N_("Why all the same?"), limit=200)


class DoorForm(forms.PageForm):
    """How one door is done."""

    mostly_optional = True

    hand_off = forms.one_of(N_("How is it handed over?"), run_words.HAND_OFF)
    note = forms.line(N_("What helps at this door?"), limit=MAX_NOTE)


class SaidForm(forms.PageForm):
    """What became of a stop."""

    mostly_optional = True

    word = forms.one_of(N_("What became of it?"), run_words.WORD)
    note = forms.line(N_("Anything we should know?"), limit=MAX_NOTE)
