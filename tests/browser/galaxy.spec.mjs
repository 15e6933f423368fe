// The galaxy: from the map into space and back, moved by mouse, keyboard and touch, in a link, without motion.

import assert from "node:assert/strict";
import { before, test } from "node:test";
import { bits, browse, framesAsked, islands, map, settled, unchanging } from "./site.mjs";

const open = await browse();
const small = islands();
/** @type {import("playwright-core").Page} */
let page;
let flatBits = "";

/** @param {string} mode */
const choose = (mode) => page.click(`#modes label:has(input[value=${mode}])`);
/** The mode that is shown. @param {import("playwright-core").Page} on */
const shown = (on) => on.inputValue("#modes input:checked");
const link = async () => new URLSearchParams(new URL(await page.evaluate(() => archipelago.shareLink())).hash.slice(1));
/** @param {import("playwright-core").Page} on @param {number[]} ids */
const places = (on, ids = [3, 40, 77, 110]) =>
  on.evaluate((all) => all.map((id) => archipelago.locate(id)).flatMap(({ x, y, radius }) => [x, y, radius]), ids);
/** @param {number[]} a @param {number[]} b */
const apart = (a, b) => Math.max(...a.map((c, i) => Math.abs(c - b[i])));
/** The places once nothing moves any more. @param {import("playwright-core").Page} on */
const still = (on) => unchanging(on, () => places(on));

before(async () => {
  page = await open({ context: { hasTouch: true } });
  await map(page, { "memberships.csv": small.memberships, "items.csv": small.items });
  await still(page);
  flatBits = await bits(page);
});

test("Galaxy makes the map in space and shows it; Map goes back to the flat one, and again, without a run", async () => {
  const flat = await places(page);
  const ready = page.evaluate(() => new Promise((resolve) => archipelago.on("ready", resolve)));
  await choose("galaxy");
  await ready;
  await settled(page);
  assert.equal(await shown(page), "galaxy");
  assert.equal(await page.evaluate(() => archipelago.positions().length), 3 * 120);
  assert.equal((await page.evaluate(() => archipelago.recipe())).project.dim, 3);
  const galaxy = await still(page);
  assert.ok(galaxy.every(Number.isFinite));
  assert.ok(galaxy.some((c, i) => i % 3 === 2 && Math.abs(c - galaxy[2]) > 0.2), "near ones are larger");
  const solidBits = await bits(page);

  let runs = 0;
  await page.exposeFunction("ran", () => (runs += 1));
  await page.evaluate(() => archipelago.on("progress", () => window.ran()));
  await choose("map");
  await page.waitForSelector("#modes input[value=map]:checked", { state: "attached" });
  assert.ok(apart(await still(page), flat) < 1, "as it was");
  assert.equal(await bits(page), flatBits);
  await page.evaluate(() => archipelago.select(5));
  await page.waitForFunction(() => document.querySelectorAll("#details-neighbors li").length === 10);
  await page.keyboard.press("Escape");
  await choose("galaxy");
  await still(page);
  assert.equal(await bits(page), solidBits);
  // Turned back on the way.
  await choose("map");
  await page.waitForTimeout(300);
  await choose("galaxy");
  await still(page);
  assert.equal(await shown(page), "galaxy");
  assert.equal(runs, 0);
});

test("the mouse turns, moves and comes nearer; hover and click find items there", async () => {
  const first = await still(page);
  await page.mouse.move(640, 400);
  await page.mouse.down();
  await page.mouse.move(760, 430, { steps: 4 });
  await page.mouse.up();
  const turned = await still(page);
  assert.ok(apart(first, turned) > 20);
  const params = await link();
  assert.equal(params.get("mode"), "galaxy");
  assert.match(params.get("at") ?? "", /^[-\d.e]+,[-\d.e]+,[-\d.e]+$/);
  await page.mouse.move(640, 400);
  await page.mouse.wheel(0, -300);
  const near = await still(page);
  assert.ok(near[2] > turned[2] || apart(near, turned) > 20, "nearer");
  // An item that nothing hides: itself, or one nearer to the eye that covers its middle.
  const at = await page.evaluate(() => archipelago.locate(40));
  await page.mouse.move(at.x + 1, at.y);
  await page.mouse.move(at.x, at.y);
  await page.waitForSelector("#hover-label:not([hidden])");
  await page.mouse.click(at.x, at.y);
  await page.waitForSelector("#details:not([hidden])");
  await still(page);
  await page.keyboard.press("Escape");
});

