// The section "Flat map" of the settings: how the map is laid out.

import { UMAP } from "./fields-umap.js";

/** @typedef {import("./fields.js").Field} Field */
/** @typedef {import("./fields.js").Section} Section */

const byTsne = (/** @type {any} */ { method }) => method === "tsne";
const byUmap = (/** @type {any} */ { method }) => method === undefined || method === "umap";
const byNeighbors = (/** @type {any} */ values) => byUmap(values) || byTsne(values);
const FLAT = /** @type {Record<string, string>} */ ({ mde: "MDE itself", pca: "principal view", randomProjection: "random view" });

/** @type {Section} */
export const PROJECT = {
  name: "project",
  title: "Project",
  what: "Lays out the map.",
  summary: ({ method, nNeighbors, minDist, perplexity }) => FLAT[method] ?? (method === "tsne" ? `t-SNE, perplexity ${[perplexity].flat().join(" and ")}` : `${nNeighbors} neighbors, ${minDist} apart`),
  fields: [
    {
      key: "project.method",
      label: "Method",
      kind: "choice",
      help: "How the map is laid flat.",
      choices: [
        ["tsne", "t-SNE", "Items spread evenly, near ones kept near most faithfully."],
        ["umap", "UMAP", "Groups as islands, drawn together."],
        ["mde", "MDE itself", "The embedding’s own aim, straight on the map: truer distances, less order."],
        ["pca", "Principal view", "The embedding from where it is widest; at once."],
        ["randomProjection", "Random view", "The embedding from a random side: what a view shows by chance."],
      ],
    },
    {
      key: "project.from",
      label: "Neighbors from",
      kind: "choice",
      help: "Whose neighbors are kept near.",
      choices: [
        ["graph", "The data", "The most similar in the data: finest groups, and quickest, as nothing is unfolded in space first."],
        ["embedding", "The embedding", "The nearest in space: the same shapes, laid flat."],
      ],
      when: byNeighbors,
    },
    {
      key: "project.dim",
      label: "Dimensions",
      kind: "number",
      whole: true,
      range: "2 or 3",
      help: "In space more neighbors stay near. It is shown as a galaxy.",
    },
    ...UMAP,
    {
      key: "project.start",
      label: "Start",
      kind: "choice",
      help: "Where the items stand at first.",
      choices: [
        ["auto", "By itself", "The embedding’s widest view where there is one, else spectral."],
        ["pca", "The embedding", "Its widest view: the map grows out of what was seen."],
        ["spectral", "Spectral", "From the shape of the neighborhoods alone."],
        ["random", "Random", "From nowhere: another seed gives another arrangement."],
      ],
      when: byNeighbors,
    },
    {
      key: "project.sample",
      label: "Sample first",
      kind: "number",
      whole: true,
      range: "0, or 100 to 10,000,000",
      help: "For very many items: so many of them, drawn at random, are laid out first, the others begin among their neighbors. A few ten thousands for a million; 0 lays out all at once.",
      when: byNeighbors,
    },
    {
      key: "project.perplexity",
      label: "Perplexity",
      kind: "numbers",
      range: "2 to 300",
      help: "How many neighbors count for each item. More keep large shapes, fewer keep small ones; several, such as 10, 100, keep both.",
      when: byTsne,
    },
    {
      key: "project.earlyExaggeration",
      label: "Early exaggeration",
      kind: "number",
      range: "1 to 100",
      help: "How many times stronger near items attract at first, so that groups find together.",
      when: byTsne,
    },
    {
      key: "project.earlyIterations",
      label: "Early iterations",
      kind: "number",
      whole: true,
      range: "0 to 10,000",
      help: "How long that lasts.",
      when: byTsne,
    },
    {
      key: "project.exaggeration",
      label: "Exaggeration",
      kind: "number",
      range: "1 to 100",
      help: "The same for the time after. 1 spreads items evenly, about 4 makes islands as UMAP does.",
      when: byTsne,
    },
    {
      key: "project.iterations",
      label: "Iterations",
      kind: "number",
      whole: true,
      range: "1 to 10,000",
      help: "In all. More let large maps unfold further.",
      when: byTsne,
    },
    {
      key: "project.degreesOfFreedom",
      label: "Degrees of freedom",
      kind: "number",
      range: "0.2 to 100",
      help: "1 is t-SNE. Below, groups fall into finer ones; above, they run into each other.",
      when: byTsne,
    },
  ],
};
