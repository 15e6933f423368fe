// Pace of live frames: showing them takes at most a tenth of the time, the work has the rest.
//
// What a frame costs beyond the script that draws it (a slow or missing GPU, a page drawn by the processor) shows in when the
// browser asks for the next ones: later than it does when there is nothing to do.

/** 15 a second look fluid. */
const SOONEST_MS = 66;
/** Until something is known. */
const FIRST_MS = 250;
/** However slow the device, there is something to see. */
const LATEST_MS = 1500;
/** Frames that the browser may be behind before it stops asking. */
const AHEAD = 3;
/** Time between frames of a display when nothing is in the way, with some slack. */
const IDLE_MS = 20;

export class Pace {
  /** Milliseconds from one live frame to the next. */
  interval = FIRST_MS;
  #measuring = false;
  #changed;

  /** @param {(interval: number) => void} changed hears of each new interval */
  constructor(changed) {
    this.#changed = changed;
  }

  /** To be called when a live frame has been drawn. @param {number} began when that frame's script began */
  drawn(began) {
    if (this.#measuring) return;
    this.#measuring = true;
    const script = performance.now() - began;
    let left = AHEAD;
    const then = performance.now();
    const next = () => {
      if (left-- > 0) {
        requestAnimationFrame(next);
        return;
      }
      this.#measuring = false;
      const cost = script + Math.max(performance.now() - then - AHEAD * IDLE_MS, 0);
      const interval = Math.min(Math.max(10 * cost, SOONEST_MS), LATEST_MS);
      // Slower at once; faster by and by, as one early frame says little.
      this.interval = Math.max(interval, this.interval / 2);
      this.#changed(this.interval);
    };
    requestAnimationFrame(next);
  }
}
