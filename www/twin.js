// Two maps of the same data by the same recipe, one in the plane and one in space. Each is kept beside the other, so that one can
// go from either to the other.

/** @typedef {import("./types.js").MapState} MapState */

/** A recipe but for the number of dimensions. @param {import("./types.js").Recipe} recipe */
const rest = (recipe) => JSON.stringify({ ...recipe, project: { .../** @type {object} */ (recipe.project), dim: 0 } });

/**
 * Pairs a new map with the one before, if they are twins.
 * @param {MapState} map
 * @param {object} before the map, or the rows, that it was made from
 */
export function twins(map, before) {
  if (!("recipe" in before)) return;
  const old = /** @type {MapState} */ (before);
  if (old.dim === map.dim || old.items.n !== map.items.n || rest(old.recipe) !== rest(map.recipe)) return;
  map.twin = old;
  old.twin = map;
}

/** @param {object | undefined} one @param {object} other */
export const isOrTwin = (one, other) => one === other || (one !== undefined && "twin" in one && one.twin === other);
