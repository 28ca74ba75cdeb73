"""One call, in the order in which it is spoken."""

from wtforms import Field, ValidationError

from node.errors import N_
from ui import forms, words


class IntakeForm(forms.PageForm):
    """Only one kind of help and a phone or an address are compulsory."""

    mostly_optional = True

    whose = forms.one_of(
        N_("Is it for you, or for somebody else?"),
        [("self", N_("For me")), ("other", N_("For somebody else"))],
    )
    caller_name = forms.line(N_("Name of the one who rings"))
    caller_phone = forms.line(N_("Their number, if it is another one"), limit=60)
    caller_tie = forms.line(N_("How they know each other"))
    caller_agrees = forms.tick(N_("The person knows about this call and agrees"))

    screen = forms.line(N_("Number on the screen"), limit=60)
    phone = forms.line(N_("Number at the door, if it is another one"), limit=60)
    phone_kind = forms.one_of(N_("Whose phone is it?"), words.PHONE_KIND)
    known_person = forms.line(N_("Somebody we know"), limit=40)
    name = forms.line(N_("Name"))

    kinds = forms.several(N_("What kind of help?"))
    urgency = forms.one_of(N_("How soon?"), words.URGENCY, "this_week")
    first = forms.day(N_("From this day"))
    last = forms.day(N_("Up to this day"))
    part_of_day = forms.one_of(N_("What time of day?"), {"": N_("Any time"), **words.PART_OF_DAY})
    effort = forms.one_of(N_("How long will it take?"), {"": N_("Not known"), **words.EFFORT})
    repeats = forms.one_of(N_("Just once, or again and again?"), {"": N_("Once"), **words.REPEATS})
    helpers = forms.number(N_("How many people should come?"), low=1, high=20, default=1, whole=True)

    address = forms.line(N_("Address, or at least the part of town"), limit=200)
    place_text = forms.line(N_("Help is wanted somewhere else? Where?"), limit=200)
    notes = forms.lines(N_("What else must the helper know?"))
    doorstep_word = forms.line(N_("Doorstep word"), limit=60)
    safe_to_ring = forms.line(N_("When and how is it safe to ring?"))
    language = forms.one_of(N_("Which language do they like to speak?"), [("", "–")])
    takes = forms.several(N_("What does it take?"))

    help_you = forms.tick(N_("“May we keep this on paper and computer to help you?”"))
    groups_see = forms.tick(N_("“May other groups nearby see that help is wanted, without your name?”"))
    keep_details = forms.tick(N_("“May we keep your details, so that next time is quicker?”"))
    keep_here = forms.tick(N_("Keep this one in our group, whatever else was said"))

    def validate_kinds(self, field: Field) -> None:
        """At least one kind of help."""
        if not field.data:
            raise ValidationError(N_("Choose at least one kind of help."))

    def validate_address(self, field: Field) -> None:
        """A phone or an address, or nobody can go."""
        if not (
            field.data
            or self.phone.data
            or self.screen.data
            or self.caller_phone.data
            or self.known_person.data
        ):
            raise ValidationError(N_("We need a phone number or an address, or nobody can reach them."))


class AskForm(forms.PageForm):
    """The same in fewer words, for somebody who asks on the page."""

    mostly_optional = True

    name = forms.line(N_("What may we call you?"))
    phone = forms.line(N_("Your phone number"), limit=60)
    safe_to_ring = forms.line(N_("When is it safe to ring you?"))
    address = forms.line(N_("Your address, or at least your part of town"), limit=200)
    kinds = forms.several(N_("What would help?"))
    urgency = forms.one_of(N_("How soon?"), words.URGENCY, "this_week")
    notes = forms.lines(N_("Anything we should know?"), limit=2000)
    help_you = forms.tick(N_("You may keep this to help me"))
    groups_see = forms.tick(N_("Other groups nearby may see that help is wanted, without my name"))

    def validate_kinds(self, field: Field) -> None:
        """At least one kind of help."""
        if not field.data:
            raise ValidationError(N_("Choose at least one kind of help."))

    def validate_phone(self, field: Field) -> None:
        """A phone or an address."""
        if not field.data and not self.address.data:
            raise ValidationError(N_("We need a phone number or an address, or nobody can reach you."))

    def validate_help_you(self, field: Field) -> None:
        """Without this yes nothing may be kept."""
        if not field.data:
            raise ValidationError(N_("Without this we may not keep what you wrote. You can always ring us."))
