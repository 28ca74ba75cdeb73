"""A place where we do not go: how far that is, and which neighbouring group answers there."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from node.domain.need import Point
from protocol import cells
from protocol.statements import Profile


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """A group that answers there. ``writes``: whether a request can be given to it from here."""

    origin: str
    profile: Profile
    writes: bool
    silent_since: int | None = None
    """When it was last heard from, Unix seconds, if it should have spoken again by now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outside:
    """What is said of a place where we do not go. ``groups``: who answers there, the one to name first."""

    groups: tuple[Answers, ...] = ()

    @property
    def takes(self) -> Answers | None:
        """The group to which the request may be given, if there is one."""
        return next((each for each in self.groups if each.writes), None)


def goes_there(home: tuple[float, float], point: Point, km: float) -> bool:
    """Whether the place may lie within ``km`` of ours: what is known only roughly is given the benefit."""
    return cells.distance_km(home, (point.lat, point.lon)) - point.accuracy_m / 1000 <= km


def outside(
    point: Point,
    km: float,
    groups: Iterable[tuple[str, Profile]],
    writes: frozenset[str],
    silent: Mapping[str, int] = MappingProxyType({}),
) -> Outside:
    """Of a place where we do not go. A group answers where its own area begins within ``km``, so nearer than we are.

    ``groups``: by id, with what each says about itself; ``writes``: those that a request can be given to. These come
    first, then those that are open, then the nearest. ``silent``: those long unheard of, and since when (Unix seconds):
    after the others.
    """
    found = []
    for origin, profile in groups:
        if profile.kind != "group" or not profile.area:
            continue
        near = min(cells.span_from_point(point.lat, point.lon, cell)[0] for cell in profile.area)
        if near <= km:
            answers = Answers(
                origin=origin, profile=profile, writes=origin in writes, silent_since=silent.get(origin)
            )
            found.append(
                (not answers.writes, origin in silent, profile.state != "open", near, profile.name, answers)
            )
    return Outside(groups=tuple(each[-1] for each in sorted(found, key=lambda each: each[:-1])))
