"""A form about something to give, read."""

from typing import Any

from aiohttp import web

from node.domain.gifts.gift import GiftDetails, GiftSort, NewGift, Way
from node.domain.intake.intake import NewPerson
from ui.forms.gifts import GiftForm
from ui.parts import places
from ui.web.site import LANGUAGE, catalogue_of


def offered(request: web.Request, form: GiftForm) -> GiftForm:
    """The form with the group's own kinds of help in it."""
    language = request[LANGUAGE].code
    form.kinds.choices = [(each.code, each.name(language)) for each in catalogue_of(request).offered]
    return form


async def read(request: web.Request, form: GiftForm, *, note: Any = "") -> NewGift:
    """What it says, before a service has looked at it."""
    return NewGift(
        person=NewPerson(
            name=form.name.data,
            phone=form.phone.data,
            email=form.email.data,
            address=form.address.data,
        ),
        point=await places.locate(request, form.address.data),
        sort=GiftSort(form.sort.data) if form.sort.data in set(GiftSort) else GiftSort.THING,
        details=GiftDetails(
            what=form.what.data,
            much=form.much.data,
            way=Way(form.way.data) if form.way.data in set(Way) else Way.EITHER,
            kinds=tuple(form.kinds.data),
            note=note,
        ),
        until=form.until.data,
    )
