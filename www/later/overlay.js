// What a picture shows besides points: title, legend, names. Made once as a list of parts, in CSS px of the screen, and
// painted on a canvas or written as SVG, so that both show the same.

/**
 * @typedef {{kind: "box", x: number, y: number, w: number, h: number, r: number, fill: string, opacity: number, stops?: {at: number, color: string}[]}} Box
 *   with stops: filled by a gradient from left to right
 * @typedef {{kind: "text", x: number, y: number, text: string, size: number, weight: number, fill: string, anchor: "start" | "middle" | "end", halo?: string,
 *   w?: number, edge?: number, spacing?: string, rtl?: boolean, opacity?: number}} Text
 *   y is the baseline; w the width; edge that of the halo on both sides together; spacing is that of the letters
 * @typedef {Box | Text} Part
 * @typedef {{text: string, muted: string, panel: string, paper: string | null}} Inks colors; paper null = transparent
 * @typedef {{heading: string, entries: {color: string, name: string, count: string}[], ramp: {stops: {at: number, color: string}[], ends: string[]} | null}} LegendContent
 */

const MARGIN = 20;
const PAD = 14;
const LINE = 22;
/** Longer names in a legend are cut, CSS px. */
const WIDEST = 190;

/** The page's typeface. */
export const family = () => getComputedStyle(document.body).fontFamily;

/** @param {CanvasRenderingContext2D} pen @param {string} text @param {number} size @param {number} weight */
function measure(pen, text, size, weight) {
  pen.font = `${weight} ${size}px ${family()}`;
  return pen.measureText(text).width;
}

/**
 * Cut to a width, with an ellipsis.
 * @param {CanvasRenderingContext2D} pen @param {string} text @param {number} size @param {number} width @param {number} [weight]
 */
function cut(pen, text, size, width, weight = 400) {
  if (measure(pen, text, size, weight) <= width) return text;
  const letters = [...new Intl.Segmenter().segment(text.slice(0, 200))].map(({ segment }) => segment);
  while (letters.length > 1 && measure(pen, `${letters.join("")}…`, size, weight) > width) letters.pop();
  return `${letters.join("")}…`;
}

