// The main thread stays free while the worker computes. Software drawing shares the cores with
// the computation here, so the figures are printed and only gross blocking fails.

import assert from "node:assert/strict";
import { test } from "node:test";
import { browse, settled } from "./site.mjs";

const open = await browse();

for (const demo of ["emoji", "films"]) {
  test(`long tasks while ${demo} is made`, async (t) => {
    const page = await open();
    await page.evaluate(() => {
      window.tasks = [];
      new PerformanceObserver((list) => window.tasks.push(...list.getEntries().map((entry) => entry.duration))).observe({ type: "longtask" });
      window.first = 0;
      const began = performance.now();
      const off = archipelago.on("layout", () => {
        window.first = performance.now() - began;
        off();
      });
      window.began = began;
    });
    await page.click(`[data-demo=${demo}]`);
    await page.waitForSelector("#progress:not([hidden])");
    await settled(page);
    const { tasks, first, total, report } = await page.evaluate(() => ({
      tasks: window.tasks,
      first: window.first,
      total: performance.now() - window.began,
      report: archipelago.report(),
    }));
    t.diagnostic(`${demo}: ${(total / 1000).toFixed(1)} s in all, first points after ${(first / 1000).toFixed(2)} s`);
    t.diagnostic(`${demo}: ${tasks.length} tasks over 50 ms, longest ${Math.round(Math.max(0, ...tasks))} ms`);
    t.diagnostic(`${demo}: seconds ${JSON.stringify(report.seconds)}`);
    // The observer does see what blocks.
    const seen = await page.evaluate(async () => {
      const before = window.tasks.length;
      setTimeout(() => {
        for (const until = performance.now() + 120; performance.now() < until; );
      });
      await new Promise((resolve) => setTimeout(resolve, 500));
      return window.tasks.length - before;
    });
    // Names may come meanwhile.
    assert.ok(seen >= 1);
    assert.ok(Math.max(0, ...tasks) < 250, `longest task ${Math.max(0, ...tasks)} ms`);
  });
}
