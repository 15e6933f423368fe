// What is measured of a map, in plain words. Knows no HTML.

import { formatNumber, percent } from "../format.js";

/** @typedef {[name: string, value: string, help: string]} Row */

/** Columns of labels that are told about. */
const LABELS = 6;

/** @param {number | null} value */
const score = (value) => (value === null ? "–" : value.toFixed(2));

/** @param {number | null} share */
const part = (share) => (share === null ? "–" : percent(share));

/**
 * @param {import("../types.js").QualityReport | null | undefined} quality null while it is being measured
 * @param {number} items of the map
 * @returns {Row[]}
 */
export function measureRows(quality, items) {
  if (!quality) return [["Neighbors kept", "…", "Being measured."]];
  const { data, dataItems, ordering, distances, labels } = quality;
  /** @type {Row[]} */
  const rows = [];
  const [few, some, many] = data;
  if (some.share === null) rows.push(["Neighbors kept", "–", "No item has a neighbor in the data."]);
  else {
    const chance = Math.min(some.k / Math.max(items - 1, 1), 1);
    const which = dataItems < items ? ` Of the ${formatNumber(dataItems)} items that have neighbors.` : "";
    rows.push([
      "Neighbors kept",
      percent(some.share),
      `Of the ${some.k} items nearest to one in the data, ${percent(some.share)} are among its ${some.k} nearest on the map; by chance ${percent(chance)}. Of ${few.k}: ${part(few.share)}, of ${many.k}: ${part(many.share)}.${which}`,
    ]);
  }
  // Where no two items are of one label it is a name.
  for (const { column, share, chance } of labels.filter(({ share, chance }) => share !== null && chance).slice(0, LABELS)) {
    const name = column.replaceAll("_", " ");
    rows.push([`Same ${name} nearby`, part(share), `Of an item’s 10 nearest on the map, ${part(share)} are of the same ${name}; by chance ${part(chance)}.`]);
  }
  const flat = ordering.preserved.find(({ k }) => k === some.k) ?? ordering.preserved[0];
  /** @param {"trustworthiness" | "continuity"} name */
  const others = (name) => ordering.ranked.filter(({ k }) => k !== some.k).map((each) => `of ${each.k} ${score(each[name])}`).join(", ");
  const asked = ordering.exact ? "" : ` Measured on ${formatNumber(ordering.points)} random items.`;
  if (ordering.trustworthiness !== null) {
    rows.push([
      "Trustworthiness",
      score(ordering.trustworthiness),
      `1: all neighbors on the map are neighbors in the data’s own space; the farther away false ones are there, the lower. About 0.5 by chance. Of ${some.k} neighbors; ${others("trustworthiness")}.${asked}`,
    ]);
    rows.push(["Continuity", score(ordering.continuity), `1: all neighbors in the data’s own space are neighbors on the map, none is torn away; ${others("continuity")}. Of the ${flat.k} nearest there, ${part(flat.share)} stay.`]);
  }
  if (distances.rho !== null) {
    rows.push([
      "Far stays far",
      score(distances.rho),
      `Whether pairs far apart in the data’s own space are far apart on the map: 1 in the same order, 0 in none. By ${formatNumber(distances.pairs)} pairs, none between separate parts.`,
    ]);
  }
  return rows;
}