/** What the legend's panel shows now. @param {HTMLElement} panel @returns {LegendContent | null} */
export function readLegend(panel) {
  const heading = panel.querySelector("select")?.selectedOptions[0]?.textContent ?? "";
  const entries = [...panel.querySelectorAll("li")].map((entry) => {
    const [swatch, name, count] = entry.children;
    return { color: getComputedStyle(swatch).backgroundColor, name: name?.textContent ?? "", count: count?.textContent ?? "" };
  });
  const bar = /** @type {HTMLElement | null} */ (panel.querySelector(".ramp"));
  const stops = [...(bar?.style.background ?? "").matchAll(/(rgb\([^)]*\)|#[0-9a-f]+)\s+([\d.]+)%/gi)].map(([, color, at]) => ({ at: Number(at) / 100, color }));
  const ends = [...(bar?.nextElementSibling?.children ?? [])].map((end) => end.textContent ?? "");
  if (panel.hidden || !(entries.length || stops.length)) return null;
  return { heading, entries, ramp: stops.length ? { stops, ends } : null };
}

/**
 * @param {LegendContent} legend
 * @param {{width: number, height: number}} screen
 * @param {Inks} inks
 * @param {CanvasRenderingContext2D} pen to measure with
 * @returns {Part[]}
 */
export function legendParts({ heading, entries, ramp }, screen, inks, pen) {
  const most = Math.max(1, Math.floor((screen.height - 2 * MARGIN - 2 * PAD - LINE - (ramp ? 44 : 0)) / LINE));
  const shown = entries.slice(0, most).map((entry) => ({ ...entry, name: cut(pen, entry.name, 13.5, WIDEST) }));
  const widths = shown.map(({ name, count }) => 21 + measure(pen, name, 13.5, 400) + 18 + measure(pen, count, 12.5, 400));
  const w = Math.min(Math.ceil(Math.max(ramp ? 200 : 0, measure(pen, heading, 13, 600), ...widths)), screen.width - 2 * MARGIN - 2 * PAD) + 2 * PAD;
  const h = 2 * PAD + 18 + (ramp ? 40 : 0) + (shown.length ? 6 + shown.length * LINE : 0);
  const [x, top] = [MARGIN, screen.height - MARGIN - h];
  /** @type {Part[]} */
  const parts = [{ kind: "box", x, y: top, w, h, r: 14, fill: inks.panel, opacity: 0.94 }];
  /** @param {string} text @param {number} at @param {number} y @param {"start" | "end"} anchor @param {Partial<Text>} [more] */
  const say = (text, at, y, anchor, more) => parts.push({ kind: "text", x: at, y, text, size: 13.5, weight: 400, fill: inks.text, anchor, ...more });
  let y = top + PAD + 13;
  say(heading, x + PAD, y, "start", { size: 13, weight: 600, fill: inks.muted });
  if (ramp) {
    parts.push({ kind: "box", x: x + PAD, y: y + 11, w: w - 2 * PAD, h: 10, r: 5, fill: ramp.stops[0].color, opacity: 1, stops: ramp.stops });
    say(ramp.ends[0] ?? "", x + PAD, y + 38, "start", { size: 13 });
    say(ramp.ends[1] ?? "", x + w - PAD, y + 38, "end", { size: 13 });
    y += 40;
  }
  y += 5;
  for (const { color, name, count } of shown) {
    y += LINE;
    parts.push({ kind: "box", x: x + PAD, y: y - 10, w: 11, h: 11, r: 5.5, fill: color, opacity: 1 });
    say(name, x + PAD + 21, y, "start");
    say(count, x + w - PAD, y, "end", { size: 12.5, fill: inks.muted });
  }
  return parts;
}

/**
 * @param {string} title such as "Films · 16,367 items"
 * @param {{width: number, height: number}} screen
 * @param {Inks} inks
 * @param {CanvasRenderingContext2D} pen
 * @returns {Part[]}
 */
export function titleParts(title, screen, inks, pen) {
  const at = title.lastIndexOf(" · ");
  const [name, note] = at < 0 ? [title, ""] : [title.slice(0, at), title.slice(at + 3)];
  const halo = inks.paper ?? undefined;
  const room = screen.width - 2 * MARGIN;
  const [first, second] = [cut(pen, name, 24, room), cut(pen, note, 14, room)];
  return [
    { kind: "text", x: MARGIN, y: MARGIN + 20, w: measure(pen, first, 24, 650), text: first, size: 24, weight: 650, fill: inks.text, anchor: "start", halo },
    { kind: "text", x: MARGIN, y: MARGIN + 42, w: measure(pen, second, 14, 400), text: second, size: 14, weight: 400, fill: inks.muted, anchor: "start", halo },
  ];
}

/**
 * A name in its pill, as it lies on the map.
 * @param {HTMLElement} label @param {DOMRect} canvas @param {CanvasRenderingContext2D} pen @returns {Part[]}
 */
export function pillParts(label, canvas, pen) {
  const style = getComputedStyle(label);
  if (label.hidden || style.visibility === "hidden" || !label.textContent) return [];
  const box = label.getBoundingClientRect();
  const [x, y, size] = [box.left - canvas.left, box.top - canvas.top, parseFloat(style.fontSize)];
  const weight = Number(style.fontWeight);
  // Half a px more than the page gives it: it measures in another way.
  const text = cut(pen, label.textContent, size, box.width - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight) + 0.5, weight);
  return [
    { kind: "box", x, y, w: box.width, h: box.height, r: 7, fill: style.backgroundColor, opacity: 1 },
    { kind: "text", x: x + box.width / 2, y: y + box.height / 2 + 0.35 * size, text, size, weight, fill: style.color, anchor: "middle" },
  ];
}

/** Top and bottom of a part, CSS px. @param {Part} part */
const reach = (part) => (part.kind === "box" ? [part.y, part.y + part.h] : [part.y - 1.5 * part.size, part.y + part.size]);

/** Left, top, right, bottom of what is there to be read. @param {Part} part */
function box(part) {
  if (part.kind === "box") return [part.x, part.y, part.x + part.w, part.y + part.h];
  const { x, y, w = 0, size, anchor } = part;
  const left = x - (anchor === "middle" ? w / 2 : anchor === "end" ? w : 0);
  return [left, y - size, left + w, y + 0.3 * size];
}

/** Those parts that none of the others covers, or comes near to. @param {Part[]} parts @param {Part[]} others */
export function besides(parts, others) {
  const near = 4;
  const taken = others.map(box);
  return parts.filter((part) => {
    const [left, top, right, bottom] = box(part);
    return !taken.some((other) => left < other[2] + near && other[0] - near < right && top < other[3] + near && other[1] - near < bottom);
  });
}

/**
 * Paints parts; the pen's units are CSS px of the screen.
 * @param {CanvasRenderingContext2D} pen
 * @param {Part[]} parts
 */
export function paint(pen, parts) {
  for (const part of parts) {
    if (part.kind === "box") {
      /** @type {string | CanvasGradient} */
      let fill = part.fill;
      if (part.stops) {
        fill = pen.createLinearGradient(part.x, 0, part.x + part.w, 0);
        for (const { at, color } of part.stops) fill.addColorStop(at, color);
      }
      pen.globalAlpha = part.opacity;
      pen.fillStyle = fill;
      pen.beginPath();
      pen.roundRect(part.x, part.y, part.w, part.h, part.r);
      pen.fill();
      pen.globalAlpha = 1;
    } else {
      pen.font = `${part.weight} ${part.size}px ${family()}`;
      pen.textAlign = part.anchor === "middle" ? "center" : part.anchor === "end" ? "right" : "left";
      pen.direction = part.rtl ? "rtl" : "ltr";
      // Not known to every browser: then letters stand as they do.
      if ("letterSpacing" in pen) pen.letterSpacing = part.spacing ?? "0px";
      pen.globalAlpha = part.opacity ?? 1;
      pen.lineJoin = "round";
      pen.lineWidth = part.edge ?? 4;
      if (part.halo) {
        pen.strokeStyle = part.halo;
        pen.strokeText(part.text, part.x, part.y);
      }
      pen.fillStyle = part.fill;
      pen.fillText(part.text, part.x, part.y);
      pen.globalAlpha = 1;
    }
  }
}

/** The parts that reach into some rows, CSS px. @param {Part[]} parts @param {number} top @param {number} bottom */
export const partsIn = (parts, top, bottom) => parts.filter((part) => reach(part)[1] > top && reach(part)[0] < bottom);
