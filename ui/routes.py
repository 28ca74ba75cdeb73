"""The whole map of addresses, by page. What is not here does not exist."""

from collections.abc import Sequence

from aiohttp import web
from aiohttp.typedefs import Middleware

from node.appkeys import CLOCK, KINDS, ZONE
from node.domain.gifts.gift import GiftMove
from node.domain.permissions import Permission
from ui.i18n import Languages
from ui.parts.own import own, own_task
from ui.views.accounts import alerts, cards, devices, leaving, roles, see_as, sign_in, team
from ui.views.accounts import setup as set_up
from ui.views.board import (
    board,
    correcting,
    figures,
    follow_up,
    household,
    listing,
    outbox,
    plan,
    promises,
    repeats,
    room,
    said_yes,
    shift,
    threads,
    visits,
    waves,
    who_rang,
)
from ui.views.calls import call_lists, call_sheets
from ui.views.gifts import gifts
from ui.views.intake import drafts, intake, paper, pasting
from ui.views.links import (
    alert_link,
    asked,
    calling,
    driving,
    gift,
    notice_link,
    patch,
    picking,
    task,
    unsafe,
)
from ui.views.own import away, my, my_door, my_notices, my_times, passkeys
from ui.views.peers import (
    agreeing,
    carrying,
    handover,
    joining,
    neighbour,
    neighbours,
    passed_on,
    peers,
    recovery,
)
from ui.views.people import people, persons_data, steps, street_teams, twice, volunteers
from ui.views.people import person as one_person
from ui.views.public import (
    apply,
    ask,
    feeds,
    files,
    front,
    help_nearby,
    language,
    leave,
    licences,
    look,
    near,
    offer,
    poll,
    tiles,
)
from ui.views.rights import breaches, privacy, removals
from ui.views.rounds import receipts, runs
from ui.views.safety import demands, incidents, looks, safety
from ui.views.settings import (
    chat,
    checks,
    kinds,
    kit,
    mail,
    messages,
    polls,
    public,
    questions,
    rules,
    settings,
    texts,
)
from ui.views.sheets import exporting, importing
from ui.web import middleware
from ui.web.assets import Assets
from ui.web.once import ONCE, Once, once
from ui.web.site import ASSETS, LANGUAGES, TEMPLATES, after_set_up, staff
from ui.web.templating import Templates

TASK = "/board/{need}/task/{task}"
WISH = "/board/neighbours/{origin}/{wish}"
"""A need of another group: its origin and the id that it published."""
STEP = f"{{step:{'|'.join(neighbour.STEPS)}}}"


