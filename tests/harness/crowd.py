"""Everybody of the route table (``tests/contract/route_table``) before one node, with what each row is tried on."""

from datetime import timedelta

from node.domain.actors import CONSOLE, Actor, Role
from node.domain.ids import AssignmentId, NeedId, PersonId
from node.domain.people.street_team import Patch
from node.domain.rights.breach import BreachKind, Risk
from node.domain.volunteer import Stage
from node.vault import Compartment
from tests.contract.route_table import NO_PEOPLE, ROLES, Row, Who
from tests.harness.street import CANARIES, FOREIGN_SITE, UNKNOWN, Answer, Street, Visitor, is_page

UNKNOWN_NAMES = (
    "plan",
    "notice",
    "passkey",
    "text",
    "line",
    "series",
    "hand",
    "pair",
    "need",
    "task",
    "person",
    "token",
    "member",
    "peer",
    "invite",
    "origin",
    "wish",
    "away",
    "ref",
    "bell",
    "team",
    "letter",
    "draft",
    "sheet",
    "ask",
    "asked",
    "merge",
    "device",
    "hold",
    "breach",
    "proposal",
    "note",
    "visit",
    "incident",
    "run",
    "stop",
    "receipt",
    "gift",
    "poll",
    "calls",
    "caller",
    "entry",
    "said",
    "waits",
)
OWN_DEVICE = "the-volunteers-own-telephone"
SOMEBODYS_DEVICE = "somebody-elses-telephone"


