// Pace of live frames and of words on progress: showing them takes at most a fifteenth of the time, making them a thirtieth (worker.js); the work has
// the rest, nine tenths and more.
//
// What a frame costs beyond the script that draws it: the device says when it has drawn, and where the processor is the device, or
// puts the page together, the browser asks for the next frames later than it does when there is nothing to do.

import { drawnBy } from "./drawing.js";

/** So many times the cost of a frame passes from one to the next. */
const SHARE = 15;
/** 15 a second look fluid. */
const SOONEST_MS = 66;
/** Until something is known. */
const FIRST_MS = 250;
/** However slow the device, there is something to see. */
const LATEST_MS = 1500;
/** How often the device is asked whether it is done. */
const POLL_MS = 4;
/** Frames that the browser may be behind before it stops asking. */
const AHEAD = 3;
/** Time between frames of a display when nothing is in the way, with some slack. */
const IDLE_MS = 20;

export class Pace {
  /** Milliseconds from one live frame to the next. */
  interval = FIRST_MS;
  #measuring = false;
  #canvas;
  #changed;

  /** @param {HTMLCanvasElement} canvas @param {(interval: number) => void} changed hears of each new interval */
  constructor(canvas, changed) {
    this.#canvas = canvas;
    this.#changed = changed;
  }

  /** To be called when a live frame has been drawn, or the page has changed otherwise. @param {number} began when that frame's script began */
  drawn(began) {
    // A page that is not seen has no frames to measure by.
    if (this.#measuring || document.hidden) return;
    this.#measuring = true;
    const script = performance.now() - began;
    let left = AHEAD;
    const then = performance.now();
    const since = () => performance.now() - then;
    const device = drawnBy(this.#canvas, POLL_MS).then(since);
    const next = async () => {
      if (left-- > 0) {
        requestAnimationFrame(next);
        return;
      }
      const late = since() - AHEAD * IDLE_MS;
      const cost = script + Math.max(late, (await device) - POLL_MS, 0);
      this.#measuring = false;
      const interval = Math.min(Math.max(SHARE * cost, SOONEST_MS), LATEST_MS);
      // Slower at once; faster by and by, as one early frame says little.
      this.interval = Math.max(interval, this.interval / 2);
      this.#changed(this.interval);
    };
    requestAnimationFrame(next);
  }
}
