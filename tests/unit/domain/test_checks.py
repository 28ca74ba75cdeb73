"""What the node can find wrong about itself: each has its words, and what is to be done."""

import re

import pytest

from node.domain.safety import checks
from node.domain.safety.checks import OUTCOMES, Found, Sign, backup_code, worst
from node.domain.settings import todo


@pytest.mark.parametrize("code", sorted(OUTCOMES))
def test_every_fault_says_what_to_do(code: str) -> None:
    outcome = OUTCOMES[code]
    assert bool(outcome.todo) is (outcome.sign is not Sign.FINE)
    assert set(re.findall(r"%\((\w+)\)s", outcome.todo)) <= set(re.findall(r"%\((\w+)\)s", outcome.says))


def test_the_worst_counts() -> None:
    assert worst([]) is Sign.FINE
    assert worst([Found(code="mail.none"), Found(code="backup.old")]) is Sign.LOOK
    assert worst([Found(code="backup.never"), Found(code="backup.old")]) is Sign.WRONG


@pytest.mark.parametrize(
    ("days", "code"), [(None, "backup.never"), (0, "backup.ok"), (8, "backup.ok"), (9, "backup.old")]
)
def test_a_backup_grows_old(days: int | None, code: str) -> None:
    assert backup_code(days) == code
    assert {code.partition(".")[0] for code in checks.WHERE} <= {code.partition(".")[0] for code in OUTCOMES}


def test_what_must_be_done_cannot_be_put_aside() -> None:
    everything = frozenset(todo.TODO)
    assert todo.left(frozenset(), frozenset()) == list(todo.TODO)
    assert todo.left(frozenset(), everything) == [code for code, task in todo.TODO.items() if task.must]
    assert todo.left(everything, frozenset()) == []
