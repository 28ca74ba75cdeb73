"""When a node begins anew and when it stops: every row of the table, and two copies that cannot fight for ever."""

from dataclasses import replace

import pytest

from node.domain.sharing.epochs import DAY, HINTS, QUIET_DAYS, STOPS, Decision, Facts, Stop, Why, decide

NOW = 1_800_000_000
FINE = Facts(now=NOW, held=(NOW - 9, 5), seen=(NOW - 9, 5))

CASES = {
    "nothing was ever signed": (Facts(now=NOW, held=None, seen=None), Why.FIRST),
    "as held": (FINE, None),
    "we are ahead of the neighbours": (replace(FINE, seen=(NOW - 9, 4)), None),
    "the neighbours never heard of us": (replace(FINE, seen=None), None),
    "they know more, the first time": (replace(FINE, seen=(NOW - 9, 6)), Why.BEHIND),
    "they know a later epoch": (replace(FINE, seen=(NOW - 1, 1)), Why.BEHIND),
    "our book is gone, theirs is not": (replace(FINE, held=None), Why.BEHIND),
    "two lines with one number": (replace(FINE, contradicted=True), Why.BEHIND),
    "they know more again, the same day": (
        replace(FINE, seen=(NOW, 1), raised_at=NOW - DAY + 1, behind_at=NOW - DAY + 1),
        Stop.SECOND_COPY,
    ),
    "and again, weeks later": (
        replace(FINE, seen=(NOW, 1), raised_at=NOW - 9 * DAY, behind_at=NOW - 9 * DAY),
        Stop.SECOND_COPY,
    ),
    "and again, long after": (
        replace(FINE, seen=(NOW, 1), behind_at=NOW - QUIET_DAYS * DAY),
        Why.BEHIND,
    ),
    "they know more on the day of a restore": (
        replace(FINE, seen=(NOW, 1), raised_at=NOW - 60),
        Stop.SECOND_COPY,
    ),
    "stopped before, and nobody spoke": (replace(FINE, stopped=True), Stop.SECOND_COPY),
    "stopped before, and somebody did": (replace(FINE, stopped=True, said=True), Why.SAID),
    "stopped before, and all is taken back": (replace(FINE, stopped=True, erase=True), Why.ERASE),
    "restored, nobody to ask": (replace(FINE, restored_at=NOW), Why.RESTORED),
    "restored, somebody answered": (
        replace(FINE, restored_at=NOW, peers_asked=3, peers_answered=1),
        Why.RESTORED,
    ),
    "restored, nobody answered": (replace(FINE, restored_at=NOW, peers_asked=3), Stop.RESTORE_WAITS),
    "restored, nobody answered all day": (
        replace(FINE, restored_at=NOW - DAY, peers_asked=3),
        Why.RESTORED,
    ),
    "restored by a clock that was ahead": (
        replace(FINE, restored_at=NOW + 60, peers_asked=3),
        Why.RESTORED,
    ),
    "restored, nobody answered, go on": (
        replace(FINE, restored_at=NOW, peers_asked=3, said=True),
        Why.SAID,
    ),
    "restored twice in a day": (replace(FINE, restored_at=NOW, raised_at=NOW - 60), Stop.EPOCH_AGAIN),
    "a new keys line": (replace(FINE, floor=NOW), Why.KEYS),
    "a keys line of before": (replace(FINE, floor=NOW - 9), None),
    "another key in the folder": (replace(FINE, key_named=False, said=True), Stop.KEY_UNNAMED),
    "a keys line that we do not have": (replace(FINE, keys_behind=True, erase=True), Stop.KEYS_BEHIND),
}


@pytest.mark.parametrize("name", CASES)
def test_the_first_row_that_fits(name: str) -> None:
    facts, expected = CASES[name]
    decision = decide(facts)
    assert (decision.begin or decision.stop) == expected
    assert decision == Decision(
        begin=expected if isinstance(expected, Why) else None,
        stop=expected if isinstance(expected, Stop) else None,
    )


def test_every_stop_has_words_and_a_way_out() -> None:
    assert set(STOPS) == set(HINTS) == set(Stop)


@pytest.mark.parametrize("step", [600, DAY // 2, DAY + 1, 5 * DAY, 14 * DAY])
def test_two_copies_that_only_see_each_other_end(step: int) -> None:
    """Each begins anew at most once, then one stops and the other goes on, however slowly they hear of each other."""
    held = {"first": (NOW, 7), "second": (NOW, 3)}
    behind: dict[str, int | None] = {"first": None, "second": None}
    stopped: set[str] = set()
    raised = 0
    now, out = NOW, (NOW, 7)
    for turn in range(40):
        name = ("second", "first")[turn % 2]
        now += step
        decision = decide(
            Facts(
                now=now,
                held=held[name],
                seen=out,
                raised_at=behind[name],
                behind_at=behind[name],
                stopped=name in stopped,
            )
        )
        if decision.stop:
            stopped.add(name)
        elif decision.begin:
            raised += 1
            behind[name] = now
            held[name] = out = (max(now, out[0] + 1), 1)
        else:
            held[name] = out = (held[name][0], held[name][1] + 1)
    assert len(stopped) == 1
    assert raised == 2, "one of each, then the stop"
