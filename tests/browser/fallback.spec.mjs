// Threads are a bonus: without isolation, or when the threaded build fails, one thread does it all.

import assert from "node:assert/strict";
import { test } from "node:test";
import { bits, browse, islands, map } from "./site.mjs";

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
  const page = await open({ wait: false, before: (p) => p.context().route("**/pkg-view/**", (route) => route.abort()) });
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

test("a crashed worker is replaced: the map stays, and can be made again", async () => {
  const page = await open();
  const first = await map(page, { "a.csv": memberships });
  const before = await bits(page);
  const error = page.evaluate(() => new Promise((resolve) => archipelago.on("error", resolve)));
  const [worker] = page.workers();
  await page.evaluate(() => void archipelago.open("demo:films").catch(() => {}));
  await page.waitForSelector("#legend li", { state: "attached" }); // films on screen
  // What the worker says after a trap, for every call it may be asked.
  await worker.evaluate(() => {
    const told = { code: "crash", message: "The computation stopped unexpectedly.", hint: "It starts again.", file: "", line: 0, column: 0 };
    for (let id = 1; id < 100; id += 1) postMessage({ id, error: told });
  });
  assert.equal((await error).code, "crash");
  assert.equal(await bits(page), before);
  await page.evaluate(() => archipelago.select(0));
  await page.waitForFunction(() => /Open the data again/.test(document.getElementById("details-note")?.textContent ?? ""));
  const ready = page.evaluate(() => new Promise((resolve) => archipelago.on("ready", resolve)));
  await page.click("#settings-button");
  await page.click("#again");
  assert.equal((await ready).mapHash, first.mapHash);
  await page.evaluate(() => archipelago.select(0));
  await page.waitForFunction(() => document.querySelectorAll("#details-neighbors li").length === 10);
});
