// The camera's own motion: it follows a growing map until the user takes it over, and flies to what is to be seen.

/** @typedef {import("./types.js").Camera} Camera */

/** Time in which the following camera goes 63 % of the remaining way: calm, but never far behind. */
const FOLLOW_MS = 130;
/** A flight takes so long, and so much longer for each unit of its length (src/flight.rs), up to a limit. */
const FLY_MS = { least: 260, more: 260, most: 1700 };
/** What is flown to is not shown nearer than so many times the whole map, unless it is already. */
const NEAREST = 60;
/** So much of what is free is filled by what is flown to. */
const FILLED = 0.8;
/** A layout whose size changes by more than this factor at once has begun a new stage. */
const LEAP = 1.7;
/** Room around a moving map, as a factor of its size. */
const LIVE_ROOM = 1.25;

export class Flight {
  /** True while the camera shows the whole map by itself; false once the user has moved it. */
  follow = true;
  /** True when positions or size changed since the camera last followed. */
  stale = false;
  /** Where the bulk of a moving layout is; null for a finished map.
   * @type {ReturnType<typeof import("./bounds.js").bounds>} */
  bulk = null;

  #canvas;
  #view;
  #calm;
  #covered;
  #request;
  /** @type {{to: Camera, began: number, ms: number} | null} */
  #flight = null;
  /** Time of the last frame. */
  #last = 0;

  /**
   * @param {HTMLCanvasElement} canvas
   * @param {import("./types.js").WasmView} view
   * @param {MediaQueryList} calm matches when motion is to be reduced
   * @param {() => {left: number, right: number, bottom: number}} covered what lies over the map at these sides, CSS px
   * @param {() => void} request asks for a frame
   */
  constructor(canvas, view, calm, covered, request) {
    this.#canvas = canvas;
    this.#view = view;
    this.#calm = calm;
    this.#covered = covered;
    this.#request = request;
  }

  /** Whether the camera is on its way. */
  get flying() {
    return this.#flight !== null;
  }

  /** @returns {Camera} */
  camera() {
    const { x, y, zoom } = this.#view.camera();
    return { x, y, zoom };
  }

  /** Stays where it is. */
  stop() {
    this.#flight = null;
  }

  /** Shows the whole map and keeps doing so while it grows. */
  fit() {
    const from = this.camera();
    this.follow = true;
    this.stale = false;
    this.#fly(from, this.#whole());
  }

  /** The whole map at once, without a flight. */
  fitNow() {
    this.follow = true;
    this.#flight = null;
    this.stale = false;
    this.#mix(this.camera(), this.#whole(), 1);
  }

  /** What is free of the canvas, in CSS px. */
  #free() {
    const { right, bottom } = this.#covered();
    return { right, bottom, width: this.#canvas.clientWidth - right, height: this.#canvas.clientHeight - bottom };
  }

  /**
   * Pans so that an item can be seen beside whatever covers the map.
   * @param {number} id
   * @param {boolean} center to the middle of what is free; else only if it is hidden now
   */
  reveal(id, center) {
    if (this.stale && this.follow && !this.bulk) this.fitNow(); // there was no frame since the map is there
    const [x, y] = this.#view.project(id);
    if (!Number.isFinite(x)) return;
    const { width, height } = this.#free();
    if (!center && x >= 0 && y >= 0 && x <= width && y <= height) return;
    this.#leave(() => this.#view.pan(width / 2 - x, height / 2 - y));
  }

