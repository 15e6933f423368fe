// "Color by" and what the colors mean.

import { formatNumber, percent } from "./format.js";
import { Texts } from "./texts.js";

/** @typedef {import("./types.js").Column} Column */
/** @typedef {import("./types.js").Legend} LegendData */

/**
 * Whole numbers within the years of our era read better without separators.
 * @param {number} min
 * @param {number} max
 */
function looksLikeYears(min, max) {
  return Number.isInteger(min) && Number.isInteger(max) && min >= 1000 && max <= 2100;
}

export class Legend {
  #panel;
  #select;
  #body;

  /**
   * @param {object} elements
   * @param {HTMLElement} elements.panel
   * @param {HTMLSelectElement} elements.select
   * @param {HTMLButtonElement} elements.toggle
   * @param {HTMLElement} elements.body
   * @param {(color: string) => void} onChoose
   */
  constructor({ panel, select, toggle, body }, onChoose) {
    this.#panel = panel;
    this.#select = select;
    this.#body = body;
    select.addEventListener("change", () => onChoose(select.value));
    // Small screens fold the legend away; style.css decides where that is.
    toggle.addEventListener("click", () => {
      toggle.setAttribute("aria-expanded", String(panel.toggleAttribute("data-open")));
    });
  }

  /** @param {import("./types.js").Items | null} items null hides the panel */
  setItems(items) {
    this.#panel.hidden = items === null;
    if (!items) return;
    const names = items.columns.map((column) => column.name);
    const options = [new Option("Nothing", ""), ...names.map((name) => new Option(name.replaceAll("_", " "), name))];
    const counted = items.popularity.some((count) => count > 0);
    if (counted && !names.includes("popularity")) options.push(new Option("popularity", "popularity"));
    this.#select.replaceChildren(...options);
    if (items.trust) this.offerTrust();
  }

  /** The map is measured: its items can be colored by how many true neighbors are near. A column of that name goes first. */
  offerTrust() {
    if ([...this.#select.options].some(({ value }) => value === "trust")) return;
    this.#select.append(new Option("trust: how many true neighbors are near", "trust"));
  }

  /**
   * @param {string} color the chosen value
   * @param {Column | null} column null for popularity, trust and nothing
   * @param {LegendData | null} legend
   */
  show(color, column, legend) {
    this.#select.value = color;
    if (this.#select.selectedIndex < 0) this.#select.value = ""; // a link may name what is not there
    if (!legend) this.#body.replaceChildren();
    else if (legend.kind === "number") this.#body.replaceChildren(...this.#ramp(legend, column ? "" : color));
    else if (column?.kind === "category") this.#body.replaceChildren(this.#list(legend, new Texts(column.categories)));
  }

  /**
   * @param {import("./types.js").NumberLegend} legend
   * @param {string} built "popularity", whose values are logarithms, "trust", whose values are shares, or ""
   */
  #ramp({ min, max, stops, missing, missingColor }, built) {
    const ramp = document.createElement("div");
    ramp.className = "ramp";
    ramp.style.background = `linear-gradient(90deg, ${stops.map(({ at, color }) => `${color} ${at * 100}%`).join(", ")})`;
    const ends = document.createElement("div");
    ends.className = "row number";
    const logarithmic = built === "popularity";
    const [low, high] = logarithmic ? [Math.round(Math.exp(min)), Math.round(Math.exp(max))] : [min, max];
    const plain = !logarithmic && looksLikeYears(low, high);
    for (const value of [low, high]) {
      const end = document.createElement("span");
      end.textContent = built === "trust" ? percent(value) : formatNumber(value, { plain });
      ends.append(end);
    }
    if (!missing) return [ramp, ends];
    const list = document.createElement("ul");
    list.append(this.#entry(missingColor, "No value", missing));
    return [ramp, ends, list];
  }

  /**
   * @param {import("./types.js").CategoryLegend} legend
   * @param {Texts} categories
   */
  #list({ entries, missing, missingColor }, categories) {
    const list = document.createElement("ul");
    const shown = entries.filter(({ count }) => count > 0);
    list.append(...shown.map(({ code, color, count }) => this.#entry(color, code < 0 ? "Other" : categories.at(code), count)));
    if (missing) list.append(this.#entry(missingColor, "No value", missing));
    return list;
  }

  /**
   * @param {string} color
   * @param {string} name
   * @param {number} count
   */
  #entry(color, name, count) {
    const entry = document.createElement("li");
    const swatch = document.createElement("span");
    swatch.className = "swatch";
    swatch.style.background = color;
    const label = document.createElement("span");
    label.textContent = label.title = name;
    const number = document.createElement("span");
    number.className = "number";
    number.textContent = formatNumber(count);
    entry.append(swatch, label, number);
    return entry;
  }
}
