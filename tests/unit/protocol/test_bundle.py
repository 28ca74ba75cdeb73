"""The bundle: lines in, lines out, and a bad one hurts only itself."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol import bundle
from protocol.bundle import BadLine, Splitter
from protocol.errors import LocalProtocolError

from .makers import a_head, a_keys, a_profile, a_summary, a_withdrawal, ident, signed

lines = st.binary(min_size=1, max_size=40).filter(lambda line: b"\n" not in line)


def test_the_order_of_a_bundle() -> None:
    one, two = signed(a_summary(id=ident(2))), signed(a_withdrawal())
    keys, profile, head = signed(a_keys()), signed(a_profile()), signed(a_head())
    assert bundle.arrange([one, head, two, profile, keys]) == [keys, profile, head, one, two]


@given(st.lists(lines))
def test_what_is_written_reads_back(some: list[bytes]) -> None:
    data = bundle.write(some)
    assert data.count(b"\n") == len(some)
    assert list(bundle.iter_lines(data)) == some
    if some:
        assert list(bundle.iter_lines(data[:-1])) == some


@pytest.mark.parametrize("line", [b"", b"a\nb", b"\n", b"x" * 4097])
def test_what_is_no_line_is_not_written(line: bytes) -> None:
    with pytest.raises(LocalProtocolError):
        bundle.write([b"good", line])


def test_bad_lines_are_told_apart_and_the_others_read() -> None:
    data = b"one\n\n" + b"x" * 11 + b"\ntwo\r\n" + b"y" * 10 + b"\nlast"
    assert list(bundle.iter_lines(data, max_line=10)) == [
        b"one",
        BadLine(raw=b"", reason="empty_line", number=2),
        BadLine(raw=b"x" * 10, reason="too_long", number=3),
        b"two\r",
        b"y" * 10,
        b"last",
    ]


def test_a_file_of_one_endless_line_stays_small() -> None:
    splitter = Splitter(max_line=100)
    for _ in range(1000):
        assert list(splitter.feed(b"z" * 1000)) == []
    assert len(splitter._rest) == 100
    assert list(splitter.finish()) == [BadLine(raw=b"z" * 100, reason="too_long", number=1)]


@given(st.binary(max_size=200), st.lists(st.integers(1, 20), max_size=30))
def test_however_a_stream_is_cut_its_lines_are_the_same(data: bytes, cuts: list[int]) -> None:
    data = data.replace(b"\x00", b"\n")
    splitter = Splitter(max_line=12)
    found: list[bytes | BadLine] = []
    rest = data
    for cut in cuts:
        found += splitter.feed(rest[:cut])
        rest = rest[cut:]
    found += splitter.feed(rest)
    found += splitter.finish()
    assert found == list(bundle.iter_lines(data, max_line=12))
    assert len(found) == len(data.split(b"\n")) - (data == b"" or data.endswith(b"\n"))
