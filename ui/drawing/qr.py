"""QR codes as drawings that stand in the page itself: no picture file, no script, nothing asked of anybody."""

from markupsafe import Markup

QUIET = 4
"""Empty modules around it, as ISO/IEC 18004 asks for; readers fail without them."""


def drawing(text: str, label: str) -> Markup:
    """``text`` as an SVG image that a screen reader announces as ``label``.

    The text itself belongs beside it: whoever cannot scan must be able to copy. Level M: a little dirt on the paper
    does not matter. Dark on light in both themes, because many readers take nothing else.
    """
    import segno  # with the first code: invitations and papers are rare

    code = segno.make(text, error="m", micro=False, boost_error=False)
    size = code.symbol_size(scale=1, border=QUIET)[0]
    path = "".join(
        f"M{start + QUIET} {y + QUIET}h{length}v1h-{length}z"
        for y, row in enumerate(code.matrix)
        for start, length in _runs(row)
    )
    return Markup(
        '<svg class="qr" role="img" aria-label="{}" viewBox="0 0 {} {}" shape-rendering="crispEdges">'
        '<path class="paper" d="M0 0h{}v{}H0z"/><path class="ink" d="{}"/></svg>'
    ).format(label, size, size, size, size, path)


def _runs(row: bytes | bytearray) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    for x, dark in enumerate(row):
        if dark and found and sum(found[-1]) == x:
            found[-1] = (found[-1][0], found[-1][1] + 1)
        elif dark:
            found.append((x, 1))
    return found
