// How a galaxy lies: a new layout is turned to lie as the one before, which whoever opens a link did not have. So a link says
// where four items are that span the galaxy; a layout that differs by a turn or a reflection can be laid the same way.

/** @typedef {[number, number, number]} Vector */

/** @param {Vector} a @param {Vector} b @returns {Vector} */
const minus = (a, b) => [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
/** @param {Vector} a @param {Vector} b */
const dot = (a, b) => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
/** @param {Vector} a @param {Vector} b @returns {Vector} */
const cross = (a, b) => [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
/** @param {Float32Array} xyz @param {number} id @returns {Vector} */
const place = (xyz, id) => [xyz[3 * id], xyz[3 * id + 1], xyz[3 * id + 2]];
/** Of lengths that should be equal. */
const SAME = 0.01;

/**
 * Four items that span a layout, and where they are: the first, the one farthest from it, the one farthest from their line, the
 * one farthest from their plane.
 * @param {Float32Array} xyz
 * @returns {number[]} id, x, y, z of each; empty where all lie in a plane
 */
export function frame(xyz) {
  /** @param {(place: Vector) => number} far */
  const farthest = (far) => {
    let best = { id: 0, far: 0 };
    for (let id = 0; 3 * id < xyz.length; id += 1) {
      const here = far(place(xyz, id));
      if (here > best.far) best = { id, far: here };
    }
    return best;
  };
  const first = place(xyz, 0);
  const a = farthest((p) => dot(minus(p, first), minus(p, first)));
  const along = minus(place(xyz, a.id), first);
  const b = farthest((p) => dot(cross(minus(p, first), along), cross(minus(p, first), along)));
  const up = cross(along, minus(place(xyz, b.id), first));
  const c = farthest((p) => Math.abs(dot(minus(p, first), up)));
  if (!(c.far > 0)) return [];
  return [0, a.id, b.id, c.id].flatMap((id) => [id, ...place(xyz, id)]);
}

/**
 * The layout turned so that these items are there.
 * @param {Float32Array} xyz
 * @param {number[]} given as from frame()
 * @returns {Float32Array | null} null when no turn does it
 */
export function laid(xyz, given) {
  const items = [0, 4, 8, 12].map((at) => ({ id: given[at], to: /** @type {Vector} */ (given.slice(at + 1, at + 4)) }));
  if (given.length !== 16 || items.some(({ id }) => !Number.isInteger(id) || id < 0 || 3 * id >= xyz.length)) return null;
  const [from, to] = [place(xyz, items[0].id), items[0].to];
  const sides = items.slice(1).map((item) => minus(place(xyz, item.id), from));
  const wanted = items.slice(1).map((item) => minus(item.to, to));
  const size = Math.max(...sides.map((side) => dot(side, side)));
  const alike = sides.every((side, i) => sides.every((other, j) => Math.abs(dot(side, other) - dot(wanted[i], wanted[j])) <= SAME * size));
  const [a, b, c] = sides;
  const duals = [cross(b, c), cross(c, a), cross(a, b)];
  const volume = dot(a, duals[0]);
  if (!alike || !(Math.abs(volume) > 0)) return null;
  const out = new Float32Array(xyz.length);
  for (let id = 0; 3 * id < xyz.length; id += 1) {
    const parts = duals.map((dual) => dot(minus(place(xyz, id), from), dual) / volume);
    for (let axis = 0; axis < 3; axis += 1) out[3 * id + axis] = to[axis] + parts.reduce((sum, part, i) => sum + part * wanted[i][axis], 0);
  }
  return out;
}
