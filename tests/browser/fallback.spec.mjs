// Threads are a bonus: without isolation, or when the threaded build fails, one thread does it all.

import assert from "node:assert/strict";
import { test } from "node:test";
import { browse, islands, map } from "./site.mjs";

const open = await browse();
const { memberships } = islands();
/** @param {import("playwright-core").Page} page */
const machine = (page) => page.textContent("#machine");

test("an isolated page computes with threads", async () => {
  const page = await open({ at: "?threads=2" });
  assert.match((await machine(page)) ?? "", /2 threads/);
});

test("a page that is not cross-origin isolated works with one thread", async () => {
  const page = await open({ isolated: false });
  assert.equal(await page.evaluate(() => crossOriginIsolated), false);
  assert.match((await machine(page)) ?? "", /one thread/);
  const alone = await map(page, { "a.csv": memberships });
  const threaded = await map(await open(), { "a.csv": memberships });
  assert.equal(alone.mapHash, threaded.mapHash);
});

test("a threaded build that does not load gives way to the single one", async () => {
  const page = await open({ before: (p) => p.context().route("**/pkg-threads/**", (route) => route.abort()) });
  assert.match((await machine(page)) ?? "", /one thread/);
  assert.equal((await map(page, { "a.csv": memberships })).items, 120);
});

test("a page whose wasm is missing says so and stays readable", async () => {
  const page = await open({ wait: false, before: (p) => p.context().route("**/pkg/**", (route) => route.abort()) });
  await page.waitForSelector(".banner.error");
  assert.match((await page.textContent(".banner.error")) ?? "", /could not be loaded/);
  assert.equal(await page.isVisible("#greeting"), true);
});

test("a browser without WebGL2 is told so", async () => {
  const page = await open({
    wait: false,
    before: (p) => p.addInitScript(() => (HTMLCanvasElement.prototype.getContext = () => null)),
  });
  await page.waitForSelector(".banner.error");
  assert.match((await page.textContent(".banner.error")) ?? "", /WebGL2/);
});
