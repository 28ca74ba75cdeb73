"""`/peers/<id>`: one neighbouring group, the very document it would be sent, and what we may decide about it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from aiohttp import web

from node.appkeys import EXCHANGE, GIVEN, LETTERS, NEIGHBOURHOOD, PEERING, STANDING, TERMS
from node.domain.actors import Actor
from node.domain.permissions import Permission, may
from node.domain.sharing.publication import LIVE_DAYS, SETS
from node.errors import N_, Conflict, Invalid, NotFound
from node.ports import TurnedDown
from node.services.exchange.letters import Came
from node.services.exchange.peering import PeerView
from protocol import bundle
from protocol.statements import Summary
from ui.contexts.peers import CameRow, ComparePage, DocumentLine, DocumentPage, PeerPage, SurePage, TurnedRow
from ui.drawing import qr
from ui.forms.agreeing import CompareForm
from ui.parts import neighbours, places, standing
from ui.web.site import LANGUAGE, go, render, say, shared_catalogue, today
from ui.words import letter_words, words
from ui.words.outgoing import Teller

SHOWN = 100
"""So many lines of the document stand on the page; the file holds them all."""
LETTERS_SHOWN = 20
TOLD = N_("The next time their site asks, it is told so in a signed answer, and drops what it holds of ours.")
NOT_TOLD = N_(
    "Their site cannot ask ours, which has no web address: it is told nothing, and shows what it holds of ours until"
    " that runs out, at most %(days)s days. Ring them, so that they end the talks, too."
)


async def show(request: web.Request, actor: Actor) -> web.StreamResponse:
    """Who they are, what we give them and get from them, how the talks go."""
    view = await neighbours.named(request, actor)
    origin = view.peer.origin
    if view.peer.state == "asked" and may(actor, Permission.PEERS):
        return go(f"/peers/{origin}/welcome")
    ours = [each.statement for each in await request.config_dict[GIVEN].lines(actor, view.peer.gives)]
    given = [each.set for each in ours if isinstance(each, Summary) and each.kind == "need"]
    theirs = await request.config_dict[NEIGHBOURHOOD].near(None, sets=SETS, origins=[origin], limit=5000)
    everybody = await request.config_dict[NEIGHBOURHOOD].groups()
    written = await request.config_dict[LETTERS].outbox(actor, peer=origin)
    turned = view.seen.turned_down if view.seen else ()
    page = PeerPage(
        letters=[each for at, each in enumerate(written) if at < LETTERS_SHOWN or each.state == "held"],
        brought=await request.config_dict[PEERING].said_of(
            actor, {each.origin: each.name for each in everybody if each.voucher == origin}
        ),
        came=[
            _came(request, each, {group.origin: group.name for group in everybody}, origin)
            for each in await request.config_dict[LETTERS].came(actor, origin, limit=LETTERS_SHOWN)
        ],
        row=neighbours.row(request, view),
        qr=qr.drawing(origin, say(request, N_("QR code of the long id of %(name)s"), name=view.peer.name)),
        public=given.count("public"),
        chosen=given.count("peers"),
        theirs_open=sum(each.seen.summary.status == "open" for each in theirs),
        offers=(await standing.for_the_desk(request, [origin])).get(origin),
        theirs_taken=sum(each.seen.summary.status == "taken" for each in theirs),
        turned_down=_turned(request, [each for each in turned if each.proved]),
        in_their_name=_turned(request, [each for each in turned if not each.proved]),
    )
    return await render(request, "peer.html", page)


def _turned(request: web.Request, found: Sequence[TurnedDown]) -> list[TurnedRow]:
    by_words: dict[str, list[TurnedDown]] = {}
    for each in found:
        by_words.setdefault(words.TURNED_DOWN.get(each.code, words.TURNED_OTHERWISE), []).append(each)
    rows = [
        TurnedRow(
            why=say(request, why), times=sum(each.times for each in of), last=max(each.last for each in of)
        )
        for why, of in by_words.items()
    ]
    return sorted(rows, key=lambda row: (-row.last, row.why))


def _came(request: web.Request, letter: Came, names: Mapping[str, str], origin: str) -> CameRow:
    why = letter_words.WHY.get(letter.reason, letter_words.OTHER_WHY) if letter.reason else ""
    return CameRow(
        kind=say(request, letter_words.KIND.get(letter.kind or "", letter_words.UNKNOWN_KIND)),
        state=letter.state,
        arrived_at=letter.arrived_at,
        via="" if letter.via == origin else names.get(letter.via, say(request, N_("a go-between"))),
        why=say(request, why) if why else "",
    )


async def document(request: web.Request, actor: Actor) -> web.StreamResponse:
    """Every line that would be sent, in words and as it is."""
    view = await neighbours.named(request, actor)
    lines = await request.config_dict[GIVEN].lines(actor, view.peer.gives)
    cells = (each.statement.cell for each in lines if isinstance(each.statement, Summary))
    teller = Teller(request[LANGUAGE], shared_catalogue(request), await places.areas(request, cells))
    page = DocumentPage(
        view=view,
        lines=[
            DocumentLine(told=teller.told(each.statement), raw=each.line.decode("utf-8"))
            for each in lines[:SHOWN]
        ],
        count=len(lines),
        size=sum(len(each.line) + 1 for each in lines),
    )
    return await render(request, "peer_document.html", page)


async def file(request: web.Request, actor: Actor) -> web.StreamResponse:
    """The same as a file: the bytes that would travel."""
    view = await neighbours.named(request, actor)
    lines = await request.config_dict[GIVEN].lines(actor, view.peer.gives)
    name = f"our-lines-{today(request).isoformat()}.ndjson"
    return web.Response(
        body=bundle.write(each.line for each in lines),
        content_type="application/x-ndjson",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


async def letter(request: web.Request, actor: Actor) -> web.StreamResponse:
    """One that waits for a person since a backup came back: sent after all, or never."""
    letters, origin = request.config_dict[LETTERS], request.match_info["peer"]
    letter_id, sends = request.match_info["letter"], request.match_info["word"] == "send"
    try:
        await (letters.release(actor, letter_id) if sends else letters.drop(actor, letter_id))
    except NotFound:
        return go(f"/peers/{origin}", done="done_already")
    return go(f"/peers/{origin}", done="letter_sent" if sends else "letter_dropped")


# --- what we decide, each with a page before it that says what will happen


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One decision."""

    becomes: str
    """The state afterwards."""
    title: str
    what: tuple[str, ...]
    button: str


