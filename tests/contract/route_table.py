"""Who may do what at every address, as one table. A route that is missing here fails the build.

What an actor meets follows from the kind of the route:

* ``public``  - anybody, with a form of ours;
* ``staff``   - the roles in ``may``; other staff read 403; everybody else is led to the sign-in page (GET) or refused;
* ``own``     - a volunteer who is signed in to her own page, on what is hers;
* ``key``     - whoever holds that link, on any device: it opens no details;
* ``link``    - whoever holds the private link, on the device that it is tied to;
* ``peer``    - a signed request of an allowed group;
* ``gone``    - nobody any more (set-up is done once).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

from node.domain.actors import Role

Kind = Literal["public", "staff", "link", "own", "key", "peer", "gone"]


class Who(StrEnum):
    """Every kind of visitor there is."""

    ANONYMOUS = "anonymous"
    ADMIN = "admin"
    COORDINATOR = "coordinator"
    TRIAGE = "triage"
    SAFETY = "safety"
    KEYLESS = "a coordinator who was never given the records' key"
    SUSPENDED = "suspended, with the cookie from before"
    EXPIRED = "expired session"
    VOLUNTEER = "a volunteer on the device of her own task"
    OWN = "a volunteer who is signed in to her own page"
    PEER = "a peer node, with its signature"
    FOREIGN = "a page of a foreign site in a coordinator's browser"
    SEALLESS = "a form without seal in a coordinator's browser"


ROLES: Mapping[Who, Role] = {
    Who.ADMIN: Role.ADMIN,
    Who.COORDINATOR: Role.COORDINATOR,
    Who.TRIAGE: Role.TRIAGE,
    Who.SAFETY: Role.SAFETY,
}
"""Who sits at the desk with exactly one role that counts."""

NO_PEOPLE = frozenset(Who) - {Who.COORDINATOR, Who.TRIAGE, Who.SAFETY, Who.FOREIGN, Who.SEALLESS}
"""Whoever may never read a word of the one who asked, but for a volunteer on her own task's device."""

NOBODY: frozenset[Role] = frozenset()
DESK = frozenset({Role.COORDINATOR, Role.TRIAGE, Role.SAFETY})
SORTING = frozenset({Role.COORDINATOR, Role.TRIAGE})
DISPATCH = frozenset({Role.COORDINATOR})
APART = frozenset({Role.COORDINATOR, Role.SAFETY})
ADMIN = frozenset({Role.ADMIN})
SAFETY = frozenset({Role.SAFETY})
RULES = frozenset({Role.ADMIN, Role.SAFETY})
PUBLISH = frozenset({Role.ADMIN, Role.COORDINATOR})
PRIVACY = frozenset({Role.ADMIN, Role.COORDINATOR, Role.SAFETY})
EVERYBODY = frozenset(Role)

OF_OTHERS = (
    "member", "peer", "invite", "wish", "ref", "bell", "draft", "note", "team", "visit", "incident",
    "device", "hold", "breach", "plan", "series", "hand", "pair", "run", "receipt", "calls", "waits",
    "ask",
    "device", "hold", "breach", "proposal", "notice", "gift", "text",
    "ask", "asked",
    "device", "hold", "breach", "proposal", "notice"
    "device", "hold", "breach", "proposal", "notice", "gift", "poll",
)  # fmt: skip
"""Objects that are nobody's own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One address with one method. ``form`` and ``values`` may name ``{need}``, ``{person}`` and so on."""

    method: str
    path: str
    kind: Kind
    may: frozenset[Role] = NOBODY
    values: Mapping[str, str] = field(default_factory=dict)
    """What stands in the address beside the objects."""
    query: str = ""
    form: Mapping[str, str] = field(default_factory=dict)
    seed: str = "open"
    """What the object is like before: a state of a need, or of the task on it."""
    becomes: str = ""
    """What the need is afterwards."""
    changes: bool = True
    """Whether an allowed POST leaves something behind in the database."""
    tells: bool = True
    """Whether the answer says that an object is unknown (a closed door does not)."""
    keyless: bool = False
    """Whether it is open to whoever signs in, also without the records' key."""
    one_click: bool = False
    """Whether a mail program may ask for it, without a form of ours (RFC 8058)."""
    leaves: bool = False
    """Whether somebody is signed out by it."""
    answers: str = "done"
    """What an allowed actor meets; a status where the form lacks something on purpose."""

    @property
    def name(self) -> str:
        return f"{self.method} {self.path}" + (f" {dict(self.values)}" if self.values else "")

    def names(self, word: str) -> bool:
        """Whether its address, query or form has a place for that word."""
        texts = (self.path, self.query, *self.values.values(), *self.form.values())
        return any(f"{{{word}}}" in text for text in texts)

    @property
    def objects(self) -> tuple[str, ...]:
        """Whose object it is tried on: one's own, another's, one that is not there."""
        if self.kind == "own":
            return ("own", "other", "unknown") if "{" in self.path else ("none",)
        if self.kind == "key":
            return ("own", "unknown")
        if "{sheet}" in self.path:
            return ("own", "unknown")
        if any(f"{{{each}}}" in self.path for each in OF_OTHERS):
            return ("other", "unknown")
        named = any(f"{{{each}}}" in self.path for each in ("need", "task", "person", "token"))
        return ("own", "other", "unknown") if named else ("none",)


def _get(path: str, kind: Kind, may: frozenset[Role] = NOBODY, **more: object) -> Row:
    return Row(method="GET", path=path, kind=kind, may=may, **more)  # type: ignore[arg-type]


def _post(path: str, kind: Kind, may: frozenset[Role] = NOBODY, **more: object) -> Row:
    return Row(method="POST", path=path, kind=kind, may=may, **more)  # type: ignore[arg-type]


def _step(step: str, seed: str, becomes: str) -> Row:
    path = "/board/{need}/task/{task}/{step}"
    return _post(path, "staff", DISPATCH, values={"step": step}, seed=seed, becomes=becomes)


def _answer(answer: str, seed: str, becomes: str) -> Row:
    return _post("/t/{token}/{answer}", "link", values={"answer": answer}, seed=seed, becomes=becomes)


def _own_answer(answer: str, seed: str, becomes: str) -> Row:
    return _post("/my/task/{task}/{answer}", "own", values={"answer": answer}, seed=seed, becomes=becomes)


def _round(move: str, seed: str, becomes: str) -> Row:
    return _post(
        "/rounds/{run}/move/{move}", "staff", DISPATCH, values={"move": move}, seed=seed, becomes=becomes
    )


