// The ways to show a map: as points, as a density, in space. What a visitor chooses, and what a link keeps of it.

import { Density } from "./density.js";
import { MODES } from "./depth.js";

export class Ways {
  #view;
  #depth;
  #hooks;
  #density = new Density();
  /** Called after a change of mode. @type {(() => void)[]} */
  #watchers = [];

  /**
   * @param {import("./types.js").WasmView} view
   * @param {import("./depth.js").Depth} depth
   * @param {{complete: () => Promise<void>, request: () => void, onFail: (thrown: unknown) => void}} hooks
   */
  constructor(view, depth, hooks) {
    this.#view = view;
    this.#depth = depth;
    this.#hooks = hooks;
  }

  /** All of them. */
  get modes() {
    return MODES;
  }

  get mode() {
    return this.#depth.mode;
  }

  /** The mode that is shown, or asked for and on its way. */
  get chosen() {
    return this.#depth.asked ? "galaxy" : this.mode;
  }

  /** What is asked for does not come any more, if it has not. */
  settle() {
    this.#depth.asked = false;
  }

  /** What a visitor chooses. @param {string} name */
  choose(name) {
    this.#depth.choose(name);
    this.#hooks.request();
  }

  /** @param {() => void} heard called after each change of mode */
  onMode(heard) {
    this.#watchers.push(heard);
  }

  /** Another mode is shown. */
  changed() {
    this.#shade();
    for (const heard of this.#watchers) heard();
  }

  /** How the density is shown. */
  get shading() {
    return this.#density.shading;
  }

  /** @param {Partial<import("./types.js").Shading>} change */
  setShading(change) {
    Object.assign(this.#density.shading, change);
    this.#shade();
  }

  async #shade() {
    if (this.mode !== "density" && !this.#density.on) return;
    try {
      await this.#hooks.complete();
    } catch (thrown) {
      this.#depth.show("map");
      this.#hooks.onFail(thrown);
    }
    this.#density.show(this.#view, this.mode === "density");
    this.#hooks.request();
  }

  /** What a link asks for. @param {Pick<import("./types.js").LinkContent, "mode" | "space" | "shading">} link */
  arrive({ mode, space, shading }) {
    if (shading) this.setShading(shading);
    this.#depth.setCamera(space);
    this.#depth.choose(mode);
  }

  /** What a link keeps. */
  state() {
    return { mode: this.mode, space: this.#depth.camera(), shading: this.mode === "density" ? this.shading : null };
  }
}
