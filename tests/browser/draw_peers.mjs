// Frame times while panning, beside regl-scatterplot and cosmos.gl: the same points, the same canvas, the same browser, in turn.
// Writes docs/draw.md, unless sizes are named.
//
//   cargo xtask bench --draw [--points N]... [--rounds N]

import { readFile, writeFile } from "node:fs/promises";
import { cpus } from "node:os";
import { blank, here } from "./draw_site.mjs";

const words = process.argv.slice(2);
const value = (/** @type {string} */ name) => words.flatMap((word, i) => (word === name ? [Number(words[i + 1])] : []));
const named = value("--points");
const sizes = named.length ? named : [100_000, 1_000_000, 5_000_000];
const rounds = value("--rounds")[0] ?? 3;
/** Seconds after which a program is given up: it cannot do that many points. */
const LIMIT = 180;
/** Frames of each program: fewer of many points. @param {number} n */
const frames = (n) => (n > 500_000 ? 12 : 30);
const PROGRAMS = ["archipelago", "archipelago-full", "regl", "cosmos"];
const NAMES = /** @type {Record<string, string>} */ ({
  archipelago: "**Archipelago** in motion",
  "archipelago-full": "**Archipelago**, all points in every frame",
  regl: "regl-scatterplot 1.16",
  cosmos: "cosmos.gl 3.3",
});
const MARK = "<!-- the table above is written by the bench -->\n";

/** @typedef {Awaited<ReturnType<typeof import("./draw_page.js").measure>>} Result */
/** @typedef {Awaited<ReturnType<typeof import("./draw_page.js").answers>>} Answers */

// Read ahead: what a person wrote is not lost for a file that looks otherwise.
const document = here("../../docs/draw.md");
const kept = (await readFile(document, "utf8")).split(MARK)[1];
if (kept === undefined) throw new Error(`docs/draw.md lacks its line ${MARK.trim()}`);

/** Why an answer is none, or "". @param {Result} result */
function refuse({ changes, frames, lit, hues }) {
  if (changes < 0.9 * frames) return `only ${changes} of ${frames} frames changed`;
  if (lit < 0.05 || hues < 5) return `${Math.round(100 * lit)} % of the canvas is drawn, in ${hues} hues: these are not the points`;
  return "";
}

/** @type {Map<number, Answers>} */
const own = new Map();
/** @type {Map<string, Result>} */
const best = new Map();
/** Why a program has no figure. @type {Map<string, string>} */
const failed = new Map();

/** @param {string} who @param {number} n */
async function round(who, n) {
  const key = `${who} ${n}`;
  if (failed.has(key)) return;
  const measured = blank(
    (page) =>
      page.evaluate(
        async ([who, n, frames]) => {
          // @ts-ignore: served beside the page
          const { blobs, measure } = await import("/draw_page.js");
          return /** @type {Result} */ (await measure(who, blobs(n), frames));
        },
        /** @type {const} */ ([who, n, frames(n)]),
      ),
    { seconds: LIMIT },
  );
  const result = await measured.catch((error) => String(error.message).split("\n")[0]);
  const reason = typeof result === "string" ? result : refuse(result);
  if (typeof result === "string" || reason) {
    failed.set(key, reason);
    best.delete(key);
    console.log(`${n} points, ${who}: ${reason}`);
    return;
  }
  const { ms, changes, lit } = result;
  console.log(`${n} points, ${who}: ${ms.toFixed(1)} ms, ${changes} of ${result.frames} frames changed, ${Math.round(100 * lit)} % of the canvas drawn`);
  const before = best.get(key);
  if (!before || ms < before.ms) best.set(key, result);
}

