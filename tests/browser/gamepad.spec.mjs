// A gamepad in the galaxy: sticks fly and turn, triggers go down and up, A picks, Y shows all; at rest nothing is drawn.

import assert from "node:assert/strict";
import { before, test } from "node:test";
import { browse, islands, map, settled, unchanging } from "./site.mjs";

const open = await browse();
const small = islands();
/** @type {import("playwright-core").Page} */
let page;

/** A gamepad that does what the test says, and counts of questions to it and of draws. */
function fake() {
  const pad = { mapping: "standard", connected: true, axes: [0, 0, 0, 0], buttons: Array.from({ length: 17 }, () => ({ value: 0, pressed: false })) };
  window.pad = { pad, plugged: false, asked: 0, draws: 0 };
  navigator.getGamepads = () => {
    window.pad.asked += 1;
    return /** @type {any} */ ([null, window.pad.plugged ? pad : null]);
  };
  const { drawArrays } = WebGL2RenderingContext.prototype;
  WebGL2RenderingContext.prototype.drawArrays = function (...args) {
    window.pad.draws += 1;
    drawArrays.apply(this, args);
  };
}

/** @param {{axes?: number[], buttons?: Record<number, number>}} state */
const hold = ({ axes = [0, 0, 0, 0], buttons = {} }) =>
  page.evaluate(
    ([sticks, pressed]) => {
      const { pad } = window.pad;
      pad.axes = sticks;
      pad.buttons.forEach((button, i) => Object.assign(button, { value: pressed[i] ?? 0, pressed: (pressed[i] ?? 0) > 0.5 }));
    },
    /** @type {[number[], Record<number, number>]} */ ([axes, buttons]),
  );
const places = () => page.evaluate(() => [3, 40, 77, 110].map((id) => archipelago.locate(id)).flatMap(({ x, y, radius }) => [x, y, radius]));
/** @param {number[]} a @param {number[]} b */
const apart = (a, b) => Math.max(...a.map((c, i) => (Number.isFinite(c - b[i]) ? Math.abs(c - b[i]) : 1000)));
/** The places once nothing moves any more. */
const still = () => unchanging(page, places);
/** Holds for a moment, lets go; how the places changed. @param {Parameters<typeof hold>[0]} state */
async function push(state) {
  const from = await still();
  await hold(state);
  await page.waitForFunction((at) => Math.abs(archipelago.locate(40).x - at[3]) + Math.abs(archipelago.locate(40).y - at[4]) + Math.abs(archipelago.locate(40).radius - at[5]) > 0.5, from);
  await page.waitForTimeout(200);
  await hold({});
  return { from, to: await still() };
}
const connect = () => page.evaluate(() => {
  window.pad.plugged = true;
  dispatchEvent(new Event("gamepadconnected"));
});

before(async () => {
  page = await open({ before: (p) => p.addInitScript(fake) });
  await map(page, { "memberships.csv": small.memberships, "items.csv": small.items });
  await connect();
  const ready = page.evaluate(() => new Promise((resolve) => archipelago.on("ready", resolve)));
  await page.click("#modes label:has(input[value=galaxy])");
  await ready;
  await settled(page);
  await still();
});

test("a gamepad that was there before the galaxy flies, turns, goes up and down", async () => {
  const { from, to } = await push({ axes: [0, -1, 0, 0] });
  const larger = [2, 5, 8, 11].filter((i) => to[i] > from[i]);
  assert.ok(larger.length >= 3, `forward is nearer: ${from} ${to}`);
  const right = await push({ axes: [1, 0, 0, 0] });
  assert.ok(right.to[3] < right.from[3], "to the right, items go to the left");
  const up = await push({ buttons: { 7: 1 } });
  assert.ok(up.to[4] > up.from[4], "up, items go down");
  const down = await push({ buttons: { 6: 1 } });
  assert.ok(down.to[4] < down.from[4]);
  const turned = await push({ axes: [0, 0, 1, 0] });
  assert.ok(apart(turned.from, turned.to) > 1);
});

test("sticks near their middle move nothing, and nothing is drawn while it rests", async () => {
  await hold({ axes: [0.1, -0.12, 0.05, 0.14] });
  const at = await still();
  const counts = () => page.evaluate(() => [window.pad.asked, window.pad.draws]);
  const [asked, draws] = await counts();
  await page.waitForTimeout(1500);
  const [later, drawn] = await counts();
  assert.equal(drawn, draws, "no draw");
  assert.ok(later > asked && later - asked < 30, `asked now and then: ${later - asked} times`);
  assert.ok(apart(at, await places()) < 0.01);
  await hold({});
});

test("A picks what is in the middle, once for each press; Y shows all", async () => {
  await page.evaluate(() => {
    window.picked = [];
    archipelago.on("select", (id) => id >= 0 && window.picked.push(id));
  });
  await hold({ buttons: { 3: 1 } });
  await page.waitForTimeout(300);
  await hold({});
  const all = await still();
  assert.ok(all.every((c, i) => i % 3 === 2 || (c > 0 && c < 1280)), `all in sight: ${all}`);
  await hold({ buttons: { 0: 1 } });
  await page.waitForFunction(() => window.picked.length > 0);
  await page.waitForTimeout(600);
  await hold({});
  assert.equal(await page.evaluate(() => window.picked.length), 1);
  await page.keyboard.press("Escape");
  await still();
});

test("a gamepad that is unplugged asks for nothing, one that is plugged in again works; so it does after the page was hidden", async () => {
  await page.evaluate(() => (window.pad.plugged = false));
  // What was picked twinkles for a while, and each frame asks.
  const rests = async () => {
    const asked = await page.evaluate(() => window.pad.asked);
    await page.waitForTimeout(800);
    return (await page.evaluate(() => window.pad.asked)) === asked;
  };
  for (let i = 0; i < 30 && !(await rests()); i += 1);
  assert.ok(await rests());
  await connect();
  const one = await push({ axes: [0, 0, -1, 0] });
  assert.ok(apart(one.from, one.to) > 1);
  await page.evaluate(() => {
    Object.defineProperty(document, "hidden", { value: true, configurable: true });
    document.dispatchEvent(new Event("visibilitychange"));
  });
  await page.waitForTimeout(500);
  await page.evaluate(() => {
    Reflect.deleteProperty(document, "hidden");
    document.dispatchEvent(new Event("visibilitychange"));
  });
  const two = await push({ axes: [0, 0, 1, 0] });
  assert.ok(apart(two.from, two.to) > 1);
});

test("in the map it moves nothing; back in the galaxy it does", async () => {
  await page.click("#modes label:has(input[value=map])");
  const flat = await still();
  await hold({ axes: [1, 1, 1, 1], buttons: { 0: 1 } });
  await page.waitForTimeout(500);
  assert.ok(apart(flat, await places()) < 0.01);
  assert.equal(await page.isVisible("#details"), false);
  await hold({});
  await page.click("#modes label:has(input[value=galaxy])");
  const { from, to } = await push({ axes: [0, -1, 0, 0] });
  assert.ok(apart(from, to) > 1);
});
