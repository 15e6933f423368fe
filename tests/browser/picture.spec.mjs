// Pictures: PNG and SVG of what is on screen, their names, hostile texts, cancel.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { Png } from "../../www/later/png.js";
import { escape, svg } from "../../www/later/svg.js";
import { readPng } from "./png.mjs";
import { browse, islands, map } from "./site.mjs";

const open = await browse();
const small = islands();
const HOSTILE = `</text><script>alert(1)</script> & "q" 'x' ]]>`;
const hostile = small.items.replace('"Item 0, of 0"', `"${HOSTILE.replaceAll('"', '""')}"`);

/** Opens the sheet. @param {import("playwright-core").Page} page */
async function sheet(page) {
  await page.click("#share-button");
  await page.click("#picture-button");
  await page.waitForSelector("#picture-save");
}

/** @param {import("playwright-core").Page} page @returns {Promise<{name: string, file: Buffer}>} */
async function save(page) {
  const [download] = await Promise.all([page.waitForEvent("download"), page.click("#picture-save")]);
  return { name: download.suggestedFilename(), file: await readFile(/** @type {string} */ (await download.path())) };
}

/** Leaves only the points. @param {import("playwright-core").Page} page */
async function bare(page) {
  for (const what of ["title", "legend", "names"]) await page.uncheck(`#picture-${what}-on`);
}

/** Pixels that the map's canvas shows after a key moved it. @param {import("playwright-core").Page} page @returns {Promise<number[]>} */
const screen = (page) =>
  page.evaluate(
    () =>
      new Promise((resolve) => {
        const map = /** @type {HTMLCanvasElement} */ (document.getElementById("map"));
        map.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowLeft", bubbles: true }));
        // Right after the frame is drawn: later the buffer may be empty.
        requestAnimationFrame(() => {
          const copy = Object.assign(document.createElement("canvas"), { width: map.width, height: map.height });
          const pen = copy.getContext("2d");
          pen?.drawImage(map, 0, 0);
          resolve([...(pen?.getImageData(0, 0, map.width, map.height).data ?? [])]);
        });
      }),
  );

test("a PNG at 1x has the screen's own pixels, one at 2x twice as many", async () => {
  const page = await open({ context: { viewport: { width: 700, height: 500 } } });
  await map(page, { "my plays.csv": small.memberships, "items.csv": small.items });
  const shown = await screen(page);
  await sheet(page);
  await bare(page);
  await page.selectOption("#picture-size", "1");
  const { name, file } = await save(page);
  assert.equal(name, "my-plays-map.png");
  const png = readPng(file);
  assert.deepEqual([png.width, png.height, png.channels], [700, 500, 3]);
  let [sum, worst] = [0, 0];
  for (let y = 0; y < 500; y += 1) {
    for (let x = 0; x < 700; x += 1) {
      const pixel = png.at(x, y);
      for (const channel of [0, 1, 2]) {
        const apart = Math.abs(pixel[channel] - shown[4 * (y * 700 + x) + channel]);
        sum += apart;
        worst = Math.max(worst, apart);
      }
    }
  }
  assert.ok(sum / (3 * 700 * 500) < 0.1 && worst <= 24, `${sum / (3 * 700 * 500)} on average, ${worst} at worst`);
  await page.selectOption("#picture-size", "2");
  await page.selectOption("#picture-paper", "none");
  const clear = readPng((await save(page)).file);
  assert.deepEqual([clear.width, clear.height, clear.channels], [1400, 1000, 4]);
  assert.equal(clear.at(0, 0)[3], 0, "nothing in the corner");
  await page.selectOption("#picture-paper", "#ffffff");
  assert.deepEqual(readPng((await save(page)).file).at(0, 0), [255, 255, 255]);
  assert.equal(await page.evaluate(() => archipelago.error()), null);
});

test("title and legend are in the picture", async () => {
  const page = await open({ context: { viewport: { width: 700, height: 500 } } });
  await map(page, { "plays.csv": small.memberships, "items.csv": small.items });
  await sheet(page);
  await page.selectOption("#picture-size", "1");
  await page.uncheck("#picture-names-on");
  const whole = readPng((await save(page)).file);
  await bare(page);
  const without = readPng((await save(page)).file);
  /** @param {number[]} box */
  const differ = ([x0, y0, x1, y1]) => {
    let n = 0;
    for (let y = y0; y < y1; y += 1) for (let x = x0; x < x1; x += 1) n += Number(whole.at(x, y).join() !== without.at(x, y).join());
    return n;
  };
  assert.ok(differ([0, 0, 300, 70]) > 200, "the title at the top");
  assert.ok(differ([0, 300, 250, 500]) > 5000, "the legend at the bottom");
  assert.equal(differ([400, 100, 700, 500]), 0);
});

