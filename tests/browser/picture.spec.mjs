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
      circles: sorted([...parsed.querySelectorAll("g > circle")].map((c) => [Number(c.getAttribute("cx")), Number(c.getAttribute("cy"))])),
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

/** Pixels of an SVG as the browser paints it. @param {import("playwright-core").Page} page @param {Buffer} file @returns {Promise<number[]>} */
const painted = (page, file) =>
  page.evaluate(
    async (text) => {
      const image = new Image();
      image.src = URL.createObjectURL(new Blob([text], { type: "image/svg+xml" }));
      await image.decode();
      const copy = Object.assign(document.createElement("canvas"), { width: image.width, height: image.height });
      const pen = copy.getContext("2d");
      pen?.drawImage(image, 0, 0);
      return [...(pen?.getImageData(0, 0, copy.width, copy.height).data ?? [])];
    },
    file.toString(),
  );

/** Pins an item, and opens the sheet when its lines are there. @param {import("playwright-core").Page} page @param {number} id */
async function pinned(page, id) {
  await page.evaluate((i) => archipelago.select(i), id);
  await page.waitForFunction(() => document.querySelectorAll("#details-neighbors li").length === 10);
  await page.waitForTimeout(1200); // it comes into view, and twinkles
  await sheet(page);
  await page.waitForTimeout(600);
}

test("lines and the mark of the selected item are in PNG and SVG, which look the same", async () => {
  const page = await open({ context: { viewport: { width: 700, height: 500 }, reducedMotion: "reduce" } });
  await map(page, { "plays.csv": small.memberships, "items.csv": small.items });
  await page.click("#display-button");
  await page.getByLabel("Lines between all items, the shortest first").check();
  await page.click("#display .close");
  await pinned(page, 5);
  await bare(page);
  const at = await page.evaluate(() => archipelago.locate(5));
  for (const paper of ["screen", "#ffffff"]) {
    await page.selectOption("#picture-paper", paper);
    await page.selectOption("#picture-size", "svg");
    const { file } = await save(page);
    const text = file.toString();
    assert.ok((text.match(/<path /g) ?? []).length > 300, `the whole graph: ${(text.match(/<path /g) ?? []).length} lines`);
    const accent = /stroke="#[0-9a-f]{6}" stroke-width="1.5"[^]*?<\/g>/.exec(text)?.[0] ?? "";
    assert.equal((accent.match(/<path /g) ?? []).length, 15, "an item's neighbors");
    const [, discs, mark] = /<\/g>\n<g>\n([^]*)\n<\/g>\n((?:<circle [^>]*>\n)*)<g font/.exec(text) ?? [];
    assert.ok(discs.split("\n").length > 60, "discs above the lines");
    assert.equal(mark.trim().split("\n").length, 3, "the mark above these");
    await page.selectOption("#picture-size", "1");
    const png = readPng((await save(page)).file);
    const drawn = await painted(page, file);
    const ring = png.at(Math.round(at.x + Math.max(at.radius, 2.5) + 3.25), Math.round(at.y));
    const wanted = paper === "screen" ? 255 : 26;
    assert.ok(Math.abs(ring[0] - wanted) < 60, `a ring around it: ${ring}`);
    let sum = 0;
    let far = 0;
    const n = png.width * png.height;
    for (let i = 0; i < n; i += 1) {
      const pixel = png.at(i % png.width, Math.floor(i / png.width));
      const apart = Math.max(...[0, 1, 2].map((c) => Math.abs(pixel[c] - drawn[4 * i + c])));
      sum += apart;
      far += Number(apart > 60);
    }
    assert.ok(sum / n < 1 && far / n < 0.002, `on ${paper}: ${sum / n} on average, ${far} of ${n} px far apart`);
  }
  for (const scale of [2, 4]) {
    await page.selectOption("#picture-size", String(scale));
    const png = readPng((await save(page)).file);
    const dark = [0, 1, 2, 3, 4, 5, 6, 7].filter((eighth) => {
      const turn = (Math.PI * eighth) / 4;
      const reach = Math.max(at.radius, 2.5) + 3.25;
      return png.at(Math.round(scale * (at.x + reach * Math.cos(turn))), Math.round(scale * (at.y + reach * Math.sin(turn))))[0] < 60;
    });
    assert.equal(dark.length, 8, `the ring at ${scale}x`);
  }
  assert.equal(await page.evaluate(() => archipelago.error()), null);
});

