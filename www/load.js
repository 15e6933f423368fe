// Chooses and starts one of the two wasm builds of the engine, once, inside the worker.
//
// "threads" needs cross-origin isolation, shared memory and nested workers; where any of
// them is missing, or the threaded build does not start, "single" computes the same map,
// bit for bit, on one core. Having no threads is normal and not an error.

/** More threads than this cost memory and bring little: the longest stages stop scaling. */
const MOST_THREADS = 8;
/** A pool that has not started by then never will (a blocked nested worker gives no event). */
const POOL_START_MS = 10_000;

// (module (memory 1 1 shared) (func i32.const 0 i32.const 0 i32.atomic.store)), the smallest
// module that is valid only where shared memory and atomics exist.
const SHARED_MEMORY_MODULE = new Uint8Array([
  0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 5, 4, 1, 3, 1, 1, 10, 12, 1, 10, 0, 65,
  0, 65, 0, 254, 23, 2, 0, 11,
]);

/** @returns {boolean} */
function canUseThreads() {
  return (
    self.crossOriginIsolated === true &&
    typeof SharedArrayBuffer === "function" &&
    // Safari 16 had shared memory but no workers inside workers.
    "Worker" in self &&
    WebAssembly.validate(SHARED_MEMORY_MODULE)
  );
}

/**
 * @param {string} folder
 * @returns {Promise<import("./types.js").Wasm>}
 */
export async function importBuild(folder) {
  const address = new URL(`./${folder}/archipelago.js`, import.meta.url).href;
  const wasm = /** @type {import("./types.js").Wasm} */ (await import(address));
  await wasm.default();
  return wasm;
}

/**
 * @param {number} threads
 * @returns {Promise<import("./types.js").Wasm>}
 */
async function startThreads(threads) {
  const wasm = await importBuild("pkg-threads");
  if (!wasm.initThreadPool) throw new Error("the threaded build has no thread pool");
  await Promise.race([
    wasm.initThreadPool(threads),
    new Promise((_, reject) => setTimeout(() => reject(new Error("the thread pool did not start")), POOL_START_MS)),
  ]);
  return wasm;
}

/**
 * @param {{threads: number | null, build: string | null}} wish `threads` = 1 means the single build
 *   unless `build` is "threads"; null lets the machine decide
 * @returns {Promise<{wasm: import("./types.js").Wasm, build: "threads" | "single", threads: number}>}
 */
export async function load({ threads, build }) {
  const wanted = threads ?? Math.min(navigator.hardwareConcurrency || 1, MOST_THREADS);
  const single = build === "single" || (wanted <= 1 && build !== "threads");
  if (!single && canUseThreads()) {
    try {
      return { wasm: await startThreads(wanted), build: "threads", threads: wanted };
    } catch (error) {
      console.warn("Archipelago: the threaded build did not start, going on with one thread.", error);
    }
  }
  return { wasm: await importBuild("pkg"), build: "single", threads: 1 };
}
