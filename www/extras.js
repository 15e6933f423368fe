// What comes to a finished map in a moment, or when it is asked for: the tools over it, and pictures of it.

export class Extras {
  #find;
  #page;
  /** @type {import("./later/tools.js").Tools | null} */
  #tools = null;
  /** @type {import("./later/picture.js").Picture | null} */
  #picture = null;

  /**
   * @param {<T extends HTMLElement = HTMLElement>(id: string) => T} find
   * @param {{canvas: HTMLCanvasElement, view: import("./view.js").MapView, session: import("./session.js").Session}} page
   */
  constructor(find, page) {
    this.#find = find;
    this.#page = page;
  }

  /** To be called with every frame of the map. */
  draw() {
    this.#tools?.draw();
  }

  /** Other items are on screen. */
  reset() {
    this.#tools?.reset();
  }

  /** Another item is pinned, or none. */
  selected() {
    this.#tools?.selected();
  }

  /** A map is finished, or the one before is back. */
  async mapped() {
    if (!this.#page.session.map) return;
    const { Tools } = await import("./later/tools.js");
    this.#tools ??= new Tools({ zoom: this.#find("zoom"), ...this.#page });
    this.#tools.mapped();
  }

  /** Fills the sheet "Save a picture". */
  async openPicture() {
    const { Picture } = await import("./later/picture.js");
    const title = () => this.#find("title").textContent ?? "";
    const [legend, label] = [this.#find("legend"), this.#find("pin-label")];
    this.#picture ??= new Picture(this.#find("picture"), { title, legend, labels: [label], ...this.#page });
    this.#picture.show();
  }

  /** Leaves that sheet. */
  closePicture() {
    this.#picture?.cancel();
  }
}
