"""Logs: one line of JSON an event, ids and codes only. Never a name, a number, a street or what somebody typed."""

import logging
import sys
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import structlog
from aiohttp.http_exceptions import HttpProcessingError
from structlog.typing import EventDict

Logger = structlog.typing.FilteringBoundLogger


def where_only(_: object, __: str, event: EventDict) -> EventDict:
    """Says which kind of exception it was and where, never its own words: those may hold what somebody typed."""
    error = event.pop("exc_info", None)
    if error is True:
        error = sys.exc_info()[1]
    elif isinstance(error, tuple):
        error = error[1]
    if isinstance(error, BaseException):
        event["exception"] = " < ".join(_kind_and_place(each) for each in _chain(error))
    return event


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__


def _kind_and_place(error: BaseException) -> str:
    frames = traceback.extract_tb(error.__traceback__)[-6:]
    places = " > ".join(f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in frames)
    return f"{type(error).__name__} at {places or 'an unknown place'}"


def set_up() -> None:
    """Sets logging for the whole process; called once, by ``node.__main__`` and by nothing else."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            where_only,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.WriteLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=True,
    )
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="%(levelname)s %(name)s %(message)s")


def set_level(level: str) -> None:
    """From which level on something is said: debug, info, warning or error. Before the first line is logged."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(getattr(logging, level.upper())))


class _WithoutItsBytes(logging.Filter):
    """A request that cannot be parsed is told with its bytes, and those may be a private link."""

    def filter(self, record: logging.LogRecord) -> bool:
        if record.exc_info and isinstance(record.exc_info[1], HttpProcessingError):
            record.exc_info = record.exc_text = None
        return True


server_log: Final = logging.getLogger("node.http")
"""What the HTTP server itself has to say."""
server_log.addFilter(_WithoutItsBytes())


def logger(room: str) -> Logger:
    """A logger whose lines say which room spoke."""
    log: Logger = structlog.get_logger(room=room)
    return log
