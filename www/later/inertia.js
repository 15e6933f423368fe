// The map glides on after a drag, and comes to rest.

import { cameraSettings } from "./camera-settings.js";

/** The speed falls to 37 % in this time. */
const FALL_MS = 260;
/** CSS px per ms below which a drag ends where it ends, and a glide stops. */
const LEAST = { begin: 0.12, end: 0.02 };
/** Only what the hand did last counts. */
const RECENT_MS = 80;

/**
 * @param {HTMLCanvasElement} canvas
 * @param {(dx: number, dy: number) => void} pan CSS px
 * @param {MediaQueryList} calm matches when motion is to be reduced
 */
export function inertia(canvas, pan, calm) {
  /** @type {{x: number, y: number, time: number}[]} */
  let trail = [];
  let pointers = 0;
  let gliding = 0;

  const stop = () => {
    cancelAnimationFrame(gliding);
    trail = [];
  };
  canvas.addEventListener("pointerdown", () => {
    pointers += 1;
    stop();
  });
  canvas.addEventListener("pointermove", (event) => {
    if (pointers === 1) trail.push({ x: event.clientX, y: event.clientY, time: event.timeStamp });
    if (trail.length > 60) trail.splice(0, 30);
  });
  for (const end of ["wheel", "keydown", "pointercancel"]) canvas.addEventListener(end, stop);
  canvas.addEventListener("pointercancel", () => (pointers = 0));
  canvas.addEventListener("pointerup", (event) => {
    pointers = Math.max(0, pointers - 1);
    const recent = trail.filter(({ time }) => event.timeStamp - time < RECENT_MS);
    const [first, last] = [recent[0], recent.at(-1)];
    trail = [];
    if (pointers || !last || last === first || calm.matches || !cameraSettings().inertia) return;
    const took = Math.max(last.time - first.time, 8);
    const speed = [(last.x - first.x) / took, (last.y - first.y) / took];
    if (Math.hypot(...speed) < LEAST.begin) return;
    let before = performance.now();
    /** @param {number} now */
    const glide = (now) => {
      const elapsed = Math.min(Math.max(now - before, 0), 100);
      before = now;
      // The way under a speed that falls by the exponential law.
      const way = FALL_MS * (1 - Math.exp(-elapsed / FALL_MS));
      pan(speed[0] * way, speed[1] * way);
      for (const axis of [0, 1]) speed[axis] *= Math.exp(-elapsed / FALL_MS);
      if (Math.hypot(...speed) > LEAST.end) gliding = requestAnimationFrame(glide);
    };
    gliding = requestAnimationFrame(glide);
  });
}
