// From the drop to the finished map in headless Chromium: seconds, first points on screen,
// tasks that block the page. Data sets that are not there are left out.
//
//   node tests/browser/first_map.bench.mjs      or: cargo xtask bench

import { access } from "node:fs/promises";
import { cpus } from "node:os";
import { fileURLToPath } from "node:url";
import { launch, settled, WWW } from "./site.mjs";

const RUNS = 3;
const bench = fileURLToPath(new URL("../../../shared/data/bench/", import.meta.url));
const SETS = [
  { name: "emoji", folder: `${WWW}demo/emoji/`, minCollections: 3 },
  { name: "films", folder: `${WWW}demo/films/`, minCollections: 3 },
  { name: "films, every item", folder: `${WWW}demo/films/`, minCollections: 1 },
  { name: "ml-1m", folder: `${bench}ml-1m/`, minCollections: 5 },
];

const { open, close } = await launch();
console.log(`${cpus().length} cores, ${cpus()[0]?.model}; the middle one of ${RUNS} runs`);
for (const { name, folder, minCollections } of SETS) {
  const files = (await Promise.all(["memberships.csv", "memberships.csv.gz", "items.csv"].map((file) => access(folder + file).then(() => folder + file, () => "")))).filter(Boolean);
  if (!files.length) continue;
  const runs = [];
  for (let run = 0; run < RUNS; run += 1) {
    const page = await open();
    await page.click("#settings-button");
    await page.fill("#min-collections", String(minCollections));
    await page.press("#min-collections", "Tab");
    await page.evaluate(() => {
      window.figures = { first: 0, total: 0, blocked: [] };
      new PerformanceObserver((list) => window.figures.blocked.push(...list.getEntries().map((entry) => entry.duration))).observe({ type: "longtask" });
      document.querySelector("#chooser")?.addEventListener("change", () => (window.began = performance.now()), { capture: true });
      archipelago.on("layout", () => (window.figures.first ||= performance.now() - window.began));
      archipelago.on("ready", () => (window.figures.total = performance.now() - window.began));
    });
    await page.setInputFiles("#chooser", files);
    await page.waitForFunction(() => window.figures.total > 0, undefined, { timeout: 300_000 });
    await settled(page);
    runs.push({ ...(await page.evaluate(() => window.figures)), report: await page.evaluate(() => archipelago.report()) });
    await page.context().close();
  }
  runs.sort((a, b) => a.total - b.total);
  const { first, total, blocked, report } = runs[Math.floor(RUNS / 2)];
  const stages = Object.entries(report.seconds).map(([stage, seconds]) => `${stage} ${Number(seconds).toFixed(2)}`);
  console.log(`${name}: ${(total / 1000).toFixed(1)} s, first points after ${(first / 1000).toFixed(2)} s, ${blocked.length} tasks over 50 ms (longest ${Math.round(Math.max(0, ...blocked))} ms)`);
  console.log(`  ${report.threads} threads; sizes ${JSON.stringify(report.sizes)}; seconds ${stages.join(", ")}`);
}
await close();
