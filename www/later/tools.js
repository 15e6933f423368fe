// What one does with the map beyond moving it: selecting an area, seeing all of a selection, the overview map, the glide
// after a drag, a double click. Loaded once there is a map.

import { Area } from "./area.js";
import { onCameraSettings } from "./camera-settings.js";
import { inertia } from "./inertia.js";
import { Minimap } from "./minimap.js";
import { dress } from "./dress.js";
import { STYLE } from "./tools-style.js";

/** A double click comes nearer by this. */
const NEARER = 2.5;
/** Neighbors of the pinned item that are shown with it. */
const AROUND = 10;

const LASSO = '<svg viewBox="0 0 24 24" aria-hidden="true"><path d="M12 4.5c4.7 0 8.5 2.5 8.5 5.6s-3.8 5.7-8.5 5.7-8.5-2.6-8.5-5.7S7.3 4.5 12 4.5z" stroke-dasharray="3.2 3"/><path d="M8 15.5c-.2 2 .5 3.7 2.6 4.5"/></svg>';
const SEEN = '<svg viewBox="0 0 24 24" aria-hidden="true"><circle cx="12" cy="12" r="3.2"/><path d="M4 9V4h5M20 9V4h-5M4 15v5h5M20 15v5h-5"/></svg>';

export class Tools {
  #view;
  #session;
  #area;
  #minimap;
  #seen;

  /**
   * @param {object} page
   * @param {HTMLCanvasElement} page.canvas
   * @param {HTMLElement} page.zoom the group of buttons that the tools join
   * @param {import("../view.js").MapView} page.view
   * @param {import("../session.js").Session} page.session
   */
  constructor({ canvas, zoom, view, session }) {
    this.#view = view;
    this.#session = session;
    dress(STYLE);

    const tool = button("Select an area", "Select an area (Shift and drag: a box, Alt and drag: a lasso)", LASSO);
    tool.setAttribute("aria-pressed", "false");
    this.#seen = button("Show what is selected", "Show what is selected (F)", SEEN);
    zoom.prepend(tool);
    zoom.append(this.#seen);
    this.#area = new Area(canvas, view, () => session.shown?.items.n ?? 0, () => {
      tool.setAttribute("aria-pressed", String(this.#area?.tool ?? false));
      this.selected();
    });
    tool.addEventListener("click", () => (this.#area.tool = !this.#area.tool));
    this.#seen.addEventListener("click", () => this.frame());
    canvas.addEventListener("keydown", (event) => {
      if (event.key.toLowerCase() === "f" && !event.ctrlKey && !event.metaKey && !event.altKey) this.frame();
    });
    canvas.addEventListener("dblclick", (event) => {
      const box = canvas.getBoundingClientRect();
      if (!this.#area.tool) view.zoomTo(event.clientX - box.left, event.clientY - box.top, event.shiftKey ? 1 / NEARER : NEARER);
    });
    inertia(canvas, (dx, dy) => view.pan(dx, dy), matchMedia("(prefers-reduced-motion: reduce)"));
    this.#minimap = new Minimap(view, session, canvas);
    onCameraSettings(() => this.#minimap.redraw());
    this.selected();
    this.#minimap.redraw();
  }

  /** To be called with every frame of the map. */
  draw() {
    this.#minimap.follow();
  }

  /** To be called when other items are on screen. */
  reset() {
    this.#area.reset();
  }

  /** To be called when a finished layout is on screen, or none is any more. */
  mapped() {
    this.#minimap.redraw();
  }

  /** To be called when another item is pinned, or none. */
  selected() {
    this.#seen.hidden = this.#session.selected < 0 && !this.#area?.ids.length;
  }

  /** Flies to what is selected: an area's items, the pinned item with those nearest to it, or else the whole map. */
  async frame() {
    const { selected } = this.#session;
    if (this.#area.ids.length) {
      this.#view.flight.revealAll(this.#area.ids);
    } else if (selected >= 0) {
      const near = await this.#session.ask("neighbors", [selected, AROUND]).catch(() => null);
      if (this.#session.selected === selected) this.#view.flight.revealAll(Uint32Array.of(selected, ...(near?.ids ?? [])));
    } else {
      this.#view.fit();
    }
  }
}

/** @param {string} name @param {string} title @param {string} icon */
function button(name, title, icon) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "icon";
  made.title = title;
  made.setAttribute("aria-label", name);
  made.innerHTML = icon;
  return made;
}
