// A slow reader of the PNGs that the page writes: 8 bits, RGB or RGBA, not interlaced, any filter; checks every sum.

import assert from "node:assert/strict";
import { crc32, inflateSync } from "node:zlib";

/**
 * @param {Buffer} file
 * @returns {{width: number, height: number, channels: number, at: (x: number, y: number) => number[]}}
 */
export function readPng(file) {
  assert.equal(file.subarray(0, 8).toString("latin1"), "\x89PNG\r\n\x1a\n");
  /** @type {Map<string, Buffer[]>} */
  const chunks = new Map();
  for (let at = 8; at < file.length; ) {
    const length = file.readUInt32BE(at);
    const kind = file.toString("latin1", at + 4, at + 8);
    assert.equal(file.readUInt32BE(at + 8 + length), crc32(file.subarray(at + 4, at + 8 + length)), kind);
    chunks.set(kind, [...(chunks.get(kind) ?? []), file.subarray(at + 8, at + 8 + length)]);
    at += 12 + length;
  }
  assert.ok(chunks.has("IEND"));
  const [header] = chunks.get("IHDR") ?? [];
  const [width, height] = [header.readUInt32BE(0), header.readUInt32BE(4)];
  assert.equal(header[8], 8);
  const channels = header[9] === 6 ? 4 : 3;
  const data = inflateSync(Buffer.concat(chunks.get("IDAT") ?? []));
  const stride = width * channels;
  assert.equal(data.length, height * (stride + 1));
  const pixels = Buffer.alloc(height * stride);
  for (let y = 0; y < height; y += 1) {
    const filter = data[y * (stride + 1)];
    for (let i = 0; i < stride; i += 1) {
      const [left, up] = [i >= channels ? pixels[y * stride + i - channels] : 0, y ? pixels[(y - 1) * stride + i] : 0];
      const predicted = [0, left, up, (left + up) >> 1][filter];
      assert.notEqual(predicted, undefined, `filter ${filter}`);
      pixels[y * stride + i] = data[y * (stride + 1) + 1 + i] + predicted;
    }
  }
  return { width, height, channels, at: (x, y) => [...pixels.subarray(y * stride + x * channels, y * stride + (x + 1) * channels)] };
}
