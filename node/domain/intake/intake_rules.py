"""What a call or form must hold before it is stored, and how much of it may stand clear on disk."""

from dataclasses import replace

from node.domain.catalogue import Catalogue, Klass
from node.domain.folded import folded
from node.domain.intake import items
from node.domain.intake.intake import MAX_LINE, MAX_TEXT, NewNeed, NewPerson
from node.domain.money import CATEGORY, MOST_HUNDREDTHS, NOTHING, Money
from node.domain.need import MAX_HELPERS, PRIVATE_CATEGORY, SHARED_LANGUAGES, Need, NeedDetails
from node.domain.person import ContactBy, PersonDetails, Phone, PhoneKind
from node.domain.reach import is_email, is_phone
from node.errors import N_

MAX_KINDS = 10
MAX_CODES = 12

NO_AMOUNT = N_("Write an amount, like 45 or 45.50.")
_LINES = ("name", "phone", "screen", "email", "address", "safe_to_ring", "contact_by", "contact_name")


def _found_by(*texts: str) -> bool:
    return any(text.strip() for text in texts)


def reachable(details: NeedDetails, person: PersonDetails) -> bool:
    """The same as is asked of a call, of what is held: whether there is anything by which somebody could find whom a
    need is for, or tell them who comes. A number, an e-mail or an address of hers, the place of the need, or the number
    of whoever asked for her."""
    hers = (person.best_phone, person.email, person.address)
    return _found_by(*hers, details.place_text, details.caller.phone if details.caller else "")


def problems(new: NewNeed, catalogue: Catalogue) -> dict[str, str]:
    """Every field that does not fit, with what to do about it (a msgid); empty when all is well."""
    found: dict[str, str] = {}
    person, caller = new.person, new.caller
    _check_phone(found, "phone", person.phone, person.phone_kind)
    _check_phone(found, "screen", person.screen, person.screen_kind)
    if person.email and not is_email(person.email):
        found["email"] = N_("This does not look like an e-mail address.")
    if caller is not None and caller.phone and not is_phone(caller.phone):
        found["caller_phone"] = N_("This does not look like a phone number.")
    hers = (person.phone, person.screen, person.email, person.address)
    if new.known_person is None and not _found_by(*hers, new.place_text, caller.phone if caller else ""):
        found.setdefault(
            "phone", N_("Write a phone number, an e-mail or an address, so that somebody can be found.")
        )
    if not new.categories:
        found["categories"] = N_("Choose at least one kind of help.")
    elif any(code not in catalogue for code in new.categories):
        found["categories"] = N_("Choose kinds of help from the list.")
    elif len(new.categories) > MAX_KINDS:
        found["categories"] = N_("That is more than we can take at once. Choose ten or fewer.")
    if wrong := items.problem(new.items):
        found["items"] = wrong
    for field, amount in (("money", new.money.asked), ("money_most", new.money.most)):
        if not 0 <= amount <= MOST_HUNDREDTHS:
            found[field] = NO_AMOUNT
    if not 1 <= new.helpers <= MAX_HELPERS:
        found["helpers"] = N_("Choose between 1 and 20 helpers.")
    if new.window is not None and new.window.last < new.window.first:
        found["window"] = N_("The last day is before the first.")
    if new.consents.help_you is False:
        found["help_you"] = N_("Without a yes to being helped we cannot keep this.")
    _check_lengths(found, new)
    return found


def reach_problems(person: NewPerson) -> dict[str, str]:
    """What keeps somebody who is only to be told from being written to as she chose: her fields, as in ``problems``."""
    found: dict[str, str] = {}
    _check_phone(found, "phone", person.phone, person.phone_kind)
    if person.contact_by == ContactBy.EMAIL and not is_email(person.email):
        found["email"] = N_("This does not look like an e-mail address.")
    if person.contact_by == ContactBy.TEXT and not person.phone.strip():
        found["phone"] = N_("For text messages we need your number.")
    for field in ("name", "phone", "email", "safe_to_ring"):
        if len(getattr(person, field)) > MAX_LINE:
            found.setdefault(field, N_("This is too long. Shorten it, please."))
    return found


def _check_phone(found: dict[str, str], field: str, number: str, kind: PhoneKind) -> None:
    if number.strip() and kind in (PhoneKind.OWN, PhoneKind.NEIGHBOUR) and not is_phone(number):
        found[field] = N_("This does not look like a phone number.")


