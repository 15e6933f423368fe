// What the settings panel says about the engine's options: names, help, units, and when one matters.
//
// Not a second list of options: Rust's Recipe is the only one. A field shows only where the engine's own recipe has
// its key, values and ranges are checked by the engine, and what stands nowhere here is under "All options".

import { COUNT } from "./fields-count.js";
import { EMBED } from "./fields-embed.js";
import { PROJECT } from "./fields-project.js";

/** @typedef {import("../types.js").Recipe} Recipe */
/** @typedef {import("../types.js").FileSummary} FileSummary */

/**
 * @typedef {object} Field
 * @property {string} key of the recipe, such as "count.similarity"
 * @property {string} label
 * @property {"choice" | "number" | "numbers" | "column" | "curve" | "formula"} kind "numbers": one, or several between commas
 * @property {string} help what it does to the map
 * @property {[value: string, label: string, help: string][]} [choices]
 * @property {string} [unit] after a number
 * @property {string} [range] the numbers that are possible, for people
 * @property {boolean} [whole] a whole number
 * @property {string} [automatic] what an empty field means; then it is null in the recipe
 * @property {string} [id] of its element, when it is not the key
 * @property {(values: any, rows: FileSummary | null) => boolean} [when] whether it matters: the values of its section, the file of rows
 */

/** @typedef {{name: string, title: string, what: string, summary: (values: any, rows: FileSummary | null) => string, unused?: (recipe: any) => string, fields: Field[]}} Section unused: why nothing in it matters by this recipe, or "" */

/** The only options of the first two sections that vectors use, and that nothing else uses. */
const OF_VECTORS = ["count.metric", "count.reduce", "count.reduceDim", "count.vectorNeighbors"];

/** Whether a field matters: by the values of its section and the file of rows.
 * @param {Field} field @param {any} values @param {FileSummary | null} rows
 */
export function matters(field, values, rows) {
  const relates = /^(collect|count)\./.test(field.key);
  if (relates && rows?.distances) return field.key === "count.maxNeighbors";
  if (relates && OF_VECTORS.includes(field.key) !== (rows?.vectors === true)) return false;
  return field.when?.(values, rows) ?? true;
}

/** @type {Field} */
const neighbors = {
  key: "graph.neighbors",
  label: "Neighbors",
  kind: "choice",
  help: "Which items are tied together in the embedding.",
  choices: [
    ["shortestPaths", "Along paths", "The nearest along the graph: neighbors of neighbors fill up short lists."],
    ["direct", "Direct", "Only items that share a collection: rare items have fewer ties."],
    ["mutual", "Mutual", "Only if each is among the other’s nearest: no hubs, more parts."],
    ["adaptive", "Adaptive", "Distances measured against each item’s own neighborhood: evens out dense and sparse regions."],
  ],
};

/** @type {Section[]} */
export const SECTIONS = [
  {
    name: "collect",
    title: "Collect",
    what: "Which items become points.",
    summary: (values, rows) => (rows?.vectors ? "every vector" : rows?.distances ? "every item" : `in ${values.minCollections} or more`),
    fields: [
      {
        key: "collect.minCollections",
        id: "min-collections",
        label: "Drop items in fewer than",
        kind: "number",
        whole: true,
        unit: "collections",
        range: "1 or more",
        help: "Rare items have no reliable place. Higher means fewer points and a cleaner map.",
      },
    ],
  },
  COUNT,
  {
    name: "graph",
    title: "Graph",
    what: "Which items are tied together.",
    summary: ({ nNeighbors }) => `${nNeighbors ?? "automatic"} neighbors`,
    fields: [
      neighbors,
      {
        key: "graph.nNeighbors",
        label: "Neighbors of each item",
        kind: "number",
        whole: true,
        automatic: "Automatic: 5 to 15, by the number of items",
        range: "1 to 1,000",
        help: "Fewer show fine detail, more show the whole.",
      },
      {
        key: "graph.maxDistance",
        label: "Longest path",
        kind: "number",
        automatic: "Automatic: 3 × the longer links",
        help: "Paths longer than this tie nothing. Shorter makes more separate parts. Above 0.",
        when: ({ neighbors: kind }) => kind === undefined || kind === "shortestPaths",
      },
    ],
  },
  EMBED,
  PROJECT,
];

/** Distances to try with a similarity, the best first: the engine says which are possible. @type {Record<string, string[]>} */
export const FITTING = {
  raw: ["inverseLog", "inverseLogPlusOne", "inverse"],
  lift: ["inverseLogPlusOne", "inverse", "inverseLog"],
  logLikelihood: ["inverseLogPlusOne", "inverse", "inverseLog"],
  pmi: ["inverse", "inverseLogPlusOne", "oneMinus"],
  positivePmi: ["inverse", "inverseLogPlusOne", "oneMinus"],
  "": ["oneMinus", "negativeLog", "inverse", "inverseLogPlusOne", "inverseLog"],
};
