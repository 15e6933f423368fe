// In the worker: which names the map has, and from which zoom on. Once for each map; the engine decides, here is measured.

import { Texts } from "../texts.js";
import { CAPTIONS, NAMES, captionBox, fit, measuringPen, nameBox, rankOf } from "./lettering.js";

/** Items whose names may be shown. */
const MOST = 20_000;
/** Texts measured between two turns of the worker's event loop. */
const AT_ONCE = 1000;

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
 * @param {boolean} wanted whether islands have names
 * @param {() => Promise<boolean>} goesOn
 * @returns {Promise<Naming | null>}
 */
export async function naming(engine, wanted, goesOn) {
  const pen = measuringPen();
  const { ids, labels, discs, at } = engine.nameCandidates(MOST);
  const texts = new Texts(labels);
  const boxes = new Float64Array(5 * ids.length);
  for (let i = 0; i < ids.length; i += 1) {
    if (i % AT_ONCE === AT_ONCE - 1 && !(await goesOn())) return null;
    const lettering = NAMES[rankOf(discs[i])];
    const { text, width } = fit(pen, lettering, texts.at(i));
    const [w, h] = nameBox(lettering, width);
    // What has no name takes no room, and is never shown.
    boxes.set([text ? at[2 * i] : NaN, at[2 * i + 1], w, h, discs[i]], 5 * i);
  }
  if (!(await goesOn())) return null;
  const fits = (/** @type {string} */ text, /** @type {number} */ scale) => fit(pen, CAPTIONS[scale], text).text === text;
  const islands = wanted ? named(engine.nameIslands(), fits) : [];
  const letterings = islands.map(({ scale, text }) => ({ ...fit(pen, CAPTIONS[scale], text), scale }));
  const places = islands.flatMap((island, i) => [...island.at, ...island.spread, ...captionBox(CAPTIONS[island.scale], letterings[i].width)]);
  if (!(await goesOn())) return null;
  const found = engine.nameZooms(Float64Array.from(places), boxes);
  const order = Array.from(ids.keys()).filter((i) => found.names[i] < Infinity);
  order.sort((a, b) => found.names[a] - found.names[b] || a - b);
  const captions = letterings.map(({ text, scale }, i) => {
    const [x, y] = islands[i].at;
    return { text, scale, x, y, from: found.captions[2 * i], to: found.captions[2 * i + 1] };
  });
  return {
    ids: Uint32Array.from(order, (i) => ids[i]),
    at: Float32Array.from(order.flatMap((i) => [at[2 * i], at[2 * i + 1]])),
    zooms: Float64Array.from(order, (i) => found.names[i]),
    discs: Float32Array.from(order, (i) => discs[i]),
    captions: captions.filter(({ from, to }) => from < to),
    by: counts(islands.map(({ column }) => column)),
  };
}

/** Where so many of the islands share something, the others have no name: a film among countries would mislead. */
const SHARING = 0.25;
/** The items of an island whose names may name it are no more than this part of all: two do not stand for a continent. */
const MOST_NAMED_BY_ITEMS = 0.2;

/**
 * Islands with a name; not those that are called as a larger one around them.
 * @param {import("../types.js").Island[]} islands
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
  /** Whether an island around it has its name, or the name of its first item. @param {import("../types.js").Island} island */
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