def _check_lengths(found: dict[str, str], new: NewNeed) -> None:
    too_long = N_("This is too long. Shorten it, please.")
    for field in _LINES:
        if len(getattr(new.person, field)) > MAX_LINE:
            found.setdefault(field, too_long)
    for field, text in (("place_text", new.place_text), ("doorstep_word", new.doorstep_word)):
        if len(text) > MAX_LINE:
            found.setdefault(field, too_long)
    for field, text in (("notes", new.notes), ("person_notes", new.person.notes)):
        if len(text) > MAX_TEXT:
            found.setdefault(field, too_long)
    if new.caller is not None:
        for field, text in (
            ("caller_name", new.caller.name),
            ("caller_phone", new.caller.phone),
            ("caller_tie", new.caller.tie),
            ("caller_safe", new.caller.safe),
        ):
            if len(text) > MAX_LINE:
                found.setdefault(field, too_long)
    for field in ("requires", "tags", "languages"):
        if len(getattr(new, field)) > MAX_CODES:
            found.setdefault(field, too_long)


def details_of(new: NewNeed, category: str, catalogue: Catalogue, leftovers: dict[str, str]) -> NeedDetails:
    """The sealed part of one of the call's needs: tags and requirements that this kind of help knows."""
    kind = catalogue.category(category)
    return NeedDetails(
        category=category,
        notes=new.notes.strip(),
        doorstep_word=new.doorstep_word.strip(),
        place_text=new.place_text.strip(),
        point=new.point,
        caller=None if new.for_self else new.caller,
        effort=new.effort,
        people=new.people,
        requires=tuple(code for code in new.requires if code in kind.requires),
        languages=new.languages,
        tags=tuple(code for code in new.tags if code in kind.tags),
        items=() if category == CATEGORY and set(new.categories) != {CATEGORY} else new.items,
        money=_money(new, category),
        leftovers=leftovers,
        answers=new.answers,
    )


def _money(new: NewNeed, category: str) -> Money:
    """Of a call with several kinds the money belongs to that kind; else it is what shopping and the like may cost."""
    return new.money if category == CATEGORY or CATEGORY not in new.categories else NOTHING


def is_about_money(new: NewNeed) -> bool:
    """Whether money is asked for or named at all."""
    return new.money.asked > 0 or new.money.most > 0 or CATEGORY in new.categories


def capped(new: NewNeed, cap: int, currency: str) -> NewNeed:
    """The call with what the group gives at most (``cap`` in hundredths, 0: no cap), where money is asked for or named
    at all. A higher one was refused before."""
    if not is_about_money(new):
        return new
    money = new.money
    return replace(new, money=replace(money, most=money.most or cap, currency=currency))


def show_clear(need: Need, details: NeedDetails, catalogue: Catalogue, cell: str | None) -> Need:
    """The need with exactly what a summary could carry standing clear.

    Class A: its own code; class B: its broad group, without the tags and requirements that would tell which;
    class C: nothing but ``private``. ``cell`` is the label for that class.
    """
    kind = catalogue.category(details.category)
    if kind.klass is Klass.C or kind.wire is None:
        return replace(
            need,
            category=PRIVATE_CATEGORY,
            cell=None,
            effort=None,
            people=None,
            requires=(),
            languages=(),
            tags=(),
        )
    exact = kind.klass is Klass.A
    return replace(
        need,
        category=kind.wire,
        cell=cell,
        effort=details.effort,
        people=details.people,
        requires=details.requires if exact else (),
        languages=tuple(code for code in details.languages if code in SHARED_LANGUAGES),
        tags=details.tags if exact else (),
    )


def merged_person(held: PersonDetails | None, new: NewNeed) -> PersonDetails:
    """The person after this call: what was filled in replaces what is held, empty keeps it."""
    base, said = held or PersonDetails(), new.person
    own_place = new.point is not None and not new.place_text.strip()
    moved = said.address.strip() not in ("", base.address)
    return replace(
        base,
        name=said.name.strip() or base.name,
        screen=_phone(said.screen, said.screen_kind) or base.screen,
        door=_phone(said.phone, said.phone_kind) or base.door,
        email=said.email.strip() or base.email,
        address=said.address.strip() or base.address,
        point=new.point if own_place else None if moved else base.point,
        safe_to_ring=said.safe_to_ring.strip() or base.safe_to_ring,
        languages=said.languages or base.languages,
        contact_by=said.contact_by.strip() or base.contact_by,
        notes=said.notes.strip() or base.notes,
        contact_name=said.contact_name.strip() or base.contact_name,
    )


def same_name(held: str, said: str) -> bool:
    """Whether both may be one person's name: the words of one are all among the other's ("Ana", "ana INVENTED"), in
    whatever order; an empty one says nothing. A slip of the pen is another name: whoever typed it is asked.
    """
    known, typed = ({*folded(name).split()} for name in (held, said))
    return known <= typed or typed <= known


def _phone(number: str, kind: PhoneKind) -> Phone | None:
    if kind in (PhoneKind.NONE, PhoneKind.WITHHELD):
        return Phone(kind=kind)
    return Phone(number=number.strip(), kind=kind) if number.strip() else None
