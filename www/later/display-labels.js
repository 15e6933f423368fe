// Display, "Names and lines": which names are on the map, and which lines.

import { check, field, fieldset, make, select, slider } from "./controls.js";

/** Names appear at so many times the zoom at which there is room for them: many, and ever fewer. */
const AMOUNTS = [3, 2.2, 1.5, 1];
const WORDS = ["few", "some", "many", "all there is room for"];

/** @param {import("./display.js").Context} context */
export function group({ view, layer }) {
  const { settings, lines } = layer;
  const amount = slider(
    { label: "How many", min: 0, max: 3, step: 1, value: Math.max(AMOUNTS.indexOf(settings.amount), 0), tell: (i) => WORDS[i], help: "The most popular come first; nearer by, all others follow." },
    (i) => layer.set({ amount: AMOUNTS[i] }),
  );
  amount.hidden = !settings.names;
  const by = make("p", { className: "help" });
  const say = () => {
    by.textContent = settings.islands ? named(layer.by) : "";
    by.hidden = !by.textContent;
  };
  layer.onNamed = say;
  say();
  const neighbors = select(
    [
      ["hovered", "Hovered and selected item"],
      ["selected", "Selected item"],
      ["none", "None"],
    ],
    (value) => {
      lines.which = /** @type {import("./lines.js").Which} */ (value);
      lines.settle();
    },
  );
  neighbors.value = lines.which;
  const islands = check("Names of islands", settings.islands, (checked) => {
    layer.set({ islands: checked });
    say();
  });
  return fieldset("Names and lines", [
    check("Names of items", settings.names, (checked) => {
      amount.hidden = !checked;
      layer.set({ names: checked });
      view.change(() => {});
    }),
    amount,
    make("div", { className: "field" }, [make("div", {}, [islands, by])]),
    field("Lines to the nearest in the data", neighbors),
    check("Lines between all items, the shortest first", lines.graph, (checked) => {
      lines.graph = checked;
      lines.settle();
    }),
  ]);
}

/** What islands are named by, in words. @param {{column: string, islands: number}[]} by */
function named(by) {
  const columns = by.filter(({ column }) => column).map(({ column }) => column.replaceAll("_", " "));
  const popular = by.some(({ column }) => !column);
  if (!columns.length) return popular ? "An island is called by its most popular items." : "";
  return `An island is called by what most of its items share: ${columns.join(", ")}${popular ? "; else by its most popular items" : ""}.`;
}
