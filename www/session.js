// The one state machine of the page: no map -> making one -> a map, and back.
//
// What is on screen ("shown") and what is finished ("map") are two things: while a new map
// is made its live frames are shown, and if it fails or is canceled the finished one comes
// back exactly as it was: positions, items, colors, camera, selection. Rows of which no map
// could be made wait beside it for another setting. Knows no HTML.

import { defaultColor, paint } from "./colors.js";
import { NO_REMEDY, failure } from "./errors.js";
import { unlike } from "./link.js";
import { oneByOne } from "./steps.js";
import { Texts, same } from "./texts.js";
import { isOrTwin, twins } from "./twin.js";

/** @typedef {import("./types.js").MapState} MapState */
/** @typedef {import("./types.js").Items} Items */
/** @typedef {import("./types.js").Source} Source */
/** @typedef {import("./types.js").LinkContent} LinkContent */
/** @typedef {import("./types.js").Progress} Progress */
/** @typedef {{items: Items, names: Texts, labels: Texts, positions: Float32Array, dim: number, color: string, live: boolean, stands: Float32Array | null}} Shown dim: numbers in positions for each item; stands: the positions of the map before, if its items are still there */
/** @typedef {{recipe: import("./types.js").Recipe, link: LinkContent | null}} Wish */
/** @typedef {{sources: Source[], files: import("./types.js").FileSummary[]}} Data */
/** @typedef {{canceled: boolean, paused: boolean, running: boolean, recipe: import("./types.js").Recipe | null, sources: Source[], before: {camera: import("./types.js").Camera, follow: boolean, selected: number} | null, switched: boolean, link: LinkContent | null}} Job */

export class Session {
  /** The last finished map. @type {MapState | null} */
  map = null;
  /** What the canvas shows. @type {Shown | null} */
  shown = null;
  /** Id of the pinned item, -1 = none. */
  selected = -1;
  /** Rows that were read and gave no map. @type {Data | null} */
  waiting = null;

  #engine;
  #view;
  #emit;
  /** @type {Job | null} */
  #job = null;
  /** Settles, never rejects, when the running job is over. @type {Promise<void>} */
  #over = Promise.resolve();
  /** The map whose data the engine holds, or the rows that wait. @type {{data: Data, generation: number} | null} */
  #held = null;
  /** The map that the engine has as its current one. @type {{map: MapState, generation: number} | null} */
  #kept = null;

  /**
   * @param {import("./engine.js").Engine} engine
   * @param {import("./view.js").MapView} view
   * @param {(event: string, detail?: any) => void} emit "start", "progress", "shown", "layout",
   *   "color", "ready", "items", "select", "paused", "waiting", "end"
   */
  constructor(engine, view, emit) {
    this.#engine = engine;
    this.#view = view;
    this.#emit = emit;
  }

  get busy() {
    return this.#job !== null;
  }

