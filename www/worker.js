// The compute worker: owns the wasm Engine and answers the page's calls.
//
// In:  {id, call, args}            ids count up
// Out: {id, progress}* then exactly one of {id, ok} and {id, error}
//
// "open" and "run" are jobs: at most one at a time, and "cancel" stops it. A job works in
// slices and lets the worker's event loop turn between them, so a cancel, a pause or a change
// of the recipe gets through in about one slice. "measure" works in slices too and makes way for
// any job: it then answers null; so does "place". Whatever fails or is canceled leaves the
// engine's current map as it was; the rows of a run that failed wait for the next one.

import { bytes } from "./bytes.js";
import { failure } from "./errors.js";
import { importBuild, load } from "./load.js";

/** @typedef {import("./types.js").Progress} Progress */
/** @typedef {(progress: Progress, transfer?: Transferable[]) => void} Tell */

/** Milliseconds of work between two turns of the event loop. */
const SLICE_MS = 40;
/** Milliseconds between two live frames, as the page can show them (pace.js); "pace" changes it. */
let frameMs = 250;

/** @type {import("./types.js").Wasm} */
let wasm;
/** @type {import("./types.js").WasmEngine} */
let engine;
/** @type {AbortController | null} */
let job = null;
/** The measuring under way. @type {AbortController | null} */
let measuring = null;
/** The list being placed. @type {AbortController | null} */
let placing = null;
/** The names being found. @type {AbortController | null} */
let naming = null;
/** What a paused job waits for. @type {{promise: Promise<void>, resolve: () => void} | null} */
let pause = null;
/** Whether the page has the items of the run; a change that goes back to the first stage makes others. */
let itemsTold = false;

const channel = new MessageChannel();
/** @type {(() => void)[]} */
const waiting = [];
channel.port1.onmessage = () => waiting.shift()?.();

/** Lets every message that has arrived be handled (setTimeout would be clamped to 4 ms). */
function turn() {
  return /** @type {Promise<void>} */ (
    new Promise((resolve) => {
      waiting.push(resolve);
      channel.port2.postMessage(0);
    })
  );
}

/** @param {AbortSignal} signal */
function stopIfCanceled(signal) {
  if (signal.aborted) throw failure("cancelled", "Cancelled.", "");
}

/** Between two slices: hears messages, waits while paused, ends here when canceled. @param {AbortSignal} signal */
async function breathe(signal) {
  await turn();
  while (pause) await pause.promise;
  stopIfCanceled(signal);
}

/** @param {boolean} wanted */
function setPaused(wanted) {
  if (!wanted) pause?.resolve();
  if (!wanted || pause) {
    pause = wanted ? pause : null;
    return;
  }
  /** @type {() => void} */
  let resolve = () => {};
  const promise = /** @type {Promise<void>} */ (new Promise((settle) => (resolve = settle)));
  pause = { promise, resolve };
}

/**
 * @param {unknown} error
 * @returns {import("./types.js").ErrorObject}
 */
function describe(error) {
  if (error instanceof Object && "code" in error && "message" in error && "hint" in error) {
    return /** @type {import("./types.js").ErrorObject} */ (error);
  }
  if (error instanceof WebAssembly.RuntimeError) {
    return failure("crash", "The computation stopped unexpectedly.", `This is a fault in Archipelago (${error.message}). It starts again by itself; the data may be too large for this device.`);
  }
  if (error instanceof RangeError) {
    return failure("memory", "There is not enough memory for this.", "Raise “Drop items in fewer than N collections”, or close other tabs.");
  }
  return failure("internal", error instanceof Error ? error.message : String(error), "This is a fault in Archipelago. Please report it.");
}

/** The buffers of items() that can be handed over instead of copied.
 * @param {import("./types.js").Items} items
 */
function buffersOf(items) {
  /** @type {Set<ArrayBufferLike>} */
  const buffers = new Set();
  /** @param {unknown} value */
  const visit = (value) => {
    if (ArrayBuffer.isView(value)) buffers.add(value.buffer);
    else if (value && typeof value === "object") Object.values(value).forEach(visit);
  };
  visit(items);
  return /** @type {ArrayBuffer[]} */ ([...buffers]);
}

