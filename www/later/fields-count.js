// The section "Count" of the settings: how strongly two items belong together.

import { choiceLabel } from "./choices.js";

/** @typedef {import("./fields.js").Field} Field */
/** @typedef {import("./fields.js").Section} Section */

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

/** @param {...string} weights */
const weighs = (...weights) => (/** @type {any} */ values) => weights.includes(values.pairWeight);

/** @type {Section} */
export const COUNT = {
  name: "count",
  title: "Count",
  what: "How strongly two items belong together.",
  summary: (values, rows) => (rows?.distances ? "the file’s own distances" : rows?.vectors ? choiceLabel(metric, values.metric) : choiceLabel(similarity, values.similarity)),
  fields: [
    metric,
    {
      key: "count.reduce",
      label: "Fewer dimensions first",
      kind: "choice",
      help: "Whether vectors are shortened before their nearest are searched.",
      choices: [
        ["none", "No", "All numbers count."],
        ["pca", "Principal components", "The directions in which the vectors differ most: quicker, and less noise."],
        ["randomProjection", "Random directions", "Keeps distances roughly; quickest."],
      ],
    },
    {
      key: "count.reduceDim",
      label: "Dimensions to search in",
      kind: "number",
      whole: true,
      range: "2 to 100",
      help: "More keep more of the detail, and of the noise.",
      when: (values) => values.reduce !== "none",
    },
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
        ["distances", "Distances", "A link’s weight is how far its two ends are: lists of nearest neighbors. Every item stays."],
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
};
