"""Who is offered for a need and why, and who is not."""

from datetime import date, timedelta
from typing import Any

import pytest

from node.domain.board.views import Candidate
from node.domain.catalogue import CheckLevel
from node.domain.consents import Consents
from node.domain.hours import ALL_HOURS, without_weekdays
from node.domain.intake.intake import NewNeed
from node.domain.need import CloseReason, PartOfDay, Point, Window
from node.domain.people.newcomer import NewVolunteer
from node.domain.volunteer import Cleared, Stage, Transport
from node.errors import Conflict, Locked
from tests.harness.office import HOME, Office, point


async def names(office: Office, need_id: str, limit: int = 5) -> list[str]:
    found = await office.matching.candidates(office.ana, need_id, limit)  # type: ignore[arg-type]
    return [candidate.name for candidate in found]


def codes(candidate: Candidate) -> dict[str, dict[str, str | int | float]]:
    return {reason.code: reason.args for reason in candidate.reasons}


async def test_reasons_in_words_a_page_can_say(office: Office) -> None:
    first = await office.call("groceries", speaks=("es",))
    sam = await office.helper(transport=Transport.CAR, languages=("en", "es"), max_per_week=3)
    await office.dispatch.report_done(office.ana, await office.confirmed(first.need_id, sam))
    await office.dispatch.close(office.ana, first.need_id, CloseReason.COMPLETED)
    second = await office.intake.take(
        office.ana,
        NewNeed(
            known_person=first.person_id,
            categories=("groceries",),
            requires=("car",),
            point=HOME,
            consents=Consents(help_you=True),
            start="open",
        ),
    )
    (found,) = await office.matching.candidates(office.ana, second.need_id)
    assert codes(found) == {
        "distance": {"km": 0.8},
        "transport": {"transport": "car"},
        "speaks": {"language": "es"},
        "helped_before": {"times": 1},
        "this_week": {"count": 1, "most": 3},
    }
    assert found.score == pytest.approx(sum(part.points for part in found.parts), abs=4)
    assert found.distance_km == 0.8


@pytest.mark.parametrize("accuracy", [500, 1200])
async def test_a_place_known_no_better_than_500_m_has_no_figure(office: Office, accuracy: int) -> None:
    need_id = await office.need(point=Point(lat=HOME.lat, lon=HOME.lon, accuracy_m=accuracy))
    await office.helper()
    await office.helper("Far Pretend", point=point(4.5))
    found = await office.matching.candidates(office.ana, need_id)
    assert [candidate.distance_km for candidate in found] == [None, None]
    assert ["same_district" in codes(candidate) for candidate in found] == [True, False]
    assert "other_district" in codes(found[1])


async def test_each_gate_shuts_and_says_so(office: Office) -> None:
    today = office.desk.today
    weekday = "mon"
    assert today.weekday() == 0
    need_id = await office.need(
        "childcare", languages=("es",), helpers=2, speaks=("es",), window=Window(first=today, last=today)
    )
    fits = {"languages": ("es",)}
    cases = {
        "fits": {},
        "off_today": {"hours": without_weekdays((weekday,))},
        "not_this_kind": {"abilities": ("groceries",)},
        "lacks_check": {"cleared": (Cleared(check=CheckLevel.ID),)},
        "check_out_of_date": {
            "cleared": (Cleared(check=CheckLevel.CRIMINAL_RECORD, until=today - timedelta(days=1)),)
        },
        "lacks_language": {"languages": ("en",)},
        "too_far": {"point": point(9.0)},
    }
    for code, changes in cases.items():
        person = await office.helper(code, **(fits | changes))
        assert (await office.matching.why_not(office.ana, need_id, person)).code == code
    paused = await office.helper("paused", **fits)
    await office.people.pause(office.ana, paused, today + timedelta(days=3))
    why = await office.matching.why_not(office.ana, need_id, paused)
    assert (why.code, why.args) == ("paused", {"until": (today + timedelta(days=3)).isoformat()})
    gone = await office.helper("gone", **fits)
    await office.people.leave(office.ana, gone)
    assert (await office.matching.why_not(office.ana, need_id, gone)).code == "left"
    asked = await office.helper("asked", **fits)
    await office.dispatch.propose(office.ana, need_id, asked)
    assert (await office.matching.why_not(office.ana, need_id, asked)).code == "already_asked"
    assert await names(office, need_id) == ["fits"]


