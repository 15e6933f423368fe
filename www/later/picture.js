// The sheet "Save a picture": what is on the map as a PNG as fine as one likes, or as SVG.

import { download, stem } from "../download.js";
import { formatNumber } from "../format.js";
import { besides, family, legendParts, paint, partsIn, pillParts, readLegend, titleParts } from "./overlay.js";
import { dress } from "./dress.js";
import { STYLE } from "./picture-style.js";
import { Png } from "./png.js";
import { MOST_DISCS, MOST_STROKES, PER_DISC, svg } from "./svg.js";

/** @typedef {import("./overlay.js").Part} Part */
/** @typedef {{scale: number, size: number[], paper: number[] | null, parts: Part[], density: number}} Shot density: px per CSS px */

const SCALES = [1, 2, 3, 4, 6, 8];
/** A tile is so wide at most, px. */
const WIDE = 2048;
/** Px of a strip of tiles at first; then as many as take so long, ms. */
const STRIP = { px: 300_000, least: 12, most: 28 };
/** The preview is made again when the map has rested for so long. */
const REST_MS = 250;
/** Colors of text over a dark and over a light paper, as in style.css. */
const INKS = [
  { text: "#e8edf6", muted: "#a3aec2", panel: "#111620" },
  { text: "#151b28", muted: "#4f5b70", panel: "#ffffff" },
];

const FORM = `
  <canvas id="picture-preview" role="img" aria-label="Preview"></canvas>
  <div class="field">
    <label for="picture-size">Format and size</label>
    <select id="picture-size" aria-describedby="picture-note"></select>
    <p id="picture-note" class="help" hidden>SVG is for the map of points: a galaxy or a density can be saved as PNG.</p>
  </div>
  <div class="field">
    <label for="picture-paper">Background</label>
    <div class="together">
      <select id="picture-paper">
        <option value="screen">As on screen</option>
        <option value="#ffffff">White</option>
        <option value="#000000">Black</option>
        <option value="none">Transparent</option>
        <option value="own">A color…</option>
      </select>
      <input id="picture-color" type="color" value="#1d3557" aria-label="Background color" hidden />
    </div>
  </div>
  <fieldset>
    <legend>With</legend>
    <label class="check"><input id="picture-title-on" type="checkbox" checked />Title</label>
    <label class="check"><input id="picture-legend-on" type="checkbox" checked />Legend</label>
    <label class="check"><input id="picture-names-on" type="checkbox" checked />Names</label>
  </fieldset>
  <button id="picture-save" class="primary" type="button">Save</button>
  <div id="picture-work" hidden>
    <progress max="1" value="0" aria-label="Picture"></progress>
    <button type="button">Cancel</button>
  </div>
  <p id="picture-said" class="help" role="status"></p>`;

export class Picture {
  #canvas;
  #view;
  #title;
  #legend;
  #names;
  #labels;
  /** @type {HTMLElement} */
  #panel;
  #pen = /** @type {CanvasRenderingContext2D} */ (document.createElement("canvas").getContext("2d"));
  /** Set while a picture is made. @type {{canceled: boolean} | null} */
  #work = null;
  #later = 0;
  /** What the sizes are listed for. */
  #listed = "";

