// The canvas: owns the wasm View and draws only when something changed. The camera's own motion is in flight.js.

import { bounds, flat } from "./bounds.js";
import { Depth } from "./depth.js";
import { Flight } from "./flight.js";
import { gestures } from "./gestures.js";
import { Motion } from "./motion.js";
import { Pace } from "./pace.js";
import { Picking } from "./picking.js";
import { Relay } from "./relay.js";
import { watchScreen } from "./screen.js";
import { Twinkle } from "./twinkle.js";
import { Ways } from "./ways.js";

/** @typedef {import("./types.js").Camera} Camera */

/** Time in which all items move from one layout to another. */
const TWEEN_MS = 900;
/** Up to this interval of live frames the camera moves between them too. */
const SMOOTH_MS = 100;

export class MapView {
  #canvas;
  #relay;
  #view;
  #events;
  #calm;
  #scheduled = false;
  #lost = false;
  #n = 0;
  /** The camera's own motion over the flat map. */
  flight;
  pace;
  #motion;
  #picking;
  #twinkle;
  /** The mode, and places in space. */
  depth;
  /** The ways to show the map. */
  ways;
  /** True when the user has moved the camera since the last frame. */
  #moved = false;
  /** When the items began to move to another layout; 0 = they stand. */
  #tween = 0;
  #later = 0;

