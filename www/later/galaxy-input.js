// Mouse, touch, keyboard and gamepad in a galaxy. They take the canvas's events before the flat map does.
//
//   mouse     drag turns, with the right button or Shift it moves; the wheel goes to what is under the pointer
//   touch     one finger turns, two move and pinch
//   keyboard  W A S D fly, Q E down and up (by their places on the keyboard), arrows turn, + - nearer and farther, 0 all,
//             Enter the item nearest the middle; Shift: four times as fast
//   gamepad   left stick flies, right stick turns, triggers down and up, A = Enter, Y = all

/** A press that moves less than this many CSS pixels is a click; fingers tremble more. */
const CLICK_SLOP = { mouse: 4, pen: 6, touch: 10 };
/** Two clicks within this time and this many CSS pixels are a double click. */
const TWICE = { ms: 350, px: 24 };
const KEY_ZOOM = 1.4;
/** Distances to the camera's target that one flies in a second, and CSS pixels that one turns. */
const FLY = 0.9;
const TURN = 420;
/** A key that was let go before a frame came counts as held for so many ms. */
const TAP_MS = 60;
/** Sticks that are let go are seldom at 0. */
const DEAD = 0.15;
/** A gamepad at rest is asked so often, in ms. */
const REST_MS = 120;

/** What a held key does: right, up, forward, turn right, turn up. @type {Record<string, number[]>} */
const HELD = {
  KeyW: [0, 0, 1, 0, 0],
  KeyS: [0, 0, -1, 0, 0],
  KeyA: [-1, 0, 0, 0, 0],
  KeyD: [1, 0, 0, 0, 0],
  KeyQ: [0, -1, 0, 0, 0],
  KeyE: [0, 1, 0, 0, 0],
  ArrowLeft: [0, 0, 0, 1, 0],
  ArrowRight: [0, 0, 0, -1, 0],
  ArrowUp: [0, 0, 0, 0, 1],
  ArrowDown: [0, 0, 0, 0, -1],
};

/**
 * @typedef {object} Actions
 * @property {() => boolean} ready whether the canvas shows a galaxy that can be moved
 * @property {() => void} request asks for a frame
 * @property {(dx: number, dy: number) => void} turn as a hand that drags by CSS px
 * @property {(dx: number, dy: number) => void} pan
 * @property {(x: number, y: number, factor: number, hovered: boolean) => void} dolly to the hovered item, or what is under the pixel
 * @property {(right: number, up: number, forward: number) => void} fly
 * @property {() => void} fit
 * @property {(x: number, y: number) => void} hover
 * @property {() => void} leave
 * @property {(x: number, y: number, touch: boolean, twice: boolean) => void} click
 * @property {() => void} enter
 */

export class Input {
  #canvas;
  #actions;
  /** Pointers that are down, and where. @type {Map<number, {x: number, y: number}>} */
  #down = new Map();
  #start = { x: 0, y: 0 };
  #moved = false;
  /** The click before. */
  #clicked = { x: 0, y: 0, time: -Infinity };
  /** @type {Set<string>} */
  #held = new Set();
  /** Pressed since the last frame. @type {Set<string>} */
  #tapped = new Set();
  #fast = false;
  /** Gamepad buttons that were down. */
  #buttons = 0;
  #later = 0;

