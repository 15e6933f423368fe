// The overview: the whole map as a small picture of where its points are dense, drawn once, and the part that is in view.

import { flat } from "../bounds.js";
import { cameraSettings } from "./camera-settings.js";

/** CSS px: the longer side of the map is at most so long. */
const SIZE = { width: 176, height: 126 };
const MARGIN = 8;
/** Up to so many points each is drawn larger than a px, or it would hardly be seen. */
const FEW = { points: 20_000, px: 1.6 };
/** Zoomed in less than this, all of the map is in view. */
const WHOLE = 1.15;
/** How far an arrow key moves the view, as a part of what is in view. */
const STEP = 0.2;

/** How many points lie in each px, lowest row last. @param {ArrayLike<number>} xy @param {{min: number[], scale: number, width: number, height: number}} frame */
export function tally(xy, { min, scale, width, height }) {
  const counts = new Uint32Array(width * height);
  for (let i = 0; i + 1 < xy.length; i += 2) {
    const x = Math.floor((xy[i] - min[0]) * scale);
    const y = height - 1 - Math.floor((xy[i + 1] - min[1]) * scale);
    if (x >= 0 && y >= 0 && x < width && y < height) counts[y * width + x] += 1;
  }
  return counts;
}

/** The box around all points that have a place. @param {ArrayLike<number>} xy */
function extent(xy) {
  const min = [Infinity, Infinity];
  const max = [-Infinity, -Infinity];
  for (let i = 0; i + 1 < xy.length; i += 2) {
    if (!Number.isFinite(xy[i] + xy[i + 1])) continue;
    for (const axis of [0, 1]) {
      min[axis] = Math.min(min[axis], xy[i + axis]);
      max[axis] = Math.max(max[axis], xy[i + axis]);
    }
  }
  return { min, max };
}

export class Minimap {
  #view;
  #session;
  #map;
  #panel = document.createElement("div");
  #canvas = document.createElement("canvas");
  #frame = document.createElement("span");
  /** Map coordinates of the lower left corner, and CSS px per map unit. @type {{min: number[], scale: number, width: number, height: number} | null} */
  #place = null;
  /** CSS px per map unit at which all of the map is seen. */
  #least = 0;

