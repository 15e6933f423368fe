// A map of many items: what picking has to know comes in pieces, and the answers are those of a map of few.

import assert from "node:assert/strict";
import { test } from "node:test";
import { browse, settled, still } from "./site.mjs";

const open = await browse();
const N = 120_000;

/** Collections of eight, in an order that is not that of the items. */
function memberships() {
  const rows = ["collection,item"];
  for (let i = 0; i < N; i += 1) rows.push(`c${i >> 2},p${i}`, `c${i >> 2},p${(i * 7 + 3) % N}`);
  return `${rows.join("\n")}\n`;
}

test("what is pressed before the map knows what is where is answered a moment later, as then", async (t) => {
  const page = await open({ context: { reducedMotion: "reduce" } });
  const early = page.evaluate(async (text) => {
    const [canvas, picked] = [document.querySelector("#map"), new Promise((resolve) => archipelago.on("select", (id) => id >= 0 && resolve(id)))];
    window.tasks = [];
    const recipe = { collect: { minCollections: 1 }, embed: { method: "factors" }, project: { method: "pca" } };
    await archipelago.open(new File([text], "many.csv"), recipe);
    new PerformanceObserver((list) => window.tasks.push(...list.getEntries().map((entry) => Math.round(entry.duration)))).observe({ type: "longtask" });
    canvas?.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true }));
    return picked;
  }, memberships());
  const id = await early;
  await settled(page);
  await still(page);
  t.diagnostic(`tasks over 50 ms once the map was there: ${(await page.evaluate(() => window.tasks)).join(", ") || "none"} ms`);
  const { x, y } = await page.evaluate((which) => archipelago.locate(which), id);
  assert.ok(Math.hypot(x - 640, y - 400) < 60, `in the middle: ${x} ${y}`);
  await page.evaluate(() => {
    archipelago.select(-1);
    window.picked = [];
    archipelago.on("select", (which) => window.picked.push(which));
  });
  await page.focus("#map");
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => window.picked.length);
  assert.deepEqual(await page.evaluate(() => window.picked), [id]);
  // Hovering finds it too, and so does an area.
  await page.mouse.move(x, y);
  await page.waitForFunction(() => document.querySelector("#map")?.hasAttribute("data-hover"));
  await page.keyboard.press("Escape");
  await page.keyboard.down("Shift");
  await page.mouse.move(500, 300);
  await page.mouse.down();
  await page.mouse.move(780, 500, { steps: 3 });
  await page.mouse.up();
  await page.keyboard.up("Shift");
  await page.waitForFunction(() => /[1-9].* of 120,000 items/.test(document.querySelector("#area-bar p")?.textContent ?? ""));
});
