import asyncio
import itertools
from contextlib import AsyncExitStack

import pytest

from node.domain.actors import CONSOLE, Role
from node.errors import Invalid, Locked, NotAllowed, TooMany
from node.services.accounts.access import IDLE_SECONDS, KNOWN_SECONDS, LONGEST_SECONDS
from node.services.accounts.passwords import FREE_GUESSES, QUEUE
from node.store import audit, compartments
from node.vault import Compartment
from tests.harness.house import PASSWORD, house

PEOPLE = Compartment.PEOPLE


@pytest.fixture
async def home(tmp_path):
    async with house(tmp_path) as opened:
        await opened.found()
        yield opened


async def test_signing_in_opens_the_vault_and_is_recorded(home):
    assert not home.vault.is_open(PEOPLE)
    signed_in = await home.access.sign_in(" mina ", PASSWORD)
    assert signed_in.actor.name == "Mina"
    assert signed_in.actor.roles == {Role.ADMIN, Role.COORDINATOR}
    assert home.vault.is_open(PEOPLE)
    assert home.vault.is_open(Compartment.VETTING)
    assert await home.access.actor_for(signed_in.cookie) == signed_in.actor
    async with home.db.read() as tx:
        assert [entry.action for entry in await audit.latest(tx, 1)] == ["staff.sign_in"]


@pytest.mark.parametrize(("handle", "password"), [("Mina", "a quiet passwore"), ("Nobody", PASSWORD)])
async def test_a_wrong_name_and_a_wrong_password_are_the_same_answer(home, handle, password):
    with pytest.raises(NotAllowed, match=r"name or the password") as refused:
        await home.access.sign_in(handle, password)
    assert refused.value.code == "wrong_sign_in"
    assert not home.vault.is_open(PEOPLE)


async def test_after_a_power_cut_the_next_click_unlocks(tmp_path):
    async with house(tmp_path) as before:
        await before.found()
        cookie = (await before.access.sign_in("Mina", PASSWORD)).cookie
        blob = before.vault.seal(PEOPLE, "persons", "a", {"name": "Somebody"})
    async with house(tmp_path) as after:
        with pytest.raises(Locked):
            after.vault.open(PEOPLE, "persons", "a", blob)
        actor = await after.access.actor_for(cookie)
        assert actor is not None
        assert after.vault.open(PEOPLE, "persons", "a", blob) == {"name": "Somebody"}


async def test_a_click_on_its_way_does_not_open_what_was_just_locked(home, monkeypatch):
    signed_in = await home.access.sign_in("Mina", PASSWORD)
    held_by = compartments.held_by

    async def slow(tx, staff_id):
        found = await held_by(tx, staff_id)
        await home.access.lock_now(signed_in.actor)
        return found

    monkeypatch.setattr(compartments, "held_by", slow)
    assert await home.access.actor_for(signed_in.cookie) is None
    assert not home.vault.is_open(PEOPLE)


async def test_the_disk_without_the_cookie_opens_nothing(home):
    cookie = (await home.access.sign_in("Mina", PASSWORD)).cookie
    id_part, _, secret = cookie.partition(".")
    home.vault.lock()
    changed = ("A" if secret[0] != "A" else "B") + secret[1:]
    for wrong in (
        f"{id_part}.{changed}",
        id_part,
        f"{id_part}.",
        f".{secret}",
        "",
        "x.y",
        "é.é",
        f"{secret}.{id_part}",
    ):
        assert await home.access.actor_for(wrong) is None
    assert not home.vault.is_open(PEOPLE)
    async with home.db.read() as tx:
        for row in await tx.execute_fetchall("SELECT * FROM sessions"):
            stored = b"|".join(value if isinstance(value, bytes) else str(value).encode() for value in row)
    assert secret.encode() not in stored
    assert id_part.encode() not in stored


