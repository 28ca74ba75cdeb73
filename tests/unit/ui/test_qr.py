"""The drawing is the code, dot by dot, with the empty margin that readers need."""

import re

import segno

from ui.drawing import qr

TEXT = "https://help.example.org/join#did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK~" + "a" * 22


def test_the_drawing_is_the_code() -> None:
    drawn = str(qr.drawing(TEXT, 'a "label" <of it>'))
    side = int(re.findall(r'viewBox="0 0 (\d+) \1"', drawn)[0])
    dark = {
        (x, int(y))
        for start, y, length in re.findall(r"M(\d+) (\d+)h(\d+)v1h-\3z", drawn)
        for x in range(int(start), int(start) + int(length))
    }
    rows = segno.make(TEXT, error="m", micro=False, boost_error=False).matrix_iter(border=qr.QUIET)
    assert dark == {(x, y) for y, row in enumerate(rows) for x, dot in enumerate(row) if dot}
    assert all(qr.QUIET <= at < side - qr.QUIET for each in dark for at in each)
    assert 'aria-label="a &#34;label&#34; &lt;of it&gt;"' in drawn
    assert "style=" not in drawn
