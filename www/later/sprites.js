// Names as pictures: each is written once, with a halo in the color of the background, and then only copied. A frame with a
// hundred names so costs a hundred copies.

import { letter } from "./lettering.js";

/** Width of a sheet in device px; about as high as it is wide when it is full. */
const SIDE = 2048;
/** Pictures made in one frame. */
export const AT_ONCE = 24;

/** @typedef {{x: number, y: number, width: number, height: number}} Sprite device px on the sheet */

export class Sprites {
  sheet = document.createElement("canvas");
  #pen;
  /** @type {Map<string, Sprite>} */
  #found = new Map();
  #x = 0;
  #y = 0;
  #row = 0;
  #ratio = 1;
  /** Pictures made since the frame began. */
  #made = 0;
  halo = "#000";

  constructor() {
    this.#pen = /** @type {CanvasRenderingContext2D} */ (this.sheet.getContext("2d"));
  }

  /** A frame begins. @param {number} ratio device px per CSS px */
  begin(ratio) {
    this.#made = 0;
    if (this.#ratio === ratio && this.sheet.width === SIDE) return;
    this.#ratio = ratio;
    this.clear();
  }

  /** Forgets all pictures: their colors have changed, or there is no room. */
  clear() {
    this.#found.clear();
    [this.#x, this.#y, this.#row] = [0, 0, 0];
    [this.sheet.width, this.sheet.height] = [SIDE, SIDE];
  }

  /**
   * @param {string} key one for each name
   * @param {() => {text: string, width: number, lettering: import("./lettering.js").Lettering, color: string}} what
   * @returns {Sprite | null} null: in a later frame
   */
  get(key, what) {
    const found = this.#found.get(key);
    if (found) return found;
    if (this.#made >= AT_ONCE) return null;
    this.#made += 1;
    const { text, width, lettering, color } = what();
    const ratio = this.#ratio;
    const halo = 3;
    // Letters may reach a little beyond their line and their width.
    const size = { width: Math.ceil((width + 2 * halo + 2) * ratio), height: Math.ceil((lettering.line + 2 * halo) * ratio) };
    if (this.#x + size.width > SIDE) [this.#x, this.#y, this.#row] = [0, this.#y + this.#row, 0];
    if (this.#y + size.height > SIDE) this.clear();
    const sprite = { x: this.#x, y: this.#y, ...size };
    this.#x += size.width;
    this.#row = Math.max(this.#row, size.height);
    this.#found.set(key, sprite);
    const pen = this.#pen;
    pen.setTransform(ratio, 0, 0, ratio, sprite.x, sprite.y);
    letter(pen, lettering, text);
    pen.textAlign = "center";
    pen.textBaseline = "middle";
    pen.lineJoin = "round";
    pen.lineWidth = halo;
    pen.strokeStyle = this.halo;
    pen.fillStyle = color;
    const [x, y] = [size.width / ratio / 2, size.height / ratio / 2 + 0.5];
    pen.strokeText(text, x, y);
    pen.fillText(text, x, y);
    return sprite;
  }
}
