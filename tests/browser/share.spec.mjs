// The link: the same map elsewhere, bit for bit; local files; strangers' links.

import assert from "node:assert/strict";
import { test } from "node:test";
import { deflateRawSync } from "node:zlib";
import { bits, browse, drop, islands, map, settled } from "./site.mjs";

const open = await browse();
const small = islands();
const other = islands({ seed: 2 });

/** @param {object} recipe */
const pack = (recipe) => deflateRawSync(JSON.stringify(recipe)).toString("base64url");
/** @param {import("playwright-core").Page} page */
const hashOf = async (page) => new URL(await page.evaluate(() => archipelago.shareLink())).hash;
/** @param {import("playwright-core").Page} page @param {RegExp} text */
const notice = (page, text) => page.waitForFunction((source) => new RegExp(source).test(document.getElementById("notices")?.textContent ?? ""), text.source);

test("a demo's link opened elsewhere shows the same map, view and colors", async () => {
  const page = await open();
  await page.evaluate(() => archipelago.open("demo:emoji", { seed: 7 }));
  await settled(page);
  await page.selectOption("#color-by", "emoji_version");
  await page.focus("#map");
  await page.keyboard.press("+");
  await page.keyboard.press("ArrowUp");
  await page.click("#share-button");
  await page.waitForFunction(() => document.querySelector("#share-link")?.value.includes("#v="));
  const link = await page.inputValue("#share-link");
  const params = new URLSearchParams(new URL(link).hash.slice(1));
  assert.deepEqual(params.getAll("data"), ["demo:emoji"]);

  const elsewhere = await open({ at: new URL(link).hash });
  await settled(elsewhere);
  assert.equal(await bits(elsewhere), await bits(page));
  assert.equal(await elsewhere.inputValue("#color-by"), "emoji_version");
  assert.equal(await hashOf(elsewhere), new URL(link).hash, "recipe, map hash and view are the same");
  assert.equal((await elsewhere.evaluate(() => archipelago.recipe())).seed, 7);
  await notice(elsewhere, /The same map, bit for bit/);
});

test("a map that was turned to lie as the one before it lies so elsewhere too", async () => {
  const page = await open({ context: { reducedMotion: "reduce" } });
  await map(page, { "memberships.csv": small.memberships });
  for (const seed of [8, 9]) {
    await page.click("#settings-button");
    await page.fill("#seed", String(seed));
    const ready = page.evaluate(() => new Promise((resolve) => archipelago.on("ready", resolve)));
    await page.click("#again");
    await ready;
    await settled(page);
    await page.click("#settings .close");
  }
  const hash = await hashOf(page);
  assert.match(hash, /turn=/);
  const elsewhere = await open({ at: hash, context: { reducedMotion: "reduce" } });
  await map(elsewhere, { "memberships.csv": small.memberships });
  const places = (/** @type {import("playwright-core").Page} */ on) =>
    on.evaluate(async () => {
      await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
      return [...archipelago.positions()];
    });
  const [here, there] = [await places(page), await places(elsewhere)];
  const largest = Math.max(...here.map(Math.abs));
  assert.ok(Math.max(...here.map((c, i) => Math.abs(c - there[i]))) < 1e-5 * largest);
  assert.equal(await bits(elsewhere), await bits(page));
  for (const wild of ["1,2,3", "1,0,0,x", "9,0,0,9", ""]) {
    const bad = await open({ at: `#v=1&data=demo:emoji&turn=${wild}` });
    assert.equal((await bad.evaluate(() => archipelago.error()))?.code, "link", wild);
    await bad.close();
  }
});

test("the link is copied and shown", async () => {
  const page = await open({ context: { permissions: ["clipboard-read", "clipboard-write"] } });
  await map(page, { "memberships.csv": small.memberships });
  await page.click("#share-button");
  await page.waitForFunction(() => document.querySelector("#share-link")?.value.includes("#v="));
  await page.click("#copy");
  await page.waitForFunction(() => document.querySelector("#copied")?.textContent === "Copied.");
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), await page.inputValue("#share-link"));
  assert.match((await page.textContent("#share-note")) ?? "", /memberships\.csv.*must drop the same file/);
});

