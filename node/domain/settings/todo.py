"""What is left to set up, as one table: how long each takes, where it is done, and whether a group may say "not for
us"."""

from collections.abc import Mapping
from dataclasses import dataclass

from node.errors import N_


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One thing to do. ``words`` is a msgid."""

    words: str
    minutes: int
    where: str
    must: bool = False
    """It cannot be put aside: people's data or the law is at stake."""


TODO: Mapping[str, Task] = {
    "cards": Task(words=N_("Print the rescue cards and type some of their words back"), minutes=10, where="/cards",
                  must=True),
    "holder": Task(words=N_("Let a second person open the records"), minutes=5, where="/team", must=True),
    "backup": Task(words=N_("Make the first backup"), minutes=5, where="/settings/checks", must=True),
    "privacy": Task(words=N_("Say whom people ask about their data"), minutes=1,
                    where="/settings/texts?text=privacy.contact", must=True),
    "volunteers": Task(words=N_("Enter the first volunteer"), minutes=3, where="/volunteers/add"),
    "scope": Task(words=N_("Say what you do, and where"), minutes=5, where="/settings/texts?text=scope.do"),
    "kinds": Task(words=N_("Hide the kinds of help that you do not do"), minutes=5, where="/settings/kinds"),
    "mail": Task(words=N_("Let messages go out by e-mail, if you like: all works without"), minutes=15,
                 where="/settings/mail"),
    "neighbours": Task(words=N_("Get to know a neighbouring group"), minutes=10, where="/peers/invite"),
    "sharing": Task(words=N_("Decide what neighbouring groups may see"), minutes=5, where="/settings/sharing"),
}  # fmt: skip
"""In the order in which it is best done."""


def left(done: frozenset[str], put_aside: frozenset[str]) -> list[str]:
    """What is left: not done, and not put aside where that is possible."""
    return [code for code, task in TODO.items() if code not in done and (task.must or code not in put_aside)]
