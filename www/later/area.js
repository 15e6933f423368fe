// Selecting an area: a box or a line drawn around items. They stand out, all others step back.
//
// Shift and a drag draw a box, Alt and a drag a lasso; with the tool switched on, any drag draws, for fingers too.

import { formatNumber } from "../format.js";

/** @typedef {"lasso" | "box"} Shape */

/** How items are shown (src/draw/cloud.rs). */
const STATE = { highlighted: 1, dimmed: 2 };
/** A drag shorter than this is a click. */
const SLOP = 5;
/** Points of a lasso nearer than this to the last are left out. */
const GRAIN = 2;

const BAR = `
  <div class="shapes" role="group" aria-label="Shape">
    <button type="button" data-shape="lasso" aria-pressed="true">Lasso</button>
    <button type="button" data-shape="box" aria-pressed="false">Box</button>
  </div>
  <p role="status"></p>
  <button type="button" data-do="view" class="quiet">All in view</button>
  <button type="button" data-do="frame">Zoom to them</button>
  <button type="button" data-do="clear" class="icon" aria-label="End the selection" title="End the selection (Escape)"><svg aria-hidden="true"><use href="#i-close" /></svg></button>`;

export class Area {
  /** Ids of what is selected. @type {Uint32Array} */
  ids = new Uint32Array();

  #canvas;
  #view;
  #n = () => 0;
  #onChange;
  #bar = document.createElement("div");
  #outline = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  #path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  /** @type {Shape} */
  #shape = "lasso";
  #tool = false;
  /** What is being drawn, CSS px x0, y0, x1, y1, ...
   * @type {{pointer: number, shape: Shape, line: number[], last: PointerEvent} | null} */
  #draft = null;
  /** True while the map is told of a finger that drew until now. */
  #handing = false;

