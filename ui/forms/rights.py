"""Forms about people's rights over their data."""

from wtforms import DateField, DateTimeLocalField

from node.errors import N_
from ui.forms import Filled, PageForm, line, lines, one_of
from ui.words import rights_words

MOMENTS = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"]
"""How browsers write a moment."""


class HoldForm(PageForm):
    """A record that must not go yet."""

    reason = line(N_("Why must it stay?"), required=True, limit=400)
    review_day = DateField(N_("Look at it again on"), [Filled()])


class BreachForm(PageForm):
    """Data that got out."""

    kind = one_of(N_("What happened?"), rights_words.BREACH, default="lost_device")
    staff_id = one_of(N_("Whose account, if it was through one?"), {"": "–"})
    helper_id = one_of(N_("Whose phone, if it was a volunteer’s?"), {"": "–"})
    from_at = DateTimeLocalField(N_("From when"), [Filled()], format=MOMENTS)
    until_at = DateTimeLocalField(N_("Until when"), [Filled()], format=MOMENTS)
    found_at = DateTimeLocalField(N_("When did one of us learn of it?"), [Filled()], format=MOMENTS)
    references = line(N_("Numbers of the requests that were on it"), limit=400)
    risk = one_of(N_("What may it mean for these people?"), rights_words.RISK, default="some")
    what = lines(N_("What happened, in a few words"))
    done = lines(N_("What was done about it"))
