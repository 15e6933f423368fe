// The recipe as a panel: choose, compare, change on the way; what is wrong is said at its field.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { bits, browse, drop, islands, map, settled } from "./site.mjs";

const open = await browse();
const small = islands();

/** Resolves with the next finished map.
 * @param {import("playwright-core").Page} page
 */
const next = (page) => page.evaluate(() => new Promise((resolve) => archipelago.on("ready", resolve)));

/** @param {import("playwright-core").Page} page @param {string} name */
const unfold = (page, name) => page.click(`#recipe-sections summary:has-text("${name}")`);

test("another similarity makes another map, and the table compares them, newest first", async () => {
  const page = await open();
  const first = await map(page, { "memberships.csv": small.memberships });
  await page.click("#settings-button");
  await unfold(page, "Count");
  assert.equal(await page.isHidden("#count-smoothing"), true, "only for what has it");
  await page.selectOption("#count-similarity", "raw");
  await page.waitForFunction(() => document.querySelector("#count-dissimilarity")?.value === "inverseLog", null, { timeout: 5000 });
  assert.match((await page.textContent("#count-similarity-help")) ?? "", /popular items/);
  const ready = next(page);
  await page.click("#again");
  assert.notEqual((await ready).mapHash, first.mapHash);
  await settled(page);
  assert.equal(await page.inputValue("#preset"), "custom");
  const rows = await page.$$eval("#runs-body tr", (all) => all.map((row) => [...row.cells].map((cell) => cell.textContent)));
  assert.deepEqual(rows.map(([name]) => name), ["Raw count", "Latent factors and cosine"]);
  for (const [, mutual, top, alone, distortion] of rows) {
    assert.match(mutual, /^\d+(\.\d)?\u00a0%$/);
    assert.match(top, /^\d+(\.\d)?\u00a0%$/);
    assert.match(alone, /^\d+$/);
    assert.equal(distortion, "–", "these maps have no embedding");
  }
  // A name puts that map's recipe back, and the map comes back with it.
  await page.click("#runs-body tr:nth-child(2) button");
  assert.equal(await page.inputValue("#count-similarity"), "latent");
  const back = next(page);
  await page.click("#again");
  assert.equal((await back).mapHash, first.mapHash);
});

test("what is wrong is said at its field, and a good value goes on", async () => {
  const page = await open();
  await map(page, { "memberships.csv": small.memberships });
  await page.click("#settings-button");
  await unfold(page, "Project");
  await page.fill("#project-iterations", "0");
  await page.click("#again");
  await page.waitForSelector("#project-iterations[aria-invalid=true]");
  assert.match((await page.textContent("#project-iterations-error")) ?? "", /from 1 to 10000/);
  assert.equal(await page.evaluate(() => document.activeElement?.id), "project-iterations");
  await page.fill("#project-iterations", "many");
  await page.press("#project-iterations", "Tab");
  await page.waitForFunction(() => /many/.test(document.querySelector("#project-iterations-error")?.textContent ?? ""));
  await page.fill("#project-iterations", "50");
  const ready = next(page);
  await page.click("#again");
  await ready;
  assert.equal(await page.getAttribute("#project-iterations", "aria-invalid"), null);
  assert.equal((await page.evaluate(() => archipelago.recipe())).project.iterations, 50);
});

test("a formula over the rows' columns, tried on real pairs as it is typed", async () => {
  const rows = small.memberships.trim().split("\n").map((row, i) => `${row},${i ? (i * 7) % 40 : "pp"}`).join("\n");
  const page = await open();
  await map(page, { "memberships.csv": `${rows}\n` });
  await page.click("#settings-button");
  await unfold(page, "Count");
  await page.selectOption("#count-pairWeight", "closeness");
  assert.deepEqual(await page.$$eval("#count-column option", (all) => all.map((option) => option.textContent)), ["The first one (pp)", "pp"]);
  assert.equal(await page.isVisible("#count-range"), true);
  await page.selectOption("#count-pairWeight", "formula");
  assert.equal(await page.isHidden("#count-range"), true);
  await page.fill("#count-formula", "abs(a.pp - b.pq)");
  await page.waitForFunction(() => /^Column 1\d: .*pq/.test(document.querySelector("#count-formula ~ *, .field:has(#count-formula) [role=status]")?.textContent ?? ""));
  assert.equal(await page.getAttribute("#count-formula", "aria-invalid"), "true");
  await page.fill("#count-formula", "2 / (1 + abs(a.pp - b.pp))");
  await page.waitForSelector(".preview tr");
  const shown = await page.$$eval(".preview tr", (all) => all.map((row) => [row.cells[0].textContent, Number(row.cells[1].textContent)]));
  assert.ok(shown.length >= 2 && shown.length <= 4);
  for (const [text, weight] of shown) {
    const [a, b] = [...String(text).matchAll(/[ab]\.pp (\d+)/g)].map((match) => Number(match[1]));
    assert.ok(Math.abs(2 / (1 + Math.abs(a - b)) - Number(weight)) < 1e-3, String(text));
  }
  const ready = next(page);
  await page.click("#again");
  await ready;
  assert.equal((await page.evaluate(() => archipelago.recipe())).count.formula, "2 / (1 + abs(a.pp - b.pp))");
});

