// Wandering on a finished map: hover, pin, color, zoom, pan, resize, a lost context.

import assert from "node:assert/strict";
import { before, test } from "node:test";
import { bits, browse, islands, map, still } from "./site.mjs";

const open = await browse();
const small = islands();
/** @type {import("playwright-core").Page} */
let page;

before(async () => {
  page = await open({ context: { hasTouch: true } });
  await map(page, { "memberships.csv": small.memberships, "items.csv": small.items });
  await still(page);
});

const link = async () => new URLSearchParams(new URL(await page.evaluate(() => archipelago.shareLink())).hash.slice(1));
const zoom = async () => Number((await link()).get("zoom"));
/** @param {number} id */
const locate = (id) => page.evaluate((i) => archipelago.locate(i), id);

test("hover shows the label, a press pins it with details, Escape lets go", async () => {
  const at = await locate(7);
  await page.evaluate(() => archipelago.on("hover", (id) => id >= 0 && (document.body.dataset.hovered = String(id))));
  // A hand is never quite still: a move in the moment in which the whole view takes over from the first one may be lost.
  for (let step = 1; step < 200 && !(await page.isVisible("#hover-label")); step += 1) {
    await page.mouse.move(at.x + (step % 2), at.y);
    await page.waitForTimeout(100);
  }
  await page.mouse.move(at.x, at.y);
  await page.waitForSelector("#hover-label:not([hidden])");
  const id = Number(await page.getAttribute("body", "data-hovered"));
  const label = await page.evaluate((i) => archipelago.label(i), id);
  assert.equal(await page.textContent("#hover-label"), label);
  await page.mouse.click(at.x, at.y);
  await page.waitForSelector("#details:not([hidden])");
  assert.equal(await page.textContent("#details-label"), label);
  assert.equal(await page.textContent("#pin-label"), label);
  assert.match((await page.textContent("#details-popularity")) ?? "", /^in \d+ collections$/);
  assert.match((await page.textContent("#details-columns")) ?? "", /category.*group \d.*year.*19\d\d/);
  await page.keyboard.press("Escape");
  await page.waitForSelector("#details", { state: "hidden" });
  assert.equal(await page.isHidden("#pin-label"), true);
});

test("the ten true neighbors are listed, belong together, and lead on", async () => {
  // One in the middle: what is at the edge of the map cannot come to the middle of the screen.
  const middle = await page.evaluate(() => {
    const far = (/** @type {number} */ id) => Math.hypot(archipelago.locate(id).x - innerWidth / 2, archipelago.locate(id).y - innerHeight / 2);
    return Array.from({ length: 120 }, (_, id) => id).reduce((best, id) => (far(id) < far(best) ? id : best));
  });
  await page.evaluate((id) => archipelago.select(id), middle);
  await page.waitForFunction(() => document.querySelectorAll("#details-neighbors li").length === 10);
  const group = (await page.evaluate((id) => archipelago.label(id), middle)).slice(-1);
  const names = await page.$$eval("#details-neighbors button span:first-child", (all) => all.map((each) => each.textContent));
  assert.ok(names.filter((name) => name?.endsWith(`of ${group}`)).length >= 9, names.join("; "));
  const selected = page.evaluate(() => new Promise((resolve) => archipelago.on("select", resolve)));
  await page.click("#details-neighbors li:nth-child(3) button");
  const id = await selected;
  assert.equal(await page.textContent("#details-label"), names[2]);
  // It comes to the middle of what is free.
  await page.waitForFunction((item) => {
    const [at, free] = [archipelago.locate(item), document.querySelector("#details")?.getBoundingClientRect().left ?? 0];
    return Math.abs(at.x - free / 2) < 3 && Math.abs(at.y - 400) < 3;
  }, id);
  await page.keyboard.press("Escape");
});

test("color by category, number, popularity and nothing, with its legend", async () => {
  await page.selectOption("#color-by", "category");
  assert.deepEqual(await page.$$eval("#legend-body li span:nth-child(2)", (all) => all.map((each) => each.textContent).sort()), [0, 1, 2, 3, 4].map((g) => `group ${g}`));
  await page.selectOption("#color-by", "year");
  assert.equal(await page.textContent("#legend-body .row"), "19501973");
  await page.selectOption("#color-by", "note");
  assert.match((await page.textContent("#legend-body ul")) ?? "", /No value30/);
  await page.selectOption("#color-by", "popularity");
  assert.equal(await page.locator(".ramp").count(), 1);
  await page.selectOption("#color-by", "");
  assert.equal(await page.textContent("#legend-body"), "");
});