def pages() -> list[web.RouteDef]:
    """Every page and every form of it, named ``ui.<page>.<what>``."""
    get, post, may = web.get, web.post, Permission
    return [
        # the group's front page
        get("/", after_set_up(front.show), name="ui.front"),
        get("/static/{name}", files.show, name="ui.static"),
        get(tiles.ADDRESS, tiles.show, name="ui.tiles"),
        # set-up, once
        get("/setup", set_up.show, name="ui.setup"),
        post("/setup", set_up.submit, name="ui.setup.submit"),
        get("/cards", staff(cards.show, may.SETTINGS), name="ui.cards"),
        post("/cards", staff(cards.check, may.SETTINGS), name="ui.cards.check"),
        # the desk: coming and leaving
        get("/sign-in", after_set_up(sign_in.show), name="ui.sign_in"),
        post("/sign-in", sign_in.submit, name="ui.sign_in.submit"),
        post("/sign-out", sign_in.sign_out, name="ui.sign_out"),
        post("/switch", devices.switch, name="ui.switch"),
        get("/devices", staff(devices.show), name="ui.devices"),
        post("/devices/keys", staff(devices.keys), name="ui.devices.keys"),
        post("/devices/others", staff(devices.end_others), name="ui.devices.others"),
        post("/devices/{device}/end", staff(devices.end), name="ui.devices.end"),
        get("/devices/notices", staff(alerts.show), name="ui.alerts"),
        post("/devices/notices", staff(alerts.choose), name="ui.alerts.choose"),
        post("/devices/notices/address", staff(alerts.address), name="ui.alerts.address"),
        post("/devices/notices/code", staff(alerts.code), name="ui.alerts.code"),
        post("/devices/notices/here", staff(alerts.turn_on), name="ui.alerts.here"),
        post("/devices/notices/{device}/end", staff(alerts.turn_off), name="ui.alerts.here_end"),
        post("/devices/notices/forget", staff(alerts.forget), name="ui.alerts.forget"),
        get("/see-as", staff(see_as.show, may.SEE_AS), name="ui.see_as"),
        post("/see-as", staff(see_as.begin, may.SEE_AS), name="ui.see_as.begin"),
        post("/see-as/end", see_as.end, name="ui.see_as.end"),
        post("/lock", staff(sign_in.lock, may.LOCK), name="ui.lock"),
        # what neighbouring groups need, and what they pass on (before the board: "neighbours" is no request)
        *neighbouring(),
        # sheets in, data out
        *sheets(),
        # who is on, and what the last shift says (before the board: "shift" is no request)
        get("/board/shift", staff(shift.show, may.READ_BOARD), name="ui.shift"),
        get("/figures", staff(figures.show, may.DISPATCH), name="ui.figures"),
        get("/figures.csv", staff(figures.sheet, may.DISPATCH), name="ui.figures.sheet"),
        post("/board/shift", staff(shift.set_week, may.TRIAGE), name="ui.shift.set"),
        post("/board/shift/again", staff(shift.same_again, may.TRIAGE), name="ui.shift.again"),
        post("/board/shift/note", once(staff(shift.leave_note, may.TRIAGE)), name="ui.shift.note"),
        post("/board/shift/note/{note}/read", staff(shift.have_read, may.READ_BOARD), name="ui.shift.read"),
        post(
            "/board/visits/{visit}/{what:longer|rang|back}",
            staff(visits.say, may.TRIAGE),
            name="ui.visits.say",
        ),
        # the plan of a morning (before the board: "plan" is no request)
        get("/board/plan", staff(plan.show, may.READ_BOARD), name="ui.plan"),
        post("/board/plan", staff(plan.make, may.DISPATCH), name="ui.plan.make"),
        post("/board/plan/{plan}", once(staff(plan.decide, may.DISPATCH)), name="ui.plan.decide"),
        # the board
        get("/board", staff(board.show, may.READ_BOARD), name="ui.board"),
        get("/board/news", staff(listing.news, may.READ_BOARD), name="ui.board.news"),
        get("/board/{need}", staff(board.show, may.READ_BOARD), name="ui.board.need"),
        post("/board/{need}/name", staff(board.name, may.READ_PERSON), name="ui.board.name"),
        post("/board/{need}/as-helper", staff(see_as.as_helper, may.READ_PERSON), name="ui.board.as_helper"),
        post("/board/{need}/as-asker", staff(see_as.as_asker, may.READ_PERSON), name="ui.board.as_asker"),
        post(
            "/people/{person}/as-volunteer",
            staff(see_as.as_volunteer, may.READ_PERSON),
            name="ui.person.as_volunteer",
        ),
        post(
            "/street-teams/{team}/as-captain",
            staff(see_as.as_captain, may.READ_PERSON),
            name="ui.street_team.as_captain",
        ),
        post("/board/{need}/ask", staff(board.ask, may.DISPATCH), name="ui.board.ask"),
        post("/board/{need}/assign", staff(board.assign, may.DISPATCH), name="ui.board.assign"),
        post("/board/{need}/said-yes", staff(board.said_yes, may.DISPATCH), name="ui.board.said_yes"),
        post("/board/{need}/several", once(staff(waves.several, may.DISPATCH)), name="ui.board.several"),
        post("/board/{need}/messages", staff(waves.messages, may.DISPATCH), name="ui.board.messages"),
        post("/board/{need}/room", staff(room.tell, may.DISPATCH), name="ui.board.room"),
        post("/board/{need}/room/back", staff(room.not_after_all, may.DISPATCH), name="ui.board.room.back"),
        post("/board/{need}/stop-asking", staff(waves.stop, may.DISPATCH), name="ui.board.stop_asking"),
        post("/board/{need}/open", staff(board.open_it, may.TRIAGE), name="ui.board.open"),
        post("/board/{need}/told", staff(board.told, may.DISPATCH), name="ui.board.told"),
        post("/board/{need}/keep", staff(board.keep, may.TRIAGE), name="ui.board.keep"),
        post("/board/{need}/hold", staff(board.hold, may.TRIAGE), name="ui.board.hold"),
        post("/board/{need}/contact", once(staff(follow_up.log, may.TRIAGE)), name="ui.board.contact"),
        post("/board/{need}/happened", staff(threads.happened, may.DISPATCH), name="ui.board.happened"),
        get("/board/{need}/correct", staff(correcting.show, may.TRIAGE), name="ui.board.correct"),
        post("/board/{need}/correct", staff(correcting.submit, may.TRIAGE), name="ui.board.correct.submit"),
        post("/board/{need}/agreed", staff(said_yes.others_may_see, may.TRIAGE), name="ui.board.agreed"),
        post("/board/{need}/caller", staff(who_rang.change, may.TRIAGE), name="ui.board.caller"),
        post("/board/{need}/undo", staff(follow_up.undo, may.DISPATCH), name="ui.board.undo"),
        post("/board/{need}/rung", staff(follow_up.not_again, may.TRIAGE), name="ui.board.rung"),
        post("/board/{need}/close", staff(board.close, may.DISPATCH), name="ui.board.close"),
        post("/board/{need}/reopen", staff(board.reopen, may.DISPATCH), name="ui.board.reopen"),
        post(f"{TASK}/confirm", staff(board.confirm, may.DISPATCH), name="ui.board.task.confirm"),
        post(f"{TASK}/write", once(staff(threads.write, may.DISPATCH)), name="ui.board.task.write"),
        post(f"{TASK}/out", staff(visits.set_out, may.DISPATCH), name="ui.board.task.out"),
        post(f"{TASK}/seen", staff(threads.seen, may.DISPATCH), name="ui.board.task.seen"),
        post(f"{TASK}/link", staff(board.link, may.DISPATCH), name="ui.board.task.link"),
        post(
            f"{TASK}/{{step:contacted|heard|done|decline|release|withdraw}}",
            staff(board.step, may.DISPATCH),
            name="ui.board.task.step",
        ),
        # what repeats
        get("/repeats", staff(repeats.show, may.READ_BOARD), name="ui.repeats"),
        post("/repeats", staff(repeats.holidays, may.DISPATCH), name="ui.repeats.holidays"),
        post("/repeats/{series}", once(staff(repeats.change, may.DISPATCH)), name="ui.repeats.change"),
        post("/repeats/hand/{hand}", staff(repeats.hand, may.DISPATCH), name="ui.repeats.hand"),
        post("/board/{need}/repeat", once(staff(repeats.begin, may.DISPATCH)), name="ui.board.repeat"),
        post("/people/{person}/buddy", once(staff(repeats.buddy, may.DISPATCH)), name="ui.person.buddy"),
        post("/people/{person}/buddy/{pair}", once(staff(repeats.pair, may.DISPATCH)), name="ui.person.pair"),
        # a phone call
        get("/intake", staff(intake.show, may.TAKE_CALL), name="ui.intake"),
        post(
            "/intake",
            drafts.kept_when_signed_out(once(staff(intake.submit, may.TAKE_CALL))),
            name="ui.intake.submit",
        ),
        get("/intake/paper", staff(intake.paper, may.TAKE_CALL), name="ui.intake.paper"),
        post(
            "/intake/practice/end", staff(intake.end_practice, may.TAKE_CALL), name="ui.intake.practice.end"
        ),
        post("/board/{need}/promise", staff(promises.promise, may.TAKE_CALL), name="ui.promise"),
        post("/board/{need}/promise/kept", staff(promises.kept, may.TAKE_CALL), name="ui.promise.kept"),
        post("/intake/draft", drafts.kept_when_signed_out(staff(drafts.save)), name="ui.intake.draft"),
        post("/intake/draft/{draft}/drop", staff(drafts.drop, may.TAKE_CALL), name="ui.intake.draft.drop"),
        post("/intake/known", staff(intake.known, may.TAKE_CALL), name="ui.intake.known"),
        get("/intake/paste", staff(pasting.show, may.TAKE_CALL), name="ui.intake.paste"),
        post("/intake/paste", staff(pasting.look, may.TAKE_CALL), name="ui.intake.paste.look"),
        get("/intake/taken", staff(intake.taken, may.READ_BOARD), name="ui.intake.taken"),
        *about_people(),
        # short questions to everybody
        get("/polls", staff(polls.show, may.READ_BOARD), name="ui.polls"),
        post("/polls", once(staff(polls.begin, may.DISPATCH)), name="ui.polls.begin"),
        get("/polls/{poll}/words", staff(polls.words, may.DISPATCH), name="ui.polls.words"),
        post("/polls/{poll}/words", staff(polls.say_words, may.DISPATCH), name="ui.polls.say"),
        post("/polls/{poll}/end", staff(polls.end, may.DISPATCH), name="ui.polls.end"),
        post("/polls/{poll}/remove", staff(polls.remove, may.DISPATCH), name="ui.polls.remove"),
        # what people have to give
        get("/offers", staff(gifts.show, may.READ_BOARD), name="ui.offers"),
        get("/offers/new", staff(gifts.new, may.TAKE_CALL), name="ui.offers.new"),
        post("/offers/new", once(staff(gifts.take, may.TAKE_CALL)), name="ui.offers.take"),
        post("/offers/{gift}/name", staff(gifts.name, may.READ_PERSON), name="ui.offers.name"),
        post("/offers/{gift}/note", staff(gifts.note, may.DISPATCH), name="ui.offers.note"),
        post(
            f"/offers/{{gift}}/{{move:{'|'.join(GiftMove)}}}",
            staff(gifts.move, may.DISPATCH),
            name="ui.offers.move",
        ),
        *rounds(),
        *calls(),
        # what went out by itself, and what did not
        get("/notices", staff(outbox.show, may.READ_PERSON), name="ui.notices"),
        post("/notices", staff(outbox.look, may.READ_PERSON), name="ui.notices.look"),
        post("/notices/ring/paper", staff(outbox.paper, may.READ_PERSON), name="ui.notices.ring_paper"),
        post("/notices/ring/{task}/reached", staff(outbox.reached, may.DISPATCH), name="ui.notices.reached"),
        post(
            "/notices/ring/{task}/no-answer",
            staff(outbox.no_answer, may.DISPATCH),
            name="ui.notices.no_answer",
        ),
        post("/notices/texts/{text}/done", staff(outbox.seen_to, may.DISPATCH), name="ui.notices.text_done"),
        post("/notices/{notice}/again", staff(outbox.again, may.DISPATCH), name="ui.notices.again"),
        # the volunteer's private link
        get("/t/thanks", task.thanks, name="ui.task.thanks"),
        get("/t/{token}", task.show, name="ui.task"),
        get("/t/{token}/unsafe", unsafe.show, name="ui.task.unsafe"),
        post("/t/{token}/unsafe", once(unsafe.tell), name="ui.task.unsafe.tell"),
        get("/t/{token}/more", picking.show, name="ui.task.more"),
        post("/t/{token}/more", picking.pick, name="ui.task.pick"),
        post("/t/{token}/write", once(threads.hers), name="ui.task.write"),
        post("/t/{token}/visit", visits.hers, name="ui.task.visit"),
        post("/t/{token}/how", threads.how, name="ui.task.how"),
        post("/t/{token}/paid", once(receipts.hers), name="ui.task.paid"),
        post("/t/{token}/not-yet", task.not_yet, name="ui.task.not_yet"),
        post("/t/{token}/open", task.open_here, name="ui.task.open"),
        post(f"/t/{{token}}/{{answer:{'|'.join(task.ANSWERS)}}}", task.answer, name="ui.task.answer"),
        *own_page(),
        # a round of deliveries, by its private link
        get("/r/thanks", driving.thanks, name="ui.driving.thanks"),
        get("/r/{token}", driving.show, name="ui.driving"),
        post("/r/{token}/open", driving.open_here, name="ui.driving.open"),
        post(f"/r/{{token}}/{{step:{'|'.join(driving.STEPS)}}}", driving.step, name="ui.driving.step"),
        get("/r/{token}/stop/{stop}", driving.door, name="ui.driving.door"),
        post("/r/{token}/stop/{stop}", driving.said, name="ui.driving.said"),
        get("/r/{token}/stop/{stop}/unsafe", unsafe.show_at_a_door, name="ui.driving.unsafe"),
        post("/r/{token}/stop/{stop}/unsafe", once(unsafe.tell_at_a_door), name="ui.driving.unsafe.tell"),
        post("/r/{token}/paid", once(receipts.on_a_round), name="ui.driving.paid"),
        # a volunteer's calls, by her private link
        get("/c/{token}", calling.show, name="ui.calling"),
        post("/c/{token}/open", calling.open_here, name="ui.calling.open"),
        get("/c/{token}/call/{entry}", calling.call, name="ui.calling.call"),
        post("/c/{token}/call/{entry}", calling.said, name="ui.calling.said"),
        post("/c/{token}/call/{entry}/may", calling.may, name="ui.calling.may"),
        # a street captain's patch, by her private link
        get("/p/{token}", patch.show, name="ui.patch"),
        post("/p/{token}/open", patch.open_here, name="ui.patch.open"),
        # the link at the foot of messages
        get("/n/{token}", notice_link.show, name="ui.notice_link"),
        post("/n/{token}", notice_link.out, name="ui.notice_link.out"),
        post("/n/{token}/choices", notice_link.choose, name="ui.notice_link.choose"),
        get("/n/desk/{token}", alert_link.show, name="ui.alert_link"),
        post("/n/desk/{token}", alert_link.stop, name="ui.alert_link.stop"),
        # for anybody
        get("/ask", after_set_up(ask.show), name="ui.ask"),
        post("/ask", after_set_up(ask.submit), name="ui.ask.submit"),
        get("/a/{token}", asked.show, name="ui.asked"),
        get("/a/{token}/done", asked.done_already, name="ui.asked.done"),
        get("/a/{token}/unsafe", asked.feels_unsafe, name="ui.asked.unsafe"),
        post("/a/{token}/unsafe", once(asked.tell_unsafe), name="ui.asked.unsafe.tell"),
        post(f"/a/{{token}}/{{verb:{'|'.join(asked.VERBS)}}}", asked.do, name="ui.asked.do"),
        get("/poll/{poll}", after_set_up(poll.show), name="ui.poll"),
        post("/poll/{poll}", after_set_up(poll.answer), name="ui.poll.answer"),
        get("/offer", after_set_up(offer.show), name="ui.offer"),
        post("/offer", after_set_up(offer.submit), name="ui.offer.submit"),
        get("/o/{token}", gift.show, name="ui.gift"),
        post(f"/o/{{token}}/{{verb:{'|'.join(gift.VERBS)}}}", gift.do, name="ui.gift.do"),
        get("/near", after_set_up(near.show), name="ui.near"),
        get("/leave", leave.now, name="ui.leave"),
        post("/language", language.choose, name="ui.language"),
        get("/embed", after_set_up(feeds.embed), name="ui.embed"),
        *(get(f"/api/v1/needs.{name}", feeds.feed, name=f"needs_{name}") for name in feeds.FORMATS),
        get("/volunteer", after_set_up(apply.show), name="ui.apply"),
        post("/volunteer", after_set_up(apply.submit), name="ui.apply.submit"),
        get("/help-nearby", after_set_up(help_nearby.show), name="ui.help_nearby"),
        get("/help-nearby/hsds.json", after_set_up(help_nearby.hsds_json), name="ui.help_nearby.json"),
        get("/help-nearby/hsds.csv", after_set_up(help_nearby.hsds_sheet), name="ui.help_nearby.sheet"),
        get("/help-nearby/edit", staff(help_nearby.edit, may.DISPATCH), name="ui.help_nearby.edit"),
        post("/help-nearby/edit", staff(help_nearby.save, may.DISPATCH), name="ui.help_nearby.save"),
        post("/help-nearby/remove", staff(help_nearby.remove, may.DISPATCH), name="ui.help_nearby.remove"),
        post("/help-nearby/bring", staff(help_nearby.bring, may.DISPATCH), name="ui.help_nearby.bring"),
        get("/join", after_set_up(joining.public), name="ui.join"),
        # neighbouring groups
        get("/peers", staff(peers.show), name="ui.peers"),
        post("/peers", staff(peers.add, may.PEERS), name="ui.peers.add"),
        post("/peers/fetch", staff(peers.fetch), name="ui.peers.fetch"),
        get("/peers/invite", staff(joining.invite, may.PEERS), name="ui.peers.invite"),
        post("/peers/invite", staff(joining.make, may.PEERS), name="ui.peers.invite.make"),
        post("/peers/invite/{invite}/back", staff(joining.take_back, may.PEERS), name="ui.peers.invite.back"),
        get("/peers/join", staff(joining.join, may.PEERS), name="ui.peers.join"),
        post("/peers/join", staff(joining.joining, may.PEERS), name="ui.peers.join.submit"),
        get("/peers/file", staff(carrying.show), name="ui.peers.file"),
        post("/peers/file", staff(carrying.bring), name="ui.peers.file.bring"),
        get("/peers/file/everybody.ndjson", staff(carrying.everybody), name="ui.peers.file.everybody"),
        get("/peers/{peer}/file.ndjson", staff(carrying.one), name="ui.peer.carry"),
        get("/peers/{peer}", staff(neighbour.show), name="ui.peer"),
        get("/peers/{peer}/document", staff(neighbour.document), name="ui.peer.document"),
        get("/peers/{peer}/document.ndjson", staff(neighbour.file), name="ui.peer.file"),
        get(f"/peers/{{peer}}/{STEP}", staff(neighbour.ask, may.PEERS), name="ui.peer.ask"),
        post(f"/peers/{{peer}}/{STEP}", staff(neighbour.do, may.PEERS), name="ui.peer.do"),
        get("/peers/{peer}/compare", staff(neighbour.compare, may.PEERS), name="ui.peer.compare"),
        post("/peers/{peer}/compare", staff(neighbour.accept, may.PEERS), name="ui.peer.accept"),
        post("/peers/{peer}/compare/keep", staff(neighbour.keep, may.PEERS), name="ui.peer.keep"),
        get("/peers/{peer}/settings", staff(agreeing.terms, may.PEERS), name="ui.peer.terms"),
        post("/peers/{peer}/settings", staff(agreeing.agree, may.PEERS), name="ui.peer.agree"),
        get("/peers/{peer}/welcome", staff(joining.waiting, may.PEERS), name="ui.peer.waiting"),
        post("/peers/{peer}/welcome", staff(joining.welcome, may.PEERS), name="ui.peer.welcome"),
        post("/peers/{peer}/decline", staff(joining.decline, may.PEERS), name="ui.peer.decline"),
        post(
            "/peers/{peer}/letters/{letter}/{word:send|drop}", staff(neighbour.letter), name="ui.peer.letter"
        ),
        post("/peers/{peer}/back", staff(neighbour.back, may.PEERS), name="ui.peer.back"),
        # after a mishap
        get("/recovery", staff(recovery.show, may.READ_BOARD), name="ui.recovery"),
        post("/recovery/settle", staff(recovery.settle, may.DISPATCH), name="ui.recovery.settle"),
        # who works here
        get("/team/roles", staff(roles.show), name="ui.team.roles"),
        get("/team", staff(team.show), name="ui.team"),
        post("/team", staff(team.add, may.STAFF), name="ui.team.add"),
        post("/team/password", staff(team.own_password), name="ui.team.own_password"),
        post("/team/{member}/records", staff(team.records), name="ui.team.records"),
        get("/team/{member}/leaving", staff(leaving.show, may.STAFF), name="ui.team.leaving"),
        post("/team/{member}/leaving", staff(leaving.submit, may.STAFF), name="ui.team.leaving.submit"),
        post("/team/{member}/suspend", staff(team.suspend, may.STAFF), name="ui.team.suspend"),
        post("/team/{member}/back", staff(team.back, may.STAFF), name="ui.team.back"),
        post("/team/{member}/password", staff(team.password, may.STAFF), name="ui.team.password"),
        # settings
        get("/settings", staff(settings.start, may.SHARE), name="ui.settings"),
        get("/settings/sharing", staff(settings.show, may.SHARE), name="ui.settings.sharing"),
        post("/settings/sharing", staff(settings.submit, may.SHARE), name="ui.settings.sharing.submit"),
        post("/settings/offers", staff(settings.offer, may.SHARE), name="ui.settings.offers"),
        get("/settings/group", staff(agreeing.entry, may.SETTINGS), name="ui.settings.entry"),
        post("/settings/group", staff(agreeing.change_entry, may.SETTINGS), name="ui.settings.entry.submit"),
        get("/settings/checks", staff(checks.show, may.SETTINGS), name="ui.settings.checks"),
        post("/settings/todo", staff(checks.put_aside, may.SETTINGS), name="ui.settings.todo"),
        get("/settings/rules", staff(rules.show, may.SETTINGS), name="ui.settings.rules"),
        post("/settings/rules", staff(rules.submit, may.SETTINGS), name="ui.settings.rules.submit"),
        post("/settings/preset", staff(rules.choose, may.SETTINGS), name="ui.settings.preset"),
        get("/settings/kinds", staff(kinds.show, may.SETTINGS), name="ui.settings.kinds"),
        post("/settings/kinds", staff(kinds.submit, may.SETTINGS), name="ui.settings.kinds.submit"),
        get("/settings/kit", staff(kit.show, may.SETTINGS), name="ui.settings.kit"),
        get("/settings/kit/file", staff(kit.file, may.SETTINGS), name="ui.settings.kit.file"),
        post("/settings/kit/look", staff(kit.look, may.SETTINGS), name="ui.settings.kit.look"),
        post("/settings/kit/take", staff(kit.take, may.SETTINGS), name="ui.settings.kit.take"),
        get("/settings/questions", staff(questions.show, may.SETTINGS), name="ui.settings.questions"),
        get("/settings/questions/edit", staff(questions.edit, may.SETTINGS), name="ui.settings.question"),
        post(
            "/settings/questions/edit", staff(questions.save, may.SETTINGS), name="ui.settings.question.save"
        ),
        post("/settings/questions/up", staff(questions.up, may.SETTINGS), name="ui.settings.question.up"),
        post(
            "/settings/questions/remove",
            staff(questions.remove, may.SETTINGS),
            name="ui.settings.question.remove",
        ),
        get(
            "/settings/questions/answers",
            staff(questions.answers, may.READ_BOARD),
            name="ui.settings.questions.answers",
        ),
        post("/settings/zone", staff(agreeing.change_zone, may.SETTINGS), name="ui.settings.zone"),
        get("/settings/public", staff(public.show, may.APPROVE_PUBLIC), name="ui.public"),
        post(
            "/settings/public/{proposal}", staff(public.decide, may.APPROVE_PUBLIC), name="ui.public.decide"
        ),
        get("/settings/messages", staff(messages.show, may.SETTINGS), name="ui.settings.messages"),
        post("/settings/messages", staff(messages.submit, may.SETTINGS), name="ui.settings.messages.submit"),
        post(
            "/settings/messages/try", staff(messages.try_it, may.SETTINGS), name="ui.settings.messages.test"
        ),
        post("/settings/messages/off", staff(messages.off, may.SETTINGS), name="ui.settings.messages.off"),
        get("/settings/chat", staff(chat.show, may.SETTINGS), name="ui.settings.chat"),
        post("/settings/chat", staff(chat.submit, may.SETTINGS), name="ui.settings.chat.submit"),
        post("/settings/chat/try", staff(chat.try_it, may.SETTINGS), name="ui.settings.chat.test"),
        post("/settings/chat/room", staff(chat.submit_room, may.SETTINGS), name="ui.settings.chat.room"),
        post(
            "/settings/chat/room/try", staff(chat.try_room, may.SETTINGS), name="ui.settings.chat.room.test"
        ),
        post("/settings/chat/room/off", staff(chat.room_off, may.SETTINGS), name="ui.settings.chat.room.off"),
        post("/settings/chat/off", staff(chat.off, may.SETTINGS), name="ui.settings.chat.off"),
        get("/settings/mail", staff(mail.show, may.SETTINGS), name="ui.settings.mail"),
        post("/settings/mail", staff(mail.submit, may.SETTINGS), name="ui.settings.mail.submit"),
        post("/settings/mail/try", staff(mail.try_it, may.SETTINGS), name="ui.settings.mail.test"),
        post("/settings/mail/closed", staff(mail.closed, may.SETTINGS), name="ui.settings.mail.closed"),
        post("/settings/mail/off", staff(mail.off, may.SETTINGS), name="ui.settings.mail.off"),
        get("/settings/texts", staff(texts.show, may.SETTINGS), name="ui.settings.texts"),
        post("/settings/texts", staff(texts.submit, may.SETTINGS), name="ui.settings.texts.submit"),
        post("/settings/send", staff(settings.send, may.PUBLISH), name="ui.settings.send"),
    ]


