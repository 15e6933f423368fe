// Every way data comes in: a drop anywhere on the window, the file chooser, a pasted
// address or pasted CSV text, a demo button. All end in one list of sources.

/** @typedef {import("./types.js").Source} Source */

/**
 * @param {string} text
 * @returns {URL | null} only http and https
 */
function webAddress(text) {
  try {
    const url = new URL(text);
    return url.protocol === "http:" || url.protocol === "https:" ? url : null;
  } catch {
    return null;
  }
}

/** @param {URL} url */
function lastPart(url) {
  const part = url.pathname.split("/").filter(Boolean).at(-1) ?? url.host;
  try {
    return decodeURIComponent(part);
  } catch {
    return part; // a lone % or bytes that are no UTF-8
  }
}

export class Drop {
  #onSources;
  #onProblem;

  /**
   * @param {object} elements
   * @param {HTMLElement} elements.veil shown while something is dragged over the window
   * @param {HTMLInputElement} elements.chooser input type=file
   * @param {HTMLFormElement} elements.form around the address field
   * @param {HTMLInputElement} elements.address
   * @param {Iterable<HTMLElement>} elements.demos buttons with data-demo
   * @param {(sources: Source[]) => void} onSources
   * @param {(error: import("./types.js").ErrorObject) => void} onProblem
   */
  constructor({ veil, chooser, form, address, demos }, onSources, onProblem) {
    this.#onSources = onSources;
    this.#onProblem = onProblem;
    this.#dragging(veil);
    chooser.addEventListener("change", () => {
      this.#files(chooser.files);
      chooser.value = ""; // so that the same file can be chosen again
    });
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#text(address.value);
    });
    // An input drops line breaks, so pasted CSV is caught before it gets in.
    document.addEventListener("paste", (event) => this.#paste(event, address));
    for (const button of demos) {
      button.addEventListener("click", () => onSources(Drop.demo(button.dataset.demo ?? "", document.baseURI)));
    }
  }

  /**
   * @param {string} name a folder of demo/
   * @param {string} base address of the page
   * @returns {Source[]}
   */
  static demo(name, base) {
    return ["memberships.csv", "items.csv"].map((file) => ({
      name: `${name}/${file}`,
      url: new URL(`demo/${name}/${file}`, base).href,
      origin: `demo:${name}`,
    }));
  }

  /**
   * @param {File | Blob | string} file a file, or an address ("demo:films" for a demo)
   * @param {string} base
   * @returns {Source[]} empty when it is neither
   */
  static sources(file, base) {
    if (file instanceof Blob) return [{ name: file instanceof File ? file.name : "data.csv", blob: file, origin: "" }];
    const demo = /^demo:([a-z0-9-]{1,40})$/.exec(file);
    if (demo) return Drop.demo(demo[1], base);
    const url = webAddress(URL.canParse(file, base) ? new URL(file, base).href : file);
    if (!url) return [];
    return [{ name: lastPart(url), url: url.href, origin: url.href }];
  }

  /** @param {HTMLElement} veil */
  #dragging(veil) {
    // Every element crossed on the way gives an enter and a leave: count them.
    let depth = 0;
    /** @param {DragEvent} event */
    const useful = (event) => event.dataTransfer?.types.some((type) => type === "Files" || type === "text/uri-list" || type === "text/plain") ?? false;
    addEventListener("dragenter", (event) => {
      if (!useful(event)) return;
      event.preventDefault();
      depth += 1;
      veil.hidden = false;
    });
    addEventListener("dragover", (event) => {
      if (useful(event)) event.preventDefault();
    });
    addEventListener("dragleave", () => {
      depth = Math.max(0, depth - 1);
      if (depth === 0) veil.hidden = true;
    });
    addEventListener("drop", (event) => {
      depth = 0;
      veil.hidden = true;
      const data = event.dataTransfer;
      // The sheet that takes a list has had it already.
      if (!data || !useful(event) || event.defaultPrevented) return;
      event.preventDefault();
      if (data.files.length) this.#files(data.files);
      else this.#text(data.getData("text/uri-list") || data.getData("text/plain"));
    });
  }

  /** @param {FileList | null} files */
  #files(files) {
    const sources = [...(files ?? [])].flatMap((file) => Drop.sources(file, document.baseURI));
    if (sources.length) this.#onSources(sources);
  }

  /**
   * @param {ClipboardEvent} event
   * @param {HTMLInputElement} address
   */
  #paste(event, address) {
    const { clipboardData: data, target } = event;
    const typing = target instanceof HTMLTextAreaElement || (target instanceof HTMLInputElement && target !== address);
    if (typing || !data) return;
    if (data.files.length) {
      event.preventDefault();
      this.#files(data.files);
      return;
    }
    const text = data.getData("text/plain");
    if (target === address && !/[\r\n].*\S/s.test(text)) return; // an address: the field takes it
    event.preventDefault();
    this.#text(text);
  }

  /** @param {string} text addresses, one a line (or apart by blanks), or the text of a CSV file */
  #text(text) {
    const words = text.split(/\s+/).filter((word) => word && !word.startsWith("#"));
    if (words.length && words.every((word) => webAddress(word))) {
      this.#onSources(words.flatMap((word) => Drop.sources(word, document.baseURI)));
    } else if (/[\r\n]/.test(text.trim())) {
      this.#onSources([{ name: "pasted.csv", blob: new Blob([text]), origin: "" }]);
    } else {
      this.#onProblem({
        code: "address",
        message: text.trim() ? "That is neither a web address nor CSV text." : "There is no address yet.",
        hint: "An address begins with https:// and ends at a CSV file. CSV text has one row per line.",
        file: "",
        line: 0,
        column: 0,
      });
    }
  }
}
