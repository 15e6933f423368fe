// The page's interface for whoever embeds or tests it: `window.archipelago`.
//
//   ready: Promise<void>            the page takes data; if its address holds a link that needs no
//                                   dropped file, that map is finished (or has failed, see error())
//   open(filesOrUrls, recipe?)      one or several of: File, Blob, address, "demo:films", "demo:emoji".
//                                   Promise<{items, mapHash}> of the finished map (an items file
//                                   describes the present one); rejects with an ErrorObject.
//                                   recipe: any part of a recipe, missing options from the default
//   cancel()                        stops what runs; the previous map is back when it returns
//   pause(), resume()               stops for a while what runs, and goes on
//   change(recipe)                  goes on by another recipe while a map is made; what is done by equal
//                                   options is kept. Any part of a recipe, missing options from the default.
//                                   Promise; rejects with an ErrorObject, and the old recipe goes on
//   on(event, f)                    returns a function that ends it. Events and what f gets:
//       "progress"  {stage, done, total, text, overall, hasLayout}
//       "layout"    Float32Array: positions while the map forms and at its end
//       "ready"     {items, mapHash}: a map is finished
//       "measured"  a moment later: what it is worth, as in report().quality
//       "error"     ErrorObject {code, message, hint, file, line, column}
//       "select"    number: id of the pinned item, -1 = none
//       "hover"     number: id of the item under the pointer, -1 = none
//   positions()                     Float32Array x0, y0, x1, y1, ... of what is on screen (a copy); x0, y0, z0, x1, ... in space
//   recipe()                        the full recipe of the map, or of the next one while there is none;
//                                   null while the page starts
//   report()                        sizes, seconds per stage, mapHash ... of the map; null without one
//   shareLink()                     Promise<string>; rejects while there is no map
//   error()                         the last ErrorObject, null after a success
//   label(id), locate(id)           an item's name; its place in CSS pixels of the window {x, y, radius}
//   select(id)                      pins an item, -1 = none

/** @typedef {import("./types.js").ErrorObject} ErrorObject */

/**
 * @typedef {object} Parts
 * @property {import("./session.js").Session} session
 * @property {import("./view.js").MapView} view
 * @property {import("./options.js").Options} options
 * @property {() => Promise<{link: string}>} linkOf
 * @property {(recipe: object) => Promise<void>} change
 */

/**
 * @param {object} page
 * @param {Promise<void>} page.ready
 * @param {() => Parts | null} page.parts null while the page starts
 * @param {(files: (Blob | string)[], recipe?: object) => Promise<import("./types.js").MapState>} page.open
 * @param {() => ErrorObject | null} page.error
 * @param {Map<string, Set<(detail: any) => void>>} page.listeners
 */
export function api({ ready, parts, open, error, listeners }) {
  /** Labels need the session; asked too early they are empty. @param {number} id */
  const label = (id) => {
    const shown = parts()?.session.shown;
    return shown?.labels.at(id) || shown?.names.at(id) || "";
  };
  return Object.freeze({
    ready,
    /** @param {Blob | string | (Blob | string)[]} filesOrUrls @param {object} [recipe] */
    async open(filesOrUrls, recipe) {
      const map = await open([filesOrUrls].flat(), recipe);
      return { items: map.items.n, mapHash: map.report.mapHash };
    },
    cancel: () => parts()?.session.cancel(),
    pause: () => parts()?.session.pause(true),
    resume: () => parts()?.session.pause(false),
    /** @param {object} recipe */
    change: async (recipe) => parts()?.change(recipe),
    /** @param {string} event @param {(detail: any) => void} f */
    on(event, f) {
      const known = listeners.get(event);
      if (!known) throw new TypeError(`No event "${event}"; there are ${[...listeners.keys()].join(", ")}.`);
      known.add(f);
      return () => void known.delete(f);
    },
    positions: () => parts()?.session.shown?.positions.slice() ?? new Float32Array(0),
    recipe: () => structuredClone(parts()?.session.map?.recipe ?? parts()?.options.recipe ?? null),
    report: () => structuredClone(parts()?.session.map?.report ?? null),
    shareLink: async () => {
      await ready;
      return (await /** @type {Parts} */ (parts()).linkOf()).link;
    },
    error,
    label,
    /** @param {number} id */
    locate: (id) => parts()?.view.locate(id) ?? { x: NaN, y: NaN, radius: 0 },
    /** @param {number} id */
    select(id) {
      parts()?.session.select(id);
      if (id >= 0) parts()?.view.reveal(id, false);
    },
  });
}
