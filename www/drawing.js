// The drawing code: two builds of the view, of which the small one shows the first map (relay.js).

import { failure } from "./errors.js";

/** @param {"view" | "modes"} build @returns {Promise<import("./types.js").ViewWasm>} */
export async function loadDrawing(build) {
  try {
    const wasm = await import(new URL(`pkg-${build}/archipelago.js`, import.meta.url).href);
    await wasm.default();
    return wasm;
  } catch (error) {
    const hint = "Reload the page. If that does not help, this browser is too old, or files of this site are missing.";
    throw failure("page", `The page's code could not be loaded: ${/** @type {Error} */ (error).message}`, hint);
  }
}

/** @param {HTMLCanvasElement} canvas */
export async function firstView(canvas) {
  const { View } = await loadDrawing("view");
  const view = new View(canvas);
  while (!view.compiled()) await moment();
  return view;
}

/** About a frame; in a page that is not seen too. */
export const moment = () => new Promise((resolve) => setTimeout(resolve, 16));

/** No wait for the device is longer. */
export const LONG_MS = 3000;

/**
 * The device has drawn all it was told to, or takes long.
 * @param {HTMLCanvasElement} canvas @param {number} poll milliseconds between two questions to it
 */
export async function drawnBy(canvas, poll) {
  const gl = canvas.getContext("webgl2");
  const fence = gl?.fenceSync(gl.SYNC_GPU_COMMANDS_COMPLETE, 0);
  gl?.flush();
  const late = performance.now() + LONG_MS;
  do await new Promise((resolve) => setTimeout(resolve, poll));
  while (gl && fence && performance.now() < late && !gl.isContextLost() && gl.getSyncParameter(fence, gl.SYNC_STATUS) !== gl.SIGNALED);
  gl?.deleteSync(fence ?? null);
}
