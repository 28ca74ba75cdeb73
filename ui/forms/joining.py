"""An invitation, a pasted one, and the answer to a group that uses ours."""

from node.errors import N_
from ui import forms
from ui.words import words


class InviteForm(forms.PageForm):
    """For whom the link is."""

    role = forms.one_of(N_("What will they be to us?"), words.PEER_ROLE)


class JoinForm(forms.PageForm):
    """A link that another group handed to us."""

    link = forms.line(N_("The invitation, a long web address"), required=True, limit=600)
    role = forms.one_of(N_("What will they be to us?"), words.PEER_ROLE)
    allow_private = forms.tick(N_("Their address is on our own network (same house, same router)"))


class WelcomeForm(forms.PageForm):
    """Our yes to a group that asks."""

    role = forms.one_of(N_("What will they be to us?"), words.PEER_ROLE)
    allow_private = forms.tick(N_("Their address is on our own network (same house, same router)"))
