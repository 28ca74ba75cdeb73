"""Before everybody can read it: a second person where the group decided so, and never a wait for taking back."""

import base64
import json
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from node import commands
from node.domain.actors import Role
from node.domain.need import Share
from node.domain.settings import widening
from node.domain.settings.kit import Part
from node.domain.settings.kit_file import FORMAT
from node.domain.settings.questions import AskedAt, Kind, Question
from node.domain.settings.resources import Resource
from node.errors import Conflict, NotAllowed, NotFound
from node.services.accounts.setup import SetupAnswers
from node.services.settings.kinds import KindChange
from protocol import rescue
from tests.harness.neighbourhood import PASSWORD, Member, Neighbourhood


async def two_admins(cast: Neighbourhood) -> Member:
    north = await cast.add("north")
    await north.services.team.add_staff(north.staff, "ada", PASSWORD, [Role.ADMIN])
    return north


def kit_of(**parts: Any) -> bytes:
    """A starter kit with those parts."""
    return json.dumps({"format": FORMAT, "group": "Elsewhere", **parts}).encode()


async def test_nobody_says_yes_to_the_own_wish(tmp_path) -> None:  # type: ignore[no-untyped-def]
    async with Neighbourhood(tmp_path) as cast:
        north = await two_admins(cast)
        desk, kim = north.services, north.staff
        ada = (await desk.access.sign_in("ada", PASSWORD)).actor

        assert not await desk.second_yes.text(kim, "scope.do", "en", "Shopping"), (
            "one is enough until they say two"
        )
        assert await desk.texts.get("scope.do", "en") == "Shopping"
        await desk.rules.change(kim, {"public_yes": "two"})
        assert not await desk.second_yes.text(kim, "script.intake", "en", "Hello"), "not for everybody's eyes"

        assert await desk.second_yes.text(kim, "scope.do", "en", "Shopping and zq")
        assert await desk.second_yes.text(kim, "scope.do", "en", "Shopping and company")
        assert await desk.second_yes.share(kim, {"groceries": Share.PUBLIC})
        assert await desk.texts.get("scope.do", "en") == "Shopping", "nothing is shown yet"
        assert (await desk.publishing.shared(kim))["groceries"] is Share.ONLY_US
        waiting = await desk.second_yes.waiting(ada)
        assert sorted((each.kind, each.value, each.own) for each in waiting) == [
            ("share", "public", False),
            ("text", "Shopping and company", False),
        ], "the later wish takes the place of the one before"
        for each in waiting:
            with pytest.raises(Conflict, match="yourself"):
                await desk.second_yes.decide(kim, each.id, True)
        wishes = {each.kind: each.id for each in waiting}
        await desk.second_yes.decide(ada, wishes["text"], True)
        await desk.second_yes.decide(ada, wishes["share"], False)
        assert await desk.texts.get("scope.do", "en") == "Shopping and company"
        assert (await desk.publishing.shared(kim))["groceries"] is Share.ONLY_US
        with pytest.raises(NotFound):
            await desk.second_yes.decide(ada, wishes["share"], True)


async def test_taking_back_never_waits_and_a_stopped_author_shows_nothing(tmp_path) -> None:  # type: ignore[no-untyped-def]
    async with Neighbourhood(tmp_path) as cast:
        north = await two_admins(cast)
        desk, kim = north.services, north.staff
        ada = (await desk.access.sign_in("ada", PASSWORD)).actor
        await desk.publishing.share(kim, {"groceries": Share.PUBLIC})
        await desk.rules.change(kim, {"public_yes": "two"})
        assert not await desk.second_yes.share(kim, {"groceries": Share.ONLY_US})
        assert (await desk.publishing.shared(kim))["groceries"] is Share.ONLY_US
        assert await desk.second_yes.share(ada, {"groceries": Share.PEERS, "laundry": Share.ONLY_US})
        await desk.team.suspend(kim, str(ada.id))
        wish = (await desk.second_yes.waiting(kim))[0]
        with pytest.raises(Conflict, match="may not do it any more"):
            await desk.second_yes.decide(kim, wish.id, True)
        await desk.team.add_staff(kim, "tia", PASSWORD, [Role.TRIAGE])
        tia = (await desk.access.sign_in("tia", PASSWORD)).actor
        with pytest.raises(NotAllowed):
            await desk.second_yes.decide(tia, wish.id, True)


