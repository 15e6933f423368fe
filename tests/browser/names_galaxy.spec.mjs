// Names in the galaxy: chosen in each frame, apart from each other in every one of them, in the picture too.

import assert from "node:assert/strict";
import { before, test } from "node:test";
import { browse, framesAsked, islands, map, settled, unchanging } from "./site.mjs";

const open = await browse();
const small = islands();
/** @type {import("playwright-core").Page} */
let page;

/** Keeps what the page draws of names: the last frame, and of all frames how many had names that overlap. */
function spy() {
  const spied = (window.spied = { asked: 0, frame: [], frames: 0, overlaps: 0, most: 0, alphas: {}, texts: new Map() });
  const halo = 3;
  const request = (spied.request = window.requestAnimationFrame.bind(window));
  window.requestAnimationFrame = (f) => {
    spied.asked += 1;
    return request(f);
  };
  const begin = () => {
    if (!spied.frame.length) return;
    spied.frames += 1;
    spied.most = Math.max(spied.most, spied.frame.length);
    for (const [i, a] of spied.frame.entries()) {
      for (const b of spied.frame.slice(0, i)) {
        const gap = 2 * halo * devicePixelRatio;
        if (a.x < b.x + b.w - gap && b.x < a.x + a.w - gap && a.y < b.y + b.h - gap && b.y < a.y + a.h - gap) spied.overlaps += 1;
      }
      (spied.alphas[a.text] ??= []).push(a.alpha);
    }
    spied.frame = [];
  };
  const pen = CanvasRenderingContext2D.prototype;
  const own = { drawImage: pen.drawImage, clearRect: pen.clearRect, fillText: pen.fillText };
  pen.fillText = function (text, ...rest) {
    const { e, f } = this.getTransform();
    if (!this.canvas.id) spied.texts.set(`${e},${f}`, text);
    if (this.canvas.id === "picture-preview") (spied.picture ??= []).push(text);
    return own.fillText.call(this, text, ...rest);
  };
  pen.clearRect = function (...box) {
    if (this.canvas.id === "names") begin();
    return own.clearRect.apply(this, box);
  };
  pen.drawImage = function (...args) {
    const [, sx, sy, , , x, y, w, h] = args;
    if (this.canvas.id === "names") spied.frame.push({ x, y, w, h, alpha: this.globalAlpha, text: spied.texts.get(`${sx},${sy}`) });
    return own.drawImage.apply(this, args);
  };
  const width = /** @type {PropertyDescriptor} */ (Object.getOwnPropertyDescriptor(HTMLCanvasElement.prototype, "width"));
  Object.defineProperty(HTMLCanvasElement.prototype, "width", {
    ...width,
    set(value) {
      if (this.id === "names") begin();
      width.set?.call(this, value);
    },
  });
}

/** The names on screen once no frame is asked for any more: until then some may wait. @param {import("playwright-core").Page} on */
async function names(on) {
  const read = () => on.evaluate(() => JSON.stringify([window.spied.frame, window.spied.asked]));
  // Frames that are not counted.
  const frames = () => on.evaluate(() => new Promise((resolve) => window.spied.request(() => window.spied.request(resolve))));
  /** @type {{x: number, y: number, w: number, h: number, alpha: number, text: string}[]} */
  const frame = JSON.parse(await unchanging(on, read, frames))[0];
  return frame;
}
/** @param {{text: string}[]} frame */
const texts = (frame) => frame.map(({ text }) => text).sort();
/** @param {import("playwright-core").Page} on @param {string} mode */
const choose = (on, mode) => on.click(`#modes label:has(input[value=${mode}])`);
/** Forgets the frames before. @param {import("playwright-core").Page} on */
const forget = (on) => on.evaluate(() => Object.assign(window.spied, { frames: 0, overlaps: 0, most: 0, alphas: {} }));
const counts = () => page.evaluate(() => ({ frames: window.spied.frames, overlaps: window.spied.overlaps, most: window.spied.most }));

/** Makes the map, and then the galaxy. @param {import("playwright-core").Page} on */
async function galaxy(on) {
  await map(on, { "memberships.csv": small.memberships, "items.csv": small.items });
  const ready = on.evaluate(() => new Promise((resolve) => archipelago.on("ready", resolve)));
  await choose(on, "galaxy");
  await ready;
  await settled(on);
  await on.waitForFunction(() => window.spied.frame.length > 5);
}

before(async () => {
  page = await open({ before: (on) => on.addInitScript(spy) });
  await galaxy(page);
});

