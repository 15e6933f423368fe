// What is said about a finished map: its title, what was left out, whether it is the one that a link promised.

import { formatNumber } from "./format.js";

/** @typedef {import("./types.js").MapState} MapState */
/** @typedef {import("./types.js").LinkContent} LinkContent */

/** How many items the recipe left out, as a sentence.
 * @param {import("./types.js").MapState} map
 */
export function dropped(map) {
  const { itemsRead, items } = map.report.sizes;
  if (itemsRead === items) return "";
  return ` ${formatNumber(itemsRead - items)} in fewer than ${map.recipe.collect.minCollections} collections were dropped.`;
}

/** @param {import("./types.js").MapState} map */
export function titleOf(map) {
  const at = Math.max(0, map.files.findIndex(({ kind }) => kind === "records"));
  const { name, origin } = map.sources[at];
  const demo = /^demo:(.)(.*)$/.exec(origin);
  const title = demo ? demo[1].toUpperCase() + demo[2] : name.replace(/(\.(csv|tsv|txt|gz))+$/i, "");
  return `${title} · ${formatNumber(map.items.n)} items`;
}

/**
 * How the map of a link compares with what it promised.
 * @param {MapState} map
 * @param {LinkContent} link
 * @param {number} mapVersion
 * @returns {{text: string, hint: string, warning: boolean} | null} null when it promised nothing
 */
export function comparison(map, link, mapVersion) {
  const missing = link.files.filter(({ hash }) => !map.files.some((file) => file.hash === hash)).map(({ name }) => name);
  const more = missing.length ? `Drop ${missing.join(" and ")} too to have its labels and colors.` : "";
  if (!link.mapHash) return null;
  if (link.mapHash === map.report.mapHash) return { text: "The same map, bit for bit.", hint: more, warning: false };
  if (link.version !== mapVersion) {
    return { text: "This map differs from the one that was shared.", hint: `The link was made by another version of Archipelago (${link.version}, this is ${mapVersion}). ${more}`, warning: true };
  }
  return { text: "This is not quite the map that was shared.", hint: `The data has changed since the link was made, or that map grew out of an earlier one. ${more}`, warning: true };
}
