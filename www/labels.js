// The names beside the hovered and the pinned item, moved along with every drawn frame; and those of all others, once a map is
// there (later/labels-layer.js).

export class Labels {
  #hover;
  #pin;
  /** @type {{hover: number, pin: number}} */
  #ids = { hover: -1, pin: -1 };
  /** @type {Map<HTMLElement, number[]>} */
  #boxes = new Map();
  /** The names of all others, and lines. @type {import("./later/labels-layer.js").Layer | null} */
  #layer = null;

  /**
   * @param {HTMLElement} hover
   * @param {HTMLElement} pin
   */
  constructor(hover, pin) {
    this.#hover = hover;
    this.#pin = pin;
  }

  /** The names of all others, and lines: loaded when they are first wanted.
   * @param {HTMLElement} map @param {import("./view.js").MapView} view @param {import("./session.js").Session} session
   */
  async layer(map, view, session) {
    const [{ Layer }] = await Promise.all([import("./later/labels-layer.js"), view.complete()]);
    this.#layer ??= new Layer(map, view, session, this);
    this.#follow();
    return this.#layer;
  }

  /** A map is finished, or shown again. @param {Parameters<Labels["layer"]>} parts */
  settle(...parts) {
    this.layer(...parts).then((layer) => layer.settle(), () => {}); // the map is as good without
  }

  #follow() {
    this.#layer?.lines.show("hovered", this.#ids.hover);
    this.#layer?.lines.show("selected", this.#ids.pin);
  }

  /** Whether an item has its name here. @param {number} id */
  shows(id) {
    return (id === this.#ids.hover && !this.#hover.hidden) || id === this.#ids.pin;
  }

  /** What these names cover: left, top, right, bottom, CSS px. */
  boxes() {
    return [this.#hover, this.#pin].filter((label) => !label.hidden && label.style.visibility !== "hidden").map((label) => this.#boxes.get(label) ?? [0, 0, 0, 0]);
  }

  /**
   * @param {number} id -1 = none
   * @param {string} text
   */
  hover(id, text) {
    this.#ids.hover = id;
    this.#hover.textContent = text;
    this.#hover.hidden = id < 0 || id === this.#ids.pin;
    this.#follow();
  }

  /**
   * @param {number} id -1 = none
   * @param {string} text
   */
  pin(id, text) {
    this.#ids.pin = id;
    this.#pin.textContent = text;
    this.#pin.hidden = id < 0;
    this.#hover.hidden = this.#ids.hover < 0 || this.#ids.hover === id;
    this.#follow();
  }

  /** @param {(id: number) => {x: number, y: number, radius: number}} locate CSS px */
  place(locate) {
    const { hover, pin } = this.#ids;
    if (!this.#hover.hidden) this.#put(this.#hover, locate(hover));
    if (pin >= 0) this.#put(this.#pin, locate(pin));
    this.#layer?.draw();
  }

  /**
   * Above the item, or below it at the top edge; never outside the window.
   * @param {HTMLElement} label
   * @param {{x: number, y: number, radius: number}} at
   */
  #put(label, { x, y, radius }) {
    const { offsetWidth: w, offsetHeight: h } = label;
    const left = Math.max(6, Math.min(innerWidth - w - 6, x - w / 2));
    const gap = radius + 9; // clear of the ring around it
    const top = y - h - gap < 6 ? y + gap : y - h - gap;
    // A pinned item may have been moved out of sight: then so has its label.
    const there = x > -20 && y > -20 && x < innerWidth + 20 && y < innerHeight + 20;
    label.style.visibility = there ? "visible" : "hidden";
    if (!there) return;
    this.#boxes.set(label, [left, top, left + w, top + h]);
    label.style.transform = `translate(${Math.round(left)}px, ${Math.round(top)}px)`;
  }
}
