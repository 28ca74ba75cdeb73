"""What a message to a member of staff says, before it is put into words; and who puts it so."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from node.domain.notices.alerts import Kind, What
from node.services.notices.letter import Notification, Written


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertLetter:
    """Kinds and numbers, and no more: whatever else there is to know stands behind a sign-in."""

    kind: Kind
    language: str
    """A code."""
    group: str
    counted: Sequence[tuple[What, int]] = ()
    link: str = ""
    """The page on which it is seen after signing in."""
    stop_link: str = ""
    code: str = ""
    """The digits to type; only for ``Kind.CODE``."""


class AlertWriter(Protocol):
    """Puts letters into words; the pages' room has the catalogues."""

    def alert(self, letter: AlertLetter) -> Written:
        """The letter in its language, or in the usual one where there is none."""

    def alert_notification(self, letter: AlertLetter) -> Notification:
        """The same as a browser shows it by itself."""

    def alert_text(self, letter: AlertLetter) -> str:
        """The same as a text, or in a chat: how many things, and the links."""
