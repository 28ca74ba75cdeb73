"""Who may do what at every address, as one table. A route that is missing here fails the build.

What an actor meets follows from the kind of the route:

* ``public``  - anybody, with a form of ours;
* ``staff``   - the roles in ``may``; other staff read 403; everybody else is led to the sign-in page (GET) or refused;
* ``link``    - whoever holds the private link, on the device that it is tied to;
* ``peer``    - a signed request of an allowed group;
* ``gone``    - nobody any more (set-up is done once).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

from node.domain.actors import Role

Kind = Literal["public", "staff", "link", "peer", "gone"]


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
PUBLISH = frozenset({Role.ADMIN, Role.COORDINATOR})
EVERYBODY = frozenset(Role)


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
    leaves: bool = False
    """Whether somebody is signed out by it."""

    @property
    def name(self) -> str:
        return f"{self.method} {self.path}" + (f" {dict(self.values)}" if self.values else "")

    @property
    def objects(self) -> tuple[str, ...]:
        """Whose object it is tried on: one's own, another's, one that is not there."""
        if "{member}" in self.path:
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


CALL = {"name": "Nora Invented", "phone": "07700 900555", "kinds": "groceries", "help_you": "y"}
HELPER = {"name": "Vera Invented", "phone": "07700 900556", "kinds": "groceries"}

TABLE: tuple[Row, ...] = (
    # machines
    _get("/healthz", "public"),
    _get("/api/v1/needs.geojson", "public"),
    _get("/mac/v1/node", "public"),
    _post("/mac/v1/pull", "peer", changes=False),
    _post("/mac/v1/heads", "peer", changes=False),
    # anybody
    _get("/", "public"),
    _get("/static/{name}", "public", values={"name": "{asset}"}),
    _get("/ask", "public"),
    _post("/ask", "public", form=CALL),
    _get("/near", "public", query="place=51.45,-2.58&km=10"),
    _get("/sign-in", "public"),
    _post("/sign-in", "public", form={"handle": "{handle}", "password": "{password}"}),
    _get("/setup", "gone"),
    _post("/setup", "gone", form={"code": "none", "handle": "x", "password": "made-up password"}),
    # the volunteer's private link
    _get("/t/thanks", "public"),
    _get("/t/{token}", "link", seed="approved"),
    _post("/t/{token}/open", "link", seed="approved", changes=False),
    _answer("help", "proposed", "offered"),
    _answer("not-this-time", "proposed", "open"),
    _answer("on-my-way", "approved", "in_progress"),
    _answer("done", "contacted", "reported"),
    _answer("give-back", "approved", "open"),
    # the board
    _get("/board", "staff", DESK, query="show=all_open"),
    _get("/board/{need}", "staff", DESK, seed="approved"),
    _post("/board/{need}/name", "staff", DESK),
    _post("/board/{need}/ask", "staff", DISPATCH, form={"person": "{helper}"}, becomes="offered"),
    _post("/board/{need}/assign", "staff", DISPATCH, form={"person": "{helper}"}, becomes="assigned"),
    _post("/board/{need}/open", "staff", SORTING, seed="new", becomes="open"),
    _post("/board/{need}/told", "staff", DISPATCH, seed="approved", becomes="assigned"),
    _post("/board/{need}/keep", "staff", SORTING, form={"keep": "yes"}, becomes="open"),
    _post("/board/{need}/hold", "staff", SORTING, form={"until": "{tomorrow}"}, becomes="on_hold"),
    _post("/board/{need}/close", "staff", DISPATCH, form={"reason": "no_longer_needed"}, becomes="closed"),
    _post("/board/{need}/reopen", "staff", DISPATCH, seed="closed", becomes="open"),
    _post("/board/{need}/task/{task}/confirm", "staff", DISPATCH, seed="interested", becomes="assigned"),
    _post("/board/{need}/task/{task}/link", "staff", DISPATCH, seed="proposed", becomes="offered"),
    _step("contacted", "approved", "in_progress"),
    _step("done", "contacted", "reported"),
    _step("decline", "proposed", "open"),
    _step("release", "approved", "open"),
    _step("withdraw", "approved", "open"),
    # a phone call
    _get("/intake", "staff", SORTING),
    _post("/intake", "staff", SORTING, form=CALL),
    _get("/intake/taken", "staff", DESK, query="need={need}"),
    # people
    _get("/volunteers", "staff", DESK),
    _get("/volunteers/add", "staff", DISPATCH),
    _post("/volunteers/add", "staff", DISPATCH, form=HELPER),
    _get("/people/{person}", "staff", DESK, tells=False),
    _post("/people/{person}", "staff", DESK, form={"why": "she rang"}),
    _post("/people/{person}/apart", "staff", APART, form={"other": "{helper}", "why": "sealed"}),
    _post("/people/{person}/pause", "staff", DISPATCH, seed="helper"),
    _post("/people/{person}/back", "staff", DISPATCH, seed="paused helper"),
    _get("/people/{person}/helps", "staff", DISPATCH, seed="helper"),
    _post("/people/{person}/helps", "staff", DISPATCH, seed="helper", form={"kinds": "groceries"}),
    _get("/people/{person}/erase", "staff", DISPATCH, tells=False),
    _post("/people/{person}/erase", "staff", DISPATCH, form={"sure": "y"}),
    # neighbouring groups
    _get("/peers", "staff", EVERYBODY),
    _post("/peers", "staff", ADMIN, form={"url": "http://127.0.0.1:9", "did": "{new_did}"}),
    _post("/peers/state", "staff", ADMIN, form={"origin": "{known_did}", "state": "blocked"}),
    _post("/peers/fetch", "staff", EVERYBODY, changes=False),
    # who works here
    _get("/team", "staff", EVERYBODY, keyless=True),
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
    _post("/team/{member}/suspend", "staff", ADMIN, seed="member"),
    _post("/team/{member}/back", "staff", ADMIN, seed="suspended member"),
    _post("/team/{member}/password", "staff", ADMIN, seed="member", form={"password": "{password}"}),
    # settings
    _get("/settings", "staff", ADMIN),
    _post("/settings", "staff", ADMIN, form={"share:groceries": "{next_share}"}),
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
    _post("/lock", "staff", EVERYBODY, leaves=True),
)
