"""The words that mean danger, as people say them of themselves on the telephone and in a message."""

import pytest

from node.domain.intake.emergency import words_said
from node.domain.settings.texts import DEFAULTS, words_in

WORDS = [word for texts in DEFAULTS.values() for word in words_in(texts["emergency.words"])]


@pytest.mark.parametrize(
    "said",
    [
        "I can't breathe",
        "i cant breathe properly since lunch",
        "He can\u2019t breathe",
        "my chest hurts so much",
        "I just want to die.",
        "he hit me last night",
        "Mum won't wake up",
        "No puedo respirar, me duele el pecho",
        "ya no quiero vivir, quiero morirme",
        "mi marido me ha pegado",
        "huele a gas en la cocina",
        "لا أستطيع التنفس",
        "أريد أن أموت",
    ],
)
def test_danger_is_heard_in_what_people_say_of_themselves(said: str) -> None:
    assert words_said(said, WORDS)


@pytest.mark.parametrize(
    "said",
    [
        "Milk, bread and a chest of drawers to carry",
        "Me hace falta la compra",
        "أريد خبزا",
    ],
)
def test_ordinary_requests_raise_no_alarm(said: str) -> None:
    assert not words_said(said, WORDS)
