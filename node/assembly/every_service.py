"""Every service, and how each is made from what it needs."""

from dataclasses import dataclass

from node.assembly.foundation import Ground, Network
from node.domain.catalogue import Catalogue
from node.domain.consents import Purpose
from node.domain.zone import Zone
from node.ports import Carrier, Evidence, Rounds
from node.services.accounts.access import Access
from node.services.accounts.devices import Devices
from node.services.accounts.leaving import OffBoarding
from node.services.accounts.passwords import Passwords
from node.services.accounts.rekeying import Rekeying
from node.services.accounts.rescue import Rescue
from node.services.accounts.see_as import SeeAs
from node.services.accounts.setup import Setup
from node.services.accounts.team import Team
from node.services.alerts.alerts import Alerts
from node.services.alerts.own_devices import AlertDevices
from node.services.alerts.roads import Roads
from node.services.alerts.sending import AlertCarriers
from node.services.asking.asking import Asking
from node.services.board.board import Board
from node.services.board.figures import OwnFigures
from node.services.board.looking import Looking
from node.services.board.shifts import Shifts
from node.services.board.watch import Watch
from node.services.calls.call_book import CallBook
from node.services.calls.call_links import CallLinks
from node.services.calls.callers import Callers
from node.services.calls.days import CallDays
from node.services.calls.entries import CallEntries
from node.services.calls.lists import CallLists
from node.services.desk import Desk
from node.services.dispatch.buddies import Buddies
from node.services.dispatch.corrections import Corrections
from node.services.dispatch.details import Details
from node.services.dispatch.dispatch import Dispatch
from node.services.dispatch.follow_up import FollowUp
from node.services.dispatch.handing_on import HandingOn
from node.services.dispatch.outcome import Outcome
from node.services.dispatch.picking import Picking
from node.services.dispatch.plans import Plans
from node.services.dispatch.promises import Promises
from node.services.dispatch.repeating import Repeating
from node.services.dispatch.tasks import Tasks
from node.services.dispatch.threads import Threads
from node.services.dispatch.undo import Undo
from node.services.dispatch.waves import Waves
from node.services.dispatch.who_rang import WhoRang
from node.services.exchange.exchange import Exchange
from node.services.exchange.hub_mail import HubMail
from node.services.exchange.joining import Joining
from node.services.exchange.letters import Letters
from node.services.exchange.peering import Peering
from node.services.exchange.sealing import Sealing
from node.services.exchange.terms import Terms
from node.services.gifts.gift_book import GiftBook
from node.services.gifts.giving import Giving
from node.services.intake.drafts import Drafts
from node.services.intake.given import Given
from node.services.intake.intake import Intake
from node.services.intake.made_up import MadeUp
from node.services.intake.places import Places
from node.services.matching.matching import Matching
from node.services.matching.roster import Roster
from node.services.notices.gateways import Gateways
from node.services.notices.notices import Carriers, Notices
from node.services.notices.room import Room
from node.services.notices.smtp import Smtp
from node.services.own.away import OwnAway
from node.services.own.calendar import OwnCalendar
from node.services.own.door import OwnDoor
from node.services.own.offers import OwnOffers
from node.services.own.page import OwnPage
from node.services.own.passkeys import OwnPasskeys
from node.services.own.times import OwnTimes
from node.services.people.copies import Copies
from node.services.people.directory import Directory
from node.services.people.households import Households
from node.services.people.journeys import Journeys
from node.services.people.merging import Merging
from node.services.people.patch_links import PatchLinks
from node.services.people.people import People
from node.services.people.street_teams import StreetTeams
from node.services.rights.breaches import Breaches
from node.services.rights.forgetting import Forgetting
from node.services.rights.papers import Papers
from node.services.rights.retention import Retention
from node.services.rounds.receipts import Receipts
from node.services.rounds.run_book import RunBook
from node.services.rounds.run_links import RunLinks
from node.services.rounds.runs import Runs
from node.services.rounds.tomorrow import Tomorrow
from node.services.safety.checks import Checks
from node.services.safety.demands import Demands
from node.services.safety.helpers_unsafe import HelpersUnsafe
from node.services.safety.incidents import Incidents
from node.services.safety.looks import Looks
from node.services.safety.old_reports import OldReports
from node.services.safety.vetting import Vetting
from node.services.safety.visits import Visits
from node.services.settings.agreements import Agreements
from node.services.settings.base_maps import BaseMaps
from node.services.settings.card import Card
from node.services.settings.emergency import Emergencies
from node.services.settings.group_zone import GroupZone
from node.services.settings.kinds import Kinds
from node.services.settings.kits import Kits
from node.services.settings.polls import Polls
from node.services.settings.practice import Practice
from node.services.settings.questions import Questions
from node.services.settings.resources import Resources
from node.services.settings.rules import Rules
from node.services.settings.texts import Texts
from node.services.settings.todo import Todo
from node.services.sharing.documents import Documents
from node.services.sharing.keys import SigningKeys
from node.services.sharing.neighbourhood import Neighbourhood
from node.services.sharing.offering import Offering
from node.services.sharing.privacy import Privacy
from node.services.sharing.public_changes import PublicChanges
from node.services.sharing.publishing import Publishing
from node.services.sharing.recovery import Recovery
from node.services.sharing.second_yes import SecondYes
from node.services.sharing.standing import Standing
from node.services.sharing.timekeeping import Timekeeper
from node.services.sheets.backup import Backup
from node.services.sheets.bringing_in import BringingIn
from node.services.sheets.exporting import Export
from node.services.sheets.imports import Imports
from node.services.sheets.sheet_desk import SheetDesk
from node.services.sheets.sheet_keeping import SheetKeeping
from node.services.sheets.sheet_runs import SheetRuns
from node.services.sheets.sheets_out import SheetsOut
from node.services.sheets.taking_out import TakingOut


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """Every verb of the node, by noun."""

    catalogue: Catalogue
    access: Access
    setup: Setup
    rescue: Rescue
    team: Team
    see_as: SeeAs
    second_yes: SecondYes
    papers: Papers
    breaches: Breaches
    retention: Retention
    agreements: Agreements
    copies: Copies
    devices: Devices
    off_boarding: OffBoarding
    rekeying: Rekeying
    asking: Asking
    giving: Giving
    gift_book: GiftBook
    intake: Intake
    drafts: Drafts
    merging: Merging
    emergencies: Emergencies
    promises: Promises
    practice: Practice
    made_up: MadeUp
    board: Board
    dispatch: Dispatch
    follow_up: FollowUp
    undo: Undo
    corrections: Corrections
    who_rang: WhoRang
    threads: Threads
    outcome: Outcome
    shifts: Shifts
    own_figures: OwnFigures
    looking: Looking
    watch: Watch
    tasks: Tasks
    waves: Waves
    buddies: Buddies
    repeating: Repeating
    handing_on: HandingOn
    picking: Picking
    plans: Plans
    matching: Matching
    people: People
    directory: Directory
    details: Details
    households: Households
    street_teams: StreetTeams
    patch_links: PatchLinks
    own_door: OwnDoor
    own_passkeys: OwnPasskeys
    own_page: OwnPage
    own_offers: OwnOffers
    own_away: OwnAway
    own_times: OwnTimes
    own_calendar: OwnCalendar
    runs: Runs
    run_book: RunBook
    run_links: RunLinks
    call_lists: CallLists
    callers: Callers
    call_entries: CallEntries
    call_book: CallBook
    call_days: CallDays
    call_links: CallLinks
    receipts: Receipts
    tomorrow: Tomorrow
    journeys: Journeys
    forgetting: Forgetting
    vetting: Vetting
    visits: Visits
    incidents: Incidents
    old_reports: OldReports
    helpers_unsafe: HelpersUnsafe
    looks: Looks
    demands: Demands
    places: Places
    imports: Imports
    sheet_desk: SheetDesk
    sheet_runs: SheetRuns
    sheets_out: SheetsOut
    taking_out: TakingOut
    export: Export
    bringing_in: BringingIn
    publishing: Publishing
    privacy: Privacy
    offering: Offering
    recovery: Recovery
    signing_keys: SigningKeys
    documents: Documents
    peering: Peering
    given: Given
    joining: Joining
    letters: Letters
    exchange: Exchange
    hub_mail: HubMail
    terms: Terms
    texts: Texts
    checks: Checks
    base_maps: BaseMaps
    todo: Todo
    kits: Kits
    questions: Questions
    resources: Resources
    polls: Polls
    rules: Rules
    kinds: Kinds
    zone: Zone
    group_zone: GroupZone
    card: Card
    neighbourhood: Neighbourhood
    notices: Notices
    alerts: Alerts
    room: Room
    standing: Standing
    timekeeper: Timekeeper
    backup: Backup
    rounds: Rounds
    carrier: Carrier
    evidence: Evidence


