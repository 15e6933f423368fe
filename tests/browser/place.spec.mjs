// A person's own list on a finished map: found by name, marked, listed, taken off again; nothing of the map moves.

import assert from "node:assert/strict";
import { before, test } from "node:test";
import { bits, browse, islands, map, settled, still } from "./site.mjs";

const open = await browse();
const small = islands();
/** @type {import("playwright-core").Page} */
let page;

before(async () => {
  page = await open();
  await map(page, { "memberships.csv": small.memberships, "items.csv": small.items });
  await still(page);
});

/** @param {string} text */
async function place(text) {
  await page.fill("#list-text", text);
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => /found|None|no name/.test(document.querySelector("#list-status")?.textContent ?? ""));
}

const star = () => page.$eval("#list-star", (element) => element.getBoundingClientRect()).then(({ x, y }) => ({ x, y }));

test("a pasted list lands among its items, by keyboard", async () => {
  const before = await bits(page);
  await page.focus("#list-button");
  await page.keyboard.press("Enter");
  await page.waitForSelector("#list:not([hidden])");
  await page.waitForFunction(() => document.activeElement?.id === "list-text");
  await place("G2-1\n item 3,  OF 2\ng2-5, 4\nno such thing\n\n");
  assert.match((await page.textContent("#list-status")) ?? "", /^3 found\./);
  assert.equal(await page.textContent("#list-missing"), "Not on this map: no such thing");
  const near = await page.$$eval("#list-near button", (all) => all.map((each) => each.textContent));
  assert.equal(near.length, 10);
  assert.ok(near.filter((name) => name?.endsWith("of 2")).length >= 8, near.join("; "));
  assert.ok(!near.includes("Item 5, of 2"), "what is on the list is not suggested");
  await page.waitForFunction(() => {
    const star = document.querySelector("#list-star")?.getBoundingClientRect();
    const free = document.querySelector("#list")?.getBoundingClientRect().left;
    return star && free && Math.abs(star.x - free / 2) < 1 && Math.abs(star.y - 400) < 1; // the middle of what is free
  });
  const at = await star();
  const nearest = await page.evaluate(({ x, y }) => {
    const far = (/** @type {number} */ id) => Math.hypot(archipelago.locate(id).x - x, archipelago.locate(id).y - y);
    const order = Array.from({ length: 120 }, (_, id) => id).sort((a, b) => far(a) - far(b));
    return order.slice(0, 8).map((id) => archipelago.label(id));
  }, at);
  assert.ok(nearest.filter((name) => name.endsWith("of 2")).length >= 6, nearest.join("; "));
  assert.ok(await page.$eval("#list-rings", (canvas) => /** @type {HTMLCanvasElement} */ (canvas).getContext("2d")?.getImageData(0, 0, 1280, 800).data.some((v) => v > 0)), "rings are drawn");
  assert.equal(await bits(page), before, "nothing moved");
});

test("the star goes with the map, and stays while an item is looked at", async () => {
  const at = await star();
  await page.click("#zoom-in");
  await page.focus("#map");
  await page.keyboard.press("ArrowRight");
  await page.waitForFunction((x) => Math.abs((document.querySelector("#list-star")?.getBoundingClientRect().x ?? x) - x) > 20, at.x);
  await page.click("#list-near li:nth-child(2) button");
  await page.waitForSelector("#details:not([hidden])");
  assert.equal(await page.isVisible("#list-star svg"), true);
  await page.keyboard.press("Escape");
  await page.waitForSelector("#list:not([hidden])");
  assert.equal(await page.isVisible("#list-star svg"), true, "back to the list");
});

test("what is not there is said; closing takes the list off", async () => {
  await place("nothing\nof this\n");
  assert.equal(await page.textContent("#list-status"), "None of these is on this map.");
  assert.equal(await page.isVisible("#list-star svg"), false);
  await place(" \n");
  assert.equal(await page.textContent("#list-status"), "There is no name yet.");
  await place("g0-1\ng0-2");
  assert.equal(await page.isVisible("#list-star svg"), true);
  await page.keyboard.press("Escape");
  await page.waitForSelector("#list", { state: "hidden" });
  assert.equal(await page.isVisible("#list-star svg"), false);
  assert.equal(await page.isVisible("#list-rings"), false);
});

test("a file dropped on the sheet is a list, elsewhere it is another map", async () => {
  await page.click("#list-button");
  const file = await page.evaluateHandle(() => {
    const data = new DataTransfer();
    data.items.add(new File(["g1-1\ng1-2,2\n"], "mine.txt"));
    return data;
  });
  for (const event of ["dragenter", "dragover", "drop"]) await page.dispatchEvent("#list-text", event, { dataTransfer: file });
  await page.waitForFunction(() => document.querySelector("#list-status")?.textContent?.startsWith("2 found"));
  assert.equal(await page.isHidden("#veil"), true);
  assert.equal(await page.inputValue("#list-text"), "g1-1\ng1-2,2\n");
  await map(page, { "other.csv": islands({ seed: 9 }).memberships });
  await settled(page);
  assert.equal(await page.isVisible("#list-star svg"), false, "another map");
  assert.equal(await page.evaluate(() => archipelago.error()?.code ?? ""), "");
});

test("on a small screen the star is above the sheet", async () => {
  const phone = await open({ context: { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true } });
  await map(phone, { "memberships.csv": small.memberships, "items.csv": small.items });
  await phone.tap("#list-button");
  await phone.fill("#list-text", "g3-1\ng3-2\ng3-7");
  await phone.tap("#list [type=submit]");
  await phone.waitForSelector("#list-result:not([hidden])");
  await phone.waitForFunction(() => {
    const star = document.querySelector("#list-star")?.getBoundingClientRect();
    const sheet = document.querySelector("#list")?.getBoundingClientRect();
    return star && sheet && sheet.width <= 390 && Math.abs(star.x - 195) < 3 && Math.abs(star.y - sheet.top / 2) < 3;
  });
  assert.ok(await phone.evaluate(() => document.documentElement.scrollWidth <= 390), "nothing is wider than the screen");
  await phone.context().close();
});
