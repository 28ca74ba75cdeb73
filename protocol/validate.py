"""JSON Schema as a gate: each schema compiled once, then microseconds a check.

:func:`fast` is the one way in. :func:`slow` is the reference implementation of the same draft; the tests
hold the two to the same answer over the whole corpus.
"""

from functools import cache
from typing import Any

import jsonschema_rs

import schemas


@cache
def fast(name: str) -> jsonschema_rs.Draft202012Validator:
    """The compiled validator of the schema ``name`` (such as ``summary.v1``).

    Patterns run on an engine without backtracking: nothing a peer writes can make one slow.
    """
    return jsonschema_rs.Draft202012Validator(
        schemas.load(name), pattern_options=jsonschema_rs.RegexOptions()
    )


@cache
def slow(name: str) -> Any:
    """The reference validator of the schema ``name``; some fifty times slower, for tests only."""
    import jsonschema  # here, because it is slow to import and no node needs it

    schema = schemas.load(name)
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def explain(name: str, value: Any) -> str:
    """Where and why ``value`` fails the schema, without quoting it; an empty string if it does not."""
    for error in fast(name).iter_errors(value):
        where = "/".join(str(part) for part in error.instance_path) or "the object"
        rule = "/".join(str(part) for part in error.schema_path)
        return f"{where} fails {rule}"
    return ""
