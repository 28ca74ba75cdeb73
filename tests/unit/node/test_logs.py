"""A log says where something broke, and nothing of what somebody typed."""

import json

from node.logs import where_only

TYPED = "77 Nowhere Crescent, the blue door"


def test_an_exception_is_told_without_its_words() -> None:
    try:
        try:
            int(TYPED)
        except ValueError as error:
            raise KeyError(TYPED) from error
    except KeyError:
        told = where_only(None, "error", {"event": "page_failed", "exc_info": True})
    text = json.dumps(told)
    assert TYPED not in text
    assert "Nowhere" not in text
    assert told["exception"].startswith("KeyError at ")
    assert "test_an_exception_is_told_without_its_words" in text
    assert " < ValueError at " in text


def test_nothing_is_added_where_nothing_broke() -> None:
    assert where_only(None, "info", {"event": "fine"}) == {"event": "fine"}
    assert where_only(None, "info", {"event": "fine", "exc_info": None}) == {"event": "fine"}
