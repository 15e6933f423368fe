// A picture as SVG: lines, discs and the mark of the selected item as the view tells them, texts as text.

/** @typedef {import("./overlay.js").Part} Part */

/** Numbers that the view tells of each disc: x, y, radius, opacity, red, green, blue. */
export const PER_DISC = 7;
/** And of each line: x, y, x, y, width, opacity, red, green, blue. */
const PER_STROKE = 9;
/** More circles than this make a file that most programs open slowly or not at all. */
export const MOST_DISCS = 50_000;
/** More lines than this, too; the whole graph has up to 100,000 (lines.js), and its longest are those one sees. */
export const MOST_STROKES = 120_000;
/** Of the rim around a disc, see points.frag: how much darker, and its width as a part of the radius, in CSS px. */
const RIM = { dark: 0.42, width: 0.22, least: 0.75, most: 1.5 };

/** Text for XML: what means something there is escaped, what may not be there at all is replaced. @param {string} text */
export function escape(text) {
  // In this pattern a half of a pair counts as what may not be there.
  return text
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, "\ufffd")
    .replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);
}

/** @param {number} value */
const short = (value) => String(Math.round(value * 100) / 100);
/** @param {number[]} rgb 0..1 each */
const hex = (rgb) => `#${rgb.map((c) => Math.round(255 * c).toString(16).padStart(2, "0")).join("")}`;

/** @param {ArrayLike<number>} discs @param {number} at @param {boolean} rims */
function circle(discs, at, rims) {
  const [x, y, radius, opacity, r, g, b] = Array.from({ length: PER_DISC }, (_, i) => discs[at + i]);
  const width = Math.min(Math.max(RIM.width * radius, RIM.least), RIM.most);
  const strength = rims ? RIM.dark * Math.min(Math.max(radius / 2 - 0.5, 0), 1) : 0;
  const fill = hex([r, g, b]);
  const faint = opacity < 1 ? ` opacity="${short(opacity)}"` : "";
  if (strength < 0.02) return `<circle cx="${short(x)}" cy="${short(y)}" r="${short(radius)}" fill="${fill}"${faint}/>`;
  const stroke = hex([r, g, b].map((c) => c * (1 - strength)));
  return `<circle cx="${short(x)}" cy="${short(y)}" r="${short(radius - width / 2)}" fill="${fill}" stroke="${stroke}" stroke-width="${short(width)}"${faint}/>`;
}

/** Lines, those of one look together. @param {ArrayLike<number>} strokes first how many there are @returns {string[]} */
function lines(strokes) {
  const out = [];
  let style = "";
  for (let at = 1; at + PER_STROKE <= strokes.length; at += PER_STROKE) {
    const [ax, ay, bx, by, width, opacity, r, g, b] = Array.from({ length: PER_STROKE }, (_, i) => strokes[at + i]);
    // Long ones of a graph are so faint that two decimals would tell few apart.
    const next = `stroke="${hex([r, g, b])}" stroke-width="${short(width)}" stroke-opacity="${Math.round(opacity * 1000) / 1000}"`;
    if (next !== style) out.push(...(style ? ["</g>"] : []), `<g fill="none" stroke-linecap="square" ${next}>`);
    style = next;
    // Each by itself: where they cross, the picture is denser.
    out.push(`<path d="M${short(ax)} ${short(ay)}L${short(bx)} ${short(by)}"/>`);
  }
  return style ? [...out, "</g>"] : [];
}

/** The selected item's disc again, with a ring around it. @param {ArrayLike<number>} ring x, y, three radii, three colors; or nothing */
function mark(ring) {
  if (ring.length !== 14) return [];
  const [x, y, ...rest] = Array.from(ring);
  return [2, 1, 0].map((i) => `<circle cx="${short(x)}" cy="${short(y)}" r="${short(rest[i])}" fill="${hex(rest.slice(3 + 3 * i, 6 + 3 * i))}"/>`);
}

/** @param {Part} part @param {number} id */
function overlay(part, id) {
  const at = `x="${short(part.x)}" y="${short(part.y)}"`;
  if (part.kind === "text") {
    const { halo, edge = 4, spacing = "0px", rtl, opacity = 1 } = part;
    const more = [
      halo ? ` stroke="${escape(halo)}" stroke-width="${edge}" stroke-linejoin="round" paint-order="stroke"` : "",
      spacing === "0px" ? "" : ` letter-spacing="${parseFloat(spacing)}"`,
      rtl ? ` direction="rtl"` : "",
      opacity < 1 ? ` opacity="${short(opacity)}"` : "",
    ];
    return `<text ${at} font-size="${part.size}" font-weight="${part.weight}" fill="${escape(part.fill)}" text-anchor="${part.anchor}"${more.join("")}>${escape(part.text)}</text>`;
  }
  const stops = (part.stops ?? []).map(({ at: offset, color }) => `<stop offset="${short(offset)}" stop-color="${escape(color)}"/>`);
  const gradient = stops.length ? `<linearGradient id="ramp${id}">${stops.join("")}</linearGradient>` : "";
  const fill = stops.length ? `url(#ramp${id})` : escape(part.fill);
  const faint = part.opacity < 1 ? ` fill-opacity="${part.opacity}"` : "";
  return `${gradient}<rect ${at} width="${short(part.w)}" height="${short(part.h)}" rx="${part.r}" fill="${fill}"${faint}/>`;
}

/**
 * @param {object} picture
 * @param {ArrayLike<number>} picture.discs the lowest first
 * @param {ArrayLike<number>} [picture.strokes] lines below them: how many there are, and then these, the lowest first
 * @param {ArrayLike<number>} [picture.ring] the mark of the selected item, above them
 * @param {{width: number, height: number}} picture.screen CSS px
 * @param {string | null} picture.paper null = transparent
 * @param {Part[]} picture.parts
 * @param {string} picture.title
 * @param {string} picture.family of typefaces
 * @param {boolean} [picture.rims]
 * @returns {string}
 */
export function svg({ discs, strokes = [], ring = [], screen: { width, height }, paper, parts, title, family, rims = true }) {
  const out = [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">`,
    `<title>${escape(title)}</title>`,
  ];
  if (paper) out.push(`<rect width="100%" height="100%" fill="${escape(paper)}"/>`);
  for (const line of lines(strokes)) out.push(line);
  out.push("<g>");
  for (let at = 0; at + PER_DISC <= discs.length; at += PER_DISC) out.push(circle(discs, at, rims));
  out.push("</g>", ...mark(ring), `<g font-family="${escape(family)}">`, ...parts.map(overlay), "</g>", "</svg>", "");
  return out.join("\n");
}
