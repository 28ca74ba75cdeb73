"""One slot's worth of signing inside one write: a counter that every line of ours shares, and the lines it
numbers.
"""

import json
import re
import unicodedata
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from node.domain.settings.card import answered_in, standing_today
from node.domain.sharing.notes import Note
from node.domain.sharing.outgoing import Out, Wanted
from node.domain.sharing.publication import HEAD_DAYS, SETS
from node.store import box_keys, own_lines, peers, published, settings
from node.store.db import Tx
from node.store.own_lines import OwnLine
from node.store.published import PublishedRow
from protocol import b64, codec
from protocol.errors import LocalProtocolError
from protocol.head import digest, entry_of, make_head
from protocol.identity import KeyPair
from protocol.limits import (
    ASOF_AHEAD_DAYS,
    DAY_SECONDS,
    EPOCH_AHEAD_SECONDS,
    EXPIRES_AHEAD_DAYS,
    SET_CHANGES_PER_DAY,
    SET_LIVE,
    SET_WITHDRAWALS,
)
from protocol.population import PopulationTable
from protocol.statements import DataRules, Head, Limits, Profile, Withdrawal
from protocol.trust import Advice, Farewell, Vouch

_URL = re.compile(r"https?://[A-Za-z0-9.:\[\]_~%/-]{1,190}")
FEATURES = ("letters", "push")
"""What every node of this program can do beyond reading and being read; docs/protocol.md, "profile"."""
MAILBOX = "mailbox"
"""It keeps letters for its members."""
_UNNAMED = "A mutual aid group"


class Unwritable(Exception):
    """Of one row no line can be made that others could read: a fault of ours, or a change of the file by hand."""

    def __init__(self, need_id: str, code: str) -> None:
        super().__init__(code)
        self.need_id = need_id
        self.code = code


class Book:
    """The open counter (epoch, seq) of one origin. ``close`` notes how far it went, in the same
    transaction.
    """

    def __init__(
        self, tx: Tx, key: KeyPair, *, origin: str, keys_rev: int, epoch: int, seq: int, now: int
    ) -> None:
        self._tx = tx
        self._key = key
        self._origin = origin
        self._keys_rev = keys_rev
        self._now = now
        self.epoch = epoch
        self.seq = seq

    def _next(self) -> int:
        self.seq += 1
        return self.seq

    async def close(self) -> None:
        """Writes the counter back."""
        await published.set_position(self._tx, self.epoch, self.seq)

    async def profile(self, wanted: Profile) -> bool:
        """Signs what the node says about itself if it changed; its epoch and seq are set here."""
        held = await own_lines.get(self._tx, "profile")
        if held is not None and held.epoch == self.epoch:
            said = codec.read_line(held.line).statement
            if said == _numbered(wanted, held.epoch, held.seq):
                return False
        line = codec.write(_numbered(wanted, self.epoch, self._next()), self._key)
        await own_lines.put(self._tx, OwnLine(name="profile", epoch=self.epoch, seq=self.seq, line=line))
        return True

    async def summary(self, want: Wanted, public_id: str, *, expires: date, before: date | None) -> None:
        """Signs a summary under a public id; ``before``: the latest day published for it so far. Raises
        :class:`Unwritable`; then nothing happened."""
        seq = self.seq + 1
        try:
            statement = want.content.summary(
                origin=self._origin,
                epoch=self.epoch,
                seq=seq,
                set=want.set_name,
                id=public_id,
                expires=expires,
            )
            line = codec.write(statement, self._key)
        except (LocalProtocolError, ValueError) as fault:
            raise Unwritable(want.need_id, getattr(fault, "code", "schema")) from fault
        self.seq = seq
        await published.put(
            self._tx,
            PublishedRow(
                public_id=public_id,
                need_id=want.need_id,
                set_name=want.set_name,
                kind="summary",
                content=want.content.to_json(),
                epoch=self.epoch,
                seq=seq,
                expires=expires,
                max_expires=max(expires, before or expires),
                line=line,
            ),
        )

    async def note(
        self, note: Note, public_id: str, *, since: date, expires: date, before: date | None
    ) -> None:
        """Signs what we say of another group, in set ``peers``; ``before``: the latest day published so far."""
        seq = self._next()
        common: dict[str, Any] = {
            "origin": self._origin,
            "epoch": self.epoch,
            "seq": seq,
            "set": "peers",
            "id": public_id,
            "subject": note.subject,
            "expires": expires,
        }
        statement: Vouch | Advice
        if note.kind == "vouch":
            statement = Vouch(**common, role=note.code, since=since)
        else:
            statement = Advice(**common, reason=note.code)
        await published.put(
            self._tx,
            PublishedRow(
                public_id=public_id,
                need_id=note.subject,
                set_name="peers",
                kind=note.kind,
                content=json.dumps({"code": note.code, "since": since.isoformat()}),
                epoch=self.epoch,
                seq=seq,
                expires=expires,
                max_expires=max(expires, before or expires),
                line=codec.write(statement, self._key),
            ),
        )

    async def farewell(self, today: date, to: str | None) -> None:
        """Signs the last line of this node: nothing else of this epoch counts after it, so nothing else is kept."""
        said = Farewell(origin=self._origin, epoch=self.epoch, seq=self._next(), day=today, to=to)
        line = codec.write(said, self._key)
        await published.delete_all(self._tx)
        await own_lines.put(self._tx, OwnLine(name="farewell", epoch=self.epoch, seq=self.seq, line=line))

    async def withdraw(self, out: Out) -> None:
        """Signs the contentless end of a public id. What it once said is forgotten here too."""
        seq = self._next()
        statement = Withdrawal(
            origin=self._origin,
            epoch=self.epoch,
            seq=seq,
            set=out.set_name,
            id=out.public_id,
            expires=out.max_expires,
        )
        await published.put(
            self._tx,
            PublishedRow(
                public_id=out.public_id,
                need_id=out.need_id,
                set_name=out.set_name,
                kind="withdrawal",
                content="{}",
                epoch=self.epoch,
                seq=seq,
                expires=out.max_expires,
                max_expires=out.max_expires,
                line=codec.write(statement, self._key),
            ),
        )

    async def heads(self, today: date) -> int:
        """Signs a head for each set that changed, has none yet, whose head has reached half its time, or could not be
        taken when it was signed and can now. Returns how many.
        """
        rows = await published.all_of(self._tx)
        signed = 0
        for name in SETS:
            held = await own_lines.get(self._tx, f"head:{name}")
            last = codec.read_line(held.line).statement if held and held.epoch == self.epoch else None
            entries = [entry_of(codec.read_line(row.line)) for row in rows if row.set_name == name]
            if isinstance(last, Head):
                same = digest(entries, last.asof) == (last.count, last.digest)
                half = self._now >= (last.issued + last.next_by) // 2
                if same and not half and not _nobody_took(last, self._now):
                    continue
            head = make_head(
                entries,
                origin=self._origin,
                epoch=self.epoch,
                seq=self._next(),
                set=name,
                asof=max(today, last.asof) if isinstance(last, Head) else today,
                issued=self._now,
                next_by=self._now + HEAD_DAYS * DAY_SECONDS,
                keys_rev=self._keys_rev,
            )
            line = codec.write(head, self._key)
            await own_lines.put(
                self._tx, OwnLine(name=f"head:{name}", epoch=self.epoch, seq=self.seq, line=line)
            )
            signed += 1
        return signed


