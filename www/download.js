// The embedding as a file: CSV with names, or NPY for NumPy.

/** Browsers start a download in their own time; until then the address must stay good. */
const KEEP_MS = 60_000;

/**
 * @param {Uint8Array<ArrayBuffer>} bytes
 * @param {string} name
 * @param {string} type
 */
export function download(bytes, name, type) {
  const address = URL.createObjectURL(new Blob([bytes], { type }));
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), KEEP_MS);
}

/** A file's name from a map's title, such as "plays-embedding.csv". @param {string} title @param {"csv" | "npy"} kind */
export function fileName(title, kind) {
  const stem = title.normalize("NFKD").replace(/[^\p{L}\p{N}]+/gu, "-").replace(/^-+|-+$/g, "").slice(0, 60);
  return `${stem || "map"}-embedding.${kind}`;
}
