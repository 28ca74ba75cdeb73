"""Small things on the pages of neighbouring groups: advice where one decides, forms sent twice, files that are none."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from node.domain.actors import CONSOLE, Role
from node.domain.exchange.letters import Letter
from node.domain.need import Share
from node.errors import Conflict
from node.store import peers as peers_rows
from node.store.db import Tx
from tests.harness.neighbourhood import PASSWORD, Member, Neighbourhood
from tests.harness.street import Answer, Street, Visitor


@pytest.fixture
async def street(tmp_path: Path) -> AsyncIterator[Street]:
    async with Neighbourhood(tmp_path) as cast:
        street = await Street.built(cast)
        yield street
        await street.close()


async def at_the_desk(street: Street) -> Visitor:
    desk = Visitor(cookies={"seal": "a-seal"})
    await street.sign_in(desk)
    return desk


def words_of(answer: Answer) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.text))


async def advised_against(street: Street, name: str = "badly") -> Member:
    """A group that south blocked, and lets its neighbours know."""
    bad = await street.cast.add(name, at=(51.46, -2.6))
    await street.south.services.peering.add(CONSOLE, bad.url, did=bad.id, allow_private=True)
    await street.south.services.peering.set_state(
        CONSOLE, bad.id, "blocked", reason="impersonation", advise=True
    )
    await street.cast.publish(street.south, bad)
    await street.north.services.peering.sync(CONSOLE)
    return bad


async def test_advice_stands_where_somebody_decides(street: Street) -> None:
    bad, desk = await advised_against(street), await at_the_desk(street)
    # on the adviser's own page: whom, and why
    page = words_of(await street.ask(desk, "GET", f"/peers/{street.south.id}"))
    why = "impersonation"
    told = re.search(r"They have blocked (.*?) They get", page)
    assert told
    assert " ".join(bad.words.split()) in told[1], "nobody here knows a name"
    # while it invites us
    link = (await bad.services.joining.invite(CONSOLE)).link
    page = words_of(await street.ask(desk, "POST", "/peers/join", {"link": link, "allow_private": "y"}))
    assert "South has blocked them" in page, why
    # while it asks
    ours = (await street.north.services.joining.invite(street.north.staff)).link
    await bad.services.joining.join(bad.staff, ours, allow_private=True)
    for path in ("/peers", f"/peers/{bad.id}/welcome"):
        assert "South has blocked them" in words_of(await street.ask(desk, "GET", path)), path


async def test_while_another_key_answers_every_page_says_that_nothing_goes(street: Street) -> None:
    north, south, desk = street.north, street.south, await at_the_desk(street)
    await street.cast.publish(north)
    base = f"/peers/{south.id}"

    async def page(path: str) -> str:
        return words_of(await street.ask(desk, "GET", path))

    file = f'href="{base}/file.ndjson"'
    assert "requests that anybody may see" in await page(base)
    assert file in (await street.ask(desk, "GET", "/peers/file")).text
    async with north.node.network.on.db.write() as tx:
        await peers_rows.set_changed(tx, south.id, street.new_did(), 1)
    said = await page(base)
    assert "Nothing goes to and fro" in said
    assert re.search(r"They get from us Nothing at the moment", said)
    assert "Next try none" in said
    assert "At the moment nothing goes to them" in await page(base + "/document")
    assert file not in (await street.ask(desk, "GET", "/peers/file")).text
    assert "Nothing goes to and fro." in await page("/peers")
    with pytest.raises(Conflict):
        await north.services.carrier.export(("public", "peers"), to=south.id)


async def test_a_stranger_with_a_neighbours_name_is_marked_before_the_yes(street: Street) -> None:
    other, desk = await street.cast.add("South ", at=(51.46, -2.6)), await at_the_desk(street)
    ours = (await street.north.services.joining.invite(street.north.staff)).link
    await other.services.joining.join(other.staff, ours, allow_private=True)
    page = words_of(await street.ask(desk, "GET", f"/peers/{other.id}/welcome"))
    assert "has the same name, or nearly" in page


async def test_a_form_that_was_sent_twice_says_so_kindly(street: Street) -> None:
    third, desk = await street.cast.add("third", at=(51.46, -2.6)), await at_the_desk(street)
    ours = (await street.north.services.joining.invite(street.north.staff)).link
    await third.services.joining.join(third.staff, ours, allow_private=True)
    base = f"/peers/{third.id}"
    yes = {"role": "peer", "allow_private": "y"}
    for path, form, again in (
        ("/welcome", yes, f"{base}?done=done_already"),
        ("/pause", {}, f"{base}?done=pause"),
        ("/back", {}, f"{base}?done=back"),
        ("/block", {}, f"{base}?done=block"),
        ("/leave", {}, f"{base}?done=done_already"),
    ):
        assert (await street.ask(desk, "POST", base + path, form)).status == 303, path
        assert (await street.ask(desk, "POST", base + path, form)).location == again, path
    assert "already" in words_of(await street.ask(desk, "GET", f"{base}?done=done_already"))
    assert (await street.ask(desk, "GET", f"{base}/settings")).location == base, "nothing is agreed any more"


async def test_an_address_without_its_scheme_is_tried_with_https(street: Street) -> None:
    row = await street.north.services.peering.add(
        CONSOLE, "help.example.org/", did=street.new_did(), allow_private=True
    )
    assert row.url == "https://help.example.org"


async def test_a_file_is_news_or_is_told_to_be_none(street: Street) -> None:
    north, desk = street.north, await at_the_desk(street)
    await street.cast.publish(street.south)
    news = await street.south.services.carrier.export(("public", "peers"), to=north.id)
    brought = await north.services.carrier.take(news.replace(b"\n", b"\r\n"))
    assert brought.ok, "a mail program changed the line ends, and nothing else"
    seal = street.sealed(desk, {})
    ((name, value),) = seal.items()
    edge = "made-up-edge"
    body = (
        f'--{edge}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        f'--{edge}\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\n'
        f"Dear all,\nhello\r\n--{edge}--\r\n"
    ).encode()
    answer = await street.ask(
        desk,
        "POST",
        "/peers/file",
        body=body,
        headers={"Content-Type": f"multipart/form-data; boundary={edge}"},
    )
    assert "That is no file of news" in words_of(answer)


async def test_the_first_time_takes_numbers_as_people_write_them(tmp_path: Path) -> None:
    async with Neighbourhood(tmp_path) as cast:
        street = Street.before(cast, await cast.add("north"))
        desk = await at_the_desk(street)
        form = {"share:groceries": "public", "sure": "y"}
        answer = await street.ask(desk, "POST", "/settings/sharing", {**form, "residents": "some"})
        assert answer.status == 422
        assert 'value="some"' in answer.text
        assert 'name="share:groceries" value="public"' in answer.text
        answer = await street.ask(desk, "POST", "/settings/sharing", {**form, "residents": "3 000"})
        assert (answer.status, "So few people live" in answer.text) == (422, True)
        assert 'name="residents"' in answer.text
        answer = await street.ask(desk, "POST", "/settings/sharing", {**form, "residents": "20,000"})
        assert answer.location == "/settings/sharing?done=saved"
        assert await street.north.services.privacy.served() == 20_000
        await street.close()


async def test_letters_that_came_stand_on_the_groups_page_with_what_became_of_them(street: Street) -> None:
    north, south, desk = street.north, street.south, await at_the_desk(street)
    await street.cast.publish(north, south)
    await street.cast.sync(north, south)

    async def heard(tx: Tx, letter: Letter) -> None:
        """Acts on nothing."""

    north.services.letters.on("ring", heard)
    for kind in ("ring", "serenade"):
        prepared = await south.services.letters.prepare(north.id, kind, need=None, content={"to": "nobody"})
        async with south.node.network.on.db.write() as tx:
            await south.services.letters.put(tx, prepared)
    await south.services.letters.deliver_due()
    await north.services.letters.open_waiting()
    page = words_of(await street.ask(desk, "GET", f"/peers/{south.id}"))
    told = re.search(r"Letters from them (.*?) Is it really them", page)
    assert told
    assert "A ring for today read and acted on" in told[1]
    assert "serenade" not in told[1], "a stranger's word for it is not shown"
    assert "A letter set aside" in told[1]
    assert "this version does not know what it asks for" in told[1]
    assert "nobody" not in told[1], "nothing of what is inside"


async def test_a_card_says_whose_words_how_far_behind_and_what_they_promise(street: Street) -> None:
    desk = await at_the_desk(street)
    await street.cast.publish(street.south)
    await street.cast.sync(street.north)
    street.cast.clock.advance(hours=2)
    page = words_of(await street.ask(desk, "GET", "/peers"))
    assert f"Six words: {street.south.words}" in page
    assert "signed by them 2 hours ago" in page
    assert "They forget each line after 61 days at the latest." in page


async def test_the_number_of_residents_can_be_changed_any_time_and_two_open_the_public_map(
    street: Street,
) -> None:
    north, desk = street.north, await at_the_desk(street)
    privacy, second = north.services.privacy, north.services.second_yes
    await north.services.publishing.share(CONSOLE, {"groceries": Share.PUBLIC})
    assert 'name="residents"' in (await street.ask(desk, "GET", "/settings/sharing")).text

    async def say(number: str, **more: str) -> Answer:
        return await street.ask(desk, "POST", "/settings/sharing", {"residents": number, **more})

    looked = words_of(await say("3,000"))
    assert "Before that is changed" in looked
    assert await privacy.served() is None, "only looked at"
    assert (await say("some", sure="y")).status == 422
    assert (await say("3,000", sure="y")).location == "/settings/sharing?done=saved"
    assert (await north.services.publishing.shared(CONSOLE))["groceries"] is Share.PEERS
    assert (await say("3,000")).location == "/settings/sharing?done=saved", "nothing is different"

    await north.services.rules.change(CONSOLE, {"public_yes": "two"})
    await north.services.team.add_staff(north.staff, "ada", PASSWORD, [Role.ADMIN])
    ada = (await north.services.access.sign_in("ada", PASSWORD)).actor
    assert (await say("30,000", sure="y")).location == "/settings/sharing?done=waits"
    assert await privacy.served() == 3_000
    page = words_of(await street.ask(desk, "GET", "/settings/public"))
    assert "Now 3,000 Then 30,000" in page
    (waiting,) = await second.waiting(ada)
    await second.decide(ada, waiting.id, True)
    assert await privacy.served() == 30_000
    assert (await north.services.publishing.shared(CONSOLE))["groceries"] is Share.PEERS, (
        "opens nothing itself"
    )
    assert (await say("5000", sure="y")).location == "/settings/sharing?done=saved", (
        "what narrows never waits"
    )
    assert await privacy.served() == 5_000
    assert (await say("", sure="y")).location == "/settings/sharing?done=waits", "not to say opens it as well"


async def test_a_no_and_a_comparison_that_were_sent_twice_end_kindly(street: Street) -> None:
    third, desk = await street.cast.add("third", at=(51.46, -2.6)), await at_the_desk(street)
    ours = (await street.north.services.joining.invite(street.north.staff)).link
    await third.services.joining.join(third.staff, ours, allow_private=True)
    (waiting,) = await street.north.services.joining.asked(CONSOLE)
    base = f"/peers/{third.id}"
    assert waiting.origin == third.id
    for location in ("/peers?done=not_joined", "/peers?done=done_already"):
        assert (await street.ask(desk, "POST", f"{base}/decline")).location == location
    assert (await street.ask(desk, "POST", f"{base}/welcome", {"role": "peer"})).location.endswith(
        "done_already"
    )
    assert (await street.ask(desk, "GET", f"{base}/welcome")).status == 404, "nobody of that id asks"

    link = await street.north.services.joining.invite(street.north.staff)
    (open_one,) = await street.north.services.joining.invitations(CONSOLE)
    assert link.link
    for done in ("invite_back", "done_already"):
        answer = await street.ask(desk, "POST", f"/peers/invite/{open_one.id}/back")
        assert answer.location == f"/peers/invite?done={done}"

    other, words = await street.another_key()
    assert words
    for location in (f"/peers/{other}?done=key_kept", "/peers?done=done_already"):
        assert (await street.ask(desk, "POST", f"/peers/{other}/compare/keep")).location == location
    assert (await street.ask(desk, "GET", f"/peers/{other}/compare")).location == f"/peers/{other}"
    assert (await street.ask(desk, "POST", f"/peers/{other}/compare", {"words": words})).location.endswith(
        "done_already"
    )


async def test_what_was_turned_down_stands_on_the_groups_page(street: Street) -> None:
    """By reason, with how often and when; of groups that are on our list alone."""
    north, south, desk = street.north, street.south, await at_the_desk(street)
    turned = north.node.network._at.turned
    page = words_of(await street.ask(desk, "GET", f"/peers/{south.id}"))
    assert "What was turned down" not in page
    for code in ("replayed", "bad_signature", "wrong_digest", "a_code_of_tomorrow"):
        await turned.note(south.id, code, proved=code == "replayed")
    page = words_of(await street.ask(desk, "GET", f"/peers/{south.id}"))
    assert "In their name, and not signed by them for us: 2 times, the last time on" in page
    theirs, _, others = page.partition("In their name, and nobody proved that it was them")
    assert "The very same request came again: 1 time, on" in theirs
    assert "same request" not in others
    assert "a way that we do not know: 1 time, on" in page
    await turned.note("did:key:nobody", "replayed", proved=False)
    assert turned.of("did:key:nobody") == {}
