// The one state machine of the page: no map -> making one -> a map, and back.
//
// What is on screen ("shown") and what is finished ("map") are two things: while a new map
// is made its live frames are shown, and if it fails or is canceled the finished one comes
// back exactly as it was: positions, items, colors, camera, selection. Knows no HTML.

import { Texts } from "./texts.js";

/** @typedef {import("./types.js").MapState} MapState */
/** @typedef {import("./types.js").Items} Items */
/** @typedef {import("./types.js").Source} Source */
/** @typedef {import("./types.js").LinkContent} LinkContent */
/** @typedef {import("./types.js").Progress} Progress */
/** @typedef {{items: Items, names: Texts, labels: Texts, positions: Float32Array, color: string, live: boolean}} Shown */
/** @typedef {{recipe: import("./types.js").Recipe, link: LinkContent | null}} Wish */
/** @typedef {{canceled: boolean, sources: Source[], before: {camera: import("./types.js").Camera, follow: boolean, selected: number} | null, switched: boolean, link: LinkContent | null}} Job */

/** A column with more categories than this is not worth coloring by unasked. */
const MOST_DEFAULT_CATEGORIES = 40;

/** @param {Items} items */
function defaultColor(items) {
  const few = items.columns.filter((c) => c.kind === "category" && c.counts.length > 1 && c.counts.length <= MOST_DEFAULT_CATEGORIES);
  return (few.find((c) => c.name === "category") ?? few[0])?.name ?? "";
}

/**
 * @param {string} code
 * @param {string} message
 * @param {string} hint
 */
function failure(code, message, hint) {
  return { code, message, hint, file: "", line: 0, column: 0 };
}

export class Session {
  /** The last finished map. @type {MapState | null} */
  map = null;
  /** What the canvas shows. @type {Shown | null} */
  shown = null;
  /** Id of the pinned item, -1 = none. */
  selected = -1;

  #engine;
  #view;
  #emit;
  /** @type {Job | null} */
  #job = null;
  /** Settles, never rejects, when the running job is over. @type {Promise<void>} */
  #over = Promise.resolve();
  /** The map whose data the engine holds. @type {{map: MapState, generation: number} | null} */
  #held = null;

  /**
   * @param {import("./engine.js").Engine} engine
   * @param {import("./view.js").MapView} view
   * @param {(event: string, detail?: any) => void} emit "start", "progress", "shown", "layout",
   *   "color", "ready", "items", "select", "end"
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
      if (link?.files.length) this.#recognize(opened.files, link, sources);
      return await this.#make(job, { sources, files: opened.files }, recipe);
    });
  }

  /**
   * Makes the map again from the same data.
   * @param {import("./types.js").Recipe} recipe
   * @returns {Promise<MapState>}
   */
  again(recipe) {
    const map = this.map;
    if (!map) return Promise.reject(failure("no-map", "There is no map yet.", "Open a file or a demo first."));
    if (!this.#holds(map)) return this.open(map.sources, { recipe, link: null });
    return this.#asJob({ link: null, sources: map.sources }, (job) => this.#make(job, map, recipe));
  }

  /** Stops what runs; the previous map is back when this returns. */
  cancel() {
    const job = this.#job;
    if (!job || job.canceled) return;
    job.canceled = true;
    this.#engine.cancel().catch(() => {});
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
    this.#view.change((view) => view.setSelected(valid));
    this.#emit("select", valid);
  }

  /**
   * @param {number} id
   * @param {number} k
   * @returns {Promise<import("./types.js").Neighbors | null>} null when the engine does not hold this map's data
   */
  async neighbors(id, k) {
    if (!this.map || this.shown?.live || !this.#holds(this.map)) return null;
    return this.#engine.call("neighbors", [id, k]);
  }

  /** @param {MapState} map */
  #holds(map) {
    return this.#held?.map === map && this.#held.generation === this.#engine.generation;
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
    const job = { canceled: false, sources, before: null, switched: false, link };
    this.#job = job;
    /** @type {() => void} */
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
   * @param {{sources: Source[], files: import("./types.js").FileSummary[]}} data
   * @param {import("./types.js").Recipe} recipe
   */
  async #make(job, { sources, files }, recipe) {
    if (job.canceled) {
      await this.#engine.call("drop");
      throw failure("cancelled", "Cancelled.", "");
    }
    const report = await this.#engine.call("run", [recipe], (progress) => this.#progress(job, progress));
    if (job.canceled || !this.shown) {
      // It finished in the moment of the cancel: the engine now holds a map that is not shown.
      this.#held = null;
      throw failure("cancelled", "Cancelled.", "");
    }
    this.shown.live = false;
    const { items, positions, color } = this.shown;
    this.map = { items, positions, recipe, report, sources, files, color };
    this.#held = { map: this.map, generation: this.#engine.generation };
    if (job.link) this.#arrive(job.link);
    this.#emit("ready", { map: this.map, link: job.link });
    return this.map;
  }

  /**
   * @param {Job} job
   * @param {Progress} progress
   */
  #progress(job, progress) {
    if (job.canceled) return;
    if (progress.items) this.#switch(job, progress.items, progress.layout ?? new Float32Array(progress.items.n * 2));
    else if (progress.layout && this.shown) {
      this.shown.positions = progress.layout;
      this.#view.setPositions(progress.layout, progress.stage !== "done");
    }
    this.#emit("progress", progress);
    if (progress.layout) this.#emit("layout", this.shown?.positions);
  }

