"""What happens by the clock: one table. The scheduler only rings the bell; state lives on rows.

Each job may be cancelled at any await and run again at any time. Tests call the functions with a clock of their
own; nothing here is needed for a command.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.base import BaseTrigger
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger

from node.errors import Locked, MutualAidError
from node.logs import logger

log = logger("jobs")


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One thing to do again and again."""

    name: str
    when: BaseTrigger
    run: Callable[[], Awaitable[object]]


def every_ten_minutes() -> BaseTrigger:
    """By the clock, at :00, :10, :20 ... UTC: the publishing slot, independent of when anything was typed."""
    return CronTrigger(minute="*/10", second=0, timezone="UTC")


def every(seconds: int, *, jitter: int = 0) -> BaseTrigger:
    """About every so many seconds."""
    return IntervalTrigger(seconds=seconds, jitter=jitter or None, timezone="UTC")


async def ring(job: Job) -> bool:
    """Runs the job once; True when it did its work. Logs the outcome and raises nothing but cancellation. A job
    that must wait for records to be opened says so and is no failure."""
    try:
        await job.run()
    except Locked:
        log.info("job_waits", job=job.name, until="somebody signs in")
    except MutualAidError as error:
        log.warning("job_refused", job=job.name, code=error.code, hint=error.hint)
    except Exception:
        log.exception("job_failed", job=job.name)
    else:
        return True
    return False


@asynccontextmanager
async def running(jobs: tuple[Job, ...]) -> AsyncIterator[None]:
    """Rings the jobs while the context lasts; one at a time of each, a missed bell is rung once."""
    scheduler = AsyncIOScheduler(timezone="UTC")
    for job in jobs:
        scheduler.add_job(
            ring, job.when, args=(job,), id=job.name, max_instances=1, coalesce=True, misfire_grace_time=300
        )
    scheduler.start()
    try:
        yield
    finally:
        scheduler.shutdown(wait=False)
