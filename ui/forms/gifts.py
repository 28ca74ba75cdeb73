"""What somebody has to give."""

from wtforms import Field, ValidationError

from node.domain.gifts.gift import GiftSort, Way
from node.errors import N_
from ui import forms
from ui.words import gift_words


class GiftForm(forms.PageForm):
    """What it is, how it gets to somebody, until when, and whose it is."""

    mostly_optional = True

    sort = forms.one_of(N_("What would you like to offer?"), gift_words.SORT, GiftSort.THING)
    what = forms.line(N_("What is it?"), required=True)
    much = forms.line(N_("How much of it, or when?"))
    kinds = forms.several(N_("What is it good for?"))
    way = forms.one_of(N_("How does it get to somebody?"), gift_words.WAY, Way.EITHER)
    until = forms.day(N_("The last day"))
    name = forms.line(N_("What is your name?"), required=True)
    phone = forms.line(N_("Your phone number"), limit=60)
    email = forms.line(N_("Or your e-mail address"))
    address = forms.line(N_("Where is it, or where do you live? A part of town is enough"))
    keep_details = forms.tick("")

    def validate_phone(self, field: Field) -> None:
        """A number or an address, or nobody can ring back."""
        if not field.data and not self.email.data:
            raise ValidationError(N_("Write a phone number or an e-mail address, so that we can answer you."))

    def validate_keep_details(self, field: Field) -> None:
        """Without this yes nothing may be kept."""
        if not field.data:
            raise ValidationError(N_("Without this we may not keep what you wrote. You can always ring us."))


class GiftCallForm(GiftForm):
    """The same, typed in by whoever took the call."""

    sort = forms.one_of(N_("What sort of thing is it?"), gift_words.SORT_SHORT, GiftSort.THING)
    way = forms.one_of(N_("How does it get to somebody?"), gift_words.WAY_SHORT, Way.EITHER)
    name = forms.line(N_("Name"), required=True)
    phone = forms.line(N_("Phone"), limit=60)
    email = forms.line(N_("E-mail"))
    address = forms.line(N_("Address, or at least the part of town"))
    note = forms.lines(N_("A note for us"), limit=2000)

    def validate_keep_details(self, field: Field) -> None:
        """Asked, and answered with yes."""
        if not field.data:
            raise ValidationError(N_("Ask them, and tick it. Without this yes we may not keep it."))
