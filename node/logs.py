"""Logs: one line of JSON an event, ids and codes only. Never a name, a number, a street or what somebody typed."""

import logging
import sys
from typing import Final

import structlog
from aiohttp.http_exceptions import HttpProcessingError

Logger = structlog.typing.FilteringBoundLogger


def set_up() -> None:
    """Sets logging for the whole process; called once, by ``node.__main__`` and by nothing else."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
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
