"""The two sides of each measurement do the same work, or it stops before it prints; shown with few lines."""

from pathlib import Path

import pytest

from federation.verdicts import PageJudge
from tests.bench import ingest, sync
from tests.bench.plain import Plain


def test_the_pipelines_take_the_same_lines(tmp_path: Path) -> None:
    origins = ingest.corpus(60, size=20)
    for name in ("each", "whole", "bare", "plain"):
        (tmp_path / name).mkdir()
    pair = ingest.Pair(
        each=ingest.ours(tmp_path / "each", origins, whole=False),
        whole=ingest.ours(tmp_path / "whole", origins, whole=True),
        bare=ingest.reference(tmp_path / "bare", origins),
        plain=ingest.plain(tmp_path / "plain", origins),
    )
    assert set(ingest.figures(60, [pair])) >= {"ratio", "plain_ratio", "whole_ratio", "again_ratio"}


def test_the_plain_pipeline_takes_nothing_that_we_refuse(tmp_path: Path) -> None:
    (origin,) = ingest.corpus(3, size=3)
    good, *_ = origin.items
    public = origin.group.op.public
    made = Plain(tmp_path / "plain.db")
    try:
        forged = good.replace(b'"status":"open"', b'"status":"taken"')
        loose = good.replace(b'"seq":', b'"seq": ')
        assert made.take([forged, loose], origin.head, public) == (0, False)
        assert made.take([good, good], origin.head, public) == (1, False)
        assert made.take(origin.items, origin.head, public) == (2, True)
    finally:
        made.close()


def test_a_pipeline_that_verifies_nothing_is_not_measured(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = PageJudge._wholes

    def all_of_them(self: PageJudge, registers: list[tuple[object, object]]) -> list[object]:
        self._vouched.update(signed.sha for _, signed in registers)  # type: ignore[attr-defined]
        return plain(self, registers)  # type: ignore[arg-type,return-value]

    monkeypatch.setattr(PageJudge, "_wholes", all_of_them)
    with pytest.raises(SystemExit, match="taken without a look"):
        ingest.ours(tmp_path, ingest.corpus(20, size=10), whole=False)


def test_rounds_end_with_both_sides_equal() -> None:
    few = sync.measure(2_000, 1)
    assert few.changed > 0
