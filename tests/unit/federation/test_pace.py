"""Nobody is served at the cost of others, and who is asked to wait does."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, ExitStack
from pathlib import Path

import pytest
from aiohttp import web

from federation import backoff, pace
from federation.errors import PeerError
from federation.nonces import CAPACITY, OF_ONE, NonceCache
from federation.pace import Pace, Places
from federation.problems import LONGEST_WAIT, problem_told, wait_told
from federation.transport import Endpoint
from protocol.http_signature import WINDOW
from tests.unit.federation.groups import Group, StillClock
from tests.unit.federation.hosts import Host


def test_a_bucket_empties_and_fills_with_time() -> None:
    mine = Pace(burst=10, per_second=0.5)
    assert [mine.take("a", at=100.0) for _ in range(11)] == [None] * 10 + [20]
    assert mine.take("b", at=100.0) is None  # another's is full
    assert mine.take("a", at=101.0) == 19
    assert [mine.take("a", at=120.0) for _ in range(11)] == [None] * 10 + [20]
    assert [mine.take("a", at=1e6) for _ in range(11)].count(None) == 10  # never more than the burst
    assert mine.take("a", at=0.0) is not None  # a clock that jumps back gives nothing away


def test_the_wait_is_enough_to_go_on_for_a_while() -> None:
    mine = Pace()
    while (wait := mine.take("a", at=0.0)) is None:
        pass
    assert wait == pace.REST
    got = sum(mine.take("a", at=float(wait)) is None for _ in range(1000))
    assert got == pace.REST * pace.PER_SECOND


def test_one_peer_may_have_a_quarter_of_the_places() -> None:
    places = Places(8)
    with places.one("a") as first, places.one("a") as second, places.one("a") as third:
        assert (first, second, third) == (True, True, False)
        with places.one("b") as other:
            assert other
    with places.one("a") as again:
        assert again
    assert places._taken == {}
    with ExitStack() as stack:
        taken = [stack.enter_context(places.one(peer)) for peer in "bbccddeez"]
    assert taken == [True] * 8 + [False]


def test_a_request_is_good_once_and_no_sender_fills_the_memory_for_all() -> None:
    seen = NonceCache(capacity=5, of_one=3)
    assert [seen.spend("a", str(each), now=0) for each in (1, 1, 2, 3, 4)] == [
        None,
        "replayed",
        None,
        None,
        "busy",
    ]
    assert seen.spend("b", "1", now=0) is None
    assert seen.spend("b", "2", now=0) is None
    assert seen.spend("c", "1", now=0) == "busy"  # full in all
    assert seen.spend("b", "1", now=2 * WINDOW) == "replayed"
    assert seen.spend("c", "1", now=2 * WINDOW + 1) is None
    assert [seen.knows("a", "1"), seen.knows("b", "1"), seen.knows("c", "1")] == [False, False, True]
    assert [seen.spend("a", str(each), now=2 * WINDOW + 1) for each in range(4)].count(None) == 3


def test_at_the_allowed_pace_no_peer_fills_its_memory() -> None:
    assert pace.BURST + pace.PER_SECOND * 2 * WINDOW < OF_ONE < CAPACITY / 10


def test_a_wish_to_wait_is_heard_up_to_six_hours() -> None:
    heard = {"0": 0, "90": 90, "999999999": LONGEST_WAIT, "": None, "-1": None, "1e3": None, "٣": None}
    assert {text: wait_told(503, {"retry-after": text}) for text in heard} == heard
    assert wait_told(500, {"retry-after": "90"}) is None
    assert backoff.after_failure(1, 0.5, asked=7200) == 7200 * 1.1
    assert backoff.after_failure(5, 0.5, asked=1) == backoff.after_failure(5, 0.5)
    assert backoff.after_failure(1, 0.0, asked=10**9) == backoff.LONGEST_RETRY
    told = problem_told("north", 429, b'{"code":"too_often","time":1}', 1, {"retry-after": "60"})
    assert (told.code, told.retry_after) == ("busy", 60)
    assert (
        problem_told("north", 403, b'{"code":"not_a_peer","time":1}', 1, {"retry-after": "60"}).retry_after
        is None
    )


PLENTY = 6
REMEMBERED = 12


class Scene:
    """Two groups ask one; between the first and it, something may answer instead."""

    def __init__(self, north: Host, first: Host, second: Host, clock: StillClock) -> None:
        self.north, self.first, self.second, self.clock = north, first, second, clock
        self.instead: Callable[[], web.Response] | None = None

    @property
    def peer(self) -> Endpoint:
        group = self.north.group
        return Endpoint(origin=group.origin, url=self.north.url, op_key=group.did, allow_private=True)

    @web.middleware
    async def between(
        self, request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
    ) -> web.StreamResponse:
        return await handler(request) if self.instead is None else self.instead()


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncIterator[Scene]:
    clock = StillClock()
    made: list[Scene] = []

    @web.middleware
    async def between(
        request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
    ) -> web.StreamResponse:
        return await made[0].between(request, handler) if made else await handler(request)

    async with AsyncExitStack() as stack:
        hosts = [
            await stack.enter_async_context(
                Host(
                    Group(name),
                    tmp_path / f"{name}.db",
                    clock=clock,
                    middlewares=[between],
                    pace=Pace(burst=PLENTY),
                    nonces=NonceCache(of_one=REMEMBERED),
                )
            )
            for name in ("North", "First", "Second")
        ]
        made.append(Scene(*hosts, clock))
        hosts[0].knows(*hosts[1:])
        for host in hosts[1:]:
            host.knows(hosts[0])
        yield made[0]


async def test_who_asks_too_often_waits_and_others_do_not(scene: Scene) -> None:
    for host in (scene.first, scene.second):
        await host.client.heads(scene.peer)  # twice: the first time its keys are not known
    for _ in range(PLENTY - 1):
        await scene.first.client.heads(scene.peer)
    with pytest.raises(PeerError) as caught:
        await scene.first.client.heads(scene.peer)
    assert (caught.value.code, caught.value.retry_after) == ("busy", PLENTY / pace.PER_SECOND)
    (round_,) = await scene.first.sync.all()
    assert (round_.ok, round_.code) == (False, "busy")
    (talk,) = await scene.first.store.peer_states()
    assert talk.next_try is not None
    assert talk.last_try is not None
    assert talk.next_try - talk.last_try == backoff.FIRST_RETRY
    (round_,) = await scene.second.sync.all()
    assert round_.ok, round_.error
    scene.clock.advance(seconds=60)
    (round_,) = await scene.first.sync.all()
    assert round_.ok, round_.error


async def test_a_full_memory_of_one_peer_is_its_own_affair(scene: Scene) -> None:
    for _ in range(REMEMBERED):
        await scene.first.client.heads(scene.peer)
        scene.clock.advance(seconds=1)
    with pytest.raises(PeerError) as caught:
        await scene.first.client.heads(scene.peer)
    assert (caught.value.code, caught.value.retry_after) == ("busy", 2 * WINDOW)
    await scene.second.client.heads(scene.peer)


async def test_a_proxy_that_is_busy_is_left_alone_as_long_as_it_says(scene: Scene) -> None:
    scene.instead = lambda: web.Response(
        status=503, headers={"Retry-After": "1000000"}, body=b"<h1>Busy</h1>"
    )
    (round_,) = await scene.first.sync.all()
    assert not round_.ok
    (talk,) = await scene.first.store.peer_states()
    assert talk.next_try is not None
    assert talk.last_try is not None
    assert talk.next_try - talk.last_try == int(LONGEST_WAIT * 1.1)
    scene.instead = None
    assert await scene.first.sync.all(due_only=True) == []
    scene.clock.advance(hours=7)
    (round_,) = await scene.first.sync.all(due_only=True)
    assert round_.ok, round_.error