for (const n of sizes) {
  for (let i = 0; i < rounds; i += 1) for (const who of PROGRAMS) await round(who, n);
  for (const who of PROGRAMS.slice(2)) {
    const [theirs, ours, full] = [who, PROGRAMS[0], PROGRAMS[1]].map((name) => best.get(`${name} ${n}`)?.ms ?? NaN);
    console.log(`${n} points: ${NAMES[who]} takes ${(theirs / ours).toFixed(1)} times ours in motion, ${(theirs / full).toFixed(1)} times ours with all points`);
  }
  const told = await blank(
    (page) =>
      page.evaluate(async (n) => {
        // @ts-ignore: served beside the page
        const { blobs, answers } = await import("/draw_page.js");
        return /** @type {Answers} */ (await answers(blobs(n)));
      }, n),
    { seconds: LIMIT },
  ).catch((error) => console.error(`answers, ${n} points: ${String(error.message).split("\n")[0]}`));
  if (!told) continue;
  own.set(n, told);
  const { index, pick, lasso, calls, bytes, idle } = told;
  console.log(`${n} points: index ${index.toFixed(0)} ms, pick ${pick.toFixed(3)} ms, lasso ${lasso.toFixed(1)} ms, ${calls} draw calls, ${bytes} bytes a point, ${idle} frames while nothing changes`);
}

const lines = sizes.flatMap((n) => {
  const moving = best.get(`archipelago ${n}`)?.ms ?? NaN;
  const full = best.get(`archipelago-full ${n}`)?.ms ?? NaN;
  return PROGRAMS.map((who) => {
    const r = best.get(`${who} ${n}`);
    const points = `| ${n.toLocaleString("en")} | ${NAMES[who]}`;
    if (!r) return `${points} | ${failed.get(`${who} ${n}`) ?? "not run"} | | | | |`;
    const ratios = who.startsWith("archipelago") ? " | " : `${(r.ms / moving).toFixed(1)} | ${(r.ms / full).toFixed(1)}`;
    return `${points} | ${r.ms.toFixed(0)} | ${r.drawn?.toLocaleString("en") ?? "all"} | ${r.upload.toFixed(0)} | ${ratios} |`;
  });
});
const answers = [...own].map(
  ([n, { index, pick, lasso, inside, calls, bytes, idle }]) =>
    `| ${n.toLocaleString("en")} | ${index.toFixed(0)} | ${pick.toFixed(3)} | ${lasso.toFixed(1)} (${inside.toLocaleString("en")} inside) | ${calls} | ${bytes} | ${idle} |`,
);
const text = `# Drawing beside its peers

Written by \`cargo xtask bench --draw\`: one run on ${cpus().length} cores (${cpus()[0]?.model}), Chromium with WebGL2 by the processor
(SwiftShader), a canvas of 1280 x 800. 150 crowds of points in ten colors; each frame pans them by 5 px, and a few pixels are read back, so that
none is counted before it is drawn; a program whose frames do not change, or that does not show the points, has no figure. Milliseconds of the
middle of 30 frames (of 12 beyond 500,000 points), the fastest of ${rounds === 1 ? "one round" : `${rounds} rounds in turn`}, each in a browser of its own; a program that is not done within
${LIMIT} s is given up. In motion Archipelago draws what the device keeps up with (src/draw/detail.rs) and all points as soon as the map rests; the
peers draw all, as discs of 2 px, regl-scatterplot with its opacity by density. Upload is from the call to the end of the script that draws first.

| points | program | ms a frame | points drawn | upload, ms | of ours in motion | of ours, all points |
|---|---|---|---|---|---|---|
${lines.join("\n")}

Times of a processor that draws are comparable only as ratios.

What else Archipelago is asked for, in the same browser: the index for picking, built at the first pick; of 4,000 picks, half of them on points,
the slowest but one in a hundred; the middle of nine lassos of 100 corners around a fifth of the screen; calls of one draw; bytes on the GPU;
frames that 30 turns of the browser draw while nothing changes. \`cargo bench --bench pick\` times the index natively.

| points | index, ms | pick p99, ms | lasso, ms | draw calls | bytes a point | idle frames |
|---|---|---|---|---|---|---|
${answers.join("\n")}

`;
if (named.length) console.log(`${lines.join("\n")}\nnot written: sizes were named`);
else {
  await writeFile(document, text + MARK + kept);
  console.log(`wrote ${document}`);
}