test("what is typed while the engine checks another field stays", async () => {
  const page = await open();
  await map(page, { "memberships.csv": small.memberships });
  await page.click("#settings-button");
  await unfold(page, "Count");
  const typed = await page.evaluate(async () => {
    const [weight, seed] = [document.querySelector("#count-pairWeight"), document.querySelector("#seed")];
    const choose = (/** @type {string} */ value) => {
      weight.value = value;
      weight.dispatchEvent(new Event("change"));
    };
    choose("closeness"); // asks the engine
    choose("formula"); // waits for a formula, and asks nothing
    seed.value = "12";
    while (!document.querySelector("#recipe-json").value.includes('"closeness"')) await new Promise((done) => setTimeout(done));
    return [weight.value, seed.value, document.querySelector("#count-range").checkVisibility()];
  });
  assert.deepEqual(typed, ["formula", "12", false]);
});

test("pause, change a setting and go on, cancel", async () => {
  const page = await open();
  const before = await map(page, { "memberships.csv": small.memberships });
  await page.click("#open-button");
  await page.click("[data-demo=films]");
  await page.waitForFunction(() => archipelago.positions().length > 10_000);
  await page.click("#pause");
  await page.waitForFunction(() => document.querySelector("#progress-title")?.textContent === "Paused");
  await page.waitForTimeout(1500); // the step under way ends
  const still = await page.evaluate(() => [document.querySelector("#progress-time")?.textContent, document.querySelector("#progress-text")?.textContent]);
  await page.waitForTimeout(700);
  assert.deepEqual(await page.evaluate(() => [document.querySelector("#progress-time")?.textContent, document.querySelector("#progress-text")?.textContent]), still);
  await page.click("#settings-button");
  await unfold(page, "Project");
  await page.fill("#project-iterations", "11");
  assert.equal(await page.textContent("#again"), "Go on with these settings");
  const ready = next(page);
  await page.click("#again");
  const films = await ready;
  assert.equal((await page.evaluate(() => archipelago.recipe())).project.iterations, 11);
  assert.notEqual(films.mapHash, before.mapHash);
  await settled(page);
  // The same as by these settings from the start: nothing of it hangs on when it was changed.
  const straight = await page.evaluate(async () => (await archipelago.open("demo:films", { project: { iterations: 11 } })).mapHash);
  assert.equal(films.mapHash, straight);
  await page.fill("#seed", "77");
  await page.click("#again");
  await page.waitForSelector("#progress:not([hidden])");
  await page.click("#pause");
  const kept = await page.evaluate(() => document.getElementById("cancel")?.click());
  assert.equal(kept, undefined);
  await settled(page);
  assert.equal(await page.evaluate(() => archipelago.report().mapHash), straight);
});

test("rows of which no map could be made wait for another setting", async () => {
  const page = await open();
  await map(page, { "good.csv": small.memberships });
  const before = await bits(page);
  await drop(page, { "few.csv": "user,song\nu1,a\nu1,b\nu2,a\nu2,b\nu3,b\nu3,c\nu4,c\n" });
  await page.waitForSelector(".banner.error");
  await page.waitForSelector("#waiting:not([hidden])");
  assert.equal(await page.textContent("#waiting-file"), "few.csv");
  assert.equal(await bits(page), before, "the map before is still there");
  assert.equal(await page.evaluate(() => document.activeElement?.id), "min-collections");
  const ready = next(page);
  await page.fill("#min-collections", "1");
  await page.click("#again");
  assert.equal((await ready).items, 3);
  await settled(page);
  assert.match((await page.textContent("#title")) ?? "", /^few/);
  assert.equal(await page.isHidden("#waiting"), true);

  // Without a map before, and given up.
  const fresh = await open();
  await drop(fresh, { "one.csv": "user,song\nu1,a\nu2,a\nu3,a\n" });
  await fresh.waitForSelector("#waiting:not([hidden])");
  await fresh.click("#waiting-discard");
  assert.equal(await fresh.isHidden("#waiting"), true);
  assert.equal(await fresh.isDisabled("#again"), true);
});

/** Makes the map again, from the embedding. @param {import("playwright-core").Page} page */
async function embed(page) {
  await page.click("#settings-button");
  await unfold(page, "Project");
  await page.selectOption("#project-from", "embedding");
  const ready = next(page);
  await page.click("#again");
  await ready;
  await settled(page);
}