async def test_what_the_task_takes(office: Office) -> None:
    need_id = await office.need(tags=("heavy", "cold"), requires=("car",))
    await office.helper("Strong", takes=("heavy",), transport=Transport.VAN)
    weak = await office.helper("Weak", transport=Transport.CAR)
    walking = await office.helper("Walking", takes=("heavy",))
    assert await names(office, need_id) == ["Strong"]
    assert (await office.matching.why_not(office.ana, need_id, weak)).args == {"code": "heavy"}
    assert (await office.matching.why_not(office.ana, need_id, walking)).args == {"code": "car"}


async def test_a_full_week_and_the_week_after(office: Office) -> None:
    sam = await office.helper(max_per_week=1)
    done, wanted = await office.need(), await office.need()
    await office.confirmed(done, sam)
    why = await office.matching.why_not(office.ana, wanted, sam)
    assert (why.code, why.args) == ("week_full", {"count": 1, "most": 1})
    office.clock.advance(days=7, seconds=1)
    assert (await office.matching.why_not(office.ana, wanted, sam)).code == "fits"


async def test_nearest_freest_and_familiar_come_first(office: Office) -> None:
    need_id = await office.need()
    await office.helper("Near", point=point(0.3))
    await office.helper("Middle", point=point(1.5))
    await office.helper("Further", point=point(3.0))
    await office.helper("Nowhere", point=None)
    assert await names(office, need_id) == ["Near", "Middle", "Further", "Nowhere"]
    assert await names(office, need_id, limit=2) == ["Near", "Middle"]


async def test_help_from_afar_has_no_distance(office: Office) -> None:
    need_id = await office.need("phone_call", remote=True)
    await office.helper("Distant", point=point(80.0))
    (found,) = await office.matching.candidates(office.ana, need_id)
    assert "distance" not in codes(found)
    assert found.distance_km is None


async def test_nobody_is_offered_for_their_own_need(office: Office) -> None:
    taken = await office.call()
    await office.people.add_volunteer(
        office.ana,
        NewVolunteer(known_person=taken.person_id, abilities=("groceries",), point=HOME),
    )
    assert await names(office, taken.need_id) == []
    assert (await office.matching.why_not(office.ana, taken.need_id, taken.person_id)).code == "own_need"


async def test_changes_are_seen_at_once(office: Office) -> None:
    need_id = await office.need()
    assert await names(office, need_id) == []
    sam = await office.helper("Sam")
    assert await names(office, need_id) == ["Sam"]
    await office.people.pause(office.ana, sam)
    assert await names(office, need_id) == []
    await office.people.resume(office.ana, sam)
    assert await names(office, need_id) == ["Sam"]
    await office.people.bar(office.safety, sam, "reasons")
    assert await names(office, need_id) == []
    await office.people.unbar(office.safety, sam, "a mistake")
    assert await names(office, need_id) == ["Sam"]


async def test_locked_ranks_nobody_and_keeps_nothing_in_memory(office: Office) -> None:
    need_id = await office.need()
    sam = await office.helper()
    await office.matching.candidates(office.ana, need_id)
    office.lock()
    assert list(office.roster.all_of_them()) == []
    with pytest.raises(Locked):
        await office.matching.candidates(office.ana, need_id)
    with pytest.raises(Locked):
        await office.matching.why_not(office.ana, need_id, sam)
    await office.unlock()
    assert await names(office, need_id) == ["Sam Pretend"]


