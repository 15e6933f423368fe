// The recipe's controls, made from fields.js: sections that fold, with what is chosen beside their names.

import { FormulaField } from "./formula.js";
import { SECTIONS, matters } from "./fields.js";

/** @typedef {import("./fields.js").Field} Field */
/** @typedef {import("../types.js").Recipe} Recipe */
/** @typedef {import("../types.js").FileSummary} FileSummary */
/** @typedef {HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement} Control */
/** @typedef {{field: Field, box: HTMLElement, control: Control, help: HTMLElement, error: HTMLElement, formula: FormulaField | null}} Row */

/**
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {string} [className]
 * @param {string} [text]
 */
function make(tag, className = "", text = "") {
  const element = document.createElement(tag);
  element.className = className;
  element.textContent = text;
  return element;
}

/** @param {[number, number][] | null} curve */
const curveText = (curve) => curve?.map(([rating, weight]) => `${rating}: ${weight}`).join(", ") ?? "";

/** @param {string} text @returns {number[][] | null} NaN where something is no number: the engine refuses it */
const curveOf = (text) => (text.trim() ? text.split(/[,;\n]+/).filter((part) => part.trim()).map((part) => part.split(":").map((number) => (number.trim() ? Number(number) : NaN))) : null);

/** @param {string} text @returns {unknown} one number, or a list where there are commas; what is no number is passed on as text, for the engine to refuse */
const numbersOf = (text) => {
  const numbers = text.split(/[,;]/).map((part) => (part.trim() ? Number(part) : NaN));
  return numbers.some((number) => !Number.isFinite(number)) ? text : numbers.length === 1 ? numbers[0] : numbers;
};

export class Fieldset {
  /** @type {Map<string, Row>} */
  #rows = new Map();
  /** @type {{name: string, panel: HTMLDetailsElement, now: HTMLElement, summary: (values: any, rows: any) => string, unused?: (recipe: any) => string}[]} */
  #sections = [];
  /** @type {FileSummary | null} */
  #file = null;
  /** @type {Recipe | null} */
  #recipe = null;

  /**
   * @param {HTMLElement} place
   * @param {Recipe} known the engine's default recipe: what it has no key for gets no field
   * @param {(key: string) => void} onChange a field was left with another value
   * @param {(recipe: object, n: number) => Promise<import("../types.js").Preview | null>} preview of a formula
   */
  constructor(place, known, onChange, preview) {
    for (const { name, title, what, summary, unused, fields } of SECTIONS) {
      const panel = make("details", "section");
      const head = make("summary");
      const now = make("span", "now");
      head.append(make("span", "", title), now);
      panel.append(head, make("p", "help", what));
      const values = /** @type {object} */ (known[name] ?? {});
      for (const field of fields) {
        if (!(field.key.split(".")[1] in values)) continue;
        const row = this.#row(field, preview);
        row.control.addEventListener("change", () => onChange(field.key));
        this.#rows.set(field.key, row);
        panel.append(row.box);
      }
      this.#sections.push({ name, panel, now, summary, unused });
      place.append(panel);
    }
  }

