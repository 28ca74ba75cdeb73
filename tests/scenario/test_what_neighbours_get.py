"""What the page of a neighbouring group shows as "the very document" is what that group then holds, byte for byte."""

from datetime import timedelta
from pathlib import Path

import pytest

from node.domain.actors import CONSOLE
from node.domain.need import Share
from node.errors import Invalid
from protocol.identity import fingerprint_words
from protocol.statements import Head, Profile, Register
from tests.harness.neighbourhood import Neighbourhood
from tests.harness.street import CANARIES, Street, Visitor


async def test_the_document_is_what_arrives(tmp_path: Path) -> None:
    async with Neighbourhood(tmp_path) as cast:
        street = await Street.built(cast)
        north, south = street.north, street.south
        await street.seed("open")
        await street.seed("approved")
        await cast.publish(north)
        await north.services.publishing.share(CONSOLE, {"groceries": Share.PEERS})
        await cast.publish(north)
        shown = await north.services.given.lines(CONSOLE)
        kinds = [each.statement.type for each in shown]
        assert kinds[:4] == ["keys", "profile", "head", "head"]
        assert sorted(kinds[4:]) == ["summary", "summary", "withdrawal", "withdrawal"]

        await cast.sync(south)
        held = await south.node.network.store.lines_of([north.id], ["public", "peers"])
        assert sorted(each.line for each in shown) == sorted(held)

        desk = Visitor(cookies={"seal": "a-seal"})
        await street.sign_in(desk)
        file = await street.ask(desk, "GET", f"/peers/{south.id}/document.ndjson")
        assert file.body.splitlines() == [each.line for each in shown]
        assert file.headers["Content-Disposition"].startswith("attachment")
        page = await street.ask(desk, "GET", f"/peers/{south.id}/document")
        assert all(each.line.decode() in page.text for each in shown)
        assert not [canary for canary in CANARIES if canary in page.text]
        await street.close()


async def test_no_id_is_counted_by_both_heads(tmp_path: Path) -> None:
    """However often a request goes from everybody to neighbours and back: each id stands under one head, the pages
    count the request once, and both sets are whole where they arrive."""
    async with Neighbourhood(tmp_path) as cast:
        street = await Street.built(cast)
        north, south = street.north, street.south
        await street.seed("open")
        for share in (Share.PUBLIC, Share.PEERS, Share.PUBLIC, Share.PEERS):
            await north.services.publishing.share(CONSOLE, {"groceries": share})
            await cast.publish(north)
        shown = await north.services.given.lines(CONSOLE)
        ids: dict[str, list[str]] = {"public": [], "peers": []}
        for each in shown:
            if isinstance(each.statement, Register):
                ids[each.statement.set].append(each.statement.id)
        heads = {
            each.statement.set: each.statement.count for each in shown if isinstance(each.statement, Head)
        }
        assert heads == {name: len(under) for name, under in ids.items()} == {"public": 2, "peers": 2}
        assert len({*ids["public"], *ids["peers"]}) == 4

        await cast.sync(south)
        store = south.node.network.store
        assert {view.state for view in await store.origins() if view.origin == north.id} == {"complete"}
        assert sum(each.count for each in await store.cell_counts(sets={"public", "peers"})) == 1
        assert len(await store.needs(sets={"public", "peers"})) == 1
        await street.close()


async def test_news_by_hand_on_the_pages(tmp_path: Path) -> None:
    """A file saved on one group's page is brought in on the other's; a second time changes nothing."""
    async with Neighbourhood(tmp_path) as cast:
        street = await Street.built(cast)
        north, south = street.north, street.south
        await south.services.publishing.share(CONSOLE, {"groceries": Share.PEERS})
        await street.seed("open", at=south)
        await cast.publish(south)
        file = await south.services.carrier.export(("public", "peers"), to=north.id)
        desk = Visitor(cookies={"seal": "a-seal"})
        await street.sign_in(desk)
        seal = street.sealed(desk, {})["seal"]

        async def bring() -> str:
            body = b"".join(
                b'--b\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n' % pair
                for pair in ((b"seal", seal.encode()), (b"file", file))
            )
            sent = {"Content-Type": "multipart/form-data; boundary=b"}
            page = await street.ask(desk, "POST", "/peers/file", body=body + b"--b--\r\n", headers=sent)
            assert page.status == 200
            return page.text

        first = await bring()
        assert "new lines were taken in." in first
        assert "Nothing is missing." in first
        shown = (await street.ask(desk, "GET", f"/peers/{south.id}")).text
        assert "1 request that looks for someone" in shown
        assert "Nothing in it was new." in await bring()

        taken = await street.ask(desk, "GET", f"/peers/{south.id}/file.ndjson")
        assert taken.body == await north.services.carrier.export(("public", "peers"), to=south.id)
        anybody = await street.ask(desk, "GET", "/peers/file/everybody.ndjson")
        assert b'"set":"peers"' in taken.body
        assert b'"set":"peers"' not in anybody.body
        paused = await street.ask(desk, "GET", f"/peers/{street.known_did}/file.ndjson")
        assert paused.status == 409
        await street.close()


