// Pictures of the built page and of its peers, of the same points in the same colors: docs/pictures-SET.png, and each by itself in
// target/pictures.
//
//   cargo xtask bench --draw --pictures [SET]... [--parts]     SET is films, moby-thesaurus, mnist-63k or 1m
//
// The maps are made by the command line and kept in target/pictures. PEERS and ATLAS name the bundles of the peers, ARCHIPELAGO the
// command line; xtask sets them. --parts writes what is in target/pictures only.

import { readFile, writeFile } from "node:fs/promises";
import { launch, settled } from "./site.mjs";
import { blank, here } from "./draw_site.mjs";
import { KEPT, SETS, load } from "./pictures_data.mjs";
import { sheet } from "./pictures_sheet.mjs";

const words = process.argv.slice(2);
const sets = words.filter((word) => word in SETS);
const parts = words.includes("--parts");
const MODES = ["map", "density", "galaxy"];
const PEERS = { regl: "regl-scatterplot 1.16", cosmos: "cosmos.gl 3.3", atlas: "embedding-atlas 0.26" };
/** Seconds that a program has for its picture. */
const LIMIT = 180;

/** What is served under saved/: see pictures_engine.js. @param {string} name @param {import("./pictures_data.mjs").Saved} set */
function answers(name, { names, popularity, columns, places }) {
  const items = { names, columns: columns.map(({ name, categories }) => ({ name, categories })) };
  /** @type {Record<string, ArrayBufferView | string>} */
  const files = { 2: places[2], 3: places[3], popularity, items: JSON.stringify(items) };
  columns.forEach(({ codes }, i) => (files[i ? `code${i}` : "code"] = codes));
  return async (/** @type {import("playwright-core").Page} */ page) => {
    for (const [what, file] of Object.entries(files)) {
      const body = typeof file === "string" ? Buffer.from(file) : Buffer.from(file.buffer, file.byteOffset, file.byteLength);
      await page.context().route(`**/saved/${name}/${what}`, (route) => route.fulfill({ body, contentType: "application/octet-stream" }));
    }
  };
}

/** Takes pictures until two are the same: nothing moves any more. @param {import("playwright-core").Page} page */
async function still(page) {
  let before = Buffer.alloc(0);
  for (let tries = 0; tries < 60; tries += 1) {
    await page.waitForTimeout(700);
    const now = await page.screenshot({ timeout: 120_000 });
    if (now.equals(before)) return now;
    before = now;
  }
  return before;
}

/** @param {string} name @param {import("./pictures_data.mjs").Saved} set */
async function ours(name, set) {
  const { open, close } = await launch();
  const serve = answers(name, set);
  const page = await open({
    at: "?threads=2",
    context: { reducedMotion: "reduce" },
    before: async (page) => {
      await serve(page);
      const stand = { path: here("pictures_engine.js"), contentType: "text/javascript", headers: { "Cross-Origin-Resource-Policy": "same-origin" } };
      await page.context().route("**/pkg-threads/archipelago.js", (route) => route.fulfill(stand));
    },
  });
  page.setDefaultTimeout(600_000);
  await page.evaluate((name) => archipelago.open([new File(["one"], name)]), name);
  await settled(page);
  await page.waitForSelector("button[aria-label='Select an area']");
  await page.click("#notices button").catch(() => {});
  for (const mode of MODES) {
    await page.click(`#modes label:has(input[value=${mode}])`);
    if (mode === "galaxy") await page.waitForFunction(() => archipelago.recipe()?.project.dim === 3);
    await page.mouse.move(640, 795);
    await settled(page);
    await page.evaluate(() => document.querySelectorAll("#notices > *").forEach((notice) => notice.remove()));
    await writeFile(`${KEPT}${name}-${mode}.png`, await still(page));
  }
  await close();
}

/** @param {string} who @param {string} name @param {import("./pictures_data.mjs").Saved} set */
async function theirs(who, name, set) {
  const taken = blank(
    async (page) => {
      await page.evaluate(
        async ([who, name]) => {
          // @ts-ignore: served beside the page
          const { saved, show } = await import("/draw_page.js");
          await show(who, await saved(name));
        },
        [who, name],
      );
      return still(page);
    },
    { seconds: LIMIT, before: answers(name, set) },
  );
  const picture = await taken.catch((error) => console.error(`${name}, ${who}: ${String(error.message).split("\n")[0]}`));
  if (picture) await writeFile(`${KEPT}${name}-${who}.png`, picture);
}

for (const name of sets.length ? sets : Object.keys(SETS)) {
  const set = await load(name, process.env.ARCHIPELAGO ?? "archipelago");
  if (!set) {
    console.log(`${name}: its data are not here`);
    continue;
  }
  const only = words.filter((word) => word in PEERS || word === "ours");
  if (!only.length || only.includes("ours")) await ours(name, set);
  for (const who of Object.keys(PEERS)) if (!only.length || only.includes(who)) await theirs(who, name, set);
  if (parts) continue;
  const pictures = [...MODES.map((mode) => [mode, `Archipelago, ${mode}`]), ...Object.entries(PEERS)].map(async ([part, title]) => {
    const file = await readFile(`${KEPT}${name}-${part}.png`).catch(() => null);
    return { title, file: file && `data:image/png;base64,${file.toString("base64")}` };
  });
  const picture = await sheet(await Promise.all(pictures));
  await writeFile(here(`../../docs/pictures-${name}.png`), picture);
  console.log(`docs/pictures-${name}.png: ${Math.round(picture.length / 1000)} KB`);
}