async def services(on: Ground, network: Network, passwords: Passwords) -> Services:
    """Makes every service; gives the vault its public keys and what is to happen when it opens."""
    catalogue = Catalogue.load()
    access = Access(on.db, on.vault, on.clock, on.random, passwords=passwords)
    await access.load()
    kinds = Kinds(on.db, on.clock, catalogue)
    await kinds.load()
    zone = Zone()
    group_zone = GroupZone(on.db, on.clock, zone)
    await group_zone.load()
    desk = Desk(
        db=on.db,
        vault=on.vault,
        clock=on.clock,
        random=on.random,
        catalogue=catalogue,
        partitions=on.partitions,
        zone=zone,
    )
    texts = Texts(on.db, on.clock)
    roster = Roster(desk)
    matching = Matching(desk, roster)
    tasks = Tasks(desk, roster, matching)
    waves = Waves(desk, roster, matching)
    intake = Intake(desk, roster)
    incidents = Incidents(desk)
    on.vault.on_unlock(intake.on_unlock)
    on.vault.on_unlock(roster.on_unlock)
    directory = Directory(desk)
    on.vault.on_lock(directory.on_lock)
    people = People(desk, roster, directory)
    on.vault.on_unlock(people.on_unlock)
    board = Board(desk)
    on.vault.on_lock(roster.on_lock)
    on.vault.on_lock(board.on_lock)
    places = Places(on.db, on.clock)
    imports = Imports(desk, intake, roster, places)
    sheets_kept = SheetKeeping(desk)
    timekeeper = Timekeeper(on.db, on.clock, network.times)
    await timekeeper.load()
    dispatch = Dispatch(desk, roster, matching)
    own_page = OwnPage(desk, roster, matching)
    run_book = RunBook(desk, roster, matching)
    follow_up = FollowUp(desk)
    recovery = Recovery(desk, on.keyring, network.own)
    sealing = Sealing(desk, on.keyring)
    publishing = Publishing(
        desk,
        on.keyring,
        network.own,
        table=on.table,
        trusted=timekeeper.trusted,
        recovery=recovery,
        renew_box_key=sealing.renew,
    )
    privacy = Privacy(desk)
    offering = Offering(desk, publishing)
    signing_keys = SigningKeys(
        on.db, on.clock, on.random, keyring=on.keyring, own=network.own, publishing=publishing
    )
    await signing_keys.settle()
    letters = Letters(desk, sealing, network.post, trusted=timekeeper.trusted)
    # Its handlers must be known before the first letter is opened.
    exchange = Exchange(desk, roster, matching, intake, network.reader, letters)
    neighbourhood = Neighbourhood(network.reader, catalogue, on.clock)
    on.vault.on_unlock(letters.on_unlock)
    # Last: what was opened is read with the key it was opened with.
    retention, breaches = Retention(desk, people), Breaches(desk)
    rekeying = Rekeying(on.db, on.vault, on.clock)
    on.vault.on_unlock(rekeying.on_unlock)
    demands = Demands(desk)
    kits, rules = Kits(desk, kinds, demands.take), Rules(on.db, on.clock)
    card = Card(on.db, on.clock, heading={each.code for each in catalogue.headings}.__contains__, zone=zone)
    questions, resources, polls = Questions(desk), Resources(desk, kinds), Polls(desk)
    base_maps = BaseMaps(on.config.base_map)
    mail = Smtp()
    carriers = Carriers(mail=mail, texts=Gateways(), outside=network.outside)
    notices = Notices(desk, roster, matching, carriers, tasks)
    return Services(
        catalogue=catalogue,
        access=access,
        setup=Setup(
            on.db,
            access,
            on.keyring,
            on.clock,
            on.random,
            passwords=passwords,
            on_done=(timekeeper.load, group_zone.load),
        ),
        rescue=Rescue(on.db, access, on.clock, passwords=passwords),
        team=Team(on.db, on.vault, on.clock, on.random, passwords=passwords, zone=zone),
        see_as=SeeAs(on.db, on.clock),
        second_yes=SecondYes(
            desk,
            PublicChanges(
                publishing=publishing,
                texts=texts,
                kinds=kinds,
                kits=kits,
                rules=rules,
                card=card,
                questions=questions,
                resources=resources,
                polls=polls,
                privacy=privacy,
                offering=offering,
            ),
        ),
        papers=Papers(desk, retention, breaches),
        breaches=breaches,
        retention=retention,
        agreements=Agreements(desk, texts, {Purpose.MESSAGES: notices.end_messages}),
        copies=Copies(desk, texts),
        devices=Devices(on.db, on.clock),
        off_boarding=OffBoarding(desk, rekeying),
        rekeying=rekeying,
        asking=Asking(desk, roster, intake, incidents),
        giving=Giving(desk),
        gift_book=GiftBook(desk, roster),
        intake=intake,
        drafts=Drafts(desk),
        merging=Merging(desk, roster),
        promises=Promises(desk),
        practice=Practice(desk),
        made_up=MadeUp(desk, intake),
        board=board,
        dispatch=dispatch,
        follow_up=follow_up,
        threads=Threads(desk),
        outcome=Outcome(desk, roster, follow_up),
        undo=Undo(desk, roster, matching),
        corrections=Corrections(desk, roster, matching),
        who_rang=WhoRang(desk),
        shifts=Shifts(desk),
        own_figures=OwnFigures(desk),
        looking=Looking(desk),
        watch=Watch(desk),
        tasks=tasks,
        waves=waves,
        buddies=Buddies(desk, roster),
        repeating=Repeating(desk, roster, matching, intake),
        handing_on=HandingOn(desk, roster),
        picking=Picking(desk, roster, matching),
        plans=Plans(desk, roster, matching, waves),
        matching=matching,
        people=people,
        directory=directory,
        details=Details(desk, roster),
        households=Households(desk, roster),
        street_teams=StreetTeams(desk),
        patch_links=PatchLinks(desk, roster),
        own_door=(own_door := OwnDoor(desk)),
        own_passkeys=OwnPasskeys(desk, own_door),
        own_page=own_page,
        own_offers=OwnOffers(desk, roster, own_page),
        own_away=OwnAway(desk, roster, own_page, neighbourhood, exchange.offering),
        own_times=OwnTimes(desk, roster),
        own_calendar=OwnCalendar(desk),
        runs=Runs(desk, roster, dispatch, follow_up),
        run_book=run_book,
        run_links=RunLinks(desk, roster, follow_up),
        call_lists=CallLists(desk, roster, texts),
        callers=Callers(desk, roster),
        call_entries=CallEntries(desk, texts),
        call_book=CallBook(desk, roster, matching),
        call_days=CallDays(desk),
        call_links=CallLinks(desk, roster, matching),
        receipts=Receipts(desk),
        tomorrow=Tomorrow(desk, run_book),
        journeys=Journeys(desk, roster),
        forgetting=Forgetting(desk, people),
        vetting=Vetting(desk, roster),
        visits=Visits(desk),
        incidents=incidents,
        helpers_unsafe=HelpersUnsafe(desk, incidents),
        old_reports=OldReports(desk, incidents),
        looks=Looks(desk),
        demands=demands,
        places=places,
        imports=imports,
        sheet_desk=SheetDesk(desk, imports, sheets_kept),
        sheet_runs=SheetRuns(desk, imports, sheets_kept),
        sheets_out=SheetsOut(desk),
        taking_out=TakingOut(desk),
        export=Export(desk, passwords),
        bringing_in=BringingIn(
            desk,
            on_done=(access.load, intake.complete_indexes, kinds.load, group_zone.load, roster.read_again),
        ),
        publishing=publishing,
        privacy=privacy,
        offering=offering,
        recovery=recovery,
        signing_keys=signing_keys,
        documents=Documents(on.db, on.keyring),
        peering=Peering(
            on.db,
            on.clock,
            discovery=network.discovery,
            reader=network.reader,
            rounds=network.rounds,
            cut=exchange.blocking.cut,
            tell=exchange.tell,
        ),
        given=Given(on.db),
        card=card,
        terms=Terms(
            on.db,
            on.clock,
            rounds=network.rounds,
            known=catalogue.is_wire_code,
            cut=exchange.blocking.cut,
            end=exchange.blocking.end,
            tell=exchange.tell,
        ),
        checks=Checks(
            on.db,
            on.clock,
            zone=zone,
            folder=on.config.data,
            discovery=network.discovery,
            timekeeper=timekeeper,
            base_maps=base_maps,
            mail=notices.mail,
        ),
        base_maps=base_maps,
        todo=Todo(on.db, on.clock),
        kits=kits,
        questions=questions,
        resources=resources,
        polls=polls,
        rules=rules,
        texts=texts,
        emergencies=Emergencies(desk, texts),
        kinds=kinds,
        zone=zone,
        group_zone=group_zone,
        joining=Joining(
            on.db,
            on.clock,
            on.random,
            discovery=network.discovery,
            carrier=network.carrier,
            rounds=network.rounds,
            introduce=publishing.introduce,
        ),
        letters=letters,
        exchange=exchange,
        hub_mail=HubMail(desk, trusted=timekeeper.trusted),
        notices=notices,
        room=Room(desk, places),
        alerts=Alerts(
            desk,
            Roads(notices.mail, notices.texts, notices.chat, AlertDevices(desk, notices.push_way)),
            AlertCarriers(mail=mail, texts=carriers.texts),
            on.keyring.secret,
        ),
        neighbourhood=neighbourhood,
        standing=Standing(on.db, on.vault, network.reader, timekeeper, recovery),
        timekeeper=timekeeper,
        backup=Backup(on.db, on.clock, folder=on.config.data),
        rounds=network.rounds,
        carrier=network.carrier,
        evidence=network.evidence,
    )