  /**
   * @param {HTMLCanvasElement} canvas
   * @param {import("../view.js").MapView} view
   * @param {() => number} n how many items there are
   * @param {() => void} onChange after the tool or the selection changed
   */
  constructor(canvas, view, n, onChange) {
    this.#canvas = canvas;
    this.#view = view;
    this.#n = n;
    this.#onChange = onChange;
    this.#outline.id = "area-outline";
    this.#outline.setAttribute("aria-hidden", "true");
    this.#outline.append(this.#path);
    const bar = this.#bar;
    bar.id = "area-bar";
    bar.className = "panel";
    bar.setAttribute("role", "group");
    bar.setAttribute("aria-label", "Selection");
    bar.hidden = true;
    bar.innerHTML = BAR;
    canvas.parentElement?.append(this.#outline, bar);
    bar.addEventListener("click", (event) => {
      const button = event.target instanceof Element ? event.target.closest("button") : null;
      if (button?.dataset.shape) this.#choose(/** @type {Shape} */ (button.dataset.shape));
      if (button?.dataset.do === "view") view.whenKnown(() => this.#select(this.#inView()));
      if (button?.dataset.do === "frame") view.flight.revealAll(this.ids);
      if (button?.dataset.do === "clear") this.clear();
    });
    // Ahead of the listeners that move the map: these must not hear of what is drawn.
    canvas.addEventListener("pointerdown", (event) => this.#down(event), { capture: true });
    canvas.addEventListener("pointermove", (event) => this.#move(event), { capture: true });
    for (const end of /** @type {const} */ (["pointerup", "pointercancel"])) {
      canvas.addEventListener(end, (event) => this.#up(event), { capture: true });
    }
    addEventListener("keydown", (event) => this.#key(event), { capture: true });
  }

  /** Whether every drag draws. */
  get tool() {
    return this.#tool;
  }

  set tool(on) {
    this.#tool = on;
    if (!on) this.#drop();
    this.#say();
  }

  /** Selects nothing, and puts the tool away. */
  clear() {
    const held = this.#bar.contains(document.activeElement);
    this.#tool = false;
    this.#drop();
    this.#select(new Uint32Array());
    if (held) this.#canvas.focus({ preventScroll: true });
  }

  /** Other items are on the map now: nothing of the old ones is selected. */
  reset() {
    this.#tool = false;
    this.#drop();
    this.#select(new Uint32Array());
  }

  /** @param {Uint32Array} ids */
  #select(ids) {
    const had = this.ids.length > 0;
    this.ids = ids;
    if (had || ids.length) {
      const states = new Uint8Array(ids.length ? this.#n() : 0).fill(STATE.dimmed);
      for (const id of ids) states[id] = STATE.highlighted;
      this.#view.change((wasm) => wasm.setStates(states));
    }
    this.#say();
  }

  #say() {
    const count = this.ids.length;
    this.#bar.hidden = !this.#tool && !count;
    this.#canvas.toggleAttribute("data-drawing", this.#tool);
    const [status] = this.#bar.querySelectorAll("p");
    const text = count ? `${formatNumber(count)} of ${formatNumber(this.#n())} items` : "Draw around items.";
    if (status.textContent !== text) status.textContent = text;
    for (const button of this.#bar.querySelectorAll("button")) {
      if (button.dataset.shape) button.setAttribute("aria-pressed", String(button.dataset.shape === this.#shape));
      if (button.dataset.do === "frame") button.hidden = !count;
      if (button.dataset.do === "view") button.hidden = count > 0;
    }
    this.#onChange();
  }

  /** @param {Shape} shape */
  #choose(shape) {
    this.#shape = shape;
    this.#tool = true;
    this.#say();
  }

  #inView() {
    const { clientWidth, clientHeight } = this.#canvas;
    return this.#view.change((wasm) => wasm.inBox(0, 0, clientWidth, clientHeight));
  }

  /** @param {PointerEvent} event */
  #down(event) {
    if (this.#handing) return;
    if (this.#draft) {
      this.#hand(this.#draft.last);
      return;
    }
    const shape = event.altKey ? "lasso" : event.shiftKey ? "box" : this.#tool ? this.#shape : null;
    if (!shape || event.button !== 0 || !event.isPrimary || !this.#n()) return;
    event.stopImmediatePropagation();
    event.preventDefault();
    this.#canvas.focus({ preventScroll: true });
    this.#canvas.setPointerCapture(event.pointerId);
    this.#draft = { pointer: event.pointerId, shape, line: this.#at(event), last: event };
  }

  /** A second finger means to zoom: the map hears of the first one now. @param {PointerEvent} event its last */
  #hand(event) {
    const { pointerId, pointerType, clientX, clientY } = event;
    this.#drop();
    this.#handing = true;
    this.#canvas.dispatchEvent(new PointerEvent("pointerdown", { pointerId, pointerType, clientX, clientY, button: 0, isPrimary: true }));
    this.#handing = false;
  }

  /** @param {PointerEvent} event */
  #move(event) {
    const draft = this.#draft;
    if (!draft || event.pointerId !== draft.pointer) return;
    event.stopImmediatePropagation();
    const { line } = draft;
    draft.last = event;
    if (draft.shape === "box") {
      const [x, y] = this.#at(event);
      line.splice(2, Infinity, x, line[1], x, y, line[0], y);
    } else {
      const parts = event.getCoalescedEvents?.() ?? [];
      for (const part of parts.length ? parts : [event]) {
        const [x, y] = this.#at(part);
        if (Math.hypot(x - line[line.length - 2], y - line[line.length - 1]) >= GRAIN) line.push(x, y);
      }
    }
    this.#path.setAttribute("d", `M${line.map((c) => c.toFixed(1)).join(" ")}Z`);
  }

  /** @param {PointerEvent} event */
  #up(event) {
    const draft = this.#draft;
    if (!draft || event.pointerId !== draft.pointer) return;
    event.stopImmediatePropagation();
    this.#drop();
    const { line, shape } = draft;
    const far = Math.max(...line.map((c, i) => Math.abs(c - line[i % 2])));
    if (event.type !== "pointerup" || far < SLOP) return;
    const [x0, y0, x1, y1] = [line[0], line[1], line[4], line[5]];
    const find = () => this.#view.change((wasm) => (shape === "box" ? wasm.inBox(x0, y0, x1, y1) : wasm.inPolygon(Float64Array.from(line))));
    this.#view.whenKnown(() => this.#select(find()));
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.key !== "Escape" || !(this.#draft || this.#tool || this.ids.length)) return;
    // What is open elsewhere and has the focus closes first.
    const { activeElement: at } = document;
    if (at && at !== document.body && at !== this.#canvas && !this.#bar.contains(at) && !at.closest("#zoom")) return;
    event.stopImmediatePropagation();
    if (this.#draft) this.#drop();
    else this.clear();
  }

  #drop() {
    this.#draft = null;
    this.#path.setAttribute("d", "");
  }

  /** @param {PointerEvent} event @returns {number[]} CSS px in the canvas */
  #at(event) {
    const box = this.#canvas.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  }
}
