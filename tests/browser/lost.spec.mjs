// A lost WebGL context in each way to show the map: the picture comes back, of the same mode and camera, and nothing is left over.

import assert from "node:assert/strict";
import { test } from "node:test";
import { browse, islands, map, settled, unchanging } from "./site.mjs";

const open = await browse();
const small = islands();
const files = { "memberships.csv": small.memberships, "items.csv": small.items };
const clip = { x: 300, y: 100, width: 600, height: 500 };

/** Counts the objects that live in a context, those of a lost one no more, and draws. */
function watch() {
  const gl = /** @type {any} */ (WebGL2RenderingContext.prototype);
  const live = /** @type {Set<object>} */ (new Set());
  /** How many of each kind. */
  window.objects = () => {
    const kinds = [...live].map((object) => object.constructor.name);
    return Object.fromEntries([...new Set(kinds)].sort().map((kind) => [kind, kinds.filter((other) => other === kind).length]));
  };
  for (const kind of ["Buffer", "VertexArray", "Program", "Shader", "Texture", "Framebuffer", "Renderbuffer"]) {
    const [create, remove] = [gl[`create${kind}`], gl[`delete${kind}`]];
    gl[`create${kind}`] = function (/** @type {any[]} */ ...args) {
      const made = create.apply(this, args);
      if (made) live.add(made);
      return made;
    };
    gl[`delete${kind}`] = function (/** @type {object} */ which) {
      live.delete(which);
      remove.call(this, which);
    };
  }
  addEventListener("webglcontextlost", () => live.clear(), { capture: true });
}

/** @param {import("playwright-core").Page} page */
const frames = (page) => page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 300)))));
/** A picture once nothing moves: on a slow machine two of a movement may be alike. @param {import("playwright-core").Page} page */
const picture = (page) => unchanging(page, () => page.screenshot({ clip }), () => frames(page));
/** @param {import("playwright-core").Page} page */
const gl = (page) => page.evaluateHandle(() => /** @type {WebGL2RenderingContext} */ (/** @type {HTMLCanvasElement} */ (document.getElementById("map")).getContext("webgl2")));
/** Loses the context and waits until the page knows. @param {import("playwright-core").Page} page */
async function lose(page) {
  const context = await gl(page);
  await context.evaluate(
    (lost) =>
      new Promise((done) => {
        lost.canvas.addEventListener("webglcontextlost", () => setTimeout(() => done(lost.getError())), { once: true });
        window.loses = lost.getExtension("WEBGL_lose_context");
        window.loses.loseContext();
      }),
  );
}
/** @param {import("playwright-core").Page} page */
async function restore(page) {
  const context = await gl(page);
  await context.evaluate(
    (lost) =>
      new Promise((done) => {
        lost.canvas.addEventListener("webglcontextrestored", () => setTimeout(done), { once: true });
        window.loses.restoreContext();
      }),
  );
}
/** @param {import("playwright-core").Page} page */
const error = async (page) => (await gl(page)).evaluate((context) => context.getError());
/** @param {import("playwright-core").Page} page */
const link = async (page) => new URL(await page.evaluate(() => archipelago.shareLink())).hash;
/** @param {import("playwright-core").Page} page @param {string} mode */
async function choose(page, mode) {
  const runs = mode === "galaxy" ? page.evaluate(() => new Promise((resolve) => archipelago.on("ready", resolve))) : null;
  await page.click(`#modes label:has(input[value=${mode}])`);
  await runs;
  await settled(page);
}

for (const mode of ["map", "galaxy", "density"]) {
  test(`${mode}: a context that is lost and comes back shows the same, with as many objects`, async () => {
    const page = await open({ context: { reducedMotion: "reduce" }, before: (p) => p.addInitScript(watch) });
    await map(page, files);
    await page.waitForSelector("button[aria-label='Select an area']");
    if (mode !== "map") await choose(page, mode);
    for (const notice of await page.$$("#notices button")) await notice.click();
    await page.focus("#map");
    for (const key of ["+", "+", "ArrowLeft", "ArrowUp"]) await page.keyboard.press(key);
    const before = { picture: await picture(page), link: await link(page), objects: await page.evaluate(() => window.objects()) };
    for (let time = 0; time < 3; time += 1) {
      await lose(page);
      // What is done meanwhile is safe, and holds when it is back.
      if (time === 1) {
        await page.keyboard.press("+");
        await page.keyboard.press("-");
      }
      if (time === 2) {
        await page.setViewportSize({ width: 1100, height: 700 });
        await frames(page);
        await page.setViewportSize({ width: 1280, height: 800 });
        await frames(page);
      }
      await restore(page);
      const after = await picture(page);
      assert.equal(await page.inputValue("#modes input:checked"), mode);
      if (time !== 1) assert.equal(await link(page), before.link);
      assert.equal(await error(page), 0);
      assert.deepEqual(await page.evaluate(() => window.objects()), before.objects, `objects after loss ${time + 1}`);
      assert.ok(time === 1 || after.equals(before.picture), `the same picture after loss ${time + 1}`);
      if (time === 1) before.link = await link(page);
      if (time === 1) before.picture = after;
      assert.equal(await page.evaluate(() => archipelago.error()), null);
    }
    // Still alive: it can be moved and left.
    await page.keyboard.press("ArrowRight");
    assert.ok(!(await picture(page)).equals(before.picture), "it moves");
    if (mode !== "map") await page.click("#modes label:has(input[value=map])");
    await picture(page);
    assert.equal(await error(page), 0);
    assert.equal(await page.isVisible(".banner.error"), false);
  });
}

test("a context lost on the way to the galaxy and to the density: they are there when it is back", async () => {
  const page = await open({ before: (p) => p.addInitScript(watch) });
  await map(page, files);
  await page.waitForSelector("button[aria-label='Select an area']");
  await choose(page, "galaxy");
  for (const notice of await page.$$("#notices button")) await notice.click();
  await show(page, "map");
  await show(page, "galaxy");
  await page.waitForTimeout(300); // the points are on their way
  await lose(page);
  await page.waitForTimeout(200);
  await restore(page);
  const galaxy = await picture(page);
  const objects = await page.evaluate(() => window.objects());
  await show(page, "density");
  await lose(page);
  await restore(page);
  const density = await picture(page);
  assert.ok(!density.equals(galaxy));
  assert.equal(await page.inputValue("#modes input:checked"), "density");
  await show(page, "galaxy");
  assert.ok((await picture(page)).equals(galaxy), "the same galaxy");
  assert.deepEqual(await page.evaluate(() => window.objects()), objects);
  assert.deepEqual([await error(page), await page.isVisible(".banner.error")], [0, false]);
});

/** Chooses a mode whose places are there. @param {import("playwright-core").Page} page @param {string} mode */
async function show(page, mode) {
  await page.click(`#modes label:has(input[value=${mode}])`);
  await page.waitForSelector(`#modes input[value=${mode}]:checked`, { state: "attached" });
}