def own_page() -> list[web.RouteDef]:
    """A volunteer's own page, and how the desk gives her the link to it."""
    get, post, may = web.get, web.post, Permission
    task_page = "/my/task/{task}"
    return [
        get("/my", after_set_up(my.show), name="ui.my"),
        get("/sw.js", files.worker, name="ui.worker"),
        get("/no-connection", files.no_connection, name="ui.no_connection"),
        get("/app.webmanifest", files.manifest, name="ui.manifest"),
        get("/my/in/{token}", my_door.show, name="ui.my.arrive"),
        post("/my/in/{token}", my_door.come_in, name="ui.my.come_in"),
        post("/my/ask", after_set_up(my_door.ask), name="ui.my.ask"),
        post("/my/out", my_door.go_out, name="ui.my.out"),
        get("/my/devices", own(my_door.devices), name="ui.my.devices"),
        post("/my/devices/{device}/end", own(my_door.end), name="ui.my.devices.end"),
        get("/my/passkeys", own(passkeys.show), name="ui.my.passkeys"),
        post("/my/passkeys", own(passkeys.keep), name="ui.my.passkeys.keep"),
        post("/my/passkeys/in", after_set_up(passkeys.come_in), name="ui.my.passkeys.come_in"),
        post("/my/passkeys/{passkey}/away", own(passkeys.take_away), name="ui.my.passkeys.away"),
        get("/my/times", own(my_times.show), name="ui.my.times"),
        post("/my/times", own(my_times.save), name="ui.my.times.save"),
        post("/my/break", own(my_times.rest), name="ui.my.rest"),
        post("/my/break/end", own(my_times.back), name="ui.my.back"),
        post("/my/calendar", own(my_times.make_calendar), name="ui.my.calendar.make"),
        post("/my/calendar/end", own(my_times.end_calendar), name="ui.my.calendar.end"),
        get("/my/calendar/{token}.ics", my_times.calendar, name="ui.my.calendar"),
        get("/my/notices", own(my_notices.show), name="ui.my.notices"),
        post("/my/notices", own(my_notices.choose), name="ui.my.notices.choose"),
        post("/my/notices/here", own(my_notices.turn_on), name="ui.my.notices.here"),
        post("/my/notices/here/end", own(my_notices.turn_off), name="ui.my.notices.here.end"),
        post("/my/notices/chat", own(my_notices.chat_address), name="ui.my.notices.chat"),
        post("/my/notices/chat/code", own(my_notices.chat_code), name="ui.my.notices.chat.code"),
        post("/my/notices/chat/end", own(my_notices.chat_end), name="ui.my.notices.chat.end"),
        get("/my/history", own(my_times.history), name="ui.my.history"),
        get("/my/offer/{need}", own(my.sheet), name="ui.my.sheet"),
        post("/my/offer/{need}", own(my.offer), name="ui.my.offer"),
        post("/my/elsewhere/{asked}/back", own(away.take_back), name="ui.my.elsewhere.back"),
        get("/my/elsewhere/{origin}/{wish}", own(away.sheet), name="ui.my.elsewhere"),
        post("/my/elsewhere/{origin}/{wish}", own(away.offer), name="ui.my.elsewhere.offer"),
        get(task_page, own_task(task.show), name="ui.my.task"),
        post(f"{task_page}/undo", own(my.undo), name="ui.my.undo"),
        get(f"{task_page}/unsafe", own_task(unsafe.show), name="ui.my.task.unsafe"),
        post(f"{task_page}/unsafe", once(own_task(unsafe.tell)), name="ui.my.task.unsafe.tell"),
        post(f"{task_page}/write", once(own_task(threads.hers)), name="ui.my.task.write"),
        post(f"{task_page}/visit", own_task(visits.hers), name="ui.my.task.visit"),
        post(f"{task_page}/how", own_task(threads.how), name="ui.my.task.how"),
        post(f"{task_page}/paid", once(own_task(receipts.hers)), name="ui.my.task.paid"),
        post(f"{task_page}/not-yet", own_task(task.not_yet), name="ui.my.task.not_yet"),
        post(f"{task_page}/open", own_task(task.open_here), name="ui.my.task.open"),
        post(
            f"{task_page}/{{answer:{'|'.join(task.ANSWERS)}}}",
            own_task(task.answer),
            name="ui.my.task.answer",
        ),
        post("/people/{person}/own-link", staff(my_door.make, may.MANAGE_VOLUNTEERS), name="ui.own_link"),
        get("/volunteers/links", staff(my_door.asks, may.MANAGE_VOLUNTEERS), name="ui.own_asks"),
        post("/volunteers/links", staff(my_door.look, may.MANAGE_VOLUNTEERS), name="ui.own_asks.look"),
        post(
            "/volunteers/links/{ask}/done",
            staff(my_door.answered, may.MANAGE_VOLUNTEERS),
            name="ui.own_asks.done",
        ),
    ]


