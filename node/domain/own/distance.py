"""How far a request is, for somebody who has not taken it: a span, so that comparing several gives no door away."""

STEPS_KM = (1, 2, 5, 10, 20, 50)


def span(km: float) -> tuple[int, int | None]:
    """The span of whole kilometres that a distance lies in; its end is None beyond the last step."""
    near = max((step for step in STEPS_KM if step <= km), default=0)
    return near, next((step for step in STEPS_KM if step > km), None)
