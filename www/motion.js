// Tells the view which frames belong to a motion, and how far apart the browser lets them come: so it draws as many points
// as this device shows in time, and all of them once the motion is over.

/** A motion that rests this long is over. */
const REST_MS = 200;

export class Motion {
  #view;
  #request;
  /** Milliseconds from the last frame of the motion to when the browser asked for the next; 0 = not known. */
  #interval = 0;
  #rest = 0;

  /**
   * @param {import("./types.js").WasmView} view
   * @param {() => void} request asks for a frame
   */
  constructor(view, request) {
    this.#view = view;
    this.#request = request;
  }

  /** To be called before a frame of a motion is drawn. @param {number} now its time */
  frame(now) {
    this.#view.setMotion(true, this.#interval);
    this.#interval = 0;
    requestAnimationFrame((next) => (this.#interval = next - now));
    clearTimeout(this.#rest);
    this.#rest = setTimeout(() => {
      this.#view.setMotion(false, 0);
      this.#request();
    }, REST_MS);
  }
}
