// From the drop to the map, and to the 3-D embedding where there is one, in headless Chromium with a recipe given: seconds per
// stage, memory.
//
//   node tests/browser/recipe.bench.mjs                      the sets named below; or: cargo xtask bench
//   node tests/browser/recipe.bench.mjs FOLDER RECIPE.json   that folder's memberships.csv(.gz) or vectors.csv or pca50.csv; RECIPE as text; the
//                                                            last line printed is JSON: the report, with seconds of reading,
//                                                            until the flat map is begun, and in all
//
// ARCHIPELAGO_THREADS: how many threads the page uses (2). ARCHIPELAGO_WAIT: seconds between the page's start and the drop (0): a
// person takes some, in which the page rehearses (www/later/rehearsal.js).

import { access } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { launch } from "./site.mjs";

const bench = fileURLToPath(new URL("../../../shared/data/bench/", import.meta.url));
const SETS = [
  { name: "ml-1m", folder: `${bench}ml-1m/`, recipe: { collect: { minCollections: 5 } } },
  { name: "moby-thesaurus", folder: `${bench}moby-thesaurus/`, recipe: { collect: { minCollections: 1 } } },
  // Bars: 45 s and 1.5 GB to the embedding.
  { name: "moby-thesaurus", folder: `${bench}moby-thesaurus/`, recipe: { collect: { minCollections: 1 }, project: { from: "embedding", method: "umap" } } },
  // Bars: 40 s and 60 s from the drop to the map.
  { name: "mnist-63k, UMAP", folder: `${bench}mnist-63k/`, recipe: { count: { vectorNeighbors: 15 }, project: { method: "umap", nNeighbors: 15, minDist: 0.1 } } },
  { name: "mnist-63k, t-SNE", folder: `${bench}mnist-63k/`, recipe: { count: { vectorNeighbors: 90 }, project: { method: "tsne", perplexity: 30, iterations: 750, earlyIterations: 250 } } },
];
const threads = process.env.ARCHIPELAGO_THREADS ?? "2";
const wait = 1000 * Number(process.env.ARCHIPELAGO_WAIT ?? "0");

const { open, close } = await launch();

/** @param {string} folder */
async function rowsOf(folder) {
  for (const name of ["memberships.csv", "memberships.csv.gz", "vectors.csv", "pca50.csv"]) {
    const file = `${folder.replace(/\/?$/, "/")}${name}`;
    if (await access(file).then(() => true, () => false)) return file;
  }
  return null;
}

/** Opens a file with a recipe, as a drop does. @param {string} file @param {object} recipe */
async function measure(file, recipe) {
  const page = await open({ at: `?threads=${threads}` });
  page.setDefaultTimeout(0);
  await page.evaluate(() => {
    document.body.append(Object.assign(document.createElement("input"), { type: "file", id: "bench-file" }));
  });
  await page.setInputFiles("#bench-file", file);
  await page.waitForTimeout(wait);
  const figures = await page.evaluate(async (recipe) => {
    const [file] = /** @type {HTMLInputElement} */ (document.querySelector("#bench-file")).files ?? [];
    const began = performance.now();
    const since = () => (performance.now() - began) / 1000;
    let read = 0;
    let embedded = 0;
    const end = archipelago.on("progress", ({ stage }) => {
      if (stage !== "read") read ||= since();
      // Progress names the stage that comes next.
      if (stage === "nearest" || stage === "project" || stage === "done") embedded ||= since();
    });
    await archipelago.open(file, recipe);
    end();
    return { total: since(), read, embedded, report: archipelago.report() };
  }, recipe);
  await page.context().close();
  return figures;
}

const [folder, text] = process.argv.slice(2);
if (folder) {
  const file = await rowsOf(folder);
  if (!file) throw new Error(`${folder} has no memberships.csv or vectors.csv`);
  const { report, read, embedded, total } = await measure(file, JSON.parse(text || "{}"));
  console.log(JSON.stringify({ ...report, seconds: { ...report.seconds, read, toProjection: embedded, total } }));
} else {
  for (const { name, folder, recipe } of SETS) {
    const file = await rowsOf(folder);
    if (!file) continue;
    const { report, read, embedded, total } = await measure(file, recipe);
    const stages = Object.entries(report.seconds).map(([stage, seconds]) => `${stage} ${Number(seconds).toFixed(2)}`);
    const toEmbedding = report.recipe.project.from === "embedding" ? `${embedded.toFixed(1)} s to the embedding, ` : "";
    console.log(`${name}: from the drop ${toEmbedding}${total.toFixed(1)} s to the map, ${(report.memoryBytes / 1e6).toFixed(0)} MB of WebAssembly memory`);
    console.log(`  ${report.threads} threads; ${report.sizes.items} items; seconds: read ${read.toFixed(2)}, ${stages.join(", ")}`);
  }
}
await close();
