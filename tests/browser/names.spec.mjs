// Names on the map and lines between items: there once a map is, chosen in Display, by keyboard too.

import assert from "node:assert/strict";
import { before, test } from "node:test";
import { browse, islands, map } from "./site.mjs";

const open = await browse();
const small = islands();
/** @type {import("playwright-core").Page} */
let page;

/** Pixels with a name on them; the canvas is 1 px wide when it is empty. */
const written = () => page.$eval("#names", (canvas) => {
  const { width, height } = /** @type {HTMLCanvasElement} */ (canvas);
  const data = /** @type {HTMLCanvasElement} */ (canvas).getContext("2d")?.getImageData(0, 0, width, height).data ?? [];
  let count = 0;
  for (let i = 3; i < data.length; i += 4) count += data[i] > 200 ? 1 : 0;
  return count;
});

/** The map beside the sheet, once nothing on it fades any more. */
async function picture() {
  for (let before = ""; ; await page.waitForTimeout(400)) {
    const now = (await page.screenshot({ clip: { x: 300, y: 60, width: 550, height: 700 } })).toString("base64");
    if (now === before) return now;
    before = now;
  }
}

before(async () => {
  page = await open();
  await map(page, { "memberships.csv": small.memberships, "items.csv": small.items });
  await page.waitForSelector("#names", { state: "attached" });
});

test("names come with the map and follow it", async () => {
  await page.waitForFunction(() => /** @type {HTMLCanvasElement} */ (document.querySelector("#names")).width > 100);
  await page.waitForTimeout(1500);
  const far = await written();
  assert.ok(far > 300, `${far} pixels`);
  assert.equal(await page.getAttribute("#names", "aria-hidden"), "true");
  await page.click("#zoom-in");
  await page.click("#zoom-in");
  await page.waitForTimeout(1000);
  assert.notEqual(await written(), far);
});

test("Display turns them off and on, and says what islands are called by", async () => {
  await page.focus("#display-button");
  await page.keyboard.press("Enter");
  await page.waitForSelector("#display:not([hidden]) fieldset");
  assert.match((await page.textContent("#display")) ?? "", /An island is called by what most of its items share: category\./);
  await page.getByLabel("Names of items").focus();
  await page.keyboard.press("Space");
  await page.getByLabel("Names of islands").focus();
  await page.keyboard.press("Space");
  await page.waitForFunction(() => /** @type {HTMLCanvasElement} */ (document.querySelector("#names")).width === 1);
  await page.getByLabel("Names of items").check();
  await page.waitForFunction(() => /** @type {HTMLCanvasElement} */ (document.querySelector("#names")).width > 100);
  await page.getByLabel("Names of islands").check();
});

test("lines between all items, and from the selected one", async () => {
  await page.waitForTimeout(3000); // the islands are named again
  const plain = await picture();
  await page.getByLabel("Lines between all items, the shortest first").check();
  await page.waitForTimeout(800);
  assert.ok((await picture()) !== plain, "there are lines");
  await page.getByLabel("Lines between all items, the shortest first").uncheck();
  await page.waitForTimeout(800);
  assert.ok((await picture()) === plain, "nothing stays");
});

test("another map has other names", async () => {
  const before = await picture();
  await map(page, { "memberships.csv": islands({ groups: 8, size: 40, seed: 3 }).memberships });
  await page.waitForTimeout(2500);
  assert.ok((await picture()) !== before);
  assert.ok((await written()) > 300);
});
