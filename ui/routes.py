"""The whole map of addresses, by page. What is not here does not exist."""

from collections.abc import Sequence
from datetime import tzinfo

from aiohttp import web
from aiohttp.typedefs import Middleware

from node.appkeys import CATALOGUE
from node.domain.permissions import Permission
from ui import middleware
from ui.assets import Assets
from ui.i18n import Languages
from ui.once import ONCE, Once, once
from ui.site import ASSETS, LANGUAGES, TEMPLATES, after_set_up, staff
from ui.templating import Templates
from ui.views import (
    ask,
    board,
    cards,
    files,
    front,
    intake,
    near,
    peers,
    people,
    settings,
    sign_in,
    task,
    team,
    volunteers,
)
from ui.views import setup as set_up

TASK = "/board/{need}/task/{task}"


def pages() -> list[web.RouteDef]:
    """Every page and every form of it, named ``ui.<page>.<what>``."""
    get, post, may = web.get, web.post, Permission
    return [
        # the group's front page
        get("/", after_set_up(front.show), name="ui.front"),
        get("/static/{name}", files.show, name="ui.static"),
        # set-up, once
        get("/setup", set_up.show, name="ui.setup"),
        post("/setup", set_up.submit, name="ui.setup.submit"),
        get("/cards", staff(cards.show, may.SETTINGS), name="ui.cards"),
        post("/cards", staff(cards.check, may.SETTINGS), name="ui.cards.check"),
        # the desk: coming and leaving
        get("/sign-in", after_set_up(sign_in.show), name="ui.sign_in"),
        post("/sign-in", sign_in.submit, name="ui.sign_in.submit"),
        post("/sign-out", sign_in.sign_out, name="ui.sign_out"),
        post("/lock", staff(sign_in.lock, may.LOCK), name="ui.lock"),
        # the board
        get("/board", staff(board.show, may.READ_BOARD), name="ui.board"),
        get("/board/{need}", staff(board.show, may.READ_BOARD), name="ui.board.need"),
        post("/board/{need}/name", staff(board.name, may.READ_PERSON), name="ui.board.name"),
        post("/board/{need}/ask", staff(board.ask, may.DISPATCH), name="ui.board.ask"),
        post("/board/{need}/assign", staff(board.assign, may.DISPATCH), name="ui.board.assign"),
        post("/board/{need}/open", staff(board.open_it, may.TRIAGE), name="ui.board.open"),
        post("/board/{need}/told", staff(board.told, may.DISPATCH), name="ui.board.told"),
        post("/board/{need}/keep", staff(board.keep, may.TRIAGE), name="ui.board.keep"),
        post("/board/{need}/hold", staff(board.hold, may.TRIAGE), name="ui.board.hold"),
        post("/board/{need}/close", staff(board.close, may.DISPATCH), name="ui.board.close"),
        post("/board/{need}/reopen", staff(board.reopen, may.DISPATCH), name="ui.board.reopen"),
        post(f"{TASK}/confirm", staff(board.confirm, may.DISPATCH), name="ui.board.task.confirm"),
        post(f"{TASK}/link", staff(board.link, may.DISPATCH), name="ui.board.task.link"),
        post(
            f"{TASK}/{{step:contacted|done|decline|release|withdraw}}",
            staff(board.step, may.DISPATCH),
            name="ui.board.task.step",
        ),
        # a phone call
        get("/intake", staff(intake.show, may.TAKE_CALL), name="ui.intake"),
        post("/intake", once(staff(intake.submit, may.TAKE_CALL)), name="ui.intake.submit"),
        get("/intake/taken", staff(intake.taken, may.READ_BOARD), name="ui.intake.taken"),
        # people
        get("/volunteers", staff(volunteers.show, may.READ_BOARD), name="ui.volunteers"),
        get("/volunteers/add", staff(volunteers.form, may.MANAGE_VOLUNTEERS), name="ui.volunteers.form"),
        post("/volunteers/add", once(staff(volunteers.add, may.MANAGE_VOLUNTEERS)), name="ui.volunteers.add"),
        get("/people/{person}", staff(people.show, may.READ_PERSON), name="ui.people"),
        post("/people/{person}", staff(people.look, may.READ_PERSON), name="ui.people.look"),
        post("/people/{person}/apart", staff(people.apart, may.KEEP_APART), name="ui.people.apart"),
        post("/people/{person}/pause", staff(people.pause, may.MANAGE_VOLUNTEERS), name="ui.people.pause"),
        post("/people/{person}/back", staff(people.back, may.MANAGE_VOLUNTEERS), name="ui.people.back"),
        get("/people/{person}/helps", staff(people.helps, may.MANAGE_VOLUNTEERS), name="ui.people.helps"),
        post("/people/{person}/helps", staff(people.change, may.MANAGE_VOLUNTEERS), name="ui.people.change"),
        get("/people/{person}/erase", staff(people.ask_to_erase, may.ERASE), name="ui.people.ask_to_erase"),
        post("/people/{person}/erase", staff(people.erase, may.ERASE), name="ui.people.erase"),
        # the volunteer's private link
        get("/t/thanks", task.thanks, name="ui.task.thanks"),
        get("/t/{token}", task.show, name="ui.task"),
        post("/t/{token}/open", task.open_here, name="ui.task.open"),
        post(f"/t/{{token}}/{{answer:{'|'.join(task.ANSWERS)}}}", task.answer, name="ui.task.answer"),
        # for anybody
        get("/ask", after_set_up(ask.show), name="ui.ask"),
        post("/ask", after_set_up(once(ask.submit)), name="ui.ask.submit"),
        get("/near", after_set_up(near.show), name="ui.near"),
        # neighbouring groups
        get("/peers", staff(peers.show), name="ui.peers"),
        post("/peers", staff(peers.add, may.PEERS), name="ui.peers.add"),
        post("/peers/state", staff(peers.state, may.PEERS), name="ui.peers.state"),
        post("/peers/fetch", staff(peers.fetch), name="ui.peers.fetch"),
        # who works here
        get("/team", staff(team.show), name="ui.team"),
        post("/team", staff(team.add, may.STAFF), name="ui.team.add"),
        post("/team/password", staff(team.own_password), name="ui.team.own_password"),
        post("/team/{member}/records", staff(team.records), name="ui.team.records"),
        post("/team/{member}/suspend", staff(team.suspend, may.STAFF), name="ui.team.suspend"),
        post("/team/{member}/back", staff(team.back, may.STAFF), name="ui.team.back"),
        post("/team/{member}/password", staff(team.password, may.STAFF), name="ui.team.password"),
        # settings
        get("/settings", staff(settings.show, may.SHARE), name="ui.settings"),
        post("/settings", staff(settings.submit, may.SHARE), name="ui.settings.submit"),
        post("/settings/send", staff(settings.send, may.PUBLISH), name="ui.settings.send"),
    ]


def middlewares() -> Sequence[Middleware]:
    """What the application wraps around pages, outermost first."""
    return middleware.ALL


def setup(app: web.Application, *, zone: tzinfo | None = None) -> None:
    """Adds the pages to an application that holds the services under ``node.appkeys``."""
    app[ASSETS] = Assets.load()
    app[LANGUAGES] = Languages.load()
    app[ONCE] = Once()
    app[TEMPLATES] = Templates(app[ASSETS], app[CATALOGUE], zone)
    app.middlewares.extend(middlewares())
    app.add_routes(pages())