  /**
   * @param {HTMLCanvasElement} canvas
   * @param {import("./types.js").WasmView} first the small View
   * @param {MediaQueryList} calm matches when motion is to be reduced
   * @param {import("./types.js").ViewEvents} events
   */
  constructor(canvas, first, calm, events) {
    this.#canvas = canvas;
    this.#relay = new Relay(first);
    const view = (this.#view = this.#relay.view);
    this.#calm = calm;
    this.#events = events;
    this.pace = new Pace(canvas, events.onPace);
    this.flight = new Flight(canvas, view, calm, events.covered, () => this.#request());
    this.#twinkle = new Twinkle(view, calm);
    const picking = (this.#picking = new Picking(view, events, () => this.#request()));
    this.#motion = new Motion(view, () => this.#request());
    const actions = {
      pan: (/** @type {number} */ dx, /** @type {number} */ dy) => this.#move(() => view.pan(dx, dy)),
      zoomAt: (/** @type {number} */ x, /** @type {number} */ y, /** @type {number} */ factor) => this.#move(() => view.zoomAt(x, y, factor)),
      zoom: (/** @type {number} */ factor) => this.zoom(factor),
      fit: () => this.fit(),
      hover: (/** @type {number} */ x, /** @type {number} */ y) => picking.hover(x, y),
      leave: () => picking.leave(),
      click: (/** @type {number} */ x, /** @type {number} */ y, /** @type {boolean} */ touch) => {
        this.#arrive();
        return picking.choose(x, y, touch ? "touch" : "mouse");
      },
      enter: (x = canvas.clientWidth / 2, y = canvas.clientHeight / 2) => {
        this.#arrive();
        picking.choose(x, y, "middle");
      },
    };
    gestures(canvas, actions);
    const request = () => {
      picking.again();
      this.#request();
    };
    const moved = () => {
      this.#moved = true;
      request();
    };
    const hooks = { ...actions, calm, covered: events.covered, request, moved, hovered: () => picking.hovered, onFlat: request };
    const onMode = () => {
      this.ways.changed();
      events.onMode();
      this.#request();
    };
    this.depth = new Depth(view, this.flight, { onGalaxy: events.onGalaxy, onMode, onFail: events.onFail }, async () => {
      const [{ Galaxy }] = await Promise.all([import("./later/galaxy.js"), this.complete()]);
      return new Galaxy(canvas, view, hooks);
    });
    this.ways = new Ways(view, this.depth, { complete: () => this.complete(), request: () => this.#request(), onFail: events.onFail });
    watchScreen(canvas, {
      resize: (width, height, ratio) => {
        view.resize(width, height, ratio);
        this.flight.stale = true;
        this.#request();
      },
      lost: () => {
        this.#lost = true;
        view.contextLost();
      },
      restored: () => {
        this.#lost = false;
        view.contextRestored();
        this.#request();
      },
    });
  }

  /** @param {Uint32Array} popularity */
  setItems(popularity) {
    this.#n = popularity.length;
    this.#tween = 0;
    this.flight.stop();
    this.depth.drop();
    this.#view.setItems(popularity);
    this.#picking.drop(this.#n);
    this.#request();
  }

  /**
   * @param {Float32Array} positions x0, y0, x1, y1, ..., or in space x0, y0, z0, x1, ...
   * @param {boolean} live a layout that still moves: a following camera shows its bulk. Items on their way from another
   *   layout go there instead
   * @param {number} [dim] numbers for each item
   */
  setPositions(positions, live, dim = 2) {
    this.#picking.again();
    this.#picking.place(live);
    this.#request();
    if (!this.depth.place(positions, live, dim)) return;
    const xy = flat(positions, dim);
    if (this.#tween) this.#view.turnTo(xy);
    else this.#view.setPositions(xy);
    this.flight.bulk = live ? bounds(xy) : null;
    this.flight.stale = true;
  }

  /**
   * Another layout of the same items, all of which is shown: they move there from wherever they are now on screen. At once if
   * motion is to be reduced.
   * @param {Float32Array} positions @param {boolean} live @param {number} [dim] as in setPositions
   */
  moveTo(positions, live, dim = 2) {
    if (this.depth.mode === "galaxy" || dim === 3) return this.setPositions(positions, live, dim);
    const xy = positions;
    this.depth.place(xy, live, dim);
    const from = this.camera();
    this.#tween = 0;
    if (this.#calm.matches) {
      this.setPositions(xy, live);
      this.fitNow();
      return;
    }
    this.#view.moveTo(xy);
    this.#picking.place(live);
    this.#tween = performance.now();
    this.flight.bulk = live ? bounds(xy) : null;
    this.#picking.none();
    this.fitNow();
    this.#view.comeFrom(from.x, from.y, from.zoom);
  }

  /** Asks what is where as soon as that is known. @param {() => void} ask */
  whenKnown(ask) {
    this.#picking.when(ask);
  }

  /** Items on their way are there. */
  #arrive() {
    if (!this.#tween) return;
    this.#tween = 0;
    this.#view.setBlend(1);
    this.#request();
  }

  /** Whether no item is on its way to another layout. */
  get standing() {
    return this.#tween === 0;
  }

  /**
   * Everything that a map can be shown as is there when this returns: all but points comes with the whole View, which takes the
   * place of the small one when nothing moves.
   */
  complete() {
    const still = () => !this.#lost && !this.#tween && !this.flight.flying;
    return this.#relay.complete(this.#events.load, this.#canvas, still, () => this.#request());
  }

  /** The view of a link, once its map is there.
   * @param {import("./types.js").LinkContent} link
   */
  arrive(link) {
    if (link.camera) this.setCamera(link.camera);
    else this.fitNow();
    this.ways.arrive(link);
  }

  /** What a link keeps of the view. */
  state() {
    return { camera: this.follow ? null : this.camera(), ...this.ways.state() };
  }

  /** @param {number} id the item to mark as selected; -1 = none */
  select(id) {
    this.#view.setSelected(id);
    if (id >= 0) this.twinkle();
    else this.#request();
  }

  /** Selected and highlighted items twinkle for a moment. */
  twinkle() {
    this.#twinkle.start();
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

  /** True while the camera shows the whole map by itself; false once the user has moved it. */
  get follow() {
    return this.flight.follow;
  }

  set follow(follow) {
    this.flight.follow = follow;
    if (this.depth.galaxy) this.depth.galaxy.follow = follow;
  }

  camera() {
    return this.flight.camera();
  }

  /**
   * Shows exactly this part of the map and stops following.
   * @param {Camera} camera
   */
  setCamera(camera) {
    this.follow = false;
    this.flight.stop();
    this.#view.setCamera(camera.x, camera.y, camera.zoom);
    this.#request();
  }

  /** Shows the whole map and keeps doing so while it grows. */
  fit() {
    if (this.depth.galaxy) this.depth.galaxy.fit();
    else if (this.#n) this.flight.fit();
  }

  /** The whole map at once, without a flight. */
  fitNow() {
    this.follow = true;
    this.flight.stop();
    if (this.#n) this.flight.fitNow();
    this.#request();
  }

  /** @param {number} factor zooms at the middle */
  zoom(factor) {
    if (this.depth.galaxy && this.ways.mode === "galaxy") this.depth.galaxy.zoom(factor);
    else if (!this.#n || !this.flight.step(factor)) this.#move(() => this.#view.zoomAt(this.#canvas.clientWidth / 2, this.#canvas.clientHeight / 2, factor));
  }

  /** Moves the map, as a hand does. @param {number} dx @param {number} dy CSS px */
  pan(dx, dy) {
    this.#move(() => this.#view.pan(dx, dy));
  }

  /** Flies nearer to or farther from a CSS px. @param {number} x @param {number} y @param {number} factor */
  zoomTo(x, y, factor) {
    if (this.#n) this.flight.zoomTo(x, y, factor);
  }

  /** Shows an item, see flight.js. @param {number} id @param {boolean} center */
  reveal(id, center) {
    if (this.depth.galaxy) this.depth.galaxy.reveal(id);
    else this.flight.reveal(id, center);
  }

  /** Shows two items. @param {[number, number]} pair */
  revealPair(pair) {
    if (this.depth.galaxy) this.depth.galaxy.fit();
    else this.flight.revealPair(pair);
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
    this.flight.stop();
    this.#moved = true;
    move();
    this.#picking.again();
    this.#request();
  }

  #request() {
    if (this.#scheduled) return;
    this.#scheduled = true;
    requestAnimationFrame((now) => this.#frame(now));
  }

  #requestLater() {
    clearTimeout(this.#later);
    this.#later = setTimeout(() => this.#request(), this.pace.interval > SMOOTH_MS ? this.pace.interval : 0);
  }

  /** @param {number} now */
  #frame(now) {
    const began = performance.now();
    this.#scheduled = false;
    if (this.#lost) return;
    const deep = this.depth.galaxy?.frame(now) ?? false;
    if (this.#moved || this.flight.flying || this.#tween || deep) this.#motion.frame(now);
    this.#moved = false;
    if (this.#tween || deep) this.#picking.wait();
    this.#animate(now);
    this.#twinkle.frame(now);
    if (!deep) this.#picking.frame();
    const drawn = this.#view.draw();
    if (drawn) this.#events.onDraw();
    else if (this.#view.needsDraw() && !this.#works()) return;
    const { flying, stale, bulk } = this.flight;
    if (drawn && (bulk || this.depth.live)) this.pace.drawn(began);
    // Behind a moving map the camera follows at the pace of its frames; what the user does is shown at once.
    if (deep || flying || this.#tween || this.#twinkle.on || (stale && !bulk) || this.#view.needsDraw()) this.#request();
    else if (stale) this.#requestLater();
    else this.#picking.rest();
  }

  /** Whether what is still being compiled may come. */
  #works() {
    try {
      return this.#view.compiled() || true;
    } catch (thrown) {
      this.#lost = true; // until there is another context
      this.#events.onFail(thrown);
      return false;
    }
  }

  /** @param {number} now */
  #animate(now) {
    if (this.#tween) {
      const t = Math.min(Math.max((now - this.#tween) / TWEEN_MS, 0), 1);
      this.#view.setBlend(t * t * (3 - 2 * t));
      if (t === 1) this.#tween = 0;
      if (t === 1) this.#picking.again();
    }
    this.flight.frame(now, this.#n > 0, this.#tween > 0);
  }
}
