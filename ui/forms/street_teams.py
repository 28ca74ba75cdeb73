"""One street team."""

from node.errors import N_
from ui import forms


class StreetTeamForm(forms.PageForm):
    """Name, captain, patch and people."""

    mostly_optional = True

    name = forms.line(N_("Name of the team"), required=True, limit=80)
    captain = forms.one_of(N_("Who is the captain?"), [("", "–")])
    streets = forms.lines(N_("Streets and postcodes"))
    cells = forms.several(N_("Whole areas"))
    members = forms.several(N_("Who belongs to it?"))
