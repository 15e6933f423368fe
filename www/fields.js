// What the settings panel says about the engine's options: names, help, units, and when one matters.
//
// Not a second list of options: Rust's Recipe is the only one. A field shows only where the engine's own recipe has
// its key, values and ranges are checked by the engine, and what stands nowhere here is under "All options".

import { UMAP } from "./fields-umap.js";

/** @typedef {import("./types.js").Recipe} Recipe */
/** @typedef {import("./types.js").FileSummary} FileSummary */

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

/** @typedef {{name: string, title: string, what: string, summary: (values: any, rows: FileSummary | null) => string, fields: Field[]}} Section */

/** @param {Field} field @param {string} value */
export const choiceLabel = (field, value) => field.choices?.find(([name]) => name === value)?.[1] ?? value;

/** The only options of the first two sections that vectors use, and that nothing else uses. */
const OF_VECTORS = ["count.metric", "count.vectorNeighbors"];

/** Whether a field matters: by the values of its section and the file of rows.
 * @param {Field} field @param {any} values @param {FileSummary | null} rows
 */
export function matters(field, values, rows) {
  const relates = /^(collect|count)\./.test(field.key);
  if (relates && OF_VECTORS.includes(field.key) !== (rows?.vectors === true)) return false;
  return field.when?.(values, rows) ?? true;
}

/** @type {Field} */
const metric = {
  key: "count.metric",
  label: "Metric",
  kind: "choice",
  help: "What makes two vectors near.",
  choices: [
    ["euclidean", "Euclidean", "The straight distance, in the numbers’ own units: large columns rule."],
    ["cosine", "Cosine", "The angle between them: direction counts, length does not."],
    ["correlation", "Correlation", "The shape of the row: neither its level nor its spread counts."],
  ],
};

/** @type {Field} */
const similarity = {
  key: "count.similarity",
  label: "Similarity",
  kind: "choice",
  help: "What makes two items belong together. It shapes the map more than anything else.",
  choices: [
    ["latent", "Latent factors and cosine", "What two share, rare first, and what they have in common through all others."],
    ["cosine", "Cosine", "Shared collections against how many each has: popular items do not rule."],
    ["idfCosine", "Cosine, rare first", "As cosine, and collections with few items say more than those with many."],
    ["jaccard", "Jaccard", "Shared collections of all that hold either: the strictest against popular items."],
    ["conditional", "Conditional probability", "Of the collections with the rarer item, how many hold the other: rare items join popular ones."],
    ["pmi", "Mutual information (PMI)", "How much more often together than by chance; rare pairs count much."],
    ["positivePmi", "Positive PMI", "As mutual information, leaving out pairs that meet less often than by chance."],
    ["lift", "Lift", "How many times more often together than by chance; rare pairs count most."],
    ["logLikelihood", "Log-likelihood ratio", "How surely two meet more often than by chance (Dunning): few, sound links."],
    ["raw", "Raw count", "The number of shared collections: popular items become everyone’s neighbors."],
  ],
};

/** @type {Field} */
const pairWeight = {
  key: "count.pairWeight",
  label: "What a shared collection counts",
  kind: "choice",
  help: "How much one collection ties two of its items.",
  choices: [
    ["one", "The same for all", "Each collection that holds both counts 1; weights in the file are left aside."],
    ["product", "Product of the weights", "Two high ratings, or two songs played often, count more."],
    ["closeness", "Closeness of a column", "Rows whose numbers are near count more: 2(1 − difference / range)."],
    ["gaussian", "Closeness, smooth", "As closeness, fading like a bell curve and never to nothing."],
    ["halfLife", "Closeness in time", "What was done at about the same time counts more."],
    ["formula", "A formula of your own", "Written over the two rows’ columns and the collection’s size."],
  ],
};

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

/** @param {string} key @param {string} label @param {string} help @param {string[]} names @returns {Field} */
const functions = (key, label, help, names) => ({
  key,
  label,
  kind: "choice",
  help,
  choices: names.map((name) => [name, name.replace(/([A-Z])/g, " $1").replace(/^./, (c) => c.toUpperCase()), ""]),
});

/** @param {...string} weights */
const weighs = (...weights) => (/** @type {any} */ values) => weights.includes(values.pairWeight);

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

const byTsne = (/** @type {any} */ { method }) => method === "tsne";
const byUmap = (/** @type {any} */ { method }) => method === undefined || method === "umap";
const byNeighbors = (/** @type {any} */ values) => byUmap(values) || byTsne(values);
const FLAT = /** @type {Record<string, string>} */ ({ mde: "MDE in two dimensions", pca: "principal view", randomProjection: "random view" });