def about_people() -> list[web.RouteDef]:
    """Volunteers, and everybody else we know."""
    get, post, may = web.get, web.post, Permission
    person = "/people/{person}"
    incident = "/safety/incidents/{incident}"
    step = f"{person}/step/{{step:{'|'.join(steps.STEPS)}}}"
    return [
        get("/volunteers", staff(volunteers.show, may.READ_BOARD), name="ui.volunteers"),
        get("/volunteers/add", staff(volunteers.form, may.MANAGE_VOLUNTEERS), name="ui.volunteers.form"),
        post("/volunteers/add", once(staff(volunteers.add, may.MANAGE_VOLUNTEERS)), name="ui.volunteers.add"),
        get("/people/twice", staff(twice.show, may.READ_PERSON), name="ui.twice"),
        post("/people/twice", staff(twice.look, may.READ_PERSON), name="ui.twice.look"),
        post("/people/twice/one", staff(twice.merge, may.MANAGE_VOLUNTEERS), name="ui.twice.merge"),
        post("/people/twice/two", staff(twice.are_two, may.MANAGE_VOLUNTEERS), name="ui.twice.two"),
        get(f"{person}/twice", staff(twice.joined, may.READ_PERSON), name="ui.twice.joined"),
        post(
            f"{person}/twice/{{merge}}/part", staff(twice.part, may.MANAGE_VOLUNTEERS), name="ui.twice.part"
        ),
        get("/people", staff(people.show, may.READ_PERSON), name="ui.people"),
        post("/people", staff(people.find, may.READ_PERSON), name="ui.people.find"),
        post("/people/removals", staff(people.remove_now, may.ERASE), name="ui.people.remove_now"),
        get(person, staff(one_person.show, may.READ_PERSON), name="ui.person"),
        post(person, staff(one_person.look, may.READ_PERSON), name="ui.person.look"),
        post(
            f"{person}/details",
            staff(one_person.change_details, may.TAKE_CALL, as_shown=True),
            name="ui.person.details",
        ),
        post(f"{person}/mail", staff(one_person.mail_came_back, may.TAKE_CALL), name="ui.person.mail"),
        post(f"{person}/household", staff(one_person.lives_with, may.TAKE_CALL), name="ui.person.household"),
        post(f"{person}/vouch", staff(one_person.vouch, may.MANAGE_VOLUNTEERS), name="ui.person.vouch"),
        post(f"{person}/keep", staff(one_person.keep, may.TAKE_CALL), name="ui.person.keep"),
        post(f"{person}/apart", staff(one_person.apart, may.KEEP_APART), name="ui.person.apart"),
        get(f"{person}/data", staff(persons_data.show, may.RIGHTS), name="ui.person.data"),
        post(f"{person}/data", staff(persons_data.copy, may.RIGHTS, as_shown=True), name="ui.person.copy"),
        post(
            f"{person}/data.json",
            staff(persons_data.file, may.RIGHTS, as_shown=True),
            name="ui.person.copy.file",
        ),
        post(f"{person}/agreed", staff(persons_data.take_back, may.RIGHTS), name="ui.person.take_back"),
        post(f"{person}/hold", once(staff(persons_data.hold, may.RIGHTS)), name="ui.person.hold"),
        post("/privacy/holds/{hold}/end", staff(persons_data.end_hold, may.RIGHTS), name="ui.hold.end"),
        get("/privacy", after_set_up(privacy.notice), name="ui.privacy"),
        get("/licences", licences.show, name="ui.licences"),
        get("/look", after_set_up(look.show), name="ui.look"),
        get("/privacy/record", staff(privacy.record, may.PRIVACY), name="ui.privacy.record"),
        get("/privacy/assessment", staff(privacy.assessment, may.PRIVACY), name="ui.privacy.assessment"),
        get("/privacy/agreement", staff(privacy.agreement, may.PRIVACY), name="ui.privacy.agreement"),
        get("/privacy/breaches", staff(breaches.show, may.PRIVACY), name="ui.breaches"),
        post("/privacy/breaches", once(staff(breaches.submit, may.PRIVACY)), name="ui.breaches.write"),
        post("/privacy/breaches/{breach}/told", staff(breaches.told, may.PRIVACY), name="ui.breach.told"),
        get("/privacy/removals", staff(removals.show, may.PRIVACY), name="ui.removals"),
        post("/privacy/removals", staff(removals.now, may.ERASE), name="ui.removals.now"),
        get(step, staff(steps.ask), name="ui.person.step"),
        post(step, staff(steps.do), name="ui.person.step.do"),
        get(f"{person}/helps", staff(one_person.helps, may.MANAGE_VOLUNTEERS), name="ui.person.helps"),
        post(
            f"{person}/helps",
            staff(one_person.change_helps, may.MANAGE_VOLUNTEERS, as_shown=True),
            name="ui.person.change",
        ),
        get(f"{person}/erase", staff(one_person.ask_to_erase, may.ERASE), name="ui.person.ask_to_erase"),
        post(f"{person}/erase", staff(one_person.erase, may.ERASE, as_shown=True), name="ui.person.erase"),
        get("/street-teams", staff(street_teams.show, may.READ_BOARD), name="ui.street_teams"),
        get(
            "/street-teams/add", staff(street_teams.form, may.MANAGE_VOLUNTEERS), name="ui.street_teams.form"
        ),
        post(
            "/street-teams/add",
            once(staff(street_teams.save, may.MANAGE_VOLUNTEERS)),
            name="ui.street_teams.add",
        ),
        get("/street-teams/{team}", staff(street_teams.form, may.MANAGE_VOLUNTEERS), name="ui.street_team"),
        post(
            "/street-teams/{team}",
            staff(street_teams.save, may.MANAGE_VOLUNTEERS),
            name="ui.street_team.save",
        ),
        post(
            "/street-teams/{team}/remove",
            staff(street_teams.remove, may.MANAGE_VOLUNTEERS),
            name="ui.street_team.remove",
        ),
        post(
            "/street-teams/{team}/link",
            staff(street_teams.link, may.MANAGE_VOLUNTEERS),
            name="ui.street_team.link",
        ),
        get(
            "/street-teams/{team}/list",
            staff(street_teams.captains_list, may.READ_BOARD),
            name="ui.street_team.list",
        ),
        get("/safety", staff(safety.show, may.CHECK), name="ui.safety"),
        get("/safety/kinds", staff(demands.show, may.SAFETY_RULES), name="ui.safety.kinds"),
        post("/safety/kinds", staff(demands.submit, may.SAFETY_RULES), name="ui.safety.kinds.submit"),
        get("/safety/incidents", staff(incidents.show, may.TELL_INCIDENT), name="ui.incidents"),
        post("/safety/incidents", once(staff(incidents.tell, may.TELL_INCIDENT)), name="ui.incidents.tell"),
        get("/safety/incidents/new", staff(incidents.form, may.TELL_INCIDENT), name="ui.incidents.form"),
        post(
            "/safety/incidents/take-in",
            staff(incidents.take_in, may.TELL_INCIDENT),
            name="ui.incidents.take_in",
        ),
        post(
            "/safety/incidents/ended",
            staff(incidents.know_ended, may.TELL_INCIDENT),
            name="ui.incidents.ended",
        ),
        post("/safety/incidents/begin", staff(incidents.begin, may.SAFEGUARD), name="ui.incidents.begin"),
        get(incident, staff(incidents.one, may.TELL_INCIDENT), name="ui.incident"),
        post(incident, staff(incidents.look, may.TELL_INCIDENT), name="ui.incident.look"),
        post(f"{incident}/note", once(staff(incidents.note, may.TELL_INCIDENT)), name="ui.incident.note"),
        post(f"{incident}/again", staff(incidents.give_again, may.TELL_INCIDENT), name="ui.incident.again"),
        post(f"{incident}/reader", staff(incidents.let_read, may.TELL_INCIDENT), name="ui.incident.reader"),
        post(f"{incident}/remove", staff(incidents.remove, may.TELL_INCIDENT), name="ui.incident.remove"),
        post(f"{incident}/stop", staff(incidents.stop, may.BAR), name="ui.incident.stop"),
        get("/safety/looks", staff(looks.show, may.SAFEGUARD), name="ui.looks"),
        post("/safety/looks", staff(looks.look, may.SAFEGUARD), name="ui.looks.look"),
        post(f"{person}/checks/spoke", staff(safety.spoke, may.CHECK), name="ui.checks.spoke"),
        get(f"{person}/checks", staff(safety.checks, may.CHECK), name="ui.checks"),
        post(f"{person}/checks", staff(safety.look, may.CHECK), name="ui.checks.look"),
        post(f"{person}/checks/note", once(staff(safety.note, may.CHECK)), name="ui.checks.note"),
        post("/board/{need}/household", staff(household.for_all, may.TRIAGE), name="ui.household"),
    ]


