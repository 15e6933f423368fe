// The control by which one chooses how the map is shown: one segment for each mode that the view lists.

export class Modes {
  #box;
  #view;
  #inputs;

  /**
   * @param {HTMLElement} box a radiogroup
   * @param {import("./view.js").MapView} view
   */
  constructor(box, view) {
    this.#box = box;
    this.#view = view;
    // Made once: a press on a segment, and the focus in it, outlast every change.
    this.#inputs = view.ways.modes.map(({ name, label }) => {
      const segment = document.createElement("label");
      const input = document.createElement("input");
      Object.assign(input, { type: "radio", name: "mode", value: name, className: "unseen" });
      segment.append(input, label);
      box.append(segment);
      return input;
    });
    box.addEventListener("change", ({ target }) => view.ways.choose(/** @type {HTMLInputElement} */ (target).value));
  }

  /** Shows the mode as it is now. @param {boolean} map whether there is a map */
  update(map) {
    this.#box.hidden = !map;
    for (const input of this.#inputs) input.checked = input.value === this.#view.ways.chosen;
  }
}
