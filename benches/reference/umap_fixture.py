"""Numbers of umap-learn that tests/umap.rs holds this library to. Writes tests/fixtures/project/{fuzzy_sets,densities}.csv.

usage: python umap_fixture.py        needs numpy, scikit-learn and umap-learn 0.5, in an environment outside of the repository

Both are of points.csv (tsne_fixture.py) and each point's 15 nearest; umap-learn counts the point itself, so 16 there.
fuzzy_sets.csv: some entries i, j, strength of the fuzzy set for a local connectivity and a mix of union and intersection.
densities.csv: densMAP's lambda, and the correlation of the logarithms of local radii (the mean squared distance to the 15
nearest) in the data and on the map, 500 epochs, the mean of three seeds.
"""
import os
import numpy as np, umap
from sklearn.neighbors import NearestNeighbors
from umap.umap_ import fuzzy_simplicial_set
out = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../tests/fixtures/project")
x = np.loadtxt(f"{out}/points.csv", delimiter=",", skiprows=1).astype(np.float32)
distances, indices = NearestNeighbors(n_neighbors=16).fit(x).kneighbors(x)
rng = np.random.default_rng(1)
lines = ["local_connectivity,mix,i,j,strength"]
for connectivity, mix in [(1, 1), (1, 0), (2.5, 1), (1, 0.3), (0.5, 0.7), (3, 0.5)]:
    graph = fuzzy_simplicial_set(x, 16, np.random.RandomState(0), "euclidean", knn_indices=indices.astype(np.int32),
        knn_dists=distances.astype(np.float32), set_op_mix_ratio=mix, local_connectivity=connectivity)[0].tocoo()
    pick = rng.choice(graph.nnz, 120, replace=False)
    lines += [f"{connectivity},{mix},{graph.row[e]},{graph.col[e]},{graph.data[e]:.6f}" for e in pick]
open(f"{out}/fuzzy_sets.csv", "w").write("\n".join(lines) + "\n")

def radii(points):
    near = NearestNeighbors(n_neighbors=16).fit(points).kneighbors(points)[0][:, 1:]
    return np.log((near.astype(np.float64) ** 2).mean(1) + 1e-8)

lines = ["lambda,correlation"]
for weight in [0, 2]:
    found = [np.corrcoef(radii(x), radii(umap.UMAP(n_neighbors=16, min_dist=0.1, n_epochs=500, densmap=weight > 0, dens_lambda=weight,
        random_state=seed).fit_transform(x)))[0, 1] for seed in range(3)]
    print(weight, found)
    lines.append(f"{weight},{np.mean(found):.4f}")
open(f"{out}/densities.csv", "w").write("\n".join(lines) + "\n")