def rounds() -> list[web.RouteDef]:
    """Rounds of deliveries, as the desk sees them."""
    get, post, may = web.get, web.post, Permission
    one, stop = "/rounds/{run}", "/rounds/{run}/stop/{task}"
    moves = f"{{move:{'|'.join(runs.MOVES)}}}"
    return [
        get("/rounds", staff(runs.show, may.READ_BOARD), name="ui.rounds"),
        get("/rounds/plan", staff(runs.form, may.DISPATCH), name="ui.rounds.form"),
        post("/rounds/plan", once(staff(runs.plan, may.DISPATCH)), name="ui.rounds.plan"),
        get(one, staff(runs.one, may.READ_BOARD), name="ui.round"),
        post(f"{one}/link", staff(runs.link, may.DISPATCH), name="ui.round.link"),
        post(f"{one}/sheet", staff(runs.sheet, may.DISPATCH), name="ui.round.sheet"),
        post(f"{one}/move/{moves}", staff(runs.move, may.DISPATCH), name="ui.round.move"),
        post(f"{one}/day", staff(runs.set_day, may.DISPATCH), name="ui.round.day"),
        post(f"{one}/driver", staff(runs.give, may.DISPATCH), name="ui.round.driver"),
        post(f"{one}/order", staff(runs.order, may.DISPATCH), name="ui.round.order"),
        post(stop, staff(runs.describe, may.DISPATCH), name="ui.round.stop"),
        post(f"{stop}/off", staff(runs.take_off, may.DISPATCH), name="ui.round.stop.off"),
        post(f"{stop}/said", staff(runs.said, may.DISPATCH), name="ui.round.stop.said"),
        post("/board/{need}/round", staff(runs.add, may.DISPATCH), name="ui.board.round"),
        # money laid out
        get("/receipts", staff(receipts.show, may.DISPATCH), name="ui.receipts"),
        post(
            f"/receipts/{{receipt}}/{{move:{'|'.join(receipts.MOVES)}}}",
            staff(receipts.settle, may.DISPATCH),
            name="ui.receipt.move",
        ),
        post("/board/{need}/receipt", once(staff(board.laid_out, may.DISPATCH)), name="ui.board.receipt"),
        # what is printed
        get("/paper", staff(paper.show, may.READ_BOARD), name="ui.paper"),
        get("/paper/tomorrow", staff(paper.tomorrow, may.READ_BOARD), name="ui.paper.tomorrow"),
        post("/paper/tomorrow", staff(paper.with_names, may.READ_PERSON), name="ui.paper.with_names"),
        get(
            f"/paper/{{sheet:{'|'.join(paper.SHEETS)}}}",
            staff(paper.sheet, may.READ_BOARD),
            name="ui.paper.sheet",
        ),
    ]