def _driving(step: str, seed: str, becomes: str) -> Row:
    return _post("/r/{token}/{step}", "link", values={"step": step}, seed=seed, becomes=becomes)


WISH = "/board/neighbours/{origin}/{wish}"
CALL = {"name": "Nora Invented", "phone": "07700 900555", "kinds": "groceries", "help_you": "y"}
COLUMNS = {"sort": "needs", "name": "Form", "field:0": "name", "field:1": "phone", "field:2": "categories"}
PEER_STEPS = ("pause", "block", "leave")
CALLS = {"name": "Winter calls", "people": "Mary Invented 07700 900551", "weekdays": "0", "seen": "{lines}"}
HELPS = {"kinds": "groceries", "hours": "mon:morning"}
CHECK = {"level": "id", "decision": "cleared", "seen": "2025-01-31"}
ALERTS = {"safety": "at_once", "urgent": "daily", "calls": "off", "neighbours": "daily"}
GIFT = {"what": "A cot", "name": "Gil Invented", "phone": "07700 900557", "keep_details": "y"}
HELPER = {"name": "Vera Invented", "phone": "07700 900556", **HELPS}
A_BROWSER = {
    "endpoint": "https://push.example.net/some-browser",
    "p256dh": "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
    "auth": "BTBZMqHH6r4Tts7J_aSIgg",
}
"""The keys are those of RFC 8291, appendix A."""

PATCH = {"name": "Elm Street", "streets": "Elm Street"}
STEPS = {
    "meet": (DISPATCH, "new "),
    "check": (APART, "met "),
    "welcome": (DISPATCH, "met "),
    "rest": (DISPATCH, ""),
    "resume": (DISPATCH, "paused "),
    "suspend": (APART, ""),
    "lift": (APART, "suspended "),
    "leave": (DISPATCH, ""),
    "return": (DISPATCH, "left "),
    "bar": (APART, ""),
    "unbar": (APART, ""),
}
"""Steps of a volunteer: who may, and who it is done to."""

BREACH = {
    "kind": "wrong_hands", "from_at": "2020-01-01T10:00", "until_at": "2020-01-01T11:00", "risk": "some",
    "found_at": "2020-01-02T10:00", "what": "a list was left on a bus", "write": "y",
}  # fmt: skip

