// The density view's choices: how counts are shaded, and what a link says of it.

/** @typedef {import("./types.js").Shading} Shading */

/** How counts become opacity, in the order of src/web/view_density.rs. */
export const HOW = ["equalized", "log", "linear"];

/** @type {Readonly<Shading>} */
const DEFAULT = Object.freeze({ how: "equalized", spread: true, contours: false, fade: true });

export class Density {
  /** @type {Shading} */
  shading = { ...DEFAULT };
  on = false;

  /**
   * Shows the density, or points.
   * @param {import("./types.js").WasmView} wasm
   * @param {boolean} on
   */
  show(wasm, on) {
    if (!on && !this.on) return;
    this.on = on;
    const { how, spread, contours, fade } = this.shading;
    wasm.setDensity(on ? HOW.indexOf(how) + 1 : 0, spread, contours, fade);
  }

  /**
   * How it is shaded and what else is not as usual, for a link: such as "log,contours".
   * @param {Shading} shading
   */
  static text({ how, ...flags }) {
    const other = Object.entries(flags).filter(([name, value]) => value !== DEFAULT[/** @type {"spread"} */ (name)]);
    return [how, ...other.map(([name]) => name)].join(",");
  }

  /**
   * @param {string} text as text() gives it, from anywhere
   * @returns {Shading | null} null when it says something else
   */
  static parse(text) {
    const [how, ...other] = text.split(",");
    const shading = { ...DEFAULT };
    if (!HOW.includes(how)) return null;
    shading.how = how;
    for (const name of other) {
      if (name !== "spread" && name !== "contours" && name !== "fade") return null;
      shading[name] = !DEFAULT[name];
    }
    return shading;
  }
}
