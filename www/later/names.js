// Which items a person's list means: one name a line, a weight after a comma if one likes.

import { Texts } from "../texts.js";

/** Names compared between two turns of the worker's event loop. */
const AT_ONCE = 20_000;

/** What is the same in two spellings of a name: neither case nor blanks count. @param {string} text */
const key = (text) => text.normalize("NFKC").toLowerCase().replace(/\s+/g, "");

/**
 * @param {string} text
 * @returns {{line: string, as: [string, number][]}[]} each line, with the keys and weights that it may mean, best first
 */
export function parse(text) {
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  return lines.filter(Boolean).map((line) => {
    /** @type {[string, number][]} */
    const as = [[key(line), 1]];
    // A name may hold a comma and a number itself: that is tried first.
    const [, name, number] = /^(.*\S)\s*[,;\t]\s*(\d*\.?\d+)$/.exec(line) ?? [];
    if (name && Number(number) > 0) as.push([key(name), Number(number)]);
    const bare = /^"(.*)"$/.exec(name ?? line)?.[1];
    if (bare) as.push([key(bare.replaceAll('""', '"')), Number(number) || 1]);
    return { line, as };
  });
}

/**
 * @param {import("../types.js").Items} items
 * @param {string} text
 * @param {() => Promise<boolean>} breathe whether to go on
 * @returns {Promise<{ids: Uint32Array, weights: Float32Array, missing: string[]} | null>}
 */
export async function match(items, text, breathe) {
  const list = parse(text);
  const wanted = new Map(list.flatMap(({ as }) => as.map(([name]) => [name, { id: -1, rank: 9 }])));
  const [names, labels] = [new Texts(items.names), new Texts(items.labels)];
  for (let id = 0; id < items.n; id += 1) {
    if (id % AT_ONCE === AT_ONCE - 1 && !(await breathe())) return null;
    const [name, label] = [names.at(id), labels.at(id)];
    // By name or label; by a label that repeats the name, or ends in a year, without that: of several, the most popular.
    const short = label.startsWith(`${name} `) ? label.slice(name.length) : label.replace(/\s*\(\d{4}\)$/, "");
    for (const [rank, other] of [name, label, short].entries()) {
      const found = wanted.get(key(other));
      const better = rank - (found?.rank ?? 0) || (items.popularity[found?.id ?? 0] ?? -1) - items.popularity[id];
      if (found && better < 0) Object.assign(found, { id, rank });
    }
  }
  /** @type {Map<number, number>} */
  const weights = new Map();
  const missing = list.filter(({ as }) => {
    const found = as.find(([name]) => (wanted.get(name)?.id ?? -1) >= 0);
    const id = found ? (wanted.get(found[0])?.id ?? -1) : -1;
    if (found) weights.set(id, Math.max(weights.get(id) ?? 0, found[1]));
    return !found;
  });
  return { ids: Uint32Array.from(weights.keys()), weights: Float32Array.from(weights.values()), missing: missing.map(({ line }) => line) };
}