test("an SVG's circles lie where the camera puts the items, and texts are only text", async () => {
  const page = await open({ context: { viewport: { width: 900, height: 600 } } });
  await map(page, { "plays.csv": small.memberships, "items.csv": hostile });
  const id = await page.evaluate((text) => Array.from({ length: 120 }, (_, i) => i).find((i) => archipelago.label(i) === text), HOSTILE);
  await page.evaluate((i) => archipelago.select(i), id);
  await page.waitForTimeout(1500); // the camera may move to show it
  await sheet(page);
  await page.selectOption("#picture-size", "svg");
  const { name, file } = await save(page);
  assert.equal(name, "plays-map.svg");
  const found = await page.evaluate((text) => {
    const parsed = new DOMParser().parseFromString(text, "image/svg+xml");
    const places = Array.from({ length: 120 }, (_, i) => archipelago.locate(i)).filter(({ x, y, radius }) => x > -radius && y > -radius && x < 900 + radius && y < 600 + radius);
    /** @param {number[][]} list */
    const sorted = (list) => list.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
    return {
      broken: parsed.querySelector("parsererror")?.textContent ?? "",
      scripts: parsed.querySelectorAll("script, foreignObject, a, image").length,
      texts: [...parsed.querySelectorAll("text")].map((element) => element.textContent),
      circles: sorted([...parsed.querySelectorAll("circle")].map((c) => [Number(c.getAttribute("cx")), Number(c.getAttribute("cy"))])),
      places: sorted(places.map(({ x, y }) => [x, y])),
    };
  }, file.toString());
  assert.equal(found.broken, "");
  assert.equal(found.scripts, 0);
  assert.ok(found.texts.includes("plays"), found.texts.join());
  // The item that was pinned keeps its name; one that is too long for its pill is cut.
  assert.ok(found.texts.some((text) => text?.startsWith(HOSTILE.slice(0, 20))), found.texts.join());
  assert.equal(found.circles.length, found.places.length);
  found.circles.forEach(([x, y], i) => assert.ok(Math.hypot(x - found.places[i][0], y - found.places[i][1]) < 0.02, `circle ${i}`));
});

test("a large picture can be canceled, and the page goes on meanwhile", async () => {
  const page = await open();
  await map(page, { "plays.csv": small.memberships });
  await sheet(page);
  await page.selectOption("#picture-size", "8");
  await page.click("#picture-save");
  await page.waitForFunction(() => (document.querySelector("#picture-work progress")?.value ?? 0) > 0);
  await page.click("#picture-work button");
  await page.waitForFunction(() => document.querySelector("#picture-said")?.textContent === "Canceled.");
  await page.selectOption("#picture-size", "1");
  assert.equal(readPng((await save(page)).file).width, 1280);
});

test("the writer of PNGs keeps every pixel", async () => {
  const [width, height] = [37, 29];
  const rgba = Uint8Array.from({ length: 4 * width * height }, (_, i) => (i * 2654435761) >>> 24);
  for (const alpha of [true, false]) {
    const png = new Png(width, height, alpha);
    for (let y = 0; y < height; y += 10) await png.rows(rgba.subarray(4 * width * y, 4 * width * Math.min(y + 10, height)), async () => {});
    const read = readPng(Buffer.from(await (await png.finish()).arrayBuffer()));
    for (let i = 0; i < width * height; i += 1) {
      assert.deepEqual(read.at(i % width, Math.floor(i / width)), [...rgba.subarray(4 * i, 4 * i + (alpha ? 4 : 3))]);
    }
  }
});

test("no text breaks out of an SVG", () => {
  const wild = `\u0000\u0008<&>"'\ud800x\udfff\ufffe😀\u202e`;
  assert.equal(escape(wild), "\ufffd\ufffd&#60;&#38;&#62;&#34;&#39;\ufffdx\ufffd\ufffd😀\u202e");
  const parts = [{ kind: /** @type {const} */ ("text"), x: 1, y: 2, text: wild, size: 13, weight: 400, fill: `red"/><script/>`, anchor: /** @type {const} */ ("start") }];
  const text = svg({ discs: [1, 2, 3, 0.5, 1, 0, 0], screen: { width: 10, height: 10 }, paper: null, parts, title: wild, family: `"A", 'B'` });
  assert.equal(text.match(/<(script|rect)/g), null);
  assert.equal(text.match(/<circle/g)?.length, 1);
  assert.match(text, /font-family="&#34;A&#34;, &#39;B&#39;"/);
});