def calls() -> list[web.RouteDef]:
    """Lists of people who are rung to hear how they are, as the desk sees them."""
    get, post, may = web.get, web.post, Permission
    one, day = "/calls/{calls}", "/calls/{calls}/today"
    return [
        get("/calls", staff(call_lists.show, may.READ_BOARD), name="ui.calls"),
        get("/calls/new", staff(call_lists.form, may.DISPATCH), name="ui.calls.form"),
        post("/calls/new", once(staff(call_lists.submit, may.DISPATCH)), name="ui.calls.new"),
        get("/calls/see-to/{waits}", staff(call_sheets.task, may.READ_BOARD), name="ui.calls.task"),
        post("/calls/see-to/{waits}", staff(call_sheets.see_to, may.TRIAGE), name="ui.calls.see_to"),
        get(one, staff(call_lists.one, may.READ_BOARD), name="ui.call_list"),
        post(one, staff(call_lists.named, may.READ_PERSON), name="ui.call_list.named"),
        post(f"{one}/change", staff(call_lists.change, may.DISPATCH), name="ui.call_list.change"),
        post(f"{one}/add", once(staff(call_lists.add, may.DISPATCH)), name="ui.call_list.add"),
        post(
            f"{one}/move/{{move:{'|'.join(call_lists.MOVES)}}}",
            staff(call_lists.move, may.DISPATCH),
            name="ui.call_list.move",
        ),
        post(f"{one}/callers", staff(call_lists.callers, may.DISPATCH), name="ui.call_list.callers"),
        post(f"{one}/callers/{{caller}}", staff(call_lists.caller, may.DISPATCH), name="ui.call_list.caller"),
        post(f"{one}/people/{{entry}}", staff(call_lists.entry, may.TRIAGE), name="ui.call_list.entry"),
        get(day, staff(call_sheets.show, may.READ_BOARD), name="ui.call_sheet"),
        post(day, staff(call_sheets.named, may.READ_PERSON), name="ui.call_sheet.named"),
        post(f"{day}/{{entry}}", staff(call_sheets.said, may.TRIAGE), name="ui.call_sheet.said"),
        post(f"{day}/{{entry}}/give", staff(call_sheets.give, may.TRIAGE), name="ui.call_sheet.give"),
        post(f"{one}/slip/{{said}}", staff(call_sheets.slip, may.TRIAGE), name="ui.call_sheet.slip"),
        post(f"{one}/paper", staff(call_sheets.paper, may.READ_PERSON), name="ui.call_sheet.paper"),
    ]


