// The names on the map: of items, which appear by importance as one comes near, and of islands, seen from afar. From which zoom
// to which each is there was decided once, in the worker; here they are copied to where they belong, and fade. In a galaxy other
// ones take their place (galaxy-names.js); on the way there and back there are none.

import { flat } from "../bounds.js";
import { GalaxyNames } from "./galaxy-names.js";
import { Lines } from "./lines.js";
import { CAPTIONS, GAP, NAMES, fit, isRtl, rankOf, spacingOf } from "./lettering.js";
import { Sprites } from "./sprites.js";

/** @typedef {import("./naming.js").Naming} Naming */
/** @typedef {{names: boolean, amount: number, islands: boolean}} Settings amount: names appear at so many times their zoom */

const FADE_MS = 160;
/** As an island grows too wide for its name, that goes, from this part of its last zoom on. */
const LEAVES = 0.8;
/** The largest radius of a disc, in CSS px, and the least part of the largest that the smallest is (src/explore/labels.rs). */
const DISC = 22;
/** CSS px at the top that the bar needs, and over which names fade below it. */
const BAR = { height: 50, fade: 14 };

export class Layer {
  /** @type {Settings} */
  settings = { names: true, amount: 1.5, islands: true };
  lines;
  #canvas;
  #pen;
  #map;
  #view;
  #session;
  #labels;
  #calm = matchMedia("(prefers-reduced-motion: reduce)");
  #sprites = new Sprites();
  /** The names, and of which map. @type {(Naming & {items: object, positions: object, islands: boolean}) | null} */
  #naming = null;
  /** How much of each name of an item, and of an island, is seen: 0..1. */
  #seen = new Float32Array(0);
  #seenCaptions = new Float32Array(0);
  /** Names that may be there at the zoom of the frame before. */
  #count = 0;
  #request = 0;
  #last = 0;
  #theme = "";
  #colors = { text: "", muted: "" };
  #blank = true;
  #scheduled = false;
  #galaxy;
  /** How much of the flat map's names is left on the way to a galaxy, 0..1. */
  #stay = 0;
  /** Tells that there are other names. */
  onNamed = () => {};