  /**
   * Flies to where both items can be seen beside whatever covers the map.
   * @param {[number, number]} pair
   */
  revealPair([a, b]) {
    const [ax, ay] = this.#view.project(a);
    const [bx, by] = this.#view.project(b);
    if (!Number.isFinite(ax + bx)) return;
    const { width, height } = this.#free();
    // Half of what is free lies between them, unless that would be too near to see what is around.
    const factor = Math.min((0.5 * width) / Math.abs(ax - bx), (0.5 * height) / Math.abs(ay - by), 4);
    const [x, y] = [(ax + bx) / 2, (ay + by) / 2];
    this.#leave(() => {
      this.#view.zoomAt(x, y, factor);
      this.#view.pan(width / 2 - x, height / 2 - y);
    });
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
    const { right, bottom, width, height } = this.#free();
    const [x, y] = this.toScreen(at);
    const far = ids.map((id) => this.#view.project(id)).map((other) => Math.hypot(other[0] - x, other[1] - y));
    far.sort((a, b) => a - b);
    const near = (0.35 * Math.min(width, height)) / (far[Math.min(k, far.length) - 1] || 1);
    const zoom = least * Math.max(1, Math.min(near, 6));
    this.follow = false;
    this.#fly(from, { x: at[0] + right / 2 / zoom, y: at[1] - bottom / 2 / zoom, zoom });
  }

  /**
   * Flies to where all these items are seen beside whatever covers the map.
   * @param {Uint32Array} ids
   */
  revealAll(ids) {
    const [left, top, right, bottom] = this.#view.boxOf(ids);
    if (!(left <= right)) return;
    const from = this.camera();
    const { zoom: least } = this.#whole();
    this.#view.setCamera(from.x, from.y, from.zoom);
    const { width, height } = this.#free();
    const fill = Math.min((FILLED * width) / (right - left || 1), (FILLED * height) / (bottom - top || 1));
    const factor = Math.min(fill, Math.max(1, (NEAREST * least) / from.zoom));
    const [x, y] = [(left + right) / 2, (top + bottom) / 2];
    this.#leave(() => {
      this.#view.zoomAt(x, y, factor);
      this.#view.pan(width / 2 - x, height / 2 - y);
    });
  }

  /** Zooms around a CSS px. @param {number} x @param {number} y @param {number} factor */
  zoomTo(x, y, factor) {
    this.#leave(() => this.#view.zoomAt(x, y, factor));
  }

  /**
   * Zooms at the middle, from where a camera on its way is going: no step is lost, however soon it comes after what moved it.
   * @param {number} factor
   * @returns {boolean} false when the camera rests
   */
  step(factor) {
    const from = this.camera();
    const to = this.#flight?.to ?? (this.stale && this.follow && !this.bulk ? this.#whole() : null);
    if (!to) return false;
    this.#view.setCamera(to.x, to.y, to.zoom);
    this.#view.zoomAt(this.#canvas.clientWidth / 2, this.#canvas.clientHeight / 2, factor);
    this.follow = false;
    this.#fly(from, this.camera());
    return true;
  }

  /** CSS px of a place of the map. @param {ArrayLike<number>} at */
  toScreen(at) {
    const { x, y, zoom } = this.camera();
    return [this.#canvas.clientWidth / 2 + (at[0] - x) * zoom, this.#canvas.clientHeight / 2 - (at[1] - y) * zoom];
  }

  /** Flies to where a move of the camera would bring it. @param {() => void} move */
  #leave(move) {
    const from = this.camera();
    move();
    this.follow = false;
    this.#fly(from, this.camera());
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
      this.#view.setCamera(from.x, from.y, from.zoom);
      const length = this.#view.startFlight(to.x, to.y, to.zoom);
      this.#flight = { to, began: performance.now(), ms: Math.min(FLY_MS.least + FLY_MS.more * length, FLY_MS.most) };
    }
    this.#request();
  }

  /** The camera that shows the whole map, or the bulk of a moving one beside what covers it.
   * @returns {Camera}
   */
  #whole() {
    this.#view.fit();
    const { left } = this.#covered();
    const { clientWidth, clientHeight } = this.#canvas;
    if (!this.bulk) return this.camera();
    const { x, y, width, height } = this.bulk;
    const zoom = Math.min((clientWidth - left) / (width * LIVE_ROOM), clientHeight / (height * LIVE_ROOM));
    return Number.isFinite(zoom) && zoom > 0 ? { x: x - left / 2 / zoom, y, zoom } : this.camera();
  }

  /**
   * Goes on, in a frame.
   * @param {number} now its time
   * @param {boolean} some whether there are items to follow
   * @param {boolean} gliding whether these are on their way to another layout: the camera does not leap then
   */
  frame(now, some, gliding) {
    const elapsed = Math.min(now - this.#last, 1000);
    this.#last = now;
    if (this.#flight) {
      const { to, began, ms } = this.#flight;
      const t = Math.min(Math.max((now - began) / ms, 0), 1);
      if (t < 1) {
        // Quick to start, as somebody waits for it; slow to arrive.
        this.#view.flyTo(1 - (1 - t) ** 3 * (1 + 1.5 * t));
      } else {
        this.#view.setCamera(to.x, to.y, to.zoom);
        this.#flight = null;
      }
    } else if (this.stale && this.follow && some) {
      const from = this.camera();
      const to = this.#whole();
      const near = Math.abs(Math.log(to.zoom / from.zoom)) < 0.002 && Math.hypot(to.x - from.x, to.y - from.y) * to.zoom < 0.5;
      // Between two stages the coordinates change their scale: a camera that leaps along hides it.
      const leap = !gliding && this.bulk !== null && Math.abs(Math.log(to.zoom / from.zoom)) > Math.log(LEAP);
      if (near || leap || this.#calm.matches) {
        this.stale = false;
        this.#mix(from, to, 1);
      } else {
        this.#mix(from, to, 1 - Math.exp(-elapsed / FOLLOW_MS));
      }
    } else {
      this.stale = false;
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
}
