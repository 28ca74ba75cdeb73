"""A starter kit: the same after writing and reading, never half good, and never with anything of anybody in it."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from node.domain.catalogue import OTHER, CheckLevel, Going, catalogue
from node.domain.settings.kit import Kit, Part, more_than_shared, reaches, without_people
from node.domain.settings.kit_changes import Change, after_taking, changes, problem
from node.domain.settings.kit_file import MOST_BYTES, read, written
from node.domain.settings.presets import RULES, Preset
from node.domain.settings.questions import MOST, AskedAt, Kind, Question
from node.domain.settings.texts import TEXTS, default
from node.errors import Invalid

CATALOGUE = catalogue()
CODES = [each.code for each in CATALOGUE.categories if each.code != OTHER]
IDS = st.text("abcdefgh", min_size=22, max_size=22)
WORDS = st.text("abc é¿ع", min_size=1, max_size=12).map(lambda text: " ".join(text.split())).filter(bool)
RULE_VALUES = {
    key: st.sampled_from(rule.choices) if rule.choices else st.integers(rule.low, rule.high)
    for key, rule in RULES.items()
}


@st.composite
def kits(draw: st.DrawFn) -> Kit:
    preset = draw(st.sampled_from(Preset))
    rules = {key: draw(values) for key, values in RULE_VALUES.items() if draw(st.booleans())}
    names = draw(
        st.dictionaries(st.tuples(st.sampled_from(CODES), st.sampled_from(["en", "ar"])), WORDS, max_size=4)
    )
    shareable = [key for key, text in TEXTS.items() if not text.ours_alone]
    texts = draw(
        st.dictionaries(
            st.tuples(st.sampled_from(shareable), st.sampled_from(["en", "es"])), WORDS, max_size=5
        )
    )
    asked = st.frozensets(st.sampled_from(AskedAt))
    open_questions = st.builds(
        lambda id, asked, words: Question(
            id=id, kind=Kind.TEXT, asked=asked, words={"en": words}, choices={}
        ),
        IDS,
        asked,
        WORDS,
    )
    chosen = st.builds(
        lambda id, asked, words: Question(
            id=id,
            kind=Kind.CHOICE,
            asked=asked,
            words={"en": words},
            choices={"1": {"en": "One", "es": "Uno"}, "3": {"en": "Three"}},
        ),
        IDS,
        asked,
        WORDS,
    )
    return Kit(
        group=draw(WORDS),
        preset=preset,
        rules={key: value for key, value in rules.items() if value != RULES[key].value(preset)},
        hidden=draw(st.frozensets(st.sampled_from(CODES), max_size=4)),
        names={
            (code, language): name
            for (code, language), name in ((key, " ".join(name.split())) for key, name in names.items())
            if name != CATALOGUE.category(code).names.get(language)
        },
        asks=more_than_shared(
            draw(
                st.dictionaries(
                    st.sampled_from(CODES),
                    st.tuples(st.sampled_from(CheckLevel), st.sampled_from(Going)),
                    max_size=4,
                )
            ),
            CATALOGUE,
        ),
        texts=texts,
        questions=tuple(
            draw(
                st.lists(
                    open_questions | chosen, max_size=3, unique_by=(lambda q: q.id, lambda q: q.words["en"])
                )
            )
        ),
    )


@given(kits())
def test_a_kit_comes_back_as_it_went(kit: Kit) -> None:
    assert read(written(kit).encode(), CATALOGUE) == kit


@given(kits(), kits(), st.frozensets(st.sampled_from(Part)))
def test_what_is_shown_is_what_changes_and_once_is_enough(now: Kit, kit: Kit, parts: frozenset[Part]) -> None:
    after = after_taking(now, kit, parts)
    assert {each.part for each in changes(after, kit)} & parts == set()
    for part in set(Part) - parts:
        before = [each for each in changes(now, kit) if each.part is part]
        assert [each for each in changes(after, kit) if each.part is part] == before
    if not changes(now, kit):
        again = after_taking(now, kit, frozenset(Part))
        assert (again.rules, again.hidden, again.texts) == (now.rules, now.hidden, now.texts)


@pytest.mark.parametrize(
    "text",
    [
        "Ring Ana on 07700 900123.",
        "ana@example.org",
        "+44 (0)117 496 0777",
        "0117-496-0777",
        "https://example.org/t/abc",
        "www.example.org",
        "٠٧٧٠٠٩٠٠١٢٣",
    ],
)
def test_whoever_could_be_reached_by_it_stays_at_home(text: str) -> None:
    assert reaches(text)
    question = Question(
        id="a" * 22, kind=Kind.CHOICE, asked=frozenset(), words={"en": "Which?"}, choices={"1": {"en": text}}
    )
    kit = Kit(
        group=text,
        preset=Preset.STREET,
        names={("groceries", "en"): text[:60]},
        texts={
            ("script.intake", "en"): text,
            ("script.closing", "en"): "Goodbye.",
            ("privacy.contact", "en"): "Ana",
        },
        questions=(question,),
    )
    out = without_people(kit)
    assert (out.group, out.names, out.questions) == ("", {}, ())
    assert out.texts == {("script.closing", "en"): "Goodbye."}
    assert set(out.left_out) == {"kinds/groceries/en", "texts/script.intake/en", "questions/Which?"}
    assert text not in json.loads(written(kit)).values()
    assert text not in written(kit)


@pytest.mark.parametrize(
    "text", ["Ring 112, or 999.", "Ring 116 123 at night", "From 10:00 to 12:30", "2026"]
)
def test_an_emergency_number_and_a_time_may_go(text: str) -> None:
    assert not reaches(text)


def test_every_default_may_stand_in_a_kit() -> None:
    for key in TEXTS:
        for language in ("en", "es", "ar"):
            assert not reaches(default(key, language)[0]), (key, language)


def document(**parts: Any) -> bytes:
    return json.dumps({"format": "mutualaid-kit/1", "preset": "street", **parts}).encode()


QUESTION = {"id": "a" * 22, "kind": "text", "asked": ["call"], "words": {"en": "Why?"}, "choices": {}}


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe",
        b"[]",
        b"null",
        b"{}",
        b"[" * 5000,
        b'{"format": "mutualaid-kit/2"}',
        document(preset="palace"),
        document(preset=7),
        document(rules={"decide_hours": 1000}),
        document(rules={"decide_hours": True}),
        document(rules={"decide_hours": "4"}),
        document(preset=None, rules={"decide_hours": 4}),
        document(rules=[]),
        document(kinds={"hidden": [OTHER]}),
        document(kinds={"hidden": [{}]}),
        document(kinds={"names": {"groceries": "Shopping"}}),
        document(kinds={"names": {"groceries": {"en": "x" * 61}}}),
        document(kinds={"names": {"groceries": {"en": "a\u202eb"}}}),
        document(texts={"script.closing": {"en": "{nonsense}"}}),
        document(texts={"script.closing": {"en": 5}}),
        document(texts={"script.greeting": {"en": "two\nlines"}}),
        document(texts={"script.closing": {"en": "x" * 3001}}),
        document(questions={}),
        document(questions=[QUESTION, QUESTION]),
        document(questions=[QUESTION | {"id": "short"}]),
        document(questions=[QUESTION | {"words": {}}]),
        document(questions=[QUESTION | {"kind": "essay"}]),
        document(questions=[QUESTION | {"asked": ["dreams"]}]),
        document(questions=[QUESTION | {"choices": {"1": {"en": "a"}}}]),
        document(questions=[QUESTION | {"id": f"{at:022}"} for at in range(MOST + 1)]),
        document(group=5),
        b" " * (MOST_BYTES + 1),
    ],
)
def test_a_bad_file_is_no_kit_at_all(content: bytes) -> None:
    with pytest.raises(Invalid):
        read(content, CATALOGUE)


def test_what_a_newer_version_knows_is_left_out_and_named() -> None:
    kit = read(
        document(
            rules={"moon_phase": 3},
            kinds={"hidden": ["time_travel", "groceries"], "names": {"time_travel": {"en": "Trips"}}},
            texts={"script.farewell": {"en": "Bye"}, "script.closing": {"xx": "?", "en": "Bye"}},
            weather="fine",
        ),
        CATALOGUE,
    )
    assert kit.hidden == {"groceries"}
    assert kit.texts == {("script.closing", "en"): "Bye"}
    assert set(kit.left_out) == {
        "rules/moon_phase", "kinds/time_travel", "texts/script.farewell", "texts/script.closing/xx",
    }  # fmt: skip


def test_the_same_question_of_another_group_is_not_asked_twice() -> None:
    ours = Question(
        id="o" * 22, kind=Kind.YES_NO, asked=frozenset(), words={"en": "Is there a lift?"}, choices={}
    )
    theirs = Question(
        id="t" * 22,
        kind=Kind.YES_NO,
        asked=frozenset({AskedAt.CALL}),
        words={"en": "Is there a lift?", "es": "¿Hay ascensor?"},
        choices={},
    )
    [question] = after_taking(Kit(questions=(ours,)), Kit(questions=(theirs,)), frozenset(Part)).questions
    assert (question.id, question.say("es")) == (ours.id, "¿Hay ascensor?")
    written_another_way = Question(
        id=ours.id, kind=Kind.TEXT, asked=frozenset(), words={"en": "Which floor?"}, choices={}
    )
    both = after_taking(
        Kit(questions=(ours,)), Kit(questions=(written_another_way,)), frozenset(Part)
    ).questions
    assert [each.id for each in both] == [ours.id, ""], (
        "one that is answered in another way is another question"
    )


def test_two_kinds_never_get_one_name() -> None:
    first, second = CODES[:2]
    name = CATALOGUE.name(second, "en")
    assert problem(Kit(names={(first, "en"): name}), CATALOGUE)
    assert not problem(Kit(names={(first, "en"): name}, hidden=frozenset({second})), CATALOGUE)


def test_a_change_says_what_was_and_what_will_be() -> None:
    now, kit = Kit(preset=Preset.STREET), Kit(preset=Preset.CHECKED, hidden=frozenset({"lift"}))
    found = changes(now, kit)
    assert Change(part=Part.RULES, what="preset", before="street", after="checked") in found
    assert Change(part=Part.RULES, what="second_yes", before="one", after="two") in found
    assert Change(part=Part.KINDS, what="lift", before="shown", after="hidden") in found


@given(kits(), kits())
def test_a_kit_never_lowers_what_is_asked(now: Kit, kit: Kit) -> None:
    after = after_taking(now, read(written(kit).encode(), CATALOGUE), frozenset(Part))
    checks, goings = list(CheckLevel), list(Going)
    for before in (now.asks, kit.asks):
        for code, (check, going) in before.items():
            assert checks.index(after.asks[code][0]) >= checks.index(check)
            assert goings.index(after.asks[code][1]) >= goings.index(going)
    shown = {each.what for each in changes(now, kit) if each.part is Part.SAFETY}
    assert shown == {code for code in after.asks if after.asks[code] != now.asks.get(code)}, (
        "all of it was shown"
    )


def test_less_than_everybody_asks_is_nothing_and_what_is_no_check_is_no_kit() -> None:
    strict = next(each for each in CATALOGUE.categories if each.check is not CheckLevel.NONE)
    less = {"format": "mutualaid-kit/1", "safety": {strict.code: {"check": "none", "going": "alone"}}}
    assert read(json.dumps(less).encode(), CATALOGUE).asks == {}
    unknown = less | {"safety": {"of_tomorrow": {"check": "id", "going": "pair"}}}
    assert read(json.dumps(unknown).encode(), CATALOGUE).left_out == ("safety/of_tomorrow",)
    wrong = less | {"safety": {strict.code: {"check": "a good feeling", "going": "alone"}}}
    with pytest.raises(Invalid):
        read(json.dumps(wrong).encode(), CATALOGUE)