  /**
   * @param {HTMLCanvasElement} canvas
   * @param {Actions} actions
   */
  constructor(canvas, actions) {
    this.#canvas = canvas;
    this.#actions = actions;
    /** @type {Record<string, (event: any) => void>} */
    const handlers = {
      pointerdown: (event) => this.#press(event),
      pointermove: (event) => this.#drag(event),
      pointerup: (event) => this.#release(event),
      pointercancel: (event) => this.#release(event),
      pointerleave: () => actions.leave(),
      wheel: (event) => this.#wheel(event),
      contextmenu: (event) => event.preventDefault(),
    };
    for (const [name, handle] of Object.entries(handlers)) {
      canvas.addEventListener(
        name,
        (event) => {
          if (!actions.ready()) return;
          event.stopImmediatePropagation();
          handle(event);
        },
        { capture: true, passive: false },
      );
    }
    canvas.addEventListener("keydown", (event) => actions.ready() && this.#key(event), { capture: true });
    addEventListener("keyup", ({ code, key }) => {
      this.#held.delete(code);
      if (key === "Shift") this.#fast = false;
    });
    canvas.addEventListener("blur", () => this.#held.clear());
    addEventListener("gamepadconnected", () => actions.request());
    // A hidden page asks a gamepad for nothing; who comes back to it goes on.
    document.addEventListener("visibilitychange", () => document.hidden || actions.request());
  }

  /** Lets go of everything. */
  rest() {
    this.#held.clear();
    this.#tapped.clear();
    this.#down.clear();
    delete this.#canvas.dataset.dragging;
  }

  /** @param {MouseEvent} event */
  #place(event) {
    const box = this.#canvas.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  }

  /** @param {PointerEvent} event */
  #press(event) {
    this.#canvas.focus({ preventScroll: true });
    this.#canvas.setPointerCapture(event.pointerId);
    const at = this.#place(event);
    this.#down.set(event.pointerId, at);
    this.#moved = this.#down.size > 1;
    if (this.#down.size === 1) this.#start = at;
  }

  /** @param {PointerEvent} event */
  #drag(event) {
    const { turn, pan, dolly, hover, leave } = this.#actions;
    const at = this.#place(event);
    const before = this.#down.get(event.pointerId);
    if (!before) {
      if (event.pointerType !== "touch") hover(at.x, at.y);
      return;
    }
    const [dx, dy] = [at.x - before.x, at.y - before.y];
    if (this.#down.size === 1) {
      const slop = CLICK_SLOP[/** @type {"mouse"} */ (event.pointerType)] ?? CLICK_SLOP.mouse;
      if (!this.#moved && Math.hypot(at.x - this.#start.x, at.y - this.#start.y) < slop) return;
      if (!this.#moved) leave();
      this.#moved = true;
      this.#canvas.dataset.dragging = "";
      if (event.shiftKey || event.buttons & 6) pan(dx, dy);
      else turn(dx, dy);
    } else if (this.#down.size === 2) {
      const other = [...this.#down].find(([id]) => id !== event.pointerId)?.[1] ?? before;
      const reach = Math.hypot(before.x - other.x, before.y - other.y);
      pan(dx / 2, dy / 2);
      if (reach > 0) dolly((at.x + other.x) / 2, (at.y + other.y) / 2, Math.hypot(at.x - other.x, at.y - other.y) / reach, false);
    }
    this.#down.set(event.pointerId, at);
  }

  /** @param {PointerEvent} event */
  #release(event) {
    if (!this.#down.delete(event.pointerId) || this.#down.size > 0) return;
    delete this.#canvas.dataset.dragging;
    if (event.type !== "pointerup" || this.#moved || event.button > 0) return;
    const { x, y } = this.#start;
    const last = this.#clicked;
    const twice = event.timeStamp - last.time < TWICE.ms && Math.hypot(x - last.x, y - last.y) < TWICE.px;
    this.#clicked = { x, y, time: twice ? -Infinity : event.timeStamp };
    this.#actions.click(x, y, event.pointerType === "touch", twice);
  }

  /** @param {WheelEvent} event */
  #wheel(event) {
    event.preventDefault();
    const { x, y } = this.#place(event);
    const unit = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : event.deltaMode === WheelEvent.DOM_DELTA_PAGE ? 400 : 1;
    // A trackpad pinch arrives as a wheel with ctrlKey and small deltas.
    const delta = Math.max(-300, Math.min(300, event.deltaY * unit)) * (event.ctrlKey ? 5 : 1);
    this.#actions.dolly(x, y, Math.exp(-delta * 0.002), true);
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const { dolly, fit, enter, request } = this.#actions;
    const { clientWidth, clientHeight } = this.#canvas;
    const zoom = (/** @type {number} */ factor) => dolly(clientWidth / 2, clientHeight / 2, factor, false);
    /** @type {Record<string, () => void>} */
    const keys = { "+": () => zoom(KEY_ZOOM), "=": () => zoom(KEY_ZOOM), "-": () => zoom(1 / KEY_ZOOM), 0: fit, Enter: enter };
    this.#fast = event.shiftKey;
    const act = keys[event.key];
    if (act) act();
    else if (event.code in HELD) {
      this.#held.add(event.code);
      if (!event.repeat) this.#tapped.add(event.code);
      request();
    } else return;
    event.preventDefault();
    event.stopImmediatePropagation();
  }

  /**
   * What held keys and sticks do in a frame.
   * @param {number} elapsed ms since the last one
   * @returns {boolean} whether any is held
   */
  frame(elapsed) {
    const way = this.#pad();
    const sticks = way.some((c) => c !== 0);
    const codes = new Set([...this.#held, ...this.#tapped]);
    for (const code of codes) HELD[code].forEach((c, i) => (way[i] += c));
    const ms = [...this.#tapped].some((code) => !this.#held.has(code)) ? Math.max(elapsed, TAP_MS) : elapsed;
    this.#tapped.clear();
    const seconds = (ms / 1000) * (this.#fast ? 4 : 1);
    if (way[0] || way[1] || way[2]) this.#actions.fly(way[0] * FLY * seconds, way[1] * FLY * seconds, way[2] * FLY * seconds);
    if (way[3] || way[4]) this.#actions.turn(way[3] * TURN * seconds, way[4] * TURN * seconds);
    return sticks || this.#held.size > 0;
  }

  /** The first gamepad's sticks, as in HELD. */
  #pad() {
    const pad = navigator.getGamepads?.().find((found) => found?.mapping === "standard");
    if (!pad) return [0, 0, 0, 0, 0];
    const axis = (/** @type {number} */ i) => (Math.abs(pad.axes[i] ?? 0) < DEAD ? 0 : pad.axes[i]);
    const pressed = (/** @type {number} */ i) => pad.buttons[i]?.value ?? 0;
    const buttons = (pressed(0) > 0.5 ? 1 : 0) + (pressed(3) > 0.5 ? 2 : 0);
    const begun = buttons & ~this.#buttons;
    this.#buttons = buttons;
    if (begun & 1) this.#actions.enter();
    if (begun & 2) this.#actions.fit();
    // A gamepad tells nothing by itself. While it rests it is asked now and then, and nothing is drawn.
    clearTimeout(this.#later);
    this.#later = setTimeout(() => this.#actions.ready() && !document.hidden && this.#actions.request(), REST_MS);
    return [axis(0), pressed(7) - pressed(6), -axis(1), -axis(2), -axis(3)];
  }
}