STEPS: Mapping[str, Step] = {
    "pause": Step(
        becomes="paused",
        title=N_("Pause %(name)s?"),
        what=(
            N_("We ask them nothing and answer them nothing until somebody here says so."),
            N_("What we hold of them stays on our pages until it runs out by itself."),
            N_("They are not told. Their site will say that ours does not talk with them."),
            N_("You can begin again at any time; whatever was missed is fetched then."),
        ),
        button=N_("Pause them"),
    ),
    "block": Step(
        becomes="blocked",
        title=N_("Block %(name)s?"),
        what=(
            N_("Everything of theirs disappears from our pages at once, whatever way it came."),
            N_("Nothing new goes to them, and nothing of theirs is taken in, not from other groups either."),
            N_(
                "What their map shows of ours, without names, stays there until it runs out, at most %(days)s days."
            ),
            N_("They are not told. Their site will say that ours does not talk with them."),
        ),
        button=N_("Block them"),
    ),
    "leave": Step(
        becomes="left",
        title=N_("End the talks with %(name)s?"),
        what=(
            N_("What we hold of them goes from our pages now."),
            TOLD,
            N_("What was agreed about single tasks must be talked over by phone."),
            N_("The way back is a new invitation, from either side."),
        ),
        button=N_("End the talks"),
    ),
}