test("the keyboard flies, turns, shows all and picks; flights end at what was looked at", async () => {
  await page.focus("#map");
  await page.keyboard.press("0");
  const all = await still(page);
  for (const key of ["w", "a", "s", "d", "q", "e", "ArrowLeft", "ArrowUp", "+", "-"]) {
    const before = await still(page);
    await page.keyboard.press(key);
    assert.ok(apart(before, await still(page)) > 0.5, `${key} moves`);
  }
  await page.keyboard.press("0");
  const again = await still(page);
  assert.ok(again.every((c, i) => i % 3 === 2 || (c > 0 && c < 1280)), "all in sight");
  assert.equal(all.length, again.length);
  await page.evaluate(() => archipelago.on("select", (id) => (document.body.dataset.picked = String(id))));
  await page.keyboard.press("Enter");
  await page.waitForSelector("body[data-picked]");
  const id = Number(await page.getAttribute("body", "data-picked"));
  await still(page);
  const at = await page.evaluate((i) => archipelago.locate(i), id);
  const free = await page.evaluate(() => document.querySelector("#details").getBoundingClientRect().left);
  assert.ok(Math.abs(at.x - free / 2) < 3 && Math.abs(at.y - 400) < 3, `in the middle of what is free: ${at.x} of ${free}, ${at.y}`);
  await page.keyboard.press("Escape");
});

test("one finger turns, two pinch", async () => {
  const session = await page.context().newCDPSession(page);
  /** @param {"touchStart" | "touchMove" | "touchEnd"} type @param {{x: number, y: number, id: number}[]} touchPoints */
  const touch = (type, touchPoints) => session.send("Input.dispatchTouchEvent", { type, touchPoints });
  const first = await still(page);
  await touch("touchStart", [{ x: 640, y: 400, id: 0 }]);
  for (let x = 650; x <= 720; x += 10) await touch("touchMove", [{ x, y: 400, id: 0 }]);
  await touch("touchEnd", []);
  const turned = await still(page);
  assert.ok(apart(first, turned) > 10);
  const two = (/** @type {number} */ far) => [{ x: 640 - far, y: 400, id: 0 }, { x: 640 + far, y: 400, id: 1 }];
  await touch("touchStart", two(40));
  for (let far = 44; far <= 80; far += 4) await touch("touchMove", two(far));
  await touch("touchEnd", []);
  const spread = (/** @type {number[]} */ p) => Math.hypot(p[0] - p[3], p[1] - p[4]);
  assert.ok(spread(await still(page)) > 1.3 * spread(turned), "nearer");
});

test("nothing is drawn while nothing changes", async () => {
  await still(page);
  await page.waitForTimeout(400);
  assert.equal(await framesAsked(page), 0);
});

test("a link brings the galaxy and its camera; broken ones are told", async () => {
  const address = await page.evaluate(() => archipelago.shareLink());
  const here = await still(page);
  const other = await open({ at: new URL(address).hash });
  await map(other, { "memberships.csv": small.memberships, "items.csv": small.items });
  await other.waitForSelector("#modes input[value=galaxy]:checked", { state: "attached" });
  const there = await still(other);
  assert.ok(apart(here.filter((_, i) => i % 3 < 2), there.filter((_, i) => i % 3 < 2)) < 2, `${here} ${there}`);
  for (const wild of ["at=1,2,3", "at=1,2,3&eye=1,2,3", "at=1,2,x&eye=1,2,4", "at=1e99,0,0&eye=0,0,1", "at=,,&eye=1,1,1", "mode=cave"]) {
    const bad = await open({ at: `#v=1&data=demo:emoji&${wild}` });
    assert.equal((await bad.evaluate(() => archipelago.error()))?.code, "link", wild);
    await bad.close();
  }
  await other.context().close();
});

test("where motion is to be reduced, nothing flies; settings for space alone make a galaxy", async () => {
  const calm = await open({ context: { reducedMotion: "reduce" } });
  await map(calm, { "memberships.csv": small.memberships });
  const flat = await still(calm);
  await calm.click("#settings-button");
  await calm.click('#recipe-sections summary:has-text("Project")');
  await calm.fill("#project-dim", "3");
  const ready = calm.evaluate(() => new Promise((resolve) => archipelago.on("ready", resolve)));
  await calm.click("#again");
  await ready;
  await settled(calm);
  assert.equal(await shown(calm), "galaxy");
  await calm.keyboard.press("Escape");
  await still(calm);
  const frame = () => calm.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
  await calm.click("#modes label:has(input[value=map])");
  await calm.waitForSelector("#modes input[value=map]:checked", { state: "attached" });
  await frame();
  const now = await places(calm);
  assert.ok(apart(now, flat) < 1.5, `at once: ${flat} ${now}`);
  await frame();
  assert.ok(apart(await places(calm), now) < 0.01);
  await calm.context().close();
});
