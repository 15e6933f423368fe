// For everyone: axe finds nothing, all of it works by keyboard alone and on a small screen.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { test } from "node:test";
import { browse, islands, map, settled } from "./site.mjs";

const open = await browse();
const small = islands();
const axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** @param {import("playwright-core").Page} page @param {string} where */
async function clean(page, where) {
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(axe);
  await page.waitForTimeout(250); // colors are measured after their transitions
  const violations = await page.evaluate(async () => (await window.axe.run()).violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.html.slice(0, 120)).join(" | ")}`));
  assert.deepEqual(violations, [], where);
}

for (const theme of ["dark", "light"]) {
  test(`axe finds no violation in any state (${theme})`, async () => {
    const page = await open();
    if (theme === "light") await page.click("#theme-button");
    await clean(page, "greeting");
    await map(page, { "memberships.csv": small.memberships, "items.csv": small.items });
    await clean(page, "map with a notice");
    await page.evaluate(() => archipelago.select(3));
    await page.waitForFunction(() => document.querySelectorAll("#details-neighbors li").length === 10);
    await clean(page, "details");
    await page.click("#settings-button");
    await page.waitForSelector("#recipe-sections summary");
    for (const section of await page.$$("#settings summary")) await section.click();
    await page.selectOption("#count-pairWeight", "formula");
    await page.fill("#count-formula", "1 +");
    await clean(page, "settings, all of them open, one wrong");
    await page.selectOption("#count-pairWeight", "one");
    await page.click("#quality-button");
    await clean(page, "how good the map is");
    await page.click("#share-button");
    await clean(page, "share");
    await page.click("#display-button");
    await page.waitForSelector("#display fieldset");
    await page.getByLabel("Opacity by how crowded the view is").uncheck();
    await clean(page, "display");
    await page.click("#share-button");
    await page.click("#picture-button");
    await page.waitForSelector("#picture-save");
    await page.focus("#map");
    for (let i = 0; i < 3; i += 1) await page.keyboard.press("+");
    await page.waitForSelector("#minimap:not([hidden])");
    await page.click("[aria-label='Select an area']");
    await page.click("#area-bar [data-do=view]");
    await clean(page, "a picture, an area and the overview");
    await page.click("#area-bar [data-do=clear]");
    await page.click("#list-button");
    await page.fill("#list-text", "g1-1\ng1-2\nnothing");
    await page.click("#list [type=submit]");
    await page.waitForSelector("#list-result:not([hidden])");
    await clean(page, "a list on the map");
    await page.evaluate(() => archipelago.open(new File([""], "empty.csv")).catch(() => {}));
    await clean(page, "error");
    await page.click("#open-button");
    await clean(page, "greeting over a map");
    await page.click("[data-demo=films]");
    await page.waitForSelector("#progress:not([hidden])");
    await clean(page, "progress");
    await page.click("#cancel");
  });
}

test("a whole visit by keyboard alone", async () => {
  const page = await open();
  /** Presses Tab until the focused element matches. @param {string} selector */
  const tabTo = async (selector) => {
    for (let presses = 0; presses < 40; presses += 1) {
      if (await page.evaluate((s) => document.activeElement?.matches(s), selector)) return;
      await page.keyboard.press("Tab");
    }
    assert.fail(`${selector} cannot be reached by Tab`);
  };
  await tabTo("#chooser");
  await tabTo("#address");
  await tabTo("[data-demo=emoji]");
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => document.activeElement?.id === "cancel");
  await settled(page);
  await page.waitForFunction(() => document.activeElement?.id === "map");
  await page.keyboard.press("+");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => document.querySelectorAll("#details-neighbors li").length === 10);
  const first = await page.textContent("#details-label");
  await tabTo("#details-neighbors button");
  await page.keyboard.press("Enter");
  await page.waitForFunction((label) => document.querySelector("#details-label")?.textContent !== label, first);
  await page.keyboard.press("Escape");
  await page.waitForSelector("#details", { state: "hidden" });
  await tabTo("#color-by");
  await page.keyboard.press("ArrowDown");
  await tabTo("#settings-button");
  await page.keyboard.press("Enter");
  await page.waitForSelector("#recipe-sections summary");
  await tabTo("#recipe-sections details:nth-child(2) summary");
  await page.keyboard.press("Enter");
  await tabTo("#count-similarity");
  await page.keyboard.press("Escape");
  await tabTo("#quality-button");
  await page.keyboard.press("Enter");
  await page.waitForSelector("#quality:not([hidden])");
  await page.keyboard.press("Escape");
  await tabTo("#share-button");
  await page.keyboard.press("Enter");
  await tabTo("#share-link");
  await page.keyboard.press("Escape");
  await page.waitForFunction(() => document.activeElement?.id === "share-button");
  await tabTo("#settings-button, #map");
});

test("stages are told to screen readers once each, not at every step", async () => {
  const page = await open();
  await page.evaluate(() => {
    window.told = [];
    new MutationObserver(() => window.told.push(document.getElementById("status")?.textContent)).observe(document.getElementById("status"), { childList: true });
  });
  await page.evaluate(() => archipelago.open("demo:emoji"));
  const told = (await page.evaluate(() => window.told)).filter(Boolean);
  assert.equal(new Set(told).size, told.length);
  assert.ok(told.length >= 4 && told.length <= 7, told.join("; "));
});

test("a small touch screen: everything fits, targets are 44 px, sheets come from below", async () => {
  const page = await open({ context: { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, deviceScaleFactor: 2 } });
  const sideways = () => page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
  const small44 = () =>
    page.$$eval("button, select, input:not([type=file]):not([readonly]), .button", (all) =>
      all
        .filter((each) => each.checkVisibility())
        // Of a box to tick or a segment to choose, the whole label is what one presses.
        .map((each) => [each.id || each.className || each.textContent, (each.closest("label:has(input)") ?? each).getBoundingClientRect().height])
        .filter(([, height]) => Number(height) < 43.99),
    );
  assert.equal(await sideways(), false);
  assert.deepEqual(await small44(), []);
  await page.tap("[data-demo=emoji]");
  await settled(page);
  assert.equal(await sideways(), false);
  assert.deepEqual(await small44(), []);
  await page.waitForTimeout(800);
  const at = await page.evaluate(() => archipelago.locate(0));
  await page.touchscreen.tap(at.x, at.y);
  await page.waitForSelector("#details:not([hidden])");
  const box = await page.$eval("#details", (sheet) => sheet.getBoundingClientRect().toJSON());
  assert.deepEqual([box.left, box.right, box.bottom], [0, 390, 844]);
  assert.deepEqual(await small44(), []);
  await page.tap("#details .close");
  await page.tap("#settings-button");
  for (const section of await page.$$("#settings summary")) await section.tap();
  assert.deepEqual(await small44(), []);
  assert.equal(await sideways(), false);
  await page.tap("#quality-button");
  assert.deepEqual(await small44(), []);
  assert.equal(await sideways(), false);
  await page.tap("#quality .close");
  await page.tap("#display-button");
  await page.waitForSelector("#display fieldset");
  assert.deepEqual(await small44(), []);
  await page.tap("#display .close");
  await page.tap("#legend-toggle");
  assert.equal(await page.isVisible("#legend-body li"), true);
  await clean(page, "small screen");
});
