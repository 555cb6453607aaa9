"""Optimal pairing: maximum-weight assignment and largest matching, small enough to read."""

from __future__ import annotations

from collections.abc import Sequence

Pair = tuple[int, int, float]


def assign(weights: Sequence[Sequence[float]]) -> list[Pair]:
    """Pair rows with columns so that the sum of weights is greatest; pairs of weight 0 are left out.

    >>> assign([[1.0, 2.0], [2.0, 1.5]])
    [(1, 0, 2.0), (0, 1, 2.0)]
    """
    rows, columns = len(weights), len(weights[0]) if weights else 0
    if not rows or not columns:
        return []
    turned = rows > columns
    matrix = [list(column) for column in zip(*weights, strict=True)] if turned else [list(row) for row in weights]
    pairs = []
    for column, row in enumerate(_rows_of_columns(matrix)):
        if row is not None and matrix[row][column] > 0:
            first, second = (column, row) if turned else (row, column)
            pairs.append((first, second, matrix[row][column]))
    return pairs


def _rows_of_columns(matrix: list[list[float]]) -> list[int | None]:
    """The Hungarian method with potentials (Jonker and Volgenant's shortest paths), rows <= columns."""
    rows, columns = len(matrix), len(matrix[0])
    row_price = [0.0] * (rows + 1)
    column_price = [0.0] * (columns + 1)
    owner = [0] * (columns + 1)
    for row in range(1, rows + 1):
        owner[0] = row
        before = [0] * (columns + 1)
        slack = [float("inf")] * (columns + 1)
        used = [False] * (columns + 1)
        column = 0
        while owner[column]:
            used[column] = True
            _relax(matrix, owner[column], column, (row_price, column_price, slack, before, used))
            free = [other for other in range(1, columns + 1) if not used[other]]
            nearest = min(free, key=slack.__getitem__)
            step = slack[nearest]
            for other in range(columns + 1):
                if used[other]:
                    row_price[owner[other]] += step
                    column_price[other] -= step
                else:
                    slack[other] -= step
            column = nearest
        while column:
            owner[column] = owner[before[column]]
            column = before[column]
    return [row - 1 if row else None for row in owner[1:]]


_State = tuple[list[float], list[float], list[float], list[int], list[bool]]


def _relax(matrix: list[list[float]], row: int, column: int, state: _State) -> None:
    """Note for every free column how near it is from ``row``, reached over ``column``."""
    row_price, column_price, slack, before, used = state
    for other in range(1, len(used)):
        if not used[other]:
            gap = -matrix[row - 1][other - 1] - row_price[row] - column_price[other]
            if gap < slack[other]:
                slack[other], before[other] = gap, column


def largest_matching(edges: Sequence[Sequence[int]]) -> int:
    """How many left nodes can be given a right node of their own; ``edges[i]`` lists what node i may take.

    >>> largest_matching([[0, 1], [0], [0]])
    2
    """
    taken: dict[int, int] = {}
    return sum(_place(node, edges, taken) for node in range(len(edges)))


def _place(node: int, edges: Sequence[Sequence[int]], taken: dict[int, int]) -> bool:
    """Search a path of swaps that frees a place for ``node``, breadth first."""
    came_from: dict[int, int] = {}
    queue = [node]
    for current in queue:
        for target in edges[current]:
            if target in came_from:
                continue
            came_from[target] = current
            if target in taken:
                queue.append(taken[target])
                continue
            _swap(target, node, came_from, taken)
            return True
    return False


def _swap(target: int, node: int, came_from: dict[int, int], taken: dict[int, int]) -> None:
    previous = {holder: place for place, holder in taken.items()}
    while True:
        current = came_from[target]
        taken[target] = current
        if current == node:
            return
        target = previous[current]
