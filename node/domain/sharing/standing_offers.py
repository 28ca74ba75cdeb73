"""What a group offers whoever asks, at any time: kinds of help, without a person, a day or a place of anybody in it.

It goes out as summaries of kind ``offer`` under the label of the group's own area, which its profile names already.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Self

from node.domain.need import Share, Urgency
from node.domain.sharing.outgoing import Wanted
from node.domain.sharing.publication import Content

_PREFIX = "offer:"
"""Before the kind's code, where what is out has a need's id: an offer has no need behind it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingOffers:
    """``since``: by code in summaries, the day (``YYYY-MM-DD``) from which it is offered; ``share``: to whom."""

    since: Mapping[str, str] = field(default_factory=dict)
    share: Share = Share.PEERS

    def changed(self, codes: Iterable[str], share: Share, today: date) -> Self:
        """These kinds from now on; what was offered before keeps its day."""
        since = {code: self.since.get(code, today.isoformat()) for code in sorted(set(codes))}
        return type(self)(since=since, share=share)

    def opens(self, before: Self) -> bool:
        """Whether something is in it that everybody sees, and did not before."""
        seen = before.since if before.share is Share.PUBLIC else {}
        return self.share is Share.PUBLIC and not set(self.since) <= set(seen)

    def wanted(self, cell: str) -> dict[str, Wanted]:
        """What is to be out, by a name that no need has. ``cell``: the label of the group's area."""
        return {
            f"{_PREFIX}{code}": Wanted(
                need_id=f"{_PREFIX}{code}",
                set_name=str(self.share),
                content=Content(
                    kind="offer",
                    category=code,
                    cell=cell,
                    urgency=str(Urgency.WHENEVER),
                    helpers="1",
                    remote=False,
                    status="open",
                    posted=day,
                ),
            )
            for code, day in self.since.items()
        }

    def record(self) -> dict[str, Any]:
        """As it is kept."""
        return {"since": dict(self.since), "share": str(self.share)}

    @classmethod
    def of(cls, record: Mapping[str, Any]) -> Self:
        """``record`` read back; empty: nothing is offered."""
        return cls(since=record.get("since", {}), share=Share(record.get("share", "peers")))
