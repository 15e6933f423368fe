// Maps in space and lists of nearest neighbors, on the page.

import assert from "node:assert/strict";
import { test } from "node:test";
import { browse, islands, map } from "./site.mjs";

const open = await browse();
const small = islands();

test("a map in space has three numbers for each item, its widest side first, and the plane comes back", async () => {
  const page = await open();
  const flat = await map(page, { "memberships.csv": small.memberships });
  const n = (await page.evaluate(() => archipelago.positions().length)) / 2;
  await page.click("#settings-button");
  await page.click('#recipe-sections summary:has-text("Project")');
  const again = async (/** @type {string} */ dim) => {
    await page.fill("#project-dim", dim);
    const ready = page.evaluate(() => new Promise((resolve) => archipelago.on("ready", resolve)));
    await page.click("#again");
    return /** @type {any} */ (await ready);
  };
  const solid = await again("3");
  assert.notEqual(solid.mapHash, flat.mapHash);
  const positions = await page.evaluate(() => [...archipelago.positions()]);
  assert.equal(positions.length, 3 * n);
  assert.ok(positions.every(Number.isFinite));
  assert.equal((await page.evaluate(() => archipelago.recipe())).project.dim, 3);
  assert.equal((await again("2")).mapHash, flat.mapHash);
  await page.fill("#project-dim", "4");
  await page.click("#again");
  await page.waitForSelector("#project-dim[aria-invalid=true]");
  assert.match((await page.textContent("#project-dim-error")) ?? "", /2 or 3/);
});

test("lists of nearest neighbors with their distances are a map, without a word on counting", async () => {
  const page = await open();
  const rows = ["item,neighbor,distance"];
  for (let i = 0; i < 60; i += 1) {
    rows.push(`p${i},p${i},0`);
    for (let step = 1; step <= 6; step += 1) rows.push(`p${i},p${(i + step) % 60},${step / 4}`);
  }
  await map(page, { "lists.csv": rows.join("\n") });
  assert.equal(await page.evaluate(() => archipelago.positions().length), 120);
  await page.click("#settings-button");
  await page.waitForSelector("#recipe-sections summary");
  assert.match((await page.textContent("#recipe-sections")) ?? "", /the file’s own distances/);
  for (const id of ["#min-collections", "#count-similarity", "#count-edges"]) assert.equal(await page.isVisible(id), false, id);
});
