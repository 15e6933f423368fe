// Details of the pinned item: its columns and its true neighbors in the data, which may lie
// elsewhere on the flat map.

import { formatNumber } from "./format.js";
import { Texts } from "./texts.js";

const NEIGHBORS = 10;
const MISSING = 0xffffffff;

/** @typedef {import("./session.js").Shown} Shown */

export class Panel {
  #elements;
  #neighborsOf;
  #onGo;
  /** Which request for neighbors is the latest: answers of earlier ones are dropped. */
  #request = 0;

  /**
   * @param {object} elements
   * @param {HTMLElement} elements.title
   * @param {HTMLElement} elements.popularity
   * @param {HTMLElement} elements.columns dl
   * @param {HTMLElement} elements.neighbors ol
   * @param {HTMLElement} elements.unit what stands beside the neighbors
   * @param {HTMLElement} elements.note
   * @param {(id: number, k: number) => Promise<import("./types.js").Neighbors | null>} neighborsOf
   * @param {(id: number) => void} onGo a neighbor was chosen
   */
  constructor(elements, neighborsOf, onGo) {
    this.#elements = elements;
    this.#neighborsOf = neighborsOf;
    this.#onGo = onGo;
  }

  /**
   * @param {number} id
   * @param {Shown} shown
   */
  async show(id, shown) {
    const { title, popularity, columns, neighbors, unit, note } = this.#elements;
    const { items, names, labels } = shown;
    const count = items.popularity[id];
    const name = names.at(id);
    title.textContent = labels.at(id) || name;
    // Vectors are in no collections.
    popularity.textContent = count === 0 ? "" : `in ${formatNumber(count)} collection${count === 1 ? "" : "s"}`;
    unit.hidden = count === 0;
    const rows = items.columns.flatMap((column) => {
      const value = this.#value(column, id);
      // The label often repeats a column; nobody needs to read it twice.
      return value && !title.textContent?.endsWith(value) ? [[column.name.replaceAll("_", " "), value]] : [];
    });
    if (name !== title.textContent && !title.textContent.startsWith(`${name} `)) rows.unshift(["name", name]);
    columns.replaceChildren(...rows.flatMap(([key, value]) => [this.#make("dt", key), this.#make("dd", value)]));
    neighbors.replaceChildren();
    const request = ++this.#request;
    try {
      const found = await this.#neighborsOf(id, NEIGHBORS);
      if (request !== this.#request) return;
      note.hidden = found !== null && found.ids.length > 0;
      if (!found) note.textContent = shown.live ? "They show when the map is done." : "Open the data again to see them.";
      else if (!found.ids.length) note.textContent = "It is near no other item.";
      else neighbors.replaceChildren(...[...found.ids].map((neighbor) => this.#neighbor(neighbor, shown)));
    } catch {
      if (request !== this.#request) return;
      note.hidden = false;
      note.textContent = "They could not be read.";
    }
  }

  /**
   * @param {number} id
   * @param {Shown} shown
   */
  #neighbor(id, { labels, names, items }) {
    const entry = document.createElement("li");
    const button = document.createElement("button");
    button.type = "button";
    const popularity = items.popularity[id];
    const count = this.#make("span", popularity === 0 ? "" : formatNumber(popularity));
    count.className = "number";
    count.title = "collections that hold it";
    button.append(this.#make("span", labels.at(id) || names.at(id)), count);
    button.addEventListener("click", () => this.#onGo(id));
    entry.append(button);
    return entry;
  }

  /**
   * @param {import("./types.js").Column} column
   * @param {number} id
   * @returns {string} "" when missing
   */
  #value(column, id) {
    if (column.kind === "category") {
      const code = column.codes[id];
      return code === MISSING ? "" : new Texts(column.categories).at(code);
    }
    const value = column.values[id];
    const plain = /year|date/i.test(column.name);
    return Number.isNaN(value) ? "" : formatNumber(value, { plain });
  }

  /**
   * @param {string} tag
   * @param {string} text
   */
  #make(tag, text) {
    const element = document.createElement(tag);
    element.textContent = text;
    return element;
  }
}
