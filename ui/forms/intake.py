"""One call, in the order in which it is spoken."""

import re
from datetime import date, timedelta

from wtforms import Field, ValidationError

from node.domain import money
from node.domain.dispatch.series import ONE_A_MONTH
from node.domain.intake.intake_rules import NO_AMOUNT
from node.domain.need import Repeats
from node.domain.person import ContactBy
from node.domain.reach import is_email
from node.errors import N_
from ui import forms
from ui.words import call_words, matching_words, notice_words, words

ON_A_DAY = "on_a_day"
"""What stands in for an urgency where somebody names the day."""
FURTHEST_DAYS = 366
"""How far ahead somebody may ask on the page."""


class IntakeForm(forms.PageForm):
    """Only one kind of help and a phone, an e-mail or an address are compulsory."""

    mostly_optional = True

    draft = forms.line("", limit=22)
    practice = forms.line("", limit=1)
    channel = forms.one_of(
        N_("How did it come in?"), [(code, words.CHANNEL[code]) for code in words.TYPED_CHANNELS]
    )
    whose = forms.one_of(
        N_("Is it for you, or for somebody else?"),
        [
            ("self", N_("For me")),
            ("other", N_("For somebody else")),
            ("organisation", N_("For an organisation")),
        ],
    )
    contact_name = forms.line(N_("Whom do we ask for there?"))
    caller_name = forms.line(N_("Name of the one who rings"))
    caller_phone = forms.line(N_("Their number, if it is another one"), limit=60)
    caller_tie = forms.line(N_("How they know each other"))
    caller_agrees = forms.tick(N_("The person knows about this call and agrees"))

    screen = forms.line(N_("Number on the screen"), limit=60)
    phone = forms.line(N_("Number at the door, if it is another one"), limit=60)
    phone_kind = forms.one_of(N_("Whose phone is it?"), words.PHONE_KIND)
    known_person = forms.line(N_("Somebody we know"), limit=40)
    renamed = forms.tick(N_("It is the person we know, who has another name now"))
    name = forms.line(N_("Name"))

    kinds = forms.several(N_("What kind of help?"))
    kind_numbers = forms.line(N_("Their numbers"), limit=60)
    items = forms.lines(N_("Which things, and how many?"), limit=2000)
    money = forms.line(N_("How much money?"), limit=20)
    money_most = forms.line(N_("At most"), limit=20)
    urgency = forms.one_of(N_("How soon?"), {"now": N_("Now"), **words.URGENCY}, "this_week")
    promise = forms.time_of_day(N_("We ring back by"))
    first = forms.day(N_("From this day"))
    last = forms.day(N_("Up to this day"))
    part_of_day = forms.one_of(N_("What time of day?"), {"": N_("Any time"), **words.PART_OF_DAY})
    effort = forms.one_of(N_("How long will it take?"), {"": N_("Not known"), **words.EFFORT})
    repeats = forms.one_of(N_("Just once, or again and again?"), {"": N_("Once"), **matching_words.SAID})
    repeat_days = forms.several(N_("On which days of the week?"), call_words.WEEKDAYS)
    helpers = forms.number(N_("How many people should come?"), low=1, high=20, default=1, whole=True)

    address = forms.line(N_("Address, or at least the part of town"), limit=200)
    place_text = forms.line(N_("Help is wanted somewhere else? Where?"), limit=200)
    notes = forms.lines(N_("What else must the helper know?"))
    doorstep_word = forms.line(N_("Doorstep word"), limit=60)
    safe_to_ring = forms.line(N_("When and how is it safe to ring?"))
    email = forms.line(N_("Their e-mail address"), limit=200)
    language = forms.one_of(N_("Which language do they like to speak?"), [("", "–")])
    takes = forms.several(N_("What does it take?"))

    # Asked in the group's own words: ui/parts/spoken.py.
    script = forms.line("", limit=10)
    help_you = forms.tick("")
    groups_see = forms.tick("")
    keep_details = forms.tick("")
    keep_here = forms.tick(N_("Keep this one in our group, whatever else was said"))

    def take_numbers(self) -> None:
        """Ticks the kinds whose numbers were typed; the first kind on the page is 1."""
        codes = [code for code, _ in self.kinds.choices]
        typed = [int(number) for number in re.findall(r"[0-9]{1,3}", self.kind_numbers.data or "")]
        chosen = [codes[number - 1] for number in typed if 1 <= number <= len(codes)]
        self.kinds.data = list(dict.fromkeys([*chosen, *(self.kinds.data or ())]))

    def validate_kinds(self, field: Field) -> None:
        """At least one kind of help."""
        if not field.data:
            raise ValidationError(N_("Choose at least one kind of help."))

    def validate_repeat_days(self, field: Field) -> None:
        """Once a month has no list of weekdays."""
        if self.repeats.data == Repeats.MONTHLY and len(field.data) > 1:
            raise ValidationError(ONE_A_MONTH)

    def validate_kind_numbers(self, field: Field) -> None:
        """Only numbers that stand on the page."""
        typed = [int(number) for number in re.findall(r"[0-9]+", field.data or "")]
        if any(not 1 <= number <= len(self.kinds.choices) for number in typed):
            raise ValidationError(N_("There is no kind of help with that number."))

    def validate_money(self, field: Field) -> None:
        """An amount, or nothing."""
        if money.parse(field.data or "") is None:
            raise ValidationError(NO_AMOUNT)

    validate_money_most = validate_money

    def validate_address(self, field: Field) -> None:
        """A phone, an e-mail or an address, or nobody can reach them."""
        ways = (field, self.phone, self.screen, self.caller_phone, self.email, self.known_person)
        if not any(way.data for way in ways):
            raise ValidationError(
                N_("We need a phone number, an e-mail or an address, or nobody can reach them.")
            )

    def validate_email(self, field: Field) -> None:
        """Where one is written, one that can be written to."""
        if field.data and not is_email(field.data):
            raise ValidationError(N_("This does not look like an e-mail address."))


