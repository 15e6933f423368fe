// What happens to a canvas: another size, another pixel ratio, its context lost and back.

/**
 * @typedef {object} Hooks
 * @property {(cssWidth: number, cssHeight: number, devicePixelRatio: number) => void} resize now too, unless it is not shown
 * @property {() => void} lost
 * @property {() => void} restored
 */

/** @param {HTMLCanvasElement} canvas @param {Hooks} hooks */
export function watchScreen(canvas, { resize, lost, restored }) {
  canvas.addEventListener("webglcontextlost", (event) => {
    event.preventDefault(); // without this the browser never restores it
    lost();
  });
  canvas.addEventListener("webglcontextrestored", restored);
  const measure = () => {
    const { clientWidth, clientHeight } = canvas;
    if (clientWidth && clientHeight) resize(clientWidth, clientHeight, devicePixelRatio);
  };
  new ResizeObserver(measure).observe(canvas);
  /** Browser zoom and a move to another screen change the ratio without changing the CSS size. */
  const watchRatio = () =>
    matchMedia(`(resolution: ${devicePixelRatio}dppx)`).addEventListener(
      "change",
      () => {
        measure();
        watchRatio();
      },
      { once: true },
    );
  watchRatio();
  measure();
}
