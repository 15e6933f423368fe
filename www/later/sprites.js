// Names as pictures: each is written once, with a halo in the color of the background, and then only copied. A frame with a
// hundred names so costs a hundred copies. There are two sheets: when one is full, the other is emptied, and what is still
// shown is copied over to it; so nothing that is seen is ever written twice.

import { letter } from "./lettering.js";

/** Width of a sheet in device px; about as high as it is wide when it is full. */
const SIDE = 2048;
/** Pictures made in one frame. */
export const AT_ONCE = 24;

/** @typedef {{sheet: HTMLCanvasElement, x: number, y: number, width: number, height: number}} Sprite device px on the sheet */

/** One sheet, filled row by row. */
class Sheet {
  canvas = document.createElement("canvas");
  pen = /** @type {CanvasRenderingContext2D} */ (this.canvas.getContext("2d"));
  /** @type {Map<string, Sprite>} */
  found = new Map();
  #x = 0;
  #y = 0;
  #row = 0;

  /** Empties it. @param {number} side a small one frees its memory */
  clear(side = SIDE) {
    this.found.clear();
    this.#x = this.#y = this.#row = 0;
    // Empties it too.
    [this.canvas.width, this.canvas.height] = [side, side];
  }

  /** A place for a picture; null when there is none. @param {number} width @param {number} height @returns {Sprite | null} */
  place(width, height) {
    if (this.#x + width > SIDE) [this.#x, this.#y, this.#row] = [0, this.#y + this.#row, 0];
    if (this.#y + height > SIDE) return null;
    const sprite = { sheet: this.canvas, x: this.#x, y: this.#y, width, height };
    this.#x += width;
    this.#row = Math.max(this.#row, height);
    return sprite;
  }
}

export class Sprites {
  #now = new Sheet();
  #before = new Sheet();
  #ratio = 0;
  /** Pictures made since the frame began. */
  #made = 0;
  halo = "#000";

  /** A frame begins. @param {number} ratio device px per CSS px */
  begin(ratio) {
    this.#made = 0;
    if (this.#ratio === ratio) return;
    this.#ratio = ratio;
    this.clear();
  }

  /** Forgets all pictures: their colors have changed. */
  clear() {
    this.#now.clear();
    this.#before.clear(1);
  }

  /** A place on the sheet that is being filled. @param {number} width @param {number} height */
  #place(width, height) {
    const place = this.#now.place(width, height);
    if (place) return place;
    [this.#now, this.#before] = [this.#before, this.#now];
    this.#now.clear();
    return this.#now.place(width, height);
  }

  /**
   * @param {string} key one for each name
   * @param {() => {text: string, width: number, lettering: import("./lettering.js").Lettering, color: string}} what
   * @returns {Sprite | null} null: in a later frame
   */
  get(key, what) {
    const found = this.#now.found.get(key);
    if (found) return found;
    const old = this.#before.found.get(key);
    if (old) return this.#keep(key, old);
    if (this.#made >= AT_ONCE) return null;
    this.#made += 1;
    const { text, width, lettering, color } = what();
    const ratio = this.#ratio;
    const halo = 3;
    // Letters may reach a little beyond their line and their width.
    const sprite = this.#place(Math.ceil((width + 2 * halo + 2) * ratio), Math.ceil((lettering.line + 2 * halo) * ratio));
    if (!sprite) return null;
    const { pen } = this.#now;
    this.#now.found.set(key, sprite);
    pen.setTransform(ratio, 0, 0, ratio, sprite.x, sprite.y);
    letter(pen, lettering, text);
    pen.textAlign = "center";
    pen.textBaseline = "middle";
    pen.lineJoin = "round";
    pen.lineWidth = halo;
    pen.strokeStyle = this.halo;
    pen.fillStyle = color;
    const [x, y] = [sprite.width / ratio / 2, sprite.height / ratio / 2 + 0.5];
    pen.strokeText(text, x, y);
    pen.fillText(text, x, y);
    return sprite;
  }

  /** Copies a picture over from the older sheet. @param {string} key @param {Sprite} old @returns {Sprite} */
  #keep(key, old) {
    const sprite = this.#now.place(old.width, old.height);
    // No room left: it stays where it is until the sheets change their parts.
    if (!sprite) return old;
    this.#now.pen.setTransform(1, 0, 0, 1, 0, 0);
    this.#now.pen.drawImage(old.sheet, old.x, old.y, old.width, old.height, sprite.x, sprite.y, old.width, old.height);
    this.#now.found.set(key, sprite);
    return sprite;
  }
}
