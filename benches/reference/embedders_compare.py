"""Item2vec, node2vec and GGVec of the seeds' packages: label purity of the 10 nearest by cosine, to be held against benches/quality.rs.

usage: python embedders_compare.py [--min-count 5] [--dim 32] [--labels category] [--methods item2vec,node2vec,ggvec] FOLDER

FOLDER has memberships.csv and items.csv. item2vec is gensim's skip-gram on the collections, each shuffled anew for every epoch, so that
a window is a random part of the set; node2vec (csrgraph's walks, gensim's skip-gram) and GGVec take the graph of the 10 nearest
by idf cosine, an edge if either lists the other, of weight 2 if both do: what `count.similarity=idfCosine graph.neighbors=direct`
gives here. Needs numpy, scipy, pandas, gensim and nodevectors, in an environment outside of the repository.
"""
import argparse, os, time, warnings
import numpy as np, pandas as pd, scipy.sparse as sp
warnings.filterwarnings("ignore")
ap = argparse.ArgumentParser()
ap.add_argument("folder"); ap.add_argument("--min-count", type=int, default=5); ap.add_argument("--dim", type=int, default=32)
ap.add_argument("--labels", default="category"); ap.add_argument("--methods", default="item2vec,node2vec,ggvec")
ap.add_argument("--epochs", type=int, default=30); ap.add_argument("--window", type=int, default=5); ap.add_argument("--threads", type=int, default=2)
a = ap.parse_args()

rows = pd.read_csv(os.path.join(a.folder, "memberships.csv")); c, i = rows.columns[:2]
count = rows[i].value_counts(); rows = rows[rows[i].isin(count[count >= a.min_count].index)].drop_duplicates([c, i])
ci, _ = pd.factorize(rows[c]); ii, names = pd.factorize(rows[i], sort=True); n = len(names)
items = pd.read_csv(os.path.join(a.folder, "items.csv")); items = items.set_index(items.columns[0]).reindex(names)


def purity(x):
    """Of each label: the share of the 10 nearest by cosine among items whose label is known."""
    out = []
    for label in a.labels.split(","):
        codes, kinds = pd.factorize(items[label]); known = (codes >= 0) & (items[label].values != "Unknown")
        v, code = x[known], codes[known]
        v = v / np.maximum(np.linalg.norm(v, axis=1, keepdims=True), 1e-12)
        s = v @ v.T; np.fill_diagonal(s, -9)
        near = np.argpartition(-s, 10, axis=1)[:, :10]
        out.append(f"{label} {np.mean(code[near] == code[:, None]):.3f}")
    return ", ".join(out)


def skip_gram(corpus, epochs, callback=None):
    from gensim.models import Word2Vec
    model = Word2Vec(corpus, vector_size=a.dim, window=a.window, negative=5, sg=1, hs=0, min_count=1, sample=0, epochs=epochs, workers=a.threads, seed=1)
    return np.array([model.wv[str(k)] if str(k) in model.wv else np.zeros(a.dim) for k in range(n)], np.float32)


class Sets:
    """Each collection in a new order whenever it is read."""
    def __init__(self):
        order = np.argsort(ci, kind="stable"); cuts = np.flatnonzero(np.diff(ci[order])) + 1
        self.sets = [s.astype(str).astype(object) for s in np.split(ii[order], cuts)]; self.rng = np.random.default_rng(1)
    def __iter__(self):
        for s in self.sets:
            for part in np.array_split(self.rng.permutation(s), max(1, -(-len(s) // 10_000))):
                yield list(part)


def graph():
    x = sp.csr_matrix((np.ones(len(ii)), (ii, ci)), shape=(n, ci.max() + 1))
    idf = np.log(n / np.maximum(np.asarray(x.sum(0)).ravel(), 1)); x = x @ sp.diags(np.maximum(idf, 1e-9))
    x = sp.diags(1 / np.maximum(np.sqrt(np.asarray(x.multiply(x).sum(1)).ravel()), 1e-12)) @ x
    s = (x @ x.T).toarray(); np.fill_diagonal(s, -1)
    near = np.argpartition(-s, 10, axis=1)[:, :10]
    one = sp.csr_matrix((np.ones(n * 10, np.float32), (np.repeat(np.arange(n), 10), near.ravel())), shape=(n, n))
    return (one + one.T).tocsr()


for method in a.methods.split(","):
    begin = time.time()
    if method == "item2vec":
        x = skip_gram(Sets(), a.epochs)
    elif method == "node2vec":
        import csrgraph
        g = csrgraph.csrgraph(graph(), threads=a.threads)
        walks = g.random_walks(walklen=40, epochs=10, return_weight=1.0, neighbor_weight=1.0)
        x = skip_gram([list(map(str, w)) for w in walks], 5)
    else:
        import csrgraph
        x = csrgraph.csrgraph(graph(), threads=a.threads).ggvec(n_components=a.dim, order=1, learning_rate=0.1, exponent=0.33, negative_ratio=0.15, max_epoch=350, tol_samples=30, tol=0.05, verbose=False)
    print(f"{method:<9} {purity(np.asarray(x))}   {time.time() - begin:.1f} s", flush=True)
