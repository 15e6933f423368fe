"""Numbers of openTSNE that tests/tsne.rs holds this library to. Writes tests/fixtures/project/{points,affinities,divergences}.csv.

usage: python tsne_fixture.py        needs numpy and openTSNE 1.0, in an environment outside of the repository

points.csv: 600 points in space, groups of several widths. affinities.csv: some entries i, j, p_ij for a perplexity, or for several
joined by +. divergences.csv: perplexity, degrees of freedom, late exaggeration, and the Kullback-Leibler divergence after 250 and 500
iterations from the principal view, all pairs summed in double precision: the mean of ten starts that differ by their jitter, as one
start alone is worth 1 %.
"""
import os
import numpy as np
from openTSNE import TSNEEmbedding, affinity, initialization
out = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../tests/fixtures/project"); os.makedirs(out, exist_ok=True)
rng = np.random.default_rng(3)
centers = rng.normal(size=(12, 3)) * 4
x = np.concatenate([c + rng.normal(size=(50, 3)) * rng.uniform(0.2, 1.2) for c in centers]).round(4)
np.savetxt(f"{out}/points.csv", x, fmt="%.4f", delimiter=",", header="x,y,z", comments="")

def affinities(perplexities):
    if len(perplexities) > 1:
        return affinity.Multiscale(x, perplexities=perplexities, method="exact")
    return affinity.PerplexityBasedNN(x, perplexity=perplexities[0], method="exact")

def divergence(a, y, dof):
    p = a.P.toarray()
    w = (1 + ((y[:, None] - y[None]) ** 2).sum(2) / dof) ** -dof
    np.fill_diagonal(w, 0)
    at = p > 0
    return (p[at] * np.log(p[at] / (w / w.sum())[at])).sum()

lines, found = ["perplexity,i,j,p"], ["perplexity,degrees,exaggeration,divergence"]
for perplexities in [[30], [10], [5, 60]]:
    a = affinities(perplexities)
    name = "+".join(map(str, perplexities))
    p = a.P.tocoo()
    pick = rng.choice(p.nnz, 200, replace=False)
    lines += [f"{name},{p.row[e]},{p.col[e]},{p.data[e]:.7e}" for e in pick]
    for dof, exaggeration in [(1, 1), (1, 3), (0.6, 1)] if name == "30" else [(1, 1)]:
        results = []
        for seed in range(10):
            e = TSNEEmbedding(initialization.pca(x, random_state=seed), a, dof=dof, negative_gradient_method="bh", theta=0.05)
            e.optimize(250, exaggeration=12, momentum=0.8, inplace=True)
            e.optimize(500, exaggeration=exaggeration, momentum=0.8, inplace=True)
            results.append(divergence(a, np.asarray(e), dof))
        print(name, dof, exaggeration, np.round(results, 5), np.mean(results))
        found.append(f"{name},{dof},{exaggeration},{np.mean(results):.6f}")
open(f"{out}/affinities.csv", "w").write("\n".join(lines) + "\n")
open(f"{out}/divergences.csv", "w").write("\n".join(found) + "\n")
