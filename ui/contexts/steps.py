"""What the frame around a form shown one thing a page is drawn from."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One page. ``fields``: names of the form's fields that are asked there; ``own``: the group's own questions too."""

    name: str
    title: str
    """The question, a msgid."""
    fields: tuple[str, ...] = ()
    own: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Walk:
    """What the frame around one step is drawn from (``parts/steps.html``)."""

    action: str
    """Where the form goes."""
    step: Step
    number: int
    """From 1, of the pages that ask something."""
    of: int
    first: bool
    last: bool
    checking: bool
    hidden: Sequence[tuple[str, str]]
    """What was answered on the other pages: name and value."""
    once: str
    """The form's own token, from its first page on; empty there (``ui.web.once``)."""
    steps: Sequence[Step]
    """Those with something to change, for the last page."""