  /**
   * @param {HTMLElement} panel gets the form
   * @param {object} page
   * @param {HTMLCanvasElement} page.canvas
   * @param {import("../view.js").MapView} page.view
   * @param {() => string} page.title
   * @param {HTMLElement} page.legend
   * @param {HTMLElement[]} page.labels pills over the map
   * @param {(inks: import("./overlay.js").Inks) => Part[]} [page.names] all other names on the map
   */
  constructor(panel, { canvas, view, title, legend, labels, names = () => [] }) {
    this.#panel = panel;
    this.#canvas = canvas;
    this.#view = view;
    this.#title = title;
    this.#legend = legend;
    this.#labels = labels;
    this.#names = names;
    dress(STYLE);
    panel.insertAdjacentHTML("beforeend", FORM);
    panel.addEventListener("change", () => this.show());
    this.#find("color").addEventListener("input", () => this.show());
    view.ways.onMode(() => panel.hidden || this.#work || this.show());
    this.#find("save").addEventListener("click", () => this.#save());
    this.#find("work").querySelector("button")?.addEventListener("click", () => this.cancel());
  }

  /** @template {HTMLElement} [T=HTMLElement] @param {string} name @returns {T} */
  #find(name) {
    return /** @type {T} */ (this.#panel.querySelector(`#picture-${name}`));
  }

  /** Brings sizes and the preview up to date. */
  show() {
    this.#sizes();
    this.#find("color").hidden = this.#value("paper") !== "own";
    this.#find("said").textContent = "";
    this.#preview();
  }

  /** To be called with every frame of the map: the preview follows when no more come. */
  drawn() {
    if (this.#panel.hidden) return;
    clearTimeout(this.#later);
    this.#later = setTimeout(() => {
      if (this.#panel.hidden) return;
      // Not now: what is being saved takes all that the device has, and a frame to come would be drawn twice.
      if (this.#work || this.#view.change((wasm) => wasm.needsDraw())) return this.drawn();
      this.#sizes();
      this.#preview();
    }, REST_MS);
  }

  #sizes() {
    const [w, h] = [this.#canvas.width, this.#canvas.height];
    const flat = this.#view.ways.mode === "map";
    const listed = [w, h, flat].join();
    if (listed === this.#listed) return; // a list that is open stays open
    this.#listed = listed;
    /** @type {HTMLSelectElement} */
    const size = this.#find("size");
    const chosen = size.value || "2";
    const sizes = SCALES.map((scale) => new Option(`PNG ${scale}× · ${formatNumber(w * scale)} × ${formatNumber(h * scale)} px`, String(scale)));
    size.replaceChildren(...sizes, ...(flat ? [new Option("SVG · any size", "svg")] : []));
    size.value = flat || chosen !== "svg" ? chosen : "2";
    this.#find("note").hidden = flat;
  }

  /** @param {string} name */
  #value(name) {
    return /** @type {HTMLSelectElement} */ (this.#find(name)).value;
  }

  /** @param {string} name */
  #on(name) {
    return /** @type {HTMLInputElement} */ (this.#find(`${name}-on`)).checked;
  }

  /** @returns {string | null} */
  #paper() {
    const chosen = this.#value("paper");
    if (chosen === "none") return null;
    if (chosen === "own") return this.#value("color");
    return chosen === "screen" ? getComputedStyle(document.documentElement).getPropertyValue("--bg").trim() : chosen;
  }

  #screen() {
    return { width: this.#canvas.clientWidth, height: this.#canvas.clientHeight };
  }

  /** @returns {Part[]} */
  #parts() {
    const paper = this.#paper();
    const light = paper ? luminance(rgb(paper)) > 0.4 : document.documentElement.dataset.theme === "light";
    const inks = { ...INKS[Number(light)], paper };
    const legend = this.#on("legend") ? readLegend(this.#legend) : null;
    const box = this.#canvas.getBoundingClientRect();
    const over = [
      ...(legend ? legendParts(legend, this.#screen(), inks, this.#pen) : []),
      ...(this.#on("title") ? titleParts(this.#title(), this.#screen(), inks, this.#pen) : []),
    ];
    const names = this.#on("names") ? [...besides(this.#names(inks), over), ...this.#labels.flatMap((label) => pillParts(label, box, this.#pen))] : [];
    return [...names, ...over];
  }

  /** @param {number} scale @returns {Shot} */
  #shot(scale) {
    const size = [this.#canvas.width, this.#canvas.height].map((side) => Math.max(1, Math.round(side * scale)));
    const paper = this.#paper();
    return { scale, size, paper: paper ? rgb(paper) : null, parts: this.#parts(), density: size[0] / this.#screen().width };
  }

  #preview() {
    /** @type {HTMLCanvasElement} */
    const canvas = this.#find("preview");
    const wide = Math.max(this.#panel.clientWidth - 40, 200) * devicePixelRatio;
    const shot = this.#shot(Math.min(1, wide / this.#canvas.width));
    [canvas.width, canvas.height] = shot.size;
    canvas.toggleAttribute("data-clear", !shot.paper);
    const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
    try {
      pen.putImageData(this.#tile(shot, 0, 0, shot.size[0], shot.size[1]), 0, 0);
    } catch {
      return; // the drawing is lost for a moment: there is no preview
    }
    pen.scale(shot.density, shot.density);
    paint(pen, shot.parts);
  }

  /** @param {Shot} shot @param {number} x @param {number} y @param {number} width @param {number} height */
  #tile({ scale, paper }, x, y, width, height) {
    const bytes = this.#view.change((wasm) => wasm.pictureTile(scale, x, y, width, height, Uint8Array.from(paper ?? [])));
    return new ImageData(new Uint8ClampedArray(bytes.buffer, bytes.byteOffset, bytes.length), width, height);
  }

  async #save() {
    if (this.#work) return;
    const work = (this.#work = { canceled: false });
    const chosen = this.#value("size");
    this.#busy(true);
    let said = "";
    try {
      const { file, note = "" } = chosen === "svg" ? this.#svg() : { file: await this.#png(this.#shot(Number(chosen)), work) };
      if (!work.canceled) {
        const name = `${stem(this.#title().split(" · ")[0])}-map.${chosen === "svg" ? "svg" : "png"}`;
        download(file, name);
        said = `Saved ${name}, ${formatNumber(Math.max(1, Math.round(file.size / 1000)))} KB.${note}`;
      }
    } catch (error) {
      said = work.canceled ? "" : String(/** @type {{message?: string}} */ (error).message ?? error);
    }
    this.#work = null;
    this.#busy(false);
    this.#find("said").textContent = work.canceled ? "Canceled." : said;
  }

  /** Stops a picture that is being made. */
  cancel() {
    if (this.#work) this.#work.canceled = true;
  }

  /** @param {boolean} busy */
  #busy(busy) {
    const within = this.#panel.contains(document.activeElement);
    this.#find("work").hidden = !busy;
    this.#find("save").hidden = busy;
    for (const control of this.#panel.querySelectorAll("select, input")) /** @type {HTMLInputElement} */ (control).disabled = busy;
    this.#find("said").textContent = "";
    if (within) (busy ? this.#find("work").querySelector("button") : this.#find("save"))?.focus();
  }

  /** @returns {{file: Blob, note?: string}} note: what it lacks */
  #svg() {
    if (this.#view.ways.mode !== "map") throw new Error("SVG is for the map of points.");
    const color = this.#paper();
    const paper = Uint8Array.from(color ? rgb(color) : []);
    const { discs, ...more } = this.#view.change((wasm) => ({
      discs: wasm.discs(MOST_DISCS, paper),
      strokes: wasm.strokes(MOST_STROKES),
      ring: wasm.ring(paper),
      rims: wasm.hasRims(),
    }));
    if (discs.length === 1) {
      const [n] = discs;
      throw new Error(`An SVG holds up to ${formatNumber(MOST_DISCS)} points, and ${formatNumber(n)} are in view: zoom in, or save a PNG.`);
    }
    if (discs.length % PER_DISC) throw new Error("There are no points to draw.");
    const text = svg({ discs, ...more, screen: this.#screen(), paper: color, parts: this.#parts(), title: this.#title(), family: family() });
    const [found] = more.strokes;
    const note = found > MOST_STROKES ? ` Of ${formatNumber(found)} lines in view it has ${formatNumber(MOST_STROKES)}, the shortest: a PNG has all.` : "";
    return { file: new Blob([text], { type: "image/svg+xml" }), note };
  }

  /**
   * Strip by strip, each of some tiles: the page stays responsive, and no canvas is larger than a strip.
   * @param {Shot} shot
   * @param {{canceled: boolean}} work
   * @returns {Promise<Blob>}
   */
  async #png(shot, work) {
    const [width, height] = shot.size;
    const png = new Png(width, height, !shot.paper);
    const bar = /** @type {HTMLProgressElement} */ (this.#find("work").querySelector("progress"));
    const breathe = async () => {
      await turn();
      if (work.canceled) throw new Error("canceled");
    };
    const sight = () => JSON.stringify([this.#view.ways.mode, this.#view.camera(), this.#view.depth.camera()]);
    const begun = sight();
    const strip = document.createElement("canvas");
    const pen = /** @type {CanvasRenderingContext2D} */ (strip.getContext("2d", { willReadFrequently: true }));
    try {
      let px = STRIP.px;
      for (let y = 0; y < height; ) {
        const rows = Math.min(Math.max(1, Math.floor(px / Math.min(width, WIDE))), height - y, WIDE);
        const parts = partsIn(shot.parts, y / shot.density, (y + rows) / shot.density);
        [strip.width, strip.height] = [width, rows];
        let slowest = 0;
        for (let x = 0; x < width; x += WIDE) {
          if (sight() !== begun) throw new Error("The map moved meanwhile. Save again when it stands still.");
          const began = performance.now();
          pen.putImageData(this.#tile(shot, x, y, Math.min(WIDE, width - x), rows), x, 0);
          slowest = Math.max(slowest, performance.now() - began);
          await breathe();
        }
        if (parts.length) {
          pen.setTransform(shot.density, 0, 0, shot.density, 0, -y);
          paint(pen, parts);
        }
        // In parts as large as the tiles are: this takes time, too.
        const some = Math.max(1, Math.floor(px / width));
        for (let row = 0; row < rows; row += some) {
          await png.rows(pen.getImageData(0, row, width, Math.min(some, rows - row)).data, breathe);
        }
        y += rows;
        bar.value = y / height;
        if (slowest > STRIP.most) px = Math.max(px / 2, 8 * WIDE);
        else if (slowest < STRIP.least) px = Math.min(px * 1.5, 1_000_000);
      }
      return await png.finish();
    } catch (error) {
      await png.abort();
      throw error;
    }
  }
}

/** Lets the page do what waits. */
function turn() {
  const { port1, port2 } = new MessageChannel();
  const turned = new Promise((resolve) => (port1.onmessage = resolve));
  port2.postMessage(null);
  return /** @type {Promise<void>} */ (turned.then(() => port1.close()));
}

/** @param {string} hex @returns {number[]} */
const rgb = (hex) => [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));
/** @param {number[]} color */
const luminance = ([r, g, b]) => (0.2126 * r + 0.7152 * g + 0.0722 * b) / 255;
