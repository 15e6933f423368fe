// One map, bit for bit, whatever computes it: the single build, the threaded one with 1, 2 and
// 4 threads and, where ARCHIPELAGO_CLI names it, the native program.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { bits, browse, islands, WWW } from "./site.mjs";

const open = await browse();
const RUNS = ["?threads=1", "?threads=1&build=threads", "?threads=2", "?threads=4"];

const emoji = {
  memberships: await readFile(join(WWW, "demo/emoji/memberships.csv"), "utf8"),
  items: await readFile(join(WWW, "demo/emoji/items.csv"), "utf8"),
};

for (const [name, data] of Object.entries({ islands: islands(), emoji })) {
  for (const preset of ["default", "author"]) {
    test(`${name}, preset ${preset}`, async (t) => {
      /** @type {{at: string, bits: string, hash: string}[]} */
      const made = [];
      for (const at of RUNS) {
        const page = await open({ at });
        assert.match((await page.textContent("#machine")) ?? "", at === RUNS[0] || at === RUNS[1] ? /(one|1) thread/ : new RegExp(`${at.slice(-1)} threads`));
        await page.click("#settings-button");
        await page.selectOption("#preset", preset);
        const { mapHash } = await page.evaluate(
          ({ memberships, items }) => archipelago.open([new File([memberships], "memberships.csv"), new File([items], "items.csv")]),
          data,
        );
        made.push({ at, bits: await bits(page), hash: mapHash });
        await page.context().close();
      }
      t.diagnostic(`${name}, ${preset}: ${made[0].hash}`);
      for (const { at, ...map } of made) assert.deepEqual({ at, ...map }, { ...made[0], at });
      if (process.env.ARCHIPELAGO_CLI) assert.equal(await native(process.env.ARCHIPELAGO_CLI, data, preset), made[0].hash);
    });
  }
}

/**
 * @param {string} program
 * @param {{memberships: string, items: string}} data
 * @param {string} preset
 * @returns {Promise<string>} the map's hash
 */
async function native(program, { memberships, items }, preset) {
  const folder = await mkdtemp(join(tmpdir(), "archipelago-"));
  try {
    await writeFile(join(folder, "memberships.csv"), memberships);
    await writeFile(join(folder, "items.csv"), items);
    execFileSync(program, ["map", "memberships.csv", "--items", "items.csv", "--recipe", preset, "-o", "out.json", "--report", "report.json"], { cwd: folder });
    return JSON.parse(await readFile(join(folder, "report.json"), "utf8")).mapHash;
  } finally {
    await rm(folder, { recursive: true });
  }
}
