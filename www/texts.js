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

/** @param {ArrayLike<number>} a @param {ArrayLike<number>} b */
const equal = (a, b) => {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i += 1) if (a[i] !== b[i]) return false;
  return true;
};

/** Whether two maps have the same items in the same order. @param {import("./types.js").Items} a @param {import("./types.js").Items} b */
export const same = (a, b) => equal(a.popularity, b.popularity) && equal(a.names.ends, b.names.ends) && equal(a.names.bytes, b.names.bytes);
