"""UMAP or t-SNE of a Python peer, timed; its layout as 32-bit floats.

usage: python python_peers.py umap-learn|opentsne VECTORS.csv FOLDER --threads N [--epochs 200] [--perplexity 30]

umap-learn lays out the neighbors in FOLDER (indices.i32, distances.f32; the point itself left out there), openTSNE the vectors, the search
for neighbors included. Prints {"seconds": ..., "work": processor seconds of all threads, "divergence": ...}; compiling (numba) is done before the clock starts.
"""
import argparse, json, os, time, warnings
ap = argparse.ArgumentParser()
ap.add_argument("name"); ap.add_argument("vectors"); ap.add_argument("folder"); ap.add_argument("--threads", type=int, default=2)
ap.add_argument("--epochs", type=int, default=200); ap.add_argument("--perplexity", type=float, default=30)
a = ap.parse_args()
for name in ["NUMBA_NUM_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"]:
    os.environ[name] = str(a.threads)
warnings.filterwarnings("ignore")
import numpy as np
with open(a.vectors) as file:
    columns = range(1, len(file.readline().split(",")))
x = np.loadtxt(a.vectors, delimiter=",", skiprows=1, usecols=columns, dtype=np.float32)
n, divergence = len(x), None


def lists(n):
    indices = np.fromfile(f"{a.folder}/indices.i32", np.int32).reshape(len(x), -1)
    distances = np.fromfile(f"{a.folder}/distances.f32", np.float32).reshape(len(x), -1)
    own = np.arange(len(x), dtype=np.int32)[:, None]
    return np.hstack([own, indices]), np.hstack([np.zeros((len(x), 1), np.float32), distances])


if a.name == "umap-learn":
    import umap
    knn = lists(n)
    k = knn[0].shape[1]

    def lay(x, epochs, knn):
        return umap.UMAP(n_neighbors=k, min_dist=0.1, n_epochs=epochs, n_jobs=a.threads, precomputed_knn=(*knn, None),
                         force_approximation_algorithm=True).fit_transform(x)

    lay(x, 2, knn)
    began, worked = time.time(), time.process_time()
    layout = lay(x, a.epochs, knn)
else:
    from openTSNE import TSNE
    TSNE(n_iter=5, early_exaggeration_iter=5, n_jobs=a.threads).fit(x[:500])
    began, worked = time.time(), time.process_time()
    layout = TSNE(perplexity=a.perplexity, n_jobs=a.threads, random_state=0).fit(x)
    divergence = float(layout.kl_divergence)
seconds, work = time.time() - began, time.process_time() - worked
np.asarray(layout, np.float32).tofile(f"{a.folder}/{a.name}.f32")
print(json.dumps({"seconds": seconds, "work": work, "divergence": divergence}))
