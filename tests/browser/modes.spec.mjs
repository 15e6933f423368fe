// The two builds of the view: the small one shows the first map, the whole one takes its place unseen, and what only that one
// can show waits for it.

import assert from "node:assert/strict";
import { test } from "node:test";
import { browse, islands, map } from "./site.mjs";

const open = await browse();
const small = islands();
const files = { "memberships.csv": small.memberships, "items.csv": small.items };
const clip = { x: 300, y: 100, width: 600, height: 500 };
const context = { reducedMotion: /** @type {const} */ ("reduce") };

/** Lets the whole view through only when it is told to. @param {import("playwright-core").Page} page */
async function hold(page) {
  let release = () => {};
  const held = new Promise((resolve) => (release = () => resolve(undefined)));
  await page.context().route("**/pkg-modes/**", async (route) => {
    await held;
    await route.continue().catch(() => {});
  });
  return release;
}
/** @param {import("playwright-core").Page} page */
const shown = (page) => page.inputValue("#modes input:checked");
/** @param {import("playwright-core").Page} page @param {string} mode */
const choose = (page, mode) => page.click(`#modes label:has(input[value=${mode}])`);

test("the whole view takes the place of the small one, and nothing is seen of it", async () => {
  let release = () => {};
  const page = await open({ context, before: async (p) => (release = await hold(p)) });
  await map(page, files);
  await page.click("#notices button"); // a notice moves
  await page.waitForTimeout(500);
  const at = (/** @type {number} */ id) => page.evaluate((i) => archipelago.locate(i), id);
  const places = [await at(3), await at(77)];
  const before = await page.screenshot({ clip: clip });
  const loaded = page.waitForResponse("**/pkg-modes/*.wasm");
  release();
  await loaded;
  await page.waitForSelector("button[aria-label='Select an area']");
  assert.deepEqual([await at(3), await at(77)], places);
  await page.evaluate(() => document.getElementById("names")?.remove()); // names come with it
  const after = await page.screenshot({ clip: clip });
  assert.ok(before.equals(after), "the same picture");
});

test("a density that is asked for at once is shown when the whole view is there", async () => {
  let release = () => {};
  const page = await open({ context, before: async (p) => (release = await hold(p)) });
  await map(page, files);
  await choose(page, "density");
  assert.equal(await shown(page), "density");
  release();
  await page.waitForSelector("button[aria-label='Select an area']");
  await page.waitForTimeout(300);
  const density = await page.screenshot();
  await choose(page, "map");
  await page.waitForTimeout(300);
  assert.ok(!density.equals(await page.screenshot()));
});

test("without the whole view the map stays, and the page says what is missing; later it may be there", async () => {
  let there = false;
  const page = await open({
    context,
    before: (p) => p.context().route("**/pkg-modes/*.wasm", (route) => (there ? route.continue() : route.abort())),
  });
  const { items } = await map(page, files);
  assert.equal(items, 120);
  await page.waitForSelector(".banner.error");
  assert.match((await page.textContent(".banner.error")) ?? "", /could not be loaded/);
  await choose(page, "density");
  await page.waitForSelector("#modes input[value=map]:checked", { state: "attached" });
  assert.ok(Number.isFinite((await page.evaluate(() => archipelago.locate(3))).x));
  there = true;
  await choose(page, "density");
  await page.waitForTimeout(1000);
  assert.equal(await shown(page), "density");
});