test("the wheel zooms at the cursor: what is under it stays under it", async () => {
  await page.evaluate(() => archipelago.select(-1));
  // The item nearest to a place that no panel covers.
  const all = await Promise.all(Array.from({ length: 60 }, async (_, id) => ({ id, ...(await locate(id)) })));
  const off = (/** @type {{x: number, y: number}} */ { x, y }) => Math.hypot(x - 700, y - 400);
  const at = all.reduce((best, each) => (off(each) < off(best) ? each : best));
  await page.mouse.move(at.x, at.y);
  await page.mouse.wheel(0, -400);
  await page.waitForTimeout(300);
  const after = await locate(at.id);
  assert.ok(Math.hypot(after.x - at.x, after.y - at.y) < 1.5, `${at.x},${at.y} -> ${after.x},${after.y}`);
  const far = all.reduce((best, each) => (off(each) > off(best) ? each : best)).id;
  const other = await locate(far);
  await page.mouse.wheel(0, 400);
  await page.waitForTimeout(300);
  assert.notDeepEqual(await locate(far), other);
});

test("dragging moves the map with the pointer and pins nothing", async () => {
  const at = await locate(11);
  await page.mouse.move(300, 300);
  await page.mouse.down();
  await page.mouse.move(360, 340, { steps: 5 });
  await page.mouse.up();
  const after = await locate(11);
  assert.ok(Math.abs(after.x - at.x - 60) < 1 && Math.abs(after.y - at.y - 40) < 1);
  assert.equal(await page.isHidden("#details"), true);
});

test("two fingers pinch", async () => {
  const session = await page.context().newCDPSession(page);
  const before = await zoom();
  /** @param {"touchStart" | "touchMove" | "touchEnd"} type @param {number} [apart] */
  const touch = (type, apart) =>
    session.send("Input.dispatchTouchEvent", { type, touchPoints: apart === undefined ? [] : [{ x: 640 - apart, y: 400, id: 0 }, { x: 640 + apart, y: 400, id: 1 }] });
  await touch("touchStart", 40);
  for (let apart = 44; apart <= 80; apart += 4) await touch("touchMove", apart);
  await touch("touchEnd");
  const factor = (await zoom()) / before;
  assert.ok(factor > 1.7 && factor < 2.3, `zoom grew by ${factor}`);
  await page.mouse.move(5, 300);
});

test("the keyboard pans, zooms, fits and picks", async () => {
  await page.focus("#map");
  await page.keyboard.press("0");
  await page.waitForTimeout(700);
  assert.equal((await link()).get("zoom"), null, "the whole map needs no view in the link");
  const at = await locate(3);
  await page.keyboard.press("ArrowRight");
  assert.ok(Math.abs((await locate(3)).x - at.x + 80) < 1);
  const before = await zoom();
  await page.keyboard.press("+");
  assert.ok((await zoom()) > before * 1.2);
  await page.keyboard.press("-");
  assert.ok(Math.abs((await zoom()) / before - 1) < 1e-3);
  await page.keyboard.press("Enter");
  await page.waitForSelector("#details:not([hidden])");
  await page.keyboard.press("Escape");
  await page.keyboard.press("0");
});

test("a lost WebGL context comes back with the same picture", async () => {
  await page.selectOption("#color-by", "category");
  await page.waitForTimeout(900);
  const count = () =>
    page.screenshot().then((png) =>
      page.evaluate(async (url) => {
        const image = await createImageBitmap(await (await fetch(url)).blob());
        const canvas = new OffscreenCanvas(image.width, image.height);
        const context = /** @type {OffscreenCanvasRenderingContext2D} */ (canvas.getContext("2d"));
        context.drawImage(image, 0, 0);
        const { data } = context.getImageData(400, 160, 600, 540);
        let lit = 0;
        for (let i = 0; i < data.length; i += 4) if (data[i] + data[i + 1] + data[i + 2] > 150) lit += 1;
        return lit;
      }, `data:image/png;base64,${png.toString("base64")}`),
    );
  const before = await count();
  assert.ok(before > 500, `${before} lit pixels`);
  await page.evaluate(async () => {
    const canvas = /** @type {HTMLCanvasElement} */ (document.getElementById("map"));
    const lose = canvas.getContext("webgl2")?.getExtension("WEBGL_lose_context");
    const lost = new Promise((resolve) => canvas.addEventListener("webglcontextlost", resolve, { once: true }));
    lose?.loseContext();
    await lost;
    await new Promise((resolve) => setTimeout(resolve, 100));
    const restored = new Promise((resolve) => canvas.addEventListener("webglcontextrestored", resolve, { once: true }));
    lose?.restoreContext();
    await restored;
  });
  await page.waitForTimeout(400);
  const after = await count();
  // A pixel at an edge may round the other way.
  assert.ok(Math.abs(after - before) <= before / 500, `${before} lit pixels before, ${after} after`);
});

test("a resize keeps the map, and the canvas fills the window", async () => {
  const before = await bits(page);
  await page.setViewportSize({ width: 900, height: 600 });
  await page.waitForTimeout(600);
  const size = await page.$eval("#map", (canvas) => [canvas.width, canvas.height, canvas.clientWidth, canvas.clientHeight]);
  assert.deepEqual(size, [900, 600, 900, 600]);
  assert.equal(await bits(page), before);
});
