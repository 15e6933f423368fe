// A picture as SVG: discs as the view tells them, texts as text.

/** @typedef {import("./overlay.js").Part} Part */

/** Numbers that the view tells of each disc: x, y, radius, opacity, red, green, blue. */
export const PER_DISC = 7;
/** More circles than this make a file that most programs open slowly or not at all. */
export const MOST_DISCS = 50_000;
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
 * @param {{width: number, height: number}} picture.screen CSS px
 * @param {string | null} picture.paper null = transparent
 * @param {Part[]} picture.parts
 * @param {string} picture.title
 * @param {string} picture.family of typefaces
 * @param {boolean} [picture.rims]
 * @returns {string}
 */
export function svg({ discs, screen: { width, height }, paper, parts, title, family, rims = true }) {
  const lines = [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">`,
    `<title>${escape(title)}</title>`,
  ];
  if (paper) lines.push(`<rect width="100%" height="100%" fill="${escape(paper)}"/>`);
  lines.push("<g>");
  for (let at = 0; at + PER_DISC <= discs.length; at += PER_DISC) lines.push(circle(discs, at, rims));
  lines.push("</g>", `<g font-family="${escape(family)}">`, ...parts.map(overlay), "</g>", "</svg>", "");
  return lines.join("\n");
}
