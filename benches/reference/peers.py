"""Archipelago's projections beside other programs', on the same neighbors in one run: seconds, ratios, and how well the maps keep the data.

usage: python peers.py --bench UMAP_BENCH --program ARCHIPELAGO --atlas umap.js --umap-js index.js [--page URL] [--rounds 2] [--out docs]
       (cargo xtask bench --peers calls it)

30,000 vectors of babynames and each one's 15 nearest (all pairs looked at). The lists go to ours as a file of edges, whose lengths
are the distances: the page and the command line then have the same neighbors, and the same bits. Of each program the faster of the
rounds counts. Writes OUT/peers.md and OUT/peers.svg. Missed bars are named; worse maps end it with 1.
"""
import argparse, csv, json, os, re, subprocess, sys, tempfile
import numpy as np
here = os.path.dirname(os.path.abspath(__file__))
root = os.path.normpath(os.path.join(here, "../.."))
ap = argparse.ArgumentParser()
ap.add_argument("--bench", required=True); ap.add_argument("--program", required=True); ap.add_argument("--atlas", required=True)
ap.add_argument("--umap-js", required=True); ap.add_argument("--page"); ap.add_argument("--rounds", type=int, default=2)
ap.add_argument("--out", default=os.path.join(root, "docs")); ap.add_argument("--vectors", default=os.path.join(root, "../shared/data/bench/babynames-30k/vectors.csv"))
ap.add_argument("--only", default="", help="names of the programs to run, between commas; others are left out")
ap.add_argument("--methods", default="umap,tsne", help="umap, tsne or both")
a = ap.parse_args()
EPOCHS, K, PERPLEXITY = 200, 15, 30
work = tempfile.mkdtemp(prefix="peers-")

# (ours, theirs, how many times faster ours has to be, unit of the bar)
UMAP_BARS = [("Chromium, 1 thread", "embedding-atlas 0.26, 1 thread", 5), ("Chromium, 2 threads", "embedding-atlas 0.26, 1 thread", 9),
             ("Chromium, 1 thread", "umap-js 1.4, 1 thread", 10), ("Chromium, 2 threads", "umap-learn, 2 threads", 1), ("native, 2 threads", "umap-learn, 2 threads", 2)]
TSNE_BARS = [("native, 2 threads", "openTSNE, 2 threads", 3), ("Chromium, 2 threads", "openTSNE, 2 threads", 1.5)]


def answer(*command, **env):
    out = subprocess.run([str(word) for word in command], check=True, stdout=subprocess.PIPE, text=True, env=dict(os.environ, **env))
    return out.stdout


def last_line(*command, **env):
    return json.loads(answer(*command, **env).splitlines()[-1])


def edges(folder, indices, distances):
    """Each pair once, its weight the inverse of its length: what the recipe's dissimilarity turns back."""
    os.makedirs(folder, exist_ok=True)
    n, k = indices.shape
    i, j, d = np.repeat(np.arange(n), k), indices.ravel(), np.maximum(distances.ravel(), 1e-4)
    pairs, first = np.unique(np.stack([np.minimum(i, j), np.maximum(i, j)], 1), axis=0, return_index=True)
    with open(os.path.join(folder, "memberships.csv"), "w") as file:
        file.write("source,target,weight\n")
        file.writelines(f"{i},{j},{1 / d:.9g}\n" for (i, j), d in zip(pairs, d[first].astype(np.float64)))


def recipe(**project):
    """The embedding is only there because the order of the stages asks for one: a single iteration, not timed."""
    made = json.loads(answer(a.program, "recipe", "default"))
    made["collect"]["minCollections"] = 1
    made["count"].update(edges="direct", dissimilarity="inverse", maxNeighbors=100_000)
    made["graph"]["nNeighbors"] = K
    made["embed"].update(maxIterations=1)
    made["project"].update({"from": "graph", "minDist": 0.1, "nNeighbors": K, "epochs": EPOCHS, **project})
    return made


def natively(folder, recipe, threads, layout):
    settings, report, table = (os.path.join(work, name) for name in ("recipe.json", "report.json", "map.csv"))
    with open(settings, "w") as file:
        json.dump(recipe, file)
    subprocess.run([a.program, "map", os.path.join(folder, "memberships.csv"), "--recipe", settings, "--threads", str(threads), "--quiet",
                    "--report", report, "--output", table], check=True)
    with open(table) as file:
        rows = {int(row["item"]): (float(row["x"]), float(row["y"])) for row in csv.DictReader(file)}
    np.array([rows[i] for i in range(len(rows))], np.float32).tofile(layout)
    with open(report) as file:
        return json.load(file)


