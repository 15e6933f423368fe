// What is under the pointer, and what a press means: asked of the View once it knows what is where.

import { Indexing } from "./indexing.js";

/** How far from a dot a press still means it, in CSS pixels. */
const REACH = { mouse: 4, touch: 18, middle: 10_000 };

export class Picking {
  /** The item under the pointer, -1 = none. */
  hovered = -1;
  /** Whether the layout still moves. */
  #live = false;
  /** Where the pointer rests, or null. @type {{x: number, y: number} | null} */
  #pointer = null;
  /** Whether another item may be under it now. */
  #due = false;
  #n = 0;
  #view;
  #indexing;
  #events;
  #request;

  /**
   * @param {import("./types.js").WasmView} view
   * @param {Pick<import("./types.js").ViewEvents, "onHover" | "onSelect">} events
   * @param {() => void} request asks for a frame
   */
  constructor(view, events, request) {
    this.#view = view;
    this.#indexing = new Indexing(view);
    this.#events = events;
    this.#request = request;
  }

  /** Other items. @param {number} n how many */
  drop(n) {
    this.#n = n;
    this.#indexing.drop(n);
    this.hovered = -1;
    this.#events.onHover(-1);
  }

  /** Other places. @param {boolean} live whether they still move */
  place(live) {
    this.#live = live;
    this.#indexing.drop(this.#n);
  }

  /** The pointer rests there, CSS px. @param {number} x @param {number} y */
  hover(x, y) {
    this.#pointer = { x, y };
    this.again();
    this.#request();
  }

  /** The pointer is gone. */
  leave() {
    this.#pointer = null;
    this.#set(-1);
  }

  /** Under the pointer may be another item. */
  again() {
    this.#due = this.#pointer !== null;
  }

  /** Nothing is under it: all moves. */
  none() {
    this.#set(-1);
  }

  /** In a frame: what is under the pointer now. */
  frame() {
    if (!this.#due || !this.#pointer || (this.#n && !this.#indexing.ready)) return;
    this.#due = false;
    this.#set(this.#n ? this.#view.pick(this.#pointer.x, this.#pointer.y, REACH.mouse) : -1);
  }

  /** In a frame in which everything moves. */
  wait() {
    this.#indexing.stop();
  }

  /** After the last frame of a motion. */
  rest() {
    if (!this.#live) this.#indexing.start(this.#request);
  }

  /** Asks what is where as soon as that is known. @param {() => void} ask */
  when(ask) {
    if (this.#live) ask();
    else this.#indexing.when(ask);
  }

  /**
   * A press means the item there, or none. @param {number} x @param {number} y @param {keyof typeof REACH} by
   * @returns {number} the item; -1: none, or not known yet
   */
  choose(x, y, by) {
    let id = -1;
    this.when(() => this.#events.onSelect((id = this.#n ? this.#view.pick(x, y, REACH[by]) : -1)));
    return id;
  }

  /** @param {number} id */
  #set(id) {
    if (id === this.hovered) return;
    this.hovered = id;
    this.#view.setHover(id);
    this.#events.onHover(id);
    this.#request();
  }
}
