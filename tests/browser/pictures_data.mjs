// What pictures.mjs shows: maps that the command line makes, kept in target/pictures, and a million points that nobody mapped.

import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, readFile, rename } from "node:fs/promises";
import { gunzipSync } from "node:zlib";
import { here } from "./draw_site.mjs";

/** Maps and pictures; cargo makes no such folder. */
export const KEPT = here("../../target/pictures/");
const BENCH = here("../../../shared/data/bench/");
/** The code of an item without a category. */
const MISSING = 0xffffffff;

/**
 * @typedef {object} Place where a set is
 * @property {string} title
 * @property {string} rows "" = generated
 * @property {string} items
 * @property {boolean} named whether the items' labels say anything
 */

/** @type {Record<string, Place>} */
export const SETS = {
  films: { title: "14,205 films by the people who made them", rows: here("../../www/demo/films/memberships.csv"), items: here("../../www/demo/films/items.csv"), named: true },
  "moby-thesaurus": { title: "87,845 words of the Moby thesaurus", rows: `${BENCH}moby-thesaurus/memberships.csv.gz`, items: `${BENCH}moby-thesaurus/items.csv.gz`, named: true },
  "mnist-63k": { title: "63,000 digits of MNIST by their first 50 principal components", rows: `${BENCH}mnist-63k/pca50.csv`, items: `${BENCH}mnist-63k/items.csv`, named: false },
  "1m": { title: "A million points in 150 crowds", rows: "", items: "", named: false },
};

/**
 * @typedef {object} Column
 * @property {string} name
 * @property {Uint32Array} codes
 * @property {string[]} categories
 */
/**
 * @typedef {object} Saved a set with its maps
 * @property {string} title
 * @property {string[]} names "" each where they say nothing
 * @property {Uint32Array} popularity
 * @property {Column[]} columns of words; that which colors the map first
 * @property {Record<2 | 3, Float32Array>} places
 */

/** Lines of a CSV file without line breaks in its fields, field by field; gzip is understood. @param {string} path */
async function* rows(path) {
  const file = await readFile(path);
  const text = (path.endsWith(".gz") ? gunzipSync(file) : file).toString("utf8");
  for (let from = 0; from < text.length; ) {
    const end = text.indexOf("\n", from) < 0 ? text.length : text.indexOf("\n", from);
    const line = text.slice(from, end).replace(/\r$/, "");
    from = end + 1;
    if (!line.includes('"')) yield line.split(",");
    else yield [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain);
  }
}

/**
 * The map that the command line makes by default, in the plane or in space; made once.
 * @param {string} name @param {2 | 3} dim @param {string} program
 */
async function mapped(name, dim, program) {
  const { rows: data, items } = SETS[name];
  const file = `${KEPT}${name}-${dim}.csv`;
  if (!existsSync(file)) {
    console.log(`${name}: the map in ${dim} dimensions`);
    const part = `${KEPT}${name}-${dim}.part.csv`;
    execFileSync(program, ["map", data, "--items", items, "--set", `project.dim=${dim}`, "-o", part, "-q"], { stdio: "inherit" });
    await rename(part, file);
  }
  /** @type {string[]} */
  const ids = [];
  /** @type {number[]} */
  const places = [];
  let first = true;
  for await (const [item, , ...at] of rows(file)) {
    if (!first) {
      ids.push(item);
      for (let axis = 0; axis < dim; axis += 1) places.push(Number(at[axis]));
    }
    first = false;
  }
  return { ids, places: Float32Array.from(places) };
}

/** In how many collections each item is; of vectors one each. @param {string} path @param {Map<string, number>} at the items' numbers */
async function popularity(path, at) {
  const counts = new Uint32Array(at.size);
  let header = true;
  for await (const row of rows(path)) {
    if (header && row.length > 8) return counts.fill(1);
    const id = at.get(row[1]);
    if (!header && id !== undefined) counts[id] += 1;
    header = false;
  }
  return counts;
}

/**
 * The labels and the columns of words. The first is that which colors the map by default.
 * @param {string} path @param {Map<string, number>} at the items' numbers
 */
async function described(path, at) {
  /** @type {string[]} */
  let header = [];
  const labels = [...at.keys()];
  /** @type {(Column & {known: Map<string, number>})[]} */
  let columns = [];
  for await (const row of rows(path)) {
    if (!header.length) {
      header = row;
      columns = header.slice(2).map((name) => ({ name, codes: new Uint32Array(at.size).fill(MISSING), categories: [], known: new Map() }));
      continue;
    }
    const id = at.get(row[0]);
    if (id === undefined) continue;
    labels[id] = row[1] || labels[id];
    columns.forEach(({ codes, categories, known }, i) => {
      const value = row[i + 2];
      if (!value) return;
      if (!known.has(value)) known.set(value, categories.push(value) - 1);
      codes[id] = known.get(value) ?? MISSING;
    });
  }
  const words = columns.filter(({ name, categories }) => name === "category" || categories.some((value) => !Number.isFinite(Number(value))));
  return { labels, columns: words.sort((a, b) => Number(b.name === "category") - Number(a.name === "category")) };
}

/** 150 crowds of all sizes in space, and how they lie in the plane: draw_page.js has the flat ones. @param {number} n */
function crowds(n) {
  let state = 7;
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  const normal = () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
  const all = Array.from({ length: 150 }, () => ({ at: [0, 1, 2].map(() => 1.6 * next() - 0.8), wide: 0.01 + 0.07 * next() ** 2 }));
  const space = new Float32Array(3 * n);
  const codes = new Uint32Array(n);
  for (let i = 0; i < n; i += 1) {
    const which = Math.floor(150 * next() ** 1.7);
    const { at, wide } = all[which];
    for (let axis = 0; axis < 3; axis += 1) space[3 * i + axis] = at[axis] + wide * normal();
    codes[i] = which % 10;
  }
  return { space, flat: Float32Array.from({ length: 2 * n }, (_, i) => space[3 * (i >> 1) + (i & 1)]), codes };
}

/**
 * @param {string} name one of SETS
 * @param {string} program the command line
 * @returns {Promise<Saved | null>} null where the data are not
 */
export async function load(name, program) {
  const { title, rows: data, items, named } = SETS[name];
  if (!data) {
    const { space, flat, codes } = crowds(1_000_000);
    const columns = [{ name: "category", codes, categories: Array.from({ length: 10 }, (_, i) => `crowd ${i}`) }];
    return { title, names: [], popularity: new Uint32Array(codes.length).fill(1), columns, places: { 2: flat, 3: space } };
  }
  if (!existsSync(data)) return null;
  await mkdir(KEPT, { recursive: true });
  const [flat, space] = [await mapped(name, 2, program), await mapped(name, 3, program)];
  if (flat.ids.join() !== space.ids.join()) throw new Error(`${name}: the two maps have other items; empty target/pictures`);
  const at = new Map(flat.ids.map((id, i) => [id, i]));
  const { labels, columns } = await described(items, at);
  const places = { 2: flat.places, 3: space.places };
  return { title, names: named ? labels : [], popularity: await popularity(data, at), columns, places };
}
