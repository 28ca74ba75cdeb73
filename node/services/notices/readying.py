"""Each message of a turn looked at once more before it goes: whether it still is to, what it tells, where it leads."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from node.domain.assignment import AssignmentState
from node.domain.assignment_lifecycle import COMING
from node.domain.dispatch.thread import is_open
from node.domain.need import Need
from node.domain.notices.answering import Reply
from node.domain.notices.asking import ABOUT_ASKING, Told
from node.domain.notices.fits import is_urgent
from node.domain.notices.notice import BY_HER, Kind, Notice, Way, need_of
from node.domain.notices.reminding import reminder_thing, reminds, reminds_away
from node.domain.notices.tasks import (
    ABOUT_TASKS,
    TELLS,
    Changed,
    held_thing,
    moved_thing,
    task_of,
    task_thing,
    tells,
    tells_away,
)
from node.domain.person import PersonDetails, PersonState
from node.services.desk import Desk
from node.services.dispatch.doors import held_up
from node.services.dispatch.its_day import on_its_round
from node.services.matching.roster import Roster
from node.services.notices.asker_news import AskerNews, PrivatePage
from node.services.notices.carrying import Opened, Parcel
from node.services.notices.choosing import Choosing
from node.services.notices.fitting import Fitting
from node.services.notices.knowing import Moved, held, moved, untrue
from node.services.notices.letter import Letter, Want, Writer
from node.services.notices.stale import ending
from node.store import assignments, away_tasks, notice_choices, notices, persons
from node.store.db import Tx
from node.store.notice_choices import ChoicesRow
from node.store.notices import NoticeRow
from node.store.persons import PersonRow
from node.vault import Compartment

LEADS_TO_A_TASK = frozenset(
    {Kind.ASKED, Kind.CONFIRMED, Kind.MOVED, Kind.HELD, Kind.STALE, Kind.REMINDER, Kind.WROTE}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ready:
    """A message as it can go."""

    row: NoticeRow
    parcel: Parcel
    gone: tuple[str, ...]
    """Things that it would have told and that are over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Over:
    """A message that is not to go. What it names of requests was not told after all: she may be told another day."""

    row: NoticeRow
    why: str
    """A code."""
    gone: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What every message of a turn says alike."""

    opened: Opened
    able: frozenset[Way]
    """All ways by which the group sends messages."""
    base: str
    group: str
    phone: str
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Tells:
    """What is left to tell, and what is over of it."""

    wants: tuple[Want, ...] = ()
    gone: tuple[str, ...] = ()
    changed: Changed = Changed.WHEN
    """Of what is on another day, or elsewhere."""
    only_asked: bool = False
    """Of a task on which she has not said yet whether she can."""
    page: PrivatePage | None = None
    """Of whoever asked."""


class Readying:
    """Looks while one read lasts. All raise ``Locked``."""

    def __init__(
        self,
        desk: Desk,
        roster: Roster,
        tx: Tx,
        *,
        choosing: Choosing,
        fitting: Fitting,
        about: About,
        writer: Writer,
    ) -> None:
        self._desk, self._roster, self._tx = desk, roster, tx
        self._choosing, self._fitting = choosing, fitting
        self._about, self._writer = about, writer
        self._asker_news = AskerNews(desk)

    async def ready(self, row: NoticeRow) -> Ready | Over:
        """The message as it can go, or why it is not to."""
        notice = row.notice
        told = await notices.things(self._tx, notice.id)
        held = await persons.get(self._tx, notice.person_id)
        chosen = await notice_choices.get(self._tx, notice.person_id)
        if held is None or chosen is None:
            return _over(row, told, "moved_on")
        if why := self._refusal(notice, held, chosen):
            return _over(row, told, why)
        tells = await self._tells(notice, told)
        if tells is None and notice.kind in TELLS.values():
            return Over(
                row=row, why="moved_on", gone=tuple(told)
            )  # true again it is told; never heard, never called off
        if tells is None:
            return _over(row, told, "moved_on")
        details = self._desk.open_person(held)
        letter = self._letter(row, told, tells, chosen, details)
        parcel = self._about.opened.parcel(notice, letter, details, self._writer)
        if parcel is None:
            needs = tuple(thing for thing in told if need_of(thing) is not None)
            return Over(row=row, why="no_way", gone=needs)  # what else it tells would come back each minute
        return Ready(row=row, parcel=parcel, gone=tells.gone)

    def _refusal(self, notice: Notice, held: PersonRow, chosen: ChoicesRow) -> str:
        """Why she is sent nothing of this kind, as a code; empty if nothing speaks against it."""
        if held.person.merged_into is not None:
            return "moved_on"
        if held.person.state is PersonState.BARRED:
            return "kept_away"
        if not chosen.choices.wants(notice.kind):
            return "not_wanted"
        if notice.kind in BY_HER:  # whatever she chose for the rest
            return "no_way" if notice.way in self._choosing.failed(chosen, held) else ""
        return "" if self._choosing.way(chosen, held, self._about.able) is notice.way else "no_way"

    async def _tells(self, notice: Notice, told: Sequence[str]) -> _Tells | None:
        """What it has to say as things stand; None: nothing any more."""
        if notice.kind in BY_HER:
            return _Tells()
        if notice.kind is Kind.MOVED:
            found = list(filter(None, [await self._moved(thing) for thing in told]))
            others = tuple(dict.fromkeys(Want.of(each.need) for each in found))
            kinds = {each.changed for each in found}
            changed = kinds.pop() if len(kinds) == 1 else Changed.BOTH
            return _Tells(wants=others, changed=changed) if others else None
        if notice.kind in ABOUT_TASKS:
            need = await self._need_of_task(notice, told)
            want = await self._away(notice, told) if need is None else Want.of(need)
            return None if want is None else _Tells(wants=(want,), only_asked=await self._only_asked(told))
        if notice.kind in ABOUT_ASKING:
            page = await self._asker_news.page(self._tx, told)
            return None if page is None else _Tells(page=page)
        wants, gone = [], []
        for thing in told:
            named = need_of(thing)
            if named is None:
                continue
            still = await self._fitting.still(*named, notice.person_id)
            too_late = notice.kind is Kind.URGENT and still and not is_urgent(still.need, self._desk.today)
            if still is None or too_late:
                gone.append(thing)
            else:
                wants.append(Want.of(still.need))
        return _Tells(wants=tuple(wants), gone=tuple(gone)) if wants else None

    async def _moved(self, thing: str) -> Moved | None:
        """What is on another day, or elsewhere, as long as that is what there is to say of it."""
        task = await assignments.get(self._tx, task_of(thing) or "")
        found = await moved(self._tx, self._desk, task) if task else None
        return found if found and moved_thing(found.task.id, found.at) == thing else None

    async def _need_of_task(self, notice: Notice, told: Sequence[str]) -> Need | None:
        """The request of the task that a message is about, as long as that is what there is to say of it."""
        task = await assignments.get(self._tx, task_of(told[0]) or "") if told else None
        if task is None:
            return None
        need = (await self._desk.need_row(self._tx, task.need_id)).need
        if notice.kind is Kind.REMINDER:
            need, _ = await on_its_round(self._tx, need, task)
            day = reminds(task, need, self._desk.now, self._desk.zone)
            true = day and reminder_thing(task.id, day) == told[0]
            return need if true and await held_up(self._tx, self._desk, task) is None else None
        if notice.kind is Kind.HELD:
            this = await held(self._tx, self._desk, task)
            return this.need if this and held_thing(task.id, this.at) == told[0] else None
        if notice.kind is Kind.STALE:
            need, _ = await on_its_round(self._tx, need, task)
            return need if (task.person_id, told[0]) in await ending(self._tx, self._desk.now) else None
        if notice.kind is Kind.WROTE:
            return need if is_open(task, self._desk.now) else None
        if notice.kind is Kind.CONFIRMED and told[0] != task_thing(task.id, Kind.CONFIRMED):
            again = task.state in COMING and await held_up(self._tx, self._desk, task) is None
            return need if again else None
        if tells(task, knows=True) is not notice.kind:
            return None
        return None if await untrue(self._tx, self._desk, task, notice.kind) else need

    async def _only_asked(self, told: Sequence[str]) -> bool:
        task = await assignments.get(self._tx, task_of(told[0]) or "") if told else None
        return task is not None and task.state is AssignmentState.PROPOSED

    async def _away(self, notice: Notice, told: Sequence[str]) -> Want | None:
        """The same for a task that is another group's: what that group had told everybody of it."""
        task = await away_tasks.get(self._tx, task_of(told[0]) or "") if told else None
        if task is None:
            return None
        if notice.kind is Kind.REMINDER:
            day = reminds_away(
                task.state, task.seen.first_day, task.changed_at, self._desk.now, self._desk.zone
            )
            if day is None or reminder_thing(task.id, day) != told[0]:
                return None
        elif tells_away(task.state, task.answer, knows=True) is not notice.kind:
            return None
        return Want.seen(task.seen)

    def _letter(
        self, row: NoticeRow, told: Sequence[str], tells: _Tells, chosen: ChoicesRow, details: PersonDetails
    ) -> Letter:
        helper, carried = self._roster.get(row.notice.person_id), self._carried(row)
        spoken = (tells.page.language,) if tells.page else helper.volunteer.languages if helper else ()
        return Letter(
            kind=row.notice.kind,
            languages=(*spoken, *details.languages, self._about.language),
            group=self._about.group,
            phone=self._about.phone,
            wants=tells.wants,
            only_asked=tells.only_asked,
            changed=tells.changed,
            link=self._link(row.notice.kind, told, tells, carried),
            choices_link=f"{self._about.base}/n/{self._choosing.token(chosen)}",
            reply=Reply(carried["reply"]) if "reply" in carried else None,
            code=carried.get("code", ""),
        )

    def _carried(self, row: NoticeRow) -> Mapping[str, str]:
        """What only this message carries."""
        if row.sealed is None:
            return {}
        return self._desk.vault.open(Compartment.PEOPLE, "notices", row.notice.id, row.sealed)

    def _link(self, kind: Kind, told: Sequence[str], tells: _Tells, carried: Mapping[str, str]) -> str:
        """What she is to open: what the message carries, her request, her task, or her page."""
        if "link" in carried:
            return carried["link"]
        if tells.page is not None:
            return f"{self._about.base}{tells.page.path}"
        one = kind in LEADS_TO_A_TASK and (kind is not Kind.MOVED or len(told) == 1)
        task = task_of(told[0]) if one else carried.get("task")
        return f"{self._about.base}/my/task/{task}" if task else f"{self._about.base}/my"


def _over(row: NoticeRow, told: Sequence[str], why: str) -> Over:
    gone = tuple(thing for thing in told if need_of(thing) is not None or Told.of(thing) is not None)
    return Over(row=row, why=why, gone=gone)
