"""A street of visitors before one real node: every kind of actor with true cookies, seals, links and signatures.

Requests go over loopback HTTP, one by one and byte for byte as asked: nothing is encoded anew, no cookie is kept
by itself, no redirect is followed.
"""

import json
import re
import sqlite3
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from html import unescape
from typing import Any
from urllib.parse import urlencode

import aiohttp
from yarl import URL

from node.domain.actors import CONSOLE, Actor, Role, volunteer_actor
from node.domain.assignment_lifecycle import AssignmentMove
from node.domain.board.shifts import monday
from node.domain.calls.call_lines import Line
from node.domain.calls.call_list import WEEK, CallWord, Rhythm
from node.domain.calls.call_views import NewList, Pick
from node.domain.catalogue import CheckLevel
from node.domain.consents import Consents
from node.domain.dispatch.series import Every, SeriesMove
from node.domain.exchange.letters import Letter
from node.domain.gifts.gift import GiftDetails, GiftMove, NewGift
from node.domain.ids import AssignmentId, NeedId, PersonId, new_id
from node.domain.intake.intake import NewNeed, NewPerson
from node.domain.matching.plan import Which
from node.domain.need import CloseReason, Point, Share, Urgency, Window
from node.domain.notices.alerts import AlertChoices
from node.domain.notices.choices import Choices
from node.domain.notices.gateway import Gateway, GatewayKind
from node.domain.notices.mail import MailServer, Tls
from node.domain.notices.notice import Kind, Notice, State, Way
from node.domain.people.newcomer import NewVolunteer
from node.domain.people.street_team import Patch
from node.domain.rounds.receipt import ReceiptMove
from node.domain.rounds.run import RunMove
from node.domain.sheets.mapping import Sort
from node.domain.volunteer import Cleared, Stage
from node.services import links
from node.services.alerts.choosing import alerts_hash
from node.services.notices.choosing import notices_hash
from node.services.sheets.sheet_desk import Said
from node.store import (
    alert_choices,
    notice_choices,
    own_passkeys,
    peers,
    referrals,
    rings,
    staff,
    text_gateway,
    texts_in,
)
from node.store import notices as notices_rows
from node.store.alert_choices import AlertRow
from node.store.notice_choices import ChoicesRow
from node.store.own_passkeys import PasskeyRow
from node.store.rings import Ring
from node.vault import Compartment
from protocol import b64, codec, http_signature
from protocol.http_signature import Target
from protocol.identity import KeyPair, fingerprint_words
from protocol.statements import Keys
from tests.harness.neighbourhood import PASSWORD, Member, Neighbourhood
from ui.views.calls import call_lists
from ui.web import csrf

HOME = Point(lat=51.4561, lon=-2.5925, accuracy_m=50)
NAME, PHONE, STREET = "Quirina Madeupson", "0117 496 0777", "99 Nonesuch Terrace"
CANARIES = (NAME, "Quirina", "Madeupson", PHONE, "01174960777", "+441174960777", STREET, "Nonesuch")
"""Of the one who asks for help: name, phone and street, as typed and as a page might turn them."""
FOREIGN_SITE = "https://evil.example"
SAFE = "only mornings, never leave a message"
"""What a person said of how she is reached safely."""
UNKNOWN = "AAAAAAAAAAAAAAAAAAAAAA"
MACHINES = ("/api/", "/mac/", "/healthz")


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    cookies: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return unescape(self.body.decode("utf-8", "replace"))

    @property
    def location(self) -> str:
        return self.headers.get("Location", "")


@dataclass(slots=True, kw_only=True)
class Visitor:
    """One browser (or node) and what it holds."""

    cookies: dict[str, str] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    seals: bool = True
    """Whether its forms carry the right seal."""
    handle: str = "kim"
    signed_by: Member | None = None
    """A peer, that signs what it posts."""


COORDINATOR = "one-coordinator"


async def at_the_desk(street: "Street", handle: str = COORDINATOR) -> Visitor:
    """A browser of that member of staff, signed in."""
    visitor = Visitor(handle=handle, cookies={"seal": "a-seal"})
    await street.sign_in(visitor)
    return visitor