test("how good the map is, and its worst pairs lead to themselves", async () => {
  const page = await open();
  await map(page, { "memberships.csv": small.memberships, "items.csv": small.items });
  await page.click("#quality-button");
  assert.doesNotMatch((await page.textContent("#quality-facts")) ?? "", /Average distortion/, "without an embedding nothing is distorted");
  assert.equal(await page.isVisible("#quality-pairs"), false);
  const measured = page.evaluate(() => new Promise((resolve) => archipelago.on("measured", resolve)));
  await embed(page);
  await page.click("#quality-button");
  const quality = await measured;
  assert.deepEqual((await page.evaluate(() => archipelago.report())).quality, quality);
  const measures = (await page.textContent("#quality-measures")) ?? "";
  const kept = `${Math.round(100 * quality.data[1].share)}\u00a0%`;
  assert.ok(measures.includes(`Of the 15 items nearest to one in the data, ${kept} are among its 15 nearest on the map`), measures);
  assert.match(measures, /Of an item’s 10 nearest on the map, \d+\u00a0% are of the same category; by chance \d+\u00a0%/);
  for (const name of ["Trustworthiness0.", "Continuity0.", "Far stays far"]) assert.ok(measures.includes(name), name);
  const facts = (await page.textContent("#quality-facts")) ?? "";
  for (const name of ["Mutual links", "Links to the top", "Without a neighbor", "Separate parts", "Average distortion"]) assert.ok(facts.includes(name), name);
  assert.match((await page.getAttribute("#quality-spread svg", "aria-label")) ?? "", /half of them are at most -?[\d.]+/);
  assert.ok((await page.locator("#quality-spread rect").count()) > 5);
  assert.equal(await page.locator("#quality-pairs button").count(), 8);
  const [a, b] = await page.$$eval("#quality-pairs li:first-child button > span:first-child span", (all) => all.map((each) => each.textContent));
  await page.click("#quality-pairs li:first-child button");
  await page.waitForTimeout(900);
  assert.deepEqual([await page.textContent("#pin-label"), await page.textContent("#hover-label")], [a, b]);
  assert.equal(await page.isVisible("#quality"), true);
});

test("the map is measured after it is shown, again for other labels, and can be colored by trust", async () => {
  const page = await open();
  await page.evaluate(() => {
    window.order = [];
    for (const event of ["ready", "measured"]) archipelago.on(event, () => window.order.push(event));
  });
  /** @param {number} n */
  const told = (n) => page.waitForFunction((count) => window.order.filter((event) => event === "measured").length === count, n);
  const { mapHash } = await map(page, { "memberships.csv": small.memberships });
  await told(1);
  assert.deepEqual(await page.evaluate(() => window.order), ["ready", "measured"]);
  await page.click("#quality-button");
  await page.waitForSelector("#quality-measures dt");
  assert.doesNotMatch((await page.textContent("#quality-measures")) ?? "", /same category/);
  await drop(page, { "items.csv": small.items });
  await told(2);
  assert.match((await page.textContent("#quality-measures")) ?? "", /same category/);
  await page.selectOption("#color-by", "trust");
  await page.waitForSelector("#legend-body .ramp");
  assert.match((await page.textContent("#legend-body")) ?? "", /\d\u00a0%.*\d\u00a0%/);

  // A run that is given up leaves the measures; the colors come back.
  await page.click("#settings-button");
  await page.selectOption("#preset", "author");
  await page.evaluate(() => {
    window.given = new Promise((resolve) => {
      const off = archipelago.on("layout", () => {
        off();
        archipelago.cancel();
        resolve(undefined);
      });
    });
  });
  await page.click("#again");
  await page.evaluate(() => window.given);
  await settled(page);
  const report = await page.evaluate(() => archipelago.report());
  assert.equal(report.mapHash, mapHash);
  assert.ok(report.quality.data[1].share > 0);
  assert.equal(await page.inputValue("#color-by"), "trust");
});

test("the embedding as CSV and NPY", async () => {
  const page = await open();
  await map(page, { "memberships.csv": small.memberships });
  await page.click("#share-button");
  await page.click("#export-csv");
  await page.waitForFunction(() => /has no embedding/.test(document.querySelector("#alerts")?.textContent ?? ""));
  await embed(page);
  await page.click("#share-button");
  const [table] = await Promise.all([page.waitForEvent("download"), page.click("#export-csv")]);
  assert.equal(table.suggestedFilename(), "memberships-embedding.csv");
  const text = await readFile(await table.path(), "utf8");
  const lines = text.trim().split("\n");
  assert.match(lines[0], /^item(,label)?,d1,d2,d3$/);
  assert.equal(lines.length, 121);
  assert.ok(lines[1].split(",").slice(-3).every((number) => Number.isFinite(Number(number))));
  const [array] = await Promise.all([page.waitForEvent("download"), page.click("#export-npy")]);
  const bytes = await readFile(await array.path());
  assert.equal(bytes.length, 128 + 120 * 3 * 4);
  assert.match(bytes.toString("latin1", 0, 128), /'descr': '<f4'.*'shape': \(120, 3\)/);
  assert.ok(Math.abs(bytes.readFloatLE(128) - Number(lines[1].split(",").at(-3))) < 1e-6);
});
