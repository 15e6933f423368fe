"""New items placed by openTSNE's partial embedding, from the same neighbors and weights as ours.

    cargo bench --bench place -- films --export FOLDER
    python benches/reference/place_compare.py FOLDER

FOLDER/map.csv has x,y,code of each point of the map, FOLDER/new.csv has x,y,code of each new one, as we placed it, and
its neighbors as point:weight. Prints the label purity of the 10 nearest points of the map, ours and openTSNE's, and how
far both places are apart, in units of the distance of the 10th nearest point of the map.
"""

import sys
from pathlib import Path

import numpy as np
import scipy.sparse as sp
from openTSNE import TSNEEmbedding, affinity, initialization
from openTSNE.tsne import PartialTSNEEmbedding, gradient_descent
from scipy.spatial import cKDTree

folder = Path(sys.argv[1])
points = np.loadtxt(folder / "map.csv", delimiter=",")
layout, codes = np.ascontiguousarray(points[:, :2]), points[:, 2].astype(int)
ours, own, rows = [], [], []
for line in (folder / "new.csv").read_text().splitlines():
    x, y, code, *near = line.split(",")
    ours.append([float(x), float(y)])
    own.append(int(code))
    rows.append([(int(i), float(w)) for i, w in (pair.split(":") for pair in near)])
ours, own = np.array(ours), np.array(own)
n, m = len(rows), len(layout)
weights = sp.csr_matrix(
    (
        [w for row in rows for _, w in row],
        [i for row in rows for i, _ in row],
        np.cumsum([0] + [len(row) for row in rows]),
    ),
    shape=(n, m),
)

known = codes >= 0
tree, all_points = cKDTree(layout[known]), cKDTree(layout)


def purity(places):
    _, near = tree.query(places[own >= 0], 10)
    return (codes[known][near] == own[own >= 0][:, None]).mean()


reference = TSNEEmbedding(layout, affinity.PrecomputedAffinities(sp.eye(m).tocsr()), negative_gradient_method="bh")
print(f"{n} new of {m}: ours {purity(ours):.3f}")
scale, _ = all_points.query(ours, 10)
for name in ["median", "weighted mean", "ours"]:
    if name == "median":
        start = np.array([np.median(layout[[i for i, _ in row]], axis=0) for row in rows])
    elif name == "weighted mean":
        start = weights @ layout
    else:
        start = ours.copy()
    partial = PartialTSNEEmbedding(
        np.ascontiguousarray(start),
        reference,
        weights.copy(),
        optimizer=gradient_descent(),
        negative_gradient_method="bh",
    )
    placed = np.asarray(
        partial.optimize(250, learning_rate=0.1, exaggeration=1.5, momentum=0.8, max_grad_norm=0.25)
    )
    apart = np.linalg.norm(placed - ours, axis=1) / scale[:, 9]
    print(
        f"openTSNE from the {name}: {purity(placed):.3f} (start {purity(start):.3f});"
        f" apart: median {np.median(apart):.2f}, 90 % {np.quantile(apart, 0.9):.2f}"
    )
