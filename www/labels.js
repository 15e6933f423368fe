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

  /** @param {(id: number) => Float32Array} project item -> CSS px */
  place(project) {
    const { hover, pin } = this.#ids;
    if (!this.#hover.hidden) this.#put(this.#hover, project(hover));
    if (pin >= 0) this.#put(this.#pin, project(pin));
  }

  /**
   * Above the item, or below it at the top edge; never outside the window.
   * @param {HTMLElement} label
   * @param {Float32Array} at
   */
  #put(label, [x, y]) {
    const { offsetWidth: w, offsetHeight: h } = label;
    const left = Math.max(6, Math.min(innerWidth - w - 6, x - w / 2));
    const top = y - h - 14 < 6 ? y + 14 : y - h - 14;
    // A pinned item may have been moved out of sight: then so has its label.
    const away = x < -20 || y < -20 || x > innerWidth + 20 || y > innerHeight + 20;
    label.style.visibility = away ? "hidden" : "visible";
    label.style.transform = `translate(${Math.round(left)}px, ${Math.round(top)}px)`;
  }
}
