"""Pages come packed to browsers that take it, and plain to everybody else."""

import gzip

import pytest
from aiohttp import web
from aiohttp.test_utils import make_mocked_request

from ui.web import packing

TEXT = b"<p>Somebody needs shopping</p>" * 100


def answer(body: bytes = TEXT, kind: str = "text/html", **headers: str) -> web.Response:
    response = web.Response(body=body, content_type=kind)
    packing.pack(make_mocked_request("GET", "/", headers=headers), response)
    return response


@pytest.mark.parametrize("accepted", ["gzip", "br, gzip;q=0.5", "GZIP , deflate", "identity, gzip;q=1"])
def test_it_is_packed_for_whoever_takes_it(accepted: str) -> None:
    response = answer(**{"Accept-Encoding": accepted})
    assert response.headers["Content-Encoding"] == "gzip"
    assert isinstance(response.body, bytes)
    assert len(response.body) < len(TEXT) / 5
    assert gzip.decompress(response.body) == TEXT
    assert response.headers["Vary"] == "Accept-Encoding"


@pytest.mark.parametrize("accepted", ["", "br", "gzip;q=0", "gzip; q=0.0", "identity", "xgzip"])
def test_nobody_gets_what_they_cannot_read(accepted: str) -> None:
    response = answer(**{"Accept-Encoding": accepted})
    assert "Content-Encoding" not in response.headers
    assert response.body == TEXT
    assert response.headers["Vary"] == "Accept-Encoding", "a cache between must not mix the two up"


@pytest.mark.parametrize(
    ("body", "kind"), [(b"short", "text/html"), (TEXT, "application/zip"), (TEXT, "image/png")]
)
def test_what_is_short_or_packed_already_goes_as_it_is(body: bytes, kind: str) -> None:
    assert "Content-Encoding" not in answer(body, kind, **{"Accept-Encoding": "gzip"}).headers
