"""What anybody's own programs may read of ``/near``: the same needs as Atom with GeoRSS, KML and iCalendar.

A view gathers a :class:`~ui.contexts.listing.Listing` in the reader's language; each format is a pure function of it.
Nothing is in it that ``/api/v1/needs.geojson`` does not give to everybody.
"""