class AskForm(forms.PageForm):
    """The same in fewer words, for somebody who asks on the page."""

    mostly_optional = True

    name = forms.line(N_("What may we call you?"))
    phone = forms.line(N_("Your phone number"), limit=60)
    safe_to_ring = forms.line(N_("When is it safe to ring you?"))
    whose = forms.one_of(
        N_("Is it for you, or for somebody else?"),
        {"self": N_("For me"), "other": N_("For somebody I look after")},
    )
    their_name = forms.line(N_("What is their name?"))
    their_phone = forms.line(N_("Their phone number"), limit=60)
    tie = forms.line(N_("How do you know each other?"))
    agrees = forms.tick(N_("They know that I ask for them, and agree"))
    told_by = forms.one_of(N_("How may we tell you how far it is?"), notice_words.TOLD_BY)
    email = forms.line(N_("Your e-mail address"), limit=200)
    address = forms.line(N_("Address, or at least the part of town"), limit=200)
    kinds = forms.several(N_("What would help?"))
    urgency = forms.one_of(N_("How soon?"), {**words.URGENCY, ON_A_DAY: N_("On a certain day")}, "this_week")
    day = forms.day(N_("Which day?"))
    part_of_day = forms.one_of(N_("What time of day?"), {"": N_("Any time"), **words.PART_OF_DAY})
    notes = forms.lines(N_("Anything we should know?"), limit=2000)
    help_you = forms.tick("")
    groups_see = forms.tick("")
    keep_details = forms.tick("")
    pass_on = forms.tick("")

    @property
    def for_another(self) -> bool:
        """Whether who asks and who is helped are two."""
        return bool(self.whose.data == "other")

    @property
    def on(self) -> date | None:
        """The day that was chosen; one that was only typed, beside another answer, counts for nothing."""
        return self.day.data if self.urgency.data == ON_A_DAY else None

    def blame_day(self, today: date) -> None:
        """Says what is wrong with the day, beside what is no day at all."""
        if self.urgency.data != ON_A_DAY or self.day.errors:
            return
        if self.day.data is None:
            self.blame({"day": N_("Pick the day, or choose another answer.")})
        elif self.day.data < today:
            self.blame({"day": N_("This day is past.")})
        elif self.day.data > today + timedelta(days=FURTHEST_DAYS):
            self.blame({"day": N_("That is more than a year away. Ask again when it comes nearer.")})

    def validate_kinds(self, field: Field) -> None:
        """At least one kind of help."""
        if not field.data:
            raise ValidationError(N_("Choose at least one kind of help."))

    def validate_phone(self, field: Field) -> None:
        """A phone or an address."""
        if not field.data and not self.address.data:
            raise ValidationError(N_("We need a phone number or an address, or nobody can reach you."))

    def validate_email(self, field: Field) -> None:
        """One that we can write to, for whoever wants to be written to."""
        if self.told_by.data == ContactBy.EMAIL and not is_email(field.data or ""):
            raise ValidationError(N_("This does not look like an e-mail address."))

    def validate_help_you(self, field: Field) -> None:
        """Without this yes nothing may be kept."""
        if not field.data:
            raise ValidationError(N_("Without this we may not keep what you wrote. You can always ring us."))


class PromiseForm(forms.PageForm):
    """Until when somebody rings back."""

    promise = forms.time_of_day(N_("We ring back by"))
