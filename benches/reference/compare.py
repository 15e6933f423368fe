"""Archipelago beside the Python pipeline, on the same rows with the same settings: ratios stage by stage, and whether both found the same.

usage: python compare.py --program ARCHIPELAGO [--page URL] FOLDER...     (cargo xtask bench --reference calls it)

For each FOLDER with memberships.csv: pipeline.py, the program natively, and, with --page, the built page in headless Chromium; two threads
each. Ours runs before and after the reference and the faster run counts, so that a load from elsewhere does not decide. Exits with 1 when an
answer differs: another number of items or of pairs with a similarity, pairs that attract by more than 0.5 % (ties), or an average
distortion more than 2 % above PyMDE's: the pairs that repel and the start are drawn at random by each, which alone is worth 1 %.
mde_compare.py holds it to 0.5 % on the same pairs from the same start. Bars on speed are printed, and missed ones named.
"""
import argparse, json, os, subprocess, sys, tempfile
here = os.path.dirname(os.path.abspath(__file__))
ap = argparse.ArgumentParser()
ap.add_argument("folders", nargs="+")
ap.add_argument("--program", required=True); ap.add_argument("--page"); ap.add_argument("--threads", type=int, default=2)
a = ap.parse_args()

# The same settings as pipeline.py. maxNeighbors: no list is cut there, so none is cut here; repulsiveFraction: PyMDE's.
SETTINGS = {"count": {"maxNeighbors": 100_000}, "graph": {"nNeighbors": 15}, "embed": {"tolerance": 1e-5, "maxIterations": 500, "repulsiveFraction": 1}}
# What must be at least so many times faster: natively, in Chromium. Set for ml-1m.
BARS = {"to the embedding": (40, 20), "graph": (500, None), "embed": (3, 1.5)}
STAGES = ["read", "count", "graph", "embed"]


def assignments(options):
    return [word for section, values in options.items() for key, value in values.items() for word in ("--set", f"{section}.{key}={json.dumps(value)}")]


def native(folder, min_count):
    with tempfile.TemporaryDirectory() as out:
        report = os.path.join(out, "report.json")
        options = dict(SETTINGS, collect={"minCollections": min_count})
        subprocess.run([a.program, "map", os.path.join(folder, "memberships.csv"), "--recipe", "author", *assignments(options),
                        "--threads", str(a.threads), "--quiet", "--report", report], check=True)
        with open(report) as file:
            return json.load(file)


def page(folder, min_count):
    recipe = json.loads(subprocess.run([a.program, "recipe", "author"], check=True, stdout=subprocess.PIPE, text=True).stdout)
    for section, values in dict(SETTINGS, collect={"minCollections": min_count}).items():
        recipe[section].update(values)
    script = os.path.join(here, "../../tests/browser/recipe.bench.mjs")
    out = subprocess.run(["node", script, folder, json.dumps(recipe)], check=True, stdout=subprocess.PIPE, text=True,
                         env=dict(os.environ, ARCHIPELAGO_URL=a.page, ARCHIPELAGO_THREADS=str(a.threads)))
    return json.loads(out.stdout.splitlines()[-1])


def reference(folder, min_count):
    out = subprocess.run([sys.executable, os.path.join(here, "pipeline.py"), folder, "--min-count", str(min_count),
                          "--threads", str(a.threads)], check=True, stdout=subprocess.PIPE, text=True)
    return json.loads(out.stdout.splitlines()[-1])


def stages(report):
    """Our seconds under the reference's names."""
    seconds = report["seconds"]
    ours = {"read": seconds["read"], "count": seconds["collect"] + seconds["count"], "graph": seconds["graph"], "embed": seconds["embed"]}
    return dict(ours, **{"to the embedding": sum(ours.values())})


def faster(one, other):
    return {name: min(one[name], other[name]) for name in one}


wrong = []
for folder in a.folders:
    name = os.path.basename(os.path.normpath(folder))
    min_count = 1 if name == "films" else 5
    runs = {"native": (native, []), "Chromium": (page, [])} if a.page else {"native": (native, [])}
    reports = {where: run(folder, min_count) for where, (run, _) in runs.items()}
    theirs = reference(folder, min_count)
    ours = {where: faster(stages(reports[where]), stages(run(folder, min_count))) for where, (run, _) in runs.items()}
    seconds = dict(theirs["seconds"], **{"to the embedding": sum(theirs["seconds"][stage] for stage in STAGES)})

    sizes = reports["native"]["sizes"]
    print(f"\n{name}: {theirs['items']:,} items, {theirs['rows']:,} rows, {a.threads} threads")
    print(f"{'':<18}{'Python':>10}" + "".join(f"{where:>12}{'ratio':>8}" for where in ours))
    for stage in STAGES + ["to the embedding"]:
        line = f"{stage:<18}{seconds[stage]:>8.2f} s"
        for where, mine in ours.items():
            ratio = seconds[stage] / max(mine[stage], 1e-4)
            line += f"{mine[stage]:>10.3f} s{ratio:>8.1f}"
            bar = BARS.get(stage, (None, None))[where == "Chromium"]
            if bar and name == "ml-1m":
                line += f" (bar {bar}{'' if ratio >= bar else ', MISSED'})"
        print(line)
    checks = [("items", sizes["items"], theirs["items"], 0.0), ("pairs with a similarity", sizes["graphEdges"], theirs["pairs"], 0.0),
              ("pairs that attract", sizes["similarPairs"], theirs["similar"], 0.005),
              # PyMDE draws as many, and then drops those that came twice or attract.
              ("pairs in all", sizes["similarPairs"] + sizes["dissimilarPairs"], theirs["edges"], 0.03)]
    for what, mine, other, tolerance in checks:
        good = abs(mine - other) <= tolerance * other
        wrong += [] if good else [f"{name}: {what}"]
        print(f"{what}: {mine:,} and {other:,}{'' if good else '  DIFFERENT'}")
    for where, report in reports.items():
        mine, other = report["averageDistortion"], theirs["distortion"]
        good = mine <= other * 1.02
        wrong += [] if good else [f"{name}: average distortion"]
        print(f"average distortion, {where}: {mine:.5f} and {other:.5f}, {100 * (mine / other - 1):+.2f} %{'' if good else '  WORSE'}")
    if "Chromium" in reports:
        print(f"memory of the page's WebAssembly: {reports['Chromium'].get('memoryBytes', 0) / 1e6:.0f} MB")
if wrong:
    sys.exit("the answers differ: " + "; ".join(wrong))