async def test_people_who_must_not_meet_are_kept_apart_without_a_word(office: Office) -> None:
    taken = await office.call()
    sam = await office.helper("Sam")
    await office.helper("Kim")
    barred = await office.helper("Bar")
    await office.people.bar(office.safety, barred, "reasons")
    task = await office.dispatch.propose(office.ana, taken.need_id, sam)
    await office.people.keep_apart(office.safety, sam, taken.person_id, "reasons of their own")
    assert await names(office, taken.need_id) == ["Kim"]
    # The live task between them ended, and she looks like anybody who is not suitable.
    with pytest.raises(Conflict):
        await office.dispatch.approve(office.ana, task)
    assert await office.matching.why_not(office.ana, taken.need_id, sam) == await office.matching.why_not(
        office.ana, taken.need_id, barred
    )
    for person in (sam, barred):
        with pytest.raises(Conflict) as refused:
            await office.dispatch.assign(office.ana, taken.need_id, person)
        assert (refused.value.code, dict(refused.value.values)) == ("not_suitable", {})
    # No page, history or audit row names the pair.
    for person in (sam, taken.person_id):
        view = await office.people.person(office.safety, person)
        assert not any("apart" in row.action for row in view.history)
        shown = repr(view)
        assert (taken.person_id if person == sam else sam) not in shown.replace(repr(view.needs), "")
    async with office.db.read() as tx:
        rows = await (
            await tx.execute("SELECT object, codes FROM audit WHERE action = 'apart.added'")
        ).fetchall()
    assert len(list(rows)) == 1
    for row in rows:
        assert sam not in str(tuple(row))
        assert taken.person_id not in str(tuple(row))


async def test_apart_holds_both_ways_round(office: Office) -> None:
    taken = await office.call("lift")
    sam = await office.helper("Sam")
    await office.people.keep_apart(office.ana, sam, taken.person_id)
    await office.people.add_volunteer(
        office.ana, NewVolunteer(known_person=taken.person_id, abilities=("groceries",), point=HOME)
    )
    hers = await office.intake.take(
        office.ana, NewNeed(known_person=sam, categories=("groceries",), point=HOME, start="open")
    )
    assert await names(office, hers.need_id) == []


async def test_apart_holds_after_a_restart(office: Office) -> None:
    taken = await office.call()
    sam = await office.helper()
    await office.people.keep_apart(office.ana, taken.person_id, sam)
    office.lock()
    await office.unlock()
    assert await names(office, taken.need_id) == []


async def test_barred_requesters_are_offered_nobody(office: Office) -> None:
    taken = await office.call()
    await office.helper()
    await office.people.bar(office.safety, taken.person_id, "reasons")
    assert await names(office, taken.need_id) == []


async def test_days_off_may_be_dates(office: Office) -> None:
    first = date(2026, 11, 4)
    need_id = await office.need(window=Window(first=first, last=first))
    await office.helper("Off", days_off=("2026-11-04",))
    await office.helper("On", days_off=("2026-11-02",))
    assert await names(office, need_id) == ["On"]


async def test_the_part_of_the_day_decides(office: Office) -> None:
    today = office.desk.today
    need_id = await office.need(window=Window(first=today, last=today), part_of_day=PartOfDay.EVENING)
    await office.helper("Evenings", hours=("mon:evening",))
    mornings = await office.helper("Mornings", hours=("mon:morning", "tue:evening"))
    assert await names(office, need_id) == ["Evenings"]
    why = await office.matching.why_not(office.ana, need_id, mornings)
    assert (why.code, why.args) == (
        "off_then",
        {"day": today.isoformat(), "weekday": "mon", "part": "evening"},
    )


async def test_a_need_of_this_week_waits_for_the_day_she_can(office: Office) -> None:
    need_id = await office.need(part_of_day=PartOfDay.MORNING)
    await office.helper("Thursdays", hours=("thu:morning",))
    never = await office.helper("Afternoons", hours=tuple(h for h in ALL_HOURS if h.endswith("noon")))
    assert await names(office, need_id) == ["Thursdays"]
    why = await office.matching.why_not(office.ana, need_id, never)
    assert (why.code, why.args) == ("off_all", {"part": "morning"})