  /**
   * @param {Field} field
   * @param {(recipe: object, n: number) => Promise<import("../types.js").Preview | null>} preview
   * @returns {Row}
   */
  #row(field, preview) {
    const id = field.id ?? field.key.replace(".", "-");
    const box = make("div", "field");
    const label = make("label", "", field.label);
    label.htmlFor = id;
    const help = make("p", "help");
    help.id = `${id}-help`;
    const error = make("p", "field-error");
    error.id = `${id}-error`;
    const control = this.#control(field);
    control.id = id;
    control.setAttribute("aria-describedby", `${help.id} ${error.id}`);
    control.addEventListener("input", () => {
      // What was wrong is being put right.
      control.removeAttribute("aria-invalid");
      error.textContent = "";
    });
    const line = make("div", "together");
    line.append(control);
    const beside = [field.unit, field.range].filter(Boolean).join(", ");
    if (beside && field.kind.startsWith("number") && !field.automatic) line.append(make("span", "unit", beside));
    box.append(label, line, error, help);
    const formula = field.kind === "formula" ? new FormulaField(/** @type {HTMLTextAreaElement} */ (control), box, () => this.read(), preview) : null;
    return { field, box, control, help, error, formula };
  }

  /** @param {Field} field @returns {Control} */
  #control(field) {
    if (field.kind === "choice") {
      const select = make("select");
      select.append(...(field.choices ?? []).map(([value, label]) => new Option(label, value)));
      return select;
    }
    if (field.kind === "column") return make("select");
    if (field.kind === "formula") {
      const area = make("textarea");
      area.rows = 2;
      area.spellcheck = false;
      area.autocapitalize = "off";
      return area;
    }
    const input = make("input");
    input.type = "text"; // a number field would hide from us what was typed wrong
    input.inputMode = field.kind === "curve" || field.kind === "numbers" ? "text" : field.whole ? "numeric" : "decimal";
    input.autocomplete = "off";
    if (field.automatic) input.placeholder = field.automatic;
    if (field.kind.startsWith("number") && !field.automatic) input.classList.add("short");
    return input;
  }

  /** @param {Recipe} recipe @param {FileSummary | null} file the rows it is for */
  set(recipe, file) {
    this.#recipe = structuredClone(recipe);
    this.#file = file;
    for (const { field, control } of this.#rows.values()) {
      if (field.kind === "column") this.#offerColumns(/** @type {HTMLSelectElement} */ (control));
      const value = this.#value(recipe, field.key);
      const text = field.kind === "curve" ? curveText(value) : value === null ? "" : [value].flat().join(", ");
      if (control instanceof HTMLSelectElement && ![...control.options].some((option) => option.value === text)) control.append(new Option(text, text));
      control.value = text;
    }
    this.complain("");
    this.refresh();
  }

  /** Shows what matters for the values typed now, and only that. */
  refresh() {
    const recipe = this.read();
    if (!recipe) return;
    for (const { field, box, help, control, formula } of this.#rows.values()) {
      const values = recipe[field.key.split(".")[0]];
      box.hidden = !matters(field, values, this.#file);
      const chosen = field.choices?.find(([value]) => value === control.value);
      const range = field.range && field.automatic ? `From ${field.range}.` : "";
      help.textContent = [chosen?.[2] || field.help, range].filter(Boolean).join(" ");
      if (formula && !box.hidden) formula.refresh(this.#file);
    }
    for (const { name, panel, now, summary, unused } of this.#sections) {
      const why = unused?.(recipe) ?? "";
      now.textContent = why || summary(recipe[name], this.#file);
      panel.toggleAttribute("data-unused", why !== "");
    }
  }

  /** The recipe with what is typed now; a number that is none is passed on as text, for the engine to refuse. */
  read() {
    if (!this.#recipe) return null;
    const recipe = structuredClone(this.#recipe);
    for (const { field, control } of this.#rows.values()) {
      const [section, option] = field.key.split(".");
      const values = /** @type {Record<string, unknown>} */ (recipe[section]);
      const text = control.value.trim();
      if (field.kind === "curve") values[option] = curveOf(text);
      else if (field.kind === "numbers") values[option] = numbersOf(text);
      else if (field.kind === "number") values[option] = text === "" && field.automatic ? null : text !== "" && Number.isFinite(Number(text)) ? Number(text) : text;
      else values[option] = text === "" && field.kind !== "choice" ? null : text;
    }
    return recipe;
  }

  /**
   * @param {string} key the control to set
   * @param {string} value
   */
  put(key, value) {
    const row = this.#rows.get(key);
    if (row) row.control.value = value;
    this.refresh();
  }

  /**
   * Shows what is wrong at the field whose key the message names.
   * @param {string} message "" = nothing is wrong any more
   * @param {number} [column] in a formula, from 1
   * @returns {string} the field's key, "" when there is none
   */
  complain(message, column = 0) {
    for (const { control, error } of this.#rows.values()) {
      control.removeAttribute("aria-invalid");
      error.textContent = "";
    }
    const key = /\b(?:collect|count|graph|embed|project)\.[A-Za-z]+/.exec(message)?.[0] ?? "";
    const row = this.#rows.get(key);
    if (!row || row.box.hidden) return "";
    row.control.setAttribute("aria-invalid", "true");
    row.error.textContent = message.replace(`The recipe's "${key}"`, `“${row.field.label}”`).replace(key, `“${row.field.label}”`);
    row.formula?.point(column);
    return key;
  }

  /** The first field that shows and holds no number where it should, as a message that names its key; "" = none. */
  mistyped() {
    for (const { field, box, control } of this.#rows.values()) {
      const text = control.value.trim();
      if (field.kind !== "number" || box.hidden || (text === "" && field.automatic)) continue;
      const number = text === "" ? NaN : Number(text);
      if (!Number.isFinite(number)) return `${field.key} must be a number${text ? `, and “${text}” is none` : ""}.`;
      if (field.whole && !Number.isInteger(number)) return `${field.key} must be a whole number.`;
    }
    return "";
  }

  /** Whether a formula is asked for and none is there yet: nothing to complain about. */
  get awaitsFormula() {
    const row = this.#rows.get("count.formula");
    return row !== undefined && !row.box.hidden && row.control.value.trim() === "";
  }

  /** Unfolds the section of a field and puts the focus on it. @param {string} key */
  reveal(key) {
    const row = this.#rows.get(key);
    const section = this.#sections.find(({ name }) => key.startsWith(`${name}.`));
    if (!row || !section) return;
    section.panel.open = true;
    row.control.focus();
  }

  /** @param {HTMLSelectElement} select */
  #offerColumns(select) {
    const columns = this.#file?.rowColumns ?? [];
    const first = columns.length ? `The first one (${columns[0].name})` : "The first one";
    select.replaceChildren(new Option(first, ""), ...columns.map(({ name, kind }) => new Option(kind === "time" ? `${name} (time)` : name, name)));
  }

  /** @param {Recipe} recipe @param {string} key @returns {any} */
  #value(recipe, key) {
    const [section, option] = key.split(".");
    return /** @type {Record<string, any>} */ (recipe[section])[option];
  }
}
