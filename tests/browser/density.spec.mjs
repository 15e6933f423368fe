// The density on the page: chosen by its mode, shaded as Display says, kept by the link, with picking as on the map.

import assert from "node:assert/strict";
import { test } from "node:test";
import { browse, islands, map, settled } from "./site.mjs";

const open = await browse();
const small = islands();

/** @param {import("playwright-core").Page} page @param {string} name */
const mode = (page, name) => page.evaluate((value) => document.querySelector(`#modes input[value=${value}]`)?.click(), name);
/** Bytes of the picture on screen. @param {import("playwright-core").Page} page */
const picture = async (page) => {
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 400)))));
  return (await page.locator("#map").screenshot()).toString("base64");
};

test("a density is another picture of the same map, and its shading is chosen in Display", async () => {
  const page = await open();
  await map(page, { "memberships.csv": small.memberships, "items.csv": small.items });
  const points = await picture(page);
  await mode(page, "density");
  const density = await picture(page);
  assert.ok(density !== points);
  await page.click("#display-button");
  const group = page.locator("#display fieldset", { hasText: "Contours" });
  await group.getByText("Contours around the densest parts").click();
  await page.click("#display .close");
  const lined = await picture(page);
  assert.ok(lined !== density);
  await mode(page, "map");
  assert.ok((await picture(page)) !== lined);
  await page.click("#display-button");
  assert.equal(await group.isVisible(), false, "its choices are there only with it");
});

test("items are hovered and selected as on the map", async () => {
  const page = await open();
  await map(page, { "memberships.csv": small.memberships, "items.csv": small.items });
  await mode(page, "density");
  await page.focus("#map");
  await page.keyboard.press("Enter");
  assert.equal(await page.isVisible("#details"), true);
});

test("a link keeps mode and shading", async () => {
  const page = await open();
  await page.evaluate(() => archipelago.open("demo:emoji"));
  await settled(page);
  await mode(page, "density");
  await page.click("#display-button");
  await page.locator("#display fieldset", { hasText: "Contours" }).locator("select").selectOption("log");
  const link = new URL(await page.evaluate(() => archipelago.shareLink())).hash;
  const params = new URLSearchParams(link.slice(1));
  assert.deepEqual([params.get("mode"), params.get("shading")], ["density", "log"]);
  const elsewhere = await open({ at: link });
  await settled(elsewhere);
  assert.equal(await elsewhere.evaluate(() => document.querySelector("#modes input:checked")?.getAttribute("value") ?? ""), "density");
  assert.equal(new URL(await elsewhere.evaluate(() => archipelago.shareLink())).hash, link);
});
