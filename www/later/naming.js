// In the worker: which names the map has, and from which zoom on. Once for each map; the names' own code decides, here is measured.

import { Texts } from "../texts.js";
import { CAPTIONS, NAMES, captionBox, fit, measuringPen, nameBox, rankOf } from "./lettering.js";

/** Items whose names may be shown. */
const MOST = 20_000;
/** Texts measured between two turns of the worker's event loop. */
const AT_ONCE = 1000;

/** @typedef {import("../types.js").Island} Island */

/**
 * @typedef {object} Naming the names of a map; those of items by the zoom from which on they are there
 * @property {Uint32Array} ids
 * @property {Float32Array} at their places, x0, y0, ...
 * @property {Float64Array} zooms CSS px per map unit
 * @property {Float32Array} discs sizes of their discs, 0..1
 * @property {{text: string, scale: number, x: number, y: number, from: number, to: number}[]} captions of islands; scale 0 is the largest
 * @property {{column: string, islands: number}[]} by what islands are named, the most frequent first; "" = by popular items
 */

/**
 * @param {import("../types.js").WasmEngine} engine
 * @param {import("../types.js").NamesWasm} wasm
 * @param {Float32Array} xy where the items are on the map
 * @param {boolean} wanted whether islands have names
 * @param {() => Promise<boolean>} goesOn
 * @returns {Promise<Naming | null>}
 */
export async function naming(engine, wasm, xy, wanted, goesOn) {
  const pen = measuringPen();
  const { labels, popularity, columns } = engine.items();
  if (!(await goesOn())) return null;
  const texts = new Texts(labels);
  const ids = wasm.nameCandidates(xy, 2, popularity, MOST);
  const discs = wasm.nameDiscs(popularity, ids);
  const at = Float32Array.from({ length: 2 * ids.length }, (_, i) => xy[2 * ids[i >> 1] + (i & 1)]);
  const boxes = new Float64Array(5 * ids.length);
  for (let i = 0; i < ids.length; i += 1) {
    if (i % AT_ONCE === AT_ONCE - 1 && !(await goesOn())) return null;
    const lettering = NAMES[rankOf(discs[i])];
    const { text, width } = fit(pen, lettering, texts.at(ids[i]));
    const [w, h] = nameBox(lettering, width);
    // What has no name takes no room, and is never shown.
    boxes.set([text ? at[2 * i] : NaN, at[2 * i + 1], w, h, discs[i]], 5 * i);
  }
  if (!(await goesOn())) return null;
  const fits = (/** @type {string} */ text, /** @type {number} */ scale) => fit(pen, CAPTIONS[scale], text).text === text;
  const islands = wanted ? named(islandsOf(wasm, xy, popularity, columns, texts), fits) : [];
  const letterings = islands.map(({ scale, text }) => ({ ...fit(pen, CAPTIONS[scale], text), scale }));
  const places = islands.flatMap((island, i) => [...island.at, ...island.spread, ...captionBox(CAPTIONS[island.scale], letterings[i].width)]);
  if (!(await goesOn())) return null;
  const zooms = wasm.nameZooms(Float64Array.from(places), boxes);
  const captionZooms = zooms.subarray(0, 2 * islands.length);
  const nameZooms = zooms.subarray(2 * islands.length);
  const order = Array.from(ids.keys()).filter((i) => nameZooms[i] < Infinity);
  order.sort((a, b) => nameZooms[a] - nameZooms[b] || a - b);
  const captions = letterings.map(({ text, scale }, i) => {
    const [x, y] = islands[i].at;
    return { text, scale, x, y, from: captionZooms[2 * i], to: captionZooms[2 * i + 1] };
  });
  return {
    ids: Uint32Array.from(order, (i) => ids[i]),
    at: Float32Array.from(order.flatMap((i) => [at[2 * i], at[2 * i + 1]])),
    zooms: Float64Array.from(order, (i) => nameZooms[i]),
    discs: Float32Array.from(order, (i) => discs[i]),
    captions: captions.filter(({ from, to }) => from < to),
    by: counts(islands.map(({ column }) => column)),
  };
}

/**
 * The islands, with what they may be called.
 * @param {import("../types.js").NamesWasm} wasm @param {Float32Array} xy @param {Uint32Array} popularity
 * @param {import("../types.js").Column[]} columns @param {Texts} labels
 * @returns {Island[]}
 */
function islandsOf(wasm, xy, popularity, columns, labels) {
  const kinds = columns.flatMap((column) => (column.kind === "category" ? [{ ...column, names: new Texts(column.categories) }] : []));
  const codes = new Uint32Array(kinds.length * popularity.length);
  kinds.forEach((kind, i) => codes.set(kind.codes, i * popularity.length));
  const found = wasm.nameIslands(xy, popularity, codes, Uint32Array.from(kinds, ({ counts }) => counts.length));
  return found.map(({ shared, popular, parent = null, ...island }) => ({
    ...island,
    parent,
    column: shared ? kinds[shared[0]].name : "",
    value: shared ? kinds[shared[0]].names.at(shared[1]) : "",
    popular: [...popular].map((id) => labels.at(id)),
  }));
}

/** Where so many of the islands share something, the others have no name: a film among countries would mislead. */
const SHARING = 0.25;
/** The items of an island whose names may name it are no more than this part of all: two do not stand for a continent. */
const MOST_NAMED_BY_ITEMS = 0.2;

/**
 * Islands with a name; not those that are called as a larger one around them.
 * @param {Island[]} islands
 * @param {(text: string, scale: number) => boolean} fits
 */
function named(islands, fits) {
  const all = islands.reduce((sum, { scale, size }) => sum + (scale ? 0 : size), 0);
  const sharing = islands.filter(({ value }) => value).length >= SHARING * islands.length;
  const texts = islands.map(({ value, popular: [first = "", second = ""], size, scale }) => {
    if (value || sharing || size > MOST_NAMED_BY_ITEMS * all) return value;
    const both = second ? `${first} · ${second}` : first;
    return [both, first, second].find((text) => fits(text, scale)) ?? "";
  });
  /** Whether an island around it has its name, or the name of its first item. @param {Island} island */
  const again = ({ parent, value, popular }, /** @type {string} */ text) => {
    for (let at = parent; at !== null; at = islands[at].parent) {
      if (texts[at] === text || (!value && !islands[at].value && texts[at] && islands[at].popular[0] === popular[0])) return true;
    }
    return false;
  };
  return islands.map((island, i) => ({ ...island, text: texts[i] })).filter((island) => island.text && !again(island, island.text));
}

/** @param {string[]} columns */
function counts(columns) {
  const kinds = [...new Set(columns)].map((column) => ({ column, islands: columns.filter((other) => other === column).length }));
  return kinds.sort((a, b) => b.islands - a.islands);
}
