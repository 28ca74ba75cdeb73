"""Somebody who works here leaves: everything that hangs on the account, listed before and settled by one button."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from node.domain.actors import Role
from node.domain.ids import NeedId, StaffId


def reads_safety(roles: Collection[Role], holds: Collection[str]) -> bool:
    """Whether a report about safety may be sealed to that account's own key: of one about somebody who works here it
    stands nowhere to whom it is."""
    return bool({Role.SAFETY, Role.ADMIN} & set(roles)) or "safeguarding" in holds


@dataclass(frozen=True, slots=True, kw_only=True)
class Losing:
    """What a new password loses for good, because a new key comes with it."""

    reports: int
    """Reports about safety that, as far as this can be known in the clear, nobody else who works here could read."""
    perhaps: bool
    """Whether there may be more of which no page tells."""
    devices: int
    """Browsers in which they are signed in still: there they can let somebody else read it first."""

    @property
    def any(self) -> bool:
        """Whether it takes a word that this is known."""
        return bool(self.reports or self.perhaps)


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenWork:
    """What somebody has in hand. All of it stays with the group: it goes to a named person, or back on the board."""

    needs: tuple[tuple[NeedId, str], ...] = ()
    """Requests that are not closed: (id, reference)."""
    call_backs: int = 0
    """Promises to ring somebody again."""
    away_tasks: int = 0
    """Our volunteers on tasks of other groups."""
    street_teams: int = 0
    """Patches that they look after."""
    call_lists: int = 0
    """Lists of friendly calls on which they ring."""
    shifts: int = 0
    """From today on."""
    sheets: int = 0
    """Begun, or coming in just now."""

    @property
    def any(self) -> bool:
        """Whether there is something that somebody else has to take."""
        looked_after = self.street_teams or self.call_lists or self.shifts or self.sheets
        return bool(self.needs or self.call_backs or self.away_tasks or looked_after)


class LinkTo(StrEnum):
    """What a private link beside those of tasks is for."""

    RUN = "run"
    STREET_TEAM = "street_team"
    CALLS = "calls"
    AWAY = "away"


@dataclass(frozen=True, slots=True, order=True)
class Relink:
    """Something whose link was ended. ``id``: of the round, the team or the list; of a task for another group, its
    group and the id of their request, with a slash between."""

    to: LinkTo
    id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeLinks:
    """Private links by that account which no device has opened yet: whoever holds one comes in with it."""

    own_pages: int = 0
    """To volunteers' own pages, and not used."""
    others: int = 0
    """To a task, a round, a street captain's page, or a list of friendly calls."""

    @property
    def any(self) -> bool:
        """Whether there is one."""
        return bool(self.own_pages or self.others)


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaving:
    """The one page about it."""

    staff_id: StaffId
    handle: str
    gone: bool
    """The account is stopped, and nothing of what follows is left."""
    devices: int
    """Browsers in which they are signed in."""
    holds: tuple[str, ...]
    """Compartments they hold; each gets a new key."""
    last_of: tuple[str, ...]
    """Those that nobody else holds: first somebody else has to."""
    reports: int
    """Reports about safety, from before there were closed records, that nobody else who works here could read."""
    reads_safety: bool
    """Whether reports may be sealed to them that no page tells of."""
    drafts: int
    """Half-typed calls; they are deleted."""
    invites: int
    """Invitations to other groups that nobody has used; they are taken back."""
    links: MadeLinks
    """They are ended."""
    ended: MadeLinks
    """Those that were ended when they left."""
    relink: tuple[tuple[NeedId, str], ...]
    """Requests of which a helper's link was ended so, and there is no new one yet: (id, reference)."""
    relink_others: tuple[Relink, ...]
    """What else has lost its link so, and has no new one yet."""
    work: OpenWork
    rekeying: tuple[str, ...]
    """Compartments of which the new key waits for a sign-in, or whose records are still being sealed anew."""
    others: tuple[tuple[StaffId, str], ...]
    """Whom the work may go to: (id, sign-in name)."""