def in_page(folder, recipe, threads):
    script = os.path.join(root, "tests/browser/recipe.bench.mjs")
    return last_line("node", script, folder, json.dumps(recipe), ARCHIPELAGO_URL=a.page, ARCHIPELAGO_THREADS=str(threads))


def seconds_of(report):
    """Neighbors from the graph, fuzzy set or affinities, start, and all epochs."""
    return report["seconds"]["nearest"] + report["seconds"]["project"]


def wanted(name):
    return not a.only or any(word in name for word in a.only.split(","))


def compare(jobs):
    """Each job in turn, all of them as often as there are rounds: the least seconds, and what else the last run said."""
    best = {}
    for _ in range(a.rounds):
        for name, job in jobs.items():
            if not wanted(name):
                continue
            found = job()
            print(f"{name}: {found['seconds']:.2f} s", flush=True)
            for key in ("seconds", "work"):
                if key in found:
                    found[key] = min(found[key], best.get(name, found)[key])
            best[name] = found
    return best


def judged(files):
    out = answer(a.bench, "rounds=0", *files)
    return {name: (float(kept), float(trust)) for name, kept, trust in re.findall(r"^(\S+) +kept (\S+) +trustworthiness (\S+)$", out, re.M)}


def ours(folder, settings, layout):
    def native(threads):
        report = natively(folder, settings, threads, layout)
        found = {"seconds": seconds_of(report), "divergence": report["divergence"], "hash": report["mapHash"]}
        if settings["project"]["method"] == "umap":
            # The command line does not count work; benches/umap.rs does, for the same neighbors and options.
            found["work"] = float(re.search(r"([\d.]+) s of work", answer(a.bench, "rounds=1", f"threads={threads}"))[1])
        return found

    def page(threads):
        report = in_page(folder, settings, threads)
        return {"seconds": seconds_of(report), "divergence": report.get("divergence"), "hash": report["mapHash"]}

    jobs = {f"native, {t} thread{'s' * (t > 1)}": lambda t=t: native(t) for t in (1, 2)}
    if a.page:
        jobs.update({f"Chromium, {t} thread{'s' * (t > 1)}": lambda t=t: page(t) for t in (1, 2)})
    return jobs


def table(found, quality, bars):
    """The lines of a table, and the bars that are missed."""
    lines = ["| program | seconds | work | kept of the 15 nearest | trustworthiness | divergence |", "|---|---|---|---|---|---|"]
    for name, one in found.items():
        kept, trust = quality.get(name, (float("nan"), float("nan")))
        own = "" if "," not in name or not name.startswith(("native", "Chromium")) else "**Archipelago** "
        divergence = f"{one['divergence']:.4f}" if one.get("divergence") else ""
        work = f"{one['work']:.2f}" if "work" in one else ""
        lines.append(f"| {own}{name} | {one['seconds']:.2f} | {work} | {kept:.3f} | {trust:.3f} | {divergence} |")
    lines += ["", "| ours | theirs | times faster | bar |", "|---|---|---|---|"]
    missed = []
    for mine, other, bar in bars:
        if mine in found and other in found:
            ratio = found[other]["seconds"] / found[mine]["seconds"]
            lines.append(f"| {mine} | {other} | {ratio:.1f} | {bar}{'' if ratio >= bar else ', **missed**'} |")
            missed += [] if ratio >= bar else [f"{mine} against {other}: {ratio:.2f}, bar {bar}"]
    return lines, missed


def plot(panels):
    """Bars of seconds, by panel."""
    rows = sum(len(found) for _, found in panels) + 2 * len(panels)
    out = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 720 {24 * rows + 16}" font-family="sans-serif" font-size="13">',
           f'<rect width="720" height="{24 * rows + 16}" fill="#ffffff"/>']
    y = 24
    for title, found in panels:
        out.append(f'<text x="12" y="{y}" font-weight="600">{title}: seconds</text>')
        most = max(one["seconds"] for one in found.values())
        for name, one in found.items():
            y += 24
            color = "#0969da" if name.startswith(("native", "Chromium")) else "#8c959f"
            own = "Archipelago, " if name.startswith(("native", "Chromium")) else ""
            width = max(400 * one["seconds"] / most, 1)
            out.append(f'<text x="12" y="{y}">{own}{name}</text><rect x="260" y="{y - 12}" width="{width:.1f}" height="16" fill="{color}"/>'
                       f'<text x="{266 + width:.1f}" y="{y}">{one["seconds"]:.2f}</text>')
        y += 48
    return "\n".join(out + ["</svg>", ""])


