// The fields of UMAP: see fields.js.

/** @typedef {import("./fields.js").Field} Field */

const byUmap = (/** @type {any} */ { method }) => method === undefined || method === "umap";
const byDensity = (/** @type {any} */ values) => byUmap(values) && values.densLambda > 0;

/** @type {Field[]} */
export const UMAP = [
  {
    key: "project.nNeighbors",
    label: "Neighbors of each item",
    kind: "number",
    whole: true,
    range: "2 to 500",
    help: "More keep large shapes, fewer keep small ones.",
    when: byUmap,
  },
  {
    key: "project.minDist",
    label: "Least distance",
    kind: "number",
    range: "0 to spread",
    help: "Smaller packs islands tighter.",
    when: byUmap,
  },
  {
    key: "project.spread",
    label: "Spread",
    kind: "number",
    range: "0.1 to 10",
    help: "The scale of the map, against which the least distance counts.",
    when: byUmap,
  },
  {
    key: "project.epochs",
    label: "Epochs",
    kind: "number",
    whole: true,
    range: "1 to 5,000",
    help: "More pull groups tighter and farther apart.",
    when: byUmap,
  },
  {
    key: "project.negativeSampleRate",
    label: "Random others per neighbor",
    kind: "number",
    whole: true,
    range: "1 to 50",
    help: "How many random items push an item away for each neighbor that pulls it. More push more evenly and take longer.",
    when: byUmap,
  },
  {
    key: "project.repulsionStrength",
    label: "Push",
    kind: "number",
    range: "0 to 100",
    help: "How strong that push is.",
    when: byUmap,
  },
  {
    key: "project.setOpMixRatio",
    label: "One-sided neighbors",
    kind: "number",
    range: "0 to 1",
    help: "1 keeps a neighbor that only one of the two lists, 0 only those that list each other.",
    when: byUmap,
  },
  {
    key: "project.localConnectivity",
    label: "Firm neighbors",
    kind: "number",
    range: "0 to 100",
    help: "How many of the nearest are held as firmly as can be. More keep the map in one piece.",
    when: byUmap,
  },
  {
    key: "project.densLambda",
    label: "Keep densities",
    kind: "number",
    range: "0 to 100",
    help: "densMAP: sparse groups stay wide, dense ones small. 0 is off, 2 is usual.",
    when: byUmap,
  },
  {
    key: "project.densFrac",
    label: "Densities: share of epochs",
    kind: "number",
    range: "0 to 1",
    help: "The last part of the epochs, in which densities count.",
    when: byDensity,
  },
  {
    key: "project.densVarShift",
    label: "Densities: steadiness",
    kind: "number",
    range: "0 to 10",
    help: "Larger values hold back where the map has nearly one density.",
    when: byDensity,
  },
];
