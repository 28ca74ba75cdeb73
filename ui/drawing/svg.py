"""Maps drawn on the server: areas as hexagons in plain SVG, without a tile, a script or a request to anybody.

A map never stands alone; the table beside it says the same in words, and each area links to its part of it.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

from protocol import cells

WIDTH = 640.0
HEIGHT = 460.0
MARGIN = 24.0
MAX_GROUND = 400
"""At most so many pale areas are drawn for orientation."""
SHADES = ((8, 4), (4, 3), (2, 2), (1, 1), (0, 0))
"""From how many requests on, which shade (``.cell-N`` in the style sheet)."""
KM_PER_DEGREE = 111.195
SCALES = (0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500)

Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Area:
    """One area to draw: its cell, how much is wanted there, its sign on the map and in the table, its words."""

    cell: str
    count: int
    sign: str
    words: str


def letters(number: int) -> str:
    """0 is A, 25 is Z, 26 is AA."""
    text = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        text = chr(ord("A") + rest) + text
    return text


def shade(count: int) -> int:
    """Which of the five shades a count gets."""
    return next(tone for least, tone in SHADES if count >= least)


class _Frame:
    """Degrees to the drawing's units, north up, round enough over a few hundred kilometres."""

    def __init__(self, points: Sequence[Point]) -> None:
        south, north = min(lat for _, lat in points), max(lat for _, lat in points)
        west, east = min(lon for lon, _ in points), max(lon for lon, _ in points)
        self._lat, self._lon = (south + north) / 2, (west + east) / 2
        self._squeeze = max(0.05, math.cos(math.radians(self._lat)))
        wide, high = max((east - west) * self._squeeze, 1e-6), max(north - south, 1e-6)
        self.scale = min((WIDTH - 2 * MARGIN) / wide, (HEIGHT - 2 * MARGIN) / high)

    @property
    def said(self) -> str:
        """As attributes, so that a script can tell where on earth a point of the drawing is."""
        numbers = {"lat": self._lat, "lon": self._lon, "squeeze": self._squeeze, "scale": self.scale}
        return " ".join(f'data-{name}="{number:.7g}"' for name, number in numbers.items())

    def place(self, lon: float, lat: float) -> Point:
        """Where a point is drawn."""
        x = WIDTH / 2 + (lon - self._lon) * self._squeeze * self.scale
        y = HEIGHT / 2 - (lat - self._lat) * self.scale
        return x, y

    def km(self, kilometres: float) -> float:
        """How long a distance is drawn."""
        return kilometres / KM_PER_DEGREE * self.scale


def area_map(
    areas: Sequence[Area],
    *,
    title: str,
    here: tuple[float, float] | None = None,
    reach_km: float | None = None,
    here_words: str = "",
    links: bool = True,
) -> Markup | None:
    """The map as inline SVG, or None where there is nothing to draw. ``here`` is (lat, lon)."""
    rings = {area.cell: cells.boundary(area.cell) for area in areas}
    points = [point for ring in rings.values() for point in ring]
    if here is not None:
        spread = max(reach_km or 3.0, 0.5) / KM_PER_DEGREE
        points += [
            (here[1] + dx * spread, here[0] + dy * spread) for dx, dy in ((1, 0), (-1, 0), (0, 1), (0, -1))
        ]
    if not points:
        return None
    frame = _Frame(points)
    parts = [
        f'<svg class="map" viewBox="0 0 {WIDTH:.0f} {HEIGHT:.0f}" role="group" aria-label="{escape(title)}" '
        f"{frame.said}>",
        *(_ground(frame, points, rings)),
    ]
    for area in sorted(areas, key=lambda area: cells.resolution(area.cell)):
        parts.append(_area(frame, area, rings[area.cell], links=links))
    if here is not None:
        x, y = frame.place(here[1], here[0])
        if reach_km:
            parts.append(
                f'<circle class="halo" cx="{x:.1f}" cy="{y:.1f}" r="{frame.km(reach_km):.1f}"></circle>'
            )
        named = f"<title>{escape(here_words)}</title>"
        parts.append(f'<circle class="here" cx="{x:.1f}" cy="{y:.1f}" r="7">{named}</circle>')
    parts.append(_scale(frame))
    parts.append("</svg>")
    return Markup("".join(parts))  # noqa: S704 - every text in it was escaped


def _area(frame: _Frame, area: Area, ring: Sequence[Point], *, links: bool) -> str:
    lat, lon = cells.centre(area.cell)
    x, y = frame.place(lon, lat)
    tone = shade(area.count)
    dark = " on-dark" if tone >= 3 else ""
    drawn = (
        f'<path class="cell cell-{tone}" d="{_path(frame, ring)}"></path>'
        f'<text class="number{dark}" x="{x:.1f}" y="{y:.1f}" font-size="30" aria-hidden="true">'
        f"{escape(area.sign)}</text>"
    )
    if not links:
        return drawn
    return f'<a href="#area-{escape(area.sign)}" aria-label="{escape(area.words)}">{drawn}</a>'


def _ground(frame: _Frame, points: Sequence[Point], drawn: Mapping[str, object]) -> list[str]:
    """Pale areas all around, so that the coloured ones do not float."""
    middle_lon = sum(lon for lon, _ in points) / len(points)
    middle_lat = sum(lat for _, lat in points) / len(points)
    reach = min(WIDTH / frame.scale * KM_PER_DEGREE * 0.62, 400.0)
    resolution = 5 if reach < 90 else 4 if reach < 250 else 3
    around = cells.cells_within(middle_lat, middle_lon, reach, resolution)[:MAX_GROUND]
    return [
        f'<path class="cell cell-0" d="{_path(frame, cells.boundary(cell))}"></path>'
        for cell in around
        if cell not in drawn
    ]


def _path(frame: _Frame, ring: Sequence[Point]) -> str:
    return "M" + "L".join("{:.1f} {:.1f}".format(*frame.place(lon, lat)) for lon, lat in ring) + "z"


def _scale(frame: _Frame) -> str:
    length = max((km for km in SCALES if frame.km(km) <= WIDTH / 4), default=SCALES[0])
    x, y = MARGIN, HEIGHT - MARGIN
    return (
        f'<path class="scale" d="M{x} {y - 6}v6h{frame.km(length):.1f}v-6" fill="none"></path>'
        f'<text class="scale-text" x="{x + 6}" y="{y - 12}" font-size="26">{length:g} km</text>'
    )
