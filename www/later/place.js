// The sheet "Place my list", and what it leaves on the map: a star where the list lands, a ring around each of its items.

import { formatNumber } from "../format.js";
import { rgb } from "./lines.js";

/** @typedef {import("../types.js").Landing} Landing */

/** Neighbors that the camera shows around the star. */
const AROUND = 6;

export class Place {
  /** @type {Record<"status" | "missing" | "result" | "near" | "star", HTMLElement> & {text: HTMLTextAreaElement, rings: HTMLCanvasElement}} */
  #elements;
  #view;
  #ask;
  #nameOf;
  #onGo;
  /** @type {Landing | null} */
  #landing = null;
  #request = 0;

  /**
   * @param {(name: string) => any} part an element of the sheet
   * @param {import("../view.js").MapView} view
   * @param {(call: string, args: unknown[]) => Promise<any>} ask the engine, about the map on screen
   * @param {(id: number) => string} nameOf
   * @param {(id: number) => void} onGo an item was chosen
   */
  constructor(part, view, ask, nameOf, onGo) {
    const [form, text, status, missing, result, near, star, rings] = ["form", "text", "status", "missing", "result", "near", "star", "rings"].map(part);
    this.#elements = { text, status, missing, result, near, star, rings };
    this.#view = view;
    this.#ask = ask;
    this.#nameOf = nameOf;
    this.#onGo = onGo;
    form.addEventListener("submit", (/** @type {SubmitEvent} */ event) => {
      event.preventDefault();
      this.#place();
    });
    // A file dropped here is the list; anywhere else it is another map's data.
    form.addEventListener("drop", async (/** @type {DragEvent} */ event) => {
      const file = event.dataTransfer?.files[0];
      if (!file) return;
      event.preventDefault();
      text.value = await file.text();
      this.#place();
    });
  }

  /** Whether a list is on the map. */
  get placed() {
    return this.#landing !== null;
  }

  async #place() {
    const { text, status, missing, result, near } = this.#elements;
    const request = ++this.#request;
    status.textContent = "Looking…";
    /** @type {Landing | null} */
    let landing = null;
    let said = "The map’s data is not at hand any more: make the map again.";
    try {
      landing = await this.#ask("place", [text.value]);
    } catch (error) {
      said = /** @type {import("../types.js").ErrorObject} */ (error).message;
    }
    if (request !== this.#request) return;
    const lost = landing?.missing ?? [];
    missing.hidden = lost.length === 0;
    missing.textContent = lost.length ? `Not on this map: ${lost.join(", ")}` : "";
    const found = landing?.ids.length ?? 0;
    if (landing) said = found ? `${formatNumber(found)} found. The star is where they belong together.` : lost.length ? "None of these is on this map." : "There is no name yet.";
    status.textContent = said;
    this.#show(found ? landing : null);
    result.hidden = this.#landing === null;
    near.replaceChildren(...[...(this.#landing?.suggestions ?? [])].map((id) => this.#entry(id)));
    if (!this.#landing) return;
    const { at, suggestions, ids } = this.#landing;
    this.#view.flight.revealPlace(at, [...suggestions, ...ids], AROUND);
  }

  /** Takes it off the map. */
  clear() {
    this.#request += 1;
    this.#show(null);
    const { status, missing, result } = this.#elements;
    status.textContent = "";
    missing.hidden = result.hidden = true;
  }

  /** @param {Landing | null} landing */
  #show(landing) {
    this.#landing = landing;
    this.#elements.star.hidden = this.#elements.rings.hidden = landing === null;
    // A constellation: fine lines from the star to its items.
    const { at, ids } = landing ?? { at: [0, 0], ids: new Uint32Array(0) };
    const color = rgb(getComputedStyle(document.documentElement).getPropertyValue("--accent").trim());
    this.#view.change((wasm) => wasm.setRays(1, at[0], at[1], ids, Float32Array.of(...color, 0.55, 1.2, 0)));
    this.draw();
  }

  /** To be called with every frame of the map. */
  draw() {
    if (!this.#landing) return;
    const { star, rings } = this.#elements;
    const { clientWidth, clientHeight } = rings;
    const ratio = devicePixelRatio;
    // Setting the size clears it.
    [rings.width, rings.height] = [clientWidth * ratio, clientHeight * ratio];
    const pen = rings.getContext("2d");
    if (!pen) return;
    pen.scale(ratio, ratio);
    pen.strokeStyle = getComputedStyle(rings).color;
    pen.lineWidth = 2;
    pen.beginPath();
    for (const id of this.#landing.ids) {
      const { x, y, radius } = this.#view.locate(id);
      if (!(x > -40 && y > -40 && x < clientWidth + 40 && y < clientHeight + 40)) continue;
      pen.moveTo(x + radius + 3, y);
      pen.arc(x, y, radius + 3, 0, 7);
    }
    pen.stroke();
    const [x, y] = this.#view.flight.toScreen(this.#landing.at);
    star.style.transform = `translate(${x.toFixed(1)}px, ${y.toFixed(1)}px)`;
  }

  /** @param {number} id */
  #entry(id) {
    const entry = document.createElement("li");
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = this.#nameOf(id);
    button.addEventListener("click", () => this.#onGo(id));
    entry.append(button);
    return entry;
  }
}
