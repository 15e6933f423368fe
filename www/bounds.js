// Where the bulk of a moving layout is. A few items far from all others are normal while the
// layout forms, and a camera that showed them too would show nothing else.

/** As many points as tell the quantiles well enough, whatever the size of the map. */
const MOST_SAMPLES = 2000;
/** Share of the points left out at each end of each axis. */
const TAIL = 0.02;

/**
 * @param {Float32Array} xy x0, y0, x1, y1, ...
 * @returns {{x: number, y: number, width: number, height: number} | null} center and size; null without a placed item
 */
export function bounds(xy) {
  const n = xy.length / 2;
  const step = Math.max(1, Math.floor(n / MOST_SAMPLES));
  /** @type {[number[], number[]]} */
  const axes = [[], []];
  for (let i = 0; i < n; i += step) {
    const x = xy[2 * i];
    const y = xy[2 * i + 1];
    if (!Number.isFinite(x) || !Number.isFinite(y)) continue;
    axes[0].push(x);
    axes[1].push(y);
  }
  const m = axes[0].length;
  if (m === 0) return null;
  const cut = Math.floor(m * TAIL);
  const [[left, right], [bottom, top]] = axes.map((values) => {
    values.sort((a, b) => a - b);
    return [values[cut], values[m - 1 - cut]];
  });
  return { x: (left + right) / 2, y: (bottom + top) / 2, width: right - left, height: top - bottom };
}

/** What a flat view shows of positions: in space the first two of each three numbers, as the engine turns a map's widest side to these.
 * @param {Float32Array} positions @param {number} dim
 */
export const flat = (positions, dim) => (dim === 2 ? positions : positions.filter((_, at) => at % dim < 2));