async def test_a_kit_waits_as_a_whole_and_is_taken_as_it_was_looked_at(tmp_path) -> None:  # type: ignore[no-untyped-def]
    async with Neighbourhood(tmp_path) as cast:
        north = await two_admins(cast)
        desk, kim = north.services, north.staff
        ada = (await desk.access.sign_in("ada", PASSWORD)).actor
        await desk.rules.change(kim, {"public_yes": "two"})
        quiet, loud = (
            kit_of(texts={"script.intake": {"en": "Hello"}}),
            kit_of(texts={"scope.do": {"en": "Shopping"}, "script.intake": {"en": "Good day"}}),
        )
        assert not await desk.second_yes.kit(kim, quiet, tuple(Part)), (
            "read out at the desk, shown to nobody else"
        )
        assert await desk.texts.get("script.intake", "en") == "Hello"
        assert not await desk.second_yes.kit(kim, loud, [Part.RULES]), "nothing of that part is in it"
        done = await commands.run(
            desk,
            "kit_import",
            {"content": base64.b64encode(loud).decode(), "parts": [], "take": True},
        )
        assert (done["taken"], done["waits"]) == (False, True)
        assert await desk.texts.get("script.intake", "en") == "Hello", "all of it waits"
        assert await desk.texts.get("scope.do", "en") == ""
        [wish] = await desk.second_yes.waiting(ada)
        assert (wish.by, wish.own, wish.looked is not None) == ("", False, True)
        assert wish.looked is not None
        assert [each.what for each in wish.looked.changes] == ["scope.do", "script.intake"]
        await desk.texts.change(kim, "script.intake", "en", "Good evening")
        with pytest.raises(Conflict, match="in the meantime"):
            await desk.second_yes.decide(ada, wish.id, True, mark=wish.looked.mark)
        [wish] = await desk.second_yes.waiting(ada)
        assert wish.looked is not None
        await desk.second_yes.decide(ada, wish.id, True, mark=wish.looked.mark)
        assert await desk.texts.get("script.intake", "en") == "Good day"
        assert await desk.texts.get("scope.do", "en") == "Shopping"
        assert await desk.second_yes.waiting(ada) == []


async def test_the_command_line_waits_too(tmp_path) -> None:  # type: ignore[no-untyped-def]
    async with Neighbourhood(tmp_path) as cast:
        north = await two_admins(cast)
        desk, kim = north.services, north.staff
        await desk.rules.change(kim, {"public_yes": "two"})
        asked = {"choices": {"groceries": "public", "laundry": "only_us"}}
        done = await commands.run(desk, "share", asked)
        assert not done["done"], "the first time somebody reads the count before"
        assert done["uniqueness"]
        assert not await desk.second_yes.waiting(kim)
        done = await commands.run(desk, "share", asked | {"sure": True})
        assert done["waits"]
        assert (await desk.publishing.shared(kim))["groceries"] is Share.ONLY_US
        card = await commands.run(desk, "card", {"phone": "0117 496 0111", "hours": "", "state": "full"})
        assert card["waits"]
        assert (card["card"]["phone"], card["card"]["state"]) == ("", "full"), (
            "that we are full is said at once"
        )
        for wish in await desk.second_yes.waiting(kim):
            await desk.second_yes.decide(kim, wish.id, True)
        assert (await desk.publishing.shared(kim))["groceries"] is Share.PUBLIC
        assert (await desk.card.shown()).phone == "0117 496 0111"


async def test_names_and_the_rule_itself(tmp_path) -> None:  # type: ignore[no-untyped-def]
    async with Neighbourhood(tmp_path) as cast:
        north = await two_admins(cast)
        desk, kim = north.services, north.staff
        ada = (await desk.access.sign_in("ada", PASSWORD)).actor
        await desk.rules.change(kim, {"public_yes": "two"})
        both = {
            "groceries": KindChange(name="The Thursday bag", hidden=False),
            "repairs": KindChange(name="", hidden=True),
        }
        assert await desk.second_yes.names(kim, "en", both)
        assert desk.kinds.ours.name("groceries", "en") != "The Thursday bag"
        assert "repairs" in desk.kinds.ours.hidden, "to hide something waits for nobody"

        assert await desk.second_yes.rules(kim, {"public_yes": "one", "decide_hours": 7})
        assert await desk.second_yes.preset(kim, "street", keep_changes=False)
        now = (await desk.rules.now()).rules
        assert (now["public_yes"].value, now["decide_hours"].value) == ("two", 24)
        kit = kit_of(preset="street", rules={})
        assert await desk.second_yes.kit(kim, kit, [Part.RULES]), "a file is no way round it either"

        for wish in await desk.second_yes.waiting(ada):
            with pytest.raises(Conflict):
                await desk.second_yes.decide(kim, wish.id, True)
            await desk.second_yes.decide(ada, wish.id, wish.kind == "name")
        assert desk.kinds.ours.name("groceries", "en") == "The Thursday bag"
        assert (await desk.rules.now()).rules["public_yes"].value == "two"
        assert "repairs" in desk.kinds.ours.hidden


