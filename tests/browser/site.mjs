// What every spec needs: the site, a browser, a page on which the map works, small data.
//
// ARCHIPELAGO_URL and ARCHIPELAGO_URL_NO_ISOLATION name a running server (as `cargo xtask
// test` does); without them dist/ is served from here. CHROME names the browser.

import { after } from "node:test";
import { fileURLToPath } from "node:url";
import { isDeepStrictEqual } from "node:util";
import { chromium } from "playwright-core";
import { serve } from "./server.mjs";

const SITE = fileURLToPath(new URL("../../dist/", import.meta.url));
export const WWW = fileURLToPath(new URL("../../www/", import.meta.url));

/** No answer of a page takes as long on any machine. */
const LONG_MS = 120_000;

const ARGS = [
  "--no-sandbox",
  // Software WebGL2: the same picture on machines with and without a GPU.
  "--use-angle=swiftshader",
  "--enable-unsafe-swiftshader",
  // A busy machine that draws by its processor is slow, not hung.
  "--disable-gpu-watchdog",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/**
 * @typedef {object} Visit
 * @property {string} [at] follows the address: "?threads=1", "#v=..."
 * @property {boolean} [isolated] with the headers that allow threads (default true)
 * @property {boolean} [wait] for archipelago.ready (default true)
 * @property {import("playwright-core").BrowserContextOptions} [context]
 * @property {(page: import("playwright-core").Page) => Promise<unknown>} [before] runs ahead of the navigation
 */

/** A browser, and a function that opens the page in a fresh context. */
export async function launch() {
  const browser = await chromium.launch({ executablePath: process.env.CHROME || "/usr/bin/chromium", args: ARGS });
  /** @type {Map<boolean, {address: string, close: () => void}>} */
  const sites = new Map();
  /** @param {boolean} isolated */
  const site = async (isolated) => {
    const running = isolated ? process.env.ARCHIPELAGO_URL : process.env.ARCHIPELAGO_URL_NO_ISOLATION;
    if (running) return running.endsWith("/") ? running : `${running}/`;
    if (!sites.has(isolated)) sites.set(isolated, await serve(SITE, isolated));
    return /** @type {{address: string}} */ (sites.get(isolated)).address;
  };
  /** @param {Visit} [visit] */
  const open = async ({ at = "", isolated = true, wait = true, context = {}, before } = {}) => {
    const page = await (await browser.newContext({ viewport: { width: 1280, height: 800 }, ...context })).newPage();
    page.setDefaultTimeout(60_000);
    limit(page);
    await before?.(page);
    await page.goto((await site(isolated)) + at);
    await page.waitForFunction(() => "archipelago" in window);
    if (wait) await page.evaluate(() => archipelago.ready);
    return page;
  };
  const close = async () => {
    await browser.close();
    for (const running of sites.values()) running.close();
  };
  return { open, close };
}

/**
 * What a script in the page waits for has no limit of time by itself; a spec that waits for it without end would not say for what.
 * @param {import("playwright-core").Page} page
 */
function limit(page) {
  const evaluate = page.evaluate.bind(page);
  page.evaluate = /** @type {any} */ (
    (/** @type {any} */ script, /** @type {any} */ argument) => {
      /** @type {NodeJS.Timeout | undefined} */
      let timer;
      const late = new Promise((_, reject) => (timer = setTimeout(() => reject(new Error(`two minutes, and no end of: ${script}`)), LONG_MS)));
      const answer = Promise.race([evaluate(script, argument), late]).finally(() => clearTimeout(timer));
      answer.catch(() => {}); // a spec may wait for something else first
      return answer;
    }
  );
}

/** For a spec file: the browser ends after its last test. */
export async function browse() {
  const { open, close } = await launch();
  after(close);
  return open;
}

/**
 * Collections and items in groups that belong together: `groups` islands of `size` items.
 * The same numbers give the same text.
 * @param {{groups?: number, size?: number, seed?: number}} [shape]
 */
export function islands({ groups = 5, size = 24, seed = 1 } = {}) {
  let state = seed;
  /** @param {number} n */
  const below = (n) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * n);
  };
  const rows = ["collection,item"];
  for (let collection = 0; collection < groups * size * 3; collection += 1) {
    const group = collection % groups;
    const held = new Set(Array.from({ length: 6 }, () => below(size)));
    for (const item of held) rows.push(`c${collection},g${group}-${item}`);
    if (below(12) === 0) rows.push(`c${collection},g${below(groups)}-${below(size)}x`.replace("x", ""));
  }
  const items = ["item,label,category,year,note"];
  for (let group = 0; group < groups; group += 1) {
    for (let item = 0; item < size; item += 1) {
      items.push(`g${group}-${item},"Item ${item}, of ${group}",group ${group},${1950 + item},${item % 4 ? item : ""}`);
    }
  }
  return { memberships: `${[...new Set(rows)].join("\n")}\n`, items: `${items.join("\n")}\n` };
}

