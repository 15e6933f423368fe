// Files that make no map: a clear message with its place, the map before stays, the page goes on.

import assert from "node:assert/strict";
import { before, test } from "node:test";
import { browse, drop, islands, map, state, still } from "./site.mjs";

const open = await browse();
const small = islands();

/** name -> [file content, code, line in the file (0 = none)] @type {Record<string, [string | number[], string, number]>} */
const BAD = {
  "an empty file": ["", "empty-file", 0],
  "a header only": ["collection,item\n", "header-only", 0],
  "one column": ["item\na\nb\nc\n", "one-column", 0],
  "a binary file": [[0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52, 0, 1, 2, 3], "binary", 0],
  "one item": ["collection,item\na,x\nb,x\nc,x\n", "too-few-items", 0],
  "nothing that co-occurs": [`collection,item\n${Array.from({ length: 12 }, (_, i) => `c${i},${"xyz"[i % 3]}\n`).join("")}`, "nothing-co-occurs", 0],
  "all rows the same": [`collection,item\n${"a,x\n".repeat(20)}`, "", 0],
  "every collection the same": [`collection,item\n${["a", "b", "c"].map((c) => ["x", "y", "z"].map((i) => `${c},${i}\n`).join("")).join("")}`, "", 0],
  "a weight that is no number": ["collection,item,weight\na,x,1\na,y,NaN\nb,x,1\n", "bad-weight", 3],
  "a negative weight": ["collection,item,weight\na,x,1\na,y,2\nb,x,-1\n", "bad-weight", 4],
  "a quote that is never closed": [`collection,item\na,"x\n${"b,y\n".repeat(50)}`, "", 0],
};

/** @type {import("playwright-core").Page} */
let page;
before(async () => {
  page = await open();
  await map(page, { "good.csv": small.memberships, "items.csv": small.items });
  await page.focus("#map");
  await page.keyboard.press("+");
});

for (const [name, [content, code, line]] of Object.entries(BAD)) {
  test(name, async (t) => {
    await still(page); // the camera is in the link
    const kept = await state(page);
    const told = page.evaluate(
      () =>
        new Promise((resolve) => {
          archipelago.on("error", resolve);
          archipelago.on("ready", () => resolve(null));
        }),
    );
    await drop(page, { "bad.csv": content });
    const error = await told;
    // Some of these may be read leniently; none may be silent, empty or strange.
    if (error === null) {
      assert.equal(code, "", `${name} was to be refused`);
      t.diagnostic(`${name}: gives a map`);
      await map(page, { "good.csv": small.memberships, "items.csv": small.items });
      return;
    }
    t.diagnostic(`${error.code}: ${error.message} ${error.hint} ${error.line || ""}`);
    if (code) assert.equal(error.code, code);
    assert.ok(error.message.length > 10 && error.hint.length > 10);
    assert.doesNotMatch(error.code, /internal|crash|memory/);
    if (line) assert.equal(error.line, line);
    const banner = (await page.textContent(".banner.error")) ?? "";
    assert.ok(banner.includes(error.message) && banner.includes(error.hint));
    if (line) assert.match(banner, new RegExp(`bad\\.csv, line ${line}`));
    await page.waitForSelector("#progress", { state: "hidden" });
    assert.deepEqual(await state(page), kept);
    assert.deepEqual(await page.evaluate(() => archipelago.error()), error);
  });
}

test("an unknown recipe key", async () => {
  await still(page);
  const kept = await state(page);
  const error = await page.evaluate(() => archipelago.open("demo:emoji", { count: { tpo: 3 } }).catch((e) => e));
  assert.match(error.message, /tpo/);
  assert.equal(await page.isVisible(".banner.error"), true);
  assert.deepEqual(await state(page), kept);
});

test("addresses that cannot be read", async () => {
  await page.route("**/missing.csv", (route) => route.fulfill({ status: 404, body: "" }));
  await page.route("**/page.html", (route) => route.fulfill({ contentType: "text/html", body: "<p>" }));
  await page.route("**/blocked.csv", (route) => route.abort());
  for (const [address, text] of [["missing.csv", /404/], ["page.html", /web page, not a CSV/], ["blocked.csv", /could not be read/], ["ftp://x/y.csv", /nothing to open/]]) {
    const error = await page.evaluate((to) => archipelago.open(to).catch((e) => e), String(address));
    assert.match(error.message, /** @type {RegExp} */ (text));
  }
});

test("a damaged gzip file", async () => {
  const error = await page.evaluate(() => archipelago.open(new File([new Uint8Array([0x1f, 0x8b, 8, 0, 1, 2, 3, 4, 5, 6, 7])], "x.csv.gz")).catch((e) => e));
  assert.equal(error.code, "gzip");
});

test("an items file while there is no map", async () => {
  const fresh = await open();
  const error = fresh.evaluate(() => new Promise((resolve) => archipelago.on("error", resolve)));
  await drop(fresh, { "items.csv": small.items });
  assert.equal((await error).code, "no-records");
  assert.equal(await fresh.isVisible("#greeting"), true);
});

test("after all that, the page still makes a map", async () => {
  assert.equal((await map(page, { "good.csv": small.memberships })).items, 120);
});
