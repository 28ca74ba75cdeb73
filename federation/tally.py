"""What one round with one peer came to."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from federation.errors import PeerError
from federation.ingest import IngestReport
from federation.outcome import Refusal
from federation.ports import Peer
from federation.push import PushReport

REFUSALS_KEPT = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundReport:
    """One talk with one peer."""

    origin: str
    name: str
    ok: bool
    pages: int = 0
    received: int = 0
    """Lines."""
    accepted: int = 0
    refused: int = 0
    """Lines that are not as they should be."""
    passed_over: int = 0
    """Lines of origins that our list does not allow now: no fault of whoever brought them."""
    refusals: tuple[Refusal, ...] = ()
    """The first of them."""
    incomplete: tuple[tuple[str, str], ...] = ()
    """(origin, set) that do not agree with their heads, even after a repair."""
    rolled_back: tuple[tuple[str, str], ...] = ()
    """(origin, set) of which it told a head below the one that we hold."""
    omitted: tuple[tuple[str, str], ...] = ()
    """(origin, set) of which it left something out and did not bring it when asked, whoever else did."""
    not_taken: int = 0
    """Lines of ours that it refused when we last brought it some, as far as it named them."""
    not_held: tuple[str, ...] = ()
    """Sets of ours that it did not hold whole after that."""
    notice: str | None = None
    """In words for the operator, where the talk went well and something was odd."""
    code: str | None = None
    error: str | None = None
    """In words for the operator."""
    found: str | None = None
    """With the code ``other_node``: the id of who lives there now."""


@dataclass(slots=True)
class Tally:
    """What a round comes to, as it goes."""

    url: str
    now: Callable[[], float]
    """The running clock, and when by it the round must be over."""
    until: float
    pages: int = 0
    received: int = 0
    accepted: int = 0
    hidden: int = 0
    refused: int = 0
    passed_over: int = 0
    refusals: list[Refusal] = field(default_factory=list)
    rolled_back: Counter[tuple[str, str]] = field(default_factory=Counter)
    incomplete: dict[tuple[str, str], bytes] = field(default_factory=dict)
    """(origin, set) that do not agree, with SHA-256 of the head that they were held against."""
    omitted: set[tuple[str, str]] = field(default_factory=set)
    """(origin, set) of which it left something out and did not bring it when asked, whoever else did."""
    pushed: PushReport | None = None
    """What the latest push to it came to."""

    def add(self, lines: int, report: IngestReport, pages: int = 1) -> None:
        """One answer more."""
        self.pages += pages
        self.received += lines
        self.accepted += report.accepted
        self.hidden += report.hidden
        self.refused += report.refused_lines
        self.passed_over += report.passed_over
        self.refusals = [*self.refusals, *report.refused][:REFUSALS_KEPT]
        self.rolled_back.update(report.rolled_back)
        self.incomplete |= report.incomplete
        for pair in report.complete:
            self.incomplete.pop(pair, None)

    def taken(self, lines: int, report: IngestReport) -> None:
        """The same between two requests: breaks a round off that takes too long."""
        self.add(lines, report, 1 if lines else 0)
        self.not_too_long()

    @property
    def late(self) -> bool:
        """The round takes too long."""
        return self.now() > self.until

    def not_too_long(self) -> None:
        """Raises PeerError ``too_slow``."""
        if self.late:
            raise PeerError(
                "too_slow", f"{self.url} sends too slowly: we broke off, and go on from there next time."
            )

    def report(self, peer: Peer, fault: PeerError | None) -> RoundReport:
        """Of the round as it ended."""
        return RoundReport(
            origin=peer.origin,
            name=peer.name,
            ok=fault is None,
            pages=self.pages,
            received=self.received,
            accepted=self.accepted,
            refused=self.refused,
            passed_over=self.passed_over,
            refusals=tuple(self.refusals),
            incomplete=tuple(sorted(self.incomplete)),
            rolled_back=tuple(sorted(self.rolled_back)),
            omitted=tuple(sorted(self.omitted)),
            not_taken=len(self.pushed.refused) if self.pushed else 0,
            not_held=self.pushed.lacking if self.pushed else (),
            notice=self._notice(peer.name),
            code=fault.code if fault else None,
            error=str(fault) if fault else None,
            found=fault.found if fault else None,
        )

    def _notice(self, name: str) -> str | None:
        said = []
        if groups := len({origin for origin, _ in self.rolled_back}):
            said.append(
                f"{name} told an older state of {groups} group{'s' if groups > 1 else ''} than we hold: it is "
                "behind, or somebody wants us to be. What we hold stays."
            )
        if groups := len({origin for origin, _ in self.omitted}):
            said.append(f"{name} left out some of the news of {groups} group{'s' if groups > 1 else ''}.")
        if self.pushed and self.pushed.refused:
            codes = ", ".join(sorted({code for _, code in self.pushed.refused}))
            said.append(
                f"{name} refused {len(self.pushed.refused)} of the lines that we brought it: {codes}."
            )
        if self.pushed and self.pushed.lacking:
            said.append(f"{name} does not hold all of what we brought it: {', '.join(self.pushed.lacking)}.")
        return " ".join(said) or None
