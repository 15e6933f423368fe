// The sheet "Display": how the map looks, in groups. Each group is a file of its own that makes a fieldset; a new one is
// listed here.

import { check } from "./controls.js";
import { group as camera } from "./display-camera.js";
import { group as density } from "./display-density.js";
import { group as labels } from "./display-labels.js";
import { group as points } from "./display-points.js";

/**
 * @typedef {object} Context
 * @property {import("../view.js").MapView} view
 * @property {import("../session.js").Session} session
 * @property {import("./labels-layer.js").Layer} layer names and lines
 * @property {{sheet: HTMLElement, groups: HTMLElement, theme: HTMLElement}} elements the sheet, what holds the groups, and the
 *   toolbar's button for the theme
 */

/** @type {((context: Context) => HTMLElement)[]} */
const GROUPS = [points, density, labels, camera];

export class DisplaySheet {
  #groups;

  /** @param {Context} context */
  constructor(context) {
    this.#groups = GROUPS.map((group) => group(context));
    const { groups, theme } = context.elements;
    // Small screens have no room for its button.
    const light = check("Light theme", theme.getAttribute("aria-pressed") === "true", () => theme.click());
    light.classList.add("only-small");
    groups.replaceChildren(...this.#groups, light);
    const box = /** @type {HTMLInputElement} */ (light.firstElementChild);
    theme.addEventListener("click", () => (box.checked = theme.getAttribute("aria-pressed") === "true"));
  }

  /** Other items are shown: each group hears the event "shown". */
  shown() {
    for (const group of this.#groups) group.dispatchEvent(new Event("shown"));
  }
}
