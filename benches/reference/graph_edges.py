"""PyMDE's preserve_neighbors on graphs that benches/graph.rs wrote: are its edges and weights ours, and how long does it take?

usage: python graph_edges.py FOLDER/NAME [...] [--fixture FILE]

For each NAME, reads NAME.graph.csv (i,j,distance) and NAME.pairs.csv (i,j,weight), runs PyMDE's preprocessing with its own
k and max_distance, and prints how many edges are common, only ours, only PyMDE's, and how many of the differing choices
are no ties. A choice "i takes j" is a tie when the path from i to j is as long, within 1e-6 of itself, as the longest that PyMDE
keeps for i: which of several equally near items is taken then depends on the order of a sort. --fixture writes PyMDE's
edges as i,j,weight. Needs pymde, scipy, numpy.
"""
import argparse, time
import numpy as np, scipy.sparse as sp, torch, pymde
from pymde.preprocess.generic import k_nearest_neighbors


def table(path):
    return np.loadtxt(path, delimiter=",", skiprows=1, ndmin=2)


def keys(edges, weights, n):
    low, high = np.minimum(edges[:, 0], edges[:, 1]), np.maximum(edges[:, 0], edges[:, 1])
    return dict(zip((low.astype(np.int64) * n + high.astype(np.int64)).tolist(), weights.tolist()))


def compare(name, fixture):
    graph, ours = table(name + ".graph.csv"), table(name + ".pairs.csv")
    n = int(max(graph[:, :2].max(), ours[:, :2].max())) + 1
    # float32, as both read it: the shortest decimal form of a float32 comes back to the same bits.
    half = sp.coo_matrix((graph[:, 2].astype(np.float32), (graph[:, 0].astype(int), graph[:, 1].astype(int))), shape=(n, n))
    G = pymde.Graph((half + half.T).tocsr())
    # As in pymde.recipes.preserve_neighbors.
    k = int(max(min(15, n * (n - 1) / 2 * 0.01 / n), 5))
    begin = time.time()
    longest = (3 * torch.quantile(G.distances, 0.75)).item()
    knn = k_nearest_neighbors(G, k=k, max_distance=longest)
    seconds = time.time() - begin
    edges, weights = knn.edges.numpy(), knn.weights.numpy()
    if fixture:
        rows = sorted((int(min(e)), int(max(e)), int(w)) for e, w in zip(edges, weights))
        with open(fixture, "w") as out:
            out.write("i,j,weight\n" + "".join(f"{i},{j},{w}\n" for i, j, w in rows))
    theirs, mine = keys(edges, weights, n), keys(ours[:, :2], ours[:, 2], n)
    both = theirs.keys() & mine.keys()
    differing = [e for e in theirs.keys() | mine.keys() if theirs.get(e) != mine.get(e)]
    # What each end of a differing edge could choose from, by full searches: the length of the edge's path and of the k-th.
    kth, length = {}, {}
    for low, high in [divmod(e, n) for e in differing]:
        length[low, high] = length[high, low] = np.inf
    ends = sorted({a for a, _ in length})
    others = {a: [] for a in ends}
    for a, b in length:
        others[a].append(b)
    for start in range(0, len(ends), 256):
        part = ends[start:start + 256]
        for end, path in zip(part, sp.csgraph.dijkstra(G.A, indices=part, limit=longest)):
            path[end] = np.inf
            found = np.sort(path[np.isfinite(path)])
            kth[end] = found[min(k, found.size) - 1] if found.size else 0.0
            for other in others[end]:
                length[end, other] = path[other]
    tie = lambda a, b: abs(length[a, b] - kth[a]) <= 1e-6 * kth[a]
    unexplained = [e for e in differing if not (tie(*divmod(e, n)) or tie(*divmod(e, n)[::-1]))]
    print(f"{name}: {n} items, k {k}, max_distance {longest:.9g}; common {len(both)}, of the same weight "
          f"{sum(theirs[e] == mine[e] for e in both)}; only ours {len(mine) - len(both)}, only PyMDE's "
          f"{len(theirs) - len(both)}; differing {len(differing)}, no ties: {len(unexplained)}; PyMDE {seconds:.2f} s", flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="+")
    parser.add_argument("--fixture")
    args = parser.parse_args()
    for name in args.names:
        compare(name, args.fixture)
