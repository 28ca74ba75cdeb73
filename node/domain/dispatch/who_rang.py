"""Putting right who rang for somebody else: what may be said of them, and what that changes."""

from collections.abc import Mapping

from node.domain.intake.intake import MAX_LINE
from node.domain.need import CallerDetails
from node.domain.reach import is_phone
from node.errors import N_

FIELDS = ("caller", "caller_name", "caller_phone", "caller_tie", "caller_safe", "caller_agrees")
"""In the order of the page; ``caller``: whether there was anybody. Like the name of whom it is for they are read after
a look only, what they were before too."""


def problems(said: CallerDetails | None) -> dict[str, str]:
    """Every field that does not fit, as on a call, with what to do about it (a msgid)."""
    found: dict[str, str] = {}
    if said is None:
        return found
    if said.phone and not is_phone(said.phone):
        found["caller_phone"] = N_("This does not look like a phone number.")
    for name in ("name", "phone", "tie", "safe"):
        if len(getattr(said, name)) > MAX_LINE:
            found.setdefault(f"caller_{name}", N_("This is too long. Shorten it, please."))
    return found


def changes(before: CallerDetails | None, after: CallerDetails | None) -> dict[str, tuple[str, str]]:
    """Field to what it was and what it became, as text; empty when nothing differs."""
    was, becomes = _texts(before), _texts(after)
    return {field: (was[field], becomes[field]) for field in FIELDS if was[field] != becomes[field]}


def _texts(said: CallerDetails | None) -> Mapping[str, str]:
    if said is None:
        return {"caller": "no", **dict.fromkeys(FIELDS[1:], "")}
    return {
        "caller": "yes",
        "caller_name": said.name,
        "caller_phone": said.phone,
        "caller_tie": said.tie,
        "caller_safe": said.safe,
        "caller_agrees": "yes" if said.agrees else "no",
    }
