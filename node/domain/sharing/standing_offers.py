"""What a group offers whoever asks, at any time: kinds of help, without a person, a day or a place of anybody in it.

It goes out as summaries of kind ``offer`` under the label of the group's own area, which its profile names already.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Self

from node.domain.need import Share, Urgency
from node.domain.sharing.outgoing import Wanted
from node.domain.sharing.publication import Content

_PREFIX = "offer:"
"""Before the kind's code, where what is out has a need's id: an offer has no need behind it."""


def offer_name(code: str) -> str:
    """What stands in place of a need's id where the offer of that kind is out."""
    return f"{_PREFIX}{code}"


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingOffers:
    """``since``: by code in summaries, the day (``YYYY-MM-DD``) from which it is offered; ``share``: to whom."""

    since: Mapping[str, str] = field(default_factory=dict)
    share: Share = Share.PEERS

    def changed(self, codes: Iterable[str], share: Share, today: date) -> Self:
        """These kinds from now on; what was offered before keeps its day."""
        since = {code: self.since.get(code, today.isoformat()) for code in sorted(set(codes))}
        return type(self)(since=since, share=share)

    def opened(self, before: Self) -> Self:
        """What of it everybody sees, and did not before: this alone is a thing for two."""
        seen = before.since if before.share is Share.PUBLIC else {}
        now = self.since if self.share is Share.PUBLIC else {}
        return self._with(now.keys() - seen.keys(), now, Share.PUBLIC)

    def kept(self, wanted: Self) -> Self:
        """What ``wanted`` leaves of it, for whom it was: so much is done without anybody's yes."""
        return self._with(self.since.keys() & wanted.since.keys(), self.since, self.share)

    def contradicts(self, before: Self, asked: Self, *, done: bool) -> bool:
        """Whether choosing this in place of ``before`` goes against what was ``asked`` for in addition and waits: it
        takes back all, or what everybody saw, or one of those kinds. ``done`` without a yes: none of it is left."""
        public = self.share is Share.PUBLIC
        if done:
            return not public or not self.since.keys() & asked.since.keys()
        closed = before.share is Share.PUBLIC and bool(before.since) and not public
        gone = before.since.keys() - self.since.keys()
        return closed or not self.since or bool(gone & asked.since.keys())

    def adding(self, opened: Self) -> Self | None:
        """With what everybody is to see in addition. None where that would show everybody something else, too, which
        is offered to chosen groups since."""
        if self.share is not Share.PUBLIC and not self.since.keys() <= opened.since.keys():
            return None
        since = {**opened.since, **self.since}
        return self._with(since, since, Share.PUBLIC)

    def without(self, opened: Self, before: Self) -> Self:
        """As it is once what everybody saw in addition to ``before`` is taken back. What is not before everybody any
        more stays as it is."""
        if self.share is not Share.PUBLIC:
            return self
        rest = self.since.keys() - opened.since.keys()
        if not rest and before.share is not Share.PUBLIC:
            return self._with(self.since.keys() & before.since.keys(), self.since, before.share)
        return self._with(rest, self.since, self.share)

    def _with(self, codes: Collection[str], since: Mapping[str, str], share: Share) -> Self:
        return type(self)(since={code: since[code] for code in sorted(codes)}, share=share)

    def standing(self, seen: Mapping[str, Collection[str]], over: Collection[str]) -> Self:
        """What is left of it after a backup came back. ``seen``: by code, the sets in which neighbours hold it;
        ``over``: codes that they know to be taken back. What went to chosen groups alone since goes no further."""
        kept = self.since.keys() - (set(over) - seen.keys())
        narrower = any("peers" in seen[code] and "public" not in seen[code] for code in kept & seen.keys())
        return self._with(kept, self.since, Share.PEERS if narrower else self.share)

    def wanted(self, cell: str) -> dict[str, Wanted]:
        """What is to be out, by a name that no need has. ``cell``: the label of the group's area."""
        return {
            offer_name(code): Wanted(
                need_id=offer_name(code),
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
