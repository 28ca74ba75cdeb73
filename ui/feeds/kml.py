"""KML 2.2 (OGC 07-147r2), for Google Earth, QGIS and Organic Maps."""

from xml.etree.ElementTree import Element, SubElement, register_namespace, tostring

from ui.contexts.listing import Entry, Listing, Ring

TYPE = "application/vnd.google-earth.kml+xml"
KML = "http://www.opengis.net/kml/2.2"
WANTED, HELPED = "wanted", "helped"
FILLS = {WANTED: "7f1f5fc0", HELPED: "5f6b8e5a"}
"""aabbggrr: orange and green of the pages, half transparent."""


def written(listing: Listing) -> bytes:
    """The document as UTF-8."""
    register_namespace("", KML)
    root = Element(f"{{{KML}}}kml")
    document = SubElement(root, f"{{{KML}}}Document")
    _text(document, "name", listing.title)
    for name, fill in FILLS.items():
        style = SubElement(document, f"{{{KML}}}Style", {"id": name})
        _text(SubElement(style, f"{{{KML}}}LineStyle"), "color", f"ff{fill[2:]}")
        _text(SubElement(style, f"{{{KML}}}PolyStyle"), "color", fill)
    for entry in listing.entries:
        _placemark(document, entry)
    return bytes(tostring(root, encoding="utf-8", xml_declaration=True))


def _placemark(document: Element, entry: Entry) -> None:
    # The order of the elements is the schema's: name, description, TimeSpan, styleUrl, ExtendedData, geometry.
    mark = SubElement(document, f"{{{KML}}}Placemark")
    _text(mark, "name", entry.title)
    _text(mark, "description", " ".join(entry.words))
    span = SubElement(mark, f"{{{KML}}}TimeSpan")
    _text(span, "begin", entry.posted.isoformat())
    _text(span, "end", entry.expires.isoformat())
    _text(mark, "styleUrl", f"#{WANTED if entry.open else HELPED}")
    more = SubElement(mark, f"{{{KML}}}ExtendedData")
    for name, value in (("id", entry.id), ("category", entry.category), ("group", entry.group)):
        _text(SubElement(more, f"{{{KML}}}Data", {"name": name}), "value", value)
    pieces = SubElement(mark, f"{{{KML}}}MultiGeometry")
    for ring in entry.rings:
        polygon = SubElement(pieces, f"{{{KML}}}Polygon")
        outer = SubElement(SubElement(polygon, f"{{{KML}}}outerBoundaryIs"), f"{{{KML}}}LinearRing")
        _text(outer, "coordinates", _coordinates(ring))


def _coordinates(ring: Ring) -> str:
    return " ".join(f"{lon:.5f},{lat:.5f}" for lon, lat in ring)


def _text(parent: Element, name: str, text: str) -> None:
    SubElement(parent, f"{{{KML}}}{name}").text = text