async def test_who_is_alone_decides_alone_and_whoever_comes_looks_at_it(tmp_path) -> None:  # type: ignore[no-untyped-def]
    """First set-up as a checked service, and everything until a second person is there."""
    async with Neighbourhood(tmp_path) as cast:
        north = await cast.add("north", set_up=False)
        desk = north.services
        code = await desk.setup.starting_code()
        answers = SetupAnswers(
            code=str(code),
            language="en",
            group_name="North",
            place=(51.45, -2.58),
            phone="0117 496 0111",
            handle="kim",
            password=PASSWORD,
            preset="checked",
        )
        await desk.setup.complete(answers, cards=rescue.split(bytes(rescue.SEED_LENGTH)))
        await north.sign_in()
        kim = north.staff
        assert await desk.second_yes.alone(kim)
        assert not await desk.second_yes.share(kim, {"groceries": Share.PEERS})
        assert not await desk.second_yes.text(kim, "scope.do", "en", "Shopping")
        assert (await desk.publishing.shared(kim))["groceries"] is Share.PEERS
        await desk.team.add_staff(kim, "tia", PASSWORD, [Role.TRIAGE])
        assert await desk.second_yes.alone(kim), "somebody who may not say yes is nobody to ask"
        await desk.team.add_staff(kim, "ada", PASSWORD, [Role.ADMIN])
        ada = (await desk.access.sign_in("ada", PASSWORD)).actor
        assert not await desk.second_yes.alone(kim)
        later = {each.kind: each for each in await desk.second_yes.waiting(ada)}
        assert {kind: each.alone for kind, each in later.items()} == {
            "card": True,
            "share": True,
            "text": True,
        }
        assert later["card"].value == {"name": "North", "phone": "0117 496 0111"}
        with pytest.raises(Conflict, match="yourself"):
            await desk.second_yes.decide(kim, later["card"].id, True)
        with pytest.raises(Conflict, match="own page"):
            await desk.second_yes.decide(ada, later["card"].id, False)
        await desk.second_yes.decide(ada, later["card"].id, True)
        await desk.second_yes.decide(ada, later["share"].id, False)
        await desk.second_yes.decide(ada, later["text"].id, False)
        assert (await desk.publishing.shared(kim))["groceries"] is Share.ONLY_US
        assert await desk.texts.get("scope.do", "en") == ""
        assert await desk.second_yes.text(kim, "scope.do", "en", "Shopping"), "from now on it waits"


LIFT = Question(
    id="",
    kind=Kind.CHOICE,
    asked=frozenset({AskedAt.PAGE, AskedAt.CALL}),
    words={"en": "Is there a lift?"},
    choices={"1": {"en": "Yes"}, "2": {"en": "No"}, "3": {"en": "Broken"}},
)
PLACE = Resource(id="", name="Made-up food bank", phone="0117 496 0111", kinds=("groceries",))


