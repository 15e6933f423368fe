// What the card says of a map, without a browser: the same numbers, in words.

import assert from "node:assert/strict";
import { test } from "node:test";
import { measureRows } from "../../www/later/measures.js";

/** @returns {import("../../www/types.js").QualityReport} */
const report = () => ({
  data: [5, 15, 50].map((k, i) => ({ k, share: [0.381, 0.433, 0.512][i] })),
  dataItems: 3416,
  ordering: { preserved: [5, 15, 50].map((k) => ({ k, share: 0.61 })), trustworthiness: 0.9712, continuity: 0.9634, ranked: [5, 15, 50].map((k) => ({ k, trustworthiness: 0.9712 - k / 1000, continuity: 0.96 })), points: 3416, exact: true },
  distances: { rho: 0.7149, pairs: 20000 },
  labels: [
    { column: "main_category", share: 0.64, chance: 0.0215, items: 3400 },
    { column: "name", share: 0, chance: 0, items: 3416 },
    { column: "empty", share: null, chance: null, items: 1 },
  ],
});

test("every number has its words", () => {
  const rows = measureRows(report(), 3416);
  const said = Object.fromEntries(rows.map(([name, value, help]) => [name, `${value}: ${help}`.replaceAll("\u00a0", " ")]));
  assert.deepEqual(Object.keys(said), ["Neighbors kept", "Same main category nearby", "Trustworthiness", "Continuity", "Far stays far"]);
  assert.equal(said["Neighbors kept"], "43 %: Of the 15 items nearest to one in the data, 43 % are among its 15 nearest on the map; by chance 0.4 %. Of 5: 38 %, of 50: 51 %.");
  assert.equal(said["Same main category nearby"], "64 %: Of an item’s 10 nearest on the map, 64 % are of the same main category; by chance 2.1 %.");
  assert.match(said.Trustworthiness, /^0\.97: .*by chance\. Of 15 neighbors; of 5 0\.97, of 50 0\.92\.$/);
  assert.match(said.Continuity, /^0\.96: .*Of the 15 nearest there, 61 % stay\.$/);
  assert.match(said["Far stays far"], /^0\.71: .*By 20,000 pairs/);
});

test("samples, missing neighbors and missing numbers are said", () => {
  assert.deepEqual(measureRows(null, 10), [["Neighbors kept", "…", "Being measured."]]);
  const sampled = report();
  sampled.ordering = { ...sampled.ordering, points: 2000, exact: false };
  sampled.dataItems = 3000;
  const text = JSON.stringify(measureRows(sampled, 3416));
  assert.match(text, /Measured on 2,000 random items\./);
  assert.match(text, /Of the 3,000 items that have neighbors\./);
  const single = {
    data: [5, 15, 50].map((k) => ({ k, share: null })),
    dataItems: 0,
    ordering: { preserved: [5, 15, 50].map((k) => ({ k, share: null })), trustworthiness: null, continuity: null, ranked: [5, 15, 50].map((k) => ({ k, trustworthiness: null, continuity: null })), points: 1, exact: true },
    distances: { rho: null, pairs: 0 },
    labels: [],
  };
  assert.deepEqual(measureRows(single, 1), [["Neighbors kept", "–", "No item has a neighbor in the data."]]);
});
