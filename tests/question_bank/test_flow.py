from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from question_bank.flow import Network

CELL = st.tuples(st.integers(0, 2), st.integers(0, 5))


def _cheapest(supply: list[int], demand: list[int], cells: list[list[tuple[int, int]]]) -> tuple[int, int]:
    """Largest amount and its least cost, by trying every way of shipping."""
    best = (0, 0)
    flat = [cell for row in cells for cell in row]
    for amounts in product(*(range(room + 1) for room, _ in flat)):
        width = len(demand)
        rows = [sum(amounts[width * index : width * (index + 1)]) for index in range(len(supply))]
        columns = [sum(amounts[index::width]) for index in range(width)]
        if any(row > limit for row, limit in zip(rows, supply, strict=True)):
            continue
        if any(column > limit for column, limit in zip(columns, demand, strict=True)):
            continue
        cost = sum(amount * price for amount, (_, price) in zip(amounts, flat, strict=True))
        if (sum(amounts), -cost) > (best[0], -best[1]):
            best = (sum(amounts), cost)
    return best


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.integers(0, 3), min_size=2, max_size=2),
    st.lists(st.integers(0, 3), min_size=3, max_size=3),
    st.lists(st.lists(CELL, min_size=3, max_size=3), min_size=2, max_size=2),
)
def test_ships_as_much_as_possible_as_cheaply_as_possible(
    supply: list[int], demand: list[int], cells: list[list[tuple[int, int]]]
) -> None:
    network = Network()
    source, sink = network.node(), network.node()
    lefts, rights = [network.node() for _ in supply], [network.node() for _ in demand]
    for node, amount in zip(lefts, supply, strict=True):
        network.arc(source, node, amount)
    for node, amount in zip(rights, demand, strict=True):
        network.arc(node, sink, amount)
    arcs = [
        (network.arc(lefts[row], rights[column], *cells[row][column]), cells[row][column][1])
        for row in range(2)
        for column in range(3)
    ]
    sent = network.fill(source, sink)
    assert (sent, sum(network.flow(arc) * cost for arc, cost in arcs)) == _cheapest(supply, demand, cells)
