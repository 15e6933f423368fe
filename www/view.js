// The canvas: owns the wasm View, draws only when something changed, and keeps the camera
// following the growing map until the user takes it over.

import { bounds } from "./bounds.js";
import { gestures } from "./gestures.js";
import { Motion } from "./motion.js";
import { Pace } from "./pace.js";

/** @typedef {import("./types.js").Camera} Camera */

/** Time in which the following camera goes 63 % of the remaining way: calm, but never far behind. */
const FOLLOW_MS = 130;
const FLY_MS = 450;
/** Time in which all items move from one layout to another. */
const TWEEN_MS = 900;
/** A layout whose size changes by more than this factor at once has begun a new stage. */
const LEAP = 1.7;
/** Room around a moving map, as a factor of its size. */
const LIVE_ROOM = 1.25;
/** Up to this interval of live frames the camera moves between them too. */
const SMOOTH_MS = 100;
/** How far from a dot a press still means it, in CSS pixels. */
const REACH = { mouse: 4, touch: 18, middle: 10_000 };

/**
 * @typedef {object} Events
 * @property {() => {left: number, right: number, bottom: number}} covered what lies over the map at these sides, CSS px
 * @property {(id: number) => void} onHover -1 = none
 * @property {(id: number) => void} onSelect -1 = none; only for presses on the map
 * @property {() => void} onDraw after every drawn frame
 * @property {(interval: number) => void} onPace milliseconds between live frames that this device shows without effort
 */

export class MapView {
  /** True while the camera shows the whole map by itself; false once the user has moved it. */
  follow = true;

  #canvas;
  #view;
  #events;
  #calm;
  #scheduled = false;
  #lost = false;
  #n = 0;
  #hover = -1;
  /** Where the pointer rests, or null. @type {{x: number, y: number} | null} */
  #pointer = null;
  #pick = false;
  /** @type {{from: Camera, to: Camera, began: number} | null} */
  #flight = null;
  /** Where the bulk of a moving layout is; null for a finished map.
   * @type {ReturnType<typeof bounds>} */
  #bulk = null;
  /** Time of the last frame. */
  #last = 0;
  #pace;
  #motion;
  /** True when the user has moved the camera since the last frame. */
  #moved = false;
  /** When the items began to move to another layout; 0 = they stand. */
  #tween = 0;
  #later = 0;
  /** True when positions or size changed since the camera last followed. */
  #stale = false;

