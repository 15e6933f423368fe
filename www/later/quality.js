// "How good is this map?": what it kept of the data, hubs, parts, how much the embedding had to bend, and the pairs that bear it worst.

import { distortion, formatNumber, percent } from "../format.js";
import { dress } from "./dress.js";
import { measureRows } from "./measures.js";
import { STYLE } from "./sheets-style.js";

/** @typedef {import("../types.js").Report} Report */
/** @typedef {import("../types.js").Distortions} Distortions */
/** @typedef {import("../session.js").Shown} Shown */

/** Worst pairs listed at first. */
const PAIRS = 8;

/** @param {string} tag @param {string} text */
function make(tag, text = "") {
  const element = document.createElement(tag);
  element.textContent = text;
  return element;
}

export class Quality {
  #elements;
  #onGo;

  /**
   * @param {object} elements
   * @param {HTMLElement} elements.measures dl of what is measured after the map is there
   * @param {HTMLElement} elements.facts dl
   * @param {HTMLElement} elements.spread figure of the distortions
   * @param {HTMLElement} elements.worst section
   * @param {HTMLElement} elements.pairs ol
   * @param {(pair: [number, number]) => void} onGo a pair was chosen
   */
  constructor(elements, onGo) {
    dress(STYLE);
    this.#elements = elements;
    this.#onGo = onGo;
  }

  /**
   * @param {Report} report
   * @param {Shown} shown
   */
  show({ recall, hubness, components, distortions, averageDistortion, sizes, quality }, shown) {
    const { facts, spread, worst, pairs } = this.#elements;
    this.measured(quality, sizes.items);
    /** @type {[string, string, string][]} */
    const rows = [];
    if (recall != null) rows.push(["Nearest vectors found", percent(recall), "Of the true nearest neighbors, on a sample of items: many vectors are searched approximately."]);
    if (hubness) {
      rows.push(["Mutual links", percent(hubness.mutualShare), "Of the links to an item’s nearest, those that are returned. Low: a few items draw all to themselves."]);
      rows.push(["Links to the top 1\u00a0%", percent(hubness.topShare), "Links that point to the most linked items. 1\u00a0% would be perfectly even."]);
      rows.push(["Without a neighbor", formatNumber(hubness.isolated), "Items that are similar to no other."]);
    }
    const parts = components ?? { count: sizes.components, largest: sizes.largestComponent, isolated: sizes.isolated };
    rows.push(["Separate parts", formatNumber(parts.count), parts.count === 1 ? "Everything hangs together." : `The largest holds ${formatNumber(parts.largest)} of ${formatNumber(sizes.items)} items; ${formatNumber(parts.isolated)} stand alone.`]);
    if (distortions?.histogram.length) rows.push(["Average distortion", distortion(averageDistortion), "How far the embedding is from what the links ask for. Compare only maps with equal graph and embedding settings."]);
    facts.replaceChildren(...rows.map((row) => this.#row(row)));
    spread.hidden = worst.hidden = !distortions?.histogram.length;
    if (!distortions?.histogram.length) return;
    spread.replaceChildren(this.#histogram(distortions), this.#ends(distortions));
    pairs.replaceChildren(...distortions.worst.slice(0, PAIRS).map((each) => this.#pair(each, shown)));
  }

  /**
   * @param {import("../types.js").QualityReport | null | undefined} quality not there yet at first
   * @param {number} items of the map
   */
  measured(quality, items) {
    this.#elements.measures.replaceChildren(...measureRows(quality, items).map((row) => this.#row(row)));
  }

  /** @param {[name: string, value: string, help: string]} row */
  #row([name, value, help]) {
    const row = make("div");
    const number = make("dd", value);
    number.className = "number";
    const note = make("dd", help);
    note.className = "help";
    row.append(make("dt", name), number, note);
    return row;
  }

  /** @param {Distortions} distortions */
  #histogram({ histogram, quantiles }) {
    const [, low, , middle, , high] = quantiles;
    const names = "http://www.w3.org/2000/svg";
    const svg = document.createElementNS(names, "svg");
    svg.setAttribute("viewBox", `0 0 ${histogram.length * 4} 40`);
    svg.setAttribute("preserveAspectRatio", "none");
    svg.setAttribute("role", "img");
    svg.setAttribute("aria-label", `Distortions of all pairs: half of them are at most ${distortion(middle)}, 9 of 10 between ${distortion(low)} and ${distortion(high)}.`);
    // Counts span orders of magnitude, and the few bad pairs are what one looks for: heights by square root.
    const most = Math.sqrt(Math.max(...histogram, 1));
    histogram.forEach((count, bin) => {
      if (!count) return;
      const height = Math.max((40 * Math.sqrt(count)) / most, 1);
      const bar = document.createElementNS(names, "rect");
      for (const [key, value] of Object.entries({ x: bin * 4 + 0.4, y: 40 - height, width: 3.2, height })) bar.setAttribute(key, String(value));
      svg.append(bar);
    });
    return svg;
  }

  /** @param {Distortions} distortions */
  #ends({ quantiles }) {
    const ends = make("figcaption");
    ends.className = "row number";
    for (const text of [distortion(quantiles[0]), `half below ${distortion(quantiles[3])}`, distortion(quantiles[6])]) ends.append(make("span", text));
    return ends;
  }

  /**
   * @param {import("../types.js").WorstPair} worst
   * @param {Shown} shown
   */
  #pair({ pair, similar, distance, distortion: value }, { labels, names }) {
    const entry = make("li");
    const button = /** @type {HTMLButtonElement} */ (make("button"));
    button.type = "button";
    const [a, b] = pair.map((id) => labels.at(id) || names.at(id));
    const both = make("span");
    both.append(make("span", a), make("span", b));
    const number = make("span", distortion(value));
    number.className = "number";
    button.append(both, number);
    button.title = `${similar ? "Should be near, are" : "Should be apart, are"} ${distortion(distance)} from each other`;
    button.addEventListener("click", () => this.#onGo(pair));
    entry.append(button);
    return entry;
  }
}
