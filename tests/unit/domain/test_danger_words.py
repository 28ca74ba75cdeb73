"""The words that mean danger, as people say them of themselves, and as a desk types them of somebody else."""

import pytest

from node.domain.intake.emergency import words_said
from node.domain.settings.texts import DEFAULTS, MOST_LETTERS, words_in

WORDS = [word for texts in DEFAULTS.values() for word in words_in(texts["emergency.words"])]

OF_THEMSELVES = """
I can't breathe
i cant breathe properly since lunch
my chest hurts so much
I just want to die.
he hit me last night
No puedo respirar, me duele el pecho
ya no quiero vivir, quiero morirme
mi marido me ha pegado
huele a gas en la cocina
me quiero suicidar
me voy a suicidar
me he caído y no reacciona mi madre
لا أستطيع التنفس
أريد أن أموت
سأقتل نفسي
زوجي يضربني
"""
AT_THE_DESK = """
He can\u2019t breathe
Mum won't wake up
she wants to die
says he wants to kill himself
her son threatens to kill her
afraid that he'll kill the children
husband hits her
he hit her yesterday
Her partner beats her up
he beat her up on Sunday
he says he will kill her
can't wake him up
neighbour cannot wake her husband
She doesn\u2019t wake up
kitchen smells gas since this morning
smell of gas on the stairs
he collapsed in the hall
baby is choking
having a seizure
he was stabbed
took too many pills
she took all her pills at noon
child has been poisoned
daughter does self-harm
cutting herself again
carbon monoxide alarm went off
fell and can't get up
found him lying on the floor
her waters broke
flat is full of smoke
smoke in the kitchen
he hits his wife
half her face droops
cut his wrists
she feels like ending it all
baby is blue around the lips
she fainted twice
locked in by her husband
le pega a su mujer
la ha pegado otra vez
lo van a matar
ayer tomó muchas pastillas
هي تريد الموت
ابتلعت حبوبا كثيرة
dice que quiere suicidarse
se quiere suicidar
quiere morirse
la abuela quiere morir
ya no quiere vivir
se quiere matar
su marido le pega
el padre les pega a los niños
su marido la golpea
no se despierta
no puedo despertarla
tiene convulsiones
se ha desmayado dos veces
demasiadas pastillas
se ha tomado muchas pastillas
el niño está intoxicado
se ha caído y no puede levantarse
amenaza con matarla
se está ahogando
hay una fuga de gas
تريد أن تموت
يريد أن يموت
تتمنى الموت
بدها تموت
تريد أن تقتل نفسها
قال إنه سيقتل نفسه
هددت بالانتحار
زوجها يضربها
الأب يضرب الأطفال
يصرخ ويضربها كل يوم
يهدد بقتلها
لا تستيقظ منذ ساعة
لا نستطيع إيقاظه
أغمي عليها
سقطت ولا تستطيع النهوض
أخذت حبوبًا كثيرة
تسرب غاز في المطبخ
عنده تشنجات
"""
HARMLESS = """
Milk, bread and a chest of drawers to carry
Please ring after ten, she sleeps in
does not want to live alone any more, looks for company
can't get up the stairs, please leave it at the door
can't go on Tuesday, Wednesday is fine
collect all her tablets from the pharmacy, he takes many pills
the shelf collapsed, needs somebody with tools
a smoke alarm to fit, and a gas cooker to connect
The landlord is not responding
her husband died in spring, she would like a visit
cut his hair, wash herself with help
please knock, the bell would wake the baby
the battery is dying, kill the weeds in the garden
son hits the road on Friday, boxes to carry
Drop the parcel on the floor by the door
she beats eggs for a cake; a whisk is wanted
is afraid of dogs
lost a pill box
short of money for gas and electricity
Me hace falta la compra
se corta la luz a menudo, hace falta una linterna
no responde al teléfono por la mañana
toma muchas pastillas, hay que recogerlas en la farmacia
recoger todas las pastillas de la farmacia
quiere vivir más cerca de su hija
una bombona de gas para la cocina
análisis de sangre el martes
matar las cucarachas
le gusta que la visiten
se levanta tarde, no llamar antes de las diez
su marido murió en marzo y se siente sola
la alarma de humo no funciona
pegamento y papel para el colegio
أريد خبزا
تحتاج إلى أدوية من الصيدلية
توفي زوجها في الربيع وتريد زيارة
لا تستطيع حمل الأكياس إلى الأعلى
أسطوانة غاز للمطبخ
يستيقظ متأخرا، اتصلوا بعد العاشرة
تتناول حبوب الضغط كل يوم
ابنها مريض ويحتاج إلى طبيب
تريد أن تعيش قريبا من ابنتها
طول الستارة مئة سم
"""


def _rows(table: str) -> list[str]:
    return table.strip().split("\n")


@pytest.mark.parametrize("said", _rows(OF_THEMSELVES) + _rows(AT_THE_DESK))
def test_danger_is_heard_in_what_people_say_and_in_what_a_desk_types(said: str) -> None:
    assert words_said(said, WORDS)


@pytest.mark.parametrize("said", _rows(HARMLESS))
def test_ordinary_requests_raise_no_alarm(said: str) -> None:
    assert not words_said(said, WORDS)


@pytest.mark.parametrize("language", DEFAULTS)
def test_a_group_can_add_to_the_list_it_begins_with(language: str) -> None:
    listed = DEFAULTS[language]["emergency.words"]
    assert len(listed) < MOST_LETTERS - 50
    assert len(words_in(listed)) == len(set(words_in(listed)))