test("a local file's link asks for the file and recognizes it", async () => {
  const page = await open();
  await map(page, { "memberships.csv": small.memberships, "items.csv": small.items });
  const hash = await hashOf(page);

  const elsewhere = await open({ at: hash });
  await elsewhere.waitForSelector("#expected:not([hidden])");
  assert.equal(await elsewhere.textContent("#expected-files"), "memberships.csv and items.csv");

  await drop(elsewhere, { "memberships.csv": other.memberships });
  await elsewhere.waitForSelector(".banner.error");
  assert.match((await elsewhere.textContent(".banner.error")) ?? "", /memberships\.csv is not the file this link was made from/);
  assert.equal(await elsewhere.evaluate(() => archipelago.positions().length), 0);

  // Under any name: the content counts.
  await map(elsewhere, { "copy.csv": small.memberships });
  assert.equal(await bits(elsewhere), await bits(page));
  await notice(elsewhere, /The same map, bit for bit.*Drop items\.csv too/);
  await drop(elsewhere, { "items.csv": small.items });
  await elsewhere.waitForFunction(() => document.querySelector("#color-by")?.value === "category");
  assert.equal(await elsewhere.isHidden("#expected"), true);
});

test("a link can be forgotten", async () => {
  const page = await open();
  await map(page, { "memberships.csv": small.memberships });
  const elsewhere = await open({ at: await hashOf(page) });
  await elsewhere.click("#expected-forget");
  assert.equal(new URL(elsewhere.url()).hash, "");
  assert.equal((await map(elsewhere, { "memberships.csv": other.memberships })).items, 120);
});

test("a link made by another version, or whose data has changed, says so", async () => {
  const page = await open();
  await page.evaluate(() => archipelago.open("demo:emoji"));
  const params = new URLSearchParams((await hashOf(page)).slice(1));
  params.set("map", "0000000000000000");
  const changed = await open({ at: `#${params}` });
  await notice(changed, /not quite the map that was shared.*data has changed/);
  params.set("v", "999");
  const old = await open({ at: `#${params}` });
  await notice(old, /differs from the one that was shared.*another version/);
});

const HOSTILE = {
  "no version": "data=demo:emoji",
  "no data": "v=1",
  "a script address": "v=1&data=javascript:alert(1)",
  "a data address": "v=1&data=data:text/csv,collection",
  "a file address": "v=1&data=file:///etc/passwd",
  "a path in a demo": "v=1&data=demo:../../secret",
  "an unknown demo": "v=1&data=demo:nothing",
  "a bad hash": "v=1&file=a.csv:123",
  "a broken recipe": "v=1&data=demo:emoji&recipe=%00%ff!",
  "a recipe that is no object": `v=1&data=demo:emoji&recipe=${deflateRawSync("[1,2]").toString("base64url")}`,
  "a recipe that unpacks to far too much": `v=1&data=demo:emoji&recipe=${deflateRawSync(Buffer.alloc(50_000_000, " ")).toString("base64url").slice(0, 19_000)}`,
  "an unknown recipe key": `v=1&data=demo:emoji&recipe=${pack({ sead: 1 })}`,
  "a recipe out of range": `v=1&data=demo:emoji&recipe=${pack({ seed: -1 })}`,
  "a polluting recipe": `v=1&data=demo:emoji&recipe=${deflateRawSync('{"__proto__":{"polluted":1}}').toString("base64url")}`,
  "a view that is no number": "v=1&data=demo:emoji&x=1&y=NaN&zoom=1",
  "a view out of reach": "v=1&data=demo:emoji&x=1&y=1&zoom=-5",
  "a map hash that is none": "v=1&data=demo:emoji&map=<script>",
  "a way to show that is none": "v=1&data=demo:emoji&mode=<script>",
  "a shading that is none": "v=1&data=demo:emoji&mode=density&shading=log,constructor",
  "too long": `v=1&data=demo:emoji&color=${"a".repeat(30_000)}`,
  "nonsense": "%%%&&&===",
};

test("broken and hand-made links give a message and leave the page working", async () => {
  const page = await open();
  await map(page, { "memberships.csv": small.memberships });
  const before = await bits(page);
  for (const [name, hash] of Object.entries(HOSTILE)) {
    const error = page.evaluate(() => new Promise((resolve) => archipelago.on("error", resolve)));
    await page.evaluate((text) => (location.hash = text), hash);
    const { message, hint, code } = await error;
    assert.ok(message && hint && code !== "internal", `${name}: ${code} ${message} ${hint}`);
    assert.equal(await page.isVisible(".banner.error"), true, name);
    assert.equal(await bits(page), before, `${name}: the map stays`);
  }
  assert.equal(await page.evaluate(() => ({}).polluted), undefined);
  assert.equal((await map(page, { "memberships.csv": small.memberships })).items, 120);
});

test("a broken link on a fresh page leaves the greeting in place", async () => {
  const page = await open({ at: "#v=1&data=demo:emoji&recipe=broken" });
  assert.equal(await page.isVisible(".banner.error"), true);
  assert.equal(await page.isVisible("#greeting"), true);
  assert.equal((await map(page, { "memberships.csv": small.memberships })).items, 120);
});