class Crowd:
    """Everybody of ``Who``, before the same node."""

    def __init__(self, street: Street) -> None:
        self.street = street
        self.visitors: dict[Who, Visitor] = {}
        self.actors: dict[Who, Actor] = {}
        self.own = PersonId("")
        """The volunteer who is signed in to her own page."""
        self._lasting: dict[tuple[str, str | None, str], dict[str, str]] = {}

    async def gather(self) -> None:
        """Accounts, sessions, devices, signatures."""
        street, people = self.street, (Compartment.PEOPLE,)
        await street.hire("ed-expired", Role.COORDINATOR, grants=people)
        expired = Visitor(handle="ed-expired")
        await street.sign_in(expired)
        # More than a day after its end, when not even a half-typed call is kept for it any more.
        street.cast.clock.advance(days=2)
        await street.north.sign_in()
        for role in ROLES.values():
            await street.hire(f"one-{role}", role, grants=people if role is not Role.ADMIN else ())
        await street.hire("kay-keyless", Role.COORDINATOR)
        sue = await street.hire("sue-suspended", Role.COORDINATOR, grants=people)
        self.visitors = {
            **{who: Visitor(handle=f"one-{role}") for who, role in ROLES.items()},
            Who.ANONYMOUS: Visitor(),
            Who.KEYLESS: Visitor(handle="kay-keyless"),
            Who.SUSPENDED: Visitor(handle="sue-suspended"),
            Who.EXPIRED: expired,
            Who.VOLUNTEER: Visitor(cookies={"device": OWN_DEVICE}),
            Who.OWN: Visitor(cookies={"device": OWN_DEVICE}),
            Who.PEER: Visitor(signed_by=street.south),
            Who.FOREIGN: Visitor(handle="one-coordinator", headers={"Origin": FOREIGN_SITE}),
            Who.SEALLESS: Visitor(handle="one-coordinator", seals=False),
        }
        await self.come_in()
        for who, visitor in self.visitors.items():
            visitor.cookies["seal"] = f"seal-of-{who.name.lower()}"
        for who in (*ROLES, Who.KEYLESS, Who.SUSPENDED, Who.FOREIGN, Who.SEALLESS):
            await self.sign_in(who)
        await street.north.services.team.suspend(street.north.staff, sue)

    async def sign_in(self, who: Who) -> None:
        """(Again) at the desk."""
        self.actors[who] = await self.street.sign_in(self.visitors[who])

    async def come_in(self) -> None:
        """The volunteer who is signed in (again) to her own page."""
        self.own = self.own or await self.street.new_helper("Olive Invented")
        door = self.street.north.services.own_door
        self.visitors[Who.OWN].cookies["own"] = await door.sign_in(await self.street.own_link(self.own))

    async def back_to_the_desk(self) -> None:
        """After somebody signed out, or locked up for everybody."""
        await self.street.north.sign_in()
        for who in (*ROLES, Who.KEYLESS, Who.FOREIGN, Who.SEALLESS):
            await self.sign_in(who)

    def roles(self, who: Who) -> frozenset[Role]:
        """What counts of them at the desk."""
        at_desk = who in ROLES or who in (Who.KEYLESS, Who.FOREIGN, Who.SEALLESS)
        return self.actors[who].roles if at_desk else frozenset()

    def at_desk(self, who: Who) -> bool:
        """Whether the node takes them for a member of staff."""
        return who in self.actors and who is not Who.SUSPENDED

    # --- one request of the table

    async def objects(self, row: Row, who: Who, whose: str, *, lasting: bool = False) -> dict[str, str]:
        """Fills the row's names; makes the object that it is tried on, or (``lasting``) takes one made before
        to which nothing happens."""
        street = self.street
        words = await street.words(self.visitors[who].handle, double=row.names("double"))
        if whose == "unknown":
            return {**words, **dict.fromkeys(UNKNOWN_NAMES, UNKNOWN)}
        if row.kind == "own" or row.seed.startswith("own "):
            held = (f"{row.kind} {row.seed}", None, whose)
            # What is near does not last: a plan or a wave of somebody else's may ask her for it meanwhile.
            if not lasting or row.seed == "near":
                return {**words, **await self._own(row, whose)}
            if held not in self._lasting:
                self._lasting[held] = await self._own(row, whose)
            return {**words, **self._lasting[held]}
        actor = self.actors.get(who) if whose == "own" and Role.COORDINATOR in self.roles(who) else None
        device = OWN_DEVICE if whose == "own" and who is Who.VOLUNTEER else SOMEBODYS_DEVICE
        key = (row.seed, actor.id if actor else None, device)
        if not lasting:
            return {**words, **await self._made(row.seed, actor, device)}
        if key not in self._lasting:
            self._lasting[key] = await self._made(row.seed, actor, device)
        return {**words, **self._lasting[key]}

    async def _own(self, row: Row, whose: str) -> dict[str, str]:
        """What is on the page of the volunteer who is signed in, or on another's."""
        street, hers = self.street, whose == "own"
        person, device = (self.own, OWN_DEVICE) if hers else (street.helper, SOMEBODYS_DEVICE)
        match row.seed:
            case "own link":
                return {"token": await street.own_link(await street.new_helper("Ida Invented"))}
            case "own calendar":
                return {"token": await street.own_calendar(street.helper)}
            case "own device":
                return {"device": await street.own_device(person)}
            case "own passkey":
                return {"passkey": await street.own_passkey(person)}
            case "own ask":
                return {"ask": await street.own_ask()}
            case "own offer":
                return await street.own_offer(person, device)
            case "elsewhere":
                found = await street.from_south("wish")
                return found if hers else {**found, "origin": street.known_did}
            case "elsewhere asked":
                return await street.put_forward(person, device)
            case "near":
                return await street.seed("open" if hers else "closed")
        return await street.seed(row.seed, None, device, helper=person)

    async def _made(self, seed: str, actor: Actor | None, device: str) -> dict[str, str]:
        street = self.street
        if seed == "proposal":
            node, kim = street.north.services, street.north.staff
            await node.rules.change(kim, {"public_yes": "two"})
            await node.second_yes.text(kim, "scope.do", "en", "Shopping and company")
            await node.rules.change(kim, {"public_yes": "one"})
            return {"proposal": (await node.second_yes.waiting(kim))[-1].id}
        if seed == "breach":
            now = int(street.cast.clock.now().timestamp())
            entry = await street.north.services.breaches.write(
                street.north.staff,
                BreachKind.DISK,
                staff_id=None,
                found_at=now,
                from_at=now,
                until_at=now,
                risk=Risk.SOME,
                what="a card is gone",
                done="",
            )
            return {"breach": entry}
        if seed == "hold":
            asker = PersonId((await street.seed("open"))["asker"])
            tomorrow = street.cast.clock.now().date() + timedelta(days=2)
            kept = await street.north.services.retention.hold(
                street.north.staff, asker, tomorrow, "a complaint"
            )
            return {"hold": kept}
        if seed == "device":
            kim = Visitor()
            await street.sign_in(kim)
            devices = await street.north.services.devices.own(street.north.staff, kim.cookies["desk"])
            return {"device": devices[0].id}
        if seed == "peer":
            return {"peer": street.known_did}
        if seed == "peer we talk with":
            return {"peer": street.south.id}
        if seed.startswith("invitation"):
            giver = street.south if "another" in seed else street.north
            made = await giver.services.joining.invite(CONSOLE)
            return {"invite": made.id, "link": made.link}
        if seed == "held letter":
            return {"peer": street.south.id, "letter": await street.held_letter()}
        if seed == "sheet":
            return {"sheet": await street.sheet(actor)}
        if seed == "ask to take out":
            return {"ask": await street.ask_to_take_out()}
        if seed == "shift note":
            return {"note": await street.shift_note()}
        if seed == "new peer":
            return {"peer": await street.new_peer()}
        if seed == "another key":
            peer, words = await street.another_key()
            return {"peer": peer, "new_words": words}
        if seed == "asking":
            return {"peer": await street.asks()}
        if seed == "forward":
            return await street.put_forward(await street.new_helper("Fay Invented"), device)
        if seed in ("wish", "away", "bell", "referral"):
            return await street.from_south(seed)
        if seed == "unreadable incident":
            return {"incident": UNKNOWN, "person": str(street.helper)}
        if seed == "visit":
            found = await street.seed("approved")
            visits = street.north.services.visits
            await visits.set_out(street.north.staff, AssignmentId(found["task"]), 60)
            out = await visits.of_need(street.north.staff, NeedId(found["need"]))
            return {"visit": out[AssignmentId(found["task"])].id}
        if seed in ("series", "pair"):
            return await street.repeats()
        if seed == "plan":
            return await street.plan()
        if seed == "street team":
            teams, patch = street.north.services.street_teams, Patch(streets=("Elm Street",))
            return {"team": await teams.save(street.north.staff, None, name="Elm Street", patch=patch)}
        if seed.endswith("receipt"):
            return await street.receipt(paid=seed.startswith("paid"))
        if seed == "poll":
            return {"poll": await street.poll()}
        if seed.startswith("gift"):
            return await street.gift(gone=seed.endswith("gone"))
        if seed.startswith("calls"):
            return await street.calls(seed, actor, device)
        if seed == "texts":
            return await street.texts()
        if seed == "alerts":
            return await street.alerts()
        if seed == "notices":
            return await street.notices()
        if seed.startswith("asked"):
            return await street.asked_for(seed)
        if seed == "patch":
            return await street.captain(device)
        if "round" in seed.split():
            made = await street.round(seed, actor, device)
            return {**made, "person": made["asker"]}
        if seed == "merged":
            return await street.merged()
        if seed.endswith("helper"):
            stage = Stage.APPLIED if seed.startswith("new") else Stage.ACTIVE
            person = await street.new_helper(stage=Stage.MET if seed.startswith("met") else stage)
            people = street.north.services.people
            if seed.startswith("paused"):
                await people.pause(street.north.staff, person)
            elif seed.startswith("suspended"):
                await people.suspend(street.north.staff, person, "")
            elif seed.startswith("left"):
                await people.leave(street.north.staff, person)
            return {"person": str(person)}
        if seed.endswith("member"):
            member = await street.hire((await street.words("", double=False))["new_handle"], Role.TRIAGE)
            if seed.startswith("suspended"):
                await street.north.services.team.suspend(street.north.staff, member)
            return {"member": member}
        made = await street.seed(seed, actor, device)
        return {**made, "person": made["asker"]}

    async def do(self, row: Row, who: Who, words: dict[str, str], method: str = "") -> Answer:
        """Sends it, and checks what holds for every answer to anybody."""
        path = row.path.format(**words | {k: v.format(**words) for k, v in row.values.items()})
        query = f"?{row.query.format(**words)}" if row.query else ""
        form = {name: value.format(**words) for name, value in row.form.items()}
        answer = await self.street.ask(self.visitors[who], method or row.method, path + query, form)
        assert answer.status < 500, (row.name, who, answer.text)
        if is_page(path):
            dressed(answer, static=path.startswith("/static/"), framed=path == "/embed")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "Python" not in answer.headers.get("Server", "")
        if not path.startswith("/api/v1/"):
            assert "Access-Control-Allow-Origin" not in answer.headers
        own_task = (row.kind, who) in (("link", Who.VOLUNTEER), ("own", Who.OWN))
        if not own_task and (who in NO_PEOPLE or row.method == "GET"):
            # At the desk, too, a name is shown only by a POST, which writes the look down.
            told = [canary for canary in CANARIES if canary in answer.text or canary in answer.location]
            assert not told, (row.name, who, told)
        return answer


def dressed(answer: Answer, *, static: bool = False, framed: bool = False) -> None:
    """The headers that every page carries, also a fault; a file has fewer."""
    policy = answer.headers["Content-Security-Policy"]
    if static and answer.status == 200:
        assert policy == "default-src 'none'; frame-ancestors 'none'"
        return
    assert "unsafe" not in policy
    ancestors = "frame-ancestors *" if framed else "frame-ancestors 'none'"
    for part in ("default-src 'none'", ancestors, "base-uri 'none'", "form-action 'self'"):
        assert part in policy
    assert answer.headers.get("X-Frame-Options") == (None if framed else "DENY")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] in ("same-origin", "no-referrer")
    if not framed or answer.status != 200:
        assert answer.headers["Cache-Control"] == "no-store"