test("of too many lines an SVG has some, and says so", async () => {
  // As if 40 were the most.
  let few = "";
  const before = (/** @type {import("playwright-core").Page} */ p) =>
    p.context().route("**/picture-*.js", async (route) => {
      few = (await (await route.fetch()).text()).replaceAll(/\b(12e4|120_?000)\b/g, "40");
      await route.fulfill({ body: few, contentType: "text/javascript" });
    });
  const page = await open({ before });
  await map(page, { "plays.csv": small.memberships });
  await page.click("#display-button");
  await page.getByLabel("Lines between all items, the shortest first").check();
  await page.click("#display .close");
  await pinned(page, 5);
  await page.selectOption("#picture-size", "svg");
  const text = (await save(page)).file.toString();
  assert.equal((text.match(/<path /g) ?? []).length, 40);
  const accent = /stroke="#[0-9a-f]{6}" stroke-width="1.5"[^]*?<\/g>/.exec(text)?.[0] ?? "";
  assert.equal((accent.match(/<path /g) ?? []).length, 15, "those of the selected item first");
  assert.match((await page.textContent("#picture-said")) ?? "", /^Saved .* Of [\d,]+ lines in view it has 40, the shortest/);
});

test("the preview follows the map when that rests, and draws nothing while it does", async () => {
  const count = () => {
    const { drawArrays } = WebGL2RenderingContext.prototype;
    window.draws = 0;
    WebGL2RenderingContext.prototype.drawArrays = function (...args) {
      window.draws += 1;
      drawArrays.apply(this, args);
    };
  };
  const page = await open({ before: (p) => p.addInitScript(count) });
  await map(page, { "plays.csv": small.memberships, "items.csv": small.items });
  const preview = () => page.$eval("#picture-preview", (canvas) => /** @type {HTMLCanvasElement} */ (canvas).toDataURL());
  const rest = async () => {
    for (let before = -1, draws = 0; before !== draws; ) {
      before = draws;
      await page.waitForTimeout(700);
      draws = await page.evaluate(() => window.draws);
    }
  };
  // The camera is on its way to the whole map while the sheet opens.
  await page.mouse.move(300, 300);
  await page.mouse.wheel(0, -900);
  await rest();
  await page.click("#zoom-fit");
  await sheet(page);
  await rest();
  const whole = await preview();
  await page.click("#picture .close");
  await sheet(page);
  await rest();
  assert.equal(await preview(), whole);
  await page.click("#zoom-in");
  await rest();
  const near = await preview();
  assert.notEqual(near, whole);
  const size = await page.textContent("#picture-size option");
  await page.setViewportSize({ width: 1000, height: 700 });
  await rest();
  assert.notEqual(await preview(), near);
  assert.notEqual(await page.textContent("#picture-size option"), size);
  const dark = await preview();
  await page.click("#theme-button");
  await rest();
  assert.notEqual(await preview(), dark);
  const draws = await page.evaluate(() => window.draws);
  await page.waitForTimeout(1500);
  assert.equal(await page.evaluate(() => window.draws), draws);
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
  const strokes = [2, 1, 2, 3, 4, 1.5, 0.0123, 1, 0, 0, 5, 6, 7, 8, 1.5, 1, 1, 0, 0];
  const lined = svg({ discs: [], strokes, ring: [5, 6, 2, 4, 6.5, 1, 0, 0, 0, 0, 0, 1, 1, 1], screen: { width: 10, height: 10 }, paper: null, parts: [], title: "", family: "A" });
  assert.match(lined, /<g fill="none" stroke-linecap="square" stroke="#ff0000" stroke-width="1.5" stroke-opacity="0.012">\n<path d="M1 2L3 4"\/>\n<\/g>\n<g [^>]* stroke-opacity="1">\n<path d="M5 6L7 8"\/>\n<\/g>\n<g>/);
  assert.deepEqual(lined.match(/r="[\d.]+" fill="#\w+"/g), ['r="6.5" fill="#ffffff"', 'r="4" fill="#000000"', 'r="2" fill="#ff0000"']);
  assert.match(text, /font-family="&#34;A&#34;, &#39;B&#39;"/);
});
