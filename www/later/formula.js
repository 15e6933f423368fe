// The field for a formula of one's own: what it may name, what it gives for a few real pairs, where it is wrong.

import { formatNumber } from "../format.js";
import { dress } from "./dress.js";
import { STYLE } from "./sheets-style.js";

const PAIRS = 4;
/** Typing is over after so many milliseconds. */
const PAUSE_MS = 250;

export class FormulaField {
  #area;
  #names;
  #table;
  #note;
  #recipe;
  #preview;
  #timer = 0;
  /** Answers to what was typed before are dropped. */
  #request = 0;

  /**
   * @param {HTMLTextAreaElement} area
   * @param {HTMLElement} box gets the names and the preview
   * @param {() => object | null} recipe as typed now
   * @param {(recipe: object, n: number) => Promise<import("../types.js").Preview | null>} preview null when there are no rows
   */
  constructor(area, box, recipe, preview) {
    dress(STYLE);
    this.#area = area;
    this.#recipe = recipe;
    this.#preview = preview;
    area.placeholder = "a.weight * b.weight / ln(size)";
    this.#names = document.createElement("p");
    this.#names.className = "help";
    this.#note = document.createElement("p");
    this.#note.className = "field-error";
    this.#note.setAttribute("role", "status");
    this.#table = document.createElement("table");
    this.#table.className = "preview";
    this.#table.hidden = true;
    box.append(this.#note, this.#table, this.#names);
    area.addEventListener("input", () => this.#soon());
  }

  /** @param {import("../types.js").FileSummary | null} file */
  refresh(file) {
    const columns = (file?.rowColumns ?? []).flatMap(({ name }) => {
      const plain = /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) ? name : `"${name}"`;
      return [`a.${plain}`, `b.${plain}`];
    });
    const names = ["a.weight", "b.weight", "size", ...columns].map((name) => {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "name";
      button.textContent = name;
      button.addEventListener("click", () => this.#insert(name));
      return button;
    });
    this.#names.replaceChildren("Of two rows a and b of one collection: ", ...names, " with + − * / ^, abs min max sqrt exp ln if. Less than 0 counts as 0.");
    this.#soon();
  }

  /** Puts the cursor where the formula is wrong. @param {number} column from 1; 0 = not known */
  point(column) {
    if (column > 0) this.#area.setSelectionRange(column - 1, column);
  }

  /** @param {string} name */
  #insert(name) {
    this.#area.setRangeText(name, this.#area.selectionStart, this.#area.selectionEnd, "end");
    this.#area.focus();
    this.#soon();
  }

  #soon() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#show(), PAUSE_MS);
  }

  async #show() {
    const request = ++this.#request;
    const recipe = this.#recipe();
    if (!recipe || !this.#area.value.trim() || !this.#area.checkVisibility()) return this.#fill(null, "");
    try {
      const preview = await this.#preview(recipe, PAIRS);
      if (request === this.#request) this.#fill(preview, "");
    } catch (thrown) {
      if (request !== this.#request) return;
      const { message, column } = /** @type {import("../types.js").ErrorObject} */ (thrown);
      this.#fill(null, column > 0 ? `Column ${column}: ${message}` : message);
    }
  }

  /**
   * @param {import("../types.js").Preview | null} preview
   * @param {string} wrong
   */
  #fill(preview, wrong) {
    this.#note.textContent = wrong;
    if (wrong) this.#area.setAttribute("aria-invalid", "true");
    else this.#area.removeAttribute("aria-invalid");
    this.#table.hidden = !preview?.pairs.length;
    if (!preview) return;
    const { pairs, drawn, zero, unusable } = preview;
    const caption = document.createElement("caption");
    const nothing = unusable ? `, ${formatNumber(unusable)} of them as they have no usable value` : "";
    caption.textContent = zero + unusable ? `Of ${formatNumber(drawn)} pairs ${formatNumber(zero + unusable)} count nothing${nothing}.` : "What it gives for a few pairs";
    this.#table.replaceChildren(caption);
    for (const { a, b, collection, values, weight } of pairs) {
      const row = this.#table.insertRow();
      const names = row.insertCell();
      names.textContent = `${a} and ${b}`;
      const seen = document.createElement("span");
      seen.className = "help";
      seen.textContent = `in ${collection}: ${values.map(([name, value]) => `${name} ${formatNumber(value ?? NaN)}`).join(", ")}`;
      names.append(seen);
      const number = row.insertCell();
      number.className = "number";
      number.textContent = formatNumber(weight);
    }
  }
}
