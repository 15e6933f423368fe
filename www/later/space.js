// Between "Map" and "Galaxy". A galaxy needs places in space. They are there where the map has three dimensions, or its
// embedding has. Else the map is made again with project.dim = 3: a run as any other, of which only the last stage is new.
// The flat map stays beside it as its twin, so that "Map" goes back to it, and "Galaxy" to this one, without a run.

/** @typedef {import("../types.js").MapState} MapState @typedef {import("../session.js").Session} Session */

/** The three coordinates of a NPY file as the engine writes it; null if it has another number of columns.
 * @param {Uint8Array<ArrayBuffer>} bytes @param {number} n
 */
function threeColumns(bytes, n) {
  const start = 10 + new DataView(bytes.buffer, bytes.byteOffset).getUint16(8, true);
  const header = new TextDecoder().decode(bytes.subarray(10, start));
  if (!header.includes(`(${n}, 3)`) || bytes.length - start !== 12 * n) return null;
  return new Float32Array(bytes.slice(start).buffer);
}

/** @param {Session} session @param {MapState} map */
async function embedding(session, map) {
  // A map that was made without one says so.
  const bytes = await session.exportEmbedding("npy").catch(() => null);
  return bytes && threeColumns(bytes, map.items.n);
}

/**
 * Shows the map as a visitor, or a link, asks for.
 * @param {string} mode
 * @param {Session} session
 * @param {import("../view.js").MapView} view
 * @param {import("../options.js").Options} options
 * @param {boolean} [run] whether a map may be made for it
 */
export async function choose(mode, session, view, options, run = true) {
  const { map } = session;
  if (mode !== "galaxy") {
    if (map?.dim === 3 && map.twin && !session.busy) session.swap(map.twin);
    view.depth.show(mode);
    return;
  }
  if (view.depth.xyz) return view.depth.show(mode);
  if (map && !session.busy) {
    if (map.twin) session.swap(map.twin);
    if (view.depth.xyz) return view.depth.show(mode);
    const xyz = await embedding(session, map);
    if (map !== session.map || session.busy) return;
    if (xyz) {
      view.depth.add(xyz);
      return view.depth.show(mode);
    }
  }
  if (!run) return;
  const recipe = map && !session.busy ? map.recipe : options.recipe;
  if (!recipe) return;
  const deep = { ...recipe, project: { .../** @type {object} */ (recipe.project), dim: 3 } };
  await (session.busy ? session.change(deep) : session.again(deep));
}
