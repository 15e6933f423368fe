// What a field's choices are called, and fields that are nothing but choices.

/** @typedef {import("./fields.js").Field} Field */

/** @param {Field} field @param {string} value */
export const choiceLabel = (field, value) => field.choices?.find(([name]) => name === value)?.[1] ?? value;

/** @param {string} key @param {string} label @param {string} help @param {string[]} names @returns {Field} */
export const functions = (key, label, help, names) => ({
  key,
  label,
  kind: "choice",
  help,
  choices: names.map((name) => [name, name.replace(/([A-Z])/g, " $1").replace(/^./, (c) => c.toUpperCase()), ""]),
});