  /**
   * @param {HTMLCanvasElement} canvas
   * @param {import("./types.js").WasmView} view
   * @param {MediaQueryList} calm matches when motion is to be reduced
   * @param {Events} events
   */
  constructor(canvas, view, calm, events) {
    this.#canvas = canvas;
    this.#view = view;
    this.#calm = calm;
    this.#events = events;
    this.#pace = new Pace(events.onPace);
    this.#motion = new Motion(view, () => this.#request());
    gestures(canvas, {
      pan: (dx, dy) => this.#move(() => view.pan(dx, dy)),
      zoomAt: (x, y, factor) => this.#move(() => view.zoomAt(x, y, factor)),
      fit: () => this.fit(),
      hover: (x, y) => {
        this.#pointer = { x, y };
        this.#pick = true;
        this.#request();
      },
      leave: () => {
        this.#pointer = null;
        this.#setHover(-1);
      },
      click: (x, y, touch) => events.onSelect(this.#n ? view.pick(x, y, touch ? REACH.touch : REACH.mouse) : -1),
      enter: () => {
        const { clientWidth, clientHeight } = canvas;
        if (this.#n) events.onSelect(view.pick(clientWidth / 2, clientHeight / 2, REACH.middle));
      },
    });
    canvas.addEventListener("webglcontextlost", (event) => {
      event.preventDefault(); // without this the browser never restores it
      this.#lost = true;
      view.contextLost();
    });
    canvas.addEventListener("webglcontextrestored", () => {
      this.#lost = false;
      view.contextRestored();
      this.#request();
    });
    new ResizeObserver(() => this.#resize()).observe(canvas);
    this.#watchPixelRatio();
    this.#resize();
  }

  /** @param {Uint32Array} popularity */
  setItems(popularity) {
    this.#n = popularity.length;
    this.#hover = -1;
    this.#flight = null;
    this.#view.setItems(popularity);
    this.#events.onHover(-1);
    this.#request();
  }

  /**
   * @param {Float32Array} xy x0, y0, x1, y1, ...
   * @param {boolean} live a layout that still moves: a following camera shows its bulk
   */
  setPositions(xy, live) {
    this.#view.setPositions(xy);
    this.#tween = 0;
    this.#bulk = live ? bounds(xy) : null;
    this.#stale = true;
    this.#pick = this.#pointer !== null;
    this.#request();
  }

  /**
   * Another finished layout of the same items: they move there, from wherever they are now. At once if motion is to be reduced.
   * @param {Float32Array} xy x0, y0, x1, y1, ...
   */
  moveTo(xy) {
    if (this.#calm.matches) {
      this.setPositions(xy, false);
      return;
    }
    this.#view.moveTo(xy);
    this.#tween = performance.now();
    this.#bulk = null;
    this.#stale = true;
    this.#setHover(-1);
    this.#request();
  }

  /**
   * @template T
   * @param {(view: import("./types.js").WasmView) => T} change colors, selection, background
   * @returns {T}
   */
  change(change) {
    const result = change(this.#view);
    this.#request();
    return result;
  }

  /** @returns {Camera} */
  camera() {
    const { x, y, zoom } = this.#view.camera();
    return { x, y, zoom };
  }

  /**
   * Shows exactly this part of the map and stops following.
   * @param {Camera} camera
   */
  setCamera(camera) {
    this.follow = false;
    this.#flight = null;
    this.#view.setCamera(camera.x, camera.y, camera.zoom);
    this.#request();
  }

  /** Shows the whole map and keeps doing so while it grows. */
  fit() {
    if (!this.#n) return;
    const from = this.camera();
    this.follow = true;
    this.#stale = false;
    this.#fly(from, this.#whole());
  }

  /** The whole map at once, without a flight. */
  fitNow() {
    this.follow = true;
    this.#flight = null;
    this.#stale = false;
    if (this.#n) this.#mix(this.camera(), this.#whole(), 1);
    this.#request();
  }

  /** @param {number} factor zooms at the middle */
  zoom(factor) {
    this.#move(() => this.#view.zoomAt(this.#canvas.clientWidth / 2, this.#canvas.clientHeight / 2, factor));
  }

  /**
   * Pans so that an item can be seen beside whatever covers the map.
   * @param {number} id
   * @param {boolean} center to the middle of what is free; else only if it is hidden now
   */
  reveal(id, center) {
    const [x, y] = this.#view.project(id);
    if (!Number.isFinite(x)) return;
    const { right, bottom } = this.#events.covered();
    const width = this.#canvas.clientWidth - right;
    const height = this.#canvas.clientHeight - bottom;
    if (!center && x >= 0 && y >= 0 && x <= width && y <= height) return;
    const from = this.camera();
    this.#view.pan(width / 2 - x, height / 2 - y);
    this.follow = false;
    this.#fly(from, this.camera());
  }

  /**
   * Flies to where both items can be seen beside whatever covers the map.
   * @param {[number, number]} pair
   */
  revealPair([a, b]) {
    const [ax, ay] = this.#view.project(a);
    const [bx, by] = this.#view.project(b);
    if (!Number.isFinite(ax + bx)) return;
    const { right, bottom } = this.#events.covered();
    const width = this.#canvas.clientWidth - right;
    const height = this.#canvas.clientHeight - bottom;
    // Half of what is free lies between them, unless that would be too near to see what is around.
    const factor = Math.min((0.5 * width) / Math.abs(ax - bx), (0.5 * height) / Math.abs(ay - by), 4);
    const [x, y] = [(ax + bx) / 2, (ay + by) / 2];
    const from = this.camera();
    this.#view.zoomAt(x, y, factor);
    this.#view.pan(width / 2 - x, height / 2 - y);
    this.follow = false;
    this.#fly(from, this.camera());
  }

  /**
   * Flies to a place of the map so that what is near to it can be seen too, beside whatever covers the map.
   * @param {ArrayLike<number>} at map coordinates
   * @param {number[]} ids
   * @param {number} k how many of these
   */
  revealPlace(at, ids, k) {
    const from = this.camera();
    const { zoom: least } = this.#whole();
    const { right, bottom } = this.#events.covered();
    const half = 0.5 * Math.min(this.#canvas.clientWidth - right, this.#canvas.clientHeight - bottom);
    const [x, y] = this.toScreen(at);
    const far = ids.map((id) => this.locate(id)).map((other) => Math.hypot(other.x - x, other.y - y));
    far.sort((a, b) => a - b);
    const zoom = least * Math.max(1, Math.min((0.7 * half) / (far[Math.min(k, far.length) - 1] || 1), 6));
    this.follow = false;
    this.#fly(from, { x: at[0] + right / 2 / zoom, y: at[1] - bottom / 2 / zoom, zoom });
  }

  /** CSS px of a place of the map. @param {ArrayLike<number>} at */
  toScreen(at) {
    const { x, y, zoom } = this.camera();
    return [this.#canvas.clientWidth / 2 + (at[0] - x) * zoom, this.#canvas.clientHeight / 2 - (at[1] - y) * zoom];
  }

  /**
   * @param {number} id
   * @returns {{x: number, y: number, radius: number}} of its disc, CSS px in the canvas; NaN for an item without a place
   */
  locate(id) {
    const [x, y] = this.#view.project(id);
    return { x, y, radius: this.#view.diameter(id) / 2 };
  }

  /** @param {() => void} move */
  #move(move) {
    if (!this.#n) return;
    this.follow = false;
    this.#flight = null;
    this.#moved = true;
    move();
    this.#pick = this.#pointer !== null;
    this.#request();
  }

  /**
   * @param {Camera} from
   * @param {Camera} to
   */
  #fly(from, to) {
    if (this.#calm.matches) {
      this.#flight = null;
      this.#view.setCamera(to.x, to.y, to.zoom);
    } else {
      this.#flight = { from, to, began: performance.now() };
      this.#view.setCamera(from.x, from.y, from.zoom);
    }
    this.#request();
  }

  /** @param {number} id */
  #setHover(id) {
    if (id === this.#hover) return;
    this.#hover = id;
    this.#view.setHover(id);
    this.#events.onHover(id);
    this.#request();
  }

  #request() {
    if (this.#scheduled) return;
    this.#scheduled = true;
    requestAnimationFrame((now) => this.#frame(now));
  }

  #requestLater() {
    clearTimeout(this.#later);
    this.#later = setTimeout(() => this.#request(), this.#pace.interval > SMOOTH_MS ? this.#pace.interval : 0);
  }

  /** @param {number} now */
  #frame(now) {
    const began = performance.now();
    this.#scheduled = false;
    if (this.#lost) return;
    if (this.#moved || this.#flight || this.#tween) this.#motion.frame(now);
    this.#moved = false;
    this.#animate(now);
    if (this.#pick && this.#pointer) {
      this.#pick = false;
      this.#setHover(this.#n ? this.#view.pick(this.#pointer.x, this.#pointer.y, REACH.mouse) : -1);
    }
    const drawn = this.#view.draw();
    if (drawn) this.#events.onDraw();
    if (drawn && this.#bulk) this.#pace.drawn(began);
    // Behind a moving map the camera follows at the pace of its frames; what the user does is shown at once.
    if (this.#flight || this.#tween || (this.#stale && !this.#bulk) || this.#view.needsDraw()) this.#request();
    else if (this.#stale) this.#requestLater();
  }

  /** The camera that shows the whole map, or the bulk of a moving one beside what covers it.
   * @returns {Camera}
   */
  #whole() {
    this.#view.fit();
    const { left } = this.#events.covered();
    const { clientWidth, clientHeight } = this.#canvas;
    if (!this.#bulk) return this.camera();
    const { x, y, width, height } = this.#bulk;
    const zoom = Math.min((clientWidth - left) / (width * LIVE_ROOM), clientHeight / (height * LIVE_ROOM));
    return Number.isFinite(zoom) && zoom > 0 ? { x: x - left / 2 / zoom, y, zoom } : this.camera();
  }

  /** @param {number} now */
  #animate(now) {
    const elapsed = Math.min(now - this.#last, 1000);
    this.#last = now;
    if (this.#tween) {
      const t = Math.min(Math.max((now - this.#tween) / TWEEN_MS, 0), 1);
      this.#view.setBlend(t * t * (3 - 2 * t));
      if (t === 1) this.#tween = 0;
      this.#pick = t === 1 && this.#pointer !== null;
    }
    if (this.#flight) {
      const { from, to, began } = this.#flight;
      const t = Math.min(Math.max((now - began) / FLY_MS, 0), 1);
      const eased = 1 - (1 - t) ** 3;
      this.#mix(from, to, eased);
      if (t === 1) this.#flight = null;
    } else if (this.#stale && this.follow && this.#n) {
      const from = this.camera();
      const to = this.#whole();
      const near = Math.abs(Math.log(to.zoom / from.zoom)) < 0.002 && Math.hypot(to.x - from.x, to.y - from.y) * to.zoom < 0.5;
      // Between two stages the coordinates change their scale: a camera that leaps along hides it.
      const leap = this.#bulk !== null && Math.abs(Math.log(to.zoom / from.zoom)) > Math.log(LEAP);
      if (near || leap || this.#calm.matches) {
        this.#stale = false;
        this.#mix(from, to, 1);
      } else {
        this.#mix(from, to, 1 - Math.exp(-elapsed / FOLLOW_MS));
      }
    } else {
      this.#stale = false;
    }
  }

  /**
   * @param {Camera} from
   * @param {Camera} to
   * @param {number} t 0..1; exactly `to` at 1
   */
  #mix(from, to, t) {
    if (t === 1) {
      this.#view.setCamera(to.x, to.y, to.zoom);
    } else {
      const zoom = from.zoom * (to.zoom / from.zoom) ** t;
      this.#view.setCamera(from.x + (to.x - from.x) * t, from.y + (to.y - from.y) * t, zoom);
    }
  }

  #resize() {
    const { clientWidth, clientHeight } = this.#canvas;
    if (!clientWidth || !clientHeight) return;
    this.#view.resize(clientWidth, clientHeight, devicePixelRatio);
    this.#stale = true;
    this.#request();
  }

  /** Browser zoom and a move to another screen change the ratio without changing the CSS size. */
  #watchPixelRatio() {
    matchMedia(`(resolution: ${devicePixelRatio}dppx)`).addEventListener(
      "change",
      () => {
        this.#resize();
        this.#watchPixelRatio();
      },
      { once: true },
    );
  }
}
