// Which column the points are colored by, and the coloring itself.

/** @typedef {import("./types.js").Items} Items */

/** A column with more categories than this is not worth coloring by unasked. */
const MOST_DEFAULT_CATEGORIES = 40;

/** @param {Items} items */
export function defaultColor(items) {
  const few = items.columns.filter((c) => c.kind === "category" && c.counts.length > 1 && c.counts.length <= MOST_DEFAULT_CATEGORIES);
  return (few.find((c) => c.name === "category") ?? few[0])?.name ?? "";
}

/**
 * Colors what is shown by its column.
 * @param {import("./view.js").MapView} view
 * @param {import("./session.js").Shown} shown
 */
export function paint(view, shown) {
  const column = shown.items.columns.find((c) => c.name === shown.color);
  const legend = view.change((wasm) => {
    if (column?.kind === "category") return wasm.colorByCategory(column.codes, column.counts.length);
    if (column?.kind === "number") return wasm.colorByNumber(column.values);
    // Popularity spans orders of magnitude: its ramp is logarithmic.
    if (shown.color === "popularity") return wasm.colorByNumber(Float32Array.from(shown.items.popularity, Math.log));
    if (shown.color === "trust" && shown.items.trust) return wasm.colorByNumber(shown.items.trust);
    wasm.colorByNothing();
    return null;
  });
  return { shown, column: column ?? null, legend };
}
