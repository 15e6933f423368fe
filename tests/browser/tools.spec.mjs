// What one does with the map beyond moving it: areas, seeing a selection, double click, overview, glide.

import assert from "node:assert/strict";
import { test } from "node:test";
import { browse, islands, map } from "./site.mjs";

const open = await browse();
const small = islands();

/** @param {import("playwright-core").BrowserContextOptions} [context] */
async function mapped(context = {}) {
  const page = await open({ context: { viewport: { width: 1000, height: 700 }, ...context } });
  await map(page, { "plays.csv": small.memberships });
  await page.waitForSelector("#zoom [aria-label='Select an area']");
  return page;
}

/** Ids of the items in a box of CSS px, slowly. @param {import("playwright-core").Page} page @param {number[]} box */
const inside = (page, box) =>
  page.evaluate(([x0, y0, x1, y1]) => {
    const at = Array.from({ length: 120 }, (_, i) => archipelago.locate(i));
    return at.filter(({ x, y }) => x >= x0 && y >= y0 && x <= x1 && y <= y1).length;
  }, box);

/** @param {import("playwright-core").Page} page */
const said = (page) => page.textContent("#area-bar p");

/** Pixels between two items, which grow with the zoom. @param {import("playwright-core").Page} page */
const spread = (page) =>
  page.evaluate(() => {
    const [a, b] = [archipelago.locate(0), archipelago.locate(60)];
    return Math.hypot(a.x - b.x, a.y - b.y);
  });

/** Waits until the camera stands. @param {import("playwright-core").Page} page */
const still = (page) =>
  page.evaluate(async () => {
    const now = () => JSON.stringify([archipelago.locate(0), archipelago.locate(60)]);
    for (let before = "", same = 0; same < 6; ) {
      await new Promise((resolve) => requestAnimationFrame(resolve));
      same = now() === before ? same + 1 : 0;
      before = now();
    }
  });

test("a box is drawn with Shift, a lasso with Alt; Escape ends it", async () => {
  const page = await mapped();
  await still(page);
  await page.keyboard.down("Shift");
  await page.mouse.move(200, 120);
  await page.mouse.down();
  await page.mouse.move(620, 420, { steps: 4 });
  await page.mouse.up();
  await page.keyboard.up("Shift");
  const count = await inside(page, [200, 120, 620, 420]);
  assert.ok(count > 0 && count < 120);
  assert.equal(await said(page), `${count} of 120 items`);
  await page.keyboard.press("Escape");
  assert.equal(await page.isHidden("#area-bar"), true);

  await page.keyboard.down("Alt");
  await page.mouse.move(200, 120);
  await page.mouse.down();
  for (const [x, y] of [[620, 120], [620, 420], [200, 420]]) await page.mouse.move(x, y, { steps: 3 });
  await page.mouse.up();
  await page.keyboard.up("Alt");
  assert.equal(await said(page), `${count} of 120 items`);
  const before = await spread(page);
  await page.click("#area-bar [data-do=frame]");
  await still(page);
  assert.ok((await spread(page)) !== before);
  await page.click("#area-bar [data-do=clear]");
  assert.equal(await page.isHidden("#area-bar"), true);
  assert.equal(await page.evaluate(() => document.activeElement?.id), "map");
  assert.equal(await page.evaluate(() => archipelago.error()), null);
});

test("fingers draw with the tool, two of them still zoom", async () => {
  const page = await mapped({ hasTouch: true, viewport: { width: 390, height: 844 } });
  await page.tap("#zoom [aria-label='Select an area']");
  assert.equal(await said(page), "Draw around items.");
  await still(page);
  const client = await page.context().newCDPSession(page);
  /** @param {string} type @param {number[][]} points */
  const touch = (type, points) => client.send("Input.dispatchTouchEvent", { type: /** @type {any} */ (type), touchPoints: points.map(([x, y], id) => ({ x, y, id })) });
  await touch("touchStart", [[20, 200]]);
  for (const [x, y] of [[380, 200], [380, 640], [20, 640], [20, 210]]) await touch("touchMove", [[x, y]]);
  await touch("touchEnd", []);
  const count = await inside(page, [20, 200, 380, 640]);
  assert.match((await said(page)) ?? "", /^\d+ of 120 items$/);
  assert.ok(Math.abs(parseInt((await said(page)) ?? "", 10) - count) <= 2 && count > 10);
  const before = await spread(page);
  await touch("touchStart", [[150, 400]]);
  await touch("touchStart", [[150, 400], [240, 400]]);
  for (const far of [10, 30, 60]) await touch("touchMove", [[150 - far, 400], [240 + far, 400]]);
  await touch("touchEnd", []);
  assert.ok((await spread(page)) > 1.2 * before, "pinched");
  await page.tap("#area-bar [data-do=clear]");
  assert.equal(await page.isHidden("#area-bar"), true);
});

test("by keyboard: all in view, and what is selected is shown", async () => {
  const page = await mapped();
  await page.focus("#zoom [aria-label='Select an area']");
  await page.keyboard.press("Enter");
  await page.focus("#area-bar [data-do=view]");
  await page.keyboard.press("Enter");
  assert.equal(await said(page), "120 of 120 items");
  await page.keyboard.press("Escape");
  assert.equal(await page.isHidden("#area-bar"), true);
  await page.focus("#map");
  await page.evaluate(() => archipelago.select(5));
  await still(page);
  const before = await spread(page);
  await page.focus("#map");
  await page.keyboard.press("f");
  await page.waitForTimeout(200);
  await still(page);
  assert.ok((await spread(page)) > before, "nearer to the item and its neighbors");
});

