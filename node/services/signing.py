"""One slot's worth of signing inside one write: a counter that every line of ours shares, and the lines it
numbers.
"""

import re
import unicodedata
from dataclasses import replace
from datetime import date

from node.domain.outgoing import Out, Wanted
from node.domain.publication import HEAD_DAYS, SETS
from node.store import own_lines, published, settings
from node.store.db import Tx
from node.store.own_lines import OwnLine
from node.store.published import PublishedRow
from protocol import codec
from protocol.head import digest, entry_of, make_head
from protocol.identity import KeyPair
from protocol.limits import DAY_SECONDS, EXPIRES_AHEAD_DAYS, SET_CHANGES_PER_DAY, SET_LIVE, SET_WITHDRAWALS
from protocol.population import PopulationTable
from protocol.statements import DataRules, Head, Limits, Profile, Withdrawal

_URL = re.compile(r"https?://[A-Za-z0-9.:\[\]_~%/-]{1,190}")
_UNNAMED = "A mutual aid group"


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
        """Signs a summary under a public id; ``before``: the latest day published for it so far."""
        seq = self._next()
        statement = want.content.summary(
            origin=self._origin, epoch=self.epoch, seq=seq, set=want.set_name, id=public_id, expires=expires
        )
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
                line=codec.write(statement, self._key),
            ),
        )

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
        """Signs a head for each set that changed, has none yet, or whose head has reached half its time.
        Returns how many.
        """
        rows = await published.all_of(self._tx)
        signed = 0
        for name in SETS:
            held = await own_lines.get(self._tx, f"head:{name}")
            last = codec.read_line(held.line).statement if held and held.epoch == self.epoch else None
            entries = [entry_of(codec.read_line(row.line)) for row in rows if row.set_name == name]
            if isinstance(last, Head):
                same = digest(entries, last.asof) == (last.count, last.digest)
                if same and self._now < (last.issued + last.next_by) // 2:
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


async def own_profile(tx: Tx, *, origin: str, area: str, table: PopulationTable | None) -> Profile:
    """What the node says about itself by its settings; ``Book.profile`` numbers it. ``area`` is a coarse
    label.
    """
    url = await settings.get(tx, settings.PUBLIC_URL)
    return Profile(
        origin=origin,
        epoch=1,
        seq=1,
        name=_plain(await settings.get(tx, settings.GROUP_NAME), 80) or _UNNAMED,
        kind="group",
        urls=(url,) if _URL.fullmatch(url) else (),
        languages=(await settings.get(tx, settings.LANGUAGE),),
        area=(area,),
        state="open",
        versions=(1,),
        features=(),
        limits=Limits(live=SET_LIVE, withdrawals=SET_WITHDRAWALS, changes=SET_CHANGES_PER_DAY),
        data_rules=DataRules(retain_days=EXPIRES_AHEAD_DAYS, onward=True),
        phone=_plain(await settings.get(tx, settings.PHONE), 40) or None,
        hours=_plain(await settings.get(tx, settings.HOURS), 120) or None,
        table=table.version[:40] if table else None,
    )


def _numbered(profile: Profile, epoch: int, seq: int) -> Profile:
    return replace(profile, epoch=epoch, seq=seq)


def _plain(text: str, most: int) -> str:
    """The text in a form that a signed line may hold: NFC, no controls, no direction overrides."""
    composed = unicodedata.normalize("NFC", text)
    kept = (character for character in composed if unicodedata.category(character) not in ("Cc", "Cf", "Cs"))
    return " ".join("".join(kept).split())[:most].strip()
