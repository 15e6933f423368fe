// Pointer, wheel and keyboard on the canvas -> camera moves. Mouse, pen and touch take the
// same path (pointer events); two pointers pinch.

/** A press that moves less than this many CSS pixels is a click; fingers tremble more. */
const CLICK_SLOP = { mouse: 4, pen: 6, touch: 10 };
/** One arrow key press moves the map by this many CSS pixels. */
const KEY_PAN_PX = 80;
const KEY_ZOOM = 1.4;

/**
 * @typedef {object} Actions
 * @property {(dx: number, dy: number) => void} pan CSS px the content moves by
 * @property {(x: number, y: number, factor: number) => void} zoomAt CSS px within the canvas
 * @property {(factor: number) => void} zoom by a step, at the middle
 * @property {() => void} fit
 * @property {(x: number, y: number) => void} hover
 * @property {() => void} leave
 * @property {(x: number, y: number, touch: boolean) => void} click
 * @property {() => void} enter the Enter key: take the item nearest the middle
 */

/**
 * @param {HTMLCanvasElement} canvas
 * @param {Actions} actions
 */
export function gestures(canvas, actions) {
  /** @type {Map<number, {x: number, y: number}>} */
  const down = new Map();
  let start = { x: 0, y: 0 };
  let moved = false;

  /** @param {MouseEvent} event */
  const place = (event) => {
    const box = canvas.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  };

  canvas.addEventListener("pointerdown", (event) => {
    if (event.pointerType === "mouse" && event.button !== 0) return;
    canvas.setPointerCapture(event.pointerId);
    const at = place(event);
    down.set(event.pointerId, at);
    moved = down.size > 1;
    if (down.size === 1) start = at;
  });

  canvas.addEventListener("pointermove", (event) => {
    const at = place(event);
    const before = down.get(event.pointerId);
    if (!before) {
      if (event.pointerType !== "touch") actions.hover(at.x, at.y);
      return;
    }
    if (down.size === 1) {
      const slop = CLICK_SLOP[/** @type {"mouse"} */ (event.pointerType)] ?? CLICK_SLOP.mouse;
      if (!moved && Math.hypot(at.x - start.x, at.y - start.y) < slop) return;
      if (!moved) actions.leave();
      moved = true;
      canvas.dataset.dragging = "";
      actions.pan(at.x - before.x, at.y - before.y);
    } else if (down.size === 2) {
      const other = [...down].find(([id]) => id !== event.pointerId)?.[1] ?? before;
      const reach = Math.hypot(before.x - other.x, before.y - other.y);
      const middle = { x: (at.x + other.x) / 2, y: (at.y + other.y) / 2 };
      // The point between the fingers stays between the fingers.
      actions.pan((at.x - before.x) / 2, (at.y - before.y) / 2);
      if (reach > 0) actions.zoomAt(middle.x, middle.y, Math.hypot(at.x - other.x, at.y - other.y) / reach);
    }
    down.set(event.pointerId, at);
  });

  /** @param {PointerEvent} event */
  const up = (event) => {
    if (!down.delete(event.pointerId)) return;
    if (down.size > 0) return;
    delete canvas.dataset.dragging;
    if (event.type === "pointerup" && !moved) actions.click(start.x, start.y, event.pointerType === "touch");
  };
  canvas.addEventListener("pointerup", up);
  canvas.addEventListener("pointercancel", up);
  canvas.addEventListener("pointerleave", () => actions.leave());

  canvas.addEventListener(
    "wheel",
    (event) => {
      event.preventDefault();
      const { x, y } = place(event);
      const unit = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : event.deltaMode === WheelEvent.DOM_DELTA_PAGE ? 400 : 1;
      // A trackpad pinch arrives as a wheel with ctrlKey and small deltas.
      const delta = Math.max(-300, Math.min(300, event.deltaY * unit)) * (event.ctrlKey ? 5 : 1);
      actions.zoomAt(x, y, Math.exp(-delta * 0.002));
    },
    { passive: false },
  );

  canvas.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const step = KEY_PAN_PX * (event.shiftKey ? 4 : 1);
    /** @type {Record<string, () => void>} */
    const keys = {
      ArrowLeft: () => actions.pan(step, 0),
      ArrowRight: () => actions.pan(-step, 0),
      ArrowUp: () => actions.pan(0, step),
      ArrowDown: () => actions.pan(0, -step),
      "+": () => actions.zoom(KEY_ZOOM),
      "=": () => actions.zoom(KEY_ZOOM),
      "-": () => actions.zoom(1 / KEY_ZOOM),
      0: () => actions.fit(),
      Enter: () => actions.enter(),
    };
    const act = keys[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });
}
