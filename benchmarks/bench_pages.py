"""The page of a graph against pyvis used plainly (``from_nx``, ``generate_html``)."""

from __future__ import annotations

import random

from common import QUICK, compare, versions


def main() -> None:
    import networkx as nx
    from pyvis.network import Network

    from kg.view.page import page_html

    for size in (200,) if QUICK else (500, 2000):
        chance = random.Random(size)
        graph = nx.MultiDiGraph()
        for number in range(size):
            graph.add_node(f"n{number}", label_ar=f"N {number}", label_en=f"Name {number}", type="City")
        for number in range(2 * size):
            one, two = chance.sample(range(size), 2)
            graph.add_edge(f"n{one}", f"n{two}", key=f"e{number}", type="hosts", label_ar="L", label_en="hosts")

        def plain(graph: nx.MultiDiGraph = graph) -> str:
            network = Network(directed=True)
            network.from_nx(graph.copy())
            return str(network.generate_html())

        def ours(graph: nx.MultiDiGraph = graph) -> str:
            return page_html(graph, title="bench")

        pages = {"kg": len(ours().encode()), "pyvis": len(plain().encode())}
        note = (
            f"{size:,} nodes, {2 * size:,} edges; pages of {pages['kg']:,} (kg, nothing to fetch, layout computed) and "
        )
        note += f"{pages['pyvis']:,} bytes (pyvis, scripts from a CDN, layout in the browser); {versions('pyvis')}."
        compare(f"Page of {size:,} nodes", {"kg: page_html": ours, "pyvis: from_nx, generate_html": plain},
                amount=size, unit="nodes", note=note, rounds=3)  # fmt: skip


if __name__ == "__main__":
    main()