class Street:
    """The node ``north``, its neighbour ``south``, and whoever comes along."""

    def __init__(self, cast: Neighbourhood, north: Member, south: Member) -> None:
        self.cast = cast
        self.north = north
        self.south = south
        self.helper = PersonId("")
        self.asset = ""
        self.known_did = ""
        self.session = aiohttp.ClientSession(
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,
            headers={"Accept-Encoding": "identity"},
        )
        self.alerts_made: dict[str, str] | None = None
        """What ``alerts`` gives, if it is to make nothing."""
        self._seeds = 0

    @classmethod
    async def built(cls, cast: Neighbourhood) -> "Street":
        """Two neighbours that know each other; north shares everything and has one volunteer."""
        north = await cast.add("north")
        south = await cast.add("south", at=(51.43, -2.58))
        await cast.befriend(north, south)
        await north.share_everything()
        street = cls(cast, north, south)
        street.helper = await street.new_helper("Vera Invented")
        street.known_did = street.new_did()
        await north.services.peering.add(
            north.staff, "http://127.0.0.1:9", did=street.known_did, allow_private=True
        )
        await north.services.peering.set_state(north.staff, street.known_did, "paused")
        await cast.publish(north, south)
        await cast.sync(north, south)
        front = await street.ask(Visitor(), "GET", "/")
        found = re.search(r"/static/([\w.-]+\.css)", front.text)
        assert found, front.text
        street.asset = found[1]
        return street

    @classmethod
    def before(cls, cast: Neighbourhood, member: Member) -> "Street":
        """Before a node that nobody has set up yet."""
        return cls(cast, member, member)

    async def close(self) -> None:
        """Hangs up."""
        await self.session.close()

    # --- who comes along

    async def hire(self, handle: str, *roles: Role, grants: Collection[Compartment] = ()) -> str:
        """An account; gives its id."""
        return await self.north.services.team.add_staff(self.north.staff, handle, PASSWORD, roles, grants)

    async def sign_in(self, visitor: Visitor) -> Actor:
        """Puts a new session into that browser."""
        signed = await self.north.services.access.sign_in(visitor.handle, PASSWORD)
        visitor.cookies["desk"] = signed.cookie
        return signed.actor

    # --- requests

    async def ask(
        self,
        visitor: Visitor,
        method: str,
        path: str,
        form: Mapping[str, str | list[str]] | None = None,
        *,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """One request as that visitor would send it, with the page's own origin and seal unless it has others."""
        sent = {
            "Host": self.north.url.removeprefix("http://"),
            "Accept-Encoding": "identity",
            **visitor.headers,
        }
        if visitor.cookies:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in visitor.cookies.items())
        if method == "POST":
            sent.setdefault("Origin", self.north.url)
            sent["Content-Type"] = "application/x-www-form-urlencoded"
            if body is None:
                body = urlencode(self.sealed(visitor, form or {}), doseq=True).encode()
            if visitor.signed_by and path.startswith("/mac/"):
                body = b"{}"
                sent.update(self._signature(visitor.signed_by, path, body))
        sent.update(headers or {})
        url = URL(self.north.url + path, encoded=True)
        async with self.session.request(
            method, url, data=body, headers=sent, allow_redirects=False
        ) as response:
            content = await response.read()
            return Answer(
                status=response.status,
                headers=response.headers,
                cookies={name: cookie.value for name, cookie in response.cookies.items()},
                body=content,
            )

    def sealed(self, visitor: Visitor, form: Mapping[str, str | list[str]]) -> dict[str, str | list[str]]:
        """The form with the seal that belongs to the browser's cookie."""
        seal = visitor.cookies.get("seal", "")
        return {**form, csrf.FIELD: csrf.token(seal)} if visitor.seals and seal else dict(form)

    def _signature(self, member: Member, path: str, body: bytes) -> dict[str, str]:
        identity = member.node.network.identity
        return http_signature.sign_request(
            Target(method="POST", authority=self.north.url.removeprefix("http://"), path=path, query=""),
            body,
            keyid=http_signature.key_id(identity.origin, identity.did),
            created=int(self.cast.clock.now().timestamp()),
            nonce=b64.encode(member.random.randbytes(16)),
            sign=identity.sign,
        )

    # --- what they come for

    async def double(self) -> str:
        """Somebody written down once more; gives the id."""
        call = NewNeed(person=NewPerson(name="Una Invented", phone="07700 900321"), categories=("lift",))
        return str((await self.north.services.intake.take(self.north.staff, call)).person_id)

    async def merged(self) -> dict[str, str]:
        """Two records that were made one."""
        kept, gone = PersonId(await self.double()), PersonId(await self.double())
        merge = await self.north.services.merging.merge(self.north.staff, kept, gone)
        return {"person": str(kept), "merge": str(merge)}

    async def new_helper(
        self,
        name: str = "Vera Invented",
        *,
        stage: Stage = Stage.ACTIVE,
        cleared: tuple[Cleared, ...] = (),
        email: str = "",
    ) -> PersonId:
        """A volunteer around the corner. Whoever only applied has a number of her own: she must look like nobody."""
        phone = "07700 900123"
        if stage is Stage.APPLIED:
            self._seeds += 1
            phone = f"0117 496 0{self._seeds % 1000:03d}"
        return await self.north.services.people.add_volunteer(
            self.north.staff,
            NewVolunteer(
                person=NewPerson(name=name, phone=phone, email=email),
                point=HOME,
                abilities=("groceries",),
                stage=stage,
                cleared=cleared,
            ),
        )

    async def repeats(self) -> dict[str, str]:
        """A request of its own that comes again, for somebody with a buddy who was asked."""
        made, desk = await self.seed("open"), self.north.services
        first = desk.zone.day(int(self.cast.clock.now().timestamp())) + timedelta(days=30)
        rule = await desk.repeating.begin(
            self.north.staff, NeedId(made["need"]), every=Every.WEEK, first_day=first
        )
        pair = await desk.buddies.begin(self.north.staff, PersonId(made["asker"]), self.helper)
        nils = await self.new_helper("Nils Invented")
        hand = await desk.handing_on.ask(self.north.staff, rule, nils, first + timedelta(days=7))
        return {"series": rule, "pair": pair, "hand": hand, "person": made["asker"]}

    async def plan(self) -> dict[str, str]:
        """A plan for a request of its own; its id and that of a line."""
        await self.seed("open")
        plans = self.north.services.plans
        await plans.make(self.north.staff, Which.ALL)
        view = await plans.shown(self.north.staff)
        assert view is not None
        return {"plan": view.plan.id, "line": view.lines[0].line.id}

    async def seed(
        self,
        state: str,
        by: Actor | None = None,
        device: str = "",
        *,
        at: Member | None = None,
        helper: PersonId | None = None,
    ) -> dict[str, str]:
        """A request in that state, asked for by the one whose name, phone and street are the canaries.

        ``state``: of the need (new, open, closed) or of the task on it (proposed, interested, approved,
        contacted). ``device`` ties the task to that browser; ``helper``: whose it is, if not the one of the street.
        """
        desk, staff = (at or self.north).services, (at or self.north).staff
        if state == "neighbour's offer":
            return await self._offered_by_south(by, device)
        if state == "referred":
            found = await self.seed("open", by, device)
            await desk.exchange.passed.refer(staff, NeedId(found["need"]), self.south.id, agreed=True)
            return found
        taken = await desk.intake.take(
            by or staff,
            NewNeed(
                person=NewPerson(name=NAME, phone=PHONE, address=STREET),
                categories=("groceries",),
                point=HOME,
                notes="the bell is broken",
                doorstep_word="marmalade",
                urgency=Urgency.TODAY if state == "today" else Urgency.THIS_WEEK,
                consents=Consents(help_you=True, groups_see=True, keep_details=True),
                start="new" if state == "new" else "open",
            ),
        )
        found = {"need": str(taken.need_id), "asker": str(taken.person_id)}
        if state == "today":
            await desk.publishing.publish(CONSOLE)
        if state == "closed":
            await desk.dispatch.close(staff, taken.need_id, CloseReason.NO_LONGER_NEEDED)
        if state in ("room", "room told"):
            await desk.room.change(staff, "json://127.0.0.1:1/room", urgent=False)
        if state == "room told":
            await desk.room.tell(staff, taken.need_id)
        if state == "several asked":
            await desk.waves.start(staff, taken.need_id, [self.helper])
        if state not in ("proposed", "interested", "approved", "set off", "contacted", "done"):
            return found
        task = await desk.dispatch.propose(staff, taken.need_id, helper or self.helper)
        token = await desk.dispatch.task_link(staff, task)
        if device:
            await desk.tasks.confirm(token, device)
        if state == "interested":
            await desk.tasks.answer(token, device or "some device", AssignmentMove.INTEREST)
        elif state != "proposed":
            await desk.dispatch.approve(staff, task)
        if state == "set off":
            await desk.tasks.answer(token, device or "some device", AssignmentMove.CONTACT)
        if state == "contacted":
            await desk.dispatch.contacted(staff, task)
        if state == "done":
            await desk.dispatch.report_done(staff, task)
        return {**found, "task": str(task), "token": token}

    async def asked_for(self, state: str, window: Window | None = None) -> dict[str, str]:
        """What somebody asked for on the page, with her private link: "asked", "asked off", "asked coming" (with
        the task), "asked elsewhere" (the other group has it)."""
        desk, staff = self.north.services, self.north.staff
        sent = await desk.asking.ask(
            NewNeed(
                person=NewPerson(name=NAME, phone=PHONE, address=STREET),
                categories=("groceries",),
                point=HOME,
                consents=Consents(help_you=True, groups_see=True),
                window=window,
            )
        )
        need, task = sent.taken.need_id, ""
        if state == "asked off":
            await desk.asking.call_off(sent.token, need)
        if state == "asked coming":
            await desk.dispatch.open(staff, need)
            task = await desk.dispatch.assign(staff, need, self.helper)
        if state == "asked elsewhere":
            passed = desk.exchange.passed
            await passed.refer(staff, need, self.south.id, agreed=True)
            async with self.north.node.network.on.db.write() as tx:
                (referral,) = await referrals.of_need(tx, need)
                await passed.answered(tx, referral, "yes")
        made = {"need": str(need), "token": sent.token, "asker": str(sent.taken.person_id)}
        return {**made, "task": str(task)} if task else made

    async def round(self, state: str, by: Actor | None, device: str) -> dict[str, str]:
        """A round of today with that one delivery, tied to that browser. ``state``: "round", "round under way", or
        "beside a round", where the request is not on it yet."""
        desk, staff = self.north.services, by or self.north.staff
        found = await self.seed("open", by)
        on_it = await self.seed("open", by) if state.startswith("beside") else found
        made = await desk.runs.plan(
            staff,
            day=self.cast.clock.now().date(),
            driver=await self.new_helper("Dan Invented"),
            needs=[NeedId(on_it["need"])],
        )
        token = await desk.runs.link(staff, made.run_id)
        await desk.run_links.open_here(token, device or "some device")
        if state.endswith("under way"):
            await desk.run_links.step(token, device or "some device", RunMove.START)
        (stop,) = (await desk.run_book.one(staff, made.run_id)).stops
        return {**found, "run": made.run_id, "token": token, "task": str(stop.task), "stop": str(stop.task)}

    async def calls(self, state: str, by: Actor | None, device: str) -> dict[str, str]:
        """A list of calls with the one who asks for help on it, rung by one volunteer, whose link is tied to that
        browser. ``state``: "calls", "calls with a pause", or "calls unrung", where nothing came of a call yet."""
        desk, staff = self.north.services, by or self.north.staff
        found = await self.seed("open", by)
        today = self.cast.clock.now().date()
        days = Rhythm(weekdays=WEEK, first_day=today)
        helper = await self.new_helper("Cal Invented", cleared=(Cleared(check=CheckLevel.ID),))
        line = Line(number=1, name=NAME, phone=PHONE)
        made = await desk.call_lists.begin(
            staff,
            NewList(name="Winter calls", rhythm=days, callers=(f"v:{helper}",)),
            [Pick(line=line, person_id=PersonId(found["asker"]))],
        )
        view = await desk.call_book.one(staff, made.list_id, reveal=True)
        caller, entry = view.callers[0].id, view.entries[0].entry.id
        token = await desk.callers.link(staff, made.list_id, caller)
        await desk.call_links.open_here(token, device or "some device")
        found |= {"calls": made.list_id, "caller": caller, "entry": entry, "token": token}
        if state.endswith("unrung"):
            return found
        task = await desk.call_days.said(staff, made.list_id, entry, today, CallWord.WANTS)
        (said,) = (await desk.call_book.sheet(staff, made.list_id)).lines[0].said
        if state.endswith("pause"):
            await desk.call_lists.move(staff, made.list_id, SeriesMove.PAUSE)
        return {**found, "said": said.id, "waits": task or ""}

    async def notices(self) -> dict[str, str]:
        """A message to a new volunteer that did not arrive, and the link at its foot."""
        notices, person = self.north.services.notices, await self.new_helper()
        await notices.mail.change(
            self.north.staff,
            MailServer(host="localhost", port=1, tls=Tls.NONE, sender="notices@example.org"),
        )
        desk, token = notices._desk, links.new_token(self.north.random.randbytes)
        now, notice_id = desk.now, new_id(desk.random)
        notice = Notice(
            id=notice_id,
            person_id=person,
            kind=Kind.DIGEST,
            way=Way.EMAIL,
            state=State.FAILED,
            due=now,
            ends=now,
            created_at=now,
            tries=1,
            answer="content_554",
        )
        async with desk.db.write() as tx:
            hers = ChoicesRow(
                choices=Choices(person_id=person),
                record=person,
                link_hash=notices_hash(token),
                sealed=desk.vault.seal(Compartment.PEOPLE, "notice_choices", person, {"token": token}),
                changed_at=now,
            )
            await notice_choices.put(tx, hers)
            await notices_rows.insert(tx, notices_rows.NoticeRow(notice=notice), (), desk.today)
        return {"notice": notice_id, "token": token}

    async def alerts(self) -> dict[str, str]:
        """Everybody who works there gave an address, and stopped all messages; but for whoever set the group up, whose
        link is ``token``. Where ``alerts_made`` says what was made before, nothing is made anew."""
        if self.alerts_made is not None:
            return self.alerts_made
        node = self.north.services
        await node.notices.mail.change(
            self.north.staff,
            MailServer(host="localhost", port=1, tls=Tls.NONE, sender="notices@example.org"),
        )
        desk, made = node.notices._desk, dict[str, str]()
        async with desk.db.write() as tx:
            for member in await staff.all_of(tx):
                token, own = links.new_token(self.north.random.randbytes), member.id == self.north.staff.id
                held = await alert_choices.get(tx, member.handle)
                if held is not None:  # the link stays the same, for whoever was given it before
                    token = node.alerts.standby.reach(held).token
                row = AlertRow(
                    handle=member.handle,
                    choices=AlertChoices(),
                    stopped=not own,
                    language="en",
                    confirmed_at=desk.now,
                    link_hash=alerts_hash(token),
                    changed_at=desk.now,
                    sealed=desk.vault.seal(
                        Compartment.PEOPLE,
                        "alert_choices",
                        member.handle,
                        {"address": f"{member.handle}@example.net", "token": token},
                    ),
                )
                await alert_choices.put(tx, row)
                made["token" if own else "stopped"] = token
        return made

    async def to_ring(self) -> None:
        """Somebody who speaks Spanish, has no address and was asked ten minutes ago."""
        desk = self.north.services
        person = NewPerson(
            name="Rita Invented", phone="07700 900124", safe_to_ring="after six", languages=("es",)
        )
        rita = await desk.people.add_volunteer(
            self.north.staff, NewVolunteer(person=person, point=HOME, abilities=("groceries",))
        )
        task = await desk.dispatch.propose(self.north.staff, NeedId((await self.seed("open"))["need"]), rita)
        async with self.north.node.network.on.db.write() as tx:
            await tx.execute("UPDATE assignments SET changed_at = changed_at - 600 WHERE id = ?", (task,))

    async def texts(self) -> dict[str, str]:
        """A gateway for texts, the secret of the address for answers, and an answer that nobody could read."""
        notices, desk = self.north.services.notices, self.north.services.notices._desk
        gateway = Gateway(kind=GatewayKind.HOOK, url="http://127.0.0.1:1/send", answers=True)
        await notices.texts.change(self.north.staff, gateway)
        async with desk.db.write() as tx:
            held = await text_gateway.get(tx)
            assert held is not None
            token = notices.texts._record(held)["inbound"]
            text_id = new_id(desk.random)
            record = {"number": "+447700900987", "text": "could you ring me about it"}
            sealed = desk.vault.seal(Compartment.PEOPLE, "texts_in", text_id, record)
            await texts_in.insert(tx, text_id, desk.now, sealed)
            await texts_in.unclear(tx, text_id, None)
        return {"text": text_id, "token": token}

    async def captain(self, device: str) -> dict[str, str]:
        """A team with a volunteer as captain, and her link, opened in that browser."""
        desk, staff = self.north.services, self.north.staff
        patch = Patch(
            streets=("Terrace",)
        )  # of the street of the canaries, and none itself: the desk may read it
        captain = await self.new_helper("Cap Invented")
        await self.seed("open")
        team = await desk.street_teams.save(staff, None, name="Elm", patch=patch, captain_person=captain)
        token = await desk.patch_links.link(staff, team)
        await desk.patch_links.open_here(token, device or "some device")
        return {"team": team, "token": token}

    async def own_link(self, person: PersonId) -> str:
        """A one-time link to that volunteer's own page."""
        return await self.north.services.own_door.make_link(self.north.staff, person)

    async def own_offer(self, person: PersonId, device: str) -> dict[str, str]:
        """Something near her that she has just offered for."""
        found = await self.seed("open")
        task = await self.north.services.own_offers.offer(
            volunteer_actor(person), NeedId(found["need"]), device
        )
        return {**found, "task": str(task)}

    async def own_device(self, person: PersonId) -> str:
        """Another browser in which that volunteer is signed in; gives its id."""
        door = self.north.services.own_door
        cookie = await door.sign_in(await self.own_link(person))
        devices = await door.devices(volunteer_actor(person), cookie)
        return next(each.id for each in devices if each.here)

    async def own_passkey(self, person: PersonId) -> str:
        """A passkey of that volunteer, of which nobody has the other half; gives its id."""
        held = await self.north.services.own_passkeys.of(volunteer_actor(person))
        row = PasskeyRow(
            id=f"{person} {len(held)}".encode(),
            person_id=person,
            handle=b"made up",
            public_key=b"",
            used_count=0,
            device="firefox-android",
            made_at=int(self.cast.clock.now().timestamp()),
            last_used=None,
        )
        async with self.north.node.network.on.db.write() as tx:
            await own_passkeys.add(tx, row)
        return row.id.hex()

    async def own_calendar(self, person: PersonId) -> str:
        """The address of that volunteer's calendar."""
        return await self.north.services.own_calendar.make(volunteer_actor(person))

    async def own_ask(self) -> str:
        """Somebody asked for a link; gives the id of it."""
        door = self.north.services.own_door
        await door.ask("07700 900123")
        return (await door.asks(self.north.staff))[-1].id

    async def receipt(self, *, paid: bool) -> dict[str, str]:
        """Something that was laid out."""
        found = await self.seed("approved")
        receipts, staff = self.north.services.receipts, self.north.staff
        receipt = await receipts.claim(staff, NeedId(found["need"]), self.helper, 350)
        if paid:
            await receipts.settle(staff, receipt, ReceiptMove.PAY)
        return {**found, "receipt": receipt}

    async def poll(self) -> str:
        """A short question to everybody; gives its id."""
        desk, staff = self.north.services, self.north.staff
        until = self.cast.clock.now().date() + timedelta(days=7)
        poll = desk.polls.new("What is missing?", ("Coats", "Beds"), until, shown=True, language="en")
        await desk.polls.begin(staff, poll)
        return poll.id

    async def gift(self, *, gone: bool = False) -> dict[str, str]:
        """Something that the one whose name, phone and street are the canaries offered on the page, with her link."""
        desk = self.north.services
        new = NewGift(
            person=NewPerson(name=NAME, phone=PHONE, address=STREET),
            point=HOME,
            details=GiftDetails(what="A wheelchair", much="one, folds", kinds=("groceries",)),
        )
        token = await desk.giving.offer(new, wording="en-1")
        gift = (await desk.giving.behind(token)).id
        if gone:
            await desk.giving.say(token, GiftMove.END)
        return {"token": token, "gift": gift}

    async def shift_note(self) -> str:
        """A note of another shift; gives its id."""
        shifts = self.north.services.shifts
        await shifts.leave_note(self.north.staff, "the church hall has moved")
        return (await shifts.notes(self.north.staff))[0].id

    async def new_peer(self) -> str:
        """A group that north knows and does not talk with; gives its id."""
        peering, did = self.north.services.peering, self.new_did()
        await peering.add(self.north.staff, "http://127.0.0.1:9", did=did, allow_private=True)
        await peering.set_state(self.north.staff, did, "paused")
        return did

    async def held_letter(self) -> str:
        """A letter to south that a backup brought back; gives its id."""
        letters = self.north.services.letters
        prepared = await letters.prepare(self.south.id, "ring", need=self._id(), content={})
        async with self.north.node.network.on.db.write() as tx:
            letter = await letters.put(tx, prepared)
            await tx.execute("UPDATE outbox SET state = 'held' WHERE id = ?", (letter,))
        return letter

    async def another_key(self) -> tuple[str, str]:
        """The same, where another root key answered at the address; gives its id and the new one's six words."""
        did, found = await self.new_peer(), self.new_did()
        async with self.north.node.network.on.db.write() as tx:
            await peers.set_changed(tx, did, found, 1)
        return did, " ".join(fingerprint_words(found))

    async def asks(self) -> str:
        """A group that used an invitation of north's and waits for its people; gives its id."""
        joining = self.north.services.joining
        made = await joining.invite(CONSOLE)
        self._seeds += 1
        root = KeyPair.from_seed(self._seeds.to_bytes(32, "big"))
        keys = codec.write(Keys(origin=root.did, rev=1, epoch_floor=1, op_key=root.did), root)
        await joining.introduce(
            root.did,
            secret=made.link.partition("~")[2],
            url="https://made-up.example",
            keys_line=keys,
            profile_line=None,
        )
        return root.did

    async def _offered_by_south(self, by: Actor | None, device: str) -> dict[str, str]:
        """A request of north's for which south offers somebody."""
        found, desk = await self.seed("open", by, device), self.north.services
        await desk.publishing.publish(CONSOLE)
        out = (await desk.publishing.preview(NeedId(found["need"]))).now
        assert out is not None
        async with self.north.node.network.on.db.write() as tx:
            await desk.exchange.offers.offered(tx, self._letter("offer", {"helper": self._id()}, out.id))
        view = await desk.board.need(self.north.staff, NeedId(found["need"]))
        return {**found, "task": str(view.assignments[0].id)}

    async def from_south(self, what: str) -> dict[str, str]:
        """Something of south's at north's desk: a ``wish`` on its map, one of north's volunteers ``away`` on it, a
        ``bell``, or a ``referral``."""
        north = self.north.services
        if what == "referral":
            content = {
                "ref": self._id(),
                "groups_see": True,
                "need": {"category": "groceries", "urgency": "today", "helpers": 1, "remote": False},
                "person": {
                    "phone_kind": "own",
                    "name": NAME,
                    "phone": PHONE,
                    "address": STREET,
                    "safe_to_ring": SAFE,
                },
            }
            async with self.north.node.network.on.db.write() as tx:
                await north.exchange.passed.arrived(tx, self._letter("referral", content))
            return {"ref": str(content["ref"])}
        found = await self._wish()
        if what == "bell":
            ring = Ring(id=self._id(), way="in", peer=self.south.id, public_id=found["wish"], at=1)
            async with self.north.node.network.on.db.write() as tx:
                await rings.insert(tx, ring)
            return {"bell": ring.id}
        if what == "wish":
            return {**found, "fresh_helper": str(await self.new_helper("Wim Invented"))}
        helper = await self.new_helper("Wim Invented")
        task = await north.exchange.away.offer(
            self.north.staff, found["origin"], found["wish"], helper, agreed=True
        )
        async with self.north.node.network.on.db.write() as tx:
            row = await north.exchange.away.task(tx, task)
            await north.exchange.away.answered(tx, row, "yes")
        return {**found, "away": task}

    async def put_forward(self, person: PersonId, device: str) -> dict[str, str]:
        """Something of south's that one of north's volunteers would like to do; it waits for a coordinator."""
        found, north = await self._wish(), self.north.services
        asked = await north.own_away.offer(
            volunteer_actor(person), found["origin"], found["wish"], device, "volunteer.offered:1"
        )
        return {**found, "asked": asked}

    async def _wish(self) -> dict[str, str]:
        """A request of south's, out on the map and known at north."""
        south = self.south.services
        taken = await south.intake.take(
            self.south.staff,
            NewNeed(
                person=NewPerson(name="Somebody Elsewhere", phone="07700 900888"),
                categories=("groceries",),
                point=HOME,
                consents=Consents(help_you=True, groups_see=True),
                start="open",
            ),
        )
        await self.south.share_everything()
        await self.cast.publish(self.south)
        await self.north.services.rounds.sync([self.south.id])
        out = (await south.publishing.preview(taken.need_id)).now
        assert out is not None
        return {"origin": self.south.id, "wish": out.id, "theirs": str(taken.need_id)}

    def _id(self) -> str:
        return b64.encode(self.north.random.randbytes(16))

    def _letter(self, kind: str, content: dict[str, object], need: str | None = None) -> Letter:
        return Letter(id=self._id(), kind=kind, sender=self.south.id, need=need, time=1, content=content)

    async def need_state(self, need: str) -> str:
        """As the board shows it."""
        return str((await self.north.services.board.need(self.north.staff, NeedId(need))).need.state)

    async def task_states(self, need: str) -> list[str]:
        """Of everybody on that need."""
        view = await self.north.services.board.need(self.north.staff, NeedId(need))
        return sorted(str(each.state) for each in view.assignments)

    async def link(self, task: str) -> str:
        """A new private link."""
        return await self.north.services.dispatch.task_link(self.north.staff, AssignmentId(task))

    async def words(self, handle: str, *, double: bool = True) -> dict[str, str]:
        """What forms and addresses may name beside an object; fresh wherever a thing can be done once only.

        ``double``: whether somebody is written down once more for it; each is one more request on the board."""
        shared = await self.north.services.publishing.shared(CONSOLE)
        return {
            "asset": self.asset,
            "helper": str(self.helper),
            "handle": handle,
            "south": self.south.id,
            "fresh_helper": str(self.helper),
            "password": PASSWORD,
            "new_handle": f"mo-{self._seeds}",
            "draft": self._id(),
            "double": await self.double() if double else UNKNOWN,
            "lines": call_lists.seen("Mary Invented 07700 900551"),
            "own_id": str(self.north.staff.id),
            "monday": monday(self.cast.clock.now().date()).isoformat(),
            "tomorrow": (self.cast.clock.now() + timedelta(days=1)).date().isoformat(),
            "new_did": self.new_did(),
            "new_words": "six words wherever another key answers",
            "link": "an invitation, wherever one is made",
            "known_did": self.known_did,
            "next_share": str(Share.PUBLIC if shared["groceries"] is Share.PEERS else Share.PEERS),
            **{f"card{i + 1}": " ".join(card.split()[4:8]) for i, card in enumerate(self.north.cards)},
        }

    async def sheet(self, actor: Actor | None) -> str:
        """A sheet of one row that somebody (or the first coordinator) has begun to bring in."""
        desk, whose = self.north.services.sheet_desk, actor or self.north.staff
        self._seeds += 1
        rows = f"Name,Phone,What do you need?\nRow Invented,07700 900{self._seeds % 1000:03d},Food\n"
        sheet = await desk.begin(whose, rows.encode())
        columns = {"Name": "name", "Phone": "phone", "What do you need?": "categories"}
        await desk.describe(whose, sheet, Said(sort=Sort.NEEDS, name="Form", columns=columns, dates=""))
        return sheet

    async def ask_to_take_out(self) -> str:
        """The first coordinator asks to take everything out."""
        taking = self.north.services.taking_out
        await taking.ask(self.north.staff, "everything")
        return (await taking.asks(self.north.staff)).mine[0].id

    def new_did(self) -> str:
        """The id of a group that nobody has heard of."""
        self._seeds += 1
        return KeyPair.from_seed(self._seeds.to_bytes(32, "big")).did

    def calls_itself(self, member: Member, **said: str) -> None:
        """A group's own words about itself (group_name, phone, hours), as its database holds them."""
        db = sqlite3.connect(member.folder / "group.db")
        try:
            for key, text in said.items():
                db.execute(
                    "INSERT OR REPLACE INTO settings(key, value) VALUES (?, ?)", (key, json.dumps(text))
                )
            db.commit()
        finally:
            db.close()

    # --- what is left behind

    def dump(self, *leaving_out: str) -> dict[str, list[Any]]:
        """Every row of ``group.db``, by table, to be looked at."""
        return {table: sorted(map(repr, rows)) for table, rows in self._tables(*leaving_out)}

    def state(self, *leaving_out: str) -> dict[str, tuple[int, frozenset[Any]]]:
        """The same, to be compared with another: how many rows there are, and which."""
        return {table: (len(rows), frozenset(rows)) for table, rows in self._tables(*leaving_out)}

    def looks(self) -> int:
        """How many looks are in the record."""
        db = sqlite3.connect(f"file:{self.north.folder / 'group.db'}?mode=ro", uri=True)
        try:
            return int(db.execute("SELECT count(*) FROM audit WHERE action LIKE 'look.%'").fetchone()[0])
        finally:
            db.close()

    def _tables(self, *leaving_out: str) -> list[tuple[str, list[Any]]]:
        db = sqlite3.connect(f"file:{self.north.folder / 'group.db'}?mode=ro", uri=True)
        try:
            tables = [name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
            return [
                (name, db.execute(f'SELECT * FROM "{name}"').fetchall())
                for name in tables
                if name not in leaving_out
            ]
        finally:
            db.close()


def is_page(path: str) -> bool:
    """Whether a person reads it."""
    return not path.startswith(MACHINES)
