// The Share sheet: what a map's link holds, built from the map and the view, and copied.

import { buildLink } from "./link-build.js";

/** @typedef {import("../types.js").MapState} MapState */

/** Files of one demo set. */
const DEMO_FILES = 2;

export class Share {
  #elements;
  #linkOf;

  /**
   * @param {object} elements
   * @param {HTMLElement} elements.note
   * @param {HTMLInputElement} elements.field
   * @param {HTMLButtonElement} elements.copy
   * @param {HTMLElement} elements.copied live region
   * @param {() => Promise<{link: string, local: string[], continued: boolean}>} linkOf the present link, the names of
   *   files it cannot carry, and whether the map came from an earlier one
   */
  constructor(elements, linkOf) {
    this.#elements = elements;
    this.#linkOf = linkOf;
    elements.copy.addEventListener("click", () => this.#copy());
    elements.field.addEventListener("focus", () => elements.field.select());
  }

  async show() {
    const { note, field, copied } = this.#elements;
    copied.textContent = "";
    const { link, local, continued } = await this.#linkOf();
    field.value = link;
    if (continued) {
      note.textContent = "This map grew out of an earlier one, so the link gives a similar map, not the same. Make it again from the start “Spectral” to share it bit for bit.";
      return;
    }
    note.textContent = local.length
      ? `The link holds the recipe, the seed and the view, and recognizes ${local.join(" and ")}, but does not contain your data: whoever opens it must drop the same file again.`
      : "Whoever opens it sees the same map, bit for bit: the link holds the data’s address, the recipe, the seed and the view.";
  }

  async #copy() {
    const { field, copied } = this.#elements;
    try {
      await navigator.clipboard.writeText(field.value);
    } catch {
      // No permission, or no secure context: the old way still works from a click.
      field.select();
      if (!document.execCommand("copy")) {
        copied.textContent = "Copying is blocked here: the link is selected, copy it with the keyboard.";
        return;
      }
    }
    copied.textContent = "Copied.";
  }

  /**
   * @param {MapState} map
   * @param {ReturnType<import("../view.js").MapView["state"]>} view
   * @param {number} version
   * @param {string} page
   */
  static async link(map, view, version, page) {
    /** @type {Set<string>} */
    const data = new Set();
    /** @type {{name: string, hash: string}[]} */
    const files = [];
    map.sources.forEach(({ name, url, origin }, i) => {
      const whole = map.sources.filter((source) => source.origin === origin).length >= DEMO_FILES;
      if (origin === "") files.push({ name, hash: map.files[i].hash });
      else if (origin.startsWith("demo:") && !whole && url) data.add(url);
      else data.add(origin);
    });
    const link = await buildLink(
      { version, data: [...data], files, recipe: map.recipe, mapHash: map.report.mapHash, turn: map.report.turn, ...view, color: map.color },
      page,
    );
    return { link, local: files.map(({ name }) => name), continued: map.report.continued };
  }
}