@pytest.mark.parametrize(
    ("kind", "tags", "rests"),
    [("groceries", ("heavy",), True), ("violence", (), True), ("groceries", (), False)],
)
async def test_rest_after_a_hard_task(office: Office, kind: str, tags: tuple[str, ...], rests: bool) -> None:
    sam = await office.helper(rest_days=2, takes=("heavy",), abilities=("groceries", "violence"))
    done = await office.confirmed(await office.need(kind, tags=tags), sam)
    await office.dispatch.report_done(office.ana, done)
    today = office.desk.today
    wanted = await office.need(window=Window(first=today, last=today + timedelta(days=1)))
    why = await office.matching.why_not(office.ana, wanted, sam)
    assert why.code == ("resting" if rests else "fits")
    if rests:
        assert why.args == {"until": (today + timedelta(days=3)).isoformat()}
        await office.confirmed(wanted, sam)  # she may say yes all the same
        office.clock.advance(days=3)
        assert (await office.matching.why_not(office.ana, await office.need(), sam)).code == "fits"


async def test_a_newcomer_stays_at_the_doorstep_or_beside_somebody_we_know(office: Office) -> None:
    new: dict[str, Any] = {"stage": Stage.APPLIED, "cleared": (), "abilities": ("groceries", "furniture")}
    nia, pip = await office.helper("Nia", **new), await office.helper("Pip", **new)
    known = await office.helper("Known", abilities=("furniture",))
    assert "new_here" in codes((await office.matching.candidates(office.ana, await office.need()))[0])
    inside = await office.need("furniture", helpers=3)
    assert await names(office, inside) == ["Known"]
    assert (await office.matching.why_not(office.ana, inside, nia)).code == "newcomer"
    with pytest.raises(Conflict) as refused:
        await office.confirmed(inside, nia)
    assert refused.value.values["gate"] == "newcomer"
    pair = await office.confirmed(inside, known)
    await office.confirmed(inside, nia)
    assert sorted(await names(office, inside)) == ["Pip"]
    assert await office.matching.new_and_alone(office.ana, inside) == ()
    await office.dispatch.release(office.ana, pair)
    assert await office.matching.new_and_alone(office.ana, inside) == ("Nia",)
    assert (await office.matching.why_not(office.ana, inside, pip)).code == "newcomer", (
        "two newcomers are no pair"
    )


async def test_whose_turn_it_is_is_said_and_counts(office: Office) -> None:
    lately, never = await office.helper("Lately"), await office.helper("Never")
    for _ in range(3):
        task = await office.confirmed(await office.need(), lately)
        await office.dispatch.report_done(office.ana, task)
    wanted = await office.need()
    office.clock.advance(days=8)  # the week is over, the month is not
    first, second = await office.matching.candidates(office.ana, wanted)
    assert (first.name, second.name) == ("Never", "Lately")
    assert "never_asked" in codes(first)
    assert codes(second)["not_asked"] == {"days": 8}
    assert codes(second)["had_many"] == {"count": 3}
    assert sum(part.most for part in first.parts) == 100
    # Being asked is enough: her answer is not waited for.
    await office.dispatch.propose(office.ana, await office.need(), never)
    again = await office.matching.candidates(office.ana, wanted)
    assert "never_asked" not in {code for each in again for code in codes(each)}


async def test_hours_that_suit_only_partly_are_said(office: Office) -> None:
    today = office.desk.today
    need_id = await office.need(window=Window(first=today, last=today + timedelta(days=1)))
    await office.helper("Always")
    await office.helper("Mornings", hours=("mon:morning", "tue:morning"))
    whole, partly = await office.matching.candidates(office.ana, need_id)
    assert (whole.name, partly.name) == ("Always", "Mornings")
    assert "some_times" not in codes(whole)
    assert codes(partly)["some_times"] == {"free": 2, "all": 6}
