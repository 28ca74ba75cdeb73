"""What we agreed on with one neighbouring group, and what we say about ourselves."""

from node.errors import N_
from ui import forms
from ui.words import setting_words, words


class TermsForm(forms.PageForm):
    """The settings of one neighbouring group."""

    role = forms.one_of(N_("What are they to us?"), words.PEER_ROLE)
    gives = forms.one_of(N_("What do they get of ours?"), words.GIVES)
    which = forms.one_of(
        N_("What do we take of theirs?"),
        [("all", N_("Every kind of help")), ("some", N_("Only what is ticked below"))],
    )
    takes = forms.several(N_("Kinds of help"))
    checks_count = forms.tick(N_("Their word about safety checks counts here"))
    ask_now = forms.tick(N_("They may ring our people on duty for what is wanted today"))
    vouched = forms.tick(N_("We are their go-between: we speak for them, and keep their post"))


class EntryForm(forms.PageForm):
    """Our own line in the phone book."""

    name = forms.line(N_("Name of the group"), required=True, limit=80)
    phone = forms.line(N_("Phone"), limit=40)
    hours = forms.line(N_("Hours"), limit=120)
    state = forms.one_of(N_("How is it just now?"), words.OWN_STATE)
    until = forms.day(N_("Until which day?"))
    headings = forms.several(N_("What do you take?"))
    kind = forms.one_of(N_("What are you?"), setting_words.NODE_KIND)
    languages = forms.several(N_("In which languages do you answer?"))


class CompareForm(forms.PageForm):
    """The words that somebody heard by phone."""

    words = forms.line(N_("Their six words, as somebody there read them out to you"), required=True)
