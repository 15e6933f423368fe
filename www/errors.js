// Whatever was thrown, as the one shape that the page shows.

/** @typedef {import("./types.js").ErrorObject} ErrorObject */

/** Where the page has a control for what the engine's hint names by its key or command.
 * @type {Record<string, string>} */
const HINTS = {
  "too-few-items": "Lower “Drop items in fewer than … collections” in the settings, or use a file with more rows.",
  "bad-recipe": "Every option and its value stands under “All options” in the settings.",
};

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
  return { code: "internal", message: String(thrown), hint: "This is a fault in Archipelago. Please report it.", file: "", line: 0, column: 0 };
}
