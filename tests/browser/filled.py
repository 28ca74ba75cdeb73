"""An office in the middle of its work: people with long names, requests in every state, places, questions. Everybody is
made up; telephone numbers are of the ranges kept for fiction."""

from dataclasses import dataclass, replace
from datetime import timedelta
from unittest.mock import patch

from node.domain.actors import volunteer_actor
from node.domain.answers import Answer
from node.domain.assignment_lifecycle import AssignmentMove
from node.domain.consents import Consents
from node.domain.dispatch.follow_up import Answer as How
from node.domain.dispatch.follow_up import ContactKind
from node.domain.dispatch.series import Every
from node.domain.gifts.gift import GiftDetails, GiftSort, NewGift
from node.domain.ids import AssignmentId, NeedId, PersonId
from node.domain.intake.intake import NewNeed, NewPerson
from node.domain.money import Money
from node.domain.need import Channel, CloseReason, Effort, Item, PartOfDay, Point, Share, Urgency, Window
from node.domain.notices.alerts import AlertChoices
from node.domain.notices.chat import ChatService
from node.domain.people.newcomer import NewVolunteer
from node.domain.people.street_team import Patch
from node.domain.person import PersonKind
from node.domain.rights.breach import BreachKind, Risk
from node.domain.safety.incidents import Kind as IncidentKind
from node.domain.safety.incidents import Report, Source, Teller
from node.domain.settings.opening import Span, week_of
from node.domain.settings.questions import AskedAt, Question
from node.domain.settings.questions import Kind as QuestionKind
from node.domain.settings.resources import Resource
from node.domain.sheets.mapping import Sort
from node.domain.volunteer import Cleared, Stage, Transport
from node.services.sheets import imports, sheet_runs
from node.services.sheets.sheet_desk import Said
from tests.contract.route_table import Who
from tests.harness.crowd import OWN_DEVICE, Crowd
from tests.harness.street import HOME

LONG = "Wilhelmina-Margaret Featherstonehaugh-Made-Up of the Old Bakery"
NIGHTS = tuple(Span(weekday=day, opens=20 * 60, closes=8 * 60) for day in range(7))
SHEET = (
    "Name,Phone,What do you need?,When,Anything else?\n"
    "Row Invented,07700 900611,Food,this week,two bags\n"
    "Other Invented,not a number,Unicorn rides,yesterday-ish,\n"
    ",07700 900613,Food,,no name was given\n"
)


HELPERS = (
    "Name,Phone,How can you help?,Availability,When are you free? [Monday]\n"
    "Row Pretend,07700 900621,Food,school hours when term is on,\n"
    "Also Pretend,07700 900622,Food,school hours when term is on,odd ones\n"
    "Clear Pretend,07700 900623,Food,9-12,\n"
)


