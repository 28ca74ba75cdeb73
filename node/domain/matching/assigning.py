"""The best way to share helpers out over a list of needs, in plain Python.

It is the classical assignment problem with capacities: every need asks for some places, every helper takes so many
tasks, each pair that is possible has a cost, leaving a place empty has one too, and the total is to be least.
Solved as Jonker and Volgenant do (1987, Computing 38, 325-340): first each need takes what it likes best and raises
its price to that of the next best, then one place after the other is given along the cheapest chain of changes
(Edmonds and Karp 1972 for the prices that keep every reduced cost at zero or more), and what has been given so far is
the optimum for those places at every moment.

That a helper is in one place at one time is one more capacity: needs that name a time buy her at that time, which one
of them can, and that is a part of her. Capacities that lie within each other are a flow still, so the cheapest chain
finds the optimum of these, too, without trying what else could be left out.

A need looks at its cheapest pairs, and at a few others. The prices at the end prove how far the plan can be from the
optimum over all pairs: one that was not looked at can save as much as it is cheaper than what its need pays, and no
more. Where that comes to more than one part in ``TOLERANCE`` of what the pairs cost, what can save most is looked at
too, and all is shared out again. So a market whose needs have ``NEAREST`` pairs at most is shared out exactly, and in
any other no place stays empty that could be given, as long as an empty one costs more than that part.

Costs are whole numbers, so that the result does not depend on the machine; equal ones are settled by the order of
needs and helpers, which the caller makes.
"""

from collections import Counter
from collections.abc import Container, Hashable, Sequence
from dataclasses import dataclass, replace
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
    at: Hashable | None = None
    """Of rows that have the same mark a helper takes at most one place in all: they are at one time."""


def assign(
    rows: Sequence[Row], columns: Sequence[Sequence[int]], everywhere: Container[int] = ()
) -> list[list[int]]:
    """For each row the columns that it is given, in order; fewer than its places where some stay empty.

    ``columns``: for each helper what her first, second ... task costs in addition, not falling; as many as she takes.
    Costs are 0 or more. ``everywhere``: the columns that can be in several places at one time.
    """
    rows, whose = _at_times(rows, len(columns), everywhere)
    near = max(NEAREST, PAIRS // max(1, len(rows)))
    looked_at = [_first_looks(row.options, near, number) for number, row in enumerate(rows)]
    while True:
        market = _Market(rows, columns, whose, looked_at)
        market.settle()
        passed_over = market.passed_over(near)
        if not passed_over:
            return [sorted(whose[node] for node in given) for given in market.given]
        for number, pairs in passed_over.items():
            looked_at[number] = sorted([*looked_at[number], *pairs])


def _at_times(
    rows: Sequence[Row], count: int, everywhere: Container[int]
) -> tuple[Sequence[Row], Sequence[int]]:
    """The rows, with a number of its own for each helper at each time that several rows name, and whose each number
    is: first all helpers, each her own, then those."""
    often = Counter(row.at for row in rows if row.at is not None)
    able: dict[Hashable, set[int]] = {at: set() for at, many in often.items() if many > 1}
    for row in rows:
        if row.at in able:
            able[row.at].update(column for _, column in row.options if column not in everywhere)
    whose = list(range(count))
    node: dict[Hashable, dict[int, int]] = {}
    for at, them in able.items():
        node[at] = {column: len(whose) + number for number, column in enumerate(sorted(them))}
        whose += sorted(them)
    named = [
        replace(row, options=[(cost, node[row.at].get(column, column)) for cost, column in row.options])
        if row.at in node
        else row
        for row in rows
    ]
    return named, whose


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
    """Rows buy places of columns: a column is a helper, or after all of those a helper at one time, who takes one place
    and fills one of the helper's slots with it. ``worth`` and ``price`` are the prices of the dual problem: for every
    pair that may still be made ``cost + price >= worth``, a time that is taken costs what its helper costs or more, and
    one that is free costs the same, so that the search below never meets a cost under zero.
    """

    def __init__(
        self,
        rows: Sequence[Row],
        columns: Sequence[Sequence[int]],
        whose: Sequence[int],
        looked_at: Sequence[_Pairs],
    ) -> None:
        self.rows = rows
        self.options = looked_at
        self.costs = [{column: cost for cost, column in options} for options in looked_at]
        self.columns = columns
        self.whose = whose
        self.times: list[list[int]] = [[] for _ in columns]
        """For each helper her times."""
        for number in range(len(columns), len(whose)):
            self.times[whose[number]].append(number)
        self.taken: list[list[int]] = [[] for _ in whose]
        """For each column the rows that have it."""
        self.given: list[set[int]] = [set() for _ in rows]
        self.used = [0] * len(columns)
        self.worth = [0] * len(rows)
        first = [slots[0] if slots else _FAR for slots in columns]
        self.price = [first[helper] for helper in whose]
        """Of a helper not over what her next free slot costs; prices never fall."""
        self.entry = first + [_FAR] * (len(whose) - len(columns))
        """What the next free slot of each helper costs; a time is entered through its helper."""

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
        price, taken, given = self.price, self.taken, self.given
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
            had, helper = taken[column], self.whose[column]
            single = column != helper or (len(self.columns[helper]) == 1 and not self.times[helper])
            if self.entry[helper] == price[helper] and (column == helper or not had):
                had.append(number)
                self._entered(helper)
            elif single and had and first < second:
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
        times, whose, helpers = self.times, self.whose, len(self.columns)
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
                    if node < helpers:
                        beside = [each for each in times[node] if taken[each]]
                    else:
                        beside = [] if taken[node] else [whose[node]]
                    for column in beside:
                        there = at + price[column] - price[node]
                        if there < best and there < column_at[column]:
                            column_at[column], column_from[column] = there, ~node
                            if there + entry[column] - price[column] < best:
                                best, end = there + entry[column] - price[column], column
                            heappush(heap, there * size + column)
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
        for column in columns_done:
            for each in times[column] if column < helpers else ():
                if not taken[each]:
                    price[each] = price[column]
        return self._change(start, end, row_from, column_from)

    def _change(self, start: int, end: int, row_from: dict[int, int], column_from: dict[int, int]) -> bool:
        """Does what was found: from the end back to the start everybody hands one column on."""
        if end >= 0:
            self._entered(end)
            row = self._moved(end, column_from)
        else:
            row = ~end
            if row == start:
                return False
        while row != start:
            column = row_from[row]
            self.given[row].remove(column)
            self.taken[column].remove(row)
            row = self._moved(column, column_from)
        return True

    def _moved(self, column: int, column_from: dict[int, int]) -> int:
        """Gives it, or the time in place of the helper, to the row that it was reached from; which row that is."""
        while (row := column_from[column]) < 0:
            column = ~row
        self.given[row].add(column)
        self.taken[column].append(row)
        return row

    def _entered(self, helper: int) -> None:
        self.used[helper] += 1
        slots, used = self.columns[helper], self.used[helper]
        self.entry[helper] = slots[used] if used < len(slots) else _FAR
