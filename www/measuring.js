// Measures each map once it is on the screen. It never delays a map: whatever else the engine is asked for goes first,
// and the measuring begins again when that is over.

/** @typedef {import("./types.js").MapState} MapState */

export class Measuring {
  #engine;
  #onMeasured;
  #turn = 0;

  /**
   * @param {import("./engine.js").Engine} engine
   * @param {(map: MapState) => void} onMeasured its report has the measures now, its items the trust
   */
  constructor(engine, onMeasured) {
    this.#engine = engine;
    this.#onMeasured = onMeasured;
  }

  /** @param {MapState | null} map measured already or not; with new labels it is measured again */
  async measure(map) {
    const turn = ++this.#turn;
    if (!map || map.report.quality) return;
    /** @type {import("./types.js").Measured | null} */
    const found = await this.#engine.call("measure").catch(() => null); // the map is as good without
    // The engine may hold another map by now, or none.
    if (!found || turn !== this.#turn || found.mapHash !== map.report.mapHash) return;
    map.report.quality = found.quality;
    map.items.trust = found.trust;
    this.#onMeasured(map);
  }
}