def neighbouring() -> list[web.RouteDef]:
    """Help across groups: both sides."""
    get, post, may = web.get, web.post, Permission
    return [
        get("/board/neighbours", staff(neighbours.show, may.READ_BOARD), name="ui.neighbours"),
        get(WISH, staff(neighbours.one, may.READ_BOARD), name="ui.neighbours.one"),
        post(f"{WISH}/offer", once(staff(neighbours.offer, may.DISPATCH)), name="ui.neighbours.offer"),
        post(
            f"{WISH}/forward/{{asked}}/{{word:yes|no}}",
            staff(neighbours.forward, may.DISPATCH),
            name="ui.neighbours.forward",
        ),
        post(f"{WISH}/task/{{away}}/link", staff(neighbours.link, may.DISPATCH), name="ui.neighbours.link"),
        post(
            f"{WISH}/task/{{away}}/{{step:contacted|done|release}}",
            staff(neighbours.step, may.DISPATCH),
            name="ui.neighbours.step",
        ),
        post(f"{WISH}/task/{{away}}/how", staff(neighbours.how, may.DISPATCH), name="ui.neighbours.how"),
        post("/board/rings/{bell}/seen", staff(neighbours.seen, may.READ_BOARD), name="ui.rings.seen"),
        get("/board/referrals/{ref}", staff(passed_on.show, may.READ_BOARD), name="ui.referral"),
        post("/board/referrals/{ref}", staff(passed_on.look, may.READ_PERSON), name="ui.referral.look"),
        post(
            "/board/referrals/{ref}/accept", staff(passed_on.accept, may.DISPATCH), name="ui.referral.accept"
        ),
        post(
            "/board/referrals/{ref}/decline",
            staff(passed_on.decline, may.DISPATCH),
            name="ui.referral.decline",
        ),
        post(f"{TASK}/how", staff(handover.how, may.DISPATCH), name="ui.handover.how"),
        get(f"{TASK}/handover", staff(handover.show, may.DISPATCH), name="ui.handover"),
        post(f"{TASK}/handover", staff(handover.submit, may.DISPATCH), name="ui.handover.submit"),
        get("/board/{need}/refer", staff(passed_on.ask, may.DISPATCH), name="ui.refer"),
        post("/board/{need}/refer", once(staff(passed_on.refer, may.DISPATCH)), name="ui.refer.submit"),
        post("/board/{need}/take-back", staff(passed_on.take_back, may.DISPATCH), name="ui.refer.take_back"),
        post("/board/{need}/ring", staff(neighbours.ring, may.DISPATCH), name="ui.ring"),
    ]


