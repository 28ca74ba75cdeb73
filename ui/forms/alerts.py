"""What a member of staff wants to be told, and where."""

from collections.abc import Collection
from dataclasses import replace

from node.domain.notices.alerts import WHENS, AlertChoices, Matter, When
from node.errors import N_
from ui import forms
from ui.words import alert_words


def _when(matter: Matter) -> list[tuple[str, str]]:
    return [(when.value, alert_words.WHEN[when]) for when in WHENS[matter]]


class AlertsForm(forms.PageForm):
    """Four choices, and no more."""

    mostly_optional = True
    safety = forms.one_of(alert_words.MATTER[Matter.SAFETY], _when(Matter.SAFETY))
    urgent = forms.one_of(alert_words.MATTER[Matter.URGENT], _when(Matter.URGENT))
    calls = forms.one_of(alert_words.MATTER[Matter.CALLS], _when(Matter.CALLS))
    neighbours = forms.one_of(alert_words.MATTER[Matter.NEIGHBOURS], _when(Matter.NEIGHBOURS))

    def only(self, matters: Collection[Matter]) -> "AlertsForm":
        """Without the choices about what can never be theirs."""
        for matter in Matter:
            if matter not in matters:
                del self[matter.value]
        return self

    @classmethod
    def showing(cls, choices: AlertChoices) -> "AlertsForm":
        """As they are."""
        return cls(**{matter.value: choices.when(matter).value for matter in Matter})

    def wanted(self, held: AlertChoices) -> AlertChoices:
        """As they were chosen; what is not asked stays as it is."""
        return replace(held, **{field.name: When(field.data) for field in self})


class AlertAddressForm(forms.PageForm):
    """Where messages go."""

    address = forms.line(N_("Your own e-mail address"), required=True, limit=200)
    in_chat = forms.tick(N_("It is where I am in our chat, not for texts or mail"))


class AlertCodeForm(forms.PageForm):
    """The digits that came there."""

    code = forms.line(N_("The six digits that we sent"), required=True, limit=20)
