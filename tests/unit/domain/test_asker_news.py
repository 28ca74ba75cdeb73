"""Properties of what somebody who asked is told: whatever happens in whatever order, she knows how it stands, once."""

from dataclasses import replace
from datetime import UTC, date, datetime

from hypothesis import given
from hypothesis import strategies as st

from node.domain.ids import NeedId
from node.domain.need import Channel, CloseReason, Need, NeedState, Urgency, Window
from node.domain.notices.asking import ABOUT_ASKING, COMES, Stands, Told, holds, news
from node.domain.notices.notice import Kind

DAY = date(2026, 5, 4)
NEED = Need(
    id=NeedId("n1"),
    person_id=None,
    reference="123456789",
    state=NeedState.OPEN,
    category="groceries",
    cell=None,
    urgency=Urgency.THIS_WEEK,
    channel=Channel.PAGE,
    posted_day=DAY,
    created_at=0,
    changed_at=0,
)
ENDS = st.one_of(st.none(), st.sampled_from(CloseReason))
STANDS = st.builds(
    lambda state, reason, days, coming, said, off, round, phoned: Stands(
        need=replace(
            NEED,
            state=state,
            close_reason=(reason or CloseReason.COMPLETED) if state is NeedState.CLOSED else None,
            window=Window(first=DAY.replace(day=days), last=DAY.replace(day=days)) if days else None,
            round=round,
            told_by_phone=phoned,
        ),
        coming=tuple(coming),
        changed_at=int(datetime(2026, 5, 4, tzinfo=UTC).timestamp()),
        said=said,
        off_by_her=off,
    ),
    st.sampled_from(NeedState),
    ENDS,
    st.sampled_from((0, 5, 6)),
    st.lists(st.sampled_from(("t1", "t2")), unique=True),
    st.booleans(),
    st.booleans(),
    st.sampled_from((0, 1)),
    st.booleans(),
)
TOLD = st.builds(
    Told,
    need_id=st.just(NEED.id),
    round=st.sampled_from((0, 1)),
    kind=st.sampled_from(sorted(ABOUT_ASKING)),
    task=st.sampled_from(("", "t1", "t2")),
    day=st.sampled_from(("", "2026-05-05")),
)


@given(st.lists(STANDS, max_size=8))
def test_what_is_told_holds_and_is_told_once(path: list[Stands]) -> None:
    known: Told | None = None
    for stands in path:
        told = news(stands, known)
        if told is None:
            continue
        assert holds(told, stands)
        assert news(stands, told) is None, "the same is no news a minute later"
        known = told


@given(STANDS, st.none() | TOLD)
def test_whoever_counts_on_somebody_knows_when_that_is_over(stands: Stands, known: Told | None) -> None:
    if known is None or known.kind not in COMES or known.round != stands.need.round:
        return
    told = news(stands, known)
    alone = not stands.coming and stands.need.state not in (NeedState.REPORTED, NeedState.CLOSED)
    assert (told is not None and told.kind is Kind.LOOKING) == alone


@given(TOLD)
def test_its_name_says_it_all(told: Told) -> None:
    assert Told.of(told.thing) == told
    assert Told.of(f"need:{told.need_id}:0") is None
