"""The letter that offers one of ours to another group, and the task that begins with it: one write."""

from node.domain.actors import Actor, ActorKind
from node.domain.assignment import AssignmentState
from node.domain.catalogue import Klass
from node.domain.consents import Consent
from node.domain.exchange.away_task import AwayTask, Seen, stated_of
from node.domain.ids import new_id
from node.domain.matching.matching import Helper
from node.domain.peer_offer import MOST_OFFERS
from node.errors import N_, Conflict
from node.services import links
from node.services.desk import Desk, away_object, person_object
from node.services.exchange.away_board import takes
from node.services.exchange.correspondence import Correspondence
from node.store import away_asks, away_tasks, consents, peers
from node.store.db import Tx


class AwayOffering:
    """What both ways to another group's need end with: a coordinator's offer, and her own."""

    def __init__(self, desk: Desk, post: Correspondence) -> None:
        self._desk = desk
        self._post = post

    async def put_forward(
        self,
        actor: Actor,
        origin: str,
        public_id: str,
        helper: Helper,
        seen: Seen,
        said: Consent,
        *,
        device: bytes | None = None,
    ) -> str:
        """Offers her, who said yes in the words of ``said``; gives the task's id. Whoever asks has looked at the gates.

        ``device``: the hash of the one on which she said so, where the details will open; None if she was asked.
        Once for a volunteer and a need, at most ten a need. Raises ``Conflict`` (``offered_already``,
        ``offered_enough``, ``gone``, or why that group cannot be written to).
        """
        desk, person_id = self._desk, helper.person_id
        async with desk.db.read() as tx:
            await must_exchange(tx, origin, seen.category)
            name = await away_tasks.helper_name(tx, origin, person_id) or new_id(desk.random)
            row = await desk.need_person(tx, person_id)
        cell = desk.label(Klass.A, helper.point)
        stated = stated_of(helper, cell=cell, since=row.person.created_day.year)
        letter = await self._post.prepare(
            origin, "offer", need=public_id, content={"helper": name, **stated.content()}
        )
        task = AwayTask(
            id=new_id(desk.random),
            peer=origin,
            public_id=public_id,
            person_id=person_id,
            helper=name,
            state=AssignmentState.INTERESTED,
            seen=seen,
            by_staff=actor.id if actor.kind is ActorKind.STAFF else None,
            device_hash=device,
            created_at=desk.now,
            changed_at=desk.now,
        )
        if device is not None:
            task = links.with_nobodys_link(task, desk.random, desk.now)
        async with desk.db.write() as tx:
            await _must_be_new(tx, task)
            await away_asks.delete_for(tx, person_id, origin, public_id)
            await consents.add(tx, said, person_id=person_id, need_id=None)
            await away_tasks.insert(tx, task)
            await self._post.put(tx, letter)
            await desk.record(tx, actor, "away.offered", away_object(task.id), person=person_id, peer=origin)
            await desk.record(tx, actor, "away.offered", person_object(person_id), task=task.id, peer=origin)
        return task.id


async def must_exchange(tx: Tx, origin: str, category: str) -> None:
    """Raises ``Conflict("gone")`` for a group that we do not write to, or of which we do not take this kind."""
    peer = await peers.get(tx, origin)
    if peer is None or not takes(peer, category):
        raise Conflict("gone", N_("We do not exchange this with that group at the moment."))


async def _must_be_new(tx: Tx, task: AwayTask) -> None:
    made = await away_tasks.of_need(tx, task.peer, task.public_id)
    if any(each.person_id == task.person_id for each in made):
        raise Conflict(
            "offered_already", N_("They were offered for this already. One answer is all there is.")
        )
    if len(made) >= MOST_OFFERS:
        raise Conflict("offered_enough", N_("Ten people were offered for this. That group takes no more."))