answer(a.bench, "rounds=0", f"out={work}")
indices = np.fromfile(f"{work}/indices.i32", np.int32).reshape(-1, K)
distances = np.fromfile(f"{work}/distances.f32", np.float32).reshape(-1, K)
n = len(indices)
edges(f"{work}/umap", indices, distances)
layout = f"{work}/archipelago.f32"
javascript = lambda name, module: lambda: last_line("node", os.path.join(here, "umap_peers.mjs"), name, module, n, K, EPOCHS, work)
python = lambda name, threads: lambda: last_line(sys.executable, os.path.join(here, "python_peers.py"), name, a.vectors, work, "--threads", threads,
                                                 "--epochs", EPOCHS, "--perplexity", PERPLEXITY)
umap = compare({} if "umap" not in a.methods else {**ours(f"{work}/umap", recipe(method="umap", start="spectral"), layout),
                "umap-learn, 1 thread": python("umap-learn", 1), "umap-learn, 2 threads": python("umap-learn", 2),
                "embedding-atlas 0.26, 1 thread": javascript("embedding-atlas", a.atlas), "umap-js 1.4, 1 thread": javascript("umap-js", a.umap_js)})
files = {"archipelago": layout, "umap-learn": f"{work}/umap-learn.f32", "embedding-atlas": f"{work}/embedding-atlas.f32", "umap-js": f"{work}/umap-js.f32"}
points = judged([file for file in files.values() if os.path.exists(file)])
quality = {name: points.get(files[next((key for key in files if name.startswith(key)), "archipelago")]) for name in umap}
quality = {name: found for name, found in quality.items() if found}
lines, missed = table(umap, quality, UMAP_BARS)
wrong = [f"UMAP: {name} keeps more" for name, found in quality.items()
         if name.split(",")[0].split(" ")[0] in files and any(theirs > mine + 1e-3 for theirs, mine in zip(found, points.get(layout, (0, 0))))]
hashes = {one["hash"] for one in umap.values() if "hash" in one}
wrong += [] if len(hashes) <= 1 else [f"the page and the command line made different maps: {hashes}"]

tsne, more_lines, more_missed = {}, [], []
if "tsne" in a.methods:
    # t-SNE has three times the perplexity as neighbors; ours gets them as a list, so that its seconds lack the search for them.
    answer(a.bench, "rounds=0", f"k={3 * PERPLEXITY}", f"out={work}/more")
    more = [np.fromfile(f"{work}/more/{name}", kind).reshape(n, -1) for name, kind in (("indices.i32", np.int32), ("distances.f32", np.float32))]
    edges(f"{work}/tsne", *more)
    flat = f"{work}/tsne.f32"
    tsne = compare({**ours(f"{work}/tsne", recipe(method="tsne", perplexity=PERPLEXITY, earlyIterations=250, iterations=750, start="spectral"), flat), "openTSNE, 2 threads": python("opentsne", 2)})
    points = judged([file for file in (flat, f"{work}/opentsne.f32") if os.path.exists(file)])
    of_tsne = {name: points.get(f"{work}/opentsne.f32" if name.startswith("openTSNE") else flat) for name in tsne}
    more_lines, more_missed = table(tsne, {name: found for name, found in of_tsne.items() if found}, TSNE_BARS)
    theirs = tsne.get("openTSNE, 2 threads", {}).get("divergence")
    wrong += [f"t-SNE: divergence {one['divergence']:.4f} of {name}" for name, one in tsne.items()
              if theirs and name.startswith("native") and one["divergence"] > 1.01 * theirs]

text = ["# Beside its peers", "", f"Written by `cargo xtask bench --peers`: one run on one machine, the fastest of {a.rounds}. 30,000 vectors (babynames), each one's 15",
        "nearest found by looking at all pairs, the same list for everybody; UMAP with least distance 0.1 and 200 epochs, its start included. Work is seconds of processor time, all",
        "threads together: what else runs on the machine changes it little.", "",
        *(lines if umap else []), "", *(["t-SNE, perplexity 30, 750 iterations. openTSNE's seconds include its search for neighbors, ours do not: they come as a list.", ""]
                                         if tsne else []), *more_lines, "", "![seconds](peers.svg)", "", "Missed bars: " + ("; ".join(missed + more_missed) or "none") + ".", ""]
os.makedirs(a.out, exist_ok=True)
with open(os.path.join(a.out, "peers.md"), "w") as file:
    file.write("\n".join(text))
with open(os.path.join(a.out, "peers.svg"), "w") as file:
    file.write(plot([(title, found) for title, found in [("UMAP", umap), ("t-SNE", tsne)] if found]))
print("\n".join(text))
if wrong:
    sys.exit("worse than a peer: " + "; ".join(wrong))
