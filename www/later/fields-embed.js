// The section "Embed" of the settings: what unfolds the data.

import { choiceLabel, functions } from "./choices.js";

/** @typedef {import("./fields.js").Field} Field */
/** @typedef {import("./fields.js").Section} Section */

/** @type {Field} */
const embedRecipe = {
  key: "embed.recipe",
  label: "Keep",
  kind: "choice",
  help: "What the embedding tries to preserve.",
  choices: [
    ["preserveNeighbors", "Neighborhoods", "Near items near, all others apart: clear islands."],
    ["preserveDistances", "Distances", "Distances along the graph: truer overall shape, softer islands."],
    ["laplacian", "Smooth (Laplacian)", "Only pulls: a smooth, quick overview."],
  ],
};

/** @type {Field} */
const start = {
  key: "embed.start",
  label: "Start",
  kind: "choice",
  help: "Where the items stand at first.",
  choices: [
    ["spectral", "Spectral", "From the graph’s own shape: quick, and the same for every seed in the large."],
    ["pca", "Principal axes", "From the directions in which the data differs most."],
    ["random", "Random", "From nowhere: another seed gives another arrangement."],
    ["previous", "The map before", "What is there moves as little as needed; new items start beside their neighbors."],
  ],
};

const byMde = (/** @type {any} */ { method }) => method === undefined || method === "mde";
/** @param {...string} methods */
const embeds = (...methods) => (/** @type {any} */ { method }) => methods.includes(method);

/** @type {Field} */
const embedMethod = {
  key: "embed.method",
  label: "Method",
  kind: "choice",
  help: "What unfolds the data.",
  choices: [
    ["mde", "Minimum distortion (MDE)", "A few dimensions in which tied items are near and others apart."],
    ["node2vec", "node2vec", "Vectors from random walks: items met on the same walks are alike."],
    ["ggvec", "GGVec", "Vectors whose products are the ties themselves; quick."],
    ["item2vec", "item2vec", "Vectors from the collections themselves: items held together are alike."],
    ["factors", "Latent factors (PCA)", "The directions in which the collections differ most; quickest."],
  ],
};

/** @type {Section} */
export const EMBED = {
  name: "embed",
  title: "Embed",
  what: "Unfolds the graph in space.",
  summary: ({ method, dim, vectorDim }) => (byMde({ method }) ? `${dim} dimensions` : `${choiceLabel(embedMethod, method)}, ${vectorDim} dimensions`),
  unused: ({ project: { from, method } }) => (from === "graph" && ["umap", "tsne"].includes(method) ? "not used by this recipe" : ""),
  fields: [
    embedMethod,
    { ...embedRecipe, when: byMde },
    {
      key: "embed.dim",
      label: "Dimensions",
      kind: "number",
      whole: true,
      range: "2 to 4 for maps, up to 512 as features",
      help: "3 leaves room to sort things out before they are laid flat.",
      when: byMde,
    },
    {
      key: "embed.vectorDim",
      label: "Dimensions",
      kind: "number",
      whole: true,
      range: "2 to 512",
      help: "Numbers of an item’s vector. More tell finer differences.",
      when: (values) => !byMde(values),
    },
    {
      key: "embed.walksPerItem",
      label: "Walks from each item",
      kind: "number",
      whole: true,
      range: "1 to 100",
      help: "More find more of each item’s surroundings.",
      when: embeds("node2vec"),
    },
    {
      key: "embed.walkLength",
      label: "Items on a walk",
      kind: "number",
      whole: true,
      range: "2 to 1,000",
      help: "Longer walks take more memory.",
      when: embeds("node2vec"),
    },
    {
      key: "embed.returnP",
      label: "Return (p)",
      kind: "number",
      range: "0.01 to 100",
      help: "Below 1, walks turn back more: the close surroundings count.",
      when: embeds("node2vec"),
    },
    {
      key: "embed.inOutQ",
      label: "In and out (q)",
      kind: "number",
      range: "0.01 to 100",
      help: "Below 1, walks lead away; above, they stay among neighbors.",
      when: embeds("node2vec"),
    },
    {
      key: "embed.window",
      label: "Window",
      kind: "number",
      whole: true,
      range: "1 to 100",
      help: "How many steps apart two items of a walk still belong together.",
      when: embeds("node2vec"),
    },
    {
      key: "embed.negativeSamples",
      label: "Random items for each partner",
      kind: "number",
      whole: true,
      range: "1 to 50",
      help: "What an item is told apart from. More take longer.",
      when: embeds("node2vec", "item2vec"),
    },
    {
      key: "embed.order",
      label: "Order",
      kind: "number",
      whole: true,
      range: "1 to 4",
      help: "How many steps along the links tie two items.",
      when: embeds("ggvec"),
    },
    {
      key: "embed.negativeRatio",
      label: "Random pairs for each link",
      kind: "number",
      range: "0 to 20",
      help: "More keep strangers apart better.",
      when: embeds("ggvec"),
    },
    {
      key: "embed.exponent",
      label: "Exponent of the weights",
      kind: "number",
      range: "0 to 2",
      help: "Smaller holds back heavy links.",
      when: embeds("ggvec"),
    },
    {
      key: "embed.trainingEpochs",
      label: "Epochs",
      kind: "number",
      whole: true,
      automatic: "Automatic: 20, item2vec 50, GGVec at most 350",
      range: "1 to 10,000",
      help: "More train longer and surer.",
      when: embeds("node2vec", "ggvec", "item2vec"),
    },
    {
      key: "embed.learningRate",
      label: "Learning rate",
      kind: "number",
      automatic: "Automatic: 0.05, GGVec 0.1",
      range: "0.0001 to 1",
      help: "How far a step goes at first.",
      when: embeds("node2vec", "ggvec", "item2vec"),
    },
    { ...start, when: byMde },
    {
      ...functions("embed.attractive", "Pull", "How near items attract. Log1p forgives long links, Quadratic does not.", [
        "log1p", "linear", "quadratic", "cubic", "power", "huber", "logistic", "sigmoid", "hinge",
      ]),
      when: byMde,
    },
    {
      ...functions("embed.repulsive", "Push", "How all others repel. Log spreads wide, InvPower acts only up close.", [
        "log", "invPower", "logRatio", "hinge",
      ]),
      when: byMde,
    },
    {
      ...functions("embed.loss", "Loss", "How a wrong distance is judged.", [
        "absolute", "quadratic", "weightedQuadratic", "huber", "cubic", "power", "logistic", "fractional", "softFractional",
      ]),
      when: (values) => byMde(values) && values.recipe === "preserveDistances",
    },
    {
      key: "embed.constraint",
      label: "Constraint",
      kind: "choice",
      help: "What holds the embedding together.",
      choices: [
        ["centered", "Centered", "Only the middle is fixed: sizes tell how alike things are."],
        ["standardized", "Standardized", "Equally wide in every direction: fills the space."],
      ],
      when: byMde,
    },
    {
      key: "embed.repulsiveFraction",
      label: "Pushes for each pull",
      kind: "number",
      automatic: "Automatic: 1 to 20, by the number of links",
      range: "0.01 to 20",
      help: "More keep strangers apart better, and take longer.",
      when: (values) => byMde(values) && (values.recipe === undefined || values.recipe === "preserveNeighbors"),
    },
    {
      key: "embed.maxIterations",
      label: "Most iterations",
      kind: "number",
      whole: true,
      range: "0 to 10,000",
      help: "It usually stops long before.",
      when: byMde,
    },
  ],
};
