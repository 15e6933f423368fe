// Stands in for the threaded build of the engine, so that the page shows maps that were made before: the set that a file is named
// after is read from where pictures.mjs serves it. All else that the worker asks of a build, it asks the other build.

import * as single from "../pkg/archipelago.js";

export * from "../pkg/archipelago.js";
export default single.default;
export const initThreadPool = async () => {};

/** @param {string} path @returns {ArrayBuffer} */
function read(path) {
  const request = new XMLHttpRequest();
  request.open("GET", new URL(`../saved/${path}`, import.meta.url), false);
  request.responseType = "arraybuffer";
  request.send();
  if (request.status !== 200) throw new Error(`${path}: ${request.status}`);
  return request.response;
}

/** As a wasm build packs texts. @param {string[]} texts @param {number} n */
function packed(texts, n) {
  const encoded = texts.map((text) => new TextEncoder().encode(text));
  let end = 0;
  const ends = Uint32Array.from({ length: n }, (_, i) => (end += encoded[i]?.length ?? 0));
  const bytes = new Uint8Array(end);
  encoded.forEach((part, i) => bytes.set(part, ends[i] - part.length));
  return { bytes, ends };
}

export class Engine {
  #name = "";
  #dim = 2;

  openStart() {}
  /** @param {string} name */
  fileStart(name) {
    this.#name = name;
  }
  filePush() {
    return 1;
  }
  fileEnd() {
    return { kind: "records", file: this.#name, rows: 1, skippedRows: 0, bytes: 1, hash: "", columns: [] };
  }
  openEnd() {
    return "records";
  }
  /** @param {{project: {dim: number}}} recipe */
  runStart(recipe) {
    this.#dim = recipe.project.dim;
  }
  runStep() {
    return { stage: "done", done: 1, total: 1, text: "", overall: 1, hasLayout: true };
  }
  runChange() {
    return "done";
  }
  runCancel() {}
  layout() {
    return new Float32Array(read(`${this.#name}/${this.#dim}`));
  }
  layoutDim() {
    return this.#dim;
  }
  items() {
    const told = JSON.parse(new TextDecoder().decode(read(`${this.#name}/items`)));
    const popularity = new Uint32Array(read(`${this.#name}/popularity`));
    const n = popularity.length;
    const columns = told.columns.map((/** @type {{name: string, categories: string[]}} */ { name, categories }, /** @type {number} */ i) => {
      const codes = new Uint32Array(read(`${this.#name}/${i ? `code${i}` : "code"}`));
      const counts = new Uint32Array(categories.length);
      for (const code of codes) if (code < counts.length) counts[code] += 1;
      return { name, kind: "category", codes, categories: packed(categories, categories.length), counts };
    });
    return { n, names: packed(told.names, n), labels: packed(told.names, n), popularity, columns };
  }
  report() {
    return { mapHash: `${this.#name}-${this.#dim}`, continued: false, turn: [], sizes: {}, seconds: {}, averageDistortion: 0, quality: null };
  }
  neighbors() {
    return { ids: new Uint32Array(0), dissimilarities: new Float32Array(0) };
  }
  edges() {
    return new Uint32Array(0);
  }
  measureStart() {
    throw new Error("a saved map is not measured");
  }
}