def _nobody_took(head: Head, now: int) -> bool:
    """Whether others could not take this head when it was signed, because our clock or our epoch ran ahead, and can
    now: they read past it, and would not ask again until the next one."""

    def taken(at: int) -> bool:
        days = (head.asof - datetime.fromtimestamp(at, UTC).date()).days
        return head.epoch <= at + EPOCH_AHEAD_SECONDS and days <= ASOF_AHEAD_DAYS

    return taken(now) and (head.issued > now or not taken(head.issued))


async def own_profile(
    tx: Tx, *, origin: str, area: str, table: PopulationTable | None, today: date
) -> Profile:
    """What the node says about itself by its settings; ``Book.profile`` numbers it. ``area`` is a coarse
    label.
    """
    url = await settings.get(tx, settings.PUBLIC_URL)
    hosts = any(row.vouched and row.state == "active" for row in await peers.all_of_them(tx))
    spoken = await settings.get(tx, settings.SPOKEN)
    box_key = await box_keys.current(tx)
    state, until = standing_today(
        await settings.get(tx, settings.GROUP_STATE), await settings.get(tx, settings.STATE_UNTIL), today
    )
    return Profile(
        origin=origin,
        epoch=1,
        seq=1,
        name=_plain(await settings.get(tx, settings.GROUP_NAME), 80) or _UNNAMED,
        kind=await settings.get(tx, settings.NODE_KIND),
        urls=(url,) if _URL.fullmatch(url) else (),
        languages=answered_in(await settings.get(tx, settings.LANGUAGE), spoken),
        area=(area,),
        state=str(state),
        until=until,
        headings=tuple((await settings.get(tx, settings.HEADINGS))[:10]),
        versions=(1,),
        features=FEATURES + ((MAILBOX,) if hosts else ()),
        limits=Limits(live=SET_LIVE, withdrawals=SET_WITHDRAWALS, changes=SET_CHANGES_PER_DAY),
        data_rules=DataRules(retain_days=EXPIRES_AHEAD_DAYS, onward=True),
        phone=_plain(await settings.get(tx, settings.PHONE), 40) or None,
        hours=_plain(await settings.get(tx, settings.HOURS), 120) or None,
        box_key=b64.encode(box_key.public_key) if box_key else None,
        table=table.version[:40] if table else None,
    )


def _numbered(profile: Profile, epoch: int, seq: int) -> Profile:
    return replace(profile, epoch=epoch, seq=seq)


def _plain(text: str, most: int) -> str:
    """The text in a form that a signed line may hold: NFC, no controls, no direction overrides."""
    composed = unicodedata.normalize("NFC", text)
    kept = (character for character in composed if unicodedata.category(character) not in ("Cc", "Cf", "Cs"))
    return " ".join("".join(kept).split())[:most].strip()
