// The galaxy: the camera in space, its flights, and the frames on the way between the flat map and there. What one does
// to move it is in galaxy-input.js.

import { Input } from "./galaxy-input.js";

/** Time in which points and camera go from the map to the galaxy, and back. */
const WAY_MS = 1400;
const FLY_MS = 700;
/** Time in which the camera behind a growing galaxy, and the middle of the picture, go 63 % of their way. */
const FOLLOW_MS = 130;
/** A frame that comes after a rest takes as long, any other at most so long: what follows goes on from where it is. */
const FRAME_MS = { first: 16, longest: 500 };
/** What is held down moves the camera for no longer in a frame: one sees where one goes. */
const HELD_MS = 50;
/** What the canvas's keys do there, for who does not see it. */
const KEYS =
  "W A S D fly, Q and E go down and up, arrow keys turn the galaxy, plus and minus go nearer and farther, 0 shows all of it, Enter picks the item nearest the middle, Escape closes what is open.";
/** Where `goSpace` flies to. */
const GO = { all: 0, first: 1, look: 2, near: 3 };

/**
 * @typedef {object} Hooks what the view gives
 * @property {MediaQueryList} calm matches when motion is to be reduced
 * @property {() => {left: number, right: number, bottom: number}} covered what lies over the canvas at these sides, CSS px
 * @property {() => void} request asks for a frame
 * @property {() => void} moved asks for one of a motion
 * @property {() => number} hovered the item under the pointer, -1 = none
 * @property {(x: number, y: number) => void} hover the pointer rests there
 * @property {() => void} leave the pointer is gone, or busy
 * @property {(x: number, y: number, touch: boolean) => number} click picks; the item or -1
 * @property {(x?: number, y?: number) => void} enter picks the item nearest to there, or the middle
 * @property {() => void} onFlat the points are back on the flat map
 */

export class Galaxy {
  /** Whether the canvas shows it: from the way there to the end of the way back. */
  on = false;
  /** True while the camera shows all by itself. */
  follow = true;

  #canvas;
  #crosshair = document.getElementById("crosshair");
  #keys = document.getElementById("map-keys");
  #flatKeys = this.#keys?.textContent ?? "";
  #view;
  #hooks;
  #input;
  /** @type {{began: number, ms: number, way: boolean} | null} */
  #flight = null;
  #leaving = false;
  /** Whether the camera is not yet where all is seen of places that were new. */
  #behind = false;
  /** When the last frame was that was to have another; 0 = all rests. */
  #last = 0;
  /** Where the camera's target is seen, CSS px. @type {[number, number] | null} */
  #middle = null;

  /**
   * @param {HTMLCanvasElement} canvas
   * @param {import("../types.js").WasmView} view
   * @param {Hooks} hooks
   */
  constructor(canvas, view, hooks) {
    this.#canvas = canvas;
    this.#view = view;
    this.#hooks = hooks;
    this.#input = new Input(canvas, {
      ready: () => this.on && !this.#leaving,
      request: hooks.request,
      turn: (dx, dy) => this.#move(() => view.turnSpace(dx, dy)),
      pan: (dx, dy) => this.#move(() => view.panSpace(dx, dy)),
      dolly: (x, y, factor, hovered) => this.#move(() => view.dollySpace(x, y, factor, hovered ? hooks.hovered() : -1)),
      fly: (right, up, forward) => this.#move(() => view.flySpace(right, up, forward)),
      fit: () => this.fit(),
      hover: hooks.hover,
      leave: hooks.leave,
      click: (x, y, touch, twice) => {
        const id = hooks.click(x, y, touch);
        if (id >= 0 && twice) this.#go(GO.near, id);
      },
      enter: () => hooks.enter(...(this.#middle ?? [])),
    });
  }

