// The maps made in this session, newest first: what was chosen and how good it came out, to compare.

import { distortion, formatNumber, percent } from "../format.js";
import { dress } from "./dress.js";
import { choiceLabel } from "./choices.js";
import { SECTIONS } from "./fields.js";
import { STYLE } from "./sheets-style.js";

/** @typedef {{recipe: Recipe, report: import("../types.js").Report}} Made a map, and how it came out */
/** @typedef {import("../types.js").Recipe} Recipe */

/** More are not compared, only scrolled past. */
const MOST = 12;

const FIELDS = SECTIONS.flatMap(({ fields }) => fields);

/** @param {Recipe} recipe @param {string} key @returns {unknown} */
const valueOf = (recipe, key) => /** @type {any} */ (recipe)[key.split(".")[0]]?.[key.split(".")[1]];

export class Runs {
  #elements;
  #onUse;
  /** @type {{recipe: Recipe, cells: string[]}[]} */
  #runs = [];

  /**
   * @param {object} elements
   * @param {HTMLElement} elements.panel hidden while there is nothing to compare
   * @param {HTMLTableSectionElement} elements.body
   * @param {(recipe: Recipe) => void} onUse a run's recipe is wanted again
   */
  constructor(elements, onUse) {
    dress(STYLE);
    this.#elements = elements;
    this.#onUse = onUse;
  }

  /** @param {Made[]} made what is not shown yet, the latest last */
  show(made) {
    for (const { recipe, report } of made) {
      const { hubness, averageDistortion, distortions } = report;
      const shares = hubness ? [percent(hubness.mutualShare), percent(hubness.topShare), formatNumber(hubness.isolated)] : ["–", "–", "–"];
      this.#runs.unshift({ recipe, cells: [...shares, distortions ? distortion(averageDistortion) : "–"] });
    }
    this.#runs.length = Math.min(this.#runs.length, MOST);
    this.#draw();
  }

  #draw() {
    const { panel, body } = this.#elements;
    const similarity = FIELDS[FIELDS.findIndex(({ key }) => key === "count.similarity")];
    panel.hidden = this.#runs.length === 0;
    body.replaceChildren(
      ...this.#runs.map(({ recipe, cells }, i) => {
        const row = document.createElement("tr");
        const head = document.createElement("th");
        head.scope = "row";
        const button = document.createElement("button");
        button.type = "button";
        button.textContent = choiceLabel(similarity, String(valueOf(recipe, "count.similarity")));
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
    const named = FIELDS.filter(({ key }) => key !== "count.similarity" && key !== "count.dissimilarity" && JSON.stringify(valueOf(before, key)) !== JSON.stringify(valueOf(after, key)));
    const texts = named.map((field) => `${field.label.toLowerCase()} ${choiceLabel(field, String(valueOf(after, field.key) ?? "automatic"))}`);
    if (before.seed !== after.seed) texts.push("another seed");
    return texts.length > 2 ? `${texts.slice(0, 2).join(", ")} and more` : texts.join(", ");
  }
}
