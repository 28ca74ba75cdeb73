"""The statements of version 1 as values. Days are dates, cells and ids strings, times Unix seconds.

``body()`` gives the object that is signed: a field that is unknown or empty is absent, never null.
``from_body()`` trusts that the object passed its schema (:mod:`protocol.codec` sees to it) and ignores
fields it does not know; those live on in the signed line only.
"""

from dataclasses import dataclass, fields, make_dataclass
from datetime import date
from typing import Any, ClassVar, Final, Self

from protocol.trust import Advice, Farewell, Vouch


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def _present(**fields: Any) -> dict[str, Any]:
    """Only the fields that say something."""
    return {name: value for name, value in fields.items() if value is not None and value != []}


@dataclass(frozen=True, slots=True, kw_only=True)
class Keys:
    """The only thing that names an op key. Signed by the root key."""

    type: ClassVar[str] = "keys"
    v: ClassVar[int] = 1

    origin: str
    rev: int
    epoch_floor: int
    """No epoch below this counts any more. Unix seconds."""
    op_key: str

    def body(self) -> dict[str, Any]:
        """The object that is signed."""
        return {
            "type": "keys",
            "v": 1,
            "origin": self.origin,
            "rev": self.rev,
            "epoch_floor": self.epoch_floor,
            "op_key": self.op_key,
        }

    @classmethod
    def from_body(cls, body: dict[str, Any]) -> Self:
        """From a body that passed ``keys.v1``."""
        return cls(
            origin=body["origin"], rev=body["rev"], epoch_floor=body["epoch_floor"], op_key=body["op_key"]
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What an origin keeps to, for each set."""

    live: int
    withdrawals: int
    changes: int
    """For each day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DataRules:
    """What an origin does with what it receives."""

    retain_days: int
    onward: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What a node says about itself: shown, never trusted. Signed by the op key; in no set's digest."""

    type: ClassVar[str] = "profile"
    v: ClassVar[int] = 1

    origin: str
    epoch: int
    seq: int
    name: str
    kind: str
    """group, council or hub."""
    urls: tuple[str, ...]
    languages: tuple[str, ...]
    area: tuple[str, ...]
    """1 to 64 coarse cells."""
    state: str
    """open, full or resting."""
    versions: tuple[int, ...]
    features: tuple[str, ...]
    limits: Limits
    data_rules: DataRules
    phone: str | None = None
    hours: str | None = None
    headings: tuple[str, ...] = ()
    """Headings of help the group takes; empty means all."""
    until: date | None = None
    """Last day of ``state``."""
    box_key: str | None = None
    """X25519 public key for sealed messages, base64url."""
    table: str | None = None
    """Version of the population table behind the cells, if any."""

    def body(self) -> dict[str, Any]:
        """The object that is signed."""
        return {
            "type": "profile",
            "v": 1,
            "origin": self.origin,
            "epoch": self.epoch,
            "seq": self.seq,
            "name": self.name,
            "kind": self.kind,
            "urls": list(self.urls),
            "languages": list(self.languages),
            "area": list(self.area),
            "state": self.state,
            "versions": list(self.versions),
            "features": list(self.features),
            "limits": {
                "live": self.limits.live,
                "withdrawals": self.limits.withdrawals,
                "changes": self.limits.changes,
            },
            "data_rules": {"retain_days": self.data_rules.retain_days, "onward": self.data_rules.onward},
            **_present(
                phone=self.phone,
                hours=self.hours,
                headings=list(self.headings),
                until=self.until and self.until.isoformat(),
                box_key=self.box_key,
                table=self.table,
            ),
        }

    @classmethod
    def from_body(cls, body: dict[str, Any]) -> Self:
        """From a body that passed ``profile.v1``; ``ValueError`` for a day that does not exist."""
        limits, rules = body["limits"], body["data_rules"]
        return cls(
            origin=body["origin"],
            epoch=body["epoch"],
            seq=body["seq"],
            name=body["name"],
            kind=body["kind"],
            urls=tuple(body["urls"]),
            languages=tuple(body["languages"]),
            area=tuple(body["area"]),
            state=body["state"],
            versions=tuple(body["versions"]),
            features=tuple(body["features"]),
            limits=Limits(live=limits["live"], withdrawals=limits["withdrawals"], changes=limits["changes"]),
            data_rules=DataRules(retain_days=rules["retain_days"], onward=rules["onward"]),
            phone=body.get("phone"),
            hours=body.get("hours"),
            headings=tuple(body.get("headings", ())),
            until=_day(body.get("until")),
            box_key=body.get("box_key"),
            table=body.get("table"),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """Calendar days at the cell, both included."""

    from_: date
    to: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """One need or offer as other groups see it: coarse, and without a person in it. Signed by the op key."""

    type: ClassVar[str] = "summary"
    v: ClassVar[int] = 1

    origin: str
    epoch: int
    seq: int
    set: str
    """public or peers."""
    id: str
    kind: str
    """need or offer."""
    category: str
    cell: str
    urgency: str
    """today, this_week or whenever."""
    helpers: str
    """1 or 2+."""
    remote: bool
    status: str
    """open or taken."""
    posted: date
    expires: date
    """First day on which it no longer counts."""
    window: Window | None = None
    part_of_day: str | None = None
    """morning, afternoon or evening."""
    effort: str | None = None
    """under_30m, 1h, 2h, half_day or day."""
    people: str | None = None
    """In the household: 1, 2-4 or 5+."""
    requires: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    repeats: str | None = None
    """weekly, monthly or other."""

    def body(self) -> dict[str, Any]:
        """The object that is signed."""
        window = self.window
        return {
            "type": "summary",
            "v": 1,
            "origin": self.origin,
            "epoch": self.epoch,
            "seq": self.seq,
            "set": self.set,
            "id": self.id,
            "kind": self.kind,
            "category": self.category,
            "cell": self.cell,
            "urgency": self.urgency,
            "helpers": self.helpers,
            "remote": self.remote,
            "status": self.status,
            "posted": self.posted.isoformat(),
            "expires": self.expires.isoformat(),
            **_present(
                window=window and {"from": window.from_.isoformat(), "to": window.to.isoformat()},
                part_of_day=self.part_of_day,
                effort=self.effort,
                people=self.people,
                requires=list(self.requires),
                languages=list(self.languages),
                tags=list(self.tags),
                repeats=self.repeats,
            ),
        }

    @classmethod
    def from_body(cls, body: dict[str, Any]) -> Self:
        """From a body that passed ``summary.v1``; ``ValueError`` for a day that does not exist."""
        get = body.get
        window = get("window")
        made: Self = _open_summary(
            origin=body["origin"],
            epoch=body["epoch"],
            seq=body["seq"],
            set=body["set"],
            id=body["id"],
            kind=body["kind"],
            category=body["category"],
            cell=body["cell"],
            urgency=body["urgency"],
            helpers=body["helpers"],
            remote=body["remote"],
            status=body["status"],
            posted=date.fromisoformat(body["posted"]),
            expires=date.fromisoformat(body["expires"]),
            window=window
            and Window(from_=date.fromisoformat(window["from"]), to=date.fromisoformat(window["to"])),
            part_of_day=get("part_of_day"),
            effort=get("effort"),
            people=get("people"),
            requires=tuple(get("requires", ())),
            languages=tuple(get("languages", ())),
            tags=tuple(get("tags", ())),
            repeats=get("repeats"),
        )
        made.__class__ = cls
        return made


def _open_twin(frozen: type) -> Any:
    """A class like this one, but not frozen, whose instances can become instances of it.

    A frozen dataclass sets each field through ``object.__setattr__``, which for the 22 fields of a summary takes
    longer than its whole schema check. A twin with the same slots is filled at a third of that; once it
    has taken the class of the frozen one, it is as frozen as any other.
    """
    return make_dataclass(frozen.__name__, [(each.name, each.type) for each in fields(frozen)], slots=True)


_open_summary: Final = _open_twin(Summary)


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawal:
    """The end of a summary: the id is gone, and nothing else is said. Signed by the op key."""

    type: ClassVar[str] = "withdrawal"
    v: ClassVar[int] = 1

    origin: str
    epoch: int
    seq: int
    set: str
    id: str
    expires: date
    """The latest day ever published as ``expires`` for this id."""

    def body(self) -> dict[str, Any]:
        """The object that is signed."""
        return {
            "type": "withdrawal",
            "v": 1,
            "origin": self.origin,
            "epoch": self.epoch,
            "seq": self.seq,
            "set": self.set,
            "id": self.id,
            "expires": self.expires.isoformat(),
        }

    @classmethod
    def from_body(cls, body: dict[str, Any]) -> Self:
        """From a body that passed ``withdrawal.v1``; ``ValueError`` for a day that does not exist."""
        return cls(
            origin=body["origin"],
            epoch=body["epoch"],
            seq=body["seq"],
            set=body["set"],
            id=body["id"],
            expires=date.fromisoformat(body["expires"]),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """What the whole live set of an origin is. Signed by the op key; takes the next seq of the same
    counter.
    """

    type: ClassVar[str] = "head"
    v: ClassVar[int] = 1

    origin: str
    epoch: int
    seq: int
    set: str
    count: int
    digest: str
    """SHA-256 of the entries (:func:`protocol.head.digest`), base64url."""
    asof: date
    """The digest covers entries that expire after this day."""
    issued: int
    next_by: int
    """By when the next head will have been issued, Unix seconds."""
    keys_rev: int

    def body(self) -> dict[str, Any]:
        """The object that is signed."""
        return {
            "type": "head",
            "v": 1,
            "origin": self.origin,
            "epoch": self.epoch,
            "seq": self.seq,
            "set": self.set,
            "count": self.count,
            "digest": self.digest,
            "asof": self.asof.isoformat(),
            "issued": self.issued,
            "next_by": self.next_by,
            "keys_rev": self.keys_rev,
        }

    @classmethod
    def from_body(cls, body: dict[str, Any]) -> Self:
        """From a body that passed ``head.v1``; ``ValueError`` for a day that does not exist."""
        return cls(
            origin=body["origin"],
            epoch=body["epoch"],
            seq=body["seq"],
            set=body["set"],
            count=body["count"],
            digest=body["digest"],
            asof=date.fromisoformat(body["asof"]),
            issued=body["issued"],
            next_by=body["next_by"],
            keys_rev=body["keys_rev"],
        )


Register = Summary | Withdrawal | Vouch | Advice
"""What stands in a set, named by (origin, id)."""
Statement = Keys | Profile | Head | Register | Farewell
