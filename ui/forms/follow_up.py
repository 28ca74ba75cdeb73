"""What is typed while a request is followed up."""

from wtforms import Field, ValidationError

from node.domain.dispatch.follow_up import MAX_NOTE, ContactKind
from node.domain.intake.intake_rules import NO_AMOUNT
from node.domain.money import parse
from node.errors import N_
from ui import forms
from ui.words import words
from ui.words.desk_words import CONTACT, WHOSE


class ContactForm(forms.PageForm):
    """One entry of the calls; each kind is a button."""

    kind = forms.one_of(N_("What happened?"), CONTACT, str(ContactKind.SPOKE))
    note = forms.line(N_("A note"), limit=MAX_NOTE)
    again = forms.day(N_("Ring again on"))


class CallerForm(forms.PageForm):
    """Who rang for somebody else, to be put right."""

    mostly_optional = True

    whose = forms.one_of(N_("Who asked for it?"), {"self": WHOSE["no"], "other": WHOSE["yes"]})
    caller_name = forms.line(N_("Name of the one who rings"))
    caller_tie = forms.line(N_("How they know each other"))
    caller_phone = forms.line(N_("Number of the one who rings"), limit=60)
    caller_safe = forms.line(N_("When and how is it safe to ring?"))
    caller_agrees = forms.tick(N_("The person knows about this call and agrees"))
    everywhere = forms.tick(N_("In their other requests that say the same, too"))


class CorrectForm(forms.PageForm):
    """What was typed of a request, to be put right."""

    mostly_optional = True

    category = forms.one_of(N_("What kind of help?"), [("", "–")])
    urgency = forms.one_of(N_("How soon?"), words.URGENCY)
    first = forms.day(N_("From this day"))
    last = forms.day(N_("Up to this day"))
    part_of_day = forms.one_of(N_("What time of day?"), {"": N_("Any time"), **words.PART_OF_DAY})
    channel = forms.one_of(
        N_("How did it come in?"), [(code, words.CHANNEL[code]) for code in words.TYPED_CHANNELS]
    )
    repeats = forms.one_of(N_("Just once, or again and again?"), {"": N_("Once"), **words.REPEATS})
    effort = forms.one_of(N_("How long will it take?"), {"": N_("Not known"), **words.EFFORT})
    people = forms.one_of(N_("How many live there?"), {"": N_("Not known"), **words.PEOPLE})
    takes = forms.several(N_("What does it take?"))
    languages = forms.several(N_("Whoever helps must speak one of these"))
    doorstep_word = forms.line(N_("Doorstep word"), limit=60)
    helpers = forms.number(N_("How many people should come?"), low=1, high=20, default=1, whole=True)
    place_text = forms.line(N_("Help is wanted somewhere else? Where?"), limit=200)
    notes = forms.lines(N_("What else must the helper know?"))
    items = forms.lines(N_("Which things, and how many?"), limit=2000)
    money = forms.line(N_("How much money?"), limit=20)
    money_most = forms.line(N_("At most"), limit=20)

    def validate_money(self, field: Field) -> None:
        """An amount as people write it, or nothing."""
        if parse(field.data or "") is None:
            raise ValidationError(NO_AMOUNT)

    validate_money_most = validate_money
