// Work for the page's main thread in several short tasks, so that none blocks it.

/**
 * @param {(() => void)[]} steps
 * @param {() => boolean} wanted asked before each; the rest is left out once it says no
 */
export function oneByOne([step, ...rest], wanted) {
  if (!step) return;
  setTimeout(() => {
    if (!wanted()) return;
    step();
    oneByOne(rest, wanted);
  });
}
