// How the map looks and moves: the sheet "Display", layouts that turn into each other, and a map at rest that draws nothing.

import assert from "node:assert/strict";
import { test } from "node:test";
import { browse, islands, map } from "./site.mjs";

const open = await browse();
const small = islands();
const files = { "memberships.csv": small.memberships, "items.csv": small.items };

/** Opens the page, which counts its draws. @param {import("playwright-core").BrowserContextOptions} [context] */
const visit = (context) =>
  open({
    context,
    before: (page) =>
      page.addInitScript(() => {
        window.draws = 0;
        const { drawArrays } = WebGL2RenderingContext.prototype;
        WebGL2RenderingContext.prototype.drawArrays = function (...args) {
          window.draws += 1;
          drawArrays.apply(this, args);
        };
      }),
  });
/** Waits until nothing has been drawn for a while. @param {import("playwright-core").Page} page */
const rested = (page) =>
  page.evaluate(async () => {
    for (let before = -1, quiet = 0; quiet < 3; quiet += 1, before = window.draws) {
      if (window.draws !== before) quiet = 0;
      await new Promise((resolve) => setTimeout(resolve, 300));
    }
  });
/** @param {import("playwright-core").Page} page */
const places = (page) => page.evaluate(() => Array.from({ length: 120 }, (_, id) => archipelago.locate(id)));
/** @typedef {Awaited<ReturnType<typeof places>>} Places */
/** @param {Places} a @param {Places} b */
const apart = (a, b) => Math.max(...a.map((at, id) => Math.hypot(at.x - b[id].x, at.y - b[id].y)));

test("the display sheet, by keyboard: size, what it shows, opacity", async () => {
  const page = await visit({ reducedMotion: "reduce" });
  await map(page, files);
  await rested(page);
  const usual = await places(page);
  await page.focus("#display-button");
  await page.keyboard.press("Enter");
  await page.waitForSelector("#display fieldset");
  assert.equal(await page.evaluate(() => document.activeElement?.id), "display-title");
  await page.focus("#display [type=range]");
  for (let step = 0; step < 4; step += 1) await page.keyboard.press("ArrowRight");
  assert.equal(await page.textContent("#display output"), "× 2");
  const large = await places(page);
  assert.ok(large.every(({ radius }, id) => Math.abs(radius / usual[id].radius - 2) < 0.01));
  await page.selectOption("#display select", "equal");
  assert.equal(new Set((await places(page)).map(({ radius }) => radius)).size, 1);
  await page.selectOption("#display select", "column:year");
  const byYear = await places(page);
  const year = (/** @type {number} */ id) => page.evaluate((i) => Number(/Item (\d+)/.exec(archipelago.label(i))?.[1]), id);
  const [a, b] = [await year(0), await year(60)];
  assert.equal(Math.sign(byYear[0].radius - byYear[60].radius), Math.sign(a - b), `of items ${a} and ${b}`);
  const before = await page.screenshot();
  await page.getByLabel("Opacity by how crowded the view is").uncheck();
  await page.getByLabel("Opacity of a point").press("Home");
  await rested(page);
  assert.notDeepEqual(await page.screenshot(), before);
  // The same choice for another map that has this column, popularity for one that has not.
  await map(page, files);
  assert.equal(await page.inputValue("#display select"), "column:year");
  await map(page, { "memberships.csv": small.memberships });
  assert.equal(await page.inputValue("#display select"), "popularity");
  await page.keyboard.press("Escape");
  assert.equal(await page.isHidden("#display"), true);
  await page.context().close();
});

for (const reducedMotion of /** @type {const} */ (["no-preference", "reduce"])) {
  test(`another recipe of the same items: they move from where they stood (${reducedMotion})`, async () => {
    const page = await visit({ reducedMotion });
    await map(page, files);
    await page.evaluate(() => archipelago.select(5));
    await page.click("#zoom-in");
    await rested(page);
    const before = await places(page);
    await page.click("#settings-button");
    await page.click("#dice");
    const first = page.evaluate(
      () =>
        new Promise((resolve) => {
          const end = archipelago.on("layout", () => {
            end();
            // A large first layout takes a few tasks.
            setTimeout(() => resolve(Array.from({ length: 120 }, (_, id) => archipelago.locate(id))), 30);
          });
        }),
    );
    const ready = page.evaluate(() => new Promise((resolve) => archipelago.on("ready", resolve)));
    await page.click("#again");
    const start = /** @type {Places} */ (await first);
    await ready;
    await rested(page);
    const after = await places(page);
    const way = apart(before, after);
    assert.ok(way > 100, `they are elsewhere: ${way} px`);
    if (reducedMotion === "reduce") assert.ok(apart(before, start) > 20, "at once");
    else assert.ok(apart(before, start) < 0.5 * way, `${apart(before, start)} of ${way} px in the first frame`);
    await page.context().close();
  });
}

test("a map at rest draws nothing; a selection twinkles for a moment", async () => {
  const page = await visit();
  await map(page, files);
  await rested(page);
  const draws = () => page.evaluate(() => window.draws);
  const still = await draws();
  await page.waitForTimeout(1000);
  assert.equal(await draws(), still);
  await page.evaluate(() => archipelago.select(5));
  await page.waitForTimeout(300);
  assert.ok((await draws()) > still + 1);
  await rested(page);
  await page.context().close();
});

test("in a background tab a map is made, and is there when one comes back", async () => {
  const page = await visit();
  await map(page, files);
  await rested(page);
  // A hidden tab gets no frames.
  await page.evaluate(() => {
    window.held = [];
    window.show = window.requestAnimationFrame;
    window.requestAnimationFrame = (work) => window.held.push(work);
  });
  const before = await page.evaluate(() => window.draws);
  const { mapHash } = await page.evaluate(() => archipelago.open("demo:emoji"));
  assert.match(mapHash, /^[0-9a-f]{16}$/);
  assert.equal(await page.evaluate(() => window.draws), before);
  await page.evaluate(() => {
    window.requestAnimationFrame = window.show;
    for (const work of window.held) requestAnimationFrame(work);
  });
  await rested(page);
  assert.ok((await page.evaluate(() => window.draws)) > before);
  const { x, y } = await page.evaluate(() => archipelago.locate(0));
  assert.ok(x > 0 && x < 1280 && y > 0 && y < 800, "the camera shows it");
  await page.context().close();
});