async def test_settings_of_one_neighbour(tmp_path: Path) -> None:
    """Whoever gets only what anybody may see gets no more: not as a file, not on the page."""
    async with Neighbourhood(tmp_path) as cast:
        street = await Street.built(cast)
        north, south = street.north, street.south
        await north.services.publishing.share(CONSOLE, {"groceries": Share.PEERS})
        await street.seed("open")
        await cast.publish(north)
        desk = Visitor(cookies={"seal": "a-seal"})
        await street.sign_in(desk)
        terms = {"role": "peer", "gives": "public", "which": "some", "takes": "groceries"}
        saved = await street.ask(desk, "POST", f"/peers/{south.id}/settings", terms)
        assert saved.status == 303
        page = await street.ask(desk, "GET", f"/peers/{south.id}")
        assert "Only what anybody may see" in page.text

        shown = [each.line for each in await north.services.given.lines(CONSOLE, "public")]
        assert shown
        assert not [line for line in shown if b'"set":"peers"' in line]
        file = await street.ask(desk, "GET", f"/peers/{south.id}/file.ndjson")
        ours = [line for line in file.body.splitlines() if north.id.encode() in line]
        assert ours
        assert not [line for line in ours if b'"set":"peers"' in line], (
            "its own set goes back to it, ours stays"
        )

        nothing = terms | {"gives": "nothing"}
        assert (await street.ask(desk, "POST", f"/peers/{south.id}/settings", nothing)).status == 303
        document = await street.ask(desk, "GET", f"/peers/{south.id}/document.ndjson")
        assert document.body == b""
        file = await street.ask(desk, "GET", f"/peers/{south.id}/file.ndjson")
        assert north.id.encode() not in file.body
        wrong = terms | {"takes": "no such kind"}
        assert (await street.ask(desk, "POST", f"/peers/{south.id}/settings", wrong)).status == 422
        known = {view.peer.origin: view.peer for view in await north.services.peering.list(CONSOLE)}
        row = known[south.id]
        assert (row.gives, row.takes, row.checks_count, row.ask_now) == (
            "nothing",
            ("groceries",),
            False,
            False,
        )
        await street.close()


async def test_a_break_in_the_phone_book(tmp_path: Path) -> None:
    """What one group says about itself is read out at the other's, and a break ends by itself."""
    async with Neighbourhood(tmp_path) as cast:
        street = await Street.built(cast)
        north, south = street.north, street.south
        desk = Visitor(cookies={"seal": "a-seal"})
        await street.sign_in(desk)
        day = cast.clock.now().date()
        entry = {
            "name": "Made-Up Neighbours",
            "phone": "07700 900444",
            "hours": "until four",
            "state": "resting",
            "until": day.isoformat(),
            "headings": "food",
        }
        over = entry | {"until": (day - timedelta(days=1)).isoformat()}
        assert (await street.ask(desk, "POST", "/settings/group", over)).status == 422
        assert (await street.ask(desk, "POST", "/settings/group", entry)).status == 303
        await cast.publish(north)
        await cast.sync(south)

        async def said() -> Profile:
            found = await south.services.neighbourhood.groups()
            return next(each.profile for each in found if each.origin == north.id and each.profile)

        first = await said()
        assert (first.name, first.phone, first.hours) == ("Made-Up Neighbours", "07700 900444", "until four")
        assert (first.state, first.until, first.headings) == ("resting", day, ("food",))
        cast.clock.advance(hours=24)
        await north.services.publishing.slot()
        await cast.sync(south)
        after = await said()
        assert (after.state, after.until) == ("open", None)
        await street.close()