TABLE: tuple[Row, ...] = (
    # machines
    _get("/healthz", "public"),
    _get("/api/v1/needs.geojson", "public"),
    _get("/api/v1/needs.atom", "public"),
    _get("/api/v1/needs.kml", "public"),
    _get("/api/v1/needs.ics", "public"),
    _get("/api/v1/openapi.json", "public"),
    _get("/embed", "public"),
    _get("/licences", "public"),
    _get("/look", "public"),
    _get("/leave", "public"),
    _post("/language", "public", form={"code": "en", "back": "/near"}, changes=False),
    _get("/mac/v1/node", "public"),
    _post("/mac/v1/pull", "peer", changes=False),
    _post("/mac/v1/heads", "peer", changes=False),
    _post("/mac/v1/manifest", "peer", changes=False, answers="400"),
    _post("/mac/v1/push", "peer", changes=False),
    _post("/mac/v1/introduce", "peer", changes=False, answers="400"),
    _post("/mac/v1/message", "peer", changes=False, answers="400"),
    _post("/mac/v1/mailbox", "peer", changes=False, answers="400"),
    # anybody
    _get("/", "public"),
    _get("/static/{name}", "public", values={"name": "{asset}"}),
    _get("/tiles/{z}/{x}/{y}", "public", values={"z": "0", "x": "0", "y": "0"}, answers="nothing here"),
    _get("/ask", "public"),
    _post("/ask", "public", form=CALL),
    _get("/a/{token}", "key", seed="asked"),
    _get("/a/{token}/done", "key", seed="asked coming", query="need={need}"),
    _get("/a/{token}/unsafe", "key", seed="asked"),
    _post("/a/{token}/unsafe", "key", seed="asked", form={"text": "They stayed too long."}),
    _post(
        "/a/{token}/{verb}",
        "key",
        values={"verb": "change"},
        seed="asked",
        form={"need": "{need}", "urgency": "today"},
    ),
    _post("/a/{token}/{verb}", "key", values={"verb": "off"}, seed="asked", form={"need": "{need}"}),
    _post("/a/{token}/{verb}", "key", values={"verb": "back"}, seed="asked off", form={"need": "{need}"}),
    _post(
        "/a/{token}/{verb}",
        "key",
        values={"verb": "how"},
        seed="asked coming",
        form={"need": "{need}", "answer": "well", "early": "y"},
    ),
    _get("/volunteer", "public"),
    _post("/volunteer", "public", form={**HELPER, "keep_details": "y", "transport": "foot"}),
    _get("/poll/{poll}", "key", seed="poll"),
    _post("/poll/{poll}", "key", seed="poll", form={"choice": "1"}),
    _get("/offer", "public"),
    _post("/offer", "public", form={**GIFT, "sort": "thing", "way": "fetch"}),
    _get("/o/{token}", "key", seed="gift"),
    _post("/o/{token}/{verb}", "key", values={"verb": "keep"}, seed="gift"),
    _post("/o/{token}/{verb}", "key", values={"verb": "end"}, seed="gift"),
    _post("/o/{token}/{verb}", "key", values={"verb": "back"}, seed="gift gone"),
    _get("/join", "public"),
    _get("/near", "public", query="place=51.45,-2.58&km=10"),
    _get("/sign-in", "public"),
    _post("/sign-in", "public", form={"handle": "{handle}", "password": "{password}"}),
    _get("/setup", "gone"),
    _post("/setup", "gone", form={"code": "none", "handle": "x", "password": "made-up password"}),
    # the volunteer's private link
    _get("/t/thanks", "public"),
    _get("/t/{token}", "link", seed="approved"),
    _post("/t/{token}/open", "link", seed="approved", changes=False),
    _post("/t/{token}/paid", "link", seed="approved", form={"amount": "3.50"}),
    # a volunteer's own page, signed in
    _get("/my", "public"),
    _get("/sw.js", "public"),
    _get("/no-connection", "public"),
    _get("/app.webmanifest", "public"),
    _post("/my/ask", "public", form={"who": "07700 900123"}),
    _post("/my/out", "public", changes=False, leaves=True),
    _get("/my/in/{token}", "key", seed="own link"),
    _post("/my/in/{token}", "key", seed="own link"),
    _get("/my/devices", "own"),
    _get("/my/passkeys", "own"),
    _post("/my/passkeys", "own", form={"answer": "nothing"}, changes=False, answers="422"),
    _post("/my/passkeys/in", "public", form={"answer": "nothing"}, changes=False, answers="422"),
    _post("/my/passkeys/{passkey}/away", "own", seed="own passkey"),
    _get("/my/times", "own"),
    _post(
        "/my/times", "own", form={"hours": "mon:morning"}
    ),  # no weekly limit: it would empty what is near her
    _post("/my/break", "own"),
    _post("/my/break/end", "own"),
    _post("/my/calendar", "own"),
    _post("/my/calendar/end", "own"),
    _get("/my/calendar/{token}.ics", "key", seed="own calendar"),
    _get("/my/history", "own"),
    _get("/my/notices", "own"),
    _post("/my/notices", "own", form={"urgent": "y", "way": "email"}),
    _post("/my/notices/here", "own", form=A_BROWSER),
    _post("/my/notices/here/end", "own"),
    _post("/my/notices/chat", "own", answers="422"),
    _post("/my/notices/chat/code", "own", form={"code": "000000"}, answers="422"),
    _post("/my/notices/chat/end", "own", changes=False),
    _post("/my/devices/{device}/end", "own", seed="own device"),
    _get("/my/offer/{need}", "own", seed="near"),
    _post("/my/offer/{need}", "own", seed="near", becomes="offered"),
    _get("/my/elsewhere/{origin}/{wish}", "own", seed="elsewhere"),
    _post("/my/elsewhere/{origin}/{wish}", "own", seed="elsewhere"),
    _post("/my/elsewhere/{asked}/back", "own", seed="elsewhere asked"),
    _get("/my/task/{task}", "own", seed="approved"),
    _post("/my/task/{task}/undo", "own", seed="own offer", becomes="open"),
    _post("/my/task/{task}/open", "own", seed="approved", changes=False),
    _post("/my/task/{task}/paid", "own", seed="approved", form={"amount": "3.50"}),
    _get("/my/task/{task}/unsafe", "own", seed="approved"),
    _post("/my/task/{task}/unsafe", "own", seed="approved", form={"text": "He locked the door."}),
    _post("/my/task/{task}/write", "own", seed="approved", form={"text": "on Thursday"}),
    _post("/my/task/{task}/visit", "own", seed="approved", form={"what": "going", "minutes": "60"}),
    _post("/my/task/{task}/how", "own", seed="done", form={"answer": "well"}),
    _own_answer("help", "proposed", "offered"),
    _own_answer("not-this-time", "proposed", "open"),
    _own_answer("on-my-way", "approved", "in_progress"),
    _own_answer("done", "contacted", "reported"),
    _own_answer("give-back", "approved", "open"),
    _post("/my/task/{task}/not-yet", "own", seed="set off", becomes="assigned"),
    _post("/people/{person}/own-link", "staff", DISPATCH, seed="helper"),
    _get("/volunteers/links", "staff", DISPATCH),
    _post("/volunteers/links", "staff", DISPATCH),
    _post("/volunteers/links/{ask}/done", "staff", DISPATCH, seed="own ask"),
    # a round of deliveries, by its private link
    _get("/r/thanks", "public"),
    _get("/r/{token}", "link", seed="round"),
    _post("/r/{token}/open", "link", seed="round", changes=False),
    _post("/r/{token}/paid", "link", seed="round under way", form={"amount": "3.50", "stop": "{stop}"}),
    _driving("start", "round", "in_progress"),
    _driving("finish", "round under way", "open"),
    _get("/r/{token}/stop/{stop}", "link", seed="round under way"),
    _post(
        "/r/{token}/stop/{stop}",
        "link",
        seed="round under way",
        form={"word": "done"},
        becomes="reported",
    ),
    _get("/r/{token}/stop/{stop}/unsafe", "link", seed="round under way"),
    _post(
        "/r/{token}/stop/{stop}/unsafe", "link", seed="round under way", form={"text": "He locked the door."}
    ),
    # a volunteer's calls, by her private link
    _get("/c/{token}", "link", seed="calls"),
    _post("/c/{token}/open", "link", seed="calls", changes=False),
    _get("/c/{token}/call/{entry}", "link", seed="calls"),
    _post("/c/{token}/call/{entry}", "link", seed="calls", form={"word": "fine"}),
    _post("/c/{token}/call/{entry}/may", "link", seed="calls", form={"answer": "yes"}),
    _get("/t/{token}/more", "link", seed="approved"),
    _post("/t/{token}/more", "link", seed="approved", form={"need": "{need}"}, changes=False),
    _get("/t/{token}/unsafe", "link", seed="approved"),
    _post("/t/{token}/unsafe", "link", seed="approved", form={"text": "He locked the door."}),
    _post("/t/{token}/write", "link", seed="approved", form={"text": "on Thursday"}),
    _post("/t/{token}/how", "link", seed="done", form={"answer": "well"}),
    _answer("help", "proposed", "offered"),
    _answer("not-this-time", "proposed", "open"),
    _answer("on-my-way", "approved", "in_progress"),
    _answer("done", "contacted", "reported"),
    _answer("give-back", "approved", "open"),
    _post("/t/{token}/not-yet", "link", seed="set off", becomes="assigned"),
    # help across groups
    _get("/board/neighbours", "staff", DESK),
    _get(WISH, "staff", DESK, seed="wish"),
    _post(f"{WISH}/offer", "staff", DISPATCH, seed="wish", form={"person": "{fresh_helper}", "agreed": "y"}),
    *(
        _post(f"{WISH}/forward/{{asked}}/{{word}}", "staff", DISPATCH, values={"word": word}, seed="forward")
        for word in ("yes", "no")
    ),
    _post(f"{WISH}/task/{{away}}/link", "staff", DISPATCH, seed="away"),
    *(
        _post(f"{WISH}/task/{{away}}/{{step}}", "staff", DISPATCH, values={"step": step}, seed="away")
        for step in ("contacted", "done", "release")
    ),
    _post(f"{WISH}/task/{{away}}/how", "staff", DISPATCH, seed="away"),
    _post("/board/rings/{bell}/seen", "staff", DESK, seed="bell"),
    _get("/board/referrals/{ref}", "staff", DESK, seed="referral"),
    _post("/board/referrals/{ref}", "staff", DESK, seed="referral"),
    _post("/board/referrals/{ref}/accept", "staff", DISPATCH, seed="referral"),
    _post("/board/referrals/{ref}/decline", "staff", DISPATCH, seed="referral"),
    _post("/board/{need}/task/{task}/how", "staff", DISPATCH, seed="neighbour's offer", becomes="offered"),
    _get("/board/{need}/task/{task}/handover", "staff", DISPATCH, seed="neighbour's offer"),
    _post(
        "/board/{need}/task/{task}/handover",
        "staff",
        DISPATCH,
        seed="neighbour's offer",
        form={"answer": "yes"},
        becomes="assigned",
    ),
    _get("/board/{need}/refer", "staff", DISPATCH),
    _post(
        "/board/{need}/refer",
        "staff",
        DISPATCH,
        form={"group": "{south}", "answer": "yes"},
        becomes="referred",
    ),
    _post("/board/{need}/take-back", "staff", DISPATCH, seed="referred", becomes="open"),
    _post("/board/{need}/ring", "staff", DISPATCH, seed="today", form={"group": "{south}"}, becomes="open"),
    # sheets in, data out
    _get("/import", "staff", DISPATCH),
    _get("/import/{sheet}", "staff", DISPATCH, seed="sheet"),
    _get("/import/{sheet}/look", "staff", DISPATCH, seed="sheet"),
    _get("/import/{sheet}/back.{kind}", "staff", DISPATCH, seed="sheet", values={"kind": "csv"}),
    _post("/import", "staff", DISPATCH, changes=False, answers="422"),
    _post("/import/mapping/forget", "staff", DISPATCH, form={"name": "none", "sort": "needs"}),
    _post("/import/{sheet}", "staff", DISPATCH, seed="sheet", form=COLUMNS),
    _post("/import/{sheet}/read", "staff", DISPATCH, seed="sheet"),
    _post("/import/{sheet}/words", "staff", DISPATCH, seed="sheet"),
    _post(
        "/import/{sheet}/row/{line}",
        "staff",
        DISPATCH,
        seed="sheet",
        values={"line": "2"},
        form={"out": "yes"},
    ),
    _post("/import/{sheet}/run", "staff", DISPATCH, seed="sheet"),
    _post("/import/{sheet}/drop", "staff", DISPATCH, seed="sheet"),
    _post("/import/{sheet}/stop", "staff", DISPATCH, seed="sheet", changes=False),
    _get("/export", "staff", DISPATCH),
    _post(
        "/export/sheet", "staff", DISPATCH, form={"what": "needs", "kind": "csv", "why": "the yearly report"}
    ),
    _post(
        "/export/all",
        "staff",
        DISPATCH,
        form={"passphrase": "one", "again": "two"},
        changes=False,
        answers="422",
    ),
    _post("/export/ask", "staff", DISPATCH, form={"what": "everything"}),
    _post("/export/ask/{ask}", "staff", DISPATCH, seed="ask to take out", form={"answer": "yes"}),
    # who is on
    _get("/board/shift", "staff", DESK),
    _get("/figures", "staff", DISPATCH),
    _get("/figures.csv", "staff", DISPATCH),
    _post("/board/shift", "staff", SORTING, form={"who": "{own_id}", "week": "{monday}"}),
    _post("/board/shift/again", "staff", SORTING),
    _post("/board/shift/note", "staff", SORTING, form={"text": "the church hall has moved"}),
    _post("/board/shift/note/{note}/read", "staff", DESK, seed="shift note"),
    # the board
    _get("/board", "staff", DESK, query="show=all_open"),
    _get("/board/news", "staff", DESK, query="show=all_open&since=1.0"),
    _get("/board/{need}", "staff", DESK, seed="approved"),
    _post("/board/{need}/name", "staff", DESK),
    _post("/board/{need}/as-helper", "staff", DESK),
    _post("/board/{need}/as-asker", "staff", DESK),
    _post("/board/{need}/ask", "staff", DISPATCH, form={"person": "{helper}"}, becomes="offered"),
    _post("/board/{need}/assign", "staff", DISPATCH, form={"person": "{helper}"}, becomes="assigned"),
    _post("/board/{need}/said-yes", "staff", DISPATCH, form={"person": "{helper}"}, becomes="offered"),
    _post("/board/{need}/open", "staff", SORTING, seed="new", becomes="open"),
    _post("/board/{need}/told", "staff", DISPATCH, seed="approved", becomes="assigned"),
    _post("/board/{need}/keep", "staff", SORTING, form={"keep": "yes"}, becomes="open"),
    _post("/board/{need}/hold", "staff", SORTING, form={"until": "{tomorrow}"}, becomes="on_hold"),
    _post("/board/{need}/contact", "staff", SORTING, form={"kind": "no_answer", "note": "engaged"}),
    _post(
        "/board/{need}/happened", "staff", DISPATCH, seed="approved", form={"answer": "not"}, becomes="open"
    ),
    _get("/board/{need}/correct", "staff", SORTING),
    _post("/board/{need}/correct", "staff", SORTING, form={"category": "groceries", "urgency": "today"}),
    _post("/board/{need}/agreed", "staff", SORTING, changes=False),
    _post("/board/{need}/caller", "staff", SORTING, form={"whose": "other", "caller_name": "Ona Madeup"}),
    _post("/board/{need}/undo", "staff", DISPATCH, seed="closed", becomes="open"),
    _post("/board/{need}/rung", "staff", SORTING, changes=False),
    _post("/board/{need}/close", "staff", DISPATCH, form={"reason": "no_longer_needed"}, becomes="closed"),
    _post("/board/{need}/reopen", "staff", DISPATCH, seed="closed", becomes="open"),
    _get("/repeats", "staff", DESK),
    _post("/repeats", "staff", DISPATCH, form={"holidays": "2027-12-25"}),
    _post("/repeats/{series}", "staff", DISPATCH, seed="series", form={"do": "end"}),
    _post("/repeats/hand/{hand}", "staff", DISPATCH, seed="series", form={"do": "agree"}),
    _post("/board/{need}/repeat", "staff", DISPATCH, form={"every": "week", "first_day": "{tomorrow}"}),
    _post("/people/{person}/as-volunteer", "staff", DESK, seed="helper"),
    _post("/people/{person}/buddy", "staff", DISPATCH, form={"helper": "{fresh_helper}"}),
    _post("/people/{person}/buddy/{pair}", "staff", DISPATCH, seed="pair", form={"do": "agree-helper"}),
    _get("/board/plan", "staff", DESK, seed="plan"),
    _post("/board/plan", "staff", DISPATCH, form={"which": "all"}),
    _post("/board/plan/{plan}", "staff", DISPATCH, seed="plan", form={"line": "{line}", "do": "leave"}),
    _post("/board/{need}/several", "staff", DISPATCH, form={"person": "{fresh_helper}"}, becomes="offered"),
    _post("/board/{need}/messages", "staff", DISPATCH, changes=False),
    _post("/board/{need}/room", "staff", DISPATCH, seed="room", becomes="open"),
    _post("/board/{need}/room/back", "staff", DISPATCH, seed="room told", becomes="open"),
    _post("/board/{need}/stop-asking", "staff", DISPATCH, seed="several asked", becomes="open"),
    _post("/board/{need}/task/{task}/confirm", "staff", DISPATCH, seed="interested", becomes="assigned"),
    _post("/board/{need}/task/{task}/write", "staff", DISPATCH, seed="approved", form={"text": "when?"}),
    _post("/board/{need}/task/{task}/seen", "staff", DISPATCH, seed="approved", changes=False),
    _post("/board/{need}/task/{task}/link", "staff", DISPATCH, seed="proposed", becomes="offered"),
    _step("contacted", "approved", "in_progress"),
    _step("heard", "approved", "assigned"),
    _step("done", "contacted", "reported"),
    _step("decline", "proposed", "open"),
    _step("release", "approved", "open"),
    _step("withdraw", "approved", "open"),
    # a phone call
    _get("/intake", "staff", SORTING),
    _post("/intake", "staff", SORTING, form=CALL),
    _get("/intake/paper", "staff", SORTING),
    _post("/intake/practice/end", "staff", SORTING),
    _post("/board/{need}/promise", "staff", SORTING, form={"promise": "16:00"}),
    _post("/board/{need}/promise/kept", "staff", SORTING, changes=False),
    _post("/intake/draft", "staff", SORTING, form={**CALL, "draft": "{draft}"}),
    _post("/intake/draft/{draft}/drop", "staff", SORTING, changes=False, tells=False),
    _post("/intake/known", "staff", SORTING, form={"phone": "07700 900555"}, changes=False),
    _get("/intake/paste", "staff", SORTING),
    _post("/intake/paste", "staff", SORTING, form={"text": "can anybody walk the dog?"}, changes=False),
    _get("/intake/taken", "staff", DESK, query="need={need}"),
    # people
    _get("/volunteers", "staff", DESK),
    _get("/volunteers/add", "staff", DISPATCH),
    _post(
        "/volunteers/add",
        "staff",
        DISPATCH,
        form={**HELPS, "name": "Vera Invented", "email": "{new_handle}@example.org"},
    ),
    _get("/people/twice", "staff", DESK),
    _post("/people/twice", "staff", DESK, changes=False),
    _post("/people/twice/one", "staff", DISPATCH, form={"keep": "{helper}", "gone": "{double}"}),
    _post("/people/twice/two", "staff", DISPATCH, form={"keep": "{helper}", "gone": "{double}"}),
    _get("/people/{person}/twice", "staff", DESK),
    _post("/people/{person}/twice/{merge}/part", "staff", DISPATCH, seed="merged"),
    _get("/people/{person}", "staff", DESK, tells=False),
    _post("/people/{person}", "staff", DESK, form={"why": "she rang"}),
    _post("/people/{person}/apart", "staff", APART, form={"other": "{helper}", "why": "sealed"}),
    _get("/people", "staff", DESK),
    _post("/people", "staff", DESK, form={"text": "Vera"}),
    _post("/people/removals", "staff", DISPATCH, changes=False),
    _post("/people/{person}/details", "staff", SORTING, form={"name": "Nora Invented", "why": "she said so"}),
    _post("/people/{person}/mail", "staff", SORTING, form={"do": "works"}),
    _post("/people/{person}/household", "staff", SORTING, form={"other": "{helper}"}),
    _post("/people/{person}/vouch", "staff", DISPATCH, form={"note": "sings with them"}),
    _post("/people/{person}/keep", "staff", SORTING, form={"answer": "no"}),
    *(
        _get("/people/{person}/step/{step}", "staff", may, values={"step": step}, seed="helper", tells=False)
        for step, (may, _) in STEPS.items()
    ),
    *(
        _post("/people/{person}/step/{step}", "staff", may, values={"step": step}, seed=f"{seed}helper")
        for step, (may, seed) in STEPS.items()
    ),
    _get("/rounds", "staff", DESK),
    _get("/rounds/plan", "staff", DISPATCH),
    _post(
        "/rounds/plan",
        "staff",
        DISPATCH,
        form={"day": "{tomorrow}", "driver": "{helper}", "needs": "{need}"},
        becomes="assigned",
    ),
    _get("/rounds/{run}", "staff", DESK, seed="round"),
    _post("/rounds/{run}/link", "staff", DISPATCH, seed="round"),
    _post("/rounds/{run}/sheet", "staff", DISPATCH, seed="round"),
    _round("start", "round", "in_progress"),
    _round("finish", "round under way", "open"),
    _round("call-off", "round", "open"),
    _post(
        "/rounds/{run}/day",
        "staff",
        DISPATCH,
        seed="round",
        form={"day": "2000-01-01"},
        changes=False,
        answers="422",
    ),
    _post("/rounds/{run}/driver", "staff", DISPATCH, seed="round", form={"driver": "{fresh_helper}"}),
    _post("/rounds/{run}/order", "staff", DISPATCH, seed="round"),
    _post("/rounds/{run}/stop/{task}", "staff", DISPATCH, seed="round", form={"hand_off": "doorstep"}),
    _post("/rounds/{run}/stop/{task}/off", "staff", DISPATCH, seed="round", becomes="open"),
    _post(
        "/rounds/{run}/stop/{task}/said",
        "staff",
        DISPATCH,
        seed="round under way",
        form={"word": "done"},
        becomes="reported",
    ),
    _post(
        "/board/{need}/round",
        "staff",
        DISPATCH,
        seed="beside a round",
        form={"round": "{run}"},
        becomes="assigned",
    ),
    # lists of calls
    _get("/calls", "staff", DESK),
    _get("/calls/new", "staff", DISPATCH),
    _post("/calls/new", "staff", DISPATCH, form=CALLS),
    _get("/calls/see-to/{waits}", "staff", DESK, seed="calls"),
    _post("/calls/see-to/{waits}", "staff", SORTING, seed="calls", form={"do": "done"}),
    _get("/calls/{calls}", "staff", DESK, seed="calls"),
    _post("/calls/{calls}", "staff", DESK, seed="calls"),
    _post("/calls/{calls}/change", "staff", DISPATCH, seed="calls", form=CALLS),
    _post("/calls/{calls}/add", "staff", DISPATCH, seed="calls", form=CALLS),
    *(
        _post("/calls/{calls}/move/{move}", "staff", DISPATCH, seed=seed, values={"move": move})
        for move, seed in (("pause", "calls"), ("resume", "calls with a pause"), ("end", "calls"))
    ),
    _post("/calls/{calls}/callers", "staff", DISPATCH, seed="calls"),
    _post("/calls/{calls}/callers/{caller}", "staff", DISPATCH, seed="calls", form={"do": "link"}),
    _post("/calls/{calls}/people/{entry}", "staff", SORTING, seed="calls", form={"do": "off"}),
    _get("/calls/{calls}/today", "staff", DESK, seed="calls"),
    _post("/calls/{calls}/today", "staff", DESK, seed="calls"),
    _post("/calls/{calls}/today/{entry}", "staff", SORTING, seed="calls", form={"word": "fine"}),
    _post("/calls/{calls}/today/{entry}/give", "staff", SORTING, seed="calls", form={"caller": "{caller}"}),
    _post("/calls/{calls}/slip/{said}", "staff", SORTING, seed="calls"),
    _post("/calls/{calls}/paper", "staff", DESK, seed="calls"),
    # short questions to everybody
    _get("/polls", "staff", DESK),
    _post("/polls", "staff", DISPATCH, form={"question": "What is missing?", "choices": "Coats\nBeds"}),
    _get("/polls/{poll}/words", "staff", DISPATCH, seed="poll"),
    _post(
        "/polls/{poll}/words",
        "staff",
        DISPATCH,
        seed="poll",
        form={"language": "es", "question": "¿Qué falta?", "choices": "Abrigos\nCamas"},
    ),
    _post("/polls/{poll}/end", "staff", DISPATCH, seed="poll"),
    _post("/polls/{poll}/remove", "staff", DISPATCH, seed="poll"),
    # what people have to give
    _get("/offers", "staff", DESK),
    _get("/offers/new", "staff", SORTING),
    _post("/offers/new", "staff", SORTING, form={**GIFT, "sort": "thing", "way": "fetch"}),
    _post("/offers/{gift}/name", "staff", DESK, seed="gift"),
    _post("/offers/{gift}/note", "staff", DISPATCH, seed="gift", form={"note": "ring after six"}),
    *(
        _post("/offers/{gift}/{move}", "staff", DISPATCH, values={"move": move}, seed="gift")
        for move in ("keep", "give", "end")
    ),
    _post("/offers/{gift}/{move}", "staff", DISPATCH, values={"move": "back"}, seed="gift gone"),
    _get("/receipts", "staff", DISPATCH),
    *(
        _post(
            "/receipts/{receipt}/{move}",
            "staff",
            DISPATCH,
            values={"move": move},
            seed="paid receipt" if move == "take-back" else "receipt",
        )
        for move in ("pay", "refuse", "take-back")
    ),
    _post(
        "/board/{need}/receipt",
        "staff",
        DISPATCH,
        seed="approved",
        form={"person": "{helper}", "amount": "3.50"},
    ),
    _get("/paper", "staff", DESK),
    _get("/paper/tomorrow", "staff", DESK),
    _post("/paper/tomorrow", "staff", DESK),
    *(
        _get("/paper/{sheet}", "staff", DESK, values={"sheet": each}, tells=False)
        for each in ("fridge", "leaflet", "poster")
    ),
    _get("/street-teams", "staff", DESK),
    _get("/street-teams/add", "staff", DISPATCH),
    _post("/street-teams/add", "staff", DISPATCH, form=PATCH),
    _get("/street-teams/{team}", "staff", DISPATCH, seed="street team"),
    _post("/street-teams/{team}", "staff", DISPATCH, seed="street team", form=PATCH),
    _get("/street-teams/{team}/list", "staff", DESK, seed="street team"),
    _post("/street-teams/{team}/as-captain", "staff", DESK, seed="patch"),
    _post("/street-teams/{team}/link", "staff", DISPATCH, seed="patch"),
    _get("/n/{token}", "key", seed="notices"),
    _post("/n/{token}", "key", seed="notices", one_click=True),
    _post("/n/{token}/choices", "key", seed="notices", form={"way": "email", "urgent": "y"}),
    _get("/n/desk/{token}", "key", seed="alerts"),
    _post("/n/desk/{token}", "key", seed="alerts", one_click=True),
    _get("/notices", "staff", DESK),
    _post("/notices", "staff", DESK, changes=False),
    _post("/notices/ring/paper", "staff", DESK, changes=False),
    *(
        _post(f"/notices/ring/{{task}}/{came}", "staff", DISPATCH, seed="proposed", form={"kind": "asked"})
        for came in ("reached", "no-answer")
    ),
    _post("/notices/texts/{text}/done", "staff", DISPATCH, seed="texts"),
    _post("/api/v1/texts/{token}", "key", seed="texts", form={"from": "+447700900123", "text": "yes"}),
    _post("/notices/{notice}/again", "staff", DISPATCH, seed="notices"),
    _get("/settings/messages", "staff", ADMIN),
    _post(
        "/settings/messages",
        "staff",
        ADMIN,
        form={"kind": "hook", "url": "http://127.0.0.1:1/send"},
    ),
    _post("/settings/messages/try", "staff", ADMIN, answers="422"),
    _post("/settings/messages/off", "staff", ADMIN, changes=False),
    _get("/settings/chat", "staff", ADMIN),
    _post(
        "/settings/chat", "staff", ADMIN, form={"name": "Telegram", "url": "json://127.0.0.1:1/send/{{to}}"}
    ),
    _post("/settings/chat/try", "staff", ADMIN, answers="422"),
    _post("/settings/chat/off", "staff", ADMIN, changes=False),
    _post("/settings/chat/room", "staff", ADMIN, form={"url": "json://127.0.0.1:1/room"}),
    _post("/settings/chat/room/try", "staff", ADMIN, seed="room", changes=False),
    _post("/settings/chat/room/off", "staff", ADMIN, changes=False),
    _get("/settings/mail", "staff", ADMIN),
    _post("/settings/mail/closed", "staff", ADMIN, form={"wanted": "y"}),
    _post(
        "/settings/mail",
        "staff",
        ADMIN,
        form={"host": "localhost", "tls": "none", "port": "1", "sender": "notices@example.org"},
    ),
    _post("/settings/mail/try", "staff", ADMIN, answers="422"),
    _post("/settings/mail/off", "staff", ADMIN, changes=False),
    _get("/p/{token}", "link", seed="patch"),
    _post("/p/{token}/open", "link", seed="patch", changes=False),
    _post("/street-teams/{team}/remove", "staff", DISPATCH, seed="street team"),
    _post("/board/{need}/household", "staff", SORTING, form={"for_all": "no"}),
    _get("/people/{person}/helps", "staff", DISPATCH, seed="helper"),
    _post("/people/{person}/helps", "staff", DISPATCH, seed="helper", form=HELPS),
    _get("/safety", "staff", APART),
    _get("/safety/kinds", "staff", RULES),
    _get("/safety/incidents", "staff", EVERYBODY),
    _get("/safety/incidents/new", "staff", EVERYBODY),
    _post("/safety/incidents", "staff", EVERYBODY, form={"kind": "other", "text": "what happened"}),
    _post("/safety/incidents/begin", "staff", SAFETY),
    _post("/safety/incidents/take-in", "staff", EVERYBODY, changes=False),
    _post("/safety/incidents/ended", "staff", EVERYBODY, changes=False),
    # What somebody may not read is for them not there; who may is said in tests/scenario/test_safety_pages.py.
    *(
        row(path, "staff", may, seed="unreadable incident", form=form, answers="nothing here")
        for path, row, may, form in (
            ("/safety/incidents/{incident}", _get, EVERYBODY, {}),
            ("/safety/incidents/{incident}", _post, EVERYBODY, {}),
            ("/safety/incidents/{incident}/note", _post, EVERYBODY, {"text": "looked into"}),
            ("/safety/incidents/{incident}/again", _post, EVERYBODY, {}),
            ("/safety/incidents/{incident}/reader", _post, EVERYBODY, {"staff": "somebody"}),
            ("/safety/incidents/{incident}/remove", _post, EVERYBODY, {}),
            ("/safety/incidents/{incident}/stop", _post, APART, {"person": "{person}"}),
        )
    ),
    _get("/safety/looks", "staff", SAFETY),
    _post("/safety/looks", "staff", SAFETY),
    _post("/people/{person}/checks/spoke", "staff", APART, seed="helper", answers="nothing here"),
    _post("/safety/kinds", "staff", RULES, form={"check:furniture": "met"}, changes=False),
    _post("/board/{need}/task/{task}/out", "staff", DISPATCH, seed="approved", form={"minutes": "60"}),
    *(
        _post("/board/visits/{visit}/{what}", "staff", SORTING, values={"what": what}, seed="visit")
        for what in ("longer", "rang", "back")
    ),
    _post("/t/{token}/visit", "link", form={"what": "going", "minutes": "60"}, seed="approved"),
    _get("/people/{person}/checks", "staff", APART, seed="helper"),
    # Who saw what: for whoever holds those records, and none of these roles does by itself.
    _post("/people/{person}/checks", "staff", NOBODY, seed="helper"),
    _post("/people/{person}/checks/note", "staff", APART, seed="helper", form=CHECK),
    _get("/people/{person}/data", "staff", APART),
    _post("/people/{person}/data", "staff", APART),
    _post("/people/{person}/data.json", "staff", APART),
    _post("/people/{person}/agreed", "staff", APART, form={"purpose": "groups_see", "how": "spoken"}),
    _post(
        "/people/{person}/hold", "staff", APART, form={"reason": "a complaint", "review_day": "{tomorrow}"}
    ),
    _post("/privacy/holds/{hold}/end", "staff", APART, seed="hold"),
    _get("/privacy", "public"),
    _get("/privacy/record", "staff", PRIVACY),
    _get("/privacy/assessment", "staff", PRIVACY),
    _get("/privacy/agreement", "staff", PRIVACY),
    _get("/privacy/breaches", "staff", PRIVACY),
    _post("/privacy/breaches", "staff", PRIVACY, form=BREACH),
    _post("/privacy/breaches/{breach}/told", "staff", PRIVACY, seed="breach", form={"what": "authority"}),
    _get("/privacy/removals", "staff", PRIVACY),
    _post("/privacy/removals", "staff", DISPATCH, changes=False),
    _get("/people/{person}/erase", "staff", DISPATCH, tells=False),
    _post("/people/{person}/erase", "staff", DISPATCH, form={"sure": "y"}),
    # neighbouring groups
    _get("/peers", "staff", EVERYBODY),
    _post("/peers", "staff", ADMIN, form={"url": "http://127.0.0.1:9", "did": "{new_did}"}),
    _post("/peers/fetch", "staff", EVERYBODY, changes=False),
    _get("/peers/file", "staff", EVERYBODY),
    _post("/peers/file", "staff", EVERYBODY, changes=False, answers="422"),
    _get("/peers/file/everybody.ndjson", "staff", EVERYBODY),
    _get("/peers/{peer}/file.ndjson", "staff", EVERYBODY, seed="peer we talk with"),
    _get("/peers/invite", "staff", ADMIN),
    _post("/peers/invite", "staff", ADMIN, form={"role": "peer"}),
    _post("/peers/invite/{invite}/back", "staff", ADMIN, seed="invitation", tells=False),
    _get("/peers/join", "staff", ADMIN),
    _post(
        "/peers/join",
        "staff",
        ADMIN,
        form={"link": "{link}", "role": "peer", "allow_private": "y", "sure": "y"},
        seed="invitation of another group",
    ),
    _get("/peers/{peer}/compare", "staff", ADMIN, seed="another key"),
    _post(
        "/peers/{peer}/compare",
        "staff",
        ADMIN,
        form={"words": "{new_words}"},
        seed="another key",
        tells=False,
    ),
    _post("/peers/{peer}/compare/keep", "staff", ADMIN, seed="another key", tells=False),
    _get("/peers/{peer}/settings", "staff", ADMIN, seed="peer"),
    _post("/peers/{peer}/settings", "staff", ADMIN, form={"gives": "public"}, changes=False, seed="peer"),
    _get("/peers/{peer}/welcome", "staff", ADMIN, seed="asking"),
    _post("/peers/{peer}/welcome", "staff", ADMIN, form={"role": "peer"}, seed="asking", tells=False),
    _post("/peers/{peer}/decline", "staff", ADMIN, seed="asking", tells=False),
    _get("/peers/{peer}", "staff", EVERYBODY, seed="peer"),
    _get("/peers/{peer}/document", "staff", EVERYBODY, seed="peer"),
    _get("/peers/{peer}/document.ndjson", "staff", EVERYBODY, seed="peer"),
    *(
        _get("/peers/{peer}/{step}", "staff", ADMIN, values={"step": each}, seed="peer")
        for each in PEER_STEPS
    ),
    *(
        _post("/peers/{peer}/{step}", "staff", ADMIN, values={"step": each}, seed="new peer")
        for each in PEER_STEPS
    ),
    *(
        _post(
            "/peers/{peer}/letters/{letter}/{word}",
            "staff",
            PUBLISH,
            values={"word": each},
            seed="held letter",
            tells=False,
        )
        for each in ("send", "drop")
    ),
    _post("/peers/{peer}/back", "staff", ADMIN, seed="new peer", tells=False),
    # who works here
    _get("/see-as", "staff", PUBLISH),
    _post("/see-as", "staff", PUBLISH, form={"as": "anybody"}),
    _post("/see-as/end", "public", changes=False),
    _get("/team", "staff", EVERYBODY, keyless=True),
    _get("/team/roles", "staff", EVERYBODY, keyless=True),
    _post(
        "/team", "staff", ADMIN, form={"handle": "{new_handle}", "password": "{password}", "roles": "triage"}
    ),
    _post(
        "/team/password",
        "staff",
        EVERYBODY,
        form={"old": "{password}", "new": "{password}"},
        keyless=True,
        leaves=True,
    ),
    _post("/team/{member}/records", "staff", DESK, seed="member", form={"records": "people"}),
    _get("/team/{member}/leaving", "staff", ADMIN, seed="member"),
    _post("/team/{member}/leaving", "staff", ADMIN, seed="member"),
    _get("/devices", "staff", EVERYBODY, keyless=True),
    # somebody else's device is nobody's to end
    _post("/devices/{device}/end", "staff", EVERYBODY, keyless=True, seed="device", answers="nothing here"),
    _post("/devices/keys", "staff", EVERYBODY, keyless=True, form={"keys": "off"}, changes=False),
    _post("/devices/others", "staff", EVERYBODY, keyless=True, leaves=True),
    _get("/devices/notices", "staff", EVERYBODY, keyless=True, seed="alerts", tells=False),
    _post("/devices/notices", "staff", EVERYBODY, keyless=True, seed="alerts", form=ALERTS, tells=False),
    _post(
        "/devices/notices/address",
        "staff",
        EVERYBODY,
        keyless=True,
        seed="alerts",
        form={"address": "made.up@example.net"},
        tells=False,
    ),
    _post("/devices/notices/code", "staff", EVERYBODY, keyless=True, answers="422"),
    _post("/devices/notices/here", "staff", EVERYBODY, keyless=True, form=A_BROWSER, tells=False),
    # as with devices: another's is nobody's to end
    _post(
        "/devices/notices/{device}/end",
        "staff",
        EVERYBODY,
        keyless=True,
        seed="device",
        answers="nothing here",
    ),
    _post("/devices/notices/forget", "staff", EVERYBODY, keyless=True, seed="alerts", tells=False),
    _post("/team/{member}/suspend", "staff", ADMIN, seed="member"),
    _post("/team/{member}/back", "staff", ADMIN, seed="suspended member"),
    _post(
        "/team/{member}/password",
        "staff",
        ADMIN,
        seed="member",
        form={"password": "{password}", "anyway": "y"},
    ),
    # other help that there is around
    _get("/help-nearby", "public"),
    _get("/help-nearby/hsds.json", "public"),
    _get("/help-nearby/hsds.csv", "public"),
    _get("/help-nearby/edit", "staff", DISPATCH),
    _post("/help-nearby/edit", "staff", DISPATCH, form={"name": "Made-up food bank"}),
    _post(
        "/help-nearby/remove",
        "staff",
        DISPATCH,
        form={"id": "nothing"},
        changes=False,
        answers="nothing here",
    ),
    _post("/help-nearby/bring", "staff", DISPATCH, changes=False, answers="422"),
    # settings
    _get("/recovery", "staff", DESK),
    _post("/recovery/settle", "staff", DISPATCH, form={"lost": "nothing"}, changes=False),
    _get("/settings", "staff", ADMIN),
    _get("/settings/sharing", "staff", ADMIN),
    _post("/settings/sharing", "staff", ADMIN, form={"share:groceries": "{next_share}"}),
    _post("/settings/offers", "staff", ADMIN, form={"offer": "groceries", "offers_share": "peers"}),
    _get("/settings/group", "staff", ADMIN),
    _post("/settings/group", "staff", ADMIN, form={"name": "North", "state": "full"}),
    _get("/settings/checks", "staff", ADMIN),
    _post("/settings/todo", "staff", ADMIN, form={"task": "scope"}),
    _get("/settings/kit", "staff", ADMIN),
    _get("/settings/kit/file", "staff", ADMIN),
    _post("/settings/kit/look", "staff", ADMIN, changes=False, answers="422"),
    _post("/settings/kit/take", "staff", ADMIN, changes=False, answers="422"),
    _get("/settings/questions", "staff", ADMIN),
    _get("/settings/questions/edit", "staff", ADMIN),
    _post(
        "/settings/questions/edit",
        "staff",
        ADMIN,
        form={"words": "Is there a dog?", "kind": "yes_no", "asked": "call"},
    ),
    _post(
        "/settings/questions/up",
        "staff",
        ADMIN,
        form={"id": "nothing"},
        changes=False,
        answers="nothing here",
    ),
    _post(
        "/settings/questions/remove",
        "staff",
        ADMIN,
        form={"id": "nothing"},
        changes=False,
        answers="nothing here",
    ),
    _get("/settings/questions/answers", "staff", DESK),
    _get("/settings/rules", "staff", ADMIN),
    _post("/settings/rules", "staff", ADMIN, form={"decide_hours": "7"}),
    _post("/settings/preset", "staff", ADMIN, form={"preset": "phone_desk"}),
    _get("/settings/kinds", "staff", ADMIN),
    _post("/settings/kinds", "staff", ADMIN, form={"name:groceries": "Shopping bag"}),
    _post("/settings/zone", "staff", ADMIN, form={"zone": "Pacific/Auckland"}),
    _get("/settings/public", "staff", PUBLISH),
    _post("/settings/public/{proposal}", "staff", PUBLISH, seed="proposal", form={"answer": "no"}),
    _get("/settings/texts", "staff", ADMIN),
    _post("/settings/texts", "staff", ADMIN, form={"text": "Everybody on our street."}),
    _post("/settings/send", "staff", PUBLISH, changes=False),
    _get("/cards", "staff", ADMIN),
    _post(
        "/cards",
        "staff",
        ADMIN,
        form={"first": "{card1}", "second": "{card2}", "third": "{card3}"},
        changes=False,
    ),
    # leaving the desk: last, because it ends sessions
    _post("/sign-out", "public", changes=False, leaves=True),
    _post("/switch", "public", changes=False, leaves=True),
    _post("/lock", "staff", EVERYBODY, leaves=True),
)
