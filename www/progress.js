// The stages of a map on the way: which are done, how far the present one is, for how long.

import { formatNumber } from "./format.js";

/** @typedef {import("./types.js").Progress} ProgressReport */

/** In the order of the flow. */
const STAGES = [
  ["read", "Read the file"],
  ["collect", "Gather the collections"],
  ["count", "Count what goes together"],
  ["graph", "Link the nearest"],
  ["embed", "Unfold in space"],
  ["nearest", "Find neighbors in space"],
  ["project", "Lay out the map"],
];

export class Progress {
  #panel;
  #overall;
  #text;
  #time;
  #status;
  #title;
  #pause;
  /** @type {Map<string, {item: HTMLLIElement, bar: HTMLProgressElement, name: string}>} */
  #rows = new Map();
  #stage = "";
  #began = 0;
  #clock = 0;
  /** When it was paused; 0 = it goes on. */
  #paused = 0;

  /**
   * @param {object} elements
   * @param {HTMLElement} elements.panel
   * @param {HTMLProgressElement} elements.overall
   * @param {HTMLElement} elements.stages
   * @param {HTMLElement} elements.text
   * @param {HTMLElement} elements.time
   * @param {HTMLElement} elements.status a live region: hears of each stage once
   * @param {HTMLElement} elements.title
   * @param {HTMLButtonElement} elements.pause
   * @param {HTMLButtonElement} elements.cancel
   * @param {() => void} onPause pause or go on
   * @param {() => void} onCancel
   */
  constructor({ panel, overall, stages, text, time, status, title, pause, cancel }, onPause, onCancel) {
    this.#panel = panel;
    this.#overall = overall;
    this.#text = text;
    this.#time = time;
    this.#status = status;
    this.#title = title;
    this.#pause = pause;
    pause.addEventListener("click", onPause);
    cancel.addEventListener("click", onCancel);
    for (const [stage, name] of STAGES) {
      const item = document.createElement("li");
      const label = document.createElement("span");
      label.textContent = name;
      const bar = document.createElement("progress");
      bar.max = 1;
      bar.setAttribute("aria-label", name);
      item.append(label, bar);
      stages.append(item);
      this.#rows.set(stage, { item, bar, name });
    }
  }

  /** Seconds since start(), pauses left out. */
  get seconds() {
    return ((this.#paused || performance.now()) - this.#began) / 1000;
  }

  /** @param {boolean} paused */
  setPaused(paused) {
    if (paused === (this.#paused > 0)) return;
    const now = performance.now();
    if (!paused) this.#began += now - this.#paused;
    this.#paused = paused ? now : 0;
    this.#title.textContent = paused ? "Paused" : "Making the map";
    this.#pause.textContent = paused ? "Resume" : "Pause";
    this.#status.textContent = paused ? "Paused" : "";
    this.#panel.toggleAttribute("data-paused", paused);
  }

  start() {
    this.setPaused(false);
    this.#began = performance.now();
    this.#stage = "";
    this.#overall.value = 0;
    this.#text.textContent = "";
    for (const { item, bar } of this.#rows.values()) {
      item.dataset.state = "ahead";
      bar.value = 0;
      bar.hidden = true;
    }
    this.#panel.hidden = false;
    clearInterval(this.#clock);
    // Each change on screen is a frame, and where the processor draws it takes from the work.
    this.#clock = setInterval(() => this.#tick(), 1000);
    this.#tick();
  }

  /** @param {ProgressReport} report */
  update({ stage, done, total, text, overall, skipped }) {
    if (stage !== this.#stage) this.#enter(stage);
    for (const [key, { item }] of this.#rows) item.hidden = skipped?.includes(key) ?? false;
    const row = this.#rows.get(stage);
    if (row) row.bar.value = total > 0 ? Math.min(done / total, 1) : 0;
    this.#overall.value = overall;
    this.#text.textContent = text || (total > 1 ? `${formatNumber(done)} of ${formatNumber(total)}` : "");
  }

  stop() {
    clearInterval(this.#clock);
    this.#panel.hidden = true;
    this.#status.textContent = "";
  }

  /** @param {string} stage */
  #enter(stage) {
    this.#stage = stage;
    let past = true;
    for (const [key, { item, bar }] of this.#rows) {
      const now = key === stage;
      if (now) past = false;
      item.dataset.state = now ? "now" : past ? "done" : "ahead";
      bar.hidden = !now;
    }
    const name = this.#rows.get(stage)?.name;
    if (name) this.#status.textContent = name;
  }

  #tick() {
    this.#time.textContent = `${Math.round(this.seconds)} s`;
  }
}