  /**
   * Reads files and, unless they only describe items, makes their map. Files that come while others are on their way
   * are taken together with these, unless they bring rows of their own.
   * @param {Source[]} sources
   * @param {Wish} wish
   * @returns {Promise<MapState>} rejects with an ErrorObject, code "cancelled" after cancel()
   */
  open(sources, { recipe, link }) {
    const waiting = link || !this.#job || this.#job.canceled ? [] : this.#job.sources;
    const all = [...waiting, ...sources];
    return this.#asJob({ link, sources: all }, async (job) => {
      this.#release();
      this.#wait(null);
      /** @param {Source[]} files @returns {Promise<import("./types.js").Opened>} */
      const read = (files) => {
        job.sources = files;
        return this.#engine.call("open", [files], (progress) => this.#progress(job, progress));
      };
      const opened = await read(all).catch((error) => {
        if (waiting.length && error.code === "too-many-files" && !job.canceled) return read(sources);
        throw error;
      });
      sources = job.sources;
      if (opened.kind === "items") return this.#describe(opened, sources);
      const stranger = link && unlike(link, opened.files, sources);
      if (stranger) {
        this.#engine.call("drop").catch(() => {});
        throw stranger;
      }
      return await this.#make(job, { sources, files: opened.files }, recipe);
    });
  }

  /**
   * Makes a map of the rows that wait, or the map again from the same data.
   * @param {import("./types.js").Recipe} recipe
   * @returns {Promise<MapState>}
   */
  again(recipe) {
    const data = this.waiting ?? this.map;
    if (!data) return Promise.reject(failure("no-map", "There is no map yet.", "Open a file or a demo first."));
    if (!this.#holds(data)) return this.open(data.sources, { recipe, link: null });
    return this.#asJob({ link: null, sources: data.sources }, (job) => this.#make(job, data, recipe));
  }

  /**
   * Goes on by another recipe while a map is made; what is done by equal options is kept.
   * @param {import("./types.js").Recipe} recipe
   */
  async change(recipe) {
    const job = this.#job;
    if (!job) return;
    try {
      if (job.running) await this.#engine.call("change", [recipe]);
    } catch (error) {
      if (/** @type {import("./types.js").ErrorObject} */ (error).code !== "no-data") throw error;
      // It was done a moment ago.
      await this.#over;
      await this.again(recipe);
      return;
    }
    job.recipe = recipe;
    this.pause(false);
  }

  /** Stops for a while, or goes on. @param {boolean} paused */
  pause(paused) {
    const job = this.#job;
    if (!job || job.canceled || job.paused === paused) return;
    job.paused = paused;
    this.#engine.call(paused ? "pause" : "resume").catch(() => {});
    this.#emit("paused", paused);
  }

  get paused() {
    return this.#job?.paused === true;
  }

  /** Gives up the rows that wait. */
  discard() {
    if (!this.waiting || this.#job) return;
    if (this.#holds(this.waiting)) this.#engine.call("drop").catch(() => {});
    this.#release();
    this.#wait(null);
  }

  /** The engine drops what has no map: the next run would be of the current map's data. */
  #release() {
    this.#held = this.#kept && { data: this.#kept.map, generation: this.#kept.generation };
  }

  /** @param {Data | null} data */
  #wait(data) {
    if (this.waiting === data) return;
    this.waiting = data;
    this.#emit("waiting", data);
  }

  /**
   * The embedding as a file.
   * @param {"csv" | "npy"} kind
   * @returns {Promise<Uint8Array<ArrayBuffer>>}
   */
  async exportEmbedding(kind) {
    if (!this.map || !this.#keeps(this.map)) throw failure("no-map", "The embedding is not at hand any more.", "Make the map again.");
    return this.#engine.call("exportEmbedding", [kind]);
  }

  /** Stops what runs; the previous map is back when this returns. */
  cancel() {
    const job = this.#job;
    if (!job || job.canceled) return;
    job.canceled = true;
    this.#engine.cancel().catch(() => {});
    this.#release();
    this.#restore(job);
    this.#emit("end");
  }

  /** @param {string} color a column's name, "popularity" or "" */
  setColor(color) {
    if (!this.shown) return;
    this.shown.color = color;
    if (this.map && !this.shown.live) this.map.color = color;
    this.#applyColor();
  }

  /** @param {number} id -1 = none */
  select(id) {
    const valid = this.shown && id >= 0 && id < this.shown.items.n ? id : -1;
    if (valid === -1 && this.selected === -1) return;
    this.selected = valid;
    this.#view.select(valid);
    this.#emit("select", valid);
  }

  /**
   * @param {string} call
   * @param {unknown[]} args
   * @returns {Promise<any>} the engine's answer about this map; null when it does not hold the map's data
   */
  async ask(call, args) {
    if (!this.map || this.shown?.live || !this.#keeps(this.map)) return null;
    return this.#engine.call(call, args);
  }

  /** Whether the next run would be of this data. @param {Data} data */
  #holds(data) {
    return isOrTwin(this.#held?.data, data) && this.#held?.generation === this.#engine.generation;
  }

  /** Whether the engine's current map is this one: rows that wait stand beside it. @param {MapState} map */
  #keeps(map) {
    return isOrTwin(this.#kept?.map, map) && this.#kept?.generation === this.#engine.generation;
  }

  /**
   * @param {{link: LinkContent | null, sources: Source[]}} wish
   * @param {(job: Job) => Promise<MapState>} work
   * @returns {Promise<MapState>}
   */
  async #asJob({ link, sources }, work) {
    // Two quick requests both wait here; the later one then stops the earlier one.
    while (this.#job) {
      this.cancel();
      await this.#over;
    }
    /** @type {Job} */
    const job = { canceled: false, paused: false, running: false, recipe: null, sources, before: null, switched: false, link };
    this.#job = job;
    let settle = () => {};
    this.#over = new Promise((resolve) => (settle = resolve));
    this.#emit("start");
    try {
      await this.#engine.started;
      return await work(job);
    } catch (error) {
      if (!job.canceled) this.#restore(job);
      throw error;
    } finally {
      this.#job = null;
      if (!job.canceled) this.#emit("end");
      settle();
    }
  }

  /**
   * @param {Job} job
   * @param {Data} data
   * @param {import("./types.js").Recipe} recipe
   */
  async #make(job, data, recipe) {
    if (job.canceled) {
      await this.#engine.call("drop");
      throw failure("cancelled", "Cancelled.", "");
    }
    job.running = true;
    job.recipe ??= recipe; // changed while the file was read
    const report = await this.#engine.call("run", [job.recipe, job.link?.turn ?? null], (progress) => this.#progress(job, progress)).catch((error) => {
      if (!NO_REMEDY.has(error.code) && !job.canceled && data !== this.map) {
        this.#held = { data, generation: this.#engine.generation };
        this.#wait(data);
      }
      throw error;
    });
    if (this.shown) this.shown.live = false;
    await new Promise((placed) => setTimeout(placed)); // a map that was made in one step is still to be placed
    if (job.canceled || !this.shown) {
      // It finished in the moment of the cancel: the engine now holds a map that is not shown.
      this.#held = this.#kept = null;
      throw failure("cancelled", "Cancelled.", "");
    }
    const { items, positions, dim, color } = this.shown;
    this.map = { items, positions, dim, recipe: job.recipe, report, sources: data.sources, files: data.files, color, twin: null };
    twins(this.map, data);
    this.#kept = { map: this.map, generation: this.#engine.generation };
    this.#release();
    this.#wait(null);
    if (job.link) this.#view.arrive(job.link);
    this.#emit("ready", { map: this.map, link: job.link });
    return this.map;
  }

  /**
   * @param {Job} job
   * @param {Progress} progress
   */
  #progress(job, progress) {
    if (job.canceled) return;
    const { items, layout, dim = 2, stage } = progress;
    if (items) this.#switch(job, items, layout ?? null, dim);
    else if (layout && this.shown) {
      Object.assign(this.shown, { positions: layout, dim });
      this.#lay(stage !== "done");
    }
    this.#emit("progress", progress);
    if (layout) this.#emit("layout", this.shown?.positions);
  }

  /** From now on the canvas shows the map being made.
   * @param {Job} job @param {Items} items @param {Float32Array | null} layout null: none yet @param {number} dim
   */
  #switch(job, items, layout, dim) {
    job.before ??= { camera: this.#view.camera(), follow: this.#view.follow, selected: this.selected };
    job.switched = true;
    const kept = this.map && items.columns.some((c) => c.name === this.map?.color) ? this.map.color : null;
    // The same items move from the finished map to the new one.
    const before = this.shown && !this.shown.live && same(this.shown.items, items) ? this.shown : null;
    const { positions, dim: own } = layout ? { positions: layout, dim } : (before ?? { positions: new Float32Array(items.n * 2), dim: 2 });
    this.#show(items, positions, own, job.link?.color ?? kept ?? defaultColor(items), true, before?.positions);
    this.select(-1);
    this.#view.follow = true;
  }

  /**
   * @param {Items} items @param {Float32Array} positions @param {number} dim @param {string} color @param {boolean} live
   * @param {Float32Array | null} [stands] where these items stand on screen
   */
  #show(items, positions, dim, color, live, stands = null) {
    this.shown = { items, names: new Texts(items.names), labels: new Texts(items.labels), positions, dim, color, live, stands };
    if (!stands) this.#view.setItems(items.popularity);
    this.#emit("shown", this.shown);
    const steps = [() => this.#place(), () => this.#applyColor()];
    const { shown } = this;
    if (live) oneByOne(steps, () => this.shown === shown);
    else for (const step of steps) step();
  }

  #place() {
    if (!this.shown) return;
    const { live, stands } = this.shown; // a small map may be finished by now
    this.#lay(live);
    if (live && !stands) this.#view.fitNow();
  }

  /** Puts the items where they belong now. @param {boolean} live */
  #lay(live) {
    if (!this.shown || this.shown.stands === this.shown.positions) return;
    const { positions, dim, stands } = this.shown;
    if (stands) this.#view.moveTo(positions, live, dim);
    else this.#view.setPositions(positions, live, dim);
    this.shown.stands = null;
  }

  /** Shows the map's twin instead. @param {MapState} twin */
  swap(twin) {
    this.map = Object.assign(twin, { items: this.map?.items, color: this.map?.color });
    Object.assign(this.shown ?? {}, { positions: twin.positions, dim: twin.dim, stands: null });
    this.#lay(false);
    this.#emit("swapped", twin);
  }

  /** @param {Job} job */
  #restore(job) {
    if (!job.switched) return;
    const { map } = this;
    const { before } = job;
    if (!map || !before) {
      this.shown = null;
      this.select(-1);
      this.#view.setItems(new Uint32Array(0));
      this.#view.setPositions(new Float32Array(0), false);
      this.#emit("shown", null);
      return;
    }
    this.#show(map.items, map.positions, map.dim, map.color, false);
    this.#view.setCamera(before.camera);
    this.#view.follow = before.follow;
    this.select(before.selected);
  }

  /**
   * New labels and columns for the map on screen.
   * @param {import("./types.js").Opened} opened
   * @param {Source[]} sources
   * @returns {MapState}
   */
  #describe({ files, items }, sources) {
    const { map, shown } = this;
    if (!map || !shown || !items) throw failure("no-records", "These files only describe items.", "Drop the file of collections and items too.");
    const kept = map.files.map((file, i) => ({ file, source: map.sources[i] })).filter(({ file }) => file.kind !== "items");
    map.files = [...kept.map((k) => k.file), ...files];
    map.sources = [...kept.map((k) => k.source), ...sources];
    map.items = items;
    const known = items.columns.some((c) => c.name === map.color);
    map.color = known ? map.color : defaultColor(items);
    this.shown = { ...shown, items, names: new Texts(items.names), labels: new Texts(items.labels), color: map.color };
    this.#emit("shown", this.shown);
    this.#applyColor();
    this.select(this.selected);
    this.#emit("items", map);
    return map;
  }

  #applyColor() {
    if (this.shown) this.#emit("color", paint(this.#view, this.shown));
  }
}
