// What comes to a finished map in a moment, or when it is asked for: the tools over it, its looks, and pictures of it.

export class Extras {
  #find;
  #page;
  #fail;
  /** @type {import("./later/tools.js").Tools | null} */
  #tools = null;
  /** @type {import("./later/display.js").DisplaySheet | null} */
  #display = null;
  /** @type {import("./later/picture.js").Picture | null} */
  #picture = null;
  /** What the tools know of. @type {{shown: import("./session.js").Shown | null, selected: number, positions: Float32Array | null}} */
  #known = { shown: null, selected: -1, positions: null };
  /** The item that was pinned when its sheet made way for that of sharing: a picture still shows its name. */
  #pinned = -1;

  /**
   * @param {<T extends HTMLElement = HTMLElement>(id: string) => T} find
   * @param {{canvas: HTMLCanvasElement, view: import("./view.js").MapView, session: import("./session.js").Session,
   *   labels: import("./labels.js").Labels, mark: (pair: [number, number] | null) => void}} page mark: names items without pinning
   *   them, or none any more
   * @param {Map<string, Set<(detail: any) => void>>} listeners
   * @param {(thrown: unknown) => void} fail
   */
  constructor(find, page, listeners, fail) {
    this.#find = find;
    this.#page = page;
    this.#fail = fail;
    // Ahead of what the button does.
    find("share-button").addEventListener("click", () => (this.#pinned = page.session.selected), { capture: true });
    listeners.get("ready")?.add(() => void this.#load().catch(this.#fail));
  }

  async #load() {
    const [{ Tools }] = await Promise.all([import("./later/tools.js"), this.#page.view.complete()]);
    this.#tools ??= new Tools({ zoom: this.#find("zoom"), ...this.#page });
    this.draw();
  }

  /** To be called with every frame of the map. */
  draw() {
    const { shown, selected } = this.#page.session;
    const positions = shown && !shown.live ? shown.positions : null;
    const known = this.#known;
    this.#known = { shown, selected, positions };
    if (shown && shown !== known.shown) this.#display?.shown();
    this.#picture?.drawn();
    if (!this.#tools) return;
    if (shown !== known.shown) this.#tools.reset();
    if (selected !== known.selected) this.#tools.selected();
    if (positions !== known.positions) this.#tools.mapped();
    this.#tools.draw();
  }

  /** Fills the sheet "Display". */
  async openDisplay() {
    const { DisplaySheet } = await import("./later/display.js");
    const [sheet, groups, theme] = ["display", "display-groups", "theme-button"].map((id) => this.#find(id));
    const { canvas, view, session, labels } = this.#page;
    const layer = await labels.layer(canvas, view, session);
    this.#display ??= new DisplaySheet({ view, session, layer, elements: { sheet, groups, theme } });
  }

  /** Fills the sheet "Save a picture". */
  async openPicture() {
    const [{ Picture }] = await Promise.all([import("./later/picture.js"), this.#page.view.complete()]);
    const title = () => this.#find("title").textContent ?? "";
    const [legend, label] = [this.#find("legend"), this.#find("pin-label")];
    const { canvas, view, session, labels } = this.#page;
    const layer = await labels.layer(canvas, view, session).catch(() => null);
    this.#picture ??= new Picture(this.#find("picture"), { canvas, view, title, legend, labels: [label], names: (inks) => layer?.parts(inks) ?? [] });
    if (this.#pinned >= 0) this.#page.mark([this.#pinned, -1]);
    // The name gets its place with the next frame.
    for (let frame = 0; frame < 2; frame += 1) await new Promise(requestAnimationFrame);
    this.#picture.show();
  }

  /** Leaves that sheet. */
  closePicture() {
    this.#picture?.cancel();
    this.#page.mark(null);
  }
}
