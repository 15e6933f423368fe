// In the worker: which names a galaxy may show, and how much room each needs. Once for each galaxy.

import { Texts } from "../texts.js";
import { NAMES, fit, measuringPen, nameBox, rankOf } from "./lettering.js";

/** Items whose names may be shown: all of these are looked at in each frame. */
const MOST = 6000;
/** Texts measured between two turns of the worker's event loop. */
const AT_ONCE = 1000;

/**
 * @typedef {object} SpaceNaming
 * @property {Uint32Array} ids the most important first
 * @property {Float32Array} boxes width and height of each, CSS px, with the room to leave; no width: no name
 * @property {Float32Array} discs sizes of their discs, 0..1
 */

/**
 * @param {import("../types.js").WasmEngine} engine
 * @param {import("../types.js").NamesWasm} wasm
 * @param {Float32Array} xyz
 * @param {() => Promise<boolean>} goesOn
 * @returns {Promise<SpaceNaming | null>}
 */
export async function namingSpace(engine, wasm, xyz, goesOn) {
  const pen = measuringPen();
  const { labels, popularity } = engine.items();
  if (!(await goesOn())) return null;
  const ids = wasm.nameCandidates(xyz, 3, popularity, MOST);
  const discs = wasm.nameDiscs(popularity, ids);
  const texts = new Texts(labels);
  const boxes = new Float32Array(2 * ids.length);
  for (let i = 0; i < ids.length; i += 1) {
    if (i % AT_ONCE === AT_ONCE - 1 && !(await goesOn())) return null;
    const lettering = NAMES[rankOf(discs[i])];
    const { text, width } = fit(pen, lettering, texts.at(ids[i]));
    if (text) boxes.set(nameBox(lettering, width), 2 * i);
  }
  return { ids, boxes, discs };
}