  /**
   * From now on the canvas shows the map being made.
   * @param {Job} job
   * @param {Items} items
   * @param {Float32Array} positions
   */
  #switch(job, items, positions) {
    job.before = { camera: this.#view.camera(), follow: this.#view.follow, selected: this.selected };
    job.switched = true;
    const kept = this.map && items.columns.some((c) => c.name === this.map?.color) ? this.map.color : null;
    this.#show(items, positions, job.link?.color ?? kept ?? defaultColor(items), true);
    this.select(-1);
    this.#view.follow = true;
  }

  /**
   * @param {Items} items
   * @param {Float32Array} positions
   * @param {string} color
   * @param {boolean} live
   */
  #show(items, positions, color, live) {
    this.shown = { items, names: new Texts(items.names), labels: new Texts(items.labels), positions, color, live };
    this.#view.setItems(items.popularity);
    this.#emit("shown", this.shown);
    const steps = [() => this.#place(), () => this.#applyColor()];
    if (live) this.#oneByOne(steps);
    else for (const step of steps) step();
  }

  #place() {
    if (!this.shown) return;
    const { positions, live } = this.shown; // a small map may be finished by now
    this.#view.setPositions(positions, live);
    if (live) this.#view.fitNow();
  }

  /**
   * The first frame of a large map is several short tasks, so that none blocks the page.
   * @param {(() => void)[]} steps left out from the moment that something else is shown
   */
  #oneByOne([step, ...rest]) {
    const { shown } = this;
    if (!step) return;
    setTimeout(() => {
      if (this.shown !== shown) return;
      step();
      this.#oneByOne(rest);
    });
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
    this.#show(map.items, map.positions, map.color, false);
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

  /**
   * A link to local files goes on only with exactly these files.
   * @param {import("./types.js").FileSummary[]} files
   * @param {LinkContent} link
   * @param {Source[]} sources
   */
  #recognize(files, link, sources) {
    const local = files.filter((_, i) => sources[i].origin === "");
    const stranger = local.find(({ hash }) => !link.files.some((file) => file.hash === hash));
    if (!stranger) return;
    this.#engine.call("drop").catch(() => {});
    const error = failure(
      "other-file",
      `${stranger.file} is not the file this link was made from.`,
      `The link was made from ${link.files.map(({ name }) => name).join(" and ")}, and its content differs. Drop that file, or choose “Forget the link” to map yours.`,
    );
    throw { ...error, file: stranger.file };
  }

  /** @param {LinkContent} link the view of a link, once its map is there */
  #arrive(link) {
    if (link.camera) this.#view.setCamera(link.camera);
    else this.#view.fitNow();
  }

  #applyColor() {
    const { shown } = this;
    if (!shown) return;
    const column = shown.items.columns.find((c) => c.name === shown.color);
    const legend = this.#view.change((view) => {
      if (column?.kind === "category") return view.colorByCategory(column.codes, column.counts.length);
      if (column?.kind === "number") return view.colorByNumber(column.values);
      // Popularity spans orders of magnitude: its ramp is logarithmic.
      if (shown.color === "popularity") return view.colorByNumber(Float32Array.from(shown.items.popularity, Math.log));
      view.colorByNothing();
      return null;
    });
    this.#emit("color", { shown, column: column ?? null, legend });
  }
}
