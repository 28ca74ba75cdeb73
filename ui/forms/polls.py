"""A short poll."""

from wtforms import Field, ValidationError

from node.errors import N_
from ui import forms


class PollForm(forms.PageForm):
    """One question, its answers, and until when."""

    mostly_optional = True

    question = forms.line(N_("What would you like to know?"), required=True, limit=160)
    choices = forms.lines(N_("The answers, a line each"), limit=600)
    until = forms.day(N_("Until which day?"))
    shown = forms.tick(N_("Everybody may see what came of it (without counts below five)"))

    def validate_choices(self, field: Field) -> None:
        """Looked at by the rule of polls; here only that there is something."""
        if not field.data:
            raise ValidationError(N_("Write two to six answers, a line each."))