async def test_another_key_at_their_address(tmp_path: Path) -> None:
    """Stop and compare: only the words that somebody there read out let the new key in."""
    async with Neighbourhood(tmp_path) as cast:
        street = await Street.built(cast)
        desk = Visitor(cookies={"seal": "a-seal"})
        await street.sign_in(desk)
        old, words = await street.another_key()
        compare = f"/peers/{old}/compare"
        assert compare in (await street.ask(desk, "GET", "/peers")).text
        page = await street.ask(desk, "GET", compare)
        assert all(f"<li>{word}</li>" in page.text for word in (*fingerprint_words(old), *words.split()))
        wrong = await street.ask(desk, "POST", compare, {"words": " ".join(fingerprint_words(old))})
        assert wrong.status == 422
        right = await street.ask(desk, "POST", compare, {"words": words})
        assert (right.status, old in right.location) == (303, False)
        after = await street.ask(desk, "GET", right.location)
        assert all(f"<li>{word}</li>" in after.text for word in words.split())

        other, _ = await street.another_key()
        assert (await street.ask(desk, "POST", f"/peers/{other}/compare/keep")).status == 303
        again = await street.ask(desk, "GET", f"/peers/{other}/compare")
        assert again.location == f"/peers/{other}", "decided already"
        await street.close()


async def test_before_anything_is_shared_the_page_says_what_that_gives_away(tmp_path: Path) -> None:
    async with Neighbourhood(tmp_path) as cast:
        street = await Street.built(cast)
        north = street.north
        await north.services.publishing.share(CONSOLE, {"all": Share.ONLY_US})
        await street.seed("open")
        desk = Visitor(cookies={"seal": "a-seal"})
        await street.sign_in(desk)
        wish = {"share:groceries": "public"}
        page = await street.ask(desk, "POST", "/settings/sharing", wish)
        assert page.status == 200
        assert "Before anything goes out" in page.text
        assert "1 request" in page.text
        shared = await north.services.publishing.shared(CONSOLE)
        assert set(shared.values()) == {Share.ONLY_US}, "only looked"
        small = await street.ask(desk, "POST", "/settings/sharing", wish | {"sure": "y", "residents": "900"})
        assert (small.status, "So few people live" in small.text) == (422, True)
        odd = await street.ask(desk, "POST", "/settings/sharing", wish | {"sure": "y", "residents": "many"})
        assert odd.status == 422
        sure = wish | {"sure": "y", "residents": "40000"}
        assert (await street.ask(desk, "POST", "/settings/sharing", sure)).status == 303
        assert (await north.services.publishing.shared(CONSOLE))["groceries"] is Share.PUBLIC
        again = await street.ask(desk, "POST", "/settings/sharing", {"share:cooked_meal": "public"})
        assert again.status == 303, "asked once"
        await street.close()


async def test_the_profile_says_what_a_node_is_and_what_it_speaks(tmp_path: Path) -> None:
    async with Neighbourhood(tmp_path) as cast:
        street = await Street.built(cast)
        north, south = street.north, street.south
        desk = Visitor(cookies={"seal": "a-seal"})
        await street.sign_in(desk)
        entry = {"name": "North", "state": "open", "kind": "hub", "languages": "ar"}
        assert (await street.ask(desk, "POST", "/settings/group", {**entry, "kind": "king"})).status == 422
        assert (await street.ask(desk, "POST", "/settings/group", entry)).status == 303
        page = (await street.ask(desk, "GET", "/settings/group")).text
        assert 'value="hub" checked' in page
        await north.services.terms.change(CONSOLE, south.id, vouched=True)
        await cast.publish(north)
        await cast.sync(south)
        (seen,) = [each for each in await south.services.neighbourhood.groups() if each.origin == north.id]
        assert seen.profile is not None
        assert (seen.profile.kind, seen.profile.languages) == ("hub", ("en", "ar"))
        assert seen.profile.features == ("letters", "push", "mailbox")
        with pytest.raises(Invalid):
            await north.services.card.change(CONSOLE, languages=["klingon"])