@dataclass
class Filled:
    """Furnishes the office; ``words`` are the ids that addresses name."""

    crowd: Crowd

    def __post_init__(self) -> None:
        self.street = self.crowd.street
        self.desk = self.street.north.services
        self.kim = self.street.north.staff
        self.today = self.street.cast.clock.now().date()
        self.words: dict[str, str] = {}
        self._calls = 0

    async def furnish(self) -> dict[str, str]:
        """All of it; gives the words."""
        self.street.calls_itself(
            self.street.north,
            group_name="Upper Knowle and Totterdown Neighbours",
            phone="+44 117 496 0123",
            hours="Monday to Friday, 9 to 5",
        )
        await self._texts_and_places()
        await self._helpers()
        await self._requests()
        await self._links()
        await self._offers()
        await self.desk.own_door.ask("07700 900123")
        await self.street.own_calendar(self.crowd.own)
        await self.street.gift()
        await self.street.texts()
        await self.street.to_ring()
        await self._safety()
        sheet = await self.desk.sheet_desk.begin(self.crowd.actors[Who.COORDINATOR], SHEET.encode())
        columns = {
            "Name": "name",
            "Phone": "phone",
            "What do you need?": "categories",
            "Anything else?": "notes",
        }
        await self.desk.sheet_desk.describe(
            self.crowd.actors[Who.COORDINATOR],
            sheet,
            Said(sort=Sort.NEEDS, name="Form", columns=columns, dates=""),
        )
        self.words["odd_sheet"] = sheet
        await self._hours_sheet()
        await self._coming_in()
        await self._alerts()
        await self._chats()
        await self._near()
        await self._unsafe()
        await self._mail_back()
        return self.words

    async def _mail_back(self) -> None:
        """Of two who gave an address, mail to one came back."""
        for key in ("newcomer", "long_helper"):
            person = PersonId(self.words[key])
            view = await self.desk.people.person(self.kim, person, "")
            assert view is not None
            address = "a.rather.long.made.up.address@knowle-neighbours.example.org"
            await self.desk.details.change(self.kim, person, replace(view.details, email=address))
        await self.desk.notices.returned.came_back(self.kim, PersonId(self.words["newcomer"]))

    async def _hours_sheet(self) -> None:
        """Volunteers who say in words of their own when they can."""
        who, desk = self.crowd.actors[Who.COORDINATOR], self.desk.sheet_desk
        self.words["hours_sheet"] = await desk.begin(who, HELPERS.encode())
        columns = dict(
            zip(
                HELPERS.partition("\n")[0].split(","),
                ("name", "phone", "categories", "hours", "hours_mon"),
                strict=True,
            )
        )
        said = Said(sort=Sort.VOLUNTEERS, name="Helpers", columns=columns, dates="")
        await desk.describe(who, self.words["hours_sheet"], said)

    async def _coming_in(self) -> None:
        """One of three rows is in, and the job that brings in the others has not come by."""
        who, runs = self.crowd.actors[Who.COORDINATOR], self.desk.sheet_runs
        rows = (f"Half-In Invented {number},07700 90064{number},Food" for number in range(3))
        sheet = await self.desk.sheet_desk.begin(
            who, "\n".join(("Name,Phone,What do you need?", *rows)).encode()
        )
        columns = {"Name": "name", "Phone": "phone", "What do you need?": "categories"}
        await self.desk.sheet_desk.describe(
            who, sheet, Said(sort=Sort.NEEDS, name="Half", columns=columns, dates="")
        )
        with patch.object(imports, "AT_ONCE", 1), patch.object(sheet_runs, "AT_FIRST", 1):
            await runs.start(who, sheet)
        self.words["coming_in"] = sheet

    async def call(self, kind: str, name: str, **more: object) -> NeedId:
        """A call; gives its request."""
        self._calls += 1
        person = NewPerson(
            name=name,
            phone=f"07700 900{700 + self._calls}",
            address=f"{self._calls} Imaginary Row, Upper Knowle",
            safe_to_ring="mornings only, never on Thursdays",
            languages=("es",) if self._calls % 2 else (),
        )
        call: dict[str, object] = {
            "person": person,
            "categories": (kind,),
            "point": Point(lat=HOME.lat + self._calls / 400, lon=HOME.lon, accuracy_m=50),
            "notes": "The bell is broken, knock loudly and wait; there is a small dog that barks and does not bite.",
            "doorstep_word": "marmalade",
            "consents": Consents(help_you=True, groups_see=True, keep_details=True),
            "start": "open",
            "urgency": (Urgency.TODAY, Urgency.THIS_WEEK, Urgency.WHENEVER)[self._calls % 3],
        }
        taken = await self.desk.intake.take(self.kim, NewNeed(**(call | more)))  # type: ignore[arg-type]
        self.words[f"asker_{kind}"] = str(taken.person_id)
        return taken.need_id

    async def _near(self) -> None:
        """What neighbours want and offer, more than fits on a screen, and some that is taken: what ``/near`` is for."""
        cast, south, staff = self.street.cast, self.street.south.services, self.street.south.staff
        made = []
        for number in range(30):
            new = NewNeed(
                person=NewPerson(name="Somebody Elsewhere", phone="07700 900888"),
                categories=(("groceries", "delivery", "household_goods")[number % 3],),
                point=Point(
                    lat=HOME.lat - (number % 7) / 100, lon=HOME.lon + (number % 5) / 80, accuracy_m=50
                ),
                urgency=(Urgency.TODAY, Urgency.THIS_WEEK, Urgency.WHENEVER)[number % 3],
                consents=Consents(help_you=True, groups_see=True),
                start="open",
            )
            made.append((await south.intake.take(staff, new)).need_id)
        helper = await south.people.add_volunteer(
            staff,
            NewVolunteer(
                person=NewPerson(name="Away Invented", phone="07700 900889"), abilities=("groceries",)
            ),
        )
        for need in made[::4]:
            await south.dispatch.assign(staff, need, helper)
        await south.second_yes.offers(staff, ["lift", "groceries"], Share.PUBLIC)
        await self.street.south.share_everything()
        await cast.publish(self.street.north, self.street.south)
        await self.street.north.services.rounds.sync([self.street.south.id])

    async def _offers(self) -> None:
        """Something new, something that stands, something that is gone, and a question to everybody."""
        await self.street.gift()
        await self.street.gift(gone=True)
        van = NewGift(
            person=NewPerson(name=LONG, phone="07700 900614"),
            sort=GiftSort.STANDING,
            details=GiftDetails(
                what="A van with room for a wardrobe and for whoever helps to carry it",
                much="Saturdays, but not in the first week of a month, and never in August",
                kinds=("groceries", "lift"),
                note="Ring on Thursday evening, or write: by Saturday it is promised to somebody.",
            ),
        )
        await self.desk.giving.take_call(self.kim, van, wording="en-1")
        await self.street.poll()

    async def _texts_and_places(self) -> None:
        texts = self.desk.texts
        await texts.change(
            self.kim, "triage.urgent", "en", "No food in the house\nNo heating\nA child is alone"
        )
        await texts.change(self.kim, "triage.decides", "en", "Whoever is on. In doubt two of us.")
        await texts.change(self.kim, "scope.do", "en", "Shopping, lifts, small repairs, a friendly call")
        for name, link, week in (
            ("Knowle food bank (made up)", "", ()),
            ("Made-up night shelter", "https://made-up.example", week_of(NIGHTS)),
        ):
            await self.desk.resources.save(
                self.kim,
                Resource(
                    id="",
                    name=name,
                    what="A parcel for three days. Bring a bag.",
                    kinds=("food_parcel", "groceries"),
                    address="The hall behind the church, 12 Imaginary Row",
                    hours="" if week else "Tuesdays, ten to twelve",
                    week=week,
                    phone="0117 496 0555",
                    link=link,
                    languages=("en", "es"),
                    checked_on=self.today,
                ),
            )
        question = await self.desk.questions.save(
            self.kim,
            Question(
                id="",
                kind=QuestionKind.CHOICE,
                asked=frozenset(AskedAt),
                words={"en": "Is there a lift, and does it work?"},
                choices={"1": {"en": "Yes"}, "2": {"en": "It is broken"}, "3": {"en": "No lift"}},
            ),
        )
        self.words["question"] = question.id
        self._answers = (
            Answer(question=question.id, asked=question.say("en"), code="2", said="It is broken"),
        )

    async def _helpers(self) -> None:
        people, kim = self.desk.people, self.kim
        made = {}
        for number, (name, stage, transport) in enumerate(
            (
                (LONG, Stage.ACTIVE, Transport.VAN),
                ("Ola Fictional", Stage.ACTIVE, Transport.BIKE),
                ("Nia New-Invented", Stage.APPLIED, Transport.FOOT),
                ("Max Met-Invented", Stage.MET, Transport.PUBLIC),
                ("Pat Pausing", Stage.ACTIVE, Transport.CAR),
                ("Sol Stopped", Stage.ACTIVE, Transport.CAR),
            )
        ):
            made[name] = await people.add_volunteer(
                kim,
                NewVolunteer(
                    person=NewPerson(name=name, phone=f"07700 9006{number:02d}", languages=("en", "es")),
                    point=HOME,
                    abilities=("groceries", "lift", "gardening", "phone_call", "dog_walking")[: number + 1],
                    takes=("car", "heavy") if number < 2 else (),
                    languages=("en", "es"),
                    transport=transport,
                    stage=stage,
                    max_per_week=3,
                    hours=("mon:morning", "tue:afternoon", "sat:evening"),
                    days_off=((self.today + timedelta(days=9)).isoformat(),),
                    cleared=(Cleared(check="id", until=self.today + timedelta(days=6)),)
                    if number < 2
                    else (),
                ),
            )
        await people.add_volunteer(
            kim,
            NewVolunteer(
                person=NewPerson(name="St Made-Up's church, with a van", phone="0117 496 0666"),
                kind=PersonKind.ORGANISATION,
                contact_name="Rev Invented",
                about="A van on Saturdays, up to six people to carry",
                point=HOME,
                abilities=("furniture", "moving"),
                transport=Transport.VAN,
            ),
        )
        await people.pause(kim, made["Pat Pausing"], until=self.today + timedelta(days=12))
        await people.suspend(kim, made["Sol Stopped"], "we look into something")
        await self.desk.street_teams.save(
            kim,
            None,
            name="Imaginary Row and the streets behind the church",
            patch=Patch(streets=("Imaginary Row", "Nonesuch Terrace")),
            captain_person=made["Ola Fictional"],
            members=(made[LONG], made["Ola Fictional"]),
        )
        self.words["long_helper"], self.ola = str(made[LONG]), made["Ola Fictional"]
        self.words["newcomer"] = str(made["Nia New-Invented"])
        self.long_helper = made[LONG]

    async def _requests(self) -> None:
        dispatch, kim, words = self.desk.dispatch, self.kim, self.words
        await self.call("medical_lift", "Mr Example Two", start="new", urgency=Urgency.TODAY)
        words["new"] = str(await self.call("mental_health", "Ms Example Three", start="new"))
        for _ in range(2):
            await self.call("dog_walking", "Mx Example Four")
        rich = await self.call(
            "groceries",
            LONG,
            items=(Item(quantity=2, what="bread"), Item(quantity=1, what="milk, the one with the green lid")),
            money=Money(asked=2500),
            channel=Channel.COUNCIL,
            effort=Effort.ONE_HOUR,
            helpers=2,
            answers=self._answers,
            promised_at=int(self.street.cast.clock.now().timestamp()) - 600,
        )
        words["rich"], words["rich_person"] = str(rich), words["asker_groceries"]
        await self.desk.follow_up.log(kim, rich, ContactKind.NO_ANSWER, "engaged, then nobody")
        await self.desk.follow_up.log(kim, rich, ContactKind.SPOKE, "she is glad, Thursday is best")
        await dispatch.propose(kim, rich, self.ola)
        busy = await self.call("groceries", "Edna Made-Up")
        task = await dispatch.assign(kim, busy, self.ola)
        await self.desk.tasks.confirm(await dispatch.task_link(kim, task), OWN_DEVICE)
        await self.desk.threads.write(kim, task, "The key is with the neighbour on the left, number 6.")
        await self.desk.visits.set_out(kim, task, 60)
        await self.desk.receipts.claim(kim, busy, self.ola, 1234)
        words["busy"] = str(busy)
        held = await self.call("gardening", "Mr Pattern One")
        await dispatch.hold(kim, held, self.today + timedelta(days=3), "he is in hospital until Thursday")
        words["held"] = str(held)
        closed = await self.call("lift", "Mrs Model One")
        await dispatch.close(kim, closed, CloseReason.DONE_BY_OTHERS, "her son came")
        words["closed"] = str(closed)
        waved = await self.call("phone_call", "Ms Model Three")
        await self.desk.waves.start(kim, waved, [self.ola, self.long_helper])
        words["waved"] = str(waved)
        await self.desk.shifts.leave_note(
            kim, "The church hall has moved to number 12.\nEdna rings back at four."
        )
        await self.desk.retention.hold(
            kim, PersonId(words["rich_person"]), self.today + timedelta(days=30), "a complaint is looked into"
        )
        # Tomorrow is a day too late for this one: the plan of a round says so.
        await self.call("food_parcel", "Mx Model Six", window=Window(first=self.today, last=self.today))
        # A hold on a volunteer, with what it is about; a rule that changes its days, with a request that stays.
        await self.desk.retention.hold(kim, self.ola, self.today + timedelta(days=60), "money is missing")
        again = await self.call("laundry", "Mx Pattern Five")
        first = self.today + timedelta(days=2)
        rule = await self.desk.repeating.begin(kim, again, every=Every.WEEK, first_day=first, weekdays=(0, 3))
        anew = self.today + timedelta(days=12)
        await self.desk.repeating.change(kim, rule, anew, (1, 4, 6), PartOfDay.EVENING)

    async def _links(self) -> None:
        street = self.street
        for state in ("proposed", "interested", "contacted", "done"):
            self.words[f"link_{state}"] = (await street.seed(state, device=OWN_DEVICE))["token"]
        given_back = (await street.seed("approved", device=OWN_DEVICE))["token"]
        await self.desk.tasks.answer(given_back, OWN_DEVICE, AssignmentMove.RELEASE)
        self.words["link_given_back"] = given_back
        self.words["link_elsewhere"] = (await street.seed("approved", device="another telephone"))["token"]
        self.words["offered"] = (await street.own_offer(self.crowd.own, OWN_DEVICE))["task"]
        for state in ("off", "found", "coming", "done", "said"):
            made = await street.asked_for("asked off" if state == "off" else "asked coming")
            self.words[f"asked_{state}"] = made["token"]
            if state == "coming":
                await self.desk.dispatch.contacted(self.kim, AssignmentId(made["task"]))
            if state in ("done", "said"):
                await self.desk.dispatch.report_done(self.kim, AssignmentId(made["task"]))
            if state == "said":
                await self.desk.asking.say_how(made["token"], NeedId(made["need"]), How.WELL)
        self.words["asked_elsewhere"] = (await street.asked_for("asked elsewhere"))["token"]
        calls = await street.calls("calls unrung", None, OWN_DEVICE)
        self.words |= {"calls_link": calls["token"], "calls_entry": calls["entry"]}
        round_ = await street.round("round under way", None, OWN_DEVICE)
        self.words |= {"run": round_["run"], "run_link": round_["token"]}

    async def _alerts(self) -> None:
        """One has an address, one still has to confirm it, one has none yet."""
        made = await self.street.alerts()
        self.words["stopped"], self.street.alerts_made = made["stopped"], made
        choosing, actors = self.desk.alerts.choosing, self.crowd.actors
        await choosing.choose(actors[Who.COORDINATOR], AlertChoices(), "en")
        await choosing.set_address(
            actors[Who.TRIAGE], "a.rather.long.made.up.address@knowle-neighbours.example.org", "en"
        )
        await choosing.forget(actors[Who.SAFETY])

    async def _chats(self) -> None:
        """One chat for each by themselves, where a volunteer has still to confirm her address; and the group's room."""
        admin, notices = self.crowd.actors[Who.ADMIN], self.desk.notices
        service = ChatService(
            name="Signal",
            hint="Your number with + in front, as Signal knows it.",
            url="json://127.0.0.1:1/to/{to}",
        )
        await notices.chat.change(admin, service)
        await notices.chat_addresses.set_address(volunteer_actor(self.crowd.own), "+447700900123")
        await self.desk.room.change(admin, "json://127.0.0.1:1/room", urgent=True)

    async def _unsafe(self) -> None:
        """A volunteer was taken off a task and told why; and a report that one alone can read."""
        found, safety = await self.street.seed("approved", device=OWN_DEVICE), self.crowd.actors[Who.SAFETY]
        await self.desk.dispatch.withdraw(self.kim, AssignmentId(found["task"]))
        self.words["link_left"] = found["token"]
        source = Source(
            teller=Teller.HELPER, person=self.street.helper, requests=((found["need"], "440329730"),)
        )
        self.words["incident_told"] = await self.desk.incidents.told_by_link(
            "He locked the door behind me and would not say why.",
            source,
            about=(PersonId(found["asker"]), PersonId(self.words["long_helper"])),
        )
        self.words["incident_alone"] = await self.desk.incidents.tell(
            safety,
            Report(kind=str(IncidentKind.CROSSED), text="Rang her at night.", day=None, staff=self.kim.id),
        )

    async def _safety(self) -> None:
        safety = self.crowd.actors[Who.SAFETY]
        await self.desk.team.begin_safeguarding(safety)
        self.words["incident"] = await self.desk.incidents.tell(
            self.kim,
            Report(
                kind=str(IncidentKind.MONEY),
                text="She says that twenty pounds are missing since Tuesday.\nHe was in the kitchen alone.",
                day=self.today,
                about=(self.words["long_helper"],),
            ),
        )
        now = int(self.street.cast.clock.now().timestamp())
        await self.desk.breaches.write(
            self.kim,
            BreachKind.WRONG_HANDS,
            staff_id=None,
            found_at=now - 3600,
            from_at=now - 7200,
            until_at=now - 3600,
            risk=Risk.SOME,
            what="A printed list was left on the number 76 bus.",
            done="Rang the depot; it was handed in at noon.",
        )