test("a galaxy has names, each below its item, and none overlaps another", async () => {
  const all = await names(page);
  assert.ok(all.length > 10, `${all.length} names`);
  assert.ok(all.every(({ text }) => /^Item \d+, of \d$/.test(text)), texts(all).join());
  assert.equal(new Set(texts(all)).size, all.length);
  const items = await page.evaluate(() => Array.from({ length: 120 }, (_, id) => archipelago.locate(id)));
  for (const { x, y, w, h, text } of all) {
    const [middle, top] = [x + w / 2, y];
    const own = items.some((item) => Math.abs(item.x - middle) < 1.5 && Math.abs(item.y + item.radius - top - 1) < 2.5);
    assert.ok(own, `${text} at ${middle}, ${top + h / 2}`);
  }
  assert.ok(new Set(all.map(({ alpha }) => alpha.toFixed(2))).size > 3, "far ones fade");
  const { frames, overlaps } = await counts();
  assert.ok(frames > 0);
  assert.equal(overlaps, 0);
});

test("in no frame of a turn or a flight names overlap; other ones come as one flies in", async () => {
  const far = await names(page);
  await forget(page);
  await page.mouse.move(640, 400);
  await page.mouse.down();
  for (let x = 640; x < 840; x += 4) await page.mouse.move(x, 400 + (x % 40) / 4);
  await page.mouse.up();
  await page.focus("#map");
  await page.keyboard.down("w");
  await page.waitForTimeout(600);
  await page.keyboard.up("w");
  const near = await names(page);
  assert.notDeepEqual(texts(near), texts(far));
  const { frames, overlaps, most } = await counts();
  assert.ok(frames > 8 && most > 5, `${frames} frames of up to ${most} names`);
  assert.equal(overlaps, 0);
  await page.keyboard.press("0");
  await names(page);
});

test("the picture has the names of the screen", async () => {
  const screen = await names(page);
  await page.click("#share-button");
  await page.getByText("Save a picture").first().click();
  await page.waitForSelector("#picture-preview");
  await page.waitForFunction(() => window.spied.picture?.length);
  const written = await page.evaluate(() => window.spied.picture.filter((text) => /^Item/.test(text)));
  const shown = new Set(texts(screen));
  assert.ok(written.length >= 0.6 * screen.length, `${written.length} of ${screen.length}`);
  assert.ok(written.filter((text) => shown.has(text)).length >= 0.9 * written.length, written.join());
  await page.keyboard.press("Escape");
});

test("they can be fewer, and none; nothing is drawn while they stand", async () => {
  const many = await names(page);
  await page.click("#display-button");
  await page.waitForSelector("#display:not([hidden]) fieldset");
  await page.getByLabel("How many").fill("0");
  const few = await names(page);
  assert.ok(few.length < many.length, `${few.length} of ${many.length}`);
  await page.getByLabel("Names of items").uncheck();
  await page.waitForFunction(() => /** @type {HTMLCanvasElement} */ (document.querySelector("#names")).width === 1);
  await page.getByLabel("Names of items").check();
  await page.getByLabel("How many").fill("2");
  await page.keyboard.press("Escape");
  const again = await names(page);
  assert.ok(again.length > few.length, `${again.length}, not more than ${few.length}`);
  // The galaxy goes to the middle of what the sheet has left free.
  await page.mouse.move(5, 300);
  await names(page);
  assert.equal(await framesAsked(page), 0);
});

test("back on the map are the map's names, and on the way there are none", async () => {
  const deep = await names(page);
  await choose(page, "map");
  await page.waitForFunction(() => /** @type {HTMLCanvasElement} */ (document.querySelector("#names")).width === 1);
  await page.waitForFunction(() => window.spied.frame.length > 5);
  const flat = await names(page);
  assert.ok(flat.some(({ text }) => /^GROUP|^group/.test(text)), `islands too: ${texts(flat)}`);
  await choose(page, "galaxy");
  await page.waitForFunction(() => /** @type {HTMLCanvasElement} */ (document.querySelector("#names")).width === 1);
  await page.waitForFunction(() => window.spied.frame.length > 5);
  const again = await names(page);
  assert.ok(again.length >= 0.5 * deep.length);
  assert.ok(again.every(({ text }) => /^Item/.test(text)), "no islands in space");
});

test("where motion is to be reduced names are there at once", async () => {
  const calm = await open({ context: { reducedMotion: "reduce" }, before: (on) => on.addInitScript(spy) });
  await galaxy(calm);
  await names(calm);
  await calm.focus("#map");
  await calm.keyboard.press("ArrowLeft");
  await names(calm);
  await forget(calm);
  await calm.keyboard.press("0");
  await names(calm);
  // Frames with one camera: what is drawn of a name is drawn as much in each.
  const faded = await calm.evaluate(() => Object.entries(window.spied.alphas).filter(([, all]) => new Set(all.slice(-3).map((alpha) => alpha.toFixed(3))).size > 1));
  assert.deepEqual(faded, []);
  await calm.context().close();
});