/**
 * @param {import("./types.js").Source[]} sources
 * @param {Tell} tell
 * @param {AbortSignal} signal
 * @returns {Promise<import("./types.js").Opened>}
 */
async function open(sources, tell, signal) {
  engine.openStart();
  /** @type {import("./types.js").FileSummary[]} */
  const files = [];
  for (const [index, source] of sources.entries()) {
    let told = -Infinity;
    let turned = performance.now();
    /** @type {[number, number]} */
    let seen = [0, 0];
    let rows = 0;
    const report = () => {
      const [read, total] = seen;
      const share = total ? Math.min(read / total, 1) : 0;
      const text = `${source.name}: ${rows.toLocaleString("en-US")} rows`;
      tell({ stage: "read", done: index + share, total: sources.length, text, overall: 0, hasLayout: false });
    };
    engine.fileStart(source.name);
    for await (const chunk of bytes(source, signal, (...now) => (seen = now))) {
      rows = engine.filePush(chunk);
      const now = performance.now();
      if (now - told >= frameMs) {
        told = now;
        report();
      }
      if (now - turned >= SLICE_MS) {
        await breathe(signal);
        turned = performance.now();
      }
    }
    stopIfCanceled(signal);
    const summary = engine.fileEnd();
    files.push(summary);
    rows = summary.rows;
    seen = [1, 1];
    report();
  }
  const kind = engine.openEnd();
  return kind === "items" ? { kind, files, items: engine.items() } : { kind, files };
}

/**
 * @param {object} recipe
 * @param {number[] | null} turn how it is to lie; null: as the map before
 * @param {Tell} tell
 * @param {AbortSignal} signal
 */
async function run(recipe, turn, tell, signal) {
  engine.runStart(recipe, new Float64Array(turn ?? []));
  itemsTold = false;
  let nextFrame = -Infinity;
  let toldAt = -Infinity;
  let toldStage = "";
  for (;;) {
    const progress = engine.runStep(SLICE_MS);
    const done = progress.stage === "done";
    /** @type {Transferable[]} */
    const transfer = [];
    if (progress.hasLayout && !itemsTold) {
      itemsTold = true;
      nextFrame = -Infinity;
      progress.items = engine.items();
      transfer.push(...buffersOf(progress.items));
    }
    if (progress.hasLayout && (done || performance.now() >= nextFrame)) {
      const began = performance.now();
      progress.layout = engine.layout();
      progress.dim = engine.layoutDim();
      // Showing one takes a fifteenth of the time (pace.js), making one a thirtieth: together a tenth.
      nextFrame = began + Math.max(frameMs, 30 * (performance.now() - began));
      transfer.push(/** @type {ArrayBuffer} */ (progress.layout.buffer));
    }
    // To show a number costs a slow device as much as to show a frame.
    if (done || transfer.length > 0 || progress.stage !== toldStage || performance.now() - toldAt >= frameMs) {
      toldStage = progress.stage;
      toldAt = performance.now();
      tell(progress, transfer);
    }
    if (done) return engine.report();
    await breathe(signal);
  }
}

/**
 * Measures the current map, which the page shows already.
 * @returns {Promise<import("./types.js").Measured | null>}
 */
async function measure() {
  measuring?.abort();
  const { signal } = (measuring = new AbortController());
  while (job?.signal.aborted) await turn(); // it ends in a moment
  if (job || signal.aborted) return null;
  engine.measureStart();
  while (!engine.measureStep(SLICE_MS)) {
    await turn();
    if (signal.aborted) return null;
  }
  return { mapHash: engine.report().mapHash, quality: engine.quality(), trust: engine.trust() };
}

/**
 * Where a list belongs in the current map; null when another list or a job came in between.
 * @param {string} text
 */
