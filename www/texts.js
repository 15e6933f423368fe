// Many strings in one buffer, decoded one at a time and only when shown: turning a million
// labels into strings at once would block the page for longer than a frame.

export class Texts {
  #bytes;
  #ends;
  #decoder = new TextDecoder();

  /** @param {import("./types.js").PackedTexts} packed */
  constructor({ bytes, ends }) {
    this.#bytes = bytes;
    this.#ends = ends;
  }

  /** Number of strings. */
  get length() {
    return this.#ends.length;
  }

  /**
   * @param {number} i 0..length-1; "" outside
   * @returns {string}
   */
  at(i) {
    if (!(i >= 0 && i < this.#ends.length)) return "";
    return this.#decoder.decode(this.#bytes.subarray(i === 0 ? 0 : this.#ends[i - 1], this.#ends[i]));
  }
}
