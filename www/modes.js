// The control by which one chooses how the map is shown: one segment for each mode that the view lists, none for a single one.

export class Modes {
  #box;
  #view;

  /**
   * @param {HTMLElement} box a radiogroup
   * @param {import("./view.js").MapView} view
   */
  constructor(box, view) {
    this.#box = box;
    this.#view = view;
    box.addEventListener("change", ({ target }) => view.ways.choose(/** @type {HTMLInputElement} */ (target).value));
  }

  /** Shows the modes as they are now. @param {boolean} map whether there is a map */
  update(map) {
    const { modes, chosen } = this.#view.ways;
    this.#box.hidden = !map || modes.length < 2;
    this.#box.replaceChildren(
      ...modes.map(({ name, label }) => {
        const segment = document.createElement("label");
        const input = document.createElement("input");
        Object.assign(input, { type: "radio", name: "mode", value: name, className: "unseen", checked: name === chosen });
        segment.append(input, label);
        return segment;
      }),
    );
  }
}
