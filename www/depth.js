// Which way the map is shown, and its places in space beside the flat ones. What shows and moves a galaxy (later/galaxy.js) is
// loaded when it is first wanted.

import { flat } from "./bounds.js";

/** @typedef {import("./later/galaxy.js").Galaxy} Galaxy */

/** How the map can be shown. What brings another way lists it here and does it in show. */
export const MODES = [
  { name: "map", label: "Map" },
  { name: "galaxy", label: "Galaxy" },
  { name: "density", label: "Density" },
];

/**
 * @typedef {object} Hooks
 * @property {(mode: string) => void} onGalaxy a visitor or a link asks for a mode, and it or the present one is the galaxy
 * @property {() => void} onMode another mode is shown
 * @property {(thrown: unknown) => void} onFail a mode can not be shown
 */

export class Depth {
  mode = "map";
  /** Whether a galaxy is asked for that has no places yet. */
  asked = false;
  /** Three numbers for each item; null where there are only flat ones. @type {Float32Array | null} */
  xyz = null;
  /** Whether the places still move. */
  live = false;

  #view;
  #flight;
  #hooks;
  #make;
  /** Whether the flat map has places, and whether these are of its own, not how the galaxy looks from the front. */
  #placed = false;
  #own = false;
  /** @type {Galaxy | null} */
  #galaxy = null;
  /** @type {Promise<Galaxy> | null} */
  #making = null;
  /** A camera that a link asked for. @type {number[] | null} */
  #camera = null;

  /**
   * @param {import("./types.js").WasmView} view
   * @param {import("./flight.js").Flight} flight
   * @param {Hooks} hooks
   * @param {() => Promise<Galaxy>} make
   */
  constructor(view, flight, hooks, make) {
    this.#view = view;
    this.#flight = flight;
    this.#hooks = hooks;
    this.#make = make;
  }

  /** What is shown in space now, on the way back too; null on the flat map. */
  get galaxy() {
    return this.#galaxy?.on ? this.#galaxy : null;
  }

  /** Other items: nothing is shown of the old ones. */
  drop() {
    this.xyz = null;
    this.#placed = this.live = false;
    this.#galaxy?.drop();
  }

  /**
   * New places, flat or in space. In space the flat map stays as it is, for the way back.
   * @param {Float32Array} positions @param {boolean} live whether they still move @param {number} dim
   * @returns {boolean} whether the flat map is to be told
   */
  place(positions, live, dim) {
    const before = this.xyz;
    this.xyz = dim === 3 ? positions : null;
    this.live = live && dim === 3;
    this.#own = dim === 2;
    if (dim === 2) {
      if (this.mode === "galaxy") {
        this.#view.setPositions(positions);
        this.show("map");
      }
      this.#placed = true;
      return true;
    }
    if (!this.#placed) this.#view.setPositions(flat(positions, dim));
    this.#placed = true;
    // A map in space is a galaxy at first.
    if (!before && (this.asked || this.mode === "map")) this.show("galaxy");
    else if (this.mode === "galaxy") this.#galaxy?.set(positions);
    return this.mode !== "galaxy";
  }

  /** Places in space of items that have flat ones too. @param {Float32Array} xyz */
  add(xyz) {
    this.xyz = xyz;
    this.live = false;
    this.#own = true;
  }

  /** What a visitor or a link chooses. @param {string} name */
  choose(name) {
    if (!MODES.some((mode) => mode.name === name)) return;
    this.asked = name === "galaxy" && this.mode !== name;
    if (name === this.mode) return;
    if (this.asked || this.mode === "galaxy") this.#hooks.onGalaxy(name);
    else this.show(name);
  }

  /** Shows the map so; a galaxy needs places in space. @param {string} name */
  show(name) {
    this.asked = false;
    if (name === this.mode) return;
    const left = this.mode;
    this.mode = name;
    if (name === "galaxy") this.#enter().catch((thrown) => (this.show("map"), this.#hooks.onFail(thrown)));
    else if (left === "galaxy") this.#leave();
    this.#hooks.onMode();
  }

  async #enter() {
    this.#galaxy ??= await (this.#making ??= this.#make().finally(() => (this.#making = null)));
    if (this.mode !== "galaxy" || !this.xyz) return;
    this.#galaxy.set(this.xyz);
    if (!this.live) this.setCamera(this.#camera);
  }

  #leave() {
    if (this.xyz && !this.#own) {
      this.#view.setPositions(flat(this.xyz, 3));
      this.#flight.fitNow();
    }
    this.#galaxy?.leave();
  }

  /** The target's and the eye's places, unless all is shown by itself. @returns {number[] | null} */
  camera() {
    return this.galaxy && !this.galaxy.follow ? this.galaxy.camera() : null;
  }

  /** @param {number[] | null} camera as from camera(); of a galaxy that is not there yet too */
  setCamera(camera) {
    this.#camera = this.galaxy ? null : camera;
    if (camera) this.galaxy?.setCamera(camera);
  }
}