/** @type {Section[]} */
export const SECTIONS = [
  {
    name: "collect",
    title: "Collect",
    what: "Which items become points.",
    summary: (values, rows) => (rows?.vectors ? "every vector" : `in ${values.minCollections} or more`),
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
  {
    name: "count",
    title: "Count",
    what: "How strongly two items belong together.",
    summary: (values, rows) => (rows?.vectors ? choiceLabel(metric, values.metric) : choiceLabel(similarity, values.similarity)),
    fields: [
      metric,
      {
        key: "count.vectorNeighbors",
        label: "Nearest of each item",
        kind: "number",
        whole: true,
        range: "1 to 1,000",
        help: "More show the whole and take longer.",
      },
      similarity,
      {
        key: "count.smoothing",
        label: "Smoothing",
        kind: "number",
        range: "0 or more",
        help: "Higher holds back rare pairs that met by luck.",
        when: ({ similarity: s }) => ["pmi", "positivePmi", "lift"].includes(s),
      },
      {
        key: "count.factors",
        label: "Factors",
        kind: "number",
        whole: true,
        range: "16 to 128",
        help: "More tell finer differences and take longer.",
        when: ({ similarity: s }) => s === "latent",
      },
      {
        key: "count.edges",
        label: "The file’s pairs are",
        kind: "choice",
        help: "How a list of links is read.",
        choices: [
          ["neighborhoods", "Neighborhoods", "Items with the same neighbors are similar."],
          ["direct", "Similarities", "A link’s weight is itself the similarity of its two ends."],
        ],
        when: (_, rows) => rows?.edges === true,
      },
      pairWeight,
      {
        key: "count.formula",
        label: "Formula",
        kind: "formula",
        help: "",
        when: weighs("formula"),
      },
      {
        key: "count.column",
        label: "Column",
        kind: "column",
        help: "Whose numbers are compared.",
        automatic: "the first one",
        when: weighs("closeness", "gaussian", "halfLife"),
      },
      {
        key: "count.range",
        label: "Range",
        kind: "number",
        range: "above 0",
        help: "Difference, as a share of the larger number, at which closeness ends. Smaller is stricter.",
        when: weighs("closeness", "gaussian"),
      },
      {
        key: "count.halfLife",
        label: "Half-life",
        kind: "number",
        unit: "days, or the column’s unit",
        help: "After this long two rows count half. Shorter keeps only what was done together.",
        when: weighs("halfLife"),
      },
      {
        key: "count.ratingCurve",
        label: "Rating curve",
        kind: "curve",
        automatic: "Weights as they are",
        help: "Rating: weight, rising, such as 6: 0.5, 7: 3.3, 8: 6.5. Ratings below the first count nothing.",
        when: weighs("product"),
      },
      {
        key: "count.normalization",
        label: "Large collections",
        kind: "choice",
        help: "A collection of a thousand items makes half a million pairs.",
        choices: [
          ["none", "Count in full", "Each pair counts the same, however large its collection."],
          ["inverseLog", "Count a little less", "Divided by the logarithm of the size."],
          ["inverseSize", "Count each item once", "Divided by the size less one: no collection rules."],
        ],
      },
      {
        key: "count.dissimilarity",
        label: "Distance",
        kind: "choice",
        help: "From similarity to the length of a link. Follows the similarity by itself.",
        choices: [
          ["oneMinus", "1 − x", "For similarities from 0 to 1."],
          ["inverse", "1 / x", "Strong ties become very short."],
          ["inverseLog", "1 / ln x", "For counts; leaves out pairs that met once or twice."],
          ["inverseLogPlusOne", "1 / ln(x + 1)", "For counts, keeping the weakest."],
          ["negativeLog", "−ln x", "For similarities from 0 to 1; spreads the weak ones."],
        ],
      },
      {
        key: "count.maxNeighbors",
        label: "Links kept per item",
        kind: "number",
        whole: true,
        range: "1 to 100,000",
        help: "More reach farther along the graph and take more memory.",
      },
    ],
  },
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
  {
    name: "embed",
    title: "Embed",
    what: "Unfolds the graph in space.",
    summary: ({ method, dim, vectorDim }) => (byMde({ method }) ? `${dim} dimensions` : `${choiceLabel(embedMethod, method)}, ${vectorDim} dimensions`),
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
  },
  {
    name: "project",
    title: "Project",
    what: "Lays the map flat.",
    summary: ({ method, nNeighbors, minDist, perplexity }) => FLAT[method] ?? (method === "tsne" ? `t-SNE, perplexity ${[perplexity].flat().join(" and ")}` : `${nNeighbors} neighbors, ${minDist} apart`),
    fields: [
      {
        key: "project.method",
        label: "Method",
        kind: "choice",
        help: "How the map is laid flat.",
        choices: [
          ["umap", "UMAP", "Groups as islands, drawn together; quick."],
          ["tsne", "t-SNE", "Items spread evenly, near ones kept near most faithfully; takes longer."],
          ["mde", "MDE in two dimensions", "The embedding’s own aim, straight on the plane: truer distances, less order."],
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
  },
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
