"""Who else has a request open: a hint that goes by itself."""

from node.domain.ids import NeedId
from node.services.board.looking import MOST, SECONDS, Looking
from tests.harness.office import Office

ONE, OTHER = NeedId("a" * 22), NeedId("b" * 22)


async def test_who_else_is_there_is_told_for_a_short_while(office: Office) -> None:
    looking = Looking(office.desk)
    assert looking.here(office.ana, ONE) == ()
    assert looking.here(office.ana, ONE) == (), "nobody meets herself, in two windows"
    assert looking.here(office.ben, ONE) == ("Ana-made-up",)
    assert looking.here(office.ben, OTHER) == ()
    office.clock.advance(seconds=SECONDS - 1)
    assert looking.here(office.ana, ONE) == ("Ben-made-up",)
    office.clock.advance(seconds=2)
    assert looking.here(office.triage, ONE) == ("Ana-made-up",), "Ben has gone on"
    office.clock.advance(seconds=SECONDS)
    assert looking.here(office.ben, ONE) == ()


async def test_it_holds_no_more_than_it_must(office: Office) -> None:
    looking = Looking(office.desk)
    for number in range(MOST + 10):
        looking.here(office.ana, NeedId(f"{number:022d}"))
    looking.here(office.ana, NeedId("not an id of ours"))
    assert len(looking._seen) == MOST
