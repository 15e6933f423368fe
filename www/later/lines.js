// Lines on the map: from the hovered and the selected item to its nearest neighbors in the data, and the whole graph of these.

/** Neighbors that lines go to. */
const NEIGHBORS = 15;
/** Milliseconds that the pointer rests on an item before its lines are asked for: passing over many asks for few. */
const REST_MS = 50;
/** Lines of the whole graph, the shortest first: what a graphics card of a few years ago draws in a frame. */
const MOST = 100_000;

/** Layers of src/draw/lines.rs. */
const LAYER = { graph: 0, selected: 2, hovered: 3 };

/** @typedef {"none" | "selected" | "hovered"} Which items have lines; "hovered": the selected one too */

export class Lines {
  /** @type {Which} */
  which = "hovered";
  graph = false;
  #view;
  #session;
  #colors = { text: "#ffffff", muted: "#888888", accent: "#ffffff" };
  /** Of each kind, the item whose lines are drawn or on their way. */
  #ids = { hovered: -1, selected: -1 };
  /** The pairs of the graph, and of which map. @type {{map: object, pairs: Uint32Array} | null} */
  #edges = null;
  #timer = 0;
  /** Whether the graph is drawn. */
  #drawn = false;

  /**
   * @param {import("../view.js").MapView} view
   * @param {import("../session.js").Session} session
   */
  constructor(view, session) {
    this.#view = view;
    this.#session = session;
  }

  /** Colors "#rrggbb". @param {{text: string, muted: string, accent: string}} colors */
  dress(colors) {
    this.#colors = colors;
    this.settle();
  }

  /** Another map, or other settings: all lines again. */
  settle() {
    this.show("selected", this.#ids.selected, true);
    this.show("hovered", this.#ids.hovered, true);
    this.#drawGraph();
  }

  /**
   * @param {"hovered" | "selected"} kind
   * @param {number} id -1 = none
   * @param {boolean} [again] also if it is the same
   */
  show(kind, id, again = false) {
    if (this.#ids[kind] === id && !again) return;
    this.#ids[kind] = id;
    if (kind === "hovered") clearTimeout(this.#timer);
    const wanted = id >= 0 && (this.which === "hovered" || this.which === kind);
    if (!wanted || !again) this.#set(LAYER[kind], new Uint32Array(0), kind);
    if (!wanted) return;
    if (kind === "selected" || again) this.#ask(kind, id);
    else this.#timer = setTimeout(() => this.#ask(kind, id), REST_MS);
  }

  /** @param {"hovered" | "selected"} kind @param {number} id */
  async #ask(kind, id) {
    /** @type {import("../types.js").Neighbors | null} */
    const found = await this.#session.ask("neighbors", [id, NEIGHBORS]).catch(() => null);
    if (this.#ids[kind] !== id) return;
    this.#set(LAYER[kind], Uint32Array.from([...(found?.ids ?? [])].flatMap((other) => [id, other])), kind);
  }

  /** A layout moves: the graph would be sent to the graphics card again with every frame. */
  rest() {
    if (!this.#drawn) return;
    this.#drawn = false;
    this.#set(LAYER.graph, new Uint32Array(0), "graph");
  }

  async #drawGraph() {
    const { map } = this.#session;
    if (!this.graph || !map || this.#session.shown?.live) {
      this.rest();
      return;
    }
    if (this.#edges?.map !== map) {
      /** @type {Uint32Array | null} */
      const pairs = await this.#session.ask("edges", [MOST]).catch(() => null);
      if (!pairs || this.#session.map !== map || !this.graph || this.#session.shown?.live) return;
      this.#edges = { map, pairs };
    }
    this.#drawn = true;
    this.#set(LAYER.graph, this.#edges.pairs, "graph");
  }

  /**
   * @param {number} layer
   * @param {Uint32Array} pairs
   * @param {"hovered" | "selected" | "graph"} kind
   */
  #set(layer, pairs, kind) {
    const { text, muted, accent } = this.#colors;
    const looks = { hovered: [...rgb(text), 0.5, 1, 0], selected: [...rgb(accent), 0.85, 1.5, 0], graph: [...rgb(muted), 0.3, 0.9, 1] };
    this.#view.change((wasm) => wasm.setLines(layer, pairs, Float32Array.from(looks[kind])));
  }
}

/** @param {string} color "#rrggbb" */
export const rgb = (color) => [1, 3, 5].map((at) => parseInt(color.slice(at, at + 2), 16) / 255 || 0);
