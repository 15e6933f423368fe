// The names beside the hovered and the pinned item, moved along with every drawn frame.

export class Labels {
  #hover;
  #pin;
  /** @type {{hover: number, pin: number}} */
  #ids = { hover: -1, pin: -1 };

  /**
   * @param {HTMLElement} hover
   * @param {HTMLElement} pin
   */
  constructor(hover, pin) {
    this.#hover = hover;
    this.#pin = pin;
  }

  /**
   * @param {number} id -1 = none
   * @param {string} text
   */
  hover(id, text) {
    this.#ids.hover = id;
    this.#hover.textContent = text;
    this.#hover.hidden = id < 0 || id === this.#ids.pin;
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
  }

  /** @param {(id: number) => {x: number, y: number, radius: number}} locate CSS px */
  place(locate) {
    const { hover, pin } = this.#ids;
    if (!this.#hover.hidden) this.#put(this.#hover, locate(hover));
    if (pin >= 0) this.#put(this.#pin, locate(pin));
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
    label.style.transform = `translate(${Math.round(left)}px, ${Math.round(top)}px)`;
  }
}
