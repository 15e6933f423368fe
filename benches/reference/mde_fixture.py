"""Numbers of PyMDE that tests/embed_pymde.rs holds this library to. Writes tests/fixtures/embed/{functions,problem,solves}.csv.

usage: python mde_fixture.py        needs numpy, torch and pymde 0.3, in an environment outside of the repository

functions.csv: every distortion function, in double precision: group (attract, repel, keep), name, its parameters as the recipe's keys
have them (a: exponent or gamma, t: threshold, b: alpha or sigma; empty: the default), number (weight or deviation), d, f(d), f'(d).
problem.csv: pairs with weights and deviations of a small problem. solves.csv: PyMDE's average distortion on it, the best of four random
starts, for several functions and constraints.
"""
import os
import numpy as np, torch, pymde
from pymde import penalties as P, losses as L
torch.set_default_dtype(torch.float64)
out = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../tests/fixtures/embed"); os.makedirs(out, exist_ok=True)
D = [0.01, 0.05, 0.2, 0.45, 0.7, 0.99, 1.3, 2.0, 3.7, 6.0, 12.0]
# name, function, [(a, t, b, keyword arguments)]
weighted = [
    ("linear", P.Linear, [("", "", "", {})]), ("quadratic", P.Quadratic, [("", "", "", {})]), ("cubic", P.Cubic, [("", "", "", {})]),
    ("power", P.Power, [(2, "", "", {"exponent": 2.0}), (1.3, "", "", {"exponent": 1.3}), (0.5, "", "", {"exponent": 0.5})]),
    ("huber", P.Huber, [("", "", "", {}), ("", 2, "", {"threshold": 2.0})]),
    ("logistic", P.Logistic, [("", "", "", {}), ("", 1.5, 2, {"threshold": 1.5, "alpha": 2.0})]),
    ("sigmoid", P.Sigmoid, [("", 1, "", {"threshold": 1.0}), ("", 2, 3, {"threshold": 2.0, "alpha": 3.0})]),
    ("hinge", P.Hinge, [("", 1, "", {"threshold": 1.0}), ("", 2, 0.25, {"threshold": 2.0, "sigma": 0.25})]),
    ("log1p", P.Log1p, [("", "", "", {}), (2, "", "", {"exponent": 2.0}), (0.8, "", "", {"exponent": 0.8})]),
    ("log", P.Log, [("", "", "", {}), (2, "", "", {"exponent": 2.0})]),
    ("invPower", P.InvPower, [("", "", "", {}), (2, "", "", {"exponent": 2.0})]),
    ("logRatio", P.LogRatio, [("", "", "", {}), (1.2, "", "", {"exponent": 1.2})]),
]
kept = [
    ("absolute", L.Absolute, [("", "", "", {})]), ("quadratic", L.Quadratic, [("", "", "", {})]),
    ("weightedQuadratic", L.WeightedQuadratic, [("", "", "", {})]), ("huber", L.Huber, [("", 0.5, "", {"threshold": 0.5})]),
    ("cubic", L.Cubic, [("", "", "", {})]), ("power", L.Power, [(2, "", "", {"exponent": 2.0}), (1.4, "", "", {"exponent": 1.4})]),
    ("logistic", L.Logistic, [("", "", "", {})]), ("fractional", L.Fractional, [("", "", "", {})]),
    ("softFractional", L.SoftFractional, [("", "", "", {}), (2, "", "", {"gamma": 2.0})]),
]
lines = ["group,name,a,t,b,number,d,value,derivative"]
def rows(group, name, a, t, b, make, number):
    d = torch.tensor(D, requires_grad=True)
    f = make(torch.full((len(D),), float(number)))(d)
    f.sum().backward()
    for k in range(len(D)):
        lines.append(f"{group},{name},{a},{t},{b},{number},{D[k]},{f[k].item():.12g},{d.grad[k].item():.12g}")
for name, function, settings in weighted:
    for a, t, b, keys in settings:
        for group, number in [("attract", 2.0), ("repel", -1.5)]:
            if not (group == "attract" and name == "invPower"):
                rows(group, name, a, t, b, lambda w: function(w, **keys), number)
for name, function, settings in kept:
    for a, t, b, keys in settings:
        for number in [0.3, 1.1, 4.0]:
            rows("keep", name, a, t, b, lambda w: function(w, **keys), number)
open(out + "/functions.csv", "w").write("\n".join(lines) + "\n")

# A noisy ring with chords: 120 items, its nearest pairs, as many others, and all distances of a sample.
rng = np.random.default_rng(1); n = 120
turn = 2 * np.pi * np.arange(n) / n
Y = np.c_[np.cos(turn), np.sin(turn), 0.5 * np.cos(3 * turn)] + 0.08 * rng.standard_normal((n, 3))
pymde.seed(1)
knn = pymde.preserve_neighbors(torch.tensor(Y), embedding_dim=2, n_neighbors=6, init="random", repulsive_fraction=1)
edges, weights = knn.edges.numpy(), knn.distortion_function.weights.numpy()
delta = np.linalg.norm(Y[edges[:, 0]] - Y[edges[:, 1]], axis=1)
np.savetxt(out + "/problem.csv", np.c_[edges, weights, delta], fmt="%.9g", delimiter=",", header="i,j,weight,deviation", comments="")

def best(f, constraint, edges, dim):
    values = []
    for seed in range(4):
        pymde.seed(seed)
        mde = pymde.MDE(n, dim, torch.tensor(edges), f, constraint)
        mde.embed(max_iter=600, eps=1e-7); values.append(float(mde.average_distortion()))
    return min(values)
solves = ["functions,constraint,dim,average"]
w = torch.tensor(weights); d = torch.tensor(np.loadtxt(out + "/problem.csv", delimiter=",", skiprows=1)[:, 3]); near = weights > 0
pp = lambda a, r: P.PushAndPull(w, a, r)
for label, f, constraint, e, dims in [
    ("log1p+log", pp(P.Log1p, P.Log), pymde.Centered(), edges, [2, 3]), ("linear+log", pp(P.Linear, P.Log), pymde.Centered(), edges, [2]),
    ("huber+logRatio", pp(P.Huber, P.LogRatio), pymde.Centered(), edges, [2]), ("cubic+invPower", pp(P.Cubic, P.InvPower), pymde.Centered(), edges, [3]),
    ("log1p+log", pp(P.Log1p, P.Log), pymde.Standardized(), edges, [2]), ("quadratic", P.Quadratic(w[near]), pymde.Standardized(), edges[near], [2, 3, 5]),
    ("keep quadratic", L.Quadratic(d), pymde.Centered(), edges, [2, 3]), ("keep absolute", L.Absolute(d), pymde.Centered(), edges, [2]),
    ("keep softFractional", L.SoftFractional(d), pymde.Centered(), edges, [2]), ("keep logistic", L.Logistic(d), pymde.Centered(), edges, [2]),
]:
    for dim in dims:
        solves.append(f"{label},{constraint.name()},{dim},{best(f, constraint, e, dim):.9g}"); print(solves[-1], flush=True)
open(out + "/solves.csv", "w").write("\n".join(solves) + "\n")
