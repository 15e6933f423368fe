// The names in a galaxy. Which of them there are is chosen anew in each frame (src/explore/names_in_space.rs): near ones count more,
// and a cloud that turns has no zoom from which on a name has room for good. Which may be there, and how much room each needs,
// is found once, in the worker. Islands have no names here: they are those of the flat map.

import { GAP, NAMES, rankOf } from "./lettering.js";

/** @typedef {import("./naming-space.js").SpaceNaming} SpaceNaming */
/** @typedef {{id: number, x: number, y: number, opacity: number, rank: number}} Name x, y: its middle, CSS px; rank: which of NAMES */

/** A picture waits no longer for names that fade. */
const FRAMES = 16;

export class GalaxyNames {
  #view;
  #session;
  /** The names, and of what. @type {(SpaceNaming & {items: object, xyz: object}) | null} */
  #naming = null;
  /** Those that the galaxy knows of. @type {object | null} */
  #given = null;
  #request = 0;
  #amount = 0;

  /** @param {import("../view.js").MapView} view @param {import("../session.js").Session} session */
  constructor(view, session) {
    this.#view = view;
    this.#session = session;
  }

  /** Whether these are the names of these places. @param {object | null | undefined} items @param {object | null} xyz */
  #of(items, xyz) {
    return this.#naming !== null && this.#naming.items === items && this.#naming.xyz === xyz;
  }

  /** Finds the names of the galaxy on screen, unless they are known. @returns {Promise<boolean>} whether there are other ones */
  async settle() {
    const { shown } = this.#session;
    const { xyz } = this.#view.depth;
    if (!shown || shown.live || !xyz || this.#of(shown.items, xyz)) return false;
    const request = ++this.#request;
    /** @type {SpaceNaming | null} */
    const found = await this.#session.ask("spaceNames", [xyz]).catch(() => null); // the galaxy is as good without
    if (request !== this.#request || !found || this.#session.shown?.items !== shown.items || this.#view.depth.xyz !== xyz) return false;
    this.#naming = { ...found, items: shown.items, xyz };
    return true;
  }

  /**
   * The names of this frame.
   * @param {number} amount how many times its own room a name needs to come
   * @param {number} step how much of a fade has passed since the last frame; 1 = at once
   * @param {boolean} wanted else those that are there go
   * @returns {{names: Name[], more: boolean}} more: another frame is due though nothing moves
   */
  frame(amount, step, wanted) {
    const { galaxy, xyz, live } = this.#view.depth;
    const naming = this.#naming;
    if (!galaxy || !naming || live || !this.#of(this.#session.shown?.items, xyz)) return { names: [], more: false };
    // By another number of names all are chosen anew, not those that are there kept.
    if (this.#given !== naming || this.#amount !== amount) galaxy.setNames(naming.ids, naming.boxes);
    this.#given = naming;
    this.#amount = amount;
    const [more, ...parts] = galaxy.names(amount, step, wanted);
    /** @type {Name[]} */
    const names = [];
    for (let at = 0; at < parts.length; at += 4) {
      const [name, x, y, opacity] = parts.slice(at, at + 4);
      const rank = rankOf(naming.discs[name]);
      names.push({ id: naming.ids[name], x, y: y + GAP + NAMES[rank].line / 2, opacity, rank });
    }
    return { names, more: more > 0 };
  }

  /** The names once nothing fades any more. @param {number} amount @returns {Name[]} */
  still(amount) {
    let found = this.frame(amount, 1, true);
    for (let frame = 0; found.more && frame < FRAMES; frame += 1) found = this.frame(amount, 1, true);
    return found.names;
  }
}