  /**
   * @param {import("../view.js").MapView} view
   * @param {import("../session.js").Session} session
   * @param {HTMLCanvasElement} map
   */
  constructor(view, session, map) {
    this.#view = view;
    this.#session = session;
    this.#map = map;
    const panel = this.#panel;
    panel.id = "minimap";
    panel.tabIndex = 0;
    panel.setAttribute("role", "application");
    panel.setAttribute("aria-label", "Overview: arrow keys move the view, plus and minus zoom");
    panel.hidden = true;
    panel.append(this.#canvas, this.#frame);
    map.parentElement?.append(panel);
    panel.addEventListener("pointerdown", (event) => {
      if (event.button !== 0) return;
      panel.setPointerCapture(event.pointerId);
      this.#go(event);
    });
    panel.addEventListener("pointermove", (event) => {
      if (panel.hasPointerCapture(event.pointerId)) this.#go(event);
    });
    // What the wheel and the keys do to the map, they do here.
    panel.addEventListener("wheel", (event) => {
      event.preventDefault();
      view.zoom(Math.exp(-Math.max(-300, Math.min(300, event.deltaY)) * 0.002));
    }, { passive: false });
    panel.addEventListener("keydown", (event) => this.#key(event));
    new MutationObserver(() => this.redraw()).observe(document.documentElement, { attributeFilter: ["data-theme"] });
    matchMedia(`(resolution: ${devicePixelRatio}dppx)`).addEventListener("change", () => this.redraw());
  }

  /** The points have new places, or there are none. */
  redraw() {
    const shown = this.#session.shown;
    this.#place = null;
    if (shown && !shown.live && cameraSettings().minimap) this.#draw(flat(shown.positions, shown.dim));
    this.follow();
  }

  /** @param {Float32Array} xy */
  #draw(xy) {
    const { min, max } = extent(xy);
    const [spanX, spanY] = [max[0] - min[0], max[1] - min[1]];
    if (!(spanX > 0 || spanY > 0)) return;
    const scale = Math.min((SIZE.width - 2 * MARGIN) / (spanX || 1e-9), (SIZE.height - 2 * MARGIN) / (spanY || 1e-9));
    const [width, height] = [Math.ceil(spanX * scale) + 2 * MARGIN, Math.ceil(spanY * scale) + 2 * MARGIN];
    const corner = [min[0] - MARGIN / scale, min[1] - MARGIN / scale];
    this.#place = { min: corner, scale, width, height };
    this.#least = Math.min(this.#map.clientWidth / spanX, this.#map.clientHeight / spanY) * 0.88;
    const ratio = devicePixelRatio / (xy.length < 2 * FEW.points ? FEW.px : 1);
    const fine = { min: corner, scale: scale * ratio, width: Math.round(width * ratio), height: Math.round(height * ratio) };
    Object.assign(this.#canvas, { width: fine.width, height: fine.height });
    Object.assign(this.#panel.style, { width: `${width}px`, height: `${height}px` });
    const pen = this.#canvas.getContext("2d");
    if (!pen) return;
    const counts = tally(xy, fine);
    const most = Math.log1p(counts.reduce((a, b) => Math.max(a, b), 0));
    const image = pen.createImageData(fine.width, fine.height);
    const [r, g, b] = (getComputedStyle(this.#panel).color.match(/\d+/g) ?? []).map(Number);
    counts.forEach((count, at) => {
      if (count) image.data.set([r, g, b, 100 + (155 * Math.log1p(count)) / most], 4 * at);
    });
    pen.putImageData(image, 0, 0);
  }

  /** To be called with every frame of the map. */
  follow() {
    const place = this.#place;
    const { x, y, zoom } = this.#view.camera();
    // In space it would show what the flat map's camera sees.
    const deep = this.#view.ways.mode === "galaxy" || this.#view.depth.galaxy !== null;
    this.#panel.hidden = !place || deep || zoom < WHOLE * this.#least || !cameraSettings().minimap;
    if (!place || this.#panel.hidden) return;
    const [w, h] = [this.#map.clientWidth, this.#map.clientHeight].map((side) => (side / zoom) * place.scale);
    // So small that it could not be seen, it stays a dot.
    const [width, height] = [Math.max(w, 6), Math.max(h, 6)];
    const left = (x - place.min[0]) * place.scale - width / 2;
    const top = place.height - (y - place.min[1]) * place.scale - height / 2;
    Object.assign(this.#frame.style, { width: `${width}px`, height: `${height}px`, transform: `translate(${left}px, ${top}px)` });
  }

  /** The middle of the view goes to where the pointer is. @param {PointerEvent} event */
  #go(event) {
    const place = this.#place;
    if (!place) return;
    const box = this.#panel.getBoundingClientRect();
    const x = place.min[0] + (event.clientX - box.left) / place.scale;
    const y = place.min[1] + (place.height - (event.clientY - box.top)) / place.scale;
    this.#view.setCamera({ x, y, zoom: this.#view.camera().zoom });
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const [dx, dy] = [STEP * this.#map.clientWidth, STEP * this.#map.clientHeight];
    /** @type {Record<string, () => void>} */
    const keys = {
      ArrowLeft: () => this.#view.pan(dx, 0),
      ArrowRight: () => this.#view.pan(-dx, 0),
      ArrowUp: () => this.#view.pan(0, dy),
      ArrowDown: () => this.#view.pan(0, -dy),
      "+": () => this.#view.zoom(1.4),
      "=": () => this.#view.zoom(1.4),
      "-": () => this.#view.zoom(1 / 1.4),
    };
    if (!keys[event.key] || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    keys[event.key]();
  }
}
