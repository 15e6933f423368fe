// The index by which picking knows what is where. Of few items it is made at the first question; of many in pieces, as soon as
// they stand: all at once would hold up the page.

/** So many items are indexed at once, in some milliseconds. */
const AT_ONCE = 100_000;
/** Items in a piece, and the time in which pieces follow on each other. */
const PIECE = 20_000;
const SLICE_MS = 8;

export class Indexing {
  #n = 0;
  #view;
  #timer = 0;
  /** What is asked for meanwhile. @type {(() => void)[]} */
  #asked = [];

  /** @param {import("./types.js").WasmView} view */
  constructor(view) {
    this.#view = view;
  }

  /** Whether a question is answered in no time. */
  get ready() {
    return this.#n <= AT_ONCE || this.#view.index(0);
  }

  /** Goes on until it is there, unless something moves. @param {() => void} done */
  start(done) {
    if (this.#timer || (this.ready && !this.#asked.length)) return;
    const slice = () => {
      const end = performance.now() + SLICE_MS;
      while (!this.#view.index(PIECE)) {
        if (performance.now() < end) continue;
        this.#timer = setTimeout(slice);
        return;
      }
      this.#timer = 0;
      for (const ask of this.#asked.splice(0)) ask();
      done();
    };
    this.#timer = setTimeout(slice);
  }

  /** Something moves: there may be nothing to index, or soon other things. */
  stop() {
    clearTimeout(this.#timer);
    this.#timer = 0;
  }

  /** Other items, or other places: nothing that was asked of the old ones is to be answered. @param {number} n how many */
  drop(n) {
    this.#n = n;
    this.stop();
    this.#asked = [];
  }

  /** Asks when the answer takes no time: now or later. @param {() => void} ask */
  when(ask) {
    if (this.ready) ask();
    else this.#asked.push(ask);
  }
}
