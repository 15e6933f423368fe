// Selected items twinkle for a moment, so that the eye finds them. Then the map rests again: nothing is drawn while nothing
// happens. Not where motion is to be reduced, and no longer where the device draws the map too slowly for it.

const LASTS_MS = 3600;
const TURN_MS = 1200;
/** Frames farther apart than this do not look like a twinkle. */
const SLOW_MS = 60;
const MOST_SLOW = 3;

export class Twinkle {
  #view;
  #calm;
  #began = 0;
  #last = 0;
  #slow = 0;

  /**
   * @param {import("./types.js").WasmView} view
   * @param {MediaQueryList} calm matches when motion is to be reduced
   */
  constructor(view, calm) {
    this.#view = view;
    this.#calm = calm;
  }

  get on() {
    return this.#began > 0;
  }

  start() {
    if (this.#calm.matches) return;
    this.#began = this.#last = performance.now();
    this.#slow = 0;
  }

  stop() {
    if (this.on) this.#view.setTwinkle(0, 0);
    this.#began = 0;
  }

  /** To be called before a frame is drawn. @param {number} now its time */
  frame(now) {
    if (!this.on) return;
    this.#slow += Number(now - this.#last > SLOW_MS);
    this.#last = now;
    const elapsed = Math.max(now - this.#began, 0);
    if (elapsed >= LASTS_MS || this.#slow > MOST_SLOW) this.stop();
    // It comes and goes softly.
    else this.#view.setTwinkle(elapsed / TURN_MS, Math.sin((Math.PI * elapsed) / LASTS_MS));
  }
}
