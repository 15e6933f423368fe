// Display, "Density": how counts are shaded, spreading, contours, and when points take over.

import { check, field, fieldset, select } from "./controls.js";

/** @param {import("./display.js").Context} context */
export function group({ view }) {
  const { shading } = view.ways;
  const how = select(
    [
      ["equalized", "By rank (equalized)"],
      ["log", "Logarithmic"],
      ["linear", "In proportion"],
    ],
    (value) => view.ways.setShading({ how: value }),
  );
  how.value = shading.how;
  const element = fieldset("Density", [
    field("Shading", how, "What lies thicker is more opaque; colors mix by how many there are of each."),
    check("Contours around the densest parts", shading.contours, (contours) => view.ways.setShading({ contours })),
    check("Smooth where points are sparse", shading.spread, (spread) => view.ways.setShading({ spread })),
    check("Fade to points when zoomed in", shading.fade, (fade) => view.ways.setShading({ fade })),
  ]);
  const update = () => (element.hidden = view.ways.mode !== "density");
  view.ways.onMode(update);
  update();
  return element;
}
