// The buttons that download the embedding.

import { titleOf } from "./announce.js";
import { download, fileName } from "./download.js";

/**
 * @param {(id: string) => HTMLElement} find
 * @param {import("./session.js").Session} session
 * @param {(thrown: unknown) => void} fail
 */
export function exports(find, session, fail) {
  for (const kind of /** @type {const} */ (["csv", "npy"])) {
    find(`export-${kind}`).addEventListener("click", async () => {
      try {
        const type = kind === "csv" ? "text/csv" : "application/octet-stream";
        download(await session.exportEmbedding(kind), fileName(session.map ? titleOf(session.map).split(" · ")[0] : "", kind), type);
      } catch (error) {
        fail(error);
      }
    });
  }
}
