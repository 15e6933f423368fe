// The maps made in this session, newest first: what was chosen and how good it came out, to compare.

import { distortion, formatNumber, percent } from "./format.js";

/** @typedef {import("./types.js").MapState} MapState */
/** @typedef {import("./types.js").Recipe} Recipe */

/** More are not compared, only scrolled past. */
const MOST = 12;

/** @param {Recipe} recipe @param {string} key @returns {unknown} */
const valueOf = (recipe, key) => /** @type {any} */ (recipe)[key.split(".")[0]]?.[key.split(".")[1]];

export class Runs {
  #elements;
  #onUse;
  /** @type {{recipe: Recipe, cells: string[]}[]} */
  #runs = [];
  /** What the settings are called: there once they were opened. @type {import("./later/fields.js").Field[]} */
  #fields = [];
  /** What one choice of a field is called. @type {typeof import("./later/choices.js").choiceLabel} */
  #label = (_, value) => value;

  /**
   * @param {object} elements
   * @param {HTMLElement} elements.panel hidden while there is nothing to compare
   * @param {HTMLTableSectionElement} elements.body
   * @param {(recipe: Recipe) => void} onUse a run's recipe is wanted again
   */
  constructor(elements, onUse) {
    this.#elements = elements;
    this.#onUse = onUse;
  }

  /** @param {MapState} map a new one */
  add({ recipe, report }) {
    const { hubness, averageDistortion, distortions } = report;
    const shares = hubness ? [percent(hubness.mutualShare), percent(hubness.topShare), formatNumber(hubness.isolated)] : ["–", "–", "–"];
    this.#runs.unshift({ recipe: structuredClone(recipe), cells: [...shares, distortions ? distortion(averageDistortion) : "–"] });
    this.#runs.length = Math.min(this.#runs.length, MOST);
    if (this.#fields.length) this.#draw();
  }

  /** The settings are opened. */
  async show() {
    const [{ SECTIONS }, { choiceLabel }] = await Promise.all([import("./later/fields.js"), import("./later/choices.js")]);
    this.#fields = SECTIONS.flatMap(({ fields }) => fields);
    this.#label = choiceLabel;
    this.#draw();
  }

  #draw() {
    const { panel, body } = this.#elements;
    const similarity = this.#fields[this.#fields.findIndex(({ key }) => key === "count.similarity")];
    panel.hidden = this.#runs.length === 0;
    body.replaceChildren(
      ...this.#runs.map(({ recipe, cells }, i) => {
        const row = document.createElement("tr");
        const head = document.createElement("th");
        head.scope = "row";
        const button = document.createElement("button");
        button.type = "button";
        button.textContent = this.#label(similarity, String(valueOf(recipe, "count.similarity")));
        button.title = "Put this map’s recipe into the settings";
        button.addEventListener("click", () => this.#onUse(recipe));
        head.append(button);
        const before = this.#runs[i + 1];
        const changed = before ? this.#difference(before.recipe, recipe) : "";
        if (changed) {
          const note = document.createElement("span");
          note.className = "help";
          note.textContent = changed;
          head.append(note);
        }
        row.append(head);
        for (const text of cells) {
          const cell = row.insertCell();
          cell.className = "number";
          cell.textContent = text;
        }
        return row;
      }),
    );
  }

  /** What else was changed from one run to the next, in short. @param {Recipe} before @param {Recipe} after */
  #difference(before, after) {
    const named = this.#fields.filter(({ key }) => key !== "count.similarity" && key !== "count.dissimilarity" && JSON.stringify(valueOf(before, key)) !== JSON.stringify(valueOf(after, key)));
    const texts = named.map((field) => `${field.label.toLowerCase()} ${this.#label(field, String(valueOf(after, field.key) ?? "automatic"))}`);
    if (before.seed !== after.seed) texts.push("another seed");
    return texts.length > 2 ? `${texts.slice(0, 2).join(", ")} and more` : texts.join(", ");
  }
}
