// A PNG written row by row: as large as one likes, without a canvas of that size. (PNG specification, third edition.)

/** Bytes given to the compressor at once: it works on this thread. */
const SLICE = 1 << 17;

const CRC = Uint32Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let bit = 0; bit < 8; bit += 1) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  return c;
});

/** @param {string} kind @param {Uint8Array} data @returns {Uint8Array<ArrayBuffer>} */
function chunk(kind, data) {
  const bytes = new Uint8Array(data.length + 12);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, data.length);
  for (let i = 0; i < 4; i += 1) bytes[4 + i] = kind.charCodeAt(i);
  bytes.set(data, 8);
  let crc = 0xffffffff;
  for (let i = 4; i < data.length + 8; i += 1) crc = CRC[(crc ^ bytes[i]) & 255] ^ (crc >>> 8);
  view.setUint32(data.length + 8, ~crc >>> 0);
  return bytes;
}

export class Png {
  #width;
  #alpha;
  /** The row before, as the filter needs it. @type {Uint8Array} */
  #before;
  /** @type {Uint8Array<ArrayBuffer>[]} */
  #chunks;
  #writer;
  #read;

  /**
   * @param {number} width px
   * @param {number} height px
   * @param {boolean} alpha whether pixels can be transparent
   */
  constructor(width, height, alpha) {
    this.#width = width;
    this.#alpha = alpha;
    this.#before = new Uint8Array(width * (alpha ? 4 : 3));
    const header = new Uint8Array(13);
    const view = new DataView(header.buffer);
    view.setUint32(0, width);
    view.setUint32(4, height);
    header.set([8, alpha ? 6 : 2, 0, 0, 0], 8);
    this.#chunks = [Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a), chunk("IHDR", header)];
    const stream = new CompressionStream("deflate");
    this.#writer = stream.writable.getWriter();
    this.#read = this.#collect(stream.readable.getReader());
  }

  /** @param {ReadableStreamDefaultReader<Uint8Array>} reader */
  async #collect(reader) {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      this.#chunks.push(chunk("IDAT", value));
    }
  }

  /**
   * The next rows, one or several. Gives way to other work now and then.
   * @param {Uint8Array | Uint8ClampedArray} rgba not premultiplied
   * @param {() => Promise<void>} breathe
   */
  async rows(rgba, breathe) {
    const [from, to] = [4 * this.#width, this.#before.length];
    const step = this.#alpha ? 4 : 3;
    const count = rgba.length / from;
    const lines = new Uint8Array(count * (to + 1));
    for (let row = 0; row < count; row += 1) {
      // Filter 2, "up": the difference from the row before.
      lines[row * (to + 1)] = 2;
      let at = row * (to + 1) + 1;
      for (let i = 0, px = row * from; i < to; i += step, px += 4) {
        for (let channel = 0; channel < step; channel += 1, at += 1) {
          const value = rgba[px + channel];
          lines[at] = value - this.#before[i + channel];
          this.#before[i + channel] = value;
        }
      }
    }
    for (let at = 0; at < lines.length; at += SLICE) {
      await this.#writer.ready;
      await this.#writer.write(lines.subarray(at, at + SLICE));
      await breathe();
    }
  }

  /** The file. To be called after the last row. @returns {Promise<Blob>} */
  async finish() {
    await this.#writer.close();
    await this.#read;
    return new Blob([...this.#chunks, chunk("IEND", new Uint8Array(0))], { type: "image/png" });
  }

  /** Gives it up. */
  async abort() {
    this.#read.catch(() => {});
    await this.#writer.abort().catch(() => {});
  }
}
