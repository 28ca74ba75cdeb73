from federation import backoff


def test_failures_wait_twice_as_long_each_time_up_to_six_hours() -> None:
    waits = [backoff.after_failure(tries, 0.5) for tries in range(1, 12)]
    assert waits[:4] == [60, 120, 240, 480]
    assert waits[-1] == backoff.LONGEST_RETRY
    assert backoff.after_failure(10_000, 0.5) == backoff.LONGEST_RETRY


def test_a_quiet_neighbour_is_asked_less_and_less_often() -> None:
    first = backoff.after_success(changed=True, last_interval=None, random=0.5)
    second = backoff.after_success(changed=False, last_interval=first, random=0.5)
    third = backoff.after_success(changed=False, last_interval=second, random=0.5)
    assert first == backoff.BUSY_INTERVAL < second < third
    assert backoff.after_success(changed=False, last_interval=1e9, random=0.5) == backoff.QUIET_INTERVAL
    assert backoff.after_success(changed=True, last_interval=third, random=0.5) == first


def test_jitter_stays_within_a_fifth() -> None:
    assert backoff.jittered(100, 0.0) == 80
    assert 119 < backoff.jittered(100, 0.999999) < 120
