"""Atom (RFC 4287) with GeoRSS-Simple polygons (OGC 17-002r1), as feed readers and map programs take it."""

from datetime import date
from xml.etree.ElementTree import Element, SubElement, register_namespace, tostring

from ui.contexts.listing import Entry, Listing, Ring

TYPE = "application/atom+xml"
ATOM = "http://www.w3.org/2005/Atom"
GEORSS = "http://www.georss.org/georss"
KINDS = "urn:mutual-aid-connect:category"
"""The scheme of a category's ``term``: our shared codes."""


def written(listing: Listing) -> bytes:
    """The feed as UTF-8. A summary has days, not times: each begins at 00:00 UTC."""
    register_namespace("", ATOM)
    register_namespace("georss", GEORSS)
    feed = Element(f"{{{ATOM}}}feed", {"{http://www.w3.org/XML/1998/namespace}lang": listing.language})
    _text(feed, "id", listing.address)
    _text(feed, "title", listing.title)
    _text(feed, "updated", _moment(listing.updated))
    _link(feed, "self", listing.address, TYPE)
    _link(feed, "alternate", listing.page, "text/html")
    _text(SubElement(feed, f"{{{ATOM}}}author"), "name", listing.group)
    for entry in listing.entries:
        _entry(feed, entry, listing)
    return bytes(tostring(feed, encoding="utf-8", xml_declaration=True))


def _entry(feed: Element, entry: Entry, listing: Listing) -> None:
    element = SubElement(feed, f"{{{ATOM}}}entry")
    _text(element, "id", entry.id)
    _text(element, "title", entry.title)
    _text(element, "published", _moment(entry.posted))
    _text(element, "updated", _moment(entry.posted))
    _link(element, "alternate", entry.url or listing.page, "text/html")
    _text(SubElement(element, f"{{{ATOM}}}author"), "name", entry.group)
    SubElement(element, f"{{{ATOM}}}category", {"term": entry.category, "scheme": KINDS, "label": entry.kind})
    _text(element, "summary", " ".join(entry.words))
    # An entry has one shape (OGC 17-002r1, 8.4): of two pieces the larger one.
    SubElement(element, f"{{{GEORSS}}}polygon").text = _polygon(max(entry.rings, key=_width))


def _polygon(ring: Ring) -> str:
    """``lat lon lat lon ...``: the other order than GeoJSON's."""
    return " ".join(f"{lat:.5f} {lon:.5f}" for lon, lat in ring)


def _width(ring: Ring) -> float:
    longitudes = [lon for lon, _ in ring]
    return max(longitudes) - min(longitudes)


def _moment(day: date) -> str:
    return f"{day.isoformat()}T00:00:00Z"


def _text(parent: Element, name: str, text: str) -> None:
    SubElement(parent, f"{{{ATOM}}}{name}").text = text


def _link(parent: Element, rel: str, href: str, kind: str) -> None:
    SubElement(parent, f"{{{ATOM}}}link", {"rel": rel, "href": href, "type": kind})
