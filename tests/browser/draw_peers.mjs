// Frame times while panning, beside regl-scatterplot and cosmos.gl: the same points, the same canvas, the same browser, in turn.
// Writes docs/draw.md.
//
//   cargo xtask bench --draw [--points N]... [--rounds N]
//
// PEERS names the bundle of the peers that xtask makes.

import { readFile, writeFile } from "node:fs/promises";
import { cpus } from "node:os";
import { fileURLToPath } from "node:url";
import { launch } from "./site.mjs";

const words = process.argv.slice(2);
const value = (/** @type {string} */ name) => words.flatMap((word, i) => (word === name ? [Number(words[i + 1])] : []));
const sizes = value("--points").length ? value("--points") : [100_000, 1_000_000, 5_000_000];
const rounds = value("--rounds")[0] ?? 3;
/** Frames of each program: fewer of many points. @param {number} n */
const frames = (n) => (n > 500_000 ? 12 : 30);
const PROGRAMS = ["archipelago", "archipelago-full", "regl", "cosmos"];
const NAMES = /** @type {Record<string, string>} */ ({
  archipelago: "**Archipelago** in motion",
  "archipelago-full": "**Archipelago**, all points in every frame",
  regl: "regl-scatterplot 1.16",
  cosmos: "cosmos.gl 3.3",
});

const { open, close } = await launch();
const peers = process.env.PEERS ?? "";
const here = (/** @type {string} */ name) => fileURLToPath(new URL(name, import.meta.url));
/** @typedef {Awaited<ReturnType<typeof import("./draw_page.js").measure>>} Result */
/** @typedef {Awaited<ReturnType<typeof import("./draw_page.js").answers>>} Answers */

/** @template T @param {(page: import("playwright-core").Page) => Promise<T>} work */
async function page(work) {
  const page = await open({
    wait: false,
    before: async (page) => {
      page.on("pageerror", (error) => console.error(`page: ${error.message}`));
      await page.route("**/peers.js", (route) => route.fulfill({ path: peers, contentType: "text/javascript" }));
      await page.route("**/draw_page.js", (route) => route.fulfill({ path: here("draw_page.js"), contentType: "text/javascript" }));
      // In dist/ it is a part of the page's one script.
      await page.route("**/motion.js", (route) => route.fulfill({ path: here("../../www/motion.js"), contentType: "text/javascript" }));
      const html = "<!doctype html><style>body{margin:0;background:#0b0e14}canvas{display:block}</style><script>window.archipelago=1</script>";
      // Isolated, so that its clock is fine enough.
      const headers = { "content-type": "text/html", "cross-origin-opener-policy": "same-origin", "cross-origin-embedder-policy": "require-corp" };
      await page.route(/\/$/, (route) => route.fulfill({ body: html, headers }));
    },
  });
  try {
    return await work(page);
  } finally {
    await page.context().close();
  }
}

/** @type {Map<number, Answers>} */
const own = new Map();
/** @type {Map<string, Result>} */
const best = new Map();
for (const n of sizes) {
  for (let round = 0; round < rounds; round += 1) {
    for (const who of PROGRAMS) {
      const result = await page((page) =>
        page.evaluate(
          async ([who, n, frames]) => {
            // @ts-ignore: served beside the page
            const { blobs, measure } = await import("/draw_page.js");
            return measure(who, blobs(n), frames);
          },
          /** @type {const} */ ([who, n, frames(n)]),
        ),
      ).catch((error) => console.error(`${who}, ${n} points: ${String(error.message).split("\n")[0]}`));
      if (!result) continue;
      console.log(`${n} points, ${who}: ${result.ms.toFixed(1)} ms, ${result.changes} of ${result.frames} frames changed`);
      const key = `${who} ${n}`;
      if (!best.has(key) || result.ms < /** @type {Result} */ (best.get(key)).ms) best.set(key, result);
    }
  }
  const told = await page((page) =>
    page.evaluate(async (n) => {
      // @ts-ignore: served beside the page
      const { blobs, answers } = await import("/draw_page.js");
      return /** @type {Answers} */ (await answers(blobs(n)));
    }, n),
  ).catch((error) => console.error(`answers, ${n} points: ${String(error.message).split("\n")[0]}`));
  if (!told) continue;
  own.set(n, told);
  const { index, pick, lasso, calls, bytes } = told;
  console.log(`${n} points: index ${index.toFixed(0)} ms, pick ${pick.toFixed(3)} ms, lasso ${lasso.toFixed(1)} ms, ${calls} draw calls, ${bytes} bytes a point`);
}
await close();

const lines = sizes.flatMap((n) => {
  const moving = best.get(`archipelago ${n}`)?.ms ?? NaN;
  const full = best.get(`archipelago-full ${n}`)?.ms ?? NaN;
  return PROGRAMS.flatMap((who) => {
    const r = best.get(`${who} ${n}`);
    if (!r) return [];
    const ours = who.startsWith("archipelago");
    const ratios = ours ? " | " : `${(r.ms / moving).toFixed(1)} | ${(r.ms / full).toFixed(1)}`;
    return [`| ${n.toLocaleString("en")} | ${NAMES[who]} | ${r.ms.toFixed(0)} | ${r.drawn?.toLocaleString("en") ?? "all"} | ${r.upload.toFixed(0)} | ${ratios} |`];
  });
});
const document = here("../../docs/draw.md");
const old = await readFile(document, "utf8").catch(() => "");
const kept = old.split("<!-- the table above is written by the bench -->\n")[1] ?? "";
const answers = [...own].map(
  ([n, { index, pick, lasso, inside, calls, bytes, idle }]) =>
    `| ${n.toLocaleString("en")} | ${index.toFixed(0)} | ${pick.toFixed(3)} | ${lasso.toFixed(1)} (${inside.toLocaleString("en")} inside) | ${calls} | ${bytes} | ${idle ? "nothing" : "draws"} |`,
);
const text = `# Drawing beside its peers

Written by \`cargo xtask bench --draw\`: one run on ${cpus().length} cores (${cpus()[0]?.model}), Chromium with WebGL2 by the processor
(SwiftShader), a canvas of 1280 x 800. 150 crowds of points in ten colors; each frame pans them by 5 px, and a few pixels are read back, so that
none is counted before it is drawn. Milliseconds of the middle of 8 to 20 frames, the fastest of ${rounds === 1 ? "one round" : `${rounds} rounds in turn`}. In
motion Archipelago draws what the device keeps up with (src/draw/detail.rs) and all points as soon as the map rests; the peers draw all, as discs
of 2 px, regl-scatterplot with its opacity by density. Upload is from the call to the end of the script that draws first.

| points | program | ms a frame | points drawn | upload, ms | of ours in motion | of ours, all points |
|---|---|---|---|---|---|---|
${lines.join("\n")}

Times of a processor that draws are comparable only as ratios.

What else Archipelago is asked for, in the same browser: the index for picking, built at the first pick; of 4,000 picks, half of them on points,
the slowest but one in a hundred; the middle of nine lassos of 100 corners around a fifth of the screen; calls of one draw; bytes on the GPU;
what happens while nothing changes.

| points | index, ms | pick p99, ms | lasso, ms | draw calls | bytes a point | idle |
|---|---|---|---|---|---|---|
${answers.join("\n")}

<!-- the table above is written by the bench -->
`;
await writeFile(document, text + kept);
console.log(`wrote ${document}`);
