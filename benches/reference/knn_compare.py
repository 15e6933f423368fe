"""Nearest neighbors of vectors beside pynndescent and scikit-learn: seconds, recall and ratios, in one run.

usage: python knn_compare.py FOLDER [--bench PROGRAM] [--k 15] [--threads 2]

FOLDER holds vectors_u8.npy.gz (mnist-63k). PROGRAM is the bench `knn` that cargo built; without it only the references run.
pynndescent runs once on a few rows first, which compiles it, so that its time is that of the search. Beside seconds on the clock
stand those of work on all cores together, which a load from elsewhere hardly changes. scikit-learn's exact search takes a sample
of rows, from which the time for all follows.
"""
import argparse, gzip, os, re, resource, subprocess, sys, time
ap = argparse.ArgumentParser()
ap.add_argument("folder"); ap.add_argument("--bench"); ap.add_argument("--k", type=int, default=15); ap.add_argument("--threads", type=int, default=2)
a = ap.parse_args()
for name in ("NUMBA_NUM_THREADS", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ[name] = str(a.threads)
import numpy as np
from pynndescent import NNDescent
from sklearn.neighbors import NearestNeighbors

SAMPLE = 256


def timed(f):
    usage = lambda: sum(getattr(resource.getrusage(resource.RUSAGE_SELF), name) for name in ("ru_utime", "ru_stime"))
    clock, work = time.perf_counter(), usage()
    result = f()
    return result, time.perf_counter() - clock, usage() - work


with gzip.open(os.path.join(a.folder, "vectors_u8.npy.gz")) as file:
    x = np.load(file).astype(np.float32)
n = len(x)
sample = np.arange(SAMPLE) * n // SAMPLE

search = lambda x: NNDescent(x, n_neighbors=a.k + 1, n_jobs=a.threads, random_state=1).neighbor_graph
search(x[:5000])
(found, _), clock, work = timed(lambda: search(x))
exact, exact_clock, exact_work = timed(lambda: NearestNeighbors(n_neighbors=a.k + 1, algorithm="brute", n_jobs=a.threads).fit(x).kneighbors(x[sample])[1])
recall = np.mean([len(np.intersect1d(found[i][1:], exact[s][1:])) / a.k for s, i in enumerate(sample)])
print(f"pynndescent: {clock:.2f} s, {work:.2f} s of work, recall {recall:.4f}")
print(f"scikit-learn, brute: {exact_clock * n / SAMPLE:.1f} s, {exact_work * n / SAMPLE:.1f} s of work for all rows, from a sample of {SAMPLE}")
if a.bench:
    out = subprocess.run([a.bench, "vectors_u8"], check=True, stdout=subprocess.PIPE, text=True).stdout
    print(out, end="")
    ours = re.search(r"Euclidean.*?: ([\d.]+) s, ([\d.]+) s of work, recall ([\d.]+)", out)
    if not ours:
        sys.exit("the bench printed no result for these vectors")
    seconds, effort, ours_recall = map(float, ours.groups())
    print(f"pynndescent takes {clock / seconds:.2f} times as long ({work / effort:.2f} times the work) for recall {recall:.4f} beside {ours_recall:.4f}")
    print(f"scikit-learn takes {exact_clock * n / SAMPLE / seconds:.1f} times as long ({exact_work * n / SAMPLE / effort:.1f} times the work)")