test("a double click comes nearer around the pointer", async () => {
  const page = await mapped();
  await still(page);
  const before = await spread(page);
  await page.mouse.dblclick(500, 660);
  await page.waitForTimeout(100);
  await still(page);
  const ratio = (await spread(page)) / before;
  assert.ok(Math.abs(ratio - 2.5) < 0.01, `${ratio}`);
});

test("the overview shows itself when only a part is in view, and moves the camera", async () => {
  const page = await mapped();
  assert.equal(await page.isHidden("#minimap"), true);
  await page.focus("#map");
  for (let i = 0; i < 4; i += 1) await page.keyboard.press("+");
  await page.waitForSelector("#minimap:not([hidden])");
  await still(page);
  const place = () => page.evaluate(() => archipelago.locate(0).x);
  const before = await place();
  await page.focus("#minimap");
  await page.keyboard.press("ArrowRight");
  await still(page);
  assert.ok(Math.abs(before - (await place()) - 200) < 2, "a fifth of the view");
  const box = await page.locator("#minimap").boundingBox();
  if (!box) throw new Error("no box");
  await page.mouse.click(box.x + 12, box.y + box.height / 2);
  await still(page);
  assert.ok((await place()) > before, "to the left edge of the map");
  await page.click("#display-button");
  await page.uncheck("text=Overview map");
  assert.equal(await page.isHidden("#minimap"), true);
});

test("a drag glides on by option, never under reduced motion", async () => {
  for (const reducedMotion of /** @type {const} */ (["no-preference", "reduce"])) {
    const page = await open({ context: { viewport: { width: 1000, height: 700 }, reducedMotion }, before: (p) => p.addInitScript(() => localStorage.setItem("archipelago-camera", '{"inertia":true}')) });
    await map(page, { "plays.csv": small.memberships });
    await page.waitForSelector("#zoom [aria-label='Select an area']");
    await still(page);
    // In the page, so that a busy machine does not make a slow hand.
    const held = await page.evaluate(() => {
      const canvas = /** @type {HTMLElement} */ (document.getElementById("map"));
      /** @param {string} type @param {number} x */
      const point = (type, x) => canvas.dispatchEvent(new PointerEvent(type, { pointerId: 1, pointerType: "mouse", isPrimary: true, button: 0, clientX: x, clientY: 350, bubbles: true }));
      point("pointerdown", 300);
      for (let x = 300; x <= 420; x += 20) {
        for (const began = performance.now(); performance.now() - began < 6; );
        point("pointermove", x);
      }
      const { x } = archipelago.locate(0);
      point("pointerup", 420);
      return x;
    });
    await still(page);
    const glided = (await page.evaluate(() => archipelago.locate(0).x)) - held;
    assert.ok(reducedMotion === "reduce" ? glided === 0 : glided > 5, `${reducedMotion}: ${glided}`);
  }
});

/** Presses + in one task, as a busy page gets them. @param {import("playwright-core").Page} page @param {number} times @param {string} [first] a key before */
const plus = (page, times, first) =>
  page.evaluate(
    ([n, before]) => {
      const press = (/** @type {string} */ key) => document.getElementById("map")?.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
      if (before) press(String(before));
      for (let i = 0; i < Number(n); i += 1) press("+");
    },
    /** @type {[number, string | undefined]} */ ([times, first]),
  );

test("no press of + is lost while the camera is on its way: it counts from where that goes", async () => {
  const page = await mapped();
  await still(page);
  const whole = await spread(page);
  await plus(page, 1);
  await still(page);
  assert.ok(Math.abs((await spread(page)) / whole / 1.4 - 1) < 1e-3, "at rest");
  for (const wait of [0, 80, 250]) {
    await page.mouse.move(500, 350);
    await page.mouse.wheel(0, -900);
    await still(page);
    await plus(page, 0, "0");
    await page.waitForTimeout(wait);
    for (let i = 0; i < 3; i += 1) {
      await plus(page, 1);
      await page.waitForTimeout(wait / 2);
    }
    await still(page);
    const times = (await spread(page)) / whole;
    assert.ok(Math.abs(times / 1.4 ** 3 - 1) < 1e-3, `three steps from the whole map, ${wait} ms after: ${times}`);
    await page.evaluate(() => archipelago.select(60));
    await page.waitForTimeout(wait);
    await plus(page, 1);
    await still(page);
    assert.ok(Math.abs((await spread(page)) / whole / 1.4 ** 4 - 1) < 1e-3, "and one on the way to an item");
    await page.keyboard.press("Escape");
  }
});

test("what lies over the map follows a camera that moved just before a picture was made", async () => {
  const page = await mapped();
  await still(page);
  await page.click("#share-button");
  await page.click("#picture-button");
  await page.waitForSelector("#picture-save");
  await page.waitForTimeout(800);
  assert.equal(await page.isHidden("#minimap"), true);
  await page.evaluate(() => {
    for (let i = 0; i < 3; i += 1) document.getElementById("map")?.dispatchEvent(new KeyboardEvent("keydown", { key: "+", bubbles: true }));
    // A preview at once, ahead of the screen's next frame.
    document.getElementById("picture-paper")?.dispatchEvent(new Event("change", { bubbles: true }));
  });
  await page.waitForSelector("#minimap:not([hidden])", { timeout: 5000 });
});
