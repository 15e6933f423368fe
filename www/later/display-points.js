// Display, "Points": their size, what it shows, rim, opacity, and how many are drawn while the map moves.

import { check, field, fieldset, select, slider } from "./controls.js";

/** @param {number} value */
const percent = (value) => `${Math.round(100 * value)} %`;

/** @param {import("./display.js").Context} context */
export function group({ view, session }) {
  const look = { size: 1, rim: true, opacity: NaN, full: false };
  const apply = () => view.change((wasm) => wasm.setDisplay(look.size, look.rim, look.opacity, look.full));

  const by = select([], () => resize());
  /** Sizes by what is chosen, of the items on screen. */
  const resize = () => {
    const { items } = session.shown ?? {};
    if (!items) return;
    const column = items.columns.find(({ name, kind }) => kind === "number" && `column:${name}` === by.value);
    const values = column?.kind === "number" ? column.values : new Float32Array(by.value === "equal" ? items.n : 0);
    view.change((wasm) => wasm.sizeBy(values));
  };
  const list = () => {
    const chosen = by.value || "popularity";
    const columns = session.shown?.items.columns.filter(({ kind }) => kind === "number") ?? [];
    const options = columns.map(({ name }) => new Option(name.replaceAll("_", " "), `column:${name}`));
    by.replaceChildren(new Option("Popularity", "popularity"), new Option("All the same", "equal"), ...options);
    by.value = chosen;
    // A column that these items do not have.
    if (by.value !== chosen) by.value = "popularity";
  };
  list();

  const opacity = slider({ label: "Opacity of a point", min: 0.05, max: 1, step: 0.05, value: 0.6, tell: percent }, (value) => {
    look.opacity = value;
    apply();
  });
  const solid = /** @type {HTMLInputElement} */ (opacity.querySelector("input"));
  opacity.hidden = true;
  const automatic = check("Opacity by how crowded the view is", true, (checked) => {
    opacity.hidden = checked;
    look.opacity = checked ? NaN : solid.valueAsNumber;
    apply();
  });

  const rows = [
    slider({ label: "Size", min: -2, max: 2, step: 0.25, value: 0, tell: (power) => `× ${Number((2 ** power).toPrecision(2))}` }, (power) => {
      look.size = 2 ** power;
      apply();
    }),
    field("Size shows", by, "Areas grow with it; items without a number are smallest."),
    automatic,
    opacity,
    check("Darker rim", look.rim, (checked) => {
      look.rim = checked;
      apply();
    }),
    check("All points while the map moves", look.full, (checked) => {
      look.full = checked;
      apply();
    }),
  ];
  const element = fieldset("Points", rows);
  element.addEventListener("shown", () => {
    list();
    if (by.value !== "popularity") resize();
  });
  return element;
}
