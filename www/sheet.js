// One side sheet at a time: opened by its button or by picking an item, closed by its
// button, its cross or Escape; the focus goes in and comes back.

/**
 * What progress and the open sheet cover of the map, in CSS pixels; on small screens they lie at the bottom.
 * @param {HTMLElement} progress
 */
export function covered(progress) {
  const sheet = document.querySelector(".sheet:not([hidden])")?.getBoundingClientRect();
  const { left, right } = progress.getBoundingClientRect(); // all 0 while hidden
  return {
    left: left > 0 ? right : 0,
    right: sheet && sheet.left > 0 ? innerWidth - sheet.left : 0,
    bottom: sheet && sheet.left <= 0 ? innerHeight - sheet.top : 0,
  };
}

/** @typedef {{panel: HTMLElement, button: HTMLElement | null, onClose?: () => void}} Entry */

export class Sheets {
  /** @type {Map<string, Entry>} */
  #entries;
  #open = "";
  /** @type {HTMLElement | null} */
  #back = null;

  /**
   * @param {Record<string, Entry>} entries
   * @param {(name: string) => void} onOpen after a sheet was opened by its button
   */
  constructor(entries, onOpen) {
    this.#entries = new Map(Object.entries(entries));
    for (const [name, { panel, button }] of this.#entries) {
      button?.addEventListener("click", () => {
        if (this.#open === name) {
          this.close();
        } else {
          this.open(name, { focus: true });
          onOpen(name);
        }
      });
      panel.querySelector(".close")?.addEventListener("click", () => this.close());
    }
  }

  /** Name of the open sheet, "" when none is. */
  get current() {
    return this.#open;
  }

  /**
   * @param {string} name
   * @param {{focus?: boolean}} [options] focus: move the focus to the sheet's heading
   */
  open(name, { focus = false } = {}) {
    // What closes may bring back what it was opened from.
    while (this.#open && this.#open !== name) this.close({ focus: false });
    const entry = this.#entries.get(name);
    if (!entry) return;
    if (this.#open !== name) this.#back = document.activeElement instanceof HTMLElement ? document.activeElement : null;
    this.#open = name;
    entry.panel.hidden = false;
    entry.button?.setAttribute("aria-expanded", "true");
    if (focus) entry.panel.querySelector("h2")?.focus();
  }

  /** @param {{focus?: boolean}} [options] focus: give the focus back if it is inside */
  close({ focus = true } = {}) {
    const entry = this.#entries.get(this.#open);
    if (!entry) return;
    const inside = entry.panel.contains(document.activeElement);
    this.#open = "";
    entry.panel.hidden = true;
    entry.button?.setAttribute("aria-expanded", "false");
    if (focus && inside) (entry.button ?? this.#back)?.focus();
    entry.onClose?.();
  }
}
