// How names on the map are lettered: sizes, room around them, and how long ones are shortened. The worker measures by it and
// the page draws by it, so both find the same widths.

const FAMILY = 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif';

/**
 * @typedef {object} Lettering
 * @property {string} font
 * @property {string} spacing between letters
 * @property {number} line height of its line, CSS px
 * @property {number} most CSS px, beyond which a name is shortened
 */

/** Of names of items, from the least important: the larger the disc, the larger the letters.
 * @type {Lettering[]}
 */
export const NAMES = [
  { font: `500 11px ${FAMILY}`, spacing: "0px", line: 13, most: 150 },
  { font: `500 12.5px ${FAMILY}`, spacing: "0px", line: 15, most: 180 },
  { font: `600 14px ${FAMILY}`, spacing: "0px", line: 17, most: 220 },
];

/** Of names of islands, from the largest.
 * @type {Lettering[]}
 */
export const CAPTIONS = [
  { font: `600 21px ${FAMILY}`, spacing: "2.4px", line: 26, most: 300 },
  { font: `600 17px ${FAMILY}`, spacing: "1.8px", line: 22, most: 260 },
  { font: `600 14.5px ${FAMILY}`, spacing: "1.6px", line: 19, most: 220 },
];

/** CSS px between a disc's edge and its name. */
export const GAP = 2;
/** CSS px to leave free on either side of a name, and below it. */
const ROOM = { side: 7, below: 4, caption: 10 };

/** Sizes of discs, 0..1, from which on names are lettered larger. */
const LARGER = [0.22, 0.5];

/** @param {number} disc its size, 0..1 @returns {number} which of NAMES */
export const rankOf = (disc) => LARGER.filter((least) => disc >= least).length;

/** Scripts whose letters stand alone: only these are set apart. */
const ALONE = /^[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\p{Script=Common}\p{Script=Inherited}]*$/u;
const EMOJI = /\p{Extended_Pictographic}/u;

/** The first letter that has a direction has it from right to left. */
const RTL = /^[^\p{L}]*[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u;

/** Whether a text is written from right to left. @param {string} text */
export const isRtl = (text) => RTL.test(text);

/** The room between a text's letters. @param {Lettering} lettering @param {string} text */
export const spacingOf = ({ spacing }, text) => (ALONE.test(text) && !EMOJI.test(text) ? spacing : "0px");

/** @typedef {CanvasRenderingContext2D | OffscreenCanvasRenderingContext2D} Pen */

/**
 * Makes a pen write by a lettering.
 * @param {Pen} pen
 * @param {Lettering} lettering
 * @param {string} text
 */
export function letter(pen, lettering, text) {
  pen.font = lettering.font;
  pen.direction = isRtl(text) ? "rtl" : "ltr";
  // Not known to every browser: then letters stand as they do.
  if ("letterSpacing" in pen) pen.letterSpacing = spacingOf(lettering, text);
}

/** What people see as one character each. @param {string} text */
function characters(text) {
  if (!("Segmenter" in Intl)) return Array.from(text);
  return Array.from(new Intl.Segmenter(undefined, { granularity: "grapheme" }).segment(text), ({ segment }) => segment);
}

/**
 * The text, or its beginning and an ellipsis, that is no wider than the lettering allows; and its width in CSS px.
 * @param {Pen} pen
 * @param {Lettering} lettering
 * @param {string} whole
 * @returns {{text: string, width: number}}
 */
export function fit(pen, lettering, whole) {
  const text = whole.replace(/\s+/g, " ").trim().slice(0, 200);
  letter(pen, lettering, text);
  const width = pen.measureText(text).width;
  if (width <= lettering.most) return { text, width };
  const all = characters(text);
  // As many as fit with the ellipsis: between `from`, which do, and `to`, which do not.
  let [from, to] = [0, all.length];
  const cut = (/** @type {number} */ n) => `${all.slice(0, n).join("").replace(/[\s,;:·-]+$/u, "")}…`;
  while (to - from > 1) {
    const middle = (from + to) >> 1;
    if (pen.measureText(cut(middle)).width <= lettering.most) from = middle;
    else to = middle;
  }
  const short = cut(from);
  return { text: short, width: Math.min(pen.measureText(short).width, lettering.most) };
}

/** The box of a name, with the room to leave. @param {Lettering} lettering @param {number} width */
export const nameBox = (lettering, width) => [width + 2 * ROOM.side, GAP + lettering.line + ROOM.below];

/** The box of an island's name, with the room to leave. @param {Lettering} lettering @param {number} width */
export const captionBox = (lettering, width) => [width + 2 * ROOM.caption, lettering.line + 2 * ROOM.caption];

/** A pen that only measures; where there is none, one that guesses by the kinds of letters. @returns {Pen} */
export function measuringPen() {
  const pen = typeof OffscreenCanvas === "function" ? new OffscreenCanvas(1, 1).getContext("2d") : null;
  if (pen) return pen;
  const guess = {
    font: "",
    direction: "",
    /** @param {string} text */
    measureText(text) {
      const size = parseFloat(/([\d.]+)px/.exec(guess.font)?.[1] ?? "12");
      let em = 0;
      for (const letter of text) em += /[\u1100-\uffff]|\p{Extended_Pictographic}/u.test(letter) ? 1.1 : /[A-ZMWmw@%]/.test(letter) ? 0.82 : 0.6;
      return { width: em * size };
    },
  };
  return /** @type {any} */ (guess);
}