  /** Places in space: the points go there from the flat map; in a galaxy they are there at once.
   * @param {Float32Array} xyz
   */
  set(xyz) {
    const began = !this.on || this.#leaving;
    if (!this.on) {
      this.#middle = null;
      this.follow = true;
    }
    this.on = true;
    this.#leaving = false;
    if (this.#keys) this.#keys.textContent = KEYS;
    this.#view.setSpace(xyz);
    if (began) this.#start(WAY_MS, true);
    this.#behind = true;
    this.#hooks.request();
  }

  /** Back to the flat map. */
  leave() {
    if (!this.on || this.#leaving) return;
    this.#leaving = true;
    this.#input.rest();
    this.#hooks.leave();
    this.#view.leaveSpace();
    this.#start(WAY_MS, true);
  }

  /** Other items: there is no galaxy any more. */
  drop() {
    if (!this.on) return;
    this.#view.dropSpace();
    this.#end();
  }

  /** Shows all. */
  fit() {
    this.follow = true;
    this.#go(GO.all, -1);
  }

  /** @param {number} factor goes nearer to the middle */
  zoom(factor) {
    const [x, y] = this.#middle ?? [0, 0];
    this.#move(() => this.#view.dollySpace(x, y, factor, -1));
  }

  /** Looks at an item. @param {number} id */
  reveal(id) {
    this.follow = false;
    this.#go(GO.look, id);
  }

  /** The target's and the eye's places. @returns {number[]} six numbers */
  camera() {
    return [...this.#view.spaceCamera()];
  }

  /** @param {number[]} camera as from camera() */
  setCamera(camera) {
    this.#view.stepSpace(1);
    this.#flight = null;
    this.#behind = false;
    this.follow = false;
    this.#view.setSpaceCamera(new Float64Array(camera));
    this.#hooks.request();
  }

  /** The names that may be shown: see spaceNames. @param {Uint32Array} ids @param {Float32Array} boxes */
  setNames(ids, boxes) {
    this.#view.setSpaceNames(ids, boxes);
  }

  /** Those of this frame. @param {number} amount @param {number} step @param {boolean} wanted */
  names(amount, step, wanted) {
    return this.#view.spaceNames(amount, step, wanted && !this.#leaving);
  }

  /** @param {() => void} move */
  #move(move) {
    this.follow = false;
    this.#behind = false;
    // The visitor takes over; points on their way go on.
    if (!this.#flight?.way) this.#flight = null;
    move();
    this.#hooks.moved();
  }

  /** @param {number} to @param {number} id */
  #go(to, id) {
    if (!this.on || this.#leaving) return;
    this.#behind = false;
    this.#view.goSpace(to, id);
    // Points on their way keep their time, and the camera arrives with them.
    if (!this.#flight?.way) this.#start(FLY_MS, false);
  }

  /** @param {number} ms @param {boolean} way whether points move too */
  #start(ms, way) {
    this.#flight = { began: performance.now(), ms: this.#hooks.calm.matches ? 0 : ms, way };
    if (this.#hooks.calm.matches) this.#step(performance.now());
    this.#hooks.request();
  }

  /** @param {number} now */
  #step(now) {
    if (!this.#flight) return;
    const { began, ms } = this.#flight;
    const t = ms ? Math.min(Math.max((now - began) / ms, 0), 1) : 1;
    this.#view.stepSpace(t < 0.5 ? 4 * t ** 3 : 1 - 4 * (1 - t) ** 3);
    if (t < 1) return;
    this.#flight = null;
    if (this.#leaving) this.#end();
  }

  #end() {
    this.on = this.#leaving = false;
    this.#flight = null;
    if (this.#keys) this.#keys.textContent = this.#flatKeys;
    if (this.#crosshair) this.#crosshair.style.translate = "";
    this.#input.rest();
    this.#hooks.onFlat();
  }

  /**
   * Goes on, in a frame.
   * @param {number} now its time
   * @returns {boolean} whether there is more to come
   */
  frame(now) {
    if (!this.on) return false;
    const elapsed = this.#last ? Math.min(Math.max(now - this.#last, 0), FRAME_MS.longest) : FRAME_MS.first;
    const part = this.#hooks.calm.matches ? 1 : 1 - Math.exp(-elapsed / FOLLOW_MS);
    const held = this.#input.frame(Math.min(elapsed, HELD_MS));
    const aside = !this.#leaving && this.#center(part);
    this.#step(now);
    const follows = this.on && !this.#flight && this.follow && this.#behind;
    if (follows) this.#behind = this.#view.followSpace(part);
    const more = this.on && (held || aside || follows || this.#flight !== null);
    this.#last = more ? now : 0;
    return more;
  }

  /** Keeps the camera's target in the middle of what is free. @param {number} part of the way @returns {boolean} whether it moves */
  #center(part) {
    const { left, right, bottom } = this.#hooks.covered();
    const { clientWidth, clientHeight } = this.#canvas;
    /** @type {[number, number]} */
    const to = [(left + clientWidth - right) / 2, (clientHeight - bottom) / 2];
    const from = this.#middle ?? [clientWidth / 2, clientHeight / 2];
    const there = Math.hypot(to[0] - from[0], to[1] - from[1]) < 0.5;
    this.#middle = there ? to : [from[0] + (to[0] - from[0]) * part, from[1] + (to[1] - from[1]) * part];
    this.#view.setMiddle(...this.#middle);
    const [x, y] = this.#middle;
    if (this.#crosshair) this.#crosshair.style.translate = `${x - clientWidth / 2}px ${y - clientHeight / 2}px`;
    return !there;
  }
}
