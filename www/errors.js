// Whatever was thrown, as the one shape that the page shows.

/** @typedef {import("./types.js").ErrorObject} ErrorObject */

/** Where the page has a control for what the engine's hint names by its key or command.
 * @type {Record<string, string>} */
const HINTS = {
  "too-few-items": "Lower “Drop items in fewer than … collections” in the settings, or use a file with more rows.",
  "no-edges": "Choose another similarity or distance, or a longer path, in the settings.",
  "bad-recipe": "Every option and its value stands under “All options” in the settings.",
};

/**
 * An error that no file is to blame for.
 * @param {string} code
 * @param {string} message
 * @param {string} hint
 * @returns {ErrorObject}
 */
export function failure(code, message, hint) {
  return { code, message, hint, file: "", line: 0, column: 0 };
}

/**
 * @param {unknown} thrown
 * @returns {ErrorObject}
 */
export function asError(thrown) {
  if (thrown instanceof Object && "code" in thrown && "hint" in thrown) {
    const error = /** @type {ErrorObject} */ (thrown);
    return { ...error, hint: HINTS[error.code] ?? error.hint };
  }
  console.error(thrown);
  return failure("internal", String(thrown), "This is a fault in Archipelago. Please report it.");
}

/** The option that a map which could not be made most likely needs changed, by the error's code. @type {Record<string, string>} */
export const REMEDY = {
  "too-few-items": "collect.minCollections",
  "nothing-co-occurs": "collect.minCollections",
  "no-edges": "count.similarity",
};

/** Errors of a run that no setting mends. */
export const NO_REMEDY = new Set(["cancelled", "crash", "worker", "internal"]);