async def test_a_question_on_a_page_for_everybody_waits_and_one_for_calls_does_not(tmp_path) -> None:  # type: ignore[no-untyped-def]
    async with Neighbourhood(tmp_path) as cast:
        north = await two_admins(cast)
        desk, kim = north.services, north.staff
        ada = (await desk.access.sign_in("ada", PASSWORD)).actor
        assert not await desk.second_yes.question(kim, replace(LIFT, words={"en": "One is enough?"}))
        await desk.rules.change(kim, {"public_yes": "two"})
        quiet = replace(LIFT, asked=frozenset({AskedAt.CALL}), words={"en": "Only said at a call"})
        assert not await desk.second_yes.question(kim, quiet)

        assert await desk.second_yes.question(kim, LIFT)
        assert await desk.second_yes.question(kim, replace(LIFT, words={"en": "May we park?"}))
        assert len(await desk.questions.all()) == 2
        waiting = {each.value["words"]["en"]: each for each in await desk.second_yes.waiting(ada)}
        first, second = waiting["Is there a lift?"], waiting["May we park?"]
        with pytest.raises(Conflict, match="yourself"):
            await desk.second_yes.decide(kim, first.id, True)
        await desk.second_yes.decide(ada, first.id, True)
        await desk.second_yes.decide(ada, second.id, False)
        held = (await desk.questions.all())[-1]
        assert replace(held, id="") == LIFT, "one new question does not take the place of another"
        assert len(await desk.questions.all()) == 3

        changed = replace(
            held, asked=frozenset({AskedAt.HELPER}), words={"en": "Is there a lift, or stairs?"}
        )
        assert await desk.second_yes.question(kim, changed)
        now = (await desk.questions.all())[-1]
        assert (now.asked, now.words) == (frozenset(), held.words), "asked no more where it was: at once"
        await desk.second_yes.decide(ada, (await desk.second_yes.waiting(ada))[0].id, True)
        assert (await desk.questions.all())[-1] == changed
        fewer = replace(changed, choices={code: held.choices[code] for code in ("1", "2")})
        assert not await desk.second_yes.question(kim, fewer), "an answer less waits for nobody"


async def test_the_list_of_other_help_waits_and_a_place_goes_from_it_at_once(tmp_path) -> None:  # type: ignore[no-untyped-def]
    async with Neighbourhood(tmp_path) as cast:
        north = await two_admins(cast)
        desk, kim = north.services, north.staff
        ada = (await desk.access.sign_in("ada", PASSWORD)).actor
        await desk.rules.change(kim, {"public_yes": "two"})
        assert await desk.second_yes.place(kim, PLACE)
        assert await desk.resources.all() == []
        [wish] = await desk.second_yes.waiting(ada)
        assert (wish.kind, wish.value["phone"]) == ("place", "0117 496 0111")
        await desk.second_yes.decide(ada, wish.id, True)
        [place] = await desk.resources.all()
        assert replace(place, id="") == PLACE

        looked = replace(place, checked_on=date(2026, 11, 2))
        assert not await desk.second_yes.place(kim, looked), "only that somebody looked"
        other = replace(looked, phone="", hours="mornings", checked_on=date(2026, 11, 3))
        assert await desk.second_yes.place(kim, other)
        [now] = await desk.resources.all()
        assert now == replace(looked, phone=""), "the day belongs to the words that wait"
        await desk.second_yes.decide(ada, (await desk.second_yes.waiting(ada))[0].id, True)
        assert await desk.resources.all() == [other]

        sheet = (await desk.resources.as_json()).encode()
        assert (await desk.second_yes.places(kim, sheet))[1] is False, "nothing new is in it"
        await desk.resources.remove(kim, place.id)
        found, waits = await desk.second_yes.places(kim, sheet)
        assert (found.added, waits, await desk.resources.all()) == (1, True, [])
        await desk.second_yes.decide(ada, (await desk.second_yes.waiting(ada))[0].id, True)
        assert [each.name for each in await desk.resources.all()] == [PLACE.name]


async def test_alone_a_new_place_and_question_are_taken_back_and_a_changed_one_is_not(tmp_path) -> None:  # type: ignore[no-untyped-def]
    async with Neighbourhood(tmp_path) as cast:
        north = await cast.add("north")
        desk, kim = north.services, north.staff
        await desk.resources.save(kim, PLACE)
        [place] = await desk.resources.all()
        await desk.rules.change(kim, {"public_yes": "two"})
        assert not await desk.second_yes.place(kim, replace(PLACE, name="Another one"))
        assert not await desk.second_yes.place(kim, replace(place, hours="mornings"))
        assert not await desk.second_yes.question(kim, LIFT)
        await desk.team.add_staff(kim, "ada", PASSWORD, [Role.ADMIN])
        ada = (await desk.access.sign_in("ada", PASSWORD)).actor
        for each in await desk.second_yes.waiting(ada):
            assert each.alone
            if each.value["new"]:
                await desk.second_yes.decide(ada, each.id, False)
            else:
                with pytest.raises(Conflict, match="own page"):
                    await desk.second_yes.decide(ada, each.id, False)
        assert [each.hours for each in await desk.resources.all()] == ["mornings"]
        assert await desk.questions.all() == []


