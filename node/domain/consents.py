"""What a person said yes or no to, each for its own purpose; but for the first, a no never refuses help."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Purpose(StrEnum):
    HELP_YOU = "help_you"
    GROUPS_SEE = "groups_see"
    """Other groups nearby see that help is wanted, without the name."""
    DETAILS_TO_GROUP = "details_to_group"
    """Asked each time."""
    KEEP_DETAILS = "keep_details"
    MESSAGES = "messages"
    """We may write to her by ourselves, in the way she chose."""


AS_CHOSEN = "as-chosen"
"""In place of a version: she chose on a page that showed no words of ours, or before these words were kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Consents:
    """Answers of one call or form; None = not asked = no.

    ``wordings`` names the text that was read out for each purpose (``node.domain.settings.texts.version_of``);
    ``wording`` stands for a purpose that is not in it: where the answer came from, if nothing of ours was read out.
    """

    help_you: bool | None = None
    groups_see: bool | None = None
    keep_details: bool | None = None
    wording: str = "en-1"
    wordings: Mapping[Purpose, str] = field(default_factory=dict)
    note: str = ""
    """Who stated it, where somebody else did (kept sealed)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """One recorded answer: which words, when (Unix seconds), by whom (an actor's label)."""

    purpose: Purpose
    answer: bool
    wording: str
    at: int
    by_actor: str
