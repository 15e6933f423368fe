// Pictures side by side in one small PNG: with so many colors that it is no larger than documents should carry.

import { crc32, deflateSync } from "node:zlib";
import { launch } from "./site.mjs";

/** Bytes of a file at most. */
const MOST = 300_000;
const WIDE = 3;

/** @typedef {{title: string, file: string | null}} Part `file` is an address; null where a program did not get there */

/**
 * Draws the parts, three a row; each px as the color of a palette of so many.
 * @param {{parts: Part[], wide: number, most: number}} wish
 */
async function draw({ parts, wide, most }) {
  const [width, height, head] = [640, 400, 22];
  const canvas = document.createElement("canvas");
  canvas.width = wide * width + (wide - 1) * 4;
  canvas.height = Math.ceil(parts.length / wide) * (height + head);
  const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d", { willReadFrequently: true }));
  pen.fillStyle = "#1b212c";
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.imageSmoothingQuality = "high";
  pen.font = "14px system-ui, sans-serif";
  for (const [i, { title, file }] of parts.entries()) {
    const [x, y] = [(i % wide) * (width + 4), Math.floor(i / wide) * (height + head)];
    pen.fillStyle = "#e8edf6";
    pen.fillText(file ? title : `${title}: no picture within the limit`, x + 6, y + 16);
    if (!file) continue;
    const image = await createImageBitmap(await (await fetch(file)).blob());
    pen.drawImage(image, x, y + head, width, height);
  }
  const { data } = pen.getImageData(0, 0, canvas.width, canvas.height);
  // Median cut (Heckbert 1982) over colors of 5 bits a channel.
  const counts = new Float64Array(1 << 15);
  const key = (/** @type {number} */ at) => ((data[at] >> 3) << 10) | ((data[at + 1] >> 3) << 5) | (data[at + 2] >> 3);
  for (let at = 0; at < data.length; at += 4) counts[key(at)] += 1;
  const channel = (/** @type {number} */ color, /** @type {number} */ c) => (color >> (10 - 5 * c)) & 31;
  const measured = (/** @type {number[]} */ colors) => {
    const spans = [0, 1, 2].map((c) => Math.max(...colors.map((color) => channel(color, c))) - Math.min(...colors.map((color) => channel(color, c))));
    const span = Math.max(...spans);
    // Roots: the ground alone would take all colors otherwise.
    return { colors, axis: spans.indexOf(span), weight: span * colors.reduce((sum, color) => sum + Math.sqrt(counts[color]), 0) };
  };
  const boxes = [measured([...counts.keys()].filter((color) => counts[color]))];
  while (boxes.length < most) {
    const next = boxes.reduce((best, box) => (box.weight > best.weight ? box : best));
    if (!next.weight) break;
    const sorted = next.colors.sort((a, b) => channel(a, next.axis) - channel(b, next.axis));
    const half = sorted.reduce((sum, color) => sum + Math.sqrt(counts[color]), 0) / 2;
    let [at, sum] = [0, 0];
    while (at < sorted.length - 1 && sum + Math.sqrt(counts[sorted[at]]) <= half) sum += Math.sqrt(counts[sorted[at++]]);
    const cut = Math.min(Math.max(at, 1), sorted.length - 1);
    boxes.splice(boxes.indexOf(next), 1, measured(sorted.slice(0, cut)), measured(sorted.slice(cut)));
  }
  const which = new Uint8Array(1 << 15);
  boxes.forEach(({ colors }, i) => colors.forEach((color) => (which[color] = i)));
  const sums = new Float64Array(4 * boxes.length);
  const pixels = new Uint8Array(canvas.width * canvas.height);
  for (let at = 0; at < data.length; at += 4) {
    const box = (pixels[at >> 2] = which[key(at)]);
    for (let c = 0; c < 3; c += 1) sums[4 * box + c] += data[at + c];
    sums[4 * box + 3] += 1;
  }
  const palette = boxes.flatMap((_, i) => [0, 1, 2].map((c) => Math.round(sums[4 * i + c] / sums[4 * i + 3])));
  let text = "";
  for (let at = 0; at < pixels.length; at += 8192) text += String.fromCharCode(...pixels.subarray(at, at + 8192));
  return { width: canvas.width, height: canvas.height, palette, pixels: btoa(text) };
}

/** @param {string} kind @param {Buffer} data */
function chunk(kind, data) {
  const body = Buffer.concat([Buffer.from(kind, "latin1"), data]);
  const whole = Buffer.alloc(body.length + 8);
  whole.writeUInt32BE(data.length);
  body.copy(whole, 4);
  whole.writeUInt32BE(crc32(body), body.length + 4);
  return whole;
}

/** A PNG of palette colors. @param {Awaited<ReturnType<typeof draw>>} image */
function png({ width, height, palette, pixels }) {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 3, 0, 0, 0], 8);
  const plain = Buffer.from(pixels, "base64");
  const rows = Buffer.alloc((width + 1) * height);
  for (let y = 0; y < height; y += 1) plain.copy(rows, y * (width + 1) + 1, y * width, (y + 1) * width);
  const parts = [chunk("IHDR", header), chunk("PLTE", Buffer.from(palette)), chunk("IDAT", deflateSync(rows, { level: 9 })), chunk("IEND", Buffer.alloc(0))];
  return Buffer.concat([Buffer.from("\x89PNG\r\n\x1a\n", "latin1"), ...parts]);
}

/**
 * One PNG of all parts.
 * @param {Part[]} parts
 */
export async function sheet(parts) {
  const { open, close } = await launch();
  const page = await open({ wait: false });
  let file = Buffer.alloc(0);
  for (const most of [256, 128, 64, 40, 28, 20]) {
    file = png(await page.evaluate(draw, { parts, wide: Math.min(WIDE, parts.length), most }));
    if (file.length <= MOST) break;
  }
  await close();
  return file;
}
