// Data in: drops, chosen files, addresses, links.

import { Drop } from "./drop.js";
import { failure } from "./errors.js";
import { Link } from "./link.js";

/** @typedef {import("./types.js").LinkContent} LinkContent */
/** @typedef {import("./types.js").Source} Source */

/**
 * @template {HTMLElement} [T=HTMLElement]
 * @param {string} id
 * @returns {T}
 */
const find = (id) => /** @type {T} */ (document.getElementById(id));

export class Intake {
  #engine;
  #parts;
  /** A link that waits for files of its sender's computer. @type {LinkContent | null} */
  #expected = null;

  /**
   * @param {import("./engine.js").Engine} engine
   * @param {Promise<{session: import("./session.js").Session, options: import("./options.js").Options, greet: (open: boolean) => void}>} parts
   * @param {(thrown: unknown) => void} fail
   * @param {() => void} onForget the link that waited is forgotten
   */
  constructor(engine, parts, fail, onForget) {
    this.#engine = engine;
    this.#parts = parts;
    new Drop(
      {
        veil: find("veil"),
        chooser: /** @type {HTMLInputElement} */ (find("chooser")),
        form: /** @type {HTMLFormElement} */ (find("address-form")),
        address: /** @type {HTMLInputElement} */ (find("address")),
        demos: document.querySelectorAll("button[data-demo]"),
      },
      (sources) => {
        const local = sources.some(({ origin }) => origin === "");
        const link = local ? this.#expected : null;
        this.open([...sources, ...this.#sourcesOf(link?.data ?? [])], link).catch(fail);
      },
      fail,
    );
    find("expected-forget").addEventListener("click", () => {
      this.#expect(null);
      onForget();
      history.replaceState(null, "", location.href.split("#")[0]);
    });
    addEventListener("hashchange", () => this.openLink().catch(fail));
  }

  /** @param {LinkContent | null} link */
  #expect(link) {
    this.#expected = link;
    find("expected").hidden = link === null;
    find("expected-files").textContent = link?.files.map(({ name }) => name).join(" and ") ?? "";
  }

  /** @param {string[]} addresses */
  #sourcesOf(addresses) {
    return addresses.flatMap((address) => Drop.sources(address, document.baseURI));
  }

  /**
   * @param {(Blob | string)[]} files
   * @param {object} [recipe]
   */
  openFiles(files, recipe) {
    return this.open(files.flatMap((file) => Drop.sources(file, document.baseURI)), null, recipe);
  }

  /**
   * @param {Source[]} sources
   * @param {LinkContent | null} link
   * @param {object} [recipe]
   */
  async open(sources, link, recipe) {
    const { session, options } = await this.#parts;
    if (!sources.length) throw failure("address", "There is nothing to open.", "Give a file, an address, or demo:films.");
    const wanted = link?.recipe ?? recipe;
    const checked = wanted ? await this.#engine.call("checkRecipe", [wanted]) : await options.read();
    const map = await session.open(sources, { recipe: checked, link });
    if (link) this.#expect(null);
    return map;
  }

  /** Opens what the page's address asks for, if anything. */
  async openLink() {
    const { greet } = await this.#parts;
    const link = await Link.parse(location.hash);
    if (!link) return;
    if (!link.files.length) {
      this.#expect(null);
      await this.open(this.#sourcesOf(link.data), link);
      return;
    }
    if (link.recipe) await this.#engine.call("checkRecipe", [link.recipe]);
    this.#expect(link);
    greet(true);
  }
}