async def ask(request: web.Request, actor: Actor) -> web.StreamResponse:
    """What will happen, and a button."""
    name = request.match_info["step"]
    step = STEPS[name]
    if name != "block" and await neighbours.state_of(request, actor) == "left":
        return go(f"/peers/{request.match_info['peer']}")
    if name == "block":
        view = await neighbours.named_or_brought(request, actor)
    else:
        view = await neighbours.named(request, actor)
    what = step.what
    if not (await request.config_dict[STANDING].about()).public_url:
        what = tuple(NOT_TOLD if each is TOLD else each for each in what)
    page = SurePage(
        view=view,
        back=view.seen.voucher if view.seen and view.seen.voucher else view.peer.origin,
        step=name,
        title=say(request, step.title, name=view.peer.name),
        what=[say(request, each, days=LIVE_DAYS) for each in what],
        at_stake=await request.config_dict[EXCHANGE].blocking.at_stake(actor, view.peer.origin)
        if name in ("block", "leave")
        else None,
        button=say(request, step.button),
    )
    return await render(request, "peer_sure.html", page)


async def do(request: web.Request, actor: Actor) -> web.StreamResponse:
    """Pauses, blocks or leaves."""
    name, origin = request.match_info["step"], request.match_info["peer"]
    if name == "leave" and await neighbours.state_of(request, actor) == "left":
        return go(f"/peers/{origin}", done="done_already")
    if name == "leave":
        await request.config_dict[TERMS].leave(actor, origin)
    else:
        data = await request.post()
        reason = str(data.get("reason", "")) if name == "block" else ""
        await request.config_dict[PEERING].set_state(
            actor,
            origin,
            STEPS[name].becomes,
            reason=reason if reason in words.ADVICE else None,
            advise="advise" in data,
        )
    return go(f"/peers/{origin}", done=name)


async def back(request: web.Request, actor: Actor) -> web.StreamResponse:
    """Talks with them again; or, where we never did, only takes the block or the pause away."""
    origin = request.match_info["peer"]
    before = await neighbours.state_of(request, actor)
    if before in ("", "left"):
        return go(f"/peers/{origin}" if before else "/peers", done="done_already")
    state = await request.config_dict[PEERING].set_state(actor, origin, "active")
    return go(f"/peers/{origin}" if state else "/peers", done="back" if state == "active" else "taken_away")


# --- another key at their address


async def compare(request: web.Request, actor: Actor) -> web.StreamResponse:
    """Stop: the words of then and those of whoever answers now."""
    view = await neighbours.named(request, actor)
    if not view.changed_words:
        return go(f"/peers/{view.peer.origin}")
    return await _compare_page(request, actor, view, CompareForm())


async def accept(request: web.Request, actor: Actor) -> web.StreamResponse:
    """It is them: somebody heard the new words by phone, and typed them."""
    view, form = await _changed(request, actor), CompareForm(await request.post())
    if view is None:
        return _compared(request)
    if not form.validate():
        return await _compare_page(request, actor, view, form, status=422)
    try:
        new = await request.config_dict[TERMS].accept_key(actor, view.peer.origin, form.words.data)
    except (Invalid, Conflict) as error:
        problem = request[LANGUAGE].explain(error)
        return await _compare_page(request, actor, view, form, status=error.status, problem=problem)
    return go(f"/peers/{new.origin}", done="key_accepted")


async def keep(request: web.Request, actor: Actor) -> web.StreamResponse:
    """It is not them: the key of then stays the one that counts."""
    origin = request.match_info["peer"]
    if await _changed(request, actor) is None:
        return _compared(request)
    await request.config_dict[TERMS].keep_key(actor, origin)
    return go(f"/peers/{origin}", done="key_kept")


async def _changed(request: web.Request, actor: Actor) -> PeerView | None:
    """The group in the address, if another key answers for it and nobody decided yet."""
    if not await neighbours.state_of(request, actor):
        return None  # after a yes it stands here under its new key
    view = await neighbours.named(request, actor)
    return view if view.changed_words else None


def _compared(request: web.Request) -> web.Response:
    """Somebody decided already, here or in another window."""
    return go("/peers", done="done_already")


async def _compare_page(
    request: web.Request,
    actor: Actor,
    view: PeerView,
    form: CompareForm,
    *,
    status: int = 200,
    problem: str = "",
) -> web.Response:
    at_stake = await request.config_dict[EXCHANGE].blocking.at_stake(actor, view.peer.origin)
    page = ComparePage(view=view, form=form, at_stake=at_stake, problem=problem)
    return await render(request, "peer_compare.html", page, status=status)
