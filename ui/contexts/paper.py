"""What the pages to print are given."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from markupsafe import Markup

from node.domain.calls.call_views import Coming
from node.domain.rounds.tomorrow import TomorrowSheet
from ui.contexts.common import Heading


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperPage:
    """`/paper` and what is printed from it."""

    link: str = ""
    """Where one asks for help, without its scheme: short enough to be typed. Empty where no address of ours reaches
    others; then there is no code either."""
    code: Markup | None = None
    """The same to be scanned."""
    headings: Sequence[Heading] = ()
    emergency: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TomorrowPage:
    """`/paper/tomorrow`"""

    sheet: TomorrowSheet
    day: date
    calls: Sequence[Coming] = ()
    """Lists of calls of that day, without a name."""
    areas: Mapping[str, str] = field(default_factory=dict)
