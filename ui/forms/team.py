"""Who works here: one more member, a first password, an own new one."""

from collections.abc import Collection

from wtforms import BooleanField, Field, ValidationError

from node.errors import N_
from ui import forms
from ui.words import words

FULL_NAMES = "people"
"""The records without which only an admin can work."""


class MemberForm(forms.PageForm):
    """Sign-in name, what they do, a first password, and which records they may read."""

    handle = forms.line(N_("The name they sign in with"), required=True, limit=40)
    roles = forms.several(N_("What do they do?"), words.ROLE)
    password = forms.secret(N_("A first password"))
    holds = forms.several(N_("Which records may they read?"))

    def offer(self, holds: Collection[str]) -> None:
        """Only what one holds oneself can be passed on."""
        self.holds.choices = [(code, words.RECORDS[code]) for code in words.RECORDS if code in holds]

    def validate_roles(self, field: Field) -> None:
        """At least one."""
        if not field.data:
            raise ValidationError(N_("Choose at least one."))

    def validate_holds(self, field: Field) -> None:
        """Whoever works with people must be able to read their names."""
        offered = {code for code, _ in field.choices}
        if set(self.roles.data or ()) - {"admin"} and FULL_NAMES in offered - set(field.data or ()):
            raise ValidationError(N_("For this work they must be able to read names and addresses. Tick it."))


class PasswordForm(forms.PageForm):
    """A password that somebody else reads out to its owner. ``anyway``: that something may be lost by it is known."""

    password = forms.secret(N_("A new password"))
    anyway = BooleanField()


class OwnPasswordForm(forms.PageForm):
    """One's own: the old one, and the new one."""

    old = forms.secret(N_("Your password now"))
    new = forms.secret(N_("Your new password"))
