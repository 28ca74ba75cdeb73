"""What the neighbourhood holds, as the services read it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date

from federation.near import near_ranges, touches
from node.domain.exchange.names import told_apart
from node.network.opening import Opened
from node.ports import SeenNeed, SeenOrigin, TurnedDown
from node.store import settings
from protocol.statements import Profile
from protocol.trust import Advice, Farewell


class Reader:
    """Implements ``node.ports.NeighbourhoodReader``."""

    def __init__(self, at: Opened) -> None:
        self._at = at

    async def needs(
        self,
        *,
        sets: Collection[str],
        today: date,
        near: tuple[float, float] | None = None,
        km: float | None = None,
        categories: Collection[str] | None = None,
        origins: Collection[str] | None = None,
        kind: str = "need",
        limit: int = 1000,
    ) -> Sequence[SeenNeed]:
        await self._at.ready()
        takes = {peer.origin: peer.takes for peer in await self._at.allowed.list() if peer.takes is not None}
        ranges = near_ranges(*near, km) if near is not None and km is not None else None
        found = await self._at.store.needs(
            sets=sets,
            ranges=ranges,
            categories=categories,
            origins=origins,
            takes=takes,
            today=today,
            kind=kind,
            limit=limit,
        )
        names = await self._names({need.origin: need.origin_name for need in found if not need.own})
        return [
            SeenNeed(
                origin=need.origin,
                origin_name=names.get(need.origin, need.origin_name),
                own=need.own,
                summary=need.summary,
                origin_state=need.origin_state,
                last_heard=need.last_heard,
            )
            for need in found
            if near is None or km is None or touches(*near, km, need.summary.cell)
        ]

    async def origins(self) -> Sequence[SeenOrigin]:
        await self._at.ready()
        views = {view.origin: view for view in await self._at.store.origins()}
        talks = {talk.peer: talk for talk in await self._at.store.peer_states()}
        rows = {peer.origin: peer for peer in await self._at.allowed.list()}
        policy = await self._at.ingest.follow_policy()
        names = await self._names(
            {
                origin: view.name
                for origin, view in views.items()
                if view.profile and not view.own and (origin in rows or origin in policy.vouched)
            }
        )
        order = [*views, *(origin for origin in rows if origin not in views)]
        return [
            SeenOrigin(
                origin=origin,
                name=names.get(origin, view.name if view else rows[origin].name),
                url=rows[origin].url if origin in rows else None,
                state=view.state if view else "unknown",
                live=view.live if view else 0,
                profile=_named(view.profile, names.get(origin)) if view else None,
                last_success=talk.last_success if talk else None,
                last_try=talk.last_try if talk else None,
                last_error=talk.last_error if talk else None,
                next_try=talk.next_try if talk else None,
                error_code=talk.error_code if talk else None,
                tries=talk.tries if talk else 0,
                behind=bool(talk and talk.behind),
                hidden=view.hidden if view else 0,
                issued=view.head_issued if view else None,
                next_by=view.next_by if view else None,
                visible=origin in policy.visible,
                voucher=policy.vouched.get(origin),
                rollbacks=talk.rollbacks if talk else 0,
                last_rollback=talk.last_rollback if talk else None,
                omissions=talk.omissions if talk else 0,
                last_omission=talk.last_omission if talk else None,
                contradictions=view.contradictions if view else 0,
                contradicted=view.contradicted if view else None,
                turned_down=tuple(
                    TurnedDown(code=code, times=each.times, last=each.last, proved=proved)
                    for (code, proved), each in sorted(self._at.turned.of(origin).items())
                ),
            )
            for origin in order
            for view in [views.get(origin)]
            for talk in [talks.get(origin)]
        ]

    async def _names(self, said: Mapping[str, str]) -> Mapping[str, str]:
        """What every other group is called here: as it says, and told apart from those that say the same."""
        known = {peer.origin: peer.name for peer in await self._at.allowed.list() if peer.state != "left"}
        async with self._at.on.db.read() as tx:
            own = await settings.get(tx, settings.GROUP_NAME)
        return told_apart(own, {**known, **said})

    async def advice(self) -> Sequence[Advice]:
        await self._at.ready()
        return await self._at.store.advice()

    async def farewells(self) -> Sequence[Farewell]:
        await self._at.ready()
        return await self._at.store.farewells()


def _named(profile: Profile | None, name: str | None) -> Profile | None:
    return replace(profile, name=name) if profile and name and profile.name != name else profile
