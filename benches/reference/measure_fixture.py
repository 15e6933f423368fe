"""Numbers of scikit-learn and SciPy that tests/measure.rs holds this library to. Writes tests/fixtures/measure/{points,values}.csv.

usage: python measure_fixture.py        needs numpy, scipy and scikit-learn, in an environment outside of the repository

points.csv: 160 points of four clusters in 6 dimensions (a1..a6), and a layout of them (x, y): their principal plane, shaken.
values.csv: measure, k, value. trustworthiness and continuity (sklearn.manifold.trustworthiness, continuity with the two spaces
exchanged); preserved: the mean share of the k nearest in 6 dimensions that are among the k nearest in the layout, from
sklearn.neighbors.NearestNeighbors; rho: scipy.stats.spearmanr of the distances of all pairs.
"""
import os
import numpy as np
from scipy.spatial.distance import pdist
from scipy.stats import spearmanr
from sklearn.decomposition import PCA
from sklearn.manifold import trustworthiness
from sklearn.neighbors import NearestNeighbors

out = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../tests/fixtures/measure")
os.makedirs(out, exist_ok=True)
rng = np.random.default_rng(4)
n, dim = 160, 6
centers = 3 * rng.normal(size=(4, dim))
points = centers[rng.integers(4, size=n)] + rng.normal(size=(n, dim))
layout = PCA(2).fit_transform(points) + 0.7 * rng.normal(size=(n, 2))
# What is written is what is measured: four digits, as f32 read them.
points, layout = (np.round(x, 4).astype(np.float32).astype(np.float64) for x in (points, layout))
with open(os.path.join(out, "points.csv"), "w") as f:
    f.write(",".join(f"a{d + 1}" for d in range(dim)) + ",x,y\n")
    for row in np.hstack([points, layout]):
        f.write(",".join(f"{v:.4f}" for v in row) + "\n")

lines = ["measure,k,value"]
nearest = lambda x, k: NearestNeighbors(n_neighbors=k).fit(x).kneighbors(return_distance=False)
for k in (5, 15, 50):
    lines.append(f"trustworthiness,{k},{trustworthiness(points, layout, n_neighbors=k):.15g}")
    lines.append(f"continuity,{k},{trustworthiness(layout, points, n_neighbors=k):.15g}")
    shares = [len(set(a) & set(b)) / k for a, b in zip(nearest(points, k), nearest(layout, k))]
    lines.append(f"preserved,{k},{np.mean(shares):.15g}")
lines.append(f"rho,0,{spearmanr(pdist(points), pdist(layout)).statistic:.15g}")
with open(os.path.join(out, "values.csv"), "w") as f:
    f.write("\n".join(lines) + "\n")
