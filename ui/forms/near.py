"""A place, a distance, a kind of help."""

from node.domain.hours import ALL_HOURS
from node.errors import N_
from ui import forms
from ui.words import words


class NearForm(forms.PageForm):
    """All in the address, so that it can be sent to a friend."""

    REACHES = (3, 10, 30, 100)
    """Kilometres."""

    place = forms.line(N_("Around which place?"), limit=120)
    km = forms.one_of(N_("How far?"), [(str(reach), f"{reach} km") for reach in REACHES], "10")
    category = forms.one_of(N_("What kind of help?"), [("", N_("Every kind"))])
    takes = forms.one_of(N_("What does it take?"), [("", N_("Whatever it takes"))])


class PeerForm(forms.PageForm):
    """A neighbouring group: its address, and the words its people read out."""

    url = forms.line(N_("Web address of their site"), required=True)
    words = forms.line(N_("Their six words, read out over the phone"))
    did = forms.line(N_("or their long id"))
    allow_private = forms.tick(N_("Their address is on our own network (same house, same router)"))


class LookForm(forms.PageForm):
    """One field of each sort, to be looked at; nobody sends it."""

    mostly_optional = True

    name = forms.line(N_("Name"))
    phone = forms.line(N_("Phone"))
    notes = forms.lines(N_("Notes"))
    language = forms.one_of(N_("Language"), [("", "–")])
    urgency = forms.one_of(N_("How soon?"), words.URGENCY, "this_week")
    agrees = forms.tick(N_("They agree"))
    day = forms.day(N_("Day"))
    hours = forms.several(N_("When can they?"), [(slot, slot) for slot in ALL_HOURS])