/**
 * Drops files on the window, as a person would.
 * @param {import("playwright-core").Page} page
 * @param {Record<string, string | number[]>} files name -> text or bytes
 */
export async function drop(page, files) {
  const transfer = await page.evaluateHandle((given) => {
    const data = new DataTransfer();
    for (const [name, content] of Object.entries(given)) {
      data.items.add(new File([typeof content === "string" ? content : new Uint8Array(content)], name));
    }
    return data;
  }, files);
  for (const event of ["dragenter", "dragover", "drop"]) await page.dispatchEvent("body", event, { dataTransfer: transfer });
}

/** Resolves when a map is finished and nothing runs.
 * @param {import("playwright-core").Page} page
 */
export async function settled(page) {
  await page.waitForSelector("#progress", { state: "hidden" });
  await page.waitForSelector("body[data-state=map]");
}

/** Resolves when the camera has arrived: where the first item is seen stays the same over frames.
 * @param {import("playwright-core").Page} page
 */
export function still(page) {
  return page.evaluate(async () => {
    let [place, since, frames] = ["", 0, 0];
    while (frames < 12 || performance.now() - since < 400) {
      const now = JSON.stringify(archipelago.locate(0));
      if (now !== place) [place, since, frames] = [now, performance.now(), -1];
      frames += 1;
      await new Promise(requestAnimationFrame);
    }
  });
}

/**
 * What is read once it stays the same, three times on and on a busy machine too: frames lie between.
 * @template T
 * @param {import("playwright-core").Page} page
 * @param {() => Promise<T>} read
 * @param {() => Promise<unknown>} [frames]
 */
export async function unchanging(page, read, frames = () => page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))))) {
  const late = performance.now() + LONG_MS;
  let before = await read();
  for (let equal = 0; equal < 3; ) {
    if (performance.now() > late) throw new Error(`two minutes, and it still changes: ${JSON.stringify(before).slice(0, 400)}`);
    await page.waitForTimeout(150);
    await frames();
    const now = await read();
    equal = isDeepStrictEqual(now, before) ? equal + 1 : 0;
    before = now;
  }
  return before;
}

/** How many frames the page asks for in half a second. @param {import("playwright-core").Page} page */
export function framesAsked(page) {
  return page.evaluate(async () => {
    let n = 0;
    const own = window.requestAnimationFrame;
    window.requestAnimationFrame = (f) => own((t) => ((n += 1), f(t)));
    await new Promise((resolve) => setTimeout(resolve, 500));
    window.requestAnimationFrame = own;
    return n;
  });
}

/** Drops and waits for the finished map.
 * @param {import("playwright-core").Page} page
 * @param {Record<string, string | number[]>} files
 */
export async function map(page, files) {
  const ready = page.evaluate(() => new Promise((resolve) => archipelago.on("ready", resolve)));
  await drop(page, files);
  const done = await ready;
  await settled(page);
  return /** @type {{items: number, mapHash: string}} */ (done);
}

/** Bits of the positions on screen, as one comparable string.
 * @param {import("playwright-core").Page} page
 * @returns {Promise<string>}
 */
export function bits(page) {
  return page.evaluate(async () => {
    const digest = await crypto.subtle.digest("SHA-256", archipelago.positions());
    return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
  });
}

/** Everything of a map that must come back after a failure.
 * @param {import("playwright-core").Page} page
 */
export async function state(page) {
  return {
    bits: await bits(page),
    link: await page.evaluate(() => archipelago.shareLink()),
    title: await page.textContent("#title"),
    color: await page.inputValue("#color-by"),
    legend: await page.textContent("#legend-body"),
  };
}
