"""The atlas author's pipeline in Python, stage by stage, timed: what Archipelago's speed and answers are measured against.

usage: python pipeline.py FOLDER [--min-count 5] [--n-neighbors 15] [--iterations 500] [--threads 2] [--maps] [--problem OUT.npz]

FOLDER holds memberships.csv, whose first two columns are collection and item. The recipe: items in at least min-count collections, raw
co-occurrence, distance 1/ln(x) for x above 2, PyMDE's preserve_neighbors in three dimensions from a random start. --maps goes on to the
plane by umap-learn and openTSNE. --problem keeps the embedding's pairs and weights for mde_compare.py. The last line printed is JSON:
{"seconds": {stage: s}, "items", "rows", "pairs", "edges", "similar", "distortion"}; edges are all pairs of the embedding, similar those that attract.
"""
import argparse, json, os, time, warnings
warnings.filterwarnings("ignore")
ap = argparse.ArgumentParser()
ap.add_argument("folder")
ap.add_argument("--min-count", type=int, default=5); ap.add_argument("--n-neighbors", type=int, default=15)
ap.add_argument("--iterations", type=int, default=500); ap.add_argument("--threads", type=int, default=2)
ap.add_argument("--maps", action="store_true"); ap.add_argument("--problem")
a = ap.parse_args()
for name in ["OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMBA_NUM_THREADS"]:
    os.environ[name] = str(a.threads)
import numpy as np, pandas as pd, scipy.sparse as sp, torch, pymde
torch.set_num_threads(a.threads)
pymde.seed(0)

seconds, answer = {}, {}
clock = time.perf_counter()


def lap(stage):
    global clock
    now = time.perf_counter()
    seconds[stage], clock = now - clock, now
    print(f"  reference {stage}: {seconds[stage]:.2f} s", flush=True)
    clock = time.perf_counter()


rows = pd.read_csv(os.path.join(a.folder, "memberships.csv"))
collection, item = rows.columns[:2]
lap("read")

often = rows[item].value_counts()
rows = rows[rows[item].isin(often[often >= a.min_count].index)].drop_duplicates([collection, item])
ids = [rows[column].astype("category").cat.codes.values for column in (collection, item)]
has = sp.csr_matrix((np.ones(len(rows), np.float32), ids))
together = (has.T @ has).tocsr()
together.setdiag(0)
together.eliminate_zeros()
together = together.tocoo()
keep = together.data > 2
graph = sp.csr_matrix((1 / np.log(together.data[keep]), (together.row[keep], together.col[keep])), shape=together.shape)
lap("count")

mde = pymde.preserve_neighbors(pymde.Graph(graph), n_neighbors=a.n_neighbors, embedding_dim=3, init="random")
lap("graph")

# As Archipelago's author recipe: no stop by the gradient within these iterations.
embedding = mde.embed(max_iter=a.iterations).numpy()
lap("embed")

weights = mde.distortion_function.weights.numpy()
answer.update(items=has.shape[1], rows=len(rows), pairs=int(keep.sum()) // 2, edges=len(mde.edges),
              similar=int((weights > 0).sum()), distortion=float(mde.average_distortion()))
if a.problem:
    np.savez(a.problem, edges=mde.edges.numpy(), weights=weights)
if a.maps:
    import umap
    from openTSNE import TSNE
    umap.UMAP(n_epochs=5).fit(np.random.rand(5000, 3))  # compiles it
    clock = time.perf_counter()
    umap.UMAP(n_neighbors=50, min_dist=0.25, n_jobs=a.threads).fit_transform(embedding)
    lap("umap")
    TSNE(perplexity=30, n_jobs=a.threads).fit(embedding)
    lap("tsne")
print(json.dumps(dict(answer, seconds=seconds)))