def test_what_of_a_question_is_done_at_once_is_always_a_question() -> None:
    before = replace(LIFT, id="q", choices={"1": {"en": "Yes"}, "2": {"en": "No"}})
    anew = replace(before, choices={"3": {"en": "Up"}, "4": {"en": "Down"}}, asked=frozenset({AskedAt.PAGE}))
    assert widening.question_at_once(before, anew) == replace(before, asked=frozenset({AskedAt.PAGE}))
    assert widening.question_at_once(None, anew) is None


async def test_what_waits_ends_with_what_is_taken_back_meanwhile(tmp_path) -> None:  # type: ignore[no-untyped-def]
    """Else a yes that comes later would bring back what somebody emptied or took off the list."""
    async with Neighbourhood(tmp_path) as cast:
        north = await two_admins(cast)
        desk, kim = north.services, north.staff
        two = desk.second_yes
        ada = (await desk.access.sign_in("ada", PASSWORD)).actor
        await desk.card.change(kim, phone="0117 496 0111", hours="mornings")
        await desk.texts.change(kim, "scope.do", "en", "Shopping")
        await desk.kinds.rename(kim, "en", {"groceries": "The bag", "repairs": "Handy people"})
        bank = await desk.resources.save(kim, PLACE)
        kitchen = await desk.resources.save(kim, replace(PLACE, name="Made-up kitchen"))
        lift = await desk.questions.save(kim, LIFT)
        park = await desk.questions.save(kim, replace(LIFT, words={"en": "May we park?"}))
        await desk.rules.change(kim, {"public_yes": "two"})

        async def waits() -> dict[tuple[str, str], Any]:
            return {(each.kind, each.subject): each.value for each in await two.waiting(ada)}

        for language in ("en", "es"):
            assert await two.text(kim, "scope.do", language, "Shopping and more")
        assert not await two.text(ada, "scope.do", "en", "")
        assert [each.language for each in await two.waiting(ada)] == ["es"]

        async def name(**names: str) -> bool:
            kinds = {code: KindChange(name=each, hidden=False) for code, each in names.items()}
            return await two.names(kim, "en", kinds)

        assert await name(groceries="The big bag", repairs="Handier people", laundry="Wash day")
        assert not await name(groceries="", repairs="Handy people", laundry=""), "as the page sends them"
        assert {subject for kind, subject in await waits() if kind == "name"} == {"repairs", "laundry"}

        assert await two.card(kim, phone="0117 496 0222", hours="evenings")
        assert not await two.card(ada, phone="", state="full")
        assert (await waits())[("card", "")] == {"hours": "evenings"}
        assert not await two.card(ada, phone="", hours="")
        assert ("card", "") not in await waits()

        assert await two.question(kim, replace(lift, words={"en": "Is there a good lift?"}))
        assert await two.question(kim, replace(park, words={"en": "May we park there?"}))
        await two.ask_no_more(ada, lift.id)
        assert not await two.question(ada, replace(park, asked=frozenset({AskedAt.CALL})))
        assert "question" not in {kind for kind, _ in await waits()}

        file = json.loads(await desk.resources.as_json())
        for each in file["contents"]:
            each["description"] = "now with soup"
        assert (await two.places(kim, json.dumps(file).encode()))[1]
        for place in (bank, kitchen):
            assert await two.place(kim, replace(place, hours="mornings"))
        assert not await two.place(kim, replace(kitchen, checked_on=date(2026, 11, 2)))
        assert ("place", kitchen.id) in await waits(), "somebody looked there, and took nothing out"
        await two.take_off(kim, bank.id)
        now = await waits()
        assert [each["id"] for each in now[("places", "")]["places"]] == [kitchen.id]
        assert {subject for kind, subject in now if kind == "place"} == {kitchen.id}
        assert not await two.place(kim, replace(kitchen, phone=""))
        assert {kind for kind, _ in await waits()} == {"text", "name"}

        for wish in await two.waiting(ada):
            await two.decide(ada, wish.id, True)
        assert await desk.texts.get("scope.do", "en") != "Shopping and more"
        assert [each.phone for each in await desk.resources.all()] == [""]
        assert desk.kinds.ours.name("groceries", "en") == desk.kinds.shared.name("groceries", "en")
