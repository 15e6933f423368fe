"""Minimum Distortion Embedding alone: PyMDE against this library, on the same pairs, from the same start, for as many iterations.

usage: python mde_compare.py [--iterations 500] [--threads 2] [--runs 3] [--cache FOLDER] PROBLEM...

PROBLEM is an .npz with `edges` and `weights` (collections_pipeline.py --out makes them), or a folder with memberships.csv (or edges.csv), from which
the same problem is made: items in at least --min-count collections, raw co-occurrence above 2, 1/ln x, 15 neighbors. With --cache the
problem made from a folder is kept there as an .npz. Needs numpy, scipy, pandas, torch and pymde, in an environment outside of the
repository, and the solver: cargo build --release --example solve_problem.

Both start from the same normal coordinates, in three dimensions, with PyMDE's defaults (Log1p, Log, centered) and no early stop. Prints
for each problem the best seconds of --runs, the ratio, and the average distortions, whose quotient must be below 1.005; exits with 1
when it is not or when a bar on speed (--bar, 3) is missed.
"""
import argparse, os, re, subprocess, sys, tempfile, time, warnings
import numpy as np
warnings.filterwarnings("ignore")
here = os.path.dirname(os.path.abspath(__file__))
ap = argparse.ArgumentParser()
ap.add_argument("problems", nargs="+")
ap.add_argument("--iterations", type=int, default=500); ap.add_argument("--threads", type=int, default=2)
ap.add_argument("--runs", type=int, default=3); ap.add_argument("--min-count", type=int, default=5)
ap.add_argument("--bar", type=float, default=3.0); ap.add_argument("--cache")
ap.add_argument("--solver", default=os.path.join(here, "../../target/release/examples/solve_problem"))
a = ap.parse_args()
import torch, pymde
torch.set_num_threads(a.threads)


def make(folder):
    """The problem of a folder with memberships.csv."""
    import pandas as pd, scipy.sparse as sp
    if os.path.exists(os.path.join(folder, "edges.csv")):
        # Closed neighborhoods as collections: an item stands with all that are linked with it.
        e = pd.read_csv(os.path.join(folder, "edges.csv")).values[:, :2]; every = pd.unique(e.ravel())
        rows = pd.DataFrame(np.concatenate([e, e[:, ::-1], np.c_[every, every]]), columns=["c", "i"])
    else:
        rows = pd.read_csv(os.path.join(folder, "memberships.csv"))
    c, i = rows.columns[:2]
    count = rows[i].value_counts()
    rows = rows[rows[i].isin(count[count >= a.min_count].index)].drop_duplicates([c, i])
    item, collection = (rows[k].astype("category").cat.codes.values for k in (i, c))
    A = sp.csr_matrix((np.ones(len(rows), np.float32), (collection, item)))
    C = (A.T @ A).tocsr(); C.setdiag(0); C.eliminate_zeros(); C = C.tocoo(); keep = C.data > 2
    W = sp.csr_matrix((1 / np.log(C.data[keep]), (C.row[keep], C.col[keep])), shape=C.shape)
    pymde.seed(0)
    mde = pymde.preserve_neighbors(pymde.Graph(W), n_neighbors=15, embedding_dim=3, init="random")
    return mde.edges.numpy(), mde.distortion_function.weights.numpy()


def load(path):
    name = os.path.basename(os.path.normpath(path)).removesuffix(".npz")
    kept = os.path.join(a.cache, name + ".npz") if a.cache else ""
    if path.endswith(".npz") or os.path.exists(kept):
        z = np.load(path if path.endswith(".npz") else kept, allow_pickle=True)
        return name, z["edges"], z["weights"]
    edges, weights = make(path)
    if kept:
        np.savez(kept, edges=edges, weights=weights)
    return name, edges, weights


def theirs(n, edges, weights, start):
    f = pymde.penalties.PushAndPull(torch.tensor(weights), pymde.penalties.Log1p, pymde.penalties.Log)
    mde = pymde.MDE(n, 3, torch.tensor(edges), f, pymde.Centered())
    begin = time.perf_counter()
    X = mde.embed(torch.tensor(start), max_iter=a.iterations, eps=0.0)
    return time.perf_counter() - begin, float(mde.average_distortion(X))


def ours(problem, start):
    environment = dict(os.environ, RAYON_NUM_THREADS=str(a.threads))
    out = subprocess.run([a.solver, problem, str(a.iterations), "3", start], env=environment, check=True, capture_output=True, text=True).stdout
    last = re.findall(r"(\d+) iterations\s+([\d.]+) s\s+average distortion ([\d.eE+-]+)", out)[-1]
    return float(last[1]), float(last[2])


print(f"{'problem':<14} {'items':>7} {'pairs':>8} {'PyMDE s':>8} {'ours s':>8} {'ratio':>6}  average distortion: PyMDE, ours, ours/PyMDE")
missed = False
for path in a.problems:
    name, edges, weights = load(path)
    n = int(edges.max()) + 1
    start = np.random.default_rng(0).standard_normal((n, 3)).astype(np.float32); start -= start.mean(0)
    with tempfile.TemporaryDirectory() as folder:
        problem, at = os.path.join(folder, "problem.csv"), os.path.join(folder, "start.f32")
        np.savetxt(problem, np.c_[edges, weights], fmt="%g", delimiter=",", header="i,j,weight", comments="")
        start.tofile(at)
        # By turns, so that a load from elsewhere meets both.
        runs = [(theirs(n, edges, weights, start), ours(problem, at)) for _ in range(a.runs)]
    (t, f), (s, g) = (min(r[0] for r in runs), runs[0][0][1]), (min(r[1] for r in runs), runs[0][1][1])
    ok = g <= f * 1.005 and t[0] / s[0] >= a.bar
    missed |= not ok
    print(f"{name:<14} {n:>7} {len(edges):>8} {t[0]:>8.2f} {s[0]:>8.2f} {t[0] / s[0]:>6.1f}  {f:.5f} {g:.5f} {g / f:.4f}{'' if ok else '  MISSED'}", flush=True)
sys.exit(missed)