async function place(text) {
  placing?.abort();
  const { signal } = (placing = new AbortController());
  const goesOn = async () => {
    await turn();
    return !signal.aborted;
  };
  const { match } = await import("./later/names.js");
  const found = await match(engine.items(), text, goesOn);
  if (!found || signal.aborted) return null;
  engine.placeStart(found.ids, found.weights);
  for (;;) {
    const landing = engine.placeStep(SLICE_MS);
    if (landing) return { ...found, ...landing };
    if (!(await goesOn())) return null;
  }
}

/**
 * The names of the current items at these places; null when it is asked again, or a job came in between.
 * @param {(wasm: import("./types.js").NamesWasm, goesOn: () => Promise<boolean>) => Promise<object | null>} find
 */
async function names(find) {
  naming?.abort();
  const { signal } = (naming = new AbortController());
  const wasm = await importBuild("pkg-modes");
  if (signal.aborted || job) return null;
  return find(/** @type {any} */ (wasm), async () => {
    await turn();
    return !signal.aborted;
  });
}

/**
 * Goes on by another recipe.
 * @param {object} recipe
 */
function change(recipe) {
  if (engine.runChange(recipe) === "collect") itemsTold = false;
}

/**
 * @template T
 * @param {(signal: AbortSignal) => Promise<T>} work
 * @param {boolean} keepsRows whether the rows are kept when it fails
 * @returns {Promise<T>}
 */
async function asJob(work, keepsRows) {
  if (job) throw failure("busy", "Another map is being made.", "Cancel it first.");
  measuring?.abort();
  placing?.abort();
  naming?.abort();
  const { signal } = (job = new AbortController());
  setPaused(false);
  try {
    return await work(signal);
  } catch (error) {
    // A trapped instance cannot be called any more; the page starts a new worker.
    if (error instanceof WebAssembly.RuntimeError) throw error;
    // Rows that were read and could not be mapped stay: another setting may do.
    if (signal.aborted || !keepsRows) engine.runCancel();
    throw signal.aborted ? failure("cancelled", "Cancelled.", "") : error;
  } finally {
    job = null;
  }
}

/** @type {Record<string, (args: any[], tell: Tell) => unknown>} */
const calls = {
  start: async ([wish]) => {
    const loaded = await load(wish);
    wasm = loaded.wasm;
    engine = new wasm.Engine();
    return { build: loaded.build, threads: loaded.threads, mapVersion: wasm.mapVersion() };
  },
  open: ([sources], tell) => asJob((signal) => open(sources, tell, signal), false),
  run: ([recipe, turn], tell) => asJob((signal) => run(recipe, turn, tell, signal), true),
  measure: () => measure(),
  cancel: () => {
    job?.abort();
    setPaused(false);
  },
  pause: () => setPaused(job !== null),
  resume: () => setPaused(false),
  pace: ([interval]) => {
    frameMs = interval;
  },
  change: ([recipe]) => change(recipe),
  drop: () => engine.runCancel(),
  neighbors: ([id, k]) => engine.neighbors(id, k),
  formulaPreview: ([recipe, n]) => engine.formulaPreview(recipe, n),
  place: ([text]) => place(text),
  names: ([islands, xy]) => names(async (wasm, goesOn) => (await import("./later/naming.js")).naming(engine, wasm, xy, islands, goesOn)),
  spaceNames: ([xyz]) => names(async (wasm, goesOn) => (await import("./later/naming-space.js")).namingSpace(engine, wasm, xyz, goesOn)),
  edges: ([limit]) => engine.edges(limit),
  exportEmbedding: ([kind]) => engine.exportEmbedding(kind),
  defaultRecipe: ([preset]) => wasm.defaultRecipe(preset),
  checkRecipe: ([recipe]) => wasm.checkRecipe(recipe),
  freshSeed: () => wasm.freshSeed(),
};

addEventListener("message", async ({ data: { id, call, args } }) => {
  try {
    const answer = await calls[call](args, (progress, transfer = []) => postMessage({ id, progress }, { transfer }));
    const items = /** @type {any} */ (answer)?.items;
    postMessage({ id, ok: answer }, { transfer: items ? buffersOf(items) : [] });
  } catch (error) {
    postMessage({ id, error: describe(error) });
  }
});
