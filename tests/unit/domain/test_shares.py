"""A list that is longer than its page."""

from node.domain.board.shares import fair_share


def test_the_first_of_everybody_come_before_the_second_of_anybody() -> None:
    said = ["a1", "a2", "a3", "b1", "a4", "c1", "b2", "c2", "c3"]

    def who(each: str) -> str:
        return each[0]

    assert fair_share(said, who, 9) == said
    assert fair_share(said, who, 20) == said
    assert fair_share(said, who, 5) == ["a1", "a2", "b1", "c1", "b2"], "in the order in which they stood"
    assert fair_share(said, who, 2) == ["a1", "b1"]
    assert fair_share(said, who, 0) == []
    assert fair_share([], who, 3) == []
