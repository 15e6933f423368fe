// The embedding as a file: CSV with names, or NPY for NumPy.

/** Browsers start a download in their own time; until then the address must stay good. */
const KEEP_MS = 60_000;

/**
 * @param {Uint8Array<ArrayBuffer> | Blob} bytes
 * @param {string} name
 * @param {string} [type]
 */
export function download(bytes, name, type) {
  const address = URL.createObjectURL(new Blob([bytes], { type: type ?? /** @type {Blob} */ (bytes).type }));
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), KEEP_MS);
}

/** A file's name from a map's title, such as "plays-embedding.csv". @param {string} title @param {"csv" | "npy"} kind */
export const fileName = (title, kind) => `${stem(title)}-embedding.${kind}`;

/** A map's title as the start of a file's name. @param {string} title */
export const stem = (title) => title.normalize("NFKD").replace(/[^\p{L}\p{N}]+/gu, "-").replace(/^-+|-+$/g, "").slice(0, 60) || "map";
