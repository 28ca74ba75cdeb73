"""Words that are read out."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Aloud:
    """What is read out before somebody says yes or no, and the version of those words."""

    words: str
    language: str
    version: str
