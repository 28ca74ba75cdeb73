"""Set-up and sign-in."""

from node.domain.intake.whereabouts import LONGEST
from node.domain.settings.presets import USUAL
from node.errors import N_
from ui import forms
from ui.words import setting_words


class SignInForm(forms.PageForm):
    """Name and password."""

    handle = forms.line(N_("Your name here"), required=True, limit=80)
    password = forms.secret(N_("Password"))


class CardsForm(forms.PageForm):
    """Words of the printed rescue cards, typed back."""

    first = forms.line(N_("Words 5 to 8 of card 1"), required=True)
    second = forms.line(N_("Words 5 to 8 of card 2"), required=True)
    third = forms.line(N_("Words 5 to 8 of card 3"), required=True)


class SetupForm(forms.PageForm):
    """The starting code and five questions."""

    code = forms.line(N_("Starting code"), required=True, limit=80)
    language = forms.one_of(N_("Which language do you mostly speak together?"), [("en", "English")])
    group_name = forms.line(N_("What is your group called?"), required=True, limit=80)
    point = forms.line(N_("The middle of your area"), required=True, limit=LONGEST)
    zone = forms.line(N_("Which time do your clocks show?"), limit=60)
    preset = forms.one_of(N_("What are you most like?"), setting_words.PRESET, USUAL)
    phone = forms.line(N_("Which number do people ring?"), limit=40)
    hours = forms.line(N_("When does somebody answer?"), limit=120)
    handle = forms.line(N_("Your name here"), required=True, limit=40)
    password = forms.secret(N_("A password only you know"))