  /**
   * @param {HTMLElement} map the map's canvas
   * @param {import("../view.js").MapView} view
   * @param {import("../session.js").Session} session
   * @param {import("../labels.js").Labels} labels of the hovered and the pinned item, which come first
   */
  constructor(map, view, session, labels) {
    this.#map = map;
    this.#view = view;
    this.#session = session;
    this.#labels = labels;
    this.#canvas = document.createElement("canvas");
    this.#canvas.id = "names";
    this.#canvas.setAttribute("aria-hidden", "true");
    this.#canvas.style.cssText = "position:fixed;inset:0;width:100%;height:100%;pointer-events:none";
    // Below the rings of a list, the labels and all panels.
    map.after(this.#canvas);
    this.#pen = /** @type {CanvasRenderingContext2D} */ (this.#canvas.getContext("2d"));
    this.lines = new Lines(view, session);
    this.#galaxy = new GalaxyNames(view, session);
    view.ways.onMode(() => this.#find());
  }

  /** What islands are named by: see Naming. */
  get by() {
    return this.#naming?.by ?? [];
  }

  /** A map is finished, or another is shown again: finds its names unless they are known. */
  settle() {
    this.lines.settle();
    return this.#find();
  }

  async #find() {
    const { shown } = this.#session;
    const { islands } = this.settings;
    if (!shown || shown.live || !(this.settings.names || islands)) return this.draw();
    if (this.#view.ways.mode === "galaxy") {
      if (this.settings.names && (await this.#galaxy.settle())) this.#sprites.clear();
      return this.draw();
    }
    const known = this.#naming;
    if (known && known.items === shown.items && known.positions === shown.positions && known.islands === islands) return this.draw();
    const request = ++this.#request;
    /** @type {Naming | null} */
    const found = await this.#session.ask("names", [islands, flat(shown.positions, shown.dim)]).catch(() => null); // the map is as good without
    if (request !== this.#request || !found || this.#session.shown !== shown || shown.live) return;
    this.#naming = { ...found, items: shown.items, positions: shown.positions, islands };
    this.#seen = new Float32Array(found.ids.length);
    this.#seenCaptions = new Float32Array(found.captions.length);
    this.#count = 0;
    this.#sprites.clear();
    this.onNamed();
    this.draw();
  }

  /** Other settings. @param {Partial<Settings>} settings */
  set(settings) {
    Object.assign(this.settings, settings);
    this.settle();
  }

  /** Whether the points are those of a galaxy, or on the way there or back. */
  get #deep() {
    return this.#view.ways.mode === "galaxy" || this.#view.depth.galaxy !== null;
  }

  /** Whether the names are those of the flat map on screen, and that stands still. */
  get #current() {
    const { shown } = this.#session;
    const naming = this.#naming;
    return naming !== null && shown !== null && !shown.live && naming.items === shown.items && naming.positions === shown.positions && this.#view.standing && !this.#deep;
  }

  /** Whether the flat map's names may still fade: the points go to a galaxy of the same items. */
  get #leaves() {
    const { shown } = this.#session;
    return this.#stay > 0 && this.#deep && shown !== null && !shown.live && this.#naming?.items === shown.items;
  }

  /** All names as a picture shows them: no fade goes on, and there is no bar.
   * @param {import("./overlay.js").Inks} inks
   * @returns {import("./overlay.js").Text[]}
   */
  parts(inks) {
    const { names, islands, amount } = this.settings;
    const { x, y, zoom } = this.#view.camera();
    const { clientWidth: width, clientHeight: height } = this.#map;
    const boxes = this.#labels.boxes();
    const labels = this.#session.shown?.labels;
    /** @type {import("./overlay.js").Text[]} */
    const parts = [];
    /** @param {string} whole @param {import("./lettering.js").Lettering} lettering @param {number[]} at CSS px @param {string} fill @param {number} opacity */
    const write = (whole, lettering, [px, py], fill, opacity) => {
      if (Math.abs(px - width / 2) > width / 2 + lettering.most / 2 || py < -lettering.line || py > height + lettering.line) return;
      const { text, width: w } = fit(this.#pen, lettering, whole);
      const [, weight, size] = (/^(\d+) ([\d.]+)px/.exec(lettering.font) ?? []).map(Number);
      const [left, right, half] = [px - w / 2, px + w / 2, lettering.line / 2];
      if (!text || boxes.some((box) => left < box[2] && box[0] < right && py - half < box[3] && box[1] < py + half)) return;
      parts.push({ kind: "text", x: px, y: py + 0.35 * size, w, text, size, weight, fill, anchor: "middle", halo: inks.paper ?? undefined, edge: 3, spacing: spacingOf(lettering, text), rtl: isRtl(text), opacity });
    };
    /** @param {number} id @param {number} rank @param {number[]} at @param {number} opacity */
    const name = (id, rank, at, opacity) => {
      if (!this.#labels.shows(id)) write(labels?.at(id) ?? "", NAMES[rank], at, rank ? inks.text : inks.muted, opacity);
    };
    if (this.#deep && names) for (const each of this.#galaxy.still(amount)) name(each.id, each.rank, [each.x, each.y], each.opacity);
    if (!this.#naming || !this.#current) return parts;
    const { ids, at, zooms, discs, captions } = this.#naming;
    const hanging = this.#hanging();
    const place = (/** @type {number} */ mx, /** @type {number} */ my, down = 0) => [width / 2 + (mx - x) * zoom, height / 2 - (my - y) * zoom + down];
    for (const { from, to, text, scale, x: cx, y: cy } of islands ? captions : []) {
      const seen = zoom >= from && zoom < to ? Math.min(1, (1 - zoom / to) / (1 - LEAVES)) : 0;
      if (seen > 0.02) write(text, CAPTIONS[scale], place(cx, cy), inks.text, 0.92 * seen);
    }
    for (let i = 0; names && i < ids.length && zooms[i] * amount <= zoom; i += 1) {
      const rank = rankOf(discs[i]);
      name(ids[i], rank, place(at[2 * i], at[2 * i + 1], hanging(discs[i]) + GAP + NAMES[rank].line / 2), 1);
    }
    return parts;
  }

  #clear() {
    if (this.#blank) return;
    this.#blank = true;
    this.#canvas.width = 1; // empties it, and frees its memory
  }

  #later() {
    if (this.#scheduled) return;
    this.#scheduled = true;
    requestAnimationFrame(() => {
      this.#scheduled = false;
      this.draw();
    });
  }

  /** To be called with every frame of the map. */
  draw() {
    const theme = document.documentElement.dataset.theme ?? "";
    if (theme !== this.#theme) this.#dress(theme);
    if (this.#session.shown?.live) this.lines.rest();
    const { names, islands } = this.settings;
    if (!(this.#current || this.#deep) || !(names || islands)) {
      this.#clear();
      return;
    }
    const now = performance.now();
    // After a pause, a frame's worth.
    const step = this.#calm.matches ? 1 : Math.min(now - this.#last, 40) / FADE_MS;
    this.#last = now;
    this.#stay = this.#current ? 1 : this.#leaves ? Math.max(this.#stay - step, 0) : 0;
    const { names: there, more } = this.#deep ? this.#galaxy.frame(this.settings.amount, step, names) : { names: [], more: false };
    if (!this.#stay) this.#forget();
    if (!this.#stay && !there.length) {
      this.#clear();
      if (more) this.#later();
      return;
    }
    const ratio = devicePixelRatio;
    const { clientWidth: width, clientHeight: height } = this.#map;
    const size = [Math.round(width * ratio), Math.round(height * ratio)];
    const pen = this.#pen;
    if (this.#canvas.width !== size[0] || this.#canvas.height !== size[1]) [this.#canvas.width, this.#canvas.height] = size;
    else pen.clearRect(0, 0, size[0], size[1]);
    this.#blank = false;
    this.#sprites.begin(ratio);
    const camera = this.#view.camera();
    const frame = { camera, width, height, ratio, step, boxes: this.#labels.boxes() };
    const fading = [more, this.#stay > 0 && this.#stay < 1];
    if (this.#stay) fading.push(islands && this.#drawCaptions(frame), names && this.#drawNames(frame));
    fading.push(...there.map(({ id, rank, x, y, opacity }) => !this.#putName(id, rank, [x, y], opacity, frame)));
    pen.globalAlpha = 1;
    if (fading.some(Boolean)) this.#later();
  }

  /** The flat map's names will fade in again. */
  #forget() {
    this.#seen.fill(0, 0, this.#count);
    this.#seenCaptions.fill(0);
    this.#count = 0;
  }

  /** @typedef {{camera: import("../types.js").Camera, width: number, height: number, ratio: number, step: number, boxes: number[][]}} Frame */

  /** @param {Frame} frame @returns {boolean} whether another frame is due */
  #drawCaptions({ camera: { x, y, zoom }, width, height, ratio, step, boxes }) {
    const captions = this.#naming?.captions ?? [];
    let fading = false;
    for (const [i, caption] of captions.entries()) {
      const { from, to, text, scale } = caption;
      if (zoom < from || zoom >= to) {
        this.#seenCaptions[i] = 0;
        continue;
      }
      const goal = Math.min(1, (1 - zoom / to) / (1 - LEAVES));
      const lettering = CAPTIONS[scale];
      const at = [width / 2 + (caption.x - x) * zoom, height / 2 - (caption.y - y) * zoom];
      const inside = Math.abs(at[0] - width / 2) < width / 2 + lettering.most / 2 && at[1] > -20 && at[1] < height + 20;
      const seen = inside ? Math.min(goal, this.#seenCaptions[i] + step) : goal;
      const key = `${scale}/${text}`;
      const write = () => ({ ...fit(this.#pen, lettering, text), lettering, color: this.#colors.text });
      if (inside && !this.#put(key, write, at, seen * 0.92 * this.#stay, ratio, boxes)) {
        fading = true;
        continue;
      }
      fading ||= seen < goal;
      this.#seenCaptions[i] = seen;
    }
    return fading;
  }

  /** @param {Frame} frame @returns {boolean} whether another frame is due */
  #drawNames(frame) {
    const { camera, width, height, step } = frame;
    const { x, y, zoom } = camera;
    const { ids, at, zooms, discs } = /** @type {Naming} */ (this.#naming);
    let count = 0;
    for (let to = zooms.length; count < to; ) {
      const middle = (count + to) >> 1;
      if (zooms[middle] <= zoom) count = middle + 1;
      else to = middle;
    }
    // What would overlap at this zoom is gone at once.
    this.#seen.fill(0, count, Math.max(this.#count, count));
    this.#count = count;
    const { amount } = this.settings;
    const hanging = this.#hanging();
    let fading = false;
    for (let i = 0; i < count; i += 1) {
      const goal = zooms[i] * amount <= zoom ? 1 : 0;
      let seen = this.#seen[i];
      const px = width / 2 + (at[2 * i] - x) * zoom;
      const py = height / 2 - (at[2 * i + 1] - y) * zoom;
      if (px < -120 || px > width + 120 || py < -50 || py > height + 20) {
        this.#seen[i] = goal;
        continue;
      }
      if (seen === 0 && goal === 0) continue;
      seen = goal > seen ? Math.min(goal, seen + step) : Math.max(goal, seen - step);
      const rank = rankOf(discs[i]);
      const down = py + hanging(discs[i]) + GAP + NAMES[rank].line / 2;
      const shown = this.#putName(ids[i], rank, [px, down], seen * this.#stay, frame);
      if (shown) this.#seen[i] = seen;
      fading ||= !shown || seen !== goal;
    }
    return fading;
  }

  /** An item's name, unless its label is there. @param {number} id @param {number} rank @param {number[]} at @param {number} opacity @param {Frame} frame */
  #putName(id, rank, at, opacity, { ratio, boxes }) {
    const lettering = NAMES[rank];
    const text = () => fit(this.#pen, lettering, this.#session.shown?.labels.at(id) ?? "");
    const write = () => ({ ...text(), lettering, color: rank ? this.#colors.text : this.#colors.muted });
    return this.#labels.shows(id) || this.#put(`${id}`, write, at, opacity, ratio, boxes);
  }

  /** How far below its item's place a name hangs: on the disc's edge. */
  #hanging() {
    const { ids, discs } = /** @type {Naming} */ (this.#naming);
    const n = this.#session.shown?.items.n ?? 1;
    // As draw/cloud.rs makes discs of a popularity.
    const base = Math.min(Math.max(80 / Math.cbrt(n), 1.5), 10);
    const least = base / Math.min(Math.max(3.2 * base, 6), 26);
    const part = (/** @type {number} */ disc) => least + (1 - least) * disc;
    const largest = ids.length ? this.#view.locate(ids[0]).radius / part(discs[0]) : 0;
    return (/** @type {number} */ disc) => Math.min(DISC, largest * part(disc));
  }

  /**
   * Copies a name to a place, unless the label of the hovered or the pinned item is there.
   * @param {string} key
   * @param {() => {text: string, width: number, lettering: import("./lettering.js").Lettering, color: string}} write
   * @param {number[]} at its middle, CSS px
   * @param {number} opacity
   * @param {number} ratio
   * @param {number[][]} boxes of those labels: left, top, right, bottom
   * @returns {boolean} false: in a later frame
   */
  #put(key, write, [x, y], opacity, ratio, boxes) {
    const below = Math.min(Math.max((y - BAR.height) / BAR.fade, 0), 1);
    if (below * opacity === 0) return true;
    const sprite = this.#sprites.get(key, write);
    if (!sprite) return false;
    const { width, height } = sprite;
    const [w, h] = [width / ratio / 2, height / ratio / 2];
    if (boxes.some(([left, top, right, bottom]) => x - w < right && left < x + w && y - h < bottom && top < y + h)) return true;
    this.#pen.globalAlpha = opacity * below;
    // On whole device px, or the letters would blur.
    this.#pen.drawImage(sprite.sheet, sprite.x, sprite.y, width, height, Math.round((x - w) * ratio), Math.round((y - h) * ratio), width, height);
    return true;
  }

  /** @param {string} theme */
  #dress(theme) {
    this.#theme = theme;
    const style = getComputedStyle(document.documentElement);
    const color = (/** @type {string} */ name) => style.getPropertyValue(name).trim();
    this.#colors = { text: color("--text"), muted: color("--muted") };
    this.#sprites.halo = color("--bg");
    this.#sprites.clear();
    this.lines.dress({ text: color("--text"), muted: color("--muted"), accent: color("--accent") });
  }
}