def sheets() -> list[web.RouteDef]:
    """Bringing sheets in, taking data out."""
    get, post, brings, takes = web.get, web.post, Permission.IMPORT, Permission.EXPORT
    one = "/import/{sheet}"
    return [
        get("/import", staff(importing.show, brings), name="ui.bring"),
        post("/import", staff(importing.take, brings), name="ui.bring.take"),
        post("/import/mapping/forget", staff(importing.forget, brings), name="ui.bring.forget"),
        get(one, staff(importing.columns, brings), name="ui.bring.columns"),
        post(one, staff(importing.describe, brings), name="ui.bring.describe"),
        post(f"{one}/read", staff(importing.read_as, brings), name="ui.bring.read_as"),
        get(f"{one}/look", staff(importing.look, brings), name="ui.bring.look"),
        post(f"{one}/words", staff(importing.words, brings), name="ui.bring.words"),
        post(f"{one}/row/{{line:[0-9]{{1,6}}}}", staff(importing.fix, brings), name="ui.bring.fix"),
        post(f"{one}/run", staff(importing.run, brings), name="ui.bring.run"),
        post(f"{one}/stop", staff(importing.stop, brings), name="ui.bring.stop"),
        get(f"{one}/back.{{kind:csv|xlsx}}", staff(importing.back, brings), name="ui.bring.back"),
        post(f"{one}/drop", staff(importing.drop, brings), name="ui.bring.drop"),
        get("/export", staff(exporting.show, takes), name="ui.export"),
        post("/export/sheet", staff(exporting.sheet, takes), name="ui.export.sheet"),
        post("/export/all", staff(exporting.everything, takes), name="ui.export.all"),
        post("/export/ask", staff(exporting.ask, takes), name="ui.export.ask"),
        post("/export/ask/{ask}", staff(exporting.decide, takes), name="ui.export.decide"),
    ]


def middlewares() -> Sequence[Middleware]:
    """What the application wraps around pages, outermost first."""
    return middleware.ALL


def setup(app: web.Application) -> None:
    """Adds the pages to an application that holds the services under ``node.appkeys``."""
    app[ASSETS] = Assets.load()
    app[LANGUAGES] = Languages.load()
    app[ONCE] = Once()
    app[TEMPLATES] = Templates(app[ASSETS], app[KINDS], app[ZONE], app[CLOCK])
    app.middlewares.extend(middlewares())
    app.add_routes(pages())
