"""The best way to share helpers out over a list of needs, in plain Python.

It is the classical assignment problem with capacities: every need asks for some places, every helper takes so many
tasks, each pair that is possible has a cost, leaving a place empty has one too, and the total is to be least.
Solved as Jonker and Volgenant do (1987, Computing 38, 325-340): first each need takes what it likes best and raises
its price to that of the next best, then one place after the other is given along the cheapest chain of changes
(Edmonds and Karp 1972 for the prices that keep every reduced cost at zero or more), and what has been given so far is
the optimum for those places at every moment.

A need looks at its cheapest pairs, and at a few others. The prices at the end prove how far the plan can be from the
optimum over all pairs: one that was not looked at can save as much as it is cheaper than what its need pays, and no
more. Where that comes to more than one part in ``TOLERANCE`` of what the pairs cost, what can save most is looked at
too, and all is shared out again. So a market whose needs have ``NEAREST`` pairs at most is shared out exactly, and in
any other no place stays empty that could be given, as long as an empty one costs more than that part.

Costs are whole numbers, so that the result does not depend on the machine; equal ones are settled by the order of
needs and helpers, which the caller makes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from heapq import heappop, heappush

NEAREST = 48
"""So many pairs of a need are looked at first, and more in a short list:"""
PAIRS = 48_000
"""so many pairs in all are looked at in any case."""
SPREAD = 32
"""Of the others one in so many."""
TOLERANCE = 200
"""The plan costs at most one part in so many more than the optimum, and mostly nothing."""
BIDS = 16
"""So often, for each need, somebody may take what another has in the first step: else prices go up without end."""
_FAR = 1 << 62

_Pairs = Sequence[tuple[int, int]]
"""(cost, column), the cheapest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One need: so many places, what an empty one costs, and the possible helpers as (cost, column), in any order.

    A helper takes at most one place of a need.
    """

    places: int
    empty: int
    options: Sequence[tuple[int, int]]


def assign(rows: Sequence[Row], columns: Sequence[Sequence[int]]) -> list[list[int]]:
    """For each row the columns that it is given, in order; fewer than its places where some stay empty.

    ``columns``: for each helper what her first, second ... task costs in addition, not falling; as many as she takes.
    Costs are 0 or more.
    """
    near = max(NEAREST, PAIRS // max(1, len(rows)))
    looked_at = [_first_looks(row.options, near, number) for number, row in enumerate(rows)]
    while True:
        market = _Market(rows, columns, looked_at)
        market.settle()
        passed_over = market.passed_over(near)
        if not passed_over:
            return [sorted(given) for given in market.given]
        for number, pairs in passed_over.items():
            looked_at[number] = sorted([*looked_at[number], *pairs])


def _first_looks(options: _Pairs, near: int, number: int) -> _Pairs:
    """The cheapest, and one helper in ``SPREAD`` whatever she costs, others for each row: so that needs who all like
    the same few, or live in a place with too few helpers, know somebody else at once."""
    if len(options) <= near:
        return sorted(options)
    others = {pair for pair in options if (pair[1] + number) % SPREAD == 0}
    if len(options) > 4 * near + 64:
        # Every eighth says about how dear the cheapest are; a guess too low is only slower.
        guess = sorted(options[::8])[near // 8 + near // 16 + 4]
        under = [pair for pair in options if pair <= guess]
        options = under if len(under) >= near else options
    return sorted(others.union(sorted(options)[:near]))


class _Market:
    """Rows buy places of columns. ``worth`` and ``price`` are the prices of the dual problem: for every pair that may
    still be made ``cost + price >= worth``, so that the search below never meets a cost under zero.
    """

    def __init__(
        self, rows: Sequence[Row], columns: Sequence[Sequence[int]], looked_at: Sequence[_Pairs]
    ) -> None:
        self.rows = rows
        self.options = looked_at
        self.costs = [{column: cost for cost, column in options} for options in looked_at]
        self.columns = columns
        self.taken: list[list[int]] = [[] for _ in columns]
        """For each column the rows that have it."""
        self.given: list[set[int]] = [set() for _ in rows]
        self.worth = [0] * len(rows)
        self.price = [slots[0] if slots else _FAR for slots in columns]
        """Not under what the next free place of the column costs, so prices never fall."""
        self.entry = list(self.price)
        """What the next free place of each column costs."""

    def settle(self) -> None:
        """Gives every place that can be given."""
        for row in self._taken_at_once():
            for _ in range(self.rows[row].places):
                if not self._give(row):
                    break

    def passed_over(self, near: int) -> dict[int, list[tuple[int, int]]]:
        """The pairs to be looked at next, so many a row; none if the plan is as good as was promised."""
        price, found, off = self.price, dict[int, list[tuple[int, int]]](), 0
        for number, row in enumerate(self.rows):
            costs, worth = self.costs[number], self.worth[number]
            if len(costs) == len(row.options):
                continue
            pairs = [
                pair
                for pair in row.options
                if pair[0] < worth and pair[0] + price[pair[1]] < worth and pair[1] not in costs
            ]
            if pairs:
                pairs.sort(key=lambda pair: (pair[0] + price[pair[1]], pair))
                found[number] = pairs[:near]
                off += row.places * (worth - pairs[0][0] - price[pairs[0][1]])
        spent = sum(self.costs[row][column] for row, given in enumerate(self.given) for column in given)
        return found if off * TOLERANCE > spent else {}

    def _taken_at_once(self) -> list[int]:
        """Rows of one place take what is cheapest; the price of a column with one place rises so far that the row
        would as soon have the next best, and whoever had it looks again. Returns the rows that this gave nothing."""
        price, columns, taken, given = self.price, self.columns, self.taken, self.given
        left: list[int] = []
        waiting = list(reversed(range(len(self.rows))))
        for _ in range(BIDS * len(waiting)):
            if not waiting:
                break
            number = waiting.pop()
            row = self.rows[number]
            first, second, column = row.empty, row.empty, -1
            for cost, each in self.options[number] if row.places == 1 else ():
                if cost >= second:
                    break
                at = cost + price[each]
                if at < first:
                    first, second, column = at, first, each
                elif at < second:
                    second = at
            if column < 0:
                left.append(number)
                continue
            had, single = taken[column], len(columns[column]) == 1
            if self.entry[column] == price[column]:
                had.append(number)
                self._entered(column)
            elif single and first < second:
                waiting.append(had[0])
                given[had[0]].clear()
                had[0] = number
            else:
                left.append(number)
                continue
            given[number].add(column)
            price[column] += second - first if single else 0
            self.worth[number] = second if single else first
        return sorted(left + waiting)

    def _give(self, start: int) -> bool:
        """One place of that row along the cheapest chain of changes; False if it stays empty itself."""
        worth, price, taken, entry = self.worth, self.price, self.taken, self.entry
        rows, options, given, costs = self.rows, self.options, self.given, self.costs
        count, size = len(price), len(price) + len(worth)
        row_at, column_at = {start: 0}, [_FAR] * count
        row_from, column_from = dict[int, int](), dict[int, int]()
        rows_done, columns_done = list[int](), list[int]()
        best, end = _FAR, 0
        heap = [count + start]
        """Nodes as distance x size + a column's number, or count + a row's."""
        ready: list[int] = []
        """Rows at the very distance of the column that was settled last."""
        at = 0
        while True:
            if ready:
                row = ready.pop()
            elif not heap:
                break
            else:
                at, node = divmod(heappop(heap), size)
                if at >= best:
                    break
                if node < count:
                    if at > column_at[node]:
                        continue
                    columns_done.append(node)
                    for row in taken[node]:
                        there = at + worth[row] - costs[row][node] - price[node]
                        if there < best and there < row_at.get(row, _FAR):
                            row_at[row], row_from[row] = there, node
                            if there == at:
                                ready.append(row)
                            else:
                                heappush(heap, there * size + count + row)
                    continue
                row = node - count
                if at > row_at[row]:
                    continue
            rows_done.append(row)
            base = at - worth[row]
            if base + rows[row].empty < best:
                best, end = base + rows[row].empty, ~row
            for cost, column in options[row]:
                there = base + cost
                if there >= best:
                    break  # prices are not below zero, and what follows is dearer still
                there += price[column]
                if there < best and there < column_at[column] and column not in given[row]:
                    column_at[column], column_from[column] = there, row
                    if there + entry[column] - price[column] < best:
                        best, end = there + entry[column] - price[column], column
                    if there < best:
                        heappush(heap, there * size + column)
        for column in columns_done:
            price[column] += best - column_at[column]
        for row in rows_done:
            worth[row] += best - row_at[row]
        return self._change(start, end, row_from, column_from)

    def _change(self, start: int, end: int, row_from: dict[int, int], column_from: dict[int, int]) -> bool:
        """Does what was found: from the end back to the start everybody hands one column on."""
        if end >= 0:
            row = column_from[end]
            self.given[row].add(end)
            self.taken[end].append(row)
            self._entered(end)
        else:
            row = ~end
            if row == start:
                return False
        while row != start:
            column = row_from[row]
            self.given[row].remove(column)
            self.taken[column].remove(row)
            row = column_from[column]
            self.given[row].add(column)
            self.taken[column].append(row)
        return True

    def _entered(self, column: int) -> None:
        slots, used = self.columns[column], len(self.taken[column])
        self.entry[column] = slots[used] if used < len(slots) else _FAR
