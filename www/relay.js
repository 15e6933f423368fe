// One View in place of another. All calls go to the one that draws now; what it keeps of what it was told, the next is told.

import { LONG_MS, drawnBy, moment } from "./drawing.js";

/** @typedef {import("./types.js").WasmView} WasmView */

/** What a View keeps, in the order in which another is to be told; the calls of a group undo each other. */
const KEPT = [
  ["resize"],
  ["setBackground"],
  ["setDisplay"],
  ["setItems"],
  ["setPositions", "moveTo", "turnTo"],
  ["colorByNothing", "colorByNumber", "colorByCategory"],
  ["sizeBy"],
  ["setStates"],
  ["setSelected"],
  ["setHover"],
];
const ITEMS = KEPT.findIndex(([name]) => name === "setItems");

export class Relay {
  /** To be called in place of the View. @type {WasmView} */
  view;
  #now;
  /** The last call of each group. @type {{name: string, args: any[]}[] | null} */
  #told = [];
  /** @type {Promise<void> | null} */
  #whole = null;

  /** @param {WasmView} first */
  constructor(first) {
    this.#now = first;
    /** @type {Record<string, Function>} */
    const calls = {};
    this.view = /** @type {any} */ (new Proxy(calls, { get: (_, name) => (calls[/** @type {string} */ (name)] ??= this.#call(/** @type {string} */ (name))) }));
  }

  /** @param {string} name */
  #call(name) {
    const group = KEPT.findIndex((names) => names.includes(name));
    return (/** @type {any[]} */ ...args) => {
      if (this.#told && group >= 0) {
        // Nothing said of other items holds for these.
        if (group === ITEMS) this.#told.length = ITEMS;
        this.#told[group] = { name, args };
      }
      return /** @type {any} */ (this.#now)[name](...args);
    };
  }

  /**
   * The whole View draws from now on.
   * @param {() => Promise<import("./types.js").ViewWasm>} load
   * @param {HTMLCanvasElement} canvas
   * @param {() => boolean} still whether it can be replaced now: no flight is under way, no item, and nothing is lost
   * @param {() => void} done
   * @returns {Promise<void>}
   */
  complete(load, canvas, still, done) {
    const complete = async () => {
      const { View } = await load();
      do await drawnBy(canvas, 16);
      while (!still());
      const next = new View(canvas);
      const late = performance.now() + LONG_MS;
      do await moment();
      while (!next.compiled() && performance.now() < late);
      // What this one keeps, a call at a time: of many items each takes long, and meanwhile there may be another.
      /** @type {object[]} */
      const known = [];
      for (;;) {
        const group = this.#told?.findIndex((call, at) => call && call !== known[at]) ?? -1;
        if (group < 0 && still()) break;
        if (group >= 0) this.#tell(next, group, known);
        await moment();
      }
      this.#replace(next);
      done();
    };
    this.#whole ??= complete().catch((thrown) => {
      this.#whole = null; // may be had another time
      throw thrown;
    });
    return this.#whole;
  }

  /** @param {WasmView} next @param {number} group @param {object[]} known what it was told of each group */
  #tell(next, group, known) {
    const call = /** @type {{name: string, args: any[]}[]} */ (this.#told)[group];
    const name = call.name === "moveTo" || call.name === "turnTo" ? "setPositions" : call.name;
    /** @type {any} */ (next)[name](...call.args);
    if (group === ITEMS) known.length = ITEMS;
    known[group] = call;
  }

  /** @param {WasmView} next */
  #replace(next) {
    const old = this.#now;
    const { x, y, zoom } = old.camera();
    next.setCamera(x, y, zoom);
    this.#now = next;
    this.#told = null;
    old.free();
  }
}
