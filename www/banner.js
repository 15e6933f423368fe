// Messages over the page: errors stay until closed or overtaken by a success, notices go by
// themselves. Both live in live regions, so screen readers hear them.

const NOTICE_MS = 7000;

export class Banner {
  #alerts;
  #notices;
  #closeIcon;

  /**
   * @param {HTMLElement} alerts role=alert
   * @param {HTMLElement} notices role=status
   * @param {string} closeIcon id of the symbol
   */
  constructor(alerts, notices, closeIcon) {
    this.#alerts = alerts;
    this.#notices = notices;
    this.#closeIcon = closeIcon;
  }

  /** @param {import("./types.js").ErrorObject} error */
  error({ message, hint, file, line, column }) {
    const place = [file, line ? `line ${line}` : "", column ? `column ${column}` : ""].filter(Boolean).join(", ");
    // A message that already names its place does not need it twice.
    const said = !line && message.includes(file);
    this.#alerts.replaceChildren(this.#make("error", message, hint, said ? "" : place));
    this.#notices.replaceChildren();
  }

  /**
   * @param {string} message
   * @param {string} [hint]
   * @param {{warning?: boolean}} [kind] a warning stays like an error
   */
  notice(message, hint = "", { warning = false } = {}) {
    const banner = this.#make(warning ? "warning" : "notice", message, hint, "");
    this.#notices.replaceChildren(banner);
    if (!warning) this.#leaveLater(banner);
  }

  /** Takes away errors that no longer matter. */
  clear() {
    this.#alerts.replaceChildren();
    this.#notices.replaceChildren();
  }

  /** @param {HTMLElement} banner */
  #leaveLater(banner) {
    let timer = setTimeout(() => banner.remove(), NOTICE_MS);
    const hold = () => clearTimeout(timer);
    const release = () => {
      clearTimeout(timer);
      timer = setTimeout(() => banner.remove(), NOTICE_MS);
    };
    banner.addEventListener("pointerenter", hold);
    banner.addEventListener("pointerleave", release);
    banner.addEventListener("focusin", hold);
    banner.addEventListener("focusout", release);
  }

  /**
   * @param {string} kind
   * @param {string} message
   * @param {string} hint
   * @param {string} place
   */
  #make(kind, message, hint, place) {
    const banner = document.createElement("div");
    banner.className = `banner ${kind}`;
    /** @param {string} tag @param {string} name @param {string} text */
    const add = (tag, name, text) => {
      if (!text) return;
      const line = document.createElement(tag);
      line.className = name;
      line.textContent = text;
      banner.append(line);
    };
    add("strong", "message", message);
    add("p", "place", place);
    add("p", "hint", hint);
    const close = document.createElement("button");
    close.type = "button";
    close.className = "icon";
    close.setAttribute("aria-label", "Close message");
    close.innerHTML = `<svg aria-hidden="true"><use href="#${this.#closeIcon}"></use></svg>`;
    close.addEventListener("click", () => banner.remove());
    banner.append(close);
    return banner;
  }
}