async def test_sessions_end_by_sitting_still_by_age_and_by_signing_out(home):
    cookie = (await home.access.sign_in("Mina", PASSWORD)).cookie
    home.clock.advance(seconds=IDLE_SECONDS - 1)
    assert await home.access.actor_for(cookie)
    home.clock.advance(seconds=IDLE_SECONDS - 1)
    assert await home.access.actor_for(cookie), "the click before kept it"
    home.clock.advance(seconds=IDLE_SECONDS + 1)
    assert await home.access.actor_for(cookie) is None

    cookie = (await home.access.sign_in("Mina", PASSWORD)).cookie
    for _ in range(LONGEST_SECONDS // IDLE_SECONDS):
        assert await home.access.actor_for(cookie)
        home.clock.advance(seconds=IDLE_SECONDS)
    assert await home.access.actor_for(cookie) is None

    home.clock.advance(seconds=KNOWN_SECONDS)
    cookie = (await home.access.sign_in("Mina", PASSWORD)).cookie
    await home.access.sign_out("nonsense")
    await home.access.sign_out(cookie)
    assert await home.access.actor_for(cookie) is None
    async with home.db.read() as tx:
        assert list(await tx.execute_fetchall("SELECT * FROM sessions")) == [], "old ones were forgotten"


async def test_for_a_day_a_session_that_ran_out_still_tells_whose_it_was(home):
    cookie = (await home.access.sign_in("Mina", PASSWORD)).cookie
    home.clock.advance(seconds=IDLE_SECONDS + 1)
    assert await home.access.actor_for(cookie) is None
    was = await home.access.was(cookie)
    assert was is not None
    assert was.name == "Mina"
    await home.access.sign_in("Mina", PASSWORD)
    assert await home.access.was(cookie), "somebody's sign-in does not forget it"
    for wrong in ("", "x.y", cookie[:-4] + "AAAA", cookie.partition(".")[0] + "."):
        assert await home.access.was(wrong) is None
    home.clock.advance(seconds=KNOWN_SECONDS)
    assert await home.access.was(cookie) is None
    other = (await home.access.sign_in("Mina", PASSWORD)).cookie
    await home.access.sign_out(other)
    assert await home.access.was(other) is None


async def test_lock_now_takes_a_password_to_undo(home):
    signed_in = await home.access.sign_in("Mina", PASSWORD)
    with pytest.raises(NotAllowed):
        await home.access.lock_now(CONSOLE)
    await home.access.lock_now(signed_in.actor)
    assert not home.vault.is_open(PEOPLE)
    assert await home.access.actor_for(signed_in.cookie) is None
    assert not home.vault.is_open(PEOPLE)


async def test_a_command_closes_what_it_opened(home):
    async with home.access.acting_as("Mina", PASSWORD) as actor:
        assert Role.COORDINATOR in actor.roles
        assert home.vault.is_open(PEOPLE)
    assert not home.vault.is_open(PEOPLE)
    async with home.access.acting_as("Mina", PASSWORD):
        await home.access.sign_in("Mina", PASSWORD)
    assert home.vault.is_open(PEOPLE), "somebody signed in meanwhile"
    async with home.access.acting_as("Mina", PASSWORD):
        pass
    assert home.vault.is_open(PEOPLE)


async def test_two_commands_at_once_do_not_shut_each_other_out(home):
    home.vault.lock()
    async with AsyncExitStack() as second:
        async with home.access.acting_as("Mina", PASSWORD):
            await second.enter_async_context(home.access.acting_as("Mina", PASSWORD))
        assert home.vault.is_open(PEOPLE), "the second command is still at it"
    assert not home.vault.is_open(PEOPLE)


async def test_guesses_must_wait_longer_and_longer_but_a_known_browser_does_not(home):
    device = (await home.access.sign_in("Mina", PASSWORD)).device
    for _ in range(FREE_GUESSES + 1):
        with pytest.raises(NotAllowed):
            await home.access.sign_in("Mina", "a wrong password")
    with pytest.raises(TooMany, match=r"[23] seconds"):
        await home.access.sign_in("MINA", PASSWORD)
    assert await home.access.sign_in("Mina", PASSWORD, device=device)
    with pytest.raises(TooMany):
        await home.access.sign_in("Mina", PASSWORD, device=device[:-1] + "x")
    home.clock.advance(seconds=3)
    assert await home.access.sign_in("Mina", PASSWORD)


async def test_a_flood_of_guesses_does_not_fill_the_queue_for_the_desk(home):
    device = (await home.access.sign_in("Mina", PASSWORD)).device
    async with home.access._passwords._turn:  # a slow machine
        flood = [
            asyncio.create_task(home.access.sign_in(f"guess{n}", "a password")) for n in range(QUEUE + 6)
        ]
        for turned_away in itertools.islice(asyncio.as_completed(flood), 6):
            with pytest.raises(TooMany):
                await turned_away
        desk = asyncio.create_task(home.access.sign_in("Mina", PASSWORD, device=device))
    assert (await desk).actor.name == "Mina"
    results = await asyncio.gather(*flood, return_exceptions=True)
    assert sum(isinstance(result, NotAllowed) for result in results) == QUEUE


async def test_changing_the_password_keeps_the_key_and_ends_the_sessions(home):
    signed_in = await home.access.sign_in("Mina", PASSWORD)
    with pytest.raises(NotAllowed):
        await home.access.change_password(signed_in.actor, "not the old one", "another password")
    with pytest.raises(Invalid):
        await home.access.change_password(signed_in.actor, PASSWORD, "short")
    await home.access.change_password(signed_in.actor, PASSWORD, "another password")
    assert await home.access.actor_for(signed_in.cookie) is None
    home.vault.lock()
    assert await home.access.sign_in("Mina", "another password")
    assert home.vault.is_open(PEOPLE)
    with pytest.raises(NotAllowed):
        await home.access.sign_in("Mina", PASSWORD)


async def test_clicks_rarely_write(home):
    cookie = (await home.access.sign_in("Mina", PASSWORD)).cookie

    async def last_seen():
        async with home.db.read() as tx:
            return [row["last_seen"] for row in await tx.execute_fetchall("SELECT last_seen FROM sessions")]

    before = await last_seen()
    home.clock.advance(seconds=60)
    await home.access.actor_for(cookie)
    assert await last_seen() == before
    home.clock.advance(minutes=10)
    await home.access.actor_for(cookie)
    assert await last_seen() != before
