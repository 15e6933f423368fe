// The main job: data in, a map out; later items, another seed, cancel.

import assert from "node:assert/strict";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { bits, browse, drop, islands, map, settled, state } from "./site.mjs";

const open = await browse();
const small = islands();

test("a demo becomes a map, with frames on the way", async () => {
  const page = await open();
  await page.evaluate(() => {
    window.seen = { stages: new Set(), frames: 0 };
    archipelago.on("progress", ({ stage }) => window.seen.stages.add(stage));
    archipelago.on("layout", () => (window.seen.frames += 1));
  });
  await page.click("[data-demo=emoji]");
  await page.waitForSelector("#progress:not([hidden])");
  await settled(page);
  const seen = await page.evaluate(() => ({ stages: [...window.seen.stages], frames: window.seen.frames }));
  // A stage that takes less than a slice may go by untold.
  for (const stage of ["read", "count", "project", "done"]) {
    assert.ok(seen.stages.includes(stage), `stage ${stage} was told: ${seen.stages}`);
  }
  assert.ok(seen.frames >= 3, `${seen.frames} frames`);
  const positions = await page.evaluate(() => [...archipelago.positions()]);
  assert.ok(positions.length > 3000 && positions.every(Number.isFinite));
  assert.match((await page.textContent("#title")) ?? "", /^Emoji · 1,[89]\d\d items$/);
  assert.equal(await page.inputValue("#color-by"), "category");
  assert.equal(await page.evaluate(() => archipelago.error()), null);
});

test("dropped files become a map; gzip and CSV give the same one", async () => {
  const page = await open();
  const plain = await map(page, { "data.csv": small.memberships });
  assert.equal(plain.items, 120);
  assert.equal(await page.inputValue("#color-by"), "");
  const packed = await map(page, { "data.csv.gz": [...gzipSync(small.memberships)] });
  assert.equal(packed.mapHash, plain.mapHash);
});

test("an items file dropped later gives the map labels and columns, and moves nothing", async () => {
  const page = await open();
  await map(page, { "memberships.csv": small.memberships });
  const before = await bits(page);
  await drop(page, { "items.csv": small.items });
  await page.waitForSelector("#color-by option[value=year]", { state: "attached" });
  assert.equal(await bits(page), before);
  assert.equal(await page.inputValue("#color-by"), "category");
  assert.match(await page.evaluate(() => archipelago.label(0)), /^Item \d+, of \d$/);
});

test("an items file dropped while the rows are still being mapped belongs to them", async () => {
  const page = await open();
  const result = await page.evaluate(async ({ memberships, items }) => {
    const first = archipelago.open([new File([memberships], "memberships.csv")]).catch((error) => error.code);
    const second = await archipelago.open([new File([items], "items.csv")]);
    return { first: await first, items: second.items };
  }, small);
  assert.deepEqual(result, { first: "cancelled", items: 120 });
  assert.ok((await page.locator("#color-by option").count()) > 2);
});

test("an address given to the page, or pasted, becomes a map", async () => {
  const page = await open({
    before: (p) => p.route("**/elsewhere/list.csv", (route) => route.fulfill({ body: small.memberships, contentType: "text/csv" })),
  });
  const address = new URL("elsewhere/list.csv", page.url()).href;
  await page.fill("#address", address);
  await page.press("#address", "Enter");
  await settled(page);
  assert.match((await page.textContent("#title")) ?? "", /^list · 120 items$/);
  assert.match(await page.evaluate(() => archipelago.shareLink()), /data=http/);
});

test("pasted CSV text becomes a map", async () => {
  const page = await open();
  await page.evaluate((text) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData("text/plain", text);
    document.body.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
  }, small.memberships);
  await settled(page);
  assert.match((await page.textContent("#title")) ?? "", /^pasted · 120 items$/);
});

test("cancel brings the previous map back exactly, at once", async () => {
  const page = await open();
  await map(page, { "memberships.csv": small.memberships, "items.csv": small.items });
  await page.selectOption("#color-by", "year");
  await page.focus("#map");
  await page.keyboard.press("+");
  await page.keyboard.press("ArrowLeft");
  const before = await state(page);
  await page.click("#open-button");
  await page.click("[data-demo=films]");
  await page.waitForFunction(() => archipelago.positions().length > 10_000); // live frames of the new map are on screen
  assert.notEqual(await bits(page), before.bits);
  const took = await page.evaluate(() => {
    const began = performance.now();
    document.getElementById("cancel")?.click();
    const back = archipelago.positions().length === 240;
    return back ? performance.now() - began : Infinity;
  });
  assert.ok(took < 100, `the map was back after ${took} ms`);
  assert.deepEqual(await state(page), before);
  // The worker hears of it within a slice: the next map need not wait long.
  const again = await map(page, { "memberships.csv": small.memberships });
  assert.equal(again.items, 120);
});

test("canceling the first map leads back to the greeting", async () => {
  const page = await open();
  await page.click("[data-demo=films]");
  await page.waitForSelector("#progress:not([hidden])");
  await page.click("#cancel");
  await page.waitForSelector("#greeting:not([hidden])");
  assert.equal(await page.evaluate(() => archipelago.error()), null);
});

test("settings: a new seed gives another map, the old seed the old one", async () => {
  const page = await open();
  const first = await map(page, { "memberships.csv": small.memberships });
  await page.click("#settings-button");
  const seed = await page.inputValue("#seed");
  const again = () => page.evaluate(() => new Promise((resolve) => archipelago.on("ready", resolve)));
  await page.click("#dice");
  await page.waitForFunction((old) => document.querySelector("#seed")?.value !== old, seed);
  let ready = again();
  await page.click("#again");
  assert.notEqual((await ready).mapHash, first.mapHash);
  await page.fill("#seed", seed);
  ready = again();
  await page.click("#again");
  assert.equal((await ready).mapHash, first.mapHash);
  await page.click("summary:has-text('Collect')");
  await page.fill("#min-collections", "20");
  ready = again();
  await page.click("#again");
  assert.ok((await ready).items < first.items);
});

test("settings: the author's preset and the full recipe as JSON", async () => {
  const page = await open();
  const first = await map(page, { "memberships.csv": small.memberships });
  await page.click("#settings-button");
  const ready = page.evaluate(() => new Promise((resolve) => archipelago.on("ready", resolve)));
  await page.selectOption("#preset", "author");
  await page.click("#again");
  assert.notEqual((await ready).mapHash, first.mapHash);
  await page.click("#all-options summary");
  await page.fill("#recipe-json", '{"sead": 1}');
  await page.click("#again");
  await page.waitForFunction(() => document.querySelector("#recipe-error")?.textContent !== "");
  assert.match((await page.textContent("#recipe-error")) ?? "", /sead/);
  await page.fill("#recipe-json", "{");
  await page.click("#again");
  await page.waitForFunction(() => /JSON/.test(document.querySelector("#recipe-error")?.textContent ?? ""));
});
